//! Requests and responses: ports swapped, a request for each response, and what the lab's programs send.
//!
//! The service is the port that most plain UDP rows share. Between computers either side may speak first and answer from
//! elsewhere (TFTP does), so that only tables of loopback rows, or of the lab's, are held to this.

use hashbrown::HashMap;

use super::Finding;
use super::row::Row;
use crate::check::Column;
use crate::tr;

/// The lab's service, and what its requests and responses carry: `Mando paquete UDP`, `Mensaje recibido correctamente`.
const LAB_PORT: u64 = 8080;
const LAB_REQUEST: u64 = 17;
const LAB_RESPONSE: u64 = 30;
/// The most that a port can be.
const LAST_PORT: u64 = 65_535;
/// The least that a system gives to a client.
const FIRST_CLIENT: u64 = 1_024;
/// How many requests show a rhythm.
const RHYTHM: usize = 4;
const MILLISECOND: i64 = 1_000_000;

/// A plain UDP row as a part of an exchange.
struct Message<'a> {
    row: &'a Row,
    /// The client's port.
    client: u64,
    /// The service's.
    service: u64,
    len: u64,
    request: bool,
    /// On a response: the request for it.
    asked: Option<&'a Row>,
    /// The port that the client asked, where that is another than the service's.
    elsewhere: Option<u64>,
}

pub fn findings(rows: &[Row]) -> Vec<Finding> {
    let messages = service(rows).map(|service| messages(rows, service)).unwrap_or_default();
    let (requests, responses): (Vec<&Message>, Vec<&Message>) = messages.iter().partition(|message| message.request);
    let lab = is_lab(&requests, &responses);
    let mut findings = ports(rows, &messages);
    if lab || messages.iter().all(|message| message.row.is_loopback()) {
        findings.extend(unasked(&messages, &responses));
    }
    if lab {
        findings.extend(lengths(&requests, LAB_REQUEST, "requests"));
        findings.extend(lengths(&responses, LAB_RESPONSE, "responses"));
        findings.extend(rhythm(&requests));
        findings.extend(fresh(&requests));
        findings.extend(clients(&requests));
    }
    findings
}

/// The port that most plain UDP rows share; of equals the one that is asked more often, or first.
fn service(rows: &[Row]) -> Option<u64> {
    let mut counts: HashMap<u64, (usize, usize, usize)> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let Some((ports, _)) = row.datagram() else { continue };
        counts.entry(ports.from).or_default().0 += 1;
        let (shared, asked, first) = counts.entry(ports.to).or_default();
        *shared += usize::from(ports.from != ports.to);
        *asked += 1;
        *first = if *asked == 1 { at } else { *first };
    }
    let (port, count) = counts
        .into_iter()
        .max_by_key(|(port, (shared, asked, first))| (*shared, *asked, usize::MAX - first, *port == LAB_PORT))?;
    (count.0 > 1 && count.1 > 0).then_some(port)
}

/// The rows that ask the service, and those that answer: from its port, or to a port that asked it.
///
/// One of the two ports may be misread, on either row.
fn messages(rows: &[Row], service: u64) -> Vec<Message<'_>> {
    let mut asked: HashMap<(&str, &str, u64), (&Row, u64)> = HashMap::new();
    let mut messages = Vec::new();
    for row in rows {
        let Some((ports, len)) = row.datagram() else { continue };
        let (from, to) = (row.source.as_str(), row.destination.as_str());
        let request = asked.get(&(to, from, ports.to)).copied();
        if ports.to == service && ports.from != service {
            let client = ports.from;
            messages.push(Message { row, client, service, len, request: true, asked: None, elsewhere: None });
        } else if ports.from == service || request.is_some_and(|(_, port)| port == service) {
            let elsewhere = request.map(|(_, port)| port).filter(|port| *port != ports.from);
            let (client, service, asked) = (ports.to, ports.from, request.map(|(row, _)| row));
            messages.push(Message { row, client, service, len, request: false, asked, elsewhere });
            continue;
        }
        asked.insert((from, to, ports.from), (row, ports.to));
    }
    messages
}

/// Whether a table shows the lab: its port on loopback, or its messages.
fn is_lab(requests: &[&Message], responses: &[&Message]) -> bool {
    let most = |messages: &[&Message], len| most(messages, |message| message.len == len);
    let own = |message: &&Message| message.service == LAB_PORT && message.row.is_loopback();
    let here = !requests.is_empty() && requests.iter().all(own);
    here || (most(requests, LAB_REQUEST) && most(responses, LAB_RESPONSE))
}

/// Whether more than half of the messages, and two at least, are so.
fn most(messages: &[&Message], so: impl Fn(&Message) -> bool) -> bool {
    let count = messages.iter().filter(|message| so(message)).count();
    count > 1 && count > messages.len() / 2
}

/// Ports that can't be, and responses from another port than was asked.
fn ports(rows: &[Row], messages: &[Message]) -> Vec<Finding> {
    let strays: HashMap<usize, u64> = messages.iter().filter_map(stray).collect();
    let mut findings = Vec::new();
    for row in rows {
        let Some(ports) = &row.ports else { continue };
        let asked = strays.get(&row.index);
        let beyond = [ports.from, ports.to].into_iter().find(|port| *port > LAST_PORT);
        let text = match (beyond, asked) {
            (None, None) => continue,
            (Some(port), None) => tr!("check-port-beyond", port = port, last = LAST_PORT),
            (Some(port), Some(asked)) => {
                tr!("check-port-beyond-asked", port = port, last = LAST_PORT, asked = *asked)
            }
            (None, Some(asked)) => tr!("check-port-elsewhere", asked = *asked, port = ports.from),
        };
        findings.push(row.finding(Column::Info, text));
    }
    findings
}

fn stray(message: &Message) -> Option<(usize, u64)> {
    // Two programs speak from several ports on loopback, too: the request must be the row before.
    let row = message.row;
    let next = message.asked.is_some_and(|asked| asked.index.abs_diff(row.index) == 1);
    let sure = row.is_loopback() && next;
    Some((row.index, message.elsewhere.filter(|_| sure)?))
}

/// Responses that nothing above asks for, in a table where most have their request; the first may stand above the table.
fn unasked(messages: &[Message], responses: &[&Message]) -> Vec<Finding> {
    if !most(responses, |response| response.asked.is_some()) {
        return Vec::new();
    }
    let below = messages.iter().skip_while(|message| !message.request);
    let unasked = below.filter(|message| !message.request && message.asked.is_none());
    let text = |client: u64| tr!("check-unasked", port = client);
    unasked.map(|response| response.row.finding(Column::Info, text(response.client))).collect()
}

/// Messages of another length than the lab's, where most have it.
fn lengths(messages: &[&Message], usual: u64, what: &'static str) -> Vec<Finding> {
    if !most(messages, |message| message.len == usual) {
        return Vec::new();
    }
    let others = messages.iter().filter(|message| message.len != usual);
    let text = |len: u64| tr!("check-lab-length", what = what, usual = usual, len = len);
    others.map(|message| message.row.finding(Column::Info, text(message.len))).collect()
}

/// Requests that do not come a second after the one before, where most do.
fn rhythm(requests: &[&Message]) -> Vec<Finding> {
    let pairs = requests.iter().zip(requests.iter().skip(1));
    let interval = |(a, b): (&&Message, &&Message)| Some(b.row.time?.nanos.saturating_sub(a.row.time?.nanos));
    let intervals: Vec<Option<i64>> = pairs.map(interval).collect();
    let mut sorted: Vec<i64> = intervals.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default() / MILLISECOND;
    if requests.len() < RHYTHM || !(800..=1_200).contains(&median) {
        return Vec::new();
    }
    let usual = median / 2..=median * 8 / 5;
    let odd = |nanos: &i64| *nanos >= 0 && !usual.contains(&(nanos / MILLISECOND));
    let later = requests.iter().skip(1).zip(intervals);
    later
        .filter_map(|(message, nanos)| {
            Some((message, nanos.filter(odd)?.saturating_add(MILLISECOND / 2) / MILLISECOND))
        })
        .map(|(message, millis)| {
            let (seconds, millis) = (millis / 1_000, millis % 1_000);
            let text = tr!("check-lab-rhythm", seconds = format!("{seconds}.{millis:03}"));
            message.row.finding(Column::Time, text)
        })
        .collect()
}

/// Requests from a port that has asked before, where most have a port of their own.
fn fresh(requests: &[&Message]) -> Vec<Finding> {
    let mut first: HashMap<u64, &Row> = HashMap::new();
    let mut findings = Vec::new();
    for message in requests {
        let before = *first.entry(message.client).or_insert(message.row);
        if before.index != message.row.index && !before.is_shown_again(message.row) {
            let text = tr!("check-lab-port-again", port = message.client, row = before.label.as_str());
            findings.push(message.row.finding(Column::Info, text));
        }
    }
    if findings.len().saturating_mul(4) <= requests.len() { findings } else { Vec::new() }
}

/// Requests from ports that no system gives to a client.
fn clients(requests: &[&Message]) -> Vec<Finding> {
    let odd = requests.iter().filter(|message| message.client < FIRST_CLIENT);
    let text = |port: u64| tr!("check-lab-port-odd", port = port);
    odd.map(|message| message.row.finding(Column::Info, text(message.client))).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::rules::tests::{lab, misfits};

    #[test]
    fn a_response_comes_from_where_the_request_went() {
        let text = lab().replace("8080 → 51083", "8088 → 51083");
        assert_eq!(misfits(&text), [(3, "the request went to port 8080, the response comes from 8088".to_owned())]);
        let text = lab().replace("51083 → 8080", "51083 → 8088");
        assert_eq!(misfits(&text), [(3, "the request went to port 8088, the response comes from 8080".to_owned())]);
        let text = lab().replace("8080 → ", "88880 → ").replace(" → 8080", " → 8088");
        let found = misfits(&text);
        assert_eq!(found.len(), 4, "one for each response");
        assert_eq!(found[0].1, "port 88880 does not exist: ports end at 65535; the request went to port 8088");
    }

    #[test]
    fn a_response_has_its_request_above() {
        let text = lab().replace("8080 → 51084", "8080 → 51094");
        let wanted = "response to port 51094, but no request from that port stands above";
        assert_eq!(misfits(&text), [(5, wanted.to_owned())]);
        let below: Vec<&str> = text.lines().skip(1).take(4).collect();
        assert_eq!(misfits(&below.join("\n")), [], "the first one's may stand above the table");
    }

    #[test]
    fn the_lab_s_messages_have_their_lengths_a_second_between_them_and_a_port_each() {
        let text = lab().replace("49 51084 → 8080 Len=17", "54 51084 → 8080 Len=22");
        assert_eq!(misfits(&text), [(4, "the lab's requests carry 17 bytes, this one 22".to_owned())]);
        let text = lab().replace("15.903162", "14.902162");
        let wanted = "0.001 s after the request before; the others are a second apart";
        assert_eq!(misfits(&text), [(6, wanted.to_owned())]);
        let text = lab().replace("51085", "51083");
        assert_eq!(misfits(&text), [(6, "port 51083 has asked before, in row 39".to_owned())]);
        let text = lab().replace("51085", "80");
        assert_eq!(misfits(&text), [(6, "port 80 is not one that a system gives to a client".to_owned())]);
    }

    #[test]
    fn other_messages_than_the_lab_s_are_nothing_to_remark() {
        let text = lab()
            .replace("UDP 49", "UDP 42")
            .replace("Len=17", "Len=10")
            .replace("5108", "900")
            .replace("15.9", "25.9");
        assert_eq!(misfits(&text.replace("8080", "9999")), []);
    }
}

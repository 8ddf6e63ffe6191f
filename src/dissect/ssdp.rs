//! SSDP (the discovery of `UPnP`): HTTP's messages in datagrams, shown by their first line.
//!
//! What is neither request nor response is plain UDP, unless there was a request between the same two before.

use super::payload::{Payload, Stop};
use super::{Content, Context, Conversation, Dissection, Protocol};
use crate::bounded::Generations;

/// The most conversations that are remembered.
const MAX_CONVERSATIONS: usize = 4096;

/// The conversations in which there was a request.
pub(super) struct Requests(Generations<Conversation, ()>);

impl Default for Requests {
    fn default() -> Self {
        Self(Generations::new(MAX_CONVERSATIONS))
    }
}

/// What a line can begin with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Request,
    Response,
}

/// Reads a message; where it is none the row is left as it is.
pub(super) fn dissect<'a>(
    bytes: Payload<'a>,
    conversation: Conversation,
    context: &mut Context<'_>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    let seen = context.ssdp.0.find(&conversation).is_some();
    let start = if bytes.len() > 3 && bytes.be16(0)? == 0x0d0a { 2 } else { 0 };
    let message = bytes.from(start)?;
    let is_text = (b' '..=b'~').contains(&message.u8(0)?);
    let first = line(message.captured());
    match start_of(first.text) {
        Some(_) if is_text && first.is_whole => row.show(Protocol::Ssdp, Content::Ssdp(first.text)),
        _ if seen => row.show(Protocol::Ssdp, "Continuation"),
        _ => {}
    }
    if is_text { headers(message, conversation, context) } else { Ok(()) }
}

/// A line, without its end.
struct Line<'a> {
    text: &'a [u8],
    rest: &'a [u8],
    /// Whether it is certain where it ends.
    is_whole: bool,
}

/// The line at the start of `bytes`: up to CR, LF or both, or to the end.
fn line(bytes: &[u8]) -> Line<'_> {
    let Some((text, end)) =
        bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).and_then(|at| bytes.split_at_checked(at))
    else {
        return Line { text: bytes, rest: &[], is_whole: false };
    };
    let is_whole = end != b"\r";
    let rest = end.strip_prefix(b"\r\n").or_else(|| end.get(1..)).unwrap_or_default();
    Line { text, rest, is_whole }
}

/// Looks at the lines up to an empty one, for a request to remember; a header that is not whole is an error.
fn headers(message: Payload<'_>, conversation: Conversation, context: &mut Context<'_>) -> Result<(), Stop> {
    let mut rest = message.captured();
    let mut after_another = false;
    while !rest.is_empty() {
        let at = message.captured().len().saturating_sub(rest.len());
        let line = line(rest);
        let start = start_of(line.text);
        if start == Some(Start::Request) {
            context.ssdp.0.entry(conversation, || ());
        }
        if line.text.is_empty() {
            break;
        }
        if start.is_none() && !line.text.contains(&b':') {
            if after_another {
                message.bytes(at, line.text.len().saturating_add(1))?;
            }
            break;
        }
        after_another = true;
        rest = line.rest;
    }
    Ok(())
}

/// The methods of HTTP, `WebDAV`, `UPnP` and what Microsoft built on them; or HTTP's or ICY's version.
fn start_of(line: &[u8]) -> Option<Start> {
    #[rustfmt::skip]
    const METHODS: [&[u8]; 42] = [
        b"BASELINE-CONTROL", b"BCOPY", b"BDELETE", b"BMOVE", b"BPROPFIND", b"BPROPPATCH", b"CCM_POST", b"CHECKIN",
        b"CHECKOUT", b"CONNECT", b"COPY", b"DELETE", b"GET", b"HEAD", b"LABEL", b"LOCK", b"MERGE", b"MKACTIVITY",
        b"MKCOL", b"MKWORKSPACE", b"MOVE", b"NOTIFY", b"OPTIONS", b"PATCH", b"POLL", b"POST", b"PROPFIND",
        b"PROPPATCH", b"PUT", b"REPORT", b"RPC_CONNECT", b"RPC_IN_DATA", b"RPC_OUT_DATA", b"SEARCH",
        b"SSTP_DUPLEX_POST", b"SUBSCRIBE", b"TRACE", b"UNCHECKOUT", b"UNLOCK", b"UNSUBSCRIBE", b"UPDATE",
        b"VERSION-CONTROL",
    ];
    let line = line.strip_prefix(b"M-").unwrap_or(line);
    if line.starts_with(b"HTTP/") || line.starts_with(b"ICY") {
        return Some(Start::Response);
    }
    let method = line.split(|&byte| byte == b' ').next()?;
    METHODS.binary_search(&method).is_ok().then_some(Start::Request)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::dissect::{Endpoint, FiveTuple};

    #[test]
    fn methods_are_found_after_the_prefix_of_mandatory_extensions() {
        for request in [&b"M-SEARCH * HTTP/1.1"[..], b"NOTIFY *", b"GET", b"UPDATE x", b"M-VERSION-CONTROL"] {
            assert!(start_of(request) == Some(Start::Request));
        }
        assert!(start_of(b"HTTP/1.1 200 OK") == Some(Start::Response));
        assert!(start_of(b"notify *").is_none() && start_of(b"NOTIFY\t*").is_none() && start_of(b"").is_none());
    }

    #[test]
    fn conversations_are_capped_and_those_met_last_are_known() {
        let mut requests = Requests::default();
        let conversation = |n: usize| {
            let end = |port| Endpoint { addr: IpAddr::from(u128::try_from(n).unwrap().to_be_bytes()), port };
            FiveTuple { src: end(50_000), dst: end(1900) }.conversation()
        };
        for n in 0..3 * MAX_CONVERSATIONS {
            requests.0.entry(conversation(n), || ());
            assert!(requests.0.len() <= MAX_CONVERSATIONS);
        }
        let known = [0, 3 * MAX_CONVERSATIONS - 1].map(|n| requests.0.find(&conversation(n)).is_some());
        assert_eq!(known, [false, true]);
    }

    #[test]
    fn a_line_ends_at_either_character_or_both() {
        let read = |bytes: &'static [u8]| {
            let Line { text, rest, is_whole } = line(bytes);
            (text, rest, is_whole)
        };
        assert_eq!(read(b"a\r\nb"), (&b"a"[..], &b"b"[..], true));
        assert_eq!(read(b"a\n\rb"), (&b"a"[..], &b"\rb"[..], true));
        assert_eq!(read(b"a\rb"), (&b"a"[..], &b"b"[..], true));
        assert_eq!(read(b"a\r"), (&b"a"[..], &b""[..], false));
        assert_eq!(read(b"ab"), (&b"ab"[..], &b""[..], false));
    }
}

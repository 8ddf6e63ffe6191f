//! The adapter: whether it is there and up, whether this process may capture on it, and whether it then sees what is sent.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::{Check, Finding, Question, Verdict};
use crate::platform::system::{Family, HERE};
use crate::platform::{Denial, Remedy};
use crate::tr;

/// An adapter, as libpcap lists it.
#[derive(Clone, Debug)]
struct Adapter {
    name: String,
    loopback: bool,
    up: bool,
    addresses: Vec<IpAddr>,
}

/// What came of opening an adapter and sending a datagram through it.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "live"), allow(dead_code))]
pub(super) enum Trial {
    /// The datagram was captured after this time.
    Seen(Duration),
    /// It was not, in this time.
    Unseen(Duration),
    /// The adapter was opened; no datagram was sent, since none of this machine's own would pass there.
    Opened,
    /// There is no right to open it.
    Denied(Denial),
    /// It can't be opened, or nothing can be sent, for this reason.
    Failed(String),
}

#[cfg(not(feature = "live"))]
pub(super) fn findings(_question: Question<'_>) -> Vec<Finding> {
    without_library()
}

fn without_library() -> Vec<Finding> {
    [Check::Adapter, Check::Right, Check::Trial].map(|check| unlooked(check, tr!("doctor-needs-libpcap"))).into()
}

/// Nothing to look at, for want of something else.
fn unlooked(check: Check, why: String) -> Finding {
    Finding::new(check, Verdict::Inapplicable, why)
}

/// The finding about the adapter, without which there is nothing else to look at.
#[cfg_attr(not(feature = "live"), allow(dead_code))]
fn without_adapter(adapter: Finding) -> Vec<Finding> {
    let [right, trial] = [Check::Right, Check::Trial].map(|check| unlooked(check, tr!("doctor-needs-adapter")));
    vec![adapter, right, trial]
}

#[cfg(feature = "live")]
pub(super) fn findings(question: Question<'_>) -> Vec<Finding> {
    use crate::source::{SourceError, devices};

    let device = match devices::find_device(question.interface) {
        Ok(device) => device,
        Err(SourceError::Library(_)) => return without_library(),
        Err(error) => return without_adapter(missing(error.to_string())),
    };
    let adapter = Adapter {
        name: devices::title(&device).to_owned(),
        loopback: device.flags.is_loopback(),
        up: device.flags.is_up(),
        addresses: device.addresses.iter().map(|address| address.addr).collect(),
    };
    let state = state(&adapter, question.service.ip());
    if is_down(&adapter) {
        return without_adapter(state);
    }
    let trial = super::trial::run(device, question.service.ip());
    vec![state, right(&adapter.name, &trial), seen(&adapter.name, &trial)]
}

#[cfg_attr(not(feature = "live"), allow(dead_code))]
fn missing(reason: String) -> Finding {
    let list = Remedy::command(tr!("doctor-adapter-list"), "loopshark interfaces");
    Finding::new(Check::Adapter, Verdict::Trouble, reason).with([list])
}

/// What the adapter's state means for a service at this address.
#[cfg_attr(not(feature = "live"), allow(dead_code))]
fn state(adapter: &Adapter, service: IpAddr) -> Finding {
    let Adapter { name, addresses, .. } = adapter;
    let name = name.as_str();
    let trouble = |found, remedy| Finding::new(Check::Adapter, Verdict::Trouble, found).with([remedy]);
    let listed = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if is_down(adapter) {
        let up = Remedy::command(tr!("doctor-adapter-up"), format!("sudo ip link set {name} up"));
        return trouble(tr!("doctor-adapter-down", name = name), up);
    }
    if !adapter.loopback {
        let found = tr!("doctor-adapter-other", name = name, addresses = listed);
        return Finding::new(Check::Adapter, Verdict::Advice, found);
    }
    // Npcap's adapter has no addresses of its own.
    if addresses.is_empty() {
        return Finding::new(Check::Adapter, Verdict::Fine, tr!("doctor-adapter-loopback", name = name));
    }
    let wanted: IpAddr = if service.is_ipv6() { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() };
    if !addresses.contains(&wanted) {
        let add = format!("sudo ip addr add {wanted}/{} dev {name}", if wanted.is_ipv6() { 128 } else { 8 });
        let add = Remedy::command(tr!("doctor-adapter-add-address"), add);
        return trouble(tr!("doctor-adapter-no-address", name = name, address = wanted.to_string()), add);
    }
    let found = tr!("doctor-adapter-addresses", name = name, addresses = listed);
    Finding::new(Check::Adapter, Verdict::Fine, found)
}

/// Npcap does not say so of its own.
#[cfg_attr(not(feature = "live"), allow(dead_code))]
fn is_down(adapter: &Adapter) -> bool {
    !adapter.up && HERE != Family::Windows
}

#[cfg_attr(not(feature = "live"), allow(dead_code))]
fn right(name: &str, trial: &Trial) -> Finding {
    match trial {
        Trial::Denied(denial) => {
            Finding::new(Check::Right, Verdict::Trouble, denial.reason.clone()).with(denial.remedies.iter().cloned())
        }
        Trial::Failed(reason) => Finding::new(Check::Right, Verdict::Trouble, reason.clone()),
        _ => Finding::new(Check::Right, Verdict::Fine, tr!("doctor-right-there", name = name)),
    }
}

#[cfg_attr(not(feature = "live"), allow(dead_code))]
fn seen(name: &str, trial: &Trial) -> Finding {
    let millis = |time: &Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
    match trial {
        Trial::Seen(time) => Finding::new(Check::Trial, Verdict::Fine, tr!("doctor-trial-seen", millis = millis(time))),
        Trial::Unseen(time) => {
            let found = tr!("doctor-trial-unseen", name = name, seconds = time.as_secs_f64());
            let look = Remedy::text(tr!("doctor-trial-where"));
            Finding::new(Check::Trial, Verdict::Trouble, found).with([look])
        }
        Trial::Opened => Finding::new(Check::Trial, Verdict::Inapplicable, tr!("doctor-trial-loopback-only")),
        Trial::Denied(_) | Trial::Failed(_) => {
            Finding::new(Check::Trial, Verdict::Inapplicable, tr!("doctor-trial-needs-right"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lo() -> Adapter {
        let addresses = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        Adapter { name: "lo".to_owned(), loopback: true, up: true, addresses }
    }

    const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

    fn told(finding: &Finding) -> (Verdict, Option<&str>) {
        (finding.verdict, finding.remedies.first().and_then(|remedy| remedy.command.as_deref()))
    }

    #[test]
    fn a_loopback_adapter_with_the_service_s_kind_of_address_is_fine() {
        assert_eq!(told(&state(&lo(), V4)), (Verdict::Fine, None));
        assert_eq!(told(&state(&lo(), V6)), (Verdict::Fine, None));
        assert_eq!(state(&lo(), V4).found, "lo is up, with 127.0.0.1, ::1");
        let npcap = Adapter { addresses: Vec::new(), ..lo() };
        assert_eq!(told(&state(&npcap, V4)), (Verdict::Fine, None));
    }

    #[test]
    fn an_address_that_is_missing_is_added() {
        let v4_only = Adapter { addresses: vec![V4], ..lo() };
        assert_eq!(told(&state(&v4_only, V4)), (Verdict::Fine, None));
        assert_eq!(told(&state(&v4_only, V6)), (Verdict::Trouble, Some("sudo ip addr add ::1/128 dev lo")));
    }

    #[test]
    fn an_adapter_that_is_down_is_brought_up_where_that_is_told() {
        let down = Adapter { up: false, addresses: Vec::new(), ..lo() };
        let up = (Verdict::Trouble, Some("sudo ip link set lo up"));
        let expected = if HERE == Family::Windows { (Verdict::Fine, None) } else { up };
        assert_eq!(told(&state(&down, V4)), expected);
    }

    #[test]
    fn another_adapter_sees_nothing_of_the_lab() {
        let eth0 = Adapter { name: "eth0".to_owned(), loopback: false, ..lo() };
        assert_eq!(state(&eth0, V4).verdict, Verdict::Advice);
    }

    #[test]
    fn a_denial_is_trouble_with_its_own_remedies_and_leaves_nothing_to_try() {
        let remedy = Remedy::command("grant it", "sudo setcap …");
        let trial = Trial::Denied(Denial { reason: "missing".to_owned(), remedies: vec![remedy] });
        assert_eq!(told(&right("lo", &trial)), (Verdict::Trouble, Some("sudo setcap …")));
        assert_eq!(seen("lo", &trial).verdict, Verdict::Inapplicable);
    }

    #[test]
    fn only_a_datagram_that_is_seen_is_proof() {
        assert_eq!(
            seen("lo", &Trial::Seen(Duration::from_micros(1_230))).found,
            "a datagram to itself was captured after 1.2 ms"
        );
        assert_eq!(seen("lo", &Trial::Unseen(Duration::from_secs(2))).verdict, Verdict::Trouble);
        assert_eq!(right("lo", &Trial::Unseen(Duration::from_secs(2))).verdict, Verdict::Fine);
        assert_eq!(seen("eth0", &Trial::Opened).verdict, Verdict::Inapplicable);
    }
}

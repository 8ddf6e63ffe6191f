//! What Npcap, `WinPcap` and their driver mean together, on Windows.
//!
//! Npcap's library is in a folder of its own, and in `System32` too if it was installed in place of `WinPcap`. What is in
//! `System32` is found first: an old `WinPcap` there hides Npcap, and knows of no loopback traffic.

use super::{Check, Finding, Verdict};
use crate::platform::Remedy;
use crate::platform::npcap::{Facts, Library, Service};
use crate::tr;

pub(super) fn findings(facts: &Facts) -> Vec<Finding> {
    let library = library(facts);
    let absent = facts.own.is_none() && !facts.shared.as_ref().is_some_and(|library| library.npcap);
    if absent { vec![library] } else { vec![library, driver(facts)] }
}

fn library(facts: &Facts) -> Finding {
    let trouble = |found| Finding::new(Check::Library, Verdict::Trouble, found);
    let install = || Remedy::command(tr!("doctor-npcap-install"), "start https://npcap.com/#download");
    let remove = || Remedy::command(tr!("doctor-npcap-remove-winpcap"), "appwiz.cpl");
    match (&facts.own, &facts.shared) {
        (None, None) => trouble(tr!("doctor-npcap-missing")).with([install()]),
        (_, Some(shared)) if !shared.npcap => {
            let version = version(shared);
            if facts.own.is_some() {
                trouble(tr!("doctor-npcap-shadowed", version = version)).with([remove(), install()])
            } else {
                trouble(tr!("doctor-npcap-winpcap", version = version)).with([remove(), install()])
            }
        }
        (Some(library), _) | (None, Some(library)) => {
            Finding::new(Check::Library, Verdict::Fine, tr!("doctor-npcap-version", version = version(library)))
        }
    }
}

fn version(library: &Library) -> String {
    library.version.clone().unwrap_or_else(|| "?".to_owned())
}

fn driver(facts: &Facts) -> Finding {
    let trouble = |found, remedy| Finding::new(Check::Driver, Verdict::Trouble, found).with([remedy]);
    let start = |service: &str| Remedy::command(tr!("doctor-npcap-start"), format!("net start {service}"));
    match (facts.driver, facts.filtering) {
        (Service::Absent, _) => {
            let repair = r#"& "C:\Program Files\Npcap\FixInstall.bat""#;
            trouble(tr!("doctor-npcap-driver-absent"), Remedy::command(tr!("doctor-npcap-repair"), repair))
        }
        (Service::Stopped, _) => trouble(tr!("doctor-npcap-driver-stopped"), start("npcap")),
        (_, Service::Stopped) => trouble(tr!("doctor-npcap-filtering-stopped"), start("BFE")),
        (Service::Unknown, _) => Finding::new(Check::Driver, Verdict::Inapplicable, tr!("doctor-npcap-driver-unknown")),
        (Service::Running, _) => Finding::new(Check::Driver, Verdict::Fine, tr!("doctor-npcap-driver-running")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps)] // as the facts have it
    fn of(npcap: bool) -> Option<Library> {
        Some(Library { npcap, version: Some(if npcap { "1.79" } else { "4.1.0.2980" }.to_owned()) })
    }

    fn running() -> Facts {
        Facts { own: of(true), shared: None, driver: Service::Running, filtering: Service::Running }
    }

    /// The verdicts, and the first thing to type.
    fn told(facts: &Facts) -> (Vec<Verdict>, String) {
        let findings = findings(facts);
        let command = findings.iter().flat_map(|finding| &finding.remedies).find_map(|remedy| remedy.command.clone());
        (findings.iter().map(|finding| finding.verdict).collect(), command.unwrap_or_default())
    }

    #[test]
    fn npcap_with_its_driver_is_fine_with_or_without_a_copy_in_place_of_winpcap() {
        assert_eq!(told(&running()).0, [Verdict::Fine, Verdict::Fine]);
        assert_eq!(told(&Facts { shared: of(true), ..running() }).0, [Verdict::Fine, Verdict::Fine]);
        assert_eq!(told(&Facts { own: None, shared: of(true), ..running() }).0, [Verdict::Fine, Verdict::Fine]);
        assert!(findings(&running())[0].found.contains("1.79"));
    }

    #[test]
    fn without_npcap_there_is_nothing_to_say_of_its_driver() {
        let facts = Facts { own: None, driver: Service::Absent, ..running() };
        assert_eq!(told(&facts), (vec![Verdict::Trouble], "start https://npcap.com/#download".to_owned()));
        let winpcap = Facts { shared: of(false), ..facts };
        assert_eq!(told(&winpcap), (vec![Verdict::Trouble], "appwiz.cpl".to_owned()));
    }

    #[test]
    fn an_old_winpcap_that_hides_npcap_is_removed() {
        let facts = Facts { shared: of(false), ..running() };
        assert_eq!(told(&facts), (vec![Verdict::Trouble, Verdict::Fine], "appwiz.cpl".to_owned()));
        assert!(findings(&facts)[0].found.contains("4.1.0.2980"));
    }

    #[test]
    fn what_stands_still_is_started() {
        let stopped = Facts { driver: Service::Stopped, ..running() };
        assert_eq!(told(&stopped), (vec![Verdict::Fine, Verdict::Trouble], "net start npcap".to_owned()));
        let filtering = Facts { filtering: Service::Stopped, ..running() };
        assert_eq!(told(&filtering), (vec![Verdict::Fine, Verdict::Trouble], "net start BFE".to_owned()));
        let absent = Facts { driver: Service::Absent, ..running() };
        assert!(told(&absent).1.contains("FixInstall.bat"));
        let unknown = Facts { driver: Service::Unknown, ..running() };
        assert_eq!(told(&unknown).0, [Verdict::Fine, Verdict::Inapplicable]);
    }
}

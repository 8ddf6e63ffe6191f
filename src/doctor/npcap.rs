//! What Npcap, `WinPcap` and their driver mean together, on Windows.

use super::{Check, Finding, Verdict};
use crate::platform::Remedy;
use crate::platform::library::LibraryError;
use crate::platform::library::npcap::{Facts, Maker, Service};
use crate::tr;

pub(super) fn findings(facts: &Facts) -> Vec<Finding> {
    let is_npcap = facts.library.as_ref().is_some_and(|library| library.maker == Maker::Npcap);
    let driver = is_npcap.then(|| driver(facts));
    std::iter::once(library(facts)).chain(driver).collect()
}

fn library(facts: &Facts) -> Finding {
    let trouble = |found| Finding::new(Check::Library, Verdict::Trouble, found);
    let install = || Remedy::command(tr!("doctor-npcap-install"), "start https://npcap.com/#download");
    let remove = || Remedy::command(tr!("doctor-npcap-remove-winpcap"), "appwiz.cpl");
    let version = facts.library.as_ref().and_then(|library| library.version.as_deref()).unwrap_or("?");
    match (&facts.loaded, facts.library.as_ref().map(|library| library.maker)) {
        (Ok(_) | Err(LibraryError::Old { .. }), Some(Maker::WinPcap)) => {
            trouble(tr!("doctor-npcap-winpcap", version = version)).with([remove(), install()])
        }
        (Ok(_), Some(Maker::Npcap)) => {
            Finding::new(Check::Library, Verdict::Fine, tr!("doctor-npcap-version", version = version))
        }
        (Ok(path), _) => {
            let found = tr!("doctor-npcap-other", version = version, path = path.display().to_string());
            Finding::new(Check::Library, Verdict::Advice, found).with([install()])
        }
        (Err(error), _) => trouble(error.reason()).with([install()]),
    }
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
    use crate::platform::library::npcap::Library;

    fn loaded(maker: Maker, version: &str) -> Facts {
        Facts {
            loaded: Ok(r"C:\Windows\System32\wpcap.dll".into()),
            library: Some(Library { maker, version: Some(version.to_owned()) }),
            driver: Service::Running,
            filtering: Service::Running,
        }
    }

    fn running() -> Facts {
        loaded(Maker::Npcap, "1.79")
    }

    /// The verdicts, and the first thing to type.
    fn told(facts: &Facts) -> (Vec<Verdict>, String) {
        let findings = findings(facts);
        let command = findings.iter().flat_map(|finding| &finding.remedies).find_map(|remedy| remedy.command.clone());
        (findings.iter().map(|finding| finding.verdict).collect(), command.unwrap_or_default())
    }

    #[test]
    fn npcap_with_its_driver_is_fine() {
        assert_eq!(told(&running()).0, [Verdict::Fine, Verdict::Fine]);
        assert!(findings(&running())[0].found.contains("1.79"));
    }

    #[test]
    fn without_npcap_there_is_nothing_to_say_of_its_driver() {
        let absent = Facts { loaded: Err(LibraryError::Absent), library: None, ..running() };
        assert_eq!(told(&absent), (vec![Verdict::Trouble], "start https://npcap.com/#download".to_owned()));
        assert_eq!(told(&loaded(Maker::Other, "4.1")).0, [Verdict::Advice]);
    }

    #[test]
    fn winpcap_is_removed_whether_or_not_it_can_be_called() {
        let winpcap = loaded(Maker::WinPcap, "4.1.0.2980");
        assert_eq!(told(&winpcap), (vec![Verdict::Trouble], "appwiz.cpl".to_owned()));
        let old = LibraryError::Old { path: "wpcap.dll".into(), function: "pcap_create" };
        let old = Facts { loaded: Err(old), ..winpcap };
        assert_eq!(told(&old), (vec![Verdict::Trouble], "appwiz.cpl".to_owned()));
        assert!(findings(&old)[0].found.contains("4.1.0.2980"));
    }

    #[test]
    fn a_library_that_can_t_be_loaded_is_installed_again() {
        let cause = "not a valid Win32 application".to_owned();
        let damaged = LibraryError::Unloadable { path: r"C:\wpcap.dll".into(), cause };
        let damaged = Facts { loaded: Err(damaged), library: None, ..running() };
        assert_eq!(told(&damaged), (vec![Verdict::Trouble], "start https://npcap.com/#download".to_owned()));
        assert!(findings(&damaged)[0].found.contains(r"C:\wpcap.dll can't be loaded: not a valid"));
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

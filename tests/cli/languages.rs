//! What a person reads, in Spanish and in English; which of the two is the locale's or `--lang`'s to say.

use std::fmt::Write as _;

use crate::harness::{can_filter, loopshark, program};

#[test]
fn the_help_of_every_command_in_spanish() {
    let help = loopshark(["--lang", "es", "--help"]).stdout;
    let commands: Vec<_> =
        help.lines().skip_while(|line| *line != "Órdenes:").skip(1).take_while(|line| !line.is_empty()).collect();
    assert!(commands.len() > 6, "{help}");
    for command in commands {
        let name = command.split_whitespace().next().unwrap();
        if name != "help" {
            insta::assert_snapshot!(format!("help-{name}-es"), loopshark([name, "--help", "--lang", "es"]).stdout);
        }
    }
    insta::assert_snapshot!("help-es", help);
}

#[test]
fn fates_and_footers_in_spanish() {
    for capture in ["faults-lo.pcap", "server-down-lo.pcap"] {
        for (view, format) in [("exchanges", "table"), ("exchanges", "text"), ("packets", "text"), ("summary", "table")]
        {
            let ran = loopshark(["--lang", "es", "read", &format!("fixtures/{capture}"), "--view", view, "-T", format]);
            let name = format!("{capture}-{view}-{format}-es");
            insta::assert_snapshot!(name, format!("{}--- stderr\n{}", ran.stdout, ran.stderr));
        }
    }
}

#[test]
fn reports_are_checked_in_spanish() {
    let mut all = String::new();
    for line in [
        "check fixtures/reports/mail.txt fixtures/practica6.pcap",
        "check fixtures/reports/mail.txt",
        "check -T md fixtures/reports/renumbered.txt fixtures/reports/typed.md fixtures/practica6.pcap",
    ] {
        let ran = loopshark(["--lang", "es"].into_iter().chain(line.split(' ')));
        writeln!(all, "$ loopshark {line}\n{}{}", ran.stdout, ran.stderr).unwrap();
    }
    insta::assert_snapshot!("check-es", all);
}

#[cfg(feature = "live")]
#[test]
fn trouble_is_told_in_both_languages() {
    for lang in ["en", "es"] {
        let mut all = String::new();
        for line in [
            "--veiw",
            "reed x",
            "read",
            "read --vieww x",
            "read x -T jsnol",
            "read x --timeout soon",
            "read x --port 70000",
            "read no-such.pcap",
            "read Cargo.toml",
            "read fixtures",
            "server --echo --reply x",
            "server --bind nowhere",
            "server --loss 120%",
            "client --interval soon",
            "client --interactive --count 2",
            "lab --count 0",
            "capture -a packets:3",
            "capture -2",
            "check fixtures/practica6.pcap",
            "check Cargo.toml",
        ] {
            let ran = loopshark(["--lang", lang].into_iter().chain(line.split(' ')));
            assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""), "{line}");
            assert!(ran.stderr.contains("loopshark: "), "{ran:?}");
            writeln!(all, "$ loopshark {line}\n{}", ran.stderr).unwrap();
        }
        insta::assert_snapshot!(format!("trouble-{lang}"), all);
    }
}

#[test]
fn trouble_with_a_filter_is_told_in_both_languages() {
    if !can_filter() {
        return;
    }
    for lang in ["en", "es"] {
        let ran = loopshark(["--lang", lang, "read", "fixtures/practica6.pcap", "-f", "prt"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
        insta::assert_snapshot!(format!("trouble-filter-{lang}"), ran.stderr);
    }
}

#[test]
fn the_language_is_that_of_the_command_line_or_of_the_locale_or_english() {
    let spoken = |lang: &[&str], locale: &[(&str, &str)]| {
        let mut command = program();
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"] {
            command.env_remove(name);
        }
        let output = command.envs(locale.iter().copied()).args(lang).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        if help.contains("Uso: ") { "es" } else { "en" }
    };
    assert_eq!(spoken(&[], &[]), "en");
    assert_eq!(spoken(&[], &[("LANG", "C")]), "en");
    assert_eq!(spoken(&[], &[("LANG", "fr_FR.UTF-8")]), "en");
    assert_eq!(spoken(&[], &[("LANG", "es_ES.UTF-8")]), "es");
    assert_eq!(spoken(&[], &[("LC_ALL", "es_MX.UTF-8"), ("LANG", "en_US.UTF-8")]), "es");
    assert_eq!(spoken(&[], &[("LANGUAGE", "es"), ("LANG", "en_US.UTF-8")]), "es");
    assert_eq!(spoken(&["--lang", "en"], &[("LC_ALL", "es_ES.UTF-8")]), "en");
    assert_eq!(spoken(&["--lang=es"], &[("LC_ALL", "en_GB.UTF-8")]), "es");
}

//! What a shell and `man` are given, tried in those that are installed; and command lines that are nearly right.

use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};

use crate::harness::{loopshark, skip};
use crate::system;

/// Runs another program, if it is installed.
fn run<S: AsRef<OsStr>>(program: &str, args: impl IntoIterator<Item = S>) -> Option<Output> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok();
    if output.is_none() {
        skip(&format!("{program} is not installed"));
    }
    output
}

fn script(shell: &str) -> String {
    let ran = loopshark(["completions", shell]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    ran.stdout
}

/// What bash offers in place of the last of these words.
fn offered(words: &[&str]) -> Option<Vec<String>> {
    let (last, before) = words.split_last().unwrap();
    let typed = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let complete = format!(
        "{}\nCOMP_WORDS=({typed}); COMP_CWORD={}; _loopshark loopshark '{last}' '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script("bash"),
        before.len(),
        before.last().unwrap()
    );
    let output = run("bash", ["--norc", "-c", &complete])?;
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(lines.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

#[test]
fn bash_completes_commands_options_values_and_files() {
    let Some(commands) = offered(&["loopshark", "c"]) else { return };
    assert_eq!(commands, ["client", "capture", "check", "completions"]);
    let all = |words: &[&str]| offered(words).unwrap();
    assert_eq!(all(&["loopshark", "read", "--ti"]), ["--timeout"]);
    assert_eq!(all(&["loopshark", "read", "x.pcap", "--view", "p"]), ["packets"]);
    assert_eq!(all(&["loopshark", "capture", "-w", "fixtures/practica6"]), ["fixtures/practica6.pcap"]);
    assert_eq!(all(&["loopshark", "completions", "f"]), ["fish"]);
    // Where the script has nothing to offer, bash itself offers files.
    assert_eq!(all(&["loopshark", "read", "fixtures/practica6"]), [""; 0]);
    assert!(script("bash").contains("complete -F _loopshark -o nosort -o bashdefault -o default loopshark"));
}

#[test]
fn zsh_and_fish_find_no_mistake_in_their_scripts() {
    for shell in ["zsh", "fish"] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, script(shell).as_bytes()).unwrap();
        let Some(output) = run(shell, [OsStr::new("-n"), file.path().as_os_str()]) else { continue };
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn every_shell_has_a_script_that_names_every_command() {
    let help = loopshark(["--help"]).stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let commands: Vec<_> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"doctor"), "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = script(shell);
        for command in &commands {
            assert!(script.contains(command), "{command} in {shell}");
        }
    }
    let ran = loopshark(["completions", "bsh"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("'bash'"), "{}", ran.stderr);
}

#[test]
fn the_manual_has_a_page_for_each_command_that_is_well_formed() {
    let folder = tempfile::tempdir().unwrap();
    let ran = loopshark([OsStr::new("man"), OsStr::new("-o"), folder.path().join("man1").as_os_str()]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
    let pages: Vec<_> =
        std::fs::read_dir(folder.path().join("man1")).unwrap().map(|page| page.unwrap().path()).collect();
    for name in ["loopshark.1", "loopshark-read.1", "loopshark-doctor.1"] {
        assert!(pages.iter().any(|page| page.ends_with(name)), "{name}");
    }
    for page in &pages {
        let groff = ["-man", "-Tutf8", "-ww", "-z"].map(OsStr::new).into_iter().chain([page.as_os_str()]);
        let Some(output) = run("groff", groff) else { break };
        assert!(output.status.success() && output.stderr.is_empty(), "{}: {output:?}", page.display());
    }
    for page in &pages {
        let lint = ["-Tlint", "-Wwarning"].map(OsStr::new).into_iter().chain([page.as_os_str()]);
        let Some(output) = run("mandoc", lint) else { break };
        let complaints = String::from_utf8(output.stdout).unwrap();
        // A version has no date, and `clap_mangen` breaks lines where paragraphs do.
        let known = ["missing date", "skipping paragraph macro"];
        let is_known = |line: &str| known.iter().any(|known| line.contains(&format!("WARNING: {known}")));
        let others: Vec<_> = complaints.lines().filter(|line| !is_known(line)).collect();
        assert_eq!(others, [""; 0], "{}", page.display());
    }
}

#[test]
fn a_page_says_what_the_help_says() {
    let page = loopshark(["man", "read"]).stdout;
    let help = loopshark(["read", "--help"]).stdout;
    let options = help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 4);
    for option in options.map(|option| option.trim_matches(|c: char| !c.is_alphabetic())) {
        assert!(page.contains(&option.replace('-', "\\-")), "{option}");
    }
    assert!(page.contains(".SH EXAMPLES") && page.is_ascii());
    assert!(loopshark(["man"]).stdout.starts_with(loopshark(["man", "loopshark"]).stdout.as_str()));
    loopshark(["man", "raed"]).fails_with(&["raed", "read, "]);
}

#[test]
fn what_was_meant_is_said_where_a_command_line_is_nearly_right() {
    for (line, meant) in [
        ("fixtures/practica6.pcap --all", "loopshark read fixtures/practica6.pcap --all"),
        ("-r fixtures/practica6.pcap", "loopshark read fixtures/practica6.pcap"),
        ("-i lo", "loopshark capture -i lo"),
        ("capture udp port 8080", system::MEANT_FILTER),
        ("raed fixtures/practica6.pcap", "'read'"),
        ("read x.pcap --al", "'--all'"),
        ("read x.pcap --view exchange", "'exchanges'"),
    ] {
        let ran = loopshark(line.split(' '));
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""), "{line}");
        assert!(ran.stderr.contains(meant), "{line}: {}", ran.stderr);
    }
}

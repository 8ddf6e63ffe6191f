//! What was probably meant by a command line that can't be understood: the habits of tshark and tcpdump, and a file
//! where a command belongs.
//!
//! clap itself knows of names that look alike. Knows words, and nothing of what they would do.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::platform;
use crate::printable::printable;
use crate::tr;

/// The error, with what was probably meant in place of clap's own suggestion.
pub(super) fn advised(mut error: clap::Error, args: &[OsString]) -> clap::Error {
    let word =
        [ContextKind::InvalidSubcommand, ContextKind::InvalidArg].into_iter().find_map(|kind| match error.get(kind) {
            Some(ContextValue::String(word)) => Some(word.clone()),
            _ => None,
        });
    let args: Vec<&str> = args.iter().skip(1).filter_map(|arg| arg.to_str()).collect();
    let meant = match error.kind() {
        ErrorKind::InvalidSubcommand => word.and_then(|word| file_as_command(&word, &args)),
        ErrorKind::UnknownArgument => word.and_then(|word| foreign_habit(&word, &args)),
        _ => None,
    };
    if let Some(meant) = meant {
        error.remove(ContextKind::SuggestedSubcommand);
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![meant.into()]));
    }
    error
}

/// A capture is read, a report is checked.
fn file_as_command(word: &str, args: &[&str]) -> Option<String> {
    let command = command_for(word)?;
    let rest = args.iter().copied().skip_while(|arg| *arg != word);
    Some(tr!("usage-file", line = line(command, rest)))
}

fn command_for(file: &str) -> Option<&'static str> {
    const CAPTURES: [&str; 5] = ["pcap", "pcapng", "cap", "dmp", "ntar"];
    const REPORTS: [&str; 10] = ["pdf", "png", "jpg", "jpeg", "bmp", "webp", "txt", "md", "csv", "yaml"];
    let extension = Path::new(file).extension()?.to_str()?.to_ascii_lowercase();
    let one_of = |known: &[&str]| known.contains(&extension.as_str());
    if one_of(&CAPTURES) {
        return Some("read");
    }
    one_of(&REPORTS).then_some("check")
}

/// What the others' options are called here.
fn foreign_habit(word: &str, args: &[&str]) -> Option<String> {
    let command = args.first().copied().filter(|command| matches!(*command, "read" | "capture"));
    let behind = args.iter().copied().skip(usize::from(command.is_some())).filter(|arg| *arg != "-n");
    match (word, command) {
        (_, None) if args.contains(&"-r") => Some(meant("read", behind.filter(|arg| *arg != "-r"))),
        ("-r", _) => Some(meant("read", behind.filter(|arg| *arg != "-r"))),
        (_, None) if args.contains(&"-i") => Some(meant("capture", behind)),
        ("-n", _) => Some(tr!("usage-names")),
        ("-Y", _) => Some(tr!("usage-display-filter")),
        ("-D", _) => Some(meant("interfaces", [].into_iter())),
        ("-f" | "-w" | "-c" | "-a", None) => Some(meant("capture", behind)),
        ("--interface", _) => Some(meant("capture", behind.map(|arg| if arg == word { "-i" } else { arg }))),
        // tcpdump's filter stands behind everything else, without quotes.
        (word, Some("capture")) if !word.starts_with('-') => {
            let place = args.iter().position(|arg| *arg == word)?;
            let filter = args.get(place..)?.join(" ");
            Some(meant("capture", args.get(1..place)?.iter().copied().chain(["-f", &filter])))
        }
        _ => None,
    }
}

fn meant<'a>(command: &'a str, rest: impl Iterator<Item = &'a str>) -> String {
    tr!("usage-meant", line = line(command, rest))
}

/// A command line that can be pasted, unless it holds what can't be printed.
fn line<'a>(command: &'a str, rest: impl Iterator<Item = &'a str>) -> String {
    let words = ["loopshark", command].into_iter().chain(rest);
    printable(platform::command_line(words))
}

#[cfg(test)]
mod tests {
    use super::super::try_parse;
    use crate::platform::command_line;

    /// What is suggested for a command line.
    fn suggested(line: &str) -> String {
        let args: Vec<_> = ["loopshark"].into_iter().chain(line.split(' ')).map(Into::into).collect();
        let error = try_parse(&args).unwrap_err().to_string();
        error.lines().find_map(|line| line.trim_start().strip_prefix("tip: ")).unwrap_or_default().to_owned()
    }

    #[test]
    fn a_file_where_a_command_belongs_is_read_or_checked() {
        assert_eq!(suggested("practica6.pcap"), "to read or check a file: loopshark read practica6.pcap");
        assert_eq!(suggested("a/B.PCAPNG --all"), "to read or check a file: loopshark read a/B.PCAPNG --all");
        assert_eq!(suggested("informe.pdf x.pcap"), "to read or check a file: loopshark check informe.pdf x.pcap");
    }

    #[test]
    fn a_command_that_is_misspelt_is_clap_s_own_to_suggest() {
        assert_eq!(suggested("raed x.pcap"), "a similar subcommand exists: 'read'");
        assert_eq!(suggested("docter"), "a similar subcommand exists: 'doctor'");
        assert_eq!(suggested("read x.pcap --tiemout 3"), "a similar argument exists: '--timeout'");
        assert_eq!(suggested("read x.pcap --view exchange"), "a similar value exists: 'exchanges'");
    }

    #[test]
    fn the_options_of_tshark_and_tcpdump_are_translated() {
        assert_eq!(suggested("-r x.pcap --all"), "this is written: loopshark read x.pcap --all");
        assert_eq!(suggested("read -r x.pcap"), "this is written: loopshark read x.pcap");
        assert_eq!(suggested("-i lo -c 3"), "this is written: loopshark capture -i lo -c 3");
        assert_eq!(suggested("-n -r x.pcap -T jsonl"), "this is written: loopshark read x.pcap -T jsonl");
        assert_eq!(suggested("-n -i lo -w x.pcap"), "this is written: loopshark capture -i lo -w x.pcap");
        assert_eq!(suggested("-D"), "this is written: loopshark interfaces");
        assert_eq!(suggested("capture --interface lo"), "this is written: loopshark capture -i lo");
        assert!(suggested("read x.pcap -Y udp").contains("`-f`"));
        assert!(suggested("capture -n").contains("`-n`"));
    }

    #[test]
    fn words_behind_the_options_are_a_filter_to_be_quoted() {
        let filter = command_line(["udp port 8080"]);
        let meant = format!("this is written: loopshark capture -i lo -f {filter}");
        assert_eq!(suggested("capture -i lo udp port 8080"), meant);
    }

    #[test]
    fn nothing_is_suggested_where_nothing_is_known() {
        assert_eq!(suggested("frobnicate"), "");
    }
}

//! The command line, as typed: clap's derive and nothing else. What the arguments mean is checked in `commands`.
//!
//! Letters mean what they mean in tshark and tcpdump, or they are not used. English texts are here; those of other
//! languages are in the catalogue, and `translated.rs` and `errors.rs` put them in their place.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::ArgPredicate;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::lang::{self, Lang};
use crate::time::TimeFormat;
use crate::tr;

mod errors;
mod examples;
mod near;
mod translated;

pub use errors::report;

/// The UDP lab in one program: server and client, loopback capture, and Wireshark's table of request/response pairs.
#[derive(Debug, Parser)]
#[command(version, bin_name = "loopshark", disable_version_flag = true, after_help = examples::ALL, max_term_width = 100)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// Language of messages and help, en or es [default: the system's]
    #[arg(long, value_name = "LANG", value_parser = language_named, global = true)]
    pub lang: Option<Lang>,
    /// Print the version
    #[arg(long, action = clap::ArgAction::Version)]
    pub version: Option<bool>,
}

/// The definition of the command line in the chosen language: what is parsed, completed, and printed as pages of the
/// manual.
#[must_use]
pub fn command() -> clap::Command {
    match lang::chosen() {
        Lang::English => Cli::command(),
        Lang::Spanish => translated::translated(Cli::command(), Lang::Spanish),
    }
}

/// Reads the command line of this process; what is wrong with it is told by [`report`].
pub fn parse() -> Result<Cli, clap::Error> {
    try_parse(&std::env::args_os().collect::<Vec<_>>())
}

fn try_parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = command();
    let parsed = command
        .try_get_matches_from_mut(args)
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command)));
    parsed.map_err(|error| near::advised(error, args))
}

/// The language that a command line asks for, before it is understood: its errors and its help are in that language
/// too.
pub fn language(args: impl IntoIterator<Item = OsString>) -> Option<Lang> {
    let mut args = args.into_iter().take_while(|arg| arg != "--");
    let name = args.find_map(|arg| match arg.to_str()?.strip_prefix("--lang")? {
        "" => Some(None),
        value => value.strip_prefix('=').map(|value| Some(OsString::from(value))),
    })?;
    let name = name.or_else(|| args.next())?;
    language_named(name.to_str()?).ok()
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run server, client and capture together, and print the table of exchanges
    Lab(Lab),
    /// Run the lab's UDP server
    Server(Server),
    /// Run the lab's UDP client
    Client(Client),
    /// Capture live traffic, from the loopback adapter unless told otherwise
    Capture(Capture),
    /// Read a saved capture
    Read(Read),
    /// Write a report of a saved capture: one file to hand in
    Report(Report),
    /// Check the table of a report: against a capture, or by itself
    Check(Check),
    /// List what can be captured on
    #[command(after_long_help = examples::INTERFACES)]
    Interfaces,
    /// Say whether a capture works here, why not, and what to do about it
    Doctor(Doctor),
    /// Print a script that completes commands, options and files in a shell
    Completions(Completions),
    /// Print the manual, page by page
    Man(Man),
}

/// What is shown, and how.
#[derive(Args, Clone, Debug)]
pub struct ViewArgs {
    /// What to show
    #[arg(long, value_enum, default_value_t = ViewName::Exchanges, default_value_ifs(FRAMES))]
    pub view: ViewName,
    /// Format [default: table; text for packets]
    #[arg(short = 'T', value_enum, value_name = "FORMAT")]
    pub format: Option<FormatName>,
    /// How frames are looked at
    #[command(flatten)]
    pub options: OptionArgs,
    /// Show each frame's layers field by field, and where in the frame each field stands
    #[arg(short = 'V')]
    pub details: bool,
    /// Show each frame's bytes, as tshark does
    #[arg(short = 'x')]
    pub hex: bool,
    /// Explain the fields of each frame: where every byte comes from (with -V)
    #[arg(long)]
    pub explain: bool,
    /// Rows in Wireshark's colors
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorName::Auto)]
    pub color: ColorName,
}

/// How frames are looked at.
#[derive(Args, Clone, Debug)]
pub struct OptionArgs {
    /// Show background noise too (MDNS, LLMNR, SSDP, ARP, …)
    #[arg(long)]
    pub all: bool,
    /// The service's port, where the first sender is not the client
    #[arg(long, value_name = "PORT", value_parser = port)]
    pub port: Option<u16>,
    /// Seconds after which a response is late
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = seconds)]
    pub timeout: Duration,
    /// Time column: r since the first frame, a/ad local time, d since the frame before, dd since the row before,
    /// e since 1970, u/ud UTC
    #[arg(short = 't', value_name = "FORMAT", default_value = "r", value_parser = time_format)]
    pub time: TimeFormat,
    /// Two passes over a saved capture, so that rows know of later frames ([Reassembled in #5] and the like)
    #[arg(short = '2')]
    pub two_passes: bool,
}

/// When to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorName {
    /// A table at a terminal that has colors, unless `NO_COLOR` is set
    Auto,
    /// Also text, and also in a pipe
    Always,
    /// Nothing
    Never,
}

/// What shows frames, and so means the packets view.
const FRAMES: [(&str, ArgPredicate, Option<&str>); 3] = [
    ("details", ArgPredicate::IsPresent, Some("packets")),
    ("hex", ArgPredicate::IsPresent, Some("packets")),
    ("explain", ArgPredicate::IsPresent, Some("packets")),
];

/// The views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ViewName {
    /// Requests with their responses and response times
    Exchanges,
    /// One row a frame
    Packets,
    /// Figures for each service
    Summary,
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// For people
    Table,
    /// As tshark prints rows
    Text,
    /// One JSON object a line
    Jsonl,
    /// For spreadsheets
    Csv,
    /// For cut, awk and sort
    Tsv,
    /// A Markdown table
    Md,
    /// A document for a browser
    Html,
}

/// What a server does wrong, on purpose.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Faults on purpose")]
pub struct FaultArgs {
    /// Leave so many of the requests without a response
    #[arg(long, value_name = "PERCENT", default_value = "0%", value_parser = percent)]
    pub loss: f64,
    /// Time before each response
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = interval)]
    pub delay: Duration,
    /// Up to so much more or less of it
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = interval)]
    pub jitter: Duration,
    /// Send so many of the responses twice
    #[arg(long, value_name = "PERCENT", default_value = "0%", value_parser = percent)]
    pub duplicate: f64,
    /// Send so many of the responses only after the next one
    #[arg(long, value_name = "PERCENT", default_value = "0%", value_parser = percent)]
    pub reorder: f64,
    /// Make the same faults as another run with this seed [default: another one each time]
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,
}

/// `loopshark lab`
#[derive(Args, Debug)]
#[command(after_long_help = examples::LAB)]
pub struct Lab {
    /// How many messages to send
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = count)]
    pub count: u64,
    /// Time from one message to the next
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = interval)]
    pub interval: Duration,
    /// Where the server listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = crate::lab::ADDRESS, value_parser = address)]
    pub bind: SocketAddr,
    /// Text that the client sends
    #[arg(long, value_name = "TEXT", default_value = crate::lab::MESSAGE)]
    pub message: String,
    /// Text that the server answers
    #[arg(long, value_name = "TEXT", default_value = crate::lab::REPLY)]
    pub reply: String,
    /// Save the frames too (pcapng if FILE ends in .pcapng or .ntar, else pcap; `-` for standard output)
    #[arg(short = 'w', value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Once the device is open, root becomes this user, who then owns the files [default: who called sudo, else nobody]
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// What is shown
    #[command(flatten)]
    pub view: ViewArgs,
    /// What goes wrong
    #[command(flatten)]
    pub faults: FaultArgs,
}

/// `loopshark server`
#[derive(Args, Debug)]
#[command(after_long_help = examples::SERVER)]
pub struct Server {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = crate::lab::ADDRESS, value_parser = address)]
    pub bind: SocketAddr,
    /// Text to answer with
    #[arg(long, value_name = "TEXT", default_value = crate::lab::REPLY)]
    pub reply: String,
    /// Answer with what was received instead
    #[arg(long, conflicts_with = "reply")]
    pub echo: bool,
    /// Print no lines for each message, only where it listens
    #[arg(long)]
    pub quiet: bool,
    /// What goes wrong
    #[command(flatten)]
    pub faults: FaultArgs,
}

/// `loopshark client`
#[derive(Args, Debug)]
#[command(after_long_help = examples::CLIENT)]
pub struct Client {
    /// The server to ask
    #[arg(long, value_name = "ADDRESS:PORT", default_value = crate::lab::ADDRESS, value_parser = address)]
    pub server: SocketAddr,
    /// Text to send
    #[arg(long, value_name = "TEXT", default_value = crate::lab::MESSAGE)]
    pub message: String,
    /// Stop after this many messages [default: go on until Ctrl-C]
    #[arg(long, value_name = "N", value_parser = count)]
    pub count: Option<u64>,
    /// Time from one message to the next
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = interval)]
    #[arg(default_value_if("in_flight", clap::builder::ArgPredicate::IsPresent, "0s"))]
    pub interval: Duration,
    /// Make a load: send without a pause, with up to so many messages waiting for their response, and say the rate and
    /// the response times. Each waits at a port of its own, which is used again after three times as many others
    #[arg(long, value_name = "N", value_parser = in_flight)]
    pub in_flight: Option<u16>,
    /// Seconds to wait for a response
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = seconds)]
    pub timeout: Duration,
    /// Send each line typed, or piped to standard input, and show its answer
    #[arg(long, conflicts_with_all = ["message", "count", "interval", "in_flight"])]
    pub interactive: bool,
    /// Print no lines for each message, only what became of them
    #[arg(long, conflicts_with = "interactive")]
    pub quiet: bool,
}

/// `loopshark capture`
#[derive(Args, Debug)]
#[command(after_long_help = examples::CAPTURE)]
pub struct Capture {
    /// Interface to capture on: its number, its name or a part of its description [default: the loopback adapter]
    #[arg(short = 'i', value_name = "IFACE")]
    pub interface: Option<String>,
    /// Capture filter, as for tcpdump: `udp port 8080 or icmp`
    #[arg(short = 'f', value_name = "BPF")]
    pub filter: Option<String>,
    /// Save the frames too (pcapng if FILE ends in .pcapng or .ntar, else pcap; `-` for standard output, then without
    /// the table)
    #[arg(short = 'w', value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Stop after this many frames
    #[arg(short = 'c', value_name = "N", value_parser = count)]
    pub count: Option<u64>,
    /// Stop by itself, as in `duration:10` (seconds)
    #[arg(short = 'a', value_name = "duration:SECS", value_parser = autostop)]
    pub autostop: Option<Duration>,
    /// Once the device is open, root becomes this user, who then owns the files [default: who called sudo, else nobody]
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// What is shown
    #[command(flatten)]
    pub view: ViewArgs,
}

/// `loopshark read`
#[derive(Args, Debug)]
#[command(after_long_help = examples::READ)]
pub struct Read {
    /// Captures, pcap or pcapng, also compressed (gzip, Zstandard, LZ4); `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Read several captures as one, in order of time
    #[arg(long)]
    pub merge: bool,
    /// Look only at frames that pass this capture filter, as for tcpdump
    #[arg(short = 'f', value_name = "BPF")]
    pub filter: Option<String>,
    /// Save the frames that are shown (pcapng if FILE ends in .pcapng or .ntar, else pcap; `-` for standard output, then
    /// nothing is shown)
    #[arg(short = 'w', value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// With -w to a pcapng file: say in a comment of each frame what became of its exchange
    #[arg(long, requires = "write")]
    pub comment: bool,
    /// Stop after this many frames, of each capture or of the merged one
    #[arg(short = 'c', value_name = "N", value_parser = count)]
    pub count: Option<u64>,
    /// Print right to the terminal, not through the pager (`LOOPSHARK_PAGER`, `PAGER`, or less)
    #[arg(long)]
    pub no_pager: bool,
    /// What is shown
    #[command(flatten)]
    pub view: ViewArgs,
}

/// `loopshark report`
#[derive(Args, Debug)]
#[command(after_long_help = examples::REPORT)]
pub struct Report {
    /// The capture, pcap or pcapng
    #[arg(value_name = "CAPTURE")]
    pub file: PathBuf,
    /// The report: HTML if its name ends in .html, Markdown if it ends in .md
    #[arg(short = 'o', value_name = "FILE.html|FILE.md")]
    pub output: PathBuf,
    /// What stands over it [default: that it is a report of CAPTURE]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Look only at frames that pass this capture filter, as for tcpdump
    #[arg(short = 'f', value_name = "BPF")]
    pub filter: Option<String>,
    /// Stop after this many frames
    #[arg(short = 'c', value_name = "N", value_parser = count)]
    pub count: Option<u64>,
    /// How frames are looked at
    #[command(flatten)]
    pub options: OptionArgs,
}

/// `loopshark check`
#[derive(Args, Debug)]
#[command(after_long_help = examples::CHECK)]
pub struct Check {
    /// Reports: text, Markdown, CSV, pictures (PNG, JPEG, BMP, WebP) or PDF, `-` for standard input; and the capture
    /// (pcap or pcapng) that they claim to show, if there is one
    #[arg(value_name = "REPORT|CAPTURE", required = true)]
    pub files: Vec<PathBuf>,
    /// Format
    #[arg(short = 'T', value_enum, value_name = "FORMAT", default_value_t = CheckFormatName::Table)]
    pub format: CheckFormatName,
    /// Save the report's picture with its rows marked: green for match, amber for near, red for the rest
    #[arg(long, value_name = "OUT.png")]
    pub annotate: Option<PathBuf>,
    /// Verdicts in green, amber and red
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorName::Auto)]
    pub color: ColorName,
    /// Print right to the terminal, not through the pager (`LOOPSHARK_PAGER`, `PAGER`, or less)
    #[arg(long)]
    pub no_pager: bool,
}

/// The formats of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormatName {
    /// For people
    Table,
    /// One JSON document
    Json,
    /// A Markdown table
    Md,
}

/// `loopshark doctor`
#[derive(Args, Debug)]
#[command(after_long_help = examples::DOCTOR)]
pub struct Doctor {
    /// Interface to look at: its number, its name or a part of its description [default: the loopback adapter]
    #[arg(short = 'i', value_name = "IFACE")]
    pub interface: Option<String>,
    /// The service's address
    #[arg(long, value_name = "ADDRESS:PORT", default_value = crate::lab::ADDRESS, value_parser = address)]
    pub bind: SocketAddr,
    /// The service's port, at that address
    #[arg(long, value_name = "PORT", value_parser = real_port)]
    pub port: Option<u16>,
    /// Format
    #[arg(short = 'T', value_enum, value_name = "FORMAT", default_value_t = FindingsFormatName::Table)]
    pub format: FindingsFormatName,
}

/// The formats of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindingsFormatName {
    /// For people
    Table,
    /// One JSON document
    Json,
}

/// `loopshark completions`
#[derive(Args, Debug)]
#[command(after_long_help = examples::COMPLETIONS)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `loopshark man`
#[derive(Args, Debug)]
#[command(after_long_help = examples::MAN)]
pub struct Man {
    /// The command whose page is printed [default: loopshark itself]
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub page: Option<String>,
    /// Write all pages into this folder instead
    #[arg(short = 'o', value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub out: Option<PathBuf>,
}

/// Longer than anyone waits, and short enough to be added to any clock.
const LONGEST: Duration = Duration::from_hours(365 * 24);

fn count(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| tr!("errors-not-a-count"))
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| tr!("errors-not-whole"))
}

fn in_flight(text: &str) -> Result<u16, String> {
    between(text, 1, 4096)
}

fn port(text: &str) -> Result<u16, String> {
    between(text, 0, u16::MAX)
}

fn real_port(text: &str) -> Result<u16, String> {
    between(text, 1, u16::MAX)
}

fn between(text: &str, least: u16, most: u16) -> Result<u16, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| tr!("errors-not-between", least = least, most = most))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let parsed = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    bounded(parsed.ok_or_else(|| tr!("errors-not-seconds"))?)
}

fn interval(text: &str) -> Result<Duration, String> {
    bounded(humantime::parse_duration(text).map_err(|_| tr!("errors-not-a-time"))?)
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end().parse();
    number.ok().filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| tr!("errors-not-percent"))
}

fn bounded(duration: Duration) -> Result<Duration, String> {
    if duration <= LONGEST { Ok(duration) } else { Err(tr!("errors-too-long")) }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| tr!("errors-not-an-address"))
}

fn language_named(text: &str) -> Result<Lang, String> {
    match text {
        "en" => Ok(Lang::English),
        "es" => Ok(Lang::Spanish),
        _ => Err(tr!("errors-not-a-language")),
    }
}

fn autostop(text: &str) -> Result<Duration, String> {
    seconds(text.strip_prefix("duration:").ok_or_else(|| tr!("errors-not-autostop"))?)
}

fn time_format(text: &str) -> Result<TimeFormat, String> {
    Ok(match text {
        "r" => TimeFormat::Relative,
        "a" => TimeFormat::Absolute,
        "ad" => TimeFormat::AbsoluteDate,
        "d" => TimeFormat::Delta,
        "dd" => TimeFormat::DeltaDisplayed,
        "e" => TimeFormat::Epoch,
        "u" => TimeFormat::Utc,
        "ud" => TimeFormat::UtcDate,
        _ => return Err(tr!("errors-not-a-time-format")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn the_language_is_known_before_the_rest_is_understood() {
        let language = |line: &str| language(line.split(' ').map(OsString::from));
        assert_eq!(language("--lang es read --hepl"), Some(Lang::Spanish));
        assert_eq!(language("read --lang=en x.pcap"), Some(Lang::English));
        assert_eq!(language("read --language es"), None);
        assert_eq!(language("read --lang de"), None);
        assert_eq!(language("read --lang"), None);
        assert_eq!(language("read -- --lang es"), None);
    }
}

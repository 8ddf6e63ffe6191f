//! What is wrong with a command line, told in the chosen language and in the shape of all the program's errors:
//! `loopshark: ` and what is wrong, then what may be meant, then how to go on.
//!
//! In English the words are clap's. In another language they are the catalogue's, with what clap knows of the case: which
//! argument, which value, and what is like it. What was typed may hold anything: it is made printable before it is said.
//! Knows no command.

use std::error::Error as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorFormatter, ErrorKind};

use crate::lang::{self, Lang};
use crate::platform;
use crate::printable::printable;
use crate::tr;

/// What clap writes before an error of its own.
const PREFIX: &str = "error: ";

type Error = clap::error::Error<Translated>;

/// Shows help and version where these were asked for, else what is wrong; the exit status that goes with it.
#[must_use]
pub fn report(error: clap::Error) -> ExitCode {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    let status = u8::try_from(error.exit_code()).unwrap_or(2);
    if matches!(error.kind(), DisplayHelp | DisplayHelpOnMissingArgumentOrSubcommand | DisplayVersion) {
        return match error.print() {
            // Whoever closed the pipe has seen enough.
            Err(cause) if !platform::is_closed_pipe(&cause) => {
                let _ = writeln!(io::stderr(), "loopshark: {}", tr!("errors-results", cause = cause.to_string()));
                ExitCode::from(2)
            }
            _ => ExitCode::from(status),
        };
    }
    let error = harmless(error);
    let text = match lang::chosen() {
        Lang::English => error.render().to_string(),
        Lang::Spanish => error.apply::<Translated>().render().to_string(),
    };
    // clap knows more than it shows, and may show more of it one day.
    let lines: Vec<_> = text.strip_prefix(PREFIX).unwrap_or(&text).split('\n').map(printable).collect();
    // Where nobody reads errors, there is nobody to tell.
    let _ = write!(io::stderr(), "loopshark: {}", lines.join("\n"));
    ExitCode::from(status)
}

/// The same error, with what was typed made printable, so that it stays where clap puts it.
fn harmless(mut error: clap::Error) -> clap::Error {
    let typed: Vec<_> = error.context().filter_map(|(kind, value)| Some((kind, shown(value)?))).collect();
    for (kind, value) in typed {
        error.insert(kind, value);
    }
    error
}

fn shown(value: &ContextValue) -> Option<ContextValue> {
    Some(match value {
        ContextValue::String(text) => ContextValue::String(printable(text)),
        ContextValue::Strings(texts) => ContextValue::Strings(texts.iter().map(printable).collect()),
        ContextValue::StyledStrs(texts) => {
            ContextValue::StyledStrs(texts.iter().map(|text| printable(text.to_string()).into()).collect())
        }
        _ => return None,
    })
}

/// Errors in the catalogue's words.
struct Translated;

impl ErrorFormatter for Translated {
    fn format_error(error: &Error) -> StyledStr {
        let mut text = what(error).unwrap_or_else(|| error.kind().to_string());
        let tips: Vec<String> = tips(error).map(|tip| format!("  {tip}")).collect();
        let usage = error.get(ContextKind::Usage).map(|usage| {
            let usage = usage.to_string().replace("[OPTIONS]", &say("placeholder-options", &[]));
            format!("{} {}", say("usage", &[]), usage.trim_start_matches("Usage: "))
        });
        for part in [(!tips.is_empty()).then(|| tips.join("\n")), usage, Some(say("error-more", &[]))] {
            text.extend(part.map(|part| format!("\n\n{part}")));
        }
        format!("{text}\n").into()
    }
}

fn say(name: &str, args: &[(&str, &str)]) -> String {
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, (*value).into())).collect();
    lang::message(&format!("help-{name}"), &args)
}

/// What is wrong, where clap knows it.
fn what(error: &Error) -> Option<String> {
    let arg = || one(error, ContextKind::InvalidArg);
    let value = || one(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => say("error-unknown-argument", &[("arg", &arg()?)]),
        ErrorKind::ArgumentConflict => conflict(error, &arg()?),
        ErrorKind::NoEquals => say("error-no-equals", &[("arg", &arg()?)]),
        ErrorKind::InvalidValue => invalid(error, &arg()?, &value()?),
        ErrorKind::ValueValidation => {
            let reason = error.source().map(ToString::to_string).unwrap_or_default();
            let invalid = say("error-invalid-value", &[("arg", &arg()?), ("value", &value()?)]);
            format!("{invalid}: {reason}")
        }
        ErrorKind::InvalidSubcommand => {
            say("error-unknown-command", &[("command", &one(error, ContextKind::InvalidSubcommand)?)])
        }
        ErrorKind::MissingSubcommand => {
            let known = list(error, ContextKind::ValidSubcommand).join(", ");
            say("error-missing-command", &[("known", &known)])
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = list(error, ContextKind::InvalidArg).join("\n  ");
            format!("{}\n  {missing}", say("error-missing-argument", &[]))
        }
        ErrorKind::TooManyValues => say("error-too-many-values", &[("arg", &arg()?), ("value", &value()?)]),
        ErrorKind::TooFewValues => counted(error, "error-too-few-values", ContextKind::MinValues)?,
        ErrorKind::WrongNumberOfValues => counted(error, "error-wrong-number", ContextKind::ExpectedNumValues)?,
        ErrorKind::InvalidUtf8 => say("error-utf-8", &[]),
        _ => return None,
    })
}

fn conflict(error: &Error, arg: &str) -> String {
    match list(error, ContextKind::PriorArg).as_slice() {
        [other] if other == arg => say("error-twice", &[("arg", arg)]),
        others => say("error-conflict", &[("arg", arg), ("others", &quoted(others))]),
    }
}

fn invalid(error: &Error, arg: &str, value: &str) -> String {
    let what = if value.is_empty() {
        say("error-no-value", &[("arg", arg)])
    } else {
        say("error-invalid-value", &[("arg", arg), ("value", value)])
    };
    let known = list(error, ContextKind::ValidValue).join(", ");
    if known.is_empty() { what } else { format!("{what}\n  [{}: {known}]", say("values", &[])) }
}

fn counted(error: &Error, name: &str, wanted: ContextKind) -> Option<String> {
    let (arg, wanted) = (one(error, ContextKind::InvalidArg)?, error.get(wanted)?.to_string());
    let given = error.get(ContextKind::ActualNumValues)?.to_string();
    Some(say(name, &[("arg", &arg), ("wanted", &wanted), ("given", &given)]))
}

/// What may be meant, and how to say it.
fn tips(error: &Error) -> impl Iterator<Item = String> {
    let kinds = [
        (ContextKind::SuggestedSubcommand, "error-similar-command"),
        (ContextKind::SuggestedArg, "error-similar-argument"),
        (ContextKind::SuggestedValue, "error-similar-value"),
    ];
    let similar = kinds.into_iter().filter_map(|(kind, name)| {
        let known = list(error, kind);
        (!known.is_empty()).then(|| say(name, &[("known", &quoted(&known))]))
    });
    let suggested = match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    // One suggestion is clap's own, and English.
    let translated = suggested.into_iter().map(|text| match one(error, ContextKind::InvalidArg) {
        Some(arg) if text.starts_with("to pass ") => say("error-after-dashes", &[("arg", &arg)]),
        _ => text,
    });
    similar.chain(translated)
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

fn one(error: &Error, kind: ContextKind) -> Option<String> {
    list(error, kind).into_iter().next()
}

fn list(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

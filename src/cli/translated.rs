//! The command line's help in another language than English, whose texts are the definition's own.
//!
//! Takes the finished definition and puts the catalogue's texts in the place of each English one, by names that follow
//! from the definition: `help-command-read`, `help-after-read` (its examples), `help-read-file` (an argument of one
//! command) or `help-view` (one of several), `help-view-value-packets`, `help-heading-faults-on-purpose`, `help-name-file`
//! (what stands for a value). What the catalogue lacks stays English, which a test forbids. Knows no command.

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use crate::lang::Lang;

/// Texts by their names, in a language.
struct Texts {
    lang: Lang,
    /// The names that were asked for, and whether there are such texts.
    #[cfg(test)]
    asked: std::cell::RefCell<Vec<(String, bool)>>,
}

/// The definition with its texts in this language.
pub(super) fn translated(mut command: Command, lang: Lang) -> Command {
    // What clap adds by itself is there only then.
    command.build();
    Texts::new(lang).command(command)
}

impl Texts {
    fn new(lang: Lang) -> Self {
        Self {
            lang,
            #[cfg(test)]
            asked: std::cell::RefCell::default(),
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        let name = format!("help-{}", name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        let text = self.lang.has(&name).then(|| self.lang.message(&name, &[]));
        #[cfg(test)]
        self.asked.borrow_mut().push((name, text.is_some()));
        text
    }

    /// One of several commands' texts, unless the command has its own.
    fn own_or_shared(&self, command: &str, name: &str) -> Option<String> {
        let own = format!("help-{command}-{name}").replace('_', "-");
        if self.lang.has(&own) { self.text(&format!("{command}-{name}")) } else { self.text(name) }
    }

    /// A text that the help can't do without.
    fn word(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    fn command(&self, mut command: Command) -> Command {
        let name = command.get_name().to_owned();
        if let Some(about) = self.text(&format!("command-{name}")) {
            command = command.about(about);
        }
        if command.get_long_about().is_some() {
            command = command.long_about(self.word(&format!("command-{name}-long")));
        }
        if command.get_after_help().is_some() {
            command = command.after_help(self.word(&format!("after-{name}")));
        }
        if command.get_after_long_help().is_some() {
            command = command.after_long_help(self.word(&format!("after-{name}")));
        }
        command = command
            .mut_args(|arg| self.arg(&name, arg))
            .help_template(format!(
                "{{before-help}}{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
                self.word("usage")
            ))
            .subcommand_help_heading(self.word("heading-commands"))
            .subcommand_value_name(self.word("placeholder-command"));
        let usage = command.render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", &self.word("placeholder-options"));
        command.override_usage(usage).mut_subcommands(|subcommand| self.command(subcommand))
    }

    fn arg(&self, command: &str, mut arg: Arg) -> Arg {
        let id = arg.get_id().to_string();
        if let Some(text) = self.own_or_shared(command, &id) {
            arg = self.with_help(command, &id, arg, text);
        }
        let names: Option<Vec<String>> =
            arg.get_value_names().filter(|_| arg.get_action().takes_values()).map(|names| {
                names
                    .iter()
                    .map(|name| self.text(&format!("name-{name}")).unwrap_or_else(|| name.to_string()))
                    .collect()
            });
        if let Some(names) = names {
            arg = arg.value_names(names);
        }
        let heading = match arg.get_help_heading() {
            Some(heading) => self.word(&format!("heading-{heading}")),
            None if arg.is_positional() => self.word("heading-arguments"),
            None => self.word("heading-options"),
        };
        arg.help_heading(heading)
    }

    /// The argument with this text, and with what clap would say in English of its values.
    fn with_help(&self, command: &str, id: &str, arg: Arg, text: String) -> Arg {
        let values: Vec<PossibleValue> = if arg.get_action().takes_values() && !arg.is_hide_possible_values_set() {
            arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect()
        } else {
            Vec::new()
        };
        let default = self.default(&arg);
        let has_long = arg.get_long_help().is_some();
        let arg = arg.hide_possible_values(true).hide_default_value(true);
        let named = values.iter().map(PossibleValue::get_name).collect::<Vec<_>>().join(", ");
        let inline = (!values.is_empty()).then(|| self.noted("values", &named));
        let short: Vec<String> = [Some(text.clone()), default.clone(), inline].into_iter().flatten().collect();
        let explained = values.iter().any(|value| value.get_help().is_some());
        let long = if has_long { self.own_or_shared(command, &format!("{id}-long")).unwrap_or(text) } else { text };
        let listed = explained.then(|| self.listed(command, id, &values));
        let inline = if explained { None } else { short.get(1 + usize::from(default.is_some())).cloned() };
        let long: Vec<String> = [Some(long), listed, default, inline].into_iter().flatten().collect();
        // Where there is a long help of anything, clap lays out all of it otherwise.
        let arg = arg.help(short.join(" "));
        if explained || has_long { arg.long_help(long.join("\n\n")) } else { arg }
    }

    /// `[por defecto: 5]`
    fn default(&self, arg: &Arg) -> Option<String> {
        let shown = arg.get_action().takes_values() && !arg.is_hide_default_value_set();
        let values = arg.get_default_values().iter().filter(|_| shown);
        let quoted = |value: &str| if value.contains(' ') { format!("{value:?}") } else { value.to_owned() };
        let values: Vec<String> = values.map(|value| quoted(&value.to_string_lossy())).collect();
        (!values.is_empty()).then(|| self.noted("default", &values.join(" ")))
    }

    fn noted(&self, name: &str, what: &str) -> String {
        format!("[{}: {what}]", self.word(name))
    }

    /// The values of an argument, each with what it means.
    fn listed(&self, command: &str, id: &str, values: &[PossibleValue]) -> String {
        let width = values.iter().map(|value| value.get_name().len()).max().unwrap_or_default() + 1;
        let mut lines = vec![format!("{}:", self.word("listed"))];
        for value in values {
            let name = value.get_name();
            let meaning = self.own_or_shared(command, &format!("{id}-value-{name}")).unwrap_or_default();
            lines.push(format!("- {:width$} {meaning}", format!("{name}:")));
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_text_of_the_help_is_there_in_spanish_and_no_other() {
        let mut command = Cli::command();
        command.build();
        let texts = Texts::new(Lang::Spanish);
        let _ = texts.command(command);
        let asked = texts.asked.into_inner();
        let missing: BTreeSet<_> = asked.iter().filter(|(_, there)| !there).map(|(name, _)| name.as_str()).collect();
        assert!(missing.is_empty(), "missing in src/lang/es/help.ftl: {missing:#?}");
        let asked: BTreeSet<_> = asked.iter().map(|(name, _)| name.as_str()).collect();
        let file = include_str!("../lang/es/help.ftl");
        let there = file.lines().filter_map(|line| line.split_once(" =")).map(|(name, _)| name);
        let of_help = |name: &&str| name.starts_with("help-") && !name.starts_with("help-error-");
        let superfluous: Vec<_> = there.filter(of_help).filter(|name| !asked.contains(name)).collect();
        assert!(superfluous.is_empty(), "nothing asks for these in src/lang/es/help.ftl: {superfluous:#?}");
    }

    #[test]
    fn what_is_typed_is_understood_as_in_english() {
        let line = ["loopshark", "lab", "--count", "3", "-T", "jsonl", "--loss", "20%"];
        let matches = translated(Cli::command(), Lang::Spanish).try_get_matches_from(line).unwrap();
        let (name, lab) = matches.subcommand().unwrap();
        assert_eq!((name, lab.get_one::<u64>("count")), ("lab", Some(&3)));
    }
}

//! What a person reads, in English and in Spanish.
//!
//! Messages are Fluent files, one a room and a language (`en/results.ftl` and its twin in `es/`), and [`tr!`] asks for one
//! by its name. Wireshark's own words (columns, protocols, Info) are no messages, nor are JSON's keys or the lab's
//! consoles. Knows nothing of who asks. The language is chosen once, before anything is said; until then it is English,
//! so that who uses this as a library is not surprised. Format: projectfluent.org/fluent/guide.

use std::sync::{LazyLock, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

pub use fluent_bundle::FluentValue as Value;

/// The message of this name, with its arguments: `tr!("results-lost", count = lost)`. Numbers may be given as they are,
/// for they decide between one and many; all else is text.
#[macro_export]
macro_rules! tr {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::lang::message($id, &[$((stringify!($name), $crate::lang::Value::from($value))),*])
    };
}

/// The files of a language, the same in each.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!($language, "/capture.ftl")),
            include_str!(concat!($language, "/check.ftl")),
            include_str!(concat!($language, "/details.ftl")),
            include_str!(concat!($language, "/doctor.ftl")),
            include_str!(concat!($language, "/errors.ftl")),
            include_str!(concat!($language, "/files.ftl")),
            include_str!(concat!($language, "/help.ftl")),
            include_str!(concat!($language, "/report.ftl")),
            include_str!(concat!($language, "/results.ftl")),
            include_str!(concat!($language, "/terminal.ftl")),
        ]
    };
}

/// A language that messages are kept in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

static CHOSEN: OnceLock<Lang> = OnceLock::new();
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new("en", files!("en")));
static SPANISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new("es", files!("es")));

impl Lang {
    /// The first language of those that the system asks for that messages are kept in, or English. Where one of POSIX's
    /// variables is set, these are asked alone, also on systems that have settings besides.
    #[must_use]
    pub fn of_system() -> Self {
        let variables =
            ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).unwrap_or_default());
        let named: Vec<_> =
            variables.iter().flat_map(|names| names.split(':')).filter(|name| !name.is_empty()).collect();
        let settings = named.is_empty().then(sys_locale::get_locales).into_iter().flatten();
        let mut locales = named.into_iter().map(str::to_owned).chain(settings);
        locales.find_map(|locale| Self::of_locale(&locale)).unwrap_or_default()
    }

    fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.split(['-', '_', '.']).next()?;
        [("en", Self::English), ("es", Self::Spanish)]
            .into_iter()
            .find_map(|(name, lang)| language.eq_ignore_ascii_case(name).then_some(lang))
    }

    fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::English => &ENGLISH,
            Self::Spanish => &SPANISH,
        }
    }

    /// The message of this name in this language; its name, where there is none.
    #[must_use]
    pub fn message(self, id: &str, args: &[(&str, Value<'_>)]) -> String {
        self.catalogue().message(id, args).unwrap_or_else(|| id.to_owned())
    }

    /// Whether there is a message of this name.
    #[must_use]
    pub fn has(self, id: &str) -> bool {
        self.catalogue().0.has_message(id)
    }
}

/// Chooses the language, for good: later calls change nothing.
pub fn choose(lang: Lang) {
    let _ = CHOSEN.set(lang);
}

/// The language that was chosen.
#[must_use]
pub fn chosen() -> Lang {
    CHOSEN.get().copied().unwrap_or_default()
}

/// The message of this name in the chosen language; what [`tr!`] calls.
#[must_use]
pub fn message(id: &str, args: &[(&str, Value<'_>)]) -> String {
    chosen().message(id, args)
}

/// The messages of one language.
struct Catalogue(FluentBundle<FluentResource>);

impl Catalogue {
    fn new(language: &str, files: impl IntoIterator<Item = &'static str>) -> Self {
        let mut bundle = FluentBundle::new_concurrent(language.parse().into_iter().collect());
        // Marks around arguments, for texts of both directions, would stand in files and terminals as rubbish.
        bundle.set_use_isolating(false);
        for file in files {
            // A mistake in a file costs its message alone; a test says that there is none.
            let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(file.to_owned());
            bundle.add_resource_overriding(resource);
        }
        Self(bundle)
    }

    fn message(&self, id: &str, args: &[(&str, Value<'_>)]) -> Option<String> {
        let pattern = self.0.get_message(id)?.value()?;
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        Some(self.0.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// The names of the messages in files, each with the arguments it takes.
    fn messages(files: impl IntoIterator<Item = &'static str>) -> BTreeMap<String, BTreeSet<String>> {
        let mut messages = BTreeMap::new();
        for file in files {
            let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
            for entry in resource.entries() {
                let written = format!("{entry:?}");
                let name = after(&written, "id: Identifier { name: \"").next().unwrap();
                let arguments = after(&written, "VariableReference { id: Identifier { name: \"").collect();
                assert!(messages.insert(name.clone(), arguments).is_none(), "{name} is there twice");
            }
        }
        messages
    }

    /// What stands behind each `mark`, up to the next quotation mark.
    fn after<'t>(text: &'t str, mark: &'t str) -> impl Iterator<Item = String> + 't {
        text.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
    }

    fn source_files(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                source_files(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("lang/mod.rs") {
                into.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_messages_with_the_same_arguments() {
        let (english, spanish) = (messages(files!("en")), messages(files!("es")));
        for (name, arguments) in &english {
            assert_eq!(spanish.get(name), Some(arguments), "{name}");
        }
        // The help's English is in the definition of the command line itself.
        let alone: Vec<_> = spanish.keys().filter(|name| !english.contains_key(*name)).collect();
        assert!(alone.iter().all(|name| name.starts_with("help-")), "{alone:?}");
    }

    #[test]
    fn every_message_that_is_asked_for_is_there_and_the_other_way_round() {
        let mut source = String::new();
        source_files(Path::new("src"), &mut source);
        let source = source.replace("include_str!", "");
        let known = messages(files!("en"));
        let asked: BTreeSet<String> = after(&source, "tr!(\"").chain(after(&source, "tr!(\n")).collect();
        for name in asked.iter().filter(|name| !name.trim().is_empty()) {
            assert!(known.contains_key(name), "{name} is asked for and not there");
        }
        for name in known.keys() {
            assert!(source.contains(&format!("\"{name}\"")), "{name} is there and not asked for");
        }
    }

    #[test]
    fn one_and_many_are_told_apart_in_both_languages() {
        let say = |lang: Lang, count: u64| lang.message("results-dropped", &[("count", count.into())]);
        assert_eq!(say(Lang::English, 1), "1 frame was dropped by the kernel");
        assert_eq!(say(Lang::English, 2), "2 frames were dropped by the kernel");
        assert_eq!(say(Lang::Spanish, 1), "el núcleo descartó 1 trama");
        assert_eq!(say(Lang::Spanish, 12_345_678), "el núcleo descartó 12345678 tramas");
    }

    #[test]
    fn the_language_is_the_one_that_the_locale_begins_with() {
        for (locale, lang) in [
            ("es", Some(Lang::Spanish)),
            ("es-ES", Some(Lang::Spanish)),
            ("es_MX.UTF-8", Some(Lang::Spanish)),
            ("ES-419", Some(Lang::Spanish)),
            ("en-GB", Some(Lang::English)),
            ("est-EE", None),
            ("C", None),
            ("", None),
        ] {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
    }

    #[test]
    fn a_message_that_is_missing_shows_as_its_name() {
        assert_eq!(Lang::Spanish.message("no-such-message", &[]), "no-such-message");
    }
}

//! Words as a command line that this system's shells take apart again.
//!
//! On Unix by POSIX's rules. On Windows a program takes its command line apart itself, after the shell has looked at it, and
//! cmd.exe and PowerShell agree on double quotes alone:
//! <https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments>.

/// These words, quoted where they have to be. No argument of a program holds a NUL, which alone can't be quoted.
#[must_use]
pub fn command_line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    #[cfg(not(windows))]
    return shlex::try_join(words).unwrap_or_default();
    #[cfg(windows)]
    return words.into_iter().map(double_quoted).collect::<Vec<_>>().join(" ");
}

// Its test is run on Unix too.
#[cfg(any(windows, test))]
fn double_quoted(word: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || r"-_./\:+=".contains(char);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut quoted = String::from('"');
    let mut backslashes = 0;
    for char in word.chars() {
        if char == '"' {
            // Backslashes are themselves but before a quote.
            quoted.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if char == '\\' { backslashes + 1 } else { 0 };
        quoted.push(char);
    }
    quoted.extend(std::iter::repeat_n('\\', backslashes));
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_shell_takes_the_words_apart_again() {
        let words = ["loopshark", "report", "mi captura.pcap", "--title", "l'informe $x", ""];
        let line = command_line(words);
        assert_eq!(line, r#"loopshark report 'mi captura.pcap' --title "l'informe "'$x' ''"#);
        assert_eq!(shlex::split(&line).unwrap(), words);
    }

    #[test]
    fn windows_words_are_quoted_where_a_shell_would_take_them_for_something_else() {
        for (word, quoted) in [
            (r"C:\capturas\práctica-6.pcap", r"C:\capturas\práctica-6.pcap"),
            ("udp port 8080", r#""udp port 8080""#),
            ("", r#""""#),
            ("l'informe", r#""l'informe""#),
            ("a&b|c,d;(e)", r#""a&b|c,d;(e)""#),
            (r"C:\mi carpeta\", r#""C:\mi carpeta\\""#),
            (r#"el "uno""#, r#""el \"uno\"""#),
            (r#"\\a\"b"#, r#""\\a\\\"b""#),
        ] {
            assert_eq!(double_quoted(word), quoted);
        }
    }
}

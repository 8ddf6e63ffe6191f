//! Text out of captures and reports, made harmless for whoever reads it: a terminal, a spreadsheet, Markdown, a browser.
//!
//! First, for all of them: nothing moves a cursor, begins a new line or turns the direction of writing; what would is
//! shown as U+FFFD, and so is what is no UTF-8. Then each format's own characters. Knows nothing of tables.
//! Sources: RFC 4180 for CSV, OWASP's "CSV Injection" for formulas, IANA's text/tab-separated-values, GitHub Flavored
//! Markdown section 2.4, and the HTML standard's "Escaping a string".

/// Appends text as a CSV cell; a formula becomes text, and a cell with separators or quotation marks is quoted.
pub(super) fn csv(out: &mut Vec<u8>, text: &[u8]) {
    let needs_quotes = text.iter().any(|byte| matches!(byte, b'"' | b',' | b';')) || is_formula(text);
    if !needs_quotes {
        return each(text, |c| push(out, c));
    }
    out.push(b'"');
    if is_formula(text) {
        out.push(b'\'');
    }
    each(text, |c| {
        if c == '"' {
            out.push(b'"');
        }
        push(out, c);
    });
    out.push(b'"');
}

/// Appends text as a cell between tabs, of which it can have none. For this is pasted into spreadsheets, a formula becomes
/// text, and a quotation mark does not begin a cell, where it would take in what comes behind.
pub(super) fn tsv(out: &mut Vec<u8>, text: &[u8]) {
    if is_formula(text) || text.first() == Some(&b'"') {
        out.push(b'\'');
    }
    each(text, |c| push(out, c));
}

/// Appends text that Markdown leaves as it is, in a table's cell, too.
pub(super) fn markdown(out: &mut Vec<u8>, text: &[u8]) {
    each(text, |c| {
        if "\\`*_|<>[]#&~$".contains(c) {
            out.push(b'\\');
        }
        push(out, c);
    });
}

/// Appends text for HTML, between tags or in a quoted attribute.
pub(super) fn html(out: &mut Vec<u8>, text: &[u8]) {
    each(text, |c| match c {
        '&' => out.extend_from_slice(b"&amp;"),
        '<' => out.extend_from_slice(b"&lt;"),
        '>' => out.extend_from_slice(b"&gt;"),
        '"' => out.extend_from_slice(b"&quot;"),
        '\'' => out.extend_from_slice(b"&#39;"),
        c => push(out, c),
    });
}

/// Text that is safe to show anywhere as plain text.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each(text.as_bytes(), |c| out.push(c));
    out
}

/// A text that has gone through one of the above.
pub(super) fn escaped(escape: fn(&mut Vec<u8>, &[u8]), text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    escape(&mut out, text.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a spreadsheet would take a cell for a formula, by its first character; some take the wide forms, too.
fn is_formula(text: &[u8]) -> bool {
    matches!(text, [b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n', ..])
        || ["＝", "＋", "－", "＠"].iter().any(|sign| text.starts_with(sign.as_bytes()))
}

/// Each character, with U+FFFD in the place of what is none or must not come through.
fn each(text: &[u8], mut take: impl FnMut(char)) {
    for chunk in text.utf8_chunks() {
        chunk.valid().chars().for_each(|c| take(if is_harmless(c) { c } else { char::REPLACEMENT_CHARACTER }));
        if !chunk.invalid().is_empty() {
            take(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Neither a control character, nor a line's end by another name, nor one that turns the direction of writing.
fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 7] = [
        "=HYPERLINK(\"http://x\",\"a\")",
        "a|b\n| c",
        "<script>alert('1')</script>&",
        "\x1b[2Jgone",
        "abc\u{202e}gpj.exe",
        "\tcell\r\nrow",
        "－1+1",
    ];

    fn all(escape: fn(&mut Vec<u8>, &[u8])) -> [String; 7] {
        HOSTILE.map(|text| escaped(escape, text))
    }

    #[test]
    fn a_csv_cell_is_text_whatever_it_holds() {
        assert_eq!(
            all(csv),
            [
                r#""'=HYPERLINK(""http://x"",""a"")""#,
                "a|b\u{fffd}| c",
                "<script>alert('1')</script>&",
                "\u{fffd}[2Jgone",
                "abc\u{fffd}gpj.exe",
                "\"'\u{fffd}cell\u{fffd}\u{fffd}row\"",
                "\"'－1+1\"",
            ]
        );
    }

    #[test]
    fn a_tsv_cell_holds_no_tab_and_no_line() {
        let cells = all(tsv);
        assert_eq!(cells[0], "'=HYPERLINK(\"http://x\",\"a\")");
        assert_eq!(cells[5], "'\u{fffd}cell\u{fffd}\u{fffd}row");
        assert_eq!(escaped(tsv, "\"a\tb"), "'\"a\u{fffd}b");
        assert!(cells.iter().all(|cell| !cell.contains(['\t', '\n', '\r', '\x1b'])));
    }

    #[test]
    fn a_markdown_cell_shows_what_it_holds() {
        let cells = all(markdown);
        assert_eq!(cells[1], "a\\|b\u{fffd}\\| c");
        assert_eq!(cells[2], "\\<script\\>alert('1')\\</script\\>\\&");
        assert_eq!(
            escaped(markdown, "*a* _b_ `c` [d](e) ~f~ $g$ #1 \\"),
            r"\*a\* \_b\_ \`c\` \[d\](e) \~f\~ \$g\$ \#1 \\"
        );
    }

    #[test]
    fn html_shows_what_it_holds() {
        let cells = all(html);
        assert_eq!(cells[0], "=HYPERLINK(&quot;http://x&quot;,&quot;a&quot;)");
        assert_eq!(cells[2], "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;");
        assert_eq!((cells[3].as_str(), cells[4].as_str()), ("\u{fffd}[2Jgone", "abc\u{fffd}gpj.exe"));
    }

    #[test]
    fn what_is_no_text_is_marked() {
        let mut out = Vec::new();
        html(&mut out, b"a\xffb\xe2\x82");
        assert_eq!(out, "a\u{fffd}b\u{fffd}".as_bytes());
    }
}

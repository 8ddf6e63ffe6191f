//! Text for each format: what a spreadsheet, Markdown, a browser or a diagram has a use for.
//!
//! What nobody may be shown is told by `printable` first, for all of them, so that no cell ends its line; then come each
//! format's own characters. Knows nothing of tables.
//! Sources: RFC 4180 for CSV, OWASP's "CSV Injection" for formulas, IANA's text/tab-separated-values, GitHub Flavored
//! Markdown sections 2.4 and 6.9, the HTML standard's "Escaping a string", and Mermaid's "Entity codes".

use crate::printable;

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

/// Appends text that Markdown leaves as it is, in a table's cell, too; an address in it is no link.
pub(super) fn markdown(out: &mut Vec<u8>, text: &[u8]) {
    let mut before = ' ';
    each(text, |c| {
        let has_use = match c {
            '\\' | '`' | '*' | '_' | '|' | '<' | '>' | '[' | ']' | '#' | '&' | '~' | '$' => true,
            '/' => before == ':',
            '.' => matches!(before, 'w' | 'W'),
            _ => false,
        };
        if has_use {
            out.push(b'\\');
        }
        before = c;
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

/// Appends text that Mermaid takes for nothing else: what it has a use for is given by number.
pub(super) fn mermaid(out: &mut Vec<u8>, text: &[u8]) {
    each(text, |c| {
        if c.is_alphanumeric() || " .,()→=/-_…+".contains(c) {
            push(out, c);
        } else {
            out.extend_from_slice(format!("#{};", u32::from(c)).as_bytes());
        }
    });
}

/// A text that has gone through one of the above.
pub(super) fn escaped(escape: fn(&mut Vec<u8>, &[u8]), text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    escape(&mut out, text.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a spreadsheet would take a cell for a formula, by its first character; some take the wide forms, too.
fn is_formula(text: &[u8]) -> bool {
    matches!(text, [b'=' | b'+' | b'-' | b'@', ..])
        || ["＝", "＋", "－", "＠"].iter().any(|sign| text.starts_with(sign.as_bytes()))
}

/// Each character, with an escape's in the place of one that must not come through.
fn each(text: &[u8], mut take: impl FnMut(char)) {
    printable::each(text, |c| {
        if printable::is_printable(c) {
            return take(c);
        }
        let mut escape = Vec::new();
        printable::write_character(&mut escape, c);
        for byte in escape {
            take(byte.into());
        }
    });
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
                r"a|b\n| c",
                "<script>alert('1')</script>&",
                r"\033[2Jgone",
                r"abc\u202Egpj.exe",
                r"\tcell\r\nrow",
                "\"'－1+1\"",
            ]
        );
    }

    #[test]
    fn a_tsv_cell_holds_no_tab_and_no_line() {
        let cells = all(tsv);
        assert_eq!(cells[0], "'=HYPERLINK(\"http://x\",\"a\")");
        assert_eq!(cells[5], r"\tcell\r\nrow");
        assert_eq!(escaped(tsv, "\"a\tb"), "'\"a\\tb");
        assert!(cells.iter().all(|cell| !cell.contains(['\t', '\n', '\r', '\x1b'])));
    }

    #[test]
    fn a_markdown_cell_shows_what_it_holds() {
        let cells = all(markdown);
        assert_eq!(cells[1], r"a\|b\\n\| c");
        assert_eq!(cells[2], r"\<script\>alert('1')\</script\>\&");
        assert_eq!(
            escaped(markdown, "*a* _b_ `c` [d](e) ~f~ $g$ #1 \\"),
            r"\*a\* \_b\_ \`c\` \[d\](e) \~f\~ \$g\$ \#1 \\"
        );
        assert_eq!(escaped(markdown, "http://x.y www.x.y ::1 a/b"), r"http:\//x.y www\.x.y ::1 a/b");
    }

    #[test]
    fn html_shows_what_it_holds() {
        let cells = all(html);
        assert_eq!(cells[0], "=HYPERLINK(&quot;http://x&quot;,&quot;a&quot;)");
        assert_eq!(cells[2], "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;");
        assert_eq!((cells[3].as_str(), cells[4].as_str()), (r"\033[2Jgone", r"abc\u202Egpj.exe"));
    }

    #[test]
    fn a_diagram_is_not_ended_by_what_stands_in_it() {
        assert_eq!(escaped(mermaid, "8080 → 1 Len=30 (1.5 ms)"), "8080 → 1 Len=30 (1.5 ms)");
        assert_eq!(escaped(mermaid, "```<b>;end\n%"), "#96;#96;#96;#60;b#62;#59;end#92;n#37;");
    }

    #[test]
    fn what_is_no_text_is_marked() {
        let mut out = Vec::new();
        html(&mut out, b"a\xffb\xe2\x82");
        assert_eq!(out, "a\u{fffd}b\u{fffd}".as_bytes());
    }

    /// Without escapes of one character, and those with these before them.
    fn unescaped(text: &str) -> String {
        let mut left = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if c == '\\' {
                chars.next();
            } else {
                left.push(c);
            }
        }
        left
    }

    fn text() -> impl Strategy<Value = Vec<u8>> {
        let signs =
            prop::collection::vec(prop::sample::select(b"=+-@\t\r\n\"',;|<>&`*_[]#~$\\\x1b\x9bw./:a ".to_vec()), 0..20);
        prop_oneof![any::<Vec<u8>>(), any::<String>().prop_map(String::into_bytes), signs]
    }

    proptest! {
        #[test]
        fn no_bytes_get_out_of_a_cell(text in text()) {
            let [csv, tsv, markdown, html, mermaid] = [csv, tsv, markdown, html, mermaid].map(|escape| {
                let mut out = Vec::new();
                escape(&mut out, &text);
                String::from_utf8(out).unwrap()
            });
            for out in [&csv, &tsv, &markdown, &html, &mermaid] {
                prop_assert!(out.chars().all(printable::is_printable), "{out:?}");
            }
            let shown = printable::printable(&text);
            let sign = |cell: &str| cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);

            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
            let read: Vec<_> = reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
            let expected = if sign(&shown) { format!("'{shown}") } else { shown.clone() };
            prop_assert_eq!(read.concat(), expected);
            prop_assert!(read.len() <= 1 && !sign(&csv));
            prop_assert!(!sign(&tsv) && !tsv.starts_with('"') && tsv.ends_with(&shown));

            prop_assert!(!unescaped(&markdown).contains(['`', '*', '_', '|', '<', '>', '[', ']', '#', '&', '~', '$']));
            prop_assert!(!markdown.contains("://") && !markdown.contains("www."));
            let plain = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
            prop_assert_eq!(plain.replace("&amp;", "&"), shown);
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let is_used = mermaid.contains(['`', '<', '>', '"', '%', ':', '{', '}']);
            prop_assert!(!is_used, "{mermaid:?}");
        }
    }
}

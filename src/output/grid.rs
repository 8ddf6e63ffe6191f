//! Records as a table of cells, whatever stands between them: CSV, TSV, Markdown and HTML differ in a [`Markup`] only.
//!
//! Rows come by the million: a cell is written once into a reused buffer, escaped into another, and nothing is kept.
//! What data has no place for (the lines under the exchanges, what was hidden) goes to standard error; a document has it
//! in it.

use std::io::{self, Write};

use super::cells::{self, COLUMNS, INFO, NUMERIC, TITLES};
use super::sink::Sink;
use super::{Fate, figures, footer_lines, hidden, notice, remarks, rows};
use crate::dissect::Coloring;
use crate::tr;
use crate::views::{Exchange, Footer, Hidden, Kept, Output, Row, ServiceSummary};

/// What stands around the cells of a format. Whatever is appended goes to `out`.
pub trait Markup {
    /// Whether there are cells and nothing else, for programs.
    const IS_DATA: bool;
    /// What comes first, once.
    fn begin(&self, out: &mut Vec<u8>, title: &str);
    /// Begins a table with its titles, and says which columns hold numbers; the caption is for who can't see what it is.
    fn titles<'t>(&self, out: &mut Vec<u8>, caption: &str, titles: impl Iterator<Item = (&'t str, bool)>);
    /// Begins a row.
    fn row(&self, out: &mut Vec<u8>, coloring: Coloring);
    /// Ends a row.
    fn row_end(&self, out: &mut Vec<u8>);
    /// A cell, the first of its row or a further one.
    fn cell(&self, out: &mut Vec<u8>, cell: Cell<'_>, is_first: bool);
    /// Ends a table.
    fn table_end(&self, out: &mut Vec<u8>);
    /// Lines under the tables.
    fn notes(&self, out: &mut Vec<u8>, notes: &[String]);
    /// What comes last.
    fn end(&self, out: &mut Vec<u8>);
}

/// What stands in a cell.
#[derive(Clone, Copy)]
pub enum Cell<'t> {
    /// A number, or a word in its place.
    Number(&'t [u8]),
    /// Text that needs no escape.
    Plain(&'t [u8]),
    /// Text, perhaps a stranger's.
    Text(&'t [u8]),
    /// What the row is about.
    Title(&'t [u8]),
}

/// A format with this markup.
pub struct Grid<M> {
    markup: M,
    sink: Sink,
    /// The cell that is being written.
    cell: Vec<u8>,
    begun: bool,
}

impl<M: Markup> Grid<M> {
    /// Writes to this writer.
    #[must_use]
    pub fn new(markup: M, writer: Box<dyn Write>) -> Self {
        Self { markup, sink: Sink::new(writer), cell: Vec::new(), begun: false }
    }

    /// Begins the table of rows, unless it has begun.
    fn begin_rows(&mut self, columns: usize, title: impl FnOnce() -> String) {
        if !std::mem::replace(&mut self.begun, true) {
            let out = &mut self.sink.buffer;
            let title = title();
            self.markup.begin(out, &title);
            self.markup.titles(out, &title, TITLES.into_iter().zip(NUMERIC).take(columns));
        }
    }

    fn push(&mut self, row: &Row<'_>, fate: Option<Fate>, columns: usize) -> io::Result<()> {
        let (markup, out, text) = (&self.markup, &mut self.sink.buffer, &mut self.cell);
        markup.row(out, row.coloring);
        let is_plain = row.info.plain_udp().is_some();
        let mut n = 0;
        cells::each(row, fate, |write| {
            if n < columns {
                text.clear();
                write(text);
                let cell = match n {
                    INFO if is_plain => Cell::Plain(text),
                    n if NUMERIC[n] => Cell::Number(text),
                    _ => Cell::Text(text),
                };
                markup.cell(out, cell, n == 0);
            }
            n += 1;
        });
        markup.row_end(out);
        self.sink.spill()
    }

    fn exchange_rows(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        self.begin_rows(COLUMNS, exchanges_title);
        rows(exchange).try_for_each(|(row, fate)| self.push(&row, fate, COLUMNS))
    }

    /// A service a row: what a spreadsheet sorts and draws.
    fn services_in_rows(&mut self, services: &[ServiceSummary]) {
        let (markup, out) = (&self.markup, &mut self.sink.buffer);
        let (service, titles) = (tr!("report-service"), figures::titles());
        let titles = titles.iter().map(|title| (title.as_str(), true));
        markup.titles(out, "", [(service.as_str(), false)].into_iter().chain(titles));
        for service in services {
            markup.row(out, Coloring::None);
            markup.cell(out, Cell::Text(service.service.to_string().as_bytes()), true);
            for (_, number) in figures::all(service).into_iter().flat_map(|(_, figure)| figure.numbers()) {
                markup.cell(out, Cell::Number(number.as_bytes()), false);
            }
            markup.row_end(out);
        }
        markup.table_end(out);
    }

    /// Ends the document, with what there is to say under it.
    fn finish(&mut self, notes: &[String]) -> io::Result<()> {
        if !M::IS_DATA {
            self.markup.notes(&mut self.sink.buffer, notes);
        }
        self.markup.end(&mut self.sink.buffer);
        self.sink.flush()?;
        if M::IS_DATA {
            notes.iter().for_each(notice);
        }
        Ok(())
    }
}

/// Writes the figures of a service as a table of two columns.
pub(super) fn service_table(markup: &impl Markup, out: &mut Vec<u8>, service: &ServiceSummary) {
    let (name, value) = (service.service.to_string(), tr!("report-value"));
    markup.titles(out, &name, [(name.as_str(), false), (value.as_str(), true)].into_iter());
    for (name, figure) in figures::shown(service) {
        markup.row(out, Coloring::None);
        markup.cell(out, Cell::Title(name.as_bytes()), true);
        markup.cell(out, Cell::Number(figure.as_bytes()), false);
        markup.row_end(out);
    }
    markup.table_end(out);
}

fn packets_title() -> String {
    tr!("report-packets")
}

fn exchanges_title() -> String {
    tr!("report-exchanges")
}

impl<M: Markup> Output for Grid<M> {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.begin_rows(COLUMNS - 1, packets_title);
        self.push(row, None, COLUMNS - 1)
    }

    fn packets_end(&mut self, what: &Hidden) -> io::Result<()> {
        self.begin_rows(COLUMNS - 1, packets_title);
        self.markup.table_end(&mut self.sink.buffer);
        let notes = if what.is_empty() { Vec::new() } else { vec![hidden(what)] };
        self.finish(&notes)
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        self.exchange_rows(exchange)
    }

    /// A row of a document can't be taken back: one that shows later to be of a lost request would be there twice.
    fn exchange_row(&mut self, _row: &Row<'_>, _fate: Option<Fate>) -> io::Result<()> {
        Ok(())
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.begin_rows(COLUMNS, exchanges_title);
        self.markup.table_end(&mut self.sink.buffer);
        self.finish(&footer_lines(footer))
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        self.markup.begin(&mut self.sink.buffer, &tr!("report-summary"));
        if M::IS_DATA {
            self.services_in_rows(services);
        } else {
            for service in services {
                service_table(&self.markup, &mut self.sink.buffer, service);
            }
        }
        let what = (!footer.hidden.is_empty()).then(|| hidden(&footer.hidden));
        let notes: Vec<String> = what.into_iter().chain(remarks(footer)).collect();
        self.finish(&notes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::dissect::{Address, Protocol};
    use crate::output::{Html, Markdown, Separated};
    use crate::time::TimeCell;

    /// What a stranger might put into a capture.
    const HOSTILE: [&str; 5] =
        ["=cmd|' /C calc'!A0", "a,\"b\";c\n1,2", "<script>alert(1)</script>", "\x1b]0;title\x07\u{202e}", "x\ty | z"];

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The packets view with these in the Info column.
    fn written(markup: impl Markup, infos: &[&str]) -> String {
        let shared = Shared::default();
        let mut grid = Grid::new(markup, Box::new(shared.clone()));
        for (info, number) in infos.iter().zip(1..) {
            let (time, src, dst, ports, len) = (TimeCell::default(), Address::None, Address::None, None, None);
            let (protocol, coloring) = (Protocol::Udp, Coloring::Udp);
            let row = Row { number, time, src, dst, ports, protocol, length: 49, len, coloring, info: (*info).into() };
            grid.packet(&row).unwrap();
        }
        grid.packets_end(&Hidden::default()).unwrap();
        let bytes = shared.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_spreadsheet_gets_one_cell_of_text_for_each_hostile_one() {
        let csv = written(Separated::CSV, &HOSTILE);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), TITLES[..COLUMNS - 1]);
        let infos: Vec<String> = reader.records().map(|record| record.unwrap()[INFO].to_owned()).collect();
        assert_eq!(
            infos,
            [
                "'=cmd|' /C calc'!A0",
                "a,\"b\";c\\n1,2",
                "<script>alert(1)</script>",
                r"\033]0;title\a\u202E",
                r"x\ty | z"
            ]
        );
    }

    #[test]
    fn hostile_text_adds_no_cell_no_row_and_no_tag() {
        let tsv = written(Separated::TSV, &HOSTILE);
        assert!(tsv.lines().count() == 6 && tsv.lines().all(|line| line.split('\t').count() == 7), "{tsv}");
        let markdown = written(Markdown, &HOSTILE);
        let rows: Vec<_> = markdown.lines().filter(|line| line.starts_with('|')).collect();
        let bars = |line: &&str| line.replace("\\|", "").matches('|').count() == 8;
        assert!(rows.len() == 7 && rows.iter().all(bars), "{markdown}");
        let html = written(Html, &HOSTILE);
        assert_eq!((html.matches("<tr").count(), html.matches("<td").count()), (6, 35), "{html}");
        for text in [tsv, markdown, html] {
            assert!(!text.contains("<script>") || text.starts_with("No."), "{text}");
            assert!(!text.contains(|c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}'), "{text}");
        }
    }

    #[test]
    fn nothing_at_all_is_a_table_without_rows() {
        assert_eq!(written(Separated::CSV, &[]), "\u{feff}No.,Time,Source,Destination,Protocol,Length,Info\n");
        assert_eq!(written(Separated::TSV, &[]), "No.\tTime\tSource\tDestination\tProtocol\tLength\tInfo\n");
        assert!(written(Html, &[]).ends_with("<tbody>\n</tbody>\n</table>\n</div>\n</main>\n</body>\n</html>\n"));
    }
}

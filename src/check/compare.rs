//! A cell as a report shows it, against what the capture says: the same, near, or something else.
//!
//! Columns are compared as values where they are values: numbers, times, addresses. Texts are laid side by side letter
//! by letter, and each place where they part is judged: OCR and typing confuse some signs for others, lose and add marks,
//! and take one letter for another now and then. They do not make one number of another, unless it could not be read.

use std::net::IpAddr;

use super::Cell;
use super::columns::Column;

/// How a cell compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// The same value.
    Same,
    /// The same but for what OCR and typing confuse.
    Near,
    /// Something else.
    Differs,
}

/// Names that are all real, though some differ in a letter only: none is taken for a misread other.
pub const PROTOCOLS: [&str; 18] = [
    "UDP", "TCP", "DNS", "MDNS", "LLMNR", "NBNS", "SSDP", "DHCP", "ICMP", "ICMPv6", "IGMP", "IGMPv1", "IGMPv2",
    "IGMPv3", "ARP", "IP", "IPv4", "IPv6",
];

/// The longest text that is laid out letter by letter; what follows is not compared.
const MAX_TEXT: usize = 1_024;

/// Compares a cell of any column but Time with what the capture says.
#[must_use]
pub fn cell(column: Column, shown: &Cell, decoded: &str) -> Agreement {
    let plain = text(column, shown, decoded);
    if plain == Agreement::Same || shown.tail.is_empty() {
        return plain;
    }
    // What stands below a row may be the rest of it, as many lines as it takes; how they were joined does not count.
    let mut whole = Cell { text: shown.text.clone(), tail: Vec::new(), ..shown.clone() };
    let joined = shown.tail.iter().map(|line| {
        whole.text.push_str(line);
        text(column, &whole, decoded)
    });
    joined.fold(plain, Agreement::min)
}

/// A cell of which it is asked many times whether a frame has the same: what no picture shows is the same only if all its
/// signs are, which is seen without laying texts side by side.
pub struct Asked<'c> {
    column: Column,
    cell: &'c Cell,
    /// The cell, and the cell with the lines below it: texts and their signs; none where these do not tell.
    wholes: Option<Vec<(String, Vec<char>)>>,
}

impl<'c> Asked<'c> {
    /// A cell of a column.
    #[must_use]
    pub fn new(column: Column, cell: &'c Cell) -> Self {
        let tells = !cell.seen && column == Column::Info;
        let wholes = || {
            let mut whole = Cell { tail: Vec::new(), ..cell.clone() };
            let first = (whole.text.clone(), Letters::new(&whole).chars);
            let joined = cell.tail.iter().map(|line| {
                whole.text.push_str(line);
                (whole.text.clone(), Letters::new(&whole).chars)
            });
            std::iter::once(first).chain(joined).collect()
        };
        Self { column, cell, wholes: tells.then(wholes) }
    }

    /// Whether the capture has the same, as [`cell`] compares.
    #[must_use]
    pub fn is(&self, decoded: &str) -> bool {
        let signs = || decoded.chars().filter_map(sign).take(MAX_TEXT);
        let is =
            |(text, chars): &(String, Vec<char>)| text.trim() == decoded.trim() || signs().eq(chars.iter().copied());
        match &self.wholes {
            Some(wholes) => wholes.iter().any(is),
            None => cell(self.column, self.cell, decoded) == Agreement::Same,
        }
    }
}

fn text(column: Column, shown: &Cell, decoded: &str) -> Agreement {
    let (a, b) = (shown.text.trim(), decoded.trim());
    if a == b {
        return Agreement::Same;
    }
    match column {
        Column::Number | Column::Length if equal::<u64>(a.split(' ').next().unwrap_or(a), b) => return Agreement::Same,
        Column::Source | Column::Destination if equal::<IpAddr>(a, b) => return Agreement::Same,
        Column::Protocol if a.eq_ignore_ascii_case(b) => return Agreement::Same,
        Column::Protocol if PROTOCOLS.contains(&a.to_ascii_uppercase().as_str()) && shown.unsure.is_empty() => {
            return Agreement::Differs;
        }
        _ => {}
    }
    let strict = !matches!(column, Column::Protocol | Column::Info);
    let (mut shown, decoded) = (Letters::new(shown), plain(b));
    if shown.chars == decoded {
        return Agreement::Same;
    }
    let whole = letters(&shown, &decoded, strict);
    if !shown.open || whole == Agreement::Same && shown.chars.len() >= decoded.len() {
        return whole;
    }
    // The last letter may be cut in half and read as another, and so may the points that stand for the rest.
    let mut best = whole;
    for _ in 0..if shown.seen { 6 } else { 1 } {
        shown.chars.pop();
        best = best.min(letters(&shown, &decoded, strict));
    }
    best.max(Agreement::Near)
}

fn equal<T: std::str::FromStr + PartialEq>(a: &str, b: &str) -> bool {
    matches!((a.parse::<T>(), b.parse::<T>()), (Ok(a), Ok(b)) if a == b)
}

/// A shown text, letter by letter and without spaces.
struct Letters {
    chars: Vec<char>,
    unsure: Vec<bool>,
    /// Whether its end is cut off.
    open: bool,
    /// Whether only letters and digits count.
    seen: bool,
}

impl Letters {
    fn new(cell: &Cell) -> Self {
        let (mut chars, mut unsure) = (Vec::new(), Vec::new());
        let whole = cell.text.trim_end();
        let text = whole.strip_suffix('…').or(whole.strip_suffix("...")).unwrap_or(whole);
        let mut known = cell.unsure.iter();
        let mut before = ' ';
        for c in text.chars() {
            let doubt = known.next().copied().unwrap_or(false);
            if before == '-' && c == '>' {
                chars.pop();
                unsure.pop();
                chars.push('→');
                unsure.push(doubt);
            } else if let Some(c) = sign(c) {
                chars.push(c);
                unsure.push(doubt);
            }
            before = c;
        }
        chars.truncate(MAX_TEXT);
        Self { open: cell.cut || text.len() < whole.len(), seen: cell.seen, chars, unsure }
    }
}

/// A decoded text in the same signs.
fn plain(text: &str) -> Vec<char> {
    text.chars().filter_map(sign).take(MAX_TEXT).collect()
}

/// One sign for all that mean the same; none for space.
fn sign(c: char) -> Option<char> {
    Some(match c {
        c if c.is_whitespace() => return None,
        '➔' | '➝' | '⟶' | '⇒' | '►' => '→',
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '´' | '`' => '\'',
        '–' | '—' | '−' | '‐' => '-',
        c => c,
    })
}

/// Signs that look alike.
const ALIKE: [&str; 12] =
    ["0OoQD@°", "1lI|iJ!]", "2Zz", "5Ss$", "6bG", "8B&", "9gq", "→+-=~>»*", "_-.,~", "[({|", "])}|", "\"'*°"];

/// Digits that OCR takes for each other.
const ALIKE_DIGITS: [&str; 7] = ["0689", "17", "149", "27", "358", "569", "38"];

/// A bit for each set of signs that look alike, letters and digits, that a sign is in.
fn looks(c: char) -> u32 {
    let sets = ALIKE.iter().chain(&ALIKE_DIGITS);
    sets.enumerate().fold(0, |looks, (n, signs)| looks | u32::from(signs.contains(c)) << n)
}

fn alike(a: char, b: char) -> bool {
    ALIKE.iter().any(|signs| signs.contains(a) && signs.contains(b))
}

fn alike_digits(a: char, b: char) -> bool {
    ALIKE_DIGITS.iter().any(|digits| digits.contains(a) && digits.contains(b))
}

/// What has to be done to a shown text to get the decoded one, at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Same(char),
    /// The shown sign, and the decoded one.
    Other(char, char),
    Added(char),
    Lost(char),
}

/// The letters of a shown text, spaces apart, with the decoded one that each stands for; none where it is too much.
#[must_use]
pub fn pairs(shown: &Cell, decoded: &str) -> Vec<Option<char>> {
    let steps = steps(&Letters::new(shown), &plain(decoded)).into_iter();
    let of_shown = steps.filter_map(|(step, ..)| match step {
        Step::Same(c) | Step::Other(_, c) => Some(Some(c)),
        Step::Added(_) => Some(None),
        Step::Lost(_) => None,
    });
    of_shown.collect()
}

/// Compares letter by letter. In strict columns letters are worth as much as digits: addresses.
fn letters(shown: &Letters, decoded: &[char], strict: bool) -> Agreement {
    let steps = steps(shown, decoded);
    let mut worst = Agreement::Same;
    let mut word = Word::default();
    for (step, unsure, hex) in steps {
        let counts = |c: char| c.is_ascii_digit() || (c.is_alphanumeric() && (strict || hex));
        let is_mark = |c: char| shown.seen && !c.is_alphanumeric();
        let judged = match step {
            Step::Same(_) => Agreement::Same,
            Step::Added(c) | Step::Lost(c) if is_mark(c) => Agreement::Same,
            Step::Other(a, b) if is_mark(b) && (is_mark(a) || unsure) => Agreement::Same,
            Step::Other(a, b) if unsure && shown.seen && a.is_alphabetic() && b.is_alphabetic() && !counts(b) => {
                Agreement::Same
            }
            Step::Other(a, b) if counts(a) && counts(b) && !alike(a, b) => {
                if unsure && (alike_digits(a, b) || !a.is_ascii_digit()) { Agreement::Near } else { Agreement::Differs }
            }
            Step::Other(a, b) if alike(a, b) => Agreement::Near,
            Step::Other(_, b) if counts(b) => {
                if unsure {
                    Agreement::Near
                } else {
                    Agreement::Differs
                }
            }
            Step::Added(c) | Step::Lost(c) if counts(c) => {
                if unsure {
                    Agreement::Near
                } else {
                    Agreement::Differs
                }
            }
            Step::Other(..) | Step::Added(_) | Step::Lost(_) => Agreement::Near,
        };
        worst = worst.max(judged).max(word.step(step));
    }
    worst.max(word.end())
}

/// A run of letters of the decoded text, and how much of it is otherwise.
#[derive(Default)]
struct Word {
    letters: usize,
    other: usize,
    /// The letter that was too much, or missing, last.
    slip: Option<char>,
}

impl Word {
    /// Takes the next step; a word that ends with it is judged.
    fn step(&mut self, step: Step) -> Agreement {
        match step {
            Step::Same(c) if c.is_alphabetic() => self.letters += 1,
            Step::Other(a, b) if b.is_alphabetic() => {
                self.letters += 1;
                self.other += usize::from(!alike(a, b));
            }
            Step::Added(c) if c.is_alphabetic() => self.slip(c),
            Step::Lost(c) if c.is_alphabetic() => {
                self.letters += 1;
                self.slip(c);
            }
            _ => return self.end(),
        }
        Agreement::Same
    }

    /// A letter that is missing here and too much nearby has only changed its place: that is one slip.
    fn slip(&mut self, c: char) {
        if self.slip.take() != Some(c) {
            self.slip = Some(c);
            self.other += 1;
        }
    }

    fn end(&mut self) -> Agreement {
        let Self { letters, other, .. } = std::mem::take(self);
        if other > 0 && other * 3 > letters.max(3) { Agreement::Differs } else { Agreement::Same }
    }
}

/// The cheapest way from shown to decoded, step by step: with each, whether the shown sign was unsure, and whether it
/// stands in a hexadecimal number.
fn steps(shown: &Letters, decoded: &[char]) -> Vec<(Step, bool, bool)> {
    let (rows, columns) = (shown.chars.len(), decoded.len());
    let width = columns + 1;
    let looks = |signs: &[char]| signs.iter().map(|c| looks(*c)).collect::<Vec<_>>();
    let (shown_looks, decoded_looks) = (looks(&shown.chars), looks(decoded));
    let cost = |i: usize, j: usize| match () {
        () if shown.chars[i] == decoded[j] => 0,
        () if shown_looks[i] & decoded_looks[j] != 0 => 2,
        () => 3,
    };
    let mut costs = vec![0_u32; (rows + 1) * width];
    for j in 1..=columns {
        costs[j] = costs[j - 1] + 2;
    }
    for i in 1..=rows {
        costs[i * width] = costs[(i - 1) * width] + 2;
        for j in 1..=columns {
            let other = costs[(i - 1) * width + j - 1] + cost(i - 1, j - 1);
            let gap = costs[(i - 1) * width + j].min(costs[i * width + j - 1]) + 2;
            costs[i * width + j] = other.min(gap);
        }
    }
    // What is cut may end anywhere in the decoded text.
    let end = if shown.open { (0..=columns).min_by_key(|j| costs[rows * width + j]).unwrap_or(0) } else { columns };
    let hex = hexadecimal(decoded);
    let (mut i, mut j) = (rows, end);
    let mut steps = Vec::with_capacity(rows.max(end));
    while i > 0 || j > 0 {
        let here = costs[i * width + j];
        let unsure = |i: usize| shown.unsure.get(i).copied().unwrap_or(false);
        if i > 0 && j > 0 && here == costs[(i - 1) * width + j - 1] + cost(i - 1, j - 1) {
            (i, j) = (i - 1, j - 1);
            let (a, b) = (shown.chars[i], decoded[j]);
            steps.push((if a == b { Step::Same(b) } else { Step::Other(a, b) }, unsure(i), hex[j]));
        } else if i > 0 && here == costs[(i - 1) * width + j] + 2 {
            i -= 1;
            steps.push((Step::Added(shown.chars[i]), unsure(i), false));
        } else {
            j -= 1;
            // A sign that is not there can't be unsure, but its neighbours can.
            steps.push((Step::Lost(decoded[j]), unsure(i) || (i > 0 && unsure(i - 1)), hex[j]));
        }
    }
    steps.reverse();
    steps
}

/// Which signs stand in a number that begins with 0x.
fn hexadecimal(text: &[char]) -> Vec<bool> {
    let mut inside = false;
    text.iter()
        .enumerate()
        .map(|(n, c)| {
            inside = c.is_ascii_hexdigit() && (inside || (n >= 2 && text[n - 2..n] == ['0', 'x']));
            inside
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(shown: &str, decoded: &str) -> Agreement {
        cell(Column::Info, &shown.into(), decoded)
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        assert_eq!(info("63337 → 8080 Len=17", "63337 → 8080 Len=17"), Agreement::Same);
        assert_eq!(info("63337 -> 8080  Len=17", "63337 → 8080 Len=17"), Agreement::Same);
        assert_eq!(cell(Column::Length, &"49 bytes".into(), "49"), Agreement::Same);
        assert_eq!(cell(Column::Source, &"0:0:0:0:0:0:0:1".into(), "::1"), Agreement::Same);
        assert_eq!(cell(Column::Protocol, &"udp".into(), "UDP"), Agreement::Same);
    }

    #[test]
    fn asking_for_the_same_finds_what_comparing_finds() {
        let texts = ["63337 → 8080 Len=17", "63337 -> 8080  Len=17", "63337 → 8080", "63337 → 8080…", "Len=17", ""];
        for (shown, tail) in texts.iter().flat_map(|shown| texts.map(|tail| (shown, tail))) {
            for seen in [false, true] {
                let cell = Cell { tail: vec![tail.to_owned()], seen, ..Cell::from(*shown) };
                let asked = Asked::new(Column::Info, &cell);
                for decoded in texts {
                    let same = super::cell(Column::Info, &cell, decoded) == Agreement::Same;
                    assert_eq!(asked.is(decoded), same, "{cell:?} {decoded:?}");
                }
            }
        }
    }

    #[test]
    fn what_ocr_and_typing_confuse_is_near() {
        assert_eq!(info("63337 + 8080 Len=17", "63337 → 8080 Len=17"), Agreement::Near);
        assert_eq!(info("63337 → 8O80 Len=l7", "63337 → 8080 Len=17"), Agreement::Near);
        assert_eq!(cell(Column::Protocol, &"NDNS".into(), "MDNS"), Agreement::Near);
        assert_eq!(cell(Column::Protocol, &"LLNMR".into(), "LLMNR"), Agreement::Near);
        assert_eq!(
            info("8123 → 55610 [SYN, ACK) SACK PERM Len=0", "8123 → 55610 [SYN, ACK] SACK_PERM Len=0"),
            Agreement::Near
        );
        assert_eq!(info("55610 → 8123 [SYN] Seq=0 Win=…", "55610 → 8123 [SYN] Seq=0 Win=65495 Len=0"), Agreement::Near);
    }

    #[test]
    fn other_numbers_and_other_words_differ() {
        assert_eq!(info("63337 → 8088 Len=17", "63337 → 8080 Len=17"), Agreement::Differs);
        assert_eq!(info("63337 → 88880 Len=17", "63337 → 8080 Len=17"), Agreement::Differs);
        assert_eq!(info("63337 → 8080 Len=1", "63337 → 8080 Len=17"), Agreement::Differs);
        assert_eq!(info("63337 → 8080", "63337 → 8080 Len=17"), Agreement::Differs);
        assert_eq!(info("1 → 2 [ACK] Seq=1", "1 → 2 [PSH, ACK] Seq=1"), Agreement::Differs);
        assert_eq!(info("1 → 2 [FIN] Seq=1", "1 → 2 [SYN] Seq=1"), Agreement::Differs);
        assert_eq!(info("Standard query 0x774c ANY a", "Standard query response 0x774c ANY a"), Agreement::Differs);
        assert_eq!(info("Standard query 0x774e ANY a", "Standard query 0x774c ANY a"), Agreement::Differs);
        assert_eq!(cell(Column::Protocol, &"TCP".into(), "UDP"), Agreement::Differs);
        assert_eq!(cell(Column::Protocol, &"DNS".into(), "MDNS"), Agreement::Differs);
        assert_eq!(cell(Column::Source, &"127.0.0.2".into(), "127.0.0.1"), Agreement::Differs);
        assert_eq!(cell(Column::Length, &"54".into(), "49"), Agreement::Differs);
    }

    #[test]
    fn an_unsure_digit_is_near_only_where_it_is_known_to_be_confused() {
        let unsure = |text: &str, at: usize| {
            let mut unsure = vec![false; at];
            unsure.push(true);
            Cell { unsure, ..Cell::from(text) }
        };
        assert_eq!(cell(Column::Length, &unsure("69", 0), "89"), Agreement::Near);
        assert_eq!(cell(Column::Length, &unsure("69", 1), "89"), Agreement::Differs);
        assert_eq!(cell(Column::Length, &unsure("29", 0), "89"), Agreement::Differs);
    }

    #[test]
    fn a_cell_that_goes_on_in_the_next_line_is_one_cell() {
        let wrapped = |text: &str, tail: &str| Cell { tail: vec![tail.to_owned()], ..Cell::from(text) };
        let decoded = "63337 → 8080 Len=17";
        assert_eq!(cell(Column::Info, &wrapped("63337 → 8080", "Len=17"), decoded), Agreement::Same);
        assert_eq!(cell(Column::Info, &wrapped("63337 → 80", "80 Len=17"), decoded), Agreement::Same);
        assert_eq!(cell(Column::Info, &wrapped(decoded, "Each message has 17 bytes."), decoded), Agreement::Same);
    }
}

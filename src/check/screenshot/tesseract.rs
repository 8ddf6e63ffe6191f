//! Reading lines with the program `tesseract`: one run for all of them, each with its letters and where these stand.
//!
//! Tesseract takes a list of pictures and writes hOCR (the format is at <https://kba.github.io/hocr-spec/1.2>): a page
//! for each, words in it, letters in these with box and confidence. Several runs share the work where there are cores.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::ScopedJoinHandle;

use crate::tr;
use image::GrayImage;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::platform::system::{self, Family, HERE};

/// More processes than this do not pay for their start.
const MAX_PROCESSES: usize = 4;
/// The file that names the pictures.
const LIST: &str = "lines.txt";

/// A letter that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// What it was read as.
    pub c: char,
    /// Left, top, right and bottom, in pixels of the line.
    pub area: [u32; 4],
}

/// Letters without a space between them.
pub type Word = Vec<Letter>;

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// There is no such program.
    #[error("{}", tr!("check-no-tesseract", command = install_command()))]
    Missing,
    /// It can't be run.
    #[error("{}", tr!("check-tesseract-run", cause = .0.to_string()))]
    Run(#[from] io::Error),
    /// There would be more to read than is read.
    #[error("{}", tr!("check-picture-too-many-lines", limit = super::lines::MAX_LINES))]
    TooManyLines,
    /// It ran and failed.
    #[error("{}", tr!("check-tesseract-failed", reason = .0.as_str()))]
    Failed(String),
}

/// How to get it.
#[must_use]
pub fn install_command() -> String {
    match HERE {
        Family::MacOs => "brew install tesseract".to_owned(),
        Family::Windows => "winget install UB-Mannheim.TesseractOCR".to_owned(),
        Family::Linux | Family::Other => {
            system::install_command(&["tesseract-ocr", "tesseract", "tesseract", "tesseract-ocr", "tesseract-ocr"])
        }
    }
}

/// Starts it: by its name, or on Windows from where its installer leaves it, which is not where programs are looked for.
#[must_use]
pub fn command() -> Command {
    let installed =
        std::env::var_os("ProgramFiles").map(|folder| Path::new(&folder).join(r"Tesseract-OCR\tesseract.exe"));
    match installed.filter(|path| HERE == Family::Windows && path.is_file()) {
        Some(path) => Command::new(path),
        None => Command::new("tesseract"),
    }
}

/// Reads these lines.
pub fn read(lines: &[&GrayImage]) -> Result<Vec<Vec<Word>>, OcrError> {
    let folder = tempfile::tempdir()?;
    let processes = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_PROCESSES);
    let share = lines.len().div_ceil(processes).max(1);
    let runs = std::thread::scope(|scope| {
        let mut runs = Vec::new();
        for (n, lines) in lines.chunks(share).enumerate() {
            let folder = folder.path().join(n.to_string());
            let beside = std::thread::Builder::new().spawn_scoped(scope, {
                let folder = folder.clone();
                move || run(&folder, lines)
            });
            // Where no thread is to be had, they are read here.
            runs.push(beside.map_err(|_| run(&folder, lines)));
        }
        let stopped = || Err(OcrError::Failed(tr!("check-tesseract-stopped")));
        let read = |run: Result<ScopedJoinHandle<'_, _>, _>| match run {
            Ok(thread) => thread.join().unwrap_or_else(|_| stopped()),
            Err(read) => read,
        };
        runs.into_iter().map(read).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(runs.into_iter().flatten().collect())
}

fn run(folder: &Path, lines: &[&GrayImage]) -> Result<Vec<Vec<Word>>, OcrError> {
    std::fs::create_dir(folder)?;
    let mut names = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let name = format!("{n}.png");
        line.save(folder.join(&name)).map_err(io::Error::other)?;
        writeln!(names, "{name}")?;
    }
    std::fs::write(folder.join(LIST), names)?;
    let hocr = tesseract(folder)?;
    let mut read = pages(&String::from_utf8_lossy(&hocr)).map_err(|error| OcrError::Failed(error.to_string()))?;
    read.resize(lines.len(), Vec::new());
    Ok(read)
}

fn tesseract(folder: &Path) -> Result<Vec<u8>, OcrError> {
    let output = command()
        // It is told names without a folder, whose own may be in letters that it does not understand on Windows.
        .current_dir(folder)
        .args([LIST, "stdout", "-l", "eng", "--psm", "7", "-c", "hocr_char_boxes=1", "-c", "load_system_dawg=0"])
        .args(["-c", "load_freq_dawg=0", "hocr"])
        // Its own threads fight each other over lines this small.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::null())
        .output();
    let output = match output {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OcrError::Missing),
        other => other?,
    };
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(OcrError::Failed(said.lines().last().map_or_else(|| tr!("check-tesseract-no-reason"), str::to_owned)))
}

/// The words of each page of hOCR.
pub fn pages(hocr: &str) -> Result<Vec<Vec<Word>>, quick_xml::Error> {
    let mut reader = Reader::from_str(hocr);
    reader.config_mut().check_end_names = false;
    let mut pages: Vec<Vec<Word>> = Vec::new();
    let mut area = None;
    loop {
        match reader.read_event()? {
            Event::Start(start) => match class(&start).as_str() {
                "ocr_page" => pages.push(Vec::new()),
                "ocrx_word" => {
                    if let Some(page) = pages.last_mut() {
                        page.push(Vec::new());
                    }
                }
                "ocrx_cinfo" => area = title_area(&start),
                _ => {}
            },
            Event::Text(text) => push(&mut pages, area, &text),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", &*name);
                push(&mut pages, area, &quick_xml::escape::unescape(&reference).unwrap_or_default());
            }
            Event::End(_) => area = None,
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(pages)
}

fn push(pages: &mut [Vec<Word>], area: Option<[u32; 4]>, text: &str) {
    if let (Some(area), Some(word)) = (area, pages.last_mut().and_then(|page| page.last_mut())) {
        word.extend(text.chars().filter(|c| !c.is_whitespace()).map(|c| Letter { c, area }));
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name);
    found.map(|attribute| attribute.value.into_owned()).unwrap_or_default()
}

fn class(start: &BytesStart<'_>) -> String {
    attribute(start, "class")
}

/// The box in a title such as `x_bboxes 10 20 30 40; x_conf 98.3`.
fn title_area(start: &BytesStart<'_>) -> Option<[u32; 4]> {
    let title = attribute(start, "title");
    let mut numbers = title.strip_prefix("x_bboxes ")?.split([' ', ';']).map_while(|word| word.parse().ok());
    let area = [numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?];
    (area[0] <= area[2] && area[1] <= area[3]).then_some(area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_with_their_places() {
        let hocr = "<html><div class='ocr_page'><span class='ocrx_word' title='bbox 1 2 9 4'>\
                    <span class='ocrx_cinfo' title='x_bboxes 1 2 3 4; x_conf 99.5'>4</span>\
                    <span class='ocrx_cinfo' title='x_bboxes 5 2 9 4; x_conf 98'>&gt;</span></span></div>\
                    <div class='ocr_page'></div></html>";
        let letter = |c, area| Letter { c, area };
        let expected = vec![vec![vec![letter('4', [1, 2, 3, 4]), letter('>', [5, 2, 9, 4])]], vec![]];
        assert_eq!(pages(hocr).unwrap(), expected);
    }
}

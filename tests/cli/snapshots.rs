//! Every fixture in every view and format, compared with what was printed when a person last looked at it.

use crate::harness::loopshark;
use crate::properties::fixtures;

#[test]
fn every_fixture_in_every_view_and_format() {
    for path in fixtures() {
        let capture = path.to_str().unwrap();
        for view in ["exchanges", "packets", "summary"] {
            for format in ["table", "text", "jsonl"] {
                let ran = loopshark(["read", capture, "--view", view, "-T", format]);
                assert_eq!(ran.status, Some(0), "{ran:?}");
                let name = format!("{}-{view}-{format}", path.file_name().unwrap().to_str().unwrap());
                insta::assert_snapshot!(name, format!("{}--- stderr\n{}", ran.stdout, ran.stderr));
            }
        }
    }
}

#[test]
fn the_help_of_every_command() {
    for command in ["lab", "server", "client", "capture", "read", "check", "interfaces"] {
        insta::assert_snapshot!(format!("help-{command}"), loopshark([command, "--help"]).stdout);
    }
    insta::assert_snapshot!("help", loopshark(["--help"]).stdout);
}

/// README's examples are real: each block that begins with a command holds what the command prints.
#[cfg(all(feature = "live", unix))]
#[test]
fn readme_shows_what_the_program_prints() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let blocks: Vec<_> = readme.split("```console\n$ ").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 3);
    for block in blocks {
        let (command, shown) = block.split_once('\n').unwrap();
        let program = env!("CARGO_BIN_EXE_loopshark");
        let script = format!("loopshark() {{ '{program}' \"$@\"; }}\n{command} 2>&1");
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), shown, "{command}");
    }
}

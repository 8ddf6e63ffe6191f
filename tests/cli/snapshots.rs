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
    for command in ["lab", "server", "client", "capture", "read", "interfaces"] {
        insta::assert_snapshot!(format!("help-{command}"), loopshark([command, "--help"]).stdout);
    }
    insta::assert_snapshot!("help", loopshark(["--help"]).stdout);
}

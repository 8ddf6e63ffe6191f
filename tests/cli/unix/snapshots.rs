//! README's examples, run by the shell that they are written for.

/// README's examples are real, in both languages: each block that begins with a command holds what it prints.
#[cfg(feature = "live")]
#[test]
fn readme_shows_what_the_program_prints() {
    for (file, locale) in [("README.md", "C"), ("docs/README.es.md", "es_ES.UTF-8")] {
        let readme = std::fs::read_to_string(file).unwrap();
        let blocks: Vec<_> =
            readme.split("```console\n$ ").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert!(blocks.len() >= 3);
        for block in blocks {
            let (command, shown) = block.split_once('\n').unwrap();
            let program = env!("CARGO_BIN_EXE_loopshark");
            let script = format!("loopshark() {{ '{program}' \"$@\"; }}\n{command} 2>&1");
            let mut shell = std::process::Command::new("sh");
            let output = shell.args(["-c", &script]).env("LC_ALL", locale).env_remove("LANGUAGE").output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), shown, "{file}: {command}");
        }
    }
}

//! Files: what the standard library says of them on some systems only.

use std::path::Path;

/// Whether two paths are one file, by whichever names; `-` is standard input, which may come from a file.
#[cfg(unix)]
#[must_use]
pub fn is_same_file(input: &Path, output: &Path) -> bool {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;
    let metadata = if input.as_os_str() == "-" {
        let stdin = std::io::stdin().as_fd().try_clone_to_owned();
        stdin.and_then(|stdin| std::fs::File::from(stdin).metadata())
    } else {
        input.metadata()
    };
    let identity = |metadata: std::fs::Metadata| (metadata.is_file(), metadata.dev(), metadata.ino());
    match (metadata.map(identity), output.metadata().map(identity)) {
        (Ok(input @ (true, ..)), Ok(output)) => input == output,
        _ => false,
    }
}

/// Whether two paths are one file, by whichever paths.
#[cfg(not(unix))]
#[must_use]
pub fn is_same_file(input: &Path, output: &Path) -> bool {
    matches!((input.canonicalize(), output.canonicalize()), (Ok(input), Ok(output)) if input == output)
}

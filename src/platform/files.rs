//! Files: whose they are, and which are one; what the standard library says of them on some systems only.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a file that nobody but its owner may read, who is whoever called `sudo`; one that is there is emptied, and
/// stays whose it is.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.clone().create_new(true).open(path) {
        Ok(file) => give_to_invoker(&file).map(|()| file),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.create(true).truncate(true).open(path),
        Err(error) => Err(error),
    }
}

/// Makes a file that root has created with `sudo` belong to who called that.
#[cfg(target_os = "linux")]
pub fn give_to_invoker(file: &File) -> io::Result<()> {
    let Some(invoker) = super::privileges::invoker() else { return Ok(()) };
    std::os::unix::fs::fchown(file, Some(invoker.uid), Some(invoker.gid))
}

/// Makes a file belong to who called `sudo`, of whom nothing is known here.
#[cfg(not(target_os = "linux"))]
pub fn give_to_invoker(_file: &File) -> io::Result<()> {
    Ok(())
}

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

/// Whether two paths are one file, by whichever names; `-` is standard input, which may come from a file.
#[cfg(windows)]
#[must_use]
pub fn is_same_file(input: &Path, output: &Path) -> bool {
    use same_file::Handle;
    let opened = if input.as_os_str() == "-" { Handle::stdin() } else { Handle::from_path(input) };
    // The console and `NUL` are no files, of which only one could be meant.
    output.is_file() && opened.is_ok_and(|input| Handle::from_path(output).is_ok_and(|output| input == output))
}

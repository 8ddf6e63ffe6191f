//! Copies of the program, for those who may do less.

/// A copy of the program, in a folder that everyone can reach.
pub fn copy_for_everyone() -> (tempfile::TempDir, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("loopshark");
    std::fs::copy(env!("CARGO_BIN_EXE_loopshark"), &copy).unwrap();
    for path in [folder.path(), &copy] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    (folder, copy)
}

/// Starts a copy. A test beside this one may just be forking while it still holds the copy open for writing.
pub fn start_copy<T>(mut start: impl FnMut() -> std::io::Result<T>) -> T {
    loop {
        match start() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            started => break started.unwrap(),
        }
    }
}

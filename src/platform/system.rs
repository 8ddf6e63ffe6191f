//! Which system this is, as far as advice depends on it: where it runs, what is installed, and how to install more.

use std::path::Path;

/// Which family of systems this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
    /// Another that is like Unix.
    Other,
}

/// The system that the program is built for.
pub const HERE: Family = if cfg!(windows) {
    Family::Windows
} else if cfg!(target_os = "macos") {
    Family::MacOs
} else if cfg!(target_os = "linux") {
    Family::Linux
} else {
    Family::Other
};

/// Where a process runs, as far as its loopback adapter may be another one than the person thinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On a machine.
    Machine,
    /// In a container of this kind.
    Container(&'static str),
    /// In Windows' Linux.
    Wsl,
    /// In an application's sandbox of this kind.
    Sandbox(&'static str),
}

impl Place {
    /// Whether it is a container.
    #[must_use]
    pub fn is_container(self) -> bool {
        matches!(self, Self::Container(_))
    }
}

/// The marks that places leave.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // each is a mark of its own
struct Marks<'a> {
    /// `/.dockerenv`.
    docker: bool,
    /// `/run/.containerenv`.
    podman: bool,
    /// The variable `KUBERNETES_SERVICE_HOST`.
    kubernetes: bool,
    /// The variable `container`, which systemd-nspawn, LXC and others set.
    variable: bool,
    /// `/.flatpak-info`.
    flatpak: bool,
    /// The variable `SNAP`.
    snap: bool,
    /// `/proc/sys/kernel/osrelease`.
    release: &'a str,
}

fn told_by(marks: Marks<'_>) -> Place {
    match marks {
        Marks { flatpak: true, .. } => Place::Sandbox("Flatpak"),
        Marks { snap: true, .. } => Place::Sandbox("Snap"),
        Marks { kubernetes: true, .. } => Place::Container("Kubernetes"),
        Marks { podman: true, .. } => Place::Container("Podman"),
        Marks { docker: true, .. } => Place::Container("Docker"),
        Marks { variable: true, .. } => Place::Container("LXC"),
        Marks { release, .. } if release.to_ascii_lowercase().contains("microsoft") => Place::Wsl,
        _ => Place::Machine,
    }
}

/// Where this process runs.
#[must_use]
pub fn place() -> Place {
    let variable = |name| std::env::var_os(name).is_some();
    let there = |path| Path::new(path).exists();
    told_by(Marks {
        docker: there("/.dockerenv"),
        podman: there("/run/.containerenv"),
        kubernetes: variable("KUBERNETES_SERVICE_HOST"),
        variable: variable("container"),
        flatpak: there("/.flatpak-info"),
        snap: variable("SNAP"),
        release: &std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default(),
    })
}

/// Whether there is a program of this name, also where only root looks for one.
#[must_use]
pub fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let for_root = ["/usr/sbin", "/sbin"].map(Into::into);
    std::env::split_paths(&path).chain(for_root).any(|folder| folder.join(program).is_file())
}

/// What installs a package, which is called otherwise on each of Debian, Fedora, Arch, openSUSE and Alpine.
#[must_use]
pub fn install_command(names: &[&str; 5]) -> String {
    install_with(&std::fs::read_to_string("/etc/os-release").unwrap_or_default(), names)
}

/// The same, given os-release(5).
fn install_with(release: &str, names: &[&str; 5]) -> String {
    const INSTALLERS: [(&str, &str); 5] = [
        ("debian", "sudo apt install"),
        ("fedora", "sudo dnf install"),
        ("arch", "sudo pacman -S"),
        ("suse", "sudo zypper install"),
        ("alpine", "sudo apk add"),
    ];
    let ids = || {
        let lines = release.lines().filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")));
        lines.flat_map(|value| value.trim_matches(['"', '\'']).split(' '))
    };
    let known = INSTALLERS.iter().zip(names).find(|((family, _), _)| ids().any(|id| id == *family));
    let ((_, installer), name) = known.unwrap_or((&INSTALLERS[0], &names[0]));
    format!("{installer} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_by_the_marks_they_leave() {
        assert_eq!(told_by(Marks { docker: true, ..Marks::default() }), Place::Container("Docker"));
        assert_eq!(
            told_by(Marks { docker: true, kubernetes: true, ..Marks::default() }),
            Place::Container("Kubernetes")
        );
        assert_eq!(told_by(Marks { podman: true, variable: true, ..Marks::default() }), Place::Container("Podman"));
        assert_eq!(told_by(Marks { snap: true, ..Marks::default() }), Place::Sandbox("Snap"));
        let release = "5.15.167.4-microsoft-standard-WSL2\n";
        assert_eq!(told_by(Marks { release, ..Marks::default() }), Place::Wsl);
        assert_eq!(told_by(Marks { release, docker: true, ..Marks::default() }), Place::Container("Docker"));
        assert_eq!(told_by(Marks { release: "6.1.0-18-amd64\n", ..Marks::default() }), Place::Machine);
    }

    #[test]
    fn each_family_of_systems_has_its_own_names_of_packages() {
        let names = ["tesseract-ocr", "tesseract", "tesseract", "tesseract-ocr", "tesseract-ocr"];
        for (release, command) in [
            ("ID=debian\n", "sudo apt install tesseract-ocr"),
            ("NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian\n", "sudo apt install tesseract-ocr"),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "sudo dnf install tesseract"),
            ("ID=arch\n", "sudo pacman -S tesseract"),
            ("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", "sudo zypper install tesseract-ocr"),
            ("ID=alpine\n", "sudo apk add tesseract-ocr"),
            ("", "sudo apt install tesseract-ocr"),
        ] {
            assert_eq!(install_with(release, &names), command, "{release}");
        }
    }
}

//! Blocks of a capture that hold no frame, and what their rows say.

/// A block of somebody's own.
pub(super) fn custom(enterprise: u32, copied: bool) -> String {
    let name = name(enterprise);
    let number = enterprise.cast_signed(); // as Wireshark shows it
    let copied = if copied { "" } else { " not" };
    format!("Custom Block: PEN = {name} ({number}), will{copied} be copied")
}

/// Some of the registry of private enterprises at IANA: examples, and those known to have blocks of their own.
fn name(enterprise: u32) -> &'static str {
    match enterprise {
        32473 => "Example Enterprise Number for Documentation Use",
        36724 => "Kaplan Research and Application Prototyping",
        46254 => "Vector Informatik GmbH",
        _ => "Unknown",
    }
}

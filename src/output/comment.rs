//! What became of a frame, in words, for whoever reads the capture in another program.

use crate::time::millis;
use crate::tr;
use crate::views::Fate;

/// The comment on the frame of this number.
#[must_use]
pub fn text(number: u64, fate: &Fate) -> String {
    match fate {
        Fate::Answered(by, rtt) => tr!("files-answered", number = number, by = *by, time = millis(*rtt)),
        Fate::Late(by, rtt) => tr!("files-late", number = number, by = *by, time = millis(*rtt)),
        Fate::Unanswered(timeout) => {
            let seconds = std::time::Duration::from_nanos(timeout.0.unsigned_abs()).as_secs_f64();
            tr!("files-unanswered", number = number, seconds = seconds.to_string())
        }
        Fate::Refused(by, reason) => tr!("files-refused", number = number, by = *by, reason = reason.to_string()),
        Fate::Response(to, rtt) => tr!("files-response", to = *to, time = millis(*rtt)),
        Fate::LateResponse(to, rtt) => tr!("files-late-response", to = *to, time = millis(*rtt)),
        Fate::Refusal(of) => tr!("files-refusal", to = *of),
        Fate::Copy => tr!("files-copy"),
        Fate::Further => tr!("files-further"),
        Fate::Unsolicited => tr!("files-unsolicited"),
    }
}

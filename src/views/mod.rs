//! What frames mean together: rows, exchanges, figures.
//!
//! A view takes dissected frames one by one and hands records to an [`Output`]. It knows no bytes and no formats; what
//! it leaves out, it counts.

use std::io;

pub mod beside;
pub mod details;
pub mod exchanges;
mod explain;
pub mod fates;
pub mod footer;
pub mod hidden;
pub mod matcher;
pub mod overview;
pub mod packets;
pub mod quantiles;
pub mod row;
pub mod summary;
pub mod tally;

pub use beside::Beside;
pub use details::{Details, Pages, Parts};
pub use exchanges::Exchanges;
pub use fates::{Fate, Fates};
pub use footer::{Account, Footer};
pub use hidden::Hidden;
pub use matcher::{Exchange, Held, Status};
pub use overview::{Overview, Seen};
pub use packets::Packets;
pub use row::{Kept, Row};
pub use summary::{ServiceSummary, Summary};

use crate::dissect::{Dissection, Noise, Transport};
use crate::source::Frame;
use crate::time::{Delta, TimeFormat};

/// Something that looks at dissected frames.
pub trait View {
    /// Takes the next frame.
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()>;
    /// Takes note of a frame that is not looked at: the Time column counts it.
    fn passed_over(&mut self, frame: &Frame<'_>);
    /// Whether the frame taken last is among what is shown.
    fn shows_last(&self) -> bool {
        true
    }
    /// Nothing is coming right now: whoever watches should see all there is.
    fn idle(&mut self) -> io::Result<()>;
    /// No more frames will come: shows what is still held back, and what was left out; and what others counted, where
    /// that says something else.
    fn finish(&mut self, account: &Account) -> io::Result<()>;
}

/// A view that shows nothing: for a pass that only learns.
pub struct Unseen;

impl View for Unseen {
    fn frame(&mut self, _: &Frame<'_>, _: Dissection<'_>) -> io::Result<()> {
        Ok(())
    }

    fn passed_over(&mut self, _: &Frame<'_>) {}

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Account) -> io::Result<()> {
        Ok(())
    }
}

/// Something that records are handed to: a format.
pub trait Output {
    /// A row of the packets view.
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()>;
    /// The end of the packets view.
    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()>;
    /// An exchange whose fate is known.
    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()>;
    /// A row of the exchanges view as it arrives, with what is known of its exchange by then.
    fn exchange_row(&mut self, row: &Row<'_>, fate: Option<(Status, Option<Delta>)>) -> io::Result<()>;
    /// The end of the exchanges view.
    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()>;
    /// The summary view, with what holds for all services together.
    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()>;
    /// Hands on what is held back.
    fn flush(&mut self) -> io::Result<()>;
}

/// What the views can be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Show background noise too.
    pub all: bool,
    /// The service's port, where the first sender is not the client.
    pub port: Option<u16>,
    /// A response later than this is late.
    pub timeout: Delta,
    /// What the Time column shows.
    pub time: TimeFormat,
}

impl Options {
    /// The noise that this frame is to be hidden as, if any: never what concerns the service's own port.
    fn noise(&self, dissection: &Dissection<'_>) -> Option<Noise> {
        let noise = dissection.noise.filter(|_| !self.all)?;
        let of_service = match dissection.transport {
            Transport::Udp(datagram) => {
                let tuple = datagram.tuple;
                self.port.is_some_and(|port| port == tuple.src.port || port == tuple.dst.port)
            }
            _ => false,
        };
        (!of_service).then_some(noise)
    }
}

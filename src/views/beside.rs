//! A view on a thread of its own, for one that shows no rows: matching goes on while the next frames are read and
//! dissected.
//!
//! Of a frame it gets what tells an exchange: when, how long, which protocol, and the datagram. Rows could not be made of
//! that.

use std::io;

use super::{Account, View};
use crate::dissect::{Datagram, Dissection, Noise, Protocol, Transport};
use crate::handover::{Handed, Handover};
use crate::source::{Comments, Frame, LinkType, Record};
use crate::time::Timestamp;

/// Frames in a batch, and bytes of their payloads.
const BATCH: usize = 1_024;
const BATCH_PAYLOADS: usize = 64 * 1024;

/// The hither end of the thread.
pub struct Beside(Handover<Batch, Account>);

/// Frames, in their order.
#[derive(Default)]
struct Batch {
    frames: Vec<Seen>,
    payloads: Vec<u8>,
}

/// A frame as far as it is needed.
struct Seen {
    number: u64,
    time: Timestamp,
    wire_len: u32,
    protocol: Protocol,
    noise: Option<Noise>,
    /// Without its payload.
    transport: Transport<'static>,
    /// How many bytes that has.
    payload: usize,
}

impl Beside {
    /// Starts the thread, on which the view is made.
    pub fn start(view: impl FnOnce() -> Box<dyn View> + Send + 'static) -> io::Result<Self> {
        Handover::start(view, carry_out).map(Self)
    }
}

fn carry_out(view: &mut Box<dyn View>, handed: Handed<'_, Batch, Account>) -> io::Result<()> {
    match handed {
        Handed::Batch(batch) => batch.empty_into(view.as_mut()),
        Handed::Told(account) => view.finish(&account),
    }
}

impl Batch {
    fn push(&mut self, frame: &Frame<'_>, dissection: &Dissection<'_>) {
        let payload = match dissection.transport {
            Transport::Udp(datagram) | Transport::UdpError { quoted: datagram } => datagram.payload,
            Transport::Tcp(_) | Transport::None => &[],
        };
        self.payloads.extend_from_slice(payload);
        let Frame { number, time, wire_len, .. } = *frame;
        let Dissection { protocol, noise, .. } = *dissection;
        let transport = with_payload(dissection.transport, &[]);
        self.frames.push(Seen { number, time, wire_len, protocol, noise, transport, payload: payload.len() });
    }

    fn empty_into(&mut self, view: &mut dyn View) -> io::Result<()> {
        let mut payloads = self.payloads.as_slice();
        for Seen { number, time, wire_len, protocol, noise, transport, payload } in self.frames.drain(..) {
            let (payload, behind) = payloads.split_at_checked(payload).unwrap_or((payloads, &[]));
            payloads = behind;
            let (record, link_type) = (Record::Frame, LinkType::RAW);
            let (data, comments) = (&[], Comments::default());
            let frame = Frame { number, time, time_digits: None, record, wire_len, link_type, data, comments };
            let transport = with_payload(transport, payload);
            view.frame(&frame, Dissection { protocol, noise, transport, ..Dissection::empty() })?;
        }
        self.payloads.clear();
        Ok(())
    }
}

/// The same with this payload instead of its own, where it has one.
fn with_payload<'p>(transport: Transport<'_>, payload: &'p [u8]) -> Transport<'p> {
    let with =
        |Datagram { tuple, application, id, len, .. }: Datagram<'_>| Datagram { tuple, application, id, len, payload };
    match transport {
        Transport::None => Transport::None,
        Transport::Tcp(tuple) => Transport::Tcp(tuple),
        Transport::Udp(datagram) => Transport::Udp(with(datagram)),
        Transport::UdpError { quoted } => Transport::UdpError { quoted: with(quoted) },
    }
}

impl View for Beside {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        let batch = &mut self.0.batch;
        batch.push(frame, &dissection);
        let is_full = batch.frames.len() >= BATCH || batch.payloads.len() >= BATCH_PAYLOADS;
        if is_full { self.0.hand_over() } else { Ok(()) }
    }

    /// Only the Time column counts such frames.
    fn passed_over(&mut self, _frame: &Frame<'_>) {}

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, account: &Account) -> io::Result<()> {
        self.0.end(*account)
    }
}

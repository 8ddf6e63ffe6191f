//! A format on a thread of its own, so that rows are written while the next frames are read and dissected.
//!
//! A row can't take its frame along, so that its Info is detached from it.

use std::io;

use super::Fate;
use crate::dissect::{self, Address, Coloring, Infos, Protocol};
use crate::handover::{Handed, Handover};
use crate::time::TimeCell;
use crate::views::{Exchange, Footer, Hidden, Kept, Output, Row, ServiceSummary};

/// Rows or exchanges in a batch: enough that handing it over costs nothing beside them.
const BATCH: usize = 1_024;
/// Bytes of Info columns in a batch, after which it is full too.
const BATCH_TEXT: usize = 64 * 1024;

/// The same of the rows of exchanges, which are kept one by one.
const BATCH_HELD: usize = 512 * 1024;

/// The hither end of the thread.
pub struct Relay(Handover<Batch, Call>);

/// What is not in batches.
enum Call {
    Flush,
    PacketsEnd(Hidden),
    ExchangesEnd(Footer),
    Summary(Vec<ServiceSummary>, Footer),
}

/// Records, in their order: a view shows either rows or exchanges.
#[derive(Default)]
struct Batch {
    rows: Vec<Detached>,
    infos: Infos,
    exchanges: Vec<Exchange<Kept>>,
    /// How many bytes their rows hold.
    held: usize,
}

/// A row without its frame.
struct Detached {
    number: u64,
    time: TimeCell,
    src: Address,
    dst: Address,
    ports: Option<(u16, u16)>,
    protocol: Protocol,
    length: u32,
    len: Option<u32>,
    coloring: Coloring,
    info: dissect::Detached,
}

impl Relay {
    /// Starts the thread, on which the format is made.
    pub fn start(output: impl FnOnce() -> Box<dyn Output> + Send + 'static) -> io::Result<Self> {
        Handover::start(output, carry_out).map(Self)
    }

    fn hand_over_full(&mut self) -> io::Result<()> {
        let Batch { rows, infos, exchanges, held } = &self.0.batch;
        let is_full = rows.len() + exchanges.len() >= BATCH || infos.len() >= BATCH_TEXT || *held >= BATCH_HELD;
        if is_full { self.0.hand_over() } else { Ok(()) }
    }
}

fn carry_out(output: &mut Box<dyn Output>, handed: Handed<'_, Batch, Call>) -> io::Result<()> {
    match handed {
        Handed::Batch(batch) => batch.empty_into(output.as_mut()),
        Handed::Told(Call::Flush) => output.flush(),
        Handed::Told(Call::PacketsEnd(hidden)) => output.packets_end(&hidden),
        Handed::Told(Call::ExchangesEnd(footer)) => output.exchanges_end(&footer),
        Handed::Told(Call::Summary(services, footer)) => output.summary(&services, &footer),
    }
}

impl Batch {
    fn push(&mut self, row: &Row<'_>) {
        let info = self.infos.push(&row.info);
        let &Row { number, time, src, dst, ports, protocol, length, len, coloring, .. } = row;
        self.rows.push(Detached { number, time, src, dst, ports, protocol, length, len, coloring, info });
    }

    fn empty_into(&mut self, output: &mut dyn Output) -> io::Result<()> {
        let mut infos = self.infos.attach();
        for Detached { number, time, src, dst, ports, protocol, length, len, coloring, info } in self.rows.drain(..) {
            let info = infos.next(info);
            output.packet(&Row { number, time, src, dst, ports, protocol, length, len, coloring, info })?;
        }
        drop(infos);
        self.infos.clear();
        self.held = 0;
        self.exchanges.drain(..).try_for_each(|exchange| output.exchange(exchange))
    }
}

impl Output for Relay {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.0.batch.push(row);
        self.hand_over_full()
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.0.end(Call::PacketsEnd(hidden.clone()))
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        self.0.batch.held += exchange.held();
        self.0.batch.exchanges.push(exchange);
        self.hand_over_full()
    }

    /// Rows that are shown as they arrive are not for a thread that would show them later.
    fn exchange_row(&mut self, _row: &Row<'_>, _fate: Option<Fate>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.0.end(Call::ExchangesEnd(footer.clone()))
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        self.0.end(Call::Summary(services.to_vec(), footer.clone()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.hand_over()?;
        self.0.tell(Call::Flush)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;
    use crate::dissect::UdpHeader;
    use crate::output::Text;

    /// What is written, for whoever looks at it from another thread; or nothing but an error after so many writes.
    #[derive(Clone)]
    pub struct Writer {
        written: Arc<Mutex<Vec<u8>>>,
        writes: usize,
    }

    impl Writer {
        pub fn new(writes: usize) -> Self {
            Self { written: Arc::default(), writes }
        }

        pub fn written(&self) -> Vec<u8> {
            self.written.lock().unwrap_or_else(PoisonError::into_inner).clone()
        }
    }

    impl io::Write for Writer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.writes = self.writes.checked_sub(1).ok_or(io::ErrorKind::BrokenPipe)?;
            self.written.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    pub fn row(number: u64, info: &str) -> Row<'_> {
        let info = if number.is_multiple_of(2) { UdpHeader::plain(63_337, 8080, 25).into() } else { info.into() };
        let (time, src, dst) = (TimeCell::default(), Address::NotApplicable, Address::None);
        let coloring = Coloring::None;
        Row { number, time, src, dst, ports: None, protocol: Protocol::Udp, length: 49, len: None, coloring, info }
    }

    fn show(output: &mut dyn Output, rows: u64) -> io::Result<()> {
        // Infos of every length, so that batches end for both reasons.
        let text = "x".repeat(300);
        for number in 0..rows {
            output.packet(&row(number, &text[..usize::try_from(number % 300).unwrap_or(0)]))?;
        }
        output.packets_end(&Hidden::default())
    }

    #[test]
    fn rows_come_out_as_without_the_thread() {
        for rows in [0, 1, BATCH as u64, 20_000] {
            let (direct, relayed) = (Writer::new(usize::MAX), Writer::new(usize::MAX));
            show(&mut Text::new(Box::new(direct.clone())), rows).unwrap();
            let writer = relayed.clone();
            show(&mut Relay::start(|| Box::new(Text::new(Box::new(writer)))).unwrap(), rows).unwrap();
            assert!(direct.written() == relayed.written(), "{rows} rows");
        }
    }

    #[test]
    fn a_writer_that_fails_ends_it() {
        for writes in 0..3 {
            let writer = Writer::new(writes);
            let mut relay = Relay::start(move || Box::new(Text::new(Box::new(writer)))).unwrap();
            assert_eq!(show(&mut relay, 20_000).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        }
    }
}

//! A format on a thread of its own, so that rows are written while the next frames are read and dissected.
//!
//! Records are handed over in batches, which come back empty to be filled again: as many as [`BATCHES`] are under way,
//! and whoever is faster waits. A row can't take its frame along, so that its Info is written here, unless it is a plain
//! datagram's. What the format fails with is told at the next batch or at the end.

use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::Fate;
use crate::dissect::{Address, Info, Protocol, UdpHeader};
use crate::time::TimeCell;
use crate::views::{Exchange, Footer, Hidden, Kept, Output, Row, ServiceSummary};

/// Rows or exchanges in a batch: enough that handing it over costs nothing beside them.
const BATCH: usize = 1_024;
/// Bytes of text in a batch, after which it is full too.
const BATCH_TEXT: usize = 64 * 1024;
const BATCHES: usize = 4;

/// The hither end of the thread.
pub struct Relay {
    batch: Batch,
    batches: usize,
    empty: Receiver<Batch>,
    // Gone once the thread has been told the end, or has ended by itself.
    thread: Option<(SyncSender<Message>, JoinHandle<io::Result<()>>)>,
}

/// What the thread is told.
enum Message {
    Batch(Batch),
    Flush,
    PacketsEnd(Hidden),
    ExchangesEnd(Footer),
    Summary(Vec<ServiceSummary>, Footer),
}

/// Records, in their order: a view shows either rows or exchanges.
#[derive(Default)]
struct Batch {
    rows: Vec<Written>,
    /// The Info columns of rows, one after the other.
    text: Vec<u8>,
    exchanges: Vec<Exchange<Kept>>,
}

/// A row without its frame.
struct Written {
    number: u64,
    time: TimeCell,
    src: Address,
    dst: Address,
    ports: Option<(u16, u16)>,
    protocol: Protocol,
    length: u32,
    len: Option<u32>,
    info: WrittenInfo,
}

enum WrittenInfo {
    Udp(UdpHeader),
    /// So many bytes of the batch's text.
    Text(usize),
}

impl Relay {
    /// Starts the thread, on which the format is made.
    pub fn start(output: impl FnOnce() -> Box<dyn Output> + Send + 'static) -> io::Result<Self> {
        let (to_thread, messages) = sync_channel(BATCHES);
        let (give_back, empty) = sync_channel(BATCHES);
        let work = move || {
            let mut output = output();
            messages.iter().try_for_each(|message| carry_out(message, output.as_mut(), &give_back))
        };
        let thread = thread::Builder::new().name("output".to_owned()).spawn(work)?;
        Ok(Self { batch: Batch::default(), batches: 1, empty, thread: Some((to_thread, thread)) })
    }

    /// Hands the batch over, if it is full.
    fn hand_over_full(&mut self) -> io::Result<()> {
        let Batch { rows, text, exchanges } = &self.batch;
        if rows.len() + exchanges.len() < BATCH && text.len() < BATCH_TEXT { Ok(()) } else { self.hand_over() }
    }

    fn hand_over(&mut self) -> io::Result<()> {
        let next = if self.batches < BATCHES {
            self.batches += 1;
            Batch::default()
        } else {
            // The thread gives each back, or has ended.
            self.empty.recv().unwrap_or_default()
        };
        let batch = std::mem::replace(&mut self.batch, next);
        self.tell(Message::Batch(batch))
    }

    fn tell(&mut self, message: Message) -> io::Result<()> {
        let is_told = self.thread.as_ref().is_some_and(|(thread, _)| thread.send(message).is_ok());
        if is_told { Ok(()) } else { self.join() }
    }

    /// Hands over what there is, says that this was the end, and waits for it to be written.
    fn end(&mut self, message: Message) -> io::Result<()> {
        self.hand_over()?;
        self.tell(message)?;
        self.join()
    }

    fn join(&mut self) -> io::Result<()> {
        let Some((channel, thread)) = self.thread.take() else {
            return Err(io::Error::other("the output has ended"));
        };
        drop(channel);
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

fn carry_out(message: Message, output: &mut dyn Output, give_back: &SyncSender<Batch>) -> io::Result<()> {
    match message {
        Message::Batch(mut batch) => {
            batch.empty_into(output)?;
            // If nobody takes it back, there will be no more.
            let _ = give_back.try_send(batch);
            Ok(())
        }
        Message::Flush => output.flush(),
        Message::PacketsEnd(hidden) => output.packets_end(&hidden),
        Message::ExchangesEnd(footer) => output.exchanges_end(&footer),
        Message::Summary(services, footer) => output.summary(&services, &footer),
    }
}

impl Batch {
    fn push(&mut self, row: &Row<'_>) {
        let info = match row.info.plain_udp() {
            Some(header) => WrittenInfo::Udp(header),
            None => {
                let start = self.text.len();
                row.info.write(&mut self.text);
                WrittenInfo::Text(self.text.len() - start)
            }
        };
        let &Row { number, time, src, dst, ports, protocol, length, len, .. } = row;
        self.rows.push(Written { number, time, src, dst, ports, protocol, length, len, info });
    }

    fn empty_into(&mut self, output: &mut dyn Output) -> io::Result<()> {
        let mut text = self.text.as_slice();
        for Written { number, time, src, dst, ports, protocol, length, len, info } in self.rows.drain(..) {
            let info = match info {
                WrittenInfo::Udp(header) => header.into(),
                WrittenInfo::Text(len) => {
                    let (info, behind) = text.split_at_checked(len).unwrap_or((text, &[]));
                    text = behind;
                    Info::written(info)
                }
            };
            output.packet(&Row { number, time, src, dst, ports, protocol, length, len, info })?;
        }
        self.text.clear();
        self.exchanges.drain(..).try_for_each(|exchange| output.exchange(exchange))
    }
}

impl Output for Relay {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.batch.push(row);
        self.hand_over_full()
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.end(Message::PacketsEnd(hidden.clone()))
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        self.batch.exchanges.push(exchange);
        self.hand_over_full()
    }

    /// Rows that are shown as they arrive are not for a thread that would show them later.
    fn exchange_row(&mut self, _row: &Row<'_>, _fate: Option<Fate>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.end(Message::ExchangesEnd(footer.clone()))
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        self.end(Message::Summary(services.to_vec(), footer.clone()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hand_over()?;
        self.tell(Message::Flush)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;
    use crate::output::Text;

    /// What is written, for whoever looks at it from another thread; or nothing but an error after so many writes.
    #[derive(Clone)]
    struct Writer {
        written: Arc<Mutex<Vec<u8>>>,
        writes: usize,
    }

    impl Writer {
        fn new(writes: usize) -> Self {
            Self { written: Arc::default(), writes }
        }

        fn written(&self) -> Vec<u8> {
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

    fn row(number: u64, info: &str) -> Row<'_> {
        let info = if number.is_multiple_of(2) { UdpHeader::plain(63_337, 8080, 25).into() } else { info.into() };
        let (time, src, dst) = (TimeCell::default(), Address::NotApplicable, Address::None);
        Row { number, time, src, dst, ports: None, protocol: Protocol::Udp, length: 49, len: None, info }
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

//! Work for a second thread, handed over in batches that come back empty to be filled again.
//!
//! At most [`BATCHES`] are under way, and whoever is faster waits, so that memory stays the same however long it takes.
//! What the thread fails with is told at the next batch or at the end. Knows nothing of what is in a batch.

use crate::tr;
use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

const BATCHES: usize = 4;

/// The hither end: batches of `B`, and between them whatever else there is to tell, `T`.
pub struct Handover<B, T> {
    /// To be filled, and handed over where it is full.
    pub batch: B,
    batches: usize,
    empty: Receiver<B>,
    /// Gone once it has ended.
    thread: Option<Thread<B, T>>,
}

struct Thread<B, T> {
    messages: SyncSender<Message<B, T>>,
    handle: JoinHandle<io::Result<()>>,
}

enum Message<B, T> {
    Batch(B),
    Told(T),
}

/// What the thread gets.
pub enum Handed<'b, B, T> {
    /// A batch, to be emptied.
    Batch(&'b mut B),
    /// Something else.
    Told(T),
}

impl<B: Default + Send + 'static, T: Send + 'static> Handover<B, T> {
    /// Starts the thread, on which the worker is made that carries out what is handed over, until it fails.
    pub fn start<W: 'static>(
        make: impl FnOnce() -> W + Send + 'static,
        carry_out: fn(&mut W, Handed<'_, B, T>) -> io::Result<()>,
    ) -> io::Result<Self> {
        let (messages, received) = sync_channel(BATCHES);
        let (give_back, empty) = sync_channel(BATCHES);
        let work = move || {
            let mut worker = make();
            received.iter().try_for_each(|message| match message {
                Message::Told(what) => carry_out(&mut worker, Handed::Told(what)),
                Message::Batch(mut batch) => {
                    carry_out(&mut worker, Handed::Batch(&mut batch))?;
                    // If nobody takes it back, there will be no more.
                    let _ = give_back.try_send(batch);
                    Ok(())
                }
            })
        };
        let handle = thread::Builder::new().spawn(work)?;
        Ok(Self { batch: B::default(), batches: 1, empty, thread: Some(Thread { messages, handle }) })
    }

    /// Hands the batch over.
    pub fn hand_over(&mut self) -> io::Result<()> {
        let next = if self.batches < BATCHES {
            self.batches += 1;
            B::default()
        } else {
            // The thread gives each back, or has ended.
            self.empty.recv().unwrap_or_default()
        };
        let batch = std::mem::replace(&mut self.batch, next);
        self.send(Message::Batch(batch))
    }

    /// Tells the thread something, after all that was handed over.
    pub fn tell(&mut self, what: T) -> io::Result<()> {
        self.send(Message::Told(what))
    }

    /// Hands over what there is, tells the thread the last thing, and waits until that is done.
    pub fn end(&mut self, last: T) -> io::Result<()> {
        self.hand_over()?;
        self.tell(last)?;
        self.join()
    }

    fn send(&mut self, message: Message<B, T>) -> io::Result<()> {
        let is_sent = self.thread.as_ref().is_some_and(|thread| thread.messages.send(message).is_ok());
        if is_sent { Ok(()) } else { self.join() }
    }

    fn join(&mut self) -> io::Result<()> {
        let Some(Thread { messages, handle }) = self.thread.take() else {
            return Err(io::Error::other(tr!("errors-ended")));
        };
        drop(messages);
        handle.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

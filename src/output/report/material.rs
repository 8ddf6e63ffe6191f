//! What a report is made of, gathered while a capture goes by: bounded, whatever the capture's length.
//!
//! The table has the first [`MAX_EXCHANGES`] exchanges and, of those behind, what was not simply answered, up to
//! [`MAX_FAULTS`] more. What it leaves out is counted by fate, for the report to say.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use super::course::{Course, Point};
use super::spread::Spread;
use crate::output::Fate;
use crate::time::Delta;
use crate::views::{Exchange, Footer, Hidden, Kept, Output, Row, ServiceSummary, Status};

/// The most exchanges in the table whatever became of them.
pub const MAX_EXCHANGES: usize = 500;
/// The most exchanges behind those in the table that were lost, refused, late, doubled or unsolicited.
pub const MAX_FAULTS: usize = 1_000;

/// The material.
#[derive(Debug)]
pub struct Material {
    /// Those in the table, in their order.
    pub exchanges: Vec<Exchange<Kept>>,
    /// How many of them came behind the first that are left out.
    faults: usize,
    /// How many are not in the table: answered ones, and others.
    pub left_out: (u64, u64),
    /// What became of requests, in the course of time.
    pub course: Course,
    /// How response times are distributed.
    pub spread: Spread,
    /// The figures of each service.
    pub services: Vec<ServiceSummary>,
    /// What holds for all together.
    pub footer: Footer,
}

impl Default for Material {
    fn default() -> Self {
        Self {
            exchanges: Vec::new(),
            faults: 0,
            left_out: (0, 0),
            course: Course::default(),
            spread: Spread::default(),
            services: Vec::new(),
            footer: Footer::new(Delta(0)),
        }
    }
}

impl Material {
    fn take(&mut self, exchange: Exchange<Kept>) {
        if let Some(rtt) = exchange.response_time() {
            self.spread.add(rtt);
        }
        let status = exchange.status;
        if exchange.request.is_some() && status != Status::Duplicate {
            self.course.add(Point { at: exchange.time, status, rtt: exchange.response_time() });
        }
        let is_fault = status != Status::Answered;
        if self.exchanges.len() - self.faults < MAX_EXCHANGES {
            self.exchanges.push(exchange);
        } else if is_fault && self.faults < MAX_FAULTS {
            self.faults += 1;
            self.exchanges.push(exchange);
        } else if is_fault {
            self.left_out.1 += 1;
        } else {
            self.left_out.0 += 1;
        }
    }
}

/// Takes the records of views in, for several hands.
#[derive(Clone, Default)]
pub struct Collector(Rc<RefCell<Material>>);

impl Collector {
    /// What was taken in.
    #[must_use]
    pub fn into_material(self) -> Material {
        self.0.take()
    }
}

impl Output for Collector {
    fn packet(&mut self, _row: &Row<'_>) -> io::Result<()> {
        Ok(())
    }

    fn packets_end(&mut self, _hidden: &Hidden) -> io::Result<()> {
        Ok(())
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        self.0.borrow_mut().take(exchange);
        Ok(())
    }

    fn exchange_row(&mut self, _row: &Row<'_>, _fate: Option<Fate>) -> io::Result<()> {
        Ok(())
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.0.borrow_mut().footer = footer.clone();
        Ok(())
    }

    fn summary(&mut self, services: &[ServiceSummary], _footer: &Footer) -> io::Result<()> {
        let mut material = self.0.borrow_mut();
        material.services = services.to_vec();
        // A stable sort: of those with as many requests, the first seen stays first.
        material.services.sort_by_key(|service| std::cmp::Reverse(service.tally.requests()));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{TimeStyle, Timestamp};

    #[test]
    fn losses_stay_in_a_table_that_is_full_and_what_goes_is_counted() {
        let mut material = Material::default();
        for n in 0..20_000_i64 {
            let (status, rtt) =
                if n % 10 == 9 { (Status::Unanswered, None) } else { (Status::Answered, Some(Delta(n))) };
            let time = Timestamp(n * 1_000_000);
            let (request, response) = (Some(kept()), rtt.map(|_| kept()));
            material.take(Exchange {
                status,
                time,
                ends: None,
                service: None,
                request,
                response,
                rtt,
                reordered: false,
            });
        }
        assert_eq!(material.exchanges.len(), MAX_EXCHANGES + MAX_FAULTS);
        assert_eq!(material.left_out, (18_000 - 450, 2_000 - 50 - 1_000));
        assert_eq!((material.course.count(), material.spread.count()), (20_000, 18_000));
    }

    fn kept() -> Kept {
        Kept::Udp { number: 1, nanos: 0, style: TimeStyle::default(), length: 49, len: 25 }
    }
}

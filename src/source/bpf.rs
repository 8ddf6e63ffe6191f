//! BPF expressions on frames that are already here: `-f` for saved captures.
//!
//! libpcap compiles the expression, once for each link type that occurs, since offsets differ by link type. Without the
//! feature `live` there is no libpcap, and making a filter says so. Knows nothing of sources. Syntax: pcap-filter(7).

#[cfg(feature = "live")]
pub use with_libpcap::Filter;
#[cfg(not(feature = "live"))]
pub use without_libpcap::Filter;

#[cfg(feature = "live")]
mod with_libpcap {
    use pcap::{BpfProgram, Capture, Linktype};

    use crate::platform::library;
    use crate::source::frame::{Frame, LinkType};
    use crate::source::{SourceError, live};

    /// A capture filter, compiled for the link types met so far.
    pub struct Filter {
        expression: String,
        programs: Vec<(LinkType, BpfProgram)>,
    }

    impl Filter {
        /// Checks the expression, against Ethernet, where every primitive has a meaning.
        pub fn new(expression: &str) -> Result<Self, SourceError> {
            library::load()?;
            let program = compile(expression, LinkType::ETHERNET)?;
            Ok(Self { expression: expression.to_owned(), programs: vec![(LinkType::ETHERNET, program)] })
        }

        /// Whether the frame passes.
        pub fn matches(&mut self, frame: &Frame<'_>) -> Result<bool, SourceError> {
            if !self.programs.iter().any(|(link_type, _)| *link_type == frame.link_type) {
                let program = compile(&self.expression, frame.link_type)?;
                self.programs.push((frame.link_type, program));
            }
            let program = self.programs.iter().find(|(link_type, _)| *link_type == frame.link_type);
            Ok(program.is_some_and(|(_, program)| program.filter(frame.data)))
        }
    }

    fn compile(expression: &str, link_type: LinkType) -> Result<BpfProgram, SourceError> {
        let compiled = Capture::dead(Linktype(link_type.dlt())).and_then(|c| c.compile(expression, true));
        compiled
            .map_err(|error| SourceError::Filter { expression: expression.to_owned(), reason: live::reason(&error) })
    }
}

#[cfg(not(feature = "live"))]
mod without_libpcap {
    use crate::source::SourceError;
    use crate::source::frame::Frame;

    /// A capture filter, which this build can't make.
    pub enum Filter {}

    impl Filter {
        /// Says that this build has no libpcap.
        pub fn new(_expression: &str) -> Result<Self, SourceError> {
            Err(SourceError::NoLibpcap { what: "filter" })
        }

        /// Never reached: there is no such filter.
        pub fn matches(&mut self, _frame: &Frame<'_>) -> Result<bool, SourceError> {
            match *self {}
        }
    }
}

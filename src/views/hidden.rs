//! What a view left out, counted by name, so that nothing is hidden in silence.
//!
//! Displays as `41 noise (25 MDNS, 16 LLMNR), 37 TCP, 5 ICMPv6`.

use std::fmt;
use std::mem::discriminant;

use crate::dissect::{Noise, Protocol};
use crate::tr;

/// Counts of hidden frames.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    noise: [u64; Noise::ALL.len()],
    /// One entry a name, at most as many as there are names.
    protocols: Vec<(Protocol, u64)>,
}

impl Hidden {
    /// Counts a frame of background noise.
    pub fn noise(&mut self, noise: Noise) {
        self.noise[noise as usize] += 1;
    }

    /// Counts a frame that the view has no place for.
    pub fn protocol(&mut self, protocol: Protocol) {
        let same_name = |entry: &&mut (Protocol, u64)| discriminant(&entry.0) == discriminant(&protocol);
        match self.protocols.iter_mut().find(same_name) {
            Some(entry) => entry.1 += 1,
            None => self.protocols.push((protocol, 1)),
        }
    }

    /// How many frames of noise.
    #[must_use]
    pub fn noise_total(&self) -> u64 {
        self.noise.iter().sum()
    }

    /// How many frames at all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.protocols.iter().fold(self.noise_total(), |total, (_, count)| total + count)
    }

    /// Whether nothing was hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.noise_total() == 0 && self.protocols.is_empty()
    }
}

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let noise = Noise::ALL.into_iter().filter(|noise| self.noise[*noise as usize] > 0);
        let mut names: Vec<_> = noise.map(|noise| (self.noise[noise as usize], noise.name())).collect();
        names.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        if !names.is_empty() {
            let names: Vec<_> = names.iter().map(|(count, name)| format!("{count} {name}")).collect();
            parts.push(tr!("results-noise", count = self.noise_total(), names = names.join(", ")));
        }
        let mut protocols: Vec<_> = self.protocols.iter().collect();
        protocols.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        parts.extend(protocols.iter().map(|(protocol, count)| format!("{count} {protocol}")));
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_the_footer_says_it() {
        let mut hidden = Hidden::default();
        assert!(hidden.is_empty());
        for noise in [Noise::Llmnr, Noise::Mdns, Noise::Mdns] {
            hidden.noise(noise);
        }
        for protocol in [Protocol::Icmpv6, Protocol::Tcp, Protocol::Tcp, Protocol::EtherType(0x88cc)] {
            hidden.protocol(protocol);
        }
        assert_eq!(hidden.to_string(), "3 noise (2 MDNS, 1 LLMNR), 2 TCP, 1 ICMPv6, 1 other");
        assert_eq!((hidden.noise_total(), hidden.total()), (3, 7));
    }
}

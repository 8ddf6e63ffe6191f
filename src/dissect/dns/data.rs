//! The data of records: what the row shows of it, and how far Wireshark reads it.
//!
//! Goes by the steps of `layout`. Data may claim more or less than the record's length; reading goes on at the length
//! that the record claims.

use std::net::Ipv6Addr;

use super::layout::{Step, layout};
use super::{Reader, Stop};
use crate::dissect::address::{write_ipv4, write_ipv6};
use crate::dissect::text::{write_number, write_text};

impl Reader<'_, '_> {
    /// Reads the data of the record, and appends the value as far as it is shown.
    pub(super) fn data(&mut self, kind: u16) -> Result<(), Stop> {
        let read = layout(kind).iter().try_for_each(|&step| self.data_step(step));
        if read.is_err() {
            self.out.truncate(self.record.kept);
        }
        read
    }

    fn data_step(&mut self, step: Step) -> Result<(), Stop> {
        match step {
            Step::Fields(widths) => self.fields.skip(widths),
            Step::Name => self.take_name(),
            Step::StringIfAny if self.left() <= 1 => Ok(()),
            Step::String | Step::StringIfAny => self.string(),
            Step::Strings => self.strings(),
            Step::LongString => self.long_string(),
            Step::Octets => self.octets(),
            Step::Types => self.types(),
            Step::Rest => self.rest(),
            Step::ShowName => self.show_name(),
            Step::ShowOwner => self.show_owner(),
            Step::ShowNumber => self.show_number(),
            Step::ShowIpv4 => self.show_ipv4(),
            Step::ShowIpv6 => self.show_ipv6(),
            Step::ShowString => self.show_string(false),
            Step::ShowCutString => self.show_string(true),
            Step::Key => self.key(),
            Step::Location => self.location(),
            Step::KeyExchanger => self.key_exchanger(),
            Step::IndirectAddress => self.indirect_address(),
            Step::Options => self.options(),
            Step::Prefixes => self.prefixes(),
            Step::Gateway => self.gateway(),
            Step::NextHash => self.next_hash(),
            Step::HostIdentity => self.host_identity(),
            Step::RestUnmoved => self.rest_unmoved(),
            Step::Service => self.service(),
            Step::Authorization => self.authorization(),
            Step::Servers => self.servers(),
            Step::Forwarded => self.forwarded(),
        }
    }

    /// How many bytes of the data are left; none where reading went past its end.
    fn left(&self) -> usize {
        self.record.end.saturating_sub(self.fields.at)
    }

    /// Reads over a string behind its length in one byte.
    fn string(&mut self) -> Result<(), Stop> {
        let len = self.fields.u8()?;
        self.fields.bytes(len.into()).map(drop)
    }

    /// Reads over a string behind its length in two bytes.
    fn long_string(&mut self) -> Result<(), Stop> {
        let len = self.fields.be16()?;
        self.fields.bytes(len.into()).map(drop)
    }

    /// Reads over strings, on past the end if they don't end there.
    fn strings(&mut self) -> Result<(), Stop> {
        while self.fields.at != self.record.end {
            self.string()?;
        }
        Ok(())
    }

    /// Reads over bytes, on past the end if that is behind already.
    fn octets(&mut self) -> Result<(), Stop> {
        while self.fields.at != self.record.end {
            self.fields.u8()?;
        }
        Ok(())
    }

    /// Reads over lists of types: a window, a length, and as many bytes of bits.
    fn types(&mut self) -> Result<(), Stop> {
        while self.fields.at != self.record.end {
            self.fields.u8()?;
            for _ in 0..self.fields.u8()? {
                self.fields.u8()?;
            }
        }
        Ok(())
    }

    /// Reads over what is left.
    fn rest(&mut self) -> Result<(), Stop> {
        self.fields.rest(self.record.end, self.fields.at)
    }

    /// Looks for what is left without reading over it.
    fn rest_unmoved(&mut self) -> Result<(), Stop> {
        let at = self.fields.at;
        self.rest()?;
        self.fields.at = at;
        Ok(())
    }

    /// What was appended so far stays, whatever follows.
    fn keep(&mut self) {
        self.record.kept = self.out.len();
    }

    fn show_name(&mut self) -> Result<(), Stop> {
        self.take_name()?;
        self.out.push(b' ');
        self.name.write(self.out);
        self.keep();
        Ok(())
    }

    /// Appends the record's own name.
    fn show_owner(&mut self) -> Result<(), Stop> {
        self.name.read(self.fields.payload, self.record.owner, &mut self.steps)?;
        self.out.push(b' ');
        self.name.write_to_zero(self.out);
        self.keep();
        Ok(())
    }

    fn show_number(&mut self) -> Result<(), Stop> {
        let number = self.fields.be16()?;
        self.out.push(b' ');
        write_number(self.out, number);
        Ok(())
    }

    fn show_ipv4(&mut self) -> Result<(), Stop> {
        let octets: [u8; 4] = self.fields.array()?;
        self.out.push(b' ');
        write_ipv4(self.out, octets.into());
        self.keep();
        Ok(())
    }

    fn show_ipv6(&mut self) -> Result<(), Stop> {
        let octets: [u8; 16] = self.fields.array()?;
        self.out.push(b' ');
        write_ipv6(self.out, octets.into());
        Ok(())
    }

    /// Appends a string behind its length, of ASCII up to a zero byte. Any other byte becomes a replacement character;
    /// where Wireshark cuts the text at the length of the bytes, that character counts as the three bytes that it is.
    fn show_string(&mut self, is_cut: bool) -> Result<(), Stop> {
        let len = self.fields.u8()?;
        let bytes = self.fields.bytes(len.into())?;
        let mut room = usize::from(len);
        self.out.push(b' ');
        for byte in bytes.iter().take_while(|&&byte| byte != 0) {
            if is_cut && room == 0 {
                break;
            }
            write_text(self.out, std::slice::from_ref(byte));
            room = room.saturating_sub(if byte.is_ascii() { 1 } else { char::REPLACEMENT_CHARACTER.len_utf8() });
        }
        Ok(())
    }

    /// KX: preference 2, name, which is looked for first.
    fn key_exchanger(&mut self) -> Result<(), Stop> {
        self.fields.payload.u8(self.fields.at.saturating_add(2))?;
        self.show_number()?;
        self.show_name()
    }

    /// KEY and DNSKEY: flags 2, protocol 1, algorithm 1, key. The key's tag is a sum over all of it; that of the oldest
    /// algorithm is two bytes near the end.
    fn key(&mut self) -> Result<(), Stop> {
        let start = self.fields.at;
        self.fields.skip(&[2, 1])?;
        let algorithm = self.fields.u8()?;
        if self.record.end.saturating_sub(start) >= 4 {
            let message = self.fields.payload;
            if algorithm == 1 {
                message.u8(self.record.end.saturating_sub(3))?;
                message.u8(self.record.end.saturating_sub(2))?;
            } else {
                message.octets(start, self.record.end.saturating_sub(start))?;
            }
        }
        self.rest()
    }

    /// LOC: version, three sizes, latitude, longitude, altitude.
    fn location(&mut self) -> Result<(), Stop> {
        match self.fields.payload.u8(self.fields.at)? {
            0 => self.fields.skip(&[1, 1, 1, 1, 4, 4, 4]),
            _ => self.rest(),
        }
    }

    /// A6: how many bits stand elsewhere, the bits that stand here, the name of the others.
    fn indirect_address(&mut self) -> Result<(), Stop> {
        let prefix = self.fields.u8()?;
        let start = self.fields.at;
        // More bits than an address has wrap around; only as many bytes as it has are taken then.
        let claimed = usize::from(128_u16.wrapping_sub(prefix.into()).div_ceil(8));
        let len = claimed.min(16);
        let suffix = self.fields.payload.octets(start, len)?;
        self.fields.pass(len);
        let name = self.fields.at;
        if prefix > 0 {
            self.take_name()?;
        }
        let mut octets = [0; 16];
        if let Some(place) = octets.get_mut(16_usize.saturating_sub(len)..) {
            place.copy_from_slice(suffix);
        }
        let out = &mut *self.out;
        out.push(b' ');
        write_number(out, prefix);
        out.push(b' ');
        write_ipv6(out, Ipv6Addr::from(octets));
        out.push(b' ');
        if prefix > 0 {
            self.name.write(out);
            self.keep();
            let name_len = self.fields.at.saturating_sub(name);
            self.fields.payload.bytes(start.saturating_add(claimed), name_len)?;
        }
        Ok(())
    }

    /// OPT: options, each with code 2, length 2, data.
    fn options(&mut self) -> Result<(), Stop> {
        while self.left() > 0 {
            let (code, len) = (self.fields.be16()?, self.fields.be16()?);
            let data = self.fields.at;
            self.fields.payload.bytes(data, len.into())?;
            match code {
                8 | 0x50fa => self.client_subnet(len)?,
                // The server's half is what follows the client's eight bytes, modulo 16 bits.
                10 => {
                    self.fields.skip(&[8])?;
                    self.fields.bytes(len.wrapping_sub(8).into())?;
                }
                15 if len < 2 => {}
                _ => self.fields.pass(len.into()),
            }
        }
        Ok(())
    }

    /// The option of RFC 7871: family 2, source 1, scope 1, address; all of it is read, however short the option is.
    fn client_subnet(&mut self, len: u16) -> Result<(), Stop> {
        let data = self.fields.at;
        let family = self.fields.be16()?;
        self.fields.skip(&[1, 1])?;
        self.fields.bytes(len.wrapping_sub(4).min(16).into())?;
        if !matches!(family, 1 | 2) && len < 3 {
            return Err(Stop::Malformed);
        }
        self.fields.at = data.saturating_add(len.into());
        Ok(())
    }

    /// APL: address prefixes, each with family 2, length 1, bytes 1, address.
    fn prefixes(&mut self) -> Result<(), Stop> {
        while self.left() > 1 {
            self.fields.skip(&[2, 1])?;
            let len = self.fields.u8()? & 0x7f;
            self.fields.bytes(len.into())?;
        }
        Ok(())
    }

    /// IPSECKEY: precedence 1, kind of gateway 1, algorithm 1, gateway, key.
    fn gateway(&mut self) -> Result<(), Stop> {
        self.fields.skip(&[1])?;
        let kind = self.fields.u8()?;
        self.fields.skip(&[1])?;
        match kind {
            1 => self.fields.skip(&[4])?,
            2 => self.fields.skip(&[16])?,
            3 => self.take_name()?,
            _ => {}
        }
        self.rest()
    }

    /// A hash behind its length. It is read five bits at a time, the last of which may lie behind it.
    fn next_hash(&mut self) -> Result<(), Stop> {
        let len = usize::from(self.fields.u8()?);
        let groups = len.saturating_mul(8).div_ceil(5);
        self.fields.payload.octets(self.fields.at, groups.saturating_mul(5).div_ceil(8))?;
        self.fields.pass(len);
        Ok(())
    }

    /// HIP: length 1, algorithm 1, length 2, tag, key, names of servers.
    fn host_identity(&mut self) -> Result<(), Stop> {
        let tag = self.fields.u8()?;
        self.fields.skip(&[1])?;
        let key = self.fields.be16()?;
        self.fields.bytes(tag.into())?;
        self.fields.bytes(key.into())?;
        while self.left() > 1 {
            self.take_name()?;
        }
        Ok(())
    }

    /// SVCB and HTTPS: priority 2, name, parameters, each with key 2, length 2, data that the key gives its form.
    fn service(&mut self) -> Result<(), Stop> {
        self.fields.be16()?;
        self.take_name()?;
        while self.left() > 0 {
            self.fields.payload.u8(self.fields.at)?;
            let (key, len) = (self.fields.be16()?, self.fields.be16()?);
            let end = self.fields.at.saturating_add(len.into());
            match key {
                0 => self.items(end, 2)?,
                1 => {
                    while self.fields.at < end {
                        self.step()?;
                        self.string()?;
                    }
                }
                2 => {}
                3 => self.fields.skip(&[2])?,
                4 => self.items(end, 4)?,
                6 => self.items(end, 16)?,
                _ => drop(self.fields.bytes(len.into())?),
            }
        }
        Ok(())
    }

    /// Reads over items of one length that begin before `end`.
    fn items(&mut self, end: usize, len: usize) -> Result<(), Stop> {
        while self.fields.at < end {
            self.step()?;
            self.fields.bytes(len)?;
        }
        Ok(())
    }

    /// CAA: flags 1, tag, value; the value's length is counted in 16 bits.
    fn authorization(&mut self) -> Result<(), Stop> {
        self.fields.skip(&[1])?;
        self.string()?;
        let len = self.record.end.wrapping_sub(self.fields.at) & 0xffff;
        self.fields.bytes(len).map(drop)
    }

    /// The number of servers 4, their addresses.
    fn servers(&mut self) -> Result<(), Stop> {
        for _ in 0..u32::from_be_bytes(self.fields.array()?) {
            if self.fields.at == self.record.end {
                break;
            }
            self.fields.skip(&[4])?;
        }
        Ok(())
    }

    /// XPF: version 1, protocol 1, two addresses, two ports of 2.
    fn forwarded(&mut self) -> Result<(), Stop> {
        match self.fields.u8()? {
            4 => self.fields.skip(&[1, 4, 4, 2, 2]),
            6 => self.fields.skip(&[1, 16, 16, 2, 2]),
            _ => Ok(()),
        }
    }
}

//! The data of records: what the row shows of it, and how far Wireshark reads it.
//!
//! Most types show nothing, but where their data ends too early the row says so, and which end it is depends on the
//! order of the reads: hence a step for every field. Data may claim more or less than the record's length; reading goes
//! on at the length that the record claims.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Reader, Stop};
use crate::dissect::address::{write_ipv4, write_ipv6};
use crate::dissect::text::{write_number, write_text};

/// The data of one record.
pub(super) struct Data<'r, 'a, 'o> {
    reader: &'r mut Reader<'a, 'o>,
    /// Where the record's name stands.
    owner: usize,
    end: usize,
    /// How much of the row stays where the next read fails.
    kept: usize,
}

/// A part of the data of a type.
#[derive(Clone, Copy)]
enum Step {
    /// So many bytes.
    Field(usize),
    /// So many bytes that are not even looked for.
    Unseen(usize),
    Name,
    /// Text behind its length in one byte.
    String,
    /// The same, where more than one byte is left.
    StringIfAny,
    /// The same, as often as there is something left.
    Strings,
    /// Bytes behind their length in two bytes.
    LongString,
    /// What is left, byte by byte.
    Octets,
    /// What is left, as lists of types.
    Types,
    /// What is left, as a whole.
    Rest,
    ShowName,
    /// The record's own name.
    ShowOwner,
    ShowNumber,
    ShowIpv4,
    ShowIpv6,
    ShowString,
    /// Text that is cut where its bytes are fewer than the text made of them.
    ShowCutString,
    // What has a form of its own, told where it is read.
    Key,
    Location,
    KeyExchanger,
    IndirectAddress,
    Options,
    Prefixes,
    Gateway,
    NextHash,
    HostIdentity,
    RestUnmoved,
    Service,
    Authorization,
    Servers,
    Forwarded,
}

/// How the data of each type is laid out; the numbers' names stand in `types`.
fn layout(kind: u16) -> &'static [Step] {
    use Step::{
        Field, LongString, Name, Octets, Rest, ShowCutString, ShowIpv4, ShowIpv6, ShowName, ShowNumber, ShowOwner,
        ShowString, String, StringIfAny, Strings, Types, Unseen,
    };
    match kind {
        1 => &[ShowIpv4],
        2 | 5 | 12 | 39 => &[ShowName],
        3 | 4 | 7 | 8 | 9 | 23 => &[ShowOwner, Name],
        6 => &[ShowName, Name, Field(4), Field(4), Field(4), Field(4), Field(4)],
        10 | 22 | 49 => &[ShowOwner, Rest],
        11 => &[ShowIpv4, Field(1), Octets],
        13 => &[ShowCutString, ShowCutString],
        14 | 17 => &[ShowOwner, Name, Name],
        15 => &[ShowNumber, ShowName],
        16 | 99 => &[Strings],
        18 | 21 => &[ShowOwner, Unseen(2), Name],
        19 => &[ShowOwner, String],
        20 => &[ShowOwner, String, StringIfAny],
        24 | 46 => &[Field(2), Field(1), Field(1), Field(4), Field(4), Field(4), Field(2), Name, Rest],
        25 | 48 | 60 => &[Step::Key],
        26 => &[ShowOwner, Field(2), Name, Name],
        27 => &[ShowOwner, String, String, String],
        28 => &[ShowIpv6],
        29 => &[Step::Location],
        30 => &[ShowName, Octets],
        33 => &[ShowNumber, ShowNumber, ShowNumber, ShowName],
        35 => &[ShowNumber, ShowNumber, ShowString, String, String, Name],
        36 => &[Step::KeyExchanger],
        37 => &[Field(2), Field(2), Field(1), Rest],
        38 => &[Step::IndirectAddress],
        41 => &[Step::Options],
        42 => &[ShowOwner, Step::Prefixes],
        43 | 59 | 0x8001 => &[Field(2), Field(1), Field(1), Rest],
        44 => &[Field(1), Field(1), Rest],
        45 => &[Step::Gateway],
        47 => &[ShowName, Types],
        50 => &[Field(1), Field(1), Field(2), String, Step::NextHash, Types],
        51 => &[ShowOwner, Field(1), Field(1), Field(2), String],
        52 => &[ShowOwner, Field(1), Field(1), Field(1), Rest],
        55 => &[ShowOwner, Step::HostIdentity],
        62 => &[Field(4), Unseen(2), Step::RestUnmoved, Types],
        63 => &[Field(4), Field(1), Field(1), Rest],
        64 | 65 => &[Step::Service],
        104 | 106 => &[Field(2), Field(8)],
        105 => &[Field(2), Field(4)],
        107 => &[Field(2), Name],
        108 => &[Field(6)],
        109 => &[Field(8)],
        249 => &[Name, Field(4), Field(4), Field(2), Field(2), LongString, LongString],
        250 => &[Name, Field(6), Field(2), LongString, Field(2), Field(2), LongString],
        257 => &[Step::Authorization],
        0xff01 => &[Field(4), Field(4), Field(4), Step::Servers],
        0xff02 => &[Field(4), Field(4), Field(4), ShowName],
        0xff8e => &[Step::Forwarded],
        _ => &[Rest],
    }
}

impl<'r, 'a, 'o> Data<'r, 'a, 'o> {
    /// The data from the reader's place to `end`.
    pub(super) fn new(reader: &'r mut Reader<'a, 'o>, owner: usize, end: usize) -> Self {
        let kept = reader.out.len();
        Self { reader, owner, end, kept }
    }

    /// Appends the value, as far as it is shown.
    pub(super) fn show(mut self, kind: u16) -> Result<(), Stop> {
        let read = layout(kind).iter().try_for_each(|&step| self.step(step));
        if read.is_err() {
            self.reader.out.truncate(self.kept);
        }
        read
    }

    fn step(&mut self, step: Step) -> Result<(), Stop> {
        match step {
            Step::Field(len) => self.fields(&[len]),
            Step::Unseen(len) => {
                self.reader.skip(len);
                Ok(())
            }
            Step::Name => self.name(),
            Step::String => self.string(),
            Step::StringIfAny => {
                if self.left() > 1 {
                    self.string()
                } else {
                    Ok(())
                }
            }
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
        self.end.saturating_sub(self.reader.at)
    }

    /// Reads over fields of these lengths.
    fn fields(&mut self, lens: &[usize]) -> Result<(), Stop> {
        lens.iter().try_for_each(|&len| self.reader.take(len).map(drop))
    }

    fn name(&mut self) -> Result<(), Stop> {
        self.reader.take_name()
    }

    /// Reads over a string behind its length in one byte.
    fn string(&mut self) -> Result<(), Stop> {
        let len = self.reader.take8()?;
        self.fields(&[len.into()])
    }

    /// Reads over a string behind its length in two bytes.
    fn long_string(&mut self) -> Result<(), Stop> {
        let len = self.reader.take16()?;
        self.fields(&[len.into()])
    }

    /// Reads over strings, on past the end if they don't end there.
    fn strings(&mut self) -> Result<(), Stop> {
        while self.reader.at != self.end {
            self.string()?;
        }
        Ok(())
    }

    /// Reads over bytes, on past the end if that is behind already.
    fn octets(&mut self) -> Result<(), Stop> {
        while self.reader.at != self.end {
            self.reader.take8()?;
        }
        Ok(())
    }

    /// Reads over lists of types: a window, a length, and as many bytes of bits.
    fn types(&mut self) -> Result<(), Stop> {
        while self.reader.at != self.end {
            self.reader.take8()?;
            for _ in 0..self.reader.take8()? {
                self.reader.take8()?;
            }
        }
        Ok(())
    }

    /// Reads over what is left. A length of minus one is Wireshark's "up to the end of the packet".
    fn rest(&mut self) -> Result<(), Stop> {
        match self.reader.at.saturating_sub(self.end) {
            0 => self.fields(&[self.left()]),
            1 => self.reader.message.u8(self.reader.at).map(drop),
            _ => Err(Stop::Malformed),
        }
    }

    /// Looks for what is left without reading over it.
    fn rest_unmoved(&mut self) -> Result<(), Stop> {
        let at = self.reader.at;
        self.rest()?;
        self.reader.at = at;
        Ok(())
    }

    /// What was appended so far stays, whatever follows.
    fn keep(&mut self) {
        self.kept = self.reader.out.len();
    }

    fn show_name(&mut self) -> Result<(), Stop> {
        self.name()?;
        self.reader.out.push(b' ');
        self.reader.name.write(self.reader.out);
        self.keep();
        Ok(())
    }

    /// Appends the record's own name.
    fn show_owner(&mut self) -> Result<(), Stop> {
        let reader = &mut *self.reader;
        reader.name.read(reader.message, self.owner, &mut reader.steps)?;
        reader.out.push(b' ');
        reader.name.write_to_zero(reader.out);
        self.keep();
        Ok(())
    }

    fn show_number(&mut self) -> Result<(), Stop> {
        let number = self.reader.take16()?;
        self.reader.out.push(b' ');
        write_number(self.reader.out, number);
        Ok(())
    }

    fn show_ipv4(&mut self) -> Result<(), Stop> {
        let octets: [u8; 4] = self.reader.message.array(self.reader.at)?;
        self.reader.skip(4);
        self.reader.out.push(b' ');
        write_ipv4(self.reader.out, Ipv4Addr::from(octets));
        self.keep();
        Ok(())
    }

    fn show_ipv6(&mut self) -> Result<(), Stop> {
        let octets: [u8; 16] = self.reader.message.array(self.reader.at)?;
        self.reader.out.push(b' ');
        write_ipv6(self.reader.out, Ipv6Addr::from(octets));
        Ok(())
    }

    /// Appends a string behind its length, of ASCII up to a zero byte. Any other byte becomes a replacement character;
    /// where Wireshark cuts the text at the length of the bytes, that character counts as the three bytes that it is.
    fn show_string(&mut self, is_cut: bool) -> Result<(), Stop> {
        let len = self.reader.take8()?;
        let bytes = self.reader.take(len.into())?;
        let mut room = usize::from(len);
        self.reader.out.push(b' ');
        for byte in bytes.iter().take_while(|&&byte| byte != 0) {
            if is_cut && room == 0 {
                break;
            }
            write_text(self.reader.out, std::slice::from_ref(byte));
            room = room.saturating_sub(if byte.is_ascii() { 1 } else { char::REPLACEMENT_CHARACTER.len_utf8() });
        }
        Ok(())
    }

    /// KX: preference 2, name, which is looked for first.
    fn key_exchanger(&mut self) -> Result<(), Stop> {
        self.reader.message.u8(self.reader.at.saturating_add(2))?;
        self.show_number()?;
        self.show_name()
    }

    /// KEY and DNSKEY: flags 2, protocol 1, algorithm 1, key. The key's tag is a sum over all of it; that of the oldest
    /// algorithm is two bytes near the end.
    fn key(&mut self) -> Result<(), Stop> {
        let start = self.reader.at;
        self.fields(&[2, 1])?;
        let algorithm = self.reader.take8()?;
        if self.end.saturating_sub(start) >= 4 {
            let message = self.reader.message;
            if algorithm == 1 {
                message.u8(self.end.saturating_sub(3))?;
                message.u8(self.end.saturating_sub(2))?;
            } else {
                message.octets(start, self.end.saturating_sub(start))?;
            }
        }
        self.rest()
    }

    /// LOC: version, three sizes, latitude, longitude, altitude.
    fn location(&mut self) -> Result<(), Stop> {
        match self.reader.message.u8(self.reader.at)? {
            0 => self.fields(&[1, 1, 1, 1, 4, 4, 4]),
            _ => self.rest(),
        }
    }

    /// A6: how many bits stand elsewhere, the bits that stand here, the name of the others.
    fn indirect_address(&mut self) -> Result<(), Stop> {
        let prefix = self.reader.take8()?;
        let start = self.reader.at;
        // More bits than an address has wrap around; only as many bytes as it has are taken then.
        let claimed = usize::from(128_u16.wrapping_sub(prefix.into()).div_ceil(8));
        let len = claimed.min(16);
        let suffix = self.reader.message.octets(start, len)?;
        self.reader.skip(len);
        let name = self.reader.at;
        if prefix > 0 {
            self.name()?;
        }
        let mut octets = [0; 16];
        if let Some(place) = octets.get_mut(16_usize.saturating_sub(len)..) {
            place.copy_from_slice(suffix);
        }
        let out = &mut *self.reader.out;
        out.push(b' ');
        write_number(out, prefix);
        out.push(b' ');
        write_ipv6(out, Ipv6Addr::from(octets));
        out.push(b' ');
        if prefix > 0 {
            self.reader.name.write(out);
            self.keep();
            let name_len = self.reader.at.saturating_sub(name);
            self.reader.message.bytes(start.saturating_add(claimed), name_len)?;
        }
        Ok(())
    }

    /// OPT: options, each with code 2, length 2, data.
    fn options(&mut self) -> Result<(), Stop> {
        while self.left() > 0 {
            let (code, len) = (self.reader.take16()?, self.reader.take16()?);
            let data = self.reader.at;
            self.reader.message.bytes(data, len.into())?;
            match code {
                8 | 0x50fa => self.client_subnet(len)?,
                // The server's half is what follows the client's eight bytes, modulo 16 bits.
                10 => self.fields(&[8, len.wrapping_sub(8).into()])?,
                15 if len < 2 => {}
                _ => self.reader.skip(len.into()),
            }
        }
        Ok(())
    }

    /// The option of RFC 7871: family 2, source 1, scope 1, address; all of it is read, however short the option is.
    fn client_subnet(&mut self, len: u16) -> Result<(), Stop> {
        let data = self.reader.at;
        let family = self.reader.take16()?;
        self.fields(&[1, 1, len.wrapping_sub(4).min(16).into()])?;
        if !matches!(family, 1 | 2) && len < 3 {
            return Err(Stop::Malformed);
        }
        self.reader.at = data.saturating_add(len.into());
        Ok(())
    }

    /// APL: address prefixes, each with family 2, length 1, bytes 1, address.
    fn prefixes(&mut self) -> Result<(), Stop> {
        while self.left() > 1 {
            self.fields(&[2, 1])?;
            let len = self.reader.take8()? & 0x7f;
            self.fields(&[len.into()])?;
        }
        Ok(())
    }

    /// IPSECKEY: precedence 1, kind of gateway 1, algorithm 1, gateway, key.
    fn gateway(&mut self) -> Result<(), Stop> {
        self.fields(&[1])?;
        let kind = self.reader.take8()?;
        self.fields(&[1])?;
        match kind {
            1 => self.fields(&[4])?,
            2 => self.fields(&[16])?,
            3 => self.name()?,
            _ => {}
        }
        self.rest()
    }

    /// A hash behind its length. It is read five bits at a time, the last of which may lie behind it.
    fn next_hash(&mut self) -> Result<(), Stop> {
        let len = usize::from(self.reader.take8()?);
        let groups = len.saturating_mul(8).div_ceil(5);
        self.reader.message.octets(self.reader.at, groups.saturating_mul(5).div_ceil(8))?;
        self.reader.skip(len);
        Ok(())
    }

    /// HIP: length 1, algorithm 1, length 2, tag, key, names of servers.
    fn host_identity(&mut self) -> Result<(), Stop> {
        let tag = self.reader.take8()?;
        self.fields(&[1])?;
        let key = self.reader.take16()?;
        self.fields(&[tag.into(), key.into()])?;
        while self.left() > 1 {
            self.name()?;
        }
        Ok(())
    }

    /// SVCB and HTTPS: priority 2, name, parameters, each with key 2, length 2, data that the key gives its form.
    fn service(&mut self) -> Result<(), Stop> {
        self.reader.take16()?;
        self.name()?;
        while self.left() > 0 {
            self.reader.message.u8(self.reader.at)?;
            let (key, len) = (self.reader.take16()?, self.reader.take16()?);
            let end = self.reader.at.saturating_add(len.into());
            match key {
                0 => self.items(end, 2)?,
                1 => {
                    while self.reader.at < end {
                        self.reader.step()?;
                        self.string()?;
                    }
                }
                2 => {}
                3 => self.fields(&[2])?,
                4 => self.items(end, 4)?,
                6 => self.items(end, 16)?,
                _ => self.fields(&[len.into()])?,
            }
        }
        Ok(())
    }

    /// Reads over items of one length that begin before `end`.
    fn items(&mut self, end: usize, len: usize) -> Result<(), Stop> {
        while self.reader.at < end {
            self.reader.step()?;
            self.fields(&[len])?;
        }
        Ok(())
    }

    /// CAA: flags 1, tag, value; the value's length is counted in 16 bits.
    fn authorization(&mut self) -> Result<(), Stop> {
        self.fields(&[1])?;
        self.string()?;
        let len = self.end.wrapping_sub(self.reader.at) & 0xffff;
        self.fields(&[len])
    }

    /// The number of servers 4, their addresses.
    fn servers(&mut self) -> Result<(), Stop> {
        let servers = self.reader.message.be32(self.reader.at)?;
        self.reader.skip(4);
        for _ in 0..servers {
            if self.reader.at == self.end {
                break;
            }
            self.fields(&[4])?;
        }
        Ok(())
    }

    /// XPF: version 1, protocol 1, two addresses, two ports of 2.
    fn forwarded(&mut self) -> Result<(), Stop> {
        match self.reader.take8()? {
            4 => self.fields(&[1, 4, 4, 2, 2]),
            6 => self.fields(&[1, 16, 16, 2, 2]),
            _ => Ok(()),
        }
    }
}

//! People as bytes that can be kept, from which the same directory is made again. They end with their
//! own digest: what comes back is what was kept, or nothing.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::builder::Builder;
use super::directory::{Claim, Directory};
use crate::fault::Fault;

/// What every format begins with, and what ours has behind it.
const NAME: &[u8] = b"latchkey-people/";
const FORMAT: &[u8] = b"1\n";

/// The most bytes of what is noted beside the people, and of a name or value.
const LONGEST_NOTE: usize = 1 << 20;
const LONGEST_TEXT: usize = 1 << 23;

/// The most names of a claim, and the most claims: far more than a file has columns.
const MOST_NAMES: usize = 1 << 10;
const MOST_CLAIMS: usize = 1 << 15;

/// How much is written or read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// Why kept people did not come back.
#[derive(Debug, thiserror::Error)]
pub enum NotBack {
    /// They could not be read.
    #[error("the kept people could not be read: {0}")]
    Read(#[from] io::Error),
    /// Another version of Latchkey kept them, in a way that this one does not know.
    #[error("the people were kept by another version")]
    OtherFormat,
    /// What was kept is not whole any more.
    #[error("the kept people are damaged")]
    Damaged,
}

/// Writes everybody, and a note of the caller's beside them.
///
/// # Errors
/// Whatever `out` says.
pub fn write(directory: &Directory, note: &[u8], out: impl Write) -> io::Result<()> {
    let mut out = Out {
        out,
        bytes: Vec::with_capacity(2 * CHUNK),
        digest: Sha256::new(),
    };
    out.bytes.extend_from_slice(NAME);
    out.bytes.extend_from_slice(FORMAT);
    out.text(note)?;
    out.names(&directory.email)?;
    out.number(directory.claims.len())?;
    for claim in &directory.claims {
        out.names(claim)?;
    }
    out.number(directory.values.len())?;
    for (claim, at) in &directory.values {
        out.number(usize::from(*claim))?;
        let text = directory.claims[usize::from(*claim)].values.text(*at);
        out.text(text.as_bytes())?;
    }
    out.number(directory.len())?;
    for person in 0..directory.len() as u32 {
        let range = directory.range(person);
        out.text(directory.name(person).as_bytes())?;
        out.number(usize::from(directory.is_without_address(person)))?;
        out.number(range.len())?;
        directory
            .numbers
            .each(range, |value| out.push(value as usize));
    }
    out.number(directory.ids.len())?;
    for (id, name) in &directory.ids {
        out.text(id.as_bytes())?;
        out.text(name.as_bytes())?;
    }
    out.finish()
}

/// The directory that [`write()`] wrote, and the note beside it.
///
/// # Errors
/// [`NotBack`].
pub fn read(source: impl Read) -> Result<(Directory, Vec<u8>), NotBack> {
    let mut from = In {
        source,
        bytes: vec![0; CHUNK],
        at: 0,
        filled: 0,
        digest: Sha256::new(),
        text: Vec::new(),
    };
    if from.bytes(NAME.len())? != NAME {
        return Err(NotBack::Damaged);
    }
    if from.bytes(FORMAT.len())? != FORMAT {
        return Err(NotBack::OtherFormat);
    }
    let length = from.number(LONGEST_NOTE)?;
    let note = from.bytes(length)?.to_vec();
    let mut builder = Builder::new();
    for name in from.names()? {
        builder.address_called(&name);
    }
    let claims = from.number(MOST_CLAIMS)?;
    for _ in 0..claims {
        builder.next_claim(from.names()?);
    }
    let values = from.number(usize::MAX)?;
    for value in 0..values {
        let claim = from.number(MOST_CLAIMS)?;
        if claim >= claims || builder.value(claim, from.text()?)? as usize != value {
            return Err(NotBack::Damaged);
        }
    }
    let people = from.number(usize::MAX)?;
    for person in 0..people {
        let (number, is_new) = builder.person(from.text()?)?;
        if !is_new || number as usize != person {
            return Err(NotBack::Damaged);
        }
        if from.number(1)? == 1 {
            builder.without_address(number);
        }
        for _ in 0..from.number(values)? {
            let value = from.number(values)?;
            if value >= values {
                return Err(NotBack::Damaged);
            }
            // OK because a value's number is below their count, which 32 bits hold.
            builder.has_value(number, value as u32)?;
        }
    }
    for _ in 0..from.number(usize::MAX)? {
        let id = from.text()?.to_owned();
        builder.group_id(&id, from.text()?)?;
    }
    from.finish()?;
    Ok((builder.finish(), note))
}

/// More than is taken in cannot have been kept.
impl From<Fault> for NotBack {
    fn from(_: Fault) -> Self {
        Self::Damaged
    }
}

struct Out<W> {
    out: W,
    bytes: Vec<u8>,
    digest: Sha256,
}

impl<W: Write> Out<W> {
    fn names(&mut self, claim: &Claim) -> io::Result<()> {
        self.number(claim.names.len())?;
        claim
            .names
            .iter()
            .try_for_each(|name| self.text(name.as_bytes()))
    }

    fn text(&mut self, text: &[u8]) -> io::Result<()> {
        self.push(text.len());
        self.bytes.extend_from_slice(text);
        self.hand_over(CHUNK)
    }

    fn number(&mut self, number: usize) -> io::Result<()> {
        self.push(number);
        self.hand_over(CHUNK)
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    fn push(&mut self, mut number: usize) {
        while number > 0x7F {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Writes what has come together, once it is as much as that.
    fn hand_over(&mut self, least: usize) -> io::Result<()> {
        if self.bytes.len() >= least {
            self.digest.update(&self.bytes);
            self.out.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.hand_over(0)?;
        self.out.write_all(&self.digest.finalize())?;
        self.out.flush()
    }
}

struct In<R> {
    source: R,
    bytes: Vec<u8>,
    /// What was taken of the bytes, and how many there are.
    at: usize,
    filled: usize,
    digest: Sha256,
    text: Vec<u8>,
}

impl<R: Read> In<R> {
    fn names(&mut self) -> Result<Vec<String>, NotBack> {
        let count = self.number(MOST_NAMES)?;
        (0..count).map(|_| Ok(self.text()?.to_owned())).collect()
    }

    fn text(&mut self) -> Result<&str, NotBack> {
        let length = self.number(LONGEST_TEXT)?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| NotBack::Damaged)
    }

    /// A number that is not above `most`.
    fn number(&mut self, most: usize) -> Result<usize, NotBack> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return if number <= most {
                    Ok(number)
                } else {
                    Err(NotBack::Damaged)
                };
            }
        }
        Err(NotBack::Damaged)
    }

    fn byte(&mut self) -> Result<u8, NotBack> {
        if self.at == self.filled {
            self.fill()?;
        }
        let byte = self.bytes[self.at];
        self.at += 1;
        Ok(byte)
    }

    fn bytes(&mut self, length: usize) -> Result<&[u8], NotBack> {
        self.text.clear();
        while self.text.len() < length {
            if self.at == self.filled {
                self.fill()?;
            }
            let end = self.filled.min(self.at + length - self.text.len());
            self.text.extend_from_slice(&self.bytes[self.at..end]);
            self.at = end;
        }
        Ok(&self.text)
    }

    /// Reads on. All that was read before has been taken.
    fn fill(&mut self) -> Result<(), NotBack> {
        self.digest.update(&self.bytes[..self.filled]);
        (self.at, self.filled) = (0, read_some(&mut self.source, &mut self.bytes)?);
        match self.filled {
            0 => Err(NotBack::Damaged),
            _ => Ok(()),
        }
    }

    /// Behind the last person stands the digest of all before it, and nothing else.
    fn finish(mut self) -> Result<(), NotBack> {
        self.digest.update(&self.bytes[..self.at]);
        let mut rest = self.bytes[self.at..self.filled].to_vec();
        self.source.take(CHUNK as u64).read_to_end(&mut rest)?;
        if rest[..] == self.digest.finalize()[..] {
            Ok(())
        } else {
            Err(NotBack::Damaged)
        }
    }
}

fn read_some(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::people::fixtures::directory;

    fn kept(directory: &Directory) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(directory, b"a note", &mut bytes).unwrap();
        bytes
    }

    fn acme() -> Directory {
        directory(
            "upn,memberOf,groupIds,department\n\
             ana@acme.example,SecOps;Dev,11-a;22-b,IT\n\
             zo\u{eb},Dev,22-b,\"=cmd|'/C calc'!A0\"\n\
             bob@acme.example,,,\n\
             ana@acme.example,Late,33-c,\n",
        )
    }

    fn everything(directory: &Directory) -> Vec<String> {
        let mut all: Vec<String> = (0..directory.len() as u32)
            .map(|person| format!("{} {:?}", directory.name(person), directory.claims(person)))
            .collect();
        all.extend(directory.claim_names().map(str::to_owned));
        all.extend(["11-a", "22-b", "33-c"].map(|id| {
            let name = directory.group_called("groups", id);
            format!("{id} {name:?}")
        }));
        all
    }

    #[test]
    fn people_come_back_as_they_were_with_the_note() {
        let before = acme();
        let (after, note) = read(&kept(&before)[..]).unwrap();
        assert_eq!(everything(&after), everything(&before));
        assert_eq!(note, b"a note");
        assert_eq!(kept(&after).len(), kept(&before).len());
    }

    #[test]
    fn one_without_an_address_comes_back_without_one() {
        let mut builder = Builder::new();
        let (person, _) = builder.person("root").unwrap();
        builder.without_address(person);
        let (after, _) = read(&kept(&builder.finish())[..]).unwrap();
        assert!(after.addressed("email", "root").is_none());
        assert!(after.claims(0).is_empty());
    }

    #[test]
    fn more_people_than_are_read_at_once_come_back() {
        let rows: String = (0..20_000)
            .map(|n| format!("person-{n}@acme.example,Staff;Team {}\n", n % 300))
            .collect();
        let before = directory(&format!("email,groups\n{rows}"));
        let (after, _) = read(&kept(&before)[..]).unwrap();
        assert_eq!(after.len(), 20_000);
        assert_eq!(everything(&after), everything(&before));
    }

    #[test]
    fn whatever_byte_is_another_the_people_do_not_come_back() {
        let whole = kept(&acme());
        assert!(read(&whole[..]).is_ok());
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 0x15;
            assert!(read(&other[..]).is_err(), "byte {at}");
        }
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "{end} bytes");
        }
        let longer = [&whole[..], b"x"].concat();
        assert!(matches!(read(&longer[..]), Err(NotBack::Damaged)));
    }

    #[test]
    fn what_another_version_kept_is_not_called_damaged() {
        let mut newer = kept(&acme());
        newer[NAME.len()] = b'2';
        assert!(matches!(read(&newer[..]), Err(NotBack::OtherFormat)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
            let bytes = [NAME, FORMAT, &tail].concat();
            prop_assert!(read(&bytes[..]).is_err());
        }
    }
}

//! A zip of a few files (APPNOTE 6.3.10), without anything that its readers may differ in: no data
//! descriptors, no extra fields, UTF-8 names, deflate.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Version 2.0: deflate.
const VERSION: u16 = 20;

/// Names are UTF-8.
const FLAGS: u16 = 0x0800;

const DEFLATED: u16 = 8;

/// The zip of these files. None is larger than a recording's 20,000 requests.
pub(super) fn packed<'a>(
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
    made: Timestamp,
) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    let mut count: u16 = 0;
    let (date, time) = dos(made);
    for (name, content) in files {
        let offset = length(zip.len());
        let mut crc = Crc::new();
        crc.update(content);
        let mut deflater = DeflateEncoder::new(Vec::new(), Compression::default());
        let packed = deflater
            .write_all(content)
            .and_then(|()| deflater.finish())
            .expect("writing to memory does not fail");
        let mut about = Vec::new();
        for field in [VERSION, FLAGS, DEFLATED, time, date] {
            about.extend(field.to_le_bytes());
        }
        for field in [crc.sum(), length(packed.len()), length(content.len())] {
            about.extend(field.to_le_bytes());
        }
        about.extend(short(name.len()).to_le_bytes());
        // No extra field.
        about.extend(0_u16.to_le_bytes());

        zip.extend(b"PK\x03\x04");
        zip.extend(&about);
        zip.extend(name.as_bytes());
        zip.extend(packed);

        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&about);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
        count += 1;
    }
    let (offset, size) = (length(zip.len()), length(directory.len()));
    zip.extend(directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend(count.to_le_bytes());
    zip.extend(count.to_le_bytes());
    zip.extend(size.to_le_bytes());
    zip.extend(offset.to_le_bytes());
    zip.extend(0_u16.to_le_bytes());
    zip
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a bundle's files are bounded far below four gigabytes")
}

fn short(bytes: usize) -> u16 {
    u16::try_from(bytes).expect("the names are our own")
}

/// Date and time as MS-DOS had them, in UTC.
fn dos(time: Timestamp) -> (u16, u16) {
    let at = time.to_zoned(TimeZone::UTC);
    let part = |number: i16| u16::try_from(number).unwrap_or(0);
    let year = part((at.year() - 1980).clamp(0, 127));
    let date = (year << 9) | (part(at.month().into()) << 5) | part(at.day().into());
    let minutes = (part(at.hour().into()) << 11) | (part(at.minute().into()) << 5);
    let time = minutes | (part(at.second().into()) / 2);
    (date, time)
}

//! The form of a recording (HAR 1.2), as each browser fills it.

use std::io::Read;

use super::browser::version;
use super::raw::{Raw, Value};
use super::scan::{Scanner, Stop};
use super::{Browser, Har, LARGEST_BODY, LARGEST_LINE, LARGEST_POST, MOST_REQUESTS, NotRead};
use crate::fault::Fault;
use crate::text::shown;

/// Headers of a request of which something is looked at.
const OF_REQUEST: [&str; 9] = [
    "authorization",
    "content-type",
    "cookie",
    "origin",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "user-agent",
];

/// The same of a response.
const OF_RESPONSE: [&str; 7] = [
    "access-control-allow-origin",
    "age",
    "content-security-policy",
    "content-type",
    "date",
    "location",
    "x-frame-options",
];

/// The most fields of a form that are taken.
const MOST_FIELDS: usize = 200;

/// Types of bodies in which nothing of a sign-in stands.
const NOT_LOOKED_AT: [&[u8]; 10] = [
    b"image/",
    b"font/",
    b"video/",
    b"audio/",
    b"text/css",
    b"application/wasm",
    b"application/font",
    b"application/javascript",
    b"application/x-javascript",
    b"text/javascript",
];

pub(super) fn read(source: impl Read, take: impl FnMut(&mut Raw)) -> Result<Har, NotRead> {
    let mut scanner = Scanner::new(source);
    let beginning = scanner.beginning().map_err(source_failed)?;
    let mark = if beginning.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    if let Some(fault) = something_else(&beginning[mark..]) {
        return Err(NotRead::content(fault));
    }
    scanner.skip(mark);
    let mut reader = Reader {
        har: Har::default(),
        raw: Raw::default(),
        take,
        found: false,
        creator: String::new(),
        browser: String::new(),
    };
    let read = reader.document(&mut scanner);
    let found = reader.found;
    let mut har = reader.har;
    har.browser = Browser::of(&reader.creator, &reader.browser);
    har.creator = reader.creator;
    match read {
        Ok(()) if found => Ok(har),
        Ok(()) => Err(NotRead::content(Fault::RecordingNotHar {})),
        Err(Stop::Read(error)) => Err(NotRead::Read(error)),
        Err(Stop::End | Stop::NotJson) if found => {
            har.cut = Some(scanner.position());
            Ok(har)
        }
        Err(Stop::End | Stop::NotJson) => Err(NotRead::content(Fault::RecordingNotJson {
            position: scanner.position(),
        })),
    }
}

fn source_failed(stop: Stop) -> NotRead {
    match stop {
        Stop::Read(error) => NotRead::Read(error),
        Stop::End | Stop::NotJson => NotRead::content(Fault::RecordingEmpty {}),
    }
}

/// What the file is instead, by how it begins. Nothing of it is unpacked.
fn something_else(beginning: &[u8]) -> Option<Fault> {
    let packed = |form: &str| {
        Some(Fault::RecordingIsPacked {
            form: form.to_owned(),
        })
    };
    let text = beginning.trim_ascii_start();
    match text {
        [] if beginning.len() < 512 => Some(Fault::RecordingEmpty {}),
        [] => None,
        [b'P', b'K', 3 | 5 | 7, ..] => packed("zip"),
        [0x1F, 0x8B, ..] => packed("gzip"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => packed("zstd"),
        [b'B', b'Z', b'h', ..] => packed("bzip2"),
        [0xFD, b'7', b'z', b'X', b'Z', ..] => packed("xz"),
        [b'7', b'z', 0xBC, 0xAF, ..] => packed("7z"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(Fault::RecordingIsUtf16 {}),
        [b'{', ..] => None,
        [b'<', ..] | [b'[', ..] => Some(Fault::RecordingNotHar {}),
        _ => Some(Fault::RecordingNotJson { position: 0 }),
    }
}

struct Reader<T> {
    har: Har,
    raw: Raw,
    take: T,
    /// Whether there was a list of requests.
    found: bool,
    creator: String,
    browser: String,
}

impl<T: FnMut(&mut Raw)> Reader<T> {
    fn document<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        scanner.object(|scanner, name| match name {
            b"log" => scanner.object(|scanner, name| match name {
                b"entries" => self.entries(scanner),
                b"creator" => named(scanner, &mut self.creator),
                b"browser" => named(scanner, &mut self.browser),
                _ => scanner.skip_value(),
            }),
            _ => scanner.skip_value(),
        })
    }

    fn entries<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        self.found |= scanner.token()? == b'[';
        scanner.list(|scanner| {
            if self.har.requests as usize == MOST_REQUESTS {
                return scanner.skip_value();
            }
            self.raw.wipe();
            let read = entry(scanner, &mut self.raw);
            // Of a request that breaks off, what there is may still say something.
            if read.is_ok() || !self.raw.url.is_empty() {
                self.har.requests += 1;
                if self.har.agent.is_empty()
                    && let Some(agent) = self.raw.request_header("user-agent")
                {
                    self.har.agent = version(&agent);
                }
                (self.take)(&mut self.raw);
            }
            self.raw.wipe();
            read
        })
    }
}

/// `{"name": ..., "version": ...}` in one text.
fn named<R: Read>(scanner: &mut Scanner<R>, into: &mut String) -> Result<(), Stop> {
    let (mut name, mut version) = (Value::default(), Value::default());
    scanner.object(|scanner, member| match member {
        b"name" => text(scanner, &mut name, 200),
        b"version" => text(scanner, &mut version, 200),
        _ => scanner.skip_value(),
    })?;
    *into = shown(format!("{} {}", *name.text(), *version.text()).trim(), 200);
    Ok(())
}

fn entry<R: Read>(scanner: &mut Scanner<R>, raw: &mut Raw) -> Result<(), Stop> {
    scanner.object(|scanner, name| match name {
        b"startedDateTime" => text(scanner, &mut raw.started, 100),
        b"time" => {
            raw.took = scanner.number()?;
            Ok(())
        }
        b"request" => request(scanner, raw),
        b"response" => response(scanner, raw),
        b"_resourceType" => text(scanner, &mut raw.resource, 100),
        b"_error" | b"_errorText" => text(scanner, &mut raw.error, 1000),
        b"_fromCache" => {
            raw.from_cache = true;
            scanner.skip_value()
        }
        _ => scanner.skip_value(),
    })
}

fn request<R: Read>(scanner: &mut Scanner<R>, raw: &mut Raw) -> Result<(), Stop> {
    scanner.object(|scanner, name| match name {
        b"method" => text(scanner, &mut raw.method, 50),
        b"url" => text(scanner, &mut raw.url, LARGEST_LINE),
        b"headers" => headers(scanner, &OF_REQUEST, &mut raw.request_headers),
        b"postData" => {
            raw.has_post = true;
            post_data(scanner, raw)
        }
        b"bodySize" => {
            raw.has_post |= scanner.number()? > 0.0;
            Ok(())
        }
        _ => scanner.skip_value(),
    })
}

fn post_data<R: Read>(scanner: &mut Scanner<R>, raw: &mut Raw) -> Result<(), Stop> {
    scanner.object(|scanner, name| match name {
        b"mimeType" => text(scanner, &mut raw.post_type, 200),
        b"text" => text(scanner, &mut raw.post_text, LARGEST_POST),
        b"params" => scanner.list(|scanner| {
            let (mut field, mut value) = (Value::default(), Value::default());
            scanner.object(|scanner, name| match name {
                b"name" => text(scanner, &mut field, 200),
                b"value" => text(scanner, &mut value, LARGEST_POST),
                _ => scanner.skip_value(),
            })?;
            if raw.post_params.len() < MOST_FIELDS {
                raw.post_params.push((field, value));
            }
            Ok(())
        }),
        _ => scanner.skip_value(),
    })
}

fn response<R: Read>(scanner: &mut Scanner<R>, raw: &mut Raw) -> Result<(), Stop> {
    scanner.object(|scanner, name| match name {
        b"status" => {
            // Saturates: what is no status of HTTP is none.
            raw.status = scanner.number()? as u16;
            raw.is_answered = true;
            Ok(())
        }
        b"headers" => headers(scanner, &OF_RESPONSE, &mut raw.response_headers),
        b"redirectURL" => text(scanner, &mut raw.redirect, LARGEST_LINE),
        b"content" => content(scanner, raw),
        b"_error" => text(scanner, &mut raw.error, 1000),
        _ => scanner.skip_value(),
    })
}

fn content<R: Read>(scanner: &mut Scanner<R>, raw: &mut Raw) -> Result<(), Stop> {
    scanner.object(|scanner, name| match name {
        b"mimeType" => text(scanner, &mut raw.body_type, 200),
        b"encoding" => {
            let mut encoding = Value::default();
            text(scanner, &mut encoding, 50)?;
            raw.body_base64 = encoding.text().eq_ignore_ascii_case("base64");
            Ok(())
        }
        b"size" => {
            raw.body_size = scanner.number()?;
            Ok(())
        }
        b"text"
            if NOT_LOOKED_AT
                .iter()
                .any(|kind| raw.body_type.bytes().starts_with(kind)) =>
        {
            scanner.skip_value()
        }
        b"text" => text(scanner, &mut raw.body, LARGEST_BODY),
        _ => scanner.skip_value(),
    })
}

/// The headers that are looked at, their names in small letters.
fn headers<R: Read>(
    scanner: &mut Scanner<R>,
    wanted: &[&str],
    into: &mut Vec<(String, Value)>,
) -> Result<(), Stop> {
    scanner.list(|scanner| {
        let mut name = Value::default();
        let mut value = Value::default();
        scanner.object(|scanner, member| match member {
            b"name" => text(scanner, &mut name, 100),
            b"value" if !name.is_empty() && !is_wanted(&name, wanted) => scanner.skip_value(),
            b"value" => text(scanner, &mut value, LARGEST_LINE),
            _ => scanner.skip_value(),
        })?;
        if is_wanted(&name, wanted) && into.len() < MOST_FIELDS {
            into.push((name.text().to_ascii_lowercase(), value));
        }
        Ok(())
    })
}

fn is_wanted(name: &Value, wanted: &[&str]) -> bool {
    wanted
        .iter()
        .any(|wanted| name.bytes().eq_ignore_ascii_case(wanted.as_bytes()))
}

fn text<R: Read>(scanner: &mut Scanner<R>, into: &mut Value, limit: usize) -> Result<(), Stop> {
    let read = scanner.string(&mut into.bytes, limit);
    if read.is_err() {
        // Half a value would be judged as a whole one.
        into.wipe();
    }
    read.map(drop)
}

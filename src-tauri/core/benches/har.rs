//! A recording of 200 MB: reading it and naming its cause, and what that takes of memory, beside Node's
//! `JSON.parse` of the same file on the same machine.
//!
//! Without Node, Latchkey's own figures are printed alone.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark looks at the clock, and its recording comes from a file as a person's does"
)]
#![allow(clippy::print_stdout, reason = "the figures are what it is run for")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use latchkey_core::Catalogue;
use latchkey_core::diagnosis::{Diagnosis, Known, of_har};

/// The size of the recording, in bytes.
const SIZE: usize = 200_000_000;

/// How often each side reads it; the best counts.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` says so; `cargo test --benches` only wants to know that it builds and runs.
    let measured = std::env::args().any(|arg| arg == "--bench");
    let size = if measured { SIZE } else { 2_000_000 };
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("recording.har");
    let requests = write(&file, size)?;
    let mut best = Duration::MAX;
    for _ in 0..if measured { ROUNDS } else { 1 } {
        let started = Instant::now();
        let diagnosis = diagnosed(&file)?;
        best = best.min(started.elapsed());
        let first = diagnosis.findings.first().ok_or("no finding")?.fault.code();
        assert_eq!(
            first, "person_not_assigned",
            "the cause is in the middle of the file"
        );
        assert_eq!(diagnosis.recording.requests, requests);
    }
    let peak = memory();
    println!(
        "a recording of {} MB, {requests} requests",
        size / 1_000_000
    );
    println!(
        "Latchkey: read and diagnosed  {:>6.0} ms, at most {peak:.0} MB of memory",
        ms(best)
    );
    if measured && let Some((read, parsed, memory)) = node(&file) {
        println!(
            "Node: read and JSON.parse     {:>6.0} ms, at most {memory:.0} MB of memory",
            read + parsed
        );
        println!("Node: JSON.parse alone        {parsed:>6.0} ms");
        println!(
            "Latchkey takes {:.2} of JSON.parse alone, reading included",
            ms(best) / parsed
        );
    }
    std::fs::remove_file(&file)?;
    Ok(())
}

fn diagnosed(file: &Path) -> Result<Diagnosis, Box<dyn Error>> {
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: Timestamp::UNIX_EPOCH,
    };
    Ok(of_har(File::open(file)?, &known)?)
}

/// Writes what a long session in a heavy application leaves behind, with a sign-in in its middle.
fn write(file: &Path, size: usize) -> Result<u32, Box<dyn Error>> {
    let script = r#"function a(b){if(b===\"error\"){return \"\\u00e9\"+'x'}\n\tvar c={\"d\":[1,2,3],e:/\\d+/};return c}\n"#;
    let data = r#"{\"id\":12345,\"name\":\"A longer name of a thing\",\"tags\":[\"one\",\"two\"],\"done\":false},"#;
    let bodies = [
        (
            "image/png",
            "base64",
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ".repeat(1500),
        ),
        ("application/javascript", "", script.repeat(900)),
        ("application/json", "", data.repeat(500)),
        (
            "text/html",
            "",
            "<div class=\\\"row\\\"><p>A page of the application.</p></div>\\n".repeat(60),
        ),
        (
            "text/css",
            "",
            ".a{color:#fff;background:url(\\\"x.png\\\")}\\n".repeat(1200),
        ),
    ];
    let mut out = BufWriter::new(File::create(file)?);
    write!(
        out,
        "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"WebInspector\",\"version\":\"537.36\"}},\"pages\":[],\"entries\":["
    )?;
    let (mut written, mut requests) = (0, 0);
    let mut signed_in = false;
    while written < size {
        if !signed_in && written > size / 2 {
            signed_in = true;
            let asked = "https://login.microsoftonline.com/t/oauth2/v2.0/authorize?client_id=c&response_type=code&redirect_uri=https%3A%2F%2Fapp.torq.io%2F__%2Fauth%2Fhandler&state=s1";
            let answer = "https://app.torq.io/__/auth/handler?error=access_denied&error_description=AADSTS50105&state=s1";
            written += entry(&mut out, requests, asked, answer, ("text/html", "", ""))?;
            written += entry(
                &mut out,
                requests + 1,
                answer,
                "",
                ("text/html", "", "<p>x</p>"),
            )?;
            requests += 2;
        }
        let (kind, encoding, body) = &bodies[requests as usize % bodies.len()];
        let url = format!("https://app.example/part/{requests}?v=1");
        written += entry(&mut out, requests, &url, "", (kind, encoding, body))?;
        requests += 1;
    }
    write!(out, "]}}}}")?;
    out.flush()?;
    Ok(requests)
}

fn entry(
    out: &mut impl Write,
    number: u32,
    url: &str,
    to: &str,
    (kind, encoding, body): (&str, &str, &str),
) -> Result<usize, Box<dyn Error>> {
    let status = if to.is_empty() { 200 } else { 302 };
    let comma = if number == 0 { "" } else { "," };
    let cookie = "c".repeat(900);
    let text = format!(
        "{comma}{{\"_initiator\":{{\"type\":\"script\",\"stack\":{{\"callFrames\":[{{\"functionName\":\"f\",\"url\":\"{url}\",\"lineNumber\":1}}]}}}},\
         \"_priority\":\"High\",\"_resourceType\":\"{}\",\"cache\":{{}},\"request\":{{\"method\":\"GET\",\"url\":\"{url}\",\"httpVersion\":\"h2\",\
         \"headers\":[{{\"name\":\"accept\",\"value\":\"*/*\"}},{{\"name\":\"cookie\",\"value\":\"{cookie}\"}},{{\"name\":\"user-agent\",\"value\":\"Mozilla/5.0 (X11; Linux x86_64)\"}}],\
         \"queryString\":[{{\"name\":\"v\",\"value\":\"1\"}}],\"cookies\":[],\"headersSize\":-1,\"bodySize\":0}},\
         \"response\":{{\"status\":{status},\"statusText\":\"\",\"httpVersion\":\"h2\",\"headers\":[{{\"name\":\"date\",\"value\":\"Sun, 22 Nov 2026 18:00:00 GMT\"}},\
         {{\"name\":\"location\",\"value\":\"{to}\"}},{{\"name\":\"x-other\",\"value\":\"something\"}}],\"cookies\":[],\
         \"content\":{{\"size\":{},\"mimeType\":\"{kind}\",\"text\":\"{body}\",\"encoding\":\"{encoding}\"}},\"redirectURL\":\"{to}\",\"headersSize\":-1,\"bodySize\":-1,\"_transferSize\":1}},\
         \"serverIPAddress\":\"192.0.2.1\",\"startedDateTime\":\"2026-11-22T18:00:00.{:03}Z\",\"time\":12.5,\"timings\":{{\"send\":0.1,\"wait\":10,\"receive\":2}}}}",
        if kind == "text/html" {
            "document"
        } else {
            "xhr"
        },
        body.len(),
        number % 1000,
    );
    out.write_all(text.as_bytes())?;
    Ok(text.len())
}

/// Milliseconds of reading and of parsing, and the most memory, in MB.
fn node(file: &Path) -> Option<(f64, f64, f64)> {
    let program = format!(
        "const fs = require('fs'); let best = [1e9, 1e9];
         for (let i = 0; i < {ROUNDS}; i++) {{
           const start = performance.now(); const text = fs.readFileSync(process.argv[1], 'utf8');
           const read = performance.now(); JSON.parse(text); const end = performance.now();
           if (end - start < best[0] + best[1]) best = [read - start, end - read];
         }}
         console.log(best[0], best[1], process.resourceUsage().maxRSS / 1000);"
    );
    let ran = Command::new("node")
        .arg("-e")
        .arg(program)
        .arg(file)
        .output()
        .ok()?;
    let text = String::from_utf8(ran.stdout).ok()?;
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect();
    let [read, parsed, memory] = numbers[..] else {
        return None;
    };
    Some((read, parsed, memory))
}

/// The most memory that this program has had, in MB; 0 where the system does not say.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1000.0
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

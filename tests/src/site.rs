//! A small web site for tests that stand in a provider's place: it serves what it is told to, and
//! reports every request.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

/// One request, as far as the tests look at it.
#[derive(Debug, Clone)]
pub struct Request {
    /// From the slash on, with the query.
    pub path: String,
    /// The port of the site that was asked.
    pub port: u16,
    /// The `Cookie` header.
    pub cookie: Option<String>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Page {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Page {
    /// A page of HTML.
    #[must_use]
    pub fn html(body: impl Into<String>) -> Self {
        Self::new(200, body).with("Content-Type", "text/html; charset=utf-8")
    }

    /// A script.
    #[must_use]
    pub fn script(body: impl Into<String>) -> Self {
        Self::new(200, body).with("Content-Type", "text/javascript")
    }

    /// A redirect with this status.
    #[must_use]
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::new(status, "").with("Location", to)
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(status, "")
    }

    /// One more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn new(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }
}

/// The running site. It ends with the test's process.
pub struct Site {
    port: u16,
    requests: Receiver<Request>,
}

impl Site {
    /// Serves `answer`'s pages on a free port of loopback.
    ///
    /// # Panics
    /// When loopback has no port left.
    #[must_use]
    pub fn open(answer: impl Fn(&Request) -> Page + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let (seen, requests) = mpsc::channel();
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (answer, seen) = (answer.clone(), seen.clone());
                // A browser that hangs up in the middle is no matter of the site's.
                thread::spawn(move || drop(serve(&connection, &*answer, &seen)));
            }
        });
        Self { port, requests }
    }

    /// An address of this site, under any name that stands for loopback.
    #[must_use]
    pub fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    /// The site's port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the next request whose path begins so.
    #[must_use]
    pub fn asked_for(&self, path: &str, within: Duration) -> Option<Request> {
        let deadline = Instant::now() + within;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let request = self.requests.recv_timeout(left).ok()?;
            if request.path.starts_with(path) {
                return Some(request);
            }
        }
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.requests.try_iter().for_each(drop);
    }
}

fn serve(
    connection: &TcpStream,
    answer: &dyn Fn(&Request) -> Page,
    seen: &Sender<Request>,
) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    let port = connection.local_addr()?.port();
    let Some(request) = read(&mut reader, port)? else {
        return Ok(());
    };
    let page = answer(&request);
    // The test may be over.
    let _ = seen.send(request);
    let mut head = format!(
        "HTTP/1.1 {} -\r\nContent-Length: {}\r\nConnection: close\r\n",
        page.status,
        page.body.len()
    );
    for (name, value) in &page.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut writer = connection;
    writer.write_all(format!("{head}\r\n{}", page.body).as_bytes())
}

/// The whole request, body included: answering early would reset the connection under a large POST.
fn read(reader: &mut impl BufRead, port: u16) -> io::Result<Option<Request>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let Some(path) = line.split_whitespace().nth(1).map(str::to_owned) else {
        return Ok(None);
    };
    let (mut length, mut cookie) = (0, None);
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else {
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "cookie" => cookie = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink())?;
    Ok(Some(Request { path, port, cookie }))
}

//! The real wizard on a real display: its main window by WebDriver, the sign-in window by real
//! keys and a real pointer, as a person would.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::prelude::*;

const PATIENCE: Duration = Wizard::PATIENCE;

/// In the title of the sign-in window.
pub const SIGN_IN_WINDOW: &str = "Test sign-in for Torq";

/// How long a window that was confirmed may take to go.
const GOING: Duration = Duration::from_secs(2);

/// Said once a page has been loaded.
const WAITING: &str = "Waiting for you in the sign-in window.";

/// How long to wait between two looks.
const BLINK: Duration = Duration::from_millis(40);

/// The name of what has the focus, whether it is a field, and the names of its group of radio buttons.
const FOCUS: &str = "
    const one = document.activeElement;
    const named = (it) => (it.getAttribute('aria-label') ?? it.labels?.[0]?.innerText ?? it.innerText ?? '').trim();
    const radios = one.type === 'radio' ? [...document.getElementsByName(one.name)] : [];
    const takes_text = one.matches('textarea, input:not([type=radio], [type=checkbox])');
    return { name: named(one), takes_text, group: radios.map(named) };";

#[derive(serde::Deserialize)]
struct Focus {
    name: String,
    takes_text: bool,
    group: Vec<String>,
}

/// The running wizard.
pub struct Wizard {
    driver: WebDriver,
    web_driver: Child,
}

impl Wizard {
    /// Nothing that a person waits for takes this long on the slowest machine that runs these tests.
    pub const PATIENCE: Duration = Duration::from_secs(30);

    /// Starts it with its data in this folder, on the display of the environment.
    ///
    /// # Panics
    /// When there is no display, or the wizard or its driver is not there.
    pub async fn open(data: &Path) -> Self {
        Self::open_with(data, &[]).await
    }

    /// The same, with these variables in its environment.
    ///
    /// # Panics
    /// As [`Self::open`].
    pub async fn open_with(data: &Path, environment: &[(&str, &OsStr)]) -> Self {
        Self::opened(data, environment, (Stdio::null(), Stdio::null())).await
    }

    /// The same, with all that it and its engine say written behind what is in this file.
    ///
    /// # Panics
    /// As [`Self::open`], and when the file cannot be written.
    pub async fn open_said(data: &Path, environment: &[(&str, &OsStr)], said: &Path) -> Self {
        let into = || {
            let file = File::options().create(true).append(true).open(said);
            Stdio::from(file.expect("the file can be written"))
        };
        Self::opened(data, environment, (into(), into())).await
    }

    async fn opened(
        data: &Path,
        environment: &[(&str, &OsStr)],
        (stdout, stderr): (Stdio, Stdio),
    ) -> Self {
        assert!(
            env::var_os("DISPLAY").is_some(),
            "there is no display: run this by make test, or behind tests/on-a-display.sh"
        );
        // The client asks for a TLS provider even for plain http; a second installation is none.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = free_port();
        let web_driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(environment.iter().copied())
            .stdout(stdout)
            .stderr(stderr)
            // With all that it starts: they end together.
            .process_group(0)
            .spawn()
            .expect("WebKitWebDriver is missing: apt-get install webkit2gtk-driver");
        until_listening(port).await;
        let mut wanted = Capabilities::new();
        let options = json!({ "binary": program(), "args": ["--data-dir", data] });
        wanted
            .set("webkitgtk:browserOptions", options)
            .expect("plain JSON");
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted)
            .await
            .expect("the wizard opens its window");
        Self { driver, web_driver }
    }

    /// The main window.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Presses the button or link with exactly this text.
    ///
    /// # Panics
    /// When there is none.
    pub async fn press(&self, text: &str) {
        let path =
            format!("//*[self::button or self::a or self::summary][normalize-space()=\"{text}\"]");
        self.click(&path, text).await;
    }

    /// Chooses the radio button or check box whose label starts with this.
    ///
    /// # Panics
    /// When there is none.
    pub async fn choose(&self, label: &str) {
        let path =
            format!("//label[starts-with(normalize-space(), \"{label}\")][.//input or @for]");
        self.click(&path, label).await;
    }

    /// Opens the part of the page whose summary starts with this.
    ///
    /// # Panics
    /// When there is none.
    pub async fn unfold(&self, summary: &str) {
        let path = format!("//summary[starts-with(normalize-space(), \"{summary}\")]");
        self.click(&path, summary).await;
    }

    /// Fills the field with this label in place of what is in it.
    ///
    /// # Panics
    /// When there is none.
    pub async fn fill(&self, label: &str, value: &str) {
        let path = format!(
            "//*[@id=(//label[starts-with(normalize-space(), \"{label}\")]/@for)] \
             | //label[starts-with(normalize-space(), \"{label}\")]//*[self::input or self::select or self::textarea]"
        );
        let field = self.at(&path, label).await;
        if field.tag_name().await.expect("it has one") == "select" {
            let path = format!(".//option[normalize-space()=\"{value}\"]");
            let option = field
                .find(By::XPath(&path))
                .await
                .expect("the choice is there");
            option.click().await.expect("it can be chosen");
            return;
        }
        let deadline = Instant::now() + PATIENCE;
        // What unfolds or slides into place takes no keys until it is there.
        while let Err(error) = field.clear().await {
            assert!(
                Instant::now() < deadline,
                "{label:?} takes no keys: {error}"
            );
            self.at_rest(&field, label).await;
        }
        field
            .send_keys(value)
            .await
            .unwrap_or_else(|error| panic!("{label:?} cannot be typed into: {error}"));
    }

    /// Puts a long text into the field with this label at once, as pasting does.
    ///
    /// # Panics
    /// When there is none.
    pub async fn paste(&self, label: &str, text: &str) {
        let path = format!("//*[@id=(//label[starts-with(normalize-space(), \"{label}\")]/@for)]");
        let field = self.at(&path, label).await;
        let field = field.to_json().expect("plain JSON");
        let set = "const [field, text] = arguments; field.focus(); field.value = text; \
                   field.dispatchEvent(new InputEvent('input', { bubbles: true }));";
        self.driver
            .execute(set, vec![field, text.into()])
            .await
            .expect("the page runs scripts");
    }

    /// Answers what one of the window's commands answers.
    ///
    /// # Panics
    /// When the command refuses.
    pub async fn asks(&self, command: &str, with: Value) -> Value {
        let ask = "const [command, given, done] = arguments; \
                   window.__TAURI_INTERNALS__.invoke(command, given) \
                     .then((given) => done({ given }), (refused) => done({ refused }));";
        let given = vec![command.into(), with];
        let answer = self.driver.execute_async(ask, given).await;
        let mut answer = answer.expect("the page runs scripts").json().clone();
        assert!(answer["refused"].is_null(), "{command}: {answer}");
        answer["given"].take()
    }

    /// Tabs to the button or link with exactly this name, and presses it.
    ///
    /// # Panics
    /// When Tab does not come by it.
    pub async fn press_by_keys(&self, name: &str) {
        self.tab_until(name, |focus| focus.name == name).await;
        self.key(Key::Enter.value()).await;
    }

    /// Tabs to the field whose name starts with this, and types.
    ///
    /// # Panics
    /// When Tab does not come by it.
    pub async fn type_by_keys(&self, name: &str, value: &str) {
        self.tab_until(name, |focus| {
            focus.takes_text && focus.name.starts_with(name)
        })
        .await;
        for letter in value.chars() {
            self.key(letter).await;
        }
    }

    /// Tabs to the radio buttons among which this one is, and goes to it by the arrow keys.
    ///
    /// # Panics
    /// When Tab does not come by them.
    pub async fn choose_by_keys(&self, name: &str) {
        let is = |one: &String| one.starts_with(name);
        self.tab_until(name, |focus| focus.group.iter().any(is))
            .await;
        let deadline = Instant::now() + PATIENCE;
        while !self.focus().await.name.starts_with(name) {
            assert!(Instant::now() < deadline, "{name:?} is not come by");
            self.key(Key::Down.value()).await;
        }
        // The first of them has the focus without being chosen.
        self.key(' ').await;
    }

    /// Tabs to what unfolds under this summary, and opens it.
    ///
    /// # Panics
    /// When Tab does not come by it.
    pub async fn unfold_by_keys(&self, summary: &str) {
        self.tab_until(summary, |focus| focus.name.starts_with(summary))
            .await;
        self.key(Key::Enter.value()).await;
    }

    /// Tabs to the check box whose name starts with this, and ticks it.
    ///
    /// # Panics
    /// When Tab does not come by it.
    pub async fn tick_by_keys(&self, name: &str) {
        self.tab_until(name, |focus| {
            !focus.takes_text && focus.name.starts_with(name)
        })
        .await;
        self.key(' ').await;
    }

    async fn key(&self, key: char) {
        self.driver
            .action_chain()
            .send_keys(key)
            .perform()
            .await
            .unwrap_or_else(|error| panic!("the page takes no keys: {error}"));
    }

    /// What has the focus.
    async fn focus(&self) -> Focus {
        let answer = self
            .driver
            .execute(FOCUS, Vec::new())
            .await
            .expect("the page runs scripts");
        serde_json::from_value(answer.json().clone()).expect("what the script returns")
    }

    async fn tab_until(&self, name: &str, is: impl Fn(&Focus) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is(&self.focus().await) {
            assert!(
                Instant::now() < deadline,
                "Tab does not come by {name:?}: {}",
                self.text().await
            );
            self.key(Key::Tab.value()).await;
        }
    }

    /// Waits until the page says this.
    ///
    /// # Panics
    /// When it does not.
    pub async fn says(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.text().await.contains(text) {
            assert!(
                Instant::now() < deadline,
                "the page does not say {text:?}: {}",
                self.text().await
            );
            tokio::time::sleep(BLINK).await;
        }
    }

    /// Waits until something outside the window is there.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn until<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                Instant::now() < deadline,
                "it does not come; the page says: {}",
                self.text().await
            );
            tokio::time::sleep(BLINK).await;
        }
    }

    /// All that the page says.
    pub async fn text(&self) -> String {
        match self.driver.find(By::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Starts a test sign-in and waits until the provider's page takes keys.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn begin_sign_in(&self) -> SignInWindow {
        self.press("Start test sign-in").await;
        self.says(WAITING).await;
        SignInWindow::wait_for(SIGN_IN_WINDOW)
    }

    /// Signs a person in at the provider's form, by keyboard alone.
    ///
    /// # Panics
    /// When the form does not come.
    pub async fn sign_in_as(&self, email: &str, password: &str) {
        let window = self.begin_sign_in().await;
        window.signs_in(email, password);
    }

    /// The same where other pages come before the form: `page` is a part of the form's address.
    ///
    /// # Panics
    /// When the form does not come.
    pub async fn sign_in_on(&self, page: &str, email: &str, password: &str) {
        self.press("Start test sign-in").await;
        self.says(page).await;
        self.says(WAITING).await;
        SignInWindow::wait_for(SIGN_IN_WINDOW).signs_in(email, password);
    }

    /// What the window shows, as a PNG.
    ///
    /// # Panics
    /// When it cannot be had.
    pub async fn shot(&self) -> Vec<u8> {
        self.driver
            .screenshot_as_png()
            .await
            .expect("the window can be read")
    }

    /// A picture of the whole screen, both windows on it.
    ///
    /// # Panics
    /// When the screen cannot be read.
    pub fn picture(&self, file: &Path) {
        let status = Command::new("import")
            .args(["-window", "root"])
            .arg(file)
            .status();
        assert!(
            status
                .expect("import is missing: apt-get install imagemagick")
                .success()
        );
    }

    /// The same into `LATCHKEY_PICTURES`, where that folder is named.
    ///
    /// # Panics
    /// As [`Self::picture`].
    pub fn pictured(&self, name: &str) {
        if let Some(folder) = env::var_os("LATCHKEY_PICTURES") {
            self.picture(&Path::new(&folder).join(name));
        }
    }

    /// Closes the wizard as a person would.
    pub async fn close(self) {
        let _ = self.driver.clone().quit().await;
    }

    /// Ends the wizard as a crash would, at once.
    pub fn kill(self) {
        drop(self);
    }

    /// Ends the wizard as a crash would, so long from now; nobody waits for it.
    pub fn kill_in(&self, life: Duration) {
        let group = self.web_driver.id();
        // The moment of the end is what is asked for, not something that is waited for.
        std::thread::spawn(move || {
            std::thread::sleep(life);
            kill_group(group);
        });
    }
}

impl Drop for Wizard {
    fn drop(&mut self) {
        // Nobody is left to say goodbye to.
        let _ = self.driver.clone().leak();
        let group = self.web_driver.id();
        kill_group(group);
        let _ = self.web_driver.wait();
        // Until the system is done with it, a process that was killed still holds its locks.
        let deadline = Instant::now() + PATIENCE;
        while is_running(group) && Instant::now() < deadline {
            std::thread::sleep(BLINK);
        }
    }
}

impl Wizard {
    /// What a person would find under this name, brought into view.
    async fn at(&self, path: &str, name: &str) -> WebElement {
        let query = self.driver.query(By::XPath(path)).wait(PATIENCE, BLINK);
        let Ok(found) = query.and_displayed().first().await else {
            panic!(
                "nothing is called {name:?} on the page: {}",
                self.text().await
            )
        };
        self.at_rest(&found, name).await;
        found
    }

    /// Brings something into view until it stands still there: nobody presses what slides away under the
    /// pointer, and what comes in above may push it out of sight again.
    async fn at_rest(&self, element: &WebElement, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        let mut before = None;
        loop {
            element.scroll_into_view().await.expect("it is on the page");
            let place = element.rect().await.ok();
            let place = place.map(|rect| (rect.x, rect.y, rect.width, rect.height));
            if place.is_some() && place == before {
                return;
            }
            assert!(Instant::now() < deadline, "{name:?} does not stand still");
            before = place;
            tokio::time::sleep(BLINK).await;
        }
    }

    async fn click(&self, path: &str, name: &str) {
        let found = self.at(path, name).await;
        found
            .click()
            .await
            .unwrap_or_else(|error| panic!("{name:?} cannot be pressed: {error}"));
    }
}

/// The sign-in window, which WebDriver does not see: real keys go to whatever has the focus.
pub struct SignInWindow {
    id: String,
}

impl SignInWindow {
    /// Waits for the window whose title contains this and gives it the focus.
    ///
    /// # Panics
    /// When it does not come.
    pub fn wait_for(title: &str) -> Self {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = xdotool(&["search", "--onlyvisible", "--name", title]);
            if let Some(id) = found.lines().next() {
                xdotool(&["windowactivate", "--sync", id]);
                return Self { id: id.to_owned() };
            }
            assert!(Instant::now() < deadline, "no window is called {title:?}");
            std::thread::sleep(BLINK);
        }
    }

    fn signs_in(&self, email: &str, password: &str) {
        self.types(email);
        self.key("Tab");
        self.types(password);
        self.key("Return");
    }

    /// Types into whatever has the focus.
    pub fn types(&self, text: &str) {
        xdotool(&["type", "--clearmodifiers", "--delay", "8", text]);
    }

    /// Presses a key by its X name: `Tab`, `Return`.
    pub fn key(&self, name: &str) {
        xdotool(&["key", "--clearmodifiers", name]);
    }

    /// Presses Return until the window is gone: a file chooser takes the first for what it offers to complete.
    ///
    /// # Panics
    /// When it stays.
    pub fn confirm(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.is_there() {
            assert!(Instant::now() < deadline, "the window stays");
            xdotool(&["windowactivate", "--sync", &self.id]);
            self.key("Return");
            // One that is going takes its time; a second Return would go to the window behind it.
            let going = Instant::now() + GOING;
            while self.is_there() && Instant::now() < going {
                std::thread::sleep(BLINK);
            }
        }
    }

    /// Closes the window as the button of its frame does.
    pub fn close(&self) {
        let _ = Command::new("wmctrl").args(["-i", "-c", &self.id]).status();
    }

    /// Whether the window is still there.
    pub fn is_there(&self) -> bool {
        xdotool(&["search", "--onlyvisible", "--name", ".*"])
            .lines()
            .any(|id| id == self.id)
    }
}

/// Ends a process and all that it started.
fn kill_group(leader: u32) {
    let group = format!("-{leader}");
    let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
}

/// Whether the system has not yet ended all threads of this group. What nobody has waited for has ended
/// too; a first thread that has ended while another still writes has not ended its process.
fn is_running(group: u32) -> bool {
    let group = group.to_string();
    let of_group = |process: &Path| {
        let threads = std::fs::read_dir(process.join("task"))
            .into_iter()
            .flatten();
        threads.flatten().any(|thread| {
            let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            // Behind the name, which may hold anything: state, parent, group (proc(5)).
            let (_, stat) = stat.rsplit_once(')').unwrap_or_default();
            let mut fields = stat.split_whitespace();
            let ended = fields.next().is_none_or(|state| matches!(state, "Z" | "X"));
            !ended && fields.nth(1) == Some(&group)
        })
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten();
    processes.flatten().any(|process| of_group(&process.path()))
}

pub(crate) fn xdotool(arguments: &[&str]) -> String {
    let output = Command::new("xdotool")
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .expect("xdotool is missing: apt-get install xdotool");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The wizard that was built beside these tests.
fn program() -> PathBuf {
    let here = env::current_exe().expect("a program knows itself");
    // Tests lie in target/debug/deps, programs one folder above.
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("latchkey-wizard"))
        .find(|wizard| wizard.is_file())
        .expect("the wizard is not built: cargo build -p latchkey-app")
}

/// A free port; whoever wants it next is quicker only by a wonder.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it has one").port()
}

async fn until_listening(port: u16) {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < deadline, "WebKitWebDriver does not listen");
        tokio::time::sleep(BLINK).await;
    }
}

//! A room for one test: a network of its own in which a chosen host has an address, and a display of
//! its own. All of it is gone when the test ends, processes included.

use std::{
    env,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Stdio},
};

/// An address for the host under guard. RFC 5737: it belongs to nobody.
pub const GUARDED_ADDRESS: &str = "192.0.2.1";
/// Another one, for what a control goes to.
pub const CONTROL_ADDRESS: &str = "192.0.2.2";

const INSIDE: &str = "LATCHKEY_IN_ROOM";
const WITHOUT: &str = "LATCHKEY_WITHOUT_WINDOW";

/// Loopback alone would not do: without another address the resolver answers "not known" for every
/// name, and a tripwire stays silent whatever happens.
const FURNISH: &str = r#"
set -e
ip link set lo up
ip link add wire type dummy 2>/dev/null || ip link add wire type veth peer name eriw
ip addr add "$GUARDED/24" dev wire
ip addr add "$CONTROL/24" dev wire
ip link set wire up
hosts=$(mktemp)
printf '%s\n' "$HOSTS" > "$hosts"
mount --bind "$hosts" /etc/hosts
rm -f "$hosts"
mkdir -p /tmp/.X11-unix
mount -t tmpfs none /tmp/.X11-unix
exec "$@"
"#;

/// Runs `body` in a room in which `hosts`, pairs of an address and its names, are all that can be resolved.
/// `test` is the running test's own name, by which it is called again inside.
///
/// # Panics
/// When the body fails, and when no room can be had: a guard that was not tried is not a pass.
pub fn in_a_room(test: &str, hosts: &[(&str, &str)], body: impl FnOnce()) {
    if env::var_os(INSIDE).is_some() {
        return body();
    }
    if env::var_os(WITHOUT).is_some_and(|value| value == "1") {
        eprintln!("skipped: {WITHOUT}=1, {test} was not run");
        return;
    }
    let hosts = hosts.iter().fold(
        "127.0.0.1 localhost\n".to_owned(),
        |hosts, (address, names)| hosts + format!("{address} {names}\n").as_str(),
    );
    assert!(
        unshare()
            .arg("true")
            .status()
            .is_ok_and(|status| status.success()),
        "{test} needs a network namespace: run it as root or allow unprivileged user namespaces, \
         with util-linux and iproute2 installed; {WITHOUT}=1 leaves it out."
    );
    let status = unshare()
        .args(["sh", "-c", FURNISH, "sh"])
        .arg(env::current_exe().expect("a test knows its own program"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .envs([
            ("GUARDED", GUARDED_ADDRESS),
            ("CONTROL", CONTROL_ADDRESS),
            ("HOSTS", &hosts),
            (INSIDE, "1"),
        ])
        .status()
        .expect("unshare was there a moment ago");
    assert!(status.success(), "{test} failed in its room: {status}");
}

/// A process, mount and network namespace; a user namespace too for those who are not root.
fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args([
        "--mount",
        "--net",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
    ]);
    if !is_root() {
        command.arg("--map-root-user");
    }
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// An X display without a screen.
pub struct Display {
    server: Child,
    number: String,
    window_manager: Option<Child>,
}

impl Display {
    /// Waits until the display can be used.
    ///
    /// # Panics
    /// When there is no Xvfb, or it does not start.
    #[must_use]
    pub fn open() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("Xvfb is missing: apt-get install xvfb, or LATCHKEY_WITHOUT_WINDOW=1 to leave this test out");
        let mut number = String::new();
        let ready = server.stdout.take().expect("it is piped");
        BufReader::new(ready)
            .read_line(&mut number)
            .expect("Xvfb says its number");
        assert!(!number.trim().is_empty(), "Xvfb did not start");
        Self {
            server,
            number: format!(":{}", number.trim()),
            window_manager: None,
        }
    }

    /// With a window manager, by which a person closes windows. It decides where they stand.
    ///
    /// # Panics
    /// When there is no openbox.
    #[must_use]
    pub fn managed(mut self) -> Self {
        let manager = self
            .command("openbox")
            .arg("--sm-disable")
            .stderr(Stdio::null())
            .spawn();
        self.window_manager = Some(manager.expect("openbox is missing: apt-get install openbox"));
        self
    }

    /// A program that opens its windows here, knows no session bus and draws without a graphics card.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.number)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .envs([
                ("GDK_BACKEND", "x11"),
                ("GSETTINGS_BACKEND", "memory"),
                ("NO_AT_BRIDGE", "1"),
                ("LIBGL_ALWAYS_SOFTWARE", "1"),
                ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
            ]);
        command
    }

    /// Moves the real pointer of this display and presses, as a person would.
    ///
    /// # Panics
    /// When there is no xdotool.
    pub fn click(&self, x: u32, y: u32) {
        let status = self.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
        assert!(status.success(), "xdotool clicks");
    }

    /// Closes the window whose title contains `title`, as the button of its frame does.
    ///
    /// # Panics
    /// When there is no such window, or no wmctrl.
    pub fn close_window(&self, title: &str) {
        let status = self.command("wmctrl").args(["-c", title]).status();
        let closed = status.expect("wmctrl is missing: apt-get install wmctrl");
        assert!(closed.success(), "a window called {title} is there");
    }

    fn xdotool(&self, arguments: &[&str]) -> ExitStatus {
        self.command("xdotool")
            .args(arguments)
            .status()
            .expect("xdotool is missing: apt-get install xdotool")
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(manager) = &mut self.window_manager {
            let _ = manager.kill();
            let _ = manager.wait();
        }
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

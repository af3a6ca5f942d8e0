//! A listener that stands in the place of a host which nothing may reach.

use std::{
    net::{Shutdown, TcpListener, TcpStream},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

/// Rings once for each connection, before a byte of it is read.
pub struct Tripwire(Receiver<u16>);

impl Tripwire {
    /// Listens on all these ports.
    ///
    /// # Panics
    /// When one is taken.
    #[must_use]
    pub fn stretch(address: &str, ports: &[u16]) -> Self {
        let (bell, rings) = mpsc::channel();
        for &port in ports {
            let listener =
                TcpListener::bind((address, port)).expect("the port is free in this room");
            let bell = bell.clone();
            thread::spawn(move || {
                for connection in listener.incoming().flatten() {
                    if bell.send(port).is_err() {
                        return;
                    }
                    hang_up(&connection);
                }
            });
        }
        Self(rings)
    }

    /// Whether it rings within this time.
    #[must_use]
    pub fn rings_within(&self, time: Duration) -> bool {
        match self.0.recv_timeout(time) {
            Ok(_) => true,
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => panic!("the tripwire is cut"),
        }
    }

    /// The ports at which it has rung since it was last asked.
    #[must_use]
    pub fn rung(&self) -> Vec<u16> {
        self.0.try_iter().collect()
    }
}

fn hang_up(connection: &TcpStream) {
    // The other side may be gone already.
    let _ = connection.shutdown(Shutdown::Both);
}

//! The sign-in window on WebKitGTK.

use std::sync::Arc;

use gtk::glib;
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::oneshot;

use super::{OpenError, Spec, Window, sitting::Sitting};

mod browser;
mod page;
mod strip;
mod unbound;

use browser::Browser;

/// The end of a wire to the window, which lives on the main thread. The window closes when it is dropped.
pub(super) struct SignInWindow {
    close: oneshot::Sender<()>,
    closed: oneshot::Receiver<()>,
}

impl Window for SignInWindow {
    async fn open<R: Runtime>(
        app: &AppHandle<R>,
        spec: Spec,
        sitting: Arc<Sitting>,
    ) -> Result<Self, OpenError> {
        let (opened_tx, opened) = oneshot::channel();
        let (close, close_rx) = oneshot::channel();
        let (closed_tx, closed) = oneshot::channel();
        let main = app.get_webview_window(crate::MAIN);
        app.run_on_main_thread(move || {
            let over = main.and_then(|main| main.gtk_window().ok());
            glib::MainContext::default().spawn_local(async move {
                let browser = match Browser::open(spec, sitting, over).await {
                    Ok(browser) => browser,
                    // Where nobody waits for the answer any more, there is nobody to tell.
                    Err(why) => return drop(opened_tx.send(Err(why))),
                };
                let _ = opened_tx.send(Ok(()));
                let _ = close_rx.await;
                drop(browser);
                let _ = closed_tx.send(());
            });
        })
        .map_err(|error| OpenError::Window(error.to_string()))?;
        opened
            .await
            .map_err(|_| OpenError::Window("the main thread is gone".to_owned()))??;
        Ok(Self { close, closed })
    }

    async fn close(self) {
        let _ = self.close.send(());
        // An error means that the main thread, and the window with it, is gone.
        let _ = self.closed.await;
    }
}

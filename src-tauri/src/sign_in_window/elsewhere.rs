//! Where no engine has been fitted yet, the system browser does the same.

use std::sync::Arc;

use tauri::{AppHandle, Runtime};

use super::{OpenError, Spec, Window, sitting::Sitting};

pub(super) struct SignInWindow;

impl Window for SignInWindow {
    async fn open<R: Runtime>(
        _app: &AppHandle<R>,
        _spec: Spec,
        _sitting: Arc<Sitting>,
    ) -> Result<Self, OpenError> {
        Err(OpenError::NotAvailableHere)
    }

    async fn close(self) {}
}

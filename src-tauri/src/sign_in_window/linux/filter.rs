//! Gives WebKit a content blocker: the guard's rule for every load, not only for navigations.
//!
//! The Rust bindings leave `WebKitUserContentFilterStore` out, so this file calls it itself. It is
//! the only one in the project that may: everything unsafe stays in these two functions.
#![allow(
    unsafe_code,
    reason = "webkit2gtk has no safe binding for content filters; two calls are made here"
)]

use std::{ffi::CString, path::Path, ptr};

use tokio::sync::oneshot;
use webkit2gtk::{
    UserContentManager, ffi,
    gio::ffi::GAsyncResult,
    glib::{self, ffi::gpointer, gobject_ffi::GObject, object::ObjectType, translate::*},
};

const NAME: &std::ffi::CStr = c"login-redirect-url";

/// Compiles `rules` (WebKit's content blocker JSON) into `folder` and adds them to `manager`.
/// The folder must stay for as long as pages are loaded with it. Call on the main thread.
pub(super) async fn block(
    manager: &UserContentManager,
    rules: &str,
    folder: &Path,
) -> Result<(), String> {
    let folder = folder.to_str().and_then(|path| CString::new(path).ok());
    let folder = folder.ok_or("the temporary folder's name is not text")?;
    let rules = glib::Bytes::from(rules.as_bytes());
    let (saved, filter) = oneshot::channel::<Saved>();

    // SAFETY: `new` returns a new reference, which the object now owns and drops at the end of this
    // function, after the save has finished.
    let store: glib::Object = unsafe {
        from_glib_full(ffi::webkit_user_content_filter_store_new(folder.as_ptr()).cast::<GObject>())
    };
    // SAFETY: all pointers outlive the call; `save` takes its own references to the store and the
    // bytes, and calls `on_saved` exactly once with the box, which it takes back.
    unsafe {
        ffi::webkit_user_content_filter_store_save(
            store.as_ptr().cast(),
            NAME.as_ptr(),
            rules.to_glib_none().0,
            ptr::null_mut(),
            Some(on_saved),
            Box::into_raw(Box::new(saved)).cast(),
        );
    }
    let filter = filter.await.map_err(|_| "the block was not compiled")??;
    // SAFETY: the filter is a reference that `save_finish` gave us; the manager takes its own, and
    // ours is given back.
    unsafe {
        ffi::webkit_user_content_manager_add_filter(manager.to_glib_none().0, filter);
        ffi::webkit_user_content_filter_unref(filter);
    }
    Ok(())
}

type Saved = Result<*mut ffi::WebKitUserContentFilter, String>;

unsafe extern "C" fn on_saved(store: *mut GObject, result: *mut GAsyncResult, saved: gpointer) {
    // SAFETY: `block` passed this box, and WebKit calls back once.
    let saved = unsafe { Box::from_raw(saved.cast::<oneshot::Sender<Saved>>()) };
    let mut error = ptr::null_mut();
    // SAFETY: WebKit passes the store and the result of the very call that is being finished.
    let filter = unsafe {
        ffi::webkit_user_content_filter_store_save_finish(store.cast(), result, &mut error)
    };
    let outcome = if filter.is_null() {
        // SAFETY: without a filter the error is set, and it is ours to free.
        let error: glib::Error = unsafe { from_glib_full(error) };
        Err(error.to_string())
    } else {
        Ok(filter)
    };
    if let Err(Ok(filter)) = saved.send(outcome) {
        // SAFETY: nobody waits for the filter any more; the reference is ours.
        unsafe { ffi::webkit_user_content_filter_unref(filter) };
    }
}

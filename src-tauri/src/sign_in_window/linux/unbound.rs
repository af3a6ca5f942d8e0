//! What the Rust bindings of WebKitGTK leave out, called by hand: content blockers, and the engine's
//! named features (since WebKitGTK 2.42). The only unsafe code in the project.
#![allow(
    unsafe_code,
    reason = "webkit2gtk has no safe binding for content filters and features"
)]

use std::{
    ffi::{CStr, CString, c_char},
    path::Path,
    ptr,
};

use tokio::sync::oneshot;
use webkit2gtk::{
    Settings, UserContentManager, ffi,
    gio::ffi::GAsyncResult,
    glib::{self, ffi::gpointer, gobject_ffi::GObject, object::ObjectType, translate::*},
};

const NAME: &CStr = c"login-redirect-url";

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

/// Switches a feature of the engine off. Fails where the engine knows none of this name, so that a
/// guard which rests on it is not thought to hold.
pub(super) fn switch_off(settings: &Settings, feature: &str) -> Result<(), String> {
    // SAFETY: the list is ours and given back below; its features live as long as it does, and their
    // names as long as they do.
    let found = unsafe {
        let list = webkit_settings_get_all_features();
        let found = (0..webkit_feature_list_get_length(list))
            .map(|at| webkit_feature_list_get(list, at))
            .find(|known| {
                let name = CStr::from_ptr(webkit_feature_get_identifier(*known));
                name.to_bytes() == feature.as_bytes()
            });
        if let Some(known) = found {
            webkit_settings_set_feature_enabled(
                settings.to_glib_none().0,
                known,
                glib::ffi::GFALSE,
            );
        }
        webkit_feature_list_unref(list);
        found.is_some()
    };
    found
        .then_some(())
        .ok_or_else(|| format!("this WebKitGTK has no feature {feature}"))
}

/// Opaque: `WebKitFeature`.
#[repr(C)]
struct Feature([u8; 0]);

/// Opaque: `WebKitFeatureList`.
#[repr(C)]
struct FeatureList([u8; 0]);

// As declared in webkit2/WebKitFeature.h and WebKitSettings.h of WebKitGTK 2.42.
unsafe extern "C" {
    fn webkit_settings_get_all_features() -> *mut FeatureList;
    fn webkit_settings_set_feature_enabled(
        settings: *mut ffi::WebKitSettings,
        feature: *mut Feature,
        enabled: glib::ffi::gboolean,
    );
    fn webkit_feature_list_get_length(list: *mut FeatureList) -> usize;
    fn webkit_feature_list_get(list: *mut FeatureList, index: usize) -> *mut Feature;
    fn webkit_feature_list_unref(list: *mut FeatureList);
    fn webkit_feature_get_identifier(feature: *mut Feature) -> *const c_char;
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

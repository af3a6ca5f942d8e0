//! Columns that hold a type of the core as JSON, bounded.

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// The largest JSON that is kept in one column, in bytes. A set-up file may have half of it.
pub(crate) const LARGEST: usize = 2 * latchkey_core::set_up::LARGEST;

/// The longest author's name, in bytes.
pub(crate) const LONGEST_AUTHOR: usize = 320;

/// The longest written reason, in bytes.
pub(crate) const LONGEST_REASON: usize = 10_000;

pub(crate) fn written<T: Serialize>(value: &T, what: &'static str) -> Result<String, StoreError> {
    let json = serde_json::to_string(value).map_err(|_| StoreError::Unreadable { what })?;
    bounded(&json, LARGEST, what)?;
    Ok(json)
}

/// The reason is not passed on: it would quote what is stored.
pub(crate) fn read<T: DeserializeOwned>(json: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Unreadable { what })
}

pub(crate) fn bounded(text: &str, limit: usize, what: &'static str) -> Result<(), StoreError> {
    if text.len() > limit {
        return Err(StoreError::TooLarge { what, limit });
    }
    Ok(())
}

/// A time as it is stored: RFC 3339, to the nanosecond.
pub(crate) fn time(stored: ValueRef, what: &'static str) -> Result<Timestamp, StoreError> {
    stored
        .as_str()
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(StoreError::Unreadable { what })
}

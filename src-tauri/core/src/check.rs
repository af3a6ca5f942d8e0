//! Checks a set-up, every field and rule, and parses its connection.

pub fn placeholder() {}

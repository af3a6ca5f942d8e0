//! How deep JSON may be nested. serde_json stops by itself at a depth of its own and does not say
//! at which; this says it.

use super::Why;

/// The deepest nesting that is read, in levels of objects and lists.
const DEEPEST: usize = 64;

/// Refuses text that is nested deeper. Text that is no JSON passes: the reader names its place.
pub(super) fn bounded(text: &str) -> Result<(), Why> {
    let (mut depth, mut line) = (0_usize, 1);
    let (mut in_text, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'\n' => line += 1,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(Why::TooDeep {
                limit: DEEPEST,
                line,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> String {
        "[".repeat(levels) + &"]".repeat(levels)
    }

    #[test]
    fn the_limit_itself_is_read_and_one_more_is_not() {
        assert_eq!(bounded(&nested(DEEPEST)), Ok(()));
        let error = bounded(&format!("\n{}", nested(DEEPEST + 1))).unwrap_err();
        assert_eq!(
            error,
            Why::TooDeep {
                limit: DEEPEST,
                line: 2
            }
        );
    }

    #[test]
    fn brackets_in_texts_are_no_nesting() {
        let brackets = "[".repeat(1000);
        assert_eq!(bounded(&format!(r#"{{"a": "{brackets}"}}"#)), Ok(()));
        assert_eq!(bounded(&format!(r#"{{"a": "\"{brackets}"}}"#)), Ok(()));
        assert_eq!(bounded(&format!(r#"{{"a\\": "{brackets}"}}"#)), Ok(()));
    }

    #[test]
    fn objects_count_as_lists_do() {
        assert!(bounded(&r#"{"a":"#.repeat(DEEPEST + 1)).is_err());
    }
}

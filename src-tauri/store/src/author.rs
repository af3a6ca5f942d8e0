use latchkey_core::text::shown;

/// Far beyond any account's name, in characters; within [`crate::json::LONGEST_AUTHOR`] bytes in any script.
const LONGEST_NAME: usize = 64;

/// Who saves at this computer: the name of the account, as the system knows it.
///
/// A program started by a timer or a desktop has no `USER` to read. `unknown` where the system does not say.
#[must_use]
pub fn author() -> String {
    named(whoami::username().ok())
}

fn named(account: Option<String>) -> String {
    account
        .map(|name| shown(name.trim(), LONGEST_NAME))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{author, named};
    use crate::json::LONGEST_AUTHOR;

    #[cfg(unix)]
    #[test]
    fn it_is_whom_the_system_names_whatever_a_shell_exports() {
        let told = std::process::Command::new("id").arg("-un").output();
        let told = told.expect("every Unix has id");
        let expected = String::from_utf8(told.stdout).expect("a name in UTF-8");
        assert_eq!(author(), named(told.status.success().then_some(expected)));
    }

    #[test]
    fn a_name_is_made_fit_to_stand_in_the_history() {
        assert_eq!(named(None), "unknown");
        assert_eq!(named(Some("  ".to_owned())), "unknown");
        assert_eq!(named(Some("olivia\u{202e}".to_owned())), "olivia\u{fffd}");
        assert!(named(Some("\u{1f511}".repeat(500))).len() <= LONGEST_AUTHOR);
    }
}

//! The window's TypeScript, written from the Rust types: nobody keeps a list of commands by hand.

use tauri::Wry;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::commands;
use crate::people::PeopleProgress;
use crate::wire::Progress;

/// Every command of the window, with its types.
pub fn commands() -> Builder<Wry> {
    Builder::<Wry>::new()
        .commands(collect_commands![
            commands::start,
            commands::put_salvage_away,
            commands::home,
            commands::create_workspace,
            commands::create_practice,
            commands::open_workspace,
            commands::delete_workspace,
            commands::keep,
            commands::keep_secret,
            commands::reveal_secret,
            commands::discover,
            commands::sign_in,
            commands::cancel_sign_in,
            commands::forget_test,
            commands::evidence::bring_answer,
            commands::evidence::name_test,
            commands::gates::save_revision,
            commands::gates::enforce,
            commands::gates::relax,
            commands::revisions,
            commands::history::history,
            commands::history::compare,
            commands::history::restore_revision,
            commands::whole::export_whole,
            commands::whole::plan_import,
            commands::whole::import_planned,
            commands::import_set_up,
            commands::saml::read_metadata,
            commands::saml::read_certificates,
            commands::saml::choose_certificates,
            commands::saml::service_metadata,
            commands::saml::save_service_metadata,
            commands::saml::make_key_pair,
            commands::saml::forget_key_pair,
            commands::paste::recognise,
            commands::people::people_held,
            commands::people::keep_people,
            commands::people::choose_people,
            commands::people::give_people,
            commands::people::look_at_people,
            commands::people::read_people,
            commands::people::fetch_people,
            commands::people::resume_people,
            commands::people::keep_fetched_people,
            commands::people::cancel_people,
            commands::people::leave_people_server,
            commands::people::drop_people,
            commands::people::count_people,
            commands::people::foresee_move,
            commands::people::people_findings,
            commands::people::list_people,
            commands::people::offer_values,
            commands::har::read_har,
            commands::har::expect_har,
            commands::har::give_har,
            commands::har::read_dropped_har,
            commands::har::cancel_har,
            commands::bundle::begin_bundle,
            commands::bundle::make_bundle,
            commands::bundle::read_bundle,
            commands::bundle::save_bundle,
            commands::trouble::symptoms,
            commands::trouble::consult,
            commands::trouble::look_at_provider,
            commands::trouble::diagnose_text,
            commands::trouble::practice_faults,
            commands::trouble::set_practice_fault,
            commands::rules::read_rules,
            commands::rules::try_rules,
            commands::rules::replay,
            commands::hand_over::checklist,
            commands::hand_over::write_as,
            commands::hand_over::export_service,
            commands::hand_over::choose_service,
        ])
        .typ::<Progress>()
        .typ::<PeopleProgress>()
        .error_handling(ErrorHandlingMode::Throw)
        // The same shape both ways: fields that may be left out of a file are always there here.
        .disable_serde_phases()
        // Counts and lengths, all far below 2^53.
        .dangerously_cast_bigints_to_number()
}

#[cfg(test)]
mod tests {
    use specta_typescript::Typescript;

    use super::*;

    #[test]
    fn the_main_window_may_ask_for_exactly_these_commands() {
        let bindings = include_str!("bindings.rs");
        let mut collected: Vec<String> = bindings
            .lines()
            .filter_map(|line| line.trim().strip_prefix("commands::")?.strip_suffix(','))
            .filter_map(|name| name.rsplit("::").next())
            .map(|name| format!("allow-{}", name.replace('_', "-")))
            .collect();
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        let mut allowed: Vec<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|name| name.as_str())
            .filter(|name| !name.starts_with("core:"))
            .map(str::to_owned)
            .collect();
        collected.sort();
        allowed.sort();
        assert_eq!(collected, allowed);
        assert_eq!(
            capability["windows"],
            serde_json::json!([super::super::MAIN])
        );
    }

    /// Writes the file when it is asked to (`make wire`), and otherwise holds it against the types.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is written can be written again"
    )]
    #[test]
    fn the_interfaces_types_are_those_of_the_commands() {
        let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/host/bindings.ts");
        let fresh =
            std::env::temp_dir().join(format!("latchkey-bindings-{}.ts", std::process::id()));
        commands().export(Typescript::default(), &fresh).unwrap();
        let text = std::fs::read_to_string(&fresh).unwrap();
        std::fs::remove_file(&fresh).unwrap();
        if std::env::var_os("LATCHKEY_WRITE_BINDINGS").is_some() {
            std::fs::write(committed, &text).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(committed).unwrap_or_default(),
            text,
            "ui/src/host/bindings.ts is behind the Rust types: run make wire"
        );
    }
}

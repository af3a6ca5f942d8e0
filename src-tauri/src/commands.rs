//! Everything that the window can ask for.

use latchkey_core::oidc::Discovery;
use latchkey_core::{Draft, Told};
use tauri::ipc::Channel;

use crate::wire::{Desk, Home, Progress, RevisionHead, SignInAsk, Start, Tested};

type Answer<T> = Result<T, Told>;

macro_rules! stubs { ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {
    $( $(#[$doc])* #[tauri::command] #[specta::specta] #[allow(unused_variables)]
    pub async fn $name($($arg: $ty),*) -> Answer<$ret> { todo!() } )*
}}
stubs! {
    /// All that the interface needs to begin.
    fn start() -> Start;
    /// The home page; no workspace is open any more.
    fn home() -> Home;
    /// A new, empty workspace.
    fn create_workspace() -> Desk;
    /// A new workspace with the practice provider behind it.
    fn create_practice() -> Desk;
    /// Opens a workspace.
    fn open_workspace(id: String) -> Desk;
    /// Deletes a workspace with its revisions, evidence and secrets.
    fn delete_workspace(id: String) -> Home;
    /// Keeps the draft and says what is noticed about it. `version` is the one that was read.
    fn keep(id: String, version: u32, draft: Draft) -> Desk;
    /// Keeps the client secret; an empty one removes it.
    fn keep_secret(id: String, version: u32, secret: String) -> Desk;
    /// The client secret, to be shown to the person who asked.
    fn reveal_secret(id: String) -> String;
    /// Reads what the provider at this issuer says about itself.
    fn discover(issuer: String) -> Discovery;
    /// Runs one test sign-in to its end.
    fn sign_in(id: String, ask: SignInAsk, on_progress: Channel<Progress>) -> Tested;
    /// Ends the test sign-in that is running.
    fn cancel_sign_in() -> ();
    /// Forgets the evidence of one test sign-in.
    fn forget_test(id: String, evidence: String) -> Desk;
    /// Saves a revision. A reason is needed where a condition is not met.
    fn save_revision(id: String, version: u32, reason: Option<String>) -> Desk;
    /// The saved revisions, the newest first.
    fn revisions(id: String) -> Vec<RevisionHead>;
    /// Lets the person choose a set-up file and opens it as a workspace.
    fn import_set_up() -> Option<Desk>;
    /// Lets the person choose where to write the set-up file; its path.
    fn export_set_up(id: String) -> Option<String>;
}

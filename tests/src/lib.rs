//! What crosses rooms: identity providers nobody here wrote, the real window, adversarial cases.

pub mod browser;
mod browser_page;
mod browser_step;
pub mod command;
pub mod planted;
pub mod pointer;
pub mod probe;
pub mod provider;
mod provider_process;
pub mod provider_saml;
pub mod room;
pub mod service_provider;
pub mod site;
pub mod tripwire;
pub mod wizard;

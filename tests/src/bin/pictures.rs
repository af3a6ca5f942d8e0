//! Takes the README's pictures from the real window: `make pictures`.

use std::path::{Path, PathBuf};
use std::process::Command;

use latchkey_tests::wizard::Wizard;

/// An empty window has no more colours than these in its middle; a page with text has dozens.
const BLANK: usize = 8;

#[tokio::main]
async fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    wizard.says("Set up single sign-on").await;
    take(&wizard, &folder, "home").await;

    wizard.press("Try it with the practice provider").await;
    wizard.says("Choose a provider").await;
    wizard.press("Continue").await;
    wizard.says("Set up the connection").await;
    wizard.says("says about itself").await;
    take(&wizard, &folder, "connection").await;
    wizard.press("Continue").await;
    wizard.press("Add as rule 1").await;
    for (claim, value, role) in [
        ("groups", "Security Admins", "Contributor"),
        ("groups", "SecOps", "Operator"),
        ("groups", "Everyone", "Viewer"),
    ] {
        wizard.press("Add a rule").await;
        wizard.fill("Claim name", claim).await;
        wizard.fill("Claim value", value).await;
        wizard.fill("Role", role).await;
        wizard
            .press(match value {
                "Security Admins" => "Add as rule 2",
                "SecOps" => "Add as rule 3",
                _ => "Add as rule 4",
            })
            .await;
    }
    wizard.press("Continue").await;
    wizard.says("Sign in for a test").await;

    let window = wizard.begin_sign_in().await;
    // The page under automation paints when it is looked at.
    let _ = wizard.shot().await;
    both(&wizard, &folder.join("sign-in.png"));
    window.types("olivia@acme.example");
    window.key("Tab");
    window.types("olivia-key");
    window.key("Return");
    wizard.says("olivia@acme.example gets").await;
    wizard.sign_in_as("bob@acme.example", "bob-key").await;
    wizard.says("bob@acme.example gets").await;
    take(&wizard, &folder, "test").await;

    wizard.press("Back").await;
    wizard.says("Map claims to roles").await;
    take(&wizard, &folder, "claims").await;
    wizard.press("Continue").await;
    wizard.press("Continue").await;
    wizard.says("All conditions are met.").await;
    take(&wizard, &folder, "save").await;
    wizard.close().await;

    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    wizard.press("New workspace").await;
    wizard.fill("Workspace name", "Acme").await;
    wizard.choose("United States").await;
    wizard.fill("Owner's e-mail", "olivia@acme.example").await;
    wizard.choose("JumpCloud").await;
    wizard.choose("SAML 2.0").await;
    wizard.press("Continue").await;
    wizard.says("https://app.torq.io/__/auth/handler").await;
    take(&wizard, &folder, "saml").await;
    wizard.close().await;
}

async fn take(wizard: &Wizard, folder: &Path, name: &str) {
    // Twice: fonts and transitions have settled by the second.
    let _ = wizard.shot().await;
    let png = wizard.shot().await;
    let file: PathBuf = folder.join(format!("{name}.png"));
    std::fs::write(&file, png).expect("the folder can be written");
}

/// Both windows on the screen, without the empty screen around them, once the provider's page stands in its window.
fn both(wizard: &Wizard, file: &Path) {
    let shown = (0..100).any(|_| {
        wizard.picture(file);
        magick("mogrify", file, &["-trim", "+repage"]);
        colours(file) > BLANK
    });
    assert!(shown, "the provider's page was never drawn");
}

/// The colours in the middle of the picture, where the sign-in window stands.
fn colours(file: &Path) -> usize {
    let middle = ["-gravity", "Center", "-crop", "400x400+0+0"];
    let count = ["-format", "%k", "-write", "info:", "null:"];
    let said = magick("convert", file, &[&middle[..], &count[..]].concat());
    said.trim().parse().expect("a number of colours")
}

/// What ImageMagick's program says about the picture, or does to it.
fn magick(program: &str, file: &Path, how: &[&str]) -> String {
    let mut command = Command::new(program);
    match program {
        "mogrify" => command.args(how).arg(file),
        _ => command.arg(file).args(how),
    };
    let output = command
        .output()
        .expect("ImageMagick is missing: apt-get install imagemagick");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

//! What must not come back, wherever it stood.

use latchkey_core::finding::Finding;
use serde_json::json;

use super::recording::{HANDLER, Recording, SHAPES, encoded};

/// Secrets in every place of a sign-in.
fn planted() -> Recording {
    let asked = format!(
        "https://user:USERINFOSECRET@acme.okta.com/oauth2/v1/authorize?client_id=0oa1&response_type=code&scope=openid&state=STATESECRET123&code_challenge=CHALLENGESECRET&login_hint=hint%40secret.example&redirect_uri={}",
        encoded(&format!("{HANDLER}?key=REDIRECTSECRET"))
    );
    let answer =
        format!("{HANDLER}?code=C0DESECRET0123456789&state=STATESECRET123#frag=FRAGMENTSECRET");
    Recording::new()
        .redirect("https://app.torq.io/start/eyJhbGciOiJSUzI1NiJ9.PATHSECRET", &asked)
        .page(&asked, 200, "<p>Sign in</p><input type=hidden name=csrf value=CSRFSECRET>")
        .post_redirect("https://acme.okta.com/login;jsessionid=SESSIONSECRET", &[("password", "PASSWORDSECRET"), ("otp", "OTPSECRET")], &answer)
        .post("https://acme.okta.com/mfa", &[("passcode", "OTPSECRET")], 403, "<p>PAGESECRET0123456789012345</p>")
        .page(&answer, 403, "{\"error\": {\"message\": \"refused C0DESECRET0123456789 for olivia@secret.example token eyJTOKENSECRET\"}}")
        .script("POST", "https://acme.okta.com/oauth2/v1/token", &[("grant_type", "authorization_code"), ("client_secret", "CLIENTSECRET"), ("code_verifier", "VERIFIERSECRET")], 200,
            &json!({"access_token": "ACCESSSECRET", "refresh_token": "REFRESHSECRET", "token_type": "Bearer", "id_token": "eyJhbGciOiJub25lIn0.eyJTT01FU0VDUkVU.SIGNATURESECRET"}))
        .noise(5)
}

#[test]
fn nothing_secret_of_a_recording_comes_back() {
    for shape in SHAPES {
        let diagnosis = planted().diagnosed(shape, None);
        let told: Vec<_> = diagnosis.findings.iter().map(Finding::told).collect();
        let all = format!(
            "{diagnosis:?} {} {}",
            serde_json::to_string(&told).unwrap(),
            serde_json::to_string(&diagnosis.chains).unwrap()
        );
        assert!(!diagnosis.chains.is_empty() && !told.is_empty());
        assert!(
            !all.contains("SECRET"),
            "{shape:?}: {}",
            around(&all, "SECRET")
        );
        assert!(
            !all.contains("secret.example"),
            "{shape:?}: {}",
            around(&all, "secret.example")
        );
    }
}

fn around(text: &str, word: &str) -> String {
    let at = text.find(word).unwrap();
    text[text.floor_char_boundary(at.saturating_sub(120))..]
        .chars()
        .take(200)
        .collect()
}

//! What the service's own guides say, line by line, against the data. Each row quotes its line.

use super::*;

/// JumpCloud with SAML 2.0.
const JUMPCLOUD: &str = "000_cdadff65abd5ebb3.txt";
/// Any provider.
const ANY: &str = "001_388b1dfe04639fd7.txt";
/// Auth0 with OpenID Connect, groups from Entra ID.
const AUTH0: &str = "002_82c51a8b5b341ea6.txt";
/// Okta with OpenID Connect.
const OKTA: &str = "003_42ddcd6a8bc0e242.txt";
/// Troubleshooting.
const TROUBLE: &str = "004_7a4ee2033c7a2bd6.txt";

const US: &str = "https://app.torq.io/__/auth/handler";
const EU: &str = "https://app.eu.torq.io/__/auth/handler";

#[track_caller]
fn says(seed: &str, line: &str, data: impl AsRef<str>, expected: &str) {
    let data = data.as_ref();
    assert_eq!(data, expected, "{seed}: {line}");
}

#[track_caller]
fn has(seed: &str, line: &str, texts: &[String], part: &str) {
    assert!(
        texts.iter().any(|text| text.contains(part)),
        "{seed}: {line}\nnowhere: {part}"
    );
}

fn oidc(id: &str) -> &'static OidcGuide {
    catalogue().provider(id).unwrap().oidc.as_ref().unwrap()
}

fn saml(id: &str) -> &'static SamlGuide {
    catalogue().provider(id).unwrap().saml.as_ref().unwrap()
}

fn texts(steps: &[GuideStep]) -> Vec<String> {
    steps.iter().map(|step| step.text.clone()).collect()
}

fn torq() -> &'static Service {
    catalogue().service("torq").unwrap()
}

fn region(id: &str) -> &'static Region {
    torq().region(id).unwrap()
}

#[test]
fn jumpclouds_guide_is_in_the_data() {
    let guide = saml("jumpcloud");
    let steps = texts(&guide.steps);
    let labels = &guide.labels;
    has(JUMPCLOUD, "Go to Settings > SSO.", &steps, "Settings > SSO");
    let line = "For the IdP Entity ID, enter JumpCloud.";
    says(JUMPCLOUD, line, &labels.issuer, "IdP Entity ID");
    says(
        JUMPCLOUD,
        line,
        guide.issuer_chosen.as_ref().unwrap(),
        "JumpCloud",
    );
    let line = "For ACS URLs, enter the login redirect URL applicable to your regional deployment.";
    says(JUMPCLOUD, line, &labels.login_redirect_url[0], "ACS URLs");
    says(JUMPCLOUD, line, &region("us").login_redirect_url, US);
    says(JUMPCLOUD, line, &region("eu").login_redirect_url, EU);
    let line = "For the signature algorithm, enter RSA-SHA256.";
    let algorithm = guide
        .settings
        .iter()
        .find(|one| one.label == "Signature Algorithm");
    says(JUMPCLOUD, line, &algorithm.unwrap().value, "RSA-SHA256");
    let line = "For the default RelayState, enter the login redirect URL";
    says(
        JUMPCLOUD,
        line,
        labels.relay_state.as_ref().unwrap(),
        "Default RelayState",
    );
    let line = "Enter the login URL: https://app.torq.io/auth/SSOSignIn, https://app.eu.torq.io/auth/SSOSignIn";
    says(
        JUMPCLOUD,
        line,
        labels.login_url.as_ref().unwrap(),
        "Login URL",
    );
    says(
        JUMPCLOUD,
        line,
        &region("us").login_url,
        "https://app.torq.io/auth/SSOSignIn",
    );
    says(
        JUMPCLOUD,
        line,
        &region("eu").login_url,
        "https://app.eu.torq.io/auth/SSOSignIn",
    );
    let line = "Select Declare Redirect Endpoint.";
    has(JUMPCLOUD, line, &steps, "Select Declare Redirect Endpoint");
    let line = "Enter https://sso.jumpcloud.com/saml2/<NAME OF YOUR APP> as the IdP URL.";
    let template = guide.sign_on_url_template.as_ref().unwrap();
    says(JUMPCLOUD, line, &labels.sign_on_url, "IdP URL");
    says(
        JUMPCLOUD,
        line,
        &template.text,
        "https://sso.jumpcloud.com/saml2/{app}",
    );
    says(
        JUMPCLOUD,
        line,
        &template.blanks[0].label,
        "Name of your app",
    );
    let attributes: Vec<_> = guide
        .attributes
        .iter()
        .map(|one| (one.name.as_str(), one.source.as_str()))
        .collect();
    for (line, attribute) in [
        ("Enter email for both", ("email", "email")),
        (
            "first_name for the service provider and firstname for JumpCloud",
            ("first_name", "firstname"),
        ),
        (
            "last_name for the service provider and lastname for JumpCloud",
            ("last_name", "lastname"),
        ),
        (
            "Select include group attribute and enter groups.",
            ("groups", "include group attribute"),
        ),
    ] {
        assert!(attributes.contains(&attribute), "{JUMPCLOUD}: {line}");
    }
    let line = "Click Save and copy the public certificate";
    has(
        JUMPCLOUD,
        line,
        &steps,
        "Click Save, then copy the public certificate",
    );
}

#[test]
fn the_guide_for_any_provider_is_in_the_data() {
    let line = "You need workspace Owner permissions in Torq to configure SSO.";
    has(ANY, line, &torq().cautions, "Only an Owner");
    let line = "Have at least two test users ready";
    has(
        ANY,
        line,
        &torq().cautions,
        "at least two people ready to test",
    );
    let line = "Torq recommends using OIDC because it's simpler to implement and operate, and it supports IdP-initiated SSO in Torq.";
    let recommended = torq().recommended.as_ref().unwrap();
    assert_eq!(recommended.protocol, Protocol::Oidc, "{ANY}: {line}");
    assert!(torq().provider_initiated_oidc, "{ANY}: {line}");
    let line = "If you are configuring a generic provider, select Other.";
    has(ANY, line, &torq().steps, "the provider is Other");
    for (line, part) in [
        (
            "go to Settings > Security > SSO",
            "Settings > Security > SSO",
        ),
        ("Click Configure SSO", "Click Configure SSO"),
        ("In the IdP Selection section", "IdP Selection"),
        ("In the IdP Setup section", "IdP Setup"),
        (
            "In the Claims Mapping section, click Add Claim",
            "click Add Claim",
        ),
    ] {
        let found = torq()
            .steps
            .iter()
            .any(|step| step.to_lowercase().contains(&part.to_lowercase()));
        assert!(found, "{ANY}: {line}");
    }
    for part in [
        "Claim Name",
        "Claim Value (case-sensitive)",
        "Assigned Role",
        "the first match decides",
    ] {
        has(
            ANY,
            "For each rule, define the following",
            &torq().steps,
            part,
        );
    }
    let line = "The Torq role to assign (for example, Admin, Editor, Viewer).";
    assert_eq!(
        torq().custom_role_examples,
        ["Admin", "Editor"],
        "{ANY}: {line}"
    );
    for role in ["Admin", "Editor", "Viewer"] {
        assert!(torq().has_role(role), "{ANY}: {line}");
    }
    let line = "If your organization uses multiple email domains, check Torq support";
    has(
        ANY,
        line,
        &torq().cautions,
        "For several domains, contact Torq Support",
    );
    let (oidc, saml) = (oidc("other"), saml("other"));
    for (line, label) in [
        (
            "Login Redirect URL | US: EU:",
            &oidc.labels.login_redirect_url,
        ),
        (
            "Client ID | A unique identifier assigned by your IdP",
            &oidc.labels.client_id,
        ),
        (
            "Client Secret | A confidential key generated by your IdP",
            &oidc.labels.client_secret,
        ),
        (
            "Issuer URL | A URL that identifies your IdP",
            &oidc.labels.issuer,
        ),
        (
            "Login Redirect URL | US: EU:",
            &saml.labels.login_redirect_url[0],
        ),
        ("Audience Restriction | ", &saml.labels.audience),
        ("Sign-on URL | Your IdP endpoint", &saml.labels.sign_on_url),
        (
            "Issuer URL | A URL that identifies your IdP",
            &saml.labels.issuer,
        ),
        (
            "Public certificate | A signing certificate from your IdP",
            &saml.labels.certificates,
        ),
    ] {
        assert!(!label.is_empty(), "{ANY}: {line}");
    }
    assert!(!oidc.scopes.is_empty(), "{ANY}: Requested Scopes");
    assert!(
        !oidc.flow_reason.is_empty(),
        "{ANY}: Grant type, Code flow, Implicit flow"
    );
}

#[test]
fn auth0s_guide_is_in_the_data_as_it_works_today() {
    let guide = oidc("auth0");
    let steps = texts(&guide.steps);
    for (line, part) in [
        (
            "navigate to Applications and Create Application",
            "In Applications, choose Create Application",
        ),
        (
            "Name it (e.g. Auth0 Torq), select Regular Web Applications",
            "Auth0 Torq, and select Regular Web Applications",
        ),
        (
            "Under Connections, choose the Azure connection",
            "In its Connections tab",
        ),
        ("specify the Allowed Callback URLs", "Allowed Callback URLs"),
        (
            "Note the Domain from the Basic Information section",
            "Under Basic Information, copy the Domain",
        ),
        (
            "Note the Client ID from the Basic Information section",
            "Under Basic Information, copy the Client ID",
        ),
        (
            "Note the Client Secret from the Basic Information section",
            "Under Basic Information, copy the Client Secret",
        ),
    ] {
        has(AUTH0, line, &steps, part);
    }
    let line = "activate Extended Attributes under General settings, particularly the Get user groups option";
    has(
        AUTH0,
        line,
        &guide.needs,
        "Extended Attributes and Get user groups",
    );
    let code = guide
        .steps
        .iter()
        .find_map(|step| step.code.as_ref())
        .unwrap();
    let line = "Navigate to Auth Pipeline > Rules in Auth0. (past its end of life: an Action)";
    assert!(
        code.starts_with("exports.onExecutePostLogin"),
        "{AUTH0}: {line}"
    );
    let line = "if (context.clientID !== '<ApplicationClientID>') return;";
    assert!(
        code.contains("client_id !== \"{client_id}\"") && !code.contains('<'),
        "{AUTH0}: {line}"
    );
    let line = "const namespace = \"https://torq.io/\"; context.idToken[namespace + 'groups'] = user.groups;";
    assert!(
        code.contains("setCustomClaim(\"https://torq.io/groups\""),
        "{AUTH0}: {line}"
    );
    says(AUTH0, line, &guide.groups_claim, "https://torq.io/groups");
}

#[test]
fn oktas_guide_is_in_the_data() {
    let guide = oidc("okta");
    let steps = texts(&guide.steps);
    for (line, part) in [
        (
            "Navigate to the Applications section and click Create App Integration.",
            "In Applications, click Create App Integration",
        ),
        (
            "Choose OIDC – OpenID Connect as the sign-in method.",
            "OIDC – OpenID Connect",
        ),
        (
            "Under Application type, select Web application, then click Next.",
            "Web application",
        ),
        ("App integration name: Torq", "for example Torq"),
        ("Logo (optional)", "The logo is optional"),
        ("Grant type: Select Implicit (hybrid).", "Implicit (hybrid)"),
        (
            "Sign-in redirect URIs: Paste the Login Redirect URL",
            "Sign-in redirect URIs",
        ),
        (
            "In the Assignments section, define which users or groups have access",
            "Under Assignments",
        ),
        ("Copy the Client ID.", "copy the Client ID"),
        (
            "Generate a new client secret or copy an existing one.",
            "generate a client secret, or copy an existing one",
        ),
        (
            "Login initiated by: Select Either Okta or App.",
            "Either Okta or App",
        ),
        (
            "Check the Display application icon to users box.",
            "Display application icon to users",
        ),
        (
            "Initiate login URI: Enter one of the following URLs",
            "Initiate login URI",
        ),
        (
            "Go to the OpenID Connect ID Token section and click Edit.",
            "under OpenID Connect ID Token, click Edit",
        ),
        (
            "Next to the Issuer field, select Okta URL.",
            "set Issuer to Okta URL",
        ),
        (
            "specify groups, select Matches regex, and provide .*",
            "groups, Matches regex, .*",
        ),
        (
            "select the users and/or groups to whom to assign the application",
            "assign the people and groups",
        ),
    ] {
        has(OKTA, line, &steps, part);
    }
    let line = "replacing yourDomain.xyz with your actual domain";
    says(
        OKTA,
        line,
        &region("us").start_url,
        "https://app.torq.io/auth/SSOSignIn?domain={domain}",
    );
    says(
        OKTA,
        line,
        &region("eu").start_url,
        "https://app.eu.torq.io/auth/SSOSignIn?domain={domain}",
    );
    let line = "When using Safari v16.1 or newer, the Login Redirect URL must be: https://app.torq.io/__/auth/handler";
    has(OKTA, line, &torq().redirect_notes, "Safari 16.1 and newer");
}

#[test]
fn what_the_troubleshooting_page_says_of_values_is_in_the_data() {
    let line =
        "https://app.torq.io (US), https://app.eu.torq.io (EU), or https://app.jp.torq.io (JP)";
    for (id, address) in [
        ("us", "https://app.torq.io"),
        ("eu", "https://app.eu.torq.io"),
        ("jp", "https://app.jp.torq.io"),
    ] {
        says(TROUBLE, line, &region(id).sign_in_url, address);
    }
    let line = "You pasted the Secret ID in Torq instead of the Secret Value.";
    assert!(
        catalogue().provider("entra").unwrap().secret_id_is_guid,
        "{TROUBLE}: {line}"
    );
    has(
        TROUBLE,
        line,
        &texts(&oidc("entra").steps),
        "The Secret ID beside it is not the secret",
    );
    let line = "In that state, the user gets Interact-only access.";
    says(TROUBLE, line, &torq().fallback, "Interact Only");
}

#[test]
fn where_the_guides_are_wrong_or_contradict_each_other_the_data_says_so() {
    has(
        "OneLogin",
        "eu.app.torq.io against app.eu.torq.io",
        &torq().redirect_notes,
        "eu.app.torq.io",
    );
    has(
        "Okta SAML",
        "the catalog app works for US only",
        &saml("okta").traps,
        "United States only",
    );
    says(
        "Okta SAML",
        "NameID format EmailAddress",
        &saml("okta").settings[0].value,
        "EmailAddress",
    );
    assert_eq!(oidc("entra").flow, crate::connection::Flow::Code);
    assert_eq!(oidc("entra").implicit_drops_groups_from, Some(6));
    assert!(oidc("entra").groups_are_ids && saml("entra").groups_are_ids);
    has(
        "Entra",
        "enable ID tokens under Implicit and hybrid",
        &texts(&oidc("entra").steps),
        "select ID tokens",
    );
    has(
        "OneLogin",
        "SAML Custom Connector (Advanced)",
        &texts(&saml("onelogin").steps),
        "SAML Custom Connector (Advanced)",
    );
    assert_eq!(saml("onelogin").labels.login_redirect_url.len(), 3);
    says(
        "JumpCloud",
        "OIDC issuer",
        &oidc("jumpcloud").issuer_example,
        "https://oauth.id.jumpcloud.com/",
    );
    assert!(
        !torq().provider_initiated_saml,
        "IdP-initiated SAML is not supported"
    );
    says("OneLogin SAML", "Audience", &torq().audience, "torq.io");
}

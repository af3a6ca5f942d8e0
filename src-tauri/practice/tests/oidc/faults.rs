use std::collections::HashMap;
use std::collections::HashSet;

use latchkey_practice::Fault::{self, *};
use latchkey_practice::Protocol;

use crate::client::*;
use crate::observed::Ask::{self, *};
use crate::observed::observe;

/// Each fault, what was asked, and everything that is otherwise than usual.
const CASES: &[(Fault, Ask, &[&str])] = &[
    (WrongAudience, Code, &[r#"id_token aud: "another-client""#]),
    (
        WrongAudience,
        Implicit,
        &[r#"id_token aud: "another-client""#],
    ),
    (AudienceMissing, Code, &["id_token aud: gone"]),
    (
        AudienceList,
        Code,
        &[r#"id_token aud: ["latchkey-practice"]"#],
    ),
    (
        AudienceListWithoutAzp,
        Code,
        &[r#"id_token aud: ["latchkey-practice","another-client"]"#],
    ),
    (
        WrongIssuer,
        Code,
        &[r#"id_token iss: "https://login.another-provider.example""#],
    ),
    (
        IssuerTrailingSlash,
        Code,
        &[
            r#"discovery issuer: "ISSUER/""#,
            r#"id_token iss: "ISSUER/""#,
        ],
    ),
    (Expired, Code, &["id_token exp: -60 min"]),
    (IssuedInFuture, Code, &["id_token iat: +30 min"]),
    (NotYetValid, Code, &["id_token nbf: +30 min"]),
    (
        NonceWrong,
        Code,
        &[r#"id_token nonce: "the-nonce-of-another-request""#],
    ),
    (NonceMissing, Implicit, &["id_token nonce: gone"]),
    (WrongAzp, Code, &[r#"id_token azp: "another-client""#]),
    (StateWrong, Code, &["answer state: another"]),
    (StateWrong, CodeByForm, &["answer state: another"]),
    (StateMissing, Implicit, &["answer state: gone"]),
    (
        EmailMissing,
        Code,
        &[
            "id_token email: gone",
            "id_token email_verified: gone",
            "userinfo email: gone",
            "userinfo email_verified: gone",
        ],
    ),
    (
        EmailUnverified,
        Code,
        &[
            "id_token email_verified: false",
            "userinfo email_verified: false",
        ],
    ),
    (
        EmailVerifiedAsText,
        Code,
        &[
            r#"id_token email_verified: "true""#,
            r#"userinfo email_verified: "true""#,
        ],
    ),
    (
        GroupsMissing,
        Code,
        &["id_token groups: gone", "userinfo groups: gone"],
    ),
    (
        GroupsAsText,
        Code,
        &[
            r#"id_token groups: "SecOps""#,
            r#"userinfo groups: "SecOps""#,
        ],
    ),
    (
        GroupsJoined,
        Code,
        &[
            r#"id_token groups: "SecOps;Everyone""#,
            r#"userinfo groups: "SecOps;Everyone""#,
        ],
    ),
    (
        GroupsAsDn,
        Code,
        &[
            r#"id_token groups: ["CN=SecOps,OU=Groups,DC=acme,DC=example","CN=Everyone,OU=Groups,DC=acme,DC=example"]"#,
            r#"userinfo groups: ["CN=SecOps,OU=Groups,DC=acme,DC=example","CN=Everyone,OU=Groups,DC=acme,DC=example"]"#,
        ],
    ),
    (
        GroupsAsGuid,
        Code,
        &["id_token groups: GUIDS", "userinfo groups: GUIDS"],
    ),
    (GroupsInUserinfoOnly, Code, &["id_token groups: gone"]),
    (
        EmailInUserinfoOnly,
        Code,
        &["id_token email: gone", "id_token email_verified: gone"],
    ),
    (
        GroupsOverage,
        Code,
        &[
            r#"id_token _claim_names: {"groups":"src1"}"#,
            r#"id_token _claim_sources: {"src1":{"endpoint":"ISSUER/users/SUB/getMemberObjects"}}"#,
            "id_token groups: gone",
            "userinfo groups: gone",
        ],
    ),
    (
        GroupsOverage,
        Implicit,
        &[
            "id_token hasgroups: true",
            "id_token groups: gone",
            "userinfo groups: gone",
        ],
    ),
    (UnknownKid, Code, &["id_token kid: not published"]),
    (
        KidMissing,
        Code,
        &["id_token kid: none", r#"jwks keys: ["RSA"]"#],
    ),
    (SignatureWrong, Code, &["id_token signature: fails"]),
    (SignedByOtherKey, Code, &["id_token signature: fails"]),
    (
        SignsEs256,
        Code,
        &[
            r#"discovery id_token_signing_alg_values_supported: ["ES256"]"#,
            "id_token alg: ES256",
            "id_token signature: holds by ES256",
        ],
    ),
    (
        AlgNone,
        Code,
        &["id_token alg: none", "id_token signature: empty"],
    ),
    (
        AlgHs256,
        Code,
        &[
            "id_token alg: HS256",
            "id_token signature: holds by the client secret",
        ],
    ),
    (TokenMalformed, Code, &["id_token: malformed"]),
    (TokenMalformed, Implicit, &["id_token: malformed"]),
    (IdTokenMissing, Code, &["id_token: none"]),
    (
        IdTokenMissing,
        Implicit,
        &["id_token: none", "answer id_token: gone"],
    ),
    (AtHashWrong, Code, &["id_token at_hash: does not fit"]),
    (AtHashWrong, Implicit, &["id_token at_hash: does not fit"]),
    (CHashWrong, Code, &[]),
    (CHashWrong, Hybrid, &["id_token c_hash: does not fit"]),
    (
        UserinfoSubjectDiffers,
        Code,
        &[r#"userinfo sub: "practice-somebody-else""#],
    ),
    (UserinfoUnreachable, Code, &["userinfo: 500"]),
    (
        InvalidClient,
        Code,
        &["token: 401 application/json", "token error: invalid_client"],
    ),
    (
        InvalidGrant,
        Code,
        &["token: 400 application/json", "token error: invalid_grant"],
    ),
    (
        TokenEndpointHtml,
        Code,
        &["token: 200 text/html; charset=utf-8"],
    ),
    (TokenEndpointSlow, Code, &["token: silent"]),
    (
        AccessDenied,
        Code,
        &[
            "answer error: access_denied",
            "answer error_description: there",
            "answer code: gone",
        ],
    ),
    (
        ServerErrorAnswer,
        Code,
        &[
            "page: none",
            "answer error: server_error",
            "answer error_description: there",
            "answer code: gone",
        ],
    ),
    (
        UnsupportedResponseType,
        Code,
        &[
            "page: none",
            "answer error: unsupported_response_type",
            "answer error_description: there",
            "answer code: gone",
        ],
    ),
    (
        InvalidScope,
        Code,
        &[
            "page: none",
            "answer error: invalid_scope",
            "answer error_description: there",
            "answer code: gone",
        ],
    ),
    (
        LoginRequired,
        Code,
        &[
            "page: none",
            "answer error: login_required",
            "answer error_description: there",
            "answer code: gone",
        ],
    ),
    (RedirectRefused, Code, &["page: 400 redirect_uri_mismatch"]),
    (LoginPage500, Code, &["page: 500 some page"]),
    (LoginPageBlank, Code, &["page: 200 blank"]),
    (
        Discovery404,
        Code,
        &["discovery: 404 text/html; charset=utf-8"],
    ),
    (
        DiscoveryHtml,
        Code,
        &["discovery: 200 text/html; charset=utf-8"],
    ),
    (DiscoveryNotJson, Code, &["discovery: no JSON"]),
    (
        DiscoveryHuge,
        Code,
        &["discovery size: 10 MB, without its length"],
    ),
    (DiscoveryRedirectLoop, Code, &["discovery: 302 to itself"]),
    (DiscoverySlow, Code, &["discovery: silent"]),
    (JwksMissing, Code, &["jwks: 404"]),
    (JwksEmpty, Code, &["jwks keys: []"]),
    (IgnoresFormPost, Code, &[]),
    (IgnoresFormPost, CodeByForm, &["answer: query"]),
    (
        CodeFlowOnly,
        Code,
        &[
            r#"discovery grant_types_supported: ["authorization_code"]"#,
            r#"discovery response_types_supported: ["code"]"#,
        ],
    ),
    (
        CodeFlowOnly,
        Implicit,
        &[
            r#"discovery grant_types_supported: ["authorization_code"]"#,
            r#"discovery response_types_supported: ["code"]"#,
            "page: none",
            "answer: query",
            "answer error: unsupported_response_type",
            "answer error_description: there",
        ],
    ),
    (
        ImplicitOnly,
        Implicit,
        &[
            r#"discovery grant_types_supported: ["implicit"]"#,
            r#"discovery response_types_supported: ["id_token","id_token token"]"#,
        ],
    ),
    (
        ImplicitOnly,
        Code,
        &[
            r#"discovery grant_types_supported: ["implicit"]"#,
            r#"discovery response_types_supported: ["id_token","id_token token"]"#,
            "page: none",
            "answer error: unsupported_response_type",
            "answer error_description: there",
            "answer code: gone",
        ],
    ),
    (
        BasicAuthOnly,
        Code,
        &[r#"discovery token_endpoint_auth_methods_supported: ["client_secret_basic"]"#],
    ),
    (
        BasicAuthOnly,
        CodeByPost,
        &[
            r#"discovery token_endpoint_auth_methods_supported: ["client_secret_basic"]"#,
            "token: 401 application/json",
            "token error: invalid_client",
        ],
    ),
    (
        PostAuthOnly,
        CodeByPost,
        &[r#"discovery token_endpoint_auth_methods_supported: ["client_secret_post"]"#],
    ),
    (
        PostAuthOnly,
        Code,
        &[
            r#"discovery token_endpoint_auth_methods_supported: ["client_secret_post"]"#,
            "token: 401 application/json",
            "token error: invalid_client",
        ],
    ),
    (RequiresPkce, Code, &[]),
    (
        RequiresPkce,
        CodeWithoutPkce,
        &[
            "page: none",
            "answer error: invalid_request",
            "answer error_description: there",
            "answer code: gone",
        ],
    ),
];

#[tokio::test]
async fn each_fault_changes_just_what_it_says() {
    let practice = practice().await;
    let keys = key_set(&practice).await;
    let mut usual = HashMap::new();
    let mut wrong = Vec::new();
    for (fault, ask, expected) in CASES {
        practice.set_fault(None);
        if !usual.contains_key(ask) {
            usual.insert(*ask, observe(&practice, *ask, &keys).await);
        }
        practice.set_fault(Some(*fault));
        let mut differences = observe(&practice, *ask, &keys)
            .await
            .differs_from(&usual[ask]);
        differences
            .iter_mut()
            .for_each(|difference| *difference = in_words(difference));
        differences.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        if differences != expected {
            wrong.push(format!(
                "{fault}, {ask:?}:\n  is  {differences:#?}\n  not {expected:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fault_has_a_case_that_shows_it() {
    let shown: HashSet<_> = CASES
        .iter()
        .filter(|(_, _, changes)| !changes.is_empty())
        .map(|case| case.0)
        .collect();
    let missing: Vec<_> = Fault::ALL
        .iter()
        .filter(|fault| fault.protocol() == Protocol::Oidc && !shown.contains(fault))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn the_huge_discovery_document_is_correct_json_all_the_same() {
    let practice = practice_with(Some(DiscoveryHuge)).await;
    let document = json(address(&practice, "/.well-known/openid-configuration")).await;
    assert_eq!(document["issuer"], practice.issuer());
}

/// What is made from a digest, put in words.
fn in_words(difference: &str) -> String {
    if let Some((name, list)) = difference.split_once(": [") {
        let items: Vec<_> = list.trim_end_matches(']').split(',').collect();
        if items.len() == 2 && items[0] != items[1] && items.iter().all(|item| is_guid(item)) {
            return format!("{name}: GUIDS");
        }
    }
    let Some((before, rest)) = difference.split_once("/users/practice-") else {
        return difference.to_owned();
    };
    let (_, after) = rest.split_once('/').unwrap();
    format!("{before}/users/SUB/{after}")
}

fn is_guid(item: &str) -> bool {
    let lengths: Vec<_> = item.trim_matches('"').split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
}

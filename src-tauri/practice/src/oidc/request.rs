use url::Url;

use super::answer::{Mode, ReturnAddress};
use crate::CLIENT_ID;
use crate::fault::Fault;
use crate::params::Params;
use crate::provider::{Provider, Scopes};

/// More parameters than any honest request has.
const MOST_PARAMS: usize = 64;

/// An authentication request that holds (OpenID Connect Core, 3.1.2.1, 3.2.2.1, 3.3.2.1).
pub(super) struct AuthRequest {
    pub(super) reply_to: ReturnAddress,
    /// Exactly as sent, which the token request must repeat.
    pub(super) redirect_uri: String,
    pub(super) response: ResponseType,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
    pub(super) login_hint: Option<String>,
    pub(super) prompt: Prompt,
    /// The greatest age of a sign-in, in seconds.
    pub(super) max_age: Option<u64>,
}

/// What the answer is to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct ResponseType {
    pub(super) code: bool,
    pub(super) id_token: bool,
    pub(super) token: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Prompt {
    AsNeeded,
    Never,
    Always,
}

/// A request that does not hold.
pub(super) enum Refused {
    /// It cannot be told where an answer may go: a page says so (RFC 6749, 4.1.2.1).
    Page(Stop),
    Answer(Box<ReturnAddress>, Error),
}

/// Why nothing is sent back to the application.
pub(super) enum Stop {
    UnknownClient(Option<String>),
    RedirectNotRegistered(Option<String>),
    Repeated(&'static str),
    TooLong,
    NotAForm,
}

/// An error as it is answered to the application (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6).
pub(super) struct Error {
    pub(super) code: &'static str,
    pub(super) description: &'static str,
}

impl Error {
    pub(super) const fn new(code: &'static str, description: &'static str) -> Self {
        Error { code, description }
    }
}

const fn malformed(description: &'static str) -> Error {
    Error::new("invalid_request", description)
}

impl AuthRequest {
    pub(super) fn read(
        params: &Params,
        provider: &Provider,
        fault: Option<Fault>,
    ) -> Result<Self, Refused> {
        let redirect = return_url(params, provider, fault).map_err(Refused::Page)?;
        let response = response_type(params, fault);
        let (mode, mode_error) = mode(params, response.as_ref().ok(), fault);
        let reply_to = ReturnAddress {
            redirect,
            mode,
            state: params.value("state").map(str::to_owned),
        };
        let checked = || -> Result<_, Error> {
            if params.repeats() {
                return Err(malformed("A parameter is there twice."));
            }
            let response = response?;
            mode_error.map_or(Ok(()), Err)?;
            no_request_object(params)?;
            let scopes = scopes(params)?;
            let nonce = nonce(params, response)?;
            let challenge = challenge(params, response, fault)?;
            Ok((
                response,
                scopes,
                nonce,
                challenge,
                prompt(params)?,
                max_age(params)?,
            ))
        };
        let (response, scopes, nonce, challenge, prompt, max_age) = match checked() {
            Ok(checked) => checked,
            Err(error) => return Err(Refused::Answer(Box::new(reply_to), error)),
        };
        Ok(AuthRequest {
            reply_to,
            redirect_uri: params.value("redirect_uri").unwrap_or_default().to_owned(),
            response,
            scopes,
            nonce,
            challenge,
            login_hint: params.value("login_hint").map(str::to_owned),
            prompt,
            max_age,
        })
    }
}

/// Where the answer may go, which is decided before anything else is looked at.
fn return_url(params: &Params, provider: &Provider, fault: Option<Fault>) -> Result<Url, Stop> {
    if params.len() > MOST_PARAMS {
        return Err(Stop::TooLong);
    }
    for name in ["client_id", "redirect_uri"] {
        if params.is_repeated(name) {
            return Err(Stop::Repeated(name));
        }
    }
    let client = params.value("client_id");
    if client != Some(CLIENT_ID) {
        return Err(Stop::UnknownClient(client.map(str::to_owned)));
    }
    let redirect = params.value("redirect_uri");
    redirect
        .filter(|_| fault != Some(Fault::RedirectRefused))
        .and_then(|uri| provider.admitted(uri))
        .ok_or_else(|| Stop::RedirectNotRegistered(redirect.map(str::to_owned)))
}

fn response_type(params: &Params, fault: Option<Fault>) -> Result<ResponseType, Error> {
    let mut words: Vec<_> = params.words("response_type").collect();
    // The order of the words has no meaning (OAuth 2.0 Multiple Response Types, 3).
    words.sort_unstable();
    let (code, id_token, token) = match *words {
        [] => return Err(malformed("The response_type is missing.")),
        ["code"] => (true, false, false),
        ["id_token"] => (false, true, false),
        ["id_token", "token"] => (false, true, true),
        ["code", "id_token"] => (true, true, false),
        _ => return Err(unsupported("This response_type is not supported.")),
    };
    match fault {
        Some(Fault::CodeFlowOnly) if id_token => Err(unsupported(
            "This application is set up for the code flow only.",
        )),
        Some(Fault::ImplicitOnly) if code => Err(unsupported(
            "This application is set up for the implicit flow only.",
        )),
        _ => Ok(ResponseType {
            code,
            id_token,
            token,
        }),
    }
}

const fn unsupported(description: &'static str) -> Error {
    Error::new("unsupported_response_type", description)
}

/// How to answer, and what is wrong with the mode asked for, if anything is: then the answer
/// that says so takes the usual way.
fn mode(
    params: &Params,
    response: Option<&ResponseType>,
    fault: Option<Fault>,
) -> (Mode, Option<Error>) {
    let in_front = response.is_some_and(|response| response.id_token);
    let usual = if in_front {
        Mode::Fragment
    } else {
        Mode::Query
    };
    match params.value("response_mode") {
        None => (usual, None),
        Some("form_post") if fault == Some(Fault::IgnoresFormPost) => (usual, None),
        Some("form_post") => (Mode::FormPost, None),
        Some("fragment") => (Mode::Fragment, None),
        Some("query") if in_front => (
            usual,
            Some(malformed(
                "A token is never sent in a query: use fragment or form_post.",
            )),
        ),
        Some("query") => (Mode::Query, None),
        Some(_) => (
            usual,
            Some(malformed("This response_mode is not supported.")),
        ),
    }
}

fn no_request_object(params: &Params) -> Result<(), Error> {
    if params.value("request").is_some() {
        return Err(Error::new(
            "request_not_supported",
            "Request objects are not supported.",
        ));
    }
    if params.value("request_uri").is_some() {
        let description = "Request objects by reference are not supported.";
        return Err(Error::new("request_uri_not_supported", description));
    }
    Ok(())
}

fn scopes(params: &Params) -> Result<Scopes, Error> {
    let asked = |name| params.words("scope").any(|word| word == name);
    if !asked("openid") {
        return Err(Error::new("invalid_scope", "The scope must hold openid."));
    }
    Ok(Scopes {
        email: asked("email"),
        profile: asked("profile"),
        groups: asked("groups"),
    })
}

fn nonce(params: &Params, response: ResponseType) -> Result<Option<String>, Error> {
    let nonce = params.value("nonce").map(str::to_owned);
    if response.id_token && nonce.is_none() {
        return Err(malformed(
            "The nonce is missing, which this response_type requires.",
        ));
    }
    Ok(nonce)
}

/// RFC 7636, section 4.3; `plain` protects nothing and is refused.
fn challenge(
    params: &Params,
    response: ResponseType,
    fault: Option<Fault>,
) -> Result<Option<String>, Error> {
    let Some(challenge) = params.value("code_challenge").filter(|_| response.code) else {
        return match fault {
            Some(Fault::RequiresPkce) if response.code => Err(malformed(
                "The code_challenge is missing: PKCE is required.",
            )),
            _ => Ok(None),
        };
    };
    if params.value("code_challenge_method") != Some("S256") {
        return Err(malformed("The code_challenge_method must be S256."));
    }
    // The base64url of a SHA-256 has 43 characters.
    if challenge.len() != 43 || !challenge.bytes().all(is_base64url) {
        return Err(malformed(
            "The code_challenge is not the base64url of a SHA-256.",
        ));
    }
    Ok(Some(challenge.to_owned()))
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn prompt(params: &Params) -> Result<Prompt, Error> {
    let words: Vec<_> = params.words("prompt").collect();
    if words.contains(&"none") {
        return match words.len() {
            1 => Ok(Prompt::Never),
            _ => Err(malformed("prompt=none goes with no other prompt.")),
        };
    }
    let again = words
        .iter()
        .any(|word| matches!(*word, "login" | "select_account"));
    Ok(if again {
        Prompt::Always
    } else {
        Prompt::AsNeeded
    })
}

fn max_age(params: &Params) -> Result<Option<u64>, Error> {
    let Some(given) = params.value("max_age") else {
        return Ok(None);
    };
    given
        .parse()
        .map(Some)
        .map_err(|_| malformed("The max_age is not a number of seconds."))
}

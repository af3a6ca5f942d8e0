//! The token endpoint's answer (OpenID Connect Core 1.0, section 3.1.3.3; RFC 6749, section 5.2).

use secrecy::SecretString;

use super::http::HttpAnswer;
use crate::fault::Fault;

/// What the token endpoint gave.
pub struct Tokens {
    /// The ID token.
    pub id_token: SecretString,
    /// The access token, for UserInfo.
    pub access_token: Option<SecretString>,
}

impl Tokens {
    /// Reads the answer.
    ///
    /// # Errors
    /// The provider's own error by its code, or what came instead of an answer.
    pub fn read(answer: &HttpAnswer) -> Result<Self, Fault> {
        let members = answer
            .object_whatever_the_status()
            .map_err(|fault| unreadable(answer, &fault))?;
        if answer.status >= 400 || members.find("error").is_some() {
            let error = crate::text::shown(members.text("error").unwrap_or_default(), 100);
            let description =
                crate::text::shown(members.text("error_description").unwrap_or_default(), 500);
            return Err(refused(answer.status, error, description));
        }
        let id_token = members.text("id_token").filter(|text| !text.is_empty());
        Ok(Self {
            id_token: id_token
                .map(|text| SecretString::from(text.to_owned()))
                .ok_or(Fault::IdTokenMissing {})?,
            access_token: members
                .text("access_token")
                .map(|text| SecretString::from(text.to_owned())),
        })
    }
}

fn refused(status: u16, error: String, description: String) -> Fault {
    match error.as_str() {
        "invalid_client" => Fault::ClientRefused {
            status,
            error,
            description,
        },
        "invalid_grant" => Fault::GrantRefused { error, description },
        // At the status of a refused client some providers say this instead of invalid_client.
        "unauthorized_client" if matches!(status, 401 | 403) => Fault::ClientRefused {
            status,
            error,
            description,
        },
        "unauthorized_client" | "unsupported_grant_type" => {
            Fault::GrantNotAllowed { error, description }
        }
        _ if status == 401 => Fault::ClientRefused {
            status,
            error,
            description,
        },
        _ => Fault::TokenRefused {
            status,
            error,
            description,
        },
    }
}

fn unreadable(answer: &HttpAnswer, fault: &Fault) -> Fault {
    let reason = match fault {
        Fault::HtmlInsteadOfJson { .. } => "a web page",
        _ if answer.body.is_empty() => "nothing",
        _ => "something that is no JSON object",
    };
    Fault::TokenAnswerUnreadable {
        address: format!("{} (HTTP {})", answer.address(), answer.status),
        reason: reason.to_owned(),
    }
}

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Writes the enum, its names and its sentences from one table, so that none can be forgotten.
macro_rules! faults {
    ($($variant:ident $name:literal $says:literal)+) => {
        /// One thing that this provider does otherwise than usual, chosen by its kebab-case name.
        ///
        /// Most are wrong. Some are allowed by the standards and surprise clients all the same;
        /// [`Fault::is_legal`] tells them apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault { $(#[doc = $says] $variant,)+ }

        impl Fault {
            /// Every fault, in the order of the table.
            pub const ALL: &'static [Fault] = &[$(Fault::$variant,)+];

            /// The kebab-case name, which [`FromStr`] reads back.
            pub const fn name(self) -> &'static str {
                match self { $(Fault::$variant => $name,)+ }
            }

            /// One sentence: what the provider does under this fault.
            pub const fn describes(self) -> &'static str {
                match self { $(Fault::$variant => $says,)+ }
            }
        }
    };
}

faults! {
    WrongAudience "wrong-audience" "The ID token's aud names another client."
    AudienceMissing "audience-missing" "The ID token has no aud."
    AudienceList "audience-list" "The ID token's aud is a list that holds only this client, which is allowed."
    AudienceListWithoutAzp "audience-list-without-azp" "The ID token's aud lists this client and another, and no azp says which one it is for."
    WrongIssuer "wrong-issuer" "The ID token's iss is another provider's."
    IssuerTrailingSlash "issuer-trailing-slash" "The provider's own name ends in a slash, in discovery and in the ID token, and the address that was asked does not."
    Expired "expired" "The ID token's exp was an hour ago."
    IssuedInFuture "issued-in-future" "The ID token's iat is half an hour from now."
    NotYetValid "not-yet-valid" "The ID token has an nbf half an hour from now."
    NonceWrong "nonce-wrong" "The ID token carries another nonce than the one sent."
    NonceMissing "nonce-missing" "The ID token carries no nonce."
    WrongAzp "wrong-azp" "The ID token's azp names another client."
    StateWrong "state-wrong" "The answer carries another state than the one sent."
    StateMissing "state-missing" "The answer carries no state."
    EmailMissing "email-missing" "No email and no email_verified, neither in the ID token nor at userinfo."
    EmailUnverified "email-unverified" "email_verified is false."
    EmailVerifiedAsText "email-verified-as-text" "email_verified is the text \"true\", which is not the boolean that the standard asks for."
    GroupsMissing "groups-missing" "No groups, neither in the ID token nor at userinfo, although the scope was asked."
    GroupsAsText "groups-as-text" "groups is one text, the person's first group, where a list is usual."
    GroupsJoined "groups-joined" "groups is one text with every group, joined by semicolons."
    GroupsAsDn "groups-as-dn" "Each group is a distinguished name: CN=SecOps,OU=Groups,DC=acme,DC=example."
    GroupsAsGuid "groups-as-guid" "Each group is an object ID, a GUID, and not a name."
    GroupsInUserinfoOnly "groups-in-userinfo-only" "groups is not in the ID token, and userinfo has it."
    EmailInUserinfoOnly "email-in-userinfo-only" "email and email_verified are not in the ID token, and userinfo has them."
    GroupsOverage "groups-overage" "In place of groups the ID token says that there are too many: _claim_names by the code flow, hasgroups by the implicit flow."
    UnknownKid "unknown-kid" "The ID token's header names a key that the key set does not hold."
    KidMissing "kid-missing" "The ID token's header names no key, and the key set holds only one, which is allowed."
    SignatureWrong "signature-wrong" "One bit of the ID token's signature is flipped."
    SignedByOtherKey "signed-by-other-key" "The ID token is signed by a key that is not in the key set, under the name of the one that is."
    SignsEs256 "signs-es256" "The ID token is signed by ES256 in place of RS256, as discovery says, which is allowed."
    AlgNone "alg-none" "The ID token is not signed and says so: alg is none."
    AlgHs256 "alg-hs256" "The ID token is signed by HS256 with the client secret, which discovery does not offer."
    TokenMalformed "token-malformed" "The ID token is a text that is no token."
    IdTokenMissing "id-token-missing" "The answer that should hold an ID token holds none."
    AtHashWrong "at-hash-wrong" "The ID token's at_hash belongs to another access token."
    CHashWrong "c-hash-wrong" "The ID token's c_hash belongs to another code."
    UserinfoSubjectDiffers "userinfo-subject-differs" "userinfo answers with another sub than the ID token's."
    UserinfoUnreachable "userinfo-unreachable" "userinfo answers 500."
    InvalidClient "invalid-client" "The token endpoint refuses the client: invalid_client."
    InvalidGrant "invalid-grant" "The token endpoint refuses the code: invalid_grant."
    TokenEndpointHtml "token-endpoint-html" "The token endpoint answers 200 with a page in place of JSON."
    TokenEndpointSlow "token-endpoint-slow" "The token endpoint keeps the connection open and does not answer."
    AccessDenied "access-denied" "Once the person has signed in, the answer is access_denied: not assigned to this application."
    ServerErrorAnswer "server-error-answer" "The authorization endpoint answers server_error at once."
    UnsupportedResponseType "unsupported-response-type" "The authorization endpoint answers unsupported_response_type at once."
    InvalidScope "invalid-scope" "The authorization endpoint answers invalid_scope at once."
    LoginRequired "login-required" "The authorization endpoint answers login_required at once."
    RedirectRefused "redirect-refused" "The redirect URI is treated as not registered: a page says so, and nothing goes back to the application."
    LoginPage500 "login-page-500" "In place of the sign-in page comes an error 500."
    LoginPageBlank "login-page-blank" "The sign-in page is empty."
    Discovery404 "discovery-404" "The discovery document is not found."
    DiscoveryHtml "discovery-html" "The discovery address answers 200 with a page in place of JSON."
    DiscoveryNotJson "discovery-not-json" "The discovery document says that it is JSON and breaks off in the middle."
    DiscoveryHuge "discovery-huge" "The discovery document is correct and 10 MB long, sent without its length."
    DiscoveryRedirectLoop "discovery-redirect-loop" "The discovery address redirects to itself."
    DiscoverySlow "discovery-slow" "The discovery address keeps the connection open and does not answer."
    JwksMissing "jwks-missing" "The key set is not found."
    JwksEmpty "jwks-empty" "The key set holds no key."
    IgnoresFormPost "ignores-form-post" "Where response_mode=form_post was asked, the answer comes as if it had not been."
    CodeFlowOnly "code-flow-only" "Discovery offers only the code flow and every other is refused, which is allowed."
    ImplicitOnly "implicit-only" "Discovery offers only the implicit flow and every other is refused, which is allowed."
    BasicAuthOnly "basic-auth-only" "The token endpoint takes the client secret only by HTTP Basic, as discovery says, which is allowed."
    PostAuthOnly "post-auth-only" "The token endpoint takes the client secret only in the body, as discovery says, which is allowed."
    RequiresPkce "requires-pkce" "A code is given only to a request with a PKCE challenge, which is allowed."

    SamlResponseSignedOnly "saml-response-signed-only" "The Response is signed and the Assertion in it is not, which is allowed."
    SamlBothSigned "saml-both-signed" "The Assertion and the Response around it are both signed, which is allowed."
    SamlUnsigned "saml-unsigned" "Neither the Response nor the Assertion is signed."
    SamlWrongKey "saml-wrong-key" "The Assertion is signed by a key that belongs to no certificate of the metadata, and the signature shows the certificate of the metadata."
    SamlCertificateRotated "saml-certificate-rotated" "The Assertion is signed by another key than that of the metadata's certificate, and the signature shows the new certificate."
    SamlCertificateExpired "saml-certificate-expired" "The certificate in the metadata expired a month ago; its key signs on."
    SamlSignatureAltered "saml-signature-altered" "One bit of the signature value is flipped."
    SamlDigestAltered "saml-digest-altered" "The digest in the signature is that of another text, and the signature over it holds."
    SamlSha1Signature "saml-sha1-signature" "The Assertion is signed by RSA-SHA1."
    SamlSha1Digest "saml-sha1-digest" "The digest in the signature is a SHA-1."
    SamlRsa1024 "saml-rsa-1024" "The key that signs, and the certificate in the metadata, have 1024 bits."
    SamlEcdsa "saml-ecdsa" "The key that signs, and the certificate in the metadata, are on P-256 (ECDSA), which is allowed."
    SamlEcdsaDer "saml-ecdsa-der" "The key is on P-256, and the signature value is in DER in place of the two numbers that XML Signature asks for."
    SamlRsaPss "saml-rsa-pss" "The Assertion is signed by RSA-PSS with SHA-256, which is allowed."
    SamlRsaSha512 "saml-rsa-sha512" "The Assertion is signed by RSA-SHA512, which is allowed."
    SamlWrongAudience "saml-wrong-audience" "The Assertion is restricted to another audience."
    SamlNoAudience "saml-no-audience" "The Assertion is restricted to no audience."
    SamlAudienceSpn "saml-audience-spn" "The audience is spn: and the application's object ID in place of the entity ID."
    SamlWrongIssuer "saml-wrong-issuer" "The Issuer is another provider's entity ID."
    SamlWrongDestination "saml-wrong-destination" "The Response's Destination is another address."
    SamlWrongRecipient "saml-wrong-recipient" "The Recipient in the subject confirmation is another address."
    SamlExpired "saml-expired" "The Assertion was valid until an hour ago."
    SamlNotYetValid "saml-not-yet-valid" "The Assertion is valid from half an hour from now."
    SamlIssuedInFuture "saml-issued-in-future" "IssueInstant, of Response and Assertion, is half an hour from now."
    SamlOneSecondLifetime "saml-one-second-lifetime" "The Assertion is valid for one second."
    SamlInResponseToWrong "saml-in-response-to-wrong" "InResponseTo names another request than the one sent."
    SamlUnsolicited "saml-unsolicited" "InResponseTo is left out, as if nobody had asked."
    SamlStatusRequester "saml-status-requester" "Once the person has signed in, the answer is the status Requester."
    SamlStatusResponder "saml-status-responder" "Once the person has signed in, the answer is the status Responder."
    SamlStatusAuthnFailed "saml-status-authn-failed" "Once the person has signed in, the answer is the status AuthnFailed."
    SamlStatusRequestDenied "saml-status-request-denied" "Once the person has signed in, the answer is the status RequestDenied: not assigned to this application."
    SamlStatusInvalidNameIdPolicy "saml-status-invalid-name-id-policy" "Once the person has signed in, the answer is the status InvalidNameIDPolicy."
    SamlTwoAssertions "saml-two-assertions" "The Response holds two Assertions, both signed."
    SamlWrappedAssertion "saml-wrapped-assertion" "An unsigned Assertion about another person is wrapped around the signed one."
    SamlEncryptedAssertion "saml-encrypted-assertion" "The Assertion is encrypted by AES-256-GCM, its key by RSA-OAEP: to the application's certificate if the request shows one, else to a key that nobody has."
    SamlEncryptedAssertionCbc "saml-encrypted-assertion-cbc" "The Assertion is encrypted by AES-256-CBC, its key by RSA-OAEP: to the application's certificate if the request shows one, else to a key that nobody has."
    SamlEncryptedNameId "saml-encrypted-name-id" "The NameID is encrypted by AES-256-GCM, its key by RSA-OAEP: to the application's certificate if the request shows one, else to a key that nobody has."
    SamlNoNameId "saml-no-name-id" "The Subject has no NameID."
    SamlTransientNameId "saml-transient-name-id" "The NameID is transient: another in each answer."
    SamlNameIdNotEmail "saml-name-id-not-email" "The NameID is persistent and no e-mail address."
    SamlNoAttributes "saml-no-attributes" "The Assertion has no AttributeStatement."
    SamlEmailMissing "saml-email-missing" "The Assertion has no attribute email."
    SamlEmailAsUrl "saml-email-as-url" "The e-mail address has the name http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress."
    SamlGroupsMissing "saml-groups-missing" "The Assertion has no attribute groups."
    SamlGroupsJoined "saml-groups-joined" "groups is one value with every group, joined by semicolons."
    SamlGroupsAsDn "saml-groups-as-dn" "Each value of groups is a distinguished name: CN=SecOps,OU=Groups,DC=acme,DC=example."
    SamlGroupsAsGuid "saml-groups-as-guid" "Each value of groups is an object ID, a GUID, and not a name."
    SamlGroupsAsOid "saml-groups-as-oid" "groups has the name urn:oid:1.3.6.1.4.1.5923.1.5.1.1 and is called groups only by its FriendlyName."
    SamlNoAuthnStatement "saml-no-authn-statement" "The Assertion has no AuthnStatement."
    SamlNoSessionIndex "saml-no-session-index" "The AuthnStatement has no SessionIndex, which is allowed."
    SamlRelayStateDropped "saml-relay-state-dropped" "The answer comes without the RelayState that was sent."
    SamlNotBase64 "saml-not-base64" "SAMLResponse holds a character that base64 does not have."
    SamlTruncated "saml-truncated" "SAMLResponse breaks off in the middle."
    SamlDoctype "saml-doctype" "The answer begins with a document type declaration."
    SamlCommentInNameId "saml-comment-in-name-id" "A comment stands in the middle of the NameID, which is allowed and hides nothing of it."
    SamlAnswerByRedirect "saml-answer-by-redirect" "The answer comes by HTTP-Redirect in place of HTTP-POST, which the standard forbids for a Response."
    SamlAnswerRedirected307 "saml-answer-redirected-307" "The page posts the answer to the provider, which sends the browser on to the application by 307."
    SamlSandboxedFrame "saml-sandboxed-frame" "The form with the answer is in a sandboxed frame without scripts: its button has to be pressed."
    SamlErrorPage "saml-error-page" "Once the person has signed in, a page with an error comes in place of the answer."
    SamlHttp500 "saml-http-500" "The sign-on address answers 500."
}

/// What this provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OpenID Connect Core 1.0.
    Oidc,
    /// SAML 2.0.
    Saml,
}

impl Fault {
    /// The protocol that the fault is about; the other half keeps to its standard under it.
    pub fn protocol(self) -> Protocol {
        match self.name().starts_with("saml-") {
            true => Protocol::Saml,
            false => Protocol::Oidc,
        }
    }

    /// Whether a client that keeps to the standards still signs in, if it reads discovery or
    /// metadata and supports what is offered there.
    pub const fn is_legal(self) -> bool {
        matches!(
            self,
            Fault::AudienceList
                | Fault::KidMissing
                | Fault::SignsEs256
                | Fault::CodeFlowOnly
                | Fault::ImplicitOnly
                | Fault::BasicAuthOnly
                | Fault::PostAuthOnly
                | Fault::RequiresPkce
                | Fault::GroupsInUserinfoOnly
                | Fault::EmailInUserinfoOnly
                | Fault::SamlResponseSignedOnly
                | Fault::SamlBothSigned
                | Fault::SamlEcdsa
                | Fault::SamlRsaPss
                | Fault::SamlRsaSha512
                | Fault::SamlNoSessionIndex
                | Fault::SamlCommentInNameId
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Fault::ALL
            .iter()
            .copied()
            .find(|fault| fault.name() == name)
            .ok_or(UnknownFault)
    }
}

/// The text is no fault's name; [`Fault::ALL`] has them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the practice provider has no fault of this name")]
pub struct UnknownFault;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_name_reads_back_as_its_fault() {
        for fault in Fault::ALL {
            assert_eq!(fault.to_string().parse(), Ok(*fault));
        }
    }

    #[test]
    fn no_two_faults_share_a_name_or_a_sentence() {
        let names: HashSet<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        let says: HashSet<_> = Fault::ALL.iter().map(|fault| fault.describes()).collect();
        assert_eq!(names.len(), Fault::ALL.len());
        assert_eq!(says.len(), Fault::ALL.len());
    }

    #[test]
    fn names_are_kebab_case_and_sentences_end() {
        for fault in Fault::ALL {
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(fault.name().chars().all(kebab), "{fault}");
            assert!(fault.describes().ends_with('.'), "{fault}");
        }
    }

    #[test]
    fn a_name_in_another_case_is_unknown() {
        for name in ["", "Expired", "expired ", "alg_none"] {
            assert_eq!(name.parse::<Fault>(), Err(UnknownFault));
        }
    }
}

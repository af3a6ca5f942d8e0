use std::collections::HashSet;

use latchkey_practice::Fault::{self, *};
use latchkey_practice::Protocol;

use crate::observed::observe;
use crate::service::*;

/// Each fault and everything that is otherwise than usual.
#[rustfmt::skip]
const CASES: &[(Fault, &[&str])] = &[
    (SamlResponseSignedOnly, &["Assertion/Signature: gone", "Response/Signature: new", "signature of Assertion: gone", "signature of Response: holds"]),
    (SamlBothSigned, &["Response/Signature: new", "signature of Response: holds"]),
    (SamlUnsigned, &["Assertion/Signature: gone", "signature of Assertion: gone"]),
    (SamlWrongKey, &["signature of Assertion: gone"]),
    (SamlCertificateRotated, &["Assertion/Signature/KeyInfo/X509Data/X509Certificate/text: 2048 bits, valid", "signature of Assertion: gone"]),
    (SamlCertificateExpired, &["metadata/IDPSSODescriptor/KeyDescriptor/KeyInfo/X509Data/X509Certificate/text: 2048 bits, not valid"]),
    (SamlSignatureAltered, &["signature of Assertion: gone"]),
    (SamlDigestAltered, &["signature of Assertion: gone"]),
    (SamlSha1Signature, &["Assertion/Signature/SignedInfo/SignatureMethod@Algorithm: http://www.w3.org/2000/09/xmldsig#rsa-sha1"]),
    (SamlSha1Digest, &["Assertion/Signature/SignedInfo/Reference/DigestMethod@Algorithm: http://www.w3.org/2000/09/xmldsig#sha1", "Assertion/Signature/SignedInfo/Reference/DigestValue/text: 20 bytes"]),
    (SamlRsa1024, &["Assertion/Signature/SignatureValue/text: 128 bytes", "metadata/IDPSSODescriptor/KeyDescriptor/KeyInfo/X509Data/X509Certificate/text: 1024 bits, valid"]),
    (SamlEcdsa, &["Assertion/Signature/SignatureValue/text: 64 bytes", "Assertion/Signature/SignedInfo/SignatureMethod@Algorithm: http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "metadata/IDPSSODescriptor/KeyDescriptor/KeyInfo/X509Data/X509Certificate/text: 256 bits, valid"]),
    (SamlEcdsaDer, &["Assertion/Signature/SignatureValue/text: 70 to 72 bytes", "Assertion/Signature/SignedInfo/SignatureMethod@Algorithm: http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "metadata/IDPSSODescriptor/KeyDescriptor/KeyInfo/X509Data/X509Certificate/text: 256 bits, valid", "signature of Assertion: gone"]),
    // This xmlsec1 knows no RSA-PSS; latchkey-core verifies it.
    (SamlRsaPss, &["Assertion/Signature/SignedInfo/SignatureMethod@Algorithm: http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", "signature of Assertion: gone"]),
    (SamlRsaSha512, &["Assertion/Signature/SignedInfo/SignatureMethod@Algorithm: http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"]),
    (SamlWrongAudience, &["Assertion/Conditions/AudienceRestriction/Audience/text: another-service.example"]),
    (SamlNoAudience, &["Assertion/Conditions/AudienceRestriction: gone"]),
    (SamlAudienceSpn, &["Assertion/Conditions/AudienceRestriction/Audience/text: spn:6f1c27c5-0f0c-4c83-9a4f-3f0e2c1d7b55"]),
    (SamlWrongIssuer, &["Assertion/Issuer/text: https://login.another-provider.example/saml/metadata", "Response/Issuer/text: https://login.another-provider.example/saml/metadata"]),
    (SamlWrongDestination, &["Response@Destination: https://another-service.example/acs"]),
    (SamlWrongRecipient, &["Assertion/Subject/SubjectConfirmation/SubjectConfirmationData@Recipient: https://another-service.example/acs"]),
    (SamlExpired, &["Assertion/Conditions@NotBefore: -3900 s", "Assertion/Conditions@NotOnOrAfter: -3600 s", "Assertion/Subject/SubjectConfirmation/SubjectConfirmationData@NotOnOrAfter: -3600 s"]),
    (SamlNotYetValid, &["Assertion/Conditions@NotBefore: +1800 s", "Assertion/Conditions@NotOnOrAfter: +2100 s", "Assertion/Subject/SubjectConfirmation/SubjectConfirmationData@NotOnOrAfter: +2100 s"]),
    (SamlIssuedInFuture, &["Assertion@IssueInstant: +1800 s", "Response@IssueInstant: +1800 s"]),
    (SamlOneSecondLifetime, &["Assertion/Conditions@NotOnOrAfter: +0 s", "Assertion/Subject/SubjectConfirmation/SubjectConfirmationData@NotOnOrAfter: +0 s"]),
    (SamlInResponseToWrong, &["Assertion/Subject/SubjectConfirmation/SubjectConfirmationData@InResponseTo: _the-id-of-another-request", "Response@InResponseTo: _the-id-of-another-request"]),
    (SamlUnsolicited, &["Assertion/Subject/SubjectConfirmation/SubjectConfirmationData@InResponseTo: gone", "Response@InResponseTo: gone"]),
    (SamlStatusRequester, &["Assertion: gone", "Response/Status/StatusCode@Value: urn:oasis:names:tc:SAML:2.0:status:Requester", "Response/Status/StatusMessage: new", "signature of Assertion: gone"]),
    (SamlStatusResponder, &["Assertion: gone", "Response/Status/StatusCode@Value: urn:oasis:names:tc:SAML:2.0:status:Responder", "Response/Status/StatusMessage: new", "signature of Assertion: gone"]),
    (SamlStatusAuthnFailed, &["Assertion: gone", "Response/Status/StatusCode/StatusCode: new", "Response/Status/StatusCode@Value: urn:oasis:names:tc:SAML:2.0:status:Responder", "Response/Status/StatusMessage: new", "signature of Assertion: gone"]),
    (SamlStatusRequestDenied, &["Assertion: gone", "Response/Status/StatusCode/StatusCode: new", "Response/Status/StatusCode@Value: urn:oasis:names:tc:SAML:2.0:status:Responder", "Response/Status/StatusMessage: new", "signature of Assertion: gone"]),
    (SamlStatusInvalidNameIdPolicy, &["Assertion: gone", "Response/Status/StatusCode/StatusCode: new", "Response/Status/StatusCode@Value: urn:oasis:names:tc:SAML:2.0:status:Requester", "Response/Status/StatusMessage: new", "signature of Assertion: gone"]),
    (SamlTwoAssertions, &["Assertion[2]: new"]),
    (SamlWrappedAssertion, &["Assertion/AttributeStatement/Attribute(email)/AttributeValue/text: mallory@acme.example", "Assertion/Assertion: new", "Assertion/Signature: gone", "Assertion/Subject/NameID/text: mallory@acme.example"]),
    (SamlEncryptedAssertion, &["Assertion: gone", "Response/EncryptedAssertion: new", "signature of Assertion: gone"]),
    (SamlEncryptedAssertionCbc, &["Assertion: gone", "Response/EncryptedAssertion: new", "signature of Assertion: gone"]),
    (SamlEncryptedNameId, &["Assertion/Subject/EncryptedID: new", "Assertion/Subject/NameID: gone"]),
    (SamlNoNameId, &["Assertion/Subject/NameID: gone"]),
    (SamlTransientNameId, &["Assertion/Subject/NameID/text: 44 letters", "Assertion/Subject/NameID@Format: urn:oasis:names:tc:SAML:2.0:nameid-format:transient"]),
    (SamlNameIdNotEmail, &["Assertion/Subject/NameID/text: 21 letters", "Assertion/Subject/NameID@Format: urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"]),
    (SamlNoAttributes, &["Assertion/AttributeStatement: gone"]),
    (SamlEmailMissing, &["Assertion/AttributeStatement/Attribute(email): gone"]),
    (SamlEmailAsUrl, &["Assertion/AttributeStatement/Attribute(email): gone", "Assertion/AttributeStatement/Attribute(http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress): new"]),
    (SamlGroupsMissing, &["Assertion/AttributeStatement/Attribute(groups): gone"]),
    (SamlGroupsJoined, &["Assertion/AttributeStatement/Attribute(groups)/AttributeValue/text: SecOps;Everyone", "Assertion/AttributeStatement/Attribute(groups)/AttributeValue[2]: gone"]),
    (SamlGroupsAsDn, &["Assertion/AttributeStatement/Attribute(groups)/AttributeValue/text: CN=SecOps,OU=Groups,DC=acme,DC=example", "Assertion/AttributeStatement/Attribute(groups)/AttributeValue[2]/text: CN=Everyone,OU=Groups,DC=acme,DC=example"]),
    (SamlGroupsAsGuid, &["Assertion/AttributeStatement/Attribute(groups)/AttributeValue/text: a GUID", "Assertion/AttributeStatement/Attribute(groups)/AttributeValue[2]/text: a GUID"]),
    (SamlGroupsAsOid, &["Assertion/AttributeStatement/Attribute(groups): gone", "Assertion/AttributeStatement/Attribute(urn:oid:1.3.6.1.4.1.5923.1.5.1.1): new"]),
    (SamlNoAuthnStatement, &["Assertion/AuthnStatement: gone"]),
    (SamlNoSessionIndex, &["Assertion/AuthnStatement@SessionIndex: gone"]),
    (SamlRelayStateDropped, &["answer field RelayState: gone"]),
    (SamlNotBase64, &["Assertion: gone", "Response: gone", "message: no base64", "signature of Assertion: gone"]),
    (SamlTruncated, &["Assertion: gone", "Response: gone", "message: no XML", "signature of Assertion: gone"]),
    (SamlDoctype, &["Assertion: gone", "Response: gone", "message: a document type", "signature of Assertion: gone"]),
    (SamlCommentInNameId, &["Assertion/Subject/NameID/comment: there"]),
    (SamlAnswerByRedirect, &["answer way: query"]),
    (SamlAnswerRedirected307, &["answer redirected: by the provider"]),
    (SamlSandboxedFrame, &["frame: there"]),
    (SamlErrorPage, &["Assertion: gone", "Response: gone", "answer field RelayState: gone", "answer field SAMLResponse: gone", "answer to: gone", "answer way: gone", "answer: a page, 200 OK", "signature of Assertion: gone"]),
    (SamlHttp500, &["Assertion: gone", "Response: gone", "answer field RelayState: gone", "answer field SAMLResponse: gone", "answer to: gone", "answer way: gone", "page: 500 Internal Server Error and no sign-in", "signature of Assertion: gone"]),
];

#[tokio::test]
async fn each_fault_changes_just_what_it_says() {
    let practice = practice().await;
    let ask = Ask::default();
    let usual = observe(&practice, &ask).await;
    let mut wrong = Vec::new();
    for (fault, expected) in CASES {
        practice.set_fault(Some(*fault));
        let mut differences = observe(&practice, &ask).await.differs_from(&usual);
        differences.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        if differences != expected {
            wrong.push(format!(
                "{fault}:\n  is  {differences:#?}\n  not {expected:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fault_has_a_case_that_shows_it() {
    let shown: HashSet<_> = CASES
        .iter()
        .filter(|(_, changes)| !changes.is_empty())
        .map(|case| case.0)
        .collect();
    let missing: Vec<_> = Fault::ALL
        .iter()
        .filter(|fault| fault.protocol() == Protocol::Saml && !shown.contains(fault))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn a_fault_of_one_half_leaves_the_other_as_it_is() {
    let practice = practice().await;
    let ask = Ask::default();
    let usual = observe(&practice, &ask).await;
    for fault in Fault::ALL {
        if fault.protocol() == Protocol::Oidc {
            practice.set_fault(Some(*fault));
            let differences = observe(&practice, &ask).await.differs_from(&usual);
            assert!(differences.is_empty(), "{fault}: {differences:?}");
        }
    }
}

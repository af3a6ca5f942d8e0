//! Everything that can be noticed, one variant each, with the data that its wording needs.
//!
//! A variant's fields are the placeholders that `words/` may use. No field ever holds
//! a secret, a token, a code or an assertion.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

/// What was noticed. Serialises as `{"code": "issuer_differs", "expected": ..., "received": ...}`.
#[allow(
    missing_docs,
    reason = "the fields are the placeholders of the wording and named for it"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fault {
    // Fields, before any sign-in.
    /// A field that is needed is empty.
    FieldMissing { field: String },
    /// Nothing is chosen where one of several has to be.
    ChoiceMissing { field: String },
    /// A field is longer than anything real.
    FieldTooLong {
        field: String,
        length: usize,
        limit: usize,
    },
    /// A field that is one line holds line breaks or other control characters.
    FieldHasControlCharacters { field: String },
    /// White space around a value that was compared byte for byte.
    FieldHasSpaceAround { field: String },
    /// White space inside a value that cannot have any.
    FieldHasSpaceInside { field: String },
    /// A placeholder of a guide was left in.
    PlaceholderLeftIn { field: String, placeholder: String },
    /// Not an address at all.
    NotAnAddress { field: String },
    /// `http:` where only `https:` protects the sign-in.
    AddressNotHttps { field: String, scheme: String },
    /// A user name or password inside an address.
    AddressHasUserInfo { field: String },
    /// A query or fragment in an address that cannot have one.
    AddressHasQueryOrFragment { field: String },
    /// A private or loopback address; fine for practice and staging only.
    AddressIsPrivate { field: String, host: String },
    /// The discovery document's own address was given as issuer.
    IssuerIsDiscoveryAddress { mend: String },
    /// Entra's `common` and its like, which no token ever names as its issuer.
    IssuerIsForManyTenants { part: String },
    /// Not an e-mail address.
    NotAnEmail { field: String },
    /// The service is not in the catalogue.
    UnknownService { service: String, known: String },
    /// The region is not one of the service's.
    UnknownRegion { region: String, known: String },
    /// The provider is not in the catalogue.
    UnknownProvider { provider: String, known: String },
    /// The provider cannot speak this protocol.
    ProtocolNotOffered {
        provider: String,
        protocol: String,
        offered: String,
    },
    /// The Login Redirect URL belongs to another region of the same service.
    RedirectOfOtherRegion {
        expected: String,
        received: String,
        region: String,
    },
    /// The Login Redirect URL differs from the one that the service documents.
    RedirectDiffers { expected: String, received: String },
    /// The region's Login Redirect URL is inferred, not documented.
    RedirectIsInferred { region: String, address: String },
    /// The scope that makes it OpenID Connect is missing.
    ScopeOpenidMissing {},
    /// A scope with characters that RFC 6749, section 3.3, does not allow.
    ScopeNotAllowed { scope: String },
    /// A scope is named twice.
    ScopeTwice { scope: String },
    /// The scope that carries the e-mail address is missing although a rule needs it.
    ScopeEmailMissing {},
    /// Google refuses the whole sign-in when `groups` is asked for.
    ScopeRefusedByProvider { scope: String, provider: String },
    /// Client ID and secret were pasted into each other's field, or both hold the same.
    SecretIsClientId {},
    /// The secret has the shape of an Entra secret ID.
    SecretLooksLikeSecretId {},
    /// The code flow needs a secret for this provider and none is kept.
    SecretMissing {},
    /// No rule at all.
    RulesMissing {},
    /// The rule names a role that the service does not have.
    UnknownRole { role: String, known: String },
    /// The same rule stands twice.
    RuleTwice { first: usize },
    /// The same claim and value as an earlier rule, another role: this one never decides.
    RuleContradicts { first: usize, role: String },
    /// The first rule does not protect the Owner.
    OwnerRuleMissing { owner_email: String, role: String },
    /// The Owner's rule gives less than the highest role.
    OwnerRuleNotHighest { role: String, highest: String },
    /// The Owner's address is another capitalisation than the rule's value.
    OwnerRuleCaseDiffers { value: String, owner_email: String },
    /// The Owner's rule stands below others, which may decide first.
    OwnerRuleNotFirst { rule: usize },
    /// The same claim and value as an earlier rule but for capital and small letters.
    RuleCaseTwin { first: usize },
    /// A rule on groups above this one gives less; whoever is in both groups gets less.
    RuleLesserRoleFirst {
        first: usize,
        lesser: String,
        role: String,
    },
    /// The value is a group that holds everybody, and the role is a high one.
    RuleTooBroad { value: String, role: String },
    /// The value is written as if values were patterns.
    RuleValueIsPattern { value: String },
    /// The value is a distinguished name.
    RuleValueIsDn { name: String },
    /// The value has the shape of an object ID.
    RuleValueIsObjectId {},
    /// The value looks like several joined in one.
    RuleValueIsJoined { separator: String, count: usize },
    /// A letter that looks like one of another script.
    RuleLooksAlike {
        word: String,
        letter: String,
        character: String,
        script: String,
    },
    /// A character that cannot be seen.
    RuleHasInvisibleCharacter { character: String },
    /// Letters are written in parts where one character exists (Unicode, form NFC).
    RuleNotNormalized {},
    /// A rule for another address gives the highest role, and none for the Owner's does.
    OwnerRuleOfAnother {
        rule: usize,
        value: String,
        owner_email: String,
        role: String,
    },
    /// The claim is an address, and the value is none.
    RuleEmailIsNoAddress { value: String },
    /// A group that holds everybody stands above other rules on groups.
    RuleBroadAbove { value: String, below: usize },
    /// The claim's name is that of an earlier rule but for capital and small letters.
    RuleClaimCaseTwin { first: usize, claim: String },
    /// A role that is not built in, where the service lets roles be made.
    RoleIsCustom { role: String },
    /// The same, and almost the name of a built-in one.
    RoleSpelling { role: String, near: String },

    /// The service is a built-in one: there is nothing of it to hand over.
    ServiceNotDescribed {},
    /// Nothing is known of the service there that takes claim rules from a program.
    NoInterfaceKnown { service: String },
    /// No day is known on which the client secret ends, or it is past.
    SecretEndUnknown {},
    /// No certificate has an end that is still to come.
    CertificateEndUnknown {},

    // Reached: discovery and the provider's page.
    /// The provider's name could not be found.
    HostNotFound { host: String },
    /// Nothing answers at that address.
    ConnectionRefused { host: String, port: u16 },
    /// The connection ended early or could not be made.
    ConnectionFailed { host: String, detail: String },
    /// The provider did not answer in time.
    NoAnswerInTime { host: String, seconds: u32 },
    /// This computer does not trust the certificate of the provider's server.
    TlsNotTrusted {
        host: String,
        reason: String,
        issuer: String,
        subject: String,
        not_after: String,
    },
    /// The address answered with an HTTP error.
    HttpStatus { address: String, status: u16 },
    /// There is no discovery document at this issuer.
    DiscoveryNotFound { address: String, status: u16 },
    /// The address sends the browser elsewhere instead of answering.
    RedirectsElsewhere { address: String, target: String },
    /// A web page came where a JSON document is expected.
    HtmlInsteadOfJson { address: String },
    /// Not JSON.
    NotJson { address: String },
    /// Larger than anything real.
    AnswerTooLarge { address: String, limit: usize },
    /// JSON, but a field is missing or has another type.
    DiscoveryIncomplete { address: String, field: String },
    /// The document names another issuer than the one it was asked at.
    IssuerDiffers { expected: String, received: String },
    /// The same, by a slash at the end only.
    IssuerDiffersBySlash { expected: String, received: String },
    /// No key to verify with.
    KeysUnreachable { address: String },
    /// The key set is empty, or holds no key that can sign.
    KeysEmpty { address: String },
    /// The provider does not offer the chosen flow.
    FlowNotOffered { flow: String, offered: String },
    /// The provider does not offer a scope that is asked for.
    ScopeNotOffered { scope: String },
    /// The provider offers no way to present the secret that is supported.
    SecretWayNotOffered { offered: String },
    /// An endpoint of the discovery document is not https.
    EndpointNotHttps { endpoint: String, address: String },
    /// The provider, or an endpoint of its, is on the Login Redirect URL's host, to which nothing
    /// of a test sign-in may go.
    ProviderAtService { endpoint: String, host: String },
    /// The sign-in page could not be shown.
    PageCannotLoad { host: String, reason: String },
    /// The provider refuses windows inside applications.
    EmbeddedWindowRefused { provider: String },
    /// The window's web process ended.
    PageCrashed {},
    /// The system browser could not be opened, or the loopback port is taken.
    LoopbackUnavailable { port: u16, reason: String },
    /// What started the sign-in at the provider names no issuer (OpenID Connect Core, section 4).
    StartNamesNoIssuer {},
    /// It names another issuer than the set-up.
    StartOfOtherIssuer { expected: String, received: String },
    /// It asks the service to send the person on to an address that is not the service's.
    StartLeadsElsewhere { target: String },
    /// It went to another address of the service than the Initiate login URI.
    StartedElsewhere { expected: String, received: String },
    /// The provider sent an answer before anybody had asked.
    AnsweredUnasked {},
    /// The service takes no sign-in that the provider starts with this protocol.
    StartNotTaken { service: String },
    /// A sign-in that starts at the provider can be caught in the sign-in window alone.
    StartNeedsWindow {},
    /// A name that anybody can ask for leads into this network or to this computer.
    NameLeadsInside { host: String, address: String },

    // Answered.
    /// The person ended the test sign-in.
    CancelledByPerson {},
    /// The sign-in window was closed before an answer came.
    WindowClosed {},
    /// No answer came within the time limit.
    SignInTimedOut { seconds: u32 },
    /// The answer was stopped, but its content could not be read from the page.
    AnswerNotCaptured {},
    /// The answer went to another address of the Login Redirect URL's host.
    AnsweredElsewhere { expected: String, received: String },
    /// The provider wants proof that the device is managed.
    DeviceProofDemanded { provider: String },
    /// The answer has neither a code, a token nor an error.
    AnswerEmpty {},
    /// A parameter stands twice in the answer.
    AnswerAmbiguous { parameter: String },
    /// More parameters than any answer has.
    AnswerOverfull { limit: usize },
    /// The answer came by another way than the one asked for.
    AnswerByOtherWay { expected: String, received: String },
    /// The provider answered with an error of RFC 6749, 4.1.2.1, or OpenID Connect Core, 3.1.2.6.
    ProviderError { error: String, description: String },
    /// The person or a policy refused.
    AccessDenied { description: String },
    /// This flow is not switched on at the provider.
    ResponseTypeUnsupported { description: String },
    /// A scope that the provider does not know.
    ScopeInvalid { description: String },
    /// The provider itself failed.
    ProviderFailed { error: String, description: String },
    /// The answer has no `state`.
    StateMissing {},
    /// The answer belongs to another sign-in.
    StateDiffers {},
    /// The answer names another issuer (RFC 9207).
    AnswerIssuerDiffers { expected: String, received: String },
    /// The token endpoint refused the client.
    ClientRefused {
        status: u16,
        error: String,
        description: String,
    },
    /// The token endpoint refused the code.
    GrantRefused { error: String, description: String },
    /// The client may not use this grant.
    GrantNotAllowed { error: String, description: String },
    /// The token endpoint refused, for another reason.
    TokenRefused {
        status: u16,
        error: String,
        description: String,
    },
    /// The token endpoint's answer cannot be read.
    TokenAnswerUnreadable { address: String, reason: String },
    /// There is no ID token in the answer.
    IdTokenMissing {},
    /// The ID token is not three parts of base64url.
    TokenMalformed { part: String },
    /// A claim stands twice in the token.
    ClaimTwice { claim: String },
    /// The token is encrypted.
    TokenEncrypted {},

    // Signed.
    /// The token's header says that it holds another token (RFC 7519, 5.2).
    TokenSaysNested {},
    /// The token says that it is not signed.
    TokenUnsigned {},
    /// The token is signed with the client secret, which the service cannot check.
    TokenSignedBySecret { algorithm: String },
    /// An algorithm that is not accepted.
    AlgorithmNotAccepted { algorithm: String, accepted: String },
    /// The header demands an extension that is not understood (RFC 7515, 4.1.11).
    CriticalHeader { names: String },
    /// No published key has this key ID.
    KeyUnknown { key_id: String, published: String },
    /// No key ID, and no published key fits.
    KeyNotFound { algorithm: String },
    /// The signature is not by the published key.
    SignatureWrong { key_id: String, algorithm: String },
    /// The RSA key that signed is shorter than RFC 7518, section 3.3, allows.
    SigningKeyWeak { bits: usize },
    /// The access token does not belong to the ID token.
    AccessTokenHashDiffers {},
    /// The code does not belong to the ID token.
    CodeHashDiffers {},
    /// openidconnect's verifier refused what ours accepted; the stricter one wins.
    VerifiersDisagree { reason: String },

    // Addressed.
    /// No issuer.
    TokenIssuerMissing {},
    /// The token names another issuer.
    TokenIssuerDiffers { expected: String, received: String },
    /// No audience.
    AudienceMissing {},
    /// The token is for another application.
    AudienceDiffers { expected: String, received: String },
    /// More than one audience and no authorised party.
    AuthorizedPartyMissing { audiences: String },
    /// The token was made for another application.
    AuthorizedPartyDiffers { expected: String, received: String },
    /// An audience that is not known stands beside ours.
    AudienceHasOthers { audiences: String },
    /// No nonce.
    NonceMissing {},
    /// The nonce of another sign-in.
    NonceDiffers {},

    // In time.
    /// No expiry.
    ExpiryMissing {},
    /// The token has expired.
    TokenExpired {
        expired: Timestamp,
        now: Timestamp,
        seconds: i64,
    },
    /// The token is not valid yet.
    TokenNotYetValid {
        from: Timestamp,
        now: Timestamp,
        seconds: i64,
    },
    /// No time of issue.
    IssueTimeMissing {},
    /// The token was issued in the future.
    TokenIssuedInFuture {
        issued: Timestamp,
        now: Timestamp,
        seconds: i64,
    },
    /// A time that is not a number.
    TimeUnreadable { claim: String },

    // Identified.
    /// No subject.
    SubjectMissing {},
    /// A subject longer than 255 characters.
    SubjectTooLong { length: usize },
    /// No e-mail address.
    EmailMissing { present: String },
    /// The provider does not vouch for the address.
    EmailUnverified { email: String },
    /// The provider does not say whether it vouches for the address.
    EmailVerifiedUnsaid { email: String },
    /// UserInfo names another subject; its claims are not used.
    UserInfoSubjectDiffers {},
    /// UserInfo could not be asked.
    UserInfoUnreachable { address: String, reason: String },
    /// A claim came from UserInfo, not from the ID token.
    ClaimFromUserInfo { claims: String },
    /// A claim has a type that OpenID Connect does not give it.
    ClaimOfUnusualType { claim: String },
    /// The provider left out the groups because there are too many.
    GroupsLeftOut { claim: String },

    // Mapped.
    /// The rule decides.
    RuleDecides {
        claim: String,
        value: String,
        role: String,
    },
    /// The rule matches, and one above it decides.
    RuleAboveDecides { above: u32 },
    /// The claim came without a value.
    RuleClaimEmpty { claim: String },
    /// The claim came as an object, which is compared as text.
    RuleClaimIsObject { claim: String },
    /// The claim came with other values.
    RuleValueNotAmong {
        claim: String,
        count: usize,
        received: String,
    },
    /// The rule has no claim name or no value yet.
    RuleUnfinished {},
    /// No rule matched.
    NoRuleMatched { fallback: String, rules: usize },
    /// A claim that a rule names did not come at all.
    RuleClaimAbsent { claim: String, present: String },
    /// A rule would match but for this.
    NearMiss {
        rule: usize,
        kind: String,
        expected: String,
        received: String,
    },

    // The program itself.
    /// The workspace is not there any more.
    WorkspaceNotFound {},
    /// Another window or the command changed the workspace meanwhile.
    ChangedElsewhere {},
    /// Another workspace has this name.
    NameTaken { name: String },
    /// What was to be kept could not be written or read.
    StoreFailed { reason: String },
    /// Another program keeps the database locked.
    StoreBusy {},
    /// Larger than anything a person would keep.
    TooLargeToKeep { what: String, limit: usize },
    /// The program itself failed at what was asked.
    WorkFailed {},
    /// The database was written by a newer version.
    DatabaseNewer { found: u32, known: u32 },
    /// The database is damaged, and could not be copied aside.
    DatabaseNotCopied { path: String },
    /// The database is damaged, and another window or command has it open.
    DatabaseInUse { path: String },
    /// The file in the database's place is another program's.
    DatabaseForeign { path: String },
    /// Nothing can be written where the database is.
    FolderNotWritable { folder: String, reason: String },
    /// The database could not be opened for another reason.
    DatabaseNotOpened { reason: String },
    /// The keychain refused.
    KeychainFailed { reason: String },
    /// No client secret is kept.
    SecretNotKept {},
    /// A condition for saving is not met, and no reason was written.
    ConditionsNotMet {},
    /// The written reason is less than a sentence.
    ReasonTooShort {},
    /// The account that is to get in without single sign-on has signed in by it.
    BackupUsesSignOn {},
    /// A file could not be used as a set-up.
    FileUnusable { file: String, reason: String },
    /// A file could not be written.
    FileNotWritten { file: String, reason: String },
    /// A test sign-in is running already.
    SignInRunning {},
    /// The system browser could not be opened.
    BrowserNotOpened { reason: String },
    /// The practice provider could not start.
    PracticeFailed { reason: String },
    /// The name that was typed to make sure is not the workspace's.
    NameNotTyped {},

    // Certificates, keys and metadata.
    /// No key pair could be made.
    KeyPairNotMade {},
    /// What the keychain holds is not a key pair of ours.
    KeyPairUnreadable {},
    /// The workspace's key is shorter than anything that is accepted.
    KeyPairTooShort { bits: usize, limit: usize },
    /// The certificate is for another key than the private one beside it.
    KeyPairDiffers {},
    /// There is no certificate in what was given.
    CertificateNotFound {},
    /// More bytes than any bundle has.
    CertificatesTooLarge { limit: usize },
    /// More certificates than any provider signs with.
    CertificatesTooMany { limit: usize },
    /// The certificate ends before its own length.
    CertificateCutOff { expected: usize, received: usize },
    /// A block for a certificate that holds none.
    CertificateUnreadable {},
    /// Text of a certificate that was read although it is not whole.
    CertificateTextDamaged {},
    /// Signed with its own key, and changed since.
    CertificateAltered { subject: String },
    /// The same certificate stands there twice.
    CertificateTwice { subject: String },
    /// Authorities' certificates beside the one that signs.
    CertificateChain { subjects: String },
    /// A private key where a certificate belongs.
    PrivateKeyInsteadOfCertificate {},
    /// A certificate signing request (PKCS#10) where a certificate belongs.
    RequestInsteadOfCertificate {},
    /// A bare public key where a certificate belongs.
    PublicKeyInsteadOfCertificate {},
    /// A PKCS#12 or Java key store where a certificate belongs.
    KeyStoreInsteadOfCertificate {},
    /// Something of OpenPGP where a certificate belongs.
    PgpInsteadOfCertificate {},
    /// A JSON Web Key where a certificate belongs.
    JsonKeyInsteadOfCertificate {},
    /// SAML metadata where a certificate belongs.
    MetadataInsteadOfCertificate {},
    /// A SAML response where a certificate belongs.
    AnswerInsteadOfCertificate {},
    /// A web page where a certificate belongs.
    HtmlInsteadOfCertificate {},
    /// An address where a certificate belongs.
    AddressInsteadOfCertificate {},
    /// The fingerprint of a certificate in its place.
    FingerprintInsteadOfCertificate {},
    /// Something that names itself, and is no certificate.
    OtherInsteadOfCertificate { label: String },
    /// The certificate's validity is over.
    CertificateExpired {
        subject: String,
        not_after: Timestamp,
        now: Timestamp,
    },
    /// The certificate's validity has not begun.
    CertificateNotYetValid {
        subject: String,
        not_before: Timestamp,
        now: Timestamp,
    },
    /// The certificate's validity ends soon.
    CertificateExpiresSoon {
        subject: String,
        not_after: Timestamp,
        days: i32,
    },
    /// The RSA key is too short for any signature to count.
    CertificateKeyShort { bits: usize, limit: usize },
    /// No signature by this kind of key is verified.
    CertificateKeyUnsupported { key: String },
    /// The key may not sign, by the certificate's own word.
    CertificateNotForSigning { subject: String },
    /// The certificate may vouch for others.
    CertificateIsAuthority { subject: String },
    /// The certificate itself is signed with a broken digest.
    CertificateSignedWeakly { algorithm: String },
    /// The entity ID and the sign-on address stand in each other's field.
    EntityIdAndSignOnUrlSwapped {},
    /// Nothing at all where metadata belongs.
    MetadataEmpty {},
    /// Neither metadata nor anything that is known.
    NotMetadata {},
    /// A web page where metadata belongs.
    MetadataIsHtml {},
    /// A document of OpenID Connect where metadata belongs.
    MetadataIsDiscovery {},
    /// A certificate or key where metadata belongs.
    MetadataIsCertificate {},
    /// The address of metadata in its place.
    MetadataIsAddress {},
    /// XML, and another document than metadata.
    MetadataRootDiffers { root: String },
    /// More than any federation publishes.
    MetadataTooLarge { limit: usize },
    /// More entities than are read.
    MetadataTooManyEntities { limit: usize },
    /// XML that breaks off or was damaged.
    MetadataMalformed {
        line: usize,
        column: usize,
        reason: String,
    },
    /// The metadata of a service provider.
    MetadataOfService { entity_id: String },
    /// The metadata of something that does not speak SAML 2.0: WS-Federation, SAML 1.
    MetadataOfOtherProtocol {},
    /// Metadata in which nobody signs people in.
    MetadataWithoutProvider {},
    /// A provider without an entity ID that can be used.
    MetadataEntityIdMissing { count: usize },
    /// No address to sign in at that Latchkey can use.
    MetadataWithoutSignOn { offered: String },
    /// No certificate at all.
    MetadataWithoutCertificate {},
    /// Certificates for encryption alone.
    MetadataWithEncryptionOnly {},
    /// More than one signing certificate.
    MetadataWithSeveralCertificates { count: usize },
    /// Every signing certificate has expired, or is not valid yet.
    MetadataCertificatesNotCurrent {},
    /// A certificate that cannot be read.
    MetadataCertificateUnreadable {},
    /// A key without a certificate.
    MetadataKeyWithoutCertificate {},
    /// The metadata may not be used any more, by its own word.
    MetadataExpired {
        valid_until: Timestamp,
        now: Timestamp,
    },
    /// The metadata is signed, and nothing was given to check it with.
    MetadataSignatureNotChecked {},
    /// A signature was to be checked, and there is none.
    MetadataUnsigned {},
    /// More than one provider.
    MetadataOfSeveral { count: usize },
    /// Nobody said where the provider publishes what it is now.
    ProviderNotLookedAt { provider: String },
    /// The provider calls itself otherwise than before.
    MetadataEntityChanged { before: String, after: String },
    /// The provider's sign-on address is another one.
    MetadataSignOnChanged {
        binding: String,
        before: String,
        after: String,
    },
    /// The provider takes signed requests only.
    MetadataWantsSignedRequests {},
    /// The provider publishes a certificate that the set-up does not have.
    MetadataCertificateAdded {
        subject: String,
        sha256: String,
        not_after: Timestamp,
    },
    /// The provider publishes a certificate of the set-up no longer.
    MetadataCertificateRemoved {
        subject: String,
        sha256: String,
        not_after: Timestamp,
    },
    // SAML: the form of an answer, and its signature.
    /// Not XML at all.
    NotXml {},
    /// More bytes than a message has.
    XmlTooLarge { size: usize, limit: usize },
    /// Another encoding than UTF-8; `?` where none is named.
    XmlNotUtf8 { encoding: String },
    /// XML of another version than 1.0.
    XmlVersionNotAccepted { version: String },
    /// A character that no XML may hold.
    XmlHasNul {},
    /// A document type declaration, with which one text can be made to say two things.
    XmlHasDoctype {},
    /// A processing instruction.
    XmlHasInstruction { target: String },
    /// Elements inside elements inside elements.
    XmlTooDeep { limit: usize },
    /// More elements and texts than a message has.
    XmlTooManyNodes { limit: usize },
    /// More attributes on one element than a message has.
    XmlTooManyAttributes { element: String, limit: usize },
    /// More namespaces at once than a message has.
    XmlTooManyNamespaces { element: String, limit: usize },
    /// A name longer than any real one.
    XmlNameTooLong { limit: usize },
    /// A namespace that is no absolute address, so that nothing in it can be signed.
    XmlNamespaceNotAbsolute { namespace: String },
    /// XML that breaks off, or breaks its own rules.
    XmlMalformed {
        line: usize,
        column: usize,
        reason: String,
    },
    /// What is signed would be far longer written out than it is here.
    XmlCanonicalTooLarge { limit: usize },
    /// `xml:base` around what was canonicalised by Canonical XML 1.1.
    XmlBaseInherited {},
    /// The root element is not a SAML response.
    ResponseRootDiffers { received: String },
    /// An element that is named Assertion, in a namespace that is not SAML's.
    AssertionOfOtherNamespace { element: String, namespace: String },
    /// More than one assertion.
    AssertionTwice { count: usize },
    /// An assertion inside something else.
    AssertionMisplaced { element: String, parent: String },
    /// Two elements have one ID.
    IdTwice { id: String },
    /// A signature where none belongs.
    SignatureMisplaced { parent: String },
    /// Two signatures in one element.
    SignatureTwice { element: String },
    /// A signature that carries content of its own.
    SignatureHasObject {},
    /// The signature is not built as it must be.
    SignatureForm {
        element: String,
        expected: String,
        received: String,
    },
    /// A value that is not base64 alone.
    SignatureValueUnreadable { element: String },
    /// A value that is empty.
    SignatureValueEmpty { element: String },
    /// The signature covers several things.
    ReferenceTwice { count: usize },
    /// The signature does not cover the element that it stands in.
    ReferenceElsewhere {
        element: String,
        expected: String,
        received: String,
    },
    /// A transformation that could leave out what it likes.
    TransformNotAccepted { transform: String },
    /// The transformations are not the ones of an enveloped signature, in their order.
    TransformsDiffer { received: String },
    /// A canonicalisation that is not on the list.
    CanonicalizationNotAccepted { method: String },
    /// A digest that is not on the list.
    DigestNotAccepted { digest: String, accepted: String },
    /// A signature algorithm that is not on the list.
    SignatureAlgorithmNotAccepted { algorithm: String, accepted: String },
    /// A code made with a shared secret, in the place of a signature.
    SignedBySharedSecret { algorithm: String },
    /// No certificate has a key for this algorithm.
    CertificateKeyDoesNotFit { algorithm: String, keys: String },
    /// The certificate's RSA key is too short to be tried.
    CertificateKeyTooShort { bits: usize, certificate: String },
    /// The signature is right, and made with SHA-1.
    SignedWithSha1 { part: String },
    /// The signature is right, and made with a short RSA key.
    SignedWithShortKey { bits: usize, certificate: String },
    /// An ECDSA signature in ASN.1, where XML Signature wants the two numbers alone.
    EcdsaValueIsDer { algorithm: String },
    /// The signature is by a certificate that the message carries and the set-up does not.
    SignedByOtherCertificate {
        received: String,
        subject: String,
        configured: String,
    },
    /// The message names a certificate that the set-up does not have, and the signature is not by
    /// that one either.
    SignatureByNoCertificate {
        received: String,
        configured: String,
    },
    /// The very certificate of the set-up, and the signature is wrong.
    SamlSignatureWrong {
        algorithm: String,
        certificate: String,
    },
    /// No certificate of the set-up fits, and the message names none.
    SamlSignatureUnknown {
        algorithm: String,
        configured: String,
    },
    /// What was signed was changed afterwards.
    SignedContentChanged { element: String },
    // SAML: what a signed answer says.
    /// Neither XML nor base64 of it.
    SamlAnswerUnreadable {},
    /// Nothing at all.
    SamlAnswerEmpty {},
    /// Larger than any answer, as it was captured or unpacked; in bytes.
    SamlAnswerTooLarge { limit: usize },
    /// A web page.
    SamlAnswerIsPage {},
    /// A JSON Web Token, which is OpenID Connect's.
    SamlAnswerIsToken {},
    /// A message of the service to the provider.
    SamlAnswerIsRequest {},
    /// The answer to a log-out.
    SamlAnswerIsLogout {},
    /// A reference to an answer (Bindings, section 3.6), which the service would have to fetch.
    SamlAnswerIsArtifact {},
    /// Metadata of a provider or a service.
    SamlAnswerIsMetadata {},
    /// An assertion without the Response around it.
    SamlAnswerIsAssertion {},
    /// The answer of another protocol.
    SamlAnswerIsOlder { protocol: String },
    /// Some other XML.
    SamlAnswerIsOther { element: String, namespace: String },
    /// Another version than 2.0.
    SamlVersionDiffers { version: String },
    /// No status in the answer.
    SamlStatusMissing {},
    /// Status Requester: the provider dislikes the request.
    SamlRequestRefused { status: String, message: String },
    /// Status Responder: the provider failed.
    SamlProviderFailed { status: String, message: String },
    /// Second status AuthnFailed.
    SamlNotAuthenticated { status: String, message: String },
    /// Second status RequestDenied.
    SamlRequestDenied { status: String, message: String },
    /// Second status InvalidNameIDPolicy.
    SamlNameIdPolicyRefused { status: String, message: String },
    /// Second status NoPassive.
    SamlNoPassive { status: String, message: String },
    /// Second status NoAuthnContext.
    SamlContextRefused { status: String, message: String },
    /// Any other status.
    SamlNotSuccess { status: String, message: String },
    /// The answer is to another request.
    SamlAnswersOtherRequest {},
    /// The answer names no request, as if the provider had begun the sign-in.
    SamlUnsolicited {},
    /// A good status, and no assertion.
    SamlAssertionMissing {},
    /// Neither the Response nor the assertion is signed.
    SamlUnsigned {},
    /// The answer is encrypted, and the workspace has no key.
    EncryptedWithoutKey {},
    /// The answer is encrypted for another key than the workspace's.
    EncryptedForOther { certificate: String },
    /// An algorithm of encryption that is not accepted.
    EncryptionNotAccepted { algorithm: String },
    /// A part of what is encrypted is missing or cannot be read.
    EncryptionMalformed { part: String },
    /// What was decrypted is not what should stand in its place.
    DecryptedMalformed {},
    /// More is encrypted than in any answer.
    EncryptedTooMuch { limit: usize },
    /// What is encrypted could have been changed on the way without anybody's key.
    EncryptionUnprotected { algorithm: String },
    /// A part that an assertion has once stands in it several times.
    SamlPartNotOnce { part: String, count: usize },
    /// No Issuer.
    SamlIssuerMissing {},
    /// Another provider's answer.
    SamlIssuerDiffers { expected: String, received: String },
    /// The same but for slashes at the end.
    SamlIssuerDiffersBySlash { expected: String, received: String },
    /// The same but for capital and small letters.
    SamlIssuerDiffersByCase { expected: String, received: String },
    /// The same but for white space around it.
    SamlIssuerDiffersBySpace { expected: String },
    /// A signed answer that does not say where it was sent.
    SamlDestinationMissing { expected: String },
    /// The answer was sent to another address.
    SamlDestinationDiffers { expected: String, received: String },
    /// The confirmation names no address.
    SamlRecipientMissing { expected: String },
    /// The confirmation is for another address.
    SamlRecipientDiffers { expected: String, received: String },
    /// The answer is for another region, or for another built-in service.
    SamlAnswerForOtherRegion {
        expected: String,
        received: String,
        service: String,
        region: String,
    },
    /// No AudienceRestriction, or one without an Audience.
    SamlAudienceMissing { expected: String },
    /// The answer is for another service.
    SamlAudienceDiffers { expected: String, received: String },
    /// Entra names the application by its ID.
    SamlAudienceIsApplicationId { expected: String, received: String },
    /// A condition that is not understood.
    SamlConditionUnknown { name: String },
    /// No confirmation by bearer.
    SamlBearerMissing { methods: String },
    /// A confirmation that says nothing.
    SamlConfirmationEmpty {},
    /// A confirmation by bearer with a beginning, which it must not have.
    SamlConfirmationNotBefore {},
    /// The confirmation is for another request.
    SamlConfirmsOtherRequest {},
    /// The confirmation names no request.
    SamlConfirmationUnsolicited {},
    /// A time that has to be there.
    SamlTimeMissing { part: String },
    /// A time that is no `xs:dateTime`.
    SamlTimeUnreadable { part: String, received: String },
    /// The answer has ended.
    SamlExpired {
        part: String,
        until: Timestamp,
        now: Timestamp,
        seconds: i64,
    },
    /// The answer has not begun.
    SamlNotYetValid {
        part: String,
        from: Timestamp,
        now: Timestamp,
        seconds: i64,
    },
    /// The session at the provider has ended.
    SamlSessionOver {
        until: Timestamp,
        now: Timestamp,
        seconds: i64,
    },
    /// The answer was issued in the future.
    SamlIssuedInFuture {
        issued: Timestamp,
        now: Timestamp,
        seconds: i64,
    },
    /// No NameID.
    SamlNameIdMissing {},
    /// A NameID with elements in it.
    SamlNameIdHasElements {},
    /// A NameID longer than any format allows, in characters.
    SamlNameIdTooLong { length: usize, limit: usize },
    /// A NameID that is another one at each sign-in.
    SamlNameIdTransient {},
    /// A NameID whose format says e-mail address, and which is none.
    SamlNameIdNotEmail { received: String },
    /// Nothing says that the person signed in.
    SamlAuthnStatementMissing {},
    /// No SessionIndex.
    SamlSessionIndexMissing {},
    /// No attribute.
    SamlAttributesMissing {},
    /// No e-mail address, neither as attribute nor as NameID.
    SamlEmailMissing { present: String },
    /// An e-mail address, but not under the name that a rule asks for.
    SamlEmailUnderOtherName { expected: String, received: String },
    /// The rule that decided names an attribute by its FriendlyName.
    SamlFriendlyNameMatched { rule: usize, claim: String },

    // SAML: the sign-in around it.
    /// Requests are to be signed, and the workspace has no key pair.
    KeyPairMissing {},
    /// The answer came without RelayState.
    RelayStateMissing {},
    /// The answer came with another RelayState.
    RelayStateDiffers {},
    // The form: pasted values and what the fields say together.
    /// The issuer is none of the provider's.
    IssuerOfOtherShape { provider: String, example: String },
    /// The issuer lacks a part that every issuer of the provider has.
    IssuerLacksPart { provider: String, mend: String },
    /// The provider has one issuer only, and this is another.
    IssuerIsAlways { provider: String, expected: String },
    /// The provider's issuers end in a slash and this one does not, or the other way round.
    IssuerEndsOtherwise { provider: String, mend: String },
    /// Capitals in the host: tokens name it in small letters.
    IssuerHasCapitals { mend: String },
    /// An authorization server of its own, whose claims are configured apart.
    IssuerIsCustomServer { provider: String },
    /// The address of the provider's console.
    AddressIsConsole { provider: String, example: String },
    /// The address is on another provider's host.
    AddressOfOtherProvider { provider: String, other: String },
    /// A client ID of the provider looks otherwise.
    ClientIdOfOtherShape { provider: String, example: String },
    /// The tenant ID in the place of the client ID.
    ClientIdIsTenantId {},
    /// The issuer in the place of the client ID.
    ClientIdIsIssuer {},
    /// Something else in the place of the client ID: a secret, a token.
    ClientIdIsSomethingElse { thing: String },
    /// An endpoint in the place of the issuer.
    IssuerIsEndpoint {},
    /// A claim that is almost the name of a usual one.
    ClaimSpelling { claim: String, near: String },
    /// The guide tells to enter another entity ID at the provider.
    EntityIdNotAsChosen { provider: String, expected: String },
    /// The Sign-On URL in the place of the entity ID.
    EntityIdIsSignOnUrl {},
    /// An entity ID of another form than the provider's have.
    EntityIdOfOtherShape { provider: String, example: String },
    /// `https:` where the provider's name says `http:`, or the other way round.
    EntityIdOfOtherScheme { provider: String, mend: String },
    /// Issuer and Sign-On URL name two applications or tenants.
    SignOnUrlOfOtherApplication { expected: String, received: String },
    /// The address bar of one sign-in.
    SignOnUrlHasRequest { mend: String },
    /// A fragment, which stays in the browser.
    SignOnUrlHasFragment { mend: String },
    /// One of the service's own values where one of the provider's belongs.
    ValueOfService { service: String },
    /// A fragment, which no Login Redirect URL has (RFC 6749, section 3.1.2).
    RedirectHasFragment { mend: String },
    /// Quotation marks around a value.
    FieldIsQuoted { mend: String },
    /// The end of the sentence that an address was copied from.
    AddressEndsInPunctuation { mark: String, mend: String },
    /// A host that is almost one of the provider's.
    HostSpelling { host: String, near: String },
    /// A letter that looks like one of another script.
    FieldLooksAlike {
        word: String,
        letter: String,
        character: String,
        script: String,
    },
    /// Whoever matches no rule gets the service's highest role.
    FallbackIsHighest { role: String },
    /// The metadata's address in the place of the entity ID.
    EntityIdIsMetadata {},
    /// The metadata's address in the place of the Sign-On URL.
    SignOnUrlIsMetadata {},
    /// The entity ID in the place of the Sign-On URL.
    SignOnUrlIsEntityId {},
    /// A Sign-On URL of the provider looks otherwise.
    SignOnUrlOfOtherShape { provider: String, example: String },
    /// Another audience than the service's own.
    AudienceOverridden { expected: String, received: String },
    /// A role of a described service is named twice.
    RoleTwice { role: String },
    /// A field that the chosen protocol does not read.
    FieldOfOtherProtocol { protocol: String },
    /// A scope that is almost the name of a usual one.
    ScopeSpelling { scope: String, near: String },
    /// A rule reads the groups, and the scope that brings them is not asked for.
    ScopeForGroupsMissing { scope: String, provider: String },
    /// The implicit flow leaves the groups out for whoever is in many.
    ImplicitFlowDropsGroups { provider: String, from: u32 },
    /// The provider never sends a claim that a rule reads.
    ClaimNeverArrives { claim: String, provider: String },
    /// The provider sends the claim under another name only.
    ClaimHasOtherName {
        claim: String,
        provider: String,
        expected: String,
    },
    /// The provider sends IDs of groups, and a rule names one.
    GroupsArriveAsIds { provider: String },
    /// A rule on an address of another domain than the Owner's.
    RuleOfOtherDomain {
        domain: String,
        own: String,
        service: String,
    },
    /// Not a date.
    DateUnreadable { received: String },
    /// The client secret's last day is over.
    SecretEnded { date: String },
    /// The client secret's last day is near.
    SecretEndsSoon { date: String, days: i32 },
    /// A private key was pasted. It is not kept.
    PastedPrivateKey {},
    /// A request for a certificate was pasted.
    PastedCertificateRequest {},
    /// Metadata of a service, not of the provider.
    PastedServiceMetadata {},
    /// A value that belongs in another field.
    PastedElsewhere { thing: String, place: String },
    /// A value that belongs into the provider's console.
    PastedGivenValue { thing: String, label: String },
    /// A value that belongs nowhere in the form.
    PastedNowhere { thing: String },
    /// A token, a code or an answer: good for one sign-in and for no field.
    PastedAnswer { thing: String },
    /// A sign-in that failed.
    PastedFailure { error: String },
    /// A recording of a browser.
    PastedRecording {},
    /// A set-up file.
    PastedSetUp {},
    /// Several values with their labels.
    PastedSeveral { count: usize },
    /// A secret ID in the place of the secret's value.
    PastedSecretId {},
    /// Characters were taken away that cannot be seen or that a program had put in.
    PastedCleaned { what: String },
    /// The pasted address ends otherwise than the issuer that the provider names.
    PastedSlash { mend: String },
    /// More than any value has.
    PastedTooLong { limit: usize },
    // Rules and claims that are pasted.
    /// Nothing in it is a rule.
    PastedRulesNone {},
    /// More rules than a list may have.
    PastedRulesTooMany { limit: usize },
    /// JSON that breaks off, or breaks its own rules.
    PastedNotJson {
        line: usize,
        column: usize,
        expected: String,
    },
    /// An object that names a member twice.
    PastedMemberTwice { name: String },
    /// The header lacks a column.
    PastedColumnMissing { column: String, columns: String },
    /// A column that says nothing about a rule.
    PastedColumnIgnored { column: String },
    /// The claim's name was not there, and was taken from what is usual.
    PastedClaimAssumed { claim: String },
    /// A row has too few fields.
    PastedRowShort { fields: usize },
    /// A quote that is not closed.
    PastedQuoteOpen { line: usize },
    /// An entry that is no object.
    PastedEntryNoRule {},
    /// A member of a rule that is no text.
    PastedMemberNoText { name: String },
    /// A member that a rule does not have.
    PastedMemberUnknown { name: String },
    /// Neither claims nor a token nor a response.
    PastedNoClaims {},
    /// The person's test sign-in was forgotten meanwhile.
    EvidenceNotFound {},
    /// A response whose claims nobody can read without the key.
    PastedClaimsEncrypted {},

    // Directories: people and groups.
    /// A record of a CSV file is not as RFC 4180 has it.
    DirectoryRecordBroken { line: u64 },
    /// Such records were left out.
    DirectoryRecordsLeftOut { count: u64, lines: String },
    /// More than is taken in.
    DirectoryTooLarge { what: String, limit: usize },
    /// No column holds addresses.
    DirectoryWithoutAddress { columns: String },
    /// Nobody is in it.
    DirectoryEmpty {},
    /// People, and not one group.
    DirectoryWithoutGroups {},
    /// Rows without an address.
    DirectoryRowsWithoutAddress { rows: u64, line: u64 },
    /// Rows with more fields than the header.
    DirectoryRowsTooWide { rows: u64, line: u64 },
    /// A quote in a field that has none around it.
    DirectoryQuoteInside { rows: u64, line: u64 },
    /// Fields that are no UTF-8.
    DirectoryReadAsWindows1252 { fields: u64, line: u64 },
    /// White space around values that are compared byte for byte.
    DirectorySpaceAround {
        value: String,
        line: u64,
        count: u64,
    },
    /// A person stood twice.
    DirectoryPeopleMerged { rows: u64, line: u64 },
    /// What columns hold was seen and not read.
    DirectoryColumnsGuessed { columns: String },
    /// Groups are not separated by semicolons.
    DirectorySeparatorGuessed { separator: String },
    /// The rules ask for groups, or addresses, under another name.
    DirectoryClaimTakenAs { claim: String, name: String },
    /// Not JSON.
    DirectoryNotJson { line: usize, column: usize },
    /// JSON without users and groups of SCIM 2.0.
    DirectoryNotScim {},
    /// A list that has fewer resources than it says.
    DirectoryListIncomplete { came: u64, total: u64 },
    /// Users without an address.
    DirectoryUsersWithoutAddress { users: u64, name: String },
    /// Users with one address between them.
    DirectoryUsersMerged { users: u64 },
    /// Members of groups whom no user explains.
    DirectoryMembersUnknown { members: u64, group: String },
    /// JSON that Okta's management API does not send.
    DirectoryNotOkta {},
    /// The directory's server does not know the token.
    DirectoryTokenRefused { host: String },
    /// The token may not do what was asked.
    DirectoryTokenNotEnough { host: String, what: String },
    /// The next page would be at another server.
    DirectoryNextElsewhere { host: String, other: String },
    /// Another page came than the one asked for.
    DirectoryPageDiffers { asked: u64, came: u64 },
    /// The server wants a longer wait than anybody has.
    DirectoryRateLimited { host: String, seconds: u64 },
    /// Not all pages came.
    DirectoryStopped { pages: u32, people: usize },
    /// The server has users and lists no groups.
    DirectoryGroupsNotListed { host: String },
    /// A rule that matches nobody in the directory.
    RuleMatchesNobody { claim: String, value: String },
    /// The same, and a value of the directory differs by capitals or space only.
    RuleMatchesNobodyBut { value: String, near: String },
    /// A rule that matches people, for all of whom rules above decide.
    RuleDecidesForNobody { matches: u32, above: String },
    /// People to whom a rule above gives less than this one would.
    PeopleGetLesserRole {
        people: u32,
        role: String,
        above: u32,
        lesser: String,
    },
    /// The highest role for a large part of a company.
    RuleGivesManyHighestRole {
        people: u32,
        percent: u32,
        role: String,
    },
    /// People in more groups than the provider sends.
    PeopleAboveGroupLimit {
        people: u32,
        limit: u32,
        most: u32,
        provider: String,
    },
    /// More than the window holds of what was pasted or dropped.
    DirectoryTooLargeToHold { limit: usize },
    /// Nothing was brought in that could be read.
    DirectoryNotBrought {},
    /// The people are held, and could not be kept on the disk.
    PeopleNotKept { file: String, reason: String },
    /// The file of the people who were kept cannot be read at this moment.
    KeptPeopleNotRead { file: String, reason: String },
    /// It is not what was written; it was set aside.
    KeptPeopleSetAside { file: String },
    // Diagnosis: what a failed sign-in left behind.
    /// The provider does not know the Login Redirect URL.
    RedirectNotRegistered {
        provider: String,
        evidence: String,
        place: String,
        redirect: String,
    },
    /// The provider does not know the client ID or the entity ID.
    ApplicationUnknown {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The application is switched off at the provider.
    ApplicationDisabled {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider refused the client secret.
    ClientSecretWrong {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The client secret has expired.
    ClientSecretEnded {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The request for tokens had no client secret.
    ClientSecretAbsent {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The secret was presented in another way than the client is registered for.
    ClientAuthenticationDiffers {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The code was redeemed with another address than the sign-in began with (RFC 6749, section 4.1.3).
    RedirectDiffersAtTokens {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// A secret was presented for a client that has none.
    ClientIsPublic {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider refused client ID and secret together.
    ClientCredentialsRefused {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider does not allow the flow that was asked for.
    FlowSwitchedOff {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider refused a scope.
    ScopesRefused {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The application's registration does not fit the request.
    ApplicationMisconfigured {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// Nobody with the right to do so has consented.
    ConsentMissing {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The person declined.
    ConsentDeclined {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The person may not use the application.
    PersonNotAssigned {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The account belongs to another tenant.
    AccountOfOtherTenant {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The account is not in the directory.
    AccountUnknown {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The account is switched off.
    AccountDisabled {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The password was refused, has expired, or the account is locked.
    CredentialsRefused {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider could not answer without asking the person.
    SignInNeeded {
        error: String,
        provider: String,
        evidence: String,
    },
    /// A second factor is due.
    SecondFactorNeeded {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The device is not one that the policy admits.
    DeviceRefused {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// A policy forbids this sign-in.
    PolicyBlocked {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider refuses windows inside applications.
    EmbeddedWindowBlocked {
        error: String,
        provider: String,
        evidence: String,
    },
    /// The application belongs to one tenant and the address to all.
    EndpointOfTenantNeeded {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// There is no such tenant.
    TenantUnknown {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The code was presented to another tenant.
    CodeOfOtherTenant {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The code was used before, or too late.
    CodeUsedOrEnded {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The PKCE verifier does not fit.
    PkceRefused {
        error: String,
        provider: String,
        evidence: String,
    },
    /// The provider lacks a key, or cannot verify one.
    ProviderKeyMissing {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// Mapped claims are not allowed for this application.
    ClaimsMappingRefused {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// What was asked for does not exist in the tenant.
    ResourceUnknown {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider could not read the SAML request.
    SamlRequestUnreadable {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider's SAML address was opened without a request.
    SamlRequestAbsent {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider cannot answer by the binding asked for.
    SamlBindingRefused {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The request names another destination.
    SamlSentElsewhere {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The person signed in by another method than demanded.
    AuthenticationMethodDiffers {
        error: String,
        provider: String,
        evidence: String,
    },
    /// The provider wants signed requests.
    RequestSignatureDemanded {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The request reached the provider too late.
    RequestTooOld {
        error: String,
        provider: String,
        evidence: String,
    },
    /// The directory's field behind the NameID is empty.
    NameIdSourceEmpty {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider refused a token or its audience.
    ProviderRefusedItsToken {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The browser goes around in a circle.
    RedirectLoop {
        error: String,
        provider: String,
        evidence: String,
    },
    /// A page was opened by the Back button or a bookmark.
    PageReopened {
        error: String,
        provider: String,
        evidence: String,
    },
    /// A code of the provider that is not in the list.
    ProviderCodeUnlisted {
        provider: String,
        error: String,
        evidence: String,
        place: String,
    },
    /// The provider said no, and not why.
    AccessRefusedByProvider {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider had a failure of its own.
    ProviderUnavailable {
        error: String,
        provider: String,
        evidence: String,
    },
    /// The application may not use the grant.
    GrantSwitchedOff {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The provider found the request wrong.
    RequestRefused {
        error: String,
        provider: String,
        evidence: String,
    },
    /// No application may use the connection.
    ConnectionSwitchedOff {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// The sign-in was started at the provider.
    StartedAtProvider {
        error: String,
        provider: String,
        evidence: String,
        place: String,
    },
    /// A name could not be found.
    ServerNameUnknown { error: String, evidence: String },
    /// The browser does not trust the server's certificate.
    ServerNotTrusted { error: String, evidence: String },
    /// No connection was made.
    ServerNotReached { error: String, evidence: String },
    /// The answer does not belong to this browser's sign-in.
    SessionLost { error: String, evidence: String },
    /// A stale session is possible.
    StaleSessionPossible { error: String, evidence: String },
    /// The e-mail address may not arrive.
    EmailClaimPossible { error: String, evidence: String },
    /// No rule reads the e-mail address.
    EmailRuleAbsent { error: String, evidence: String },
    /// Groups may arrive as distinguished names.
    GroupValuesMayBeNames { error: String, evidence: String },
    /// A rule's value is a distinguished name.
    GroupRuleIsDn { error: String, evidence: String },
    /// The service says that the answer is meant for another audience.
    ServiceSaysAudience { error: String, evidence: String },
    /// The service says that the answer is another issuer's.
    ServiceSaysIssuer { error: String, evidence: String },
    /// The service says that the signature is not by the certificate that it has.
    ServiceSaysSignature { error: String, evidence: String },
    /// The service says that nothing in the answer is signed.
    ServiceSaysUnsigned { error: String, evidence: String },
    /// The service says that the answer is not of this time.
    ServiceSaysTime { error: String, evidence: String },
    /// The service says that the answer was made for another address.
    ServiceSaysRecipient { error: String, evidence: String },
    /// The service does not accept the algorithm of the signature.
    ServiceSaysAlgorithm { error: String, evidence: String },
    /// The service refuses an address that nobody verified.
    ServiceSaysUnverified { error: String, evidence: String },
    /// The service could not use the answer, and does not say why.
    ServiceSaysAnswer { error: String, evidence: String },
    /// The service cannot read what the provider publishes under its issuer.
    ServiceCannotReadIssuer { error: String, evidence: String },
    /// The sign-in began at an address that the service does not admit.
    ServiceAddressUnlisted { error: String, evidence: String },
    /// The address belongs to an account that signs in by another way.
    AccountSignsInOtherwise { error: String, evidence: String },
    /// The browser opened no window for the provider.
    PopupBlocked { error: String, evidence: String },
    /// The provider's window was closed before it had answered.
    PopupClosed { error: String, evidence: String },
    /// Somebody says that the signing certificate has expired.
    SigningCertificateEnded { error: String, evidence: String },
    /// It fails from the provider's tile and works from the service.
    TileStartPossible { error: String, evidence: String },
    /// A blank page after the sign-in.
    BlankPagePossibleCauses { error: String, evidence: String },
    /// Little can be seen after the sign-in.
    NoRuleMayMatch { error: String, evidence: String },
    /// The code of the authenticator was refused.
    AuthenticatorRefused { error: String, evidence: String },
    /// An answer without an error.
    AnswerWithoutError { error: String, evidence: String },
    /// A pasted answer holds against the set-up.
    AnswerHolds { evidence: String },
    /// An answer, and no set-up without errors to hold it against.
    AnswerNotHeld { thing: String, issuer: String },
    /// An answer of the protocol that the set-up does not use.
    AnswerOfOtherProtocol {
        thing: String,
        issuer: String,
        protocol: String,
    },
    /// Nothing was recognised.
    NothingRecognised { looked_for: String },

    // History, proof by file, whole workspaces.
    /// The workspace has no revision of this number.
    RevisionNotFound { number: u32 },
    // Recordings of a browser (HAR).
    /// Nothing in it.
    RecordingEmpty {},
    /// A packed file.
    RecordingIsPacked { form: String },
    /// Text of two bytes a character.
    RecordingIsUtf16 {},
    /// JSON or markup, and no recording.
    RecordingNotHar {},
    /// No JSON before any request.
    RecordingNotJson { position: u64 },
    /// The file ends, or stops being JSON, before its end.
    RecordingCut { position: u64, requests: u32 },
    /// No request of it signs anybody in.
    RecordingWithoutSignIn { requests: u32, hosts: String },
    /// The browser left out what would decide.
    RecordingPartLeftOut { part: String, setting: String },
    /// The sign-in in it is to another service.
    RecordingOfOtherService { expected: String, received: String },
    /// The sign-in in it is by a protocol that is not read.
    RecordingOfOtherProtocol { protocol: String },
    /// The answer in it is not to the request before it (RFC 6749, 10.12).
    RecordingStateDiffers { received: String },
    /// A token was verified with keys that the recording has.
    RecordingKeys { host: String },
    /// A token's signature was not verified.
    RecordingWithoutKeys {},
    /// Everything in it holds.
    SignInWorked { host: String },
    /// The recording ends at the provider.
    SignInNotAnswered { host: String },
    /// The provider sent its answer, and the browser did not bring it.
    AnswerNotDelivered { address: String },
    /// The service refused, and nothing says why.
    ServiceRefused {
        address: String,
        status: u16,
        said: String,
    },
    /// The service itself failed.
    ServiceFailed { address: String, status: u16 },
    /// The provider's address answered with an HTTP error.
    ProviderPageFailed { address: String, status: u16 },
    /// No answer at all.
    ServerSilent { host: String, error: String },
    /// An extension, or the browser's own protection, stopped a request.
    BlockedInBrowser { address: String, error: String },
    /// A script asked another site, which does not allow it.
    BlockedForScript { address: String },
    /// A page may not stand in a frame.
    FrameRefused { host: String, policy: String },
    /// The clock of the computer that signed in is wrong.
    ComputerClockOff {
        seconds: i64,
        direction: String,
        hosts: String,
    },
    /// One server's clock and the computer's differ.
    ServerClockOff {
        host: String,
        seconds: i64,
        direction: String,
    },
    /// More cookies than the server takes.
    CookiesTooLarge { host: String, status: u16 },
    /// Another client was asked for than the set-up's.
    RequestClientDiffers { expected: String, received: String },
    /// The answer was asked to another address than the set-up's.
    RequestRedirectDiffers { expected: String, received: String },
    /// The answer was asked to another region of the service.
    RequestOfOtherRegion {
        expected: String,
        received: String,
        region: String,
    },
    /// The service called itself otherwise than the set-up's audience.
    RequestAudienceDiffers { expected: String, received: String },
    /// The request went to another address of the provider.
    RequestSentElsewhere { expected: String, received: String },
    /// The other protocol was spoken.
    RequestOfOtherProtocol { expected: String, received: String },
    /// The scope that makes it OpenID Connect was not asked for.
    RequestWithoutOpenid { scopes: String },
    /// Begun in one region, answered in another.
    RegionsMixed {
        service: String,
        one: String,
        other: String,
    },

    // Diagnosis by symptom: what may be the cause, and what is, once something has proved it.
    /// An old session, proved by a private window.
    SessionIsStale {},
    /// An extension is possible.
    ExtensionPossible {},
    /// An extension, proved by doing without.
    ExtensionInterferes {},
    /// Blocked cookies are possible.
    CookiesPossible {},
    /// Blocked cookies, proved by allowing them.
    CookiesBlocked {},
    /// The service's own page may fail.
    ServicePagePossible {},
    /// The service may hold older claims.
    ServiceStatePossible {},
    /// A claim may not arrive.
    ClaimMayBeAbsent {},
    /// No rule may match.
    NoRulePossible {},
    /// The Owner's rule may have been changed.
    EmailRuleChanged {},
    /// The person may lack a group.
    PersonGroupPossible {},
    /// The person lacks every group that a rule names.
    PersonNotInGroup {},
    /// Another region is possible.
    RegionPossible {},
    /// The service was opened in another region.
    OpenedInOtherRegion { received: String, expected: String },
    /// The settings of now are unproved.
    ChangedSinceProof {},
    /// The settings are others than those that were proved.
    SettingsChangedSinceProof { fields: String },
    /// The person may not be assigned.
    AssignmentPossible {},
    /// The provider may be out of reach.
    ProviderUnreachablePossible {},
    /// The provider may fail.
    ProviderFailurePossible {},
    /// The provider's status page reports a failure.
    ProviderIsDown {},
    /// A certificate or secret may have ended.
    CredentialEndPossible {},
    /// Another certificate is possible.
    CertificateReplacedPossible {},
    /// The provider's metadata has another certificate in the place of ours.
    CertificateWasReplaced {},
    /// The provider may have moved.
    EndpointMovedPossible {},
    /// Another secret is possible.
    SecretReplacedPossible {},
    /// A secret ID in place of the value is possible.
    SecretIdPossible {},
    /// The secret's ID was copied.
    SecretIdCopied {},
    /// The secret may have ended.
    SecretEndPossible {},
    /// The secret has ended, by the provider's list.
    SecretHasEnded {},
    /// Another application's secret is possible.
    SecretApplicationPossible {},
    /// The secret belongs to another application.
    SecretOfOtherApplication {},
    /// The service may hold an older secret.
    SecretEntryPossible {},
    /// The service holds an older secret.
    SecretNotEntered {},
    /// The authenticator's clock may be off.
    DeviceClockPossible {},
    /// The authenticator's clock is off.
    DeviceClockOff {},
    /// Another account's entry is possible.
    AuthenticatorAccountPossible {},
    /// Another account's entry.
    AuthenticatorOfOtherAccount {},
    /// A lost authenticator is possible.
    AuthenticatorLostPossible {},
    /// A lost authenticator.
    AuthenticatorLost {},
    /// The service may hold the earlier second factor.
    FactorStatePossible {},
    /// This computer's clock differs from a server's.
    ClockDiffers {
        by: String,
        direction: String,
        host: String,
    },
    /// A page of the provider came with an error status.
    ProviderPageShowsError {
        host: String,
        status: u16,
        title: String,
    },
    /// A page of the provider has nothing on it.
    ProviderPageBlank { host: String },
    /// A page of the provider has nothing to go on with.
    ProviderPageEnds { host: String, title: String },
    /// The answer was brought in a file: what that proves, and what not.
    BroughtByFile {},
    /// The answer was sent to the service, which has seen it unless something stopped it.
    BroughtFromService { host: String },
    /// Nothing was brought.
    BroughtEmpty {},
    /// More than any answer.
    BroughtTooLarge { limit: usize },
    /// No answer could be found in what was brought.
    BroughtUnreadable { reason: String },
    /// The answer file is of a newer version.
    BroughtNewer { format: String, known: String },
    /// An address with a code, which only the one who asked can redeem.
    BroughtIsCode {},
    /// The answer is of the other protocol.
    BroughtOtherProtocol { expected: String, received: String },
    /// The file says which request it answers, and the answer names another.
    BroughtForOtherRequest {},
    /// This very answer proved something before.
    BroughtAgain { at: Timestamp },
    /// The Owner's own sign-in, in place of a second person's.
    BroughtOwner { email: String },
    /// Older than an answer may be when it is brought.
    BroughtTooOld {
        at: Timestamp,
        days: i64,
        limit: i64,
    },
    /// A later sign-in of the same person is here already.
    BroughtOvertaken { at: Timestamp },
    /// No sign-in here shows with which settings the answer was made.
    BroughtBeforeSettings { at: Timestamp },
    /// A practice workspace cannot be enforced.
    PracticeNotEnforced {},
    /// Nothing was read that could be imported now.
    NothingPlanned {},
}

/// A finding's two sentences.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Words {
    /// What happened.
    pub what: String,
    /// What to do.
    #[serde(rename = "do")]
    pub mend: String,
}

impl Fault {
    /// The stable code, in snake case.
    pub fn code(&self) -> String {
        match self.as_value().remove("code") {
            Some(serde_json::Value::String(code)) => code,
            // `#[serde(tag = "code")]` writes a string into every variant.
            _ => unreachable!("every fault serialises with its code"),
        }
    }

    /// The values behind the sentences, by name.
    pub fn data(&self) -> serde_json::Map<String, serde_json::Value> {
        let mut data = self.as_value();
        data.remove("code");
        data
    }

    /// The two sentences, with the values filled in.
    pub fn words(&self) -> Words {
        let data = self.data();
        let Some(template) = WORDS.get(&self.code()) else {
            // A test holds every code against the file; this is for a build that skipped it.
            return Words {
                what: self.code(),
                mend: String::new(),
            };
        };
        let mut what = filled(&template.what, &data);
        // Whoever is not known is "the provider", also at the beginning of a sentence.
        if template.what.starts_with("{provider}")
            && let Some(rest) = what.strip_prefix("the ")
        {
            what = format!("The {rest}");
        }
        Words {
            what,
            mend: filled(&template.mend, &data),
        }
    }

    /// One of each, with empty data: for tests that hold the wording against the codes.
    pub fn each() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    fn as_value(&self) -> serde_json::Map<String, serde_json::Value> {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(map)) => map,
            // Every variant is a struct of strings, numbers and times.
            _ => unreachable!("a fault always serialises to an object"),
        }
    }
}

/// The wording, a file for each subject.
const FILES: [&str; 8] = [
    include_str!("../words/findings.json"),
    include_str!("../words/fields.json"),
    include_str!("../words/certificates.json"),
    include_str!("../words/saml.json"),
    include_str!("../words/directory.json"),
    include_str!("../words/diagnosis.json"),
    include_str!("../words/recording.json"),
    include_str!("../words/rules.json"),
];

static WORDS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    FILES
        .iter()
        .flat_map(|file| -> BTreeMap<String, Words> {
            serde_json::from_str(file).expect("words/ is part of the program; a test reads it")
        })
        .collect()
});

/// Longest value that a sentence quotes; the rest is cut, since it may come from outside.
const QUOTED: usize = 300;

fn filled(template: &str, data: &serde_json::Map<String, serde_json::Value>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find('}') else {
            out.push_str(&rest[open..]);
            return out;
        };
        let value = data.get(&after[..close]);
        let behind = &after[close + 1..];
        let seconds = value.and_then(serde_json::Value::as_u64);
        if let (Some(seconds), Some(behind)) = (seconds, behind.strip_prefix(" seconds")) {
            out.push_str(&lasting(seconds));
            rest = behind;
            continue;
        }
        match value {
            Some(value) => out.push_str(&quoted(value)),
            None => out.push_str(&rest[open..open + close + 2]),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// So many seconds, as a person would say it.
fn lasting(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    match seconds {
        1 => "1 second".to_owned(),
        _ if seconds >= 2 * DAY => format!("{} days", seconds / DAY),
        _ if seconds >= 2 * HOUR => format!("{} hours", seconds / HOUR),
        _ if seconds >= 2 * MINUTE => format!("{} minutes", seconds / MINUTE),
        _ => format!("{seconds} seconds"),
    }
}

fn quoted(value: &serde_json::Value) -> String {
    let text = match value {
        // Nobody reads a clock more exactly.
        serde_json::Value::String(text) if text.ends_with('Z') && text.contains('.') => {
            let time = text.parse::<jiff::Timestamp>();
            let whole = time.and_then(|time| jiff::Timestamp::from_second(time.as_second()));
            whole.map_or_else(|_| text.clone(), |whole| whole.to_string())
        }
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    crate::text::shown(&text, QUOTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_two_sentences_and_no_sentence_is_without_a_fault() {
        let codes: Vec<String> = Fault::each().map(|fault| fault.code()).collect();
        for code in &codes {
            let words = WORDS
                .get(code)
                .unwrap_or_else(|| panic!("no words for {code}"));
            assert!(
                !words.what.is_empty() && !words.mend.is_empty(),
                "{code} lacks a sentence"
            );
        }
        for code in WORDS.keys() {
            assert!(codes.contains(code), "words for {code}, which no fault has");
        }
    }

    #[test]
    fn every_placeholder_is_a_field_of_its_fault() {
        for fault in Fault::each() {
            let words = fault.words();
            for sentence in [&words.what, &words.mend] {
                assert!(!sentence.contains('{'), "{}: {sentence}", fault.code());
            }
        }
    }

    #[test]
    fn a_time_and_how_long_it_is_are_said_as_a_person_would() {
        let fault = |seconds| Fault::TokenIssuedInFuture {
            issued: "2026-11-23T12:04:28Z".parse().unwrap(),
            seconds,
            now: "2026-11-21T12:04:53.608213072Z".parse().unwrap(),
        };
        for (seconds, said) in [
            (1, "1 second in"),
            (119, "119 seconds in"),
            (121, "2 minutes in"),
            (7_201, "2 hours in"),
            (172_775, "47 hours in"),
            (172_801, "2 days in"),
        ] {
            let what = fault(seconds).words().what;
            assert!(what.contains(said), "{what}");
            assert!(what.contains("(2026-11-21T12:04:53Z)"), "{what}");
        }
    }

    #[test]
    fn no_sentence_shouts_or_blames() {
        for (code, words) in WORDS.iter() {
            let both = format!("{} {}", words.what, words.mend).to_lowercase();
            for word in [
                "invalid",
                "oops",
                "please",
                "successfully",
                "something went wrong",
                "!",
            ] {
                assert!(!both.contains(word), "{code} says {word:?}");
            }
        }
    }
}

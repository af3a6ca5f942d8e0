//! Lays out one workspace for the window: the draft, and everything that follows from it.

use jiff::Timestamp;
use latchkey_core::certificate::{self, CertificateShown};
use latchkey_core::check::{Checked, check, end_is_owed, region_of};
use latchkey_core::gate::{Enforcing, Gate};
use latchkey_core::ledger::Tally;
use latchkey_core::rules::lint::EMAIL_CLAIMS;
use latchkey_core::rules::repair::{self, About, Seen};
use latchkey_core::set_up::ConnectionFields;
use latchkey_core::{
    Catalogue, Draft, Evidence, Fault, Finding, Fingerprint, Flow, Protocol, Region, Rule, Service,
    Told,
};
use latchkey_practice::Practice;
use latchkey_store::{Kept, Standing, State, WorkspaceId};

use secrecy::ExposeSecret;

use crate::house::{Answer, House, Whereabouts, told};
use crate::wire::{Desk, PracticePerson, Test};

/// The id that the window sent.
pub(crate) fn workspace_id(text: &str) -> Answer<WorkspaceId> {
    WorkspaceId::parse(text).ok_or_else(|| told(Fault::WorkspaceNotFound {}))
}

/// Reads a workspace and lays it out.
pub(crate) async fn desk(house: &House, id: &WorkspaceId) -> Answer<Desk> {
    let asked = id.clone();
    let standing = house.store(move |store| store.standing(&asked)).await?;
    let draft = &standing.kept.draft;
    let secret = house.whereabouts(id, draft.mark()).await?;
    let key_pair = house.own_certificate(id, draft.key_mark.as_deref()).await;
    let practice_people = match draft.is_practice() {
        true => practice_people(house).await?,
        false => Vec::new(),
    };
    let key_pair = key_pair.map(|certificate| certificate.shown(Timestamp::now()));
    Ok(laid_out(id, standing, secret, key_pair, practice_people))
}

/// The fingerprint of a draft whose connection holds.
pub(crate) fn fingerprint(checked: &Checked, draft: &Draft) -> Option<Fingerprint> {
    let connection = checked.connection.as_ref()?;
    Some(Fingerprint::of(connection, draft.mark()))
}

/// Everything noticed about a draft, the client secret included.
pub(crate) fn findings(checked: &Checked, draft: &Draft, secret: &Whereabouts) -> Vec<Finding> {
    let mut findings = checked.findings.clone();
    findings.extend(checked.ends.findings(Timestamp::now()));
    let connection = &draft.set_up.connection;
    let (missing, path) = match connection.protocol {
        Protocol::Oidc if connection.flow == Some(Flow::Implicit) => return findings,
        Protocol::Oidc => (Fault::SecretMissing {}, "connection.client_secret"),
        Protocol::Saml if connection.sign_requests == Some(true) => {
            (Fault::KeyPairMissing {}, "connection.sign_requests")
        }
        Protocol::Saml => return findings,
    };
    match secret {
        Whereabouts::Memory | Whereabouts::Keychain => {}
        Whereabouts::Nowhere => findings.push(Finding::error(missing).at(path)),
        Whereabouts::Unsaid { reason } => {
            let reason = reason.clone();
            findings.push(Finding::error(Fault::KeychainFailed { reason }).at(path));
        }
    }
    findings
}

/// The gate for saving the draft, with everything noticed about it.
pub(crate) fn save_gate(standing: &Standing, checked: &Checked, findings: &[Finding]) -> Gate {
    let draft = &standing.kept.draft;
    Gate::for_save(
        &draft.set_up,
        checked.service.as_ref(),
        findings,
        fingerprint(checked, draft).as_ref(),
        &standing.evidence,
    )
}

/// What is judged before enforcing the newest revision.
pub(crate) fn enforcing<'a>(
    standing: &'a Standing,
    checked: &'a Checked,
    now: Option<&'a Fingerprint>,
) -> Enforcing<'a> {
    let draft = &standing.kept.draft;
    Enforcing {
        set_up: &draft.set_up,
        service: checked.service.as_ref(),
        saved: standing.is_saved(),
        fingerprint: now,
        evidence: &standing.evidence,
        next_expiry: checked.ends.first(),
        end_owed: end_is_owed(&draft.set_up, Catalogue::built_in()),
        backup_account: &draft.backup_account,
        now: Timestamp::now(),
    }
}

fn laid_out(
    id: &WorkspaceId,
    standing: Standing,
    secret: Whereabouts,
    key_pair: Option<CertificateShown>,
    practice_people: Vec<PracticePerson>,
) -> Desk {
    let checked = check(&standing.kept.draft.set_up, Catalogue::built_in());
    let findings = findings(&checked, &standing.kept.draft, &secret);
    let gate = save_gate(&standing, &checked, &findings);
    let now = fingerprint(&checked, &standing.kept.draft);
    let enforcing = enforcing(&standing, &checked, now.as_ref());
    let enforce_gate = Gate::for_enforce(&enforcing);
    let of_enforcing = enforcing.findings();
    let saved = standing.is_saved();
    let Standing {
        kept,
        evidence,
        newest,
    } = standing;
    let mut draft = kept.draft;
    // As it stands, not as it was made.
    draft.practice = draft.is_practice();
    let certificates = certificates(&draft);
    let next_expiry = checked.ends.first();
    let given = Tally::given(
        &draft.set_up,
        Catalogue::built_in(),
        secret.is_known(),
        &findings,
    );
    let findings = [findings, of_enforcing].concat();
    let owner_email = &draft.set_up.workspace.owner_email;
    let owner_rule = checked.service.as_ref();
    let owner_rule = owner_rule.and_then(|service| Rule::for_owner(service, owner_email));
    let tests = match &checked.service {
        Some(service) => evidence
            .iter()
            .map(|one| test(one, &draft, service, now.as_ref()))
            .collect(),
        None => Vec::new(),
    };
    Desk {
        id: id.to_string(),
        version: kept.version,
        secret_kept: secret.is_known(),
        secret_lasts: secret == Whereabouts::Keychain,
        state: State::of(&draft, now.as_ref(), newest.as_ref(), &evidence),
        revision: newest.as_ref().map(|newest| newest.head.number),
        unsaved: !saved,
        sign_in_url: sign_in_url(&draft, checked.service.as_ref()),
        login_redirect_url: login_redirect_url(&draft, checked.service.as_ref()),
        audience: audience(&draft, checked.service.as_ref()),
        copy_values: Catalogue::built_in().values_to_copy(&draft.set_up),
        given,
        owner_rule,
        address_claims: EMAIL_CLAIMS.map(str::to_owned).into(),
        file_name: draft.set_up.file_name(),
        dashboard: Catalogue::built_in().dashboard(&draft.set_up),
        certificates,
        key_pair,
        findings: told_with_repairs(&findings, &draft, checked.service.as_ref(), &evidence),
        gate,
        enforce_gate,
        next_expiry,
        tests,
        practice_people,
        service: checked.service,
        draft,
    }
}

/// The findings in words, those about rules with what would mend them by what arrived.
fn told_with_repairs(
    findings: &[Finding],
    draft: &Draft,
    service: Option<&Service>,
    evidence: &[Evidence],
) -> Vec<Told> {
    let Some(service) = service else {
        return findings.iter().map(Finding::told).collect();
    };
    let seen = Seen::of(
        evidence
            .iter()
            .filter(|one| !one.imported)
            .map(|one| &one.claims),
    );
    let about = About {
        rules: &draft.set_up.rules,
        service,
        owner_email: &draft.set_up.workspace.owner_email,
        seen: &seen,
    };
    let told = |finding| repair::told(finding, about);
    findings.iter().map(told).collect()
}

fn test(evidence: &Evidence, draft: &Draft, service: &Service, now: Option<&Fingerprint>) -> Test {
    let changed = now.map(|now| evidence.fingerprint.changed_in_form(now, Some(service)));
    Test {
        resolution: evidence.replayed(&draft.set_up.rules, service),
        current: now.is_some_and(|now| evidence.proves(now)),
        changed: changed.unwrap_or_default(),
        owner: evidence.is_of(&draft.set_up.workspace.owner_email),
        evidence: evidence.clone(),
    }
}

/// The provider's certificates, as far as they can be read.
fn certificates(draft: &Draft) -> Vec<CertificateShown> {
    let now = Timestamp::now();
    draft
        .set_up
        .connection
        .certificates
        .iter()
        .flat_map(|text| certificate::read(text.as_bytes()).certificates)
        .map(|certificate| certificate.shown(now))
        .collect()
}

/// The audience that the service expects (SAML).
pub(crate) fn audience(draft: &Draft, service: Option<&Service>) -> String {
    let given = draft.set_up.connection.audience.clone();
    given
        .or_else(|| service.map(|service| service.audience.clone()))
        .unwrap_or_default()
}

pub(crate) fn login_redirect_url(draft: &Draft, service: Option<&Service>) -> String {
    let given = draft.set_up.connection.login_redirect_url.clone();
    let of_region = || Some(region(draft, service)?.login_redirect_url.clone());
    given.or_else(of_region).unwrap_or_default()
}

fn sign_in_url(draft: &Draft, service: Option<&Service>) -> String {
    let region = region(draft, service);
    region.map_or_else(String::new, |region| region.sign_in_url.clone())
}

fn region<'a>(draft: &Draft, service: Option<&'a Service>) -> Option<&'a Region> {
    region_of(&draft.set_up, service?)
}

async fn practice_people(house: &House) -> Answer<Vec<PracticePerson>> {
    let practice = house.practice(None).await?;
    let people = practice.people().iter().map(|person| PracticePerson {
        name: person.name.clone(),
        email: person.email.clone(),
        password: person.password.clone(),
        groups: person.groups.clone(),
    });
    Ok(people.collect())
}

/// Fills the fields of a connection with the practice provider's own values.
pub(crate) async fn as_practice(
    connection: &mut ConnectionFields,
    protocol: Protocol,
    practice: &Practice,
) -> Answer<()> {
    connection.protocol = protocol;
    connection.provider = "other".to_owned();
    match protocol {
        Protocol::Oidc => {
            connection.issuer = practice.issuer().to_owned();
            connection.client_id = practice.client_id().to_owned();
            let scopes = ["openid", "email", "profile", "groups"].map(str::to_owned);
            connection.scopes.get_or_insert(scopes.into());
            connection.flow.get_or_insert(Flow::Code);
        }
        Protocol::Saml => {
            let certificate = practice.saml_certificate().await.map_err(|error| {
                told(Fault::PracticeFailed {
                    reason: error.to_string(),
                })
            })?;
            connection.issuer = practice.saml_entity_id();
            connection.sign_on_url = practice.saml_sign_on_url();
            connection.certificates = vec![certificate];
        }
    }
    Ok(())
}

/// Puts the practice provider's addresses, secret and certificate into a practice workspace, where
/// they differ: the provider may have another port since the last time, and has another secret and
/// another key. What somebody has put in their place is not overwritten, and its secret is not the
/// practice provider's business.
pub(crate) async fn refresh_practice(house: &House, id: &WorkspaceId) -> Answer<()> {
    let asked = id.clone();
    let Kept { mut draft, version } = house.store(move |store| store.kept(&asked)).await?;
    if !draft.is_practice() {
        return Ok(());
    }
    let before = draft.clone();
    let kept = house.find_secret(id, draft.secret_mark.as_deref()).await?;
    let practice = house.practice(kept.clone()).await?;
    let secret = practice.client_secret();
    let same_secret = kept.is_some_and(|kept| kept.expose_secret() == secret.expose_secret());
    let protocol = draft.set_up.connection.protocol;
    if protocol == Protocol::Oidc && !same_secret {
        draft.secret_mark = Some(house.keep_secret(id, secret.clone()).await?);
    }
    as_practice(&mut draft.set_up.connection, protocol, &practice).await?;
    if draft == before {
        return Ok(());
    }
    let asked = id.clone();
    house
        .store(move |store| store.keep(&asked, &draft, version, Timestamp::now()))
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use latchkey_signin::Http;
    use latchkey_store::Secrets;

    use super::*;

    #[tokio::test]
    async fn a_real_provider_typed_into_a_practice_workspace_stays_with_its_secret() {
        let dir = tempfile::tempdir().unwrap();
        let house = House::new(
            dir.path().to_owned(),
            Secrets::until_closed(),
            Http::new().unwrap(),
        );
        let mut draft = Draft {
            practice: true,
            ..Draft::default()
        };
        draft.set_up.connection.issuer = "https://acme.okta.com".to_owned();
        let made = draft.clone();
        let id = house
            .store(move |store| store.create(&made, Timestamp::now()))
            .await
            .unwrap();
        draft.secret_mark = Some(house.keep_secret(&id, "the real one".into()).await.unwrap());
        let (asked, typed) = (id.clone(), draft.clone());
        house
            .store(move |store| store.keep(&asked, &typed, 1, Timestamp::now()))
            .await
            .unwrap();

        refresh_practice(&house, &id).await.unwrap();

        let asked = id.clone();
        let kept = house.store(move |store| store.kept(&asked)).await.unwrap();
        assert_eq!(kept.draft, draft);
        let shown = desk(&house, &id).await.unwrap();
        assert!(!shown.draft.practice && shown.practice_people.is_empty());
        let practice = house.practice(None).await.unwrap();
        assert_ne!(practice.client_secret().expose_secret(), "the real one");
    }

    #[tokio::test]
    async fn the_practice_providers_own_values_are_known_again_in_a_set_up_that_comes_back() {
        let practice = latchkey_practice::start(latchkey_practice::Options::default());
        let practice = practice.await.unwrap();
        for protocol in [Protocol::Oidc, Protocol::Saml] {
            let mut draft = Draft::default();
            let connection = &mut draft.set_up.connection;
            as_practice(connection, protocol, &practice).await.unwrap();
            assert!(Draft::brought(draft.set_up).is_practice(), "{protocol:?}");
        }
    }
}

use url::Url;

use super::*;
use crate::catalogue::shape::Form;
use crate::connection::Protocol;

mod seeds;

fn catalogue() -> &'static Catalogue {
    Catalogue::built_in()
}

#[test]
fn the_catalogue_reads_and_every_id_is_unique() {
    let mut ids: Vec<_> = catalogue().providers.iter().map(|p| &p.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), catalogue().providers.len());
}

#[test]
fn every_provider_leads_through_each_protocol_that_it_lists_and_no_other() {
    for provider in &catalogue().providers {
        for (protocol, guided) in [
            (Protocol::Oidc, provider.oidc.is_some()),
            (Protocol::Saml, provider.saml.is_some()),
        ] {
            let listed = provider.protocols.contains(&protocol);
            assert_eq!(listed, guided, "{} {}", provider.id, protocol.name());
        }
        assert!(!provider.protocols.is_empty(), "{}", provider.id);
    }
}

#[test]
fn everything_has_its_day_and_its_sources() {
    let providers = catalogue().providers.iter();
    let services = catalogue().services.iter();
    let all = providers
        .map(|one| (&one.id, &one.checked_on, &one.sources))
        .chain(services.map(|one| (&one.id, &one.checked_on, &one.sources)));
    for (id, day, sources) in all {
        day.parse::<jiff::civil::Date>()
            .unwrap_or_else(|_| panic!("{id}: {day}"));
        assert!(!sources.is_empty(), "{id}");
        for source in sources {
            assert!(source.starts_with("https://"), "{id}: {source}");
        }
    }
}

#[test]
fn a_step_that_was_compared_names_one_of_the_sources() {
    let mut compared = 0;
    for provider in &catalogue().providers {
        let oidc = provider.oidc.iter().flat_map(|guide| &guide.steps);
        let saml = provider.saml.iter().flat_map(|guide| &guide.steps);
        for source in oidc.chain(saml).filter_map(|step| step.source.as_ref()) {
            assert!(
                provider.sources.contains(source),
                "{}: {source}",
                provider.id
            );
            compared += 1;
        }
    }
    assert!(compared > 80, "{compared}");
}

#[test]
fn no_word_and_no_label_is_missing_and_none_shouts() {
    // What may be empty, by the end of its path.
    const MAY_BE_EMPTY: [&str; 9] = [
        "inside",
        "becomes",
        "prefix",
        "suffix",
        "query",
        "path",
        "groups_claim",
        "address_example",
        "start_url",
    ];
    fn walk(value: &serde_json::Value, path: &str, check: &mut impl FnMut(&str, &str)) {
        match value {
            serde_json::Value::String(text) => check(path, text),
            serde_json::Value::Array(list) => {
                list.iter().for_each(|one| walk(one, path, check));
            }
            serde_json::Value::Object(map) => {
                for (name, one) in map {
                    walk(one, &format!("{path}.{name}"), check);
                }
            }
            _ => {}
        }
    }
    let all = serde_json::to_value(catalogue()).unwrap();
    walk(&all, "", &mut |path, text| {
        let name = path.rsplit('.').next().unwrap();
        assert!(
            !text.trim().is_empty() || MAY_BE_EMPTY.contains(&name),
            "{path} is empty"
        );
        assert_eq!(text, text.trim(), "{path}");
        if name == "text" || name == "traps" || name == "needs" {
            for word in [
                "please",
                "oops",
                "invalid",
                "successfully",
                "simply",
                "just ",
            ] {
                assert!(!text.to_lowercase().contains(word), "{path}: {text}");
            }
            assert!(!text.contains('!'), "{path}: {text}");
        }
    });
}

/// The steps of a guide name each of these fields.
fn steps_name(id: &str, steps: &[GuideStep], fields: &[&str]) {
    for field in fields {
        assert!(
            steps
                .iter()
                .any(|step| step.field.as_deref() == Some(field)),
            "{id}: no step about {field}"
        );
    }
}

#[test]
fn the_steps_of_every_guide_come_by_every_value() {
    for provider in &catalogue().providers {
        let id = &provider.id;
        if let Some(guide) = &provider.oidc {
            assert!(guide.minutes > 0 && !guide.needs.is_empty(), "{id}");
            assert!(guide.scopes.iter().any(|scope| scope == "openid"), "{id}");
            assert!(
                !guide
                    .scopes
                    .iter()
                    .any(|scope| provider.refused_scopes.contains(scope)),
                "{id}"
            );
            steps_name(
                id,
                &guide.steps,
                &["login_redirect_url", "issuer", "client_id", "client_secret"],
            );
            if guide.labels.start_url.is_some() {
                steps_name(id, &guide.steps, &["start_url"]);
            }
            assert!(!guide.traps.is_empty(), "{id}");
        }
        if let Some(guide) = &provider.saml {
            assert!(guide.minutes > 0 && !guide.needs.is_empty(), "{id}");
            steps_name(
                id,
                &guide.steps,
                &[
                    "login_redirect_url",
                    "audience",
                    "issuer",
                    "sign_on_url",
                    "certificates",
                ],
            );
            let hides = |step: &GuideStep| step.provider_initiated == Some(false);
            assert!(
                guide.steps.iter().any(hides),
                "{id}: nothing hides the tile"
            );
            assert_eq!(
                guide.metadata.is_some(),
                guide.labels.metadata.is_some(),
                "{id}"
            );
            assert!(!guide.labels.login_redirect_url.is_empty(), "{id}");
            assert!(
                guide.attributes.iter().any(|one| one.name == "email"),
                "{id}: no attribute carries the address"
            );
            assert!(!guide.traps.is_empty(), "{id}");
        }
    }
}

#[test]
fn every_example_has_the_shape_that_its_provider_gives_it() {
    let fits = |shapes: &[shape::AddressShape], example: &str| {
        shapes.is_empty()
            || Url::parse(example).is_ok_and(|url| shapes.iter().any(|shape| shape.fits(&url)))
    };
    for provider in &catalogue().providers {
        let (id, shapes) = (&provider.id, &provider.shapes);
        if let Some(guide) = &provider.oidc {
            let example = &guide.issuer_example;
            assert!(fits(&shapes.issuer.accepted, example), "{id}: {example}");
            assert!(
                shapes
                    .issuer
                    .exact
                    .as_ref()
                    .is_none_or(|one| one == example),
                "{id}"
            );
            let slash = shapes.issuer.slash_at_end;
            assert!(
                slash.is_none_or(|slash| slash == example.ends_with('/')),
                "{id}"
            );
            let client = &guide.client_id_example;
            assert!(
                shapes.client_id.is_empty() || shapes.client_id.iter().any(|one| one.fits(client)),
                "{id}: {client}"
            );
        }
        if let Some(guide) = &provider.saml {
            let example = &guide.sign_on_url_example;
            assert!(fits(&shapes.sign_on_url, example), "{id}: {example}");
            if let Some(metadata) = guide
                .metadata
                .as_ref()
                .filter(|one| !one.address_example.is_empty())
            {
                let example = &metadata.address_example;
                assert!(fits(&shapes.metadata_url, example), "{id}: {example}");
            }
        }
    }
}

#[test]
fn every_template_makes_its_example() {
    for provider in &catalogue().providers {
        let oidc = provider.oidc.as_ref().and_then(|guide| {
            Some((
                guide.issuer_template.as_ref()?,
                guide.issuer_example.as_str(),
            ))
        });
        let saml = provider.saml.as_ref().and_then(|guide| {
            Some((
                guide.sign_on_url_template.as_ref()?,
                guide.sign_on_url_example.as_str(),
            ))
        });
        for (template, example) in oidc.into_iter().chain(saml) {
            let mut made = template.text.clone();
            for blank in &template.blanks {
                assert!(blank.form.fits(&blank.example), "{}", provider.id);
                made = made.replace(&format!("{{{}}}", blank.name), &blank.example);
            }
            assert_eq!(made, example, "{}", provider.id);
        }
    }
}

#[test]
fn code_asks_for_nothing_that_is_not_filled_in() {
    for provider in &catalogue().providers {
        let oidc = provider.oidc.iter().flat_map(|guide| &guide.steps);
        let saml = provider.saml.iter().flat_map(|guide| &guide.steps);
        for code in oidc.chain(saml).filter_map(|step| step.code.as_ref()) {
            let blanks = code
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'));
            for (name, _) in blanks.filter(|(name, _)| Form::PathPart.fits(name)) {
                let known = ["client_id", "login_redirect_url", "audience"];
                assert!(known.contains(&name), "{}: {name}", provider.id);
            }
        }
    }
}

#[test]
fn torq_has_its_three_regions_and_only_japan_is_inferred() {
    let torq = catalogue().service("torq").unwrap();
    let regions: Vec<_> = torq
        .regions
        .iter()
        .map(|r| (r.id.as_str(), r.login_redirect_url.as_str(), r.inferred))
        .collect();
    assert_eq!(
        regions,
        [
            ("us", "https://app.torq.io/__/auth/handler", false),
            ("eu", "https://app.eu.torq.io/__/auth/handler", false),
            ("jp", "https://app.jp.torq.io/__/auth/handler", true),
        ]
    );
    assert_eq!(torq.highest_role(), Some("Owner"));
    assert_eq!(torq.fallback, "Interact Only");
}

#[test]
fn a_described_service_takes_answers_as_the_built_in_ones_do() {
    let mut set_up = SetUp::default();
    let hosts = |set_up: &SetUp| -> Vec<String> {
        let urls = catalogue().taking_answers(set_up);
        urls.iter()
            .filter_map(|url| url.host_str().map(str::to_owned))
            .collect()
    };
    let built_in = ["app.torq.io", "app.eu.torq.io", "app.jp.torq.io"];
    assert_eq!(hosts(&set_up), built_in);
    set_up.workspace.service = ServiceChoice::Described(crate::set_up::DescribedService {
        login_redirect_url: " https://app.acme.example/callback".to_owned(),
        ..Default::default()
    });
    set_up.connection.login_redirect_url = Some("https://other.acme.example/cb".to_owned());
    let all = hosts(&set_up);
    assert_eq!(all[..3], built_in);
    assert_eq!(all[3..], ["app.acme.example", "other.acme.example"]);
    set_up.connection.login_redirect_url = Some("not an address".to_owned());
    assert_eq!(hosts(&set_up).len(), 4);
}

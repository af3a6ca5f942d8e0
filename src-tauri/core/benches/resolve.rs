//! One person against 1,000 rules, with the groups of an ordinary person and with 5,000.
//!
//! Groups and rules have names of one length and one beginning, which compare slowest.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use latchkey_core::{Catalogue, Claims, Rule, RuleList};

const RULES: usize = 1_000;

fn rules() -> RuleList {
    let rule = |n| Rule {
        claim: "groups".into(),
        value: format!("acme-engineering-team-{n:05}"),
        role: "Viewer".into(),
    };
    RuleList((0..RULES).map(rule).collect())
}

/// A person whom no rule matches: every rule is looked at.
fn person(groups: usize, name: impl Fn(usize) -> String) -> Claims {
    let mut claims = Claims::default();
    for (name, value) in [
        ("sub", "00u1"),
        ("email", "ana@acme.example"),
        ("email_verified", "true"),
        ("name", "Ana"),
    ] {
        claims.push(name, value);
    }
    for n in 0..groups {
        claims.push("groups", name(n));
    }
    claims
}

fn resolve(c: &mut Criterion) {
    let rules = rules();
    let torq = Catalogue::built_in()
        .service("torq")
        .expect("Torq is built in");
    for groups in [20, 5_000] {
        let far = person(groups, |n| {
            format!("acme-engineering-team-{:05}", RULES + n)
        });
        c.bench_with_input(BenchmarkId::new("decide", groups), &far, |b, claims| {
            b.iter(|| rules.decide(black_box(claims)));
        });
        c.bench_with_input(BenchmarkId::new("resolve", groups), &far, |b, claims| {
            b.iter(|| rules.resolve(black_box(claims), torq));
        });
        let near = person(groups, |n| {
            format!("CN=acme-engineering-team-{n:05},OU=Groups,DC=acme")
        });
        c.bench_with_input(
            BenchmarkId::new("resolve_all_near", groups),
            &near,
            |b, claims| {
                b.iter(|| rules.resolve(black_box(claims), torq));
            },
        );
    }
}

criterion_group!(benches, resolve);
criterion_main!(benches);

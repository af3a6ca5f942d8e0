//! Answers in the habits of the products that send them: prefixes, order, declarations, key
//! information, places of signatures. The files were signed by libxmlsec1 with `tests/keys/rsa`.

use latchkey_core::Stage::{Addressed, InTime, Signed};
use latchkey_core::saml::response::Covered;

use super::message::*;

macro_rules! product {
    ($name:literal) => {
        include_str!(concat!("../../cases/products/", $name, ".xml"))
    };
}

const PRODUCTS: [(&str, &str, Covered); 7] = [
    ("AD FS", product!("adfs"), Covered::Both),
    ("Entra ID", product!("entra"), Covered::Assertion),
    ("Google", product!("google"), Covered::Response),
    ("Keycloak", product!("keycloak"), Covered::Both),
    ("Okta", product!("okta"), Covered::Both),
    ("OneLogin", product!("onelogin"), Covered::Assertion),
    ("an old one", product!("pretty-inclusive"), Covered::Both),
];

#[test]
fn the_answers_of_every_product_are_accepted_without_a_remark() {
    for (name, message, signed) in PRODUCTS {
        println!("{name}");
        assert_eq!(accepted(message), Vec::<String>::new(), "{name}");
        assert_eq!(covered(message), signed, "{name}");
    }
}

#[test]
fn no_product_makes_it_overlook_a_change() {
    for (name, message, _) in PRODUCTS {
        println!("{name}");
        let forged = swapped(message, "olivia@acme.example<", "mallory@evil.example<");
        refused(forged, Signed, "signed_content_changed");
    }
}

/// SAML 2.0 Core, section 2.4.1.2, lets a confirmation carry attributes of other namespaces.
#[test]
fn an_attribute_of_another_namespace_says_nothing_of_saml() {
    let foreign = "xmlns:x=\"urn:x\" x:Recipient=\"https://other.example\" x:NotBefore=\"2026-11-22T19:00:00Z\" \
                   x:InResponseTo=\"_other\" x:NotOnOrAfter=\"2020-01-01T00:00:00Z\"";
    let data = "<saml:SubjectConfirmationData";
    let beside = changed(data, &format!("{data} {foreign}"));
    assert!(accepted(&signed(&beside)).is_empty());
    let named = "<saml:Attribute Name=\"email\"";
    let renamed =
        "<saml:Attribute xmlns:x=\"urn:x\" x:Name=\"mail\" x:FriendlyName=\"m\" Name=\"email\"";
    assert!(accepted(&signed(&changed(named, renamed))).is_empty());

    let only = |name: &str| {
        let inside = format!(
            "{data} InResponseTo=\"_request1\" NotOnOrAfter=\"2026-11-22T18:05:00Z\" Recipient=\"{ACS}\""
        );
        let other = inside.replacen(
            &format!(" {name}="),
            &format!(" xmlns:x=\"urn:x\" x:{name}="),
            1,
        );
        signed(&changed(&inside, &other))
    };
    refused(only("Recipient"), Addressed, "saml_recipient_missing");
    refused(
        only("InResponseTo"),
        Addressed,
        "saml_confirmation_unsolicited",
    );
    refused(only("NotOnOrAfter"), InTime, "saml_time_missing");
}

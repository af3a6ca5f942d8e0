//! What the tests of the SAML providers share.

use latchkey_tests::browser::Browser;
use latchkey_tests::provider_saml::{SamlProvider, SamlpShape, Signed, SimpleSamlShape};
use latchkey_tests::service_provider::{Answer, AuthnRequest};
use roxmltree::{Document, Node};

use crate::bench::service_redirect;
use crate::xmlsec;

pub(crate) fn simplesamlphp(shape: SimpleSamlShape) -> SamlProvider {
    SamlProvider::simplesamlphp(&shape).unwrap()
}

pub(crate) fn samlp(shape: SamlpShape) -> SamlProvider {
    SamlProvider::samlp(&shape).unwrap()
}

/// The answer for the person with this address, in a browser that has never been anywhere.
pub(crate) async fn answer(provider: &SamlProvider, email: &str) -> Answer {
    answer_to(&AuthnRequest::to(&service_redirect()), provider, email).await
}

pub(crate) async fn answer_to(
    request: &AuthnRequest,
    provider: &SamlProvider,
    email: &str,
) -> Answer {
    let landing = request.signed_in(provider, &Browser::new(), email).await;
    Answer::of(&landing.unwrap_or_else(|error| panic!("{error}\n{}", provider.log())))
}

/// What is signed in `xml`, and that it is signed well.
pub(crate) fn assert_signed(xml: &str, signed: Signed, provider: &SamlProvider) {
    let (response, assertion) = match signed {
        Signed::Response => (true, false),
        Signed::Assertion => (false, true),
        Signed::Both => (true, true),
        Signed::Nothing => (false, false),
    };
    let document = Document::parse(xml).unwrap();
    for (parent, is_signed) in [("Response", response), ("Assertion", assertion)] {
        let node = only(&document, parent);
        let has_signature = node.children().any(|child| is(child, "Signature"));
        assert_eq!(has_signature, is_signed, "{parent} of {signed:?}: {xml}");
        let holds = xmlsec::holds(xml, parent, &provider.certificate);
        assert_eq!(holds, is_signed, "{parent} of {signed:?}: {xml}");
    }
}

/// The algorithm that an element of this name carries.
pub(crate) fn algorithms(xml: &str, name: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    let found = document.descendants().filter(|node| is(*node, name));
    found
        .map(|node| node.attribute("Algorithm").unwrap().to_owned())
        .collect()
}

/// The text of the only element of this name.
pub(crate) fn text(xml: &str, name: &str) -> String {
    let document = Document::parse(xml).unwrap();
    only(&document, name).text().unwrap().to_owned()
}

/// An attribute of the only element of this name.
pub(crate) fn attribute(xml: &str, name: &str, attribute: &str) -> Option<String> {
    let document = Document::parse(xml).unwrap();
    only(&document, name)
        .attribute(attribute)
        .map(str::to_owned)
}

/// The values of the claim with this name.
pub(crate) fn claim(xml: &str, name: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    let found = document
        .descendants()
        .find(|node| is(*node, "Attribute") && node.attribute("Name") == Some(name));
    let Some(claim) = found else {
        return Vec::new();
    };
    let values = claim.children().filter(|node| is(*node, "AttributeValue"));
    values
        .map(|value| value.text().unwrap_or_default().to_owned())
        .collect()
}

fn only<'a>(document: &'a Document<'_>, name: &str) -> Node<'a, 'a> {
    let found: Vec<_> = document
        .descendants()
        .filter(|node| is(*node, name))
        .collect();
    let [one] = found[..] else {
        panic!("{} elements are called {name}", found.len());
    };
    one
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

//! Finding one's way in a message that has been parsed.

use roxmltree::Node;

use crate::saml::ASSERTION;
pub(super) use crate::xml::attribute;

/// XML Schema, section 2.6.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The child elements of this name.
pub(super) fn all<'a, 'i: 'a>(
    parent: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    parent
        .children()
        .filter(move |child| child.has_tag_name((namespace, name)))
}

/// The first child element of this name.
pub(super) fn first<'a, 'i: 'a>(
    parent: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Option<Node<'a, 'i>> {
    all(parent, namespace, name).next()
}

/// The first child element of this name in the namespace of assertions.
pub(super) fn part<'a, 'i: 'a>(parent: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    first(parent, ASSERTION, name)
}

/// The child elements of this name in the namespace of assertions.
pub(super) fn parts<'a, 'i: 'a>(
    parent: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    all(parent, ASSERTION, name)
}

/// The request that a message or a confirmation says it answers. An empty name is none: some
/// providers write one where nobody asked.
pub(super) fn request_of<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    attribute(node, "InResponseTo").filter(|id| !id.is_empty())
}

/// All text in the element, however comments or elements part it.
pub(super) fn text(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect()
}

/// The same without white space around it, for what XML Schema calls `anyURI`.
pub(super) fn address(node: Node<'_, '_>) -> String {
    trimmed(&text(node)).to_owned()
}

/// Without the white space that XML knows around it.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// Whether an element stands in this one.
pub(super) fn has_elements(node: Node<'_, '_>) -> bool {
    node.children().any(|child| child.is_element())
}

/// `xsi:type` as it was written.
pub(super) fn instance_type<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute((INSTANCE, "type"))
}

/// Whether the element says that it has no value (`xsi:nil`).
pub(super) fn is_nil(node: Node<'_, '_>) -> bool {
    node.attribute((INSTANCE, "nil"))
        .is_some_and(|nil| matches!(trimmed(nil), "true" | "1"))
}

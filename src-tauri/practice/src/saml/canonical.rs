//! Exclusive XML Canonicalization 1.0 without comments, for requests as others write them.

use roxmltree::{Attribute, Node};

use super::xml::{write_attribute, write_text};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The element in canonical form, without the child that is left out.
pub(super) fn canonical(element: Node<'_, '_>, left_out: Option<Node<'_, '_>>) -> String {
    let mut out = String::new();
    write(element, left_out, &mut Vec::new(), &mut out);
    out
}

/// `written` holds the prefixes and namespaces that the elements around this one have declared in
/// the output, the innermost last.
fn write<'i>(
    element: Node<'_, 'i>,
    left_out: Option<Node<'_, '_>>,
    written: &mut Vec<(&'i str, String)>,
    out: &mut String,
) {
    let name = name(element);
    out.push('<');
    out.push_str(name);
    let outside = written.len();
    for prefix in used(element) {
        let namespace = match prefix {
            "" => element.lookup_namespace_uri(None),
            prefix => element.lookup_namespace_uri(Some(prefix)),
        };
        let namespace = namespace.unwrap_or_default();
        let around = written.iter().rev().find(|(known, _)| *known == prefix);
        let around = around.map(|(_, namespace)| namespace.as_str());
        if around.unwrap_or_default() == namespace {
            continue;
        }
        match prefix {
            "" => write_attribute(out, "xmlns", namespace),
            prefix => write_attribute(out, &format!("xmlns:{prefix}"), namespace),
        }
        written.push((prefix, namespace.to_owned()));
    }
    let mut attributes: Vec<_> = element.attributes().collect();
    attributes.sort_unstable_by_key(|one| (one.namespace().unwrap_or_default(), one.name()));
    for attribute in attributes {
        write_attribute(out, qualified(element, &attribute), attribute.value());
    }
    out.push('>');
    for child in element.children().filter(|child| Some(*child) != left_out) {
        if child.is_element() {
            write(child, None, written, out);
        } else if child.is_text() {
            write_text(out, child.text().unwrap_or_default());
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
    written.truncate(outside);
}

/// The prefixes that the element and its attributes use, in order, each once.
fn used<'i>(element: Node<'_, 'i>) -> Vec<&'i str> {
    let mut used = vec![prefix(name(element)).unwrap_or_default()];
    let attributes = element.attributes();
    let prefixed = attributes.filter(|one| one.namespace().is_some_and(|of| of != XML));
    used.extend(prefixed.filter_map(|one| prefix(qualified(element, &one))));
    used.sort_unstable();
    used.dedup();
    used
}

fn prefix(name: &str) -> Option<&str> {
    name.split_once(':').map(|(prefix, _)| prefix)
}

/// The element's name as it is written in the document.
fn name<'i>(element: Node<'_, 'i>) -> &'i str {
    let text = &element.document().input_text()[element.range()];
    let end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    let name = text.strip_prefix('<').unwrap_or_default();
    name.split(end).next().unwrap_or_default()
}

fn qualified<'i>(element: Node<'_, 'i>, attribute: &Attribute<'_, 'i>) -> &'i str {
    &element.document().input_text()[attribute.range_qname()]
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    use super::*;

    fn check(xml: &str, expected: &str) {
        let document = Document::parse(xml).unwrap();
        assert_eq!(canonical(document.root_element(), None), expected);
    }

    #[test]
    fn namespaces_stand_where_they_are_used_and_attributes_in_order() {
        check(
            r#"<a:x xmlns:b='urn:b' xmlns:a='urn:a' xmlns:unused='urn:u' c='1' b:a='2' a='3'><a:y/><b:z/></a:x>"#,
            r#"<a:x xmlns:a="urn:a" xmlns:b="urn:b" a="3" c="1" b:a="2"><a:y></a:y><b:z></b:z></a:x>"#,
        );
        check(
            r#"<x xmlns="urn:a"><y xmlns=""><z/></y></x>"#,
            r#"<x xmlns="urn:a"><y xmlns=""><z></z></y></x>"#,
        );
        check(
            r#"<x xml:lang="de"><p:y xmlns:p="urn:a"/><p:y xmlns:p="urn:b"/></x>"#,
            r#"<x xml:lang="de"><p:y xmlns:p="urn:a"></p:y><p:y xmlns:p="urn:b"></p:y></x>"#,
        );
    }

    #[test]
    fn text_is_written_in_one_way_and_comments_not_at_all() {
        check(
            "<x a='&quot;&#9;&#38;'>a<!-- b --><![CDATA[<]]>&gt;&#13;</x>",
            "<x a=\"&quot;&#x9;&amp;\">a&lt;&gt;&#xD;</x>",
        );
    }

    #[test]
    fn one_child_can_be_left_out() {
        let document = Document::parse("<x><y/>a<z/></x>").unwrap();
        let root = document.root_element();
        let without = canonical(root, root.first_element_child());
        assert_eq!(without, "<x>a<z></z></x>");
    }
}

//! Writes XML that is canonical as it is written.
//!
//! Every namespace has one prefix, each element declares its own prefix unless an element around
//! it has done so, attributes are sorted and none has a prefix. Such a document is its own
//! exclusive canonical form (Exclusive XML Canonicalization 1.0), and so is each of its elements
//! written alone; only comments are left out there.

/// The prefixes and their namespaces. A name with another prefix is a mistake of ours.
const NAMESPACES: [(&str, &str); 5] = [
    ("ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("md", "urn:oasis:names:tc:SAML:2.0:metadata"),
    ("saml", "urn:oasis:names:tc:SAML:2.0:assertion"),
    ("samlp", "urn:oasis:names:tc:SAML:2.0:protocol"),
    ("xenc", "http://www.w3.org/2001/04/xmlenc#"),
];

/// An element with all that is in it.
#[derive(Clone, Debug)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Node>,
}

#[derive(Clone, Debug)]
enum Node {
    Element(Element),
    Text(String),
    Comment(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Canonical,
    Document,
}

impl Element {
    /// An empty element; `name` is `prefix:local`.
    pub(super) fn new(name: &'static str) -> Self {
        Element {
            name,
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    /// With an attribute; each name once.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self.attributes.sort_unstable();
        self
    }

    /// With an attribute, if there is a value for it.
    pub(super) fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// A comment, which the canonical form leaves out. It must not hold `--`.
    pub(super) fn comment(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Comment(text.into()));
        self
    }

    pub(super) fn child(mut self, child: Element) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    pub(super) fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children
            .extend(children.into_iter().map(Node::Element));
        self
    }

    /// Puts a child in behind the first one, where XML Signature's place is in SAML: behind the Issuer.
    pub(super) fn insert_second(&mut self, child: Element) {
        let at = self.children.len().min(1);
        self.children.insert(at, Node::Element(child));
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The element alone, in exclusive canonical form without comments: what is digested and signed.
    pub(super) fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, &mut Vec::new(), Form::Canonical);
        out
    }

    /// The element as a document.
    pub(super) fn document(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, &mut Vec::new(), Form::Document);
        out
    }

    /// `declared` holds the prefixes that the elements around this one have declared.
    fn write(&self, out: &mut String, declared: &mut Vec<&'static str>, form: Form) {
        out.push('<');
        out.push_str(self.name);
        let outside = declared.len();
        let known = self
            .name
            .split_once(':')
            .and_then(|(prefix, _)| NAMESPACES.into_iter().find(|(known, _)| *known == prefix));
        debug_assert!(known.is_some(), "{} has no namespace", self.name);
        if let Some((prefix, namespace)) = known
            && !declared.contains(&prefix)
        {
            declared.push(prefix);
            write_attribute(out, &format!("xmlns:{prefix}"), namespace);
        }
        for (name, value) in &self.attributes {
            write_attribute(out, name, value);
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(out, declared, form),
                Node::Text(text) => write_text(out, text),
                Node::Comment(_) if form == Form::Canonical => {}
                Node::Comment(text) => {
                    out.push_str("<!--");
                    out.push_str(text);
                    out.push_str("-->");
                }
            }
        }
        out.push_str("</");
        out.push_str(self.name);
        out.push('>');
        declared.truncate(outside);
    }
}

/// Canonical XML 1.0, section 2.3, attribute nodes.
pub(super) fn write_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Canonical XML 1.0, section 2.3, text nodes.
pub(super) fn write_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_declared_where_it_is_first_used_and_again_beside_it() {
        let inner = || Element::new("saml:Issuer").text("x");
        let root = Element::new("samlp:Response").children([inner(), inner()]);
        let issuer =
            r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">x</saml:Issuer>"#;
        assert_eq!(
            root.document(),
            format!(
                r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">{issuer}{issuer}</samlp:Response>"#
            )
        );
        assert_eq!(inner().canonical(), issuer);
    }

    #[test]
    fn a_prefix_declared_around_an_element_is_not_declared_in_it() {
        let root = Element::new("ds:Signature").child(Element::new("ds:SignedInfo"));
        assert_eq!(root.document().matches("xmlns:ds").count(), 1);
    }

    #[test]
    fn attributes_are_sorted_and_nothing_leaves_its_place() {
        let element = Element::new("saml:A")
            .with("b", "\"<&>\t\n\r'")
            .with("a", "1")
            .text("]]>&<\r");
        let written = element.document();
        let (_, written) = written.split_once("assertion\"").unwrap();
        assert_eq!(
            written,
            r#" a="1" b="&quot;&lt;&amp;>&#x9;&#xA;&#xD;'">]]&gt;&amp;&lt;&#xD;</saml:A>"#
        );
    }

    #[test]
    fn comments_are_in_the_document_and_not_in_the_canonical_form() {
        let element = Element::new("saml:A").text("a").comment("x").text("b");
        assert!(element.document().ends_with(">a<!--x-->b</saml:A>"));
        assert!(element.canonical().ends_with(">ab</saml:A>"));
    }
}

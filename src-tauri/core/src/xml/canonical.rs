//! The canonical form of an element: the bytes that a signature covers.
//!
//! Canonical XML 1.0 (W3C, 2001-03-15) and 1.1 (2008-05-02), and Exclusive XML Canonicalization 1.0
//! (2002-07-18), each without comments, of one element with all it contains, of which one other
//! element may be left out: the enveloped signature.

use super::{Attribute, Node, NodeId};
use crate::fault::Fault;

/// How a canonical form is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Exclusive 1.0: namespaces are written where they are used; those of these prefixes, the
    /// empty one for the default namespace, wherever they are in scope (its `PrefixList`).
    Exclusive(Vec<String>),
    /// 1.0: all namespaces in scope, and the `xml:` attributes of what is around the element.
    Inclusive,
    /// 1.1: the same, but no `xml:id` comes from around the element. Where `xml:base` would have to
    /// be put together from several, there is no canonical form here.
    Inclusive11,
}

/// The namespace of `xml:lang` and its like.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The canonical form of `element` without `left_out`.
///
/// # Errors
/// [`Fault::XmlCanonicalTooLarge`]: a short text can have a long canonical form, since namespaces are
/// written again and again. [`Fault::XmlBaseInherited`], by 1.1 alone.
pub fn canonical(
    element: Node<'_, '_>,
    left_out: Option<NodeId>,
    method: &Method,
    limit: usize,
) -> Result<String, Fault> {
    let mut writer = Writer {
        source: element.document().input_text(),
        method,
        left_out,
        limit,
        out: String::with_capacity(element.range().len().min(limit) + 512),
        rendered: Vec::new(),
        declared: Vec::new(),
        attributes: Vec::new(),
    };
    if *method == Method::Inclusive11 {
        refuse_inherited_base(element)?;
    }
    writer.element(element, None)?;
    Ok(writer.out)
}

struct Writer<'a, 'i, 'm> {
    source: &'i str,
    method: &'m Method,
    left_out: Option<NodeId>,
    limit: usize,
    out: String,
    /// Namespaces written by the elements that are open, the innermost last.
    rendered: Vec<(&'a str, &'a str)>,
    /// Room for the namespaces and the attributes of one element.
    declared: Vec<(&'a str, &'a str)>,
    attributes: Vec<Attribute<'a, 'i>>,
}

impl<'a, 'i: 'a> Writer<'a, 'i, '_> {
    /// Depth is bounded by the limits that the text was held against.
    fn element(&mut self, node: Node<'a, 'i>, parent: Option<Node<'a, 'i>>) -> Result<(), Fault> {
        let name = element_name(self.source, node);
        let outer = self.rendered.len();
        self.out.push('<');
        self.out.push_str(name);
        self.namespaces(node, parent, name);
        self.written_attributes(node, parent.is_none());
        self.out.push('>');
        for child in node.children() {
            if child.is_text() {
                text(&mut self.out, child.text().unwrap_or_default());
            } else if child.is_element() && Some(child.id()) != self.left_out {
                self.element(child, Some(node))?;
            }
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self.rendered.truncate(outer);
        if self.out.len() > self.limit {
            return Err(Fault::XmlCanonicalTooLarge { limit: self.limit });
        }
        Ok(())
    }

    fn namespaces(&mut self, node: Node<'a, 'i>, parent: Option<Node<'a, 'i>>, name: &'i str) {
        // Where nothing is declared, nothing but what is used can be new.
        let declares = parent.is_none_or(|parent| !same_scope(node, parent));
        match self.method {
            Method::Exclusive(prefixes) => {
                self.declare(
                    prefix(name),
                    node.tag_name().namespace().unwrap_or_default(),
                );
                for attribute in node.attributes() {
                    let prefix = prefix(attribute_name(self.source, &attribute));
                    if !prefix.is_empty() {
                        self.declare(prefix, attribute.namespace().unwrap_or_default());
                    }
                }
                if declares {
                    for prefix in prefixes {
                        let known = (!prefix.is_empty()).then_some(prefix.as_str());
                        match node
                            .namespaces()
                            .find(|namespace| namespace.name() == known)
                        {
                            Some(found) => {
                                self.declare(found.name().unwrap_or_default(), found.uri());
                            }
                            None if known.is_none() => self.declare("", ""),
                            None => {}
                        }
                    }
                }
            }
            Method::Inclusive | Method::Inclusive11 if declares => {
                for namespace in node.namespaces() {
                    self.declare(namespace.name().unwrap_or_default(), namespace.uri());
                }
            }
            Method::Inclusive | Method::Inclusive11 => {}
        }
        self.declared.sort_unstable();
        for (prefix, uri) in self.declared.drain(..) {
            self.out.push_str(" xmlns");
            if !prefix.is_empty() {
                self.out.push(':');
                self.out.push_str(prefix);
            }
            self.out.push_str("=\"");
            value(&mut self.out, uri);
            self.out.push('"');
            self.rendered.push((prefix, uri));
        }
    }

    /// Notes a namespace for writing, unless an element around has written it or it is the default
    /// one that nobody has changed.
    fn declare(&mut self, prefix: &'a str, uri: &'a str) {
        let written = self
            .rendered
            .iter()
            .rev()
            .find(|(known, _)| *known == prefix);
        let as_before = match written {
            Some((_, known)) => *known == uri,
            None => prefix.is_empty() && uri.is_empty(),
        };
        if prefix != "xml" && !as_before && !self.declared.contains(&(prefix, uri)) {
            self.declared.push((prefix, uri));
        }
    }

    fn written_attributes(&mut self, node: Node<'a, 'i>, is_apex: bool) {
        let mut attributes = std::mem::take(&mut self.attributes);
        attributes.extend(node.attributes());
        if is_apex {
            self.inherit(node, &mut attributes);
        }
        attributes.sort_unstable_by(|one, other| {
            (one.namespace().unwrap_or_default(), one.name())
                .cmp(&(other.namespace().unwrap_or_default(), other.name()))
        });
        for attribute in attributes.drain(..) {
            self.out.push(' ');
            self.out.push_str(attribute_name(self.source, &attribute));
            self.out.push_str("=\"");
            value(&mut self.out, attribute.value());
            self.out.push('"');
        }
        self.attributes = attributes;
    }

    /// The `xml:` attributes that the element has from around it: Canonical XML 1.0 and 1.1,
    /// section 2.4.
    fn inherit(&self, node: Node<'a, 'i>, attributes: &mut Vec<Attribute<'a, 'i>>) {
        if matches!(self.method, Method::Exclusive(_)) {
            return;
        }
        let by_all = matches!(self.method, Method::Inclusive);
        for around in node.ancestors().skip(1) {
            for attribute in around.attributes() {
                let simple = matches!(attribute.name(), "lang" | "space");
                if attribute.namespace() == Some(XML)
                    && (by_all || simple)
                    && !attributes.iter().any(|known| {
                        known.namespace() == Some(XML) && known.name() == attribute.name()
                    })
                {
                    attributes.push(attribute);
                }
            }
        }
    }
}

/// Canonical XML 1.1, section 2.4 joins the `xml:base` of what is left out; nobody signs such a thing.
fn refuse_inherited_base(element: Node<'_, '_>) -> Result<(), Fault> {
    if element
        .ancestors()
        .skip(1)
        .any(|around| around.attribute((XML, "base")).is_some())
    {
        return Err(Fault::XmlBaseInherited {});
    }
    Ok(())
}

/// Whether both elements have the very same declarations in scope, as the parser shares them.
fn same_scope(one: Node<'_, '_>, other: Node<'_, '_>) -> bool {
    let (one, other) = (one.namespaces(), other.namespaces());
    one.len() == other.len() && one.zip(other).all(|(one, other)| std::ptr::eq(one, other))
}

/// The name with its prefix. The parser keeps no prefixes; the text does.
fn element_name<'i>(source: &'i str, node: Node<'_, 'i>) -> &'i str {
    qualified(
        &source[node.range().start + "<".len()..],
        node.tag_name().name(),
    )
}

fn attribute_name<'i>(source: &'i str, attribute: &Attribute<'_, 'i>) -> &'i str {
    qualified(&source[attribute.range().start..], attribute.name())
}

/// The qualified name at the start of `text`, of which `local` is the local part.
fn qualified<'i>(text: &'i str, local: &str) -> &'i str {
    // A name without prefix ends where its local part does; one with a prefix goes on there.
    let ends = matches!(
        text.as_bytes().get(local.len()),
        None | Some(b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'>' | b'=')
    );
    if ends {
        return &text[..local.len()];
    }
    let prefix = text.split(':').next().map_or(0, |prefix| prefix.len() + 1);
    &text[..prefix + local.len()]
}

fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn text(out: &mut String, text: &str) {
    escaped(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn value(out: &mut String, text: &str) {
    escaped(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn escaped(out: &mut String, text: &str, escape: impl Fn(u8) -> Option<&'static str>) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(escape) = escape(byte) {
            out.push_str(&text[from..at]);
            out.push_str(escape);
            from = at + 1;
        }
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests;

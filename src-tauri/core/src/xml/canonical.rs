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
        // What the parent has in scope too, it has written if it had to.
        let changed = match (self.method, parent) {
            (Method::Exclusive(prefixes), _) if prefixes.is_empty() => 0,
            (_, None) => usize::MAX,
            (_, Some(parent)) => changed(node, parent),
        };
        let changed = node.namespaces().take(changed);
        match self.method {
            Method::Exclusive(prefixes) => {
                self.declare(
                    prefix(name),
                    node.tag_name().namespace().unwrap_or_default(),
                );
                for attribute in node.attributes() {
                    if let Some(namespace) = attribute.namespace() {
                        self.declare(prefix(attribute_name(self.source, &attribute)), namespace);
                    }
                }
                for namespace in changed {
                    let name = namespace.name().unwrap_or_default();
                    if prefixes.iter().any(|listed| listed == name) {
                        self.declare(name, namespace.uri());
                    }
                }
            }
            Method::Inclusive | Method::Inclusive11 => {
                for namespace in changed {
                    self.declare(namespace.name().unwrap_or_default(), namespace.uri());
                }
            }
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

/// How many of the namespaces in an element's scope, counted from the first, its parent's scope may not
/// have. The parser has an element's own in front and shares all others in their order; were that not
/// so, the number would be larger than it need be.
fn changed(node: Node<'_, '_>, parent: Node<'_, '_>) -> usize {
    let (own, around) = (node.namespaces(), parent.namespaces());
    let (mut count, mut left) = (own.len(), around.len());
    // Both are walked from their ends: `rev()` of the parser's iterator does not turn it round.
    while count > 0 && left > 0 {
        let last = node.namespaces().nth(count - 1);
        let other = parent.namespaces().nth(left - 1);
        left -= 1;
        if matches!((last, other), (Some(one), Some(other)) if std::ptr::eq(one, other)) {
            count -= 1;
        }
    }
    count
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

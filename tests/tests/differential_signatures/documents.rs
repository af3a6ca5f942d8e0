//! Random documents in the shape of a SAML response, with all that makes canonical forms hard:
//! namespaces declared, used, redeclared and taken back anywhere, white space and quotes in
//! attributes, CDATA, comments, `xml:` attributes around and inside, letters of every kind.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const INCLUSIVE_11: &str = "http://www.w3.org/2006/12/xml-c14n11";

const PREFIXES: [&str; 7] = ["a", "b", "c", "saml2", "xs", "n.1", "ü"];
const NAMESPACES: [&str; 6] = [
    "urn:a",
    "urn:b",
    "http://x.example/y?z",
    "http://www.w3.org/2001/XMLSchema",
    "urn:oasis:names:tc:SAML:2.0:assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol",
];
const ELEMENTS: [&str; 7] = [
    "x",
    "Attribute",
    "AttributeValue",
    "NameID",
    "é",
    "a",
    "x-1.2",
];
const ATTRIBUTES: [&str; 6] = ["a", "b", "Name", "FriendlyName", "z", "ß"];
const IN_VALUES: [&str; 17] = [
    "x",
    "olivia@acme.example",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "&#9;",
    "&#xA;",
    "&#13;",
    "&amp;",
    "&lt;",
    ">",
    "&quot;",
    "🔑",
    "é&#x301;",
];
const IN_TEXT: [&str; 17] = [
    "x",
    "R &amp; D",
    " ",
    "\n  ",
    "\t",
    "\r\n",
    "\r",
    "&#13;",
    "&#13;\n",
    "&lt;y&gt;",
    "\"'",
    "<!-- c -->",
    "<!---->",
    "<![CDATA[<y> & ]] \r\n]]>",
    "]]&gt;",
    "🔑 \u{85}\u{2028}",
    "&#x1F511;",
];

/// A document with the template of a signature, as `xmlsec1 --sign` takes it.
pub(crate) struct Unsigned(pub(crate) String);

impl Unsigned {
    /// The document of this number.
    pub(crate) fn random(number: u64) -> Self {
        let mut writer = Writer {
            random: StdRng::seed_from_u64(number),
            out: String::new(),
            scope: vec![Vec::new()],
            ids: 0,
        };
        writer.response();
        Self(writer.out)
    }

    /// One that says no more than it must.
    pub(crate) fn plain() -> Self {
        Self(format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"r\">\
             <Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"a\">{}<NameID>olivia</NameID></Assertion></samlp:Response>",
            template(
                "#a",
                &method("CanonicalizationMethod", EXCLUSIVE, None),
                &method("Transform", EXCLUSIVE, None),
                "rsa-sha256",
                "http://www.w3.org/2001/04/xmlenc#sha256"
            )
        ))
    }
}

/// Whether a document has this namespace before anything is changed in it.
pub(crate) fn is_known(namespace: &str) -> bool {
    namespace.is_empty() || [DS, EXCLUSIVE].contains(&namespace) || NAMESPACES.contains(&namespace)
}

struct Writer {
    random: StdRng,
    out: String,
    /// For each open element, what is in scope: prefix and namespace.
    scope: Vec<Vec<(String, String)>>,
    ids: usize,
}

impl Writer {
    fn response(&mut self) {
        if self.often() {
            self.out
                .push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        }
        let root_is_signed = self.random.gen_bool(0.4);
        let protocol = (self.one(&["", "samlp", "p"]), NAMESPACES[5]);
        let name = self.open(protocol.0, "Response", Some(protocol), " ID=\"r\"");
        if root_is_signed {
            self.signature("r");
        }
        self.content(2);
        let assertion = (self.one(&["", "saml", "a"]), NAMESPACES[4]);
        let inner = self.open(assertion.0, "Assertion", Some(assertion), " ID=\"a\"");
        if !root_is_signed {
            self.signature("a");
        }
        self.content(4);
        self.close(&inner);
        self.content(2);
        self.close(&name);
    }

    fn content(&mut self, depth: usize) {
        for _ in 0..self.random.gen_range(0..5) {
            if depth > 0 && self.often() {
                self.element(depth - 1);
            } else {
                for _ in 0..self.random.gen_range(1..4) {
                    let piece = self.one(&IN_TEXT);
                    self.out.push_str(piece);
                }
            }
        }
    }

    fn element(&mut self, depth: usize) {
        let prefix = {
            let known: Vec<_> = self
                .visible()
                .into_iter()
                .map(|(prefix, _)| prefix)
                .collect();
            known.choose(&mut self.random).cloned().unwrap_or_default()
        };
        let local = self.one(&ELEMENTS);
        let name = self.open(&prefix, local, None, "");
        if depth == 0 && self.often() {
            self.close(&name);
            return;
        }
        self.content(depth);
        self.close(&name);
    }

    /// A start tag; the name to close it with.
    fn open(
        &mut self,
        prefix: &str,
        local: &str,
        needs: Option<(&str, &str)>,
        fixed: &str,
    ) -> String {
        let mut declared: Vec<(String, String)> = Vec::new();
        if let Some((prefix, namespace)) = needs {
            declared.push((prefix.to_owned(), namespace.to_owned()));
        }
        for _ in 0..self.random.gen_range(0..3) {
            let prefix = if self.random.gen_bool(0.3) {
                ""
            } else {
                self.one(&PREFIXES)
            };
            let taken_back = prefix.is_empty() && self.often();
            let namespace = if taken_back {
                ""
            } else {
                self.one(&NAMESPACES)
            };
            if !declared.iter().any(|(known, _)| known == prefix) {
                declared.push((prefix.to_owned(), namespace.to_owned()));
            }
        }
        let mut scope = self.scope.last().cloned().unwrap_or_default();
        for (prefix, namespace) in &declared {
            scope.retain(|(known, _)| known != prefix);
            scope.push((prefix.clone(), namespace.clone()));
        }
        self.scope.push(scope);

        let name = if prefix.is_empty() {
            local.to_owned()
        } else {
            format!("{prefix}:{local}")
        };
        let mut attributes: Vec<String> = declared
            .iter()
            .map(|(prefix, namespace)| {
                if prefix.is_empty() {
                    format!("xmlns=\"{namespace}\"")
                } else {
                    format!("xmlns:{prefix}='{namespace}'")
                }
            })
            .collect();
        attributes.extend(self.attributes());
        attributes.shuffle(&mut self.random);
        self.out.push('<');
        self.out.push_str(&name);
        self.out.push_str(fixed);
        for attribute in attributes {
            let space = self.one(&[" ", " ", "\n   ", "\t", "\r\n"]);
            self.out.push_str(space);
            self.out.push_str(&attribute);
        }
        let end = self.one(&[">", ">", " >", "\n>"]);
        self.out.push_str(end);
        name
    }

    fn close(&mut self, name: &str) {
        self.scope.pop();
        let space = self.one(&["", "", "", " "]);
        self.out.push_str(&format!("</{name}{space}>"));
    }

    fn attributes(&mut self) -> Vec<String> {
        let mut taken: Vec<(String, &str)> = Vec::new();
        let mut attributes = Vec::new();
        let prefixed: Vec<_> = self
            .visible()
            .into_iter()
            .filter(|(prefix, _)| !prefix.is_empty())
            .collect();
        for _ in 0..self.random.gen_range(0..4) {
            let local = self.one(&ATTRIBUTES);
            let (prefix, namespace) = match prefixed.choose(&mut self.random) {
                Some(found) if self.random.gen_bool(0.4) => found.clone(),
                _ => Default::default(),
            };
            if taken.contains(&(namespace.clone(), local)) {
                continue;
            }
            taken.push((namespace, local));
            let name = if prefix.is_empty() {
                local.to_owned()
            } else {
                format!("{prefix}:{local}")
            };
            let value = self.value();
            attributes.push(format!("{name}{value}"));
        }
        for (name, values) in [
            ("xml:lang", ["en", "", "de-CH"]),
            ("xml:space", ["default", "preserve", "default"]),
        ] {
            if self.random.gen_bool(0.1) {
                attributes.push(format!("{name}=\"{}\"", self.one(&values)));
            }
        }
        if self.random.gen_bool(0.05) {
            self.ids += 1;
            attributes.push(format!("xml:id=\"i{}\"", self.ids));
        }
        if self.random.gen_bool(0.02) {
            attributes.push("xml:base=\"http://base.example/\"".to_owned());
        }
        attributes
    }

    fn value(&mut self) -> String {
        let quote = self.one(&["\"", "'"]);
        let other = if quote == "\"" { "'" } else { "\"" };
        let mut value = String::new();
        for _ in 0..self.random.gen_range(0..5) {
            let piece = if self.random.gen_bool(0.1) {
                other
            } else {
                self.one(&IN_VALUES)
            };
            value.push_str(piece);
        }
        let equals = self.one(&["=", "=", " = "]);
        format!("{equals}{quote}{value}{quote}")
    }

    fn signature(&mut self, id: &str) {
        let canonicalization = self.canonical_form("CanonicalizationMethod");
        let transform = if self.random.gen_bool(0.1) {
            String::new()
        } else {
            self.canonical_form("Transform")
        };
        let algorithm = self.one(&["rsa-sha256", "rsa-sha384", "rsa-sha512"]);
        let digest = self.one(&[
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
            "http://www.w3.org/2001/04/xmlenc#sha512",
        ]);
        let reference = if id == "r" && self.random.gen_bool(0.3) {
            String::new()
        } else {
            format!("#{id}")
        };
        self.out.push_str(&template(
            &reference,
            &canonicalization,
            &transform,
            algorithm,
            digest,
        ));
    }

    fn canonical_form(&mut self, element: &str) -> String {
        let uri = self.one(&[EXCLUSIVE, EXCLUSIVE, INCLUSIVE, INCLUSIVE_11]);
        let list = (uri == EXCLUSIVE && self.often()).then(|| {
            let mut list: Vec<&str> = PREFIXES
                .choose_multiple(&mut self.random, 3)
                .copied()
                .collect();
            if self.random.gen_bool(0.4) {
                list.push("#default");
            }
            list.join(" ")
        });
        method(element, uri, list.as_deref())
    }

    /// What can be used here: a prefix, and its namespace.
    fn visible(&self) -> Vec<(String, String)> {
        self.scope.last().cloned().unwrap_or_default()
    }

    fn often(&mut self) -> bool {
        self.random.gen_bool(0.5)
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of.choose(&mut self.random).copied().unwrap_or_default()
    }
}

fn method(element: &str, uri: &str, prefixes: Option<&str>) -> String {
    match prefixes {
        Some(list) => format!(
            "<ds:{element} Algorithm=\"{uri}\"><ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{list}\"/></ds:{element}>"
        ),
        None => format!("<ds:{element} Algorithm=\"{uri}\"/>"),
    }
}

fn template(
    reference: &str,
    canonicalization: &str,
    transform: &str,
    algorithm: &str,
    digest: &str,
) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"{DS}\"><ds:SignedInfo>{canonicalization}\n\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#{algorithm}\"/>\
         <ds:Reference URI=\"{reference}\"><ds:Transforms><ds:Transform Algorithm=\"{DS}enveloped-signature\"/>{transform}</ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{digest}\"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue></ds:SignatureValue></ds:Signature>"
    )
}

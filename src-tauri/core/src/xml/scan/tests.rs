use crate::fault::Fault;
use crate::xml::{Checked, Limits};

fn read(bytes: &[u8]) -> Result<(), Fault> {
    Checked::new(bytes, &Limits::MESSAGE)?.parse().map(|_| ())
}

#[track_caller]
fn accepted(text: &str) {
    assert_eq!(read(text.as_bytes()), Ok(()), "{text}");
}

#[track_caller]
fn malformed(text: &str) {
    let fault = read(text.as_bytes()).expect_err(text);
    assert!(
        matches!(fault, Fault::XmlMalformed { .. }),
        "{text}: {fault:?}"
    );
}

fn limit(text: &str) -> Fault {
    read(text.as_bytes()).expect_err("it is accepted")
}

#[test]
fn plain_xml_is_read_with_or_without_what_may_stand_before_it() {
    for text in [
        "<e/>",
        "\u{FEFF}<e/>",
        "<?xml version=\"1.0\"?><e/>",
        "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n<e>\r\n</e>\r\n",
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- a --><e a='>'>]]&gt; > \" '</e>",
        "<?xml\nversion=\"1.0\"?><e/>",
        "<a:e xmlns:a='urn:a' xmlns='http://x.example/?a=1&amp;b=2'>&#x41;&#65;&amp;</a:e>",
        "<e><![CDATA[</e> & <!DOCTYPE]]><!-- <!DOCTYPE & ]]> <?x --></e>",
    ] {
        accepted(text);
    }
}

#[test]
fn what_is_no_xml_is_told_from_xml_that_breaks() {
    for text in ["", "  ", "SAMLResponse=PHN", "PHNhbWxwOlJlc3BvbnNl", "{}"] {
        assert_eq!(limit(text), Fault::NotXml {}, "{text}");
    }
    for text in [
        "<",
        "<>",
        "<e",
        "<e>",
        "</e>",
        "<e></f>",
        "<e/><e/>",
        "<e/>x",
        "<e a/>",
        "<e a=1/>",
        "<e a='1'b='2'/>",
        "<e a='<'/>",
        "<e a='1' a='2'/>",
        "<e>&x;</e>",
        "<e>&</e>",
        "<e>]]></e>",
        "<e><!-- -- --></e>",
        "<e><!-- </e>",
        "<e><![CDATA[ </e>",
        "<p:e/>",
        "<e p:a=''/>",
        "<e>\u{1}</e>",
        "<e a='\u{FFFE}'/>",
        "<e>&#0;</e>",
        "<1e/>",
        "<e a=\"1\" xmlns:a=\"urn:1\" xmlns:b=\"urn:1\" a:x=\"\" b:x=\"\"/>",
        "<!x><e/>",
        "<?xml version=\"1.0\"",
        "<e></e",
    ] {
        malformed(text);
    }
}

/// The parser alone would take each of these, and other parsers would not, or differently.
#[test]
fn what_two_readers_could_read_differently_is_refused() {
    for text in [
        "<:e/>",
        "<e></:e>",
        "<e :a='1'/>",
        "<e xmlns='urn:1' xmlns='urn:2'/>",
        "<e xmlns:p='urn:p' p:xmlns='urn:1'/>",
        "<e xmlns:p=''/>",
        "<e xmlns:xmlns='urn:1'/>",
        "<e>&#xD800;</e>",
        "<e>&#x110000;</e>",
        "<e a='&#99999999999;'/>",
    ] {
        malformed(text);
    }
}

#[test]
fn document_types_and_instructions_are_refused_wherever_they_stand() {
    for text in [
        "<!DOCTYPE e><e/>",
        "<?xml version='1.0'?>\n<!DOCTYPE e [<!ENTITY a 'b'>]><e>&a;</e>",
        "<e><!DOCTYPE e></e>",
    ] {
        assert_eq!(limit(text), Fault::XmlHasDoctype {}, "{text}");
    }
    for text in [
        "<?a b?><e/>",
        "<e><?a?></e>",
        "<e/><?a b",
        "<e a=''><?a <e?></e>",
    ] {
        let target = "a".to_owned();
        assert_eq!(limit(text), Fault::XmlHasInstruction { target }, "{text}");
    }
}

#[test]
fn other_encodings_and_versions_are_named() {
    let encoding = |name: &str| Fault::XmlNotUtf8 {
        encoding: name.to_owned(),
    };
    let utf16: Vec<u8> = "<e/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16), Err(encoding("UTF-16")));
    assert_eq!(
        read(&[&[0xFF, 0xFE], &utf16[..]].concat()),
        Err(encoding("UTF-16"))
    );
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><e>\xE9</e>";
    assert_eq!(read(latin), Err(encoding("ISO-8859-1")));
    assert_eq!(read(b"<e>\xE9</e>"), Err(encoding("?")));
    assert_eq!(read(b"<e>\xED\xA0\x80</e>"), Err(encoding("?")));
    assert_eq!(
        limit("<?xml version='1.1'?><e/>"),
        Fault::XmlVersionNotAccepted {
            version: "1.1".to_owned()
        }
    );
    assert_eq!(read(b"<e>\0</e>"), Err(Fault::XmlHasNul {}));
}

#[test]
fn a_namespace_that_is_no_full_address_is_refused() {
    for name in [
        "x",
        "/x",
        "1:x",
        "http://x y",
        "http://ü.example",
        "&#x68;ttp://x",
    ] {
        let fault = limit(&format!("<e xmlns:a='{name}'/>"));
        assert!(
            matches!(fault, Fault::XmlNamespaceNotAbsolute { .. }),
            "{name}: {fault:?}"
        );
    }
}

#[test]
fn each_limit_holds_at_its_number_and_not_before() {
    let limits = Limits::MESSAGE;
    let many =
        |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();

    let deep = |depth: usize| format!("{}{}", "<e>".repeat(depth), "</e>".repeat(depth));
    accepted(&deep(limits.depth));
    assert_eq!(
        limit(&deep(limits.depth + 1)),
        Fault::XmlTooDeep { limit: 64 }
    );

    let wide = |count| format!("<e {}/>", many(count, &|n| format!("a{n}='' ")));
    accepted(&wide(limits.attributes));
    let element = "e".to_owned();
    assert_eq!(
        limit(&wide(limits.attributes + 1)),
        Fault::XmlTooManyAttributes {
            element,
            limit: limits.attributes
        }
    );

    // Declarations of the elements around count; those of elements that have ended do not.
    let declared = |count| {
        format!(
            "<e {}><f/>",
            many(count, &|n| format!("xmlns:n{n}='urn:{n}' "))
        )
    };
    let inner = "<f xmlns:x='urn:x'/>".repeat(3);
    accepted(&format!("{}{inner}</e>", declared(limits.namespaces - 1)));
    let element = "f".to_owned();
    assert_eq!(
        limit(&format!("{}{inner}</e>", declared(limits.namespaces))),
        Fault::XmlTooManyNamespaces {
            element,
            limit: limits.namespaces
        }
    );

    let nodes = |count| format!("<e>{}</e>", "<f/>".repeat(count));
    accepted(&nodes(limits.nodes as usize - 2));
    assert_eq!(
        limit(&nodes(limits.nodes as usize)),
        Fault::XmlTooManyNodes { limit: 100_000 }
    );

    accepted(&format!("<{}/>", "e".repeat(limits.name)));
    assert_eq!(
        limit(&format!("<e {}=''/>", "a".repeat(limits.name + 1))),
        Fault::XmlNameTooLong { limit: 1000 }
    );

    let long = |length: usize| format!("<e>{}</e>", "x".repeat(length - "<e></e>".len()));
    accepted(&long(limits.bytes));
    let size = limits.bytes + 1;
    assert_eq!(
        limit(&long(size)),
        Fault::XmlTooLarge {
            size,
            limit: limits.bytes
        }
    );
}

#[test]
fn a_fault_says_where() {
    let fault = limit("<e>\n  <f a='1'b='2'/></e>");
    assert!(
        matches!(
            fault,
            Fault::XmlMalformed {
                line: 2,
                column: 11,
                ..
            }
        ),
        "{fault:?}"
    );
}

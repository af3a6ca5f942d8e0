use super::*;
use crate::xml::{Checked, Limits};

/// The canonical form of the element `e`, wherever it stands, without an element `left-out`.
#[track_caller]
fn form(text: &str, method: &Method) -> Result<String, Fault> {
    let checked = Checked::new(text.as_bytes(), &Limits::MESSAGE).unwrap();
    let document = checked.parse().unwrap();
    let named = |name| document.descendants().find(|n| n.tag_name().name() == name);
    let left_out = named("left-out").map(|node| node.id());
    canonical(named("e").unwrap(), left_out, method, 10_000)
}

#[track_caller]
fn exclusive(text: &str, expected: &str) {
    assert_eq!(
        form(text, &Method::Exclusive(Vec::new())).unwrap(),
        expected
    );
}

#[track_caller]
fn listed(prefixes: &[&str], text: &str, expected: &str) {
    let prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
    assert_eq!(form(text, &Method::Exclusive(prefixes)).unwrap(), expected);
}

#[track_caller]
fn inclusive(text: &str, expected: &str) {
    assert_eq!(form(text, &Method::Inclusive).unwrap(), expected);
}

#[track_caller]
fn every(text: &str, expected: &str) {
    exclusive(text, expected);
    inclusive(text, expected);
    assert_eq!(form(text, &Method::Inclusive11).unwrap(), expected);
}

#[test]
fn empty_elements_get_an_end_tag_and_tags_lose_their_needless_space() {
    every("<e   a = '1'   />", "<e a=\"1\"></e>");
    every("<e\n  ><f\t/></e >", "<e><f></f></e>");
}

#[test]
fn what_stands_around_the_root_is_not_part_of_it() {
    every(
        "<?xml version='1.0'?>\n<!-- a --><e/>\n<!-- b -->\n",
        "<e></e>",
    );
}

#[test]
fn comments_go_and_what_stood_around_them_joins() {
    every("<e>a<!-- b -->c<!----></e>", "<e>ac</e>");
}

#[test]
fn cdata_becomes_text() {
    every(
        "<e><![CDATA[a < b & c > d]]>!</e>",
        "<e>a &lt; b &amp; c &gt; d!</e>",
    );
    every("<e><![CDATA[]]></e>", "<e></e>");
    every("<e><![CDATA[]]]]><![CDATA[>]]></e>", "<e>]]&gt;</e>");
}

#[test]
fn text_is_escaped_where_it_must_be_and_nowhere_else() {
    every(
        "<e>&lt;&gt;&amp;&quot;&apos; \" ' &#9;\t&#10;\n&#13;</e>",
        "<e>&lt;&gt;&amp;\"' \" ' \t\t\n\n&#xD;</e>",
    );
}

#[test]
fn values_of_attributes_are_escaped_by_their_own_rules() {
    every(
        "<e a='&lt;&gt;&amp;&quot;&apos;\"'/>",
        "<e a=\"&lt;>&amp;&quot;'&quot;\"></e>",
    );
    every("<e a='&#9;&#10;&#13;'/>", "<e a=\"&#x9;&#xA;&#xD;\"></e>");
}

#[test]
fn white_space_in_a_value_is_a_space_each() {
    every("<e a='1\t2\n3\r\n4\r5'/>", "<e a=\"1 2 3 4 5\"></e>");
}

#[test]
fn line_ends_are_one_character_unless_they_were_written_as_references() {
    every("<e>1\r\n2\r3\n4</e>", "<e>1\n2\n3\n4</e>");
    every(
        "<e>1&#13;\r\n2&#13;\r3&#xD;\n</e>",
        "<e>1&#xD;\n2&#xD;\n3&#xD;\n</e>",
    );
    every("<e><![CDATA[1\r\n2\r]]></e>", "<e>1\n2\n</e>");
}

#[test]
fn other_characters_stay_themselves() {
    every(
        "<e a='&#xE9;é'>&#x1F511;🔑 \u{85}\u{2028}</e>",
        "<e a=\"éé\">🔑🔑 \u{85}\u{2028}</e>",
    );
}

#[test]
fn namespaces_come_before_attributes_each_in_their_order() {
    let text = "<b:e xmlns:b='urn:1' xmlns:a='urn:2' xmlns='urn:3' z='1' a='2' b:y='3' a:z='4' a:y='5'><f/></b:e>";
    inclusive(
        text,
        "<b:e xmlns=\"urn:3\" xmlns:a=\"urn:2\" xmlns:b=\"urn:1\" a=\"2\" z=\"1\" b:y=\"3\" a:y=\"5\" a:z=\"4\"><f></f></b:e>",
    );
    exclusive(
        text,
        "<b:e xmlns:a=\"urn:2\" xmlns:b=\"urn:1\" a=\"2\" z=\"1\" b:y=\"3\" a:y=\"5\" a:z=\"4\"><f xmlns=\"urn:3\"></f></b:e>",
    );
}

#[test]
fn exclusive_writes_a_namespace_where_it_is_used_and_not_before() {
    exclusive(
        "<r xmlns:p='urn:p' xmlns:q='urn:q' xmlns:n='urn:n'><p:e><q:f/><f q:a=''><q:g/></f></p:e></r>",
        "<p:e xmlns:p=\"urn:p\"><q:f xmlns:q=\"urn:q\"></q:f><f xmlns:q=\"urn:q\" q:a=\"\"><q:g></q:g></f></p:e>",
    );
}

#[test]
fn a_prefix_inside_a_value_does_not_use_its_namespace() {
    exclusive(
        "<e xmlns:xs='urn:xs' xmlns:xsi='urn:xsi' xsi:type='xs:string'/>",
        "<e xmlns:xsi=\"urn:xsi\" xsi:type=\"xs:string\"></e>",
    );
    listed(
        &["xs", "absent"],
        "<e xmlns:xs='urn:xs' xmlns:xsi='urn:xsi' xsi:type='xs:string'/>",
        "<e xmlns:xs=\"urn:xs\" xmlns:xsi=\"urn:xsi\" xsi:type=\"xs:string\"></e>",
    );
}

#[test]
fn a_listed_prefix_is_written_as_inclusive_writes_it() {
    listed(
        &["p"],
        "<r xmlns:p='urn:1'><e><f xmlns:p='urn:2'><g/></f><f xmlns:p='urn:1'/></e></r>",
        "<e xmlns:p=\"urn:1\"><f xmlns:p=\"urn:2\"><g></g></f><f></f></e>",
    );
    listed(
        &[""],
        "<r xmlns='urn:1' xmlns:p='urn:p'><p:e><p:f xmlns=''><g/></p:f></p:e></r>",
        "<p:e xmlns=\"urn:1\" xmlns:p=\"urn:p\"><p:f xmlns=\"\"><g></g></p:f></p:e>",
    );
}

#[test]
fn a_prefix_may_change_its_namespace_and_change_it_back() {
    every(
        "<p:e xmlns:p='urn:1'><p:f xmlns:p='urn:2'><p:g xmlns:p='urn:1'/></p:f><p:f/></p:e>",
        "<p:e xmlns:p=\"urn:1\"><p:f xmlns:p=\"urn:2\"><p:g xmlns:p=\"urn:1\"></p:g></p:f><p:f></p:f></p:e>",
    );
    every(
        "<p:e xmlns:p='urn:1'><p:f xmlns:p='urn:1'/></p:e>",
        "<p:e xmlns:p=\"urn:1\"><p:f></p:f></p:e>",
    );
}

#[test]
fn the_default_namespace_is_taken_back_where_somebody_around_had_written_one() {
    every(
        "<e xmlns='urn:1'><f xmlns=''><g/><h xmlns='urn:1'/></f></e>",
        "<e xmlns=\"urn:1\"><f xmlns=\"\"><g></g><h xmlns=\"urn:1\"></h></f></e>",
    );
    every(
        "<r xmlns='urn:1'><e xmlns=''><f xmlns=''/></e></r>",
        "<e><f></f></e>",
    );
    // Nobody has written the default namespace when `f` comes without one.
    exclusive(
        "<p:e xmlns='urn:1' xmlns:p='urn:p'><f xmlns=''/></p:e>",
        "<p:e xmlns:p=\"urn:p\"><f></f></p:e>",
    );
    inclusive(
        "<p:e xmlns='urn:1' xmlns:p='urn:p'><f xmlns=''/></p:e>",
        "<p:e xmlns=\"urn:1\" xmlns:p=\"urn:p\"><f xmlns=\"\"></f></p:e>",
    );
}

#[test]
fn inclusive_writes_every_namespace_in_scope_at_the_element_and_no_other_twice() {
    inclusive(
        "<r xmlns='urn:0' xmlns:a='urn:a' xmlns:b='urn:b'><x xmlns:a='urn:c'><e xmlns:b='urn:b'><f xmlns:a='urn:a' xmlns:z='urn:z'/></e></x></r>",
        "<e xmlns=\"urn:0\" xmlns:a=\"urn:c\" xmlns:b=\"urn:b\"><f xmlns:a=\"urn:a\" xmlns:z=\"urn:z\"></f></e>",
    );
}

#[test]
fn the_prefix_xml_is_never_declared() {
    every(
        "<e xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en' b='1'/>",
        "<e b=\"1\" xml:lang=\"en\"></e>",
    );
    listed(
        &["xml"],
        "<e xml:space='preserve'/>",
        "<e xml:space=\"preserve\"></e>",
    );
}

#[test]
fn inclusive_takes_over_the_nearest_xml_attributes_from_around() {
    let text = "<r xml:lang='en' xml:space='preserve' xml:id='r' b='0'><x xml:lang='de' xml:x='1'><e xml:space='default' a='1'><f/></e></x></r>";
    inclusive(
        text,
        "<e a=\"1\" xml:id=\"r\" xml:lang=\"de\" xml:space=\"default\" xml:x=\"1\"><f></f></e>",
    );
    exclusive(text, "<e a=\"1\" xml:space=\"default\"><f></f></e>");
    // 1.1, section 2.4: `xml:id` and what is not named stay where they are.
    assert_eq!(
        form(text, &Method::Inclusive11).unwrap(),
        "<e a=\"1\" xml:lang=\"de\" xml:space=\"default\"><f></f></e>"
    );
}

#[test]
fn an_inherited_base_is_taken_over_by_1_0_and_refused_by_1_1() {
    let text = "<r xml:base='http://one.example/'><e/></r>";
    inclusive(text, "<e xml:base=\"http://one.example/\"></e>");
    exclusive(text, "<e></e>");
    assert_eq!(
        form(text, &Method::Inclusive11),
        Err(Fault::XmlBaseInherited {})
    );
    let own = "<e xml:base='http://one.example/'/>";
    every(own, "<e xml:base=\"http://one.example/\"></e>");
}

#[test]
fn what_is_left_out_takes_its_own_content_and_nothing_else() {
    every(
        "<e> <a/> <left-out xmlns:z='urn:z'><b>t</b></left-out> <c/>u</e>",
        "<e> <a></a>  <c></c>u</e>",
    );
}

#[test]
fn names_with_colons_spaces_and_other_letters_are_written_as_they_are() {
    every(
        "<a:e xmlns:a='urn:a' a:a='1' a='2'><a:ae /><ä/></a:e>",
        "<a:e xmlns:a=\"urn:a\" a=\"2\" a:a=\"1\"><a:ae></a:ae><ä></ä></a:e>",
    );
}

#[test]
fn a_canonical_form_is_its_own_canonical_form() {
    let text = "<e xmlns='urn:0' xmlns:p='urn:p' p:a='&#13;&#9;\"'>&#13;<p:f>a&amp;b</p:f><g xmlns=''/></e>";
    for method in [Method::Exclusive(Vec::new()), Method::Inclusive] {
        let once = form(text, &method).unwrap();
        assert_eq!(form(&once, &method).unwrap(), once);
    }
}

#[test]
fn a_short_text_with_a_long_canonical_form_is_refused() {
    let text = format!(
        "<r xmlns:p='urn:{}'><e>{}</e></r>",
        "x".repeat(900),
        "<p:f/>".repeat(100)
    );
    assert_eq!(
        form(&text, &Method::Exclusive(Vec::new())),
        Err(Fault::XmlCanonicalTooLarge { limit: 10_000 })
    );
}

/// What an element declares again, takes back or adds is found however its scope is made up.
#[test]
fn every_change_of_the_scope_is_written_and_nothing_else() {
    let text = "<e xmlns=\"u:0\" xmlns:a=\"u:1\" xmlns:b=\"u:2\" xmlns:c=\"u:3\">\
                <f xmlns:b=\"u:2\" xmlns:a=\"u:9\"><g xmlns:a=\"u:1\" xmlns:d=\"u:4\" xmlns=\"\"><h xmlns=\"u:0\" xmlns:c=\"u:3\"/></g></f>\
                <f xmlns:c=\"u:3\" xmlns:a=\"u:1\" xmlns:b=\"u:2\" xmlns=\"u:0\"/></e>";
    inclusive(
        text,
        "<e xmlns=\"u:0\" xmlns:a=\"u:1\" xmlns:b=\"u:2\" xmlns:c=\"u:3\">\
         <f xmlns:a=\"u:9\"><g xmlns=\"\" xmlns:a=\"u:1\" xmlns:d=\"u:4\"><h xmlns=\"u:0\"></h></g></f>\
         <f></f></e>",
    );
    listed(
        &["a", "d", "none"],
        text,
        "<e xmlns=\"u:0\" xmlns:a=\"u:1\">\
         <f xmlns:a=\"u:9\"><g xmlns=\"\" xmlns:a=\"u:1\" xmlns:d=\"u:4\"><h xmlns=\"u:0\"></h></g></f>\
         <f></f></e>",
    );
}

"""Times python-xmlsec and python3-saml on responses like those of `verify_saml.rs`, and prints how many times as long as
Latchkey they take. Arguments: the folder of the tests' keys, criterion's folder."""

import base64
import json
import statistics
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import xmlsec
from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

KEYS, CRITERION = map(Path, sys.argv[1:3])
CERTIFICATE = (KEYS / "rsa.crt.pem").read_text()
ISSUER, SERVICE, ACS = "https://idp.example/metadata", "https://app.example", "https://app.example/acs"


def at(minutes):
    return (datetime.now(timezone.utc) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def response(groups):
    values = "".join(
        f'<saml:AttributeValue xsi:type="xs:string">acme-team-{n:05}</saml:AttributeValue>' for n in range(groups)
    )
    return f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" \
xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r" Version="2.0" IssueInstant="{at(0)}" Destination="{ACS}" \
InResponseTo="_q1"><saml:Issuer>{ISSUER}</saml:Issuer><samlp:Status><samlp:StatusCode \
Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="_a" Version="2.0" \
IssueInstant="{at(0)}"><saml:Issuer>{ISSUER}</saml:Issuer><saml:Subject><saml:NameID \
Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">olivia@acme.example</saml:NameID><saml:SubjectConfirmation \
Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="_q1" NotOnOrAfter="{at(60)}" \
Recipient="{ACS}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at(-5)}" NotOnOrAfter="{at(60)}">\
<saml:AudienceRestriction><saml:Audience>{SERVICE}</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
<saml:AuthnStatement AuthnInstant="{at(-1)}"><saml:AuthnContext><saml:AuthnContextClassRef>\
urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext>\
</saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue xsi:type="xs:string">\
olivia@acme.example</saml:AttributeValue></saml:Attribute><saml:Attribute Name="groups">{values}</saml:Attribute>\
</saml:AttributeStatement></saml:Assertion></samlp:Response>"""


def signed(groups):
    root = etree.fromstring(response(groups))
    assertion = root[-1]
    signature = xmlsec.template.create(assertion, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds")
    assertion.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri="#_a")
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(str(KEYS / "rsa.key.pem"), xmlsec.KeyFormat.PEM)
    context.key.load_cert_from_memory(CERTIFICATE, xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return etree.tostring(root)


def by_xmlsec(message, key=xmlsec.Key.from_memory(CERTIFICATE, xmlsec.KeyFormat.CERT_PEM)):
    root = etree.fromstring(message)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = key
    context.verify(xmlsec.tree.find_node(root, "Signature"))


SETTINGS = OneLogin_Saml2_Settings(
    {
        "strict": True,
        "sp": {"entityId": SERVICE, "assertionConsumerService": {"url": ACS}},
        "idp": {"entityId": ISSUER, "singleSignOnService": {"url": ISSUER}, "x509cert": CERTIFICATE},
        "security": {"wantAssertionsSigned": True},
    }
)
REQUEST = {"https": "on", "http_host": "app.example", "script_name": "/acs", "get_data": {}, "post_data": {}}


def by_python3_saml(message):
    answer = OneLogin_Saml2_Response(SETTINGS, message)
    if not answer.is_valid(REQUEST, "_q1"):
        sys.exit(f"python3-saml refuses the response: {answer.get_error()}")
    answer.get_nameid()


def median(verify, message, times):
    verify(message)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        verify(message)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1e6


def latchkey(name):
    text = (CRITERION / name / "new" / "estimates.json").read_text()
    return json.loads(text)["median"]["point_estimate"] / 1e3


def line(what, microseconds, ours):
    print(f"  {what:<34}{microseconds:>10.0f} us {microseconds / ours:>8.1f} times Latchkey")


for title, groups, ours, times in [
    ("A response of 4 KB, RSA-2048", 8, latchkey("saml_4_kb_response"), 500),
    ("5,000 groups", 5_000, latchkey("saml_groups/5000"), 50),
]:
    message = signed(groups)
    print(f"{title}: Latchkey {ours:.0f} us")
    line("libxmlsec1 (python-xmlsec)", median(by_xmlsec, message, times), ours)
    line("python3-saml", median(by_python3_saml, base64.b64encode(message), max(20, times // 5)), ours)
bare = latchkey("saml_bare_rsa_2048_verification")
print(f"Bare RSA-2048 verification {bare:.0f} us: Latchkey takes {latchkey('saml_4_kb_response') / bare:.1f} times as long")

<?php

/* The identity provider. Its entity ID is the address of its metadata. */

declare(strict_types=1);

$shape = json_decode(file_get_contents(getenv('LATCHKEY_STATE') . '/shape.json'), true);
$formats = [
    'email' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    'transient' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
];
$format = $formats[$shape['name_id']];

$next = $shape['next_certificate'] ? ['new_certificate' => 'next.crt', 'new_privatekey' => 'next.key'] : [];

$metadata['__DYNAMIC:1__'] = $next + [
    'host' => '__DEFAULT__',
    'auth' => 'people',
    'privatekey' => 'signing.key',
    'certificate' => 'signing.crt',
    'SingleSignOnServiceBinding' => [
        'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
        'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
    ],
    // In its metadata, WantAuthnRequestsSigned.
    'redirect.validate' => $shape['asked_by'] !== null,
    'metadata.sign.enable' => $shape['metadata_signed'],
    'metadata.sign.privatekey' => 'signing.key',
    'metadata.sign.certificate' => 'signing.crt',
    'NameIDFormat' => $format,
    'authproc' => $shape['name_id'] === 'email'
        ? [10 => ['class' => 'saml:AttributeNameID', 'attribute' => 'email', 'Format' => $format]]
        : [],
];

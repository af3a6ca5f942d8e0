<?php

/* The identity provider. Its entity ID is the address of its metadata. */

declare(strict_types=1);

$shape = json_decode(file_get_contents(getenv('LATCHKEY_STATE') . '/shape.json'), true);
$formats = [
    'email' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    'transient' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
];
$format = $formats[$shape['name_id']];

$metadata['__DYNAMIC:1__'] = [
    'host' => '__DEFAULT__',
    'auth' => 'people',
    'privatekey' => 'signing.key',
    'certificate' => 'signing.crt',
    'SingleSignOnServiceBinding' => [
        'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
        'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
    ],
    'NameIDFormat' => $format,
    'authproc' => $shape['name_id'] === 'email'
        ? [10 => ['class' => 'saml:AttributeNameID', 'attribute' => 'email', 'Format' => $format]]
        : [],
];

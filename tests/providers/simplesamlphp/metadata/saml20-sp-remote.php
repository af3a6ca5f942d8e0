<?php

/* The one service that may ask, and the shape of what it is answered. */

declare(strict_types=1);

$shape = json_decode(file_get_contents(getenv('LATCHKEY_STATE') . '/shape.json'), true);
$post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

$endpoints = [];
foreach ($shape['acs'] as $index => $address) {
    $endpoints[] = ['index' => $index, 'isDefault' => $index === 0, 'Binding' => $post, 'Location' => $address];
}

$keys = [];
foreach (['signing' => $shape['asked_by'], 'encryption' => $shape['encrypted_to']] as $use => $certificate) {
    if ($certificate === null) {
        continue;
    }
    $keys[] = [
        'type' => 'X509Certificate',
        'signing' => $use === 'signing',
        'encryption' => $use === 'encryption',
        'X509Certificate' => preg_replace('/-----[A-Z ]+-----|\s+/', '', $certificate),
    ];
}
$is_encrypted = $shape['encrypted_to'] !== null;

$metadata[$shape['service']] = [
    'AssertionConsumerService' => $endpoints,
    'keys' => $keys,
    'validate.authnrequest' => $shape['asked_by'] !== null,
    'assertion.encryption' => $is_encrypted && $shape['encrypted'] === 'assertion',
    'nameid.encryption' => $is_encrypted && $shape['encrypted'] === 'name_id',
    'saml20.sign.response' => in_array($shape['signed'], ['response', 'both'], true),
    'saml20.sign.assertion' => in_array($shape['signed'], ['assertion', 'both'], true),
    'signature.algorithm' => $shape['algorithm'],
    'assertion.lifetime' => $shape['lifetime'],
    // Named beside the service itself.
    'audience' => $shape['also_for'],
];

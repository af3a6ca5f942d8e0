<?php

/* The one service that may ask, and the shape of what it is answered. */

declare(strict_types=1);

$shape = json_decode(file_get_contents(getenv('LATCHKEY_STATE') . '/shape.json'), true);
$post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

$endpoints = [];
foreach ($shape['acs'] as $index => $address) {
    $endpoints[] = ['index' => $index, 'isDefault' => $index === 0, 'Binding' => $post, 'Location' => $address];
}

$encrypted = [];
if ($shape['encrypted_to'] !== null) {
    $encrypted = [
        'assertion.encryption' => $shape['encrypted'] === 'assertion',
        'nameid.encryption' => $shape['encrypted'] === 'name_id',
        'certData' => preg_replace('/-----[A-Z ]+-----|\s+/', '', $shape['encrypted_to']),
    ];
}

$metadata[$shape['service']] = $encrypted + [
    'AssertionConsumerService' => $endpoints,
    'saml20.sign.response' => in_array($shape['signed'], ['response', 'both'], true),
    'saml20.sign.assertion' => in_array($shape['signed'], ['assertion', 'both'], true),
    'signature.algorithm' => $shape['algorithm'],
    'assertion.lifetime' => $shape['lifetime'],
    // Named beside the service itself.
    'audience' => $shape['also_for'],
];

<?php

/* The people of shape.json: each signs in by e-mail and password. */

declare(strict_types=1);

$shape = json_decode(file_get_contents(getenv('LATCHKEY_STATE') . '/shape.json'), true);

$people = [];
foreach ($shape['people'] as $person) {
    $people["{$person['email']}:{$person['password']}"] = [
        'uid' => [$person['sub']],
        'email' => [$person['email']],
        'displayName' => [$person['name']],
        'groups' => $person['groups'],
    ];
}

$config = [
    'people' => ['exampleauth:UserPass'] + $people,
];

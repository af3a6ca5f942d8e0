<?php

/*
 * SimpleSAMLphp for one test: everything it writes goes to the folder that LATCHKEY_STATE names, which also holds
 * shape.json (what simplesamlphp.mjs was started with) and the key pair that was made for this run.
 */

declare(strict_types=1);

$state = getenv('LATCHKEY_STATE');

$config = [
    // The whole site is SimpleSAMLphp's.
    'baseurlpath' => '',
    'loggingdir' => "$state/log/",
    'datadir' => "$state/data/",
    'tempdir' => "$state/tmp",
    'certdir' => "$state/",
    'metadata.sources' => [['type' => 'flatfile', 'directory' => __DIR__ . '/metadata']],
    'attributenamemapdir' => '/usr/share/simplesamlphp/config/attributemap/',

    'enable.saml20-idp' => true,
    'module.enable' => ['core' => true, 'saml' => true, 'exampleauth' => true],

    // Guards nothing: it listens on loopback for as long as one test runs.
    'secretsalt' => 'only-for-the-tests-of-latchkey',
    'auth.adminpassword' => bin2hex(random_bytes(16)),
    'timezone' => 'UTC',

    // Plain http on loopback.
    'session.cookie.secure' => false,
    'session.cookie.samesite' => null,
    'session.phpsession.savepath' => "$state/data",
    'store.type' => 'phpsession',

    'language.available' => ['en'],
    'language.default' => 'en',

    'logging.level' => SimpleSAML\Logger::INFO,
    'logging.handler' => 'stderr',
    'showerrors' => true,
    'errorreporting' => false,
];

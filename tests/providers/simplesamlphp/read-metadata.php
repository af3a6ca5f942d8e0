<?php

/* What SimpleSAMLphp understands of a service's metadata: XML on standard input, JSON on standard output. */

declare(strict_types=1);

require '/usr/share/simplesamlphp/lib/_autoload.php';

$entity = SimpleSAML\Metadata\SAMLParser::parseString(stream_get_contents(STDIN));
echo json_encode($entity->getMetadata20SP());

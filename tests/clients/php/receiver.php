<?php

// What `php -S` runs for each request: confirms the address, and appends each POST to the file of RECEIVED as a line.

declare(strict_types=1);

if (isset($_GET['validationToken'])) {
    header('Content-Type: text/plain');
    echo $_GET['validationToken'];
    return;
}

file_put_contents(getenv('RECEIVED'), file_get_contents('php://input') . "\n", FILE_APPEND | LOCK_EX);
http_response_code(202);

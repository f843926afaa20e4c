<?php

// Presence with the Microsoft Graph SDK for PHP: what Graph's presence pages show, then each other operation once.
// One PASS or FAIL a check; the status is 1 when one failed. It wants the demo tenant, and leaves it as it was.
//
//   GRAPH_URL      https://localhost:5443   the server: Graph under /v1.0, tokens from the same origin
//   THROTTLED_URL                           a second one, started with a low --throttle-limit; without it that check is skipped
//   SIGN_IN                                 a program that signs a person in: SIGN_IN URL; without it a person does
//   php -d curl.cainfo=data/tls/ca.pem      the server's authority

declare(strict_types=1);

use Firebase\JWT\JWK;
use Firebase\JWT\JWT;
use GuzzleHttp\Psr7\Utils;
use Microsoft\Graph\BatchRequestBuilder;
use Microsoft\Graph\Core\Authentication\GraphPhpLeagueAccessTokenProvider;
use Microsoft\Graph\Core\Authentication\GraphPhpLeagueAuthenticationProvider;
use Microsoft\Graph\Core\NationalCloud;
use Microsoft\Graph\Core\Requests\BatchRequestContent;
use Microsoft\Graph\Core\Requests\BatchRequestItem;
use Microsoft\Graph\Core\Tasks\PageIterator;
use Microsoft\Graph\Generated\Communications\GetPresencesByUserId\GetPresencesByUserIdPostRequestBody;
use Microsoft\Graph\Generated\Communications\Presences\Item\ClearPresence as CommunicationsClearPresence;
use Microsoft\Graph\Generated\Communications\Presences\Item\SetPresence as CommunicationsSetPresence;
use Microsoft\Graph\Generated\Communications\Presences\PresencesRequestBuilderGetRequestConfiguration;
use Microsoft\Graph\Generated\Models\AutomaticRepliesSetting;
use Microsoft\Graph\Generated\Models\AutomaticRepliesStatus;
use Microsoft\Graph\Generated\Models\BodyType;
use Microsoft\Graph\Generated\Models\DateTimeTimeZone;
use Microsoft\Graph\Generated\Models\ItemBody;
use Microsoft\Graph\Generated\Models\MailboxSettings;
use Microsoft\Graph\Generated\Models\ODataErrors\ODataError;
use Microsoft\Graph\Generated\Models\Presence;
use Microsoft\Graph\Generated\Models\PresenceStatusMessage;
use Microsoft\Graph\Generated\Models\Subscription;
use Microsoft\Graph\Generated\Models\WorkLocationType;
use Microsoft\Graph\Generated\Users\Count\CountRequestBuilderGetRequestConfiguration;
use Microsoft\Graph\Generated\Users\Item\Presence\ClearPresence\ClearPresencePostRequestBody;
use Microsoft\Graph\Generated\Users\Item\Presence\PresenceRequestBuilderGetRequestConfiguration;
use Microsoft\Graph\Generated\Users\Item\Presence\SetAutomaticLocation\SetAutomaticLocationPostRequestBody;
use Microsoft\Graph\Generated\Users\Item\Presence\SetManualLocation\SetManualLocationPostRequestBody;
use Microsoft\Graph\Generated\Users\Item\Presence\SetPresence\SetPresencePostRequestBody;
use Microsoft\Graph\Generated\Users\Item\Presence\SetStatusMessage\SetStatusMessagePostRequestBody;
use Microsoft\Graph\Generated\Users\Item\Presence\SetUserPreferredPresence\SetUserPreferredPresencePostRequestBody;
use Microsoft\Graph\Generated\Users\UsersRequestBuilderGetRequestConfiguration;
use Microsoft\Graph\GraphServiceClient;
use Microsoft\Kiota\Authentication\Oauth\AuthorizationCodeContext;
use Microsoft\Kiota\Authentication\Oauth\ClientCredentialContext;
use Microsoft\Kiota\Authentication\Oauth\ProviderFactory;
use Microsoft\Kiota\Authentication\Oauth\TokenRequestContext;
use Microsoft\Kiota\Http\Middleware\Options\RetryOption;

define('URL', getenv('GRAPH_URL') ?: 'https://localhost:5443');
define('THROTTLED_URL', getenv('THROTTLED_URL') ?: null);
const SCOPES = ['https://graph.microsoft.com/.default'];

// The demo tenant. Mara, Jonas and Priya are the people of the examples in Graph's documentation. Viktor signs in.
const TENANT = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const APPLICATION = '00001111-aaaa-2222-bbbb-3333cccc4444';
const SECRET = 'demo-secret';
const REDIRECT_URI = 'http://localhost';
const MARA = 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3';
const JONAS = '66825e03-7ef5-42da-9069-724602c31f6b';
const PRIYA = 'dc74d9bb-6afe-433d-8eaa-e39d80d3a647';
const VIKTOR = '00a154d8-5ed8-4bcc-b5c7-19c2add9ca88';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const PUBLISHER = '0bf30f3b-4a52-48df-9a82-234910c4a086'; // Microsoft Graph Change Tracking, who signs notifications
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WAIT_SECONDS_MAX = 20;
const REQUESTS_UNTIL_THROTTLED_MAX = 100;

final class Skipped extends Exception
{
}

function graphAt(string $url, TokenRequestContext $context, array $allowedHosts = ['localhost']): GraphServiceClient
{
    $tokens = new GraphPhpLeagueAccessTokenProvider(
        $context,
        SCOPES,
        NationalCloud::GLOBAL,
        null,
        ProviderFactory::create($context, [], $url, $url),
    );
    $tokens->getAllowedHostsValidator()->setAllowedHosts($allowedHosts);
    $graph = GraphServiceClient::createWithAuthenticationProvider(
        GraphPhpLeagueAuthenticationProvider::createWithAccessTokenProvider($tokens),
    );
    $graph->getRequestAdapter()->setBaseUrl("$url/v1.0");
    return $graph;
}

function applicationAt(string $url): GraphServiceClient
{
    return graphAt($url, new ClientCredentialContext(TENANT, APPLICATION, SECRET));
}

/** The code that the sign-in page hands to the address of the application. */
function signIn(): string
{
    $page = URL . '/' . TENANT . '/oauth2/v2.0/authorize?' . http_build_query([
        'client_id' => APPLICATION,
        'response_type' => 'code',
        'redirect_uri' => REDIRECT_URI,
        'scope' => implode(' ', SCOPES) . ' offline_access',
    ]);
    if ($program = getenv('SIGN_IN')) {
        $address = (string) shell_exec(escapeshellarg($program) . ' ' . escapeshellarg($page));
    } else {
        fwrite(STDERR, "Open $page\nChoose Viktor Novák, and paste the address to which the browser is sent:\n");
        $address = (string) fgets(STDIN);
    }
    parse_str((string) parse_url(trim($address), PHP_URL_QUERY), $answer);
    return $answer['code'] ?? throw new RuntimeException("no code in $address");
}

function app(): GraphServiceClient
{
    static $app;
    return $app ??= applicationAt(URL);
}

function person(): GraphServiceClient
{
    static $person;
    return $person ??= graphAt(
        URL,
        new AuthorizationCodeContext(TENANT, APPLICATION, SECRET, signIn(), REDIRECT_URI),
    );
}

function pair(?Presence $presence): string
{
    return "{$presence?->getAvailability()}/{$presence?->getActivity()}";
}

function shown(): string
{
    return pair(app()->users()->byUserId(VIKTOR)->presence()->get()->wait());
}

function session(string $availability, string $activity): SetPresencePostRequestBody
{
    $body = new SetPresencePostRequestBody();
    $body->setSessionId(APPLICATION);
    $body->setAvailability($availability);
    $body->setActivity($activity);
    $body->setExpirationDuration(new DateInterval('PT1H'));
    return $body;
}

function setPresence(string $availability, string $activity): void
{
    app()->users()->byUserId(VIKTOR)->presence()->setPresence()->post(session($availability, $activity))->wait();
}

function clearPresence(): void
{
    $body = new ClearPresencePostRequestBody();
    $body->setSessionId(APPLICATION);
    app()->users()->byUserId(VIKTOR)->presence()->clearPresence()->post($body)->wait();
}

function equal(mixed $expected, mixed $actual): void
{
    if ($expected !== $actual) {
        throw new RuntimeException(var_export($actual, true) . ' and not ' . var_export($expected, true));
    }
}

function holds(mixed $condition, string $otherwise): void
{
    if (!$condition) {
        throw new RuntimeException($otherwise);
    }
}

function errorOf(callable $request): ODataError
{
    try {
        $request();
    } catch (ODataError $error) {
        return $error;
    }
    throw new RuntimeException('there was no error');
}

// Presence, as Graph's pages show it

function aPresence(): void
{
    $presence = app()->users()->byUserId(JONAS)->presence()->get()->wait();
    equal(JONAS, $presence->getId());
    equal('DoNotDisturb/Presenting', pair($presence));
    equal(false, $presence->getOutOfOfficeSettings()->getIsOutOfOffice());
    holds($presence->getSequenceNumber(), 'no sequence number');
    $other = app()->communications()->presences()->byPresenceId(PRIYA)->get()->wait();
    equal('Away/BeRightBack', pair($other));
}

function ownPresence(): void
{
    $presence = person()->me()->presence()->get()->wait();
    equal(VIKTOR, $presence->getId());
    equal('Offline/Offline', pair($presence));
}

function severalPresences(): void
{
    $body = new GetPresencesByUserIdPostRequestBody();
    $body->setIds([MARA, JONAS]);
    $presences = app()->communications()->getPresencesByUserId()->post($body)->wait()->getValue();
    equal([MARA, JONAS], array_map(fn (Presence $presence) => $presence->getId(), $presences));
    equal(['Busy/InAMeeting', 'DoNotDisturb/Presenting'], array_map(pair(...), $presences));
}

function allPresences(): void
{
    $request = new PresencesRequestBuilderGetRequestConfiguration();
    $request->queryParameters = PresencesRequestBuilderGetRequestConfiguration::createQueryParameters(top: 5);
    $first = app()->communications()->presences()->get($request)->wait();
    $seen = [];
    (new PageIterator($first, app()->getRequestAdapter()))->iterate(function (Presence $presence) use (&$seen) {
        $seen[$presence->getId()] = true;
        return true;
    });
    equal(app()->communications()->presences()->count()->get()->wait(), count($seen));
    holds(count($seen) > 5, 'one page only');
}

function sessions(): void
{
    setPresence('Busy', 'InACall');
    equal('Busy/InACall', shown());
    clearPresence();
    equal('Offline/Offline', shown());

    $presence = app()->communications()->presences()->byPresenceId(VIKTOR);
    $set = new CommunicationsSetPresence\SetPresencePostRequestBody();
    $set->setSessionId(APPLICATION);
    $set->setAvailability('Available');
    $set->setActivity('Available');
    $set->setExpirationDuration(new DateInterval('PT5M'));
    $presence->setPresence()->post($set)->wait();
    equal('Available/Available', pair($presence->get()->wait()));
    $clear = new CommunicationsClearPresence\ClearPresencePostRequestBody();
    $clear->setSessionId(APPLICATION);
    $presence->clearPresence()->post($clear)->wait();
}

function preferredPresence(): void
{
    setPresence('Available', 'Available');
    $body = new SetUserPreferredPresencePostRequestBody();
    $body->setAvailability('DoNotDisturb');
    $body->setActivity('DoNotDisturb');
    $body->setExpirationDuration(new DateInterval('PT8H'));
    person()->me()->presence()->setUserPreferredPresence()->post($body)->wait();
    equal('DoNotDisturb/DoNotDisturb', shown());
    person()->me()->presence()->clearUserPreferredPresence()->post()->wait();
    equal('Available/Available', shown());
    clearPresence();
}

function say(string $text, ?DateTimeTimeZone $until): void
{
    $item = new ItemBody();
    $item->setContent($text);
    $item->setContentType(new BodyType(BodyType::TEXT));
    $message = new PresenceStatusMessage();
    $message->setMessage($item);
    $message->setExpiryDateTime($until);
    $body = new SetStatusMessagePostRequestBody();
    $body->setStatusMessage($message);
    person()->me()->presence()->setStatusMessage()->post($body)->wait();
}

function statusMessage(): void
{
    $text = 'In a meeting until noon ☕';
    $end = gmdate('Y-m-d\TH:i:s', time() + 7200);
    $until = new DateTimeTimeZone();
    $until->setDateTime($end);
    $until->setTimeZone('UTC');
    say($text, $until);
    $own = person()->me()->presence()->get()->wait()->getStatusMessage();
    $seen = app()->users()->byUserId(VIKTOR)->presence()->get()->wait()->getStatusMessage();
    equal([$text, $text], [$own->getMessage()->getContent(), $seen->getMessage()->getContent()]);
    holds(str_starts_with($own->getExpiryDateTime()->getDateTime(), $end), 'another end');
    holds($own->getPublishedDateTime(), 'not published');
    equal(null, $seen->getExpiryDateTime()); // only the person sees when the message ends

    say('', null);
    equal(null, person()->me()->presence()->get()->wait()->getStatusMessage());
}

function workLocation(): void
{
    $mine = person()->me()->presence();
    $manual = new SetManualLocationPostRequestBody();
    $manual->setWorkLocationType(new WorkLocationType(WorkLocationType::OFFICE));
    $manual->setPlaceId('brno-1-16');
    $mine->setManualLocation()->post($manual)->wait();
    equal('brno-1-16', $mine->get()->wait()->getWorkLocation()->getPlaceId());

    $automatic = new SetAutomaticLocationPostRequestBody();
    $automatic->setWorkLocationType(new WorkLocationType(WorkLocationType::REMOTE));
    $mine->setAutomaticLocation()->post($automatic)->wait();
    // The choice of the person goes first.
    equal('office', $mine->get()->wait()->getWorkLocation()->getWorkLocationType()->value());
    $mine->clearAutomaticLocation()->post()->wait();
    $mine->clearLocation()->post()->wait();
}

// The directory

function people(): void
{
    $asked = function (array $headers = [], mixed ...$query): UsersRequestBuilderGetRequestConfiguration {
        $request = new UsersRequestBuilderGetRequestConfiguration($headers);
        $request->queryParameters = UsersRequestBuilderGetRequestConfiguration::createQueryParameters(...$query);
        return $request;
    };
    $eventual = ['ConsistencyLevel' => 'eventual'];
    $names = [];
    $first = app()->users()->get($asked(top: 5, select: ['id', 'displayName']))->wait();
    (new PageIterator($first, app()->getRequestAdapter()))->iterate(function ($user) use (&$names) {
        $names[] = $user->getDisplayName();
        return true;
    });
    holds(in_array('Mara Lindqvist', $names) && count($names) > 10, implode(', ', $names));

    $filter = "department eq 'Engineering' and startswith(displayName,'V')";
    equal(VIKTOR, app()->users()->get($asked(filter: $filter))->wait()->getValue()[0]->getId());
    $found = app()->users()->get($asked($eventual, search: '"displayName:lindqvist"', count: true))->wait();
    equal(1, $found->getOdataCount());
    equal(MARA, $found->getValue()[0]->getId());
    $counting = new CountRequestBuilderGetRequestConfiguration($eventual);
    equal(count($names), app()->users()->count()->get($counting)->wait());
}

function onePerson(): void
{
    $me = person()->me()->get()->wait();
    equal(VIKTOR, $me->getId());
    equal(VIKTOR, app()->users()->byUserId($me->getUserPrincipalName())->get()->wait()->getId());
    holds(person()->me()->people()->get()->wait()->getValue(), 'nobody is near');
    $error = errorOf(fn () => app()->users()->byUserId(VIKTOR)->manager()->get()->wait());
    equal(404, $error->getResponseStatusCode());
    $organization = app()->organization()->get()->wait()->getValue()[0];
    equal(TENANT, $organization->getId());
    equal('contoso.example', $organization->getVerifiedDomains()[0]->getName());
}

function photo(): void
{
    $mara = app()->users()->byUserId(MARA);
    holds($mara->photo()->get()->wait()->getWidth() > 0, 'no width');
    holds(strlen((string) $mara->photo()->content()->get()->wait()) > 1000, 'no picture');
    $size = $mara->photos()->get()->wait()->getValue()[0]->getId();
    holds((string) $mara->photos()->byProfilePhotoId($size)->content()->get()->wait(), "nothing in $size");

    $content = app()->users()->byUserId(VIKTOR)->photo()->content();
    $dot = base64_decode(DOT);
    $content->put(Utils::streamFor($dot))->wait();
    equal($dot, (string) $content->get()->wait());
    $content->delete()->wait();
    equal('ImageNotFound', errorOf(fn () => $content->get()->wait())->getError()->getCode());
}

function automaticReplies(): void
{
    $reply = function (string $status, ?string $text): void {
        $replies = new AutomaticRepliesSetting();
        $replies->setStatus(new AutomaticRepliesStatus($status));
        $replies->setInternalReplyMessage($text);
        $settings = new MailboxSettings();
        $settings->setAutomaticRepliesSetting($replies);
        person()->me()->mailboxSettings()->patch($settings)->wait();
    };
    $outOfOffice = fn () => app()->users()->byUserId(VIKTOR)->presence()->get()->wait()->getOutOfOfficeSettings();

    $reply(AutomaticRepliesStatus::ALWAYS_ENABLED, 'Back on Monday.');
    $settings = person()->me()->mailboxSettings()->get()->wait();
    equal('Back on Monday.', $settings->getAutomaticRepliesSetting()->getInternalReplyMessage());
    equal('Back on Monday.', $outOfOffice()->getMessage());
    $reply(AutomaticRepliesStatus::DISABLED, null);
    equal(false, $outOfOffice()->getIsOutOfOffice());
}

// Subscriptions

/** A web server of its own, because PHP does one thing at a time: a subscription is confirmed while it is asked for. */
final class Receiver
{
    public readonly string $url;
    private readonly string $file;
    private $process;

    public function __construct()
    {
        $this->file = tempnam(sys_get_temp_dir(), 'received');
        $free = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($free, false);
        fclose($free);
        $this->url = "http://$address/presence";
        $silent = ['file', '/dev/null', 'w'];
        $this->process = proc_open(
            [PHP_BINARY, '-S', $address, __DIR__ . '/receiver.php'],
            [1 => $silent, 2 => $silent],
            $pipes,
            null,
            ['RECEIVED' => $this->file] + getenv(),
        );
        $this->until(fn () => @file_get_contents("$this->url?validationToken=ready") === 'ready');
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        unlink($this->file);
    }

    public function next(): array
    {
        return json_decode($this->until(fn () => strtok((string) file_get_contents($this->file), "\n")), true);
    }

    private function until(callable $answer): mixed
    {
        for ($end = microtime(true) + WAIT_SECONDS_MAX; microtime(true) < $end; usleep(50_000)) {
            if ($value = $answer()) {
                return $value;
            }
        }
        throw new RuntimeException('nothing came within ' . WAIT_SECONDS_MAX . ' s');
    }
}

function wanted(Receiver $receiver): Subscription
{
    $wanted = new Subscription();
    $wanted->setChangeType('updated');
    $wanted->setNotificationUrl($receiver->url);
    $wanted->setResource('/communications/presences/' . VIKTOR);
    $wanted->setExpirationDateTime(new DateTime('+50 minutes'));
    $wanted->setClientState('from PHP');
    return $wanted;
}

function subscription(): void
{
    $receiver = new Receiver();
    $made = person()->subscriptions()->post(wanted($receiver))->wait();
    equal([VIKTOR, APPLICATION], [$made->getCreatorId(), $made->getApplicationId()]);
    setPresence('Busy', 'InACall');
    $item = $receiver->next()['value'][0];
    clearPresence();
    equal([$made->getId(), 'from PHP', 'updated'], [$item['subscriptionId'], $item['clientState'], $item['changeType']]);
    equal(VIKTOR, $item['resourceData']['id']);

    $mine = person()->subscriptions()->bySubscriptionId($made->getId());
    $all = person()->subscriptions()->get()->wait()->getValue();
    holds(in_array($made->getId(), array_map(fn (Subscription $one) => $one->getId(), $all)), 'not in the list');
    $later = new Subscription();
    $later->setExpirationDateTime(new DateTime('+59 minutes'));
    holds($mine->patch($later)->wait()->getExpirationDateTime() > $made->getExpirationDateTime(), 'not renewed');
    $mine->reauthorize()->post()->wait();
    $mine->delete()->wait();
    equal(404, errorOf(fn () => $mine->get()->wait())->getResponseStatusCode());
}

/** The steps of Graph's page on notifications with resource data. */
function opened(array $content, OpenSSLAsymmetricKey $key): array
{
    openssl_private_decrypt(base64_decode($content['dataKey']), $secret, $key, OPENSSL_PKCS1_OAEP_PADDING);
    $data = base64_decode($content['data']);
    $signature = hash_hmac('sha256', $data, $secret, true);
    holds(hash_equals($signature, base64_decode($content['dataSignature'])), 'the signature is wrong');
    $text = openssl_decrypt($data, 'aes-256-cbc', $secret, OPENSSL_RAW_DATA, substr($secret, 0, 16));
    return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
}

function presenceInANotification(): void
{
    $key = openssl_pkey_new(['private_key_bits' => 2048]);
    $request = openssl_csr_new(['commonName' => 'presence in notifications'], $key);
    openssl_x509_export(openssl_csr_sign($request, null, $key, 1, ['digest_alg' => 'sha256']), $pem);

    $receiver = new Receiver();
    $wanted = wanted($receiver);
    $wanted->setIncludeResourceData(true);
    $wanted->setEncryptionCertificate(preg_replace('/-----[^-]+-----|\s/', '', $pem));
    $wanted->setEncryptionCertificateId('of this run');
    $made = person()->subscriptions()->post($wanted)->wait();
    setPresence('DoNotDisturb', 'Presenting');
    $told = $receiver->next();
    clearPresence();
    person()->subscriptions()->bySubscriptionId($made->getId())->delete()->wait();

    $content = $told['value'][0]['encryptedContent'];
    equal('of this run', $content['encryptionCertificateId']);
    $presence = opened($content, $key);
    equal([VIKTOR, 'Presenting'], [$presence['id'], $presence['activity']]);

    $fetched = fn (string $url) => json_decode(file_get_contents($url), true, flags: JSON_THROW_ON_ERROR);
    $keys = $fetched($fetched(URL . '/common/.well-known/openid-configuration')['jwks_uri']);
    $claims = (array) JWT::decode($told['validationTokens'][0], JWK::parseKeySet($keys, 'RS256'));
    equal([APPLICATION, TENANT], [$claims['aud'], $claims['tid']]);
    equal(PUBLISHER, $claims['azp'] ?? $claims['appid']);
}

// Several requests in one, and what goes wrong

function batch(): void
{
    $users = app()->users();
    $set = $users->byUserId(VIKTOR)->presence()->setPresence();
    $answers = (new BatchRequestBuilder(app()->getRequestAdapter()))->postAsync(new BatchRequestContent([
        new BatchRequestItem($users->byUserId(MARA)->presence()->toGetRequestInformation(), 'mara'),
        new BatchRequestItem($users->byUserId(NOBODY)->presence()->toGetRequestInformation(), 'nobody'),
        new BatchRequestItem($set->toPostRequestInformation(session('Busy', 'InACall')), 'busy'),
    ]))->wait();
    $status = fn (string $id) => $answers->getResponse($id)->getStatusCode();
    equal([200, 404, 200], array_map($status, ['mara', 'nobody', 'busy']));
    equal('Busy/InAMeeting', pair($answers->getResponseBody('mara', Presence::class)));
    $error = $answers->getResponseBody('nobody', ODataError::class)->getError();
    equal('Request_ResourceNotFound', $error->getCode());
    equal('Busy/InACall', shown());
    clearPresence();
}

function errors(): void
{
    $missing = errorOf(fn () => app()->users()->byUserId(NOBODY)->presence()->get()->wait());
    equal([404, 'Request_ResourceNotFound'], [$missing->getResponseStatusCode(), $missing->getError()->getCode()]);
    $inner = $missing->getError()->getInnerError();
    holds($inner->getRequestId() && $inner->getDate(), 'no inner error');
    equal(400, errorOf(fn () => setPresence('Busy', 'Available'))->getResponseStatusCode());

    $many = new GetPresencesByUserIdPostRequestBody();
    $many->setIds(array_map(fn (int $n) => sprintf('00000000-0000-4000-8000-%012d', $n), range(0, 650)));
    $error = errorOf(fn () => app()->communications()->getPresencesByUserId()->post($many)->wait());
    holds(str_contains($error->getError()->getMessage(), '650'), $error->getError()->getMessage());

    $place = new SetManualLocationPostRequestBody();
    $place->setWorkLocationType(new WorkLocationType(WorkLocationType::OFFICE));
    $viktor = app()->users()->byUserId(VIKTOR)->presence();
    $denied = errorOf(fn () => $viktor->setManualLocation()->post($place)->wait());
    equal([403, 'Forbidden'], [$denied->getResponseStatusCode(), $denied->getError()->getCode()]);
    $mara = person()->users()->byUserId(MARA)->presence();
    $other = errorOf(fn () => $mara->setPresence()->post(session('Busy', 'InACall'))->wait());
    equal(401, $other->getResponseStatusCode());
    equal(400, errorOf(fn () => app()->me()->presence()->get()->wait())->getResponseStatusCode());
}

function hostNotAllowed(): void
{
    $context = new ClientCredentialContext(TENANT, APPLICATION, SECRET);
    $graph = graphAt(URL, $context, ['graph.microsoft.com']);
    $error = errorOf(fn () => $graph->users()->byUserId(MARA)->presence()->get()->wait());
    equal(401, $error->getResponseStatusCode());
    holds(str_contains($error->getError()->getMessage(), 'allowed hosts'), $error->getError()->getMessage());
}

function throttled(): void
{
    $url = THROTTLED_URL ?? throw new Skipped('no THROTTLED_URL');
    // A client for each: the option of one request stays with the client of this SDK.
    $impatient = applicationAt($url)->users()->byUserId(MARA)->presence();
    $atOnce = new PresenceRequestBuilderGetRequestConfiguration(null, [new RetryOption(0)]);
    $error = errorOf(function () use ($impatient, $atOnce) {
        for ($request = 0; $request < REQUESTS_UNTIL_THROTTLED_MAX; $request++) {
            $impatient->get($atOnce)->wait();
        }
    });
    equal([429, 'TooManyRequests'], [$error->getResponseStatusCode(), $error->getError()->getCode()]);

    $headers = array_change_key_case($error->getResponseHeaders());
    $wait = (int) ((array) $headers['retry-after'])[0];
    $start = microtime(true);
    equal('Busy/InAMeeting', pair(applicationAt($url)->users()->byUserId(MARA)->presence()->get()->wait()));
    holds(microtime(true) - $start > $wait - 1.5, "the client waited less than $wait s");
}

$checks = [
    'the presence of a person' => aPresence(...),
    'the presence of the person who signed in' => ownPresence(...),
    'the presence of several people' => severalPresences(...),
    'all presences, page by page' => allPresences(...),
    'setPresence and clearPresence' => sessions(...),
    'setUserPreferredPresence and clearUserPreferredPresence' => preferredPresence(...),
    'setStatusMessage' => statusMessage(...),
    'work locations' => workLocation(...),
    'people by pages, $filter, $search, $count' => people(...),
    'a person, the people around, the manager, the organization' => onePerson(...),
    'photos' => photo(...),
    'automatic replies' => automaticReplies(...),
    'a subscription and its notification' => subscription(...),
    'a notification with presence is opened, and its token confirmed' => presenceInANotification(...),
    'a batch' => batch(...),
    'errors as the SDK shows them' => errors(...),
    'a host that is not allowed gets no token, and the 401 says so' => hostNotAllowed(...),
    '429 and Retry-After' => throttled(...),
];
$failed = 0;
foreach ($checks as $name => $check) {
    try {
        $check();
        echo "PASS $name\n";
    } catch (Skipped $skipped) {
        echo "SKIP $name: {$skipped->getMessage()}\n";
    } catch (Throwable $error) {
        $failed++;
        $said = $error instanceof ODataError ? $error->getError()?->getMessage() : $error->getMessage();
        $lines = array_filter([$error, ...$error->getTrace()], fn ($at) => is_array($at) && ($at['file'] ?? '') === __FILE__);
        echo "FAIL $name: ", $error::class, ': ', preg_replace('/\s+/', ' ', (string) $said), ' (lines ',
            implode(', ', array_column($lines, 'line')), ")\n";
    }
}
exit($failed === 0 ? 0 : 1);

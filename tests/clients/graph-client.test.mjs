// @azure/identity and @microsoft/microsoft-graph-client, as a program that speaks for itself uses them.
// Changed against a program for the real service: authorityHost, disableInstanceDiscovery, baseUrl, customHosts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientSecretCredential } from '@azure/identity';
import { Client, GraphError } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { demo, sharedServer, startServerLike } from './servers.mjs';

const server = sharedServer();

function credentialFor({ https }, tenant = demo.tenant, secret = demo.secret) {
  return new ClientSecretCredential(tenant, demo.application, secret, {
    authorityHost: https,
    disableInstanceDiscovery: true,
  });
}

function graphOf(at, credential = credentialFor(at)) {
  return Client.initWithMiddleware({
    baseUrl: at.https,
    customHosts: new Set(['localhost']),
    authProvider: new TokenCredentialAuthenticationProvider(credential, {
      scopes: ['https://graph.microsoft.com/.default'],
    }),
  });
}

const graph = graphOf(server);

for (const version of ['v1.0', 'beta']) {
  test(`one person's presence is read by user id in ${version}`, async () => {
    const presence = await graph.api(`/users/${demo.inAMeeting}/presence`).version(version).get();
    assert.equal(presence.id, demo.inAMeeting);
    assert.equal(presence.availability, 'Busy');
    assert.equal(presence.activity, 'InAMeeting');
    assert.equal(typeof presence.outOfOfficeSettings.isOutOfOffice, 'boolean');
    assert.match(presence.sequenceNumber, /^[A-Z]\d+$/);
    assert.match(
      presence['@odata.context'],
      new RegExp(`/${version}/\\$metadata#users\\('${demo.inAMeeting}'\\)/presence/\\$entity$`),
    );
  });

  test(`a presence of communications is one object and no list in ${version}`, async () => {
    const presence = await graph
      .api(`/communications/presences/${demo.presenting}`)
      .version(version)
      .get();
    assert.equal(presence.value, undefined);
    assert.equal(presence.id, demo.presenting);
    assert.equal(presence.availability, 'DoNotDisturb');
    assert.equal(presence.activity, 'Presenting');
  });

  test(`several people's presences come in the order asked for in ${version}`, async () => {
    const ids = [demo.rightBack, demo.inAMeeting, demo.presenting];
    const answer = await graph
      .api('/communications/getPresencesByUserId')
      .version(version)
      .post({ ids });
    assert.deepEqual(
      answer.value.map(({ id, availability, activity }) => [id, availability, activity]),
      [
        [demo.rightBack, 'Away', 'BeRightBack'],
        [demo.inAMeeting, 'Busy', 'InAMeeting'],
        [demo.presenting, 'DoNotDisturb', 'Presenting'],
      ],
    );
  });
}

test('the list of presences is read page by page to its end', async () => {
  const seen = new Set();
  let page = await graph.api('/communications/presences').top(5).get();
  for (;;) {
    assert.ok(page.value.length > 0 && page.value.length <= 5);
    for (const { id, availability } of page.value) {
      assert.ok(!seen.has(id), `${id} came twice`);
      assert.ok(availability);
      seen.add(id);
    }
    const next = page['@odata.nextLink'];
    if (!next) {
      break;
    }
    page = await graph.api(next).get();
  }
  for (const id of [demo.inAMeeting, demo.presenting, demo.rightBack]) {
    assert.ok(seen.has(id));
  }
});

test('the list of presences is filtered by id', async () => {
  const answer = await graph
    .api('/communications/presences')
    .filter(`id in ('${demo.presenting}','${demo.rightBack}')`)
    .get();
  assert.deepEqual(
    answer.value.map(({ id }) => id).sort(),
    [demo.presenting, demo.rightBack].sort(),
  );
});

test('a selection of members is read', async () => {
  const presence = await graph
    .api(`/users/${demo.presenting}/presence`)
    .select(['id', 'activity'])
    .get();
  delete presence['@odata.context'];
  assert.deepEqual(presence, { id: demo.presenting, activity: 'Presenting' });
});

test('the key form of the path and the qualified action name are understood', async () => {
  const one = await graph.api(`/users('${demo.rightBack}')/presence`).get();
  assert.equal(one.activity, 'BeRightBack');
  const many = await graph
    .api('/communications/microsoft.graph.getPresencesByUserId')
    .post({ ids: [demo.rightBack] });
  assert.equal(many.value[0].activity, 'BeRightBack');
});

test('the tenant may be named by its domain', async () => {
  const presence = await graphOf(server, credentialFor(server, demo.domain))
    .api(`/users/${demo.inAMeeting}/presence`)
    .get();
  assert.equal(presence.activity, 'InAMeeting');
});

test('an application that asks for its own presence gets the error of Graph', async () => {
  const error = await failure(graph.api('/me/presence').get());
  assert.ok(error instanceof GraphError);
  assert.equal(error.statusCode, 400);
  assert.equal(error.code, 'BadRequest');
  assert.equal(error.message, '/me request is only valid with delegated authentication flow.');
  assert.ok(error.requestId);
});

test('an unknown person is an error with a code that the client understands', async () => {
  const error = await failure(graph.api(`/users/${demo.nobody}/presence`).get());
  assert.equal(error.statusCode, 404);
  assert.equal(error.code, 'Request_ResourceNotFound');
  assert.match(error.message, new RegExp(demo.nobody));
});

test('a wrong secret is the error of the token service', async () => {
  const credential = credentialFor(server, demo.tenant, 'not-the-secret');
  const error = await failure(credential.getToken('https://graph.microsoft.com/.default'));
  assert.match(error.message, /AADSTS7000215/);
});

test('a host that the client was not told of gets no token and an answer that says why', async () => {
  const untold = Client.initWithMiddleware({
    baseUrl: server.https,
    authProvider: new TokenCredentialAuthenticationProvider(credentialFor(server), {
      scopes: ['https://graph.microsoft.com/.default'],
    }),
  });
  const error = await failure(untold.api(`/users/${demo.inAMeeting}/presence`).get());
  assert.equal(error.statusCode, 401);
  assert.equal(error.code, 'InvalidAuthenticationToken');
  assert.match(error.message, /customHosts/);
});

test('the retry handler of the client survives being throttled', async () => {
  const narrow = await startServerLike(server, { 'throttle-limit': 3 });
  try {
    const credential = credentialFor(narrow);
    const { token } = await credential.getToken('https://graph.microsoft.com/.default');
    const url = `${narrow.https}/v1.0/users/${demo.inAMeeting}/presence`;
    let refused;
    for (let request = 0; request < 4; request++) {
      refused = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    }
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get('Retry-After'), /^[1-9]\d?$/);
    assert.equal((await refused.json()).error.code, 'TooManyRequests');

    // The body of a write is sent again with it, and takes effect once it is let through.
    const graph = graphOf(narrow, credential);
    await graph.api(`/users/${demo.inAMeeting}/presence/setPresence`).post({
      sessionId: demo.application,
      availability: 'DoNotDisturb',
      activity: 'Presenting',
      expirationDuration: 'PT1H',
    });
    const presence = await graph.api(`/users/${demo.inAMeeting}/presence`).get();
    assert.equal(presence.activity, 'Presenting');
  } finally {
    await narrow.stop();
  }
});

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail('The call should have failed.');
}

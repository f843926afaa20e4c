// @microsoft/msgraph-sdk, the generated client for JavaScript. Its package for users has a typed path to a
// person's presence; there is no package for communications, so those routes use its adapter and models.
// Changed against a program for the real service: authorityHost, disableInstanceDiscovery, baseUrl, allowed hosts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientSecretCredential } from '@azure/identity';
import { HttpMethod, RequestInformation } from '@microsoft/kiota-abstractions';
import { AzureIdentityAuthenticationProvider } from '@microsoft/kiota-authentication-azure';
import { GraphRequestAdapter, createGraphServiceClient } from '@microsoft/msgraph-sdk';
import { createPresenceFromDiscriminatorValue } from '@microsoft/msgraph-sdk/models/index.js';
import { createODataErrorFromDiscriminatorValue } from '@microsoft/msgraph-sdk/models/oDataErrors/index.js';
import '@microsoft/msgraph-sdk-users';
import { demo, sharedServer, startServerLike } from './servers.mjs';

const server = sharedServer();
const errors = {
  _4XX: createODataErrorFromDiscriminatorValue,
  _5XX: createODataErrorFromDiscriminatorValue,
};

function adapterOf(at) {
  const credential = new ClientSecretCredential(demo.tenant, demo.application, demo.secret, {
    authorityHost: at.https,
    disableInstanceDiscovery: true,
  });
  const adapter = new GraphRequestAdapter(
    new AzureIdentityAuthenticationProvider(
      credential,
      ['https://graph.microsoft.com/.default'],
      undefined,
      new Set(['localhost']),
    ),
  );
  adapter.baseUrl = `${at.https}/v1.0`;
  return adapter;
}

const adapter = adapterOf(server);
const graph = createGraphServiceClient(adapter);

function request(method, template, parameters = {}) {
  return new RequestInformation(method, template, { baseurl: adapter.baseUrl, ...parameters });
}

test('the typed path of a person gives a populated presence', async () => {
  const presence = await graph.users.byUserId(demo.inAMeeting).presence.get();
  assert.equal(presence.id, demo.inAMeeting);
  assert.equal(presence.availability, 'Busy');
  assert.equal(presence.activity, 'InAMeeting');
  assert.equal(typeof presence.outOfOfficeSettings.isOutOfOffice, 'boolean');
  assert.ok(presence.sequenceNumber);
  assert.equal(typeof presence.workLocation.source, 'string');
  assert.equal(typeof presence.workLocation.workLocationType, 'string');
});

test('the typed path passes a selection on', async () => {
  const presence = await graph.users
    .byUserId(demo.presenting)
    .presence.get({ queryParameters: { select: ['activity'] } });
  assert.equal(presence.activity, 'Presenting');
  assert.equal(presence.availability, undefined);
});

test('a presence of communications fills the typed model', async () => {
  const presence = await adapter.send(
    request(HttpMethod.GET, '{+baseurl}/communications/presences/{presence%2Did}', {
      'presence%2Did': demo.presenting,
    }),
    createPresenceFromDiscriminatorValue,
    errors,
  );
  assert.equal(presence.id, demo.presenting);
  assert.equal(presence.availability, 'DoNotDisturb');
});

test('several presences and the list fill the typed collection', async () => {
  const bulk = request(HttpMethod.POST, '{+baseurl}/communications/getPresencesByUserId');
  bulk.headers.add('Content-Type', 'application/json');
  bulk.content = new TextEncoder().encode(
    JSON.stringify({ ids: [demo.rightBack, demo.presenting] }),
  ).buffer;
  const several = await adapter.send(bulk, collectionOfPresences, errors);
  assert.deepEqual(
    several.value.map(({ activity }) => activity),
    ['BeRightBack', 'Presenting'],
  );

  const list = await adapter.send(
    request(HttpMethod.GET, '{+baseurl}/communications/presences'),
    collectionOfPresences,
    errors,
  );
  assert.ok(list.value.length >= 10);
  assert.ok(list.value.every(({ id, availability }) => id && availability));
});

test('an unknown person is the typed error of Graph', async () => {
  await assert.rejects(graph.users.byUserId(demo.nobody).presence.get(), (error) => {
    assert.equal(error.responseStatusCode, 404);
    assert.equal(error.errorEscaped.code, 'Request_ResourceNotFound');
    assert.ok(error.errorEscaped.innerError.requestId);
    return true;
  });
});

test('the retry handler of the generated client survives being throttled', async () => {
  const narrow = await startServerLike(server, { 'throttle-limit': 2 });
  try {
    const presence = createGraphServiceClient(adapterOf(narrow)).users.byUserId(
      demo.inAMeeting,
    ).presence;
    // The third of three is refused at first, as the limit is two.
    for (let call = 0; call < 3; call++) {
      assert.equal((await presence.get()).activity, 'InAMeeting');
    }
  } finally {
    await narrow.stop();
  }
});

function collectionOfPresences() {
  return (collection = {}) => ({
    value: (node) => {
      collection.value = node.getCollectionOfObjectValues(createPresenceFromDiscriminatorValue);
    },
  });
}

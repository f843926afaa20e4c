// @microsoft/msgraph-sdk writes: every typed action under a person's presence, with the bodies and durations that the
// generated models make; and people of the directory, page after page. The server is one of its own, so that
// nobody else sees this person change.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ClientSecretCredential, UsernamePasswordCredential } from '@azure/identity';
import { Duration } from '@microsoft/kiota-abstractions';
import { AzureIdentityAuthenticationProvider } from '@microsoft/kiota-authentication-azure';
import { GraphRequestAdapter, createGraphServiceClient } from '@microsoft/msgraph-sdk';
import '@microsoft/msgraph-sdk-users';
import { demo, sharedServer, startServerLike } from './servers.mjs';

const person = '00a154d8-5ed8-4bcc-b5c7-19c2add9ca88';
const name = 'viktor.novak@contoso.example';
const hour = new Duration({ hours: 1 });
let server;
let graph;
let presence;
let presenceOfThePerson;

function graphFor(credential, scopes) {
  const adapter = new GraphRequestAdapter(
    new AzureIdentityAuthenticationProvider(credential, scopes, undefined, new Set(['localhost'])),
  );
  adapter.baseUrl = `${server.https}/v1.0`;
  return createGraphServiceClient(adapter);
}

before(async () => {
  server = await startServerLike(sharedServer());
  const settings = { authorityHost: server.https, disableInstanceDiscovery: true };
  graph = graphFor(
    new ClientSecretCredential(demo.tenant, demo.application, demo.secret, settings),
    ['https://graph.microsoft.com/.default'],
  );
  presence = graph.users.byUserId(person).presence;
  presenceOfThePerson = graphFor(
    new UsernamePasswordCredential(demo.tenant, demo.publicClient, name, 'demo', settings),
    ['Presence.Read', 'Presence.ReadWrite'].map((scope) => `https://graph.microsoft.com/${scope}`),
  ).users.byUserId(person).presence;
});
after(() => server.stop());

test('an application sets and clears its session', async () => {
  const session = { sessionId: demo.application };
  const inACall = { availability: 'Busy', activity: 'InACall', expirationDuration: hour };
  await presence.setPresence.post({ ...session, ...inACall });
  assert.equal((await presence.get()).activity, 'InACall');
  await presence.clearPresence.post(session);
  assert.equal((await presence.get()).activity, 'Offline');
  await assert.rejects(presence.clearPresence.post(session), (error) => {
    assert.equal(error.responseStatusCode, 404);
    assert.equal(error.errorEscaped.code, 'NotFound');
    return true;
  });
});

test('a preference is set over a session and taken back', async () => {
  const available = { availability: 'Available', activity: 'Available' };
  await presence.setPresence.post({ sessionId: demo.application, ...available });
  const away = { availability: 'BeRightBack', activity: 'BeRightBack', expirationDuration: hour };
  await presence.setUserPreferredPresence.post(away);
  assert.equal((await presence.get()).availability, 'BeRightBack');
  await presence.clearUserPreferredPresence.post();
  assert.equal((await presence.get()).availability, 'Available');
});

test('a status message is set, read with its dates by its owner, and cleared', async () => {
  const message = { content: 'Back at three', contentType: 'text' };
  const expiryDateTime = { dateTime: '2090-10-18T15:00:00', timeZone: 'Pacific Standard Time' };
  await presence.setStatusMessage.post({ statusMessage: { message, expiryDateTime } });
  const own = (await presenceOfThePerson.get()).statusMessage;
  assert.equal(own.message.content, 'Back at three');
  assert.equal(own.expiryDateTime.dateTime, '2090-10-18T22:00:00.0000000');
  assert.ok(own.publishedDateTime instanceof Date);
  assert.equal((await presence.get()).statusMessage.publishedDateTime, undefined);
  await presence.setStatusMessage.post({
    statusMessage: { message: { content: '', contentType: 'text' } },
  });
  // This client makes an object without members of a null.
  assert.equal((await presence.get()).statusMessage?.message, undefined);
});

test('a person says where they work; an application may not', async () => {
  const office = { workLocationType: 'office', placeId: 'prague-2-11' };
  await presenceOfThePerson.setManualLocation.post(office);
  const { workLocation } = await presenceOfThePerson.get();
  assert.equal(workLocation.source, 'manual');
  assert.equal(workLocation.placeId, 'prague-2-11');
  await presenceOfThePerson.setAutomaticLocation.post({ workLocationType: 'remote' });
  await presenceOfThePerson.clearAutomaticLocation.post();
  await presenceOfThePerson.clearLocation.post();
  assert.equal((await presenceOfThePerson.get()).workLocation.source, 'none');
  await assert.rejects(presence.setManualLocation.post(office), { responseStatusCode: 403 });
});

test('people are read page after page by the typed link', async () => {
  const found = [];
  let page = await graph.users.get({ queryParameters: { top: 5, select: ['id', 'displayName'] } });
  for (;;) {
    found.push(...page.value);
    if (!page.odataNextLink) {
      break;
    }
    page = await graph.users.withUrl(page.odataNextLink).get();
  }
  assert.equal(found.length, await graph.users.count.get({ headers: eventual }));
  assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
});

const eventual = { ConsistencyLevel: ['eventual'] };

// @microsoft/microsoft-graph-client writes: every action, several requests in one, page after page. The server is
// one of its own, so that nobody else sees these people change.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ClientSecretCredential, UsernamePasswordCredential } from '@azure/identity';
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  PageIterator,
} from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { demo, sharedServer, startServerLike } from './servers.mjs';

const person = '00a154d8-5ed8-4bcc-b5c7-19c2add9ca88';
const name = 'viktor.novak@contoso.example';
const [base, communications] = [
  `/users/${person}/presence`,
  `/communications/presences/${person}`,
];
let server;
let graph;
let graphOfThePerson;

function graphFor(credential, scopes) {
  return Client.initWithMiddleware({
    baseUrl: server.https,
    customHosts: new Set(['localhost']),
    authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes }),
  });
}

before(async () => {
  server = await startServerLike(sharedServer());
  const settings = { authorityHost: server.https, disableInstanceDiscovery: true };
  graph = graphFor(
    new ClientSecretCredential(demo.tenant, demo.application, demo.secret, settings),
    ['https://graph.microsoft.com/.default'],
  );
  graphOfThePerson = graphFor(
    new UsernamePasswordCredential(demo.tenant, demo.publicClient, name, 'demo', settings),
    ['Presence.Read', 'Presence.ReadWrite'].map((scope) => `https://graph.microsoft.com/${scope}`),
  );
});
after(() => server.stop());

const read = () => graph.api(base).get();
const session = { sessionId: demo.application };
const inACall = { ...session, availability: 'Busy', activity: 'InACall', expirationDuration: 'PT1H' };

// One after the other: each goes on from what the one before it left.
test('every action of presence does what its name says', async (t) => {
  await t.test('setPresence and clearPresence', async () => {
    await graph.api(`${base}/setPresence`).post(inACall);
    assert.equal((await read()).activity, 'InACall');
    await graph.api(`${communications}/clearPresence`).post(session);
    assert.equal((await read()).activity, 'Offline');
  });

  await t.test('setUserPreferredPresence and clearUserPreferredPresence', async () => {
    await graph.api(`${base}/setPresence`).post(inACall);
    await graph
      .api(`${communications}/setUserPreferredPresence`)
      .post({ availability: 'BeRightBack', activity: 'BeRightBack', expirationDuration: 'PT8H' });
    assert.equal((await read()).availability, 'BeRightBack');
    await graph.api(`${base}/clearUserPreferredPresence`).post({});
    assert.equal((await read()).activity, 'InACall');
  });

  await t.test('setStatusMessage', async () => {
    await graph.api(`${base}/setStatusMessage`).post({
      statusMessage: {
        message: { content: 'Back at three', contentType: 'text' },
        expiryDateTime: { dateTime: '2030-10-18T15:00:00', timeZone: 'Pacific Standard Time' },
      },
    });
    assert.equal((await read()).statusMessage.message.content, 'Back at three');
  });

  // For people only, so these are of the person who signs in.
  await t.test('setManualLocation, setAutomaticLocation and what clears them', async () => {
    const where = async () => {
      const { workLocation } = await graphOfThePerson.api('/me/presence').version('beta').get();
      return `${workLocation.source} ${workLocation.workLocationType}`;
    };
    const act = (action, body) => graphOfThePerson.api(`/me/presence/${action}`).version('beta').post(body);
    await act('setAutomaticLocation', { workLocationType: 'office', placeId: 'b1' });
    assert.equal(await where(), 'automatic office');
    await act('setManualLocation', { workLocationType: 'remote' });
    assert.equal(await where(), 'manual remote');
    await act('clearLocation', {});
    assert.equal(await where(), 'none unspecified');
    await act('setAutomaticLocation', { workLocationType: 'office' });
    await act('clearAutomaticLocation', {});
    assert.equal(await where(), 'none unspecified');
  });
});

test('batch content carries writes and reads, in the order that they depend on', async () => {
  // Without a version: the client takes scheme and host away, and a batch's addresses are relative to its version.
  const url = (path) => `${server.https}${path}`;
  const post = (path, body) =>
    new Request(url(path), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const batch = new BatchRequestContent([
    { id: '1', request: post(`/users/${demo.rightBack}/presence/setPresence`, inACall) },
    { id: '2', request: new Request(url(`/users/${demo.rightBack}/presence`)), dependsOn: ['1'] },
    { id: '3', request: new Request(url(`/users/${demo.nobody}/presence`)), dependsOn: ['2'] },
    { id: '4', request: new Request(url(`/users/${demo.rightBack}/presence`)), dependsOn: ['3'] },
  ]);
  const answer = await graph.api('/$batch').post(await batch.getContent());
  const content = new BatchResponseContent(answer);
  assert.equal(content.getResponseById('1').status, 200);
  assert.equal((await content.getResponseById('2').json()).activity, 'InACall');
  assert.equal(content.getResponseById('3').status, 404);
  assert.equal(content.getResponseById('4').status, 424);
});

test('the page iterator visits everybody once, and stops where it is told to', async () => {
  const first = await graph.api('/communications/presences').top(4).get();
  const seen = [];
  const iterator = new PageIterator(graph, first, ({ id }) => {
    seen.push(id);
    return seen.length !== 6;
  });
  await iterator.iterate();
  assert.equal(seen.length, 6);
  await iterator.resume();
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.length >= 10);
  assert.ok(iterator.isComplete());
});

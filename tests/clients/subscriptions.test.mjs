// @microsoft/microsoft-graph-client subscribes to presence: for a person as Graph has it, and for an application
// as only this server does. The receiver is a program of a few lines, as the pages of Graph show it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { ClientSecretCredential, UsernamePasswordCredential } from '@azure/identity';
import { Client } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { demo, sharedServer, startServerLike } from './servers.mjs';

const MINUTE_MS = 60_000;
let server;
let receiver;
let graph;
let graphOfThePerson;

const inMinutes = (minutes) => new Date(Date.now() + minutes * MINUTE_MS).toISOString();
const address = () => `http://localhost:${receiver.address().port}/hook`;
const wanted = (resource) => ({
  changeType: 'updated',
  notificationUrl: address(),
  resource,
  expirationDateTime: inMinutes(50),
  clientState: 'secretClientValue',
});

function graphFor(credential, scopes) {
  return Client.initWithMiddleware({
    baseUrl: server.https,
    customHosts: new Set(['localhost']),
    authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes }),
  });
}

before(async () => {
  server = await startServerLike(sharedServer());
  receiver = createServer((request, response) => {
    const token = new URL(request.url, 'http://localhost').searchParams.get('validationToken');
    response.writeHead(token ? 200 : 202, { 'Content-Type': 'text/plain' }).end(token ?? '');
  });
  await new Promise((resolve) => receiver.listen(0, 'localhost', resolve));
  const settings = { authorityHost: server.https, disableInstanceDiscovery: true };
  graph = graphFor(
    new ClientSecretCredential(demo.tenant, demo.application, demo.secret, settings),
    ['https://graph.microsoft.com/.default'],
  );
  graphOfThePerson = graphFor(
    new UsernamePasswordCredential(
      demo.tenant,
      demo.publicClient,
      'viktor.novak@contoso.example',
      'demo',
      settings,
    ),
    ['https://graph.microsoft.com/Presence.Read.All'],
  );
});
after(async () => {
  await server.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

test('a person subscribes through an application, renews and ends it', async () => {
  const resource = `/communications/presences?$filter=id in ('${demo.inAMeeting}','${demo.presenting}')`;
  const created = await graphOfThePerson.api('/subscriptions').post(wanted(resource));
  assert.equal(created.resource, resource);
  assert.equal(created.clientState, 'secretClientValue');
  const one = `/subscriptions/${created.id}`;
  assert.equal((await graphOfThePerson.api(one).get()).clientState, null);
  const until = inMinutes(55);
  const renewed = await graphOfThePerson.api(one).patch({ expirationDateTime: until });
  assert.equal(Date.parse(renewed.expirationDateTime), Date.parse(until));
  await graphOfThePerson.api(`${one}/reauthorize`).post();
  const { value } = await graphOfThePerson.api('/subscriptions').get();
  assert.deepEqual(value.map((each) => each.id), [created.id]);
  await graphOfThePerson.api(one).delete();
  await assert.rejects(graphOfThePerson.api(one).get(), { statusCode: 404 });
});

test('an application subscribes to everyone, once for each address', async () => {
  const created = await graph.api('/subscriptions').post(wanted('communications/presences'));
  await assert.rejects(graph.api('/subscriptions').post(wanted('communications/presences')), {
    statusCode: 409,
    code: 'Conflict',
  });
  await graph.api(`/subscriptions/${created.id}`).delete();
});

test('an address that does not answer the validation is an error that the client understands', async () => {
  const nowhere = { ...wanted('communications/presences'), notificationUrl: 'http://localhost:9/' };
  await assert.rejects(graph.api('/subscriptions').post(nowhere), {
    statusCode: 400,
    code: 'ValidationError',
    message: /^Subscription validation request failed\./,
  });
});

// A certified OpenID provider issues the tokens, and OpenPresence accepts them by discovery and settings alone:
// the entry of its settings is the one that docs/issuers.md shows.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startProvider } from './provider.mjs';
import { demo, startServer } from './server.mjs';

const audience = 'https://presence.example';
const person = 'mara.lindqvist@contoso.example';

let provider;
let server;

before(async () => {
  provider = await startProvider();
  const entry = documentedEntry(provider.issuer);
  server = await startServer(`{ "auth": { "trustedIssuers": [${entry}] } }`);
});

after(async () => {
  await server?.stop();
  await provider?.stop();
});

function documentedEntry(issuer) {
  const page = readFileSync(new URL('../../../docs/issuers.md', import.meta.url), 'utf8');
  const entry = [...page.matchAll(/^```jsonc\n([\s\S]*?)\n```$/gm)]
    .map(([, text]) => text)
    .find((text) => text.includes('"rfc9068"'));
  assert.ok(entry.includes('"https://id.example"'));
  return entry.replace('"https://id.example"', JSON.stringify(issuer));
}

async function read(path, token, options = {}) {
  const answer = await fetch(`${server.http}/v1.0${path}`, {
    ...options,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

for (const signedWith of ['RS256', 'PS256', 'ES256']) {
  test(`a service reads anybody's presence with a token signed with ${signedWith}`, async () => {
    const token = await provider.serviceToken(audience, { signedWith });
    const one = await read(`/users/${demo.inAMeeting}/presence`, token);
    assert.equal(one.status, 200, JSON.stringify(one.body));
    assert.equal(one.body.activity, 'InAMeeting');
    const many = await read('/communications/getPresencesByUserId', token, {
      method: 'POST',
      body: JSON.stringify({ ids: [demo.presenting, demo.rightBack] }),
    });
    assert.deepEqual(
      many.body.value.map(({ activity }) => activity),
      ['Presenting', 'BeRightBack'],
    );
  });
}

test('a service has no /me', async () => {
  const answer = await read('/me/presence', await provider.serviceToken(audience));
  assert.equal(answer.status, 400);
});

test('a person signs in at the provider and reads as themselves', async () => {
  const token = await provider.personToken(person, audience, 'Presence.Read');
  const own = await read('/me/presence', token);
  assert.equal(own.status, 200, JSON.stringify(own.body));
  assert.equal(own.body.id, demo.inAMeeting);

  const others = await read(`/users/${demo.presenting}/presence`, token);
  assert.equal(others.status, 403);
  assert.equal(others.body.error.details[0].code, 'Presence.Read.All');
});

test('a person with the permission reads everybody', async () => {
  const token = await provider.personToken(person, audience, 'Presence.Read.All');
  const others = await read(`/users/${demo.presenting}/presence`, token);
  assert.equal(others.body.activity, 'Presenting');
});

test('a person who is not in the directory is refused', async () => {
  const token = await provider.personToken('nobody@contoso.example', audience, 'Presence.Read');
  const answer = await read('/me/presence', token);
  assert.equal(answer.status, 401);
  assert.equal(answer.body.error.code, 'InvalidAuthenticationToken');
  assert.match(answer.body.error.message, /not in the tenant's directory/);
});

test('a token for another API of the same provider is refused', async () => {
  const token = await provider.serviceToken('https://payroll.example');
  const answer = await read(`/users/${demo.inAMeeting}/presence`, token);
  assert.equal(answer.status, 401);
  assert.match(answer.body.error.message, /audience.*https:\/\/presence\.example/);
  assert.match(answer.headers.get('WWW-Authenticate'), /^Bearer realm=""/);
});

test('an opaque token is refused', async () => {
  const answer = await read('/me/presence', await provider.serviceToken());
  assert.equal(answer.status, 401);
  assert.match(answer.body.error.message, /80049217/);
});

test('the built-in issuer goes on beside it', async () => {
  const answer = await fetch(`${server.http}/${demo.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: demo.application,
      client_secret: demo.secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const { access_token: token } = await answer.json();
  assert.equal((await read(`/users/${demo.inAMeeting}/presence`, token)).status, 200);
});

test('while the provider is down, the keys that are known already count', async () => {
  const unseen = await provider.serviceToken(audience);
  await provider.stop();
  assert.equal((await read(`/users/${demo.inAMeeting}/presence`, unseen)).status, 200);
});

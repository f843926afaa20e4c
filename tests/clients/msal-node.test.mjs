// @azure/msal-node signs people in: by device code, and by authorization code with PKCE; the token then reads
// as that person. Changed against a program for the real service: authority, knownAuthorities, and Graph's base URL.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CryptoProvider, PublicClientApplication } from '@azure/msal-node';
import { Client } from '@microsoft/microsoft-graph-client';
import { signIn } from './people.mjs';
import { demo, sharedServer, startServerLike } from './servers.mjs';

const server = sharedServer();
// The demo client is registered with http://localhost, which stands for any port.
const redirectUri = 'http://localhost:53682';
const readAll = ['https://graph.microsoft.com/Presence.Read.All'];

function publicClient(at = server, tenant = demo.tenant, clientId = demo.publicClient) {
  return new PublicClientApplication({
    auth: {
      clientId,
      authority: `${at.https}/${tenant}`,
      knownAuthorities: [at.host],
    },
  });
}

function graphOf(at, accessToken) {
  return Client.initWithMiddleware({
    baseUrl: at.https,
    customHosts: new Set(['localhost']),
    authProvider: { getAccessToken: async () => accessToken },
  });
}

function byDeviceCode(client, person, scopes = readAll) {
  return client.acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: ({ verificationUri, userCode, message }) => {
      assert.match(message, new RegExp(userCode));
      return signIn(verificationUri, { person, fields: { user_code: userCode } });
    },
  });
}

async function byAuthorizationCode(client, person, scopes = readAll) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const url = await client.getAuthCodeUrl({
    scopes,
    redirectUri,
    state: 'a state with = and &',
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
  });
  const target = await signIn(url, { person, redirectUri });
  assert.equal(target.searchParams.get('state'), 'a state with = and &');
  const code = target.searchParams.get('code');
  assert.ok(code, target.href);
  return { code, redeem: () => client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier }) };
}

for (const tenant of [demo.tenant, demo.domain, 'organizations', 'common']) {
  test(`a device signs a person in at the authority of ${tenant}`, async () => {
    const { accessToken, account } = await byDeviceCode(
      publicClient(server, tenant),
      demo.inAMeeting,
    );
    assert.equal(account.homeAccountId, `${demo.inAMeeting}.${demo.tenant}`);
    const mine = await graphOf(server, accessToken).api('/me/presence').get();
    assert.equal(mine.id, demo.inAMeeting);
    assert.equal(mine.activity, 'InAMeeting');
    assert.match(mine['@odata.context'], new RegExp(`users\\('${demo.inAMeeting}'\\)`));
  });
}

test('a person who came by authorization code reads on every route', async () => {
  const client = publicClient();
  const { redeem } = await byAuthorizationCode(client, demo.presenting);
  const { accessToken, account, idTokenClaims } = await redeem();
  assert.equal(idTokenClaims.oid, demo.presenting);
  assert.match(account.username, /@/);

  const graph = graphOf(server, accessToken);
  const mine = await graph.api('/me/presence').get();
  assert.deepEqual([mine.id, mine.availability, mine.activity], [demo.presenting, 'DoNotDisturb', 'Presenting']);
  const other = await graph.api(`/users/${demo.inAMeeting}/presence`).get();
  assert.equal(other.activity, 'InAMeeting');
  const same = await graph.api(`/communications/presences/${demo.inAMeeting}`).get();
  assert.equal(same.sequenceNumber, other.sequenceNumber);
  const list = await graph.api('/communications/presences').get();
  assert.ok(list.value.length >= 10);
  const several = await graph
    .api('/communications/getPresencesByUserId')
    .post({ ids: [demo.rightBack, demo.presenting] });
  assert.deepEqual(several.value.map(({ activity }) => activity), ['BeRightBack', 'Presenting']);
});

test('the cached account gives tokens without asking, from the cache and by refresh', async () => {
  const client = publicClient();
  const { redeem } = await byAuthorizationCode(client, demo.inAMeeting);
  const { accessToken, account } = await redeem();
  const cached = await client.acquireTokenSilent({ account, scopes: readAll });
  assert.equal(cached.accessToken, accessToken);
  assert.equal(cached.fromCache, true);

  const refreshed = await client.acquireTokenSilent({ account, scopes: readAll, forceRefresh: true });
  assert.equal(refreshed.fromCache, false);
  const mine = await graphOf(server, refreshed.accessToken).api('/me/presence').get();
  assert.equal(mine.id, demo.inAMeeting);
});

test('a code is good for one token only', async () => {
  const { redeem } = await byAuthorizationCode(publicClient(), demo.inAMeeting);
  await redeem();
  await assert.rejects(redeem(), (error) => error.errorCode === 'invalid_grant');
});

test('a person with the least permission reads oneself and nobody else', async () => {
  // A token has all that its client is granted, so this client is granted little.
  const clientId = '44445555-eeee-6666-ffff-777700008888';
  const least = { clientId, displayName: 'Least', isPublicClient: true, delegatedScopes: ['Presence.Read'] };
  const tenant = { id: demo.tenant, displayName: 'Contoso', domains: [demo.domain], applications: [least] };
  const seeded = await fetch(`${server.http}/control/seed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenants: [tenant] }),
  });
  assert.equal(seeded.status, 200, await seeded.text());
  const { accessToken } = await byDeviceCode(publicClient(server, demo.tenant, clientId), demo.inAMeeting, [
    'https://graph.microsoft.com/Presence.Read',
  ]);
  const graph = graphOf(server, accessToken);
  const mine = await graph.api(`/users/${demo.inAMeeting}/presence`).get();
  assert.equal(mine.activity, 'InAMeeting');
  await assert.rejects(graph.api(`/users/${demo.presenting}/presence`).get(), (error) => {
    assert.equal(error.statusCode, 403);
    assert.match(error.body, /Presence\.Read\.All/);
    return true;
  });
});

test("a person's client survives being throttled", async () => {
  const narrow = await startServerLike(server, { 'throttle-limit': 2 });
  try {
    const { accessToken } = await byDeviceCode(publicClient(narrow), demo.rightBack);
    const graph = graphOf(narrow, accessToken);
    // The third of three is refused at first, as the limit is two.
    for (let call = 0; call < 3; call++) {
      assert.equal((await graph.api('/me/presence').get()).activity, 'BeRightBack');
    }
  } finally {
    await narrow.stop();
  }
});

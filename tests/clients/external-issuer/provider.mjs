// A certified OpenID provider on a loopback port. It knows two clients: a service with a secret, and a program
// for people. Nothing in it was made for OpenPresence: its tokens follow RFC 9068.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const SCOPES = 'Presence.Read Presence.Read.All Presence.ReadWrite.All';

const redirectUri = 'http://127.0.0.1/signed-in';
const service = { client_id: 'wallboard', client_secret: 'wallboard-secret' };
const desk = { client_id: 'desk-phone', client_secret: 'desk-secret' };

export async function startProvider() {
  const http = createServer();
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${http.address().port}`;
  let algorithm = 'RS256';
  const provider = new Provider(issuer, {
    jwks: { keys: [privateKey('rsa', { modulusLength: 2048 }), privateKey('ec', { namedCurve: 'P-256' })] },
    clients: [
      { ...service, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
      { ...desk, redirect_uris: [redirectUri] },
    ],
    scopes: ['openid', ...SCOPES.split(' ')],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ttl: { AccessToken: 600, ClientCredentials: 600 },
    pkce: { required: () => false },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({
          scope: SCOPES,
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
  });
  http.on('request', provider.callback());

  const tokenOf = async ({ client_id: id, client_secret: secret }, parameters) => {
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams(parameters),
    });
    const body = await answer.json();
    if (!answer.ok) {
      throw new Error(`The provider answered ${answer.status}: ${JSON.stringify(body)}`);
    }
    return body.access_token;
  };

  return {
    issuer,

    /** A token of the service itself; without a resource it is opaque. */
    serviceToken(resource, { signedWith = 'RS256', scope = SCOPES } = {}) {
      algorithm = signedWith;
      return tokenOf(service, {
        grant_type: 'client_credentials',
        scope,
        ...(resource && { resource }),
      });
    },

    /** A person signs in and consents as a browser would; then the program redeems its code. */
    async personToken(login, resource, scope) {
      const url = new URL(`${issuer}/auth`);
      url.search = new URLSearchParams({
        client_id: desk.client_id,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: `openid ${scope}`,
        resource,
      });
      const target = await browse(url, { login, password: 'any' });
      algorithm = 'PS256';
      return tokenOf(desk, {
        grant_type: 'authorization_code',
        code: target.searchParams.get('code'),
        redirect_uri: redirectUri,
        resource,
      });
    },

    async stop() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function privateKey(type, options) {
  const { privateKey: key } = generateKeyPairSync(type, options);
  return { ...key.export({ format: 'jwk' }), kid: `${type}-1`, use: 'sig' };
}

/** Follows redirections and submits the one form of each page, until the program's own address is reached. */
async function browse(url, fields) {
  const cookies = new Map();
  let next = { url };
  for (let step = 0; step < 20; step++) {
    const answer = await fetch(next.url, {
      ...next,
      redirect: 'manual',
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=');
      cookies.set(name, value);
    }
    const location = answer.headers.get('Location');
    const page = await answer.text();
    if (location?.startsWith(redirectUri)) {
      return new URL(location);
    }
    const action = /<form[^>]* action="([^"]*)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="([^"]*)"/.exec(page)?.[1];
    next = location
      ? { url: new URL(location, next.url) }
      : {
          url: new URL(action, next.url),
          method: 'POST',
          body: new URLSearchParams({ prompt, ...(prompt === 'login' && fields) }),
        };
  }
  throw new Error('The sign-in did not come to an end.');
}

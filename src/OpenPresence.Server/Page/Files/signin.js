// Who this page is. In development the control API hands out a token, for everything or for one person; elsewhere one
// signs in at the issuer, with a code and PKCE. What is remembered for the session of this tab is whom one chose to
// be and, on the way to the issuer and back, the verifier. Never a token: a reload signs in again.

import { actAs, control, Refused, setControlToken } from './api.js';

const CHOSEN = 'openpresence.as';
const PENDING = 'openpresence.signin';

export const me = { kind: 'application', tenantId: null, userId: null, applicationId: null, name: '', settings: null, mayUnlock: false };

/** Signs in, or leaves for the issuer (and then does not come back from here). */
export async function signIn(settings) {
  me.settings = settings;
  me.mayUnlock = settings.signIn === 'issuer' && settings.controlNeedsToken;
  if (settings.signIn === 'control') {
    const { tenantId, userId } = JSON.parse(sessionStorage.getItem(CHOSEN) ?? '{}');
    try {
      await take(tenantId, userId);
    } catch (refused) {
      if (!(refused instanceof Refused) || refused.status !== 400) {
        throw refused;
      }
      // Whom one chose is there no more, or is of another tenant.
      sessionStorage.removeItem(CHOSEN);
      await take();
    }
    return;
  }
  await signInAtIssuer(settings);
}

/** Goes on as somebody else: a person, or (null) everything that an application may. */
export async function become(tenantId, userId) {
  await take(tenantId, userId);
  sessionStorage.setItem(CHOSEN, JSON.stringify({ tenantId, userId }));
}

/** Opens the control API with its own token, which stays in memory. */
export async function unlock(token) {
  setControlToken(token);
  await control('');
  me.mayUnlock = false;
}

const applications = new Map();

/** The tenants; empty where there is no control API. Names their applications on the way. */
export async function readTenants() {
  const { value } = await control('tenants').catch(() => ({ value: [] }));
  for (const { id, displayName } of value.flatMap((tenant) => tenant.applications ?? [])) {
    applications.set(id, displayName);
  }
  return value;
}

/** What an application is called. */
export const applicationName = (id) => (id === me.applicationId ? 'This page' : (applications.get(id) ?? 'An application'));

/** A token of somebody, for what Graph lets only the person do; undefined: this page's own must do. */
export async function tokenOf(userId) {
  if (me.kind === 'person') {
    return undefined;
  }
  return (await control('tokens', { method: 'POST', body: { tenantId: me.tenantId, userId } })).access_token;
}

async function take(tenantId, userId) {
  const body = Object.fromEntries(Object.entries({ tenantId, userId }).filter(([, value]) => value));
  const ask = () => control('tokens', { method: 'POST', body });
  const issued = await ask();
  const session = {
    token: issued.access_token,
    renew: async () => (session.token = (await ask()).access_token),
  };
  actAs(session);
  Object.assign(me, {
    kind: issued.userId ? 'person' : 'application',
    tenantId: issued.tenantId,
    userId: issued.userId ?? null,
    applicationId: issued.applicationId,
  });
}

async function signInAtIssuer(settings) {
  const found = await discover(settings.authority);
  const query = new URLSearchParams(location.search);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null');
  if (!query.has('state')) {
    return leave(settings, found);
  }
  // Before anything else, the code leaves the address.
  history.replaceState(null, '', `${location.pathname}${pending?.hash ?? ''}`);
  sessionStorage.removeItem(PENDING);
  if (!pending || query.get('state') !== pending.state) {
    throw new Refused(400, 'state', 'This sign-in was not begun here. Load the page again.');
  }
  if (query.has('error')) {
    throw new Refused(400, query.get('error'), query.get('error_description') ?? 'The sign-in was refused.');
  }
  const answer = await fetch(found.token_endpoint, {
    method: 'POST',
    credentials: 'omit',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: settings.clientId,
      code: query.get('code'),
      code_verifier: pending.verifier,
      redirect_uri: `${location.origin}/`,
      scope: settings.scope,
    }),
  });
  const issued = await answer.json();
  if (!answer.ok) {
    throw new Refused(answer.status, issued.error, issued.error_description ?? 'The issuer gave no token.');
  }
  // When it ends, one signs in again; where the issuer remembers who one is, that is a moment.
  actAs({ token: issued.access_token, renew: () => leave(settings, found) });
  const claims = claimsOf(issued.id_token ?? '');
  Object.assign(me, {
    kind: 'person',
    tenantId: claims.tid ?? null,
    userId: claims.oid ?? null,
    applicationId: settings.applicationId,
    name: claims.name ?? claims.preferred_username ?? 'Signed in',
  });
}

async function discover(authority) {
  const root = authority.startsWith('/') ? location.origin + authority : authority;
  const answer = await fetch(`${root}/.well-known/openid-configuration`, { credentials: 'omit' });
  if (!answer.ok) {
    throw new Refused(answer.status, 'discovery', `The issuer ${root} does not describe itself.`);
  }
  return answer.json();
}

async function leave(settings, found) {
  const random = () => base64Url(crypto.getRandomValues(new Uint8Array(32)));
  const pending = { state: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  const query = new URLSearchParams({
    client_id: settings.clientId,
    response_type: 'code',
    redirect_uri: `${location.origin}/`,
    scope: settings.scope,
    state: pending.state,
    code_challenge: base64Url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  });
  location.assign(`${found.authorization_endpoint}?${query}`);
  return new Promise(() => {});
}

const base64Url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** What an id token says; it came from the issuer itself, over the connection that the code was exchanged on. */
function claimsOf(token) {
  const part = token.split('.')[1] ?? '';
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

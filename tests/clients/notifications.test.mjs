// Notifications with presence in them, opened by code that is not ours: Node's crypto, step by step as Graph's page on
// notifications with resource data says, and the same payload once more by the openssl program.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  constants,
  createDecipheriv,
  createHmac,
  createPublicKey,
  privateDecrypt,
  timingSafeEqual,
  verify,
  X509Certificate,
} from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { demo, sharedServer, startServerLike } from './servers.mjs';

const WAIT_MS_MAX = 120_000;
const PUBLISHER = '0bf30f3b-4a52-48df-9a82-234910c4a086';

const folder = mkdtempSync(join(tmpdir(), 'openpresence-subscriber-'));
const keyFile = join(folder, 'key.pem');
const certificateFile = join(folder, 'certificate.pem');

let server; // one of its own: this test changes somebody
let receiver;
let received;
let certificate;
let notification;

before(async () => {
  server = await startServerLike(sharedServer());
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=subscriber'],
    ...['-keyout', keyFile, '-out', certificateFile],
  ], { stdio: 'ignore' });
  certificate = new X509Certificate(readFileSync(certificateFile));
  receiver = createServer(answer);
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const token = await tokenOf();
  await subscribe(token);
  const told = new Promise((resolve) => (received = resolve));
  await call(token, 'PUT', `/v1.0/users/${demo.rightBack}/presence/devices/${demo.nobody}`, {
    availability: 'DoNotDisturb',
    activity: 'Presenting',
    expirationDuration: 'PT10M',
  });
  notification = await Promise.race([told, tooLate()]);
});

after(async () => {
  await server.stop();
  receiver.close();
  receiver.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

function answer(request, response) {
  const asked = new URL(request.url, 'http://receiver').searchParams.get('validationToken');
  if (asked !== null) {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(asked);
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text) => (body += text));
  request.on('end', () => {
    response.writeHead(202).end();
    received?.(JSON.parse(body));
  });
}

function tooLate() {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error('no notification came')), WAIT_MS_MAX).unref(),
  );
}

async function tokenOf() {
  const answered = await fetch(`${server.https}/${demo.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: demo.application,
      client_secret: demo.secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  return (await answered.json()).access_token;
}

async function call(token, method, path, body) {
  const answered = await fetch(server.https + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answered.text();
  assert.ok(answered.ok, `${answered.status} ${text}`);
  return text;
}

async function subscribe(token) {
  await call(token, 'POST', '/v1.0/subscriptions', {
    changeType: 'updated',
    notificationUrl: `http://127.0.0.1:${receiver.address().port}/hook`,
    resource: `communications/presences/${demo.rightBack}`,
    expirationDateTime: new Date(Date.now() + 50 * 60_000).toISOString(),
    clientState: 'of the subscriber',
    includeResourceData: true,
    encryptionCertificate: certificate.raw.toString('base64'),
    encryptionCertificateId: 'first',
  });
}

const base64 = (text) => Buffer.from(text, 'base64');

test('the payload opens with Node’s crypto, by the steps of Graph’s page', () => {
  const item = notification.value[0];
  const content = item.encryptedContent;
  assert.equal(item.clientState, 'of the subscriber');
  assert.equal(content.encryptionCertificateId, 'first');
  assert.equal(
    content.encryptionCertificateThumbprint,
    certificate.fingerprint.replaceAll(':', ''),
  );
  const key = privateDecrypt(
    {
      key: readFileSync(keyFile),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha1',
    },
    base64(content.dataKey),
  );
  assert.equal(key.length, 32);
  const signature = createHmac('sha256', key).update(base64(content.data)).digest();
  assert.ok(timingSafeEqual(signature, base64(content.dataSignature)));
  const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
  const plain = Buffer.concat([cipher.update(base64(content.data)), cipher.final()]);
  assert.equal(
    plain.toString('utf8'),
    `{"@odata.id":"users/${demo.rightBack}/presence","@odata.type":"#microsoft.graph.presence",` +
      `"id":"${demo.rightBack}","availability":"DoNotDisturb","activity":"Presenting"}`,
  );
});

test('the same payload opens with the openssl program', () => {
  const content = notification.value[0].encryptedContent;
  const file = (name, text) => {
    writeFileSync(join(folder, name), base64(text));
    return join(folder, name);
  };
  const key = execFileSync('openssl', [
    ...['pkeyutl', '-decrypt', '-inkey', keyFile, '-in', file('key', content.dataKey)],
    ...['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', 'rsa_oaep_md:sha1'],
  ]).toString('hex');
  const data = file('data', content.data);
  const plain = execFileSync('openssl', [
    ...['enc', '-d', '-aes-256-cbc', '-K', key, '-iv', key.slice(0, 32), '-in', data],
  ]);
  assert.equal(JSON.parse(plain).activity, 'Presenting');
  const mac = execFileSync('openssl', [
    ...['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key}`, '-binary', data],
  ]);
  assert.deepEqual(mac, base64(content.dataSignature));
});

test('the validation token is confirmed by the keys of the common discovery document', async () => {
  const [token] = notification.validationTokens;
  const [head, claims, signature] = token.split('.');
  const discovery = await (
    await fetch(`${server.https}/common/.well-known/openid-configuration`)
  ).json();
  const { keys } = await (await fetch(discovery.jwks_uri)).json();
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url'));
  assert.equal(alg, 'RS256');
  const key = createPublicKey({ key: keys.find((other) => other.kid === kid), format: 'jwk' });
  assert.ok(
    verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')),
  );
  const said = JSON.parse(Buffer.from(claims, 'base64url'));
  assert.equal(said.iss, `https://sts.windows.net/${demo.tenant}/`);
  assert.equal(discovery.issuer.replace('{tenantid}', demo.tenant), said.iss);
  assert.equal(said.aud, demo.application);
  assert.equal(said.appid, PUBLISHER);
});

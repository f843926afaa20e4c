// Command line programs and a Python library for the real service, as they are installed, in drop-in mode: their
// hosts are compiled in, or cannot all be changed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startDropIn, whatIsInTheWay } from '../drop-in.mjs';
import { demo } from '../servers.mjs';

const cli = fileURLToPath(
  new URL('node_modules/@pnp/cli-microsoft365/dist/index.js', import.meta.url),
);
// Debian's, which knows Debian's packages; another may stand before it in the path.
const python = '/usr/bin/python3';
const presenting = `https://graph.microsoft.com/v1.0/users/${demo.presenting}/presence`;

let obstacle;
let server;

before(async () => {
  obstacle = await whatIsInTheWay();
  server = obstacle ? undefined : await startDropIn();
});
after(() => server?.stop());

/** The standard output of a program that must end well. */
async function said(env, ...command) {
  const { code, output, errors } = await server.run(env, ...command);
  assert.equal(code, 0, `${command.slice(0, 3).join(' ')}: ${output}${errors}`);
  return output;
}

test('CLI for Microsoft 365 signs in with a secret and reads a presence', async (t) => {
  if (obstacle) {
    return t.skip(obstacle);
  }
  const env = { NODE_EXTRA_CA_CERTS: server.authority, HOME: server.folder };
  const m365 = (...words) => said(env, process.execPath, cli, ...words, '--output', 'json');
  const account = ['--appId', demo.application, '--tenant', demo.tenant, '--secret', demo.secret];
  await m365('login', '--authType', 'secret', ...account);
  const presence = JSON.parse(await m365('request', '--url', presenting));
  assert.equal(presence.activity, 'Presenting');
});

test('azure-cli signs in as a service principal, and az rest reads a presence', async (t) => {
  const missing = spawnSync('sh', ['-c', 'command -v az']).status !== 0 && 'azure-cli is not installed';
  if (obstacle ?? missing) {
    return t.skip(obstacle ?? missing);
  }
  // az asks Azure's resource manager for subscriptions when it signs in. That is no part of this product, so
  // somebody stands there who has none.
  const manager = await emptyResourceManager();
  try {
    const env = {
      AZURE_CONFIG_DIR: join(server.folder, 'az'),
      REQUESTS_CA_BUNDLE: server.authority,
      AZURE_CORE_COLLECT_TELEMETRY: 'no',
    };
    const az = (...words) => said(env, 'az', ...words);
    const graph = 'https://graph.microsoft.com';
    const endpoints = {
      activeDirectory: 'https://login.microsoftonline.com',
      activeDirectoryResourceId: graph,
      activeDirectoryGraphResourceId: graph,
      microsoftGraphResourceId: `${graph}/`,
      management: manager.address,
      resourceManager: manager.address,
    };
    const cloud = JSON.stringify({ endpoints, suffixes: {} });
    await az('cloud', 'register', '--name', 'demo', '--cloud-config', cloud);
    await az('cloud', 'set', '--name', 'demo');
    const account = ['-u', demo.application, '-p', demo.secret, '--tenant', demo.tenant];
    await az('login', '--service-principal', ...account, '--allow-no-subscriptions');
    const presence = JSON.parse(await az('rest', '--url', presenting));
    assert.equal(presence.activity, 'Presenting');
  } finally {
    manager.close();
  }
});

test('python3-msal gets a token, from its cache the second time, and Python reads a presence', async (t) => {
  const probe = spawnSync(python, ['-c', 'import msal, requests']);
  const missing = probe.status !== 0 && 'python3-msal is not installed';
  if (obstacle ?? missing) {
    return t.skip(obstacle ?? missing);
  }
  const program = fileURLToPath(new URL('presence.py', import.meta.url));
  const env = { REQUESTS_CA_BUNDLE: server.authority };
  const [first, second, presence] = (await said(env, python, program, presenting)).split('\n');
  assert.equal(first, 'identity_provider');
  assert.equal(second, 'cache');
  assert.equal(JSON.parse(presence).activity, 'Presenting');
});

async function emptyResourceManager() {
  const tls = (name) => readFileSync(join(server.dataDirectory, 'tls', name));
  const site = createServer({ key: tls('server.key'), cert: tls('server.pem') }, (_, answer) => {
    answer.setHeader('Content-Type', 'application/json');
    answer.end('{"value":[]}');
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  return { address: `https://localhost:${site.address().port}`, close: () => site.close() };
}

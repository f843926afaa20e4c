// Drop-in mode: the server answers under the names that programs for the real service have compiled in. The
// program beside this file changes nothing at all; a line in the hosts file and a trusted authority do it.
// The hosts file is put over the machine's own for the program alone, in a private mount namespace.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { demo, startServer } from './servers.mjs';

const program = fileURLToPath(new URL('drop-in-program.mjs', import.meta.url));

test('a program with compiled-in hosts works with nothing but a hosts-file line', async (t) => {
  const obstacle = await whatIsInTheWay();
  if (obstacle) {
    t.skip(obstacle);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'openpresence-hosts-'));
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, '127.0.0.1 localhost graph.microsoft.com login.microsoftonline.com\n');
  const server = await startServer({ settings: { 'drop-in': true, 'https-port': 443 } });
  try {
    // Another authority than the shared server's: it vouches for the names of the real service.
    const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: server.authority };
    const { code, output } = await run(trusting, 'unshare', [
      '--mount',
      'sh',
      '-c',
      'mount --bind "$1" /etc/hosts && exec "$2" "$3" "$4"',
      'sh',
      hosts,
      process.execPath,
      program,
      demo.presenting,
    ]);
    assert.equal(code, 0, output);
    const presence = JSON.parse(output);
    assert.equal(presence.activity, 'Presenting');
    assert.match(presence['@odata.context'], /^https:\/\/graph\.microsoft\.com\/v1\.0\/\$metadata#/);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});

async function whatIsInTheWay() {
  if (process.getuid() !== 0) {
    return 'drop-in mode needs root: port 443 and a hosts file of its own';
  }
  const command = ['--mount', 'mount', '--bind', '/etc/hostname', '/etc/hosts'];
  const { code } = await run(process.env, 'unshare', command);
  if (code !== 0) {
    return 'drop-in mode needs mount namespaces, which this machine does not allow';
  }
  const listener = createServer();
  try {
    listener.listen(443, '127.0.0.1');
    await once(listener, 'listening');
    return undefined;
  } catch {
    return 'drop-in mode needs port 443, which is taken';
  } finally {
    listener.close();
  }
}

async function run(env, command, options) {
  const child = spawn(command, options, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const output = [];
  child.stdout.on('data', (text) => output.push(text));
  child.stderr.on('data', (text) => output.push(text));
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', resolve);
  });
  return { code, output: Buffer.concat(output).toString() };
}

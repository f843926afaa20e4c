// The program as people start it: exit codes, streams, signals, and the examples of docs/cli.md as they
// stand there.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { serverDll, startServer } from './servers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'openpresence-cli-'));
let server;
let env;
// One of its own, since the examples freeze its clock and begin anew.
before(async () => {
  server = await startServer();
  env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    OPENPRESENCE_URL: server.http,
  };
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

// A command of that name, as an installed tool would be.
writeFileSync(join(folder, 'openpresence'), `#!/bin/sh\nexec dotnet '${serverDll}' "$@"\n`);
chmodSync(join(folder, 'openpresence'), 0o755);

/** Starts a command; `ended` has its exit code and both streams. */
function start(words, more = {}) {
  const child = spawn('dotnet', [serverDll, ...words], { env: { ...env, ...more } });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err += text));
  const ended = new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, ...said })),
  );
  const heard = (stream, pattern) =>
    new Promise((resolve, reject) => {
      const look = () => pattern.test(said[stream === child.stdout ? 'out' : 'err']) && resolve();
      stream.on('data', look);
      ended.then((end) => reject(new Error(`It ended first: ${JSON.stringify(end)}`)));
      look();
    });
  return { child, ended, heard };
}

const run = (words, more) => start(words, more).ended;

test('results and faults come on streams of their own, with an exit code that says which', async () => {
  const done = await run(['get', 'mara', '--json']);
  assert.deepEqual([done.code, done.err], [0, '']);
  assert.equal(JSON.parse(done.out).activity, 'InAMeeting');

  const failed = await run(['get', 'nobody']);
  assert.deepEqual([failed.code, failed.out], [1, '']);
  assert.match(failed.err, /^error: .*\nhint: /);

  assert.equal((await run(['get', '--topp', '1'])).code, 2);
  assert.equal((await run(['get', '--url', 'http://localhost:1'])).code, 3);
});

test('a server of the same machine is trusted over HTTPS by its data directory, and no other', async () => {
  const trusted = await run(['get', 'mara', '--url', server.https, '--data', server.dataDirectory]);
  assert.deepEqual([trusted.code, trusted.err], [0, '']);

  const stranger = await run(['get', 'mara', '--url', server.https, '--data', folder]);
  assert.equal(stranger.code, 3);
  assert.match(stranger.err, /--ca-file/);
});

test('watch tells a change as it comes, and Ctrl+C ends it', async () => {
  const watch = start(['watch', 'priya', '--json']);
  await watch.heard(watch.child.stderr, /note: watching/);
  const set = await run(['set', 'priya', '--preferred', 'Busy', '--for', '10m']);
  assert.equal(set.code, 0, set.err);
  await watch.heard(watch.child.stdout, /\n/);
  watch.child.kill('SIGINT');
  const { code, out } = await watch.ended;
  assert.equal(code, 130);
  assert.equal(JSON.parse(out).availability, 'Busy');
});

test('a server loads nothing of what the other commands draw with', async (t) => {
  if (!existsSync('/proc/self/maps')) {
    return t.skip('there is no /proc to look into');
  }
  const data = join(folder, 'serving');
  const serving = start(['serve', '--http-port', '0', '--https-port', '-1', '--data', data]);
  await serving.heard(serving.child.stdout, /is ready/);
  const maps = readFileSync(`/proc/${serving.child.pid}/maps`, 'utf8');
  serving.child.kill('SIGTERM');
  assert.match(maps, /OpenPresence\.Server\.dll/);
  assert.doesNotMatch(maps, /Spectre/);
  assert.equal((await serving.ended).code, 0);
});

const document = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const blocks = [...document.matchAll(/<!-- runs: cli -->\n```sh\n([\s\S]*?)```/g)];

test('docs/cli.md has examples that run', () => assert.ok(blocks.length > 1));

for (const [index, [, code]] of blocks.entries()) {
  test(`example ${index + 1} of docs/cli.md runs`, async () => {
    const child = spawn('sh', ['-euc', code], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (text) => (said += text));
    child.stderr.on('data', (text) => (said += text));
    const ended = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(ended, 0, said);
  });
}

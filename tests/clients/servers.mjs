// Starts real server processes for the client tests, on free ports, each with a data directory of its own.
//
// Trust works as it does for a user: the first server makes a certificate authority in its data directory,
// and Node is told of that file by NODE_EXTRA_CA_CERTS, which it reads once, when it starts. So run.mjs
// starts the first server and then Node for the tests; a test that needs a server with other settings
// starts it here, on a data directory that begins with a copy of the same authority.
//
// The variables of these tests do not begin with OPENPRESENCE_: those are settings of the server.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_MS_MAX = 120_000;
const STOP_MS_MAX = 10_000;
const POLL_MS = 50;

/** The program. */
export const serverDll =
  process.env.SERVER_DLL ??
  fileURLToPath(
    new URL(
      '../../src/OpenPresence.Server/bin/Release/net10.0/OpenPresence.Server.dll',
      import.meta.url,
    ),
  );

/** The interface that scripts rely on; see README.md. */
export const demo = {
  tenant: 'aaaabbbb-0000-cccc-1111-dddd2222eeee',
  domain: 'contoso.example',
  application: '00001111-aaaa-2222-bbbb-3333cccc4444',
  secret: 'demo-secret',
  publicClient: '11112222-bbbb-3333-cccc-4444dddd5555',
  // The people of the examples in Graph's documentation, and what those show.
  inAMeeting: 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3',
  presenting: '66825e03-7ef5-42da-9069-724602c31f6b',
  rightBack: 'dc74d9bb-6afe-433d-8eaa-e39d80d3a647',
  nobody: '00000000-1111-2222-3333-444444444444',
};

/** The server that run.mjs started. */
export function sharedServer() {
  const text = process.env.SHARED_SERVER;
  if (!text) {
    throw new Error('Run these tests with: node run.mjs [FILE]');
  }
  return JSON.parse(text);
}

/** Starts another one that the same authority vouches for; stop() it afterwards. */
export function startServerLike(shared, settings) {
  return startServer({ authorityOf: shared.dataDirectory, settings });
}

/** `settings` are options of the command line without their dashes: `{ 'throttle-limit': 2 }`. */
export async function startServer({ authorityOf, settings = {} } = {}) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'openpresence-clients-'));
  if (authorityOf) {
    cpSync(join(authorityOf, 'tls'), join(dataDirectory, 'tls'), { recursive: true });
  }
  const [httpPort, freePort] = await freePorts(2);
  const httpsPort = settings['https-port'] ?? freePort;
  const options = { ...settings, 'http-port': httpPort, 'https-port': httpsPort, data: dataDirectory };
  const child = spawn(
    'dotnet',
    [serverDll, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = [];
  child.stdout.on('data', (text) => output.push(text));
  child.stderr.on('data', (text) => output.push(text));
  const ended = new Promise((resolve) => child.once('exit', resolve));

  const server = {
    http: `http://localhost:${httpPort}`,
    https: `https://localhost:${httpsPort}`,
    host: `localhost:${httpsPort}`,
    dataDirectory,
    authority: join(dataDirectory, 'tls', 'ca.pem'),
    output: () => Buffer.concat(output).toString(),
    async stop() {
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(killer);
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
  try {
    await untilReady(server, ended);
  } catch (error) {
    await server.stop();
    throw new Error(`${error.message}; it said:\n${server.output()}`);
  }
  return server;
}

async function untilReady(server, ended) {
  let exit;
  ended.then((code) => (exit = code ?? 'a signal'));
  const deadline = performance.now() + START_MS_MAX;
  while (performance.now() < deadline) {
    if (exit !== undefined) {
      throw new Error(`The server ended with ${exit}`);
    }
    const answer = await fetch(`${server.http}/health/ready`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`The server was not ready after ${START_MS_MAX} ms`);
}

/** All are held open until all are known, so that no two are equal. */
export async function freePorts(count) {
  const listeners = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const listener = createServer();
          listener.once('error', reject);
          listener.listen(0, '127.0.0.1', () => resolve(listener));
        }),
    ),
  );
  const ports = listeners.map((listener) => listener.address().port);
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  return ports;
}

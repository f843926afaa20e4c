// Drop-in mode: the server answers under the names that programs for the real service have compiled in. A
// line in the hosts file and a trusted authority lead a program here. The hosts file is put over the machine's
// own for that program alone, in a private mount namespace.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './servers.mjs';

const RUN_MS_MAX = 180_000;

/** A sentence that says why there can be no drop-in mode here; undefined: there can. */
export async function whatIsInTheWay() {
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

/** Starts a server under the real service's names, and runs programs that find it there; stop() it afterwards. */
export async function startDropIn() {
  const folder = mkdtempSync(join(tmpdir(), 'openpresence-hosts-'));
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, '127.0.0.1 localhost graph.microsoft.com login.microsoftonline.com\n');
  // Another authority than the shared server's: it vouches for the names of the real service.
  const server = await startServer({ settings: { 'drop-in': true, 'https-port': 443 } });
  return {
    ...server,
    /** A folder for what programs keep; it goes away with the server. */
    folder,
    /** Runs a program among the redirected names; its exit code and what it said. */
    run: (env, ...command) =>
      run({ ...process.env, ...env }, 'unshare', [
        '--mount',
        'sh',
        '-c',
        'mount --bind "$1" /etc/hosts && shift && exec "$@"',
        'sh',
        hosts,
        ...command,
      ]),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(env, command, options) {
  const child = spawn(command, options, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS_MAX,
  });
  const [output, errors] = [[], []];
  child.stdout.on('data', (text) => output.push(text));
  child.stderr.on('data', (text) => errors.push(text));
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', resolve);
  });
  return {
    code,
    output: Buffer.concat(output).toString(),
    errors: Buffer.concat(errors).toString(),
  };
}

// Two nodes on one PostgreSQL, behind nginx with the settings of docs/operations.md: what a page meets where one machine is
// not enough. PostgreSQL and nginx come from Debian, each in a folder of its own.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, startServer } from '../servers.mjs';

const START_MS_MAX = 120_000;
const POLL_MS = 50;
const NGINX = '/usr/sbin/nginx';

/** Whatever becomes of this process: when its end of the pipe closes, the program ends, and its folder goes. */
const GUARD = 'folder=$1; shift; "$@" </dev/null & read -r _; kill -INT $!; wait $!; rm -rf "$folder"';

const POSTGRES = '/usr/lib/postgresql';

/** Of the newest version; undefined: there is none. */
const postgresFolder = () =>
  (existsSync(POSTGRES) ? readdirSync(POSTGRES) : [])
    .sort((one, other) => Number(one) - Number(other))
    .map((version) => join(POSTGRES, version, 'bin'))
    .findLast((bin) => existsSync(join(bin, 'postgres')));

/** A sentence that says what is missing; undefined: nothing. */
export const whatTheClusterLacks = () =>
  postgresFolder() === undefined ? 'PostgreSQL is not installed' : existsSync(NGINX) ? undefined : 'nginx is not installed';

/** `nodes` are servers as startServer gives them; `url` is where nginx listens. */
export async function startCluster() {
  const closing = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) {
      await close();
    }
  };
  try {
    const database = await startPostgres();
    closing.push(database.stop);
    const keys = newFolder('keys');
    closing.push(() => rmSync(keys, { recursive: true, force: true }));
    const nodes = [];
    for (const name of ['node-1', 'node-2']) {
      const node = await startServer({
        settings: { journal: database.connection, keys, 'node-name': name, 'https-port': -1 },
      });
      nodes.push(node);
      node.stop = onceOnly(node.stop);
      closing.push(node.stop);
    }
    const balancer = await startNginx(nodes.map((node) => new URL(node.http).port));
    closing.push(balancer.stop);
    return { nodes, url: balancer.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** How many live streams a node has open. */
export async function openStreams(node) {
  const metrics = await (await fetch(`${node.http}/metrics`)).text();
  return Number(/^openpresence_live_streams(?:\{[^}]*\})? (\d+)/m.exec(metrics)[1]);
}

async function startPostgres() {
  const folder = newFolder('postgres');
  const [port] = await freePorts(1);
  const data = join(folder, 'data');
  const password = randomBytes(8).toString('hex');
  writeFileSync(join(folder, 'password'), password);
  // It refuses to run as root, so root runs it as the user that the package made.
  const isRoot = process.getuid() === 0;
  if (isRoot) {
    execFileSync('chown', ['-R', 'postgres:', folder]);
  }
  const user = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'] : [];
  const line = (program, ...options) => [...user, join(postgresFolder(), program), ...options];
  const [command, ...options] = line(
    ...['initdb', '-D', data, '-U', 'postgres', '--pwfile', join(folder, 'password')],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'],
  );
  execFileSync(command, options, { cwd: '/', stdio: 'pipe' });
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: 60 };
  const running = guard(
    folder,
    line('postgres', '-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])),
  );
  await running.until(() => {
    const file = join(data, 'postmaster.pid');
    return existsSync(file) && readFileSync(file, 'utf8').split('\n')[7]?.trim() === 'ready';
  });
  return {
    connection: `Host=127.0.0.1;Port=${port};Database=postgres;Username=postgres;Password=${password}`,
    stop: running.stop,
  };
}

async function startNginx(ports) {
  const folder = newFolder('nginx');
  const [port] = await freePorts(1);
  const file = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`);
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit; events {}
     http { access_log off; ${temporary.join(' ')} ${documented(port, ports)} }`,
  );
  const running = guard(folder, [NGINX, '-p', folder, '-c', file, '-e', 'stderr']);
  await running.until(() => answers(port));
  return { url: `http://127.0.0.1:${port}`, stop: running.stop };
}

/** What operators are told to write, with the addresses of this machine, and without TLS. */
function documented(port, ports) {
  const document = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const shown = /```nginx\n([^]*?)```/.exec(document)[1];
  return shown
    .replace(/(?: +server [\d.]+:\d+([^;\n]*);\n)+/, (_, more) => ports.map((node) => `server 127.0.0.1:${node}${more};\n`).join(''))
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`);
}

function guard(folder, line) {
  const shell = spawn('sh', ['-c', GUARD, 'guard', folder, ...line], { cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(shell, 'exit');
  const said = [];
  shell.stdout.on('data', (text) => said.push(text));
  shell.stderr.on('data', (text) => said.push(text));
  const stop = async () => {
    shell.stdin.end();
    await ended;
  };
  return {
    stop,
    async until(isSo) {
      const deadline = performance.now() + START_MS_MAX;
      while (!(await isSo())) {
        if (performance.now() > deadline) {
          await stop();
          throw new Error(`${line.at(0)} did not start; it said:\n${Buffer.concat(said)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const newFolder = (what) => mkdtempSync(join(tmpdir(), `openpresence-${what}-`));

/** The same, done once however often it is asked for. */
function onceOnly(act) {
  let done;
  return () => (done ??= act());
}

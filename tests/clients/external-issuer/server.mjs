// Starts a real server process on a free port, with a settings file and a data directory of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_MS_MAX = 120_000;
const STOP_MS_MAX = 10_000;

const serverDll =
  process.env.OPENPRESENCE_SERVER_DLL ??
  fileURLToPath(
    new URL(
      '../../../src/OpenPresence.Server/bin/Release/net10.0/OpenPresence.Server.dll',
      import.meta.url,
    ),
  );

/** What README.md says of the demo tenant. */
export const demo = {
  tenant: 'aaaabbbb-0000-cccc-1111-dddd2222eeee',
  application: '00001111-aaaa-2222-bbbb-3333cccc4444',
  secret: 'demo-secret',
  inAMeeting: 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3',
  presenting: '66825e03-7ef5-42da-9069-724602c31f6b',
  rightBack: 'dc74d9bb-6afe-433d-8eaa-e39d80d3a647',
};

export async function startServer(settings) {
  const folder = mkdtempSync(join(tmpdir(), 'openpresence-issuer-'));
  const file = join(folder, 'settings.jsonc');
  writeFileSync(file, settings);
  const options = { 'http-port': 0, 'https-port': -1, data: join(folder, 'data'), settings: file };
  const child = spawn(
    'dotnet',
    [serverDll, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(killer);
    rmSync(folder, { recursive: true, force: true });
  };
  let output = '';
  const http = await new Promise((resolve) => {
    const timer = setTimeout(resolve, START_MS_MAX);
    const settle = (address) => {
      clearTimeout(timer);
      resolve(address);
    };
    const read = (text) => {
      output += text;
      const address = /(http:\/\/localhost:\d+)\/v1\.0/.exec(output);
      if (address) {
        settle(address[1]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then(() => settle());
  });
  if (!http) {
    await stop();
    throw new Error(`The server did not start; it said:\n${output}`);
  }
  return { http, stop };
}

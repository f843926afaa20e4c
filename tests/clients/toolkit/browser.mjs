// Debian's Chromium as a user has it: a home of its own whose certificate store knows the authority, and the
// names of the real service leading to the server.

import { spawnSync, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const redirected = ['graph.microsoft.com', 'login.microsoftonline.com'];

/** A sentence that says what is missing; undefined: nothing. */
export function whatIsMissing() {
  for (const [command, name] of [['chromium', 'chromium'], ['certutil', 'libnss3-tools']]) {
    if (spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0) {
      return `${name} is not installed`;
    }
  }
  return undefined;
}

/** Starts the browser; close() it afterwards. Every host but localhost and the redirected ones is unknown to it. */
export async function startBrowser({ authority, host }) {
  const home = mkdtempSync(join(tmpdir(), 'openpresence-browser-'));
  const store = join(home, '.pki', 'nssdb');
  mkdirSync(store, { recursive: true });
  const certutil = (...words) => execFileSync('certutil', ['-d', `sql:${store}`, ...words]);
  certutil('-N', '--empty-password');
  certutil('-A', '-t', 'C,,', '-n', 'openpresence', '-i', authority);
  const address = host.replace('localhost', '127.0.0.1');
  const rules = [
    ...redirected.map((name) => `MAP ${name}:443 ${address}`),
    'MAP * ~NOTFOUND',
    'EXCLUDE localhost',
    'EXCLUDE 127.0.0.1',
  ];
  const browser = await chromium.launch({
    executablePath: spawnSync('sh', ['-c', 'command -v chromium']).stdout.toString().trim(),
    env: { ...process.env, HOME: home },
    args: [
      `--host-resolver-rules=${rules.join(',')}`,
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  return {
    newPage: (options) => browser.newPage(options),
    async close() {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

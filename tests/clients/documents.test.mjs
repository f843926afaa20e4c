// What README.md and docs/clients.md show is run as it stands there; only the ports are those of the test's
// server. A block is run when the line before it is <!-- runs -->.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sharedServer } from './servers.mjs';

const server = sharedServer();
const run = promisify(execFile);
// Debian's, which knows Debian's packages; another may stand before it in the path.
const python = '/usr/bin/python3';
const hasPythonPackages = spawnSync(python, ['-c', 'import msal, requests']).status === 0;

for (const document of ['README.md', 'docs/clients.md']) {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/<!-- runs -->\n```(\w+)\n([\s\S]*?)```/g)];

  test(`${document} has examples that run`, () => assert.ok(blocks.length > 0));

  for (const [index, [, language, code]] of blocks.entries()) {
    test(`example ${index + 1} of ${document} shows a person in a meeting`, async (t) => {
      if (language === 'python' && !hasPythonPackages) {
        return t.skip('python3-msal is not installed');
      }
      const { stdout } = await runExample(t, language, atTestServer(code), index);
      assert.match(stdout, /Busy/);
      assert.match(stdout, /InAMeeting/);
    });
  }
}

function atTestServer(code) {
  return code
    .replaceAll('http://localhost:5080', server.http)
    .replaceAll('https://localhost:5443', server.https);
}

async function runExample(t, language, code, index) {
  if (language === 'sh') {
    return run('sh', ['-euc', code]);
  }
  if (language === 'python') {
    return run(python, ['-c', code], { env: { ...process.env, REQUESTS_CA_BUNDLE: server.authority } });
  }
  assert.equal(language, 'js');
  // Beside this file, so that it finds the same packages.
  const file = new URL(`example-${process.pid}-${index}.mjs`, import.meta.url);
  t.after(() => rmSync(file));
  writeFileSync(file, code);
  return run(process.execPath, [file.pathname]);
}

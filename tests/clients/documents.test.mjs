// What README.md and docs/clients.md show is run as it stands there; only the ports are those of the test's
// server. A block is run when the line before it is <!-- runs -->; those of other languages are run by language.mjs.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sharedServer } from './servers.mjs';

const server = sharedServer();
const run = promisify(execFile);
// What language.mjs runs of docs/clients.md.
const languages = ['csharp', 'go', 'java', 'php', 'python'];

for (const document of ['README.md', 'docs/clients.md']) {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  const all = [...text.matchAll(/<!-- runs -->\n```(\w+)\n([\s\S]*?)```/g)];
  const blocks = all.filter(([, language]) => ['js', 'sh'].includes(language));

  test(`${document} has examples that run, each in a language that is run`, () => {
    assert.ok(blocks.length > 0);
    const others = document === 'docs/clients.md' ? languages : [];
    assert.deepEqual(
      all.filter((block) => !blocks.includes(block) && !others.includes(block[1])),
      [],
    );
  });

  for (const [index, [, language, code]] of blocks.entries()) {
    test(`example ${index + 1} of ${document} shows a person in a meeting`, async (t) => {
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
  assert.equal(language, 'js');
  // Beside this file, so that it finds the same packages.
  const file = new URL(`example-${process.pid}-${index}.mjs`, import.meta.url);
  t.after(() => rmSync(file));
  writeFileSync(file, code);
  return run(process.execPath, [file.pathname]);
}

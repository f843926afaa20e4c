// What docs/live.md shows runs as it stands there; only the port is that of the test's server, and the
// browser's EventSource a small one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { demo, sharedServer } from './servers.mjs';

const HEARD_MS_MAX = 120_000;

const server = sharedServer();
const document = readFileSync(new URL('../../docs/live.md', import.meta.url), 'utf8');
const example = (language) =>
  document
    .match(new RegExp(`<!-- runs -->\n\`\`\`${language}\n([\\s\\S]*?)\`\`\``))[1]
    .replaceAll('http://localhost:5080', server.http);

async function getToken() {
  const answer = await fetch(`${server.http}/${demo.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: demo.application,
      client_secret: demo.secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  return (await answer.json()).access_token;
}

/** Runs a program until it has said something, then ends it. */
function heardFrom(t, command, args, pattern, env = {}) {
  const program = spawn(command, args, { env: { ...process.env, ...env } });
  t.after(() => program.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let said = '';
    const patience = setTimeout(() => reject(new Error(`It said only: ${said}`)), HEARD_MS_MAX);
    const listen = (chunk) => {
      said += chunk;
      if (pattern.test(said)) {
        clearTimeout(patience);
        resolve(said);
      }
    };
    program.stdout.on('data', listen);
    program.stderr.on('data', listen);
  });
}

test('the stream is heard with curl', async (t) => {
  const said = await heardFrom(t, 'sh', ['-c', `exec ${example('sh')}`], /event: ready/, {
    TOKEN: await getToken(),
  });
  assert.match(said, new RegExp(`"id":"${demo.inAMeeting}","availability":"Busy"`));
});

test('a page listens with a ticket', async (t) => {
  // Beside this file, so that it finds the stand-in.
  const file = new URL(`live-example-${process.pid}.mjs`, import.meta.url);
  t.after(() => rmSync(file));
  writeFileSync(
    file,
    `import { EventSource } from './event-source.mjs';
     const token = process.env.TOKEN;
     ${example('js')}`,
  );
  const said = await heardFrom(t, process.execPath, [file.pathname], /InAMeeting\n/, {
    TOKEN: await getToken(),
  });
  assert.match(said, new RegExp(`^${demo.inAMeeting} Busy InAMeeting$`, 'm'));
});

// The program beside this file changes nothing at all: a line in the hosts file and a trusted authority do it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startDropIn, whatIsInTheWay } from './drop-in.mjs';
import { demo } from './servers.mjs';

const program = fileURLToPath(new URL('drop-in-program.mjs', import.meta.url));

test('a program with compiled-in hosts works with nothing but a hosts-file line', async (t) => {
  const obstacle = await whatIsInTheWay();
  if (obstacle) {
    t.skip(obstacle);
    return;
  }
  const server = await startDropIn();
  try {
    const trusting = { NODE_EXTRA_CA_CERTS: server.authority };
    const { code, output, errors } = await server.run(
      trusting,
      process.execPath,
      program,
      demo.presenting,
    );
    assert.equal(code, 0, output + errors);
    const presence = JSON.parse(output);
    assert.equal(presence.activity, 'Presenting');
    assert.match(presence['@odata.context'], /^https:\/\/graph\.microsoft\.com\/v1\.0\/\$metadata#/);
  } finally {
    await server.stop();
  }
});

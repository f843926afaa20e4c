// node run.mjs [--test-reporter=…]: the tests start the provider and the server themselves.

import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
  process.execPath,
  ['--test', ...process.argv.slice(2), 'external-issuer.test.mjs'],
  { cwd: new URL('.', import.meta.url), stdio: 'inherit' },
);
process.exitCode = status ?? 1;

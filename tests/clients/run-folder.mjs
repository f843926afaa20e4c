// Runs the tests of a folder that start what they need themselves; options go to `node --test`.

import { spawn } from 'node:child_process';

/** `more` are variables for the tests, besides those of this process. */
export async function runFolder(folder, more = {}) {
  const tests = spawn(process.execPath, ['--test', ...process.argv.slice(2)], {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, ...more },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => tests.kill(signal));
  }
  process.exitCode = await new Promise((resolve) => tests.once('exit', (code) => resolve(code ?? 1)));
}

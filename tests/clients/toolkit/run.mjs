// node run.mjs [--test-reporter=…]: the tests start what they need themselves.

import { spawn } from 'node:child_process';

const tests = spawn(process.execPath, ['--test', ...process.argv.slice(2), 'toolkit.test.mjs'], {
  cwd: new URL('.', import.meta.url),
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => tests.kill(signal));
}
process.exitCode = await new Promise((resolve) => tests.once('exit', (code) => resolve(code ?? 1)));

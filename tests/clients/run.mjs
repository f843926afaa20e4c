// node run.mjs [--test-reporter=…] [FILE…]: starts a server, then the tests in a Node that trusts it.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { startServer } from './servers.mjs';

const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const folder = new URL('.', import.meta.url);
const files = named.length
  ? named
  : readdirSync(folder).filter((file) => file.endsWith('.test.mjs'));

// Most of the time of these tests is waiting (for Retry-After, for the next poll of a device), so the files
// run beside each other.
const server = await startServer();
const { output, stop, ...facts } = server;
const tests = spawn(process.execPath, ['--test', '--test-concurrency=4', ...options, ...files], {
  cwd: folder,
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_EXTRA_CA_CERTS: server.authority,
    SHARED_SERVER: JSON.stringify(facts),
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => tests.kill(signal));
}
process.exitCode = await new Promise((resolve) =>
  tests.once('exit', (code) => resolve(code ?? 1)),
);
await stop();
if (process.exitCode !== 0) {
  console.log(`The server said:\n${output()}`);
}

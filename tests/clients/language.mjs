// node language.mjs LANGUAGE [--url URL --ca FILE] [--https-port N] [--tap FILE]: runs the client of one language and
// what docs/clients.md shows of it, against servers of its own or against the one at URL.
//
// LANGUAGE/run.sh [FILE] gets the packages, builds and runs the program, or FILE in its place; its status 77 says that
// it cannot, with the reason in its last line. The program prints PASS, FAIL or SKIP for each of its checks.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServer, startServerLike } from './servers.mjs';

const CANNOT_RUN = 77;
const RUN_MS_MAX = 420_000;
// Who signs in: nobody whom the other checks name is changed.
const VIKTOR = '00a154d8-5ed8-4bcc-b5c7-19c2add9ca88';
// How each language is called in front of a block of docs/clients.md.
const fences = { csharp: 'csharp', go: 'go', java: 'java', php: 'php', python: 'python' };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    ca: { type: 'string', default: '.openpresence/tls/ca.pem' },
    'https-port': { type: 'string' },
    tap: { type: 'string' },
  },
});
const [language] = positionals;
if (!(language in fences)) {
  console.error(`node language.mjs ${Object.keys(fences).join('|')} [--url URL --ca FILE] [--tap FILE]`);
  process.exit(2);
}

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const results = [];

function tell(result, name, detail = '') {
  results.push({ result, name, detail });
  console.log(`${result} ${name}${detail && `: ${detail}`}`);
}

/** Runs LANGUAGE/run.sh; each line of its output goes to `online`. */
async function run(env, argument, online) {
  const child = spawn(path(`${language}/run.sh`), argument ? [argument] : [], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the time-out ends what it started too.
    detached: true,
  });
  const kill = () => process.kill(-child.pid, 'SIGKILL');
  const timer = setTimeout(kill, RUN_MS_MAX);
  const signals = ['SIGINT', 'SIGTERM'];
  signals.forEach((signal) => process.once(signal, kill));
  const output = [];
  let rest = '';
  const take = (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      output.push(line);
      online?.(line);
    }
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', (text) => process.stderr.write(text));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  clearTimeout(timer);
  signals.forEach((signal) => process.off(signal, kill));
  take('\n');
  return { code, output };
}

async function runProgram(env) {
  let failed = 0;
  const { code, output } = await run(env, undefined, (line) => {
    const [, result, said] = /^(PASS|FAIL|SKIP) +(.+)$/.exec(line) ?? [];
    if (result) {
      failed += result === 'FAIL' ? 1 : 0;
      // The reason stands behind the last colon of a check that was not made; the name of a check may have one too.
      const [name, reason] = result === 'SKIP' ? (/^(.*): (.*)$/.exec(said)?.slice(1) ?? [said]) : [said];
      tell(result, name, reason);
    } else if (line) {
      console.log(line);
    }
  });
  if (code === CANNOT_RUN) {
    tell('SKIP', `the SDK of ${language}`, output.at(-1) || output.at(-2));
    return false;
  }
  if (code !== 0 && failed === 0) {
    tell('FAIL', `the program of ${language}`, `it ended with ${code}`);
  }
  return true;
}

/** The blocks that docs/clients.md marks as run. They ask for a person in a meeting. */
async function runExamples(server, env) {
  const text = readFileSync(path('../../docs/clients.md'), 'utf8');
  const blocks = [...text.matchAll(/<!-- runs -->\n```(\w+)\n([\s\S]*?)```/g)];
  const codes = blocks.filter(([, fence]) => fence === fences[language]).map(([, , code]) => code);
  const folder = mkdtempSync(join(tmpdir(), 'openpresence-example-'));
  try {
    for (const [index, code] of codes.entries()) {
      const name = `example ${index + 1} of docs/clients.md shows a person in a meeting`;
      const file = join(folder, `example${index + 1}.${language}`);
      writeFileSync(file, code.replaceAll('https://localhost:5443', server.https));
      const { code: status, output } = await run(env, file);
      const said = output.join(' ');
      if (status === CANNOT_RUN) {
        tell('SKIP', name, output.findLast((line) => line));
      } else if (status === 0 && /Busy/.test(said) && /InAMeeting/.test(said)) {
        tell('PASS', name);
      } else {
        tell('FAIL', name, `it ended with ${status} and said: ${said}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report() {
  const count = (result) => results.filter((one) => one.result === result).length;
  const sums = [
    `# tests ${results.length}`,
    `# pass ${count('PASS')}`,
    `# fail ${count('FAIL')}`,
    '# cancelled 0',
    `# skipped ${count('SKIP')}`,
  ];
  const lines = results.map(({ result, name, detail }, index) => {
    const said = { PASS: '', SKIP: ` # SKIP ${detail}`, FAIL: detail && `: ${detail}` }[result];
    return `${result === 'FAIL' ? 'not ok' : 'ok'} ${index + 1} - ${language}: ${name}${said}`;
  });
  const tap = ['TAP version 13', `1..${results.length}`, ...lines, ...sums].join('\n');
  if (values.tap) {
    writeFileSync(values.tap, `${tap}\n`);
  }
  console.log(sums.join('\n'));
  return count('FAIL') === 0 && count('PASS') + count('SKIP') > 0 ? 0 : 1;
}

const own = [];
try {
  let server = { https: values.url, authority: values.ca };
  let throttled;
  if (!values.url) {
    // The validation tokens of version 2 are those that the SDK for Java reads.
    const settings = { 'validation-token-version': 2 };
    if (values['https-port']) {
      settings['https-port'] = values['https-port'];
    }
    own.push((server = await startServer({ settings })));
    own.push((throttled = await startServerLike(server, { 'throttle-limit': 5 })));
  }
  // As people write it: the port that goes without saying is not said.
  server = { ...server, https: server.https.replace(/:443$/, '') };
  const env = {
    GRAPH_URL: server.https,
    GRAPH_CA: server.authority,
    GRAPH_CONTROL: values.url ? '' : `${server.http}/control`,
    THROTTLED_URL: throttled?.https ?? '',
    NODE_EXTRA_CA_CERTS: server.authority,
    SIGN_IN: path('sign-in.mjs'),
    SIGN_IN_AS: VIKTOR,
  };
  if (await runProgram(env)) {
    await runExamples(server, env);
  }
} finally {
  await Promise.all(own.map((server) => server.stop()));
}
process.exitCode = report();

// Microsoft Graph Toolkit in a real browser: page.mjs is what an application would be, and has no address of ours.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { demo, startServer } from '../servers.mjs';
import { startBrowser, whatIsMissing } from './browser.mjs';

const WAIT_MS_MAX = 120_000;
const PHOTO_PIXELS = 240;
const screenshots = fileURLToPath(new URL('../../../artifacts/test/', import.meta.url));
const missing = whatIsMissing();
let server;
let site;
let browser;

before(async () => {
  if (!missing) {
    server = await startServer({ settings: { 'drop-in': true } });
    site = await startSite();
    browser = await startBrowser(server);
  }
});
after(async () => {
  await browser?.close();
  site?.close();
  await server?.stop();
});

test('the toolkit signs in and shows people with their badges, which change', async (t) => {
  if (missing) {
    return t.skip(missing);
  }
  const page = await browser.newPage({ viewport: { width: 900, height: 640 } });
  page.setDefaultTimeout(WAIT_MS_MAX);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const badge = (element, name) => page.locator(element).getByRole('img', { name, exact: true });

  await page.goto(site.address);
  await page.getByRole('button', { name: 'Sign In' }).click();
  await page.getByRole('button', { name: 'Mara Lindqvist' }).click();

  await page.locator('#me').getByText('Mara Lindqvist').waitFor();
  await badge('#me', 'In a meeting').waitFor();
  await badge('#one', 'Presenting').waitFor();
  await badge('#team', 'Be right back').waitFor();
  assert.equal(await page.locator('#team mgt-person').count(), 10);
  // Half of her people have a photo; the others are drawn as their initials.
  await photosOf(page, '#me').waitFor();
  await photosOf(page, '#one').waitFor();
  await photosOf(page, '#team').nth(4).waitFor();
  const widths = await photosOf(page, '#team').evaluateAll((photos) =>
    Promise.all(photos.map((photo) => photo.decode().then(() => photo.naturalWidth))),
  );
  assert.deepEqual(widths, Array(5).fill(PHOTO_PIXELS));
  await page.locator('#team').getByText('SA', { exact: true }).waitFor();
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}toolkit.png` });

  await preferBusy(demo.presenting);
  await page.reload();
  await badge('#one', 'Busy').waitFor();
  assert.equal(await badge('#one', 'Presenting').count(), 0);
  assert.deepEqual(errors, []);
});

/** Pictures, not the initials that are drawn without one. */
function photosOf(page, element) {
  return page.locator(element).locator('img[src^="data:image/"], img[src^="blob:"]');
}

/** Serves the page, bundled as an application would be. */
async function startSite() {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const bundle = await build({
    entryPoints: [`${folder}page.mjs`],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  const files = {
    '/': ['text/html', readFileSync(`${folder}page.html`)],
    '/page.js': ['text/javascript', bundle.outputFiles[0].contents],
  };
  const listener = createServer((request, answer) => {
    const [type, content] = files[request.url.split('?')[0]] ?? [];
    answer.writeHead(content ? 200 : 404, { 'Content-Type': type ?? 'text/plain' }).end(content);
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://localhost:${listener.address().port}/`,
    close: () => listener.close(),
  };
}

/** Somebody chooses Busy, elsewhere. */
async function preferBusy(person) {
  const form = {
    grant_type: 'client_credentials',
    client_id: demo.application,
    client_secret: demo.secret,
    scope: 'https://graph.microsoft.com/.default',
  };
  const signedIn = await fetch(`${server.http}/${demo.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const { access_token: token } = await signedIn.json();
  const answer = await fetch(`${server.http}/v1.0/users/${person}/presence/setUserPreferredPresence`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ availability: 'Busy', activity: 'Busy' }),
  });
  assert.equal(answer.status, 200);
}

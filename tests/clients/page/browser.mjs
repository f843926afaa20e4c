// Debian's Chromium, for a page that must work without anything from elsewhere: every host but this machine is unknown
// to it, and whatever it complains of (an error, a warning, a violation of the page's policy) is kept.

import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';

// Reached only by what never comes, however slow the machine is.
const WAIT_MS_MAX = 120_000;

const where = () => spawnSync('sh', ['-c', 'command -v chromium']).stdout.toString().trim();

/** A sentence that says what is missing; undefined: nothing. */
export const whatIsMissing = () => (where() ? undefined : 'chromium is not installed');

/** Starts the browser for all files; close() it afterwards. */
export const serveBrowser = () =>
  chromium.launchServer({
    executablePath: where(),
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
    ],
  });

/** The browser that run.mjs started; close() leaves it. */
export function startBrowser() {
  const endpoint = process.env.PAGE_BROWSER;
  if (!endpoint) {
    throw new Error('Run these tests with: node run.mjs');
  }
  return chromium.connect(endpoint);
}

/** A page of a browser session of its own, and what it complained of. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS_MAX);
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.stack));
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

// How the page looks and reads: every view in light and dark is held against axe-core, and pictured at the width of a
// phone, a desk and a wallboard. The pictures are in artifacts/test/page, for people to look at.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { demo, startServer } from '../servers.mjs';
import { openPage, startBrowser, whatIsMissing } from './browser.mjs';
import { startReceiver } from './receiver.mjs';
import { application, control, entries, noor, viktor } from './steps.mjs';

const pictures = fileURLToPath(new URL('../../../artifacts/test/page/', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const daniel = 'f5ec52ed-0108-4475-92e1-bc7656670b14';
const skip = whatIsMissing() ?? false;
const sizes = { 390: 844, 1280: 800, 1920: 1080 };
const views = {
  people: (page) => page.getByRole('heading', { name: 'Latest changes' }),
  [`people/${noor}`]: (page) => page.getByText('Hidden', { exact: true }),
  [`people/${daniel}`]: (page) => page.getByText('Meeting in the calendar'),
  notifications: (page) => page.getByText('202 taken').first(),
  requests: (page) => page.getByRole('row').nth(3),
  control: (page) => page.getByText('fault-1'),
};
let server;
let browser;
let receiver;

before(async () => {
  if (!skip) {
    server = await startServer();
    browser = await startBrowser();
    receiver = await startReceiver();
    mkdirSync(pictures, { recursive: true });
    await live();
  }
});
after(async () => {
  await browser?.close();
  receiver?.close();
  await server?.stop();
});

for (const scheme of ['light', 'dark']) {
  test(`nothing of the page keeps anybody out, ${scheme}`, { skip }, async () => {
    // Looking at the page from outside needs a script in it, which its policy forbids.
    const options = { colorScheme: scheme, bypassCSP: true };
    const { page, close } = await openPage(browser, server.http, options);
    for (const [view, isThere] of Object.entries(views)) {
      await page.goto(`${server.http}/#${view}`);
      await isThere(page).waitFor();
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${view}: ${id} ${target}`));
      assert.deepEqual(found, []);
    }
    await close();
  });

  for (const [width, height] of Object.entries(sizes)) {
    test(`the page fits ${width} pixels, ${scheme}`, { skip }, async () => {
      const { page, complaints, close } = await openPage(browser, server.http, {
        colorScheme: scheme,
        viewport: { width: Number(width), height },
      });
      await entries(page).first().waitFor();
      for (const [view, isThere] of Object.entries(views)) {
        await page.goto(`${server.http}/#${view}`);
        await (width === '390' && view === 'people' ? entries(page).first() : isThere(page)).waitFor();
        await page.evaluate(() => document.querySelector('.avatar img')?.decode());
        await page.screenshot({ path: `${pictures}${view.slice(0, 10).replace('/', '-')}-${width}-${scheme}.png` });
        const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(isWider, false, `${view} is wider than the window`);
      }
      assert.deepEqual(complaints, []);
      await close();
    });
  }
}

/** Something to look at: deliveries, failures, a fault, somebody on the telephone. */
async function live() {
  const program = await application(server);
  await program.mustSend('POST', '/v1.0/subscriptions', {
    changeType: 'updated',
    resource: 'communications/presences',
    notificationUrl: receiver.url,
    expirationDateTime: new Date(Date.now() + 59 * 60_000).toISOString(),
  });
  await control(server, 'POST', 'faults', { operation: 'getUserPresence', status: 503, count: 2 });
  await program.setPresence(viktor, 'Busy', 'InACall');
  await program.send('GET', `/v1.0/users/${demo.inAMeeting}/presence`);
  await program.send('GET', `/v1.0/users/${demo.presenting}/presence`);
  await program.send('GET', `/v1.0/users/${demo.nobody}/presence`);
  await program.send('POST', '/v1.0/communications/getPresencesByUserId', { ids: [demo.presenting, viktor] });
  await program.send('GET', '/v1.0/users?$top=5&$select=id,displayName');
}

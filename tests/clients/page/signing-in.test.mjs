// Who sees the page elsewhere than on a developer's machine with nothing set up, and how it bears many people.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { demo, startServer } from '../servers.mjs';
import { openPage, startBrowser, whatIsMissing } from './browser.mjs';
import { choose, entries, entry, showsInList } from './steps.mjs';

const MANY = 5000;
const ELEMENTS_MAX = 60;
const skip = whatIsMissing() ?? false;
let browser;

before(async () => {
  if (!skip) {
    browser = await startBrowser();
  }
});
after(() => browser?.close());

test('people sign in at the issuer with a code and PKCE, and no token is left anywhere', { skip }, async (t) => {
  const server = await startServer({ settings: { 'page-client-id': demo.publicClient } });
  t.after(() => server.stop());
  const { page, complaints, close } = await openPage(browser, `${server.http}/#people/${demo.presenting}`);
  const exchanged = page.waitForRequest((request) => request.url().endsWith('/oauth2/v2.0/token'));
  await page.getByRole('button', { name: 'Lena Hoffmann' }).click();
  assert.match((await exchanged).postData(), /code_verifier=[\w-]{43}&/);
  await page.getByRole('heading', { name: 'Jonas Okafor' }).waitFor();
  await showsInList(page, 'Mara Lindqvist', 'In a meeting');
  await page.getByText('Lena Hoffmann', { exact: true }).first().waitFor();
  await choose(page, 'Lena Hoffmann');
  await page.getByRole('tabpanel').getByRole('button', { name: 'Away', exact: true }).click();
  await showsInList(page, 'Lena Hoffmann', 'Away');
  const kept = await page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(kept, /eyJ|code=|verifier/);
  // Lena may not ask why others show what they show; the browser notes each such answer.
  assert.deepEqual(complaints.filter((text) => !text.includes('403')), []);
  await close();
});

test('a server with a control token shows nothing without it', { skip }, async (t) => {
  const token = 'of-this-server-alone';
  const server = await startServer({ settings: { 'control-token': token } });
  t.after(() => server.stop());
  const { page, complaints, close } = await openPage(browser, server.http);
  const field = page.getByLabel('The control token of this server');
  await field.fill('a-wrong-guess-of-it');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await field.fill(token);
  await page.getByRole('button', { name: 'Open' }).click();
  await showsInList(page, 'Mara Lindqvist', 'In a meeting');
  assert.deepEqual(complaints.filter((text) => !text.includes('403')), []);
  await close();
});

test('whoever signed in opens the control views with the control token', { skip }, async (t) => {
  const settings = { 'page-client-id': demo.publicClient, 'control-token': 'of-this-server-alone' };
  const server = await startServer({ settings });
  t.after(() => server.stop());
  const { page, complaints, close } = await openPage(browser, server.http);
  await page.getByRole('button', { name: 'Lena Hoffmann' }).click();
  await entry(page, 'Mara Lindqvist').waitFor();
  const control = page.getByRole('link', { name: 'Control' });
  assert.equal(await control.isVisible(), false);
  await page.getByRole('button', { name: 'Control token…' }).click();
  await page.getByLabel('The control token of this server').fill(settings['control-token']);
  await page.getByRole('dialog').getByRole('button', { name: 'Open' }).click();
  await control.click();
  await page.getByRole('button', { name: 'Freeze', exact: true }).waitFor();
  assert.deepEqual(complaints.filter((text) => !text.includes('403')), []);
  await close();
});

test('a page that the settings switch off is not there', { skip }, async (t) => {
  const server = await startServer({ settings: { page: false } });
  t.after(() => server.stop());
  const { page, close } = await openPage(browser, server.http);
  await page.getByText('OpenPresence is ready.').waitFor();
  await close();
});

test('thousands of people are listed, searched and gone through with the keys', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'openpresence-many-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const seed = join(folder, 'seed.json');
  writeFileSync(seed, JSON.stringify(manyPeople()));
  const server = await startServer({ settings: { seed } });
  t.after(() => server.stop());
  const { page, complaints, close } = await openPage(browser, server.http);
  await page.getByText('5,000 people').waitFor();
  await showsInList(page, 'Person 0001', 'In a call');
  assert.ok((await entries(page).count()) < ELEMENTS_MAX);
  await page.getByRole('listbox', { name: 'People' }).focus();
  await page.keyboard.press('End');
  await entry(page, 'Person 5000').waitFor();
  assert.ok((await entries(page).count()) < ELEMENTS_MAX);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Person 5000' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search people' }).fill('person.49');
  await page.getByText('100 of 5,000').waitFor();
  await page.getByRole('button', { name: /Busy/ }).first().click();
  await page.getByText('34 of 5,000').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

/** Every third of them is in a call. */
function manyPeople() {
  const number = (index) => String(index + 1).padStart(4, '0');
  return {
    tenants: [
      {
        id: demo.tenant,
        displayName: 'Many',
        domains: [demo.domain],
        people: Array.from({ length: MANY }, (_, index) => ({
          id: `00000000-0000-4000-8000-00000000${number(index)}`,
          userPrincipalName: `person.${number(index)}@${demo.domain}`,
          displayName: `Person ${number(index)}`,
          presence: index % 3 ? undefined : 'Busy/InACall',
        })),
      },
    ],
  };
}

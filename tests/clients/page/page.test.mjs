// The page as a developer meets it: opened in a browser on the machine of a development server, with nothing set up.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { demo, startServer } from '../servers.mjs';
import { openPage, startBrowser, whatIsMissing } from './browser.mjs';
import { startLink } from './link.mjs';
import { startReceiver } from './receiver.mjs';
import { application, choose, control, entries, entry, goTo, noor, showsInList, viktor } from './steps.mjs';

const missing = whatIsMissing();
const skip = missing ?? false;
let server;
let browser;
let program;
let page;
let complaints;

before(async () => {
  if (!missing) {
    server = await startServer();
    browser = await startBrowser();
    program = await application(server);
    ({ page, complaints } = await openPage(browser, server.http));
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => !missing && assert.deepEqual(complaints.splice(0), []));

test('whoever opens the page is signed in, and sees everybody', { skip }, async () => {
  await showsInList(page, 'Mara Lindqvist', 'In a meeting');
  await showsInList(page, 'Jonas Okafor', 'Presenting');
  await page.getByText('Live', { exact: true }).waitFor();
  assert.equal(await entries(page).first().getAttribute('aria-setsize'), '14');
  assert.equal(await page.getByRole('button', { name: /^14\s*Everybody/ }).getAttribute('aria-pressed'), 'true');
  await entry(page, 'Mara Lindqvist').locator('img').waitFor();
  // The token is nowhere but in memory.
  const kept = await page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.doesNotMatch(kept, /eyJ/);
});

test('what somebody else sets is seen at once, without a reload', { skip }, async (t) => {
  await showsInList(page, 'Viktor Novák', 'Offline');
  const begun = performance.now();
  await program.setPresence(viktor, 'Busy', 'InACall');
  await showsInList(page, 'Viktor Novák', 'In a call');
  t.diagnostic(`seen after ${Math.round(performance.now() - begun)} ms`);
  await page.getByRole('region', { name: 'Latest changes' }).getByRole('button', { name: /Viktor Novák.*In a call/ }).waitFor();
  await program.mustSend('POST', `/v1.0/users/${viktor}/presence/clearPresence`, { sessionId: demo.application });
  await showsInList(page, 'Viktor Novák', 'Offline');
});

test('the page says which layer is shown, what it hides, and by which rule', { skip }, async () => {
  await choose(page, 'Noor Haddad');
  const why = page.getByRole('region', { name: 'Why this is shown' });
  await why.getByText('What a person prefers is shown over every session while there is one.').waitFor();
  const layers = why.getByRole('listitem');
  assert.match(await layers.nth(0).innerText(), /Preferred by the person\s+Shown/);
  assert.match(await layers.nth(1).innerText(), /Device \w+\s+Hidden\s+Available\s+The preferred presence hides every session\./);
  assert.match(await why.getByRole('link', { name: 'Source' }).getAttribute('href'), /^https:\/\/learn\.microsoft\.com\//);
});

test('what is set with a click is said to be hidden when it is', { skip }, async () => {
  await choose(page, 'Noor Haddad');
  await page.getByRole('tab', { name: 'Session' }).click();
  await page.getByRole('tabpanel').getByRole('button', { name: 'In a call', exact: true }).click();
  await page.getByText('Nobody sees it yet: The preferred presence hides every session.').waitFor();
  await page.getByRole('tab', { name: 'Preferred' }).click();
  await page.getByRole('tabpanel').getByRole('button', { name: 'Clear' }).click();
  await showsInList(page, 'Noor Haddad', 'In a call');
  const layers = page.getByRole('region', { name: 'Why this is shown' }).getByRole('listitem');
  await layers.filter({ hasText: 'This page' }).filter({ hasText: 'Shown' }).waitFor();
});

test('five minutes later an Available that nobody renewed has faded', { skip }, async () => {
  await choose(page, 'Viktor Novák');
  await page.getByRole('tab', { name: 'Session' }).click();
  await page.getByRole('tabpanel').getByRole('button', { name: 'Available', exact: true }).click();
  await showsInList(page, 'Viktor Novák', 'Available');
  const next = page.getByRole('region', { name: 'What comes next' });
  await next.getByText('Available, inactive').waitFor();
  assert.match(await next.innerText(), /in [45]:\d\d/);
  await page.getByRole('button', { name: 'Move the clock on by 5 minutes' }).click();
  await showsInList(page, 'Viktor Novák', 'Available, inactive');
  await page.getByRole('button', { name: 'Move the clock on by 5 minutes' }).click();
  await showsInList(page, 'Viktor Novák', 'Away');
  await next.getByText('Offline').waitFor();
});

test('a frozen clock stands still', { skip }, async () => {
  await page.getByRole('button', { name: 'Freeze the clock' }).click();
  await page.getByText('frozen', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Let the clock run' }).click();
  await page.getByRole('button', { name: 'Freeze the clock' }).waitFor();
});

test('a message and a place are set, seen, and cleared', { skip }, async () => {
  await choose(page, 'Viktor Novák');
  await page.getByRole('tab', { name: 'Message' }).click();
  await page.getByRole('textbox', { name: 'Status message' }).fill('<b>At</b> the customer');
  await page.getByRole('button', { name: 'Set message' }).click();
  await showsInList(page, 'Viktor Novák', '<b>At</b> the customer');
  await page.getByRole('tabpanel').getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('tab', { name: 'Place' }).click();
  await page.getByRole('tabpanel').getByRole('button', { name: 'Remote' }).click();
  await showsInList(page, 'Viktor Novák', 'Remote');
  assert.doesNotMatch(await entry(page, 'Viktor Novák').innerText(), /customer/);
});

test('a fault that is set meets a program and not the page, and is seen', { skip }, async () => {
  await goTo(page, 'Control');
  await page.getByLabel('Which requests').selectOption('getUserPresence');
  await page.getByLabel('What happens').selectOption('503 Service unavailable');
  await page.getByLabel('How often').fill('1');
  await page.getByRole('button', { name: 'Set fault' }).click();
  await page.getByText('getUserPresence · 503 · 1 times').waitFor();
  const met = await program.send('GET', `/v1.0/users/${viktor}/presence`);
  assert.equal(met.status, 503);
  await page.getByText('met 1 of 1').waitFor();
  await goTo(page, 'Requests');
  const row = page.getByRole('row').filter({ hasText: 'fault-' });
  assert.match(await row.innerText(), /503\s*fault-\d+\s+getUserPresence Viktor Novák/);
  await page.getByLabel('Failures only').check();
  assert.equal(await page.getByRole('row').count(), 2);
  await page.getByLabel('Failures only').uncheck();
  // The page asked for a lot in the meantime, and none of it is here.
  assert.doesNotMatch(await page.getByRole('table').innerText(), /explain|\$batch/);
  await goTo(page, 'Control');
  await page.getByRole('button', { name: /^Take fault-\d+ away$/ }).click();
  await page.getByText('No faults are set.').waitFor();
});

test('a delivery is seen, taken or not, and opened with the private key', { skip }, async (t) => {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const subscription = await program.mustSend('POST', '/v1.0/subscriptions', {
    changeType: 'updated',
    resource: `communications/presences/${demo.rightBack}`,
    notificationUrl: receiver.url,
    expirationDateTime: new Date(Date.now() + 59 * 60_000).toISOString(),
    includeResourceData: true,
    encryptionCertificate: receiver.certificate,
    encryptionCertificateId: 'ours',
    clientState: 'between-us',
  });
  await goTo(page, 'Notifications');
  await page.getByRole('link', { name: /Priya Raman.*Up to date/ }).waitFor();
  receiver.status = 503;
  await control(server, 'PUT', 'actors', {
    actors: [{ user: demo.rightBack, steps: [{ device: 'phone', shows: 'Busy/InACall', for: 'PT1H' }] }],
  });
  await page.getByRole('link', { name: /Priya Raman.*Failing/ }).waitFor();
  await page.getByText('503 not taken').first().waitFor();
  receiver.status = 202;
  await page.getByRole('button', { name: 'Move the clock on by 5 minutes' }).click();
  await page.getByText('202 taken').click();
  assert.match(await page.getByLabel('Payload').first().innerText(), /"encryptedContent"/);
  assert.doesNotMatch(await page.content(), /between-us/);
  await page.getByText('Open encrypted notifications').click();
  await page.getByLabel('The subscriber’s private key (PEM)').fill(receiver.privateKey);
  await page.getByRole('button', { name: 'Use this key' }).click();
  await page.locator('.opened').filter({ hasText: 'Priya Raman' }).filter({ hasText: 'In a call' }).first().waitFor();
  assert.equal(await page.getByLabel('The subscriber’s private key (PEM)').inputValue(), '');
  await program.send('DELETE', `/v1.0/subscriptions/${subscription.id}`);
  await page.getByText('Nobody has subscribed.').waitFor();
});

test('the page goes on by itself when its token is ended', { skip }, async () => {
  await goTo(page, 'People');
  await control(server, 'POST', 'tokens/revoke');
  program = await application(server);
  await program.setPresence(viktor, 'DoNotDisturb', 'Presenting');
  await showsInList(page, 'Viktor Novák', 'Presenting');
  await page.getByText('Live', { exact: true }).waitFor();
  // The browser says itself that a request was answered with 401.
  assert.deepEqual(complaints.splice(0).filter((text) => !text.includes('401')), []);
});

test('what changed while the connection was gone is there when it comes back', { skip }, async () => {
  const link = await startLink(new URL(server.http).port);
  const { page: other, close } = await openPage(browser, link.url);
  await showsInList(other, 'Mara Lindqvist', 'In a meeting');
  await other.getByText('Live', { exact: true }).waitFor();
  await link.cut();
  await other.getByText('Connection lost').waitFor();
  await program.setPresence(viktor, 'Busy', 'InAConferenceCall');
  await link.mend();
  await showsInList(other, 'Viktor Novák', 'In a conference call');
  await other.getByText('Live', { exact: true }).waitFor();
  // The browser complained of what was cut off, as it should.
  await close();
  await link.cut();
});

test('reset leads back to the beginning', { skip }, async () => {
  await goTo(page, 'Control');
  await page.getByRole('button', { name: 'Reset…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Reset…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
  await page.getByText('Everything is as in the beginning.').waitFor();
  await goTo(page, 'People');
  await showsInList(page, 'Viktor Novák', 'Offline');
  await showsInList(page, 'Noor Haddad', 'Offline, off work');
});

test('somebody may look as a person, who sees less', { skip }, async () => {
  await page.getByLabel('Act as').focus();
  await page.getByLabel('Act as').selectOption('Lena Hoffmann');
  await choose(page, 'Noor Haddad');
  await page.getByText('Only the person, and applications').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Change' }).count(), 0);
  await choose(page, 'Lena Hoffmann');
  await page.getByRole('region', { name: 'Change' }).waitFor();
  await page.getByLabel('Act as').selectOption('Contoso: everything');
  await showsInList(page, 'Noor Haddad', 'Offline');
  // So says the browser of what the person may not see.
  assert.deepEqual(complaints.splice(0).filter((text) => !text.includes('403')), []);
});

test('with the keyboard alone one finds a person, asks why, and changes what is shown', { skip }, async () => {
  const { page: other, complaints: said, close } = await openPage(browser, server.http);
  await entry(other, 'Viktor Novák').waitFor();
  await other.keyboard.press('/');
  await other.keyboard.type('customer');
  await other.getByText('3 of 14').waitFor();
  const focused = () => other.evaluate(() => document.activeElement.getAttribute('role') ?? document.activeElement.tagName);
  for (let presses = 0; (await focused()) !== 'listbox'; presses++) {
    assert.ok(presses < 5, 'the list is not reached');
    await other.keyboard.press('Tab');
  }
  await other.keyboard.press('End');
  await other.keyboard.press('Enter');
  await other.getByRole('heading', { name: 'Tomás Ferreira' }).waitFor();
  assert.equal(await focused(), 'H2');
  for (let presses = 0; (await focused()) !== 'tab'; presses++) {
    assert.ok(presses < 5, 'the tabs are not reached');
    await other.keyboard.press('Tab');
  }
  await other.keyboard.press('Tab');
  await other.keyboard.press('Tab');
  await other.keyboard.press('Enter'); // Busy
  await showsInList(other, 'Tomás Ferreira', 'Busy');
  await other.keyboard.press('Escape');
  await other.getByRole('heading', { name: 'Latest changes' }).waitFor();
  assert.equal(await focused(), 'listbox');
  assert.deepEqual(said, []);
  await close();
});

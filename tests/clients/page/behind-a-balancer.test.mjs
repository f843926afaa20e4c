// The page where several nodes answer for one another: each of its requests may meet another node than the one before.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, startBrowser, whatIsMissing } from './browser.mjs';
import { openStreams, startCluster, whatTheClusterLacks } from './cluster.mjs';
import { application, choose, entry, showsInList, viktor } from './steps.mjs';

const skip = whatIsMissing() ?? whatTheClusterLacks() ?? false;
let browser;
let cluster;

before(async () => {
  if (!skip) {
    [browser, cluster] = await Promise.all([startBrowser(), startCluster()]);
  }
});
after(async () => {
  await browser?.close();
  await cluster?.stop();
});

test('the page shows what is written on either node, and goes on when its node stops', { skip }, async () => {
  const { page, complaints, close } = await openPage(browser, cluster.url);
  await showsInList(page, 'Mara Lindqvist', 'In a meeting');
  await entry(page, 'Mara Lindqvist').locator('img').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();

  const programs = await Promise.all(cluster.nodes.map((node) => application(node)));
  await programs[0].setPresence(viktor, 'Busy', 'InACall');
  await showsInList(page, 'Viktor Novák', 'In a call');
  await programs[1].setPresence(viktor, 'DoNotDisturb', 'Presenting');
  await showsInList(page, 'Viktor Novák', 'Presenting');

  // What the page asks and sets by itself: several requests, to both nodes in turn.
  await choose(page, 'Noor Haddad');
  const why = page.getByRole('region', { name: 'Why this is shown' });
  await why.getByText('What a person prefers is shown over every session while there is one.').waitFor();
  await page.getByRole('tab', { name: 'Preferred' }).click();
  const written = page.waitForResponse((answer) => answer.url().endsWith('/clearUserPreferredPresence'));
  const read = page.waitForRequest((request) => request.url().endsWith('/explain'));
  await page.getByRole('tabpanel').getByRole('button', { name: 'Clear' }).click();
  await showsInList(page, 'Noor Haddad', 'Available');
  // The node that explains may not be the one that wrote, and is told how far it must have come.
  const place = (await written).headers()['openpresence-sequence'];
  assert.ok((await read).headers().prefer >= `openpresence-after=${place}`, `${(await read).headers().prefer} ${place}`);

  const counts = await Promise.all(cluster.nodes.map(openStreams));
  assert.deepEqual(counts.toSorted(), [0, 1]);
  const serving = counts.indexOf(1);
  const other = 1 - serving;
  await cluster.nodes[serving].stop();
  await programs[other].setPresence(viktor, 'Busy', 'InAConferenceCall');
  await showsInList(page, 'Viktor Novák', 'In a conference call');
  await page.getByText('Live', { exact: true }).waitFor();
  assert.equal(await openStreams(cluster.nodes[other]), 1);
  assert.deepEqual(complaints, []);
  await close();
});

test('a read that no node comes far enough for is made without', { skip }, async () => {
  const { page, close } = await openPage(browser, cluster.url);
  await page.getByText('Live', { exact: true }).waitFor();
  const tooFar = { status: 504, json: { error: { code: 'GatewayTimeout', message: 'as of a server that began anew' } } };
  await page.route('**/explain', (route) =>
    route.request().headers().prefer ? route.fulfill(tooFar) : route.continue(),
  );
  await choose(page, 'Noor Haddad');
  const why = page.getByRole('region', { name: 'Why this is shown' });
  await why.getByRole('link', { name: 'Source' }).waitFor();
  await close();
});

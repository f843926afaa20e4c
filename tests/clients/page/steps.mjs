// What the tests do to the page and to the server behind its back.

import assert from 'node:assert/strict';
import { demo } from '../servers.mjs';

export const viktor = '00a154d8-5ed8-4bcc-b5c7-19c2add9ca88'; // nothing is known of him
export const noor = '9a1e40b4-5815-4a99-99e2-d15364c7a500'; // appears offline

/** The entry of a person in the list: by how it begins, for a message of somebody else may name the person, too. */
export const entry = (page, name) =>
  page.getByRole('listbox', { name: 'People' }).getByRole('option', { name: new RegExp(`^${name}`) });

export const entries = (page) => page.getByRole('listbox', { name: 'People' }).getByRole('option');

/** Waits until the list says something of a person. */
export const showsInList = (page, name, words) => entry(page, name).filter({ hasText: words }).waitFor();

export const choose = async (page, name) => {
  await entry(page, name).click();
  await page.getByRole('heading', { name }).waitFor();
};

export const goTo = (page, view) => page.getByRole('navigation').getByRole('link', { name: view }).click();

/** A program of somebody's: the demo application. */
export async function application(server) {
  const answer = await fetch(`${server.http}/${demo.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: demo.application,
      client_secret: demo.secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const { access_token: token } = await answer.json();
  const send = (method, path, body) =>
    fetch(server.http + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
  return {
    send,
    async mustSend(method, path, body) {
      const answered = await send(method, path, body);
      const text = await answered.text();
      assert.ok(answered.ok, `${method} ${path}: ${answered.status} ${text}`);
      return text ? JSON.parse(text) : {};
    },
    setPresence(person, availability, activity, duration = 'PT1H') {
      return this.mustSend('POST', `/v1.0/users/${person}/presence/setPresence`, {
        sessionId: demo.application,
        availability,
        activity,
        expirationDuration: duration,
      });
    },
  };
}

export const control = async (server, method, path, body) => {
  const answer = await fetch(`${server.http}/control/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
};

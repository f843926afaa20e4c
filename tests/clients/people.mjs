// Signs people in as a person would: opens the page, follows its form, presses its button.

import assert from 'node:assert/strict';

/**
 * Opens a page of the issuer and submits its form for a person, page after page, until a page without a
 * form or a redirect to `redirectUri`, whose URL is the answer.
 */
export async function signIn(url, { person, fields = {}, redirectUri = 'http://localhost' }) {
  const cookies = new Map();
  let response = await visit(url, { cookies });
  for (let page = 0; page < 5; page++) {
    const location = response.headers.get('Location');
    if (location) {
      const target = new URL(location, response.url);
      if (target.href.startsWith(redirectUri)) {
        return target;
      }
      response = await visit(target, { cookies });
      continue;
    }
    assert.equal(response.status, 200, `${response.url} answered ${response.status}`);
    const form = formFor(await response.text(), person);
    if (!form) {
      return new URL(response.url);
    }
    const body = new URLSearchParams({ ...form.fields, ...onlyAsked(fields, form) });
    response = await visit(new URL(form.action || response.url, response.url), {
      cookies,
      method: 'POST',
      body,
    });
  }
  assert.fail('The sign-in did not come to an end after five pages.');
}

async function visit(url, { cookies, ...options }) {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...options,
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [name, value] = cookie.split(';')[0].split('=');
    cookies.set(name, value);
  }
  return response;
}

/** The form whose button is the person's, or else the first; with what a browser would send of it. */
function formFor(html, person) {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(
    ([, head, content]) => ({ action: attribute(head, 'action'), content }),
  );
  const chosen = forms.find(({ content }) => content.includes(person)) ?? forms[0];
  if (!chosen) {
    return undefined;
  }
  const fields = {};
  const asked = [];
  for (const [input] of chosen.content.matchAll(/<(?:input|button)\b[^>]*>/gi)) {
    const name = attribute(input, 'name');
    const value = attribute(input, 'value') ?? '';
    if (!name) {
      continue;
    }
    asked.push(name);
    const isChoice = /<button/i.test(input) || /type="?(?:submit|radio)/i.test(input);
    if (!isChoice || value === person || !(name in fields)) {
      fields[name] = value;
    }
  }
  return { action: chosen.action, fields, asked };
}

function onlyAsked(fields, form) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => form.asked.includes(name)));
}

function attribute(tag, name) {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return match && unescaped(match[1] ?? match[2] ?? match[3]);
}

function unescaped(text) {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits) => String.fromCodePoint(Number(digits)))
    .replace(/&(amp|lt|gt|quot);/g, (_, name) => names[name]);
}

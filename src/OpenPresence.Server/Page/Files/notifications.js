// Every subscription of the server and what became of its notifications: taken, refused, waiting; with what was
// sent, and, once the private key is given, what was in it.

import { h, put, setText, toast } from './dom.js';
import { control } from './api.js';
import { presenceLabel } from './badges.js';
import { clock } from './clock.js';
import { decrypt, readPrivateKey } from './decrypt.js';
import { countdown, momentOf, timeOf, tookOf } from './format.js';
import { icon } from './icons.js';
import { people } from './people.js';
import { applicationName, readTenants } from './signin.js';

const POLL_MS = 2500;

const faults = {
  refused: 'Address not allowed',
  nameUnknown: 'Name unknown',
  unreachable: 'Nobody listens',
  untrusted: 'Certificate not trusted',
  timedOut: 'No answer in time',
  malformed: 'Broken answer',
};

export function notificationsView() {
  let chosen = '';
  let timer = 0;
  let privateKey = null;
  let subscriptions = [];
  let drawn = '';
  const list = h('ul', { class: 'subscriptions' });
  const deliveries = h('section', { class: 'deliveries', 'aria-label': 'Deliveries' });
  const next = h('p', { class: 'soft' });
  const keyState = h('p', { class: 'soft', role: 'status', text: 'Notifications that carry presence are encrypted for the subscriber.' });
  const keyText = h('textarea', {
    id: 'private-key',
    rows: 4,
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: '-----BEGIN PRIVATE KEY-----',
  });
  const element = h(
    'div',
    { class: 'notifications' },
    h(
      'section',
      { class: 'subscription-pane', 'aria-label': 'Subscriptions' },
      h('h2', { text: 'Subscriptions' }),
      list,
      h(
        'details',
        { class: 'key-form' },
        h('summary', {}, icon('key'), 'Open encrypted notifications'),
        h(
          'form',
          { onsubmit: takeKey },
          h('label', { for: 'private-key', text: 'The subscriber’s private key (PEM)' }),
          keyText,
          h('p', { class: 'soft', text: 'It is used in this browser, goes nowhere, and is forgotten when the page is closed.' }),
          h('button', { type: 'submit', class: 'primary', text: 'Use this key' }),
        ),
        keyState,
      ),
    ),
    deliveries,
  );

  async function takeKey(event) {
    event.preventDefault();
    try {
      privateKey = await readPrivateKey(keyText.value);
      keyText.value = '';
      put(keyState, 'The key is at hand. What it fits is shown open.');
      drawn = '';
      await read();
    } catch (wrong) {
      toast(wrong.message, 'bad');
    }
  }

  async function read() {
    try {
      subscriptions = (await control('subscriptions')).value;
      drawSubscriptions();
      const id = chosen || subscriptions[0]?.id;
      await drawDeliveries(id);
    } catch (refused) {
      put(deliveries, h('p', { class: 'empty', text: refused.message }));
    }
  }

  function drawSubscriptions() {
    const current = chosen || subscriptions[0]?.id;
    const focused = list.contains(document.activeElement) ? document.activeElement.hash : '';
    put(
      list,
      subscriptions.map((subscription) => {
        const { id, waiting, failures } = subscription;
        const [tone, words] = failures
          ? ['bad', `Failing, attempt ${failures + 1} next`]
          : waiting
            ? ['warn', `${waiting} waiting`]
            : subscription.isBehind
              ? ['warn', 'Catching up']
              : ['good', 'Up to date'];
        return h(
          'li',
          {},
          h(
            'a',
            { class: 'subscription', href: `#notifications/${id}`, 'aria-current': id === current ? 'true' : null },
            h('span', { class: 'subscription-head' }, h('span', { class: 'name', text: watched(subscription) }), h('span', { class: `tag ${tone}`, text: words })),
            h('span', { class: 'soft mono', text: subscription.notificationUrl }),
            h('span', { class: 'soft', text: factsOf(subscription) }),
          ),
        );
      }),
      subscriptions.length
        ? null
        : h('li', { class: 'empty' }, 'Nobody has subscribed. POST /v1.0/subscriptions makes a subscription; its notifications then appear here.'),
    );
    if (focused) {
      list.querySelector(`a[href="${focused}"]`)?.focus();
    }
  }

  async function drawDeliveries(id) {
    const { value } = id ? await control(`deliveries?subscriptionId=${id}&count=50`) : { value: [] };
    const subscription = subscriptions.find((other) => other.id === id);
    const due = subscription?.nextAttemptDateTime;
    next.hidden = !due;
    setText(next, due ? `The next attempt comes in ${countdown(Date.parse(due) - clock.now())}.` : '');
    const key = `${id} ${value[0]?.requestId} ${value.length} ${Boolean(privateKey)} ${subscription?.waiting} ${subscription?.failures}`;
    if (key === drawn) {
      return;
    }
    drawn = key;
    const open = new Set([...deliveries.querySelectorAll('details[open]')].map((details) => details.dataset.id));
    const taken = value.filter(({ status }) => status >= 200 && status < 300).length;
    const items = await Promise.all(value.map((attempt) => deliveryOf(attempt, privateKey, open)));
    put(
      deliveries,
      h('h2', { text: 'Deliveries' }),
      subscription &&
        h(
          'dl',
          { class: 'figures' },
          figure('Taken', taken, 'good'),
          figure('Not taken', value.length - taken, value.length - taken ? 'bad' : ''),
          figure('Waiting', subscription.waiting, subscription.waiting ? 'warn' : ''),
        ),
      next,
      items.length
        ? h('ol', { class: 'delivery-list' }, items)
        : h('p', { class: 'empty', text: id ? 'Nothing has been sent yet: nobody whom it watches has changed.' : '' }),
    );
  }

  return {
    element,
    enter() {
      readTenants().then(read);
      timer = setInterval(() => document.visibilityState === 'visible' && read(), POLL_MS);
    },
    leave: () => clearInterval(timer),
    open(id) {
      chosen = id ?? '';
      read();
    },
  };
}

const figure = (words, number, tone) => h('div', { class: tone }, h('dt', { text: words }), h('dd', { text: number }));

function watched(subscription) {
  return subscription.people === undefined
    ? 'Everybody'
    : subscription.people === 1
      ? (people.byId.get(/[0-9a-f-]{36}/i.exec(subscription.resource)?.[0]?.toLowerCase())?.name ?? '1 person')
      : `${subscription.people} people`;
}

function factsOf(subscription) {
  const ends = Date.parse(subscription.expirationDateTime);
  return [
    subscription.includeResourceData ? 'with presence, encrypted' : 'basic',
    subscription.userId ? `for ${people.byId.get(subscription.userId)?.name ?? 'a person'}` : applicationName(subscription.applicationId),
    `ends ${momentOf(ends, clock.now())}`,
  ].join(' · ');
}

async function deliveryOf(attempt, privateKey, open) {
  const isTaken = attempt.status >= 200 && attempt.status < 300;
  const word = isTaken ? `${attempt.status} taken` : attempt.status ? `${attempt.status} not taken` : (faults[attempt.fault] ?? 'No answer');
  const names = attempt.userIds.map((id) => people.byId.get(id)?.name ?? id.slice(0, 8));
  const opened = privateKey ? await openAll(attempt.payload, privateKey) : [];
  return h(
    'li',
    {},
    h(
      'details',
      { class: 'delivery', 'data-id': attempt.requestId, open: open.has(attempt.requestId) },
      h(
        'summary',
        {},
        h('span', { class: `tag ${isTaken ? 'good' : 'bad'}`, text: word }),
        h('span', { class: 'delivery-who', text: names.length ? names.join(', ') : 'Life of the subscription' }),
        attempt.faultId && h('span', { class: 'tag warn', text: attempt.faultId }),
        attempt.attempt > 1 && h('span', { class: 'tag', text: `attempt ${attempt.attempt}` }),
        h('span', { class: 'soft num', text: tookOf(attempt.milliseconds) }),
        h('time', { class: 'soft num', text: timeOf(Date.parse(attempt.startedDateTime)) }),
      ),
      opened,
      attempt.payload
        ? h('pre', { tabindex: 0, 'aria-label': 'Payload' }, h('code', { text: JSON.stringify(attempt.payload, null, 2) }))
        : h('p', { class: 'soft', text: 'The payload is kept no longer.' }),
      h('p', { class: 'soft mono', text: `client-request-id ${attempt.requestId}` }),
    ),
  );
}

async function openAll(payload, privateKey) {
  const items = (payload?.value ?? []).filter(({ encryptedContent }) => encryptedContent);
  return Promise.all(
    items.map(async ({ encryptedContent }) => {
      try {
        const said = await decrypt(privateKey, encryptedContent);
        return h('p', { class: 'opened' }, icon('key'), h('span', { text: people.byId.get(said.id)?.name ?? said.id }), presenceLabel(said));
      } catch (wrong) {
        return h('p', { class: 'opened bad', text: wrong.message });
      }
    }),
  );
}

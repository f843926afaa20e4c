// What a developer does to the server itself: its clock, its faults, its tokens, its beginning. docs/control.md
// describes the routes behind it.

import { confirmWith, h, put, setText, toast } from './dom.js';
import { control } from './api.js';
import { clock, moveClock, readClock } from './clock.js';
import { countdown, dateOf, isForever, timeOf } from './format.js';
import { icon } from './icons.js';

const POLL_MS = 2000;
const operations = [
  'getUserPresence',
  'getMyPresence',
  'getPresencesByUserId',
  'listCommunicationsPresences',
  'setPresence',
  'clearPresence',
  'setUserPreferredPresence',
  'setStatusMessage',
  'createPresenceSubscription',
];
const effects = [
  ['429 Too many requests', { status: 429, retryAfterSeconds: 2 }],
  ['503 Service unavailable', { status: 503, retryAfterSeconds: 5 }],
  ['500 Internal error', { status: 500 }],
  ['401 Token refused', { status: 401 }],
  ['404 Not found', { status: 404 }],
  ['The connection breaks', { drop: true }],
  ['It breaks after it was done', { drop: true, afterwards: true }],
  ['JSON that ends in the middle', { malformed: true }],
  ['Only slow', {}],
];

export function controlsView({ onReset }) {
  const faults = faultsCard();
  const snapshots = snapshotsCard(onReset);
  const element = h('div', { class: 'controls' }, clockCard(), faults.element, snapshots.element, resetCard(onReset));
  let timer = 0;
  const read = () => {
    faults.read();
    snapshots.read();
  };
  return {
    element,
    enter() {
      read();
      timer = setInterval(() => document.visibilityState === 'visible' && faults.read(), POLL_MS);
    },
    leave: () => clearInterval(timer),
  };
}

const failed = (refused) => toast(refused.message, 'bad');

const card = (title, drawing, ...children) =>
  h('section', { class: 'card control-card', 'aria-label': title }, h('h2', {}, icon(drawing), title), ...children);

function clockCard() {
  const time = h('p', { class: 'big-time' });
  const day = h('p', { class: 'soft' });
  const due = h('p', { class: 'due' });
  const freeze = h('button', { type: 'button', class: 'primary' });
  const toDue = h('button', { type: 'button' }, icon('next'), 'To the next change');
  const at = h('input', { type: 'datetime-local', id: 'clock-at', step: 1, required: true });
  const by = (duration, words) => h('button', { type: 'button', text: words, onclick: () => moveClock('advance', { duration }).catch(failed) });
  freeze.addEventListener('click', () => moveClock(clock.isFrozen ? 'run' : 'freeze').catch(failed));
  toDue.addEventListener('click', () => moveClock('set', { dateTime: new Date(clock.nextDueAt + 1).toISOString() }).catch(failed));
  const element = card(
    'Clock',
    'clock',
    h('div', { class: 'big-clock' }, time, day),
    due,
    h('div', { class: 'buttons' }, freeze, by('PT1M', '+1 min'), by('PT5M', '+5 min'), by('PT1H', '+1 h'), by('P1D', '+1 day'), toDue),
    h(
      'form',
      {
        class: 'form-line',
        onsubmit: (event) => {
          event.preventDefault();
          moveClock('set', { dateTime: new Date(at.value).toISOString() }).catch(failed);
        },
      },
      h('label', { for: 'clock-at', text: 'Set to' }),
      at,
      h('button', { type: 'submit', text: 'Set' }),
    ),
    h('p', { class: 'soft', text: 'Whatever is due on the way happens, each thing at its own instant. The clock never goes back; reset begins anew. Tokens keep the system’s time.' }),
  );
  const tick = () => {
    const now = clock.now();
    setText(time, timeOf(now));
    setText(day, `${dateOf(now).split(',').slice(0, 2).join(',')} · ${clock.isFrozen ? 'frozen' : 'running'}`);
    const isDue = clock.nextDueAt && !isForever(clock.nextDueAt - now);
    setText(due, isDue ? `The next change by itself comes in ${countdown(clock.nextDueAt - now)}.` : 'Nothing will change by itself.');
    toDue.disabled = !isDue;
  };
  clock.addEventListener('read', () => {
    put(freeze, icon(clock.isFrozen ? 'run' : 'freeze'), clock.isFrozen ? 'Run' : 'Freeze');
    element.hidden = !clock.canMove;
    tick();
  });
  setInterval(tick, 500);
  tick();
  return element;
}

function faultsCard() {
  const list = h('ul', { class: 'faults' });
  const operation = h('select', { id: 'fault-operation' }, h('option', { value: '' }, 'Any request'), operations.map((name) => h('option', { value: name }, name)));
  const effect = h('select', { id: 'fault-effect' }, effects.map(([words], index) => h('option', { value: index }, words)));
  const count = h('input', { id: 'fault-count', type: 'number', min: 1, max: 1000000, placeholder: 'no end' });
  const delay = h('input', { id: 'fault-delay', type: 'number', min: 0, max: 300, step: 0.1, placeholder: '0' });
  const field = (words, input) => h('div', { class: 'field' }, h('label', { for: input.id, text: words }), input);
  const element = card(
    'Faults',
    'bolt',
    h(
      'form',
      { class: 'fault-form', onsubmit: add },
      field('Which requests', operation),
      field('What happens', effect),
      field('How often', count),
      field('Seconds late', delay),
      h('button', { type: 'submit', class: 'primary', text: 'Set fault' }),
    ),
    list,
    h('p', { class: 'soft', text: 'This page itself is never met. More kinds, by user, application and chance: docs/control.md.' }),
  );

  async function add(event) {
    event.preventDefault();
    const body = { ...effects[Number(effect.value)][1] };
    if (operation.value) {
      body.operation = operation.value;
    }
    if (count.value) {
      body.count = Number(count.value);
    }
    if (Number(delay.value) > 0) {
      body.delay = `PT${Number(delay.value)}S`;
    }
    try {
      const set = await control('faults', { method: 'POST', body });
      toast(`${set.id} is set.`);
      read();
    } catch (refused) {
      failed(refused);
    }
  }

  async function remove(path) {
    await control(path, { method: 'DELETE' }).catch(failed);
    read();
  }

  let drawn = '';
  async function read() {
    const lists = await Promise.all(['faults', 'webhooks/faults'].map((path) => control(path).then(({ value }) => value.map((fault) => ({ ...fault, path })), () => [])));
    const value = lists.flat();
    const text = JSON.stringify(value);
    if (text === drawn) {
      return;
    }
    drawn = text;
    put(
      list,
      value.map((fault) =>
        h(
          'li',
          {},
          h('span', { class: 'tag warn', text: fault.id }),
          h('span', { class: 'fault-words', text: wordsOf(fault) }),
          h('span', { class: 'soft num', text: `met ${fault.met} of ${fault.matched}` }),
          h('button', { type: 'button', class: 'icon-button', 'aria-label': `Take ${fault.id} away`, onclick: () => remove(`${fault.path}/${fault.id}`) }, icon('close')),
        ),
      ),
      value.length ? null : h('li', { class: 'empty', text: 'No faults are set.' }),
    );
  }

  return { element, read };
}

function wordsOf(fault) {
  const how = fault.status ? `${fault.status}` : fault.malformed ? 'broken JSON' : fault.drop ? (fault.afterwards ? 'breaks afterwards' : 'dropped') : 'goes on';
  return [
    fault.operation ?? fault.notification ?? (fault.path === 'faults' ? 'Any request' : 'Any notification'),
    how,
    fault.delay ? `after ${fault.delay.replace(/^PT/, '').toLowerCase()}` : '',
    fault.count ? `${fault.count} times` : '',
    fault.probability < 1 ? `${Math.round(100 * fault.probability)} % of them` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

function snapshotsCard(onReset) {
  const list = h('ul', { class: 'faults' });
  const name = h('input', { id: 'snapshot-name', required: true, pattern: '[a-z0-9\\-]{1,64}', title: 'Small letters, digits and hyphens', placeholder: 'everybody-at-work', autocomplete: 'off' });
  const element = card(
    'Snapshots',
    'app',
    h(
      'form',
      {
        class: 'form-line',
        onsubmit: async (event) => {
          event.preventDefault();
          await control(`snapshots/${name.value}`, { method: 'PUT' }).then(() => toast(`The state is kept as ${name.value}.`), failed);
          read();
        },
      },
      h('label', { for: 'snapshot-name', text: 'Keep as' }),
      name,
      h('button', { type: 'submit', text: 'Keep' }),
    ),
    list,
  );

  async function restore(kept) {
    if (await confirmWith('Go back?', `Everything that happened since ${kept.name} was kept is undone.`, 'Go back')) {
      await control(`snapshots/${kept.name}/restore`, { method: 'POST' }).then(() => toast(`Back to ${kept.name}.`), failed);
      onReset();
    }
  }

  async function read() {
    const { value } = await control('snapshots').catch(() => ({ value: [] }));
    put(
      list,
      value.map((kept) =>
        h(
          'li',
          {},
          h('span', { class: 'name', text: kept.name }),
          h('span', { class: 'soft fault-words', text: `${kept.people} people, ${dateOf(Date.parse(kept.takenDateTime))}` }),
          h('button', { type: 'button', class: 'small', text: 'Restore', 'aria-label': `Restore ${kept.name}`, onclick: () => restore(kept) }),
          h(
            'button',
            { type: 'button', class: 'icon-button', 'aria-label': `Forget ${kept.name}`, onclick: () => control(`snapshots/${kept.name}`, { method: 'DELETE' }).then(read, failed) },
            icon('close'),
          ),
        ),
      ),
      value.length ? null : h('li', { class: 'empty', text: 'No snapshot is kept.' }),
    );
  }

  return { element, read };
}

function resetCard(onReset) {
  async function reset() {
    if (!(await confirmWith('Begin anew?', 'Everything goes back to the seed: people, presence, subscriptions. Faults and requests are forgotten.', 'Reset'))) {
      return;
    }
    try {
      await control('reset', { method: 'POST' });
      toast('Everything is as in the beginning.');
      readClock();
      onReset();
    } catch (refused) {
      failed(refused);
    }
  }
  const end = (how, words) =>
    h('button', { type: 'button', text: words, onclick: () => control(`tokens/${how}`, { method: 'POST' }).then(() => toast(how === 'expire' ? 'Access tokens have expired.' : 'All tokens are revoked.'), failed) });
  return card(
    'Begin anew',
    'reset',
    h('p', { text: 'Back to the seed that this server began with.' }),
    h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'danger', text: 'Reset…', onclick: reset })),
    h('h3', { text: 'Tokens' }),
    h('p', { class: 'soft', text: 'How do your programs take it when their token ends?' }),
    h('div', { class: 'buttons' }, end('expire', 'Expire access tokens'), end('revoke', 'Revoke all tokens')),
  );
}

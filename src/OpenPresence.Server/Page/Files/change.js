// Sets and clears what a person shows, by Graph's own actions. After each the page says not that the server took it,
// which it always does, but whether anybody sees it: the explanation tells what hides it.

import { h, put, toast } from './dom.js';
import { graph } from './api.js';
import { badge, kindOf, labelOf } from './badges.js';
import { clock } from './clock.js';
import { me, tokenOf } from './signin.js';

const preferable = [
  ['Available', 'Available'],
  ['Busy', 'Busy'],
  ['DoNotDisturb', 'DoNotDisturb'],
  ['BeRightBack', 'BeRightBack'],
  ['Away', 'Away'],
  ['Offline', 'OffWork'],
];

const settable = [
  ['Available', 'Available'],
  ['Busy', 'InACall'],
  ['Busy', 'InAConferenceCall'],
  ['DoNotDisturb', 'Presenting'],
  ['Away', 'Away'],
];

const durations = [
  ['PT5M', '5 minutes'],
  ['PT15M', '15 minutes'],
  ['PT1H', '1 hour'],
  ['PT4H', '4 hours'],
];
const days = [
  ['PT1H', '1 hour'],
  ['PT4H', '4 hours'],
  ['P1D', '1 day'],
  ['P7D', '7 days'],
];
const milliseconds = { PT1H: 3.6e6, PT4H: 1.44e7, P1D: 8.64e7, P7D: 6.048e8 };

/** The forms of one person; show(id) says whose. */
export function changeForms({ onDone }) {
  let id = null;
  const tabs = [
    { key: 'preferred', label: 'Preferred', panel: preferredPanel },
    { key: 'session', label: 'Session', panel: sessionPanel },
    { key: 'message', label: 'Message', panel: messagePanel },
    { key: 'place', label: 'Place', panel: placePanel },
  ];
  let current = tabs[0];
  const panel = h('div', { class: 'tab-panel', role: 'tabpanel', id: 'change-panel' });
  const list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'What to change' });
  const element = h('section', { class: 'card change', 'aria-label': 'Change' }, h('h3', { text: 'Change' }), list, panel);

  function draw() {
    put(
      list,
      tabs.map((tab) =>
        h('button', {
          type: 'button',
          role: 'tab',
          id: `tab-${tab.key}`,
          'aria-selected': tab === current ? 'true' : 'false',
          'aria-controls': 'change-panel',
          tabindex: tab === current ? 0 : -1,
          text: tab.label,
          onclick: () => choose(tab),
        }),
      ),
    );
    panel.setAttribute('aria-labelledby', `tab-${current.key}`);
    put(panel, current.panel(run, () => id));
  }

  function choose(tab) {
    current = tab;
    draw();
    document.getElementById(`tab-${tab.key}`)?.focus();
  }

  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length]);
    }
  });

  /** Carries an action out, and says what came of it. */
  async function run(action, body, did, layer) {
    const whose = id;
    try {
      // Graph lets no application say where somebody works.
      const token = action.endsWith('Location') ? await tokenOf(whose) : undefined;
      await graph(`/v1.0/users/${whose}/presence/${action}`, { method: 'POST', body, token });
      toast(await outcome(whose, did, layer));
    } catch (refused) {
      toast(refused.message, 'bad');
    }
    if (whose === id) {
      onDone();
    }
  }

  return {
    element,
    show(wanted) {
      id = wanted;
      element.hidden = me.kind === 'person' && me.userId !== wanted;
      draw();
    },
  };
}

async function outcome(id, did, layer) {
  if (!layer) {
    return did;
  }
  const explained = await graph(`/v1.0/users/${id}/presence/explain`).catch(() => null);
  const mine = explained?.layers.find(
    ({ kind, id: of }) => kind === layer && (kind !== 'application' || of === me.applicationId),
  );
  return !mine || mine.standing === 'shown'
    ? did
    : `${did} Nobody sees it yet: ${mine.reason} ${labelOf(explained)} is shown.`;
}

function pairButtons(pairs, act) {
  return h(
    'div',
    { class: 'pair-buttons' },
    pairs.map(([availability, activity]) =>
      h(
        'button',
        { type: 'button', class: 'pair', onclick: () => act(availability, activity) },
        badge(kindOf({ availability, activity })),
        h('span', { text: labelOf({ availability, activity: activity === 'OffWork' ? 'Offline' : activity }) }),
      ),
    ),
  );
}

const chooser = (label, choices, chosen) =>
  h(
    'select',
    { 'aria-label': label },
    choices.map(([value, text]) => h('option', { value, selected: value === chosen }, text)),
  );

function preferredPanel(run) {
  const lasts = chooser('For how long', days, 'P1D');
  return [
    h('p', { class: 'soft', text: 'What the person chooses is shown over every session, while there is one.' }),
    pairButtons(preferable, (availability, activity) =>
      run(
        'setUserPreferredPresence',
        { availability, activity, expirationDuration: lasts.value },
        `Prefers ${labelOf({ availability, activity })}.`,
        'preferred',
      ),
    ),
    h(
      'div',
      { class: 'form-line' },
      h('span', { class: 'soft', text: 'for' }),
      lasts,
      h('button', {
        type: 'button',
        class: 'end',
        text: 'Clear',
        onclick: () => run('clearUserPreferredPresence', {}, 'Prefers nothing any more.'),
      }),
    ),
  ];
}

function sessionPanel(run) {
  const lasts = chooser('For how long', durations, 'PT1H');
  return [
    h('p', { class: 'soft', text: 'A session as an application of yours would report it; here it is this page’s own.' }),
    pairButtons(settable, (availability, activity) =>
      run(
        'setPresence',
        { sessionId: me.applicationId, availability, activity, expirationDuration: lasts.value },
        `This page’s session says ${labelOf({ availability, activity })}.`,
        'application',
      ),
    ),
    h(
      'div',
      { class: 'form-line' },
      h('span', { class: 'soft', text: 'for' }),
      lasts,
      h('button', {
        type: 'button',
        class: 'end',
        text: 'End session',
        onclick: () => run('clearPresence', { sessionId: me.applicationId }, 'This page’s session has ended.'),
      }),
    ),
  ];
}

function messagePanel(run) {
  const text = h('textarea', { rows: 2, maxlength: 280, 'aria-label': 'Status message', placeholder: 'What others should know' });
  const lasts = chooser('Until', [['', 'until cleared'], ...days.slice(0, 3)], '');
  const send = (content) => {
    const statusMessage = { message: { content, contentType: 'text' } };
    if (content && lasts.value) {
      const until = new Date(clock.now() + milliseconds[lasts.value]);
      statusMessage.expiryDateTime = { dateTime: until.toISOString().slice(0, -1), timeZone: 'UTC' };
    }
    run('setStatusMessage', { statusMessage }, content ? 'The message is set.' : 'The message is gone.');
  };
  return h(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        send(text.value);
      },
    },
    text,
    h(
      'div',
      { class: 'form-line' },
      lasts,
      h('button', { type: 'submit', class: 'primary', text: 'Set message' }),
      h('button', { type: 'button', class: 'end', text: 'Clear', onclick: () => ((text.value = ''), send('')) }),
    ),
  );
}

function placePanel(run) {
  const places = [
    ['office', 'Office'],
    ['remote', 'Remote'],
    ['timeOff', 'Time off'],
  ];
  return [
    h('p', { class: 'soft', text: 'Where the person works today, as set by hand; done in the person’s own name, as Graph wants it.' }),
    h(
      'div',
      { class: 'pair-buttons' },
      places.map(([workLocationType, words]) =>
        h('button', {
          type: 'button',
          class: 'pair',
          text: words,
          onclick: () => run('setManualLocation', { workLocationType }, `Works: ${words.toLowerCase()}.`),
        }),
      ),
    ),
    h(
      'div',
      { class: 'form-line' },
      h('button', { type: 'button', class: 'end', text: 'Clear', onclick: () => run('clearLocation', {}, 'The place is cleared.') }),
    ),
  ];
}

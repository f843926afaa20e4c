// One person: what is shown, why, what it hides, and what comes next by itself. All of it is the server's own
// explanation (GET /users/{id}/presence/explain); nothing is worked out here, so the page can never disagree.

import { h, put, setText } from './dom.js';
import { graph } from './api.js';
import { avatar } from './avatar.js';
import { badge, kindOf, labelOf, presenceLabel, toneOf } from './badges.js';
import { changeForms } from './change.js';
import { clock } from './clock.js';
import { countdown, isForever, momentOf, span } from './format.js';
import { icon } from './icons.js';
import { people } from './people.js';
import { placeOf } from './roster.js';
import { me } from './signin.js';

const grades = {
  documented: 'Graph documents this rule',
  schema: 'Graph’s schema implies this rule',
  observed: 'Seen in answers of the real service',
  inferred: 'Inferred from Graph’s documentation',
  ours: 'Our own rule: Graph does not say',
};

const layerWords = {
  outOfOffice: ['Automatic replies', 'leave'],
  preferred: ['Preferred by the person', 'person'],
  application: ['Session of an application', 'app'],
  device: ['Device', 'desk'],
  meeting: ['Meeting in the calendar', 'calendar'],
  focus: ['Focus time in the calendar', 'focus'],
};

const standings = { shown: 'Shown', hidden: 'Hidden', waiting: 'Waiting' };

/** The view of a person; show(id) fills it. */
export function personView({ close }) {
  let id = null;
  let explained = null;
  let asked = 0;
  let wasDue = 0;
  const heading = h('h2', { class: 'person-name', tabindex: -1 });
  const role = h('p', { class: 'person-role' });
  const contact = h('p', { class: 'person-contact' });
  const face = h('span', { class: 'face-place' });
  const state = h('div', { class: 'person-state' });
  const since = h('p', { class: 'person-since' });
  const said = h('div', { class: 'person-said' });
  const why = h('section', { class: 'card', 'aria-label': 'Why this is shown' });
  const next = h('section', { class: 'card next', 'aria-label': 'What comes next' });
  const remaining = h('span', { class: 'remaining' });
  const meter = h('span', { class: 'meter-fill' });
  const forms = changeForms({ onDone: () => load() });
  const element = h(
    'article',
    { class: 'person' },
    h(
      'header',
      { class: 'person-head' },
      h(
        'button',
        { type: 'button', class: 'icon-button close', 'aria-label': 'Close', onclick: close },
        icon('close'),
      ),
      face,
      h('div', { class: 'who' }, heading, role, contact),
    ),
    h('div', { class: 'person-now' }, state, since, said),
    next,
    why,
    forms.element,
  );
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
    }
  });

  function draw() {
    const person = people.byId.get(id);
    if (!person) {
      return;
    }
    setText(heading, person.name);
    setText(role, [person.title, person.department].filter(Boolean).join(' · '));
    setText(contact, [person.upn, person.office].filter(Boolean).join(' · '));
    put(face, avatar(person, 'huge'));
    put(state, presenceLabel(person.presence, person.kind));
    const { presence } = person;
    const place = placeOf(presence);
    put(
      said,
      presence.statusMessage && h('p', { class: 'quote' }, icon('message'), h('span', { text: presence.statusMessage.message.content })),
      presence.outOfOfficeSettings?.message &&
        h('p', { class: 'quote' }, icon('leave'), h('span', { text: presence.outOfOfficeSettings.message })),
      place && h('p', { class: 'quote' }, icon('pin'), h('span', { text: place })),
    );
    tick();
  }

  function tick() {
    const person = people.byId.get(id);
    if (!person) {
      return;
    }
    const now = clock.now();
    const at = explained ? Date.parse(explained.sinceDateTime) : person.sinceAt;
    const seen = explained?.lastSeenDateTime ? Date.parse(explained.lastSeenDateTime) : null;
    const isAway = person.group === 'offline' || person.presence.availability === 'Offline';
    setText(
      since,
      [
        at ? `For ${span(now - at).replace('just now', 'a moment')}, since ${momentOf(at, now)}` : '',
        explained && isAway ? (seen ? `last seen ${momentOf(seen, now)}` : 'never seen') : '',
      ]
        .filter(Boolean)
        .join(' · '),
    );
    if (explained?.next) {
      const due = Date.parse(explained.next.dateTime);
      const from = Date.parse(explained.sinceDateTime);
      setText(remaining, `in ${countdown(due - now)}`);
      meter.style.inlineSize = `${Math.min(100, Math.max(0, (100 * (now - from)) / (due - from)))}%`;
      if (due <= now && wasDue !== due) {
        wasDue = due;
        setTimeout(load, 400);
      }
    }
  }

  async function load() {
    const turn = ++asked;
    const wanted = id;
    let answer = null;
    let refusal = null;
    try {
      answer = await graph(`/v1.0/users/${wanted}/presence/explain`);
    } catch (refused) {
      refusal = refused;
    }
    if (turn !== asked || wanted !== id) {
      return;
    }
    explained = answer;
    drawWhy(refusal);
    drawNext();
    tick();
  }

  function drawWhy(refusal) {
    if (!explained) {
      put(
        why,
        h('h3', { text: 'Why this is shown' }),
        h('p', {
          class: 'soft',
          text:
            refusal?.status === 403
              ? 'Only the person, and applications that write everybody’s presence, may ask why: who appears offline wants what lies below to stay hidden.'
              : (refusal?.message ?? ''),
        }),
      );
      return;
    }
    const { rule, layers } = explained;
    put(
      why,
      h('h3', { text: 'Why this is shown' }),
      h('p', { class: 'rule', text: rule.statement }),
      h(
        'p',
        { class: 'grade' },
        h('span', { class: `tag grade-${rule.grade}`, text: grades[rule.grade] ?? rule.grade }),
        h(
          'a',
          { href: rule.source.split(/[, ]/)[0], target: '_blank', rel: 'noreferrer noopener' },
          'Source',
          icon('link'),
        ),
      ),
      layers.length
        ? h('ol', { class: 'layers', 'aria-label': 'Layers, the strongest first' }, layers.map(layerOf))
        : h('p', { class: 'soft', text: 'There is no session, no choice, no calendar entry: nothing that could show anything else.' }),
    );
  }

  function drawNext() {
    if (!explained) {
      next.hidden = true;
      return;
    }
    next.hidden = false;
    const coming = explained.next;
    const due = coming ? Date.parse(coming.dateTime) : 0;
    if (!coming || isForever(due - clock.now())) {
      put(next, h('h3', { text: 'What comes next' }), h('p', { class: 'soft', text: 'Stays as it is until somebody or something changes it.' }));
      return;
    }
    put(
      next,
      h('h3', { text: 'What comes next' }),
      h('div', { class: 'next-line' }, presenceLabel(coming), remaining),
      h('div', { class: 'meter', 'aria-hidden': 'true' }, meter),
      h('p', { class: 'soft', text: `By itself, at ${momentOf(due, clock.now())}.` }),
    );
  }

  people.addEventListener('changed', ({ detail: ids }) => {
    if (id && ids.has(id) && element.isConnected) {
      draw();
      load();
    }
  });
  clock.addEventListener('read', ({ detail }) => detail.isMoved && id && element.isConnected && load());
  setInterval(() => element.isConnected && tick(), 500);

  return {
    element,
    get id() {
      return id;
    },
    show(wanted, isToFocus) {
      if (wanted !== id) {
        id = wanted;
        explained = null;
        put(why);
        next.hidden = true;
        forms.show(wanted);
      }
      draw();
      load();
      if (isToFocus) {
        heading.focus({ preventScroll: true });
      }
    },
  };
}

function layerOf(layer) {
  const [words, drawing] = layerWords[layer.kind] ?? [layer.kind, 'app'];
  const own = layer.kind === 'application' && layer.id === me.applicationId;
  const name = own ? 'This page' : (layer.displayName ?? (layer.id ? `${words} ${layer.id.slice(0, 8)}` : words));
  const now = clock.now();
  const until = layer.expiryDateTime ? Date.parse(layer.expiryDateTime) : null;
  const facts = [
    layer.setDateTime ? `set ${momentOf(Date.parse(layer.setDateTime), now)}` : '',
    until && !isForever(until - now) ? `ends ${momentOf(until, now)}` : '',
    layer.beforeFading ? `was told ${labelOf(layer.beforeFading)}, and faded` : '',
  ].filter(Boolean);
  const tone = layer.availability ? toneOf(kindOf(layer)) : 'out';
  return h(
    'li',
    { class: `layer ${layer.standing} tone-${tone}` },
    h('span', { class: 'layer-icon' }, icon(drawing)),
    h(
      'div',
      { class: 'layer-body' },
      h('p', { class: 'layer-name' }, h('span', { text: name, title: layer.id }), h('span', { class: `tag ${layer.standing}`, text: standings[layer.standing] ?? layer.standing })),
      layer.availability
        ? h('p', { class: 'layer-pair' }, badge(kindOf(layer)), h('span', { text: labelOf(layer) }))
        : null,
      h('p', { class: 'soft', text: layer.reason }),
      facts.length ? h('p', { class: 'soft facts', text: facts.join(' · ') }) : null,
    ),
  );
}

// The page: signs in, puts the frame and its views together, and leads each address (#people/…, #requests) to its view.
//
// Reading order: api.js and signin.js (who asks), people.js and live.js (what is known), then the views: roster.js,
// person.js with change.js, feed.js, notifications.js with decrypt.js, requests.js, controls.js.

import { h, put, toast } from './dom.js';
import { setControlToken } from './api.js';
import { followClock } from './clock.js';
import { controlsView } from './controls.js';
import { feedView } from './feed.js';
import { frame } from './frame.js';
import { Live } from './live.js';
import { notificationsView } from './notifications.js';
import { forgetPeople, loadPeople, people, takePresence, takeRemoval } from './people.js';
import { personView } from './person.js';
import { requestsView } from './requests.js';
import { rosterView } from './roster.js';
import { me, signIn } from './signin.js';

const app = document.getElementById('app');
const live = new Live();
let isReady = false;

start();

async function start() {
  put(app, h('p', { class: 'alone', role: 'status', text: 'Signing in…' }));
  try {
    const settings = await (await fetch('/page/settings', { cache: 'no-store' })).json();
    if (settings.controlNeedsToken && settings.signIn === 'control') {
      await askForControlToken();
    }
    await signIn(settings);
  } catch (refused) {
    put(
      app,
      h(
        'main',
        { class: 'alone' },
        h('h1', { text: 'OpenPresence' }),
        h('p', { class: 'bad', role: 'alert', text: refused.message }),
        h('button', { type: 'button', class: 'primary', text: 'Try again', onclick: start }),
      ),
    );
    return;
  }
  build();
  if (me.settings.hasControl && !me.mayUnlock) {
    await followClock();
  }
  await readEverything();
}

function askForControlToken() {
  return new Promise((resolve) => {
    const field = h('input', { type: 'password', id: 'control-token', autocomplete: 'off', required: true });
    put(
      app,
      h(
        'form',
        {
          class: 'alone',
          onsubmit: (event) => {
            event.preventDefault();
            setControlToken(field.value);
            resolve();
          },
        },
        h('h1', { text: 'OpenPresence' }),
        h('label', { for: 'control-token', text: 'The control token of this server' }),
        field,
        h('p', { class: 'soft', text: 'It stays in the memory of this page, until it is closed or loaded again.' }),
        h('button', { type: 'submit', class: 'primary', text: 'Open' }),
      ),
    );
    field.focus();
  });
}

/** Begins with everybody as they are now. */
async function readEverything() {
  isReady = false;
  live.end();
  try {
    await loadPeople();
  } catch (refused) {
    toast(`The people cannot be read: ${refused.message}`, 'bad');
    setTimeout(readEverything, 5000);
    return;
  }
  live.begin();
}

live.addEventListener('presence', ({ detail }) => takePresence(detail, isReady));
live.addEventListener('removed', ({ detail }) => takeRemoval(detail.id));
live.addEventListener('ready', () => (isReady = true));
live.addEventListener('resync', () => readEverything());

function build() {
  const person = personView({ close: () => leave() });
  const feed = feedView({ choose: (id) => go('people', id) });
  const roster = rosterView({ choose: (one, isByKey) => go('people', one.id, isByKey) });
  const side = h('aside', { class: 'side', 'aria-label': 'Details' }, feed.element);
  const views = {
    people: { label: 'People', icon: 'people', element: h('div', { class: 'split' }, roster.element, side) },
    notifications: { label: 'Notifications', icon: 'bell', needsControl: true, ...notificationsView() },
    requests: { label: 'Requests', icon: 'list', needsControl: true, ...requestsView({ live }) },
    control: { label: 'Control', icon: 'sliders', needsControl: true, ...controlsView({ onReset: () => (forgetPeople(), readEverything()) }) },
  };
  if (!me.settings.hasControl) {
    Object.keys(views).forEach((key) => views[key].needsControl && delete views[key]);
  }
  const shell = frame({ views, live, onUnlock: followClock, onIdentity: () => (forgetPeople(), leave(), readEverything()) });
  put(app, shell.element);
  let shown = '';
  let isFocusWanted = false;

  function go(view, id = '', isByKey = false) {
    isFocusWanted = isByKey;
    location.hash = id ? `${view}/${id}` : view;
  }

  function leave() {
    location.hash = 'people';
    roster.focus();
  }

  function route() {
    const [name, id] = location.hash.slice(1).split('/');
    const view = views[name] && !(views[name].needsControl && me.mayUnlock) ? name : 'people';
    if (view !== shown) {
      views[shown]?.leave?.();
      shown = view;
      shell.show(view);
      views[view].enter?.();
    }
    if (view === 'people') {
      showPerson(people.byId.has(id) || !people.byId.size ? id : '');
    } else {
      views[view].open?.(id);
    }
  }

  function showPerson(id) {
    roster.select(id);
    views.people.element.classList.toggle('has-person', Boolean(id));
    if (!id) {
      put(side, feed.element);
    } else if (people.byId.has(id)) {
      if (person.element.parentElement !== side) {
        put(side, person.element);
      }
      if (person.id !== id || isFocusWanted) {
        person.show(id, isFocusWanted);
      }
    }
    isFocusWanted = false;
  }

  addEventListener('hashchange', route);
  people.addEventListener('changed', () => shown === 'people' && !person.element.isConnected && location.hash.includes('/') && route());
  addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.target.closest('input, textarea, select')) {
      event.preventDefault();
      go('people');
      roster.focusSearch();
    }
  });
  route();
}

// What stands around every view: the name, where one is, whether it is live, what time it is here, and who one is.

import { h, put, setText, svg, toast } from './dom.js';
import { gets } from './api.js';
import { clock, moveClock } from './clock.js';
import { timeOf } from './format.js';
import { icon } from './icons.js';
import { people } from './people.js';
import { become, me, readTenants, unlock } from './signin.js';

const IDENTITIES_MAX = 200;
const states = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost',
};

export function frame({ views, live, onIdentity, onUnlock }) {
  const main = h('main', { id: 'main', class: 'main', tabindex: -1 });
  const links = new Map();
  const nav = h(
    'nav',
    { class: 'nav', 'aria-label': 'Views' },
    Object.entries(views).map(([key, view]) => {
      const link = h('a', { href: `#${key}`, hidden: view.needsControl && me.mayUnlock }, icon(view.icon), h('span', { text: view.label }));
      links.set(key, link);
      return link;
    }),
  );
  const unlocked = () => {
    links.forEach((link) => (link.hidden = false));
    onUnlock();
  };
  const element = h(
    'div',
    { class: 'frame' },
    h('a', {
      class: 'skip',
      href: '#main',
      text: 'Skip to content',
      onclick: (event) => {
        event.preventDefault();
        main.focus();
      },
    }),
    h('header', { class: 'top' }, brand(), nav, h('div', { class: 'top-end' }, liveState(live), clockBar(), identity(onIdentity, unlocked))),
    main,
  );
  return {
    element,
    show(key) {
      document.title = `${views[key].label} · OpenPresence`;
      for (const [other, link] of links) {
        link.toggleAttribute('aria-current', false);
        if (other === key) {
          link.setAttribute('aria-current', 'page');
        }
      }
      put(main, h('h1', { class: 'unseen', text: views[key].label }), views[key].element);
    },
  };
}

/** People sign in as themselves; the control API wants its own token besides. */
function unlockButton(onUnlock) {
  const button = h('button', { type: 'button', class: 'small', text: 'Control token…', onclick: ask });
  async function ask() {
    const field = h('input', { type: 'password', id: 'unlock-token', autocomplete: 'off', required: true });
    const dialog = h(
      'dialog',
      { class: 'dialog', 'aria-labelledby': 'unlock-title' },
      h(
        'form',
        {
          onsubmit: async (event) => {
            event.preventDefault();
            try {
              await unlock(field.value);
              dialog.close();
              button.remove();
              onUnlock();
            } catch (refused) {
              toast(refused.message, 'bad');
            }
          },
        },
        h('h2', { id: 'unlock-title', text: 'Control' }),
        h('label', { for: 'unlock-token', text: 'The control token of this server' }),
        field,
        h(
          'div',
          { class: 'buttons' },
          h('button', { type: 'button', text: 'Cancel', onclick: () => dialog.close() }),
          h('button', { type: 'submit', class: 'primary', text: 'Open' }),
        ),
      ),
    );
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
  return button;
}

const brand = () =>
  h(
    'div',
    { class: 'brand' },
    svg(
      'svg',
      { class: 'logo', viewBox: '0 0 32 32', 'aria-hidden': 'true' },
      svg('rect', { width: 32, height: 32, rx: 9, class: 'logo-ground' }),
      svg('circle', { cx: 13, cy: 13, r: 6.5, class: 'logo-ring' }),
      svg('circle', { cx: 22, cy: 22, r: 6, class: 'logo-dot' }),
      svg('path', { d: 'm19.6 22.1 1.7 1.7 3.1-3.4', class: 'logo-check' }),
    ),
    h('span', { class: 'brand-name', text: 'OpenPresence' }),
  );

function liveState(live) {
  const words = h('span', { class: 'live-words' });
  const element = h('p', { class: 'live', role: 'status' }, h('span', { class: 'live-dot', 'aria-hidden': 'true' }), words);
  const show = () => {
    element.dataset.state = live.state;
    setText(words, states[live.state]);
  };
  live.addEventListener('state', show);
  show();
  return element;
}

function clockBar() {
  const time = h('time', { class: 'clock-time' });
  const state = h('span', { class: 'clock-state' });
  const freeze = h('button', { type: 'button', class: 'icon-button' });
  const press = (how, body) => () => moveClock(how, body).catch((refused) => toast(refused.message, 'bad'));
  freeze.addEventListener('click', () => press(clock.isFrozen ? 'run' : 'freeze')());
  const element = h(
    'div',
    { class: 'clock', role: 'group', 'aria-label': 'The clock of this server' },
    icon('clock'),
    h('span', { class: 'clock-face' }, time, state),
    h(
      'span',
      { class: 'clock-buttons', hidden: true },
      freeze,
      h('button', { type: 'button', class: 'small', text: '+5 min', 'aria-label': 'Move the clock on by 5 minutes', onclick: press('advance', { duration: 'PT5M' }) }),
      h('button', { type: 'button', class: 'small', text: '+1 h', 'aria-label': 'Move the clock on by 1 hour', onclick: press('advance', { duration: 'PT1H' }) }),
    ),
  );
  const tick = () => {
    const now = clock.now();
    setText(time, timeOf(now));
    time.dateTime = new Date(now).toISOString();
    const ahead = Math.round((now - Date.now()) / 60_000);
    setText(state, clock.isFrozen ? 'frozen' : ahead ? aheadOf(ahead) : '');
  };
  clock.addEventListener('read', () => {
    element.querySelector('.clock-buttons').hidden = !clock.canMove;
    element.classList.toggle('frozen', clock.isFrozen);
    put(freeze, icon(clock.isFrozen ? 'run' : 'freeze'));
    freeze.setAttribute('aria-label', clock.isFrozen ? 'Let the clock run' : 'Freeze the clock');
    freeze.title = freeze.getAttribute('aria-label');
    tick();
  });
  setInterval(tick, 500);
  tick();
  return element;
}

const aheadOf = (minutes) => {
  const sign = minutes > 0 ? '+' : '−';
  const m = Math.abs(minutes);
  return m < 60 ? `${sign}${m} min` : m < 2880 ? `${sign}${Math.floor(m / 60)} h${m % 60 ? ` ${m % 60} min` : ''}` : `${sign}${Math.floor(m / 1440)} days`;
};

/** Whom one acts as; in development one may choose. */
function identity(onIdentity, onUnlock) {
  if (me.settings.signIn !== 'control') {
    return h('div', { class: 'identity' }, icon('person'), h('span', { text: me.name }), me.mayUnlock && unlockButton(onUnlock));
  }
  const choice = h('select', {
    id: 'identity',
    'aria-label': 'Act as',
    onchange: async () => {
      const [tenantId, userId] = choice.value.split('/');
      try {
        await become(tenantId, userId || null);
        onIdentity();
      } catch (refused) {
        toast(refused.message, 'bad');
        fill();
      }
    },
  });
  async function fill() {
    const tenants = await readTenants();
    const own = [...people.sorted].slice(0, IDENTITIES_MAX);
    if (me.userId && !own.some(({ id }) => id === me.userId)) {
      const [answer] = await gets([`/users/${me.userId}`]).catch(() => []);
      own.unshift({ id: me.userId, name: answer?.body?.displayName ?? me.userId });
    }
    put(
      choice,
      tenants.map((tenant) => h('option', { value: `${tenant.id}/` }, `${tenant.displayName}: everything`)),
      own.map((person) => h('option', { value: `${me.tenantId}/${person.id}` }, person.name)),
    );
    choice.value = `${me.tenantId}/${me.userId ?? ''}`;
  }
  choice.addEventListener('focus', fill);
  people.addEventListener('changed', fill, { once: true });
  fill();
  return h('div', { class: 'identity' }, icon(me.userId ? 'person' : 'key'), choice);
}

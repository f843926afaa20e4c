// The people: how many are what, search, and the list itself, as rows or (on a wallboard) as tiles.

import { h, put, setText } from './dom.js';
import { badge, groups, labelOf, toneOf } from './badges.js';
import { icon } from './icons.js';
import { avatar } from './avatar.js';
import { clock } from './clock.js';
import { countOf, momentOf, span } from './format.js';
import { Grid } from './grid.js';
import { PEOPLE_MAX, counts, fold, loadInSight, people } from './people.js';

const WALLBOARD_PX = 1800;
const AGES_EVERY_MS = 5000;
const VIEW = 'openpresence.view';
const rank = Object.fromEntries(groups.map(({ key }, index) => [key, index]));

const sorts = {
  name: () => 0,
  presence: (one, other) => rank[one.group] - rank[other.group],
  changed: (one, other) => (other.changedAt ?? 0) - (one.changedAt ?? 0),
};

const placeWords = { office: 'Office', remote: 'Remote', timeOff: 'Time off' };

/** Where somebody works, in a word; empty: it is not said. */
export function placeOf({ workLocation }) {
  const word = placeWords[workLocation?.workLocationType] ?? '';
  return word && workLocation.placeId ? `${word} · ${workLocation.placeId}` : word;
}

export function rosterView({ choose }) {
  let group = '';
  let words = [];
  let sort = 'name';
  let view = localView();

  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search people',
    'aria-label': 'Search people by name, title, department or place',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => {
      words = fold(search.value).split(/\s+/).filter(Boolean);
      show();
    },
  });
  const count = h('p', { class: 'count', role: 'status' });
  const isTiles = () => (view === 'auto' ? innerWidth >= WALLBOARD_PX : view === 'tiles');
  const tiles = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Show as tiles',
      title: 'Tiles or rows',
      onclick: () => {
        view = isTiles() ? 'rows' : 'tiles';
        sessionStorage.setItem(VIEW, view);
        relayout();
      },
    },
    icon('grid'),
  );
  const order = h(
    'select',
    {
      'aria-label': 'Order',
      onchange: () => {
        sort = order.value;
        show();
      },
    },
    h('option', { value: 'name' }, 'By name'),
    h('option', { value: 'presence' }, 'By presence'),
    h('option', { value: 'changed' }, 'Latest change first'),
  );
  const tally = h('div', { class: 'tally', role: 'group', 'aria-label': 'Filter by presence' });
  const grid = new Grid({
    label: 'People',
    layout: () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      return isTiles()
        ? { height: Math.round(10.75 * rem), widthMin: 20.5 * rem }
        : { height: Math.round((innerWidth < 720 ? 5.15 : 4.6) * rem), widthMin: 0 };
    },
    make: (person) => (isTiles() ? tileOf(person) : rowOf(person)),
    update: (element, person) => element.update(person),
    choose,
    settled: (ids) => loadInSight(ids),
  });
  const empty = h('p', { class: 'empty', hidden: true });
  const element = h(
    'section',
    { class: 'roster', 'aria-label': 'People' },
    tally,
    h(
      'div',
      { class: 'toolbar' },
      h('div', { class: 'search' }, icon('search'), search),
      count,
      h('div', { class: 'toolbar-end' }, order, tiles),
    ),
    grid.element,
    empty,
  );

  function relayout() {
    element.classList.toggle('tiles', isTiles());
    tiles.setAttribute('aria-pressed', isTiles());
    grid.set([]);
    show();
  }

  function show() {
    const found = people.sorted.filter(
      (person) => (!group || person.group === group) && words.every((word) => person.folded.includes(word)),
    );
    if (sort !== 'name') {
      found.sort(sorts[sort]);
    }
    grid.set(found);
    const all = people.byId.size;
    const bound = people.isWhole ? '' : ` (the first ${countOf(PEOPLE_MAX)})`;
    setText(count, found.length === all ? `${countOf(all)} people${bound}` : `${countOf(found.length)} of ${countOf(all)}${bound}`);
    empty.hidden = found.length > 0;
    grid.element.hidden = found.length === 0;
    setText(empty, people.isLoading || all === 0 ? 'Looking who is there…' : 'Nobody like that.');
    showTally();
  }

  const buttons = new Map();
  function showTally() {
    const number = counts();
    const wanted = [{ key: '', label: 'Everybody' }, ...groups.filter(({ key }) => key !== 'unknown' || number.unknown)];
    if (wanted.length !== buttons.size) {
      buttons.clear();
      put(
        tally,
        wanted.map(({ key, kind, label }) => {
          const figure = h('span', { class: 'figure' });
          const button = h(
            'button',
            {
              type: 'button',
              class: `stat ${kind ? `tone-${toneOf(kind)}` : ''}`,
              onclick: () => {
                group = group === key ? '' : key;
                show();
              },
            },
            figure,
            h('span', { class: 'stat-label' }, kind ? badge(kind) : icon('people'), h('span', { text: label })),
          );
          buttons.set(key, { button, figure });
          return button;
        }),
      );
    }
    for (const [key, { button, figure }] of buttons) {
      setText(figure, countOf(key ? (number[key] ?? 0) : people.byId.size));
      button.setAttribute('aria-pressed', group === key);
    }
  }

  people.addEventListener('changed', ({ detail: ids }) => {
    // What is filtered or ordered by presence may have moved; names never do.
    if (group || sort !== 'name' || ids.size === 0 || grid.length !== people.byId.size) {
      show();
    } else {
      showTally();
    }
    grid.refresh(ids);
  });
  let wasTiles = isTiles();
  addEventListener('resize', () => {
    if (wasTiles !== isTiles()) {
      wasTiles = isTiles();
      relayout();
    }
  });
  setInterval(() => document.visibilityState === 'visible' && grid.refreshAll(), AGES_EVERY_MS);
  clock.addEventListener('read', ({ detail }) => detail.isMoved && grid.refreshAll());
  relayout();
  return { element, focusSearch: () => search.focus(), focus: () => grid.element.focus(), select: (id) => grid.select(id) };
}

const localView = () => sessionStorage.getItem(VIEW) ?? 'auto';

function partsOf(size) {
  return {
    face: h('span', { class: 'face-place' }),
    name: h('span', { class: 'name' }),
    role: h('span', { class: 'role' }),
    label: h('span', { class: 'label' }),
    message: h('span', { class: 'message' }),
    place: h('span', { class: 'place' }),
    since: h('span', { class: 'since' }),
    update(person) {
      const { presence } = person;
      if (this.key !== `${person.kind} ${person.photo} ${person.name}`) {
        this.key = `${person.kind} ${person.photo} ${person.name}`;
        put(this.face, avatar(person, size));
      }
      setText(this.name, person.name);
      setText(this.role, [person.title, person.department].filter(Boolean).join(' · '));
      setText(this.label, labelOf(presence));
      this.label.className = `label tone-${toneOf(person.kind)}`;
      setText(this.message, presence.statusMessage?.message?.content ?? presence.outOfOfficeSettings?.message ?? '');
      setText(this.place, placeOf(presence));
      const since = person.sinceAt;
      setText(this.since, since ? span(clock.now() - since) : '');
      this.since.title = since ? `Since ${momentOf(since, clock.now())}` : '';
    },
  };
}

function rowOf() {
  const parts = partsOf('medium');
  const element = h(
    'div',
    { class: 'row' },
    parts.face,
    h('span', { class: 'who' }, parts.name, parts.role),
    h('span', { class: 'what' }, parts.label, parts.message),
    parts.place,
    parts.since,
  );
  element.update = (person) => parts.update(person);
  return element;
}

function tileOf() {
  const parts = partsOf('large');
  const inner = h(
    'div',
    { class: 'tile-inner' },
    h('div', { class: 'tile-head' }, parts.face, h('span', { class: 'who' }, parts.name, parts.role)),
    h('div', { class: 'tile-state' }, parts.label, parts.since),
    parts.message,
    parts.place,
  );
  const element = h('div', { class: 'tile' }, inner);
  element.update = (person) => {
    parts.update(person);
    inner.className = `tile-inner tone-${toneOf(person.kind)}`;
  };
  return element;
}

// What changed lately, as it came over the live stream: who went from what to what, and when.

import { h, put, setText } from './dom.js';
import { avatar } from './avatar.js';
import { badge, kindOf, labelOf } from './badges.js';
import { clock } from './clock.js';
import { momentOf, span } from './format.js';
import { people } from './people.js';

export function feedView({ choose }) {
  const list = h('ol', { class: 'feed-list' });
  const empty = h('div', { class: 'feed-empty' },
    h('p', { text: 'Nothing has changed since this page was opened.' }),
    h('p', { class: 'soft', text: 'Choose a person to see which session, choice or meeting decides what is shown, what it hides, and what comes next.' }),
  );
  const element = h('section', { class: 'feed', 'aria-label': 'Latest changes' }, h('h2', { text: 'Latest changes' }), empty, list);

  function draw() {
    empty.hidden = people.changes.length > 0;
    put(
      list,
      people.changes.map(({ person, before, presence, at }) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', class: 'feed-item', onclick: () => choose(person.id) },
            avatar({ ...person, kind: kindOf(presence) }, 'small'),
            h(
              'span',
              { class: 'who' },
              h('span', { class: 'name', text: person.name }),
              h('span', { class: 'feed-way' }, h('span', { class: 'soft', text: labelOf(before) }), h('span', { 'aria-label': 'then', text: '→' }), badge(kindOf(presence)), h('span', { text: labelOf(presence) })),
            ),
            h('time', { class: 'since', 'data-at': at, text: span(clock.now() - at), title: momentOf(at, clock.now()) }),
          ),
        ),
      ),
    );
  }

  let drawn = null;
  people.addEventListener('changed', () => {
    if (people.changes[0] !== drawn) {
      drawn = people.changes[0];
      draw();
    }
  });
  setInterval(() => {
    for (const time of list.querySelectorAll('time')) {
      setText(time, span(clock.now() - Number(time.dataset.at)));
    }
  }, 5000);
  draw();
  return { element };
}

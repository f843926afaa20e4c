// A person's face: the photo, or initials on a colour that stays the same for that person.

import { h } from './dom.js';
import { badge } from './badges.js';
import { initialsOf } from './format.js';

const HUES = 8;

/** The face with the badge at its corner; size: small, medium, large. */
export function avatar(person, size = 'medium') {
  const hue = [...person.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7) % HUES;
  return h(
    'span',
    { class: `avatar ${size}`, 'aria-hidden': 'true' },
    person.photo
      ? h('img', { src: person.photo, alt: '', decoding: 'async' })
      : h('span', { class: `face hue-${hue}`, text: initialsOf(person.name) }),
    h('span', { class: 'badge-place' }, badge(person.kind)),
  );
}

// Presence as people know it: a colour, a shape and a word, each of which would do alone. Colours and shapes follow
// Fluent's presence badges; the drawings are our own. What Fluent does not tell apart (idle) is a clock in the
// colour of what it is idle from.

import { h, svg } from './dom.js';

const CHECK = 'M4.7 8.3 7 10.6 11.4 5.7';
const BAR = 'M4.8 8H11.2';
const HANDS = 'M8 4.4V8.2L10.7 9.9';
const CROSS = 'M5.7 5.7 10.3 10.3M10.3 5.7 5.7 10.3';
const ARROW = 'M11.2 8H5M7.4 5.4 4.8 8 7.4 10.6';
const ASK = 'M6.1 6.4C6.1 4.1 9.9 4.1 9.9 6.4 9.9 7.9 8 7.8 8 9.4M8 11.5V11.6';

const kinds = {
  available: { tone: 'available', group: 'available', isFull: true, path: CHECK },
  availableIdle: { tone: 'available', group: 'available', isFull: true, path: HANDS },
  availableOut: { tone: 'available', group: 'out', isFull: false, path: CHECK },
  busy: { tone: 'busy', group: 'busy', isFull: true, path: '' },
  busyIdle: { tone: 'busy', group: 'busy', isFull: true, path: HANDS },
  busyOut: { tone: 'busy', group: 'out', isFull: false, path: '' },
  dnd: { tone: 'dnd', group: 'dnd', isFull: true, path: BAR },
  dndOut: { tone: 'dnd', group: 'out', isFull: false, path: BAR },
  away: { tone: 'away', group: 'away', isFull: true, path: HANDS },
  offline: { tone: 'offline', group: 'offline', isFull: false, path: CROSS },
  out: { tone: 'out', group: 'out', isFull: false, path: ARROW },
  unknown: { tone: 'offline', group: 'unknown', isFull: false, path: ASK },
};

/** The groups by which people are counted and filtered, in the order of how reachable one is. */
export const groups = [
  { key: 'available', kind: 'available', label: 'Available' },
  { key: 'busy', kind: 'busy', label: 'Busy' },
  { key: 'dnd', kind: 'dnd', label: 'Do not disturb' },
  { key: 'away', kind: 'away', label: 'Away' },
  { key: 'out', kind: 'out', label: 'Out of office' },
  { key: 'offline', kind: 'offline', label: 'Offline' },
  { key: 'unknown', kind: 'unknown', label: 'Unknown' },
];

const words = {
  BeRightBack: 'Be right back',
  DoNotDisturb: 'Do not disturb',
  InACall: 'In a call',
  InAConferenceCall: 'In a conference call',
  InAMeeting: 'In a meeting',
  OffWork: 'Off work',
  OutOfOffice: 'Out of office',
  PresenceUnknown: 'Unknown',
  UrgentInterruptionsOnly: 'Urgent interruptions only',
  AvailableInactive: 'Inactive',
  AvailableIdle: 'Available, idle',
  BusyIdle: 'Busy, idle',
};

/** A word of Graph as people read it. */
export const wordOf = (name) => words[name] ?? name;

/** Which badge a presence has. */
export function kindOf({ availability, activity, isOutOfOffice = false }) {
  const isOut = isOutOfOffice || activity === 'OutOfOffice';
  switch (availability) {
    case 'Available':
      return isOut ? 'availableOut' : activity === 'AvailableInactive' ? 'availableIdle' : 'available';
    case 'AvailableIdle':
      return 'availableIdle';
    case 'Busy':
      return isOut ? 'busyOut' : 'busy';
    case 'BusyIdle':
      return 'busyIdle';
    case 'DoNotDisturb':
      return isOut ? 'dndOut' : 'dnd';
    case 'Away':
    case 'BeRightBack':
      return isOut ? 'out' : 'away';
    case 'Offline':
      return isOut ? 'out' : 'offline';
    default:
      return isOut ? 'out' : 'unknown';
  }
}

export const groupOf = (kind) => kinds[kind].group;
export const toneOf = (kind) => kinds[kind].tone;

/** What stands beside the badge: the activity, and the availability when that says more. */
export function labelOf({ availability, activity }) {
  const [first, second] = [wordOf(availability), wordOf(activity)];
  if (activity === 'OutOfOffice') {
    return availability === 'Available' ? 'Available, out of office' : second;
  }
  if (activity === 'AvailableInactive') {
    return 'Available, inactive';
  }
  if (availability === 'Offline' && activity !== 'Offline') {
    return `Offline, ${second.toLowerCase()}`;
  }
  return activity === availability || !activity ? first : second;
}

/** The badge alone; whoever shows it without a word beside it gives it a name. */
export function badge(kind, name) {
  const { tone, isFull, path } = kinds[kind];
  return svg(
    'svg',
    {
      class: `badge tone-${tone} ${isFull ? 'full' : 'hollow'}`,
      viewBox: '0 0 16 16',
      role: name ? 'img' : null,
      'aria-label': name,
      'aria-hidden': name ? null : 'true',
      focusable: 'false',
    },
    svg('circle', { cx: 8, cy: 8, r: isFull ? 8 : 7 }),
    path && svg('path', { d: path }),
  );
}

/** Badge and word. */
export const presenceLabel = (presence, kind = kindOf(presence)) =>
  h('span', { class: `presence-label tone-${toneOf(kind)}` }, badge(kind), h('span', { text: labelOf(presence) }));

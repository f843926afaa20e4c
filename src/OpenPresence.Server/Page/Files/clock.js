// The server's clock, as far as this page knows it. Everything that counts down does so by it: a development server's
// clock can be an hour ahead, or stand still. Where the control API does not say, the Date of answers does.

import { control, onServerDate } from './api.js';

const POLL_MS = 4000;

export const clock = Object.assign(new EventTarget(), {
  isKnown: false,
  isFrozen: false,
  offset: 0,
  nextDueAt: null,
  canMove: false,
  now: () => (frozenAt === null ? Date.now() + clock.offset : frozenAt),
});

let frozenAt = null;

onServerDate((text) => {
  const at = Date.parse(text ?? '');
  if (!clock.isKnown && !Number.isNaN(at) && Math.abs(at - clock.now()) > 2000) {
    clock.offset = at - Date.now();
  }
});

/** Follows the clock for as long as the page lives. */
export async function followClock() {
  const routes = await control('').catch(() => null);
  if (!routes) {
    return;
  }
  clock.canMove = routes.routes.some((route) => route.path === '/control/clock/advance');
  await readClock();
  setInterval(() => document.visibilityState === 'visible' && readClock(), POLL_MS);
}

/** Asks where the clock stands. */
export const readClock = async () => take(await control('clock').catch(() => null));

/** freeze, run, advance or set. */
export async function moveClock(how, body = {}) {
  take(await control(`clock/${how}`, { method: 'POST', body }));
}

function take(said) {
  if (!said) {
    return;
  }
  const at = Date.parse(said.dateTime);
  const before = clock.now();
  const wasKnown = clock.isKnown;
  const wasFrozen = clock.isFrozen;
  clock.isKnown = true;
  clock.isFrozen = said.isFrozen;
  clock.offset = at - Date.now();
  clock.nextDueAt = said.nextDueDateTime ? Date.parse(said.nextDueDateTime) : null;
  frozenAt = said.isFrozen ? at : null;
  // A poll and its answer take a moment; what is more than that was moved by somebody.
  const isMoved = wasKnown && Math.abs(at - before) > 1500;
  clock.dispatchEvent(new CustomEvent('read', { detail: { isMoved: isMoved || wasFrozen !== said.isFrozen } }));
}

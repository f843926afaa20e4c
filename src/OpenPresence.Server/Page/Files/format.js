// Times and numbers as people read them.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Beyond this nobody counts days: the demo's devices stay for a century. */
const FOREVER = 20 * 365 * DAY;

/** "12 min", "3 h 05 min", "2 days": how long something has been so. */
export function span(milliseconds) {
  const ms = Math.max(0, milliseconds);
  if (ms < 5 * SECOND) {
    return 'just now';
  }
  if (ms < MINUTE) {
    return `${Math.floor(ms / SECOND)} s`;
  }
  if (ms < HOUR) {
    return `${Math.floor(ms / MINUTE)} min`;
  }
  if (ms < DAY) {
    const [hours, minutes] = [Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE)];
    return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  }
  const days = Math.floor(ms / DAY);
  return ms > FOREVER ? 'for ever' : days === 1 ? '1 day' : `${days} days`;
}

/** "4:59", "1:02:03", "2 days 3 h": how long until something. */
export function countdown(milliseconds) {
  const ms = Math.max(0, milliseconds);
  if (ms > DAY) {
    const days = Math.floor(ms / DAY);
    return ms > FOREVER ? 'never' : `${days} ${days === 1 ? 'day' : 'days'} ${Math.floor((ms % DAY) / HOUR)} h`;
  }
  const seconds = Math.ceil(ms / SECOND);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, '0');
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const isForever = (milliseconds) => milliseconds > FOREVER;

const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const shortFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** "14:03:22" in the reader's own zone. */
export const timeOf = (ms) => clockFormat.format(ms);

/** "14:03", or "Tue 24 Nov, 14:03" when it is not the same day. */
export function momentOf(ms, now) {
  const isToday = new Date(ms).toDateString() === new Date(now).toDateString();
  return isToday ? shortFormat.format(ms) : `${dayFormat.format(ms)}, ${shortFormat.format(ms)}`;
}

export const dateOf = (ms) => dateFormat.format(ms);
export const dayOf = (ms) => dayFormat.format(ms);

/** "0.4 ms", "12 ms", "1.2 s". */
export function tookOf(ms) {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** "1,234". */
export const countOf = (number) => number.toLocaleString();

/** The first letters of the first and the last name. */
export function initialsOf(name) {
  const parts = name.split(/\s+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return letters.map((part) => [...part][0].toUpperCase()).join('') || '?';
}

// Everybody of the tenant as this page knows them: who they are from /users, what they show from the live stream, and
// for those in sight their photo and since when, read twenty at a time. Changes are gathered and told once a frame, so
// that ten thousand people who come at once are one change of the page.

import { gets, graph } from './api.js';
import { clock } from './clock.js';
import { groupOf, kindOf } from './badges.js';

/** More people are not held; the search then finds among these. */
export const PEOPLE_MAX = 20_000;

const PAGE = 999;
const FIELDS = 'id,displayName,userPrincipalName,jobTitle,department,officeLocation,mail';
const CHANGES_KEPT = 60;
const order = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
const nobody = { availability: 'PresenceUnknown', activity: 'PresenceUnknown' };

export const people = Object.assign(new EventTarget(), {
  byId: new Map(),
  sorted: [],
  isWhole: true,
  isLoading: false,
  /** The latest changes, newest first: { person, from, at }. */
  changes: [],
});

const touched = new Set();
const strangers = new Map();
let isTold = false;
let mayExplain = true;

/** Reads who there is; what they show comes with the stream. */
export async function loadPeople() {
  people.isLoading = true;
  mayExplain = true;
  const found = new Map();
  let link = `/v1.0/users?$select=${FIELDS}&$orderby=displayName&$top=${PAGE}`;
  while (link && found.size < PEOPLE_MAX) {
    const page = await graph(link);
    for (const user of page.value) {
      found.set(user.id, personOf(user, people.byId.get(user.id)));
    }
    const next = page['@odata.nextLink'];
    link = next ? new URL(next).pathname + new URL(next).search : '';
  }
  people.isWhole = !link;
  people.byId = found;
  people.isLoading = false;
  sort();
  tell();
}

let spentPhotos = [];

/**
 * Forgets what was seen, before everything is read anew. Photos that are on show stay good until the time after: an entry
 * that is still there, or is just being drawn, would find its picture gone.
 */
export function forgetPeople() {
  spentPhotos.forEach((photo) => URL.revokeObjectURL(photo));
  spentPhotos = [...people.byId.values()].map(({ photo }) => photo).filter(Boolean);
  people.byId = new Map();
  people.changes = [];
  sort();
}

/** What the stream told of somebody. */
export function takePresence(presence, isNews) {
  const person = people.byId.get(presence.id);
  if (!person) {
    strangers.set(presence.id, presence);
    return meetStrangers();
  }
  const before = person.presence;
  const isOther =
    before.availability !== presence.availability || before.activity !== presence.activity;
  person.presence = { ...presence, isOutOfOffice: presence.outOfOfficeSettings?.isOutOfOffice ?? false };
  person.kind = kindOf(person.presence);
  person.group = groupOf(person.kind);
  if (isOther && isNews) {
    person.sinceAt = clock.now();
    person.changedAt = clock.now();
    people.changes.unshift({ person, before, presence: person.presence, at: clock.now() });
    people.changes.length = Math.min(people.changes.length, CHANGES_KEPT);
  } else if (isOther) {
    person.sinceAt = undefined;
  }
  touched.add(person.id);
  tell();
}

export function takeRemoval(id) {
  if (people.byId.delete(id)) {
    sort();
    touched.add(id);
    tell();
  }
}

/** Photo and since when, of those in sight. */
export async function loadInSight(ids) {
  const wanted = [];
  for (const id of ids) {
    const person = people.byId.get(id);
    if (person && person.photo === undefined) {
      person.photo = null;
      wanted.push([person, 'photo', `/users/${id}/photos/48x48/$value`]);
    }
    if (person && person.sinceAt === undefined && mayExplain) {
      person.sinceAt = null;
      wanted.push([person, 'since', `/users/${id}/presence/explain`]);
    }
  }
  if (!wanted.length) {
    return;
  }
  const answers = await gets(wanted.map(([, , path]) => path)).catch(() => []);
  answers.forEach((answer, index) => {
    const [person, what] = wanted[index];
    if (answer?.status !== 200) {
      // Only who writes everybody's presence may ask why; others are not asked for again.
      mayExplain &&= !(what === 'since' && answer?.status === 403);
      return;
    }
    if (what === 'photo') {
      person.photo = pictureOf(answer);
    } else {
      person.sinceAt = Date.parse(answer.body.sinceDateTime);
    }
    touched.add(person.id);
  });
  tell();
}

/** How many there are of each group. */
export function counts() {
  const number = {};
  for (const person of people.byId.values()) {
    number[person.group] = (number[person.group] ?? 0) + 1;
  }
  return number;
}

function personOf(user, known) {
  const person = known ?? { presence: nobody, kind: 'unknown', group: 'unknown', photo: undefined, sinceAt: undefined };
  return Object.assign(person, {
    id: user.id,
    name: user.displayName ?? user.userPrincipalName ?? user.id,
    upn: user.userPrincipalName ?? '',
    title: user.jobTitle ?? '',
    department: user.department ?? '',
    office: user.officeLocation ?? '',
    folded: fold(
      [user.displayName, user.userPrincipalName, user.jobTitle, user.department, user.officeLocation].join(' '),
    ),
  });
}

/** As the search compares: without case and accents. */
export const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function pictureOf({ body, headers }) {
  const type = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: type ?? 'image/jpeg' }));
}

/** Somebody came after the page was loaded: who is it? */
function meetStrangers() {
  if (people.isLoading || strangers.size !== 1) {
    return;
  }
  setTimeout(async () => {
    const met = [...strangers.values()];
    strangers.clear();
    if (people.byId.size + met.length > PEOPLE_MAX) {
      people.isWhole = false;
      return;
    }
    const answers = await gets(met.map(({ id }) => `/users/${id}?$select=${FIELDS}`)).catch(() => []);
    answers.forEach((answer, index) => {
      if (answer?.status === 200) {
        people.byId.set(met[index].id, personOf(answer.body, people.byId.get(met[index].id)));
        takePresence(met[index], false);
      }
    });
    sort();
    tell();
  }, 250);
}

function sort() {
  people.sorted = [...people.byId.values()].sort((one, other) => order.compare(one.name, other.name));
}

function tell() {
  if (isTold) {
    return;
  }
  isTold = true;
  requestAnimationFrame(() => {
    isTold = false;
    const ids = new Set(touched);
    touched.clear();
    people.dispatchEvent(new CustomEvent('changed', { detail: ids }));
  });
}

// The latest requests to Graph's surface, as they come. The page's own are not among them: the server does not note
// what looks on.

import { h, put, setText, toast } from './dom.js';
import { control } from './api.js';
import { timeOf, tookOf } from './format.js';
import { icon } from './icons.js';
import { people } from './people.js';
import { applicationName, readTenants } from './signin.js';

const POLL_MS = 1500;
const SHOWN_MAX = 500;

export function requestsView({ live }) {
  let requests = [];
  let last = 0;
  let timer = 0;
  let isOnlyFailed = false;
  let words = '';
  let opened = 0;
  const rows = h('tbody');
  const count = h('p', { class: 'count', role: 'status' });
  const empty = h('p', { class: 'empty', text: 'Nobody has asked for anything yet. Point a Graph client at this server, and its requests appear here.' });
  const failed = h('input', { type: 'checkbox', id: 'only-failed', onchange: () => ((isOnlyFailed = failed.checked), draw()) });
  const search = h('input', {
    type: 'search',
    placeholder: 'Filter requests',
    'aria-label': 'Filter requests by operation, path or status',
    oninput: () => ((words = search.value.toLowerCase()), draw()),
  });
  const table = h(
    'div',
    { class: 'table-frame', tabindex: 0, role: 'region', 'aria-label': 'Latest requests' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ['Time', 'Status', 'Operation', 'Path', 'Who', 'Took'].map((text) => h('th', { scope: 'col', text })))),
      rows,
    ),
  );
  const element = h(
    'section',
    { class: 'requests', 'aria-label': 'Requests' },
    h(
      'div',
      { class: 'toolbar' },
      h('div', { class: 'search' }, icon('search'), search),
      count,
      h(
        'div',
        { class: 'toolbar-end' },
        h('label', { class: 'check', for: 'only-failed' }, failed, 'Failures only'),
        h('button', { type: 'button', text: 'Forget', onclick: forget }),
      ),
    ),
    empty,
    table,
  );

  async function read() {
    let answer;
    try {
      answer = await control(`requests?after=${last}`);
    } catch {
      return;
    }
    if (answer.value.length) {
      last = answer.value[answer.value.length - 1].number;
      requests = [...answer.value.reverse(), ...requests].slice(0, SHOWN_MAX);
      draw();
    }
  }

  async function forget() {
    try {
      await control('requests', { method: 'DELETE' });
      requests = [];
      draw();
    } catch (refused) {
      toast(refused.message, 'bad');
    }
  }

  function draw() {
    const found = requests.filter(
      (request) =>
        (!isOnlyFailed || isFailed(request)) &&
        (!words || `${request.operation} ${request.method} ${request.path} ${request.status} ${request.faultId ?? ''}`.toLowerCase().includes(words)),
    );
    const slowest = Math.max(1, ...found.map(({ milliseconds }) => milliseconds));
    put(rows, found.map((request) => [rowOf(request, slowest, toggle), request.number === opened && detailOf(request)]));
    setText(count, `${found.length} of ${requests.length} requests`);
    empty.hidden = requests.length > 0;
    table.hidden = requests.length === 0;
  }

  function toggle(request) {
    opened = opened === request.number ? 0 : request.number;
    draw();
    document.getElementById(`request-${request.number}`)?.focus();
  }

  // A server that was started anew counts from one again.
  live.addEventListener('state', ({ detail }) => {
    if (detail === 'live') {
      last = 0;
      requests = [];
      element.isConnected && read();
    }
  });
  draw();
  return {
    element,
    enter() {
      readTenants().then(draw);
      read();
      timer = setInterval(() => document.visibilityState === 'visible' && read(), POLL_MS);
    },
    leave: () => clearInterval(timer),
  };
}

const isFailed = ({ status }) => status === 0 || status >= 400;

function rowOf(request, slowest, toggle) {
  const { status } = request;
  const tone = isFailed(request) ? (status >= 500 || status === 0 ? 'bad' : 'warn') : 'good';
  const who = request.callerId
    ? (people.byId.get(request.callerId)?.name ?? 'A person')
    : request.applicationId
      ? applicationName(request.applicationId)
      : 'Nobody known';
  const whom = request.userId ? people.byId.get(request.userId)?.name : '';
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.inlineSize = `${Math.max(2, (60 * request.milliseconds) / slowest)}px`;
  return h(
    'tr',
    { onclick: () => !String(getSelection()) && toggle(request) },
    h('td', { class: 'num', text: timeOf(Date.parse(request.startedDateTime)) }),
    h('td', {}, h('span', { class: `tag ${tone}`, text: status || 'broken' }), request.faultId && h('span', { class: 'tag warn', text: request.faultId })),
    h(
      'td',
      {},
      h('button', {
        type: 'button',
        class: 'operation',
        id: `request-${request.number}`,
        text: request.operation ?? 'unknown',
        onclick: (event) => (event.stopPropagation(), toggle(request)),
      }),
      whom && h('span', { class: 'soft', text: ` ${whom}` }),
    ),
    h('td', { class: 'mono path' }, h('span', { class: 'method', text: request.method }), ` ${request.path}${request.query}`),
    h('td', { text: who }),
    h('td', { class: 'num' }, bar, tookOf(request.milliseconds)),
  );
}

/** All that is known of one. */
function detailOf(request) {
  const fact = (name, value) => value && [h('dt', { text: name }), h('dd', { class: 'mono', text: value })];
  return h(
    'tr',
    { class: 'detail' },
    h(
      'td',
      { colspan: 6 },
      h(
        'dl',
        { class: 'facts-list' },
        fact('request-id', request.requestId),
        fact('client-request-id', request.clientRequestId),
        fact('application', request.applicationId),
        fact('person who called', request.callerId),
        fact('person in the path', request.userId),
        fact('body', request.body),
      ),
    ),
  );
}

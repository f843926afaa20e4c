// Speaks to the server: Graph's surface with a token, the control API with its own or none. The token lives in this
// module's memory and nowhere else: in no address, no storage, no log.

export class Refused extends Error {
  constructor(status, code, message, retryAfter) {
    super(message);
    Object.assign(this, { status, code, retryAfter });
  }
}

const BATCH_MAX = 20;

let session = null;
let controlToken = '';
let clockSkew = () => {};

// The newest sequence that was heard of. Behind a balancer a request may meet another node than the one that took a write or
// told of one, and be milliseconds too early there; so reads say what their answer must not be older than.
let newest = '';

/** Sequences compare as text as they do as numbers. */
export const heardOf = (sequence) => sequence > newest && (newest = sequence);

/** Whose requests these are from now on: { token, renew() }. */
export const actAs = (next) => (session = next);
export const setControlToken = (token) => (controlToken = token);

/** Told the Date of each answer. */
export const onServerDate = (listen) => (clockSkew = listen);

/** A request to Graph's surface, or the stream's; its JSON, or null where there is none. */
export async function graph(path, options = {}) {
  if (options.token) {
    return read(await send(path, options.token, options));
  }
  let answer = await send(path, session?.token, options);
  if (answer.status === 401 && session) {
    await session.renew();
    answer = await send(path, session.token, options);
  }
  if (answer.status === 504 && newest) {
    // A server that began anew never comes so far.
    newest = '';
    answer = await send(path, session?.token, options);
  }
  return read(answer);
}

/** A request to the control API. */
export const control = async (path, options = {}) => read(await send(`/control/${path}`, controlToken, options));

/** GETs of Graph's surface, many in one; an array of { status, body, headers } in the same order. */
export async function gets(paths) {
  const answers = [];
  for (let from = 0; from < paths.length; from += BATCH_MAX) {
    const some = paths.slice(from, from + BATCH_MAX);
    const requests = some.map((url, index) => ({ id: `${index}`, method: 'GET', url }));
    const { responses } = await graph('/v1.0/$batch', { method: 'POST', body: { requests } });
    const byId = new Map(responses.map((response) => [response.id, response]));
    answers.push(...some.map((_, index) => byId.get(`${index}`)));
  }
  return answers;
}

async function send(path, token, { method = 'GET', body, headers = {} }) {
  const all = { Accept: 'application/json', ...headers };
  if (token) {
    all.Authorization = `Bearer ${token}`;
  }
  if (newest && method === 'GET' && path.startsWith('/v1.0/')) {
    all.Prefer = `openpresence-after=${newest}`;
  }
  if (body !== undefined) {
    all['Content-Type'] = 'application/json';
  }
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: all,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
  } catch {
    throw new Refused(0, 'unreachable', 'The server cannot be reached.');
  }
  clockSkew(answer.headers.get('Date'));
  heardOf(answer.headers.get('openpresence-sequence'));
  return answer;
}

async function read(answer) {
  const text = await answer.text();
  const json = text && answer.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : null;
  if (answer.ok) {
    return json;
  }
  const error = json?.error ?? {};
  throw new Refused(
    answer.status,
    typeof error === 'string' ? error : error.code,
    error.message ?? json?.error_description ?? `The server answered ${answer.status}.`,
    Number(answer.headers.get('Retry-After')) || 0,
  );
}

// The live stream, kept open. A ticket counts once, so each connection gets its own and says where the last one ended;
// the server then tells exactly what was missed, or says that it cannot (resync), and everything is read anew.

import { graph, heardOf } from './api.js';

const DELAY_MS_MIN = 500;
const DELAY_MS_MAX = 15_000;

/** Events: presence, removed, ready, resync, state ({ detail: connecting | live | lost }). */
export class Live extends EventTarget {
  #source = null;
  #last = '';
  #failures = 0;
  #timer = 0;
  #isStopped = false;
  state = 'connecting';

  constructor() {
    super();
    addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#hurry());
  }

  /** Begins with the present state of everybody. */
  begin() {
    this.#isStopped = false;
    this.#last = '';
    this.#failures = 0;
    this.#connect();
  }

  end() {
    this.#isStopped = true;
    this.#close();
  }

  async #connect() {
    this.#close();
    this.#tell(this.#failures > 1 ? 'lost' : 'connecting');
    let ticket;
    try {
      ({ ticket } = await graph('/live/tickets', { method: 'POST' }));
    } catch (refused) {
      return this.#again(refused.retryAfter * 1000);
    }
    if (this.#isStopped) {
      return;
    }
    const query = new URLSearchParams({ ticket });
    if (this.#last) {
      query.set('lastEventId', this.#last);
    }
    const source = new EventSource(`/live/presences?${query}`);
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#tell('live');
    };
    source.onerror = () => {
      // It would ask again with the ticket that is used up.
      source.close();
      if (source === this.#source) {
        if (this.#failures > 2) {
          // The place where it ended may be one that this server never heard of.
          this.#last = '';
        }
        this.#again();
      }
    };
    for (const name of ['presence', 'removed', 'ready', 'resync']) {
      source.addEventListener(name, (event) => {
        this.#last = event.lastEventId || this.#last;
        const detail = JSON.parse(event.data);
        heardOf(detail.sequenceNumber);
        this.dispatchEvent(new CustomEvent(name, { detail }));
      });
    }
    source.addEventListener('end', () => {
      source.close();
      this.#again();
    });
  }

  #again(atLeast = 0) {
    if (this.#isStopped) {
      return;
    }
    const delay = Math.min(DELAY_MS_MAX, DELAY_MS_MIN * 2 ** this.#failures++);
    this.#tell(this.#failures > 1 ? 'lost' : 'connecting');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), Math.max(atLeast, delay * (0.5 + Math.random() / 2)));
  }

  #hurry() {
    if (!this.#isStopped && this.state !== 'live' && this.#failures > 0) {
      clearTimeout(this.#timer);
      this.#connect();
    }
  }

  #close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #tell(state) {
    if (this.state !== state) {
      this.state = state;
      this.dispatchEvent(new CustomEvent('state', { detail: state }));
    }
  }
}

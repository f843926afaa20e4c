// As much of a browser's EventSource as the examples use, over fetch: Node 20 has none. Lines are read as
// the HTML standard says (9.2.6).

export class EventSource extends EventTarget {
  #left = new AbortController();

  constructor(url) {
    super();
    this.#run(url).catch(() => this.#fail());
  }

  close() {
    this.#left.abort();
  }

  async #run(url) {
    const answer = await fetch(url, {
      headers: { Accept: 'text/event-stream' },
      signal: this.#left.signal,
    });
    if (answer.status !== 200) {
      throw new Error(`status ${answer.status}`);
    }
    let text = '';
    let event = { type: '', data: [] };
    let lastEventId = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop();
      for (const line of lines) {
        const [field, value] = line.split(/: ?(.*)/s);
        if (field === 'event') event.type = value;
        if (field === 'data') event.data.push(value);
        if (field === 'id') lastEventId = value;
        if (line !== '') continue;
        if (event.data.length > 0) {
          const told = new Event(event.type || 'message');
          this.dispatchEvent(Object.assign(told, { data: event.data.join('\n'), lastEventId }));
        }
        event = { type: '', data: [] };
      }
    }
    this.#fail();
  }

  #fail() {
    if (!this.#left.signal.aborted) {
      this.onerror?.(new Event('error'));
    }
  }
}

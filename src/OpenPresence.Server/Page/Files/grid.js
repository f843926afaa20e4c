// A list of any length of which only what is in sight exists: items of one height, in one column or several. For those
// who do not see it, it is a listbox that says how many there are and which one is active; the keys move the active
// one, whether it was in sight or not.

import { h } from './dom.js';

const ROWS_BEYOND_SIGHT = 4;
const SETTLED_MS = 120;

export class Grid {
  #items = [];
  #shown = new Map();
  #active = -1;
  #columns = 1;
  #timer = 0;

  /**
   * @param options.label what the list is of
   * @param options.layout () => ({ height, widthMin }): of an item; widthMin 0: one column
   * @param options.make item => element
   * @param options.update (element, item)
   * @param options.choose item => void
   * @param options.settled items => void: these are in sight, and have been for a moment
   */
  constructor(options) {
    this.options = options;
    this.canvas = h('div', { class: 'grid-canvas', role: 'presentation' });
    this.element = h(
      'div',
      { class: 'grid', role: 'listbox', tabindex: 0, 'aria-label': options.label },
      this.canvas,
    );
    this.element.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.#press(event));
    this.element.addEventListener('focus', () => this.#activate(Math.max(0, this.#active), false));
    this.canvas.addEventListener('click', (event) => {
      const index = Number(event.target.closest('[data-index]')?.dataset.index ?? -1);
      if (index >= 0) {
        this.#activate(index, false);
        options.choose(this.#items[index]);
      }
    });
    new ResizeObserver(() => this.redraw()).observe(this.element);
  }

  /** Shows these, in this order. */
  set(items) {
    const active = this.#items[this.#active];
    this.#items = items;
    this.#active = active ? items.indexOf(active) : -1;
    this.redraw();
  }

  /** Draws those of some ids anew, if they are in sight. */
  refresh(ids) {
    for (const id of ids) {
      const shown = this.#shown.get(id);
      if (shown) {
        this.options.update(shown.element, shown.item);
      }
    }
    // Where somebody changes all the time it would otherwise never be settled.
    if (!this.#timer) {
      this.#settle();
    }
  }

  refreshAll() {
    this.refresh([...this.#shown.keys()]);
  }

  get length() {
    return this.#items.length;
  }

  select(id) {
    this.selected = id;
    for (const [other, { element }] of this.#shown) {
      element.setAttribute('aria-selected', other === id);
    }
  }

  redraw() {
    const { height, widthMin } = this.options.layout();
    const width = this.element.clientWidth;
    this.#columns = widthMin ? Math.max(1, Math.floor(width / widthMin)) : 1;
    this.height = height;
    this.canvas.style.height = `${Math.ceil(this.#items.length / this.#columns) * height}px`;
    this.element.style.setProperty('--columns', this.#columns);
    this.element.style.setProperty('--item', `${height}px`);
    this.#draw();
  }

  #draw() {
    const { scrollTop, clientHeight } = this.element;
    const columns = this.#columns;
    const first = Math.max(0, Math.floor(scrollTop / this.height) - ROWS_BEYOND_SIGHT) * columns;
    const rows = Math.ceil(clientHeight / this.height) + 2 * ROWS_BEYOND_SIGHT;
    const last = Math.min(this.#items.length, first + (rows + 1) * columns);
    const keep = new Set();
    for (let index = first; index < last; index++) {
      const item = this.#items[index];
      keep.add(item.id);
      let shown = this.#shown.get(item.id);
      if (!shown || shown.item !== item) {
        shown?.element.remove();
        shown = { item, element: this.options.make(item) };
        shown.element.id = `item-${item.id}`;
        shown.element.setAttribute('role', 'option');
        this.options.update(shown.element, item);
        this.#shown.set(item.id, shown);
        this.canvas.append(shown.element);
      }
      this.#place(shown.element, item, index);
    }
    for (const [id, { element }] of this.#shown) {
      if (!keep.has(id)) {
        element.remove();
        this.#shown.delete(id);
      }
    }
    this.#settle();
  }

  #place(element, item, index) {
    const column = index % this.#columns;
    const top = Math.floor(index / this.#columns) * this.height;
    element.dataset.index = index;
    element.style.transform = `translate(${column * 100}%, ${top}px)`;
    element.setAttribute('aria-setsize', this.#items.length);
    element.setAttribute('aria-posinset', index + 1);
    element.setAttribute('aria-selected', item.id === this.selected);
    element.classList.toggle('active', index === this.#active);
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.options.settled([...this.#shown.keys()]);
    }, SETTLED_MS);
  }

  #press(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.height)) * this.#columns;
    const steps = {
      ArrowDown: this.#columns,
      ArrowUp: -this.#columns,
      ArrowRight: this.#columns > 1 ? 1 : 0,
      ArrowLeft: this.#columns > 1 ? -1 : 0,
      PageDown: page,
      PageUp: -page,
      Home: -this.#items.length,
      End: this.#items.length,
    };
    if (event.key === 'Enter' || event.key === ' ') {
      if (this.#active >= 0) {
        event.preventDefault();
        this.options.choose(this.#items[this.#active], true);
      }
    } else if (steps[event.key]) {
      event.preventDefault();
      this.#activate(this.#active + steps[event.key], true);
    }
  }

  #activate(index, isToShow) {
    if (!this.#items.length) {
      return;
    }
    this.#active = Math.min(this.#items.length - 1, Math.max(0, index));
    const top = Math.floor(this.#active / this.#columns) * this.height;
    const { scrollTop, clientHeight } = this.element;
    if (isToShow && top < scrollTop) {
      this.element.scrollTop = top;
    } else if (isToShow && top + this.height > scrollTop + clientHeight) {
      this.element.scrollTop = top + this.height - clientHeight;
    }
    this.#draw();
    this.element.setAttribute('aria-activedescendant', `item-${this.#items[this.#active].id}`);
  }
}

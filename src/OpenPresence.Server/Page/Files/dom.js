// Makes elements. Text only ever becomes text: there is no way from here to markup, and the page's policy forbids the
// others (require-trusted-types-for), so a display name with a script in it is a display name.

const SVG = 'http://www.w3.org/2000/svg';

/** h('button', { class: 'primary', onclick: save }, 'Save'): an element with properties and children. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for a part of a drawing. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'text') {
      element.textContent = value;
    } else if (name === 'value' && element.tagName !== 'OPTION') {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
}

/** Puts these children in the place of those that were there. */
export function put(element, ...children) {
  const next = document.createDocumentFragment();
  append(next, children);
  element.replaceChildren(next);
}

/** Sets text only where it differs, so that nothing is laid out or read aloud anew for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Says something for a moment, aloud too. */
export function toast(text, kind = 'done') {
  const shown = h('p', { class: `toast ${kind}`, text });
  document.getElementById('toasts').append(shown);
  setTimeout(() => shown.classList.add('leaving'), kind === 'bad' ? 9000 : 5000);
  setTimeout(() => shown.remove(), kind === 'bad' ? 9400 : 5400);
}

/** Asks before something that cannot be undone; resolves to whether to do it. */
export function confirmWith(title, sentence, action) {
  return new Promise((resolve) => {
    const dialog = h(
      'dialog',
      { class: 'dialog', 'aria-labelledby': 'dialog-title' },
      h('h2', { id: 'dialog-title', text: title }),
      h('p', { text: sentence }),
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', text: 'Cancel', onclick: () => dialog.close('') }),
        h('button', { type: 'button', class: 'danger', text: action, onclick: () => dialog.close('yes') }),
      ),
    );
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Line drawings of 20 by 20, for navigation and buttons. Always beside a word, or on a button that has a name.

import { svg } from './dom.js';

const paths = {
  people: 'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c0-3 2.4-4.5 5.5-4.5s5.5 1.5 5.5 4.5M13 3.9a3 3 0 0 1 0 5.2M15 12.3c1.8.6 3 2 3 4.2',
  bell: 'M4.5 14h11l-1.3-2.2V8.5a4.2 4.2 0 0 0-8.4 0v3.3L4.5 14ZM8.3 16.5a1.8 1.8 0 0 0 3.4 0',
  list: 'M3 5h14M3 10h14M3 15h9',
  sliders: 'M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4',
  clock: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 6v4.2l2.8 1.8',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17 17',
  close: 'M5 5l10 10M15 5 5 15',
  back: 'M12 4 6 10l6 6',
  pin: 'M10 17.5s5.5-4.6 5.5-9a5.5 5.5 0 0 0-11 0c0 4.4 5.5 9 5.5 9ZM10 10.3a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z',
  message: 'M3.5 4h13v9.5H9L5.5 16.5v-3h-2Z',
  freeze: 'M7 4.5v11M13 4.5v11',
  run: 'M6.5 4.2v11.6l9-5.8Z',
  forward: 'M4 5v10l6.5-5ZM11 5v10l6.5-5Z',
  next: 'M4.5 4.5v11L13 10ZM15.5 4.5v11',
  key: 'M12.5 11.5a4 4 0 1 0-3.8-2.8L3 14.4V17h2.6v-1.8h1.8v-1.8h1.7l1.2-1.2a4 4 0 0 0 2.2-.7ZM13.3 6.7h.1',
  reset: 'M4 10a6 6 0 1 0 1.9-4.4L4 7.4M4 3.6v3.8h3.8',
  bolt: 'M11 2.5 4.5 11.5H9l-.5 6L15.5 8H11Z',
  out: 'M12 4h4.5v12H12M3.5 10H12M9 6.8 12.2 10 9 13.2',
  link: 'M8 5H4.5v10.5H15V12M11 4h5v5M16 4l-7 7',
  chevron: 'M5 7.5 10 12.5 15 7.5',
  desk: 'M3 4h14v9H3ZM7 16.5h6M10 13v3.5',
  app: 'M3.5 3.5h5.5V9H3.5ZM11 3.5h5.5V9H11ZM3.5 11h5.5v5.5H3.5ZM11 11h5.5v5.5H11Z',
  calendar: 'M3.5 5h13v11.5h-13ZM3.5 8.5h13M7 3v3.5M13 3v3.5',
  focus: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  person: 'M10 9.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM4 17c0-3.2 2.6-4.8 6-4.8s6 1.6 6 4.8',
  leave: 'M3 10h13M8 4.5 2.5 10 8 15.5',
  grid: 'M3.5 4h5.5v5H3.5ZM11 4h5.5v5H11ZM3.5 11h5.5v5H3.5ZM11 11h5.5v5H11Z',
};

export const icon = (name) =>
  svg(
    'svg',
    { class: 'icon', viewBox: '0 0 20 20', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: paths[name] }),
  );

import { handle } from '../context.ts';

/** What needs looking at first. */
const ORDER = ['down', 'late', 'never', 'live', 'off'];

export default handle('sources.list', (context) =>
  context.sources
    .list()
    .sort(
      (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.title < b.title ? -1 : a.title > b.title ? 1 : 0),
    ),
);

import { handle } from '../context.ts';
import { maintenanceView } from '../estate/health.ts';

const ORDER = { open: 0, planned: 1, over: 2 } as const;

export default handle('maintenance.list', (context, { all }) =>
  context.sources.board
    .windows()
    .map((window) => maintenanceView(context, window))
    .filter(({ state }) => all || state !== 'over')
    .sort(
      (a, b) =>
        ORDER[a.state] - ORDER[b.state] ||
        (a.state === 'over' ? b.to - a.to : a.from - b.from) ||
        (a.id < b.id ? -1 : 1),
    ),
);

/** How sources are shown, and what a test of one said. */
import type { View } from './views.ts';

export const sources: View<'sources.list'> = (page, list) => {
  page.table(
    list,
    [
      {
        title: '',
        cell: ({ state }) =>
          state === 'live'
            ? '● live'
            : state === 'down'
              ? page.style(['bold', 'red'], '■ down')
              : state === 'late'
                ? page.style('yellow', '▲ late')
                : `? ${state}`,
      },
      { title: 'source', cell: ({ id }) => id },
      { title: 'type', cell: ({ type }) => type },
      { title: 'signals', cell: ({ signals }) => String(signals), right: true },
      { title: 'answered', cell: ({ lastSuccessAt }) => page.age(lastSuccessAt) },
      { title: '', cell: ({ message }) => message },
    ],
    'No sources. Add one: sources add prometheus --config.url http://…',
  );
};

export const sourceTypes: View<'sources.types'> = (page, list) => {
  for (const { type, title, fields } of list) {
    page.line().line(`${page.style('bold', type)} (${title})`);
    page.table(fields, [
      { title: '', cell: ({ name, secret }) => (secret ? '--credential-file' : `--config.${name}`) },
      { title: '', cell: ({ required }) => (required ? 'needed' : '') },
      { title: '', cell: ({ title: what, help }) => [what, help].filter((part) => part !== '').join(': ') },
      { title: '', cell: ({ example }) => (example === '' ? '' : `such as ${example}`) },
    ]);
  }
};

export const test: View<'sources.test'> = (page, { ok, message, seen, ms }) => {
  page.line(`${ok ? '●' : '■'} ${message} (${Math.round(ms)} ms)`);
  for (const line of seen) page.line(`  ${line}`);
};

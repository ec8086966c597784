/** How bundles and snapshots are shown. */
import type { Output } from '../../shared/contract/table.ts';
import { sizeWords } from '../../shared/domain/link/words.ts';
import { count, type Page } from './page.ts';
import type { View } from './views.ts';

export const contents = (of: Output<'bundle.inspect'>['header']['contents']): string =>
  of.of === 'everything'
    ? 'everything'
    : of.of === 'since'
      ? 'what came since an earlier bundle'
      : `${of.label} ${of.title}`;

export const snapshot = (
  page: Page,
  { path, bytes, unpacked, made, console, name, organisation, ops, consoles }: Output<'snapshot.make'>,
): void => {
  page.line(
    `${path}: ${count(ops, 'op')} of ${count(consoles, 'console')}, ${bytes.toLocaleString('en')} bytes (${unpacked.toLocaleString('en')} unpacked).`,
  );
  page.line(
    `Made ${page.when(made)} by ${name === '' ? `console ${console}` : name}${organisation === '' ? '' : ` of ${organisation}`}; its signature is good.`,
  );
};

export const snapshots: View<'snapshot.shared'> = (page, { hub, list }) => {
  if (list === null) {
    page.line(hub === null ? 'This console has no hub.' : `${hub} cannot be asked now.`);
    return;
  }
  page.table(
    list,
    [
      { title: 'made', cell: ({ made }) => (made === null ? '' : page.when(made)) },
      { title: 'by', cell: ({ maker }) => maker?.name ?? '' },
      { title: 'ops', cell: ({ ops }) => ops?.toLocaleString('en') ?? '', right: true },
      { title: 'bytes', cell: ({ bytes }) => bytes.toLocaleString('en'), right: true },
      { title: '', cell: ({ problem }) => problem ?? '' },
    ],
    'No snapshot lies at the hub; snapshot share lays one out.',
  );
};

export const bundleInspect: View<'bundle.inspect'> = (
  page,
  { path, bytes, header, maker, ops, period, consoles, heads, evidence: attached },
) => {
  page.line(`${path}: ${contents(header.contents)}`);
  page.line(
    `${count(ops, 'op')}, ${bytes.toLocaleString('en')} bytes, made ${page.when(header.made)} by ${maker.name === '' ? `console ${maker.console}` : maker.name} (${maker.access.replaceAll('-', ' ')})${header.organisation === '' ? '' : ` of ${header.organisation}`}; its signature is good.`,
  );
  if (attached)
    page.line(`It brings the content of ${count(attached.files, 'attached file')}, ${sizeWords(attached.bytes)}.`);
  if (period) page.line(`It tells of ${page.when(period.first)} to ${page.when(period.last)}.`);
  page.heading('consoles');
  page.table(consoles, [
    { title: 'console', cell: ({ console }) => console },
    { title: 'name', cell: ({ name }) => name },
    { title: 'standing', cell: ({ access }) => access.replaceAll('-', ' ') },
    { title: 'ops', cell: ({ first, last }) => `${first}–${last}` },
    { title: 'new', cell: ({ fresh }) => String(fresh), right: true },
    { title: 'here', cell: ({ known }) => String(known), right: true },
    { title: 'kept out', cell: ({ refused }) => String(refused), right: true },
    { title: 'links only', cell: ({ withheld }) => String(withheld), right: true },
    { title: 'because', cell: ({ reasons }) => reasons.join(' ') },
  ]);
  const different = heads.filter(({ state }) => state === 'different');
  const ahead = heads.filter(({ state }) => state === 'ahead');
  page.heading('heads that its maker had');
  page.line(
    `${heads.length - different.length - ahead.length} of ${count(heads.length, 'console')} agree with this record or are not in it; its maker had more of ${ahead.length}.`,
  );
  for (const { console, seq } of different) {
    page.line(
      `■ Console ${console}: its maker had another op ${seq} than we have; one of the two records was rewritten.`,
    );
  }
};

export const bundleImport: View<'bundle.import'> = (
  page,
  { applied, known, quarantined, left, messages, incidents: brought },
) => {
  page.line(
    `${count(applied, 'op')} new, ${known.toLocaleString('en')} here already, ${(quarantined + left).toLocaleString('en')} kept out.`,
  );
  for (const message of messages) page.line(message);
  for (const { name } of brought) page.line(`  ${name}`);
};

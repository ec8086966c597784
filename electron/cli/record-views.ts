/** The record, its backups and what was found in it, in a terminal: the same words as on screen. */
import type { BackupView, RecordView, RestoreView, VerifyView } from '../../shared/contract/record.ts';
import type { SearchResult } from '../../shared/contract/search.ts';
import { KEY_KEPT } from '../../shared/domain/record/at-rest.ts';
import { lostOps } from '../../shared/domain/record/lost.ts';
import {
  ACCESS_WORDS,
  answerOf,
  clockWords,
  consoleLines,
  consoleNames,
  formatBytes,
  keptGroups,
  opRange,
  PREVIEW,
  periodWords,
  reasonWords,
  reportLines,
  took,
} from '../../shared/domain/record/words.ts';
import { count, type Page } from './page.ts';

function findings(page: Page, { findings: list, findingCount }: VerifyView, nameOf: (console: string) => string): void {
  if (findingCount === 0) return;
  page.heading(count(findingCount, 'finding'));
  page.table(list, [
    { title: 'console', cell: ({ console }) => (console === '' ? 'the tables' : nameOf(console)) },
    { title: 'op', cell: ({ seq }) => (seq === 0 ? '' : String(seq)), right: true },
    { title: 'what', cell: ({ message }) => message },
  ]);
  if (findingCount > list.length) page.line(`and ${count(findingCount - list.length, 'more finding')}.`);
}

export function verified(page: Page, value: VerifyView): void {
  const { ok, ops, ms, consoles, witnesses, findingCount } = value;
  page.line(
    ok
      ? page.style(
          'bold',
          '● The record can be trusted: every op is in its place, unchanged and signed, and the tables say what it says.',
        )
      : page.style(['bold', 'red'], `■ The record can't be trusted: ${count(findingCount, 'finding')}.`),
  );
  page.line(
    `${count(ops, 'op')} of ${count(consoles.length, 'console')} checked in ${took(ms)}, ${count(witnesses.checked, 'head')} that backups remember.`,
  );
  findings(page, value, (id) => id);
  page.heading('consoles');
  page.table(consoles, [
    { title: 'console', cell: ({ id }) => id },
    { title: 'ops', cell: (row) => row.ops.toLocaleString('en'), right: true },
    { title: 'head', cell: ({ head }) => (head === null ? '–' : `${head.seq} ${head.id}`) },
    { title: 'signed', cell: (row) => (row.signed === row.ops ? 'all' : row.signed.toLocaleString('en')), right: true },
  ]);
}

export function record(page: Page, value: RecordView): void {
  const { words, besides } = answerOf(value, page.now);
  const { verified: last, verifying, key, quarantine, restored } = value;
  const nameOf = consoleNames(value);
  page.line(`Can this record be trusted? ${page.style('bold', words)}`);
  if (last !== null)
    page.line(
      `Checked ${page.when(last.startedAt)} (${page.age(last.startedAt)}), took ${took(last.ms)}: ${count(last.ops, 'op')} of ${count(last.consoles.length, 'console')}.`,
    );
  if (verifying !== null)
    page.line(`It is being checked: ${verifying.done.toLocaleString('en')} of ${count(verifying.total, 'op')}.`);
  if (value.begun) {
    const { made, maker, verifiedBackTo, whole } = value.begun;
    page.line(
      `It began from a snapshot of ${page.when(made)} by ${maker.name}${whole ? ', verified whole since' : verifiedBackTo === null ? '' : verifiedBackTo === 0 ? ', verified back to its beginning; the tables are compared now' : `, verified back to ${page.when(verifiedBackTo)}`}.`,
    );
  }
  for (const sentence of besides) page.line(sentence);
  if (last !== null) findings(page, last, nameOf);
  page.heading('consoles');
  page.table(
    consoleLines(value),
    [
      { title: 'console', cell: ({ id }) => id },
      { title: '', cell: ({ id, name }) => (name === id ? '' : name) },
      { title: 'access', cell: ({ access }) => ACCESS_WORDS[access] },
      { title: 'ops', cell: ({ ops }) => ops.toLocaleString('en'), right: true },
      { title: 'head', cell: ({ head }) => (head === null ? '' : `${head.seq} ${head.id.slice(0, 8)}`) },
      {
        title: 'signed',
        cell: ({ signed, checked }) =>
          signed === null ? '' : signed === checked ? 'all' : signed.toLocaleString('en'),
        right: true,
      },
      { title: 'clock', cell: (line) => clockWords(line).words },
    ],
    'Nobody has written anything yet.',
  );
  if (quarantine.total > 0) {
    page.heading(`kept out: ${count(quarantine.total, 'op')}`);
    page.table(keptGroups(quarantine.newest), [
      { title: 'came', cell: ({ arrived }) => page.when(arrived) },
      {
        title: 'what',
        cell: ({ types, count: n, first, last: to }) =>
          `${types[0] || 'no op'}${types.length > 1 ? ` +${types.length - 1}` : ''}, ${n > 1 ? `${n}: ` : ''}${opRange(first, to)}`,
      },
      { title: 'from', cell: ({ console, origin }) => `${nameOf(console)}, ${origin}` },
      { title: 'why', cell: ({ reason }) => reason },
    ]);
    const older = quarantine.total - quarantine.newest.length;
    if (older > 0) page.line(`and ${count(older, 'op')} that came before.`);
  }
  backups(page, value.backups);
  page.heading('key');
  page.line(`The private key is ${KEY_KEPT[key.kept]}.`);
  if (key.warning !== null) page.line(`! ${key.warning}`);
  if (restored !== null) {
    page.heading(`restored ${page.when(restored.at)}`);
    report(page, restored, true, nameOf);
  }
}

function backups(
  page: Page,
  { list, directory, everyMinutes, lastSuccessAt, lastFailure, nextAt }: RecordView['backups'],
): void {
  page.heading('backups');
  page.facts([
    ['last', page.age(lastSuccessAt)],
    [
      'next',
      everyMinutes === 0 ? 'none: no schedule is set' : nextAt === null ? 'when a console is open' : page.age(nextAt),
    ],
    ['how often', periodWords(everyMinutes)],
    ['where', directory],
  ]);
  if (lastFailure !== null) page.line(`! The last try failed ${page.age(lastFailure.at)}: ${lastFailure.message}`);
  page.table(list, BACKUP_COLUMNS(page), '');
}

const BACKUP_COLUMNS = (page: Page) => [
  { title: 'made', cell: ({ at }: BackupView) => `${page.when(at)} (${page.age(at)})` },
  { title: '', cell: (backup: BackupView) => reasonWords(backup) },
  {
    title: 'ops',
    cell: ({ ops, problem }: BackupView) => (problem === null ? ops.toLocaleString('en') : ''),
    right: true,
  },
  { title: 'size', cell: ({ bytes }: BackupView) => formatBytes(bytes), right: true },
  { title: 'file', cell: ({ file }: BackupView) => file },
  { title: '', cell: ({ problem }: BackupView) => (problem === null ? '' : `! ${problem}`) },
];

export function backup(page: Page, { path, ops, bytes, problem }: BackupView): void {
  page.line(
    problem === null
      ? `${count(ops, 'op')}, ${formatBytes(bytes)}, read back and signed: ${path}`
      : `! ${problem} ${path}`,
  );
}

/** A preview, or what was done. */
export function restored(page: Page, value: RestoreView): void {
  const done = value.cause !== PREVIEW;
  if (!done) page.line(page.style('bold', 'Nothing was changed. This is what restoring would come to:'));
  report(page, value, done, (id) => id);
  if (done && lostOps(value) === 0) page.line('Check it now: verify');
}

function report(page: Page, value: RestoreView, done: boolean, nameOf: (console: string) => string): void {
  if (done) page.line(value.cause);
  for (const { text, bad, under } of reportLines(value, { done, nameOf, when: (at) => page.when(at) })) {
    page.line(bad ? page.style('red', text) : text);
    for (const line of under) page.line(`  ${line}`);
  }
}

export function found(page: Page, { hits, next, indexing }: SearchResult): void {
  page.table(
    hits,
    [
      { title: '', cell: ({ kind, entry }) => entry ?? kind },
      { title: '', cell: ({ at }) => (at === null ? '' : page.when(at)) },
      { title: '', cell: ({ incident }) => incident?.name.split(' ', 1)[0] ?? '' },
      { title: '', cell: ({ kind, id, by }) => (kind === 'entry' ? `${by ?? ''}:` : id) },
      {
        title: '',
        cell: ({ title, excerpt }) =>
          title === '' || title.includes(excerpt) ? title || excerpt : `${title} · ${excerpt}`,
      },
    ],
    'Nothing was found.',
  );
  if (next !== null) page.line(`Older ones with --before ${next}`);
  if (indexing !== null) {
    page.line(
      `! Still reading the log: ${indexing.done.toLocaleString('en')} of ${count(indexing.total, 'op')}; the newest are not searched yet.`,
    );
  }
}

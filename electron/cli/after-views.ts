/** How restoration plans and cleanup are shown in a terminal. */
import type { CleanupItemView, CleanupView } from '../../shared/contract/cleanup.ts';
import type { RestorationDifference, RestorationItemView, RestorationView } from '../../shared/contract/restoration.ts';
import { CLEANUP_WORDS } from '../../shared/domain/cleanup.ts';
import { money } from '../../shared/domain/impact/money.ts';
import { count, names, named, type Page } from './page.ts';

const RESTORATION_MARKS = {
  waiting: '☐ waiting',
  working: '▣ working',
  skipped: '– skipped',
  verified: '☑ verified',
} as const;

function standing({ state, verified, ready }: RestorationItemView): string {
  if (state === 'skipped' || state === 'verified')
    return `${RESTORATION_MARKS[state]}${verified === 'by-hand' ? ' by hand' : ''}`;
  if (verified === 'measured') return '☑ measured';
  return state === 'waiting' && ready ? '▷ ready' : RESTORATION_MARKS[state];
}

export function restoration(page: Page, view: RestorationView): void {
  const { adopted, items, difference, more } = view;
  page.line(
    adopted === null
      ? `${view.incident.label}: proposed, not adopted; ${view.unhealthy} of ${view.looked} services need restoring.`
      : `${view.incident.label}: ${view.done} of ${view.total} done; adopted ${page.when(adopted.at)} by ${named(adopted.by)}.`,
  );
  if (view.conflict !== null)
    page.line(
      `! Two plans were adopted apart: ${view.conflict.heads.map(({ value, by }) => `${value} (${by})`).join(' or ')}; restoration adopt --keep PLAN settles it.`,
    );
  items.forEach((item, index) => {
    page.line();
    page.line(
      `${String(index + 1).padStart(3)}  ${standing(item)}  ${page.style('bold', item.name)} (${item.id}) · stage ${item.stage}, lane ${item.lane} · ${item.services.map(({ health }) => page.health(health)).join(' ')}`,
    );
    page.line(`       ${item.why.join(' · ')}`);
    const open = item.blockedBy.filter(({ verified }) => !verified);
    if (open.length > 0) page.line(`       waits for ${names(open)}`);
    page.line(`       gate: ${item.gate.holdMinutes} min healthy by ${item.gate.signals}. ${item.gate.text}`);
    if (item.by !== null)
      page.line(`       ${named(item.by)}, ${page.when(item.at)}${item.reason === null ? '' : `: ${item.reason}`}`);
  });
  if (items.length === 0) page.line('Nothing in reach of it needs restoring.');
  if (more > 0) page.line(`… and ${more} more after these.`);
  if (difference !== null) changed(page, difference);
}

function changed(page: Page, { added, removed, moved, left }: RestorationDifference): void {
  page.heading(`the facts changed${left ? ' (left as it is)' : ''}`);
  for (const [mark, list] of [
    ['+', added],
    ['-', removed],
    ['~', moved],
  ] as const)
    for (const { name, why } of list) page.line(`${mark} ${name}: ${why}`);
  if (!left) page.line('restoration adopt takes it into the plan.');
}

export function cleanup(page: Page, view: CleanupView): void {
  const { label, status } = view.incident;
  page.line(`${label}, ${status}: ${view.line === '' ? 'nothing is left to put right.' : `${view.line}.`}`);
  page.table(
    view.items.map((item, index) => ({ ...item, number: index + 1 })),
    [
      { title: '', cell: ({ number }) => String(number), right: true },
      { title: 'state', cell: state },
      { title: 'item', cell: ({ id }) => id },
      { title: 'left', cell: ({ remaining, count: of, unit }) => `${remaining} of ${of} ${unit}` },
      {
        title: 'value',
        cell: ({ moneyMinor, currency }) =>
          moneyMinor === null || currency === null ? '' : money(moneyMinor, currency),
      },
      { title: 'owner', cell: ({ owner }) => named(owner) },
      {
        title: 'due',
        cell: ({ dueAt, overdue }) => (dueAt === null ? '' : `${page.when(dueAt)}${overdue ? ' !' : ''}`),
      },
      { title: '', cell: ({ title, kind }) => `${title} (${CLEANUP_WORDS[kind]})` },
    ],
    'No item yet.',
  );
  for (const { title, accepted } of view.items)
    if (accepted !== null)
      page.line(
        `${title}: ${named(accepted.person)} answers for ${accepted.remaining}${accepted.holds ? '' : ', which is less than is open now'}${accepted.reason === null ? '' : `: ${accepted.reason}`}`,
      );
  if (view.proposals.length === 0) return;
  page.heading('proposed');
  page.table(view.proposals, [
    { title: 'key', cell: ({ key }) => key },
    { title: '', cell: ({ count: n, unit }) => `${n} ${unit}` },
    { title: '', cell: ({ title }) => title },
    { title: 'because', cell: ({ why }) => why },
  ]);
  page.line(`${count(view.proposals.length, 'proposal')}: cleanup add --proposal KEY takes one.`);
}

function state({ state: now, accepted, reconciled, writtenOff }: CleanupItemView): string {
  if (now === 'reconciled')
    return writtenOff > 0 ? `☑ ${reconciled} reconciled, ${writtenOff} written off` : '☑ reconciled';
  return `${now === 'doing' ? '▣ doing' : '☐ open'}${accepted?.holds ? ', accepted' : ''}`;
}

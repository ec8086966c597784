/** How restoration plans and cleanup are shown in a terminal. */
import type { CleanupItemView, CleanupView } from '../../shared/contract/cleanup.ts';
import type { RestorationDifference, RestorationItemView, RestorationView } from '../../shared/contract/restoration.ts';
import { CLEANUP_WORDS } from '../../shared/domain/cleanup.ts';
import { money } from '../../shared/domain/impact/money.ts';
import type { WorkspaceView } from '../../shared/contract/workspace.ts';
import { formatDuration } from '../../shared/domain/times.ts';
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

export function workspace(page: Page, view: WorkspaceView): void {
  const { incident, services, blast, changes, cause, similar, runbooks } = view;
  page.line(`${incident.severity} · ${incident.status} · ${page.style('bold', `${incident.label} ${incident.title}`)}`);
  page.heading('suggested');
  for (const { kind, key, title, why, does } of view.suggestions) {
    page.line(`▷ ${page.style('bold', title)}  (${kind} ${key})`);
    page.line(`    ${why.join(' · ')}; taking it ${does}`);
  }
  if (view.suggestions.length === 0) page.line('Nothing more.');
  else page.line('suggestion take INCIDENT KIND KEY does it; suggestion settle … dismissed keeps it away.');
  page.heading('whom to call, where to look');
  for (const { name, tier, health, signals, owner, dashboards, logs, links } of services) {
    page.line(`${page.health(health.health)}  ${page.style('bold', name)}${tier === null ? '' : ` · tier ${tier}`}`);
    for (const { title, text, since } of signals)
      page.line(`    ${title}${text === '' ? '' : `: ${text}`}${since === null ? '' : `, since ${page.when(since)}`}`);
    if (owner === null) page.line('    nobody owns it in the catalog');
    else {
      page.line(
        `    ${owner.team.name}${owner.phone === null ? '' : ` ${owner.phone}`}${owner.bridge === null ? '' : `, bridge ${owner.bridge}`}`,
      );
      for (const { role, person } of owner.onCall)
        page.line(`    ${role}: ${person.name} ${person.phone ?? '(no number known)'}`);
    }
    for (const address of [...dashboards, ...logs, ...links.map(({ title, url }) => `${title}: ${url}`)])
      page.line(`    ${address}`);
  }
  if (services.length === 0) page.line('No service is named yet.');
  page.heading('reach');
  page.line(blast.summary);
  if (blast.businessServices.length > 0) page.line(names(blast.businessServices));
  page.heading('changes');
  page.table(
    changes,
    [
      { title: '', cell: ({ at }) => page.when(at) },
      {
        title: '',
        cell: ({ beforeMs }) => `${formatDuration(Math.abs(beforeMs))} ${beforeMs >= 0 ? 'before' : 'after'}`,
      },
      { title: '', cell: ({ rank }) => (rank === null ? '' : `cause ${rank}?`) },
      { title: '', cell: ({ title }) => title },
    ],
    'None near it.',
  );
  page.heading('probable cause');
  page.line(cause.summary);
  for (const { name, share, reasons } of cause.candidates)
    page.line(`${name}, explains ${Math.round(share * 100)} %: ${reasons.join(' ')}`);
  page.heading('runbooks that fit');
  page.table(
    runbooks,
    [
      { title: '', cell: ({ id }) => id },
      { title: '', cell: ({ why }) => why },
    ],
    'None.',
  );
  page.heading('what it resembles');
  for (const one of similar) {
    page.line(`${one.label} ${one.title}, ${page.when(one.startedAt)}, ${one.status}: ${one.why.join(' · ')}`);
    if (one.ended.length > 0) page.line(`    ${one.ended.join(' · ')}`);
  }
  if (similar.length === 0) page.line('No past incident is like it.');
  for (const { name, text } of view.drafts) {
    page.heading(`first words for ${name}`);
    page.prose(text);
  }
  if (view.restoration.line !== '') {
    page.heading('restoration');
    page.line(`${view.restoration.line} (${view.restoration.adopted ? 'adopted' : 'proposed'})`);
  }
}

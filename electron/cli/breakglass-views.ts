/** Emergency access, exceptions, holds and assessments in a terminal. */
import type { GrantActs, GrantsView, GrantView } from '../../shared/contract/breakglass.ts';
import type { AuthorityView, BreachView, ExceptionView, HoldView } from '../../shared/contract/governance.ts';
import { formatClock, formatDuration } from '../../shared/domain/times.ts';
import { named, type Page } from './page.ts';

const STATES: Record<GrantView['state'], string> = {
  asked: '? asked for',
  approved: '▷ approved, not opened',
  refused: '– refused',
  lapsed: '– ran out unopened',
  'in-force': '■ IN FORCE',
  ended: '· ended',
  expired: '· expired',
};

export function grantLine(page: Page, grant: GrantView): void {
  const { label, state, holder, capabilities, incidents, remainingMs, console } = grant;
  const left = remainingMs === null || remainingMs === 0 ? '' : `, ${formatClock(remainingMs)} left`;
  page.line(
    `${page.style(state === 'in-force' ? ['bold', 'red'] : 'bold', STATES[state])}  ${label}  ${named(holder)}: ${capabilities.join(', ')}${left}`,
  );
  const where = incidents.length === 0 ? 'no incident' : incidents.map((one) => one.label).join(', ');
  page.line(`       ${where} · ${console.name} · ${page.when(grant.at)} · ${grant.reason}`);
  if ((state === 'ended' || state === 'expired') && !grant.reviewed)
    page.line('       ! to be reviewed by somebody else before the incident is closed');
  for (const alarm of grant.alarms) page.line(`       ! ${alarm}`);
}

export function grants(page: Page, { grants: list, sheets, lockedForMs }: GrantsView): void {
  if (lockedForMs > 0)
    page.line(`Codes were typed wrong too often: this console takes none for another ${formatDuration(lockedForMs)}.`);
  if (list.length === 0) page.line('No emergency access was ever used.');
  for (const grant of list) grantLine(page, grant);
  page.heading('sealed codes');
  page.table(
    sheets,
    [
      { title: 'sheet', cell: ({ label }) => label },
      { title: 'state', cell: ({ state, used, total }) => `${state.replace('-', ' ')}, ${used} of ${total} used` },
      {
        title: 'for',
        cell: ({ person, capabilities }) => (person === null ? capabilities.join(', ') : `proves ${named(person)}`),
      },
      { title: 'until', cell: ({ expiresAt }) => page.when(expiresAt) },
      { title: 'id', cell: ({ id }) => id },
    ],
    'None was prepared.',
  );
}

export function acts(page: Page, { grant, acts: done, more }: GrantActs): void {
  grantLine(page, grant);
  for (const { verdict, by, at, text } of grant.reviews)
    page.line(`       reviewed ${page.when(at)}, ${named(by)}, ${verdict}: ${text}`);
  page.heading('done under it');
  if (done.length === 0) page.line('Nothing.');
  for (const { at, actor, incident, summary } of done)
    page.line(`${page.when(at)}  ${named(actor)}: ${summary}${incident === null ? '' : ` (${incident.label})`}`);
  if (more) page.line('… and more.');
}

export function exceptions(page: Page, list: readonly ExceptionView[]): void {
  if (list.length === 0) page.line('No exception is in force.');
  for (const { id, rule, state, until, owner, reason, incident } of list) {
    const left =
      state === 'in-force' ? `until ${page.when(until)}` : state === 'expired' ? '! over, not settled' : 'ended';
    page.line(
      `${page.style('bold', rule)}  ${left}  ${named(owner)}${incident === null ? '' : `  ${incident.label}`}  ${id}`,
    );
    page.line(`       ${reason}`);
  }
}

export function holds(page: Page, list: readonly HoldView[]): void {
  if (list.length === 0) page.line('No legal hold stands.');
  for (const { id, incident, reason, by, at, released } of list) {
    page.line(
      `${released === null ? page.style('bold', 'HOLD') : 'released'}  ${incident.label} ${incident.title}  ${named(by)} ${page.when(at)}  ${id}`,
    );
    page.line(`       ${reason}${released === null ? '' : ` – released by ${named(released.by)}: ${released.reason}`}`);
  }
}

export function breach(page: Page, { suspicion, clocks, items }: BreachView): void {
  page.line(suspicion === 'none' ? 'No breach is suspected.' : `A breach is ${suspicion}.`);
  for (const { title, dueAt, over } of clocks)
    page.line(
      `${over ? '☑' : dueAt < page.now ? '■' : '◔'} ${title}: ${over ? 'answered' : dueAt < page.now ? `${formatDuration(page.now - dueAt)} overdue` : `${formatDuration(dueAt - page.now)} left`}`,
    );
  for (const { id, text, state, note, by } of items)
    page.line(
      `${state === 'open' ? '☐' : state === 'done' ? '☑' : '–'} ${id}  ${text}${by === null || state === 'open' ? '' : ` (${named(by)}${note === null ? '' : `: ${note}`})`}`,
    );
}

export function authority(page: Page, { lines }: AuthorityView): void {
  for (const { title, rule, people, empty } of lines) {
    page.heading(title);
    page.line(rule);
    for (const { name, as, phone, awayUntil, instead, lacks } of people)
      page.line(
        `  ${page.style('bold', name)} (${as})  ${phone ?? '! no number'}${awayUntil === null ? '' : `  away until ${page.when(awayUntil)}${instead === null ? '' : `, ask ${instead.name} ${instead.phone ?? ''}`}`}${lacks === null ? '' : `  ! lacks ${lacks}`}`,
      );
    if (empty.length > 0) page.line(`  ! nobody is ${empty.join(', ')}`);
  }
}

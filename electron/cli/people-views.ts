/** How who runs an incident, its clock and handovers are shown in a terminal. */
import type { z } from 'zod';
import type { DueView, HandoverView, RoomPeople, ShiftLine, ShiftPlan } from '../../shared/contract/room.ts';
import { isDue } from '../../shared/domain/clock/due.ts';
import { handedWords } from '../../shared/domain/people/handed.ts';
import { formatDuration } from '../../shared/domain/times.ts';
import { roleName } from '../../shared/domain/timeline.ts';
import { count, names, type Page } from './page.ts';

export function clock(page: Page, due: readonly DueView[]): void {
  const line = ({ at, text, id }: DueView) => ({
    when: at <= page.now ? `! ${formatDuration(page.now - at)} late` : `in ${formatDuration(at - page.now)}`,
    text,
    id,
  });
  const columns = [
    { title: '', cell: ({ when }: ReturnType<typeof line>) => when, right: true },
    { title: '', cell: ({ text }: ReturnType<typeof line>) => text },
    { title: '', cell: ({ id }: ReturnType<typeof line>) => (id.startsWith('call:') ? id : '') },
  ];
  page.heading('due');
  page.table(due.filter((one) => isDue(one, page.now)).map(line), columns, 'Nothing is due.');
  const coming = due.filter((one) => !isDue(one, page.now));
  if (coming.length === 0) return;
  page.heading('to come');
  page.table(coming.map(line), columns);
  if (due.some(({ kind }) => kind === 'call')) page.line('incident called INCIDENT CALL says that a call was made.');
}

export function people(page: Page, view: RoomPeople): void {
  const { required, span, teams, handovers, proposals, checklists, problems } = view;
  page.facts([
    ['has to have', required.map(roleName).join(', ')],
    [
      'report to the commander',
      `${span.reports.length} of at most ${span.limit}${span.over ? ' ! too many: form a team with a lead' : ''}${span.reports.length === 0 ? '' : `: ${names(span.reports)}`}`,
    ],
  ]);
  if (teams.length > 0) {
    page.heading('teams');
    page.table(teams, [
      { title: 'team', cell: ({ name }) => name },
      { title: 'lead', cell: ({ lead }) => lead.name },
      { title: 'asks open', cell: ({ openAsks }) => String(openAsks), right: true },
      { title: 'members', cell: ({ members }) => names(members) },
    ]);
  }
  if (handovers.length > 0) {
    page.heading('handovers');
    for (const one of handovers) handoverLine(page, one);
  }
  if (proposals.length > 0) {
    page.heading('objections asked');
    for (const { text, answers } of proposals) {
      page.line(text);
      for (const { person, objection } of answers)
        page.line(
          `    ${person.name}: ${objection === undefined ? 'has not answered' : objection === null ? 'no objection' : objection}`,
        );
    }
  }
  page.heading('checklists');
  for (const { role, items } of checklists) {
    if (items.length === 0) continue;
    page.line(`${roleName(role)}: ${items.filter(({ done }) => done).length} of ${items.length}`);
    for (const { id, text, done, by } of items)
      page.line(`  ${done ? '☑' : '☐'} ${text} (${id})${by === null ? '' : ` · ${by.name}`}`);
  }
  for (const { file, line, message } of problems) page.line(`! ${file}${line === 0 ? '' : `:${line}`}: ${message}`);
}

const STATES: Record<HandoverView['state'], string> = {
  offered: 'waits for an answer',
  accepted: 'accepted',
  declined: 'declined',
  cancelled: 'taken back',
  expired: 'nobody answered: everything stays where it is',
};

function handoverLine(page: Page, one: HandoverView): void {
  const { id, to, roles, asks, state, expiresAt, reason, offeredBy, offeredAt, staysUntil } = one;
  page.line(
    `${to.name} takes ${handedWords(roles, asks.length)}: ${STATES[state]}${reason === null ? '' : ` (${reason})`}`,
  );
  page.line(
    `    ${id} · asked by ${offeredBy.name}, ${page.when(offeredAt)}${state === 'offered' ? `; until ${page.when(expiresAt)}` : ''}${staysUntil === null ? '' : `; can be asked until ${page.when(staysUntil)}`}`,
  );
}

export function handover(page: Page, view: HandoverView): void {
  handoverLine(page, view);
  page.line();
  page.prose(view.briefing, '');
}

export function shift(page: Page, { lines, leaving }: z.infer<typeof ShiftPlan>): void {
  page.line(leaving.length === 0 ? 'Nobody leaves.' : `Leaving: ${names(leaving)}.`);
  shiftLines(page, lines, 'Nothing to hand over.');
}

export function offered(page: Page, value: { offered: HandoverView[]; left: ShiftLine[] }): void {
  page.line(`${count(value.offered.length, 'handover')} asked for; each is made when it is accepted.`);
  for (const one of value.offered) handoverLine(page, one);
  if (value.left.length === 0) return;
  page.heading('nobody to take it');
  shiftLines(page, value.left, '');
}

function shiftLines(page: Page, lines: readonly ShiftLine[], empty: string): void {
  page.table(
    lines,
    [
      { title: 'incident', cell: ({ incident }) => incident.label },
      { title: 'from', cell: ({ from }) => from.name },
      { title: 'to', cell: ({ to }) => to?.name ?? 'nobody' },
      {
        title: 'what',
        cell: ({ roles, asks }) =>
          handedWords(
            roles.map((role) => ({ role })),
            asks.length,
          ),
      },
      { title: '', cell: ({ why }) => why },
    ],
    empty,
  );
}

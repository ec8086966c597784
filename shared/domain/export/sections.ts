/**
 * What an exported incident says besides its timeline, as sections of facts and tables. Invariant: plain words without any
 * markup, so that every format says the same and each escapes in its own way.
 */
import type { DocumentEntry, DocumentHead } from '../../contract/exports.ts';
import { basisWords, lateWords, soFarWords } from '../impact/money.ts';
import { healthName, roleName } from '../timeline.ts';
import { formatDuration } from '../times.ts';
import { differ, type DocumentClock } from './clock.ts';

export interface Section {
  title: string;
  blocks: Block[];
}

export type Block =
  | { is: 'facts'; rows: [name: string, value: string][] }
  | { is: 'table'; columns: string[]; rows: Cell[][] }
  | { is: 'text'; text: string }
  | { is: 'heading'; text: string };

export interface Cell {
  text: string;
  /** `code`: to be compared letter by letter; `quiet`: of second rank; `strong`: what is in force. */
  style?: 'code' | 'quiet' | 'strong';
}

interface Said {
  by: { name: string };
  at: number;
  enteredAt: number;
  reason: string | null;
}

const cell = (text: string): Cell => ({ text });
const quiet = (text: string): Cell => ({ text, style: 'quiet' });
const nobody = (person: { name: string } | null): string => person?.name ?? 'nobody';
const list = (named: readonly { name: string }[]): string => named.map(({ name }) => name).join(', ') || 'none';

/** "14:05:07 CET, entered 14:09:30 CET". */
function when(clock: DocumentClock, { at, enteredAt }: { at: number; enteredAt: number }): string {
  return differ(at, enteredAt) ? `${clock.at(at)}, entered ${clock.near(enteredAt, at)}` : clock.at(at);
}

/** What stands under a line's time when it was not entered or did not arrive at once. */
export function laterTimes(clock: DocumentClock, { eventTime, enteredAt, arrivedAt }: DocumentEntry): string[] {
  return [
    ...(differ(eventTime, enteredAt) ? [`entered ${clock.near(enteredAt, eventTime)}`] : []),
    ...(differ(enteredAt, arrivedAt) ? [`arrived ${clock.near(arrivedAt, eventTime)}`] : []),
  ];
}

/** The corrections of a line, oldest first, each with what stood there before it. */
export function correctionLines(
  clock: DocumentClock,
  { original, corrections }: DocumentEntry,
): { head: string; before: string | null }[] {
  if (!original) return [];
  let { eventTime, text } = original;
  return corrections.map((correction) => {
    const moved = correction.eventTime !== null && correction.eventTime !== eventTime;
    const reworded = correction.text !== null && correction.text !== text;
    const what = [moved ? `it was dated ${clock.at(eventTime)}` : '', reworded ? 'it said before' : '']
      .filter((part) => part !== '')
      .join(', and ');
    const reason = correction.reason ? ` (${correction.reason})` : '';
    const line = {
      head: `Corrected ${clock.at(correction.enteredAt)} by ${correction.by.name}${reason}${what === '' ? '' : `: ${what}`}${reworded ? ':' : ''}`,
      before: reworded ? (text ?? '') : null,
    };
    eventTime = correction.eventTime ?? eventTime;
    text = correction.text ?? text;
    return line;
  });
}

/** What was done beside the timeline; a section that has nothing is left out. */
function workSections(
  { costs, actions, restoration, cleanup, updates, degraded, handovers }: DocumentHead,
  clock: DocumentClock,
): Section[] {
  return [
    {
      title: 'What it cost',
      blocks: table(
        ['Business service', 'Lost', 'Late, not lost', 'From', 'To', 'Rests on'],
        costs.map((cost) => [
          cell(cost.businessService.name),
          { text: soFarWords(cost, cost.unit), style: 'strong' },
          cell(lateWords(cost, cost.unit) || 'nothing'),
          cell(clock.at(cost.from)),
          cell(clock.near(cost.to, cost.from)),
          cell(basisWords(cost)),
        ]),
      ),
    },
    {
      title: 'Actions',
      blocks: actions.flatMap((action): Block[] => [
        { is: 'heading', text: `${action.title}: ${action.state}` },
        {
          is: 'text',
          text: `${action.request.method} ${action.request.url}. ${action.effect} Risk: ${action.risk.replaceAll('-', ' ')}, ${action.reversible === true ? 'can be undone' : 'cannot be undone'}.`,
        },
        ...table(['When', 'What', 'By', 'Outcome'], actionRows(action, clock)),
      ]),
    },
    {
      title: 'Restoration plan',
      blocks:
        restoration === null
          ? []
          : [
              { is: 'text', text: `Adopted ${clock.at(restoration.at)} by ${restoration.by.name}.` },
              ...table(
                ['Stage', 'What', 'State', 'When', 'By', 'Why'],
                restoration.items.map((item) => [
                  cell(String(item.stage)),
                  cell(item.name),
                  { text: item.byHand ? `${item.state}, by hand` : item.state, style: 'strong' },
                  cell(item.at === null ? '' : clock.at(item.at)),
                  cell(item.by?.name ?? ''),
                  cell(item.reason ?? item.why[0] ?? ''),
                ]),
              ),
            ],
    },
    {
      title: 'Cleanup',
      blocks: table(
        ['What', 'State', 'Reconciled', 'Left', 'Who', 'Answered for by'],
        cleanup.map((item) => [
          cell(`${item.title}${item.evidence === null ? '' : ` (${item.evidence})`}`),
          { text: item.state, style: 'strong' },
          cell(
            `${item.reconciled} of ${item.count} ${item.unit}${item.writtenOff > 0 ? `, ${item.writtenOff} written off` : ''}`,
          ),
          cell(String(item.remaining)),
          cell(nobody(item.owner)),
          cell(
            item.accepted === null
              ? ''
              : `${item.accepted.person.name}, for ${item.accepted.remaining}, ${clock.at(item.accepted.at)}${item.accepted.reason === null ? '' : `: ${item.accepted.reason}`}`,
          ),
        ]),
      ),
    },
    {
      title: 'Updates that went out',
      blocks: table(
        ['When', 'For', 'How', 'By', 'Words'],
        updates.map((update) => [
          cell(clock.at(update.at)),
          cell(update.audience.replaceAll('-', ' ')),
          cell(update.delivery ?? update.channel),
          cell(
            update.reviewedBy.id === update.by.id
              ? update.by.name
              : `${update.by.name}, read by ${update.reviewedBy.name}`,
          ),
          cell(update.text),
        ]),
      ),
    },
    {
      title: 'Degraded modes',
      blocks: table(
        ['Started', 'What', 'Why', 'Owner', 'Ended'],
        degraded.map(({ title, effect, reason, startedAt, startedBy, owner, ended }) => [
          cell(clock.at(startedAt)),
          cell(`${title}: ${effect}`),
          cell(`${reason} (${startedBy.name})`),
          cell(nobody(owner)),
          cell(ended === null ? 'still on' : `${clock.near(ended.at, startedAt)} by ${ended.by.name}: ${ended.reason}`),
        ]),
      ),
    },
    {
      title: 'Handovers',
      blocks: table(
        ['When', 'What', 'From', 'To', 'Answer'],
        handovers.map(({ what, to, offeredBy, offeredAt, state, answeredAt, reason }) => [
          cell(clock.at(offeredAt)),
          cell(what),
          cell(offeredBy.name),
          cell(to.name),
          cell(
            [answeredAt === null ? state : `${state} ${clock.near(answeredAt, offeredAt)}`, reason]
              .filter(Boolean)
              .join(': '),
          ),
        ]),
      ),
    },
  ];
}

function actionRows(action: DocumentHead['actions'][number], clock: DocumentClock): Cell[][] {
  const row = (at: number, what: string, by: { name: string }, outcome: string): [number, Cell[]] => [
    at,
    [cell(clock.at(at)), cell(what), cell(by.name), cell(outcome)],
  ];
  return [
    row(action.proposedAt, 'proposed', action.proposedBy, action.reason ?? ''),
    ...action.approvals.map(({ at, by, as, reason }) =>
      row(at, 'approved', by, [as, reason].filter(Boolean).join(': ')),
    ),
    ...(action.refusal ? [row(action.refusal.at, 'refused', action.refusal.by, action.refusal.reason)] : []),
    ...action.attempts.map(({ at, by, state, message }) =>
      row(at, 'sent', by, `${state ?? 'nothing says what became of it'}${message === '' ? '' : `: ${message}`}`),
    ),
    ...(action.settled
      ? [row(action.settled.at, 'settled', action.settled.by, `${action.settled.state}: ${action.settled.reason}`)]
      : []),
  ]
    .sort(([a], [b]) => a - b)
    .map(([, cells]) => cells);
}

/** What stands before the timeline. */
export function sectionsBefore(head: DocumentHead, clock: DocumentClock): Section[] {
  return [
    summary(head, clock),
    course(head, clock),
    roles(head, clock),
    services(head, clock),
    asks(head, clock),
    runs(head, clock),
    ...workSections(head, clock),
    conflicts(head, clock),
  ].filter(({ blocks }) => blocks.length > 0);
}

/** The business services that were named, then those that lost something. */
function hurt({ incident, costs }: DocumentHead): { id: string; name: string }[] {
  const all = [...incident.businessServices, ...costs.map(({ businessService }) => businessService)];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

function summary(head: DocumentHead, clock: DocumentClock): Section {
  const { incident, roles, made, conflicts } = head;
  const commander = roles.find(({ role }) => role === 'commander')?.person ?? null;
  const end = incident.resolvedAt;
  return {
    title: 'Summary',
    blocks: [
      {
        is: 'facts',
        rows: [
          ['Severity', contested(incident.severity, 'severity', conflicts)],
          ['State', contested(incident.status, 'state', conflicts)],
          ['Began', clock.at(incident.startedAt)],
          ['Declared', `${clock.at(incident.declaredAt)} by ${incident.declaredBy.name}`],
          ['Resolved', end === null ? 'not yet' : clock.at(end)],
          ...(incident.closedAt == null ? [] : [['Closed', clock.at(incident.closedAt)] as [string, string]]),
          [end === null ? 'Lasting' : 'Lasted', formatDuration((end ?? made) - incident.startedAt)],
          ['Commander', contested(nobody(commander), 'who commands', conflicts)],
          ['Hurt business services', list(hurt(head))],
          ['Affected services', list(incident.services)],
        ],
      },
    ],
  };
}

/** What counts, and what stands against it while nobody has settled it. */
function contested(counts: string, about: string, conflicts: DocumentHead['conflicts']): string {
  const found = conflicts.find((conflict) => conflict.about === about);
  if (!found) return counts;
  const others = found.answers.filter(({ value }) => value !== found.inForce);
  return `${counts} (not settled: ${others.map(({ value, by }) => `${value ?? 'nobody'} by ${by.name}`).join(', ')})`;
}

function course({ severities, statuses }: DocumentHead, clock: DocumentClock): Section {
  const changes = [
    ...severities.map((said) => ({ ...said, what: said.severity as string })),
    ...statuses.map((said) => ({ ...said, what: said.status as string })),
  ].sort((a, b) => a.at - b.at || a.enteredAt - b.enteredAt);
  return {
    title: 'Severity and state',
    blocks: table(
      ['When', 'What', 'By', 'Why'],
      changes.map((said) => [cell(when(clock, said)), cell(said.what), cell(said.by.name), cell(because(said, clock))]),
    ),
  };
}

function roles({ roles }: DocumentHead, clock: DocumentClock): Section {
  const rows = roles.flatMap(({ role, history }) =>
    history.map((said, index): Cell[] => [
      cell(roleName(role)),
      {
        text:
          role === 'subject-expert' && said.person === null
            ? `no longer ${nobody(history[0]!.person)}`
            : nobody(said.person),
        ...(index === history.length - 1 ? { style: 'strong' as const } : {}),
      },
      cell(when(clock, said)),
      cell(said.by.name),
      cell(because(said, clock)),
    ]),
  );
  return {
    title: 'Roles',
    blocks: tableOr('Nobody was given a role.', ['Role', 'Who', 'From', 'Said by', 'Why'], rows),
  };
}

function services({ health }: DocumentHead, clock: DocumentClock): Section {
  const rows = health.flatMap(({ service, changes }): Cell[][] =>
    changes.length === 0
      ? [[cell(service.name), quiet('no change of health in this time'), quiet(''), quiet(''), quiet('')]]
      : changes.map(({ at, seenAt, health: state, source, reason }, index) => [
          cell(index === 0 ? service.name : ''),
          cell(healthName(state)),
          cell(differ(at, seenAt) ? `${clock.at(at)}, seen ${clock.near(seenAt, at)}` : clock.at(at)),
          cell(source),
          cell(reason),
        ]),
  );
  return {
    title: 'Affected services',
    blocks: tableOr('No service was named.', ['Service', 'Health', 'When', 'Source', 'Reason'], rows),
  };
}

function asks({ asks }: DocumentHead, clock: DocumentClock): Section {
  const rows = asks.flatMap((ask): Cell[][] => [
    [
      cell(clock.at(ask.openedAt)),
      { text: ask.text, style: 'strong' },
      cell(nobody(ask.owner)),
      cell(ask.dueAt === null ? 'no limit' : clock.at(ask.dueAt)),
      cell(ask.state),
    ],
    ...ask.history.map((said) => [
      quiet(when(clock, said)),
      quiet([said.what, said.reason].filter(Boolean).join(': ')),
      quiet(said.by.name),
      quiet(''),
      quiet(''),
    ]),
  ]);
  return {
    title: 'Asks',
    blocks: tableOr('Nobody was asked for anything.', ['When', 'What', 'Who', 'Due', 'State'], rows),
  };
}

const GUARDS = {
  reach: 'services reached',
  evidence: 'evidence missing',
  wait: 'waiting time',
  approval: 'no approval in the runbook',
} as const;

function runs({ runs }: DocumentHead, clock: DocumentClock): Section {
  const blocks = runs.flatMap((run): Block[] => [
    { is: 'heading', text: `${run.title}${run.version === '' ? '' : `, version ${run.version}`}` },
    {
      is: 'text',
      text: `Started ${clock.at(run.startedAt)} by ${run.startedBy.name}. The steps are those of the file with SHA-256 ${run.hash}.`,
    },
    ...(run.ended === null
      ? []
      : [
          { is: 'text' as const, text: `Ended ${clock.at(run.ended.at)} by ${run.ended.by.name}: ${run.ended.reason}` },
        ]),
    ...table(
      ['Step', 'State', 'When', 'By', 'Why'],
      run.steps.flatMap(({ title, state, history, evidence, overruled }, index): Cell[][] => {
        const name = `${index + 1}. ${title}`;
        if (history.length === 0) return [[cell(name), quiet(state), quiet(''), quiet(''), quiet('')]];
        return [
          ...history.map((said, at) => [
            cell(at === 0 ? name : ''),
            cell(
              [said.state, said.branch === null ? '' : `→ ${said.branch}`, said.carried ? '(taken over)' : '']
                .filter((part) => part !== '')
                .join(' '),
            ),
            cell(when(clock, said)),
            cell(said.by.name),
            cell(because(said, clock)),
          ]),
          ...evidence.map(({ what, value, by, at }) => [
            quiet(''),
            quiet('attached'),
            quiet(clock.at(at)),
            quiet(by.name),
            cell(`${what}: ${value}`),
          ]),
          ...overruled.map(({ guard, figure, by, at, reason }) => [
            quiet(''),
            quiet('guard overruled'),
            quiet(clock.at(at)),
            quiet(by.name),
            cell(`${GUARDS[guard]}${figure === null ? '' : ` (${figure})`}: ${reason}`),
          ]),
        ];
      }),
    ),
  ]);
  return { title: 'Runbooks', blocks: blocks.length > 0 ? blocks : [{ is: 'text', text: 'No runbook was started.' }] };
}

function conflicts({ conflicts }: DocumentHead, clock: DocumentClock): Section {
  return {
    title: 'Conflicts that nobody has settled',
    blocks: table(
      ['About', 'Answer', 'By', 'When', 'Why'],
      conflicts.flatMap(({ about, inForce, answers }) =>
        answers.map((answer, index): Cell[] => [
          cell(index === 0 ? about : ''),
          answer.value === inForce
            ? { text: `${answer.value ?? 'nobody'} (in force until then)`, style: 'strong' }
            : cell(answer.value ?? 'nobody'),
          cell(answer.by.name),
          cell(when(clock, answer)),
          cell(answer.reason ?? ''),
        ]),
      ),
    ),
  };
}

/** A reason, and the answers that were settled between. */
function because(said: Said & { was: (Said & { value: string | null })[] }, clock: DocumentClock): string {
  const settled = said.was
    .map(({ value, by, at }) => `${value ?? 'nobody'} (${by.name}, ${clock.near(at, said.at)})`)
    .join(' and ');
  return [said.reason ?? '', settled === '' ? '' : `settled between ${settled}`]
    .filter((part) => part !== '')
    .join('; ');
}

function table(columns: string[], rows: Cell[][]): Block[] {
  return rows.length === 0 ? [] : [{ is: 'table', columns, rows }];
}

function tableOr(none: string, columns: string[], rows: Cell[][]): Block[] {
  return rows.length === 0 ? [{ is: 'text', text: none }] : table(columns, rows);
}

/** What stands after the timeline: whether all this can be believed. */
export function sectionsAfter(
  { verification, consoles, conflicts, console, made }: DocumentHead,
  clock: DocumentClock,
): Section[] {
  const { record, ops, unsigned } = verification;
  const sentences = [
    record.ok
      ? `The record of console ${console} was verified ${clock.at(record.startedAt)}: ${count(record.ops, 'op')} of ${count(record.consoles.length, 'console')}, every chain, signature and table is as it was written.`
      : `The record of console ${console} does not verify (${clock.at(record.startedAt)}): ${count(record.findingCount, 'finding')}. What is wrong stands below.`,
    unsigned === 0
      ? `The ${count(ops, 'op')} that tell this incident are signed by the consoles that wrote them.`
      : `Of the ${count(ops, 'op')} that tell this incident no good signature reaches ${unsigned}.`,
    record.witnesses.checked === 0
      ? 'No backup or bundle has yet witnessed these heads.'
      : record.witnesses.missing === 0
        ? `${count(record.witnesses.checked, 'head')} that backups and bundles remember ${record.witnesses.checked === 1 ? 'is' : 'are all'} in it.`
        : `${record.witnesses.missing} of ${count(record.witnesses.checked, 'head')} that backups and bundles remember are missing from it.`,
    conflicts.length === 0
      ? 'No question is left with two answers.'
      : `${count(conflicts.length, 'question')} with several answers ${conflicts.length === 1 ? 'is' : 'are'} not settled.`,
    `Whoever has the JSON export of this incident can check every signature again: holdfast import incident FILE. Made ${clock.at(made)}.`,
  ];
  return [
    {
      title: 'Verification',
      blocks: [
        ...sentences.map((text): Block => ({ is: 'text', text })),
        ...table(
          ['Console', 'Finding'],
          record.findings.map(({ console, message }) => [{ text: console, style: 'code' }, cell(message)]),
        ),
        { is: 'heading', text: 'Heads: the last op of every console, by its hash' },
        ...table(
          ['Console', 'Name', 'Ops', 'Head'],
          consoles.map(({ id, name, seq, head }) => [
            { text: id, style: 'code' },
            cell(name),
            cell(String(seq)),
            { text: head, style: 'code' },
          ]),
        ),
      ],
    },
  ];
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}

/** The line above everything: whose it is, when it was made, in which zone. */
export function imprint(
  { organisation, program, made, by, console, foreign, incident }: DocumentHead,
  clock: DocumentClock,
): string[] {
  const zone = clock.called(incident.startedAt, made);
  return [
    `${organisation === '' ? 'Holdfast' : organisation} · exported ${clock.at(made)} by ${by.name} at console ${console} · Holdfast ${program}`,
    `All times are in ${zone}. Where a line was entered or arrived at another time than it happened, that stands with it.`,
    ...(foreign
      ? [
          `Foreign record: it was taken from an export that console ${foreign.console}${foreign.organisation === '' ? '' : ` of ${foreign.organisation}`} made ${clock.at(foreign.made)}.`,
        ]
      : []),
  ];
}

/** What kind of line it is, when the summary alone does not say it. */
export function entryLead({ type, summary, text }: DocumentEntry): { lead: string | null; words: string } {
  if (type === 'entry.note') return { lead: null, words: text ?? summary };
  if (type === 'entry.decision') return { lead: 'Decision', words: text ?? summary };
  return { lead: summary, words: text ?? '' };
}

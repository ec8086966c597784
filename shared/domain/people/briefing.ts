/**
 * What somebody who takes over has to hear, in the order in which a commander says it. Invariant: a part of which nothing is
 * known says so; what runs late stands first in its part.
 */
import { roleName } from '../timeline.ts';
import { formatDuration, formatWhen } from '../times.ts';

export interface BriefingFacts {
  label: string;
  title: string;
  severity: string;
  status: string;
  /** ms */
  startedAt: number;
  hurt: readonly { name: string; health: string }[];
  /** "−€ 156k (130–190k), estimated", one for each currency. */
  cost: readonly string[];
  asks: readonly { text: string; owner: string | null; acknowledged: boolean; dueAt: number | null }[];
  decisions: readonly { text: string; at: number; by: string }[];
  runs: readonly { title: string; done: number; steps: number; next: string | null }[];
  /** Whatever else is due, with its time. */
  due: readonly { text: string; at: number | null }[];
  conflicts: readonly string[];
  roles: readonly { role: string; person: string }[];
  teams: readonly { name: string; lead: string }[];
  now: number;
  zone: string;
}

const HOUR = 3_600_000;

/** Markdown, one bold word for each part. */
export function briefing(facts: BriefingFacts): string {
  const { now, zone } = facts;
  const clock = (at: number | null): string =>
    at === null
      ? 'no time limit'
      : at < now
        ? `overdue ${formatDuration(now - at)}`
        : `${formatDuration(at - now)} left`;
  const asks = facts.asks.toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
  const decisions = facts.decisions.filter(({ at }) => at > now - HOUR);
  const parts: [title: string, lines: string[], none: string][] = [
    [
      'State',
      [
        `${facts.severity}, ${facts.status}, for ${formatDuration(now - facts.startedAt)} since ${formatWhen(facts.startedAt, zone, now)}`,
      ],
      '',
    ],
    ['Hurt', facts.hurt.map(({ name, health }) => `${name}: ${health}`), 'nobody said what is hurt'],
    ['Cost so far', [...facts.cost], 'not known'],
    [
      'Open asks',
      asks.map(
        ({ text, owner, acknowledged, dueAt }) =>
          `${owner ?? 'nobody'}${owner !== null && !acknowledged ? ' (not acknowledged)' : ''}: ${text} – ${clock(dueAt)}`,
      ),
      'none',
    ],
    [
      'Decided in the last hour',
      decisions.map(({ text, at, by }) => `${formatWhen(at, zone, now, { zoned: false })} ${text} (${by})`),
      'nothing',
    ],
    [
      'Runbooks',
      facts.runs.map(
        ({ title, done, steps, next }) => `${title}, ${done} of ${steps}${next === null ? '' : `; next: ${next}`}`,
      ),
      'none runs',
    ],
    ['Due', facts.due.map(({ text, at }) => (at === null ? text : `${text} – ${clock(at)}`)), 'nothing else'],
    ['Not settled', [...facts.conflicts], 'nothing'],
    [
      'Who',
      [
        ...facts.roles.map(({ role, person }) => `${roleName(role)}: ${person}`),
        ...facts.teams.map(({ name, lead }) => `team ${name}: ${lead} leads`),
      ],
      'nobody has a role',
    ],
  ];
  return [
    `${facts.label} ${facts.title}`,
    ...parts.map(([title, lines, none]) =>
      lines.length === 0
        ? `**${title}** ${none}`
        : lines.length === 1
          ? `**${title}** ${lines[0]!}`
          : `**${title}**\n${lines.map((one) => `- ${one}`).join('\n')}`,
    ),
  ].join('\n\n');
}

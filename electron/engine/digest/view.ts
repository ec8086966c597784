/**
 * The digest of a period, told from the log alone. Invariants: the ops are counted in the database and only the few that
 * are shown are read, so that tens of thousands cost no memory; what is written after the link was back is no part of it.
 */
import type { DigestLine, DigestView } from '../../../shared/contract/digest.ts';
import { entryKind, oneLine, type EntryKind } from '../../../shared/domain/timeline.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { Severity, Status } from '../../../shared/domain/words.ts';
import { formatHlc } from '../../../shared/ops/hlc.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { actionsOf } from '../actions/view.ts';
import { aboutOf, conflictsIn, keyOf, wordsOf } from '../conflicts/view.ts';
import type { Context } from '../context.ts';
import { entryOf } from '../incidents/timeline.ts';
import { namedActor } from '../names.ts';
import type { Store } from '../store/store.ts';
import type { Period } from './book.ts';

/** Incidents that are told one by one, lines of each, and reasons for which ops were kept out. */
const INCIDENTS = 30;
const LINES = 6;
const REASONS = 10;
/** A cut that was shorter and brought nothing that matters is not worth a word, ms. */
const WORTH_MS = 60_000;

/** What matters most, by op type, the most important first, with what one and several of it are called. */
const IMPORTANT: readonly (readonly [type: string, one: string, many: string])[] = [
  ['incident.declare', 'declaration', 'declarations'],
  ['incident.severity', 'severity change', 'severity changes'],
  ['incident.status', 'state change', 'state changes'],
  ['incident.role', 'role change', 'role changes'],
  ['handover.answer', 'handover answered', 'handovers answered'],
  ['incident.response', 'response change', 'response changes'],
  ['entry.decision', 'decision', 'decisions'],
  ['action.run', 'action run', 'actions run'],
  ['action.outcome', 'action outcome', 'action outcomes'],
  ['action.settle', 'action settled', 'actions settled'],
  ['degraded.start', 'degraded mode began', 'degraded modes began'],
  ['degraded.end', 'degraded mode ended', 'degraded modes ended'],
  ['update.send', 'update sent', 'updates sent'],
  ['console.enrol', 'console enrolled', 'consoles enrolled'],
  ['console.revoke', 'console revoked', 'consoles revoked'],
  ['access.grant', 'role given', 'roles given'],
  ['access.withdraw', 'role withdrawn', 'roles withdrawn'],
  ['policy.put', 'policy changed', 'policies changed'],
  ['maintenance.plan', 'maintenance planned', 'maintenance windows planned'],
];
const IMPORTANT_TYPES = IMPORTANT.map(([type]) => type);

const KINDS: Record<EntryKind, readonly [one: string, many: string]> = {
  note: ['note', 'notes'],
  decision: ['word on decisions', 'words on decisions'],
  ask: ['change of asks', 'changes of asks'],
  step: ['change of steps', 'changes of steps'],
  action: ['change of actions', 'changes of actions'],
  cleanup: ['change of cleanup', 'changes of cleanup'],
  update: ['change of updates', 'changes of updates'],
  state: ['other change', 'other changes'],
  role: ['change of roles', 'changes of roles'],
  access: ['change of access', 'changes of access'],
  health: ['health change', 'health changes'],
  change: ['change to services', 'changes to services'],
  correction: ['correction', 'corrections'],
};

interface Group {
  scope: string;
  type: string;
  ops: number;
  newest: string;
}

/** What arrived from `since` on, ms, as if it were a cut that lasts. */
export function askedFor({ store }: Context, since: number): Period {
  const mark = store.log.arrivedBy(since - 1);
  return {
    ...{ why: 'asked', mark, began: since, returned: null, from: null },
    own: store.log.seqAt(store.console, mark),
  };
}

let last: { store: Store; period: Period; newest: number; kept: number; digest: DigestView | null } | null = null;

/** The digest that waits to be read; null when there is nothing worth reading. */
export function unreadDigest(context: Context): DigestView | null {
  const { store } = context;
  const { period } = context.digest;
  if (period === null) return null;
  const [newest, kept] = [store.log.newest(), store.quarantined()];
  const same = last?.store === store && last.period === period && last.newest === newest && last.kept === kept;
  if (!same) last = { store, period, newest, kept, digest: digestOf(context, period) };
  return last!.digest;
}

/** The digest of a period; null when there is nothing worth reading. */
export function digestOf(context: Context, period: Period): DigestView | null {
  const { store } = context;
  const own = store.db.prepare<[string], number>('SELECT n FROM console WHERE id = ?').pluck().get(store.console) ?? 0;
  const until = limitOf(period);
  const groups = store.db
    .prepare<[number, number, string], Group>(
      `SELECT scope, type, count(*) AS ops, max(hlc) AS newest FROM op WHERE n > ? AND console <> ? AND hlc <= ? AND ${SAID} GROUP BY scope, type`,
    )
    .all(period.mark, own, until);
  const inScope = Map.groupBy(groups, ({ scope }) => scope);
  const part = (scope: string): Parts => partOf(context, period, own, until, scope, inScope.get(scope) ?? []);
  const labels = context.incidents.labels();
  const touched = [...inScope.keys()]
    .filter((scope) => scope !== ESTATE && labels.has(scope))
    .map((scope) => ({
      scope,
      newest: inScope.get(scope)!.reduce((max, { newest }) => (newest > max ? newest : max), ''),
    }))
    .sort((a, b) => (a.newest < b.newest ? 1 : -1));
  const conflicts = contestedBy(context, period);
  const quarantined = keptOut(context, period);
  const important = groups.some(({ type }) => IMPORTANT_TYPES.includes(type));
  const ours = oursIn(context, period, own);
  const lasted = (period.returned ?? context.now()) - period.began;
  if (period.why === 'link') {
    const came = important || conflicts.length > 0 || quarantined.ops > 0;
    const long = period.returned !== null && lasted >= WORTH_MS && groups.length + ours.ops > 0;
    if (!came && !long) return null;
  } else if (groups.length === 0 && quarantined.ops === 0 && period.why === 'bundle') return null;
  const incidents = touched.slice(0, INCIDENTS).map(({ scope }) => {
    const doc = context.incidents.get(scope)?.doc;
    return {
      ...part(scope),
      ...{ id: scope, label: labels.get(scope)!, title: String(doc?.['title'] ?? '') },
      severity: Severity.catch('SEV1').parse(doc?.['severity']),
      status: Status.catch('declared').parse(doc?.['status']),
    };
  });
  const told = {
    ...{ why: period.why, since: period.began, until: period.returned, from: period.from },
    consoles: authors(context, period, own, until),
    incidents,
    moreIncidents: Math.max(0, touched.length - INCIDENTS),
    estate: inScope.has(ESTATE) ? part(ESTATE) : null,
    ours,
    conflicts,
    actions: askingAgain(context),
    quarantined,
  };
  return { ...told, headline: headlineOf(told, lasted, touched.length) };
}

/** The last timestamp that belongs to it, as the log keeps it, without its console: of a link, what others wrote before it stood again. */
function limitOf({ why, returned }: Period): string {
  return why === 'link' && returned !== null
    ? formatHlc({ ms: returned, counter: 0xffff, console: '' }).slice(0, 16)
    : 'g';
}

type Parts = NonNullable<DigestView['estate']>;

function partOf(
  context: Context,
  { mark }: Period,
  own: number,
  until: string,
  scope: string,
  groups: readonly Group[],
): Parts {
  const shown = context.store.db
    .prepare<[number, number, string, string, string, number], number>(
      `SELECT n FROM op WHERE n > ? AND console <> ? AND hlc <= ? AND scope = ? AND type IN (SELECT value FROM json_each(?))
       ORDER BY hlc DESC LIMIT ?`,
    )
    .pluck()
    .all(mark, own, until, scope, JSON.stringify(IMPORTANT_TYPES), LINES);
  const important = groups.filter(({ type }) => IMPORTANT_TYPES.includes(type));
  const newest = groups.reduce((max, group) => (group.newest > max ? group.newest : max), '');
  return {
    ops: groups.reduce((sum, { ops }) => sum + ops, 0),
    newest: newest === '' ? 0 : parseInt(newest.slice(0, 12), 16),
    counts: countsOf(groups),
    lines: context.store.log.numbered(shown).map((op): DigestLine => ({
      ...{ op: op.id, at: op.eventTime, zone: op.zone },
      by: namedActor(context, op.actor),
      text: oneLine(entryOf(context, op), 200),
    })),
    more: Math.max(0, important.reduce((sum, { ops }) => sum + ops, 0) - shown.length),
  };
}

/** The important ones by their own names, all others by kind. */
function countsOf(groups: readonly Group[]): Parts['counts'] {
  const named = IMPORTANT.flatMap(([type, one, many]) => {
    const count = groups.find((group) => group.type === type)?.ops ?? 0;
    return count === 0 ? [] : [{ words: count === 1 ? one : many, count }];
  });
  const others = Map.groupBy(
    groups.filter(({ type }) => !IMPORTANT_TYPES.includes(type)),
    ({ type }) => entryKind(type),
  );
  const rest = [...others].map(([kind, list]) => {
    const count = list.reduce((sum, { ops }) => sum + ops, 0);
    return { words: KINDS[kind][count === 1 ? 0 : 1], count };
  });
  return [...named, ...rest.sort((a, b) => b.count - a.count)];
}

function authors(context: Context, { mark }: Period, own: number, until: string): DigestView['consoles'] {
  return context.store.db
    .prepare<[number, number, string], { id: string; ops: number }>(
      `SELECT console.id AS id, count(*) AS ops FROM op JOIN console ON console.n = op.console
       WHERE op.n > ? AND op.console <> ? AND op.hlc <= ? AND op.${SAID} GROUP BY op.console ORDER BY ops DESC`,
    )
    .all(mark, own, until)
    .map(({ id, ops }) => ({ id, ops, name: consoleName(context, id) }));
}

function consoleName({ store }: Context, id: string): string {
  const name = store.entity('console', ESTATE, id)?.doc['name'];
  return typeof name === 'string' && name !== '' ? name : id;
}

function oursIn(context: Context, { why, own: from, returned }: Period, own: number): DigestView['ours'] {
  const until = why === 'link' && returned !== null ? returned : Number.MAX_SAFE_INTEGER;
  const labels = context.incidents.labels();
  const rows = context.store.db
    .prepare<[number, number, number], { scope: string; ops: number }>(
      `SELECT scope, count(*) AS ops FROM op WHERE console = ? AND seq > ? AND arrived <= ? AND ${SAID} GROUP BY scope ORDER BY max(seq) DESC`,
    )
    .all(own, from, until);
  return {
    ops: rows.reduce((sum, { ops }) => sum + ops, 0),
    incidents: rows.slice(0, INCIDENTS).flatMap(({ scope, ops }) => {
      const label = labels.get(scope);
      const title = String(context.incidents.get(scope)?.doc['title'] ?? '');
      return label === undefined ? [] : [{ id: scope, label, title, ops }];
    }),
    waiting: context.sync.status().waiting,
  };
}

/** Conflicts of now with an answer that somebody else gave among what came. */
function contestedBy(context: Context, { mark }: Period): DigestView['conflicts'] {
  if (context.conflicts.scopes().length === 0) return [];
  const { store } = context;
  const came = (id: string): boolean => {
    const op = store.log.get(id);
    return op !== null && op.n > mark && op.console !== store.console;
  };
  return conflictsIn(context)
    .filter(({ conflict }) => conflict.heads.some(({ op }) => came(op)))
    .map((found) => {
      const label = context.incidents.labels().get(found.row.scope);
      const answers = [...new Set(found.conflict.heads.map(({ value }) => wordsOf(context, found, value)))];
      return {
        key: keyOf(found),
        text: `${label === undefined ? '' : `${label}: `}${aboutOf(context, found)}: ${answers.join(' / ')}`,
      };
    });
}

/** Actions whose request could not be sent: none of them goes out by itself. */
function askingAgain(context: Context): DigestView['actions'] {
  return context.incidents
    .open()
    .filter(({ id }) => context.store.entities('action', id).length > 0)
    .flatMap(({ id }) => {
      const label = context.incidents.labels().get(id) ?? id;
      return actionsOf(context, id, false).flatMap(({ proposal, folded }) =>
        folded.state === 'waiting' || folded.state === 'unknown'
          ? [{ incident: id, text: `${label}: ${oneLine(proposal.title, 160)}` }]
          : [],
      );
    });
}

function keptOut({ store }: Context, { began }: Period): DigestView['quarantined'] {
  const reasons = store.db
    .prepare<[number, number], { words: string; count: number }>(
      'SELECT reason AS words, count(*) AS count FROM quarantine WHERE arrived >= ? GROUP BY reason ORDER BY count DESC LIMIT ?',
    )
    .all(began, REASONS);
  return { ops: reasons.reduce((sum, { count }) => sum + count, 0), reasons };
}

/** What consoles write about their own housekeeping is no news. */
const SAID = "type NOT IN ('console.seal-key', 'record.held')";

const several = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

function headlineOf(
  { why, until, from, consoles, ours, conflicts, actions, quarantined }: Omit<DigestView, 'headline'>,
  lasted: number,
  incidents: number,
): string {
  const ops = consoles.reduce((sum, one) => sum + one.ops, 0);
  const parts = [
    ops === 0
      ? 'the others did nothing'
      : `others wrote ${several(ops, 'entry', 'entries')} in ${several(incidents, 'incident')}`,
    ours.ops > 0 && `we wrote ${ours.ops.toLocaleString('en')}`,
    conflicts.length > 0 && several(conflicts.length, 'conflict'),
    actions.length > 0 && `${several(actions.length, 'action asks', 'actions ask')} again`,
    quarantined.ops > 0 && `${quarantined.ops.toLocaleString('en')} kept out`,
  ].filter((part) => part !== false);
  const when =
    why === 'bundle'
      ? `With ${from ?? 'a bundle'}`
      : why === 'asked'
        ? `In the last ${formatDuration(lasted)}`
        : `${until === null ? 'Since we are cut off' : 'While we were cut off'}, ${formatDuration(lasted)}`;
  return `${when}: ${parts.join(', ')}`;
}

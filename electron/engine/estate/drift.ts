/** Drift of this console's estate against what its sources saw. */
import type { DriftKind, DriftView } from '../../../shared/contract/drift.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { dependencyId } from '../../../shared/domain/estate.ts';
import { driftOf, rateOf, type Drift, type SeenCall } from '../../../shared/domain/graph/drift.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import type { DependencyMode, DependencyStrength } from '../../../shared/domain/words.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { named, namedActor } from '../names.ts';
import { saying } from './graph.ts';
import type { EstateView } from './view.ts';

const TRACE_NAMES = 'holdfast.dev/trace-names';

interface Aliases {
  revision: number;
  names: Map<string, string | null>;
}

const aliases = new WeakMap<EstateView, Aliases>();

/** Service ids by the names that services list for themselves; null for a name that two of them list. */
function aliasesOf(estate: EstateView): Map<string, string | null> {
  const before = aliases.get(estate);
  if (before?.revision === estate.revision) return before.names;
  const names = new Map<string, string | null>();
  for (const service of estate.all('service').values()) {
    for (const part of saying(service, TRACE_NAMES)?.split(',') ?? []) {
      const name = part.trim().toLowerCase();
      if (name !== '') names.set(name, names.has(name) && names.get(name) !== service.id ? null : service.id);
    }
  }
  aliases.set(estate, { revision: estate.revision, names });
  return names;
}

/** The service that traces mean by `name`; null when none, or more than one. */
function serviceOf(estate: EstateView, name: string): string | null {
  const meant = (text: string): string | null =>
    aliasesOf(estate).get(text.toLowerCase()) ?? estate.resolve('service', text);
  return meant(name) ?? (name.includes('/') ? meant(name.slice(name.lastIndexOf('/') + 1)) : null);
}

interface Seen {
  revision: number;
  version: number;
  calls: SeenCall[];
  byEnds: Map<string, SeenCall[]>;
}

const seen = new WeakMap<EstateView, Seen>();

/** Every call that is remembered, with the services it means; looked up once for what was learned and declared. */
function seenCalls({ estate, sources: { edges } }: Context): Seen {
  const before = seen.get(estate);
  if (before?.revision === estate.revision && before.version === edges.version) return before;
  const meant = new Map<string, string | null>();
  const of = (name: string): string | null => {
    let id = meant.get(name);
    if (id === undefined) meant.set(name, (id = serviceOf(estate, name)));
    return id;
  };
  const calls = edges.all().map((one): SeenCall => ({ ...one, from: of(one.client), to: of(one.server) }));
  const known = calls.filter(({ from, to }) => from !== null && to !== null);
  const byEnds = Map.groupBy(known, ({ from, to }) => dependencyId(from!, to!));
  const now = { revision: estate.revision, version: edges.version, calls, byEnds };
  seen.set(estate, now);
  return now;
}

/** How often one service was seen calling another, and how often that failed; null when it never was. */
export function seenBetween(
  context: Context,
  from: string,
  to: string,
): { rate: number | null; errorShare: number | null; lastSeen: number } | null {
  const calls = seenCalls(context).byEnds.get(dependencyId(from, to));
  if (calls === undefined) return null;
  return { ...rateOf(calls, context.now()), lastSeen: Math.max(...calls.map(({ lastAt }) => lastAt)) };
}

/** What is seen and declared, compared now. */
export function drift(context: Context): Drift {
  const { estate } = context;
  const { calls } = seenCalls(context);
  const services = estate.all('service');
  const declared = [...estate.all('dependency').values()].filter(
    ({ from, to }) => services.has(from) && services.has(to),
  );
  return driftOf(calls, declared, context.now());
}

/** How a call that was seen is written into the estate: databases and plain calls are waited for, messages are not. */
export function asDependency(connections: readonly string[]): { strength: DependencyStrength; mode: DependencyMode } {
  return connections.length > 0 && connections.every((one) => one === 'messaging_system')
    ? { strength: 'soft', mode: 'async' }
    : { strength: 'hard', mode: 'sync' };
}

export function driftView(context: Context, all: boolean, limit: number): DriftView {
  const { estate, sources } = context;
  const now = context.now();
  const found = drift(context);
  let hidden = 0;
  const ends = (kind: DriftKind, from: string, to: string) => {
    const dismissed = dismissal(context, kind, from, to);
    if (dismissed) hidden++;
    return { from: named(context, 'service', from), to: named(context, 'service', to), dismissed };
  };
  const undeclared = found.undeclared.map((one) => ({
    ...ends('undeclared', one.from, one.to),
    ...{ connections: one.connections, rate: one.rate, errorShare: one.errorShare },
    ...{ since: one.firstAt, lastSeen: one.lastAt },
    ...asDependency(one.connections),
  }));
  const unseen = found.unseen.map(({ from, to, others, watchedSince, watchedUntil, knowsTarget }) => {
    const { strength, mode } = estate.get('dependency', dependencyId(from, to)) ?? { strength: 'hard', mode: 'sync' };
    const reason = `Seen calling ${others === 0 ? 'nothing' : `${others} other${others === 1 ? '' : 's'}`} for ${formatDuration(watchedUntil - watchedSince)}, never this one${
      knowsTarget ? '' : '; the traces do not know the other end at all'
    }${mode === 'batch' ? '; a batch may run rarely' : ''}`;
    return { ...ends('unseen', from, to), strength, mode, watchedSince, reason };
  });
  const shown = <T extends { dismissed: unknown }>(list: T[]): T[] =>
    list.filter(({ dismissed }) => all || dismissed === null);
  const open = { undeclared: shown(undeclared), unseen: shown(unseen) };
  return {
    undeclared: open.undeclared.slice(0, limit),
    unseen: open.unseen.slice(0, limit),
    strangers: found.strangers.slice(0, limit).map(({ lastAt, ...rest }) => ({ ...rest, lastSeen: lastAt })),
    counts: {
      undeclared: open.undeclared.length,
      unseen: open.unseen.length,
      strangers: found.strangers.length,
      confirmed: found.confirmed,
      dismissed: hidden,
    },
    sources: sources.edges.sources().map((id) => named(context, 'source', id)),
    cut: sources.edges.cut(now).map((id) => named(context, 'source', id)),
    asOf: now,
  };
}

function dismissal(
  context: Context,
  kind: DriftKind,
  from: string,
  to: string,
): DriftView['undeclared'][number]['dismissed'] {
  const doc = context.store.entity('drift', ESTATE, dependencyId(from, to))?.doc[kind] as
    | { by?: unknown; reason?: unknown }
    | null
    | undefined;
  if (!doc) return null;
  return {
    by: namedActor(context, String(doc.by)),
    reason: typeof doc.reason === 'string' && doc.reason !== '' ? doc.reason : null,
  };
}

/** Which drift there is between two services. @throws Refusal `refused` when there is none */
export function driftBetween(
  context: Context,
  from: string,
  to: string,
): { kind: 'undeclared'; connections: string[] } | { kind: 'unseen' } {
  const { undeclared, unseen } = drift(context);
  const seen = undeclared.find((one) => one.from === from && one.to === to);
  if (seen) return { kind: 'undeclared', connections: seen.connections };
  if (unseen.some((one) => one.from === from && one.to === to)) return { kind: 'unseen' };
  const name = (id: string) => context.estate.name('service', id);
  throw new Refusal('refused', `Between ${name(from)} and ${name(to)}, what is declared and what is seen agree.`);
}

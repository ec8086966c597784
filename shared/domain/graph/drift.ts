/**
 * Where the estate and what is seen disagree. Invariant: nothing is called unseen that could not have been seen: the service that
 * would call must itself be known to the traces, for long enough, and by a source that told of all that it saw.
 *
 * Names. Traces know services by `service.name`, the estate by ids. A name means a service when it is, in any letter case,
 * its id, name, title, reference or former reference, or one of the names that it lists (`holdfast.dev/trace-names`); failing that, when the part
 * behind the last `/` is (`shop/checkout-api`). A name that means two services means none. What means none is listed:
 * `user` and other ends of the traces are expected there, anything else is missing from the estate or has another name.
 */

/** A call that was seen, with the services that its names mean. Times in ms. */
export interface SeenCall {
  client: string;
  server: string;
  /** Service ids; null when the name means none. */
  from: string | null;
  to: string | null;
  connection: string;
  rate: number;
  errorShare: number;
  firstAt: number;
  lastAt: number;
  /** Its source told only a part of what it sees. */
  cut?: boolean;
}

export interface Undeclared {
  from: string;
  to: string;
  /** Kinds of connection, without the ordinary one. */
  connections: string[];
  /** Calls per second over all that were seen lately, and the share that failed, 0–1; null when none was. */
  rate: number | null;
  errorShare: number | null;
  firstAt: number;
  lastAt: number;
}

export interface Unseen {
  from: string;
  to: string;
  /** How many others the caller was seen calling, since when it has been watched, and when it was last seen. */
  others: number;
  watchedSince: number;
  watchedUntil: number;
  /** Whether the traces know the other end at all. */
  knowsTarget: boolean;
}

export interface Stranger {
  name: string;
  as: 'client' | 'server' | 'both';
  /** With how many others it was seen, and how often, per second. */
  calls: number;
  rate: number;
  lastAt: number;
}

export interface Drift {
  undeclared: Undeclared[];
  unseen: Unseen[];
  strangers: Stranger[];
  /** Declared dependencies that were seen. */
  confirmed: number;
}

/** A rate that was measured longer ago than this is not one of now, ms. */
export const RECENT_MS = 15 * 60_000;
/** A caller is watched for so long before what it does not call is called unseen, ms. */
export const LEARN_MS = 10 * 60_000;

/** Compares what is declared with what was seen, at `now` (ms). Calls of a service to itself say nothing of the estate. */
export function driftOf(
  calls: readonly SeenCall[],
  declared: Iterable<{ from: string; to: string }>,
  now: number,
): Drift {
  const seen = new Map<string, SeenCall[]>();
  const targets = new Map<string, Set<string>>();
  const watched = new Map<string, { since: number; until: number }>();
  const known = new Set<string>();
  const strangers = new Map<
    string,
    { client: boolean; server: boolean; others: Set<string>; rate: number; lastAt: number }
  >();
  for (const call of calls) {
    const { client, server, from, to, firstAt, lastAt } = call;
    if (from !== null) {
      known.add(from);
      const before = watched.get(from) ?? { since: Infinity, until: -Infinity };
      if (!call.cut)
        watched.set(from, { since: Math.min(before.since, firstAt), until: Math.max(before.until, lastAt) });
    }
    if (to !== null) known.add(to);
    const rate = lastAt > now - RECENT_MS ? call.rate : 0;
    for (const [name, id, other, as] of [
      [client, from, server, 'client'],
      [server, to, client, 'server'],
    ] as const) {
      if (id !== null) continue;
      const stranger = strangers.get(name) ?? { client: false, server: false, others: new Set(), rate: 0, lastAt: 0 };
      stranger[as] = true;
      stranger.others.add(other);
      stranger.rate += rate;
      stranger.lastAt = Math.max(stranger.lastAt, lastAt);
      strangers.set(name, stranger);
    }
    if (from === null || to === null || from === to) continue;
    push(seen, edge(from, to), call);
    const others = targets.get(from);
    if (others) others.add(to);
    else targets.set(from, new Set([to]));
  }
  const said = new Set<string>();
  const unseen: Unseen[] = [];
  let confirmed = 0;
  for (const { from, to } of declared) {
    said.add(edge(from, to));
    if (seen.has(edge(from, to))) {
      confirmed++;
      continue;
    }
    const time = watched.get(from);
    if (from === to || time === undefined || time.until - time.since < LEARN_MS) continue;
    const { since: watchedSince, until: watchedUntil } = time;
    unseen.push({
      ...{ from, to, others: targets.get(from)?.size ?? 0 },
      ...{ watchedSince, watchedUntil, knowsTarget: known.has(to) },
    });
  }
  const undeclared = [...seen]
    .filter(([key]) => !said.has(key))
    .map(([, list]): Undeclared => {
      return {
        from: list[0]!.from!,
        to: list[0]!.to!,
        connections: [...new Set(list.map(({ connection }) => connection))].filter((one) => one !== '').sort(),
        ...rateOf(list, now),
        firstAt: Math.min(...list.map(({ firstAt }) => firstAt)),
        lastAt: Math.max(...list.map(({ lastAt }) => lastAt)),
      };
    });
  return {
    undeclared: undeclared.sort(
      (a, b) => (b.rate ?? -1) - (a.rate ?? -1) || compare(edge(a.from, a.to), edge(b.from, b.to)),
    ),
    unseen: unseen.sort(
      (a, b) => Number(b.knowsTarget) - Number(a.knowsTarget) || compare(edge(a.from, a.to), edge(b.from, b.to)),
    ),
    strangers: [...strangers]
      .map(([name, { client, server, others, rate, lastAt }]): Stranger => {
        const as = client && server ? 'both' : client ? 'client' : 'server';
        return { name, as, calls: others.size, rate, lastAt };
      })
      .sort((a, b) => b.rate - a.rate || compare(a.name, b.name)),
    confirmed,
  };
}

/** What calls between two services come to lately: calls per second and the share that failed, 0–1; null when none was. */
export function rateOf(
  calls: readonly Pick<SeenCall, 'rate' | 'errorShare' | 'lastAt'>[],
  now: number,
): { rate: number | null; errorShare: number | null } {
  const recent = calls.filter(({ lastAt }) => lastAt > now - RECENT_MS);
  if (recent.length === 0) return { rate: null, errorShare: null };
  const rate = recent.reduce((sum, one) => sum + one.rate, 0);
  const failed = recent.reduce((sum, one) => sum + one.rate * one.errorShare, 0);
  return { rate, errorShare: rate === 0 ? 0 : failed / rate };
}

const edge = (from: string, to: string): string => `${from}\n${to}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

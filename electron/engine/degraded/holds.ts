/** The conditions of a mode on what this console measures. Invariant: a sample counts by when it was taken; nothing measured is unknown. */
import type { SignalView } from '../../../shared/contract/common.ts';
import type { HoldView } from '../../../shared/contract/degraded.ts';
import { conditionText, type Condition, type Of, type Purpose } from '../../../shared/domain/degraded/conditions.ts';
import {
  healthHold,
  metricHold,
  storesHold,
  weigh,
  type HealthTrack,
  type Hold,
  type StoreTrack,
} from '../../../shared/domain/degraded/hold.ts';
import { worstFirst } from '../../../shared/domain/health.ts';
import { Health } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { storeStates } from '../estate/stores.ts';

/** Samples that are looked back upon, ms: what the ring keeps. */
const REACH_MS = 3 * 3_600_000;
/** Changes of health that are walked back through. */
const WALKED = 30;

/** What is asked of one moment; keeps what several conditions share. */
export class Holds {
  readonly #context: Context;
  readonly #now: number;
  #stores: StoreTrack[] | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#now = context.now();
  }

  /** @param from nothing before it counts, ms: when an exit is asked about, since its mode began */
  of(condition: Condition, purpose: Purpose, from?: number): HoldView & Pick<Hold, 'clearedAt'> {
    const found = this.#each(condition, purpose, from);
    const state = weigh(
      found.map(({ hold }) => hold.state),
      purpose,
    );
    const text = conditionText(condition, purpose, (id) => this.#context.estate.name('service', id));
    const telling = found.filter(({ hold }) => hold.state === state);
    // Of several that call for it the first counts, of several that end it the last.
    const chosen = telling.sort((a, b) => {
      const [x, y] = [a.hold.since ?? Infinity, b.hold.since ?? Infinity];
      return purpose === 'when' ? x - y : y - x;
    })[0];
    if (chosen === undefined)
      return { text, state, now: absent(condition), since: null, observedAt: null, absent: true, clearedAt: null };
    const { hold, name } = chosen;
    const more = telling.length > 1 ? ` and ${telling.length - 1} more` : '';
    const cleared = telling.flatMap((one) => one.hold.clearedAt ?? []);
    return {
      ...{ text, state, since: hold.since, observedAt: hold.observedAt, absent: false },
      now: `${name === null ? '' : `${name}: `}${hold.now}${more}`,
      // One that was well after a refusal is enough to ask again.
      clearedAt: cleared.length === 0 ? null : Math.max(...cleared),
    };
  }

  #each(condition: Condition, purpose: Purpose, from?: number): { name: string | null; hold: Hold }[] {
    const { estate, sources } = this.#context;
    if (condition.on === 'stores') {
      const stores = (this.#stores ??= this.#storeTracks());
      return stores.length === 0 ? [] : [{ name: null, hold: storesHold(condition, purpose, stores, this.#now, from) }];
    }
    return this.#services(condition.of).flatMap((id) => {
      const name = estate.name('service', id);
      if (condition.on === 'health')
        return [
          { name, hold: healthHold(condition, purpose, this.#health(id, condition.health, purpose), this.#now, from) },
        ];
      const metrics = new Set((estate.get('service', id)?.metrics ?? []).map((metric) => metric.name));
      const title = condition.metrics.find((metric) => metrics.has(metric));
      if (title === undefined) return [];
      const hear = (signal: SignalView): boolean => signal.kind === 'metric' && signal.title === title;
      const [signal] = sources.board
        .signals(id)
        .filter(hear)
        .sort((a, b) => b.observedAt - a.observedAt);
      const hold: Hold = signal
        ? metricHold(
            condition,
            {
              ...{ unit: signal.unit, value: signal.value, observedAt: signal.observedAt, stale: signal.stale },
              samples: sources.board.samples(signal.source, keyOf(signal), this.#now - REACH_MS),
            },
            from,
          )
        : { state: 'unknown', since: null, clearedAt: null, observedAt: null, now: 'never heard of' };
      return [{ name, hold }];
    });
  }

  #services(of: Of): string[] {
    const { estate } = this.#context;
    if ('service' in of)
      return estate.resolve('service', of.service) === null ? [] : [estate.resolve('service', of.service)!];
    return [...estate.all('service').values()].flatMap(({ id, kind }) => (kind === of.kind ? [id] : []));
  }

  /** As bad, or as good, as `wanted` since when; a person's good word is no measurement. */
  #health(id: string, wanted: Health, purpose: Purpose): HealthTrack {
    const view = this.#context.sources.board.serviceHealth(id);
    if (view.byHand && purpose === 'exit') return { health: view.byHand.sources, since: null, observedAt: null };
    const { health, observedAt } = view;
    let { since } = view;
    const as = (one: Health): boolean =>
      one !== 'unknown' && (purpose === 'when' ? worstFirst(one, wanted) <= 0 : worstFirst(one, wanted) >= 0);
    if (view.byHand || !as(health) || health === wanted) return { health, since, observedAt };
    // It may have been so before it got worse still.
    const rows = this.#context.store.entries({ subject: `service:${id}` }, { types: ['health.change'], limit: WALKED });
    for (const { op, at } of rows) {
      if (!as(Health.catch('unknown').parse(op.payload['health']))) break;
      since = Math.min(since ?? at, Number(op.payload['since'] ?? at));
    }
    return { health, since, observedAt };
  }

  #storeTracks(): StoreTrack[] {
    return storeStates(this.#context).map(({ state }) => {
      const { selling, open, heardAt, pos, wan, fallback } = state;
      const times = [pos, wan, fallback].flatMap(({ since }) => since ?? []);
      const since =
        selling === 'fallback' ? (fallback.since ?? wan.since) : selling === 'cannot' ? (pos.since ?? wan.since) : null;
      return { selling, open, observedAt: heardAt, since: since ?? (times.length === 0 ? null : Math.max(...times)) };
    });
  }
}

const keyOf = ({ id, source }: SignalView): string => id.slice(source.length + 1);

function absent(condition: Condition): string {
  if (condition.on === 'stores') return 'there are no stores here';
  if ('service' in condition.of) return 'nothing here measures it';
  return condition.on === 'metric' ? 'nothing here measures it' : `there is no ${condition.of.kind} here`;
}

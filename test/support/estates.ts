/**
 * Stories of any size on the demonstration estate: incidents with all that is written in them. Deterministic by seed. Everything goes through the store as the engine writes it, so that the log,
 * its chain and its signatures are real ones.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { openEngine } from '../../electron/engine/engine.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store, type Transaction } from '../../electron/engine/store/store.ts';
import type { EstateKind } from '../../shared/domain/estate.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { seeded } from './history.ts';

type Random = () => number;

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Who and what a story is about. */
export interface Cast {
  services: readonly string[];
  businessServices: readonly string[];
  people: readonly string[];
}

const SENTENCES = [
  'Error rate on the gateway is rising since the last deployment.',
  'The provider confirms a partial outage in its second region; next word in 20 minutes.',
  'Queue depth is 48,000 and growing by 300 a second.',
  'Stores in the north report that card payments time out; cash works.',
  'Rolled back to the previous release, waiting for the caches to warm.',
  'p95 is back under 400 ms for checkout, still 2 s for the cart.',
  'Customer service has the text for callers.',
  'Replica lag is 14 minutes; reads go to the primary for now.',
];

/** Writes incidents, one after the other, each from its declaration on; the last few stay open. */
export class Storyteller {
  readonly #random: Random;
  readonly #cast: Cast;
  #number = 0;
  #change = 0;

  constructor(seed: number, cast: Cast) {
    this.#random = seeded(seed);
    this.#cast = cast;
  }

  /** How many incidents it has told of. */
  get incidents(): number {
    return this.#number;
  }

  /** One incident of exactly `length` ops, at least three, from `at` (ms) on. */
  tell(tx: Transaction, at: number, length: number, ending: 'resolved' | 'open'): void {
    const random = this.#random;
    const { people, services, businessServices } = this.#cast;
    const scope = `i${String(++this.#number).padStart(8, '0')}`;
    const hurt = Array.from({ length: 1 + below(random, 4) }, () => pick(random, services));
    let time = at;
    const append = (type: string, payload: Record<string, unknown>, base: string[] = []) =>
      tx.append({ scope, type, payload, base, eventTime: (time += 5000 + below(random, 60_000)) });
    append('incident.declare', {
      number: this.#number,
      title: `${pick(random, ['Checkout', 'Payments', 'Stock', 'Sign-in', 'Stores'])} ${pick(random, ['slow', 'failing', 'late', 'cut off'])}`,
      severity: pick(random, ['SEV1', 'SEV2', 'SEV3', 'SEV4']),
      services: [...new Set(hurt)],
      businessServices: businessServices.length > 0 ? [pick(random, businessServices)] : [],
      commander: pick(random, people),
    });
    const run = `r${scope}`;
    const steps = Array.from({ length: 12 }, (_, n) => `step-${n}`);
    append('run.start', {
      run,
      runbook: 'checkout-slowdown',
      title: 'Checkout slowdown',
      version: '1',
      hash: 'ab'.repeat(32),
      steps: steps.map((id) => ({
        id,
        title: `Do ${id}`,
        type: 'manual',
        role: 'operations',
        minutes: 5,
        reversible: true,
        body: pick(random, SENTENCES),
      })),
    });
    let asks = 0;
    for (let left = length - (ending === 'resolved' ? 3 : 2); left > 0; left--) {
      const roll = random();
      if (roll < 0.5) append('entry.note', { text: pick(random, SENTENCES) });
      else if (roll < 0.56)
        append('entry.decision', { text: pick(random, SENTENCES), reason: 'It is the quickest way back.' });
      else if (roll < 0.66)
        append('ask.open', {
          ask: `a${scope}${asks++}`,
          text: 'Look at the queue',
          owner: pick(random, people),
          dueAt: time + 600_000,
        });
      else if (roll < 0.74 && asks > 0)
        append('ask.change', { ask: `a${scope}${below(random, asks)}`, state: pick(random, ['acknowledged', 'done']) });
      else if (roll < 0.82) {
        const step = pick(random, steps);
        append(
          'run.step',
          { run, step, state: pick(random, ['doing', 'done']) },
          tx.headIds('run', scope, run, `step:${step}`),
        );
      } else if (roll < 0.86) {
        const role = pick(random, ['deputy', 'communications', 'operations', 'scribe']);
        append(
          'incident.role',
          { role, person: pick(random, people) },
          tx.headIds('incident', scope, scope, `role:${role}`),
        );
      } else if (roll < 0.88)
        append(
          'incident.severity',
          { severity: pick(random, ['SEV1', 'SEV2', 'SEV3']) },
          tx.headIds('incident', scope, scope, 'severity'),
        );
      else if (roll < 0.97) this.#health(tx, pick(random, hurt), (time += 1000));
      else this.#deploy(tx, pick(random, hurt), (time += 1000));
    }
    if (ending === 'resolved')
      append('incident.status', { status: 'resolved' }, tx.headIds('incident', scope, scope, 'status'));
  }

  #health(tx: Transaction, service: string, at: number): void {
    const health = pick(this.#random, ['healthy', 'early-warning', 'degraded', 'failing']);
    tx.append({
      scope: ESTATE,
      type: 'health.change',
      payload: { service, health, since: at, source: 'prometheus', reason: 'error rate 0.04' },
      eventTime: at,
    });
  }

  #deploy(tx: Transaction, service: string, at: number): void {
    const change = `c${++this.#change}`;
    tx.append({
      scope: ESTATE,
      type: 'change.record',
      payload: {
        change,
        services: [service],
        kind: 'deployment',
        title: `${service} 4.${this.#change}`,
        source: 'manual',
      },
      eventTime: at,
    });
  }
}

export const ASSETS = fileURLToPath(new URL('../../assets/', import.meta.url));
const DAY = 86_400_000;

/**
 * A data folder in which the demonstration has lived for a year: exactly `ops` ops, about 150 to an incident, three of the
 * incidents still open.
 */
export async function fillDemonstration(data: string, ops: number, seed: number): Promise<void> {
  const end = Date.now();
  let now = end - 365 * DAY;
  const engine = await openEngine({ data, assets: ASSETS, version: '0.1.0', demonstration: true, now: () => now });
  await engine.close();
  const opened = openDatabase(data);
  try {
    // Nobody is told that these were saved before the end; only then the disk has to have them.
    opened.db.pragma('synchronous = OFF');
    const store = new Store(opened, loadIdentity(data), () => now);
    const ids = (kind: EstateKind) => store.entities(kind, ESTATE).map(({ id }) => id);
    const teller = new Storyteller(seed, {
      services: ids('service'),
      businessServices: ids('business-service'),
      people: ids('person'),
    });
    const random = seeded(seed + 1);
    const author = { actor: 'system', zone: 'Europe/Berlin' };
    for (let left = ops - store.opCount; left > 0; left = ops - store.opCount) {
      const length = left < 240 ? left : Math.min(60 + below(random, 180), left - 60);
      now = Math.floor(Math.min(end, end - 364 * DAY * (left / ops)));
      store.commit(author, (tx) => teller.tell(tx, now - 3_600_000, length, left <= 600 ? 'open' : 'resolved'));
    }
    opened.db.pragma('synchronous = FULL');
    opened.db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    opened.close();
  }
}

/** Where a filled folder keeps its database. */
export const databaseOf = (data: string): string => join(data, 'holdfast.db');

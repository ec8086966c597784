/**
 * Whom single sign-on verified at this console. Invariants: it counts for the provider that is set, on the machine where it was
 * done, and for no longer than the policy says after it was last verified, by a clock that never goes back; what is over is
 * forgotten on the disk, so that nothing brings it back.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LOGIN_BY, type Provider } from '../../../../shared/domain/access/sso.ts';
import { ESTATE } from '../../../../shared/ops/op.ts';
import type { Context } from '../../context.ts';
import { seenNow } from '../../grants/clock.ts';
import type { Store } from '../../store/store.ts';
import { machineId } from '../pepper.ts';

type Known = Pick<Context, 'store' | 'policies'>;

export interface Identity {
  person: string;
  issuer: string;
  client: string;
  subject: string;
  /** As the provider calls them. */
  login: string;
  groups: readonly string[];
  /** When the provider last said so, ms of the clock that only goes forward. */
  verifiedAt: number;
  /** Of the machine and console at which it was done. */
  machine: string;
}

const HOUR_MS = 3_600_000;

const Set = z.object({
  provider: z
    .object({
      ...{ name: z.string(), issuer: z.string(), client: z.string(), groups: z.string(), by: z.enum(LOGIN_BY) },
      ...{ scopes: z.array(z.string()), port: z.number().nullable() },
    })
    .nullable(),
});

/** The provider that the log names; null when there is none. */
export function providerOf({ store }: Pick<Known, 'store'>): Provider | null {
  const doc = store.entity('sso', ESTATE, 'provider')?.doc;
  const set = Set.safeParse(doc?.['set']);
  return set.success ? set.data.provider : null;
}

/** Logins that were given to people by hand. */
export function listedLogins({ store }: Pick<Known, 'store'>): Map<string, string[]> {
  return new Map(
    store.entities('sso-logins', ESTATE).flatMap(({ id, doc }) => {
      const { logins } = doc;
      return Array.isArray(logins) && logins.length > 0 ? [[id, logins.map(String)] as const] : [];
    }),
  );
}

/** How long somebody counts who cannot be asked about, ms. */
export function graceMs({ policies }: Pick<Known, 'policies'>): number {
  return policies.get('access').value.ssoHours * HOUR_MS;
}

const kept = new WeakMap<Store, Map<string, Identity>>();

function read(store: Store): Map<string, Identity> {
  let known = kept.get(store);
  if (!known) {
    const rows = store.db.prepare<[], Row>('SELECT * FROM sso_identity').all();
    known = new Map(
      rows.map(({ groups, verified_at: verifiedAt, ...row }) => [
        row.person,
        { ...row, groups: JSON.parse(groups) as string[], verifiedAt },
      ]),
    );
    kept.set(store, known);
  }
  return known;
}

interface Row extends Omit<Identity, 'groups' | 'verifiedAt'> {
  groups: string;
  verified_at: number;
}

/** Everybody who was verified and is not forgotten, whether or not it still counts. */
export function identities({ store }: Pick<Known, 'store'>): Identity[] {
  return [...read(store).values()];
}

/** What single sign-on said of `person`, when it counts at `at` (ms); null when it does not. */
export function identityOf(known: Known, person: string, at: number): Identity | null {
  const identity = read(known.store).get(person);
  if (!identity) return null;
  if (isOver(known, identity, at)) {
    if (known.store.writable) forgetIdentity(known, person);
    return null;
  }
  const provider = providerOf(known);
  const counts =
    provider?.issuer === identity.issuer && provider.client === identity.client && identity.machine === here(known);
  return counts ? identity : null;
}

/** Whether its time has passed. */
export function isOver(known: Known, { verifiedAt }: Identity, at: number): boolean {
  return seenNow({ store: known.store, now: () => at }) >= verifiedAt + graceMs(known);
}

export function keepIdentity(known: Pick<Known, 'store'>, identity: Omit<Identity, 'machine'>): void {
  const { store } = known;
  const machine = here(known);
  const { person, issuer, client, subject, login, groups, verifiedAt } = identity;
  // A disk that takes nothing keeps nobody out: it counts as long as the console is open.
  if (store.writable)
    store.db
      .prepare('INSERT OR REPLACE INTO sso_identity VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(person, issuer, client, subject, login, JSON.stringify(groups), verifiedAt, machine);
  read(store).set(person, { ...identity, machine });
}

export function forgetIdentity({ store }: Pick<Known, 'store'>, person: string): void {
  if (store.writable) store.db.prepare('DELETE FROM sso_identity WHERE person = ?').run(person);
  read(store).delete(person);
}

const machines = new WeakMap<Store, string>();

/** Says on which machine `store` is; for tests. */
export function onMachine(store: Store, machine: string): void {
  machines.set(store, machine);
}

/** What tells this machine and console from others, without telling which it is. */
function here({ store }: Pick<Known, 'store'>): string {
  let machine = machines.get(store);
  if (machine === undefined) machines.set(store, (machine = machineId()));
  return createHash('sha256').update(`holdfast sso\n${store.console}\n${machine}`).digest('base64url');
}

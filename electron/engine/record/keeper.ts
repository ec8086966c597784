/**
 * Keeps the record while the engine runs: makes and rotates backups on a schedule, verifies the whole log now and then,
 * and remembers both results. Invariant: a failure is remembered and shown until the next success; it never stops the engine.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { RestoreView, VerifyView, type BackupView, type RecordView } from '../../../shared/contract/record.ts';
import { Refusal, type ChangeKey } from '../../../shared/contract/spec.ts';
import { PREVIEW } from '../../../shared/domain/record/words.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Identity } from '../access/identity.ts';
import { witnessesBeside } from '../bundles/witness.ts';
import { PLAIN, type Vault } from '../rest/vault.ts';
import { storageRefusal } from '../store/failure.ts';
import { begunOf, rememberBegun } from '../snapshots/begun.ts';
import type { Store } from '../store/store.ts';
import type { TaskRunner } from '../tasks.ts';
import {
  checkBackup,
  listBackups,
  rotate,
  witnessesIn,
  writeBackup,
  type Backup,
  type BackupReason,
  unnoted,
} from './backups.ts';
import { restore } from './restore.ts';
import type { Witness } from './verify.ts';

/** Where backups go and how often; a file of its own, because it is needed when the database can't be read. */
export const BackupPlan = z.object({
  /** Null: `backups` in the data folder. */
  directory: z.string().min(1).max(4096).nullable().default(null),
  /** 0: no schedule. */
  everyMinutes: z.int().min(0).max(10_080).default(60),
});
export type BackupPlan = z.infer<typeof BackupPlan>;

/** A restoration that was asked for and is done at the next opening, when nobody has the database open. */
export const RestoreOrder = z.object({
  path: z.string(),
  by: z.string(),
  at: z.int(),
  /** Whether the file was made for this only and goes once it is done. */
  passing: z.boolean().default(false),
});
export type RestoreOrder = z.infer<typeof RestoreOrder>;

export const ORDER_FILE = 'restore.json';
const PLAN_FILE = 'backups.json';
const FIRST_CHECK_MS = 2 * 60_000;
const CHECK_EVERY_MS = 24 * 3600_000;
/** How long after the start what came with a snapshot is verified, so that the first screen is read in peace, ms. */
const SOON_MS = 3000;
/** How often it is told how far that got, ms. */
const TELL_MS = 500;
const SHOWN_QUARANTINE = 200;

function readPlan(data: string): BackupPlan {
  try {
    return BackupPlan.parse(JSON.parse(readFileSync(join(data, PLAN_FILE), 'utf8')));
  } catch {
    return BackupPlan.parse({});
  }
}

/** The folders where this data folder's backups lie. */
export function backupFolders(data: string): string[] {
  const { directory } = readPlan(data);
  return [...new Set([join(data, 'backups'), ...(directory ? [resolve(directory)] : [])])];
}

export function backupsOf(data: string): Backup[] {
  return backupFolders(data)
    .flatMap((folder) => {
      try {
        return listBackups(folder);
      } catch {
        return [];
      }
    })
    .sort((a, b) => b.at - a.at);
}

export interface KeeperOptions {
  store: Store;
  identity: Identity;
  data: string;
  tasks: TaskRunner;
  vault?: Vault;
  now: () => number;
  keyKept: () => RecordView['key'];
  changed: (keys: ChangeKey[]) => void;
}

export class RecordKeeper {
  readonly #options: KeeperOptions;
  #timer: NodeJS.Timeout | null = null;
  #first: NodeJS.Timeout | undefined;
  /** Every op that is newer was verified since a snapshot was taken, ms. */
  #verifiedBackTo: number | null = null;
  #nextAt: number | null = null;
  #backingUp: Promise<Backup> | null = null;
  #verifying: { done: number; total: number } | null = null;
  #running: Promise<VerifyView> | null = null;
  #listed: { stamp: string; list: Backup[] } | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Begins the schedule of backups and checks. What came with a snapshot is looked at first. */
  start(): void {
    this.#plan(FIRST_CHECK_MS);
    const begun = begunOf(this.#options.store);
    if (begun && !begun.whole) this.#first = setTimeout(() => void this.#verifyBegun().catch(() => undefined), SOON_MS);
  }

  stop(): void {
    clearTimeout(this.#first);
    this.#rest();
  }

  #rest(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#nextAt = null;
  }

  get plan(): BackupPlan {
    return readPlan(this.#options.data);
  }

  /** @throws Refusal when the folder can't be written. */
  setPlan(plan: BackupPlan): void {
    const { data } = this.#options;
    try {
      writeFileSync(join(data, PLAN_FILE), `${JSON.stringify(plan, null, 1)}\n`, { flush: true });
    } catch (error) {
      throw storageRefusal(error) ?? error;
    }
    if (this.#timer) this.#plan(plan.everyMinutes * 60_000);
    this.#options.changed(['record']);
  }

  #plan(inMs: number): void {
    this.#rest();
    const { everyMinutes } = this.plan;
    const wait = Math.min(inMs, everyMinutes > 0 ? everyMinutes * 60_000 : CHECK_EVERY_MS);
    this.#nextAt = everyMinutes > 0 ? this.#options.now() + wait : null;
    this.#timer = setTimeout(() => void this.#tick(), wait);
    this.#timer.unref();
  }

  async #tick(): Promise<void> {
    const { store, now } = this.#options;
    if (this.plan.everyMinutes > 0 && store.writable && this.#newSinceBackup())
      await this.backup('scheduled').catch(() => undefined);
    if (now() - (this.verified?.startedAt ?? 0) > CHECK_EVERY_MS) await this.verify().catch(() => undefined);
    if (this.#timer) this.#plan(Infinity);
  }

  #newSinceBackup(): boolean {
    const newest = this.backups().find(({ problem }) => problem === null);
    return !newest || newest.ops < this.#options.store.opCount;
  }

  /** Newest first, of all folders; read again only when a folder changed. */
  backups(): Backup[] {
    const stamp = backupFolders(this.#options.data).map(folderStamp).join(' ');
    if (this.#listed?.stamp !== stamp) this.#listed = { stamp, list: backupsOf(this.#options.data) };
    return this.#listed.list;
  }

  /**
   * Makes a backup now, and lets the rotation go over the folder.
   * @throws Refusal `storage`
   */
  backup(reason: BackupReason): Promise<Backup> {
    this.#backingUp ??= this.#write(reason).finally(() => (this.#backingUp = null));
    return this.#backingUp;
  }

  async #write(reason: BackupReason): Promise<Backup> {
    const { store, identity, data, now, changed, tasks, vault = PLAIN } = this.#options;
    const folder = this.plan.directory ? resolve(this.plan.directory) : join(data, 'backups');
    try {
      const copy = vault.key ? (to: string) => tasks.run('copy', { to }) : undefined;
      const backup = await writeBackup(store.db, folder, identity, reason, now(), vault, copy);
      rotate(folder, now());
      this.#remember('backup.success', String(now()));
      this.#remember('backup.failure', '');
      return backup;
    } catch (error) {
      const refusal = storageRefusal(error) ?? error;
      const message =
        refusal instanceof Error
          ? refusal.message.replace('nothing of this was saved', `no backup was made in ${folder}`)
          : String(error);
      this.#remember('backup.failure', JSON.stringify({ at: now(), message }));
      throw new Refusal('storage', message, { retryable: true, cause: error });
    } finally {
      changed(['record', 'status']);
    }
  }

  /** What can't be remembered because the disk is full is shown for as long as this engine runs. */
  readonly #memory = new Map<string, string>();
  #remember(key: string, value: string): void {
    this.#memory.set(key, value);
    try {
      if (this.#options.store.writable) this.#options.store.setMeta(key, value);
    } catch {
      return;
    }
  }

  #recall(key: string): string | null {
    return (this.#memory.get(key) ?? this.#options.store.meta(key)) || null;
  }

  get lastFailure(): { at: number; message: string } | null {
    const text = this.#recall('backup.failure');
    return text === null ? null : (JSON.parse(text) as { at: number; message: string });
  }

  get verified(): VerifyView | null {
    const text = this.#recall('verified');
    return text === null ? null : (VerifyView.safeParse(JSON.parse(text)).data ?? null);
  }

  /** Checks the whole record in a thread of its own; two callers share one check. */
  verify(): Promise<VerifyView> {
    this.#running ??= this.#check().finally(() => (this.#running = null));
    return this.#running;
  }

  async #check(): Promise<VerifyView> {
    const { store, tasks, changed } = this.#options;
    this.#verifying = { done: 0, total: store.opCount };
    changed(['record']);
    try {
      const report = await tasks.run(
        'verify',
        { witnesses: this.witnesses(), console: store.console, keys: store.keyring.copy() },
        (done) => {
          this.#verifying = { done, total: store.opCount };
          changed(['record']);
        },
      );
      this.#remember('verified', JSON.stringify(report));
      const begun = begunOf(store);
      if (begun && !begun.whole && report.ok && store.writable) rememberBegun(store, { ...begun, whole: true });
      return report;
    } finally {
      this.#verifying = null;
      changed(['record', 'status']);
    }
  }

  /** From the newest ops back, and then everything: the newest are what is worked with. */
  async #verifyBegun(): Promise<void> {
    const { tasks, changed } = this.#options;
    let told = 0;
    await tasks.run('verify.backwards', {}, (backTo) => {
      this.#verifiedBackTo = backTo;
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      changed(['record']);
    });
    await this.verify();
  }

  #begun(): RecordView['begun'] {
    const { store } = this.#options;
    const begun = begunOf(store);
    if (!begun) return null;
    const { at, made, console, ops, whole } = begun;
    const name = store.entity('console', ESTATE, console)?.doc['name'];
    return {
      ...{ at, made, ops, whole },
      maker: { id: console, name: typeof name === 'string' ? name : console },
      verifiedBackTo: whole ? 0 : this.#verifiedBackTo,
    };
  }

  witnesses(): Witness[] {
    const { data, identity } = this.#options;
    return [...backupFolders(data).flatMap(witnessesIn), ...witnessesBeside(data, identity)];
  }

  /**
   * The backup that a person means by its path or name, after reading all of it.
   * @throws Refusal when there is none, or when it is damaged.
   */
  async find(path: string): Promise<Backup> {
    const full = resolve(path);
    const backup = this.backups().find((each) => each.path === full || each.file === path) ?? backupAt(full);
    if (!backup) throw new Refusal('not_found', `There is no backup "${path}".`);
    await checkBackup(backup, this.#options.vault);
    return backup;
  }

  /**
   * Writes the order for a restoration; it is carried out when the folder is opened next.
   * @throws Refusal when the backup is not one, or is damaged.
   */
  async order(path: string, by: string): Promise<void> {
    this.#order((await this.find(path)).path, by, false);
  }

  /**
   * The same for a database that was checked already; the file goes when it is done.
   * @throws Refusal `storage`
   */
  async orderFile(path: string, by: string): Promise<void> {
    this.#order(path, by, true);
  }

  #order(path: string, by: string, passing: boolean): void {
    const { data, now } = this.#options;
    const order: RestoreOrder = { path, by, at: now(), passing };
    try {
      writeFileSync(join(data, ORDER_FILE), JSON.stringify(order), { flush: true });
    } catch (error) {
      throw storageRefusal(error) ?? error;
    }
  }

  /**
   * What restoring `path` would come to, without doing it.
   * @throws Refusal when there is no such backup, or when it is damaged.
   */
  async preview(path: string): Promise<RestoreView> {
    const { data, identity, now, vault } = this.#options;
    const backup = await this.find(path);
    return {
      ...restore(data, identity, backup, this.witnesses(), now(), { dryRun: true, ...(vault ? { vault } : {}) }),
      at: now(),
      cause: PREVIEW,
    };
  }

  view(): RecordView {
    const { store, keyKept } = this.#options;
    const names = new Map(store.entities('console', ESTATE).map((row) => [row.id, String(row.doc['name'] ?? '')]));
    const ahead = new Map(store.clocks().map((row) => [row.id, row.ahead]));
    return {
      console: store.console,
      ops: store.opCount,
      unknownOps: store.unknownOps(),
      key: keyKept(),
      consoles: store.log.consoles().map(({ id, seq }) => ({
        id,
        name: id === store.console ? 'This console' : names.get(id) || id,
        access: id === store.console ? 'own' : store.standing(id).access,
        ops: seq,
        ahead: ahead.get(id) ?? 0,
      })),
      verified: this.verified,
      verifying: this.#verifying,
      quarantine: { total: store.quarantined(), newest: store.quarantineNewest(SHOWN_QUARANTINE) },
      backups: {
        directory: this.plan.directory ?? join(this.#options.data, 'backups'),
        everyMinutes: this.plan.everyMinutes,
        list: this.backups().map(toView),
        lastSuccessAt:
          Number(this.#recall('backup.success') ?? 0) || (this.backups().find(({ problem }) => !problem)?.at ?? null),
        lastFailure: this.lastFailure,
        nextAt: this.#nextAt,
      },
      restored: restoredReport(this.#options.data),
      begun: this.#begun(),
    };
  }

  /** What status has to say aloud. */
  warnings(): string[] {
    const failure = this.lastFailure;
    const verified = this.verified;
    return [
      ...(failure ? [`The last backup failed: ${failure.message}`] : []),
      ...(verified && !verified.ok ? [`The record does not verify: ${verified.findings[0]?.message ?? ''}`] : []),
    ];
  }
}

export function toView({ file, path, at, reason, ops, bytes, problem }: Backup): BackupView {
  return { file, path, at, reason, ops, bytes, problem };
}

/** A file that is no listed backup, such as one from a stick; null when there is none. */
export function backupAt(path: string): Backup | null {
  return existsSync(path) ? unnoted(path, path, null) : null;
}

function folderStamp(folder: string): string {
  try {
    return `${folder}:${statSync(folder).mtimeMs}`;
  } catch {
    return `${folder}:-`;
  }
}

const REPORT = /^restored-.*\.json$/;

/** Keeps the report of a restoration in the data folder. */
export function keepReport(data: string, report: RestoreView): void {
  const name = `restored-${new Date(report.at).toISOString().slice(0, 19).replaceAll(':', '-')}Z.json`;
  writeFileSync(join(data, name), `${JSON.stringify(report, null, 1)}\n`, { flush: true });
}

/** The report of the newest restoration, or null. */
export function restoredReport(data: string): RestoreView | null {
  const newest = readdirSync(data)
    .filter((name) => REPORT.test(name))
    .sort()
    .at(-1);
  if (!newest) return null;
  try {
    return RestoreView.parse(JSON.parse(readFileSync(join(data, newest), 'utf8')));
  } catch {
    return null;
  }
}

/** Takes the order for a restoration, if there is one, out of the folder. */
export function takeOrder(data: string): RestoreOrder | null {
  const file = join(data, ORDER_FILE);
  if (!existsSync(file)) return null;
  const order = RestoreOrder.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
  return order.data ?? null;
}

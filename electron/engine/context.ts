/**
 * What a handler may touch. Invariant: a handler does its slow work first and then commits once; what `commit` returns is
 * what the command answers, because a request that is sent again is answered from it.
 */
import type { Name, Output, Parsed } from '../../shared/contract/table.ts';
import type { Capability, ChangeKey } from '../../shared/contract/spec.ts';
import type { Settings } from '../../shared/contract/console.ts';
import type { Identity } from './access/identity.ts';
import type { Guess } from './access/cost.ts';
import type { Keychain } from './access/keychain.ts';
import type { Right } from './access/rights.ts';
import type { Secrets } from './access/secrets.ts';
import type { Caller, Sessions } from './access/session.ts';
import type { Sso } from './access/sso/index.ts';
import type { ConflictBook } from './conflicts/book.ts';
import type { DigestBook } from './digest/book.ts';
import type { EstateView } from './estate/view.ts';
import type { ImpactBook } from './impact/book.ts';
import type { IncidentRows } from './incidents/rows.ts';
import type { PolicyBook } from './policy/book.ts';
import type { RecordKeeper } from './record/keeper.ts';
import type { Turn } from './rest/turn.ts';
import type { Vault } from './rest/vault.ts';
import type { RunbookLibrary } from './runbooks/library.ts';
import type { EntitySearch } from './search/entities.ts';
import type { SearchIndex } from './search/index.ts';
import type { Sources } from './sources/index.ts';
import type { Store, Transaction } from './store/store.ts';
import type { EvidenceCarrier } from './evidence/carrier.ts';
import type { Sync } from './sync/index.ts';
import type { TaskRunner } from './tasks.ts';

export interface Session {
  actor: string;
  /** `open`: nobody has set anything to unlock with, so everything is allowed. */
  state: 'open' | 'locked' | 'unlocked';
  /** The person of the estate that it is; null for nobody in particular. */
  person: string | null;
  /** How they unlocked: `passphrase`, `pin`, …; null when they did not. */
  how: string | null;
  /** Since when, ms. */
  since: number | null;
  /** What counts everywhere. */
  capabilities: ReadonlySet<Capability>;
  /** The same with its reasons, and what counts in one incident only. */
  rights: readonly Right[];
  /** The emergency grant that is in force for this person and this call; its ops name it. */
  grant?: string;
  /** Asked before each op when only that grant allows the call. @throws Refusal when it does not reach so far */
  guard?(scope: string, type: string): void;
}

/** Who may use this console, and with what. */
export interface Access {
  secrets: Secrets;
  sessions: Sessions;
  /** Single sign-on. */
  sso: Sso;
}

/** @throws Refusal when it can't be printed, in one sentence. */
export type Printer = (html: string) => Promise<Uint8Array>;

export interface Paths {
  data: string;
  /** The program's own files: demonstration, runbooks. */
  assets: string;
}

/** What queries read and all handlers share. */
export interface Context {
  session: Session;
  /** Whose session it is; null for the console itself. */
  caller: Caller | null;
  access: Access;
  store: Store;
  estate: EstateView;
  incidents: IncidentRows;
  /** Where something is contested. */
  conflicts: ConflictBook;
  /** Which time is told of as having passed without the others. */
  digest: DigestBook;
  /** What was lost, as this console saw it and as the log states it. */
  impact: ImpactBook;
  sources: Sources;
  /** The hub, and the state of the link to it. */
  sync: Sync;
  /** Files that are attached to timelines. */
  evidence: EvidenceCarrier;
  runbooks: RunbookLibrary;
  policies: PolicyBook;
  record: RecordKeeper;
  /** This console's key. */
  identity: Identity;
  /** For work that reads the whole log. */
  tasks: TaskRunner;
  search: SearchIndex;
  entities: EntitySearch;
  settings: Settings;
  paths: Paths;
  version: string;
  /** Wall clock, ms since 1970 UTC. */
  now(): number;
  /** IANA zone of this machine. */
  zone: string;
  /** Changes what is kept for this console only. */
  saveSettings(settings: Settings): void;
  /** One transaction; only for commands. The ops are the acting person's, or those of `as`, whom the command has proved. */
  commit<T>(work: (tx: Transaction) => T, as?: string): T;
  /** Tells the screens to read again what no op changed. */
  changed(keys: ChangeKey[]): void;
  /** An HTML file's content as PDF; null where no window can print it. */
  print: Printer | null;
  /** Closes the engine and opens it again, once the running command has its answer. */
  restart(): void;
  /** How the data folder's files are opened. */
  vault: Vault;
  /** The system's; null where there is none. */
  keychain: Keychain | null;
  /** How dear a guess at a passphrase is made. */
  guess: Guess;
  /** Encrypts or decrypts the folder when the engine is closed next. */
  turn(turn: Turn): void;
  /** What is ordered so, or null. */
  turning(): Turn['what'] | null;
  /** Sentences about what is wrong with the console itself. */
  warnings(): string[];
}

export type Handler<K extends Name> = (context: Context, input: Parsed<K>) => Output<K> | Promise<Output<K>>;

/** Types a handler by the name it has in the table, which is also the name of its file. */
export function handle<K extends Name>(_name: K, handler: Handler<K>): Handler<K> {
  return handler;
}

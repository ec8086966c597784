/**
 * Looking through a whole bundle before anything of it is taken. Invariant: nothing is written; every seal is checked and
 * every op is judged as it would be when it is taken, so that a bundle that is damaged, forged or too large to keep aside
 * is refused as a whole.
 */
import { ESTATE } from '../../../shared/ops/op.ts';
import type { BundleConsoleView, BundleInspection } from '../../../shared/contract/exports.ts';
import type { Sqlite } from '../store/database.ts';
import { examine, type Incoming, type Known, type Standing } from '../store/ingest.ts';
import { Links } from '../store/links.ts';
import { Log } from '../store/log.ts';
import { Projection } from '../store/projection.ts';
import { heldOf, standingOf, tailOf } from '../store/standing.ts';
import { readBundle } from './read.ts';
import type { Seal } from './sealed.ts';
import type { HeadOf } from './format.ts';

/** Reasons that are listed for each console. */
const MAX_REASONS = 3;
/** The last time that a date can say, ms. */
const LAST_DATE_MS = 8_640_000_000_000_000;

/**
 * What a bundle holds and what taking it would come to. `own` is this console, `now` in ms; `progress` hears of ops seen and bytes read.
 * @throws Refusal with what is wrong with the file.
 */
export async function inspectBundle(
  db: Sqlite,
  { path, own, now, seal = null }: { path: string; own: string; now: number; seal?: Seal | null },
  progress: (ops: number, bytes: number) => void = () => {},
): Promise<BundleInspection> {
  const log = new Log(db);
  const looking = new Looking(db, log, own, now);
  let header: BundleInspection['header'] | null = null;
  let heads: readonly HeadOf[] = [];
  let bytes = 0;
  const evidence = { files: 0, bytes: 0 };
  for await (const part of readBundle(path, seal)) {
    if ('header' in part) {
      const { console, made, organisation, organisationId, program, contents, key } = part.header;
      header = {
        key,
        ...{ console, made, organisation, program, contents },
        ...(organisationId === undefined ? {} : { organisationId }),
      };
      heads = part.header.heads;
      bytes = part.bytes;
    } else if ('slice' in part) {
      looking.at(part.slice);
      progress(looking.ops, part.read);
    } else if ('file' in part) {
      evidence.files++;
      evidence.bytes += part.sealed.length;
      progress(looking.ops, part.read);
    }
  }
  return {
    path,
    bytes,
    header: header!,
    maker: looking.who(header!.console),
    ops: looking.ops,
    period: looking.period,
    consoles: looking.consoles(),
    heads: compareHeads(log, heads),
    ...(evidence.files > 0 ? { evidence } : {}),
    ...(seal ? { sealedFor: seal.recipients } : {}),
  };
}

class Looking {
  readonly #log: Log;
  readonly #links: Links;
  readonly #projection: Projection;
  readonly #own: string;
  readonly #now: number;
  readonly #consoles = new Map<string, BundleConsoleView>();
  readonly #standings = new Map<string, Standing>();
  /** Where the bundle has brought each console's chain: what its next slice may join. */
  readonly #reached = new Map<string, { seq: number; id: string }>();
  /** Consoles that ops in the bundle enrol. */
  readonly #enrolled = new Set<string>();
  ops = 0;
  /** From the earliest to the latest that an op in it says that it happened, ms. */
  period: BundleInspection['period'] = null;

  constructor(db: Sqlite, log: Log, own: string, now: number) {
    this.#log = log;
    this.#links = new Links(db);
    this.#projection = new Projection(db);
    this.#own = own;
    this.#now = now;
  }

  at(slice: Incoming): void {
    const { console, head, last } = slice;
    const standing = this.#standing(console);
    const { good, known, refused, vouched } = examine(slice, standing, this.#heldOf(slice, standing), this.#now);
    const view = this.#view(console, standing.access);
    view.first = Math.min(view.first, slice.from ?? slice.first);
    view.last = Math.max(view.last, last);
    view.withheld += slice.ops.length - good.length - known - refused.length;
    view.ops += good.length + known + refused.length;
    view.fresh += good.length;
    view.known += known;
    view.refused += refused.length;
    for (const { reason } of refused) {
      if (view.reasons.length < MAX_REASONS && !view.reasons.includes(reason)) view.reasons.push(reason);
    }
    for (const { op } of good) {
      if (op.type === 'console.enrol' && typeof op.payload['console'] === 'string')
        this.#enrolled.add(op.payload['console']);
    }
    if (vouched) this.#reached.set(console, { seq: last, id: head });
    for (const op of slice.ops) this.#happened((op as { eventTime?: unknown } | null)?.eventTime);
    this.ops += good.length + known + refused.length;
  }

  #happened(at: unknown): void {
    if (typeof at !== 'number' || !Number.isSafeInteger(at) || Math.abs(at) > LAST_DATE_MS) return;
    const { first, last } = this.period ?? { first: at, last: at };
    this.period = { first: Math.min(first, at), last: Math.max(last, at) };
  }

  /** What is known here of who made it. */
  who(console: string): BundleInspection['maker'] {
    const { access } = this.#standing(console);
    const known = this.#enrolled.has(console) && access === 'stranger' ? ('enrolled-by-it' as const) : access;
    return { console, name: this.#name(console), access: console === this.#own ? 'own' : known };
  }

  /** What would be held of the slice's chain, had the slices before it been taken. */
  #heldOf(slice: Incoming, standing: Standing): Known {
    const held = heldOf(this.#log, this.#links, slice, tailOf(standing, this.#links, slice.console));
    const reached = this.#reached.get(slice.console);
    return (console, seq) => {
      const here = held(console, seq);
      return here?.whole || reached?.seq !== seq ? here : { id: reached.id, whole: false };
    };
  }

  #standing(console: string): Standing {
    let standing = this.#standings.get(console);
    if (!standing) {
      standing = standingOf(this.#log, this.#projection.entity('console', ESTATE, console)?.doc, console, this.#own);
      this.#standings.set(console, standing);
    }
    return standing;
  }

  #view(console: string, access: Standing['access']): BundleConsoleView {
    let view = this.#consoles.get(console);
    if (!view) {
      view = {
        console,
        name: this.#name(console),
        access: console === this.#own ? 'own' : access,
        first: Infinity,
        last: 0,
        ops: 0,
        withheld: 0,
        fresh: 0,
        known: 0,
        refused: 0,
        reasons: [],
      };
      this.#consoles.set(console, view);
    }
    return view;
  }

  #name(console: string): string {
    const name = this.#projection.entity('console', ESTATE, console)?.doc['name'];
    return typeof name === 'string' ? name : '';
  }

  consoles(): BundleConsoleView[] {
    return [...this.#consoles.values()].map((view) =>
      view.access === 'stranger' && this.#enrolled.has(view.console)
        ? { ...view, access: 'enrolled-by-it' as const }
        : view,
    );
  }
}

/** What this log says to the heads that the maker had. */
function compareHeads(log: Log, heads: readonly HeadOf[]): BundleInspection['heads'] {
  return heads.map(({ console, seq, head }) => {
    const id = log.idAt(console, seq);
    const here = log.head(console)?.seq ?? 0;
    return {
      console,
      seq,
      head,
      state:
        id === head ? 'here' : id !== null ? 'different' : here > seq ? 'not-here' : here === 0 ? 'unknown' : 'ahead',
    };
  });
}

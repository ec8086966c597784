/**
 * Making and taking bundles. Invariants: a bundle is there whole and signed or not at all; one that is damaged, cut off or
 * signed by somebody else changes nothing; taking one again, out of order or in part twice changes nothing more.
 */
import { appendFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../../../shared/contract/spec.ts';
import type {
  BundleConsoleView,
  BundleInspection,
  ExportedBundle,
  ImportedBundle,
} from '../../../shared/contract/exports.ts';
import type { Parsed } from '../../../shared/contract/table.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { rawKey, signText, type Identity } from '../access/identity.ts';
import type { Context } from '../context.ts';
import { filesOf } from '../evidence/view.ts';
import { fileName, targetOf, writeWhole } from '../exports/files.ts';
import { askingOf, organisationOf } from '../joining/membership.ts';
import { storyOf } from '../incidents/timeline.ts';
import { declared, findIncident, labels } from '../incidents/view.ts';
import type { Incoming } from '../store/ingest.ts';
import type { Store } from '../store/store.ts';
import { BUNDLE_EXTENSION, endText, formatFor, type BundleHeader, type Contents, type EndLine } from './format.ts';
import { readBundle } from './read.ts';
import { publishSealingKey, recipientsOf } from './recipients.ts';
import { sealFile, unseal, type Seal } from './sealed.ts';
import { rememberHeads } from './witness.ts';
import { working, type Work } from './work.ts';
import type { BundleBody } from './write.ts';

/** More ops of one console than this are not kept aside: the bundle is there to be taken again when they may be applied. */
const MOST_KEPT_ASIDE = 5000;

/** @throws Refusal when there is nothing to write, or the disk does not take it. */
export async function exportBundle(context: Context, input: Parsed<'bundle.export'>): Promise<ExportedBundle> {
  const { store, now } = context;
  const { incident, since, heads: numbers, after } = input;
  if ([incident, since, numbers, after].filter((each) => each !== undefined).length > 1) {
    throw new Refusal(
      'bad_input',
      'A bundle is of one incident, of what came since an earlier bundle, or of what came after an op or given numbers: choose one.',
    );
  }
  if (store.opCount === 0) throw new Refusal('refused', 'There is nothing to write: the log is empty.');
  publishSealingKey(context);
  const recipients = input.for === undefined ? null : recipientsOf(context, input.for);
  const contents = await contentsOf(context, input);
  const made = now();
  const stamp = new Date(made).toISOString().slice(0, 16).replace(':', '-');
  const name =
    contents.of === 'incident'
      ? fileName(contents.label, contents.title, stamp)
      : fileName(context.estate.profile.name || 'holdfast', stamp);
  const path = await targetOf(input.to, `${name}${BUNDLE_EXTENSION}`);
  const own = organisationOf(store);
  const header: Omit<BundleHeader, 'heads'> = {
    holdfast: 'bundle',
    format: formatFor(input.withEvidence),
    made,
    console: store.console,
    key: rawKey(context.identity.publicKey).toString('base64url'),
    organisation: own?.name ?? context.estate.profile.name,
    ...(own ? { organisationId: own.id } : {}),
    program: context.version,
    contents,
  };
  const story = contents.of === 'incident' ? storyOf(context, findIncident(context, contents.incident)) : null;
  const attached = input.withEvidence
    ? attachedIn(context, contents.of === 'incident' ? contents.incident : null)
    : null;
  const here = attached?.filter((file) => context.evidence.shelf.has(file)) ?? [];
  const inAll = contents.of === 'everything' ? store.opCount : null;
  const fill = async (draft: string, work: Work): Promise<BundleBody> => {
    const write = async (file: string): Promise<BundleBody> => {
      work.next('export', { ops: inAll });
      const evidence = attached && { data: context.paths.data, files: here };
      const order = { path: file, header, story, evidence };
      const body = await context.tasks.run('bundle.write', order, (ops, bytes) => work.at(ops, bytes!), work.signal);
      if (body.ops === 0) throw new Refusal('refused', 'There is nothing to write: no op came after these numbers.');
      await appendFile(file, gzipSync(endLine(context.identity, body)));
      return body;
    };
    if (recipients === null) return write(draft);
    // In the clear it lies only where everything lies anyway, never on what leaves the house.
    const clear = join(context.paths.data, `sealing-${made}.part`);
    try {
      await writeFile(clear, '', { mode: 0o600 });
      const body = await write(clear);
      const { size } = await stat(clear);
      work.next('seal', { ops: body.ops, bytes: size });
      await sealFile(clear, draft, recipients, { signal: work.signal, far: (read) => work.at(body.ops, read) });
      return body;
    } finally {
      await rm(clear, { force: true });
    }
  };
  const { bytes, value } = await working(context, 'export', basename(path), (work) =>
    writeWhole(path, input.replace, (draft) => fill(draft, work)),
  );
  const { ops, heads } = value;
  const where = `Bundle ${basename(path)}`;
  await rememberHeads(
    context.paths.data,
    context.identity,
    heads.map((head) => ({ ...head, where, at: made })),
  );
  return {
    ...{ path, bytes, ops, consoles: heads.length, contents },
    ...(recipients === null ? {} : { sealedFor: recipients.map(({ console }) => console) }),
    ...(attached && {
      evidence: { files: value.files, bytes: value.fileBytes, missing: attached.length - value.files },
    }),
  };
}

/** Files that are attached to an incident, or to any, by their hash, each once. */
function attachedIn(context: Context, incident: string | null): string[] {
  const scopes = incident === null ? declared(context).map(({ id }) => id) : [incident];
  return [...new Set(scopes.flatMap((scope) => filesOf(context, scope)))];
}

function endLine({ console, privateKey }: Identity, { slices, ops, sha256 }: BundleBody): string {
  const end = { slices, ops, sha256 };
  const line: EndLine = {
    end: { ...end, signature: signText(privateKey, endText(console, end)).toString('base64url') },
  };
  return `${JSON.stringify(line)}\n`;
}

async function contentsOf(
  context: Context,
  { incident, since, heads, after }: Parsed<'bundle.export'>,
): Promise<Contents> {
  if (incident !== undefined) {
    const row = findIncident(context, incident);
    return {
      of: 'incident',
      incident: row.id,
      label: labels(declared(context)).get(row.id)!,
      title: String(row.doc['title'] ?? ''),
    };
  }
  if (heads !== undefined) return { of: 'since', since: heads };
  if (after !== undefined) return { of: 'since', since: numbersAt(context, after) };
  if (since === undefined) return { of: 'everything' };
  const earlier = await headerOf(context.identity, since);
  if (earlier.contents.of === 'incident') {
    throw new Refusal(
      'bad_input',
      `${basename(since)} is a bundle of one incident; what came since can only be told from a bundle of everything, or of what came since one.`,
    );
  }
  return { of: 'since', since: Object.fromEntries(earlier.heads.map(({ console, seq }) => [console, seq])) };
}

/** Of each console the number that this console had come to when the op whose id begins with `head` was written down here. */
function numbersAt({ store: { log } }: Context, head: string): Record<string, number> {
  const found = log.byPrefix(head);
  if (found.length === 0)
    throw new Refusal('not_found', `after: no op here has an id that begins with ${head}; "record show" names heads.`);
  if (found.length > 1)
    throw new Refusal('bad_input', `after: more than one op has an id that begins with ${head}: write more of it.`);
  return log.numbersAt(found[0]!.n);
}

/** The header of a bundle that is whole and signed. */
async function headerOf(identity: Identity, path: string): Promise<BundleHeader> {
  let header: BundleHeader | null = null;
  const seal = await unseal(path, basename(path), identity);
  for await (const part of readBundle(path, seal)) if ('header' in part) header = part.header;
  return header!;
}

/** Looks through a bundle in a thread of its own. @throws Refusal with what is wrong with the file. */
export function inspect(context: Context, path: string): Promise<BundleInspection> {
  return working(context, 'check', basename(path), (work) => lookThrough(context, path, work));
}

async function lookThrough(context: Context, path: string, work: Work): Promise<BundleInspection> {
  const seal = await unseal(path, basename(path), context.identity);
  const input = { path, own: context.store.console, now: context.now(), seal };
  work.next('check', { bytes: (await stat(path).catch(() => null))?.size ?? null });
  return context.tasks.run('bundle.inspect', input, (ops, bytes) => work.at(ops, bytes!), work.signal);
}

/**
 * Takes a bundle. Stopped in the middle, what was taken stays, and taking it again goes on.
 * @throws Refusal when the file is not good, or it was stopped before anything was taken; then nothing was changed.
 */
export function importBundle(context: Context, path: string, believe?: string): Promise<ImportedBundle> {
  return working(context, 'check', basename(path), (work) => takeBundle(context, path, work, believe));
}

async function takeBundle(context: Context, path: string, work: Work, believe?: string): Promise<ImportedBundle> {
  const inspection = await lookThrough(context, path, work);
  refuseForeign(context, inspection.header);
  if (believe !== undefined) believeMaker(context, inspection.header, believe);
  const { store } = context;
  const before = { mark: store.log.newest(), at: context.now() };
  const seal = await unseal(path, basename(path), context.identity);
  const taking = new Taking(context, inspection, `Bundle ${basename(path)}`, work);
  work.next('import', { ops: inspection.ops, bytes: inspection.bytes });
  await taking.run(path, seal);
  await rememberWhatItSaw(context, inspection, basename(path));
  const result = taking.result();
  if (inspection.evidence && !result.stopped) result.messages.push(await takeFiles(context, path, seal, work));
  if (result.applied + result.quarantined > 0) {
    const own = inspection.heads.find(({ console }) => console === store.console)?.seq ?? 0;
    context.digest.imported({ ...before, own, from: basename(path) });
  }
  return result;
}

/**
 * Keeps the attached files of a bundle that was taken, as far as something here names them: what nobody who counts attached
 * must not fill the disk. What came of it, in a sentence.
 */
async function takeFiles(context: Context, path: string, seal: Seal | null, work: Work): Promise<string> {
  const { shelf } = context.evidence;
  const attached = new Set(attachedIn(context, null));
  const count = { taken: 0, known: 0, left: 0 };
  for await (const part of readBundle(path, seal)) {
    if (work.stopped) break;
    if (!('file' in part)) continue;
    if (!attached.has(part.file)) count.left++;
    else if (shelf.read(part.file) !== null) count.known++;
    else {
      shelf.put(part.sealed);
      context.evidence.arrived(part.file);
      count.taken++;
    }
    await setImmediate();
  }
  context.changed(['incidents']);
  void context.evidence.carry();
  const files = (number: number): string =>
    number === 1 ? '1 attached file' : `${number.toLocaleString('en')} attached files`;
  return [
    ...(count.taken > 0 ? [`The content of ${files(count.taken)} was taken.`] : []),
    ...(count.known > 0 ? [`The content of ${files(count.known)} was here already.`] : []),
    ...(count.left > 0
      ? [
          `The content of ${files(count.left)} was left out: nothing that counts here names ${count.left === 1 ? 'it' : 'them'}.`,
        ]
      : []),
  ].join(' ');
}

/** A bundle of another organisation would only fill what is kept out. */
function refuseForeign({ store }: Context, { organisation, organisationId }: BundleInspection['header']): void {
  const own = organisationOf(store)?.id ?? askingOf(store)?.organisation;
  if (own === undefined || organisationId === undefined || organisationId === own) return;
  throw new Refusal(
    'refused',
    `The bundle is of another organisation, ${organisation} (${organisationId}); this console belongs to ${own}, and nothing was taken.`,
  );
}

/**
 * Enrols the console that made a bundle on the word of whoever has it, so that a lost folder lives on in a new one.
 * @throws Refusal where there is somebody to ask instead
 */
function believeMaker(context: Context, { console, key }: BundleInspection['header'], believe: string): void {
  const { store } = context;
  if (believe !== console)
    throw new Refusal('bad_input', `believe: the bundle was made by console ${console}, not by ${believe}.`);
  if (store.standing(console).access !== 'stranger') return;
  if (!isNobodys(store))
    throw new Refusal(
      'refused',
      'believe: this log belongs to somebody already. Another console of the organisation lets its maker in, with a code.',
    );
  context.commit((tx) =>
    tx.append({
      scope: ESTATE,
      type: 'console.enrol',
      payload: {
        console,
        key,
        name: `Console ${console} before`,
        reason: 'Believed on the word of who had its bundle.',
      },
    }),
  );
}

/** Whether nobody else's ops are here, and nobody could let anybody in. */
function isNobodys(store: Store): boolean {
  return !organisationOf(store) && !askingOf(store) && store.log.consoles().every(({ id }) => id === store.console);
}

class Taking {
  readonly #context: Context;
  #seal: Seal | null = null;
  readonly #origin: string;
  readonly #maker: string;
  readonly #work: Work;
  readonly #views: ReadonlyMap<string, BundleConsoleView>;
  readonly #incidents = new Set<string>();
  readonly #reasons = new Map<string, number>();
  readonly #keptAside = new Map<string, number>();
  readonly #total = { applied: 0, known: 0, quarantined: 0, left: 0 };

  constructor(context: Context, { consoles, header }: BundleInspection, origin: string, work: Work) {
    this.#context = context;
    this.#work = work;
    this.#origin = origin;
    this.#maker = header.console;
    this.#views = new Map(consoles.map((view) => [view.console, view]));
  }

  /** Reads the file as often as it enrols consoles whose ops stand before their enrolment, and once more for the strangers. */
  async run(path: string, seal: Seal | null): Promise<void> {
    this.#seal = seal;
    const waiting = new Set(this.#views.keys());
    for (let before = Infinity; waiting.size > 0 && waiting.size < before && !this.#work.stopped;) {
      before = waiting.size;
      const taken = await this.#pass(path, waiting, (console) => this.#access(console) !== 'stranger');
      for (const console of taken) waiting.delete(console);
      if (![...waiting].some((console) => this.#access(console) !== 'stranger')) break;
    }
    if (this.#work.stopped) return;
    const kept = new Set([...waiting].filter((console) => this.#views.get(console)!.ops <= MOST_KEPT_ASIDE));
    if (kept.size > 0) await this.#pass(path, kept, () => true);
    if (this.#work.stopped) return;
    for (const console of waiting) if (!kept.has(console)) this.#total.left += this.#views.get(console)!.ops;
  }

  #access(console: string): string {
    return this.#context.store.standing(console).access;
  }

  /** Takes the slices of those `consoles` that are `ready` when they come; the consoles of which all were taken. */
  async #pass(path: string, consoles: ReadonlySet<string>, ready: (console: string) => boolean): Promise<Set<string>> {
    const taken = new Set<string>();
    const passed = new Set<string>();
    for await (const part of readBundle(path, this.#seal)) {
      if (!('slice' in part) || !consoles.has(part.slice.console) || passed.has(part.slice.console)) continue;
      const { console } = part.slice;
      if (!ready(console) && !taken.has(console)) {
        passed.add(console);
        continue;
      }
      taken.add(console);
      if ((this.#keptAside.get(console) ?? 0) > MOST_KEPT_ASIDE) this.#leave(part.slice);
      else this.#ingest(part.slice);
      const { applied, known, quarantined, left } = this.#total;
      this.#work.at(applied + known + quarantined + left, part.read);
      await setImmediate();
      if (this.#work.stopped) break;
    }
    return taken;
  }

  #leave({ ops }: Incoming): void {
    this.#total.left += ops.filter((op) => typeof op === 'object' && op !== null && 'id' in op).length;
  }

  #ingest(slice: Incoming): void {
    const { applied, known, quarantined } = this.#context.store.ingest([slice], this.#origin);
    this.#total.applied += applied;
    this.#total.known += known;
    this.#total.quarantined += quarantined.length;
    if (quarantined.length > 0)
      this.#keptAside.set(slice.console, (this.#keptAside.get(slice.console) ?? 0) + quarantined.length);
    for (const { reason } of quarantined) this.#count(reason);
    if (applied > 0) for (const op of slice.ops) this.#note(op);
  }

  #count(reason: string): void {
    if (this.#reasons.size < 100 || this.#reasons.has(reason))
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  #note(op: unknown): void {
    const { id, scope } = op as { id?: unknown; scope?: unknown };
    if (typeof id === 'string' && typeof scope === 'string' && scope !== ESTATE) this.#incidents.add(scope);
  }

  /** What came of it; the incidents that are open first, and of those the newest. */
  result(): ImportedBundle {
    const rows = declared(this.#context);
    const names = labels(rows);
    const open = new Set(this.#context.incidents.open().map(({ id }) => id));
    const rank = (row: (typeof rows)[number]) => (open.has(row.id) ? 1e9 : 0) + Number(row.doc['number']);
    const incidents = rows
      .filter((row) => this.#incidents.has(row.id))
      .toSorted((a, b) => rank(b) - rank(a))
      .map((row) => ({ id: row.id, name: `${names.get(row.id)!} ${String(row.doc['title'] ?? '')}` }));
    return { ...this.#total, stopped: this.#work.stopped, incidents, messages: this.#messages() };
  }

  #messages(): string[] {
    const messages = [...this.#reasons]
      .sort((a, b) => b[1] - a[1])
      .map(([reason, times]) => `${times === 1 ? 'One op was' : `${times} ops were`} kept out: ${reason}`);
    if (this.#work.stopped)
      messages.unshift(
        'It was stopped before its end: what was taken stays and counts. Take the bundle again to go on from there.',
      );
    if (this.#total.left > 0) {
      messages.push(
        `${this.#total.left} ops were left out because they are too many to keep aside; take the bundle again when their consoles are enrolled.`,
      );
    }
    if (this.#access(this.#maker) === 'stranger')
      messages.unshift(
        `Console ${this.#maker}, which made the bundle, is not enrolled here; its own ops do not count.`,
        ...(isNobodys(this.#context.store)
          ? [
              `Is its data folder lost, and no other console there to let this one in? Take the bundle again with --believe ${this.#maker}.`,
            ]
          : []),
      );
    return messages;
  }
}

/**
 * Remembers what a bundle of an enrolled console saw of our own chain, and of others as far as we have it too: what we
 * never had cannot be missed.
 */
async function rememberWhatItSaw(context: Context, { header, heads }: BundleInspection, file: string): Promise<void> {
  const { store } = context;
  if (store.standing(header.console).access !== 'enrolled') return;
  const where = `Bundle ${file} of console ${header.console}`;
  const seen = heads.filter(
    ({ console, seq, head }) => console === store.console || store.log.idAt(console, seq) === head,
  );
  await rememberHeads(
    context.paths.data,
    context.identity,
    seen.map(({ console, seq, head }) => ({ where, console, seq, head, at: header.made })),
  );
}

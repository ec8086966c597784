/**
 * Taking an incident from its JSON export. Invariant: nothing that the file tells is believed but ops that their consoles
 * signed, and names, which are shown and decide nothing. Where all of its consoles are enrolled its ops go into the log by
 * the same road as any others; else it is kept apart as the record of somebody else.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { ImportedIncident, IncidentInspection } from '../../../shared/contract/exports.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { ESTATE, type Op } from '../../../shared/ops/op.ts';
import { Slice } from '../../../shared/ops/segment.ts';
import { decodeText, sentenceOf } from '../catalog/text.ts';
import type { Context } from '../context.ts';
import { declared, labels } from '../incidents/view.ts';
import { coveredOps } from '../store/ingest.ts';
import { DOCUMENT_FORMAT } from './document.ts';
import { findRecord, foreignView, isKept, keepForeign, ForeignRecord } from './foreign.ts';

/** Largest export that is read, bytes: it is held in memory as a whole. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The part of `IncidentDocument` that an import looks at. */
const Taken = ForeignRecord.omit({ incident: true, slices: true }).extend({
  holdfast: z.literal('incident'),
  format: z.int(),
  incident: z.object({ id: z.string(), label: z.string(), title: z.string() }),
  record: z.object({ slices: z.array(z.unknown()).min(1) }),
});
type Taken = z.infer<typeof Taken>;

/** An export that is read and verified, and what taking it would come to. */
interface Looked {
  document: Taken;
  slices: Slice[];
  /** Those that are whole. */
  ops: Op[];
  known: ReadonlySet<string>;
  /** Consoles of it whose ops do not count here. */
  strangers: string[];
  messages: string[];
  bytes: number;
}

/** @throws Refusal in one sentence when the file is no such export or anything in it does not verify. */
async function look(context: Context, path: string): Promise<Looked> {
  const name = basename(path);
  const document = await read(path, name);
  const slices = await checked(name, document);
  const { id } = document.incident;
  const ops = slices.flatMap((slice) => slice.ops.filter((op) => 'id' in op));
  if (!ops.some((op) => op.type === 'incident.declare' && op.scope === id)) {
    throw bad(name, `does not hold the declaration of ${document.incident.label}`);
  }
  const left = slices.flatMap((slice) => slice.ops).filter((op) => !('id' in op) && op.scope === id).length;
  const messages =
    left === 0
      ? []
      : [
          `${left === 1 ? 'One op' : `${left} ops`} of this incident ${left === 1 ? 'is' : 'are'} not in the file: whoever exported it did not have ${left === 1 ? 'it' : 'them'}, or left ${left === 1 ? 'it' : 'them'} out.`,
        ];
  const known = new Set(ops.filter((op) => context.store.log.has(op.id)).map((op) => op.id));
  const strangers = [...new Set(slices.map(({ console }) => console))].filter(
    (console) => context.store.standing(console).access !== 'enrolled',
  );
  const { size } = await stat(path);
  return { document, slices, ops, known, strangers, messages, bytes: size };
}

/** What an export holds, before anything of it is taken. @throws as `importIncident` */
export async function inspectIncident(context: Context, path: string): Promise<IncidentInspection> {
  const { document, ops, known, strangers, messages, bytes } = await look(context, path);
  const { label, title } = document.incident;
  const { doc } = context.store.entity('console', ESTATE, document.console) ?? {};
  return {
    ...{ path, bytes, label, title, messages },
    organisation: document.organisation,
    maker: { console: document.console, name: typeof doc?.['name'] === 'string' ? doc['name'] : '' },
    made: document.made,
    ops: ops.length,
    fresh: ops.length - known.size,
    as: strangers.length === 0 ? 'own' : 'foreign',
  };
}

/** @throws Refusal in one sentence when the file is no such export or anything in it does not verify; then nothing changed. */
export async function importIncident(context: Context, path: string): Promise<ImportedIncident> {
  const name = basename(path);
  const { document, slices, ops, known, strangers, messages } = await look(context, path);
  const { id } = document.incident;
  if (strangers.length === 0) {
    const { kept, applied } = await apply(context, slices);
    const row = declared(context).find((each) => each.id === id);
    if (!row) throw bad(name, `was kept out: ${kept[0] ?? 'its declaration does not apply here'}`);
    return {
      id,
      label: labels(declared(context)).get(id)!,
      title: String(row.doc['title'] ?? ''),
      as: 'own',
      ops: ops.length,
      fresh: applied,
      messages: [...messages, ...kept],
    };
  }

  const record: ForeignRecord = {
    incident: id,
    organisation: document.organisation,
    demonstration: document.demonstration,
    console: document.console,
    made: document.made,
    names: document.names,
    slices,
  };
  const hash = createHash('sha256')
    .update(canonical(slices.map(({ console, from, last, head }) => [console, from, last, head])))
    .update(canonical(ops.map((op) => op.id)))
    .digest('hex');
  const before = isKept(context, id, hash);
  if (!before) {
    keepForeign(context, record, hash);
    context.changed(['incidents', `incident:${id}`]);
  }
  if (known.size === ops.length) messages.push('All of it is in our own log already.');
  const whose = document.organisation === '' ? 'another organisation' : document.organisation;
  messages.push(
    `It is kept as a foreign record of ${whose}: ${strangers.length === 1 ? `console ${strangers[0]} is` : `${strangers.length} of its consoles are`} not enrolled here. Its signatures are good; it can be read and exported, and changes nothing of ours.`,
  );
  const found = findRecord(context, id);
  const shown = found.foreign ? foreignView({ ...found, foreign: found.foreign }) : null;
  return {
    id,
    label: shown?.label ?? document.incident.label,
    title: shown?.title ?? '',
    as: 'foreign',
    ops: ops.length,
    fresh: before ? 0 : ops.length - known.size,
    messages,
  };
}

function bad(name: string, what: string): Refusal {
  return new Refusal('bad_input', `${name} ${what}. Nothing of it was taken.`);
}

async function read(path: string, name: string): Promise<Taken> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      throw bad(
        name,
        `has ${Math.ceil(size / 1024 / 1024)} MB; an export of one incident has at most ${MAX_BYTES / 1024 / 1024} MB`,
      );
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('not_found', `${path} cannot be read: ${sentenceOf(error)}.`);
  }
  const decoded = decodeText(bytes);
  if (!decoded.ok) throw bad(name, `is no JSON export of an incident: ${decoded.message.replace(/\.$/, '')}`);
  let value: unknown;
  try {
    value = JSON.parse(decoded.text.replace(/^\ufeff/, ''));
  } catch {
    throw bad(name, 'is no JSON export of an incident: it is not whole JSON');
  }
  const parsed = Taken.safeParse(value);
  if (!parsed.success) {
    const { path: where, message } = parsed.error.issues[0]!;
    throw bad(name, `is no JSON export of an incident: ${where.join('.') || 'it'}: ${message}`);
  }
  if (parsed.data.format > DOCUMENT_FORMAT)
    throw bad(name, `was made by a newer Holdfast (format ${parsed.data.format}, this one knows ${DOCUMENT_FORMAT})`);
  return parsed.data;
}

/** The slices, each reached as a whole by its own console's signature. */
async function checked(name: string, { record }: Taken): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (const [index, each] of record.slices.entries()) {
    const parsed = Slice.safeParse(each);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      throw bad(name, `is no JSON export of an incident: record.slices.${index}.${path.join('.')}: ${message}`);
    }
    const { problem } = coveredOps(parsed.data);
    if (problem) throw bad(name, `does not verify: ${problem.replace(/\.$/, '')}`);
    slices.push(parsed.data);
    if (index % 8 === 7) await setImmediate();
  }
  return slices;
}

async function apply({ store }: Context, slices: readonly Slice[]): Promise<{ applied: number; kept: string[] }> {
  const reasons = new Set<string>();
  let applied = 0;
  for (const slice of slices) {
    const taken = store.ingest([slice], 'export');
    applied += taken.applied;
    for (const { reason } of taken.quarantined) reasons.add(reason);
    await setImmediate();
  }
  return { applied, kept: [...reasons].slice(0, 5).map((reason) => `Ops were kept out: ${reason}`) };
}

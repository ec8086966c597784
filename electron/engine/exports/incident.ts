/**
 * Writing an incident into a file that is read without this program. Invariant: every format tells the same story, in one
 * zone that it names, with what was corrected, what is contested, and whether the record verifies.
 */
import { hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { ExportFormat, type Exported } from '../../../shared/contract/exports.ts';
import type { VerifyView } from '../../../shared/contract/record.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Parsed } from '../../../shared/contract/table.ts';
import { csvWriter } from '../../../shared/domain/export/csv.ts';
import { htmlWriter, STYLE } from '../../../shared/domain/export/html.ts';
import { jsonWriter } from '../../../shared/domain/export/json.ts';
import { markdownWriter } from '../../../shared/domain/export/markdown.ts';
import type { DocumentWriter } from '../../../shared/domain/export/writer.ts';
import { isZone } from '../../../shared/domain/times.ts';
import type { Context } from '../context.ts';
import { tellIncident, type IncidentStory } from './document.ts';
import { fileName, targetOf, writeWhole } from './files.ts';
import { findRecord } from './foreign.ts';

const NO_PRINTER =
  'PDF is printed by the window, and no console is open on this data folder: open it (npm start), or export html and print that.';

/** @throws Refusal when the incident, the zone or the format makes no sense, or the disk does not take the file. */
export async function exportIncident(context: Context, input: Parsed<'incident.export'>): Promise<Exported> {
  const zone = input.zone ?? context.settings.headquartersZone ?? context.zone;
  if (!isZone(zone))
    throw new Refusal(
      'bad_input',
      `zone: ${JSON.stringify(zone)} is no time zone that is known here; write a name like Europe/Vienna or UTC.`,
    );
  const format = formatOf(input.format, input.to);
  const { print } = context;
  if (format === 'pdf' && print === null) throw new Refusal('refused', NO_PRINTER);
  const found = findRecord(context, input.incident);
  const record = found.foreign ? found.verification : await verified(context);
  const story = await tellIncident(found.context, found.row, zone, record, found.foreign);
  const { label, title } = story.head.incident;
  const path = await targetOf(input.to, `${fileName(label, title)}.${format}`);
  const { bytes } = await writeWhole(path, input.replace, async (draft) => {
    const file = await open(draft, 'r+');
    try {
      if (format === 'pdf') await file.writeFile(await print!(await wholeOf(story, writerOf('html', story))));
      else await write(file, story, writerOf(format, story));
    } finally {
      await file.close();
    }
  });
  return { path, bytes, format, zone, entries: story.head.entries, verified: record.ok };
}

function formatOf(format: ExportFormat | undefined, to: string): ExportFormat {
  if (format !== undefined) return format;
  const extension = extname(to).slice(1).toLowerCase();
  const named = ExportFormat.safeParse({ markdown: 'md', htm: 'html' }[extension] ?? extension);
  if (named.success) return named.data;
  throw new Refusal(
    'bad_input',
    `format: say which: ${ExportFormat.options.join(', ')}; the name of the file does not tell.`,
  );
}

/** A verification counts for several exports in a row, as long as nothing was written and no backup made since. */
const STILL_GOOD_MS = 2 * 60_000;

async function verified({ record, store, now }: Context): Promise<VerifyView> {
  const last = record.verified;
  const current =
    last !== null &&
    last.ok &&
    last.ops === store.opCount &&
    last.witnesses.checked === record.witnesses().length &&
    now() - last.startedAt < STILL_GOOD_MS;
  return current ? last : await record.verify();
}

function writerOf(format: ExportFormat, { head, slices }: IncidentStory): DocumentWriter {
  switch (format) {
    case 'md':
      return markdownWriter(head);
    case 'csv':
      return csvWriter(head);
    case 'json':
      return jsonWriter(head, slices);
    case 'html':
    case 'pdf':
      return htmlWriter(head, hash('sha256', STYLE, 'base64'));
  }
}

async function* pieces(story: IncidentStory, writer: DocumentWriter): AsyncGenerator<string> {
  yield* writer.begin();
  for await (const entry of story.entries()) yield writer.entry(entry);
  yield* writer.end();
}

const BUFFERED = 256 * 1024;

async function write(file: FileHandle, story: IncidentStory, writer: DocumentWriter): Promise<void> {
  let text = '';
  for await (const piece of pieces(story, writer)) {
    text += piece;
    if (text.length < BUFFERED) continue;
    await file.appendFile(text);
    text = '';
  }
  await file.appendFile(text);
}

async function wholeOf(story: IncidentStory, writer: DocumentWriter): Promise<string> {
  const parts: string[] = [];
  for await (const piece of pieces(story, writer)) parts.push(piece);
  return parts.join('');
}

/** The timeline as CSV after RFC 4180, one line per entry, times as ISO 8601 with their offset. */
import type { DocumentEntry, DocumentHead } from '../../contract/exports.ts';
import { DocumentClock } from './clock.ts';
import { csvCell } from './visible.ts';
import type { DocumentWriter } from './writer.ts';

const COLUMNS = [
  'incident',
  'n',
  'happened',
  'entered',
  'arrived',
  'zone',
  'kind',
  'type',
  'who',
  'who_id',
  'console',
  'summary',
  'text',
  'health',
  'corrections',
  'last_corrected',
  'last_corrected_by',
  'last_correction_reason',
  'happened_first',
  'text_first',
  'author_zone',
  'op',
] as const;

export function csvWriter(head: DocumentHead): DocumentWriter {
  const clock = new DocumentClock(head.zone);
  let n = 0;
  return {
    *begin() {
      yield row(COLUMNS);
    },
    entry: (entry) => row(cells(head.incident.label, ++n, entry, clock)),
    *end() {},
  };
}

function cells(label: string, n: number, entry: DocumentEntry, clock: DocumentClock): (string | number)[] {
  const last = entry.corrections.at(-1);
  return [
    label,
    n,
    clock.iso(entry.eventTime),
    clock.iso(entry.enteredAt),
    clock.iso(entry.arrivedAt),
    clock.zone,
    entry.kind,
    entry.type,
    entry.actor.name,
    entry.actor.id,
    entry.console,
    entry.summary,
    entry.text ?? '',
    entry.health ?? '',
    entry.corrections.length,
    last ? clock.iso(last.enteredAt) : '',
    last?.by.name ?? '',
    last?.reason ?? '',
    entry.original ? clock.iso(entry.original.eventTime) : '',
    entry.original?.text ?? '',
    entry.zone,
    entry.id,
  ];
}

function row(values: readonly (string | number)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

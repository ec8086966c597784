/** An incident as Markdown (CommonMark with GFM tables). Invariant: words that people wrote are shown, never obeyed. */
import type { DocumentEntry, DocumentHead } from '../../contract/exports.ts';
import { DocumentClock } from './clock.ts';
import {
  correctionLines,
  entryLead,
  imprint,
  laterTimes,
  sectionsAfter,
  sectionsBefore,
  type Block,
  type Cell,
  type Section,
} from './sections.ts';
import { markdownLine, markdownLines } from './visible.ts';
import type { DocumentWriter } from './writer.ts';

export function markdownWriter(head: DocumentHead): DocumentWriter {
  const clock = new DocumentClock(head.zone);
  return {
    *begin() {
      yield `# ${markdownLine(`${head.incident.label} ${head.incident.title}`)}\n\n`;
      if (head.demonstration) yield '**DEMONSTRATION: the estate and its signals are invented.**\n\n';
      for (const line of imprint(head, clock)) yield `${markdownLine(line)}\n\n`;
      for (const section of sectionsBefore(head, clock)) yield* sectionText(section);
      yield `## Timeline\n\n${head.entries === 0 ? 'Nothing was written.\n\n' : ''}`;
    },
    entry: (entry) => entryText(entry, clock),
    *end() {
      for (const section of sectionsAfter(head, clock)) yield* sectionText(section);
    },
  };
}

function* sectionText({ title, blocks }: Section): Generator<string> {
  yield `## ${markdownLine(title)}\n\n`;
  for (const block of blocks) yield `${blockText(block)}\n\n`;
}

function blockText(block: Block): string {
  switch (block.is) {
    case 'heading':
      return `### ${markdownLine(block.text)}`;
    case 'text':
      return markdownLine(block.text);
    case 'facts':
      return tableText(
        ['', ''],
        block.rows.map(([name, value]) => [{ text: name }, { text: value }]),
      );
    case 'table':
      return tableText(block.columns, block.rows);
  }
}

function tableText(columns: readonly string[], rows: readonly Cell[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(markdownLine)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(row.map(cellText))),
  ].join('\n');
}

function cellText({ text, style }: Cell): string {
  const shown = markdownLine(text);
  if (shown === '') return '';
  // A code span cannot be escaped, so only what is made of letters and digits becomes one.
  if (style === 'code') return /^[A-Za-z0-9_-]+$/.test(text) ? `\`${text}\`` : shown;
  return style === 'strong' ? `**${shown}**` : shown;
}

function entryText(entry: DocumentEntry, clock: DocumentClock): string {
  const { lead, words } = entryLead(entry);
  const times = [clock.at(entry.eventTime), ...laterTimes(clock, entry)].join(', ');
  const head = `**${markdownLine(times)}** · ${markdownLine(entry.actor.name)}${lead === null ? '' : ` · ${markdownLine(lead)}`}`;
  const parts = [head];
  if (words !== '') parts.push(markdownLines(words, '> '));
  for (const { head: told, before } of correctionLines(clock, entry)) {
    parts.push(`*${markdownLine(told)}*`);
    if (before !== null) parts.push(markdownLines(before, '> '));
  }
  return `${parts.join('\n\n')}\n\n`;
}

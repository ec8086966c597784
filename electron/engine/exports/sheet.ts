/** Sheets: one page or two for people without a screen, written like every export and printed by whatever window is open. */
import { hash } from 'node:crypto';
import { extname } from 'node:path';
import { writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { SheetFormat, type Printed, type PrintSheet } from '../../../shared/contract/sheets.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { sheetHtml, STYLE } from '../../../shared/domain/export/html.ts';
import type { Cell, Section } from '../../../shared/domain/export/sections.ts';
import { formatClock, formatWhen } from '../../../shared/domain/times.ts';
import { callTree } from '../calltree/index.ts';
import type { Context } from '../context.ts';
import { timeline } from '../incidents/timeline.ts';
import { incidentView, isOpen } from '../incidents/view.ts';
import { namedActor } from '../names.ts';
import { briefingOf } from '../people/briefing.ts';
import type { EntityRow } from '../store/projection.ts';
import { audiencesOf } from '../updates/view.ts';
import { fileName, targetOf, writeWhole } from './files.ts';

const DECISIONS = 10;
const cell = (text: string): Cell => ({ text });
const strong = (text: string): Cell => ({ text, style: 'strong' });

interface Sheet {
  /** "Handover", "Call tree". */
  kind: string;
  /** Of a sheet that belongs to no incident. */
  title?: string;
  sections: Section[];
}

/** @param row null for what belongs to no incident. @throws Refusal when no window can print it as it was asked for, or the disk does not take the file */
export async function writeSheet(
  context: Context,
  row: EntityRow | null,
  sheet: Sheet,
  { to, format: wanted, replace }: Pick<z.output<typeof PrintSheet>, 'to' | 'format' | 'replace'>,
): Promise<z.output<typeof Printed>> {
  const extension = extname(to).slice(1).toLowerCase();
  const named = SheetFormat.safeParse(extension === 'htm' ? 'html' : extension);
  const format = wanted ?? (named.success ? named.data : context.print === null ? 'html' : 'pdf');
  if (format === 'pdf' && context.print === null)
    throw new Refusal(
      'refused',
      'PDF is printed by the window, and no console is open on this data folder: open it (npm start), or write html and print that.',
    );
  const incident = row && incidentView(context, row);
  const { profile } = context.estate;
  const zone = context.settings.headquartersZone ?? context.zone;
  const html = sheetHtml(
    {
      kind: sheet.kind,
      label: incident?.label ?? profile.name,
      title: incident?.title ?? sheet.title ?? sheet.kind,
      severity: incident?.severity ?? '',
      status: incident?.status ?? '',
      demonstration: profile.demonstration,
      lines: [
        `${sheet.kind} of ${formatWhen(context.now(), zone, context.now(), { seconds: true })}, made by ${namedActor(context, context.session.actor).name}. Times are in ${zone}.`,
        ...(incident ? ['It shows what this console knew at that moment.'] : []),
      ],
    },
    sheet.sections,
    hash('sha256', STYLE, 'base64'),
  );
  const path = await targetOf(
    to,
    `${fileName(incident?.label ?? '', sheet.kind, incident?.title ?? sheet.title ?? '')}.${format}`,
  );
  const content = format === 'pdf' ? await context.print!(html) : html;
  const { bytes } = await writeWhole(path, replace, (draft) => writeFile(draft, content));
  return { path, bytes, format };
}

/** State, roles, asks, decisions, impact, runs and next updates: what somebody must know who takes over. */
export function handoverSheet(context: Context, row: EntityRow): Sheet {
  const incident = incidentView(context, row);
  const now = context.now();
  const zone = context.settings.headquartersZone ?? context.zone;
  const when = (at: number | null) => (at === null ? '' : formatWhen(at, zone, now));
  const due = (at: number | null) =>
    at === null ? 'none' : at < now ? `${when(at)}, overdue ${formatClock(now - at)}` : when(at);
  const { entries } = timeline(context, row, { limit: DECISIONS, kinds: ['decision'] });
  const people = new Map(
    callTree(context, row).groups.flatMap(({ lines }) => lines.map((line) => [line.name, line.phone])),
  );
  return {
    kind: 'Handover',
    sections: [
      {
        title: 'Briefing',
        blocks: briefingOf(context, row)
          .split(/\n{1,}/)
          .filter(Boolean)
          .map((text) => ({ is: 'text', text })),
      },
      {
        title: 'Roles',
        blocks: [
          {
            is: 'table',
            columns: ['Role', 'Who', 'Telephone', 'Since'],
            rows: incident.roles.map(({ role, person, since }) => [
              cell(role.replaceAll('-', ' ')),
              strong(person?.name ?? 'nobody'),
              cell(person === null ? '' : (people.get(person.name) ?? 'no number')),
              cell(when(since)),
            ]),
          },
        ],
      },
      {
        title: 'Open asks',
        blocks: tableOr(
          ['What', 'Who has it', 'State', 'Due'],
          incident.asks
            .filter(isOpen)
            .map(({ text, owner, state, dueAt }) => [
              cell(text),
              strong(owner?.name ?? 'nobody'),
              cell(state),
              cell(due(dueAt)),
            ]),
          'Nobody is asked to do anything.',
        ),
      },
      {
        title: 'Decisions',
        blocks: tableOr(
          ['When', 'What', 'Who'],
          entries
            .filter(({ type }) => type === 'entry.decision')
            .map(({ eventTime, summary, actor }) => [cell(when(eventTime)), strong(summary), cell(actor.name)]),
          'Nothing was decided.',
        ),
      },
      {
        title: 'Runbooks',
        blocks:
          incident.runs.length === 0
            ? [{ is: 'text', text: 'None is running.' }]
            : incident.runs.flatMap(({ title, version, steps }) => [
                { is: 'heading' as const, text: `${title}, version ${version}` },
                {
                  is: 'table' as const,
                  columns: ['Step', 'State', 'Why'],
                  rows: steps.map((step) => [cell(step.title), strong(step.state), cell(step.reason ?? '')]),
                },
              ]),
      },
      {
        title: 'Next updates',
        blocks: [
          {
            is: 'table',
            columns: ['For', 'Due', 'Last'],
            rows: audiencesOf(context, row).map(({ name, dueAt, sent }) => [
              cell(name),
              strong(due(dueAt)),
              cell(sent[0] ? when(sent[0].at) : 'nothing yet'),
            ]),
          },
        ],
      },
      ...callSections(context, row),
    ],
  };
}

export function callSheet(context: Context, row: EntityRow): Sheet {
  return { kind: 'Call tree', sections: callSections(context, row) };
}

function callSections(context: Context, row: EntityRow): Section[] {
  return callTree(context, row).groups.map(({ title, lines, more }) => ({
    title,
    blocks: [
      {
        is: 'table',
        columns: ['Who', 'Telephone', 'As', 'Local time', 'Note'],
        rows: lines.map(({ name, phone, as, localTime, note }) => [
          strong(name),
          cell(phone ?? 'no number'),
          cell(as),
          cell(localTime ?? ''),
          cell(note),
        ]),
      },
      ...(more > 0 ? [{ is: 'text' as const, text: `And ${more} more.` }] : []),
    ],
  }));
}

function tableOr(columns: string[], rows: Cell[][], none: string): Section['blocks'] {
  return rows.length === 0 ? [{ is: 'text', text: none }] : [{ is: 'table', columns, rows }];
}

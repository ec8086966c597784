/**
 * Shows any value of the contract to a person, led by its schema. Invariant: every entry of the table reads well enough
 * without a line written for it; `views.ts` only does better where it matters.
 */
import { z } from 'zod';
import { HealthView, Named, Problem, Time } from '../../shared/contract/common.ts';
import { Health } from '../../shared/domain/words.ts';
import { kebab } from './fields.ts';
import { count, named, Page, problemLine } from './page.ts';

/** Writes `value`, which has the shape that `schema` says, on the page. */
export function show(page: Page, schema: z.ZodType, value: unknown): void {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) showList(page, inner.element as z.ZodType, value as unknown[]);
  else if (inner instanceof z.ZodObject && !isWord(inner)) showObject(page, inner, value as Record<string, unknown>);
  else page.line(word(page, inner, value));
}

function showObject(page: Page, schema: z.ZodObject, value: Record<string, unknown>): void {
  const members = Object.entries<z.ZodType>(schema.shape);
  if (members.length === 0) {
    page.line('Done.');
    return;
  }
  const short = members.filter(([name, member]) => isShort(member, value[name]));
  page.facts(short.map(([name, member]) => [label(name), word(page, unwrap(member), value[name])]));
  for (const [name, member] of members) {
    const held = value[name];
    if (isShort(member, held) || held === null || held === undefined) continue;
    page.heading(label(name));
    show(page, member, held);
  }
}

function showList(page: Page, element: z.ZodType, rows: unknown[]): void {
  const inner = unwrap(element);
  if (!(inner instanceof z.ZodObject) || isWord(inner)) {
    for (const row of rows) page.line(word(page, inner, row));
    if (rows.length === 0) page.line('None.');
    return;
  }
  const members = Object.entries<z.ZodType>(inner.shape);
  page.table(
    rows as Record<string, unknown>[],
    members.map(([name, member]) => ({
      title: label(name),
      right: unwrap(member) instanceof z.ZodNumber && unwrap(member) !== Time,
      cell: (row) => word(page, unwrap(member), row[name]),
    })),
  );
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

/** Objects that are told in one phrase. */
function isWord(schema: z.ZodType): boolean {
  return schema === HealthView || schema === Named || schema === Problem;
}

/** Whether it fits behind its label. */
function isShort(schema: z.ZodType, value: unknown): boolean {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray)
    return !(unwrap(inner.element as z.ZodType) instanceof z.ZodObject) && ((value ?? []) as unknown[]).length <= 20;
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return isWord(inner);
  return true;
}

/** A value on one line. */
function word(page: Page, schema: z.ZodType, value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (schema === Time) return `${page.when(value as number)} (${page.age(value as number)})`;
  if (schema === Health) return page.health(value as Health);
  if (schema === HealthView) return page.healthView(value as HealthView);
  if (schema === Named) return named(value as Named);
  if (schema === Problem) return problemLine(value as Problem);
  if (Array.isArray(value)) {
    const element = schema instanceof z.ZodArray ? unwrap(schema.element as z.ZodType) : z.unknown();
    if (element instanceof z.ZodObject && !isWord(element)) return count(value.length, 'line');
    return value.map((one) => word(page, element, one)).join(', ');
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 3 });
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `lastSuccessAt` → "last success". */
function label(name: string): string {
  return kebab(name).replace(/-at$/, '').replaceAll('-', ' ');
}

/** The contract's commands in a few words each, for what may not carry the schemas: made at build time. */
import { z } from 'zod';
import { Empty } from './common.ts';
import { table } from './table.ts';

export interface CommandField {
  name: string;
  required: boolean;
  type: 'text' | 'number' | 'boolean' | 'list' | 'json';
  /** With a closed set of values, all of them. */
  options: string[] | null;
}

export interface CommandSummary {
  name: string;
  title: string;
  fields: CommandField[];
}

/** What the palette needs of every command, so that the renderer carries no schema. */
export function commandSummaries(): CommandSummary[] {
  return Object.entries(table).flatMap(([name, spec]) => {
    if (spec.kind !== 'command') return [];
    const { properties = {}, required = [] } = z.toJSONSchema(spec.input, { io: 'input', unrepresentable: 'any' });
    const fields = Object.entries(properties).map(([field, schema]): CommandField => {
      const { type, enum: options } = plain(schema);
      return {
        name: field,
        required: required.includes(field),
        type: FIELD_TYPES[type ?? ''] ?? 'json',
        options: options ?? null,
      };
    });
    return [{ name, title: spec.title, fields }];
  });
}

/** The names of the queries that take no input. */
export function plainQueries(): string[] {
  return Object.entries(table).flatMap(([name, { kind, input }]) =>
    kind === 'query' && input === Empty ? [name] : [],
  );
}

const FIELD_TYPES: Record<string, CommandField['type']> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'list',
};

/** The one kind of value that a person enters: null is what is left out. */
function plain(schema: unknown): { type?: string; enum?: string[] } {
  const { anyOf, ...rest } = schema as { anyOf?: { type?: string }[]; type?: string; enum?: string[] };
  return anyOf?.find(({ type }) => type !== 'null') ?? rest;
}

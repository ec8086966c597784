/**
 * A way in for commands that have none of their own: made from the contract at build time, it asks for each member of the
 * input in turn. So a command that is added to the table is in the palette at once.
 */
import type { Reply } from '../../../shared/contract/spec.ts';
import type { CommandField, CommandSummary } from '../../../shared/contract/summary.ts';
import type { Input, Name } from '../../../shared/contract/table.ts';
import { call } from '../../bridge/client.ts';
import type { Flow, Outcome, Step, Values } from './flow.ts';

declare const __HOLDFAST_COMMANDS__: readonly CommandSummary[];

/** Every command of the contract. */
export const COMMANDS: readonly CommandSummary[] = __HOLDFAST_COMMANDS__;

/** `everyMinutes` as people read it: "every minutes". */
function spoken(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function stepFor({ name, required, type, options }: CommandField): Step {
  const prompt = `${spoken(name)[0]!.toUpperCase()}${spoken(name).slice(1)}?`;
  const leave = required ? {} : { skip: 'Leave it out' };
  const choices = options ?? (type === 'boolean' ? ['yes', 'no'] : null);
  if (choices) {
    const list = choices.map((value) => ({ value, title: value }));
    return { kind: 'pick', name, prompt, ...leave, load: () => Promise.resolve({ ok: true, value: list }) };
  }
  const hints: Record<string, string> = { list: 'Separated by commas', json: 'JSON' };
  const placeholder = hints[type];
  return {
    kind: 'text',
    name,
    prompt,
    ...leave,
    ...(placeholder === undefined ? {} : { placeholder }),
    check: (text) => problemWith(text, type),
  };
}

function problemWith(text: string, type: CommandField['type']): string | null {
  if (type === 'number' && !Number.isFinite(Number(text))) return 'This is a number.';
  if (type !== 'json') return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    return 'This is not JSON.';
  }
}

function valueOf(text: string, type: CommandField['type']): unknown {
  switch (type) {
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'yes';
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean);
    case 'json':
      return JSON.parse(text) as unknown;
    case 'text':
      return text;
  }
}

/** The input that was given, without what was left out. */
export function inputOf(fields: readonly CommandField[], values: Values): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, type }) => (values[name] ? [[name, valueOf(values[name], type)]] : [])),
  );
}

/** Asks for what a command takes, required members first, and runs it. */
export function genericFlow({ name, title, fields }: CommandSummary): Flow {
  const asked = fields.toSorted((a, b) => Number(b.required) - Number(a.required));
  return {
    title,
    also: name,
    steps: asked.map(stepFor),
    async run(values): Promise<Reply<Outcome>> {
      const reply = await call(name as Name, inputOf(fields, values) as Input<Name>);
      return reply.ok ? { ok: true, value: { said: `${title}: done.` } } : reply;
    },
  };
}

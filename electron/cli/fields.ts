/**
 * The members of an input, as a command line can carry them. Invariant: derived from the schema alone, so that a new
 * command has its options the moment it is in the table; a member that words cannot carry is an error here, not a
 * silently missing option.
 */
import { z } from 'zod';
import { Secret } from '../../shared/contract/access.ts';
import { FilePath, Time } from '../../shared/contract/common.ts';

export type Shape =
  | { is: 'text' }
  /** Asked for, never typed as a word. */
  | { is: 'secret' }
  /** Of a file or folder on this machine. */
  | { is: 'path' }
  | { is: 'number'; whole: boolean }
  | { is: 'flag' }
  | { is: 'choice'; words: readonly string[] }
  /** Milliseconds since 1970 UTC, typed as a person says it. */
  | { is: 'time' }
  /** `whole`: items are sentences, so that a comma belongs to the item. */
  | { is: 'list'; of: Shape; whole: boolean }
  /** An object of any members. */
  | { is: 'config' };

export interface Field {
  /** Member of the input. */
  name: string;
  /** As an option, without the dashes: `event-time`. */
  option: string;
  shape: Shape;
  required: boolean;
  /** "-" stands for null. */
  nullable: boolean;
  /** What it is when it is not given; undefined when there is no such thing. */
  fallback: unknown;
}

/** The fields of a command's input, in the order of its schema. */
export function fieldsOf(input: z.ZodType): Field[] {
  if (!(input instanceof z.ZodObject)) throw new TypeError('an input on the command line is an object');
  return Object.entries(input.shape as Record<string, z.ZodType>).map(([name, schema]) => {
    const field: Field = {
      name,
      option: kebab(name),
      shape: { is: 'text' },
      required: true,
      nullable: false,
      fallback: undefined,
    };
    let inner: z.ZodType = schema;
    for (;;) {
      if (inner instanceof z.ZodOptional) field.required = false;
      else if (inner instanceof z.ZodNullable) field.nullable = true;
      else if (inner instanceof z.ZodDefault) {
        field.required = false;
        field.fallback = inner.def.defaultValue;
      } else break;
      inner = inner.unwrap() as z.ZodType;
    }
    field.shape = shapeOf(inner, name);
    return field;
  });
}

function shapeOf(schema: z.ZodType, name: string): Shape {
  if (schema === Time) return { is: 'time' };
  if (schema === FilePath) return { is: 'path' };
  if (schema === Secret) return { is: 'secret' };
  if (schema instanceof z.ZodString) return { is: 'text' };
  if (schema instanceof z.ZodNumber) return { is: 'number', whole: schema.isInt };
  if (schema instanceof z.ZodBoolean) return { is: 'flag' };
  if (schema instanceof z.ZodEnum) return { is: 'choice', words: schema.options.map(String) };
  if (schema instanceof z.ZodArray) {
    const item = schema.element as z.ZodType;
    const whole = item instanceof z.ZodString && (item.maxLength ?? 0) > 1000;
    return { is: 'list', of: shapeOf(item, name), whole };
  }
  if (schema instanceof z.ZodRecord) return { is: 'config' };
  throw new TypeError(`${name}: a ${schema.def.type} has no form on the command line`);
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

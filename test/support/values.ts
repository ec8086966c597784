/** Generated values of any schema of the contract, so that what handles them can be tried with whatever they may hold. */
import fc from 'fast-check';
import { z } from 'zod';
import { Time } from '../../shared/contract/common.ts';

/** Values that `schema` takes. Texts hold what hostile texts hold: control codes, other scripts, line breaks. */
export function valuesOf(schema: z.ZodType, depth = 0): fc.Arbitrary<unknown> {
  if (schema === Time) return fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });
  if (schema instanceof z.ZodOptional)
    return fc.option(valuesOf(schema.unwrap() as z.ZodType, depth), { nil: undefined });
  if (schema instanceof z.ZodNullable) return fc.option(valuesOf(schema.unwrap() as z.ZodType, depth), { nil: null });
  if (schema instanceof z.ZodDefault) return valuesOf(schema.unwrap() as z.ZodType, depth);
  if (schema instanceof z.ZodString) return TEXT;
  if (schema instanceof z.ZodNumber)
    return schema.isInt ? fc.integer({ min: 0, max: 1e6 }) : fc.double({ min: 0, max: 1e6, noNaN: true });
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodArray) {
    const { minimum, maximum } = schema._zod.bag as { minimum?: number; maximum?: number };
    const least = minimum ?? 0;
    return fc.array(valuesOf(schema.element as z.ZodType, depth + 1), {
      minLength: least,
      maxLength: Math.min(maximum ?? Infinity, Math.max(least, 3)),
    });
  }
  if (schema instanceof z.ZodObject) {
    return fc.record(
      Object.fromEntries(
        Object.entries<z.ZodType>(schema.shape).map(([name, member]) => [name, valuesOf(member, depth + 1)]),
      ),
    );
  }
  if (schema instanceof z.ZodRecord) {
    const { keyType, valueType } = schema.def;
    const value = valuesOf(valueType as z.ZodType, depth + 1);
    const keys = keyType as z.ZodType;
    return keys instanceof z.ZodEnum
      ? fc.record(Object.fromEntries(keys.options.map((key) => [key, value])), { requiredKeys: [] })
      : fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), value, { maxKeys: 3 });
  }
  if (schema instanceof z.ZodTuple) {
    return fc.tuple(...(schema.def.items as z.ZodType[]).map((item) => valuesOf(item, depth + 1)));
  }
  if (schema instanceof z.ZodUnion) {
    return fc.oneof(...(schema.options as z.ZodType[]).map((option) => valuesOf(option, depth)));
  }
  if (schema instanceof z.ZodUnknown) return fc.jsonValue({ maxDepth: 2 });
  throw new TypeError(`no values for a ${schema.def.type}`);
}

const TEXT = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    '\u001b[2J\u001b[31mred',
    'two\nlines',
    '\u202egnp.exe',
    'tab\tand\u0007bell',
    '𝒳é\u0301 漢字 👩‍🚒',
    '\u009b31m',
  ),
);

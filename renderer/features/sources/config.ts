/**
 * A source's configuration as the fields of a form. Pure. Invariants: every value is text on screen and the engine's
 * schema reads it back; an empty field is left out, so that the kind's default counts; a secret is never shown.
 */
import type { SourceType } from '../../../shared/contract/sources.ts';

export type Draft = Readonly<Record<string, string>>;

/** A configured value as a person writes it: lists with commas, pairs as `name=value`. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(shownValue).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, inner]) => `${key}=${shownValue(inner)}`)
      .join(', ');
  }
  return String(value);
}

export function draftOf(type: SourceType, config: Readonly<Record<string, unknown>>): Draft {
  return Object.fromEntries(
    type.fields.filter(({ secret }) => !secret).map(({ name }) => [name, shownValue(config[name])]),
  );
}

/** What is sent to the engine: the filled fields without the secret, and the secret when one was typed. */
export function configOf(
  type: SourceType,
  draft: Draft,
): { config: Record<string, string>; credential: string | undefined } {
  const config: Record<string, string> = {};
  let credential: string | undefined;
  for (const field of type.fields) {
    const value = draft[field.name]?.trim() ?? '';
    if (value === '') continue;
    if (field.secret) credential = value;
    else config[field.name] = value;
  }
  return { config, credential };
}

/** The first required field that is empty. */
export function missing(type: SourceType, draft: Draft, credentialKept: boolean): string | null {
  const field = type.fields.find(
    ({ name, required, secret }) => required && !(secret && credentialKept) && (draft[name] ?? '').trim() === '',
  );
  return field?.name ?? null;
}

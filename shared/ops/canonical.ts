/**
 * Invariant: two values that are equal as JSON have the same canonical text, on every platform and version.
 * Hashes and signatures are taken over this text, so it may never change. Follows RFC 8785 (JSON Canonicalization
 * Scheme): keys sorted by UTF-16 code unit, numbers and strings as ECMAScript writes them, no white space.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Levels of lists and objects within one another; what is deeper is refused on every machine alike, whatever its stack holds. */
const MAX_DEPTH = 500;

/**
 * Canonical JSON text of `value`. Members that are `undefined` are left out; NaN, infinities, lone surrogates and what is
 * nested more than 500 levels deep throw a TypeError.
 */
export function canonical(value: unknown): string {
  return isOrdered(value, 0) ? JSON.stringify(value) : written(value, 0);
}

/** Letters, digits and marks that JSON writes as they are. */
const PLAIN = /^[\w .:>/+-]*$/;

/** Canonical JSON text of a text: ids, names of types and zones are hashed for every op, and hardly ever need escaping. */
export function canonicalText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : canonical(text);
}

/**
 * Whether `JSON.stringify` writes the canonical text by itself: most of what is hashed was read from canonical text, and
 * looking at its order costs a fraction of writing it out.
 */
function isOrdered(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return true;
    case 'object': {
      if (value === null) return true;
      if (depth === MAX_DEPTH) return false;
      if (Array.isArray(value)) return value.every((item) => isOrdered(item, depth + 1));
      if ('toJSON' in value) return false;
      let last = '';
      let first = true;
      for (const key of Object.keys(value)) {
        const member = (value as Record<string, unknown>)[key];
        if ((!first && key <= last) || !key.isWellFormed() || !isOrdered(member, depth + 1)) return false;
        last = key;
        first = false;
      }
      return true;
    }
    default:
      return false;
  }
}

function written(value: unknown, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('text with a lone surrogate has no canonical form');
    return JSON.stringify(value);
  }
  if (typeof value === 'object' && depth === MAX_DEPTH)
    throw new TypeError(`what is nested more than ${MAX_DEPTH} levels deep has no canonical form`);
  if (Array.isArray(value)) return `[${value.map((item) => written(item, depth + 1)).join(',')}]`;
  if (typeof value === 'object') {
    const record = value as Record<string, unknown>;
    const members: string[] = [];
    for (const key of Object.keys(record).sort()) {
      if (record[key] !== undefined) members.push(`${written(key, depth)}:${written(record[key], depth + 1)}`);
    }
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} has no JSON form`);
}

/**
 * Invariant: two values that are equal as JSON have the same canonical text, on every platform and version.
 * Hashes and signatures are taken over this text, so it may never change. Follows RFC 8785 (JSON Canonicalization
 * Scheme): keys sorted by UTF-16 code unit, numbers and strings as ECMAScript writes them, no white space.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Canonical JSON text of `value`. Members that are `undefined` are left out; NaN, infinities and lone surrogates throw a TypeError. */
export function canonical(value: unknown): string {
  return isOrdered(value) ? JSON.stringify(value) : written(value);
}

/**
 * Whether `JSON.stringify` writes the canonical text by itself: most of what is hashed was read from canonical text, and
 * looking at its order costs a fraction of writing it out.
 */
function isOrdered(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return true;
    case 'object': {
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isOrdered);
      if ('toJSON' in value) return false;
      let last = '';
      let first = true;
      for (const key of Object.keys(value)) {
        if ((!first && key <= last) || !key.isWellFormed() || !isOrdered((value as Record<string, unknown>)[key]))
          return false;
        last = key;
        first = false;
      }
      return true;
    }
    default:
      return false;
  }
}

function written(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('text with a lone surrogate has no canonical form');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value === 'object') {
    const record = value as Record<string, unknown>;
    const members: string[] = [];
    for (const key of Object.keys(record).sort()) {
      if (record[key] !== undefined) members.push(`${written(key)}:${written(record[key])}`);
    }
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} has no JSON form`);
}

/** File patterns as Locations use them: `*`, `**`, `?`, `[a-z]`, `{a,b}`. Invariant: a pattern becomes a regular expression without nested repetition. */

/** Whether `text` has a wildcard in it. */
export function isPattern(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** The folders before the first wildcard, with `/` between them; empty when there are none. */
export function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex(isPattern);
  return parts.slice(0, first < 0 ? parts.length - 1 : first).join('/');
}

/** Matches whole paths with `/` between folders. */
export function patternToRegExp(pattern: string): RegExp {
  let source = '';
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === '*' && pattern[at + 1] === '*') {
      const folders = pattern[at + 2] === '/';
      source += folders ? '(?:[^/]+/){0,32}' : '.*';
      at += folders ? 2 : 1;
      if (folders) while (pattern.startsWith('**/', at + 1)) at += 3;
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[' && pattern.indexOf(']', at + 2) > 0) {
      const end = pattern.indexOf(']', at + 2);
      const set = pattern
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replace(/[\\[\]]/g, '\\$&');
      source += `[${set}]`;
      at = end;
    } else if (char === '{' && pattern.indexOf('}', at) > 0) {
      source += '(?:';
      depth++;
    } else if (char === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (char === ',' && depth > 0) source += '|';
    else source += char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  return new RegExp(`^${source}${')'.repeat(depth)}$`, 'u');
}

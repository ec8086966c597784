/** What a table of words has under `key`; a key such as "valueOf", which every object answers, is none of it. */
export function lookUp<T>(words: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

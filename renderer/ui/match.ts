/** Whether every typed word is found in the label or the hint, whatever its case and accents. An empty query finds all. */
export function matches({ label, hint }: { label: string; hint?: string }, query: string): boolean {
  const text = plain(`${label} ${hint ?? ''}`);
  return plain(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Lower case without accents, so that "kovac" finds "Kovač". */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

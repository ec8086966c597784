/**
 * Finding services by what a person remembers of them. Invariant: every typed word must be found; a name that begins with
 * the first word stands before one that only contains it, and what is not healthy before what is.
 */
import { type Graph, LOUDNESS } from './graph.ts';

const plain = (text: string): string => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');

/** Text per service that is searched: name, kind, system, owner, domain. */
export function searchText(graph: Graph): string[] {
  return graph.services.map(({ name, kind, system, owner, domain }) =>
    plain(`${name} ${kind} ${system ?? ''} ${owner?.name ?? ''} ${domain ?? ''}`),
  );
}

/** Indices of the services that match, best first; all of them, in their own order, for an empty query. */
export function searchServices(graph: Graph, texts: readonly string[], query: string): number[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const found: { v: number; rank: number }[] = [];
  for (let v = 0; v < texts.length; v++) {
    const text = texts[v]!;
    if (!words.every((word) => text.includes(word))) continue;
    const at = words.length === 0 ? 0 : text.indexOf(words[0]!);
    const rank = (at === 0 ? 0 : /[\s\-_./]/.test(text[at - 1]!) ? 1 : 2) * 10 - LOUDNESS[graph.health[v]!]!;
    found.push({ v, rank });
  }
  if (words.length > 0) found.sort((a, b) => a.rank - b.rank || a.v - b.v);
  return found.map(({ v }) => v);
}

/**
 * Past incidents that resemble one, best first. Invariant: every point has a reason; what many incidents share says little, what few
 * share says much (the logarithm of how rarely it occurs); the order does not depend on the order of the input.
 */
import { oneLine } from './timeline.ts';

export interface Resembling {
  id: string;
  title: string;
  services: readonly string[];
  businessServices: readonly string[];
  runbooks: readonly string[];
  /** Services that people confirmed as its cause, or that are likely to be. */
  causes: readonly string[];
}

export interface Likeness {
  id: string;
  score: number;
  shared: { causes: string[]; services: string[]; businessServices: string[]; runbooks: string[]; words: string[] };
}

const WORTH = { causes: 4, services: 2, businessServices: 1.5, runbooks: 1, words: 1 } as const;
/** What is shared must come to this much, or it is chance. */
const LEAST = 2;

type Facts = Record<keyof typeof WORTH, ReadonlySet<string>>;

function factsOf(one: Resembling): Facts {
  return {
    causes: new Set(one.causes),
    services: new Set(one.services),
    businessServices: new Set(one.businessServices),
    runbooks: new Set(one.runbooks),
    words: new Set(wordsOf(one.title)),
  };
}

const KINDS = Object.keys(WORTH) as (keyof typeof WORTH)[];

/** The `limit` likest of `past`. O(past × what each says). */
export function similar(target: Resembling, past: readonly Resembling[], limit: number): Likeness[] {
  const wanted = factsOf(target);
  const all = past.filter(({ id }) => id !== target.id).map((one) => ({ id: one.id, facts: factsOf(one) }));
  const counts = new Map<string, number>();
  for (const { facts } of all)
    for (const kind of KINDS)
      for (const value of facts[kind])
        if (wanted[kind].has(value)) counts.set(`${kind} ${value}`, (counts.get(`${kind} ${value}`) ?? 0) + 1);
  const rarity = (key: string): number => Math.log2(1 + (all.length + 1) / (counts.get(key) ?? 1)) / 4;
  return all
    .map(({ id, facts }): Likeness => {
      const common = (kind: keyof typeof WORTH): string[] =>
        [...facts[kind]].filter((value) => wanted[kind].has(value)).sort();
      const shared = {
        causes: common('causes'),
        services: common('services'),
        businessServices: common('businessServices'),
        runbooks: common('runbooks'),
        words: common('words'),
      };
      let score = 0;
      for (const kind of KINDS) {
        const points = shared[kind].map((value) => rarity(`${kind} ${value}`)).sort((a, b) => b - a);
        // What comes on top of the first counts less and less: touching everything is no likeness.
        points.forEach((point, at) => (score += (WORTH[kind] * point) / (at + 1)));
        // Of what this one says, a large part shared is more than a small one.
        if (shared[kind].length > 0)
          score += (WORTH[kind] * shared[kind].length) / (2 * Math.max(facts[kind].size, wanted[kind].size));
      }
      return { id, score, shared };
    })
    .filter(({ score }) => score >= LEAST)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, limit);
}

const EMPTY = new Set('a an and are at by for from in is it of on or the to was with down since'.split(' '));

/** Words of a title that say something, lower case. */
function wordsOf(title: string): string[] {
  return (title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2 && !EMPTY.has(word));
}

/** "same cause: Payment gateway; also hurt Checkout; both say slow". */
export function tellLikeness(
  { shared }: Likeness,
  names: { service(id: string): string; businessService(id: string): string; runbook(id: string): string },
): string[] {
  const some = (list: readonly string[], name: (id: string) => string): string => {
    const shown = list.slice(0, 2).map(name).join(', ');
    return oneLine(list.length > 2 ? `${shown} and ${list.length - 2} more` : shown, 160);
  };
  return [
    shared.causes.length > 0 && `its cause was ${some(shared.causes, names.service)}, which is suspected now`,
    shared.services.length > 0 && `affected ${some(shared.services, names.service)}`,
    shared.businessServices.length > 0 && `hurt ${some(shared.businessServices, names.businessService)}`,
    shared.runbooks.length > 0 && `ran ${some(shared.runbooks, names.runbook)}`,
    shared.words.length > 0 && `its title says ${some(shared.words, (word) => `“${word}”`)}`,
  ].filter((reason) => reason !== false);
}

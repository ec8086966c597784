/**
 * Which runbooks fit an incident, the best first, with why. Invariant: a runbook is named only with a reason that a person can
 * check in its front matter, and the order does not depend on the order of the input.
 */
import type { RunbookMatch } from './runbook.ts';

export interface Situation {
  title: string;
  /** Affected services; `runbooks` are those that the catalog names for it. */
  services: readonly { id: string; name: string; kind: string; domain: string | null; runbooks: readonly string[] }[];
  businessServices: readonly { id: string; name: string }[];
  /** Kinds of the recent changes that may be the cause. */
  changes?: readonly string[];
  /** Titles of what is signalled about the affected services. */
  signals?: readonly string[];
  /** Whether somebody suspects or knows a breach: that goes before whatever else it looks like. */
  breach?: boolean;
}

interface Candidate {
  id: string;
  title: string;
  match: RunbookMatch;
}

export interface Suggestion {
  id: string;
  title: string;
  /** The strongest first. */
  reasons: string[];
}

/** What each kind of fit is worth. What a person wrote in the title says most; a domain only parts equals. */
const PHRASE = 4;
const FURTHER_WORD = 2;
const FURTHER_PHRASE = 0.5;
const NAMED = 3;
const FURTHER_NAMED = 0.5;
const KIND = 1;
const BUSINESS = 1;
const CHANGE = 1;
const SIGNAL = 2;
const BREACH = 12;
/** The word by which a runbook says that it is for a breach. */
const BREACH_WORD = 'breach';
const DOMAIN = 0.25;

/** Further services or phrases that count: an incident that touches everything fits no runbook better for it. */
const FURTHER = 3;

/** Ranks runbooks for a situation; those without a reason are left out. */
export function suggestRunbooks(runbooks: readonly Candidate[], situation: Situation): Suggestion[] {
  const title = wordsOf(situation.title);
  const signals = (situation.signals ?? []).map((text) => ({ text, words: wordsOf(text) }));
  const users = new Map<string, number>();
  for (const { match } of runbooks) for (const text of match.text) users.set(text, (users.get(text) ?? 0) + 1);
  return runbooks
    .map((runbook) => {
      const reasons: { why: string; worth: number }[] = [];
      const { match } = runbook;
      const phrases = match.text
        .filter((text) => says(title, wordsOf(text)))
        .map((text) => ({
          text,
          worth: (PHRASE + FURTHER_WORD * (wordsOf(text).length - 1)) / Math.sqrt(users.get(text)!),
        }))
        .sort((a, b) => b.worth - a.worth || (a.text < b.text ? -1 : 1));
      for (const [n, { text, worth }] of phrases.entries())
        reasons.push({ why: `the title says "${text}"`, worth: n === 0 ? worth : n <= FURTHER ? FURTHER_PHRASE : 0 });
      const names = situation.services.filter(
        (service) => service.runbooks.includes(runbook.id) || match.services.includes(service.id),
      );
      for (const [n, { name }] of names.entries())
        reasons.push({ why: `names ${name}`, worth: n === 0 ? NAMED : n <= FURTHER ? FURTHER_NAMED : 0 });
      const kin = situation.services.find(({ kind }) => match.kinds.includes(kind));
      if (kin && names.length === 0)
        reasons.push({ why: `is for ${kin.kind} services such as ${kin.name}`, worth: KIND });
      for (const { id, name } of situation.businessServices)
        if (match.businessServices.includes(id)) reasons.push({ why: `covers ${name}`, worth: BUSINESS });
      const change = situation.changes?.find((kind) => match.changes.includes(kind));
      if (change !== undefined) reasons.push({ why: `a change came before it (${change})`, worth: CHANGE });
      const signal = signals.find(({ words }) => match.text.some((text) => says(words, wordsOf(text))));
      if (signal) reasons.push({ why: `"${signal.text.slice(0, 80)}" is signalled`, worth: SIGNAL });
      if (situation.breach && match.text.includes(BREACH_WORD))
        reasons.push({ why: 'somebody suspects a breach', worth: BREACH });
      const near = situation.services.some(({ domain }) => domain !== null && match.domains.includes(domain));
      const score = reasons.reduce((sum, { worth }) => sum + worth, 0) + (near && reasons.length > 0 ? DOMAIN : 0);
      reasons.sort((a, b) => b.worth - a.worth);
      return { id: runbook.id, title: runbook.title, reasons: [...new Set(reasons.map(({ why }) => why))], score };
    })
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .map(({ id, title: name, reasons }) => ({ id, title: name, reasons }));
}

/** Lower-case words and numbers of a text. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Whether each word of the phrase begins a word of the title, in whatever order; short ones must be the whole word. */
function says(title: readonly string[], phrase: readonly string[]): boolean {
  return (
    phrase.length > 0 &&
    phrase.every((word) => title.some((other) => (word.length < 4 ? other === word : other.startsWith(word))))
  );
}

import { describe, expect, it } from 'vitest';
import { isNarrowed, onlyNames, questionOf } from '../../renderer/features/search/filters.ts';
import { placeOf } from '../../renderer/features/search/open.ts';
import { SearchResults, type Question } from '../../renderer/features/search/results.ts';
import type { Hit, SearchResult } from '../../shared/contract/search.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input } from '../../shared/contract/table.ts';

const entry = (id: string): Hit => ({
  kind: 'entry',
  id,
  title: '',
  excerpt: id,
  marks: [],
  entry: 'note',
  incident: null,
  service: null,
  by: 'ana',
  at: 1,
});
const service = (id: string): Hit => ({ ...entry(id), kind: 'service', title: id, entry: null });
const answer = (hits: Hit[], next: number | null = null): Reply<SearchResult> => ({
  ok: true,
  value: { hits, next, indexing: null, ms: 1 },
});

/** An engine that answers when it is told to. */
class Slow {
  readonly asked: Input<'search'>[] = [];
  readonly #answers: ((reply: Reply<SearchResult>) => void)[] = [];
  ask = (input: Input<'search'>): Promise<Reply<SearchResult>> => {
    this.asked.push(input);
    return new Promise((resolve) => this.#answers.push(resolve));
  };
  async reply(reply: Reply<SearchResult>): Promise<void> {
    this.#answers.shift()!(reply);
    await Promise.resolve();
    await Promise.resolve();
  }
}

describe('results', () => {
  const started = (): { engine: Slow; results: SearchResults; ids(): string[] } => {
    const engine = new Slow();
    const results = new SearchResults(engine.ask);
    return { engine, results, ids: () => results.snapshot().hits.map(({ id }) => id) };
  };

  it('asks one question at a time, and of those that were typed meanwhile only the newest', async () => {
    const { engine, results, ids } = started();
    for (const text of ['p', 'pr', 'pro', 'prov']) results.ask({ text });
    expect(engine.asked.map(({ text }) => text)).toEqual(['p']);
    await engine.reply(answer([entry('old')]));
    expect(ids()).toEqual([]);
    expect(engine.asked.map(({ text }) => text)).toEqual(['p', 'prov']);
    await engine.reply(answer([entry('new')]));
    expect(results.snapshot()).toMatchObject({ question: { text: 'prov' }, more: false });
    expect(ids()).toEqual(['new']);
  });

  it('keeps what was found until the next answer is there', async () => {
    const { engine, results, ids } = started();
    results.ask({ text: 'a' });
    await engine.reply(answer([entry('one')]));
    results.ask({ text: 'ab' });
    expect(ids()).toEqual(['one']);
    await engine.reply(answer([entry('two')]));
    expect(ids()).toEqual(['two']);
    results.ask(null);
    expect(results.snapshot()).toMatchObject({ question: null, hits: [] });
  });

  it('goes on to older entries only when they are looked for, and once', async () => {
    const { engine, results, ids } = started();
    results.ask({ text: 'a' });
    await engine.reply(answer([service('s'), entry('9'), entry('8')], 8));
    expect(results.snapshot().more).toBe(true);
    results.more();
    results.more();
    expect(engine.asked).toMatchObject([
      { text: 'a', limit: 50 },
      { text: 'a', before: 8 },
    ]);
    await engine.reply(answer([entry('7')]));
    results.more();
    expect(ids()).toEqual(['s', '9', '8', '7']);
    expect(engine.asked).toHaveLength(2);
    expect(results.snapshot().more).toBe(false);
  });

  it('takes in what is written meanwhile without losing the pages that were read', async () => {
    const { engine, results, ids } = started();
    results.ask({ text: 'a' });
    await engine.reply(answer([entry('9'), entry('8')], 8));
    results.more();
    await engine.reply(answer([entry('7'), entry('6')], 6));
    results.again();
    await engine.reply(answer([entry('10'), entry('9')], 9));
    expect(ids()).toEqual(['10', '9', '8', '7', '6']);
    results.more();
    expect(engine.asked.at(-1)).toMatchObject({ before: 6 });
    await engine.reply(answer([]));
    results.again();
    await engine.reply(answer([entry('30'), entry('29')], 29));
    expect(ids()).toEqual(['30', '29']);
  });

  it('shows an error beside what was found, and asks again when it is told to', async () => {
    const { engine, results, ids } = started();
    results.ask({ text: 'a' });
    await engine.reply(answer([entry('1')]));
    results.again();
    await engine.reply({ ok: false, code: 'internal', message: 'It broke.', retryable: true });
    expect(results.snapshot().error).toBe('It broke.');
    expect(ids()).toEqual(['1']);
    results.again();
    await engine.reply(answer([entry('1')]));
    expect(results.snapshot().error).toBeNull();
  });
});

describe('filters', () => {
  const NOW = Date.parse('2026-11-24T13:00:00Z');
  const asked = (params: Record<string, string>, zone = 'Europe/Vienna'): Question | null =>
    questionOf(params, zone, NOW);
  const at = (text: string) => Date.parse(text);

  it('ask nothing while there is nothing to ask', () => {
    expect(asked({})).toBeNull();
    expect(asked({ text: '  ' })).toBeNull();
    expect(asked({ kind: 'service' })).toBeNull();
    expect(asked({ kind: 'entry' })).toBeNull();
  });

  it('narrow down by themselves', () => {
    expect(asked({ who: 'ana' })).toEqual({ text: '', who: 'ana' });
    expect(asked({ kind: 'entry:decision', within: 'i1' })).toEqual({
      text: '',
      kinds: ['entry'],
      entries: 'decision',
      incident: 'i1',
    });
    expect(asked({ text: 'x', kind: 'service', who: 'ana', when: 'today' })).toEqual({ text: 'x', kinds: ['service'] });
    expect(onlyNames({ kind: 'service' })).toBe(true);
    expect(onlyNames({ kind: 'entry:note' })).toBe(false);
    expect([isNarrowed({ text: 'x' }), isNarrowed({ when: 'today' })]).toEqual([false, true]);
  });

  it('mean whole days of headquarters', () => {
    expect(asked({ when: 'today' })).toEqual({ text: '', from: at('2026-11-24T00:00+01:00') });
    expect(asked({ when: '7d' })).toEqual({ text: '', from: at('2026-11-18T00:00+01:00') });
    expect(asked({ when: 'between', from: '2026-11-01', to: '2026-11-02' })).toEqual({
      text: '',
      from: at('2026-11-01T00:00+01:00'),
      to: at('2026-11-03T00:00+01:00') - 1,
    });
    expect(asked({ when: 'between', to: '2026-11-02' }, 'Asia/Tokyo')).toEqual({
      text: '',
      to: at('2026-11-03T00:00+09:00') - 1,
    });
  });

  it('know days that are longer, shorter, or begin after midnight', () => {
    const day = (date: string, zone: string) => {
      const { from, to } = asked({ when: 'between', from: date, to: date }, zone)!;
      return { from: from!, hours: (to! + 1 - from!) / 3_600_000 };
    };
    expect(day('2026-10-25', 'Europe/Vienna').hours).toBe(25);
    expect(day('2026-03-29', 'Europe/Vienna').hours).toBe(23);
    expect(day('2026-03-08', 'America/Havana')).toEqual({ from: at('2026-03-08T01:00-04:00'), hours: 23 });
    expect(asked({ when: 'between', from: 'soon', text: 'x' })).toEqual({ text: 'x' });
  });
});

it('everything that is found can be opened', () => {
  const kinds: Hit['kind'][] = ['incident', 'service', 'business-service', 'store', 'team', 'person', 'runbook'];
  expect(kinds.map((kind) => placeOf({ ...service('x'), kind }).screen)).toEqual([
    'incident',
    'map',
    'estate',
    'estate',
    'estate',
    'estate',
    'runbooks',
  ]);
  expect(placeOf({ ...entry('e1'), incident: { id: 'i1', name: 'INC-0001' } })).toEqual({
    screen: 'incident',
    params: { incident: 'i1', entry: 'e1' },
  });
  expect(placeOf({ ...entry('e1'), service: 'checkout-api' })).toEqual({
    screen: 'map',
    params: { service: 'checkout-api' },
  });
  expect(placeOf(entry('e1')).screen).toBe('record');
});

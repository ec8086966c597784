import fc from 'fast-check';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import { SearchIndex } from '../../electron/engine/search/index.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';
import type { Hit, SearchInput } from '../../shared/contract/search.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { ESTATE, type OpDraft } from '../../shared/ops/op.ts';
import { scratch } from '../support/scratch.ts';

const ASSETS = new URL('../../assets/', import.meta.url).pathname;
const DAY = 86_400_000;
const NOW = Date.parse('2026-11-24T13:00:00Z');
const author = { actor: 'ana', zone: 'Europe/Vienna' };

class Searched {
  readonly engine: Engine;
  constructor(engine: Engine) {
    this.engine = engine;
  }

  async call<K extends Name>(name: K, input: Input<K>): Promise<Output<K>> {
    const reply = await this.engine.call(name, input);
    if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
    return reply.value as Output<K>;
  }

  find(text: string, more: Partial<SearchInput> = {}): Promise<Output<'search'>> {
    return this.call('search', { text, ...more });
  }

  async excerpts(text: string, more: Partial<SearchInput> = {}): Promise<string[]> {
    return (await this.find(text, { kinds: ['entry'], ...more })).hits.map(({ excerpt }) => excerpt);
  }
}

async function open(data = scratch(), more: { poll?: boolean; now?: () => number } = {}): Promise<Searched> {
  const engine = await openEngine({
    data,
    assets: ASSETS,
    version: 'test',
    zone: 'Europe/Vienna',
    modules: [],
    ...more,
  });
  onTestFinished(() => engine.close());
  return new Searched(engine);
}

/** Writes ops in one commit, as a folder that nobody has searched yet. */
function write(data: string, drafts: readonly OpDraft[], now = NOW): void {
  const opened = openDatabase(data);
  try {
    const store = new Store(opened, loadIdentity(data), () => now);
    store.commit(author, (tx) => drafts.forEach((draft) => tx.append(draft)));
  } finally {
    opened.close();
  }
}

const put = (kind: string, id: string, fields: Record<string, unknown>): OpDraft => ({
  scope: ESTATE,
  type: 'estate.put',
  payload: { kind, id, fields },
});
const service = (id: string, title: string, description = '') =>
  put('service', id, { ref: `component:default/${id}`, name: id, title, description });
const declared: OpDraft = {
  scope: 'i1',
  type: 'incident.declare',
  payload: { number: 42, title: 'Checkout failing', severity: 'SEV1', services: [], businessServices: [] },
  eventTime: NOW - 400 * DAY,
};
const note = (text: string, eventTime = NOW): OpDraft => ({
  scope: 'i1',
  type: 'entry.note',
  payload: { text },
  eventTime,
});

const names = (hits: readonly Hit[]) => hits.map(({ kind, id }) => `${kind} ${id}`);
const marked = ({ excerpt, marks }: Hit) => marks.map(([start, end]) => excerpt.slice(start, end));

describe('what has a name', () => {
  it('is found by any of its words, begun or whole, the nearest first', async () => {
    const data = scratch();
    write(data, [
      service('checkout-api', 'Checkout API', 'Takes orders and gives them to payments'),
      service('payments-api', 'Payments API', 'Asks the provider'),
      service('payments', 'Payments'),
      put('team', 'team-pay', { name: 'team-pay', title: 'Payments team' }),
      put('person', 'ana', { name: 'Ana Kovač', title: 'Incident manager', email: 'ana.kovac@example.org' }),
      put('store', 's-112', { name: 's-112', title: 'Köln Mitte' }),
      put('business-service', 'in-store-payment', { name: 'in-store-payment', title: 'In-store payment' }),
    ]);
    const console = await open(data);
    const hits = names((await console.find('payments')).hits);
    expect(hits.slice(0, 4)).toEqual([
      'service payments',
      'service payments-api',
      'team team-pay',
      'service checkout-api',
    ]);
    expect(hits.slice(4).every((hit) => hit.startsWith('runbook '))).toBe(true);
    expect(names((await console.find('pay')).hits)).toContain('business-service in-store-payment');
    expect(names((await console.find('PAYMENTS asks')).hits)).toEqual(['service payments-api']);
    expect(names((await console.find('kovac')).hits)).toEqual(['person ana']);
    expect(names((await console.find('manager ana')).hits)[0]).toBe('person ana');
    expect(names((await console.find('example.org')).hits)).toEqual(['person ana']);
    expect(names((await console.find('koln')).hits)).toEqual(['store s-112']);
    expect((await console.find('orders gives')).hits.map(marked)).toEqual([['orders', 'gives']]);
    expect((await console.find('payments', { kinds: ['team'] })).hits).toMatchObject([{ title: 'Payments team' }]);
    expect((await console.find('nowhere')).hits).toEqual([]);
  });

  it('is found under its new name as soon as it has it, and no longer under the old one', async () => {
    const console = await open();
    const { id } = await console.call('incident.declare', { title: 'Tills are slow' });
    expect(names((await console.find('inc-0001', { kinds: ['incident'] })).hits)).toEqual([`incident ${id}`]);
    await console.call('incident.retitle', { incident: id, title: 'Payments are refused' });
    expect((await console.find('refused', { kinds: ['incident'] })).hits).toMatchObject([
      { id, title: 'INC-0001 Payments are refused' },
    ]);
    expect((await console.find('tills', { kinds: ['incident'] })).hits).toEqual([]);
    await console.call('estate.load-demonstration', {});
    expect((await console.find('checkout api')).hits[0]).toMatchObject({ kind: 'service', title: 'Checkout API' });
    await console.call('estate.leave-demonstration', {});
    expect((await console.find('checkout api', { kinds: ['service'] })).hits).toEqual([]);
  });

  it('is found inside runbooks, also in those that a person has put into the folder', async () => {
    const data = scratch();
    mkdirSync(join(data, 'runbooks'), { recursive: true });
    const shipped = readFileSync(join(ASSETS, 'runbooks/store-wan-outage.md'), 'utf8');
    writeFileSync(
      join(data, 'runbooks/freezers.md'),
      shipped.replace(/^id:.*$/m, 'id: freezers').replace(/^title:.*$/m, 'title: Freezers are warm'),
    );
    const console = await open(data);
    expect((await console.find('freezers')).hits).toMatchObject([
      { kind: 'runbook', id: 'freezers', title: 'Freezers are warm' },
    ]);
    const inside = await console.find('fallback', { kinds: ['runbook'] });
    expect(inside.hits.length).toBeGreaterThan(0);
    for (const hit of inside.hits) expect(marked(hit)[0]?.toLowerCase()).toBe('fallback');
  });

  it('answers at every letter among thousands', async () => {
    const data = scratch();
    write(data, [
      ...Array.from({ length: 5000 }, (_, n) =>
        service(`service-${n}`, `Service ${n}`, `Moves orders of region ${n % 40} into the ledger, with retries`),
      ),
    ]);
    mkdirSync(join(data, 'runbooks'), { recursive: true });
    const shipped = readFileSync(join(ASSETS, 'runbooks/checkout-slowdown.md'), 'utf8');
    for (let n = 0; n < 200; n++) {
      writeFileSync(
        join(data, `runbooks/${n}.md`),
        shipped.replace(/^id:.*$/m, `id: rb-${n}`).replace(/^title:.*$/m, `title: Runbook ${n}`),
      );
    }
    const console = await open(data);
    await console.find('warm');
    for (const text of [
      's',
      'se',
      'ser',
      'serv',
      'service',
      'service 4',
      'service 49',
      'ledger',
      'orders region',
      'queue',
      'runbook 17',
      'zzz',
    ]) {
      const answers = await Array.fromAsync({ length: 12 }, () => console.find(text));
      expect(answers[0]!.hits.length).toBe(text === 'zzz' ? 0 : 20);
      // The quickest: what else runs on the machine must not decide.
      expect(Math.min(...answers.map(({ ms }) => ms))).toBeLessThan(10);
    }
    expect((await console.find('service 4999')).hits[0]).toMatchObject({ title: 'Service 4999' });
  });
});

describe('what was written', () => {
  it('is found by beginnings of its words in any order, the newest first, with where, who and when', async () => {
    const data = scratch();
    write(data, [
      put('person', 'ana', { name: 'Ana Kovač' }),
      declared,
      note('The provider confirms an outage'),
      { scope: 'i1', type: 'entry.decision', payload: { text: 'Fail over', reason: 'the provider is down' } },
      { scope: 'i1', type: 'incident.severity', payload: { severity: 'SEV2', reason: 'provider answers again' } },
      { scope: 'i1', type: 'ask.open', payload: { ask: 'a1', text: 'Ring the provider', owner: 'ana', dueAt: null } },
    ]);
    const console = await open(data);
    const { hits, next, indexing } = await console.find('prov', { kinds: ['entry'] });
    expect({ next, indexing }).toEqual({ next: null, indexing: null });
    expect(hits.map(({ entry, title }) => [entry, title])).toEqual([
      ['ask', expect.stringContaining('asked Ana Kovač: Ring the provider')],
      ['state', expect.stringContaining('SEV2')],
      ['decision', ''],
      ['note', ''],
    ]);
    for (const hit of hits) {
      expect(hit).toMatchObject({
        by: 'Ana Kovač',
        incident: { id: 'i1', name: 'INC-0042 Checkout failing' },
        at: NOW,
      });
      expect(marked(hit)).toEqual(['prov']);
    }
    expect(await console.excerpts('OUTAGE conf')).toEqual(['The provider confirms an outage']);
    expect(await console.excerpts('outage again')).toEqual([]);
  });

  it('can be narrowed down by who, when, kind and incident, together and without a word', async () => {
    const console = await open(scratch(), { now: () => NOW });
    await console.call('estate.load-demonstration', {});
    const [ana, bo] = await console.call('estate.people', {});
    const { id: one } = await console.call('incident.declare', { title: 'One' });
    const { id: two } = await console.call('incident.declare', { title: 'Two' });
    await console.call('settings.set', { actingAs: ana!.id });
    await console.call('incident.say', { incident: one, text: 'ana in one, today' });
    await console.call('incident.say', { incident: two, text: 'ana in two, last week', eventTime: NOW - 7 * DAY });
    await console.call('settings.set', { actingAs: bo!.id });
    await console.call('incident.say', { incident: one, text: 'bo in one, last year', eventTime: NOW - 360 * DAY });
    await console.call('incident.decide', { incident: two, text: 'bo decided in two, today' });

    expect(await console.excerpts('', { who: ana!.id })).toEqual(['ana in two, last week', 'ana in one, today']);
    expect(await console.excerpts('', { who: ana!.name, incident: one })).toEqual(['ana in one, today']);
    expect(await console.excerpts('today', { incident: two })).toEqual(['bo decided in two, today']);
    expect(await console.excerpts('two', { entries: 'decision' })).toEqual(['bo decided in two, today']);
    expect(await console.excerpts('in', { from: NOW - DAY })).toEqual([
      'bo decided in two, today',
      'ana in one, today',
    ]);
    expect(await console.excerpts('in', { to: NOW - DAY })).toEqual(['bo in one, last year', 'ana in two, last week']);
    expect(await console.excerpts('in', { from: NOW - 30 * DAY, to: NOW - DAY })).toEqual(['ana in two, last week']);
    expect(await console.excerpts('', { to: NOW - 300 * DAY })).toEqual(['bo in one, last year']);
    expect(await console.excerpts('', { from: -8e15, to: 8e15, who: bo!.id, entries: 'note' })).toEqual([
      'bo in one, last year',
    ]);
    expect(await console.excerpts('in', { from: NOW, to: NOW - DAY })).toEqual([]);
    expect((await console.find('one', { who: ana!.id })).hits.every(({ kind }) => kind === 'entry')).toBe(true);
    expect(
      (await console.find('one', { kinds: ['service', 'runbook'] })).hits.some(({ kind }) => kind === 'entry'),
    ).toBe(false);
    expect(await console.engine.call('search', { text: 'one', incident: 'INC-9999' })).toMatchObject({
      ok: false,
      code: 'not_found',
    });
    expect(await console.engine.call('search', { text: 'one', who: 'nobody-here' })).toMatchObject({
      ok: false,
      code: 'not_found',
    });
  });

  it('of one day is found among thousands of the same words that came later', async () => {
    const data = scratch();
    const long = Array.from({ length: 3000 }, (_, n) => note(`queue depth ${n}`, NOW - 2 * DAY + n * 1000));
    write(data, [declared, note('queue is long', NOW - 20 * DAY), ...long]);
    const console = await open(data);
    expect(await console.excerpts('queue', { from: NOW - 21 * DAY, to: NOW - 19 * DAY })).toEqual(['queue is long']);
    expect(await console.excerpts('queue', { to: NOW - 19 * DAY })).toEqual(['queue is long']);
  });

  it('is read page by page to its end, each once', async () => {
    const data = scratch();
    write(data, [
      service('bridge', 'Queue bridge'),
      declared,
      ...Array.from({ length: 450 }, (_, n) => note(`bridge queue ${n}`)),
    ]);
    const console = await open(data);
    const seen: string[] = [];
    let before: number | undefined;
    for (;;) {
      const page = await console.find('queue bridge', { limit: 100, before });
      const entries = page.hits.filter(({ kind }) => kind === 'entry');
      expect(page.hits.length - entries.length).toBe(before === undefined ? 1 : 0);
      seen.push(...entries.map(({ excerpt }) => excerpt));
      if (page.next === null) break;
      before = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 450 }, (_, n) => `bridge queue ${449 - n}`));
  });

  it('is found in its old and its new words after a correction, and at its corrected time', async () => {
    const console = await open(scratch(), { now: () => NOW });
    const { id: incident } = await console.call('incident.declare', { title: 'One' });
    const { entry } = await console.call('incident.say', { incident, text: 'Warehouse in Graz is down' });
    await console.call('incident.correct', {
      incident,
      entry,
      text: 'Warehouse in Linz is down',
      eventTime: NOW - 25 * DAY,
      reason: 'misheard',
    });
    expect((await console.find('graz', { kinds: ['entry'] })).hits).toMatchObject([
      { id: entry, excerpt: 'Warehouse in Graz is down' },
    ]);
    const after = await console.find('linz', { kinds: ['entry'] });
    expect(after.hits).toMatchObject([{ entry: 'correction', excerpt: expect.stringContaining('Linz') }]);
    expect(marked(after.hits[0]!)).toEqual(['Linz']);
    expect((await console.find('misheard', { kinds: ['entry'] })).hits).toMatchObject([{ entry: 'correction' }]);
    expect((await console.find('warehouse', { entries: 'note' })).hits).toMatchObject([{ at: NOW - 25 * DAY }]);
    expect((await console.find('warehouse', { entries: 'note', to: NOW - 24 * DAY })).hits).toMatchObject([
      { id: entry },
    ]);
    expect((await console.find('warehouse', { entries: 'note', from: NOW - DAY })).hits).toEqual([]);
  });
});

describe('what people type', () => {
  const texts = [
    'Kovač spürt’s: Straße gesperrt',
    `<img src=x onerror=alert(1)> & "quoted"`,
    `Robert'); DROP TABLE op;--`,
    '決済サービスが停止しました',
    'ระบบชำระเงินล่ม',
    'الدفع متوقف في المتجر',
    'התשלום נכשל \u202e.exe',
    'p95 > 400ms (NEAR the limit) OR worse* "AND" -not ^this col:umn',
    'e-mail ops@example.org, ticket #4711, 10.0.0.1:8443/v2',
  ];

  it.each([
    ['strasse KOVAC', 0],
    ['onerror alert', 1],
    ['<img src=x', 1],
    [`'); drop table op`, 2],
    ['停止', 3],
    ['サービス', 3],
    ['ชำระ', 4],
    ['المتجر', 5],
    ['الدفع', 5],
    ['התשלום', 6],
    ['exe', 6],
    ['"AND" OR NEAR(', 7],
    ['col:umn ^this -not', 7],
    ['ops@example.org', 8],
    ['4711', 8],
    ['10.0.0.1:8443', 8],
  ])('%s is words and never syntax, in whatever script', async (query, n) => {
    const data = scratch();
    write(data, [declared, ...texts.map((text) => note(text))]);
    const console = await open(data);
    const found = await console.find(query, { kinds: ['entry'] });
    expect(found.hits.map(({ excerpt }) => excerpt)).toEqual([texts[n]]);
    for (const hit of found.hits) expect(marked(hit).length).toBeGreaterThan(0);
  });

  it('is never refused, whatever it is', async () => {
    const data = scratch();
    write(data, [declared, ...texts.map((text) => note(text))]);
    const console = await open(data);
    const syntax = fc.array(
      fc.constantFrom(
        '"',
        "'",
        '*',
        '(',
        ')',
        'AND',
        'OR',
        'NOT',
        'NEAR/2',
        '^',
        ':',
        '-',
        '+',
        '{',
        '}',
        'words :',
        'a',
        '停',
        '\0',
        '\ud800',
      ),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          syntax.map((parts) => parts.join(' ').slice(0, 500)),
          fc.string({ unit: 'binary', maxLength: 500 }),
        ),
        fc.boolean(),
        async (text, narrowed) => {
          const reply = await console.engine.call('search', {
            text: text.slice(0, 500),
            ...(narrowed ? { entries: 'note' } : {}),
          });
          expect(reply).toMatchObject({ ok: true });
        },
      ),
      { numRuns: 400 },
    );
    const many = Array.from({ length: 240 }, (_, n) => n.toString(36))
      .join(' ')
      .slice(0, 500);
    expect(await console.engine.call('search', { text: many })).toMatchObject({ ok: true, value: { hits: [] } });
  });

  it('means a whole word when it is one letter, and nothing while that is being typed', async () => {
    const data = scratch();
    write(data, [declared, note('Plan B works'), note('Plan C is better')]);
    const console = await open(data);
    expect(await console.excerpts('plan b ')).toEqual(['Plan B works']);
    expect(await console.excerpts('b plan')).toEqual(['Plan B works']);
    expect(await console.excerpts('plan b')).toEqual(['Plan C is better', 'Plan B works']);
    expect(await console.excerpts('p')).toEqual([]);
  });
});

describe('the index', () => {
  const many = (count: number) => [declared, ...Array.from({ length: count }, (_, n) => note(`entry number ${n}`))];

  it('catches up by itself with what was written while nobody searched', async () => {
    const data = scratch();
    write(data, many(3000));
    const console = await open(data);
    const { hits, indexing } = await console.find('number 2999', { kinds: ['entry'] });
    expect({ found: hits.length, indexing }).toEqual({ found: 1, indexing: null });
  });

  it('says how far it is while it is behind, and ends with all of it', async () => {
    const data = scratch();
    write(data, many(6000));
    const behind = await open(data);
    expect((await behind.find('number')).indexing).toEqual({ done: 0, total: 6001 });
    await behind.engine.close();
    const console = await open(data, { poll: true });
    await expect
      .poll(async () => (await console.find('number 5999')).indexing, { timeout: 60_000, interval: 100 })
      .toBeNull();
    expect(await console.excerpts('number 5999')).toEqual(['entry number 5999']);
    expect(await console.excerpts('number 0')).toContain('entry number 0');
  });

  it('is filled again when it was made in another way', async () => {
    const data = scratch();
    write(data, many(10));
    const first = await open(data);
    expect(await first.excerpts('number 7')).toEqual(['entry number 7']);
    await first.engine.close();
    const opened = openDatabase(data);
    opened.db.prepare("UPDATE meta SET value = '11' WHERE key = 'search.upto'").run();
    opened.close();
    expect(await (await open(data)).excerpts('number 7')).toEqual(['entry number 7']);
  });

  it('on a full disk answers with what it has, says so, and goes on when there is space', () => {
    const opened = openDatabase(scratch());
    onTestFinished(() => opened.close());
    const store = new Store(opened, loadIdentity(scratch()), () => NOW);
    store.commit(author, (tx) => many(1000).forEach((draft) => tx.append(draft)));
    const index = new SearchIndex(store);
    expect(index.find('number 400', {}, { limit: 5 })).toHaveLength(1);
    store.commit(author, (tx) => many(3000).forEach((draft) => tx.append(draft)));
    const pages = Number(opened.db.pragma('page_count', { simple: true }));
    opened.db.pragma(`max_page_count = ${pages + 4}`);
    expect(index.find('number 400', {}, { limit: 5 }).length).toBeGreaterThan(0);
    const { done, total } = index.progress!;
    expect({ total, behind: done < total && done >= 1001 }).toEqual({ total: 4002, behind: true });
    opened.db.pragma('max_page_count = 1000000');
    expect(index.find('number 2999', {}, { limit: 5 })).toHaveLength(1);
    expect(index.progress).toBeNull();
  });

  it('on a disk that nobody may write to answers with what it has', async () => {
    const data = scratch();
    write(data, many(10));
    const first = await open(data);
    expect(await first.excerpts('number 7')).toEqual(['entry number 7']);
    await first.engine.close();
    const opened = openDatabase(data);
    onTestFinished(() => opened.close());
    const readOnly = new Store(
      { ...opened, writable: false, warning: 'The data folder is read-only.' },
      loadIdentity(data),
      () => NOW,
    );
    expect(new SearchIndex(readOnly).find('number 7', {}, { limit: 5 })).toHaveLength(1);
  });
});

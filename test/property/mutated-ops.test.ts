/**
 * Ops that were changed on their way, by the tens of thousands. Whatever is done to them: nothing throws, nothing that is
 * not exactly what was signed is applied, and every refusal is one sentence.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signText } from '../../electron/engine/access/identity.ts';
import { opId } from '../../electron/engine/store/log.ts';
import type { Incoming } from '../../electron/engine/store/ingest.ts';
import { tell } from '../../shared/domain/timeline.ts';
import type { Op } from '../../shared/ops/op.ts';
import { sealedText } from '../../shared/ops/segment.ts';
import { seeded } from '../support/history.ts';
import { AUTHOR, declare, enrol, note, peer, segmentsOf, tick, type Peer } from '../support/exchange.ts';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  "'); DROP TABLE op; --",
  '\u202Egnp.exe\u202C',
  'a\u200Bb\u200C\u200D\uFEFF',
  '\u0000\u0007\u001b[2J',
  '=HYPERLINK("https://evil.example")',
  '{{constructor.constructor("return 1")()}}',
  '\ud83d\ude80'.repeat(50),
  '../../../etc/passwd',
];

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

type Mutation = (op: Record<string, unknown>, random: () => number) => unknown;
const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const rubbish: unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  'x',
  [],
  {},
  [[[]]],
  { __proto__: 1 },
  Number.MAX_SAFE_INTEGER + 2,
  ...HOSTILE,
];

const MUTATIONS: Mutation[] = [
  (op, random) => ({ ...op, [pick(random, Object.keys(op))]: pick(random, rubbish) }),
  (op, random) => {
    const copy = { ...op };
    delete copy[pick(random, Object.keys(op))];
    return copy;
  },
  (op, random) => ({
    ...op,
    [pick(random, ['extra', '__proto__', 'constructor', 'n', 'arrived'])]: pick(random, rubbish),
  }),
  (op, random) => ({
    ...op,
    payload: {
      ...(op['payload'] as object),
      [pick(random, ['text', 'title', 'number', 'more'])]: pick(random, rubbish),
    },
  }),
  (op, random) => ({ ...op, seq: Number(op['seq']) + pick(random, [-1, 1, 1000, 0.5]) }),
  (op, random) => ({ ...op, eventTime: Number(op['eventTime']) + pick(random, [-3_600_000, 1, 1e15]) }),
  (op, random) => ({
    ...op,
    hlc: pick(random, [`ffffffffffff0000-${String(op['console'])}`, '0', String(op['hlc']).replace(/.$/, '0')]),
  }),
  (op, random) => ({ ...op, id: pick(random, ['A'.repeat(43), String(op['prev'] ?? 'B'.repeat(43))]) }),
  (op, random) => ({ ...op, actor: pick(random, ['mo', 'system', ...HOSTILE]) }),
  (op) => ({ ...op, base: [op['id'], 'C'.repeat(43)] }),
  (op, random) => ({ ...op, payload: { text: pick(random, ['\ud800', deep(600), deep(100_000)]) } }),
  (op, random) => ({ ...op, zone: pick(random, ['\udc00', 'x'.repeat(65), '']) }),
  (op) => [op],
  () => deep(3000),
  (_, random) => pick(random, rubbish),
];

function story(length: number): { from: Peer; segment: Incoming } {
  const from = peer();
  declare(from, 'i1');
  for (let n = 1; n < length; n++) note(from, 'i1', `note ${n}`);
  return { from, segment: segmentsOf(from)[0]! };
}

const sentence = /^[A-Z].*\.$/s;

describe('ops that were changed on their way', () => {
  it('are kept out, with a sentence, and what was signed is applied', { timeout: 300_000 }, () => {
    const length = 12;
    const { from, segment } = story(length);
    const genuine = new Map(segment.ops.map((op) => [(op as Op).id, op as Op]));
    let mutated = 0;
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 20, max: 40 }), (seed, changes) => {
        const random = seeded(seed);
        const here = peer();
        enrol(here, from);
        const before = here.store.opCount;
        for (let n = 0; n < changes; n++) {
          const share = random() < 0.5 ? 0.15 : 0.8;
          const ops = segment.ops.map((op) =>
            random() < share ? (mutated++, pick(random, MUTATIONS)(op as Record<string, unknown>, random)) : op,
          );
          const { quarantined } = here.store.ingest([{ ...segment, ops }], 'test');
          for (const { reason } of quarantined) expect(reason).toMatch(sentence);
        }
        for (const op of here.store.log.range(from.store.console, 1, 1000)) {
          const { n: _n, arrived: _arrived, ...bare } = op;
          expect(bare).toEqual(genuine.get(op.id));
        }
        const rest = here.store.ingest([segment], 'test');
        expect(here.store.opCount).toBe(before + length);
        expect(rest.quarantined).toEqual([]);
        expect(here.check().ok).toBe(true);
        here.opened.close();
      }),
      { numRuns: 150 },
    );
    expect(mutated).toBeGreaterThan(20_000);
  });
});

/** An op that its own console wrote and signed, as a broken or malicious program would. */
function signed({ identity, store }: Peer, change: Partial<Omit<Op, 'id'>>): Incoming {
  const previous = store.head!;
  const body: Omit<Op, 'id'> = {
    console: store.console,
    seq: previous.seq + 1,
    hlc: `${tick().toString(16).padStart(12, '0')}0000-${store.console}`,
    actor: AUTHOR.actor,
    eventTime: 0,
    zone: AUTHOR.zone,
    scope: 'i1',
    type: 'entry.note',
    payload: { text: 'x' },
    prev: previous.id,
    ...change,
  };
  const op = { id: opId(body), ...body };
  const [whole] = segmentsOf({ store, identity } as Peer);
  const seal = { console: store.console, first: whole!.first, last: op.seq, head: op.id };
  return {
    ...whole!,
    ...seal,
    signature: signText(identity.privateKey, sealedText(seal)).toString('base64url'),
    ops: [...whole!.ops, op],
  };
}

describe('ops that their own console signed and that must not count', () => {
  const at = (ms: number, console: string) => `${ms.toString(16).padStart(12, '0')}0000-${console}`;
  const cases: [string, (from: Peer) => Partial<Omit<Op, 'id'>>, RegExp][] = [
    [
      'a clock 40 years ahead',
      ({ store }) => ({ hlc: at(tick() + 40 * 365.25 * 86_400_000, store.console) }),
      /Its clock is 40 years ahead/,
    ],
    [
      'a payload of 5 MB',
      () => ({ payload: { text: 'x'.repeat(5_000_000) } }),
      /larger than 256 KiB|does not fit its type/,
    ],
    ['a payload that its type does not have', () => ({ payload: { words: 'x' } }), /does not fit its type/],
    [
      'a timestamp of another console',
      () => ({ hlc: at(tick(), 'abcdef0123456789') }),
      /timestamp belongs to another console/,
    ],
    [
      'a field that would become a prototype',
      () => ({
        scope: 'estate',
        type: 'estate.put',
        payload: { kind: 'service', id: 'a', fields: { __proto__: null, ['__proto__x']: 1 } },
      }),
      /does not fit its type/,
    ],
  ];
  it.each(cases)('%s', (_, change, reason) => {
    const { from } = story(3);
    const here = peer();
    enrol(here, from);
    const { applied, quarantined } = here.store.ingest([signed(from, change(from))], 'test');
    expect(applied).toBe(3);
    expect(quarantined.map((each) => each.reason).join()).toMatch(reason);
    expect(here.store.quarantined()).toBe(1);
    expect(here.check().ok).toBe(true);
  });

  it('two different ops under one number: the first stays, the second is shown', () => {
    const { from } = story(3);
    const here = peer();
    enrol(here, from);
    here.store.ingest([signed(from, { payload: { text: 'all is lost' } })], 'test');
    const { applied, quarantined } = here.store.ingest([signed(from, { payload: { text: 'all is well' } })], 'test');
    expect(applied).toBe(0);
    expect(quarantined[0]!.reason).toMatch(/two different ops with number 4/);
  });
});

describe('hostile words that were honestly signed', () => {
  it.each(HOSTILE)('%j are kept to the letter and told in one harmless line', (text) => {
    const from = peer();
    declare(from, 'i1', text.replace(/\0/g, '').trim() || 'x');
    note(from, 'i1', text);
    const here = peer();
    enrol(here, from);
    expect(here.store.ingest(segmentsOf(from), 'test').applied).toBe(2);
    const [row] = here.store.entries({ scope: 'i1' }, { limit: 1 });
    expect(row!.op.payload['text']).toBe(text);
    const same = (id: string) => id;
    const { summary } = tell(
      { type: 'incident.title', payload: { title: text }, eventTime: 0, zone: 'UTC' },
      {
        person: same,
        service: same,
        businessService: same,
        step: (_, id) => id,
        ask: () => null,
        entry: () => null,
        source: same,
      },
    );
    // oxlint-disable-next-line no-control-regex
    expect(summary).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\n]/);
    expect(here.check().ok).toBe(true);
  });
});

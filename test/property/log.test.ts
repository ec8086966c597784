import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGenuine, Log } from '../../electron/engine/store/log.ts';
import { MIGRATIONS } from '../../electron/engine/store/migrations.ts';
import { Projection } from '../../electron/engine/store/projection.ts';
import { canonical, canonicalText } from '../../shared/ops/canonical.ts';
import { formatHlc, MAX_DRIFT_MS, parseHlc, receive, tick } from '../../shared/ops/hlc.ts';
import { isOp, Op } from '../../shared/ops/op.ts';
import { OP_TYPES } from '../../shared/ops/types.ts';
import { history, seeded, shuffled } from '../support/history.ts';

function hashOf(ops: readonly Op[], flushEvery: number): string {
  const db = new Database(':memory:');
  for (const migration of MIGRATIONS) db.exec(migration.sql);
  const log = new Log(db);
  const projection = new Projection(db);
  ops.forEach((op, index) => {
    projection.apply(op, log.insert(op, 0));
    if (index % flushEvery === 0) projection.flush();
  });
  projection.flush();
  const hash = projection.hash();
  db.close();
  return hash;
}

describe('projections', () => {
  it('are the same whatever order the ops arrived in', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 80 }),
        fc.integer(),
        fc.integer({ min: 1, max: 20 }),
        (seed, length, order, every) => {
          const ops = history(seed, length);
          expect(hashOf(shuffled(ops, seeded(order)), every)).toBe(hashOf(ops, 1));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('do not remember a removal that removed nothing (found by seed 0, order 713165875)', () => {
    const ops = history(0, 77);
    expect(hashOf(shuffled(ops, seeded(713165875)), 3)).toBe(hashOf(ops, 1));
  });

  it('differ when an op is missing that changed something', () => {
    const ops = history(7, 400);
    const notes = ops.filter((op) => op.type === 'entry.note');
    expect(
      hashOf(
        ops.filter((op) => op !== notes[0]),
        1,
      ),
    ).not.toBe(hashOf(ops, 1));
  });
});

describe('generated histories', () => {
  it('hold every op type, so that a new type cannot escape the properties', () => {
    const types = new Set(history(3, 2000).map((op) => op.type));
    expect([...types].sort()).toEqual(Object.keys(OP_TYPES).sort());
  });

  it('survive the log unchanged', () => {
    const ops = history(11, 300);
    const db = new Database(':memory:');
    for (const migration of MIGRATIONS) db.exec(migration.sql);
    const log = new Log(db);
    for (const op of ops) log.insert(op, 5);
    const read = [...log.all(7)].map(({ n: _n, arrived: _arrived, ...op }) => op);
    expect(read).toEqual(ops);
    expect(read.every((op) => isGenuine(op))).toBe(true);
    expect(Op.array().parse(read)).toEqual(ops);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of members and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonical({ b: 1, a: [true, null, 'é\u2028'], é: -0 })).toBe('{"a":[true,null,"é\u2028"],"b":1,"é":0}');
  });

  it.each([[Number.NaN], [Infinity], ['\ud800'], [1n], [() => 1]])('refuses %s', (value) => {
    expect(() => canonical(value)).toThrow(TypeError);
  });

  it('is written for a text as for any value', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => canonicalText(text) === canonical(text)));
    expect(() => canonicalText('\ud800')).toThrow(TypeError);
  });

  it('refuses what is nested too deeply, in order or not, before the stack ends', () => {
    const nested = (levels: number, open: string, close: string) =>
      JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`) as unknown;
    expect(canonical(nested(500, '[', ']'))).toHaveLength(1001);
    for (const levels of [501, 100_000]) {
      expect(() => canonical(nested(levels, '[', ']'))).toThrow(/nested/);
      expect(() => canonical(nested(levels, '{"b":1,"a":', '}'))).toThrow(/nested/);
    }
  });
});

describe('the quick look at an op', () => {
  const ops = history(7, 40).map((op) => ({ ...op }) as Record<string, unknown>);
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      undefined,
      -0,
      1.5,
      2 ** 53,
      9e15,
      -9e15,
      'a'.repeat(65),
      'A'.repeat(43),
      ['A'.repeat(43)],
      Array(1001).fill('A'.repeat(43)),
    ),
    fc.constantFrom('i1', 'I1', '_x', 'entry.note', '0'.repeat(16) + '-console01', 'console01\n'),
  );
  const members = [...Object.keys(Op.shape), 'extra', '__proto__', 'constructor'];

  it('takes what the schema takes, and nothing that it refuses', () => {
    for (const op of ops) expect(isOp(op)).toBe(true);
    fc.assert(
      fc.property(fc.nat(ops.length - 1), fc.constantFrom(...members), odd, fc.boolean(), (at, member, value, drop) => {
        const op = { ...ops[at] };
        if (drop) delete op[member];
        else Object.defineProperty(op, member, { value, enumerable: true, configurable: true, writable: true });
        const { success, data } = Op.safeParse(op);
        // What it leaves to the schema is only what is written in an unusual way.
        expect(isOp(op)).toBe(
          success && Object.keys(data).length === Object.keys(op).length && !Object.values(op).includes(undefined),
        );
        if (isOp(op)) expect(data).toEqual(op);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('hybrid logical clock', () => {
  it('grows whatever the wall clock does, in number and in text', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 50 }), (walls) => {
        let state = { ms: 0, counter: 0 };
        let last = '';
        for (const now of walls) {
          state = tick(state, now);
          const text = formatHlc({ ...state, console: 'console01' });
          expect(text > last).toBe(true);
          expect(parseHlc(text)).toEqual({ ...state, console: 'console01' });
          last = text;
        }
      }),
    );
  });

  it('sorts after what it heard, and is not moved by a clock too far ahead', () => {
    const now = 1_000_000_000;
    const near = formatHlc({ ms: now + MAX_DRIFT_MS, counter: 3, console: 'remote001' });
    const heard = receive({ ms: now, counter: 0 }, near, now);
    expect(formatHlc({ ...tick(heard.state, now), console: 'console01' }) > near).toBe(true);
    const far = receive(
      { ms: now, counter: 0 },
      formatHlc({ ms: now + MAX_DRIFT_MS + 1, counter: 0, console: 'remote001' }),
      now,
    );
    expect(far).toEqual({ state: { ms: now, counter: 0 }, ahead: MAX_DRIFT_MS + 1 });
  });

  it('goes on after 65,536 events in one millisecond', () => {
    expect(tick({ ms: 5, counter: 0xffff }, 5)).toEqual({ ms: 6, counter: 0 });
  });
});

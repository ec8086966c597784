import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGenuine, Log } from '../../electron/engine/store/log.ts';
import { MIGRATIONS } from '../../electron/engine/store/migrations.ts';
import { Projection } from '../../electron/engine/store/projection.ts';
import { canonical } from '../../shared/ops/canonical.ts';
import { formatHlc, MAX_DRIFT_MS, parseHlc, receive, tick } from '../../shared/ops/hlc.ts';
import { Op } from '../../shared/ops/op.ts';
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
    const ops = history(7, 200);
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

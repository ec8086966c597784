import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../electron/engine/access/identity.ts';
import { linkOf, opId } from '../../electron/engine/store/log.ts';
import { Refusal } from '../../shared/contract/spec.ts';
import type { Op } from '../../shared/ops/op.ts';
import { bodyOf, readAll, seal, take } from '../support/bundles.ts';
import { AUTHOR, declare, enrol, folder, memoryPeer, note, type Peer } from '../support/exchange.ts';
import { seeded } from '../support/history.ts';

/** A console that wrote about two incidents in turn. */
function writer(): Peer {
  const there = memoryPeer();
  declare(there, 'i1', 'Checkout failing');
  declare(there, 'i2', 'Warehouse late', 2);
  for (let n = 0; n < 12; n++) note(there, n % 3 === 0 ? 'i2' : 'i1', `note ${n}`);
  there.store.commit(AUTHOR, (tx) =>
    tx.append({
      scope: 'i1',
      type: 'incident.severity',
      payload: { severity: 'SEV1', reason: 'worse' },
      base: tx.headIds('incident', 'i1', 'i1', 'severity'),
    }),
  );
  return there;
}

type Change = (lines: string[], random: () => number) => void;

const at = (lines: readonly string[], random: () => number): number => 1 + Math.floor(random() * (lines.length - 1));

/** Edits one member, however deep, of the JSON on a line. */
function editMember(text: string, random: () => number): string {
  const value = JSON.parse(text) as Record<string, unknown>;
  let owner: Record<string, unknown> = value;
  for (;;) {
    const keys = Object.keys(owner);
    const key = keys[Math.floor(random() * keys.length)];
    if (key === undefined) return text;
    const member = owner[key];
    if (typeof member === 'object' && member !== null && random() < 0.8) {
      owner = member as Record<string, unknown>;
      continue;
    }
    if (typeof member === 'number') owner[key] = member + (random() < 0.5 ? 1 : -1);
    else if (typeof member === 'string')
      owner[key] =
        random() < 0.5
          ? `${member}x`
          : member.replace(/[a-y0-8]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 1));
    else delete owner[key];
    return JSON.stringify(value);
  }
}

/** Null for what an edit left without one of its members: no id can be made of it. */
function idOf(op: Omit<Op, 'id'>): string | null {
  try {
    return opId(op);
  } catch {
    return null;
  }
}

/** What a hostile carrier can do to a body before signing it as their own. */
const CHANGES: Record<string, Change> = {
  edit: (lines, random) => {
    const line = at(lines, random);
    lines[line] = editMember(lines[line]!, random);
  },
  drop: (lines, random) => void lines.splice(at(lines, random), 1),
  double: (lines, random) => {
    const line = at(lines, random);
    lines.splice(line, 0, lines[line]!);
  },
  swap: (lines, random) => {
    const [a, b] = [at(lines, random), at(lines, random)];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  },
  withhold: (lines, random) => {
    const line = at(lines, random);
    const op = JSON.parse(lines[line]!) as Op;
    if (!('hlc' in op)) return;
    const { scope, content } = linkOf(op);
    lines[line] = JSON.stringify({ scope, content });
  },
  /** An op with other words and the id that belongs to them; those after it as they were, or chained anew. */
  forge: (lines, random) => {
    const ops = lines.flatMap((line, index) =>
      line.startsWith('{"id":') ? [{ index, op: JSON.parse(line) as Op }] : [],
    );
    const chosen = Math.floor(random() * ops.length);
    const rechain = random() < 0.5;
    ops.slice(chosen, rechain ? undefined : chosen + 1).forEach(({ index, op: { id: _id, ...op } }, place) => {
      const before = place === 0 ? undefined : (JSON.parse(lines[ops[chosen + place - 1]!.index]!) as Op).id;
      const forged = {
        ...op,
        ...(before === undefined ? { payload: { ...op.payload, text: 'forged' } } : { prev: before }),
      };
      const id = idOf(forged);
      if (id !== null) lines[index] = JSON.stringify({ id, ...forged });
    });
  },
  behead: (lines, random) => {
    const header = lines.findIndex((line) => /^\{"slice":.*"count":/.test(line));
    if (header < 0) return;
    const { slice } = JSON.parse(lines[header]!) as { slice: { from: number; before?: string; count: number } };
    const cut = Math.min(slice.count - 1, 1 + Math.floor(random() * 3));
    const gone = lines.splice(header + 1, cut).map((line) => JSON.parse(line) as Partial<Op>);
    lines[header] = JSON.stringify({
      slice: { ...slice, from: slice.from + cut, before: gone.at(-1)?.id ?? 'A'.repeat(43), count: slice.count - cut },
    });
  },
};

describe('bundles from a hostile carrier', () => {
  it('let nothing in that its author did not sign, and leave nothing behind that harms', async () => {
    const there = writer();
    const file = join(folder(), 'hostile.holdfast');
    const whole = await bodyOf(there, file);
    const bodies = {
      whole,
      incident: await bodyOf(there, file, {
        of: 'incident',
        incident: 'i2',
        label: 'INC-0002',
        title: 'Warehouse late',
      }),
    };
    const genuine = new Map([...there.store.log.all()].map(({ n: _n, arrived: _arrived, ...op }) => [op.id, op]));
    const carrier = memoryPeer();
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('whole' as const, 'incident' as const),
        fc.array(fc.constantFrom(...Object.keys(CHANGES)), { minLength: 1, maxLength: 4 }),
        fc.integer(),
        async (of, changes, seed) => {
          const random = seeded(seed);
          const header = {
            ...(JSON.parse(bodies[of][0]!) as object),
            console: carrier.store.console,
            key: rawKey(carrier.identity.publicKey).toString('base64url'),
          };
          const lines = [JSON.stringify(header), ...bodies[of].slice(1)];
          for (const change of changes) if (lines.length > 2) CHANGES[change]!(lines, random);
          writeFileSync(file, seal(lines, carrier.identity));
          const here = memoryPeer();
          enrol(here, there);
          await take(file, here).catch((error: unknown) => {
            if (!(error instanceof Refusal)) throw error;
          });
          for (const { n: _n, arrived: _arrived, ...op } of here.store.log.all()) {
            if (op.console !== there.store.console) continue;
            taken++;
            expect(genuine.get(op.id)).toEqual(op);
          }
          expect(here.check().findings).toEqual([]);

          writeFileSync(file, seal(whole, there.identity));
          await take(file, here);
          expect(here.store.log.range(there.store.console, 1, 99)).toHaveLength(genuine.size);
          expect(here.check().findings).toEqual([]);
          here.opened.close();
        },
      ),
      { numRuns: 250, examples: [['whole', ['double', 'edit', 'forge'], -578948874]] },
    );
    // Or the property would hold because nothing ever came through.
    expect(taken).toBeGreaterThan(50);
  });

  it('are refused, or are byte for byte what was signed', async () => {
    const there = writer();
    const file = join(folder(), 'damaged.holdfast');
    const whole = seal(await bodyOf(there, file), there.identity);
    const text = gunzipSync(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            at: fc.nat({ max: whole.length - 1 }),
            do: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
            with: fc.integer({ min: 1, max: 255 }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        async (edits) => {
          let bytes = Buffer.from(whole);
          for (const edit of edits) {
            const place = edit.at % Math.max(1, bytes.length);
            if (edit.do === 'flip') bytes[place]! ^= edit.with;
            else if (edit.do === 'cut')
              bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + (edit.with % 32))]);
            else if (edit.do === 'insert')
              bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([edit.with]), bytes.subarray(place)]);
            else bytes = Buffer.concat([bytes.subarray(0, place + 16), bytes.subarray(place)]);
          }
          writeFileSync(file, bytes);
          const outcome = await readAll(file).catch((error: unknown) => error);
          if (outcome instanceof Refusal)
            expect(outcome.message).toMatch(/^damaged\.holdfast .*Nothing of it was taken\.$/);
          else {
            expect(Array.isArray(outcome), String(outcome)).toBe(true);
            expect(gunzipSync(bytes).equals(text)).toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

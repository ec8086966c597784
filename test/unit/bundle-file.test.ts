import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { constants, createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { rawKey } from '../../electron/engine/access/identity.ts';
import { Refusal } from '../../shared/contract/spec.ts';
import { bodyOf, endFor, pack, readAll, seal, take } from '../support/bundles.ts';
import { declare, enrol, folder, note, notes, peer, type Peer } from '../support/exchange.ts';

let there: Peer;
let here: Peer;
let file: string;
let lines: string[];

beforeEach(async () => {
  there = peer();
  here = peer();
  enrol(here, there);
  declare(there, 'i1', 'Checkout failing');
  notes(there, 'i1', 40);
  note(there, 'i2', 'something else');
  file = join(folder(), 'out.holdfast');
  lines = await bodyOf(there, file);
  writeFileSync(file, seal(lines, there.identity));
});

async function refusal(bytes: Uint8Array): Promise<string> {
  writeFileSync(file, bytes);
  const error = await readAll(file).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refusal);
  const { message, code } = error as Refusal;
  expect(code).toBe('bad_input');
  expect(message.split('\n')).toHaveLength(1);
  expect(message.length).toBeLessThan(300);
  return message;
}

function unpacked(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes);
  } catch {
    return null;
  }
}

describe('a bundle', () => {
  it('is read back as it was written, twice without harm', async () => {
    const first = await take(file, here);
    expect(first).toMatchObject({
      ops: 42,
      header: { console: there.store.console },
      consoles: [{ fresh: 42, refused: 0 }],
      heads: [{ seq: 42, state: 'unknown' }],
    });
    expect(here.store.entryCount('i1')).toBe(41);
    const second = await take(file, here);
    expect(second).toMatchObject({ consoles: [{ fresh: 0, known: 42 }], heads: [{ state: 'here' }] });
    expect(here.check().findings).toEqual([]);
  });

  it('is text that any gunzip shows', () => {
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({ holdfast: 'bundle', format: 1 });
    expect(text.endsWith('\n')).toBe(true);
  });
});

describe('a file that is no good bundle is refused in one sentence:', () => {
  const nothing = ' Nothing of it was taken.';

  it('an empty one', async () =>
    expect(await refusal(Buffer.alloc(0))).toBe(`out.holdfast was cut off: it ends in the middle.${nothing}`));
  it('another kind of file', async () =>
    expect(await refusal(Buffer.from('%PDF-1.7 hello'))).toBe(
      `out.holdfast is no bundle: it is not packed like one.${nothing}`,
    ));
  it('other packed text', async () =>
    expect(await refusal(gzipSync('{"hello":1}\n'))).toBe(
      `out.holdfast is no bundle: it does not begin like one.${nothing}`,
    ));
  it('a folder', async () => await expect(readAll(here.directory)).rejects.toThrow(/is no file\.$/));
  it('one that is not there', async () => await expect(readAll(`${file}.not`)).rejects.toThrow(/it is not there\.$/));

  it('one that was cut off, wherever', async () => {
    const bytes = readFileSync(file);
    for (let keep = 1; keep < bytes.length; keep += Math.max(1, Math.floor(bytes.length / 60))) {
      expect(await refusal(bytes.subarray(0, keep))).toMatch(/was cut off/);
    }
  });

  it('one whose end was cut off at a line', async () => {
    expect(await refusal(pack(lines))).toBe(`out.holdfast was cut off: its signed end is missing.${nothing}`);
    expect(await refusal(pack(lines.slice(0, -1)))).toMatch(/in the middle of a segment/);
    expect(await refusal(gzipSync(lines.join('\n')))).toMatch(/in the middle of a line/);
  });

  it('one with flipped bits, unless they say nothing', async () => {
    const bytes = readFileSync(file);
    const text = gunzipSync(bytes);
    let said = 0;
    for (let at = 10; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      if (unpacked(flipped)?.equals(text)) continue;
      said++;
      expect(await refusal(flipped)).toMatch(/damaged|cut off|no bundle|changed|not signed|goes on behind/);
    }
    expect(said).toBeGreaterThan(100);
  });

  it('one that goes on behind its end', async () => {
    const bytes = readFileSync(file);
    expect(await refusal(Buffer.concat([bytes, Buffer.alloc(20)]))).toMatch(/goes on behind its signed end/);
    expect(await refusal(Buffer.concat([bytes, pack(['{"slice":1}'])]))).toMatch(/goes on behind its signed end/);
  });

  it('one that was changed and packed again', async () => {
    const end = endFor(lines, there.identity);
    const changed = lines.map((line) => line.replace('note 7 in', 'note 8 in'));
    expect(await refusal(pack([...changed, end]))).toBe(
      `out.holdfast was changed after console ${there.store.console} signed it.${nothing}`,
    );
  });

  it('one with the signature of somebody else', async () => {
    expect(await refusal(seal(lines, here.identity))).toBe(
      `out.holdfast is not signed by console ${there.store.console}, which it names as its maker.${nothing}`,
    );
  });

  it('one that names a maker with a key that is not theirs', async () => {
    const key = rawKey(here.identity.publicKey).toString('base64url');
    const header = JSON.stringify({ ...(JSON.parse(lines[0]!) as object), key });
    expect(await refusal(seal([header, ...lines.slice(1)], here.identity))).toMatch(
      /names console .* as its maker with a key that is not that console’s/,
    );
  });

  it('one of a newer version', async () => {
    const header = JSON.stringify({ ...(JSON.parse(lines[0]!) as object), format: 3 });
    expect(await refusal(seal([header, ...lines.slice(1)], there.identity))).toMatch(
      /was made by a newer Holdfast \(bundle format 3, this one knows 2\)/,
    );
  });

  it('one with something in it that does not belong there, by its line', async () => {
    expect(await refusal(pack([lines[0]!, '{"hello":1}']))).toMatch(/is no bundle: line 2: slice: /);
    expect(await refusal(pack([lines[0]!, '[1]']))).toMatch(/its line 2 is no JSON object/);
    expect(await refusal(pack([lines[0]!, '{"a":']))).toMatch(/its line 2 is no JSON object/);
    expect(await refusal(gzipSync(Buffer.from([0xff, 0xfe, 0x0a])))).toMatch(/does not begin like one/);
  });

  it('one that unpacks to a thousand times its size', async () => {
    const bomb = createGzip({ level: constants.Z_BEST_COMPRESSION });
    const done = finished(bomb.pipe(createWriteStream(file)));
    const zeros = Buffer.alloc(1024 * 1024);
    for (let n = 0; n < 512; n++) if (!bomb.write(zeros)) await new Promise((drained) => bomb.once('drain', drained));
    bomb.end();
    await done;
    const before = process.memoryUsage().rss;
    const begun = performance.now();
    await expect(readAll(file)).rejects.toThrow(/unpacks to a line of more than 4 MB/);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('one whose segment unpacks without end', async () => {
    const line = JSON.stringify({ id: 'x', text: 'y'.repeat(3_000_000) });
    const slice = lines[1]!.replace(/"count":\d+/, '"count":1000');
    const bomb = gzipSync(`${[lines[0], slice, ...Array.from({ length: 100 }, () => line)].join('\n')}\n`);
    expect(await refusal(bomb)).toMatch(/holds a segment of more than 256 MB/);
  });
});

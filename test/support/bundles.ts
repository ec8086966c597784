/** Bundle files for tests: written as the engine writes them, taken apart, and put together again by whoever holds a key. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { rawKey, signText, type Identity } from '../../electron/engine/access/identity.ts';
import { endText, formatFor, type BundleHeader, type Contents } from '../../electron/engine/bundles/format.ts';
import { inspectBundle } from '../../electron/engine/bundles/inspect.ts';
import { readBundle, type BundlePart } from '../../electron/engine/bundles/read.ts';
import { writeSlices } from '../../electron/engine/bundles/write.ts';
import type { BundleInspection } from '../../shared/contract/exports.ts';
import type { Peer } from './exchange.ts';

/** The lines of a bundle of everything that `from` has, or of one incident, without the end. */
export async function bodyOf(from: Peer, file: string, contents: Contents = { of: 'everything' }): Promise<string[]> {
  writeFileSync(file, '');
  const header: Omit<BundleHeader, 'heads'> = {
    ...{
      holdfast: 'bundle',
      format: formatFor(false),
      made: 1_780_000_000_000,
      organisation: 'Test',
      program: 'test',
      contents,
    },
    console: from.store.console,
    key: rawKey(from.identity.publicKey).toString('base64url'),
  };
  const story = contents.of === 'incident' ? { subjects: [], since: 0, until: Infinity } : null;
  await writeSlices(from.opened.db, { path: file, header, story, evidence: null });
  return gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
}

/** The end that `maker` signs for these lines. */
export function endFor(lines: readonly string[], maker: Pick<Identity, 'console' | 'privateKey'>): string {
  const text = lines.map((line) => `${line}\n`).join('');
  const count = (pattern: RegExp) => lines.slice(1).filter((line) => pattern.test(line)).length;
  const end = {
    slices: count(/^\{"slice":/),
    ops: count(/^\{"id":/),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  return JSON.stringify({
    end: { ...end, signature: signText(maker.privateKey, endText(maker.console, end)).toString('base64url') },
  });
}

/** Packs lines as they are. */
export function pack(lines: readonly string[]): Buffer {
  return gzipSync(lines.map((line) => `${line}\n`).join(''));
}

/** A whole bundle by `maker`. */
export function seal(lines: readonly string[], maker: Pick<Identity, 'console' | 'privateKey'>): Buffer {
  return pack([...lines, endFor(lines, maker)]);
}

/** Reads a bundle to its end. */
export async function readAll(path: string): Promise<BundlePart[]> {
  const parts: BundlePart[] = [];
  for await (const part of readBundle(path)) parts.push(part);
  return parts;
}

/** Looks through a bundle as the engine does, and takes it when it is good. */
export async function take(path: string, here: Peer): Promise<BundleInspection> {
  const inspection = await inspectBundle(here.opened.db, { path, own: here.store.console, now: Date.now() });
  for await (const part of readBundle(path)) if ('slice' in part) here.store.ingest([part.slice], 'bundle');
  return inspection;
}

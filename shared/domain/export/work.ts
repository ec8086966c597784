/** How far a bundle is that is read or written, in words for screen and command line alike. Pure. */
import type { z } from 'zod';
import type { BundleWork } from '../../contract/exports.ts';

type Work = z.infer<typeof BundleWork>;

const DOING: Record<Work['doing'], string> = {
  check: 'Checking',
  import: 'Importing',
  export: 'Writing',
  seal: 'Sealing',
};

/** "1.2 MB". */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

/** "1 op", "1,204 ops". */
export function ops(n: number): string {
  return `${n.toLocaleString('en')} ${n === 1 ? 'op' : 'ops'}`;
}

/** "Importing all.holdfast: 12,000 of 200,000 ops, 3.1 MB of 48.0 MB". */
export function workWords({ doing, file, ops: done, opsInAll, bytes, bytesInAll, stopping }: Work): string {
  if (stopping) return `Stopping ${file}`;
  const counted = opsInAll === null ? ops(done) : `${done.toLocaleString('en')} of ${ops(opsInAll)}`;
  const size = bytesInAll === null ? formatSize(bytes) : `${formatSize(bytes)} of ${formatSize(bytesInAll)}`;
  return `${DOING[doing]} ${file}: ${doing === 'seal' ? size : `${counted}, ${size}`}`;
}

/** How much of it is done, 0 to 1; null when that is not known. */
export function workShare({ ops: done, opsInAll, bytes, bytesInAll }: Work): number | null {
  const [now, all] = bytesInAll ? [bytes, bytesInAll] : [done, opsInAll];
  return all ? Math.min(1, now / all) : null;
}

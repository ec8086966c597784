/**
 * What only passes through a data folder, and stayed because a kill or a power cut came between. Invariant: nothing that is
 * the only copy of anything is named here; it is called by whoever has the folder locked, when no work of its own runs yet.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Names by folder; a temporary file of SQLite or of packing has more behind them. */
const PASSING: readonly (readonly [folder: string, name: RegExp])[] = [
  // Bundles before they are sealed, what a restoration was building, and how much room there is.
  ['.', /^(?:room\.part$|sealing-\d+\.part|restored-[\dT-]+Z$)/],
  // Snapshots that were leaving, coming, or unpacked.
  ['snapshots', /^(?:\.?leaving-|fetched-|unpacked-)/],
  ['backups', /^holdfast-.*\.part(?:-wal|-shm|-journal)?$/],
  ['evidence', /^[0-9a-f]{64}\.part$/],
];

/** Removes it. What cannot be removed stays: it keeps nobody from opening the folder. */
export function sweepPassing(data: string): void {
  for (const [folder, passing] of PASSING) {
    const path = join(data, folder);
    for (const name of namesIn(path)) {
      if (!passing.test(name)) continue;
      try {
        rmSync(join(path, name), { recursive: true, force: true });
      } catch {
        // Told nowhere: it is tried again at the next opening.
      }
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

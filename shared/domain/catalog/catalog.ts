/**
 * What was read of a catalog so far. Invariant: of several descriptors of the same entity the first counts and both
 * places are named; what could not be read is remembered, because what is missing for that reason was not deleted.
 */
import type { Draft } from './draft.ts';
import { MAX_ENTITIES } from './limits.ts';
import { formatPlace, Problems } from './problems.ts';
import { readCatalogText } from './read.ts';
import { formatRef } from './reference.ts';

export class Catalog {
  readonly problems = new Problems();
  /** By reference, in the order of reading. */
  readonly drafts = new Map<string, Draft>();
  /** References of descriptors that are broken. */
  readonly lostRefs = new Set<string>();
  /** Files that could not be read whole. */
  readonly lostFiles = new Set<string>();
  /** Something was not reached at all: a folder, a limit. Nothing may be taken for deleted then. */
  incomplete = false;
  files = 0;
  documents = 0;

  /** Reads a file; yields after each document, with its draft when it has one, so that the caller can do other things meanwhile. */
  *read(file: string, text: string): Generator<Draft | null> {
    this.files++;
    for (const read of readCatalogText(file, text, this.problems)) {
      this.documents++;
      if (read.outcome === 'lost') {
        this.lostFiles.add(file);
        if (read.ref !== null) this.lostRefs.add(read.ref);
      }
      yield read.outcome === 'draft' && this.#add(read.draft) ? read.draft : null;
    }
  }

  #add(draft: Draft): boolean {
    const ref = formatRef(draft.ref);
    const first = this.drafts.get(ref);
    if (first) {
      this.problems.error(
        draft.place,
        'metadata.name',
        `${ref} is already described in ${formatPlace(first.place)}; that one is used and this one left out.`,
      );
      return false;
    }
    if (this.drafts.size >= MAX_ENTITIES) {
      if (!this.incomplete)
        this.problems.error(draft.place, '', `A catalog holds at most ${MAX_ENTITIES} entities; the rest is left out.`);
      this.incomplete = true;
      return false;
    }
    this.drafts.set(ref, draft);
    return true;
  }

  /** Notes a file of which nothing could be read. */
  lose(file: string, message: string): void {
    this.lostFiles.add(file);
    this.problems.error({ file, line: 0 }, '', message);
  }

  /** Notes a folder, or more, that could not be read. */
  miss(file: string, message: string): void {
    this.incomplete = true;
    this.problems.error({ file, line: 0 }, '', message);
  }
}

/** What a catalog may cost. Invariant: every limit is checked before the work it bounds is done. */

/** Largest file that is read, bytes. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Largest document of a file, characters: a document is parsed in one go, and nothing else runs meanwhile. */
export const MAX_DOCUMENT = 1024 * 1024;
/** Most lists and maps in brackets inside one another. */
export const MAX_NESTING = 500;
/** Most bytes of one import, all files together. */
export const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
/** Most files of one import. */
export const MAX_FILES = 20_000;
/** Most folders below one another. */
export const MAX_FOLDER_DEPTH = 32;
/** Most entities of one import. */
export const MAX_ENTITIES = 200_000;
/** Problems that a report lists; the rest are counted. */
export const MAX_PROBLEMS = 2000;
/** What the aliases of one document may expand to, characters. */
export const MAX_ALIAS_EXPANSION = 1_000_000;
/** Largest entity, characters of JSON: leaves room for the envelope of an op (256 KiB). */
export const MAX_ENTITY = 200 * 1024;
/** Largest API definition that is kept, characters. */
export const MAX_DEFINITION = 16_000;

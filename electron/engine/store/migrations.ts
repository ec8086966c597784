/**
 * Invariant: a released migration is never edited. They are numbered by tens, each runs in one transaction, and the
 * database is backed up before the first of them. `op` is the truth; `entity`, `entry` and `parked` (ops of types that this version does not know) can be dropped and rebuilt
 * from it; the rest is local to this console and never travels.
 */

export interface Migration {
  version: number;
  /** What it is for, as the log of the upgrade says it. */
  title: string;
  sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 10,
    title: 'the log, its projections and the local tables',
    sql: `
      CREATE TABLE console (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE
      ) STRICT;

      CREATE TABLE op (
        n INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        console INTEGER NOT NULL REFERENCES console (n),
        seq INTEGER NOT NULL,
        hlc TEXT NOT NULL,
        actor TEXT NOT NULL,
        event_time INTEGER NOT NULL,
        zone TEXT NOT NULL,
        scope TEXT NOT NULL,
        type TEXT NOT NULL,
        payload TEXT NOT NULL,
        base TEXT,
        prev BLOB,
        arrived INTEGER NOT NULL,
        UNIQUE (console, seq)
      ) STRICT;

      CREATE TABLE entity (
        kind TEXT NOT NULL,
        scope TEXT NOT NULL,
        id TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (kind, scope, id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE entry (
        n INTEGER PRIMARY KEY,
        scope TEXT NOT NULL,
        at INTEGER NOT NULL,
        subject TEXT
      ) STRICT;
      CREATE INDEX entry_scope ON entry (scope, at);
      CREATE INDEX entry_subject ON entry (subject, at) WHERE subject IS NOT NULL;

      CREATE TABLE parked (
        n INTEGER PRIMARY KEY,
        type TEXT NOT NULL
      ) STRICT;

      CREATE TABLE quarantine (
        n INTEGER PRIMARY KEY,
        arrived INTEGER NOT NULL,
        origin TEXT NOT NULL,
        reason TEXT NOT NULL,
        op TEXT NOT NULL
      ) STRICT;

      CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE request (
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        reply TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX request_at ON request (at);
    `,
  },
  {
    version: 20,
    title: 'signed segments and what is known of other consoles',
    sql: `
      ALTER TABLE console ADD COLUMN key BLOB;
      ALTER TABLE console ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;

      CREATE TABLE segment (
        console INTEGER NOT NULL REFERENCES console (n),
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        head BLOB NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (console, first)
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE quarantine ADD COLUMN console TEXT NOT NULL DEFAULT '';
      ALTER TABLE quarantine ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE quarantine ADD COLUMN op_id TEXT NOT NULL DEFAULT '';
      ALTER TABLE quarantine ADD COLUMN seal TEXT;
      CREATE UNIQUE INDEX quarantine_op ON quarantine (op_id, reason);
    `,
  },
  {
    version: 30,
    title: 'full-text search over what people wrote',
    sql: `
      CREATE VIRTUAL TABLE search USING fts5 (
        words, marks,
        content = '', detail = column, prefix = '2 3 4',
        tokenize = "ascii"
      );
    `,
  },
  {
    version: 40,
    title: 'parts of chains, and records of other organisations',
    sql: `
      CREATE TABLE link (
        console INTEGER NOT NULL REFERENCES console (n),
        seq INTEGER NOT NULL,
        id BLOB NOT NULL,
        scope TEXT,
        content BLOB,
        PRIMARY KEY (console, seq)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE proof (
        console INTEGER NOT NULL REFERENCES console (n),
        last INTEGER NOT NULL,
        first INTEGER NOT NULL,
        head BLOB NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (console, last)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE foreign_record (
        incident TEXT NOT NULL,
        hash TEXT NOT NULL,
        taken INTEGER NOT NULL,
        document BLOB NOT NULL,
        PRIMARY KEY (incident, hash)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 50,
    title: 'one page less to write for each command, and the newest changes at once',
    sql: `
      DROP INDEX request_at;
      CREATE INDEX entity_change_at ON entity (scope, json_extract(state, '$.fields.at.value')) WHERE kind = 'change';
    `,
  },
  {
    version: 60,
    title: 'the decisions of an incident without reading the rest of it',
    sql: `CREATE INDEX op_decision ON op (scope) WHERE type = 'entry.decision';`,
  },
  {
    version: 70,
    title: 'ops are found by the head of their id, so that a commit has fewer pages to write',
    // Ids are hashes: their places in an index are anywhere in it, and a batch touches nearly all of its pages. That an id
    // is there once follows from (console, seq), which it is the hash of.
    sql: `
      CREATE TABLE op_by_head (
        n INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        console INTEGER NOT NULL REFERENCES console (n),
        seq INTEGER NOT NULL,
        hlc TEXT NOT NULL,
        actor TEXT NOT NULL,
        event_time INTEGER NOT NULL,
        zone TEXT NOT NULL,
        scope TEXT NOT NULL,
        type TEXT NOT NULL,
        payload TEXT NOT NULL,
        base TEXT,
        prev BLOB,
        arrived INTEGER NOT NULL,
        UNIQUE (console, seq)
      ) STRICT;
      INSERT INTO op_by_head SELECT * FROM op ORDER BY n;
      DROP TABLE op;
      ALTER TABLE op_by_head RENAME TO op;
      CREATE INDEX op_id ON op (substr(id, 1, 6));
      CREATE INDEX op_decision ON op (scope) WHERE type = 'entry.decision';
      CREATE INDEX op_console ON op (n) WHERE type IN ('console.enrol', 'console.revoke');
    `,
  },
  {
    version: 80,
    title: 'what is known of the places where consoles meet',
    sql: `
      CREATE TABLE place (
        name TEXT PRIMARY KEY,
        identity TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        mark TEXT NOT NULL,
        heard INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE place_console (
        place TEXT NOT NULL,
        console TEXT NOT NULL,
        through INTEGER NOT NULL DEFAULT 0,
        stranger INTEGER,
        PRIMARY KEY (place, console)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE peer (
        console TEXT PRIMARY KEY,
        heard INTEGER NOT NULL,
        ahead INTEGER NOT NULL,
        said INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 90,
    title: 'what people unlock this console with, and who has',
    sql: `
      CREATE TABLE unlock (
        person TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        salt BLOB NOT NULL,
        cost INTEGER NOT NULL,
        block INTEGER NOT NULL,
        lanes INTEGER NOT NULL,
        verifier BLOB NOT NULL,
        set_at INTEGER NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        wait_until INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE session (
        caller BLOB PRIMARY KEY,
        kind TEXT NOT NULL,
        person TEXT NOT NULL,
        how TEXT NOT NULL,
        groups TEXT NOT NULL,
        since INTEGER NOT NULL,
        seen INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 100,
    title: 'consoles that ask to join',
    sql: `
      CREATE TABLE join_request (
        console TEXT PRIMARY KEY,
        op_id TEXT NOT NULL,
        arrived INTEGER NOT NULL,
        op TEXT NOT NULL,
        hlc TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE INDEX quarantine_console ON quarantine (console, seq);
    `,
  },
  {
    version: 110,
    title: 'whom single sign-on verified at this console',
    sql: `
      CREATE TABLE sso_identity (
        person TEXT PRIMARY KEY,
        issuer TEXT NOT NULL,
        client TEXT NOT NULL,
        subject TEXT NOT NULL,
        login TEXT NOT NULL,
        groups TEXT NOT NULL,
        verified_at INTEGER NOT NULL,
        machine TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE session DROP COLUMN groups;
    `,
  },
  {
    version: 120,
    title: 'sealed entries of restricted incidents are counted at once',
    sql: `CREATE INDEX op_sealed ON op (scope) WHERE type = 'incident.sealed';`,
  },
];

/** Just enough for a `Projection` to work on a scratch database: what an op is called and where, and the tables it fills. */
export const SCRATCH_SQL = `
  CREATE TABLE op (n INTEGER PRIMARY KEY, id BLOB NOT NULL, scope TEXT NOT NULL) STRICT;
  CREATE INDEX op_id ON op (substr(id, 1, 6));
  CREATE TABLE entity (kind TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (kind, scope, id)) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (n INTEGER PRIMARY KEY, scope TEXT NOT NULL, at INTEGER NOT NULL, subject TEXT) STRICT;
  CREATE TABLE parked (n INTEGER PRIMARY KEY, type TEXT NOT NULL) STRICT;
`;

/** The version this program writes; a database above it comes from the future. */
export const SCHEMA_VERSION = MIGRATIONS.at(-1)!.version;

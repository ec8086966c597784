/**
 * What this console remembers of the places where consoles meet. Invariant: it may lag behind what is true, never run
 * ahead of it: a cursor is moved after the ops before it are in the log, and what is sent twice or taken twice does no harm.
 */
import type { Sqlite } from '../store/database.ts';

export interface PlaceMemory {
  /** Of the stream that `cursor` belongs to. */
  identity: string;
  /** Number of the last message of the stream whose ops are in the log. */
  cursor: number;
  /** Hash of that message, by which the stream is known again; empty when there is none. */
  mark: string;
  /** When it was last heard, ms; 0 for never. */
  heard: number;
}

export class Places {
  readonly #get;
  readonly #put;
  readonly #through;
  readonly #setThrough;
  readonly #strangers;
  readonly #setStranger;
  readonly #forgetConsoles;
  readonly #forget;
  readonly #peers;
  readonly #setPeer;
  readonly #db: Sqlite;

  constructor(db: Sqlite) {
    this.#db = db;
    this.#get = db.prepare<[string], PlaceMemory>('SELECT identity, cursor, mark, heard FROM place WHERE name = ?');
    this.#put = db.prepare(
      `INSERT INTO place (name, identity, cursor, mark, heard) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET identity = excluded.identity, cursor = excluded.cursor,
         mark = excluded.mark, heard = excluded.heard`,
    );
    this.#through = db.prepare<[string], { console: string; through: number }>(
      'SELECT console, through FROM place_console WHERE place = ? AND through > 0',
    );
    this.#setThrough = db.prepare(
      `INSERT INTO place_console (place, console, through) VALUES (?, ?, ?)
       ON CONFLICT (place, console) DO UPDATE SET through = excluded.through`,
    );
    this.#strangers = db.prepare<[string], { console: string; stranger: number }>(
      'SELECT console, stranger FROM place_console WHERE place = ? AND stranger IS NOT NULL',
    );
    this.#setStranger = db.prepare(
      `INSERT INTO place_console (place, console, stranger) VALUES (?, ?, ?)
       ON CONFLICT (place, console) DO UPDATE SET stranger = excluded.stranger`,
    );
    this.#forgetConsoles = db.prepare('DELETE FROM place_console WHERE place = ?');
    this.#forget = db.prepare('DELETE FROM place WHERE name = ?');
    this.#peers = db.prepare<[], { console: string; heard: number; ahead: number; said: number }>(
      'SELECT console, heard, ahead, said FROM peer',
    );
    this.#setPeer = db.prepare(
      `INSERT INTO peer (console, heard, ahead, said) VALUES (?, ?, ?, ?) ON CONFLICT (console)
       DO UPDATE SET heard = excluded.heard, ahead = excluded.ahead, said = excluded.said`,
    );
  }

  memory(place: string): PlaceMemory | null {
    return this.#get.get(place) ?? null;
  }

  /** Up to which of each console's ops the place has them, as far as we know. */
  through(place: string): Map<string, number> {
    return new Map(this.#through.all(place).map(({ console, through }) => [console, through]));
  }

  /** Consoles whose ops there do not count here, with the first message that carried some. */
  strangers(place: string): Map<string, number> {
    return new Map(this.#strangers.all(place).map(({ console, stranger }) => [console, stranger]));
  }

  /** Keeps all that changed, in one transaction that the disk is not waited for: it may lag. */
  save(
    place: string,
    memory: PlaceMemory,
    through: Iterable<readonly [console: string, seq: number]>,
    strangers: Iterable<readonly [console: string, seq: number | null]>,
  ): void {
    this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      this.#save(place, memory, through, strangers);
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  #save(...[place, memory, through, strangers]: Parameters<Places['save']>): void {
    this.#db.transaction(() => {
      this.#put.run(place, memory.identity, memory.cursor, memory.mark, memory.heard);
      for (const [console, seq] of through) this.#setThrough.run(place, console, seq);
      for (const [console, seq] of strangers) this.#setStranger.run(place, console, seq);
    })();
  }

  /** Forgets what was known of a place's stream, because it is another one now. */
  forget(place: string): void {
    this.#forgetConsoles.run(place);
    this.#forget.run(place);
  }

  /** When each console last greeted us, ms, how far its clock was ahead, ms, and how many ops it said that it has. */
  peers(): { console: string; heard: number; ahead: number; said: number }[] {
    return this.#peers.all();
  }

  savePeers(peers: Iterable<{ console: string; heard: number; ahead: number; said: number }>): void {
    this.#db.transaction(() => {
      for (const { console, heard, ahead, said } of peers) this.#setPeer.run(console, heard, Math.round(ahead), said);
    })();
  }
}

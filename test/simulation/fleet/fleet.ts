/**
 * Thousands of consoles at one hub, through an hour of outages, all from one seed. Invariant: the ops, their merging, the
 * messages and the paces of links are the product's own; the hub, the lines and the people are made up, draw every number
 * from the seed and see no other clock than the one here, so that an hour can be played again.
 *
 * What is asked of the end is asked of every console: whether it has every op that anybody wrote, in every chain without a
 * gap; of those that keep registers, whether all of theirs are the same.
 */
import { PACE } from '../../../electron/engine/sync/link.ts';
import { greetEvery } from '../../../electron/engine/sync/greetings.ts';
import { ESTATE, type OpDraft } from '../../../shared/ops/op.ts';
import { rawKey } from '../../../electron/engine/access/identity.ts';
import { seeded } from '../../support/history.ts';
import { identityOf, SimConsole } from '../sync/model.ts';
import { Light, Merging, readMessage, sumOf, Whole, type Member, type Message } from './members.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = 1_780_000_000_000;
/** Width of a moment of the simulation, ms. */
const MOMENT = 5;
const REGIONS = 8;
/** Consoles at headquarters, at least; the rest are at stores, two in each. */
const OFFICE = 40;
/** Messages that are handed over at once, as the product reads ahead. */
const READ_AHEAD = 64;
/** Bytes per ms: of a store's line, of an office's, of the hub's own. */
const STORE_LINE = 250;
const OFFICE_LINE = 12_500;
const HUB_LINE = 125_000;
/** Ops that a console takes in per ms while it catches up, as measured by the sync bench on two busy cores. */
const TAKES = 14;
/** Chance that a line breaks under a message. */
const LOSS = 0.0002;
/** The same under one that a console sends. */
const SEND_LOSS = 0.003;
/** Bytes around a body: subject, ids, headers. */
const AROUND = 160;
const PROBE_BYTES = 1600;
const GREETING_BYTES = 330;
/** The hub knows a message again for so long, ms. */
const WINDOW = 10 * MINUTE;
const END = 62 * MINUTE;

const INCIDENTS = ['i1', 'i2', 'i3'];
const PEOPLE = ['ana', 'raj', 'li', 'mo'];

interface Link {
  place: Place;
  up: boolean;
  /** Number of the last message that was taken. */
  cursor: number;
  /** Own ops that the place confirmed. */
  through: number;
  sending: boolean;
  /** Whether it was told already that there is something to read. */
  told: boolean;
  tries: number;
  /** Raised when the line breaks: what was under way on the old one does not arrive. */
  life: number;
  latency: number;
  perMs: number;
}

interface Console {
  index: number;
  member: Member;
  region: number | null;
  store: number | null;
  links: Link[];
  /** How far each console's chain is here. */
  tips: Int32Array;
  count: number;
  sum: [number, number];
  /** Messages that do not join yet. */
  held: Message[];
  counts: Uint8Array;
  cutOff: number;
}

interface Place {
  name: string;
  messages: Message[];
  /** When each was stored, ms. */
  at: number[];
  known: Map<string, number>;
  /** Up to which of each console's ops it has them. */
  last: Int32Array;
  readers: { console: Console; link: Link }[];
  down: boolean;
  /** When its own line is free again, ms. */
  busyUntil: number;
}

export interface Converged {
  after: string;
  /** How many consoles had been away. */
  away: number;
  /** From when the line was back to when all of those had everything that was written until then, and the others theirs, ms. */
  ms: number;
  /** At the hub meanwhile. */
  messagesOut: number;
  bytesOut: number;
}

export interface Report {
  consoles: number;
  whole: number;
  merging: number;
  ops: number;
  /** How often somebody decided where several answers stood side by side, or they stand so at the end. */
  conflicts: number;
  converged: Converged[];
  /** From being written until it was taken everywhere, of ops whose two ends were never cut off meanwhile, ms. */
  lag: { p50: number; p99: number; worst: number };
  /** The same of all ops: how old the oldest news was. */
  worstNews: number;
  hub: {
    stored: number;
    duplicates: number;
    storedBytes: number;
    deliveries: number;
    deliveredBytes: number;
    reconnections: number;
    mostReconnectionsPerSecond: number;
    mostBytesPerSecond: number;
    probes: number;
    greetingsIn: number;
    greetingsOut: number;
    otherBytes: number;
  };
  /** What is wrong; empty when all is as it should be. */
  wrong: string[];
}

type Event = number | (() => void);

export class Fleet {
  readonly #random: () => number;
  readonly #consoles: Console[] = [];
  readonly #hub: Place;
  readonly #edges: Place[] = [];
  readonly #moments = new Map<number, Event[]>();
  readonly #written = new Map<string, number>();
  /** Own ops of each console as they are sent, cut once. */
  readonly #cut = new Map<string, Message>();
  readonly #said: { register: string; op: string; author: number; seq: number; seen: Set<string> }[] = [];
  readonly #cutRegions = new Set<number>();
  readonly #cutStores = new Map<number, number>();
  #officeCut = false;
  readonly #lagCounts = new Uint32Array(4 * 3600);
  #now = 0;
  #notes = 0;
  #stopped = false;
  readonly #converged: Converged[] = [];
  readonly #watches: {
    after: string;
    away: Set<Console>;
    wanted: Int32Array;
    left: Set<Console>;
    since: number;
    out: number;
    bytes: number;
  }[] = [];
  readonly #seconds = { bytes: new Map<number, number>(), connections: new Map<number, number>() };
  readonly #load: Report['hub'] = {
    ...{ stored: 0, duplicates: 0, storedBytes: 0, deliveries: 0, deliveredBytes: 0, reconnections: 0 },
    ...{
      mostReconnectionsPerSecond: 0,
      mostBytesPerSecond: 0,
      probes: 0,
      greetingsIn: 0,
      greetingsOut: 0,
      otherBytes: 0,
    },
  };
  #worstNews = 0;
  #conflicts = 0;

  constructor(seed: number, count: number) {
    this.#random = seeded(seed);
    this.#hub = this.#place('hub', count);
    const office = Math.min(OFFICE, Math.ceil(count / 5));
    const wholes = 4;
    const mergings = Math.min(36, office - 2);
    for (let index = 0; index < count; index++) {
      const atStore = index >= office ? index - office : null;
      const store = atStore === null ? null : Math.floor(atStore / 2);
      const skew = this.#chance(0.01) ? 3 * MINUTE : Math.round((this.#random() - 0.5) * 4 * SECOND);
      // The founder and one more at headquarters are whole, and two at stores.
      const isWhole = index < 2 || index === office || index === count - 1;
      const isMerging = !isWhole && index < mergings + 2;
      this.#consoles.push({
        ...{
          index,
          store,
          region: store === null ? null : store % REGIONS,
          links: [],
          count: 0,
          sum: [0, 0],
          held: [],
        },
        member: isWhole
          ? new Whole(this.#whole(index, index === 0 ? 0 : skew))
          : new (isMerging ? Merging : Light)(identityOf(index), index === 0 ? 0 : skew),
        tips: new Int32Array(count),
        counts: new Uint8Array(count),
        cutOff: 0,
      });
    }
    if (this.#consoles.filter(({ member }) => member instanceof Whole).length !== wholes)
      throw new Error('too few consoles');
    for (const console of this.#consoles) this.#wire(console);
  }

  #whole(index: number, skew: number): SimConsole {
    const sim = new SimConsole(index, () => START + this.#now);
    sim.skew = skew;
    return sim;
  }

  close(): void {
    for (const { member } of this.#consoles) if (member instanceof Whole) member.sim.db.close();
  }

  #place(name: string, count: number): Place {
    return {
      ...{ name, messages: [], at: [], known: new Map(), last: new Int32Array(count), readers: [], down: false },
      busyUntil: 0,
    };
  }

  #wire(console: Console): void {
    const { store } = console;
    const link = (place: Place, latency: number, perMs: number): void => {
      const made: Link = {
        ...{ place, up: false, cursor: 0, through: 0, sending: false, told: false, tries: 0, life: 0, latency, perMs },
      };
      console.links.push(made);
      place.readers.push({ console, link: made });
    };
    link(
      this.#hub,
      store === null ? 2 + this.#upTo(8) : 15 + this.#upTo(85),
      store === null ? OFFICE_LINE : STORE_LINE,
    );
    // One store in ten has a server of its own, through which its two consoles go on together.
    if (store === null || store % 10 !== 0) return;
    const edge = (this.#edges[store / 10] ??= this.#place(`store-${store}`, this.#consoles.length || 1));
    if (edge.last.length < console.counts.length) edge.last = new Int32Array(console.counts.length);
    link(edge, 1, OFFICE_LINE);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  #in(ms: number, event: Event): void {
    const moment = Math.max(Math.floor((this.#now + ms) / MOMENT), Math.floor(this.#now / MOMENT) + 1);
    const events = this.#moments.get(moment);
    if (events) events.push(event);
    else this.#moments.set(moment, [event]);
  }

  #at(ms: number, event: () => void): void {
    this.#in(ms - this.#now, event);
  }

  /** Plays the hour. */
  play(): Report {
    this.#found();
    for (const console of this.#consoles)
      for (const link of console.links)
        this.#in(console.index === 0 ? 0 : 20 * SECOND + this.#upTo(10 * SECOND), () => this.#connect(console, link));
    this.#people();
    this.#mishaps();
    this.#in(SECOND, () => this.#eachSecond());
    const last = (END + 10 * MINUTE) / MOMENT;
    for (let moment = 0; moment < last && !this.#stopped; moment++) {
      const events = this.#moments.get(moment);
      if (!events) continue;
      this.#now = moment * MOMENT;
      for (const event of events) {
        if (typeof event === 'number') this.#read(this.#consoles[event >> 1]!, event & 1);
        else event();
      }
      this.#moments.delete(moment);
    }
    return this.#judge();
  }

  #write(console: Console, draft: OpDraft): string {
    const { member, tips } = console;
    const op = member.write(draft, START + this.#now);
    this.#written.set(op.id, this.#now);
    tips[console.index] = op.seq;
    this.#have(console, sumOf(op.id));
    for (const link of console.links) this.#send(console, link);
    return op.id;
  }

  #have(console: Console, [low, high]: readonly [number, number]): void {
    console.count++;
    console.sum[0] ^= low;
    console.sum[1] ^= high;
  }

  /** The first console founds the organisation and lets all others in; each of those trusts the first. */
  #found(): void {
    const [first, ...others] = this.#consoles as [Console, ...Console[]];
    const enrol = ({ member: { identity } }: Console, name: string): OpDraft => ({
      ...{ scope: ESTATE, type: 'console.enrol' },
      payload: { console: identity.console, key: rawKey(identity.publicKey).toString('base64url'), name },
    });
    this.#write(first, { scope: ESTATE, type: 'organisation.found', payload: { organisation: 'acme', name: 'Acme' } });
    for (const other of others) this.#write(first, enrol(other, `c${other.index}`));
    first.counts.fill(1);
    for (const other of others) {
      this.#write(other, enrol(first, 'War room'));
      other.counts[0] = 1;
      other.counts[other.index] = 1;
    }
  }

  /** What is written in the hour: headquarters decide, stores report, also while they are cut off. */
  #people(): void {
    const [first] = this.#consoles;
    for (const [n, scope] of INCIDENTS.entries())
      this.#at((1 + n * 14) * MINUTE, () =>
        this.#write(first!, {
          ...{ scope, type: 'incident.declare' },
          payload: { number: n + 1, title: scope, severity: 'SEV2', services: [], businessServices: [] },
        }),
      );
    const deciding = this.#consoles.filter(({ member }) => member.headIds('', '', '', '') !== null);
    for (let at = 2 * MINUTE; at < END; at += 3000 + this.#upTo(6000))
      this.#at(at, () => this.#decide(this.#one(deciding)));
    for (const console of this.#consoles) {
      const reports = console.store === null ? 4 : 2;
      for (let n = 0; n < reports; n++)
        this.#at(2 * MINUTE + this.#upTo(END - 2 * MINUTE), () => this.#report(console));
    }
    // What a region and the war room write while they are alone.
    for (const console of this.#consoles) {
      if (console.region === 1 || console.region === 2)
        for (let n = 0; n < 3; n++) this.#at(9 * MINUTE + this.#upTo(18 * MINUTE), () => this.#report(console));
      if (console.store === null) this.#at(53 * MINUTE + this.#upTo(4 * MINUTE), () => this.#report(console));
    }
  }

  #decide(console: Console): void {
    const scope = INCIDENTS[Math.min(2, Math.floor(Math.max(0, this.#now - 2 * MINUTE) / (14 * MINUTE)))]!;
    const [field, type, payload] = this.#one([
      ['severity', 'incident.severity', { severity: this.#one(['SEV1', 'SEV2', 'SEV3']) }],
      ['status', 'incident.status', { status: this.#one(['mitigating', 'monitoring']) }],
      ['role:scribe', 'incident.role', { role: 'scribe', person: this.#one(PEOPLE) }],
      [null, 'entry.note', { text: `note ${++this.#notes}` }],
      [null, 'entry.decision', { text: `decision ${++this.#notes}`, reason: 'It is the quickest way back.' }],
    ] as const);
    if (field === null) return void this.#write(console, { scope, type, payload });
    const register = `${scope} ${field}`;
    const seen = new Set(
      this.#said.filter((one) => one.register === register && console.tips[one.author]! >= one.seq).map(({ op }) => op),
    );
    const base = console.member.headIds('incident', scope, scope, field)!;
    if (base.length > 1) this.#conflicts++;
    const op = this.#write(console, { scope, type, payload, base });
    this.#said.push({ register, op, author: console.index, seq: console.member.seq, seen });
  }

  #report(console: Console): void {
    const { store } = console;
    if (store === null || this.#chance(0.3))
      return void this.#write(console, {
        ...{ scope: INCIDENTS[0]!, type: 'entry.note' },
        payload: { text: `c${console.index}: queue at the tills, cash only, note ${++this.#notes}` },
      });
    const at = START + this.#now;
    this.#write(console, {
      ...{ scope: ESTATE, type: 'store.report' },
      payload: {
        store: `s${store}`,
        pos: this.#one(['down', 'hindered']),
        buffered: this.#upTo(400),
        validUntil: at + 3_600_000,
        reason: 'The line to the shop is down.',
      },
    });
  }

  #mishaps(): void {
    const cut = (
      from: number,
      to: number,
      after: string,
      begin: () => void,
      end: () => void,
      hit: (c: Console) => boolean,
    ) => {
      this.#at(from, () => {
        begin();
        for (const console of this.#consoles) if (hit(console)) this.#break(console, console.links[0]!);
      });
      this.#at(to, () => {
        end();
        this.#watch(after, hit);
      });
    };
    const regions = new Set([1, 2]);
    cut(
      8 * MINUTE,
      28 * MINUTE,
      'two of eight regions cut off for 20 min',
      () => regions.forEach((one) => this.#cutRegions.add(one)),
      () => this.#cutRegions.clear(),
      ({ region }) => region !== null && regions.has(region),
    );
    cut(
      36 * MINUTE,
      46 * MINUTE,
      'the hub down for 10 min',
      () => (this.#hub.down = true),
      () => (this.#hub.down = false),
      () => true,
    );
    cut(
      52 * MINUTE,
      58 * MINUTE,
      'headquarters cut off for 6 min',
      () => (this.#officeCut = true),
      () => (this.#officeCut = false),
      ({ store }) => store === null,
    );
    const stores = new Set(this.#consoles.flatMap(({ store }) => (store === null ? [] : [store])));
    for (const store of stores) {
      if (!this.#chance(0.15)) continue;
      const from = 3 * MINUTE + this.#upTo(50 * MINUTE);
      const to = Math.min(from + MINUTE + this.#upTo(9 * MINUTE), END - MINUTE);
      this.#at(from, () => {
        this.#cutStores.set(store, (this.#cutStores.get(store) ?? 0) + 1);
        for (const console of this.#consoles) if (console.store === store) this.#break(console, console.links[0]!);
      });
      this.#at(to, () => void this.#cutStores.set(store, this.#cutStores.get(store)! - 1));
    }
    this.#at(END, () => this.#watch('the end', () => true));
  }

  /** Whether there is a way from a console to a place. */
  #way({ region, store }: Console, { place }: Link): boolean {
    if (place !== this.#hub) return true;
    if (place.down || (store === null && this.#officeCut)) return false;
    return (
      (region === null || !this.#cutRegions.has(region)) && (store === null || (this.#cutStores.get(store) ?? 0) === 0)
    );
  }

  #break(console: Console, link: Link): void {
    if (link.place === this.#hub) console.cutOff = this.#now;
    if (!link.up && link.life > 0) return;
    link.up = false;
    link.sending = false;
    link.told = false;
    link.life++;
    link.tries = 0;
    this.#retry(console, link);
  }

  #retry(console: Console, link: Link): void {
    const [first, longest] = PACE.retry;
    const wait = Math.min(longest, first * 2 ** Math.min(link.tries++, 16)) * (0.5 + this.#random());
    const { life } = link;
    this.#in(wait, () => {
      if (link.life === life && !link.up) this.#connect(console, link);
    });
  }

  /** Opens a link: greets, asks what the place has of us, and reads on from the cursor. */
  #connect(console: Console, link: Link): void {
    if (!this.#way(console, link)) return this.#retry(console, link);
    link.up = true;
    link.life++;
    link.tries = 0;
    if (link.place === this.#hub) {
      this.#load.reconnections++;
      const second = Math.floor(this.#now / SECOND);
      this.#seconds.connections.set(second, (this.#seconds.connections.get(second) ?? 0) + 1);
      console.cutOff = this.#now;
    }
    const { life } = link;
    // A handshake, the stream's state, our newest message there: four ways there and back.
    this.#in(8 * link.latency, () => {
      if (link.life !== life) return;
      link.through = link.place.last[console.index]!;
      this.#send(console, link);
      this.#tell(console, link, 2 * link.latency);
    });
  }

  #send(console: Console, link: Link): void {
    if (!link.up || link.sending || console.member.seq <= link.through) return;
    const from = link.through + 1;
    const message = this.#message(console, from);
    link.sending = true;
    const { life, latency, perMs } = link;
    const way = latency + message.body.length / perMs;
    this.#in(way, () => {
      if (link.life !== life) return;
      if (this.#chance(SEND_LOSS)) return this.#break(console, link);
      this.#store(link.place, message);
      if (this.#chance(SEND_LOSS)) return this.#break(console, link);
      this.#in(latency, () => {
        if (link.life !== life) return;
        link.sending = false;
        link.through = Math.max(link.through, message.last);
        this.#send(console, link);
      });
    });
  }

  /** What a console sends from number `from` on; cut once for both of its links. */
  #message(console: Console, from: number): Message {
    const name = `${console.index} ${from} ${console.member.seq}`;
    let message = this.#cut.get(name);
    if (!message) {
      const piece = console.member.message(from)!;
      message = readMessage(piece.slice, piece.from, console.index, this.#written);
      this.#cut.set(name, message);
    }
    return message;
  }

  #store(place: Place, message: Message): void {
    const isHub = place === this.#hub;
    const before = place.known.get(message.id);
    if (before !== undefined && this.#now - before < WINDOW) {
      if (isHub) this.#load.duplicates++;
      return;
    }
    place.known.set(message.id, this.#now);
    place.messages.push(message);
    place.at.push(this.#now);
    place.last[message.author] = Math.max(place.last[message.author]!, message.last);
    if (isHub) {
      this.#load.stored++;
      this.#load.storedBytes += message.body.length + AROUND;
    }
    for (const { console, link } of place.readers) if (link.up && !link.told) this.#tell(console, link, link.latency);
  }

  #tell(console: Console, link: Link, ms: number): void {
    if (link.told) return;
    link.told = true;
    this.#in(ms, console.index * 2 + (link === console.links[0] ? 0 : 1));
  }

  #read(console: Console, which: number): void {
    const link = console.links[which]!;
    if (!link.up || !link.told) return;
    link.told = false;
    const { place } = link;
    const isHub = place === this.#hub;
    let bytes = 0;
    let ops = 0;
    for (let n = 0; n < READ_AHEAD && link.cursor < place.messages.length; n++) {
      // What is on its way is read the next time.
      if (place.at[link.cursor]! + link.latency > this.#now + MOMENT) break;
      const message = place.messages[link.cursor]!;
      bytes += message.body.length + AROUND;
      if (isHub && this.#chance(LOSS)) return this.#break(console, link);
      link.cursor++;
      ops += this.#take(console, message);
    }
    if (isHub && bytes > 0) this.#delivered(bytes);
    if (link.cursor >= place.messages.length) return;
    const next = place.at[link.cursor]! + link.latency - this.#now;
    // A line, the hub's own line and our own hands are each only so quick.
    this.#tell(console, link, Math.max(next, bytes / link.perMs, ops / TAKES, isHub ? place.busyUntil - this.#now : 0));
  }

  #delivered(bytes: number): void {
    const load = this.#load;
    load.deliveries++;
    load.deliveredBytes += bytes;
    this.#hub.busyUntil = Math.max(this.#hub.busyUntil, this.#now) + bytes / HUB_LINE;
    const second = Math.floor(this.#now / SECOND);
    this.#seconds.bytes.set(second, (this.#seconds.bytes.get(second) ?? 0) + bytes);
  }

  /** Takes a message as the inbox does: what joins at once, what does not is held until it does. */
  #take(console: Console, message: Message): number {
    if (message.author === console.index) return 0;
    const tip = console.tips[message.author]!;
    if (message.last <= tip) return 0;
    // Of one that nobody enrolled yet it waits where it is, and is read when somebody did.
    if (message.from > tip + 1 || console.counts[message.author] === 0) {
      console.held.push(message);
      return 0;
    }
    console.member.take(message, START + this.#now);
    for (const { op, sum, writtenAt } of message.ops) {
      if (op.seq <= tip) continue;
      this.#have(console, sum);
      this.#lagged(console, message.author, writtenAt);
      if (message.author === 0 && op.type === 'console.enrol') this.#count(console, op.payload['console'] as string);
    }
    console.tips[message.author] = message.last;
    if (console.held.length > 0) for (const held of console.held.splice(0)) this.#take(console, held);
    return message.ops.length;
  }

  readonly #byId = new Map<string, number>();
  #count(console: Console, id: string): void {
    if (this.#byId.size === 0)
      for (const { index, member } of this.#consoles) this.#byId.set(member.identity.console, index);
    console.counts[this.#byId.get(id)!] = 1;
  }

  #lagged(console: Console, author: number, writtenAt: number): void {
    if (writtenAt < MINUTE) return;
    const lag = this.#now - writtenAt;
    this.#worstNews = Math.max(this.#worstNews, lag);
    if (console.cutOff >= writtenAt || this.#consoles[author]!.cutOff >= writtenAt) return;
    const slot = Math.min(this.#lagCounts.length - 1, Math.floor(lag / MOMENT));
    this.#lagCounts[slot]!++;
  }

  /** Remembers what there is now, to see when everybody who can has it. */
  #watch(after: string, away: (console: Console) => boolean): void {
    const reachable = this.#consoles.filter((console) => this.#way(console, console.links[0]!));
    const wanted = new Int32Array(this.#consoles.length);
    for (const { index, member } of reachable) wanted[index] = member.seq;
    this.#watches.push({
      ...{ after, wanted, since: this.#now, left: new Set(reachable), away: new Set(reachable.filter(away)) },
      ...{ out: this.#load.deliveries, bytes: this.#load.deliveredBytes },
    });
    if (this.#watches.length === 1) this.#in(100, () => this.#look());
  }

  #look(): void {
    for (const watch of [...this.#watches]) {
      const { wanted, left, since } = watch;
      for (const console of left) {
        if (!this.#way(console, console.links[0]!)) left.delete(console);
        else if (wanted.every((seq, index) => console.tips[index]! >= seq)) left.delete(console);
      }
      if (left.size > 0) continue;
      this.#watches.splice(this.#watches.indexOf(watch), 1);
      this.#converged.push({
        ...{ after: watch.after, away: watch.away.size, ms: this.#now - since },
        messagesOut: this.#load.deliveries - watch.out,
        bytesOut: this.#load.deliveredBytes - watch.bytes,
      });
      if (watch.after === 'the end') this.#stopped = true;
    }
    if (this.#watches.length > 0) this.#in(100, () => this.#look());
  }

  /** What goes over the hub besides ops: probes and greetings, at the product's pace. */
  #eachSecond(): void {
    const up = this.#hub.readers.filter(({ link }) => link.up).length;
    const probes = up / (PACE.probe / SECOND);
    const greetings = up / (greetEvery(up) / SECOND);
    const load = this.#load;
    load.probes += probes;
    load.greetingsIn += greetings;
    load.greetingsOut += greetings * up;
    const bytes = probes * PROBE_BYTES + greetings * up * GREETING_BYTES;
    load.otherBytes += bytes;
    const second = Math.floor(this.#now / SECOND);
    this.#seconds.bytes.set(second, (this.#seconds.bytes.get(second) ?? 0) + bytes);
    if (this.#now < END) this.#in(SECOND, () => this.#eachSecond());
  }

  #judge(): Report {
    const wrong: string[] = [];
    const written = this.#written.size;
    const total: [number, number] = [0, 0];
    for (const id of this.#written.keys()) {
      const [low, high] = sumOf(id);
      total[0] ^= low;
      total[1] ^= high;
    }
    const newest = this.#consoles.map(({ member }) => member.seq);
    for (const console of this.#consoles) {
      if (console.count !== written) wrong.push(`c${console.index} has ${console.count} of ${written} ops.`);
      if (console.sum[0] !== total[0] || console.sum[1] !== total[1]) wrong.push(`c${console.index} has other ops.`);
      if (newest.some((seq, index) => console.tips[index] !== seq))
        wrong.push(`c${console.index} lacks ends of chains.`);
      if (console.held.length > 0) wrong.push(`c${console.index} still holds ${console.held.length} messages back.`);
    }
    for (const { member, index } of this.#consoles)
      if (member instanceof Whole)
        for (const id of this.#written.keys())
          if (!member.sim.store.log.has(id)) wrong.push(`c${index} lost op ${id}, which was acknowledged.`);
    const hashes = new Set(this.#consoles.flatMap(({ member }) => member.hash() ?? []));
    if (hashes.size !== 1) wrong.push(`Of those who keep registers, ${hashes.size} sorts show different things.`);
    const [first] = this.#consoles as [Console];
    let conflicts = this.#conflicts;
    for (const [register, said] of Map.groupBy(this.#said, (one) => one.register)) {
      const [scope, field] = register.split(' ') as [string, string];
      const left = new Set(first.member.headIds('incident', scope, scope, field));
      if (left.size > 1) conflicts++;
      const silent = said.filter(({ op }) => !left.has(op) && !said.some((later) => later.seen.has(op)));
      if (silent.length > 0) wrong.push(`${register}: ${silent.length} answers are gone that nobody saw.`);
    }
    const most = (map: Map<number, number>) => Math.round(Math.max(0, ...map.values()));
    this.#load.mostBytesPerSecond = most(this.#seconds.bytes);
    this.#load.mostReconnectionsPerSecond = most(this.#seconds.connections);
    if (!this.#stopped) wrong.push('It did not come to rest within ten minutes.');
    const kinds = (kind: new (...of: never[]) => Member) =>
      this.#consoles.filter(({ member }) => member instanceof kind).length;
    return {
      ...{ consoles: this.#consoles.length, whole: kinds(Whole), merging: kinds(Merging), ops: written, conflicts },
      ...{ converged: this.#converged, worstNews: this.#worstNews, hub: this.#load, wrong },
      lag: { p50: this.#lag(0.5), p99: this.#lag(0.99), worst: this.#lag(1) },
    };
  }

  #lag(share: number): number {
    const all = this.#lagCounts.reduce((sum, count) => sum + count, 0);
    let left = Math.ceil(all * share);
    for (const [slot, count] of this.#lagCounts.entries()) if ((left -= count) <= 0) return (slot + 1) * MOMENT;
    return 0;
  }
}

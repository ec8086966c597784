import { describe, expect, it } from 'vitest';
import type { PersonView, TeamView } from '../../shared/contract/estate.ts';
import type { EntryView, Timeline } from '../../shared/contract/incident.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import { candidates, ownersOf, type CandidateFacts } from '../../renderer/features/incident/candidates.ts';
import { TimelinePages } from '../../renderer/features/incident/pages.ts';

const person = (id: string, name: string, title = ''): PersonView => ({
  id,
  name,
  title,
  email: null,
  phone: null,
  timezone: null,
  teams: [],
});
const team = (id: string, name: string, onCall: PersonView[]): TeamView => ({
  id,
  name,
  description: '',
  email: null,
  phone: null,
  chat: null,
  bridge: null,
  members: [],
  onCall: onCall.map((one) => ({ role: 'primary', person: one, until: Date.parse('2026-11-24T15:00:00Z') })),
  rota: [],
  services: 1,
});

const ana = person('ana', 'Ana', 'Head of service operations, incident commander');
const raj = person('raj', 'Raj', 'Principal platform engineer');
const li = person('li', 'Li', 'Communications lead');
const mo = person('mo', 'Mo', 'Payments engineer');
const zoe = person('zoe', 'Zoe');
const facts: CandidateFacts = {
  people: [zoe, mo, li, raj, ana],
  teams: [team('platform', 'Platform', [raj]), team('payments', 'Payments', [mo])],
  owners: new Set(['payments']),
  roles: [],
  me: null,
  zone: 'Europe/Vienna',
  now: 0,
};
const ids = (of: CandidateFacts, role: Parameters<typeof candidates>[0]) => candidates(role, of).map(({ id }) => id);

describe('candidates for a role', () => {
  it('begin with whose title it is, then who is on call, the owners of what is hurt first', () => {
    expect(ids(facts, 'commander')).toEqual(['ana', 'mo', 'raj', 'li', 'zoe']);
    expect(ids(facts, 'communications')[0]).toBe('li');
    expect(ids(facts, null).slice(0, 2)).toEqual(['mo', 'raj']);
  });
  it('end with whoever holds a role already; for an ask those come first', () => {
    const held: CandidateFacts = { ...facts, roles: [{ role: 'commander', person: ana, since: 0 }] };
    expect(ids(held, 'deputy').at(-1)).toBe('ana');
    expect(ids(held, null)[0]).toBe('ana');
  });
  it('say why they are proposed, and leave nobody out', () => {
    const [first] = candidates(null, facts);
    expect(first!.why).toBe('on call for Payments until 16:00 CET · Payments engineer');
    expect(ids(facts, 'scribe').toSorted()).toEqual(['ana', 'li', 'mo', 'raj', 'zoe']);
  });
  it('know the owners of what is affected', () => {
    const services = [
      { id: 'a', owner: { id: 'payments', name: 'Payments' } },
      { id: 'b', owner: null },
      { id: 'c', owner: { id: 'x', name: 'X' } },
    ] as unknown as Parameters<typeof ownersOf>[0];
    expect([
      ...ownersOf(services, [
        { id: 'a', name: 'A' },
        { id: 'b', name: 'B' },
      ]),
    ]).toEqual(['payments']);
  });
});

/** A timeline in memory that pages as the engine does, newest first, by (time, id). */
class Fake {
  entries: EntryView[] = [];
  asked: { before: string | undefined; limit: number }[] = [];
  failing: string | null = null;

  add(id: string, at: number, text = id): void {
    this.entries.push({
      id,
      type: 'entry.note',
      eventTime: at,
      enteredAt: at,
      arrivedAt: at,
      zone: 'UTC',
      actor: { id: 'ana', name: 'Ana' },
      summary: text,
      text,
      correction: null,
      health: null,
    });
  }
  read = (before: string | undefined, limit: number): Promise<Reply<Timeline>> => {
    this.asked.push({ before, limit });
    if (this.failing !== null)
      return Promise.resolve({ ok: false, code: 'storage', message: this.failing, retryable: true });
    const key = (entry: EntryView) => `${String(entry.eventTime).padStart(16, '0')}~${entry.id}`;
    const older = this.entries
      .toSorted((a, b) => (key(a) < key(b) ? 1 : -1))
      .filter((entry) => before === undefined || key(entry) < before);
    const shown = older.slice(0, limit);
    return Promise.resolve({
      ok: true,
      value: {
        entries: structuredClone(shown),
        next: older.length > limit ? key(shown.at(-1)!) : null,
        total: this.entries.length,
      },
    });
  };
}

async function opened(count: number) {
  const fake = new Fake();
  for (let n = 0; n < count; n++) fake.add(`e${String(n).padStart(5, '0')}`, n * 1000);
  const pages = new TimelinePages(fake.read);
  let draws = 0;
  const end = pages.subscribe(() => (draws += 1));
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  await settled();
  const all = async () => {
    for (;;) {
      const { entries, whole } = pages.snapshot();
      if (whole) return;
      pages.seen(entries.length - 5, entries.length - 1);
      await settled();
    }
  };
  return { fake, pages, settled, all, end, draws: () => draws };
}
const shownIds = (pages: TimelinePages) => pages.snapshot().entries.map(({ id }) => id);

describe('the pages of a timeline', () => {
  it('read little at first and the rest only when somebody scrolls there', async () => {
    const { fake, pages, all } = await opened(1000);
    expect(pages.snapshot()).toMatchObject({ opened: true, whole: false, total: 1000 });
    expect(fake.asked).toEqual([{ before: undefined, limit: 100 }]);
    await all();
    expect(shownIds(pages)).toEqual(fake.entries.map(({ id }) => id).toReversed());
  });

  it('read on by themselves to an entry that somebody came for, and no further', async () => {
    const { fake, pages, settled } = await opened(5000);
    pages.seek('e02500');
    await settled();
    expect(shownIds(pages)).toContain('e02500');
    expect(pages.snapshot().whole).toBe(false);
    expect(fake.asked.length).toBeLessThan(5);
    const asked = fake.asked.length;
    await settled();
    expect(fake.asked).toHaveLength(asked);
    pages.seek('not here');
    await settled();
    expect(pages.snapshot().whole).toBe(true);
  });

  it('draw nothing again when nothing changed, and keep unchanged lines the same objects', async () => {
    const { fake, pages, settled, draws } = await opened(50);
    const before = pages.snapshot();
    const drawn = draws();
    pages.changed();
    await settled();
    expect(pages.snapshot().entries).toBe(before.entries);
    expect(draws()).toBe(drawn);
    fake.add('new', 60_000);
    pages.changed();
    await settled();
    expect(pages.snapshot().entries[1]).toBe(before.entries[0]);
    expect([...pages.snapshot().fresh]).toEqual(['new']);
  });

  it('follow a line whose time was corrected from an old page into the newest, without showing it twice', async () => {
    const { fake, pages, settled, all } = await opened(700);
    await all();
    fake.entries.find(({ id }) => id === 'e00010')!.eventTime = 10_000_000;
    pages.changed();
    await settled();
    expect(shownIds(pages)[0]).toBe('e00010');
    pages.seen(680, 699);
    await settled();
    await all();
    expect(shownIds(pages)).toHaveLength(700);
    expect(new Set(shownIds(pages)).size).toBe(700);
  });

  it('never show a hole when the line at the end of a page moved away', async () => {
    const { fake, pages, settled, all } = await opened(700);
    await all();
    const boundary = fake.entries.find(({ id }) => id === 'e00600')!;
    boundary.eventTime = 5;
    pages.changed();
    await settled();
    await all();
    const times = pages.snapshot().entries.map(({ eventTime }) => eventTime);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(new Set(shownIds(pages)).size).toBe(700);
  });

  it('say what went wrong, keep what was read, and go on when asked again', async () => {
    const { fake, pages, settled } = await opened(50);
    fake.failing = 'The disk is gone.';
    pages.changed();
    await settled();
    expect(pages.snapshot()).toMatchObject({ error: 'The disk is gone.', opened: true });
    expect(pages.snapshot().entries).toHaveLength(50);
    fake.failing = null;
    pages.changed();
    await settled();
    expect(pages.snapshot().error).toBeNull();
  });
});

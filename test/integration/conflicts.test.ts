import { describe, expect, it } from 'vitest';
import type { OpDraft } from '../../shared/ops/op.ts';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store, type Transaction } from '../../electron/engine/store/store.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { done, enrolIn, inStore, newFolder, openOn, refused, reply } from '../support/engines.ts';
import { segmentsOf } from '../support/other-consoles.ts';
import { run } from '../../electron/cli/run.ts';
import { answerHere } from '../support/cli.ts';

/** What the console of `from` wrote, taken into `to`. Nobody may have either open. */
function carry(from: string, to: string): void {
  const opened = openDatabase(from);
  const identity = loadIdentity(from);
  const segments = segmentsOf({ store: new Store(opened, identity, Date.now), identity });
  opened.close();
  inStore(to, (store) => expect(store.ingest(segments, 'test').quarantined).toEqual([]));
}

function write(data: string, actor: string, work: (tx: Transaction) => unknown): void {
  inStore(data, (store) => store.commit({ actor, zone: 'Europe/Vienna' }, work));
}

/** Consoles that count each other's ops, with one incident that all of them know; its id. */
async function together(count: number): Promise<{ folders: string[]; incident: string }> {
  const folders = Array.from({ length: count }, newFolder);
  for (const folder of folders) loadIdentity(folder);
  for (const here of folders) for (const other of folders) if (here !== other) enrolIn(here, other);
  const engine = await openOn(folders[0]!);
  const { id } = await done(engine, 'incident.declare', { title: 'Tills offline', severity: 'SEV2' });
  await engine.close();
  for (const other of folders.slice(1)) carry(folders[0]!, other);
  return { folders, incident: id };
}

const inIncident =
  (incident: string, type: string, payload: Record<string, unknown>, kind: string, id: string, field: string) =>
  (tx: Transaction): void => {
    const draft: OpDraft = { scope: incident, type, payload, base: tx.headIds(kind, incident, id, field) };
    tx.append(draft);
  };
const severity = (incident: string, value: string, reason: string) =>
  inIncident(incident, 'incident.severity', { severity: value, reason }, 'incident', incident, 'severity');
const commander = (incident: string, person: string) =>
  inIncident(incident, 'incident.role', { role: 'commander', person }, 'incident', incident, 'role:commander');

const answersOn = async (engine: Engine, incident: string) => {
  const { conflicts } = await done(engine, 'conflicts', { incident });
  return conflicts.map(({ about, inForce, answers }) => [about, inForce, answers.map(({ words }) => words)]);
};

describe('what two consoles said apart', () => {
  it('shows three answers with whose each is and what followed, and one op settles all of them on every console', async () => {
    const { folders, incident } = await together(3);
    const [a, b, c] = folders as [string, string, string];
    write(a, 'ana', severity(incident, 'SEV1', 'every store'));
    write(b, 'raj', severity(incident, 'SEV3', 'two tills'));
    write(b, 'raj', (tx) =>
      tx.append({ scope: incident, type: 'entry.note', payload: { text: 'sent the others home' } }),
    );
    write(c, 'li', severity(incident, 'SEV4', 'one till'));
    for (const from of folders) for (const to of folders) if (from !== to) carry(from, to);

    const engine = await openOn(a);
    const { conflicts } = await done(engine, 'conflicts', {});
    expect(conflicts).toHaveLength(1);
    const [{ about, inForce, answers, incident: of }] = conflicts as [(typeof conflicts)[number]];
    expect([about, inForce, of?.id]).toEqual(['severity', 'SEV1', incident]);
    expect(answers.map(({ words, by, reason, zone }) => [words, by.id, reason, zone])).toEqual([
      ['SEV1', 'ana', 'every store', 'Europe/Vienna'],
      ['SEV3', 'raj', 'two tills', 'Europe/Vienna'],
      ['SEV4', 'li', 'one till', 'Europe/Vienna'],
    ]);
    expect(answers.map(({ console: { own, name } }) => [own, name])).toEqual([
      [true, 'store 112'],
      [false, 'store 112'],
      [false, 'store 112'],
    ]);
    expect(answers[1]!.followed.map(({ text }) => text)).toEqual(['sent the others home']);
    // Marked wherever it is shown.
    const shown = await done(engine, 'incident.show', { incident });
    expect([shown.severity, shown.disputed]).toEqual(['SEV1', { severity: ['SEV3', 'SEV4'] }]);
    expect((await done(engine, 'board', {})).incidents[0]!.disputed).toEqual({ severity: ['SEV3', 'SEV4'] });
    const { needs, incidents } = await done(engine, 'situation', {});
    expect(incidents[0]!.disputed).toEqual({ severity: ['SEV3', 'SEV4'] });
    expect(needs.filter(({ kind }) => kind === 'conflict').map(({ text }) => text)).toEqual([
      'INC-0001: three answers on severity: SEV1 / SEV3 / SEV4',
    ]);

    // A third answer that came while two were looked at is not swept away with them.
    const seen = answers.slice(0, 2).map(({ op }) => op);
    expect(await refused(engine, 'conflict.settle', { keep: answers[1]!.op, seen })).toMatch(
      /Another answer on severity came meanwhile: SEV4 by li/,
    );
    const before = (await done(engine, 'status', {})).ops;
    await done(engine, 'conflict.settle', { keep: answers[1]!.op.slice(0, 12), seen: answers.map(({ op }) => op) });
    expect((await done(engine, 'status', {})).ops).toBe(before + 1);
    expect(await refused(engine, 'conflict.settle', { keep: answers[1]!.op })).toMatch(/settled already/);
    expect(await answersOn(engine, incident)).toEqual([]);
    expect((await done(engine, 'incident.timeline', { incident, limit: 1 })).entries[0]!.text).toBe(
      'two tills – kept over SEV1 by ana, SEV4 by li',
    );
    await engine.close();
    for (const to of [b, c]) carry(a, to);
    const there = await openOn(c);
    expect(await answersOn(there, incident)).toEqual([]);
    expect((await done(there, 'incident.show', { incident })).severity).toBe('SEV3');
  });

  it('is a conflict again when two settle it differently at once, and none when both keep the same', async () => {
    const { folders, incident } = await together(2);
    const [a, b] = folders as [string, string];
    write(a, 'ana', commander(incident, 'ana'));
    write(b, 'raj', commander(incident, 'raj'));
    carry(a, b);
    carry(b, a);
    const keep = async (folder: string, person: string): Promise<void> => {
      const engine = await openOn(folder);
      const { conflicts } = await done(engine, 'conflicts', { incident });
      // Both are told, on both consoles.
      expect(conflicts[0]!.asked.map(({ id }) => id)).toEqual(['ana', 'raj']);
      await done(engine, 'conflict.settle', {
        keep: conflicts[0]!.answers.find(({ value }) => value === person)!.op,
      });
      await engine.close();
    };
    await keep(a, 'ana');
    await keep(b, 'raj');
    carry(a, b);
    carry(b, a);
    for (const folder of folders) {
      const engine = await openOn(folder);
      expect(await answersOn(engine, incident)).toEqual([['who commands', 'ana', ['ana', 'raj']]]);
      expect((await done(engine, 'incident.show', { incident })).disputed?.commander?.map((one) => one?.id)).toEqual([
        'raj',
      ]);
      await engine.close();
    }
    await keep(a, 'raj');
    await keep(b, 'raj');
    carry(a, b);
    carry(b, a);
    for (const folder of folders) {
      const engine = await openOn(folder);
      expect(await answersOn(engine, incident)).toEqual([]);
      expect((await done(engine, 'incident.show', { incident })).commander?.id).toBe('raj');
      await engine.close();
    }
  });

  it('settles every kind of register with an op of its own', async () => {
    const { folders, incident } = await together(2);
    const [a, b] = folders as [string, string];
    const plan = (id: string) => ({
      ...{ plan: id, hash: 'b'.repeat(64) },
      items: [{ id: 'db', services: ['db'], stage: 1, lane: 1, blockedBy: [], why: [], holdMinutes: 5 }],
    });
    const facts = 'c'.repeat(8);
    const steps = [
      { id: 'check', title: 'Check it', type: 'check', role: null, minutes: null, body: '', reversible: null },
    ];
    write(a, 'ana', (tx) => {
      tx.append({
        scope: incident,
        type: 'run.start',
        payload: { run: 'r', runbook: 'rb', title: 'Checkout slow', version: '1', hash: 'd'.repeat(64), steps },
      });
      tx.append({
        scope: incident,
        type: 'cleanup.add',
        payload: { item: 'c', kind: 'orders', title: 'Orders', count: 3, unit: 'orders', owner: null, dueAt: null },
      });
      tx.append({
        scope: incident,
        type: 'handover.offer',
        payload: {
          ...{ handover: 'h', to: 'li', roles: [{ role: 'scribe', from: null }], asks: [], briefing: 'all' },
          expiresAt: 9_000_000_000_000,
          staysMinutes: 0,
        },
      });
      tx.append({ scope: incident, type: 'restoration.adopt', payload: plan('p0') });
    });
    carry(a, b);
    const said: [type: string, one: object, other: object, kind: string, id: string, field: string, counts: string][] =
      [
        [
          'incident.status',
          { status: 'resolved' },
          { status: 'mitigating' },
          'incident',
          incident,
          'status',
          'mitigating',
        ],
        [
          'incident.role',
          { role: 'scribe', person: 'x' },
          { role: 'scribe', person: 'y' },
          'incident',
          incident,
          'role:scribe',
          'x',
        ],
        [
          'incident.cause',
          { service: 'db', verdict: 'confirmed', reason: 'seen' },
          { service: 'db', verdict: 'ruled-out', reason: 'not' },
          'incident',
          incident,
          'cause:db',
          'open',
        ],
        [
          'run.step',
          { run: 'r', step: 'check', state: 'done' },
          { run: 'r', step: 'check', state: 'failed', reason: 'no' },
          'run',
          'r',
          'step:check',
          'failed',
        ],
        [
          'restoration.item',
          { item: 'db', services: ['db'], state: 'verified', byHand: true },
          { item: 'db', services: ['db'], state: 'working' },
          'restoration',
          'current',
          'item:db',
          'working',
        ],
        ['restoration.adopt', plan('p1'), plan('p2'), 'restoration', 'current', 'plan', 'db'],
        [
          'cleanup.state',
          { item: 'c', state: 'reconciled' },
          { item: 'c', state: 'doing' },
          'cleanup',
          'c',
          'reconciliation',
          'doing',
        ],
        [
          'cleanup.accept',
          { item: 'c', person: 'x', remaining: 3, reason: 'r' },
          { item: 'c', person: 'y', remaining: 2, reason: 'r' },
          'cleanup',
          'c',
          'accepted',
          'nobody',
        ],
        [
          'handover.answer',
          { handover: 'h', answer: 'accepted' },
          { handover: 'h', answer: 'cancelled' },
          'handover',
          'h',
          'answer',
          'cancelled',
        ],
        [
          'suggestion.settle',
          { kind: 'cleanup', key: 'orders', facts, verdict: 'taken', title: 'O' },
          { kind: 'cleanup', key: 'orders', facts, verdict: 'dismissed', title: 'O' },
          'suggestion',
          'settled',
          `cleanup orders ${facts}`,
          'open',
        ],
      ];
    for (const [type, one, , kind, id, field] of said)
      write(a, 'ana', inIncident(incident, type, one as Record<string, unknown>, kind, id, field));
    for (const [type, , other, kind, id, field] of said)
      write(b, 'raj', inIncident(incident, type, other as Record<string, unknown>, kind, id, field));
    carry(a, b);
    carry(b, a);
    const engine = await openOn(a);
    const { conflicts } = await done(engine, 'conflicts', { incident });
    expect(conflicts.map(({ field, inForce }) => `${field} ${inForce}`).sort()).toEqual(
      said.map(([, , , , , field, counts]) => `${field} ${counts}`).sort(),
    );
    expect((await done(engine, 'incident.list', { all: true }))[0]!.conflicts).toBe(said.length);
    let left = said.length;
    for (const { answers, field, about } of conflicts) {
      const ours = answers.find(({ by }) => by.id === 'ana')!;
      const answer = await reply(engine, 'conflict.settle', { keep: ours.op, field, reason: 'agreed on the phone' });
      expect(answer, about).toMatchObject({ ok: true });
      expect((await done(engine, 'conflicts', { incident })).conflicts).toHaveLength(--left);
    }
    expect(await done(engine, 'incident.show', { incident })).toMatchObject({ status: 'resolved', conflicts: 0 });
  });

  it('is read and settled in a terminal', async () => {
    const { folders, incident } = await together(2);
    const [a, b] = folders as [string, string];
    write(a, 'ana', severity(incident, 'SEV1', 'every store'));
    write(b, 'raj', severity(incident, 'SEV3', 'two tills'));
    carry(b, a);
    const { conflicts } = await answerHere('conflicts', [], a);
    const op = conflicts[0]!.answers.find(({ words }) => words === 'SEV3')!.op;
    expect((await run(['conflicts', '--data', a])).out).toContain(op.slice(0, 10));
    await answerHere('conflict.settle', [`--keep=${op.slice(0, 10)}`, '--reason', 'only two tills'], a);
    expect(await answerHere('conflicts', ['INC-0001'], a)).toMatchObject({ conflicts: [] });
    expect(await answerHere('incident.show', ['INC-0001'], a)).toMatchObject({ severity: 'SEV3' });
  });
});

/** Who did what: from the log, by filters, without noise, and as a file whose signature somebody else can check. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { done, newFolder, openOn, refused } from '../support/engines.ts';

it('lists what people did, newest first, narrowed down by who, where and when', async () => {
  let now = Date.parse('2026-11-24T09:00:00Z');
  const engine = await openOn(newFolder(), { now: () => now });
  await done(engine, 'estate.load-demonstration', {});
  const as = (actingAs: string) => done(engine, 'settings.set', { actingAs });
  await as('ana-kovac');
  const { id } = await done(engine, 'incident.declare', { title: 'Checkout fails', severity: 'SEV1' });
  const other = await done(engine, 'incident.declare', { title: 'Sync late', severity: 'SEV3' });
  now += 60_000;
  await as('raj-menon');
  await done(engine, 'incident.severity', { incident: id, severity: 'SEV2', reason: 'stores sell' });
  await done(engine, 'incident.say', { incident: other.id, text: 'the queue is short' });

  const list = async (filter: object) => (await done(engine, 'audit.list', filter)).lines;
  const told = (lines: Awaited<ReturnType<typeof list>>) =>
    lines.map(({ who, incident, summary }) => [who.name, incident?.label, summary]);
  expect(told(await list({ person: 'raj-menon' }))).toEqual([
    ['Raj Menon', 'INC-0002', 'the queue is short'],
    ['Raj Menon', 'INC-0001', 'severity SEV1 → SEV2'],
  ]);
  expect((await list({ incident: id })).map(({ who }) => who.name)).toEqual(['Raj Menon', 'Ana Kovač']);
  expect(await list({ since: now, person: 'ana-kovac' })).toEqual([]);
  expect((await list({ kinds: ['note'] })).map(({ kind }) => kind)).toEqual(['note']);
  const everything = await list({ limit: 1000 });
  expect(everything.every(({ who }) => who.id !== 'system')).toBe(true);
  expect(everything.filter(({ summary }) => /does not know/.test(summary))).toEqual([]);
  expect(everything.some(({ summary }) => summary.startsWith('service checkout-api set: '))).toBe(true);
  const first = await done(engine, 'audit.list', { limit: 2, incident: id });
  expect([first.lines.length, first.next]).toEqual([2, null]);
  const page = await done(engine, 'audit.list', { limit: 1, incident: id });
  expect((await done(engine, 'audit.list', { limit: 1, incident: id, before: page.next! })).lines[0]!.who.name).toBe(
    'Ana Kovač',
  );
  expect(await refused(engine, 'audit.list', { grant: 'BG-0000' })).toMatch(/no emergency access/);
  expect(await refused(engine, 'audit.list', { since: 2, until: 1 })).toMatch(/later than until/);
});

it('leaves as a file that says so when a word of it is changed', async () => {
  const engine = await openOn(newFolder());
  await done(engine, 'estate.load-demonstration', {});
  await done(engine, 'incident.declare', { title: 'Checkout fails', severity: 'SEV1' });
  const to = join(newFolder(), 'audit.json');
  const { lines } = await done(engine, 'audit.export', { to, kinds: ['state'] });
  expect(lines).toBeGreaterThan(0);
  expect(await done(engine, 'audit.check', { file: to })).toMatchObject({ lines });
  expect(await refused(engine, 'audit.export', { to, kinds: ['state'] })).toMatch(/is there already/);
  writeFileSync(to, readFileSync(to, 'utf8').replace('Checkout fails', 'Checkout works'));
  expect(await refused(engine, 'audit.check', { file: to })).toMatch(/was changed after it was signed/);
  const elsewhere = await openOn(newFolder());
  const copy = join(newFolder(), 'audit.json');
  await done(engine, 'audit.export', { to: copy });
  expect(await refused(elsewhere, 'audit.check', { file: copy })).toMatch(/which is not enrolled here/);
  writeFileSync(copy, '{"audit":1}');
  expect(await refused(engine, 'audit.check', { file: copy })).toMatch(/is no exported audit/);
});

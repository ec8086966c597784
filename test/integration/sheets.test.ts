/** What goes on paper: the call tree and the handover, made with no network at all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { done, newFolder, openOn, refused } from '../support/engines.ts';

/** A Monday evening in headquarters. */
const NOW = Date.parse('2026-11-23T20:00:00+01:00');
let engine: Engine;
let data = '';
let incident = '';

beforeEach(async () => {
  data = newFolder();
  engine = await openOn(data, {
    demonstration: true,
    now: () => NOW,
    print: async (html) => new TextEncoder().encode(`%PDF ${html.length}`),
  });
  ({ id: incident } = await done(engine, 'incident.declare', {
    title: 'Checkout <failing>',
    severity: 'SEV1',
    services: ['checkout-api', 'tax-engine'],
    businessServices: ['checkout'],
    commander: 'ana-kovac',
  }));
});

describe('the call tree', () => {
  it('names who commands, owners with who is on duty, vendors and stores, each with a number and the local time', async () => {
    const { groups, silent } = await done(engine, 'calltree', { incident });
    const of = (title: string) => groups.find((group) => group.title === title)!.lines;
    expect(of('In the room')).toEqual([
      {
        name: 'Ana Kovač',
        as: 'commander',
        phone: '+49 171 3920001',
        localTime: '20:00 CET',
        note: 'Head of service operations, incident commander',
      },
    ]);
    const owners = of('Owners of what is affected');
    expect(owners[0]).toMatchObject({ name: 'Online Shop', as: 'owns Checkout API', phone: '+49 40 66969 601' });
    expect(owners.some(({ as }) => as === 'Online Shop, primary')).toBe(true);
    expect(of('Escalation').map(({ as }) => as)).toContain('commander on duty, Platform and Identity');
    expect(of('Vendors').find(({ name }) => name === 'Levyline tax service')!.phone).toMatch(/\+49 69/);
    expect(of('Stores that do not sell as usual')[0]).toMatchObject({ as: 'not heard of', phone: /^\+/ });
    expect(silent).toBe(0);
  });

  it('lists who has no number instead of leaving them out', async () => {
    await done(engine, 'incident.affect', { incident, services: ['shop-kubernetes'] });
    await done(engine, 'estate.leave-demonstration', {});
    const { groups } = await done(engine, 'calltree', { incident });
    expect(groups[0]).toMatchObject({ title: 'In the room', lines: [{ phone: null }] });
  });
});

describe('a handover on paper', () => {
  it('tells roles with numbers, asks, decisions and next updates, as text that loads nothing', async () => {
    await done(engine, 'incident.ask', { incident, text: 'check the pool', owner: 'raj-menon', minutes: 10 });
    await done(engine, 'incident.decide', { incident, text: 'Roll back 4.18', reason: 'errors began with it' });
    await done(engine, 'incident.run', { incident, runbook: 'checkout-slowdown' });
    const to = join(data, 'handover.html');
    await done(engine, 'handover.print', { incident, to });
    const html = readFileSync(to, 'utf8');
    for (const part of [
      'INC-0001',
      'Checkout &lt;failing&gt;',
      'Ana Kovač',
      '+49 171 3920001',
      'check the pool',
      'Roll back 4.18',
      'Checkout is slow or failing, version 2.0.0',
      'Store operations',
      '20:15 CET',
      'Online Shop',
    ])
      expect(html).toContain(part);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|src=|href=/);
    expect(await refused(engine, 'handover.print', { incident, to })).toMatch(/is there already/);
  });

  it('goes into a folder as PDF under a name of its own, and says what to do where no window can print', async () => {
    const printed = await done(engine, 'calltree.print', { incident, to: data });
    expect(printed).toMatchObject({ path: join(data, 'inc-0001-call-tree-checkout-failing.pdf'), format: 'pdf' });
    expect(readFileSync(printed.path, 'utf8')).toMatch(/^%PDF/);
    await engine.close();
    engine = await openOn(data, { now: () => NOW });
    const to = join(data, 'x.pdf');
    expect(await refused(engine, 'update.print', { incident, audience: 'execs', to })).toMatch(
      /open it .*or write html/,
    );
    const sheet = await done(engine, 'update.print', { incident, audience: 'execs', to: data });
    expect(sheet.format).toBe('html');
  });
});

/** What is proposed for an incident from live facts, how a person takes, overrules or keeps it, and what the record says of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { done, newFolder, openOn, refused } from '../support/engines.ts';

const HOUR = 60;
let engine: Engine;
let now = Date.parse('2026-11-25T10:00:00Z');

async function say(subject: string, health: 'healthy' | 'degraded' | 'failing'): Promise<void> {
  await done(engine, 'health.declare', { subject, health, reason: 'seen by hand', minutes: 24 * HOUR });
}

beforeEach(async () => {
  now = Date.parse('2026-11-25T10:00:00Z');
  engine = await openOn(newFolder(), { demonstration: true, now: () => now });
});

async function declared(more: Record<string, unknown> = {}): Promise<string> {
  const input = { title: 'Checkout slow', services: ['checkout-api'], ...more };
  return (await done(engine, 'incident.declare', input)).id;
}

const proposalOf = (incident: string) => done(engine, 'incident.proposal', { incident });

describe('a proposal', () => {
  it('follows the facts as they change, and changes nothing by itself', async () => {
    await say('checkout', 'degraded');
    const id = await declared({ businessServices: ['checkout'], severity: 'SEV2' });
    const before = await proposalOf(id);
    expect([before.severity.proposed, before.severity.inForce, before.severity.open]).toEqual(['SEV2', 'SEV2', false]);

    await say('checkout', 'failing');
    const after = await proposalOf(id);
    expect([after.severity.proposed, after.severity.inForce, after.severity.open]).toEqual(['SEV1', 'SEV2', true]);
    expect(after.severity.rules[0]).toMatchObject({
      rule: 'vital-stopped',
      because: 'Online checkout (tier 1) is failing',
    });
    expect((await done(engine, 'incident.show', { incident: id })).severity).toBe('SEV2');
    expect(after.facts.find(({ name }) => name === 'Business services')?.value).toContain('Online checkout');
  });

  it('is made for what is about to be declared, with what a person ticks', async () => {
    const plain = await done(engine, 'incident.proposal', { services: ['availability-api'] });
    const ticked = await done(engine, 'incident.proposal', { services: ['availability-api'], security: 'confirmed' });
    expect(plain.severity.inForce).toBeNull();
    expect(ticked.severity.proposed).toBe('SEV1');
    expect(ticked.severity.rules[0]?.rule).toBe('breach');
    expect(ticked.response.proposed).toEqual({ level: 'business-continuity', model: 'business-continuity' });
  });

  it('is kept down by a person until another rule holds', async () => {
    await say('checkout', 'failing');
    const id = await declared({ businessServices: ['checkout'], severity: 'SEV2' });
    await done(engine, 'incident.keep', { incident: id, what: 'severity', reason: 'it is the test shop' });
    const kept = await proposalOf(id);
    expect([kept.severity.open, kept.severity.kept?.reason]).toEqual([false, 'it is the test shop']);
    await done(engine, 'incident.concern', { incident: id, integrity: 'confirmed', reason: 'two receipts differ' });
    expect((await proposalOf(id)).severity.open).toBe(true);
    const told = await done(engine, 'incident.timeline', { incident: id });
    expect(told.entries.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining(['kept the severity as it is against the proposal SEV1', 'wrong or lost data: confirmed']),
    );
  });
});

describe('the severity', () => {
  it('is never lowered without a reason, whoever asks', async () => {
    const id = await declared({ severity: 'SEV1' });
    expect(await refused(engine, 'incident.severity', { incident: id, severity: 'SEV3' })).toBe(
      'Lowering SEV1 to SEV3 needs a reason.',
    );
    expect(await refused(engine, 'incident.severity', { incident: id, severity: 'SEV2', reason: '  ' })).toMatch(
      /reason/,
    );
    await done(engine, 'incident.severity', { incident: id, severity: 'SEV3', reason: 'one store only' });
    await done(engine, 'incident.severity', { incident: id, severity: 'SEV1' });
    expect((await done(engine, 'incident.show', { incident: id })).severity).toBe('SEV1');
  });

  it('is recorded with what was proposed, by which rules of which text', async () => {
    await say('checkout', 'failing');
    const id = await declared({ businessServices: ['checkout'], severity: 'SEV1' });
    await done(engine, 'incident.severity', { incident: id, severity: 'SEV2', reason: 'only the test shop' });
    const [line] = (await done(engine, 'incident.timeline', { incident: id, kinds: ['state'] })).entries;
    expect([line!.summary, line!.text]).toEqual(['severity SEV1 → SEV2 (proposed was SEV1)', 'only the test shop']);
  });
});

describe('the response', () => {
  it('is proposed with its reasons, taken as it is, and pinned against a policy that changes', async () => {
    await say('checkout', 'failing');
    const id = await declared({ businessServices: ['checkout'], severity: 'SEV1' });
    const proposed = await done(engine, 'incident.response', { incident: id });
    expect([proposed.chosen, proposed.level, proposed.model]).toEqual([false, 'platform', 'command']);
    expect(proposed.proposal.open).toBe(true);
    await done(engine, 'incident.model', { incident: id });
    const taken = await done(engine, 'incident.response', { incident: id });
    expect([taken.chosen, taken.proposal.open]).toEqual([true, false]);
    expect(taken.substance.roles).toEqual(['commander', 'communications', 'operations', 'scribe']);
    expect(taken.substance.cadence).toContainEqual({ audience: 'executives', minutes: 30 });

    const { text } = await done(engine, 'policy.show', { policy: 'response' });
    await done(engine, 'policy.set', {
      policy: 'response',
      text: text.replace('executives: 30', 'executives: 45'),
      reason: 'agreed',
    });
    const pinned = await done(engine, 'incident.response', { incident: id });
    expect(pinned.substance.cadence).toContainEqual({ audience: 'executives', minutes: 30 });
    expect((await done(engine, 'incident.response', { incident: id, model: 'command' })).preview?.diff.changed).toEqual(
      ['updates for executives every 30 min → updates for executives every 45 min'],
    );
  });

  it('is overruled with a reason only; what stays and what changes is shown before and recorded', async () => {
    await say('checkout', 'failing');
    const id = await declared({
      businessServices: ['checkout'],
      severity: 'SEV1',
      level: 'platform',
      model: 'command',
    });
    expect(await refused(engine, 'incident.model', { incident: id, model: 'swarm' })).toMatch(
      /Proposed is platform level with command; another response needs a reason/,
    );
    const { preview } = await done(engine, 'incident.response', { incident: id, model: 'follow-the-sun' });
    expect(preview?.diff.added).toContain('role deputy');
    expect(preview?.diff.kept).toBeGreaterThan(5);
    const set = await done(engine, 'incident.model', {
      incident: id,
      model: 'follow-the-sun',
      reason: 'until tomorrow',
    });
    expect(set.diff).toEqual(preview?.diff);
    const [line] = (await done(engine, 'incident.timeline', { incident: id, kinds: ['state'] })).entries;
    expect(line!.summary).toBe('response: platform, follow the sun');
    expect(line!.text).toMatch(/^until tomorrow\n\nNew: role deputy/);
    expect((await proposalOf(id)).response.open).toBe(true);
    await done(engine, 'incident.keep', { incident: id, what: 'response' });
    expect((await proposalOf(id)).response.open).toBe(false);
  });

  it('can be taken at the declaration, and then is not asked about again', async () => {
    await say('checkout', 'failing');
    const id = await declared({
      businessServices: ['checkout'],
      severity: 'SEV1',
      level: 'platform',
      model: 'command',
    });
    const { response } = await proposalOf(id);
    expect([response.inForce, response.open]).toEqual([{ level: 'platform', model: 'command' }, false]);
    now += 7 * 3_600_000;
    const later = await proposalOf(id);
    expect([later.response.proposed.model, later.response.open]).toEqual(['follow-the-sun', true]);
  });
});

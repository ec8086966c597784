/** Who has which role in an incident, as people and other consoles give it. */
import { describe, expect, it } from 'vitest';
import { done, newFolder, openOn, refused } from '../support/engines.ts';

async function declared() {
  const engine = await openOn(newFolder());
  await done(engine, 'estate.load-demonstration', {});
  const { id } = await done(engine, 'incident.declare', { title: 'Checkout failing', severity: 'SEV1' });
  return { engine, id };
}

describe('roles', () => {
  it('has several subject experts at once, each with what they know, and lets one go', async () => {
    const { engine, id } = await declared();
    const assign = { incident: id, role: 'subject-expert' } as const;
    await done(engine, 'incident.assign', { ...assign, person: 'raj-menon', subject: 'databases' });
    await done(engine, 'incident.assign', { ...assign, person: 'ana-kovac' });
    await done(engine, 'incident.assign', { ...assign, person: 'ana-kovac' });
    const experts = async () => {
      const { roles } = await done(engine, 'incident.show', { incident: id });
      return roles
        .filter(({ role }) => role === 'subject-expert')
        .map(({ person, subject }) => [person?.id, subject])
        .toSorted(([a], [b]) => (a! < b! ? -1 : 1));
    };
    expect(await experts()).toEqual([
      ['ana-kovac', undefined],
      ['raj-menon', 'databases'],
    ]);
    const { entries } = await done(engine, 'incident.timeline', { incident: id, kinds: ['role'] });
    expect(entries).toHaveLength(2);

    await done(engine, 'incident.release', { incident: id, role: 'subject-expert', person: 'raj-menon' });
    expect(await experts()).toEqual([['ana-kovac', undefined]]);
    expect(
      await refused(engine, 'incident.release', { incident: id, role: 'subject-expert', person: 'raj-menon' }),
    ).toMatch(/is not subject expert of this incident\.$/);
    expect(await refused(engine, 'incident.assign', { ...assign, person: null })).toMatch(/release the one/);
  });
});

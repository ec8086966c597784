/** Policies in the log: what is in force, who changed it and why, what is refused, and what is done with a text that cannot be read here. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ESTATE } from '../../shared/ops/op.ts';
import { done, inStore, newFolder, openOn, refused } from '../support/engines.ts';

const MINE = `rules:
  - { id: shops, severity: SEV1, when: { stores: 3 }, why: We have nine stores. }
  - { id: data, severity: SEV2, when: { data: suspected }, why: As agreed. }
otherwise: SEV4
`;

describe('a policy', () => {
  it('is what ships until somebody changes it, with version, author and reason; and can be reset', async () => {
    const data = newFolder();
    const engine = await openOn(data);
    const before = await done(engine, 'policy.show', { policy: 'severity' });
    expect([before.from, before.version, before.differs, before.history]).toEqual(['shipped', 0, false, []]);
    expect(before.tables[0]!.rows.length).toBeGreaterThan(10);

    const file = join(data, 'severity.yaml');
    writeFileSync(file, MINE);
    await done(engine, 'policy.set', { file, reason: 'agreed in the review' });
    await done(engine, 'policy.set', { policy: 'severity', text: `${MINE}# more\n`, reason: 'a word more' });
    const same = await done(engine, 'policy.set', { policy: 'severity', text: `${MINE}# more\n`, reason: 'again' });
    expect(same).toMatchObject({ version: 2, changed: false });

    const after = await done(engine, 'policy.show', { policy: 'severity' });
    expect([after.from, after.version, after.differs, after.reason]).toEqual(['record', 2, true, 'a word more']);
    expect(after.history.map(({ version, reason, inForce }) => [version, reason, inForce])).toEqual([
      [2, 'a word more', true],
      [1, 'agreed in the review', false],
    ]);
    expect(after.tables[0]!.rows[0]!.cells[1]).toBe('3 stores or more cannot sell');

    await engine.close();
    const again = await openOn(data);
    expect((await done(again, 'policy.show', { policy: 'severity' })).text).toContain('# more');
    await done(again, 'policy.reset', { policy: 'severity', reason: 'it was worse' });
    const reset = await done(again, 'policy.show', { policy: 'severity' });
    expect([reset.from, reset.differs, reset.history[0]!.inForce]).toEqual(['shipped', false, true]);
    expect((await done(again, 'policy.list', {})).map(({ id }) => id)).toContain('severity');
  });

  it('is refused with the line of its first mistake, and nothing is written', async () => {
    const engine = await openOn(newFolder());
    const wrong = MINE.replace('SEV2', 'SEV7');
    expect(await refused(engine, 'policy.set', { policy: 'severity', text: wrong, reason: 'x' })).toMatch(
      /^severity\.yaml:3: rules\[1\]\.severity: "SEV7" is none of SEV1/,
    );
    expect((await done(engine, 'policy.show', { policy: 'severity' })).history).toEqual([]);
    const lint = await done(engine, 'policy.lint', { policy: 'severity', text: wrong });
    expect([lint.ok, lint.problems[0]!.line]).toEqual([false, 3]);
    expect(await refused(engine, 'policy.show', { policy: 'nonsense' })).toMatch(/there are .*severity/);
    expect(await refused(engine, 'policy.lint', { file: '/nowhere/severity.yaml' })).toMatch(/cannot be read/);
    expect(await refused(engine, 'policy.lint', { file: '/nowhere/mine.yaml' })).toMatch(/say --policy/);
    expect(await refused(engine, 'policy.set', { reason: 'x' })).toMatch(/one of the two/);
  });

  it('of a newer version that cannot be read here leaves the last good one in force, and says so', async () => {
    const data = newFolder();
    const engine = await openOn(data);
    await done(engine, 'policy.set', { policy: 'severity', text: MINE, reason: 'ours' });
    await engine.close();
    inStore(data, (store) =>
      store.commit({ actor: 'ana', zone: 'UTC' }, (tx) =>
        tx.append({
          scope: ESTATE,
          type: 'policy.put',
          payload: { policy: 'severity', text: 'weather: rain\n', hash: 'ab'.repeat(32), version: 2, reason: 'newer' },
        }),
      ),
    );
    const again = await openOn(data);
    const shown = await done(again, 'policy.show', { policy: 'severity' });
    expect([shown.version, shown.text]).toEqual([1, MINE]);
    expect(shown.warning).toMatch(/Version 2 of the policy severity cannot be used here \(line 1: "weather"/);
    expect((await done(again, 'status', {})).warnings).toContain(shown.warning);
  });
});

import { describe, expect, it } from 'vitest';
import { enrolIn, done, newFolder, openOn } from '../support/engines.ts';
import { startHub } from '../support/hubs.ts';
import { missing, until } from '../support/servers.ts';
import type { Engine } from '../../electron/engine/engine.ts';

const ORGANISATION = 'acme-retail';

/** Two consoles that count each other's ops, both told of `hub`. */
async function two(hub: string): Promise<[Engine, Engine]> {
  const [one, other] = [newFolder(), newFolder()];
  enrolIn(one, other);
  enrolIn(other, one);
  const engines: [Engine, Engine] = [await openOn(one, { poll: true }), await openOn(other, { poll: true })];
  for (const engine of engines) await done(engine, 'hub.set', { url: hub, organisation: ORGANISATION });
  return engines;
}

const state = async (engine: Engine) => (await done(engine, 'status', {})).link;
const titles = async (engine: Engine) => (await done(engine, 'incident.list', {})).map(({ title }) => title);

describe.skipIf(missing('nats-server'))('consoles that meet at a hub', () => {
  it('say what the link is, hand ops over as they are written, and catch up after the hub was gone', async () => {
    const hub = await startHub();
    const [here, there] = await two(hub.hub);
    await until('both to be connected', async () =>
      (await Promise.all([here, there].map(state))).every((link) => link.state === 'connected'),
    );

    await done(here, 'incident.declare', { title: 'Checkout is failing', severity: 'SEV2' });
    await until('the incident to arrive', async () => (await titles(there)).includes('Checkout is failing'));
    await until('nothing to wait', async () => (await state(here)).waiting === 0);

    await hub.kill();
    await until('the link to be cut off', async () => (await state(here)).state === 'cut-off');
    await done(here, 'incident.declare', { title: 'Declared alone here', severity: 'SEV3' });
    await done(there, 'incident.declare', { title: 'Declared alone there', severity: 'SEV3' });
    expect((await state(here)).waiting).toBeGreaterThan(0);
    expect(await titles(there)).not.toContain('Declared alone here');

    await hub.restart();
    await done(here, 'hub.retry', {});
    await done(there, 'hub.retry', {});
    await until('what was written alone to arrive', async () => (await titles(there)).includes('Declared alone here'));
    await until('both ways', async () => (await titles(here)).includes('Declared alone there'));
    await until('the link to stand', async () => (await state(here)).state === 'connected');
    await until('nothing to wait', async () => (await state(here)).waiting === 0);

    const other = await until('the other console to be heard', async () =>
      (await done(here, 'link.show', {})).consoles.find(({ access, here: near }) => access === 'enrolled' && near),
    );
    expect(other.name).toBe('store 112');
    expect(Math.abs(other.offsetMs!)).toBeLessThan(1000);
  });
});

/** The digest over a real hub that goes away and comes back: what others did, what we did, conflicts, and actions that ask again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { done, enrolIn, newFolder, openOn } from '../support/engines.ts';
import { startHub } from '../support/hubs.ts';
import { freePort, missing, until } from '../support/servers.ts';

const ACTIONS = `actions:
  - { id: pause, title: Pause the pipeline, effect: No release begins., risk: low, reversible: true, timeout: 1s,
      http: "POST {{endpoint.deployer}}/pause" }
`;

const link = async (engine: Engine) => (await done(engine, 'status', {})).link;
const digestOf = async (engine: Engine) => (await done(engine, 'digest', {})).digest;

describe.skipIf(missing('nats-server'))('the digest over a hub that was gone', () => {
  it('tells both sides what the other did, what is contested and which action asks again, once it is back', async () => {
    const hub = await startHub();
    const [one, other] = [newFolder(), newFolder()];
    enrolIn(one, other);
    enrolIn(other, one);
    mkdirSync(join(one, 'actions'));
    writeFileSync(join(one, 'actions', 'test.yaml'), ACTIONS);
    const here = await openOn(one, { poll: true });
    const there = await openOn(other, { poll: true });
    const both = [here, there];
    for (const engine of both) await done(engine, 'hub.set', { url: hub.hub, organisation: 'acme' });
    const { id: incident } = await done(here, 'incident.declare', { title: 'Tills offline', severity: 'SEV2' });
    await until('the incident to arrive', async () => (await done(there, 'incident.list', {})).length === 1);
    await until('nothing to wait', async () =>
      (await Promise.all(both.map(link))).every(({ waiting }) => waiting === 0),
    );
    expect(await digestOf(here)).toBeNull();

    await hub.kill();
    await until('both to be cut off', async () =>
      (await Promise.all(both.map(link))).every(({ state }) => state === 'cut-off'),
    );
    await done(here, 'incident.severity', { incident, severity: 'SEV1', reason: 'every till' });
    await done(there, 'incident.severity', { incident, severity: 'SEV3', reason: 'two tills only' });
    await done(there, 'incident.decide', { incident, text: 'close two tills' });
    await done(there, 'incident.declare', { title: 'Card payments refused', severity: 'SEV1' });
    // The tool that it is for is behind the same broken link.
    await done(here, 'endpoint.add', { endpoint: 'deployer', url: `http://127.0.0.1:${await freePort()}/` });
    const { action } = await done(here, 'action.propose', { incident, template: 'pause', inputs: {} });
    expect(await done(here, 'action.run', { action })).toMatchObject({ state: 'waiting' });

    await hub.restart();
    for (const engine of both) await done(engine, 'hub.retry', {});
    await until('all to have arrived', async () => (await done(here, 'incident.list', {})).length === 2);
    await until('ours to have left', async () =>
      (await Promise.all(both.map(link))).every(({ state, waiting }) => state === 'connected' && waiting === 0),
    );
    const digest = await until('the digest of the time that is over', async () => {
      const found = await digestOf(here);
      return found?.headline.startsWith('While we were cut off') ? found : null;
    });
    expect(digest.why).toBe('link');
    expect(digest.incidents.map(({ label }) => label).toSorted()).toEqual(['INC-0001', 'INC-0002']);
    expect(digest.incidents.flatMap(({ lines }) => lines.map(({ text }) => text))).toContain('close two tills');
    expect(digest.ours.incidents).toMatchObject([{ label: 'INC-0001' }]);
    expect(digest.ours.waiting).toBe(0);
    expect(digest.conflicts.map(({ text }) => text)).toEqual(['INC-0001: severity: SEV1 / SEV3']);
    expect(digest.actions).toEqual([{ incident, text: expect.stringContaining('Pause the pipeline') }]);
    expect(digest.headline).toMatch(/^While we were cut off, .*1 conflict.*1 action asks again/);
    const { needs } = await done(here, 'situation', {});
    expect(needs.map(({ text }) => text)).toContain(digest.headline);
    expect((await done(here, 'action.show', { action })).state).toBe('waiting');

    const theirs = await until('the other digest', async () => {
      const found = await digestOf(there);
      return found !== null && found.conflicts.length > 0 ? found : null;
    });
    expect(theirs.incidents.map(({ label }) => label)).toEqual(['INC-0001']);
    // It waits for whoever may let it run, wherever they sit.
    expect(theirs.actions).toEqual(digest.actions);

    // Read, it is gone, and the next message from the other side makes no new one.
    await done(here, 'digest.read', {});
    await done(there, 'incident.say', { incident, text: 'together again' });
    await until('it to arrive', async () =>
      (await done(here, 'incident.timeline', { incident })).entries.some(({ text }) => text === 'together again'),
    );
    expect(await digestOf(here)).toBeNull();
  });
});

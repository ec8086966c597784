/** Guarded actions against a real server: what goes out, when it does not, and what is known when the answer is lost. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Input } from '../../shared/contract/table.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { startCli } from '../support/cli.ts';
import { startConsole } from '../support/consoles.ts';
import { done, inStore, newFolder, openOn, refused } from '../support/engines.ts';
import { target } from '../support/target.ts';

const POLICY = `approvalMinutes: 10
rules:
  reversible: { roles: [commander, operations] }
  irreversible: { roles: [commander] }
  data-integrity: { roles: [commander], approvals: 2, people: [mo] }
  payment-flow: { roles: [commander] }
`;

const ACTIONS = `actions:
  - { id: pause, title: Pause the pipeline, effect: No release begins., risk: low, reversible: true, timeout: 1s,
      inputs: [{ name: pipeline, title: Pipeline }], http: "POST {{endpoint.deployer}}/pipelines/{{input.pipeline}}/pause\\n\\n{\\"reason\\": \\"{{incident.title}}\\"}" }
  - { id: reroute, title: Reroute payments, effect: Over the second provider., risk: payment-flow, reversible: true,
      dry-run: "GET /routes", http: "PUT {{endpoint.deployer}}/routes" }
  - { id: scale, title: Scale, effect: More copies., risk: low, reversible: true, reach: 0, http: "POST {{endpoint.deployer}}/scale/{{service}}" }
  - { id: replay, title: Replay, effect: Again., risk: data-integrity, reversible: true, http: "POST {{endpoint.deployer}}/replay" }
`;

async function setUp(more: { now?: () => number; poll?: boolean; data?: string } = {}) {
  const data = more.data ?? newFolder();
  mkdirSync(join(data, 'actions'), { recursive: true });
  writeFileSync(join(data, 'authority.yaml'), POLICY);
  writeFileSync(join(data, 'actions', 'test.yaml'), ACTIONS);
  const put = (kind: string, id: string, fields: object) => ({
    scope: ESTATE,
    type: 'estate.put',
    payload: { kind, id, fields },
  });
  inStore(data, (store) =>
    store.commit({ actor: 'system', zone: 'UTC' }, (tx) => {
      for (const id of ['ana', 'li', 'raj', 'mo']) tx.append(put('person', id, { name: id, phone: `+49 30 ${id}` }));
      for (const id of ['web', 'payments']) tx.append(put('service', id, { ref: `component:default/${id}`, name: id }));
      tx.append(put('dependency', 'web->payments', { from: 'web', to: 'payments' }));
    }),
  );
  const engine = await openOn(data, more);
  const as = (person: string) => done(engine, 'settings.set', { actingAs: person });
  await done(engine, 'policy.set', { file: join(data, 'authority.yaml'), reason: 'ours' });
  await as('raj');
  const { id: incident } = await done(engine, 'incident.declare', {
    title: 'Checkout "down"',
    services: ['payments'],
    commander: 'ana',
  });
  await done(engine, 'incident.assign', { incident, role: 'operations', person: 'li' });
  return { data, engine, incident, as };
}

const propose = (engine: Engine, incident: string, template: string, inputs: Record<string, string> = {}) =>
  done(engine, 'action.propose', { incident, template, inputs });

const show = (engine: Engine, action: string) => done(engine, 'action.show', { action });

describe('an action of low risk', () => {
  it('goes out once it is confirmed, with its key and its credential, and its answer is kept', async () => {
    const { engine, incident, data } = await setUp();
    const server = await target();
    await done(engine, 'endpoint.add', { endpoint: 'deployer', url: `${server.url}/api/`, credential: 'ops:hunter22' });
    server.next({ status: 200, body: '{"ok":true,"saw":"hunter22"}' });
    const { action, approval } = await propose(engine, incident, 'pause', { pipeline: 'check/out' });
    expect(approval).toBe('none');
    expect(await done(engine, 'action.run', { action })).toMatchObject({ state: 'done' });
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'POST', path: '/api/pipelines/check%2Fout/pause' });
    expect(JSON.parse(request!.body)).toEqual({ reason: 'Checkout "down"' });
    expect(request!.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ops:hunter22').toString('base64')}`,
      'content-type': 'application/json',
    });
    const view = await show(engine, action);
    expect(request!.headers['idempotency-key']).toBe(view.key);
    expect(view.attempts[0]).toMatchObject({ state: 'done', status: 200, body: '{"ok":true,"saw":"[removed]"}' });
    expect(await refused(engine, 'action.run', { action, again: true })).toContain('done already');
    const story = await done(engine, 'incident.timeline', { incident, kinds: ['action'] });
    expect(story.entries.map(({ summary }) => summary.split(':')[0])).toEqual([
      'action done',
      'runs now',
      'action proposed',
    ]);
    await engine.close();
    expect(readFileSync(join(data, 'holdfast.db')).includes('hunter22')).toBe(false);
  });

  it('needs an approval once it reaches further than it may', async () => {
    const { engine, incident } = await setUp();
    const server = await target();
    await done(engine, 'endpoint.add', { endpoint: 'deployer', url: server.url });
    const preview = await done(engine, 'action.preview', { incident, template: 'scale' });
    expect(preview.reach.text).toContain('reaches 1 other service; up to 0');
    expect(preview.guard).toMatchObject({ approval: 'reversible', who: 'commander or operations lead' });
    expect(preview.mayApprove.map(({ id, as, phone }) => [id, as, phone])).toEqual([
      ['ana', 'commander', '+49 30 ana'],
      ['li', 'operations', '+49 30 li'],
    ]);
    const { action } = await propose(engine, incident, 'scale');
    expect(await refused(engine, 'action.run', { action })).toContain('needs an approval');
    expect(server.received).toEqual([]);
  });
});

describe('an action that wants a second person', () => {
  async function proposed(template = 'reroute') {
    let now = Date.now();
    const rig = await setUp({ now: () => now });
    const server = await target();
    await done(rig.engine, 'endpoint.add', { endpoint: 'deployer', url: server.url });
    const { action, hash } = await propose(rig.engine, rig.incident, template);
    return { ...rig, server, action, hash, pass: (ms: number) => void (now += ms) };
  }

  it('runs after its approval, which the log holds with who gave it by which right', async () => {
    const { engine, as, action, hash, server } = await proposed();
    expect(await refused(engine, 'action.run', { action })).toContain('needs an approval');
    await as('ana');
    expect(await done(engine, 'action.approve', { action, hash })).toMatchObject({ state: 'approved' });
    await as('raj');
    expect(await done(engine, 'action.run', { action })).toMatchObject({ state: 'done' });
    expect(server.received).toHaveLength(1);
    expect((await show(engine, action)).approvals).toMatchObject([{ by: { id: 'ana' }, as: 'commander', void: null }]);
  });

  it('is approved by nobody who proposed it, whom the policy does not name, or who saw another', async () => {
    const { engine, as, action, incident } = await proposed();
    await done(engine, 'incident.assign', { incident, role: 'commander', person: 'raj', reason: 'takes over' });
    expect(await refused(engine, 'action.approve', { action })).toContain('a second person');
    await as('li');
    expect(await refused(engine, 'action.approve', { action })).toContain('lets commander approve this');
    await done(engine, 'settings.set', { actingAs: null });
    expect(await refused(engine, 'action.approve', { action })).toContain('a person of the estate');
    await done(engine, 'incident.assign', { incident, role: 'commander', person: 'ana', reason: 'back' });
    await as('ana');
    expect(await refused(engine, 'action.approve', { action, hash: '0'.repeat(64) })).toContain(
      'another than the one that you saw',
    );
  });

  it('takes as many people as the policy wants', async () => {
    const { engine, as, action } = await proposed('replay');
    await as('ana');
    await done(engine, 'action.approve', { action });
    expect(await refused(engine, 'action.approve', { action })).toContain('You approved it already');
    expect(await refused(engine, 'action.run', { action })).toContain('needs 2 approvals that count, and has 1');
    await as('mo');
    await done(engine, 'action.approve', { action });
    expect(await done(engine, 'action.run', { action })).toMatchObject({ state: 'done' });
  });

  it('loses its approval to time', async () => {
    const { engine, as, action, pass, server } = await proposed();
    await as('ana');
    await done(engine, 'action.approve', { action });
    pass(10 * 60_000);
    expect(await refused(engine, 'action.run', { action })).toContain('needs an approval that counts');
    expect((await show(engine, action)).approvals[0]!.void).toBe('expired');
    expect(server.received).toEqual([]);
  });

  it('loses its approval when what it reaches changes', async () => {
    const { engine, as, action, data, server } = await proposed();
    await as('ana');
    await done(engine, 'action.approve', { action });
    await engine.close();
    inStore(data, (store) =>
      store.commit({ actor: 'system', zone: 'UTC' }, (tx) => {
        const fields = { ref: 'component:default/kiosk', name: 'kiosk' };
        tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind: 'service', id: 'kiosk', fields } });
        const to = { from: 'kiosk', to: 'payments' };
        tx.append({
          scope: ESTATE,
          type: 'estate.put',
          payload: { kind: 'dependency', id: 'kiosk->payments', fields: to },
        });
      }),
    );
    const again = await openOn(data);
    expect(await refused(again, 'action.run', { action })).toContain('needs an approval');
    expect((await show(again, action)).approvals[0]!.void).toBe('what it reaches has changed since');
    expect(server.received).toEqual([]);
  });

  it('does not go to an address that nobody approved', async () => {
    const { engine, as, action, server } = await proposed();
    await as('ana');
    await done(engine, 'action.approve', { action });
    const other = await target();
    await done(engine, 'endpoint.change', { endpoint: 'deployer', url: other.url });
    expect(await refused(engine, 'action.run', { action })).toContain('The address of its endpoint is another');
    expect([server.received, other.received]).toEqual([[], []]);
  });

  it('is over when it was refused, and says why', async () => {
    const { engine, as, action } = await proposed();
    await as('ana');
    await done(engine, 'action.approve', { action });
    await done(engine, 'action.refuse', { action, reason: 'not in the evening' });
    expect(await refused(engine, 'action.run', { action })).toContain('It was refused');
    expect((await show(engine, action)).refusal).toMatchObject({ reason: 'not in the evening' });
    expect(await refused(engine, 'action.approve', { action })).toBe('It is refused; there is nothing to approve.');
    expect(await refused(engine, 'action.withdraw', { action })).toBe('It is refused already.');
  });

  it('shows what would happen, without letting it happen', async () => {
    const { engine, action, server } = await proposed();
    server.next({ status: 200, body: 'would move 12 routes' });
    expect(await done(engine, 'action.try', { action })).toEqual({ ok: true, message: 'Answered 200.' });
    expect(server.received).toMatchObject([{ method: 'GET', path: '/routes' }]);
    expect(server.effects).toEqual([]);
    expect((await show(engine, action)).tries[0]).toMatchObject({ ok: true, body: 'would move 12 routes' });
  });

  it('needs what the proposer cannot give it by writing the log', async () => {
    const { engine, action, hash, data, incident, server } = await proposed();
    const { reach } = await engine.call('status', {}).then(() => ({ reach: '' }));
    await engine.close();
    inStore(data, (store) => {
      const doc = store.entity('action', incident, action)!.doc;
      store.commit({ actor: 'raj', zone: 'UTC' }, (tx) =>
        tx.append({
          scope: incident,
          type: 'action.approve',
          payload: { action, hash, reach: doc['reach'] ?? reach, expiresAt: Date.now() + 1e6, authority: 'commander' },
        }),
      );
    });
    const again = await openOn(data);
    expect(await refused(again, 'action.run', { action })).toContain('needs an approval');
    expect((await show(again, action)).approvals[0]!.void).toContain('whoever proposed it');
    expect(server.received).toEqual([]);
  });

  it('is another action when its request was changed in the log after the approval', async () => {
    const { engine, action, as, data, incident, server } = await proposed();
    await as('ana');
    await done(engine, 'action.approve', { action });
    await engine.close();
    inStore(data, (store) => {
      const {
        conflicts: _c,
        proposers: _p,
        proposedAt: _a,
        proposedBy: _b,
        ...doc
      } = store.entity('action', incident, action)!.doc;
      const kept = Object.fromEntries(Object.entries(doc).filter(([name]) => !name.startsWith('fact.')));
      store.commit({ actor: 'li', zone: 'UTC' }, (tx) =>
        tx.append({ scope: incident, type: 'action.propose', payload: { ...kept, action, method: 'DELETE' } }),
      );
    });
    const again = await openOn(data);
    expect((await show(again, action)).approvals[0]!.void).toBe('given for another request');
    expect(await refused(again, 'action.run', { action })).toContain('another than when it was proposed');
    expect(server.received).toEqual([]);
  });
});

describe('a step of a runbook', () => {
  const BOOK = `---
id: reroute
title: Reroute
---
## 1. Look {#look type=check}
## 2. Approve {#approve type=approval approves=send}
## 3. Send {#send type=action risk=payment-flow reversible=yes reach=9 effect="Cards go over the other provider."}

\`\`\`http
PUT {{endpoint.deployer}}/routes/{{input.provider}}
\`\`\`

## 4. Approve the rest {#approve-rest type=approval approves=by-hand risk=data-integrity}
## 5. By hand {#by-hand type=manual reversible=no}
`;

  async function running(book = BOOK) {
    const data = newFolder();
    mkdirSync(join(data, 'runbooks'));
    writeFileSync(join(data, 'runbooks', 'reroute.md'), book);
    const rig = await setUp({ data });
    const server = await target();
    await done(rig.engine, 'endpoint.add', { endpoint: 'deployer', url: server.url });
    const { run } = await done(rig.engine, 'incident.run', { incident: rig.incident, runbook: 'reroute' });
    const step = (id: string, state: 'doing' | 'done' = 'done', reason?: string): Input<'incident.step'> => ({
      incident: rig.incident,
      run,
      step: id,
      state,
      ...(reason === undefined ? {} : { reason }),
    });
    const states = async () => {
      const { runs } = await done(rig.engine, 'incident.show', { incident: rig.incident });
      return Object.fromEntries(runs[0]!.steps.map(({ id, state, by }) => [id, `${state} ${by?.id ?? ''}`.trim()]));
    };
    return { ...rig, server, run, step, states };
  }

  it('sends its request after its approval step, and is done by it', async () => {
    const { engine, incident, as, run, step, states, server } = await running();
    expect(await refused(engine, 'incident.step', step('send'))).toContain('waits for its approval');
    await as('ana');
    expect(await refused(engine, 'incident.step', step('approve'))).toContain('Propose "Send" first');
    await as('raj');
    const { action } = await done(engine, 'action.propose', { incident, run, step: 'send', inputs: { provider: 'b' } });
    expect((await show(engine, action)).effect).toBe('Cards go over the other provider.');
    expect(
      await refused(engine, 'action.propose', { incident, run, step: 'send', inputs: { provider: 'c' } }),
    ).toContain('withdraw it first');
    expect(await refused(engine, 'incident.step', step('approve'))).toContain('a second person');
    await as('li');
    expect(await refused(engine, 'incident.step', step('approve'))).toContain('lets commander');
    await as('ana');
    await done(engine, 'incident.step', step('approve'));
    expect((await show(engine, action)).state).toBe('approved');
    await done(engine, 'action.run', { action });
    expect(await states()).toMatchObject({ approve: 'done ana', send: 'done system' });
    expect(server.received.map(({ path }) => path)).toEqual(['/routes/b']);
  });

  it('that leads back begins the next round, which needs a request and an approval of its own', async () => {
    const { engine, incident, as, run, step, states, server } = await running(
      BOOK.replace('risk=payment-flow reversible=yes', 'risk=payment-flow reversible=yes next=look'),
    );
    const { action } = await done(engine, 'action.propose', { incident, run, step: 'send', inputs: { provider: 'b' } });
    await done(engine, 'incident.step', step('look'));
    await as('ana');
    await done(engine, 'incident.step', step('approve'));
    await done(engine, 'action.run', { action });
    expect(await states()).toMatchObject({ look: 'open system', approve: 'open system', send: 'open system' });
    await done(engine, 'incident.step', step('look'));
    expect(await refused(engine, 'incident.step', step('approve'))).toContain('Propose "Send" first');
    await as('raj');
    await done(engine, 'action.propose', { incident, run, step: 'send', inputs: { provider: 'c' } });
    expect(await refused(engine, 'incident.step', step('approve'))).toContain('a second person');
    await as('ana');
    await done(engine, 'incident.step', step('approve'));
    expect(await states()).toMatchObject({ approve: 'done ana', send: 'open system' });
    expect(server.received.map(({ path }) => path)).toEqual(['/routes/b']);
  });

  it('says who may approve it, and what has to be proposed first', async () => {
    const { engine, incident, run } = await running();
    const of = (step: string) => done(engine, 'incident.run.approvers', { incident, run, step });
    expect(await of('approve')).toMatchObject({ who: 'commander', propose: 'send', mayApprove: [{ id: 'ana' }] });
    await done(engine, 'action.propose', { incident, run, step: 'send', inputs: { provider: 'b' } });
    expect(await of('approve')).toMatchObject({ propose: null, mayApprove: [{ id: 'ana', phone: '+49 30 ana' }] });
    expect((await of('approve-rest')).mayApprove.map(({ id }) => id)).toEqual(['ana', 'mo']);
    expect(await refused(engine, 'incident.run.approvers', { incident, run, step: 'look' })).toContain(
      'no approval step',
    );
  });

  it('has its approval step done by an approval that is given beside it', async () => {
    const { engine, incident, as, run, states } = await running();
    const { action } = await done(engine, 'action.propose', { incident, run, step: 'send', inputs: { provider: 'b' } });
    await as('ana');
    await done(engine, 'action.approve', { action });
    expect(await states()).toMatchObject({ approve: 'done ana', send: 'open' });
  });

  it('that is an approval of what is done by hand is checked the same way', async () => {
    const { engine, as, step, states } = await running();
    await done(engine, 'incident.step', step('approve-rest', 'doing'));
    expect(await refused(engine, 'incident.step', step('approve-rest'))).toContain('a second person');
    await as('li');
    expect(await refused(engine, 'incident.step', step('approve-rest'))).toContain('you are none of them');
    await as('mo');
    await done(engine, 'incident.step', step('approve-rest'));
    expect(await states()).toMatchObject({ 'approve-rest': 'done mo' });
  });
});

describe('an answer', () => {
  async function ready(more: Parameters<typeof setUp>[0] = {}) {
    const rig = await setUp(more);
    const server = await target();
    await done(rig.engine, 'endpoint.add', { endpoint: 'deployer', url: server.url });
    const { action } = await propose(rig.engine, rig.incident, 'pause', { pipeline: 'p' });
    const run = (more_: Partial<Input<'action.run'>> = {}) => done(rig.engine, 'action.run', { action, ...more_ });
    return { ...rig, server, action, run };
  }

  it('of 500 is a failure that a person may try again, with the same key', async () => {
    const { engine, server, action, run } = await ready();
    server.next({ status: 500, body: '{"error":"boom"}' });
    expect(await run()).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('perhaps half-way') as string,
    });
    expect(await refused(engine, 'action.run', { action })).toContain('It failed');
    expect(await run({ again: true })).toMatchObject({ state: 'done' });
    expect(new Set(server.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('that was lost after the effect is unknown, and the next try does not do it twice', async () => {
    const { engine, server, action, run } = await ready();
    server.next('lost');
    expect(await run()).toMatchObject({
      state: 'unknown',
      message: expect.stringContaining('it may have happened') as string,
    });
    expect(await refused(engine, 'action.run', { action })).toContain('Check first');
    expect(await refused(engine, 'action.withdraw', { action })).toContain("can't be taken back");
    expect(server.received).toHaveLength(1);
    expect(await run({ again: true })).toMatchObject({ state: 'done' });
    expect(server.received).toHaveLength(2);
    expect(server.effects).toHaveLength(1);
  });

  it('that was lost is settled by a person who looked', async () => {
    const { engine, server, action, run } = await ready();
    server.next('cut');
    await run();
    expect(
      await done(engine, 'action.settle', { action, happened: true, reason: 'the pipeline shows paused' }),
    ).toMatchObject({ state: 'done' });
    expect((await show(engine, action)).message).toBe('It happened: the pipeline shows paused');
    expect(await refused(engine, 'action.run', { action, again: true })).toContain('done already');
  });

  it('that is late counts as lost, and nothing is sent again by itself', async () => {
    const { server, run } = await ready();
    server.next('hang');
    expect(await run()).toMatchObject({
      state: 'unknown',
      message: expect.stringContaining('did not answer within 1 s') as string,
    });
    expect(server.received).toHaveLength(1);
  });

  it('of a proxy that lost it counts as lost', async () => {
    const { server, run } = await ready();
    server.next({ status: 504 });
    expect(await run()).toMatchObject({ state: 'unknown' });
  });

  it('of 2 MB is kept in its first part, with its size', async () => {
    const { engine, server, action, run } = await ready();
    server.next({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) });
    expect(await run()).toMatchObject({ state: 'done' });
    const [attempt] = (await show(engine, action)).attempts;
    expect(attempt!.body).toHaveLength(4000);
    expect(attempt!.bytes).toBe(2 * 1024 * 1024);
  });

  it('that breaks off in its body still says what happened', async () => {
    const { server, run } = await ready();
    server.next((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
      response.socket!.end();
    });
    expect(await run()).toMatchObject({ state: 'done', message: expect.stringContaining('broke off') as string });
  });

  it('that redirects is not followed', async () => {
    const { server, run } = await ready();
    const elsewhere = await target();
    server.next({ status: 307, headers: { location: `${elsewhere.url}/x` } });
    expect(await run()).toMatchObject({ state: 'failed', message: expect.stringContaining('a redirect') as string });
    expect(elsewhere.received).toEqual([]);
  });

  it('is asked for once when two people confirm at the same moment', async () => {
    const { engine, server, action } = await ready();
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      server.next((_, response) => {
        release = () => response.end('{}');
        resolve();
      });
    });
    const first = done(engine, 'action.run', { action });
    await held;
    expect(await refused(engine, 'action.run', { action, again: true })).toBe('It is running.');
    release();
    expect(await first).toMatchObject({ state: 'done' });
    expect(server.received).toHaveLength(1);
  });

  it('of a command that is sent again is the first one’s', async () => {
    const { engine, server, action } = await ready();
    const [one, two] = await Promise.all([
      engine.call('action.run', { action }, { request: 'r1' }),
      engine.call('action.run', { action }, { request: 'r1' }),
    ]);
    expect(one).toEqual(two);
    expect(await engine.call('action.run', { action }, { request: 'r1' })).toMatchObject({ ok: true });
    expect(server.received).toHaveLength(1);
  });

  it('that this console did not live to hear is unknown after its next start, and nothing runs by itself', async () => {
    const { engine, server, action, data } = await ready();
    const arrived = new Promise<void>((resolve) => server.next(() => resolve()));
    const running = engine.call('action.run', { action });
    await arrived;
    await engine.close();
    await running;
    const again = await openOn(data);
    expect(await show(again, action)).toMatchObject({ state: 'unknown' });
    expect(await refused(again, 'action.run', { action })).toContain('Check first');
    expect(server.received).toHaveLength(1);
  });
});

describe('a console that is killed while its request is out', () => {
  it('leaves an action whose answer was lost, and neither its next start nor who asked sends it again', async () => {
    const { engine, server, action, data } = await (async () => {
      const rig = await setUp();
      const to = await target();
      await done(rig.engine, 'endpoint.add', { endpoint: 'deployer', url: to.url });
      return { ...rig, server: to, ...(await propose(rig.engine, rig.incident, 'pause', { pipeline: 'p' })) };
    })();
    await engine.close();
    const console = await startConsole(data);
    const arrived = new Promise<void>((resolve) => server.next(() => resolve()));
    const { ran } = startCli(['action', 'run', action], { data });
    await arrived;
    console.child.kill('SIGKILL');
    await console.gone;
    // Whoever asked asks again by itself, of the folder, with the same request.
    expect((await ran).stdout).toContain('what came of it is not known here');
    expect(server.received).toHaveLength(1);

    const again = await openOn(data, { poll: true });
    const view = await show(again, action);
    expect(view).toMatchObject({ state: 'unknown', attempts: [{ state: 'unknown' }] });
    expect(view.attempts[0]!.message).toBe('The console stopped while it waited for the answer.');
    expect(await refused(again, 'action.run', { action })).toContain('Check first');
    expect(server.received).toHaveLength(1);
    expect(server.effects).toEqual([view.key]);
  });
});

describe('an endpoint that is not there', () => {
  it('because no request goes to its port is refused when it is added or changed, not when it runs', async () => {
    const { engine } = await setUp();
    const barred = { endpoint: 'deployer', url: 'http://127.0.0.1:9' };
    expect(await refused(engine, 'endpoint.add', barred)).toMatch(/^url: port 9 is one of those/);
    await done(engine, 'endpoint.add', { endpoint: 'deployer', url: 'http://127.0.0.1:8080' });
    expect(await refused(engine, 'endpoint.change', barred)).toMatch(/^url: port 9 is one of those/);
    const [endpoint] = await done(engine, 'endpoint.list', {});
    expect(endpoint!.url).toBe('http://127.0.0.1:8080');
  });

  it('makes the action wait, and it asks again before it runs', async () => {
    const { engine, incident, as } = await setUp();
    const first = await target();
    await done(engine, 'endpoint.add', { endpoint: 'deployer', url: first.url });
    await first.stop();
    const { action } = await propose(engine, incident, 'pause', { pipeline: 'p' });
    expect(await done(engine, 'action.run', { action })).toMatchObject({
      state: 'waiting',
      message: expect.stringContaining('Nothing was sent') as string,
    });
    await as('ana');
    await done(engine, 'incident.severity', { incident, severity: 'SEV1' });
    const server = await target({ port: first.port });
    expect(await done(engine, 'endpoint.test', { endpoint: 'deployer' })).toMatchObject({ ok: true });
    const view = await show(engine, action);
    expect(view.waiting).toMatchObject({ reachable: true });
    expect(view.waiting!.changed.join(' ')).toContain('The severity was SEV2 and is SEV1.');
    const { needs } = await done(engine, 'situation', {});
    expect(needs.find(({ kind }) => kind === 'action')?.text).toContain('waited');
    expect(server.received).toEqual([]);
    expect(await refused(engine, 'action.run', { action })).toContain('It waited for its endpoint');
    expect(await done(engine, 'action.run', { action, again: true })).toMatchObject({ state: 'done' });
    expect(server.effects).toHaveLength(1);
  });

  it('is named, and refused when it would send a secret in the clear', async () => {
    const { engine, incident } = await setUp();
    expect(await refused(engine, 'action.propose', { incident, template: 'reroute' })).toContain(
      'no endpoint "deployer"',
    );
    expect(await refused(engine, 'endpoint.add', { endpoint: 'deployer', url: 'http://deploy.example' })).toContain(
      'plain text',
    );
    expect(
      await refused(engine, 'endpoint.add', { endpoint: 'deployer', url: 'https://a:b@deploy.example' }),
    ).toContain('belong in the credential');
    const added = await done(engine, 'endpoint.add', {
      endpoint: 'deployer',
      url: 'https://deploy.example',
      credential: 'secret-1',
    });
    expect(JSON.stringify(added)).not.toContain('secret-1');
    await done(engine, 'endpoint.change', { endpoint: 'deployer', url: 'https://other.example' });
    expect(await refused(engine, 'endpoint.test', { endpoint: 'deployer' })).toContain(
      'entered for https://deploy.example',
    );
    await done(engine, 'endpoint.remove', { endpoint: 'deployer' });
    expect(await done(engine, 'endpoint.list', {})).toEqual([]);
  });
});

import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../electron/engine/access/session.ts';
import type { Engine, EngineOptions } from '../../electron/engine/engine.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { cli } from '../support/cli.ts';
import { inStore, newFolder, openOn } from '../support/engines.ts';

const ANA = 'ana-kovac';
const RAJ = 'raj-menon';
const LI: Caller = { id: 'the window of the war room', kind: 'window' };
const OTHER: Caller = { id: 'another window', kind: 'window' };
const WORDS = 'seven lemons on a tram';

/** A guess that costs nothing: what is tested is what becomes of it. */
const cheap = { guess: { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 } };

async function open(data: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  return openOn(data, { demonstration: true, ...cheap, ...options });
}

function ask<K extends Name>(engine: Engine, caller: Caller, name: K, input: Input<K>): Promise<Reply<Output<K>>> {
  return engine.call(name, input, { request: crypto.randomUUID(), caller }) as Promise<Reply<Output<K>>>;
}

async function ok<K extends Name>(engine: Engine, caller: Caller, name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await ask(engine, caller, name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
  return reply.value;
}

async function no<K extends Name>(
  engine: Engine,
  caller: Caller,
  name: K,
  input: Input<K>,
): Promise<{ code: string; message: string }> {
  const reply = await ask(engine, caller, name, input);
  if (reply.ok) throw new Error(`${name} was done`);
  return { code: reply.code, message: reply.message };
}

/** A console on which Ana, its keeper, has set a passphrase; her window is unlocked. */
async function locked(data = newFolder(), options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await open(data, options);
  await ok(engine, LI, 'access.grant', { to: ANA, role: 'keeper' });
  await ok(engine, LI, 'access.secret', { person: ANA, secret: WORDS });
  return engine;
}

describe('an open console', () => {
  it('lets whoever sits there do everything, and says so', async () => {
    const engine = await open(newFolder());
    const session = await ok(engine, LI, 'access.session', {});
    expect(session).toMatchObject({ state: 'open', person: null, who: [] });
    expect(session.may).toContain('grant-access');
    await ok(engine, OTHER, 'incident.declare', {
      title: 'Checkout failing',
      severity: 'SEV2',
      services: ['checkout-api'],
    });
  });

  it('is locked first by somebody who may grant access, and by nobody else', async () => {
    const engine = await open(newFolder());
    expect((await no(engine, LI, 'access.secret', { person: RAJ, secret: WORDS })).message).toContain(
      'may grant access',
    );
    await ok(engine, LI, 'access.grant', { to: RAJ, role: 'keeper' });
    expect(await ok(engine, LI, 'access.secret', { person: RAJ, secret: WORDS })).toMatchObject({
      state: 'unlocked',
      person: { id: RAJ },
    });
  });

  it.each([
    ['short', 'at least 10'],
    ['aaaaaaaaaaaaaa', 'repetition'],
    ['Ana Kovač ana', 'name'],
  ])('takes no passphrase such as %s', async (secret, why) => {
    const engine = await open(newFolder());
    await ok(engine, LI, 'access.grant', { to: ANA, role: 'keeper' });
    expect((await no(engine, LI, 'access.secret', { person: ANA, secret })).message).toContain(why);
    expect((await ok(engine, LI, 'access.session', {})).state).toBe('open');
  });
});

describe('a locked console', () => {
  it('reads for everybody, writes for nobody, and is unlocked per window', async () => {
    const engine = await locked();
    const declare: Input<'incident.declare'> = {
      title: 'Checkout failing',
      severity: 'SEV2',
      services: ['checkout-api'],
    };
    expect(await no(engine, OTHER, 'incident.declare', declare)).toMatchObject({ code: 'locked' });
    expect(await no(engine, OTHER, 'map.save', { to: '/tmp', format: 'svg', content: '<svg></svg>' })).toMatchObject({
      code: 'locked',
    });
    await ok(engine, OTHER, 'situation', {});
    await ok(engine, OTHER, 'access.unlock', { person: 'Ana Kovač', secret: WORDS });
    const { id: incident } = await ok(engine, OTHER, 'incident.declare', declare);
    const { entries } = await ok(engine, OTHER, 'incident.timeline', { incident });
    expect(entries.map(({ actor }) => actor.id)).toContain(ANA);
    await ok(engine, OTHER, 'access.lock', {});
    expect(await no(engine, OTHER, 'incident.declare', declare)).toMatchObject({ code: 'locked' });
    expect((await ok(engine, LI, 'access.session', {})).state).toBe('unlocked');
  });

  it('is locked again after a start, and keeps a window that the engine came back under', async () => {
    const data = newFolder();
    const engine = await locked(data);
    await engine.close();
    const again = await open(data);
    expect((await ok(again, OTHER, 'access.session', {})).state).toBe('locked');
    expect(await ok(again, LI, 'access.session', {})).toMatchObject({ state: 'unlocked', person: { id: ANA } });
  });

  it('belongs to who took it over, also to an engine that comes back a moment later', async () => {
    const data = newFolder();
    const engine = await locked(data);
    await ok(engine, LI, 'access.secret', { person: RAJ, secret: 'four owls count copper' });
    await ok(engine, LI, 'access.unlock', { person: RAJ, secret: 'four owls count copper' });
    await engine.close();
    const again = await open(data);
    expect(await ok(again, LI, 'access.session', {})).toMatchObject({ state: 'unlocked', person: { id: RAJ } });
  });

  it('locks a window that nobody touched, and every window when it is told to', async () => {
    let now = Date.now();
    const engine = await locked(newFolder(), { now: () => now });
    now += 14 * 60_000;
    engine.touch(LI);
    now += 14 * 60_000;
    expect((await ok(engine, LI, 'access.session', {})).state).toBe('unlocked');
    now += 16 * 60_000;
    expect((await ok(engine, LI, 'access.session', {})).state).toBe('locked');
    await ok(engine, LI, 'access.unlock', { person: ANA, secret: WORDS });
    engine.lock();
    expect((await ok(engine, LI, 'access.session', {})).state).toBe('locked');
  });

  it('shows nothing but the board when the policy says so', async () => {
    const engine = await locked();
    const { text } = await ok(engine, LI, 'policy.show', { policy: 'access' });
    await ok(engine, LI, 'policy.set', {
      policy: 'access',
      text: text.replace('whileLocked: read', 'whileLocked: nothing'),
      reason: 'open-plan office',
    });
    expect(await no(engine, OTHER, 'situation', {})).toMatchObject({ code: 'locked' });
    await ok(engine, { id: 'the wall', kind: 'board' }, 'board', {});
    expect(
      await no(engine, { id: 'the wall', kind: 'board' }, 'incident.declare', { title: 'x' } as never),
    ).toMatchObject({ code: 'locked' });
  });

  it('says what is missing and who has it', async () => {
    const engine = await locked();
    await ok(engine, LI, 'access.secret', { person: RAJ, secret: 'four owls count copper' });
    await ok(engine, OTHER, 'access.unlock', { person: RAJ, secret: 'four owls count copper' });
    const { code, message } = await no(engine, OTHER, 'backup.create', {});
    expect(code).toBe('forbidden');
    expect(message).toContain('"manage-console", which Raj Menon does not have. Ana Kovač (+49 171 3920001) has it.');
    const who = { console: 'War room', name: 'x', reason: 'x' };
    const decisions = [
      no(engine, OTHER, 'organisation.found', { name: 'Acme', console: 'War room' }),
      no(engine, OTHER, 'console.invite', {}),
      no(engine, OTHER, 'console.uninvite', { invite: 'x' }),
      no(engine, OTHER, 'console.join', { code: 'x', name: 'x' }),
      ...(['console.accept', 'console.refuse', 'console.revoke', 'console.enrol', 'console.rename'] as const).map(
        (name) => no(engine, OTHER, name, who as never),
      ),
    ];
    for (const refusal of await Promise.all(decisions)) expect(refusal.code).toBe('forbidden');
    await ok(engine, LI, 'access.grant', { to: 'team:platform', role: 'keeper', reason: 'on call' });
    await ok(engine, OTHER, 'backup.create', {});
    expect((await ok(engine, OTHER, 'access.check', { person: RAJ, capability: 'manage-console' })).message).toContain(
      'team platform',
    );
  });

  it('lets nobody lock everybody out', async () => {
    const engine = await locked();
    expect((await no(engine, LI, 'access.withdraw', { to: ANA, role: 'keeper' })).message).toContain(
      'lock everybody out',
    );
    expect((await no(engine, LI, 'access.forget', { person: ANA })).message).toContain('lock everybody out');
    const { text } = await ok(engine, LI, 'policy.show', { policy: 'access' });
    const cut = text
      .replace('manage-console, grant-access, break-glass, audit]', 'manage-console]')
      .replace('may: [read, audit]', 'may: [read, audit, grant-access]');
    expect((await no(engine, LI, 'policy.set', { policy: 'access', text: cut, reason: 'tidy' })).message).toContain(
      'lock everybody out',
    );
    expect(
      (
        await no(engine, LI, 'policy.set', {
          policy: 'access',
          text: text.replace('grant-access, ', ''),
          reason: 'tidy',
        })
      ).message,
    ).toContain('grant-access');
    expect((await no(engine, LI, 'estate.leave-demonstration', {})).message).toContain('lock everybody out');
  });

  it('lets people change their own passphrase who know it, and others’ who may grant access', async () => {
    const engine = await locked();
    await ok(engine, LI, 'access.secret', { person: RAJ, secret: 'four owls count copper' });
    await ok(engine, OTHER, 'access.unlock', { person: RAJ, secret: 'four owls count copper' });
    const next = 'a bell under the sand';
    expect(await no(engine, OTHER, 'access.secret', { person: ANA, secret: next })).toMatchObject({
      code: 'forbidden',
    });
    expect((await no(engine, OTHER, 'access.secret', { person: RAJ, secret: next })).message).toContain('current');
    expect(
      (await no(engine, OTHER, 'access.secret', { person: RAJ, secret: next, current: 'wrong' })).message,
    ).toContain('not what you unlock with');
    await ok(engine, OTHER, 'access.secret', { person: RAJ, secret: next, current: 'four owls count copper' });
    await ok(engine, LI, 'access.secret', { person: RAJ, secret: 'reset by the keeper' });
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('locked');
    await ok(engine, OTHER, 'access.unlock', { person: RAJ, secret: 'reset by the keeper' });
    await ok(engine, LI, 'access.forget', { person: RAJ, reason: 'left' });
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('locked');
  });

  it('is nobody whom the settings name', async () => {
    const engine = await open(newFolder());
    await ok(engine, LI, 'settings.set', { actingAs: RAJ });
    expect((await ok(engine, LI, 'status', {})).actor.id).toBe(RAJ);
    await ok(engine, LI, 'access.grant', { to: ANA, role: 'keeper' });
    await ok(engine, LI, 'access.secret', { person: ANA, secret: WORDS });
    expect((await ok(engine, OTHER, 'status', {})).actor.id).not.toBe(RAJ);
    expect((await no(engine, LI, 'settings.set', { actingAs: RAJ })).message).toContain('unlock');
  });
});

describe('answering by name', () => {
  it('is done by whoever is here, on a console that is unlocked, and what goes to the public is read by another', async () => {
    const engine = await locked();
    await ok(engine, LI, 'access.secret', { person: RAJ, secret: 'four owls count copper' });
    const { id: incident } = await ok(engine, LI, 'incident.declare', { title: 'Checkout slow', services: [] });
    expect(await no(engine, LI, 'update.review', { incident, audience: 'engineers', person: RAJ })).toMatchObject({
      message: expect.stringContaining('Raj Menon unlocks this console and says so') as string,
    });
    await ok(engine, LI, 'update.review', { incident, audience: 'engineers' });
    await ok(engine, LI, 'cleanup.add', { incident, title: 'Charged twice', count: 3, unit: 'refunds' });
    const accept = { incident, item: '1', reason: 'the bank answers next week' };
    expect((await no(engine, LI, 'cleanup.accept', { ...accept, person: RAJ })).message).toContain('answers for it');
    await ok(engine, LI, 'cleanup.accept', { ...accept, person: ANA });

    const to = { incident, audience: 'public-status' };
    const text = 'Paying takes longer than usual at the moment. We are working on it.';
    expect((await no(engine, LI, 'update.review', { ...to, text })).message).toContain('somebody else');
    await ok(engine, LI, 'update.save', { ...to, text });
    expect((await no(engine, LI, 'update.review', to)).message).toContain('somebody else');
    await ok(engine, OTHER, 'access.unlock', { person: RAJ, secret: 'four owls count copper' });
    await ok(engine, OTHER, 'update.review', to);
    const { audiences } = await ok(engine, OTHER, 'update.list', { incident });
    expect(audiences.find(({ audience }) => audience === 'public-status')!.draft).toMatchObject({
      by: { id: ANA },
      review: { person: { id: RAJ }, current: true },
    });
  });
});

describe('guessing', () => {
  it('waits ever longer, also after a restart and with the clock set back', async () => {
    const data = newFolder();
    let now = Date.UTC(2026, 10, 20, 12);
    const engine = await locked(data, { now: () => now });
    for (let n = 1; n <= 10; n++) {
      const { message } = await no(engine, OTHER, 'access.unlock', { person: ANA, secret: `wrong words number ${n}` });
      expect(message).toContain('not what Ana Kovač unlocks with');
      if (n > 3) {
        expect((await no(engine, OTHER, 'access.unlock', { person: ANA, secret: WORDS })).message).toContain(
          'wrong tries in a row: wait',
        );
        now += 15 * 60_000 + 1000;
      }
    }
    await no(engine, OTHER, 'access.unlock', { person: ANA, secret: 'once more wrong' });
    const wait = (await ok(engine, OTHER, 'access.session', {})).who[0]!.waitUntil! - now;
    expect(wait).toBeGreaterThan(10 * 60_000);
    await engine.close();

    now -= 24 * 3600_000;
    const again = await open(data, { now: () => now });
    expect((await no(again, OTHER, 'access.unlock', { person: ANA, secret: WORDS })).message).toContain(
      '11 wrong tries in a row',
    );
    expect((await ok(again, OTHER, 'access.session', {})).who[0]!.waitUntil! - now).toBeGreaterThan(10 * 60_000);
    now += 24 * 3600_000 + 16 * 60_000;
    await ok(again, OTHER, 'access.unlock', { person: ANA, secret: WORDS });
    await again.close();
    const tries = inStore(data, (store) =>
      store.entries({ subject: `person:${ANA}` }, { limit: 100, types: ['access.unlock'] }),
    ).map(({ op }) => op.payload['tries']);
    expect(tries).toContain(11);
    expect(tries[0]).toBeUndefined();
  });

  it('is one try at a time, and a try that was killed counts', async () => {
    const data = newFolder();
    const engine = await locked(data);
    const two = await Promise.all([
      ask(engine, OTHER, 'access.unlock', { person: ANA, secret: 'wrong words here' }),
      ask(engine, LI, 'access.unlock', { person: ANA, secret: WORDS }),
    ]);
    expect(two.map((reply) => (reply.ok ? '' : reply.message)).join(' ')).toContain('Another try is under way');
    void ask(engine, OTHER, 'access.unlock', { person: ANA, secret: 'wrong again here' });
    await new Promise((done) => setImmediate(done));
    await engine.close();
    const failures = inStore(data, ({ db }) => db.prepare('SELECT failures FROM unlock').pluck().get());
    expect(failures).toBeGreaterThanOrEqual(1);
  });

  it('needs more than the data folder', async () => {
    const data = newFolder();
    await (await locked(data)).close();
    const copy = newFolder();
    cpSync(data, copy, { recursive: true });
    const elsewhere = await open(copy, { machine: 'another machine' });
    expect((await no(elsewhere, OTHER, 'access.unlock', { person: ANA, secret: WORDS })).message).toContain('not what');
    await elsewhere.close();
    rmSync(join(copy, 'keys', 'unlock.key'));
    const bare = await open(copy);
    expect((await no(bare, OTHER, 'access.unlock', { person: ANA, secret: WORDS })).message).toContain(
      'is gone from its folder',
    );
  });
});

describe('a restored console', () => {
  it('is locked by what it was locked by before, not by what a backup remembers', async () => {
    const data = newFolder();
    const engine = await open(data);
    const { path } = await ok(engine, LI, 'backup.create', {});
    await ok(engine, LI, 'access.grant', { to: ANA, role: 'keeper' });
    await ok(engine, LI, 'access.secret', { person: ANA, secret: WORDS });
    await ok(engine, LI, 'backup.restore', { backup: path });
    await engine.close();
    const again = await open(data);
    expect((await ok(again, LI, 'access.session', {})).state).toBe('locked');
    await ok(again, LI, 'access.unlock', { person: ANA, secret: WORDS });
  });
});

describe('a command line', () => {
  it('acts as who unlocked it, or as whom it names for one command, and takes no secret as a word', async () => {
    const data = newFolder();
    await (await locked(data)).close();
    const env = { HOME: data };
    const as = (args: string[], input?: string) => cli([...args, '--data', data], { env, ...(input ? { input } : {}) });
    expect((await as(['declare', 'Checkout failing'])).stderr).toContain('The console is locked');
    expect((await as(['unlock', ANA, '--secret', WORDS])).stderr).toContain('can be read by others');
    expect(await as(['unlock', ANA], 'wrong words\n')).toMatchObject({ status: 1 });
    expect(await as(['declare', 'Checkout failing', '--as', ANA], `${WORDS}\n`)).toMatchObject({ status: 0 });
    expect((await as(['declare', 'Tills down'])).stderr).toContain('The console is locked');
    expect(await as(['unlock', ANA], `${WORDS}\n`)).toMatchObject({ status: 0 });
    expect(await as(['declare', 'Tills down'])).toMatchObject({ status: 0 });
    expect(await as(['access', 'check', RAJ, 'grant-access'])).toMatchObject({ status: 1 });
    expect(await as(['lock'])).toMatchObject({ status: 0 });
    expect((await as(['declare', 'Once more'])).stderr).toContain('The console is locked');
  }, 60_000);
});

describe('when nobody can unlock it', () => {
  it('opens again for whoever holds its folder, and the log says so', async () => {
    const data = newFolder();
    await (await locked(data)).close();
    writeFileSync(join(data, 'rescue-access'), 'Both keepers left the company.\n');
    const engine = await open(data);
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('open');
    expect((await ok(engine, OTHER, 'status', {})).warnings.join(' ')).toContain('Both keepers left');
    await engine.close();
    const again = await open(data);
    expect((await ok(again, OTHER, 'access.session', {})).state).toBe('open');
  });
});

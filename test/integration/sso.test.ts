/** Single sign-on against a certified provider that runs here: who gets in, who does not, and what an outage of it means. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Keychain } from '../../electron/engine/access/keychain.ts';
import type { Caller } from '../../electron/engine/access/session.ts';
import type { Engine, EngineOptions } from '../../electron/engine/engine.ts';
import type { FromKeychain, ToKeychain } from '../../shared/contract/keychain.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { answer, startCli } from '../support/cli.ts';
import { inStore, newFolder, openOn } from '../support/engines.ts';
import { CLIENT, signInAs, startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts';
import { freePort, until } from '../support/servers.ts';

const ANA = 'ana-kovac';
const RAJ = 'raj-menon';
const WAR_ROOM: Caller = { id: 'the window of the war room', kind: 'window' };
const OTHER: Caller = { id: 'another window', kind: 'window' };
const WORDS = 'seven lemons on a tram';
const HOUR = 3_600_000;

const cheap = { guess: { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 } };

let provider: IdentityProvider;
afterEach(() => provider.kill());

async function ask<K extends Name>(
  engine: Engine,
  caller: Caller,
  name: K,
  input: Input<K>,
): Promise<Reply<Output<K>>> {
  return engine.call(name, input, { request: crypto.randomUUID(), caller }) as Promise<Reply<Output<K>>>;
}

async function ok<K extends Name>(engine: Engine, caller: Caller, name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await ask(engine, caller, name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
  return reply.value;
}

async function no<K extends Name>(engine: Engine, caller: Caller, name: K, input: Input<K>): Promise<string> {
  const reply = await ask(engine, caller, name, input);
  if (reply.ok) throw new Error(`${name} was done`);
  return reply.message;
}

/** A keychain of one machine's: what another sealed it does not open. */
function keychainOf(machine: string): Keychain {
  const chain: Keychain = new Keychain(({ id, what, text }: ToKeychain) => {
    const answer = (ok: boolean, value: string) =>
      queueMicrotask(() => chain.receive({ type: 'keychain', id, ok, value } satisfies FromKeychain));
    if (what === 'available') return answer(true, 'yes');
    if (what === 'seal') return answer(true, Buffer.from(`${machine}\n${text}`).toString('base64'));
    const [sealedBy, ...rest] = Buffer.from(text, 'base64').toString().split('\n');
    return sealedBy === machine ? answer(true, rest.join('\n')) : answer(false, 'it is of another machine');
  });
  return chain;
}

const PEOPLE = {
  ana: { email: 'ana.kovac@demo-grocer.example', groups: ['keepers'] },
  raj: { email: 'x@elsewhere.example', preferred_username: RAJ, groups: ['approvers', 'everybody'] },
};

/** A console on which Ana has a passphrase and single sign-on is set; the groups of the provider give roles. */
async function prepared(
  options: Partial<EngineOptions> = {},
  { data = newFolder(), ...set }: { data?: string } & Partial<Input<'sso.set'>> = {},
): Promise<{ engine: Engine; data: string }> {
  const engine = await openOn(data, { demonstration: true, ...cheap, ...options });
  await ok(engine, WAR_ROOM, 'access.grant', { to: ANA, role: 'keeper' });
  await ok(engine, WAR_ROOM, 'access.secret', { person: ANA, secret: WORDS });
  await ok(engine, WAR_ROOM, 'access.grant', { to: 'group:approvers', role: 'approver' });
  await ok(engine, WAR_ROOM, 'sso.set', { issuer: provider.issuer, client: CLIENT, name: 'Contoso', ...set });
  return { engine, data };
}

/** Signs in as a window does; the session, or why there is none. */
async function signIn(engine: Engine, caller: Caller, login: string | null): Promise<Reply<Output<'sso.wait'>>> {
  const begun = await ask(engine, caller, 'sso.begin', {});
  if (!begun.ok) return begun;
  const waiting = ask(engine, caller, 'sso.wait', { attempt: begun.value.attempt });
  await signInAs(begun.value.url!, login);
  return waiting;
}

const messageOf = (reply: Reply): string => (reply.ok ? 'done' : reply.message);
const may = async (engine: Engine, capability: string) =>
  (await ok(engine, OTHER, 'access.session', {})).may.includes(capability as never);

describe('signing in', () => {
  it('unlocks a window as the person whom the provider names, with the roles of their groups', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine } = await prepared();
    expect(await no(engine, OTHER, 'incident.declare', { title: 'x', services: [] })).toContain('locked');
    const begun = await ok(engine, OTHER, 'sso.begin', {});
    const url = new URL(begun.url!);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      ...{ response_type: 'code', code_challenge_method: 'S256', client_id: CLIENT, prompt: 'login' },
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/) as string,
    });
    expect(url.searchParams.get('scope')?.split(' ')).toEqual(expect.arrayContaining(['openid', 'offline_access']));
    const waiting = ok(engine, OTHER, 'sso.wait', { attempt: begun.attempt });
    expect(await signInAs(begun.url!, 'raj')).toContain('Signed in as Raj Menon');
    const session = await waiting;
    expect(session).toMatchObject({ state: 'unlocked', person: { id: RAJ }, how: 'sso', sso: { reachable: true } });
    expect(session.may).toContain('approve-critical');
    expect(session.verified!.until - session.verified!.at).toBe(12 * HOUR);
    const { rights } = await ok(engine, OTHER, 'access.check', { person: RAJ });
    expect(rights.map(({ because }) => because)).toContain('role Approver of critical actions (group approvers)');
    const { verified } = await ok(engine, OTHER, 'sso.show', {});
    expect(verified).toMatchObject([{ person: { id: RAJ }, groups: ['approvers', 'everybody'], asked: true }]);
    // The address under which a window comes back is served for that sign-in alone.
    await expect(fetch(url.searchParams.get('redirect_uri')!)).rejects.toThrow('fetch failed');
    expect((await ok(engine, WAR_ROOM, 'audit.list', {})).lines.map(({ summary }) => summary)).toContain(
      'unlocked by Raj Menon (sso)',
    );
  });

  it('knows people by address, by user name or by the list, and nobody else', async () => {
    provider = await startIdentityProvider({
      ...PEOPLE,
      stranger: { email: 'somebody@example.com' },
      unproved: { email: 'ana.kovac@demo-grocer.example', email_verified: false },
    });
    const { engine } = await prepared();
    await ok(engine, WAR_ROOM, 'access.add', { name: 'Zoe', id: 'zoe', email: 'Ana.Kovac2@demo-grocer.example' });
    expect(messageOf(await signIn(engine, OTHER, 'stranger'))).toContain(
      'somebody@example.com is nobody of the estate',
    );
    expect(messageOf(await signIn(engine, OTHER, 'unproved'))).toContain('is nobody of the estate');
    await ok(engine, WAR_ROOM, 'sso.match', { person: 'zoe', logins: ['SOMEBODY@example.com'] });
    expect(await no(engine, WAR_ROOM, 'sso.match', { person: ANA, logins: ['somebody@example.com'] })).toContain('Zoe');
    expect(await signIn(engine, OTHER, 'stranger')).toMatchObject({ ok: true, value: { person: { id: 'zoe' } } });
    await ok(engine, WAR_ROOM, 'sso.set', { issuer: provider.issuer, client: CLIENT, by: 'email' });
    expect(messageOf(await signIn(engine, OTHER, 'raj'))).toContain('nobody of the estate');
  });

  it('is refused while the console is open, and on the wall', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const engine = await openOn(newFolder(), { demonstration: true, ...cheap });
    await ok(engine, OTHER, 'sso.set', { issuer: provider.issuer, client: CLIENT });
    expect(await no(engine, OTHER, 'sso.begin', {})).toContain('set the first passphrase');
    expect(await no(engine, { id: 'wall', kind: 'board' }, 'sso.begin', {})).toContain('Only a window');
  });

  it('takes a client’s secret that is kept on this console and sent to this provider only', async () => {
    provider = await startIdentityProvider(PEOPLE, { secret: 'a secret of the client that is long enough' });
    const { engine, data } = await prepared();
    expect(messageOf(await signIn(engine, OTHER, 'raj'))).toContain('invalid_client');
    await ok(engine, WAR_ROOM, 'sso.secret', { secret: 'a secret of the client that is long enough' });
    expect(messageOf(await signIn(engine, OTHER, 'raj'))).toBe('done');
    await ok(engine, WAR_ROOM, 'sso.set', { issuer: 'http://127.0.0.1:9', client: CLIENT });
    expect(await no(engine, OTHER, 'sso.begin', {})).toContain('was entered for');
    await engine.close();
    const ops = inStore(data, (store) => JSON.stringify([...store.log.all()]));
    expect(ops).toContain('sso.set');
    expect(ops).not.toContain('long enough');
  });
});

describe('what is not taken', () => {
  it.each([
    ['for another program', { aud: 'another-client' }, 'made for another program'],
    ['that answers another sign-in', { nonce: 'of somebody else' }, 'answers another sign-in'],
    ['that has expired', { exp: 1_000_000_000 }, 'has expired'],
    ['of another issuer', { iss: 'https://login.example' }, 'another issuer'],
  ])('a token %s', async (_title, claims, why) => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine } = await prepared();
    provider.forge = (said) => ({ ...said, ...claims });
    expect(messageOf(await signIn(engine, OTHER, 'raj'))).toContain(why);
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('locked');
    expect((await ok(engine, OTHER, 'sso.show', {})).verified).toEqual([]);
  });

  it('a token whose signature is not the provider’s', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine } = await prepared();
    // Claims that differ from what was signed: the proxy between changed them.
    const begun = await ok(engine, OTHER, 'sso.begin', {});
    const waiting = ask(engine, OTHER, 'sso.wait', { attempt: begun.attempt });
    const real = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      const response = await real(input, init);
      if (!String(input).endsWith('/token')) return response;
      const body = (await response.json()) as { id_token: string };
      const [head, claims, signature] = body.id_token.split('.');
      const changed = { ...(JSON.parse(Buffer.from(claims!, 'base64url').toString()) as object), sub: 'ana' };
      const id_token = `${head}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
      return Response.json({ ...body, id_token });
    };
    try {
      await signInAs(begun.url!, 'raj');
      expect(messageOf(await waiting)).toContain('signature');
    } finally {
      globalThis.fetch = real;
    }
  });

  it('what somebody else brings back, while the sign-in goes on', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine } = await prepared();
    const begun = await ok(engine, OTHER, 'sso.begin', {});
    const waiting = ask(engine, OTHER, 'sso.wait', { attempt: begun.attempt });
    const back = new URL(new URL(begun.url!).searchParams.get('redirect_uri')!);
    for (const query of ['', '?code=x&state=guessed', '?error=access_denied', `?state=${'x'.repeat(43)}&code=y`])
      expect((await fetch(new URL(query, back))).status).toBe(400);
    expect((await fetch(new URL('/', back))).status).toBe(404);
    expect((await fetch(back, { method: 'POST' })).status).toBe(404);
    expect(await statusWithHost(back, 'attacker.example')).toBe(421);
    // A code that the provider gave to another sign-in.
    const state = new URL(begun.url!).searchParams.get('state')!;
    expect(
      await signInAs(begun.url!, 'raj', async (to) =>
        (await fetch(new URL(`?code=stolen&state=${state}&iss=${encodeURIComponent(provider.issuer)}`, to))).text(),
      ),
    ).toContain('Not signed in');
    expect(messageOf(await waiting)).toContain('withdrawn or has expired');
    expect(await no(engine, WAR_ROOM, 'sso.wait', { attempt: begun.attempt })).toContain('begun elsewhere');
  });

  it('a person who declines, one who never comes back, and one who leaves off', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine } = await prepared({ sso: { waitMs: 700 } });
    expect(messageOf(await signIn(engine, OTHER, null))).toContain('the sign-in was not allowed');
    const left = await ok(engine, OTHER, 'sso.begin', {});
    expect(await no(engine, OTHER, 'sso.wait', { attempt: left.attempt })).toContain('Nobody came back');
    const { attempt } = await ok(engine, OTHER, 'sso.begin', {});
    const waiting = ask(engine, OTHER, 'sso.wait', { attempt });
    await ok(engine, WAR_ROOM, 'sso.cancel', { attempt });
    await ok(engine, OTHER, 'sso.cancel', { attempt });
    expect(messageOf(await waiting)).toContain('left off');
    for (let n = 0; n < 3; n++) await ok(engine, OTHER, 'sso.begin', {});
    expect(await no(engine, OTHER, 'sso.begin', {})).toContain('Too many');
    await ok(engine, { id: 'a third window', kind: 'window' }, 'sso.begin', {});
  });

  it('a port that is taken', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const port = await freePort();
    const { engine } = await prepared({}, { port });
    const squatter = createServer().listen(port, '127.0.0.1');
    try {
      expect(await no(engine, OTHER, 'sso.begin', {})).toContain(`Port ${port}`);
    } finally {
      squatter.close();
    }
    expect(messageOf(await signIn(engine, OTHER, 'raj'))).toBe('done');
  });

  it('an issuer to which nothing is sent', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine } = await prepared();
    for (const issuer of [
      'http://login.example',
      'ftp://login.example',
      'https://a:b@login.example',
      'login',
      'https://%zz',
    ])
      expect(await no(engine, WAR_ROOM, 'sso.set', { issuer, client: CLIENT })).toMatch(/^issuer: /);
    expect((await ok(engine, WAR_ROOM, 'sso.show', {})).provider!.issuer).toBe(provider.issuer);
    expect(await ok(engine, WAR_ROOM, 'sso.test', { issuer: 'http://127.0.0.1:1', client: 'x' })).toMatchObject({
      ok: false,
    });
    expect(await ok(engine, WAR_ROOM, 'sso.test', {})).toMatchObject({ ok: true });
  });
});

describe('when the provider is down', () => {
  it('counts who was verified, says since when, and for no longer than the policy, whatever is done to the clock', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const begun = Date.UTC(2026, 10, 20, 12);
    let now = begun;
    const { engine, data } = await prepared({ now: () => now });
    await patient(engine);
    await signIn(engine, OTHER, 'raj');
    await ok(engine, WAR_ROOM, 'access.secret', { person: RAJ, secret: 'four owls count copper' });
    // Setting another's passphrase ends their sessions.
    await signIn(engine, OTHER, 'raj');
    await provider.kill();
    now = begun + 3 * HOUR;
    expect(await ok(engine, OTHER, 'sso.retry', {})).toMatchObject({
      reachable: false,
      problem: expect.stringContaining('Contoso does not answer') as string,
      verified: [{ person: { id: RAJ }, until: expect.any(Number) as number }],
    });
    const { access } = await ok(engine, OTHER, 'status', {});
    expect(access).toMatchObject({ state: 'unlocked', verified: { name: 'Contoso', reachable: false } });
    expect(now - access.verified!.at).toBeGreaterThan(3 * HOUR - 60_000);
    expect(access.may).toContain('approve-critical');
    expect(await no(engine, OTHER, 'sso.begin', {})).toContain('does not answer');
    // Locked and unlocked with what they unlock with here, they are still in their groups.
    await ok(engine, OTHER, 'access.lock', {});
    await ok(engine, OTHER, 'access.unlock', { person: RAJ, secret: 'four owls count copper' });
    expect(await may(engine, 'approve-critical')).toBe(true);
    await ok(engine, OTHER, 'access.lock', {});
    await provider.revive();
    await signIn(engine, OTHER, 'raj');
    await provider.kill();

    now = begun + 15 * HOUR + 60_000;
    expect(await ok(engine, OTHER, 'access.session', {})).toMatchObject({
      ...{ state: 'locked', verified: null },
      ended: expect.stringContaining('too old') as string,
    });
    for (const later of [begun + 4 * HOUR, begun]) {
      now = later;
      expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('locked');
    }
    await engine.close();
    const again = await openOn(data, { ...cheap, now: () => now });
    expect((await ok(again, OTHER, 'access.session', {})).state).toBe('locked');
    await ok(again, OTHER, 'access.unlock', { person: RAJ, secret: 'four owls count copper' });
    expect(await may(again, 'approve-critical')).toBe(false);
    expect((await ok(again, OTHER, 'sso.show', {})).verified).toEqual([]);
  });

  it('asks again when it is back: groups that changed count at once, and who still counts goes on', async () => {
    provider = await startIdentityProvider(PEOPLE);
    let now = Date.UTC(2026, 10, 20, 12);
    const { engine } = await prepared({ now: () => now });
    await patient(engine);
    await signIn(engine, OTHER, 'raj');
    await provider.kill();
    now += 2 * HOUR;
    await ok(engine, OTHER, 'sso.retry', {});
    await provider.revive();
    provider.accounts = { ...PEOPLE, raj: { ...PEOPLE.raj, groups: ['everybody'] } };
    const { verified, reachable } = await ok(engine, OTHER, 'sso.retry', {});
    expect(reachable).toBe(true);
    expect(verified).toMatchObject([{ person: { id: RAJ }, groups: ['everybody'] }]);
    expect(now - verified[0]!.at).toBeLessThan(60_000);
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('unlocked');
    expect(await may(engine, 'approve-critical')).toBe(false);
    // Whoever is let go in the meantime is out at once.
    await ok(engine, WAR_ROOM, 'access.forget', { person: RAJ });
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('locked');
    await signIn(engine, OTHER, 'raj');
    // It turns its refresh token round each time, and is asked with the new one.
    provider.accounts = PEOPLE;
    await ok(engine, OTHER, 'sso.retry', {});
    expect(await may(engine, 'approve-critical')).toBe(true);
    await ok(engine, WAR_ROOM, 'sso.set', { issuer: provider.issuer, client: 'another-client' });
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('locked');
  });

  it.each([
    ['what it gave out is worth nothing any more', {}, true],
    ['there is no such person any more', {}, false],
    ['it never gave a refresh token, and takes the other no more', { refresh: false }, true],
  ])('ends the session at once when it is back and %s', async (_title, options, forgetful) => {
    provider = await startIdentityProvider(PEOPLE, options);
    const { engine } = await prepared();
    await signIn(engine, OTHER, 'raj');
    await provider.kill();
    await ok(engine, OTHER, 'sso.retry', {});
    expect((await ok(engine, OTHER, 'access.session', {})).state).toBe('unlocked');
    await provider.revive({ forgetful });
    if (!forgetful) provider.accounts = { ana: PEOPLE.ana };
    expect((await ok(engine, WAR_ROOM, 'sso.retry', {})).verified).toEqual([]);
    const session = await ok(engine, OTHER, 'access.session', {});
    expect(session).toMatchObject({ state: 'locked', verified: null });
    expect(session.ended).toMatch(/^Raj Menon is signed in no more: Contoso /);
    expect(
      (await ok(engine, WAR_ROOM, 'audit.list', { everything: true })).lines.map(({ summary }) => summary),
    ).toContain('single sign-on of Raj Menon ended');
    // Whoever unlocked by themselves is not touched by it.
    expect((await ok(engine, WAR_ROOM, 'access.session', {})).state).toBe('unlocked');
  });

  it('finds out by itself, and keeps nobody waiting meanwhile', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine } = await prepared({ poll: true, sso: { beatMs: 20, againMs: 50, backoffMs: [30] } });
    await signIn(engine, OTHER, 'raj');
    await provider.kill();
    const seen = async () => (await ok(engine, OTHER, 'access.session', {})).sso?.reachable;
    await until('the outage to be seen', async () => (await seen()) === false);
    expect((await ok(engine, OTHER, 'sso.show', {})).nextTry).not.toBeNull();
    await provider.revive();
    await until('the return to be seen', async () => (await seen()) === true);
    provider.accounts = {};
    await until('the session to end', async () => (await ok(engine, OTHER, 'access.session', {})).state === 'locked');

    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    await ok(engine, WAR_ROOM, 'sso.set', { issuer: `http://127.0.0.1:${port}`, client: CLIENT });
    const waiting = no(engine, OTHER, 'sso.begin', {});
    const asked = performance.now();
    await ok(engine, OTHER, 'situation', {});
    expect(performance.now() - asked).toBeLessThan(2000);
    silent.closeAllConnections();
    silent.close();
    expect(await waiting).toContain('does not answer');
  });
});

describe('what is kept of it', () => {
  it('is sealed by the keychain, outlives the console, and is worth nothing on another machine', async () => {
    provider = await startIdentityProvider(PEOPLE);
    const { engine, data } = await prepared({ keychain: keychainOf('here'), machine: 'here' });
    await signIn(engine, OTHER, 'raj');
    expect((await ok(engine, OTHER, 'sso.show', {})).tokens).toBe('keychain');
    await engine.close();
    const copy = newFolder();
    cpSync(data, copy, { recursive: true });
    for (const file of readdirSync(join(data, 'keys')))
      expect(readFileSync(join(data, 'keys', file), 'utf8')).not.toMatch(/refresh/);

    const same = await openOn(data, { ...cheap, keychain: keychainOf('here'), machine: 'here' });
    provider.accounts = { ...PEOPLE, raj: { ...PEOPLE.raj, groups: ['night shift'] } };
    expect((await ok(same, OTHER, 'sso.retry', {})).verified).toMatchObject([{ groups: ['night shift'] }]);
    expect((await ok(same, OTHER, 'access.session', {})).state).toBe('unlocked');

    const elsewhere = await openOn(copy, { ...cheap, keychain: keychainOf('there'), machine: 'there' });
    expect((await ok(elsewhere, OTHER, 'access.session', {})).state).toBe('locked');
    expect((await ok(elsewhere, OTHER, 'sso.show', {})).verified).toEqual([]);
  });

  it('is in memory alone where there is no keychain, and the console says so', async () => {
    provider = await startIdentityProvider(PEOPLE);
    let now = Date.UTC(2026, 10, 20, 12);
    const { engine, data } = await prepared({ now: () => now });
    await patient(engine);
    await signIn(engine, OTHER, 'raj');
    expect((await ok(engine, OTHER, 'sso.show', {})).tokens).toBe('memory');
    expect(existsSync(join(data, 'keys', 'sso.sealed.json'))).toBe(false);
    await engine.close();
    const again = await openOn(data, { ...cheap, now: () => now });
    expect((await ok(again, OTHER, 'sso.retry', {})).verified).toMatchObject([{ person: { id: RAJ }, asked: false }]);
    // The provider answers and cannot be asked: that is not an outage, so it is not lived on for hours.
    now += HOUR + 1000;
    expect((await ok(again, OTHER, 'sso.retry', {})).verified).toEqual([]);
    expect((await ok(again, OTHER, 'access.session', {})).ended).toContain('sign in again');
  });
});

it('unlocks a command line, which prints where to sign in', async () => {
  provider = await startIdentityProvider(PEOPLE);
  const { engine, data } = await prepared();
  await engine.close();
  const { child, ran } = startCli(['unlock', '--sso', '--json'], { data });
  let said = '';
  child.stderr!.on('data', (text: string) => (said += text));
  const url = await until('the address', () => /http:\/\/127\.0\.0\.1:\d+\/auth\?\S+/.exec(said)?.[0]);
  await signInAs(url, 'raj');
  const { status, stdout } = await ran;
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'unlocked', person: { id: RAJ }, how: 'sso' });
  expect(await answer('access.session', [], { data })).toMatchObject({ state: 'unlocked', person: { id: RAJ } });
  await answer('access.lock', [], { data });
});

/** The policy of a console that nobody need touch for days. */
async function patient(engine: Engine): Promise<void> {
  const { text } = await ok(engine, WAR_ROOM, 'policy.show', { policy: 'access' });
  const changed = text.replace('idleMinutes: 15', 'idleMinutes: 0').replace('sessionHours: 12', 'sessionHours: 168');
  await ok(engine, WAR_ROOM, 'policy.set', { policy: 'access', text: changed, reason: 'on the wall' });
}

/** Asks with another name for this machine than its own. */
async function statusWithHost(url: URL, host: string): Promise<number> {
  const asked = request(url, { headers: { host } }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Output } from '../../shared/contract/table.ts';
import { spoken } from '../../shared/domain/joining/spoken.ts';
import { COMPANY, STRANGER } from '../support/certificates.ts';
import { done, newFolder, openOn, refused, reply } from '../support/engines.ts';
import { startHub } from '../support/hubs.ts';
import { missing, until } from '../support/servers.ts';

const titles = async (engine: Engine) => (await done(engine, 'incident.list', {})).map(({ title }) => title);
const standing = async (engine: Engine) => (await done(engine, 'organisation.show', {})).standing;
const id = async (engine: Engine) => (await done(engine, 'status', {})).console;
const line = async (engine: Engine, console: string) =>
  (await done(engine, 'console.list', {})).consoles.find((one) => one.id === console)!;
const declare = (engine: Engine, title: string) => done(engine, 'incident.declare', { title, severity: 'SEV3' });

/** A console that founded Acme, at which codes are made. */
async function founder(options: Parameters<typeof openOn>[1] = {}): Promise<Engine> {
  const engine = await openOn(newFolder(), options);
  await done(engine, 'organisation.found', { name: 'Acme Retail', organisation: 'acme', console: 'War room' });
  return engine;
}

/** Carries everything that one console has to another. */
async function carry(from: Engine, to: Engine): Promise<void> {
  const { path } = await done(from, 'bundle.export', { to: join(newFolder(), 'all.holdfast') });
  await done(to, 'bundle.import', { file: path });
}

/** A console that joined through files alone. */
async function joined(at: Engine, name: string, options: Parameters<typeof openOn>[1] = {}): Promise<Engine> {
  const engine = await openOn(newFolder(), options);
  const { code } = await done(at, 'console.invite', {});
  await done(engine, 'console.join', { code, name });
  await carry(engine, at);
  await done(at, 'console.accept', { console: name });
  await carry(at, engine);
  expect(await standing(engine)).toBe('member');
  return engine;
}

describe.skipIf(missing('nats-server'))('joining over a hub', () => {
  it('asks with a code while nobody is there, is let in by comparing words, and has everything then', async () => {
    const hub = await startHub({ config: 'authorization { user: "holdfast", password: "s3cret" }' });
    const [data, other, third] = [newFolder(), newFolder(), newFolder()];
    let here = await openOn(data, { poll: true });
    const report = await done(here, 'incident.declare', { title: 'Before there was anybody', severity: 'SEV2' });
    await done(here, 'organisation.found', { name: 'Acme Retail', organisation: 'acme', console: 'War room' });
    await done(here, 'hub.set', { url: hub.hub, organisation: 'acme', user: 'holdfast', credential: 's3cret' });
    const file = join(newFolder(), 'store-112.holdfast-join');
    const { code } = await done(here, 'console.invite', { note: 'store 112', file, withCredential: true });
    // As a window asks; what is remembered of it in case it asks again does not hold the code.
    const asks = { request: crypto.randomUUID() };
    const invitation = () =>
      here.call('console.invite', { hours: 1 }, asks) as Promise<Reply<Output<'console.invite'>>>;
    const [made, repeated] = [await invitation(), await invitation()];
    const typed = made.ok ? made.value : expect.fail();
    expect(repeated).toEqual({ ok: true, value: { ...typed, code: '' } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ code, user: 'holdfast', credential: 's3cret' });
    await until('the founding to be at the hub', async () => (await done(here, 'status', {})).link.waiting === 0);
    await here.close();

    const there = await openOn(other, { poll: true });
    expect(await done(there, 'console.code', { file })).toMatchObject({
      ...{ organisation: 'acme', hub: hub.hub, credential: true, problem: null, log: 'empty' },
      inviter: { name: 'War room' },
    });
    const asked = await done(there, 'console.join', { file, name: 'Store 112' });
    expect(asked).toMatchObject({ restarting: false, spoken: spoken(await id(there)) });
    expect(await standing(there)).toBe('asking');
    await until('what the founder wrote', async () => (await titles(there)).includes('Before there was anybody'));
    await declare(there, 'Written while waiting');
    expect(await titles(there)).toHaveLength(2);
    await until('the request to be at the hub', async () => (await done(there, 'status', {})).link.waiting === 0);

    here = await openOn(data, { poll: true });
    await until('the request', async () => (await done(here, 'console.requests', {})).length === 1);
    const [request] = await done(here, 'console.requests', {});
    expect(request).toMatchObject({ name: 'Store 112', note: 'store 112', problem: null, spoken: asked.spoken });
    const { needs } = await done(here, 'situation', {});
    expect(needs.map(({ text }) => text)).toContain('Console Store 112 asks to join');
    await done(here, 'console.accept', { console: 'store 112' });
    await until('both to be together', async () => (await titles(here)).includes('Written while waiting'));
    await until('the newcomer to know', async () => (await standing(there)) === 'member');
    // It never exported anything, and bundles can be sealed for it all the same.
    const sealed = { to: join(newFolder(), 'sealed.holdfast'), for: ['Store 112'] };
    expect((await done(here, 'bundle.export', sealed)).sealedFor).toHaveLength(2);
    expect((await done(here, 'situation', {})).needs.filter(({ kind }) => kind === 'console')).toEqual([]);

    // The third is invited by the first and let in by the second, which verifies the code it never saw.
    const last = await openOn(third, { poll: true });
    await done(last, 'console.join', { code: typed.code, name: 'Store 7', user: 'holdfast', credential: 's3cret' });
    await until('the second to hear the third', async () => (await done(there, 'console.requests', {})).length === 1);
    await done(there, 'console.accept', { console: 'Store 7' });
    await until('the third to be in', async () => (await standing(last)) === 'member');
    await declare(last, 'From the third');
    await until('the first to count the third', async () => (await titles(here)).includes('From the third'));
    expect((await line(last, await id(here))).founder).toBe(true);
    expect((await done(last, 'incident.show', { incident: report.label })).title).toBe('Before there was anybody');

    // A lost console is revoked: what it writes then counts nowhere, it hears of it, and goes on.
    const lost = await id(last);
    await done(here, 'console.revoke', { console: lost, reason: 'left in a taxi' });
    expect(await done(here, 'console.requests', {})).toEqual([]);
    await until('the third to hear of it', async () => (await standing(last)) === 'revoked');
    expect((await done(last, 'status', {})).warnings.join(' ')).toContain('left in a taxi');
    await declare(last, 'Written by the thief');
    expect(await titles(last)).toContain('Written by the thief');
    expect(await refused(last, 'console.invite', {})).toContain('revoked');
    await until('it to be kept out', async () => (await line(here, lost)).keptOut > 0);
    expect(await titles(here)).not.toContain('Written by the thief');

    // Found again: it is let in, and what it wrote meanwhile counts.
    expect((await done(here, 'console.enrol', { console: lost, reason: 'it was found' })).taken).toBeGreaterThan(0);
    expect(await titles(here)).toContain('Written by the thief');
    await until('the third to be back', async () => (await standing(last)) === 'member');

    const log =
      readFileSync(join(data, 'holdfast.db')).toString('latin1') +
      readFileSync(join(other, 'holdfast.db')).toString('latin1');
    expect(log).not.toContain('s3cret');
    for (const secret of [code, typed.code]) expect(log).not.toContain(secret.slice(20, 60));
  });
});

describe('joining by files', () => {
  it('works both ways without any network', async () => {
    const here = await founder();
    await declare(here, 'At headquarters');
    const there = await openOn(newFolder());
    await declare(there, 'In the store');
    const { code, hub } = await done(here, 'console.invite', {});
    expect(hub).toBeNull();
    expect(await refused(there, 'console.join', { code, name: 'Store 112' })).toContain('"bring"');
    await done(there, 'console.join', { code, name: 'Store 112', mine: 'bring' });
    await carry(there, here);
    const [request] = await done(here, 'console.requests', {});
    expect(request!.console).toBe(await id(there));
    expect((await done(here, 'console.accept', { console: request!.console, name: 'Till 4' })).taken).toBeGreaterThan(
      0,
    );
    expect(await titles(here)).toContain('In the store');
    await carry(here, there);
    expect(await standing(there)).toBe('member');
    expect(await titles(there)).toContain('At headquarters');
    expect((await done(there, 'organisation.show', {})).console.name).toBe('Till 4');
    expect((await line(there, await id(here))).standing).toBe('enrolled');
  });

  it('is refused with a sentence when the code is no longer what it should be', async () => {
    let now = Date.UTC(2026, 5, 1, 12);
    const clock = () => (now += 1000);
    const here = await founder({ now: clock });
    const there = await openOn(newFolder(), { now: clock });

    const late = await done(here, 'console.invite', { hours: 1 });
    await done(there, 'console.join', { code: late.code, name: 'Store 112' });
    await carry(there, here);
    now += 2 * 3600_000;
    expect(
      await refused(await openOn(newFolder(), { now: clock }), 'console.join', { code: late.code, name: 'Late' }),
    ).toMatch(/^This code expired at .* ask War room for a new one\.$/);
    // It asked in time; that nobody looked meanwhile does not matter.
    await done(here, 'console.accept', { console: 'Store 112' });

    const second = await openOn(newFolder(), { now: clock });
    const backdated = await openOn(newFolder(), { now: () => late.expires - 60_000 });
    await done(backdated, 'console.join', { code: late.code, name: 'Second with one code' });
    await carry(backdated, here);
    expect(await refused(here, 'console.accept', { console: 'Second with one code' })).toMatch(
      /used before, by Store 112/,
    );
    await done(here, 'console.refuse', { console: 'Second with one code', reason: 'we do not know you' });
    expect(await done(here, 'console.requests', {})).toEqual([]);
    await carry(here, backdated);
    expect(await done(backdated, 'organisation.show', {})).toMatchObject({
      standing: 'refused',
      words: expect.stringContaining('we do not know you'),
    });

    const withdrawn = await done(here, 'console.invite', {});
    await done(second, 'console.join', { code: withdrawn.code, name: 'Store 8' });
    await carry(second, here);
    await done(here, 'console.uninvite', { invite: withdrawn.invite });
    expect(await refused(here, 'console.accept', { console: 'Store 8' })).toBe('Its code was withdrawn.');
    // With a new code it asks again.
    const again = await done(here, 'console.invite', {});
    await done(second, 'console.join', { code: again.code, name: 'Store 8' });
    await carry(second, here);
    await done(here, 'console.accept', { console: 'Store 8' });
    expect(await refused(here, 'console.accept', { console: 'Store 8' })).toBe('No console asks to join.');
    expect(await refused(here, 'console.uninvite', { invite: again.invite })).toContain('revoke the console');
  });

  it('takes only the certificate that the code names, and no code of a console that was revoked', async () => {
    const here = await founder();
    const [ca, wrong] = [join(newFolder(), 'ca.pem'), join(newFolder(), 'wrong.pem')];
    writeFileSync(ca, COMPANY.cert);
    writeFileSync(wrong, STRANGER.cert);
    await done(here, 'hub.set', { url: 'tls://127.0.0.1:1', organisation: 'acme', ca });
    const file = join(newFolder(), 'store.holdfast-join');
    const { code } = await done(here, 'console.invite', { file });
    const there = await openOn(newFolder());
    expect(await refused(there, 'console.join', { code, name: 'Store 112' })).toMatch(
      /^ca: the hub's certificate is signed/,
    );
    expect(await refused(there, 'console.join', { code, name: 'Store 112', ca: wrong })).toMatch(
      /^ca: that is another/,
    );
    expect(await standing(there)).toBe('alone');
    await done(there, 'console.join', { file, name: 'Store 112' });
    const { hub } = await done(there, 'link.show', {});
    expect(readFileSync(hub!.ca!, 'utf8')).toBe(readFileSync(ca, 'utf8'));
    await carry(there, here);
    await done(here, 'console.accept', { console: 'Store 112' });
    await carry(here, there);

    const late = await openOn(newFolder());
    const second = await done(there, 'console.invite', {});
    await carry(there, here);
    await done(late, 'console.join', { code: second.code, ca, name: 'Store 7' });
    await done(here, 'console.revoke', { console: 'Store 112', reason: 'stolen' });
    await carry(late, here);
    expect(await refused(here, 'console.accept', { console: 'Store 7' })).toMatch(/Store 112, which was revoked since/);
  });

  it('keeps organisations apart', async () => {
    const [acme, other] = [await founder(), await openOn(newFolder())];
    await done(other, 'organisation.found', { name: 'Other', organisation: 'other', console: 'Desk' });
    const { code } = await done(acme, 'console.invite', {});
    expect(await refused(other, 'console.join', { code, name: 'Desk' })).toMatch(/two organisations cannot become one/);
    expect(await refused(acme, 'console.join', { code, name: 'War room' })).toContain('this very console');
    const { path } = await done(other, 'bundle.export', { to: join(newFolder(), 'other.holdfast') });
    expect(await refused(acme, 'bundle.import', { file: path })).toMatch(
      /^The bundle is of another organisation, Other/,
    );
    expect((await done(acme, 'status', {})).quarantined).toBe(0);
    expect(await refused(acme, 'hub.set', { url: 'nats://127.0.0.1:1', organisation: 'other' })).toContain(
      'belongs to acme',
    );
    expect(await refused(acme, 'organisation.found', { name: 'Second', console: 'War room' })).toContain('already');
    expect(await refused(other, 'console.join', { code: 'AAAAAA-BBBBBB', name: 'x' })).toMatch(/^This is no join code/);
    const file = join(newFolder(), 'code.txt');
    writeFileSync(file, 'Hello, here it is!');
    expect(await refused(other, 'console.code', { file })).toMatch(/^This is no join code/);
  });

  it('keeps the demonstration in a folder of its own, and begins with an empty log and a new key', async () => {
    const here = await founder();
    const data = newFolder();
    let there = await openOn(data, { demonstration: true });
    await declare(there, 'Practised');
    const before = await id(there);
    const { code } = await done(here, 'console.invite', {});
    expect(await refused(there, 'console.join', { code, name: 'Store 112' })).toContain('demonstration');
    expect(await refused(there, 'console.join', { code, name: 'Store 112', mine: 'bring' })).toContain('must not mix');
    await done(there, 'settings.set', { theme: 'light' });
    const { restarting, aside } = await done(there, 'console.join', { code, name: 'Store 112', mine: 'aside' });
    expect(restarting).toBe(true);
    await there.close();

    there = await openOn(data, { demonstration: true });
    expect(await id(there)).not.toBe(before);
    expect(await done(there, 'organisation.show', {})).toMatchObject({ standing: 'asking', log: 'empty', ops: 3 });
    expect((await done(there, 'status', {})).estate).toMatchObject({ demonstration: false, services: 0 });
    expect((await done(there, 'settings.get', {})).theme).toBe('light');
    expect(existsSync(join(data, 'anew.json'))).toBe(false);
    expect(
      existsSync(join(data, 'credentials.json')) && readFileSync(join(data, 'credentials.json'), 'utf8'),
    ).not.toContain(code);
    await carry(there, here);
    await done(here, 'console.accept', { console: 'Store 112' });
    await carry(here, there);
    expect(await standing(there)).toBe('member');
    expect(await titles(here)).toEqual([]);

    const old = await openOn(aside!);
    expect(await id(old)).toBe(before);
    expect(await titles(old)).toEqual(['Practised']);
  });
});

describe('consoles of an organisation', () => {
  it('count as revoked while two sides say different things at once, until somebody settles it', async () => {
    const here = await founder();
    const there = await joined(here, 'Store 112');
    const third = await joined(here, 'Store 7');
    const lost = await id(third);
    await carry(here, there);
    // The store heard of no revocation when headquarters took it back and the store revoked it.
    await done(here, 'console.revoke', { console: lost, reason: 'a mistake' });
    await carry(here, there);
    await done(here, 'console.enrol', { console: lost, reason: 'it was a mistake' });
    await done(there, 'console.rename', { console: lost, name: 'Stolen till' });
    const other = await joined(here, 'Store 9');
    await done(other, 'console.revoke', { console: lost, reason: 'seen in a pawn shop' });
    await done(here, 'console.revoke', { console: lost, reason: 'again' });
    await done(here, 'console.enrol', { console: lost, reason: 'and back' });
    await carry(other, here);
    const contested = await line(here, lost);
    expect(contested.standing).toBe('contested');
    expect(contested.verdicts.map(({ access, reason }) => [access, reason])).toEqual([
      ['revoked', 'seen in a pawn shop'],
      ['enrolled', 'and back'],
    ]);
    expect((await done(here, 'situation', {})).needs.map(({ kind }) => kind)).toContain('conflict');
    await declare(third, 'While contested');
    await carry(third, here);
    expect(await titles(here)).not.toContain('While contested');
    await done(here, 'console.enrol', { console: lost, reason: 'it is in our hands' });
    expect(await line(here, lost)).toMatchObject({ standing: 'enrolled', keptOut: 0 });
    expect(await titles(here)).toContain('While contested');
    await carry(there, here);
    expect((await line(here, lost)).name).toBe('Stolen till');
  });

  it('are never all revoked, and only by who may', async () => {
    const here = await founder();
    const own = await id(here);
    expect(await refused(here, 'console.revoke', { console: own, reason: 'x' })).toContain('the only console');
    const there = await joined(here, 'Store 112');
    const newcomer = await id(there);
    expect(await refused(here, 'console.revoke', { console: 'nobody', reason: 'x' })).toContain('no console "nobody"');
    expect(await refused(here, 'console.revoke', { console: newcomer, reason: ' ' })).toContain('why');
    expect(await refused(here, 'console.rename', { console: newcomer, name: 'War room' })).toContain('already');
    await done(here, 'console.revoke', { console: own, reason: 'handed in' });
    expect(await refused(here, 'console.enrol', { console: own, reason: 'x' })).toContain('revoked');
    await carry(here, there);
    expect(await refused(there, 'console.revoke', { console: newcomer, reason: 'x' })).toContain('the only console');
    await declare(here, 'Goes on locally');
    const { path } = await done(here, 'bundle.export', { to: join(newFolder(), 'kept.holdfast') });
    expect(existsSync(path)).toBe(true);

    const stranger = await openOn(newFolder());
    expect(await refused(stranger, 'console.invite', {})).toContain('belongs to no organisation');
    expect((await reply(stranger, 'console.accept', { console: 'x' })).ok).toBe(false);
  });
});

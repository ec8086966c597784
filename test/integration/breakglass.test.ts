/** Emergency access with real engines: each way in, what it reaches, how it ends, and what has to follow. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../electron/engine/access/session.ts';
import type { Engine, EngineOptions } from '../../electron/engine/engine.ts';
import { heldSince } from '../../electron/engine/governance/holds.ts';
import { LocalSignals } from '../../electron/engine/sources/local-tables.ts';
import { bare } from '../../electron/engine/store/log.ts';
import { loadIdentity, rawKey } from '../../electron/engine/access/identity.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { answer, refusal } from '../support/cli.ts';
import { enrolIn, inStore, newFolder, openOn } from '../support/engines.ts';

const [ANA, RAJ, LI, MO] = ['ana-kovac', 'raj-menon', 'li-wen', 'mo-haas'] as const;
const ROOM: Caller = { id: 'the window of the war room', kind: 'window' };
const OTHER: Caller = { id: 'another window', kind: 'window' };
const WORDS = 'seven lemons on a tram';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A clock that the test sets, also back. */
class Wall {
  at = Date.now();
  readonly now = (): number => this.at;
}

/** A guess that costs nothing: what is tested is what becomes of it. */
const cheap: Partial<EngineOptions> = {
  guess: { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 },
  machine: 'this machine',
};

const open = (data: string, wall: Wall): Promise<Engine> =>
  openOn(data, { demonstration: true, now: wall.now, ...cheap });

function ask<K extends Name>(engine: Engine, name: K, input: Input<K>, caller = ROOM): Promise<Reply<Output<K>>> {
  return engine.call(name, input, { request: crypto.randomUUID(), caller }) as Promise<Reply<Output<K>>>;
}

async function ok<K extends Name>(engine: Engine, name: K, input: Input<K>, caller = ROOM): Promise<Output<K>> {
  const reply = await ask(engine, name, input, caller);
  if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
  return reply.value;
}

async function no<K extends Name>(engine: Engine, name: K, input: Input<K>, caller = ROOM): Promise<string> {
  const reply = await ask(engine, name, input, caller);
  if (reply.ok) throw new Error(`${name} was done`);
  return reply.message;
}

/** A sheet of codes as somebody reads it off the paper. */
async function codes(engine: Engine, data: string, more: Partial<Input<'breakglass.prepare'>> = {}): Promise<string[]> {
  const to = join(data, `sheet-${crypto.randomUUID()}.html`);
  await ok(engine, 'breakglass.prepare', { to, count: 2, label: 'safe', ...more });
  return readFileSync(to, 'utf8').match(/\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b/g)!;
}

const declare = async (engine: Engine, title = 'Checkout failing'): Promise<string> =>
  (await ok(engine, 'incident.declare', { title, severity: 'SEV2', services: ['checkout-api'] })).id;

/** A console that Ana, its keeper, has locked; codes lie in the safe. */
async function lockedConsole(wall = new Wall(), data = newFolder()) {
  const engine = await open(data, wall);
  await ok(engine, 'settings.set', { actingAs: ANA });
  const incident = await declare(engine);
  const other = await declare(engine, 'Warehouse late');
  const sheet = await codes(engine, data);
  await ok(engine, 'access.grant', { to: ANA, role: 'keeper' });
  await ok(engine, 'access.secret', { person: ANA, secret: WORDS });
  await ok(engine, 'access.lock', {});
  return { engine, data, wall, incident, other, sheet };
}

const wanted = (incident: string) => ({
  holder: RAJ,
  reason: 'single sign-on is down',
  capabilities: ['approve-critical' as const, 'command' as const],
  incidents: [incident],
});

const needsOf = async (engine: Engine, caller = ROOM): Promise<string[]> =>
  (await ok(engine, 'situation', {}, caller)).needs
    .filter(({ kind }) => kind.startsWith('grant'))
    .map(({ text }) => text);

describe('a sealed code', () => {
  it('opens nothing for somebody whom the policy does not let hold it, and is not spent on that', async () => {
    const { engine, incident, sheet } = await lockedConsole();
    await ok(engine, 'access.unlock', { person: ANA, secret: WORDS });
    const { text } = await ok(engine, 'policy.show', { policy: 'access' });
    const fewer = text.replace('approve-reversible, break-glass]', 'approve-reversible]');
    await ok(engine, 'policy.set', { policy: 'access', text: fewer, reason: 'only who is named' });
    await ok(engine, 'access.lock', {});
    const use = { ...wanted(incident), code: sheet[0]! };
    expect(await no(engine, 'breakglass.use', use)).toMatch(
      /Raj Menon does not hold the capability "break-glass". Ana Kovač .* has it/,
    );
    expect(await no(engine, 'breakglass.request', wanted(incident))).toMatch(/"break-glass"/);
    await ok(engine, 'breakglass.use', { ...use, holder: ANA });
  });

  it('lets its holder into a locked console for what it names, writes down all that is done, and is over when it is over', async () => {
    const { engine, wall, incident, other, sheet } = await lockedConsole();
    expect(await no(engine, 'incident.say', { incident, text: 'hello' })).toMatch(/locked/);
    const grant = await ok(engine, 'breakglass.use', {
      ...wanted(incident),
      code: sheet[0]!.toLowerCase(),
      minutes: 30,
    });
    expect(Math.abs(grant.expiresAt - wall.at - 30 * MINUTE)).toBeLessThan(MINUTE);
    expect((await ok(engine, 'breakglass.now', {})).inForce).toMatchObject([
      { holder: { id: RAJ }, here: true, remainingMs: expect.any(Number) },
    ]);
    expect((await ok(engine, 'incident.timeline', { incident })).entries[0]!.summary).toMatch(
      /^EMERGENCY ACCESS: Raj Menon holds approve-critical, command until .*by a sealed code/,
    );
    expect(await needsOf(engine)).toEqual([expect.stringMatching(/EMERGENCY ACCESS BG-.* in force: Raj Menon/)]);

    await ok(engine, 'incident.retitle', { incident, title: 'Checkout fails for cards' });
    expect(await no(engine, 'incident.retitle', { incident: other, title: 'x' })).toMatch(/capability "command"/);
    // What the code did not give, and what Raj holds by himself when he has not unlocked.
    expect(await no(engine, 'policy.reset', { policy: 'severity', reason: 'x' })).toMatch(
      /edit-estate|manage-console|audit/,
    );
    expect((await ok(engine, 'incident.timeline', { incident })).entries[0]!.summary).toMatch(
      /Checkout fails for cards.*\[under emergency access\]$/,
    );
    const { acts } = await ok(engine, 'breakglass.acts', { grant: grant.label });
    expect(acts).toMatchObject([{ actor: { id: RAJ }, incident: { id: incident } }]);
    expect(acts[0]!.summary).toMatch(/Checkout fails for cards/);

    wall.at += 31 * MINUTE;
    expect(await no(engine, 'incident.retitle', { incident, title: 'y' })).toMatch(/locked/);
    expect((await ok(engine, 'breakglass.now', {})).inForce).toEqual([]);
    expect(await needsOf(engine)).toEqual([expect.stringMatching(/review emergency access BG-/)]);
    expect(await no(engine, 'breakglass.use', { ...wanted(incident), code: sheet[0]! })).toMatch(
      /used already, by Raj Menon/,
    );
  });

  it('to declare and write opens new incidents and its own, and no other', async () => {
    const { engine, incident, other, sheet } = await lockedConsole();
    await ok(engine, 'breakglass.use', { ...wanted(incident), capabilities: ['declare'], code: sheet[0]! });
    await ok(engine, 'incident.say', { incident, text: 'here' });
    expect(await no(engine, 'incident.say', { incident: other, text: 'there' })).toMatch(/does not reach INC-0002/);
    const fresh = await declare(engine, 'Something else fails');
    await ok(engine, 'incident.say', { incident: fresh, text: 'here, too' });
  });

  it('is revived by no clock that is set back, not after a restart either', async () => {
    const { engine, data, wall, incident, sheet } = await lockedConsole();
    await ok(engine, 'breakglass.use', { ...wanted(incident), code: sheet[0]!, minutes: 60 });
    wall.at += 50 * MINUTE;
    await ok(engine, 'incident.retitle', { incident, title: 'after 50 min' });
    // Set back while it runs: the time that was seen stands.
    wall.at -= 40 * MINUTE;
    const [running] = (await ok(engine, 'breakglass.now', {})).inForce;
    expect(running!.remainingMs).toBeLessThan(11 * MINUTE);
    await engine.close();
    const again = await open(data, wall);
    const [still] = (await ok(again, 'breakglass.now', {})).inForce;
    expect(still!.remainingMs).toBeLessThan(11 * MINUTE);
    wall.at += 51 * MINUTE;
    expect((await ok(again, 'breakglass.now', {})).inForce).toEqual([]);
    expect(await no(again, 'incident.retitle', { incident, title: 'late' })).toMatch(/locked/);
    await again.close();
    wall.at -= 10 * HOUR;
    const third = await open(data, wall);
    expect((await ok(third, 'breakglass.now', {})).inForce).toEqual([]);
    expect(await no(third, 'incident.retitle', { incident, title: 'revived' })).toMatch(/locked/);
  });

  it('lets a command line in as well, which is asked for nothing more', async () => {
    const { engine, data, incident, sheet } = await lockedConsole();
    await engine.close();
    const on = { data };
    expect(await refusal(['incident', 'say', incident, 'hello'], on)).toMatchObject({ code: 'locked' });
    const wanted = ['--holder', RAJ, '--capabilities', 'command', '--incidents', incident, '--code', sheet[0]!];
    const { label } = await answer('breakglass.use', [...wanted, '--reason', 'the window is gone'], on);
    await answer('incident.retitle', [incident, 'Checkout fails for cards'], on);
    expect(await answer('access.session', [], on)).toMatchObject({ state: 'unlocked', how: 'break-glass' });
    await answer('breakglass.end', [label], on);
    expect(await refusal(['incident', 'retitle', incident, 'late'], on)).toMatchObject({ code: 'locked' });
  });

  it('of two people is opened at a command line by what each of them unlocks with, typed or piped in', async () => {
    const data = newFolder();
    // On this very machine, as the command line is.
    const engine = await openOn(data, { demonstration: true, guess: cheap.guess! });
    const incident = await declare(engine);
    await ok(engine, 'access.grant', { to: ANA, role: 'keeper' });
    await ok(engine, 'access.secret', { person: ANA, secret: WORDS });
    await ok(engine, 'access.secret', { person: RAJ, secret: 'four owls count copper' });
    await engine.close();
    const wanted = ['--holder', RAJ, '--capabilities', 'command', '--incidents', incident, '--second', ANA];
    const input = `four owls count copper\n${WORDS}\n`;
    await answer('breakglass.use', [...wanted, '--reason', 'the window is gone'], { data, input });
    await answer('incident.retitle', [incident, 'Checkout fails for cards'], { data });
    const { inForce } = await answer('breakglass.now', [], { data });
    expect(inForce).toMatchObject([{ holder: { id: RAJ }, here: true }]);
    await answer('access.lock', [], { data });
  });

  it('that is mistyped costs nothing; ten wrong ones lock the console out, ever longer, whatever is done to its clock', async () => {
    const { engine, data, wall, incident, sheet } = await lockedConsole();
    const last = sheet[0]!.endsWith('A') ? 'B' : 'A';
    expect(
      await no(engine, 'breakglass.use', { ...wanted(incident), code: `${sheet[0]!.slice(0, -1)}${last}` }),
    ).toMatch(/mistyped/);
    const stranger = '0000-0000-0000-0000';
    for (let left = 9; left >= 1; left--)
      expect(await no(engine, 'breakglass.use', { ...wanted(incident), code: stranger })).toContain(
        `${left} ${left === 1 ? 'try is' : 'tries are'} left`,
      );
    expect(await no(engine, 'breakglass.use', { ...wanted(incident), code: stranger })).toMatch(
      /10th in a row: wait 1 min/,
    );
    expect(await no(engine, 'breakglass.use', { ...wanted(incident), code: sheet[0]! })).toMatch(/takes none/);
    await engine.close();
    wall.at -= HOUR;
    const again = await open(data, wall);
    expect(await no(again, 'breakglass.use', { ...wanted(incident), code: sheet[0]! })).toMatch(/takes none/);
    // Meanwhile real seconds count as well.
    wall.at += HOUR + 90_000;
    expect(await no(again, 'breakglass.use', { ...wanted(incident), code: stranger })).toMatch(
      /11th in a row: wait 2 min/,
    );
    wall.at += 2 * MINUTE + 30_000;
    await ok(again, 'breakglass.use', { ...wanted(incident), code: sheet[0]! });
  });

  it('opens nothing beyond its sheet and the policy, and nothing once it is void', async () => {
    const wall = new Wall();
    const data = newFolder();
    const engine = await open(data, wall);
    await ok(engine, 'settings.set', { actingAs: ANA });
    const incident = await declare(engine);
    const [small, second] = await codes(engine, data, { capabilities: ['command'], minutes: 20, label: 'drawer' });
    const use = (more: Partial<Input<'breakglass.use'>>) =>
      no(engine, 'breakglass.use', { ...wanted(incident), code: small!, ...more });
    expect(await use({})).toMatch(/not approve-critical/);
    expect(await use({ capabilities: ['command'], minutes: 30 })).toMatch(/20 minutes at most/);
    expect(await use({ capabilities: ['grant-access'] })).toMatch(/never gives grant-access/);
    expect(await use({ minutes: 241 })).toMatch(/allows 240 at most/);
    expect(await use({ incidents: [] })).toMatch(/name the incident/);
    await ok(engine, 'breakglass.void', { sheet: 'drawer', reason: 'the seal was broken' });
    expect(await use({ capabilities: ['command'], minutes: 10, code: second! })).toMatch(/void: the seal was broken/);
    const log = readFileSync(join(data, 'holdfast.db'));
    expect(log.includes(small!)).toBe(false);
    expect(log.includes(small!.replaceAll('-', ''))).toBe(false);
  });

  it('that two consoles used while they were cut off is found when they meet, and told at both', async () => {
    const wall = new Wall();
    const first = await lockedConsole(wall);
    // The second console knows what the first wrote before the line was cut.
    const away = newFolder();
    await first.engine.close();
    const there = await open(away, wall);
    await there.close();
    enrolIn(away, first.data);
    enrolIn(first.data, away);
    exchange(first.data, away);

    const [a, b] = [await open(first.data, wall), await open(away, wall)];
    const incident = first.incident;
    await ok(a, 'breakglass.use', { ...wanted(incident), code: first.sheet[0]! });
    wall.at += MINUTE;
    await ok(b, 'breakglass.use', { ...wanted(incident), holder: LI, code: first.sheet[0]! });
    await a.close();
    await b.close();
    exchange(first.data, away);
    exchange(away, first.data);
    for (const [data, name] of [
      [first.data, 'first'],
      [away, 'second'],
    ] as const) {
      const engine = await open(data, wall);
      expect(await needsOf(engine), name).toContainEqual(
        expect.stringMatching(/one sealed code opened BG-.*Raj Menon.* and BG-.*Li Wen/),
      );
      const { grants } = await ok(engine, 'breakglass.list', {});
      expect(grants.flatMap(({ alarms }) => alarms)).toEqual([
        expect.stringMatching(/same sealed code also opened BG-/),
        expect.stringMatching(/same sealed code also opened BG-/),
      ]);
      await engine.close();
    }
  });
});

/** Carries all that the console of `from` wrote itself into `to`; no engine may have either open. */
function exchange(from: string, to: string): void {
  const { publicKey } = loadIdentity(from);
  const key = rawKey(publicKey).toString('base64url');
  const segments = inStore(from, (store) =>
    store.segments
      .of(store.console)
      .map((seal) => ({ ...seal, key, ops: store.log.range(store.console, seal.first, seal.last).map(bare) })),
  );
  inStore(to, (store) => store.ingest(segments, 'test'));
}

describe('two people who are here', () => {
  it('open together what neither could alone, each proved, and the second let by the policy', async () => {
    const wall = new Wall();
    const data = newFolder();
    const engine = await open(data, wall);
    await ok(engine, 'settings.set', { actingAs: ANA });
    const incident = await declare(engine);
    const [proof] = await codes(engine, data, { person: RAJ, label: 'Raj' });
    await ok(engine, 'access.grant', { to: ANA, role: 'keeper' });
    await ok(engine, 'access.secret', { person: ANA, secret: WORDS });
    await ok(engine, 'access.lock', {});
    const two = { ...wanted(incident), second: ANA, code: proof!, secondPassphrase: WORDS };
    expect(await no(engine, 'breakglass.use', { ...two, second: RAJ })).toMatch(/two different people/);
    expect(await no(engine, 'breakglass.use', { ...two, second: MO })).toMatch(/does not let .* be the second/);
    expect(await no(engine, 'breakglass.use', { ...two, secondPassphrase: 'wrong words here' })).toMatch(
      /not what Ana Kovač unlocks with/,
    );
    expect(await no(engine, 'breakglass.use', { ...wanted(incident), code: proof! })).toMatch(/opens nothing alone/);
    await ok(engine, 'breakglass.use', two);
    const { grants } = await ok(engine, 'breakglass.list', {});
    expect(grants).toMatchObject([
      { way: 'two-persons', holder: { id: RAJ }, witness: { id: ANA }, state: 'in-force' },
    ]);
    await ok(engine, 'incident.retitle', { incident, title: 'By two' });
  });
});

describe('another console', () => {
  async function pair() {
    const wall = new Wall();
    const asking = await lockedConsole(wall);
    await asking.engine.close();
    const away = newFolder();
    const there = await open(away, wall);
    await there.close();
    enrolIn(away, asking.data);
    enrolIn(asking.data, away);
    exchange(asking.data, away);
    exchange(away, asking.data);
    return { wall, here: asking.data, away, incident: asking.incident };
  }

  it('approves what arrives with the log, by somebody else; only the window that asked opens it, and not too late', async () => {
    const { wall, here, away, incident } = await pair();
    let a = await open(here, wall);
    const { grant, label } = await ok(a, 'breakglass.request', wanted(incident));
    expect(await no(a, 'breakglass.open', { grant })).toMatch(/Nobody has approved/);
    await a.close();
    exchange(here, away);
    const b = await open(away, wall);
    await ok(b, 'settings.set', { actingAs: RAJ });
    expect(await no(b, 'breakglass.approve', { grant })).toMatch(/for themselves/);
    await ok(b, 'settings.set', { actingAs: ANA });
    expect(await needsOf(b)).toEqual([expect.stringMatching(/approve emergency access\? Raj Menon: single sign-on/)]);
    await ok(b, 'breakglass.approve', { grant: label, reason: 'I know his voice' });
    await b.close();
    exchange(away, here);
    a = await open(here, wall);
    expect(await no(a, 'breakglass.open', { grant }, OTHER)).toMatch(/another window/);
    expect((await ok(a, 'breakglass.list', {})).grants[0]).toMatchObject({ state: 'approved', mayOpen: true });
    await ok(a, 'breakglass.open', { grant });
    await ok(a, 'incident.retitle', { incident, title: 'From afar' });
    await ok(a, 'breakglass.end', { grant, reason: 'done' });
    expect(await no(a, 'incident.retitle', { incident, title: 'x' })).toMatch(/locked/);

    const late = await ok(a, 'breakglass.request', wanted(incident));
    wall.at += 31 * MINUTE;
    expect(await no(a, 'breakglass.open', { grant: late.grant })).toMatch(/lapsed/);
  });

  it('approves over the phone with no line at all; a wrong answer, another approver or another request does not fit', async () => {
    const { wall, here, away, incident } = await pair();
    const [a, b] = [await open(here, wall), await open(away, wall)];
    await ok(b, 'settings.set', { actingAs: ANA });
    const { grant, challenge } = await ok(a, 'breakglass.request', { ...wanted(incident), minutes: 45 });
    expect(await ok(b, 'breakglass.read', { challenge: challenge! })).toMatchObject({
      holder: { id: RAJ },
      capabilities: ['command', 'approve-critical'],
      incident: 'INC-0001',
      minutes: 45,
    });
    const { response } = await ok(b, 'breakglass.phone', { challenge: challenge! });
    const second = await ok(a, 'breakglass.request', { ...wanted(incident), minutes: 45 });
    expect(await no(a, 'breakglass.open', { grant: second.grant, response, approver: ANA })).toMatch(/not the answer/);
    expect(await no(a, 'breakglass.open', { grant, response, approver: LI })).toMatch(/grant-access/);
    expect(await no(a, 'breakglass.open', { grant, response: '0000-0000-0000', approver: ANA })).toMatch(
      /not the answer/,
    );
    await ok(a, 'breakglass.open', { grant, response, approver: ANA });
    const before = (await ok(a, 'breakglass.list', {})).grants.find(({ id }) => id === grant)!;
    expect(before).toMatchObject({
      way: 'phone',
      witness: { id: ANA },
      alarms: [expect.stringMatching(/not confirmed/)],
    });
    await a.close();
    await b.close();
    exchange(away, here);
    const after = await open(here, wall);
    expect((await ok(after, 'breakglass.list', {})).grants.find(({ id }) => id === grant)!.alarms).toEqual([]);
  });
});

describe('afterwards', () => {
  it('an incident is closed only once somebody who had no part looked at it', async () => {
    const { engine, incident, sheet } = await lockedConsole();
    const { grant } = await ok(engine, 'breakglass.use', { ...wanted(incident), code: sheet[0]! });
    await ok(engine, 'incident.state', { incident, status: 'resolved' });
    expect(await no(engine, 'incident.close', { incident })).toMatch(/Emergency access is in force/);
    await ok(engine, 'breakglass.end', { grant });
    await ok(engine, 'access.unlock', { person: ANA, secret: WORDS });
    expect(await no(engine, 'incident.close', { incident })).toMatch(/nobody else has reviewed it: BG-.* of Raj Menon/);
    await ok(engine, 'breakglass.review', { grant, verdict: 'proper', text: 'looked at each act' });
    await ok(engine, 'incident.close', { incident });
  });

  it('its holder does not review it', async () => {
    const wall = new Wall();
    const data = newFolder();
    const engine = await open(data, wall);
    await ok(engine, 'settings.set', { actingAs: ANA });
    const incident = await declare(engine);
    const [code] = await codes(engine, data);
    const { grant } = await ok(engine, 'breakglass.use', { ...wanted(incident), holder: ANA, code: code! });
    await ok(engine, 'breakglass.end', { grant });
    expect(await no(engine, 'breakglass.review', { grant, verdict: 'proper', text: 'fine' })).toMatch(
      /had a part in it/,
    );
  });
});

describe('legal holds', () => {
  it('keep samples that would be written over or dropped with their source, until they are released', async () => {
    const wall = new Wall();
    const data = newFolder();
    const engine = await open(data, wall);
    await ok(engine, 'settings.set', { actingAs: ANA });
    const incident = await declare(engine);
    await ok(engine, 'hold.set', { incident, reason: 'the lawyers ask' });
    expect(await ok(engine, 'hold.list', {})).toMatchObject([{ reason: 'the lawyers ask', by: { id: ANA } }]);
    await engine.close();
    inStore(data, (store) => {
      const local = new LocalSignals(store.db, () => heldSince(store));
      const sample = (at: number, value: number) => ({ source: 's', key: 'k', sample: { at, value, slots: 2 } });
      local.write([sample(wall.at, 1), sample(wall.at + MINUTE, 2), sample(wall.at + 2 * MINUTE, 3)]);
      local.drop('s');
      expect(local.samples('s', 'k', 0).map(({ value }) => value)).toEqual([1, 2, 3]);
    });
    const again = await open(data, wall);
    expect(await no(again, 'hold.release', { incident, hold: 'none', reason: 'over' })).toMatch(/name one by its id/);
    await ok(again, 'hold.release', { incident, reason: 'settled out of court' });
    await again.close();
    inStore(data, (store) => {
      const local = new LocalSignals(store.db, () => heldSince(store));
      local.write([{ source: 's', key: 'k', sample: { at: wall.at + 9 * MINUTE, value: 9, slots: 2 } }]);
      expect(local.samples('s', 'k', 0).map(({ value }) => value)).toEqual([9]);
    });
  });
});

describe('exceptions', () => {
  it('have an owner and an end, and are settled before the incident is closed', async () => {
    const wall = new Wall();
    const engine = await open(newFolder(), wall);
    const incident = await declare(engine);
    const one = { incident, rule: 'two approvals for payments', reason: 'nobody else is awake', minutes: 30 };
    expect(await no(engine, 'exception.add', one)).toMatch(/owner: say who answers/);
    expect(await no(engine, 'exception.add', { ...one, owner: ANA, policy: 'nonsense' })).toMatch(
      /no policy "nonsense"/,
    );
    const { exception } = await ok(engine, 'exception.add', { ...one, owner: ANA, policy: 'authority' });
    expect(await ok(engine, 'exception.list', {})).toMatchObject([{ state: 'in-force', owner: { id: ANA } }]);
    await ok(engine, 'incident.state', { incident, status: 'resolved' });
    wall.at += HOUR;
    expect(await ok(engine, 'exception.list', {})).toMatchObject([{ state: 'expired' }]);
    expect((await ok(engine, 'situation', {})).needs).toContainEqual(expect.objectContaining({ kind: 'exception' }));
    expect(await no(engine, 'incident.close', { incident })).toMatch(/not settled: two approvals for payments/);
    await ok(engine, 'exception.end', { exception, reason: 'one payment was approved by one' });
    await ok(engine, 'incident.close', { incident });
  });
});

describe('a suspected breach', () => {
  it('opens its questions by itself and runs the times that law sets from the first word of it', async () => {
    const wall = new Wall();
    const engine = await open(newFolder(), wall);
    const incident = await declare(engine);
    expect((await ok(engine, 'breach.show', { incident })).items).toEqual([]);
    await ok(engine, 'incident.concern', { incident, security: 'suspected' });
    const since = wall.at;
    wall.at += 49 * HOUR;
    await ok(engine, 'incident.concern', { incident, security: 'confirmed' });
    const { clocks, items } = await ok(engine, 'breach.show', { incident });
    expect(items.length).toBeGreaterThan(5);
    expect(clocks.find(({ id }) => id === 'supervisory-authority')!.dueAt).toBe(since + 72 * HOUR);
    const due = await ok(engine, 'incident.clock', { incident });
    expect(due.filter(({ kind }) => kind === 'statutory').map(({ at }) => at - since)).toEqual([24 * HOUR, 72 * HOUR]);
    expect(await no(engine, 'breach.answer', { incident, item: 'authority', state: 'not-needed' })).toMatch(/say why/);
    await ok(engine, 'breach.answer', { incident, item: 'authority', note: 'told by letter' });
    await ok(engine, 'breach.answer', { incident, item: 'cards', state: 'not-needed', note: 'no card data there' });
    const after = await ok(engine, 'incident.clock', { incident });
    expect(after.filter(({ kind }) => kind === 'statutory')).toEqual([]);
  });
});

describe('who can say yes', () => {
  it('is told with numbers and absences; a role that nobody has is said', async () => {
    const engine = await open(newFolder(), new Wall());
    const { id: incident } = await ok(engine, 'incident.declare', {
      ...{ title: 'Checkout failing', severity: 'SEV1', services: ['checkout-api'], commander: ANA },
    });
    const { lines } = await ok(engine, 'incident.authority', { incident });
    const rollback = lines.find(({ id }) => id === 'rollback')!;
    expect(rollback.people).toMatchObject([{ id: ANA, as: 'commander', phone: '+49 171 3920001', awayUntil: null }]);
    expect(rollback.empty).toEqual(['deputy', 'operations lead']);
    expect(lines.map(({ id }) => id)).toEqual(expect.arrayContaining(['failover', 'data', 'exception']));
    await ok(engine, 'person.away', { person: ANA, until: '3h' });
    const [away] = (await ok(engine, 'incident.authority', { incident })).lines[0]!.people;
    expect(away!.awayUntil).not.toBeNull();
  });
});

/** Restricted incidents: what is sealed for whom, on one console and on several. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../../electron/engine/access/session.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Reply, Spec } from '../../shared/contract/spec.ts';
import { table, type Input, type Name, type Output } from '../../shared/contract/table.ts';
import { newFolder, openOn } from '../support/engines.ts';
import { CLIENT, signInAs, startIdentityProvider } from '../support/identity-provider.ts';
import { until } from '../support/servers.ts';

const KEEPER: Caller = { id: 'ana at her window', kind: 'window' };
const MEMBER: Caller = { id: 'li at her window', kind: 'window' };
const OUTSIDER: Caller = { id: 'raj at his window', kind: 'window' };
const STRANGER: Caller = { id: 'a locked window', kind: 'window' };
const BOARD: Caller = { id: 'the wall', kind: 'board' };

/** Words that stand nowhere else, in every kind of text of the incident. */
const SECRET = 'zyzzyva';
const TITLE = `${SECRET} leaked payroll`;

const PEOPLE = new URL('../../assets/demo/estate/people.yaml', import.meta.url).pathname;
const guess = { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 };

async function as<K extends Name>(engine: Engine, caller: Caller | null, name: K, input: Input<K>): Promise<Output<K>> {
  const options = { request: crypto.randomUUID(), ...(caller ? { caller } : {}) };
  const answer = (await engine.call(name, input, options)) as Reply<Output<K>>;
  if (!answer.ok) throw new Error(`${name}: ${answer.message}`);
  return answer.value;
}

async function refusal<K extends Name>(
  engine: Engine,
  caller: Caller | null,
  name: K,
  input: Input<K>,
): Promise<string> {
  const answer = await engine.call(name, input, caller ? { caller } : {});
  if (answer.ok) throw new Error(`${name} was done`);
  return `${answer.code}: ${answer.message}`;
}

/** A console with three people who can unlock it; all of them may do everything. */
async function console3(data = newFolder()): Promise<Engine> {
  const engine = await openOn(data, { demonstration: true, guess });
  await as(engine, KEEPER, 'access.grant', { to: 'ana-kovac', role: 'keeper' });
  for (const [person, caller] of [
    ['ana-kovac', KEEPER],
    ['li-wen', MEMBER],
    ['raj-menon', OUTSIDER],
  ] as const) {
    const secret = `${person} has seven lemons`;
    await as(engine, KEEPER, 'access.secret', { person, secret });
    if (person === 'ana-kovac') await as(engine, KEEPER, 'access.unlock', { person, secret });
    else await as(engine, caller, 'access.unlock', { person, secret });
  }
  const capabilities = Object.values(table as Record<string, Spec>).flatMap(({ capability }) => capability ?? []);
  const text = `everybody: [all]\nroles:\n  - {id: all, title: Everything, may: [${[...new Set(capabilities)].join(', ')}]}\n`;
  await as(engine, KEEPER, 'policy.set', { policy: 'access', text, reason: 'all may do all' });
  return engine;
}

/** A restricted incident with words of every kind in it. */
async function leaked(engine: Engine, caller: Caller | null = KEEPER): Promise<{ id: string; label: string }> {
  const { id, label } = await as(engine, caller, 'incident.declare', {
    ...{ title: TITLE, severity: 'SEV1', security: 'suspected' },
    ...{ restrictedTo: ['li-wen'], contact: 'ana-kovac', commander: 'li-wen' },
  });
  const incident = id;
  await as(engine, caller, 'incident.say', { incident, text: `${SECRET} said` });
  await as(engine, caller, 'incident.decide', { incident, text: `${SECRET} decided` });
  await as(engine, caller, 'incident.ask', { incident, text: `${SECRET} asked`, owner: 'li-wen' });
  await as(engine, caller, 'cleanup.add', {
    ...{ incident, kind: 'other', title: `${SECRET} to clean`, count: 3, unit: 'files' },
  });
  await as(engine, caller, 'hold.set', { incident, reason: `${SECRET} held` });
  return { id, label };
}

const bytes = (value: unknown): string => JSON.stringify(value) ?? '';

describe('on one console', () => {
  it('shows a restricted incident whole to its members', async () => {
    const engine = await console3();
    const { id, label } = await leaked(engine);
    expect(label).toBe('RES-0001');
    for (const caller of [KEEPER, MEMBER]) {
      expect((await as(engine, caller, 'incident.show', { incident: label })).title).toBe(TITLE);
      const { entries } = await as(engine, caller, 'incident.timeline', { incident: id });
      expect(entries.map(({ text }) => text)).toContain(`${SECRET} decided`);
      expect(
        (await as(engine, caller, 'incident.timeline', { incident: id, kinds: ['decision'] })).entries,
      ).toHaveLength(1);
      expect((await as(engine, caller, 'search', { text: `${SECRET} said` })).hits.length).toBeGreaterThan(0);
      expect((await as(engine, caller, 'situation', {})).incidents.map(({ title }) => title)).toContain(TITLE);
      const audit = await as(engine, caller, 'audit.list', { incident: id, kinds: ['note'] });
      expect(audit.lines.map(({ who, text }) => [who.id, text])).toEqual([['ana-kovac', `${SECRET} said`]]);
    }
    expect((await as(engine, KEEPER, 'record.verify', {})).ok).toBe(true);
    expect((await as(engine, KEEPER, 'rebuild', {})).same).toBe(true);
  });
});

/** An input that the schema may take: every member filled, what names an incident naming this one. */
function filled(spec: Spec, incident: string, rest: Record<string, unknown>): Record<string, unknown>[] {
  const schema = z.toJSONSchema(spec.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const members = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required ?? []);
  const value = (name: string, one: JsonSchema): unknown => {
    if (name === 'incident') return incident;
    if (name in rest) return rest[name];
    return sample(one);
  };
  const of = (wanted: (name: string) => boolean) =>
    Object.fromEntries(members.filter(([name]) => wanted(name)).map(([name, one]) => [name, value(name, one)]));
  const inputs = [
    of((name) => required.has(name)),
    of((name) => required.has(name) || name === 'incident' || name === 'all' || name === 'everything'),
    of(() => true),
  ];
  return [...new Map(inputs.map((input) => [bytes(input), input])).values()];
}

interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  minimum?: number;
}

function sample(schema: JsonSchema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf) return sample(schema.anyOf[0]!);
  if (schema.type === 'array') return [sample(schema.items ?? {})];
  if (schema.type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([name]) => schema.required?.includes(name))
        .map(([name, one]) => [name, sample(one)]),
    );
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1);
  return 'x';
}

/** What ends the session, the console or the demonstration that the others are tried in. */
const ENDS =
  /^(access\.(lock|unlock|secret|forget|withdraw|grant)|backup\.restore|snapshot\.load|console\.(join|revoke)|estate\.leave|policy\.|hub\.|incident\.import|bundle\.import|breakglass\.(use|prepare)|catalog\.import|snapshot\.check|bundle\.inspect)/;

/** A file as it is, and unpacked as far as it is packed. */
function unpacked(file: Buffer): Buffer[] {
  if (file[0] === 0x1f && file[1] === 0x8b) return [file, gunzipSync(file)];
  const line = file.indexOf(10) + 1;
  return file.subarray(0, 30).includes('"snapshot"') ? [file, zstdDecompressSync(file.subarray(line))] : [file];
}

describe('who may not read it', () => {
  it('gets no byte of it in any reply to any command or query', { timeout: 120_000 }, async () => {
    const out = newFolder();
    const engine = await console3();
    const { id, label } = await leaked(engine);
    const view = await as(engine, KEEPER, 'incident.show', { incident: id });
    const audit = await as(engine, KEEPER, 'audit.list', { incident: id, everything: true });
    const rest = {
      ...{ path: join(out, 'none'), file: join(out, 'none'), paths: [out], folder: out, scope: id },
      ...{ ask: view.asks[0]!.id, entry: audit.lines[0]!.id, id, what: id },
      ...{ person: 'ana-kovac', replace: true, limit: 50 },
    };
    const asked = new Set<string>();
    const leaks: string[] = [];
    for (const kind of ['query', 'command'] as const)
      for (const [name, spec] of Object.entries(table as Record<string, Spec>)) {
        if (spec.kind !== kind || ENDS.test(name)) continue;
        const text = kind === 'query' ? SECRET : 'x';
        for (const caller of kind === 'query' ? [OUTSIDER, STRANGER, BOARD] : [OUTSIDER])
          for (const key of caller === OUTSIDER ? [id, label] : [id])
            for (const input of filled(spec, key, { ...rest, text, to: join(out, name), directory: join(out, name) })) {
              const reply = bytes(await engine.call(name, input, { caller }));
              // What was sent may come back.
              if (reply.replaceAll(`"${SECRET}"`, '').includes(SECRET)) leaks.push(`${name} ${bytes(input)}`);
              asked.add(name);
            }
      }
    expect(leaks).toEqual([]);
    expect(asked.size).toBeGreaterThan(200);
    const written = readdirSync(out, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    expect(written.map(({ name }) => name)).toEqual(expect.arrayContaining(['bundle.export', 'snapshot.make']));
    for (const { parentPath, name } of written)
      for (const text of unpacked(readFileSync(join(parentPath, name))))
        expect(text.includes(SECRET), name).toBe(false);
    expect((await as(engine, KEEPER, 'incident.show', { incident: id })).title).toBe(TITLE);
    expect(await refusal(engine, OUTSIDER, 'incident.show', { incident: label })).toMatch(/^not_found/);
    expect((await as(engine, OUTSIDER, 'search', { text: SECRET })).hits).toEqual([]);
  });
});

/** Carries everything that one console has to another. */
async function carry(from: Engine, to: Engine, giver: Caller | null = null): Promise<void> {
  const { path } = await as(from, giver, 'bundle.export', { to: join(newFolder(), 'all.holdfast') });
  await as(to, null, 'bundle.import', { file: path });
}

/** Consoles of one organisation that nobody has set anything to unlock with. */
async function consoles(count: number): Promise<Engine[]> {
  const first = await openOn(newFolder(), { guess });
  await as(first, null, 'catalog.import', { paths: [PEOPLE] });
  await as(first, null, 'organisation.found', { name: 'Acme', organisation: 'acme', console: 'War room' });
  const all = [first];
  for (let n = 1; n < count; n++) {
    const engine = await openOn(newFolder(), { guess });
    const { code } = await as(first, null, 'console.invite', {});
    await as(engine, null, 'console.join', { code, name: `Console ${n}` });
    await carry(engine, first);
    await as(first, null, 'console.accept', { console: `Console ${n}` });
    all.push(engine);
  }
  for (const engine of all.slice(1)) await carry(first, engine);
  return all;
}

const titles = async (engine: Engine) =>
  (await as(engine, null, 'incident.list', { all: true })).map(({ title }) => title);
const hashOf = async (engine: Engine) => (await as(engine, null, 'rebuild', {})).hash;

describe('on several consoles', () => {
  it('is held and forwarded by all, and read where its key was handed to', { timeout: 60_000 }, async () => {
    const [here, member] = (await consoles(2)) as [Engine, Engine];
    const { id } = await leaked(here, null);
    await carry(here, member);
    expect(await titles(member)).toEqual([]);
    expect((await as(member, null, 'situation', {})).restricted).toMatchObject({
      running: 1,
      contacts: [{ id: 'ana-kovac' }],
    });
    const { ok, findingCount } = await as(member, null, 'record.verify', {});
    expect([ok, findingCount]).toEqual([true, 0]);
    const { lines } = await as(member, null, 'audit.list', { everything: true });
    expect(lines.map(({ summary }) => summary)).toContain('sealed entry of a restricted incident');
    expect(bytes(lines)).not.toContain(SECRET);
    // It has said with what keys are wrapped for it, by the first bundle at the latest.
    await carry(member, here);
    await as(here, null, 'incident.members', { incident: id, add: ['console:Console 1'], reason: 'li works there' });
    await carry(here, member);
    expect(await titles(member)).toEqual([TITLE]);
    expect((await as(member, null, 'search', { text: `${SECRET} said` })).hits.length).toBeGreaterThan(0);
    expect((await as(member, null, 'situation', {})).restricted).toBeUndefined();
    await as(member, null, 'incident.say', { incident: id, text: `${SECRET} from the other` });
    await carry(member, here);

    // Taken off, it reads no more of what is written from then on.
    await as(here, null, 'incident.members', { incident: id, remove: ['console:Console 1'], reason: 'li went home' });
    await as(here, null, 'incident.say', { incident: id, text: `${SECRET} after that` });
    await carry(here, member);
    const notes = (await as(member, null, 'incident.timeline', { incident: id, kinds: ['note'] })).entries;
    expect(notes.map(({ text }) => text)).toEqual([`${SECRET} from the other`, `${SECRET} said`]);

    // Over, and lifted, which opens it to all.
    await as(here, null, 'incident.state', { incident: id, status: 'resolved' });
    await as(here, null, 'incident.lift', { incident: id, reason: 'the court published it' });
    await carry(here, member);
    expect((await as(member, null, 'incident.show', { incident: id })).status).toBe('resolved');
    for (const engine of [here, member]) {
      expect((await as(engine, null, 'rebuild', {})).same).toBe(true);
      expect((await as(engine, null, 'record.verify', {})).ok).toBe(true);
    }
    expect(await hashOf(member)).toBe(await hashOf(here));
  });

  it(
    'reaches the console of somebody whom the provider puts into a group that reads it',
    { timeout: 60_000 },
    async () => {
      const raj = { email: 'raj.menon@hollerkorb.example', groups: ['everybody'] };
      const provider = await startIdentityProvider({ raj });
      try {
        const [here, there] = (await consoles(2)) as [Engine, Engine];
        const keeps = { person: 'raj-menon', secret: 'four owls count copper' };
        await as(there, OUTSIDER, 'access.grant', { to: 'raj-menon', role: 'keeper' });
        await as(there, OUTSIDER, 'access.secret', keeps);
        await as(there, OUTSIDER, 'access.unlock', keeps);
        await carry(there, here, OUTSIDER);
        await as(here, KEEPER, 'access.grant', { to: 'ana-kovac', role: 'keeper' });
        await as(here, KEEPER, 'access.secret', { person: 'ana-kovac', secret: 'seven lemons on a tram' });
        await as(here, KEEPER, 'access.unlock', { person: 'ana-kovac', secret: 'seven lemons on a tram' });
        await as(here, KEEPER, 'access.grant', { to: 'group:approvers', role: 'approver' });
        await as(here, KEEPER, 'sso.set', { issuer: provider.issuer, client: CLIENT, name: 'Contoso' });
        const { attempt, url } = await as(here, OUTSIDER, 'sso.begin', {});
        await Promise.all([as(here, OUTSIDER, 'sso.wait', { attempt }), signInAs(url!, 'raj')]);
        const { id } = await as(here, KEEPER, 'incident.declare', {
          ...{ title: TITLE, restrictedTo: ['role:approver', 'ana-kovac'] },
        });
        const reads = async () => {
          const { consoles } = await as(here, KEEPER, 'incident.restriction', { incident: id });
          return consoles.some(({ name }) => name === 'Console 1');
        };
        expect(await reads()).toBe(false);
        provider.accounts = { raj: { ...raj, groups: ['approvers'] } };
        await as(here, KEEPER, 'sso.retry', {});
        await until('the key to come', reads);
      } finally {
        await provider.kill();
      }
    },
  );

  it('leaves to others what was written before, and nothing after', { timeout: 60_000 }, async () => {
    const [here, outside] = (await consoles(2)) as [Engine, Engine];
    const { id, label } = await as(here, null, 'incident.declare', { title: 'Odd logins', severity: 'SEV2' });
    await as(here, null, 'incident.say', { incident: id, text: 'seen by all' });
    await carry(here, outside);
    await as(here, null, 'incident.restrict', { incident: id, to: ['li-wen'], contact: 'ana-kovac', reason: SECRET });
    await as(here, null, 'incident.say', { incident: id, text: SECRET });
    await carry(here, outside);
    const seen = await as(outside, null, 'incident.timeline', { incident: label });
    expect(bytes(seen)).not.toContain(SECRET);
    expect(seen.entries.map(({ text }) => text)).toContain('seen by all');
    expect((await as(outside, null, 'incident.show', { incident: label })).restricted).toMatchObject({ inside: false });
    expect((await as(outside, null, 'incident.list', {})).map((one) => one.id)).not.toContain(id);
    expect(await refusal(outside, null, 'incident.say', { incident: label, text: 'me too' })).toMatch(
      /^forbidden: This incident is restricted.*Ask Ana Kovač/,
    );
    expect(bytes(await as(here, null, 'incident.timeline', { incident: label }))).toContain(SECRET);
    expect((await as(here, null, 'incident.restriction', { incident: id })).warnings).toHaveLength(2);
  });
});

describe('its end', () => {
  it(
    'comes when its time is over, unless a hold stands, and leaves what was sealed to nobody',
    { timeout: 60_000 },
    async () => {
      let now = Date.UTC(2026, 5, 1);
      const data = newFolder();
      const engine = await openOn(data, { demonstration: true, guess, now: () => (now += 1000) });
      const { id, label } = await as(engine, null, 'incident.declare', {
        ...{ title: TITLE, severity: 'SEV3', restrictedTo: ['li-wen'] },
      });
      const { hold } = await as(engine, null, 'hold.set', { incident: id, reason: 'a court asks' });
      expect(await refusal(engine, null, 'retention.erase', { incident: id, reason: 'x' })).toMatch(/not closed/);
      await as(engine, null, 'incident.state', { incident: id, status: 'resolved' });
      await as(engine, null, 'incident.close', { incident: id });
      expect(await refusal(engine, null, 'retention.erase', { incident: id, reason: 'x' })).toMatch(/legal hold/);
      now += 731 * 86_400_000;
      expect((await as(engine, null, 'retention.list', {})).lines).toMatchObject([{ label, state: 'held', holds: 1 }]);
      expect(await refusal(engine, null, 'retention.erase', { incident: id, reason: 'x' })).toMatch(/legal hold/);
      await as(engine, null, 'hold.release', { incident: id, hold, reason: 'the court is done' });
      expect((await as(engine, null, 'retention.list', {})).lines).toMatchObject([{ label, state: 'due' }]);
      expect((await as(engine, null, 'retention.erase', { incident: id, reason: 'two years' })).sealed).toBeGreaterThan(
        3,
      );
      expect(await titles(engine)).not.toContain(TITLE);
      expect((await as(engine, null, 'search', { text: TITLE })).hits).toEqual([]);
      expect(await refusal(engine, null, 'incident.show', { incident: label })).toMatch(/^not_found/);
      expect((await as(engine, null, 'record.verify', {})).ok).toBe(true);
      expect((await as(engine, null, 'rebuild', {})).same).toBe(true);
      const erased = await as(engine, null, 'audit.list', { everything: true });
      expect(erased.lines.map(({ summary }) => summary)).toContain(
        'erased: its keys were thrown away, what was sealed stays sealed',
      );
    },
  );
});

describe('looking at it', () => {
  it('is written down once in a while, sealed, and looking at others is not', { timeout: 60_000 }, async () => {
    let now = Date.now();
    const engine = await openOn(newFolder(), { demonstration: true, guess, now: () => (now += 10) });
    const open = await as(engine, null, 'incident.declare', { title: 'Slow', severity: 'SEV3' });
    const { id } = await leaked(engine, null);
    const count = async () => (await as(engine, null, 'status', {})).ops;
    const before = await count();
    await as(engine, null, 'incident.show', { incident: open.id });
    await as(engine, null, 'situation', {});
    expect(await count()).toBe(before);
    for (let n = 0; n < 3; n++) await as(engine, null, 'incident.show', { incident: id });
    expect(await count()).toBe(before + 1);
    now += 16 * 60_000;
    await as(engine, null, 'search', { text: SECRET });
    expect(await count()).toBe(before + 2);
    await as(engine, null, 'incident.export', { incident: id, format: 'md', to: join(newFolder(), 'e.md') });
    const { lines } = await as(engine, null, 'audit.list', { incident: id, kinds: ['access'] });
    expect(lines.filter(({ type }) => type === 'incident.looked').map(({ summary }) => summary)).toEqual([
      'took a copy out',
      'looked at it',
      'looked at it',
    ]);
    expect((await as(engine, null, 'incident.restriction', { incident: id })).looks).toHaveLength(1);
  });
});

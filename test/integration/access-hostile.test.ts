/**
 * A page that was taken over calls whatever it likes: 50,000 generated calls through the very checks of the main process and the engine,
 * from a window that a responder unlocked and from a locked one. No effect beyond what the session may, nobody dies, nothing grows.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Caller } from '../../electron/engine/access/session.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { checkCall } from '../../electron/main/call.ts';
import type { Reply, Spec } from '../../shared/contract/spec.ts';
import { table } from '../../shared/contract/table.ts';
import { seeded } from '../support/history.ts';
import { inStore, newFolder, openOn } from '../support/engines.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const KEEPER: Caller = { id: 'the keeper’s window', kind: 'window' };
const RESPONDER: Caller = { id: 'the window that was taken over', kind: 'window' };
const STRANGER: Caller = { id: 'a window that nobody unlocked', kind: 'window' };
const CALLS = 50_000;
const NAMES = Object.keys(table);
const SPECS = table as Record<string, Spec>;

/** What writes files, asks servers or reads the whole log is left to its own tests: here the machine is not the subject. */
const HEAVY = new Set([
  'record.verify',
  'bundle.export',
  'incident.export',
  'catalog.export',
  'map.save',
  'handover.print',
  'calltree.print',
  'update.print',
]);

const IDS = [
  'ana-kovac',
  'raj-menon',
  'INC-0001',
  'checkout-api',
  'keeper',
  'access',
  '../../etc/passwd',
  '',
  'constructor',
  '__proto__',
];
const MEMBERS = [
  'incident',
  'person',
  'to',
  'role',
  'text',
  'secret',
  'policy',
  'reason',
  'service',
  'name',
  'action',
  'file',
  'title',
  'actor',
  'caller',
  'session',
  'capabilities',
];

it('gets nothing that its session may not', async () => {
  const data = newFolder();
  const engine = await openOn(data, {
    demonstration: true,
    guess: { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 },
  });
  const as = async (caller: Caller, name: string, input: unknown): Promise<void> => {
    const reply = await engine.call(name, input, { request: crypto.randomUUID(), caller });
    if (!reply.ok) throw new Error(reply.message);
  };
  await as(KEEPER, 'access.grant', { to: 'ana-kovac', role: 'keeper' });
  await as(KEEPER, 'access.secret', { person: 'ana-kovac', secret: 'seven lemons on a tram' });
  await as(KEEPER, 'access.secret', { person: 'raj-menon', secret: 'four owls count copper' });
  await as(RESPONDER, 'access.unlock', { person: 'raj-menon', secret: 'four owls count copper' });
  await as(KEEPER, 'incident.declare', { title: 'Checkout failing', services: ['checkout-api'] });
  const before = await must(engine, 'status');
  const may = new Set(['read', 'declare', 'command', 'approve-reversible', 'break-glass']);

  const random = seeded(7);
  const codes: Record<string, number> = {};
  const beyond: string[] = [];
  let early = 0;
  for (let n = 0; n < CALLS; n++) {
    let [name, input] = invented(random, n);
    const caller = random() < 0.6 ? RESPONDER : STRANGER;
    // Locking itself it may at any time; then it would be two strangers.
    if (caller === RESPONDER && name === 'access.lock') name = 'access.session';
    // Every other call goes as if the page had come past the main process.
    const checked = n % 2 === 0 ? checkCall([name, input]) : ({ ok: true, name, input } as const);
    const reply: Reply = checked.ok
      ? await engine.call(checked.name, checked.input, { request: `r${n}`, caller })
      : checked.reply;
    const code = reply.ok ? 'done' : reply.code;
    codes[code] = (codes[code] ?? 0) + 1;
    const spec = Object.hasOwn(SPECS, name) ? SPECS[name]! : null;
    if (reply.ok && spec) {
      const allowed =
        spec.capability === null ||
        (caller === RESPONDER ? may.has(spec.capability) : spec.kind === 'query' && spec.capability === 'read');
      if (!allowed) beyond.push(name);
    }
    if (n === CALLS / 5) early = heap();
  }
  expect(beyond).toEqual([]);
  expect(codes['internal'] ?? 0).toBe(0);
  expect(codes['done']).toBeGreaterThan(1000);
  expect(codes['forbidden']).toBeGreaterThan(500);
  expect(codes['locked']).toBeGreaterThan(500);
  expect(heap() / early).toBeLessThan(1.5);
  expect(({} as Record<string, unknown>)['capabilities']).toBeUndefined();

  const after = await must(engine, 'status');
  expect(after.console).toBe(before.console);
  await engine.close();
  const actors = inStore(data, (store) =>
    [...store.log.all()].filter(({ seq }) => seq > before.seq).map(({ actor }) => actor),
  );
  // Whoever it said that it was: it wrote as who unlocked the window, or not at all.
  expect([...new Set(actors)].filter((actor) => actor !== 'system')).toEqual(
    actors.includes('raj-menon') ? ['raj-menon'] : [],
  );
}, 240_000);

async function must(engine: Engine, name: 'status') {
  const reply = await engine.call(name, {}, { caller: KEEPER });
  if (!reply.ok) throw new Error(reply.message);
  return reply.value as { console: string; seq: number };
}

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** A call as somebody would try it: a name of the contract or none, members that belong there or not, other people's ids, too much. */
function invented(random: () => number, n: number): [name: string, input: unknown] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  let name =
    random() < 0.03 ? pick(['constructor', '__proto__', 'toString', 'access.become', '../x', '']) : pick(NAMES);
  if (HEAVY.has(name)) name = 'status';
  if (n % 1000 === 999) return ['incident.say', { incident: 'INC-0001', text: 'x'.repeat(1_000_000) }];
  if (random() < 0.25) return [name, random() < 0.5 ? {} : pick([null, 1, 'x', [], undefined])];
  const input: Record<string, unknown> = {};
  const shape = (Object.hasOwn(SPECS, name) ? (SPECS[name]!.input as { shape?: object }).shape : null) ?? {};
  for (const member of Object.keys(shape)) if (random() < 0.8) input[member] = value(random, pick);
  if (random() < 0.3) input[pick(MEMBERS)] = value(random, pick);
  if (random() < 0.1)
    return [name, JSON.parse(`{"__proto__":{"capabilities":["grant-access"]},"incident":"INC-0001"}`) as unknown];
  return [name, input];
}

function value(random: () => number, pick: <T>(from: readonly T[]) => T): unknown {
  const kind = random();
  if (kind < 0.6) return pick(IDS);
  if (kind < 0.7) return Math.floor(random() * 2e9) - 1e9;
  if (kind < 0.8) return [pick(IDS), pick(IDS)];
  if (kind < 0.9) return random() < 0.5;
  return pick([{ id: 'ana-kovac' }, null, 'a'.repeat(5000), -1, Number.NaN, '\u202e\u0000']);
}

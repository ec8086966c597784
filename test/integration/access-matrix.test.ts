/**
 * Every command and query of the contract by every set of capabilities: exactly the permitted ones pass the gate. The calls carry an
 * input that no schema takes, so that what passes is refused for its input, and nothing is ever done.
 */
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../electron/engine/access/session.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { CAPABILITIES, type Capability, type Reply, type Spec } from '../../shared/contract/spec.ts';
import { table } from '../../shared/contract/table.ts';
import { newFolder, openOn } from '../support/engines.ts';

const KEEPER: Caller = { id: 'the keeper’s window', kind: 'window' };
const SUBJECT: Caller = { id: 'the window that is tried', kind: 'window' };
const STRANGER: Caller = { id: 'a window that nobody unlocked', kind: 'window' };
const BOARD: Caller = { id: 'the wall', kind: 'board' };
const SPECS = Object.entries(table as Record<string, Spec>);

const SETS: readonly (readonly [string, readonly Capability[]])[] = [
  ['nothing', []],
  ['everything', CAPABILITIES],
  ...CAPABILITIES.map((one) => [`only ${one}`, [one]] as const),
  ...CAPABILITIES.map((one) => [`all but ${one}`, CAPABILITIES.filter((other) => other !== one)] as const),
];

/** How far a call came: what is refused for its input has passed the gate. */
async function gate(engine: Engine, name: string, caller?: Caller): Promise<string> {
  const reply = await engine.call(name, { 'no such member': 1 }, caller ? { caller } : {});
  return reply.ok ? 'done' : reply.code;
}

async function must(reply: Promise<Reply>): Promise<void> {
  const answer = await reply;
  if (!answer.ok) throw new Error(answer.message);
}

async function prepared(): Promise<{ engine: Engine; give(may: readonly Capability[]): Promise<void> }> {
  const engine = await openOn(newFolder(), {
    demonstration: true,
    guess: { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 },
  });
  const as = (caller: Caller, name: string, input: unknown) =>
    must(engine.call(name, input, { request: crypto.randomUUID(), caller }));
  const policy = (may: readonly Capability[]) =>
    `everybody: [tried]\nroles:\n  - {id: tried, title: Tried, may: [${may.join(', ')}]}\n  - {id: keeper, title: Keeper, may: [${CAPABILITIES.join(', ')}]}\n`;
  await as(KEEPER, 'access.grant', { to: 'ana-kovac', role: 'keeper' });
  await as(KEEPER, 'access.secret', { person: 'ana-kovac', secret: 'seven lemons on a tram' });
  await as(KEEPER, 'access.secret', { person: 'raj-menon', secret: 'four owls count copper' });
  await as(SUBJECT, 'access.unlock', { person: 'raj-menon', secret: 'four owls count copper' });
  return {
    engine,
    give: (may) =>
      as(KEEPER, 'policy.set', { policy: 'access', text: policy(may), reason: `the matrix: ${may.length}` }),
  };
}

describe('the matrix', () => {
  it('lets exactly those pass who have what the contract asks for', async () => {
    const { engine, give } = await prepared();
    let cells = 0;
    for (const [title, may] of SETS) {
      await give(may);
      for (const [name, { capability }] of SPECS) {
        const wanted = capability === null || may.includes(capability) ? 'bad_input' : 'forbidden';
        expect(await gate(engine, name, SUBJECT), `${name} with ${title}`).toBe(wanted);
        cells++;
      }
    }
    expect(cells).toBe(SETS.length * SPECS.length);
  });

  it.each([
    ['a window that nobody unlocked', STRANGER],
    ['the big board', BOARD],
    ['whoever names no session', undefined],
  ] as const)('lets %s read and unlock, and do nothing', async (_title, caller) => {
    const { engine } = await prepared();
    for (const [name, { capability, kind }] of SPECS) {
      const free = capability === null || (kind === 'query' && capability === 'read');
      expect(await gate(engine, name, caller), name).toBe(free ? 'bad_input' : 'locked');
    }
  });

  it('is open while nobody has set anything to unlock with', async () => {
    const engine = await openOn(newFolder(), {});
    for (const [name] of SPECS) expect(await gate(engine, name, STRANGER), name).toBe('bad_input');
  });
});

describe('what the contract asks for', () => {
  const of = (wanted: Capability | null, kind: Spec['kind']) =>
    SPECS.filter(([, spec]) => spec.capability === wanted && spec.kind === kind)
      .map(([name]) => name)
      .sort();

  it('is nothing only of what it takes to unlock a console', () => {
    expect(of(null, 'command')).toEqual([
      'access.lock',
      'access.unlock',
      // Their own codes and second people stand in for unlocking.
      'breakglass.end',
      'breakglass.open',
      'breakglass.request',
      'breakglass.use',
      // The provider says who it is; of another caller's sign-in these tell and end nothing.
      'sso.begin',
      'sso.cancel',
      'sso.wait',
    ]);
    expect(of(null, 'query')).toEqual(['access.session', 'breakglass.limits', 'settings.get', 'status']);
  });

  it('is more than reading of every command that changes more than this console’s look or writes a file', () => {
    expect(of('read', 'command')).toEqual([
      'access.secret',
      'bundle.export',
      'bundle.stop',
      'calltree.print',
      'catalog.export',
      'digest.read',
      'evidence.fetch',
      'evidence.save',
      'handover.print',
      'hub.retry',
      'incident.export',
      'map.save',
      'record.verify',
      'settings.set',
      'sso.retry',
      'update.print',
    ]);
  });

  it('is never only declaring where a console, its keys, its sources or its people are managed', () => {
    const families =
      /^(backup|bundle\.import|rebuild|sources|endpoint|console|sso\.(set|secret|forget|match)|access\.(grant|withdraw|forget|add)|incident\.import|update\.endpoint)/;
    const low = SPECS.filter(
      ([name, { capability, kind }]) =>
        kind === 'command' && families.test(name) && capability !== 'manage-console' && capability !== 'grant-access',
    );
    expect(low.map(([name]) => name)).toEqual([]);
  });

  it('is no less than the estate’s of what makes a console ask a server or open a file', () => {
    for (const name of [
      'sources.test',
      'endpoint.test',
      'sso.test',
      'catalog.preview',
      'backup.preview',
      'bundle.inspect',
      'policy.lint',
      'runbook.lint',
    ] as const)
      expect(table[name].capability, name).not.toBe('read');
  });
});

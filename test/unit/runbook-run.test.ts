import { describe, expect, it } from 'vitest';
import { diffSteps } from '../../shared/domain/runbook/diff.ts';
import { parseRunbook, pinned } from '../../shared/domain/runbook/runbook.ts';
import { holdsAgainst, standing, toRepeat, type Standing, type StepFacts } from '../../shared/domain/runbook/run.ts';
import { holdWords, minutesWords } from '../../shared/domain/runbook/words.ts';
import { walkAll } from '../../shared/domain/runbook/walk.ts';
import type { PinnedStep } from '../../shared/ops/steps.ts';

const NOW = 1_760_000_000_000;
const MINUTE = 60_000;

const TEXT = `---
id: slow
title: Slow
version: 1.0.0
---
## 1. Look {#look type=check minutes=2 evidence="queue depth"}

## 2. The release? {#which type=decision minutes=3}

- [Yes, the release](#approve)
- [No, the database](#database)
- [It is over](#end)

## 3. May we roll back? {#approve type=approval minutes=2 risk=data-integrity}

## 4. Roll back {#rollback type=action minutes=6 risk=data-integrity reach=5 next=settle}

\`\`\`http
POST {{endpoint.pipeline}}/rollback
Key: {{key}}
\`\`\`

## 5. Free the database {#database type=manual minutes=20}

## 6. Let it settle {#settle type=wait minutes=5 until="the queue is empty"}

## 7. Better? {#better type=decision minutes=1}

- [Yes](#end)
- [No, look again](#look)
`;
const STEPS = parseRunbook('slow.md', TEXT).steps.map(pinned);

type Known = Partial<Record<string, Partial<StepFacts>>>;
const facts =
  (known: Known) =>
  (step: string): StepFacts => ({
    ...{ state: 'open', branch: null, at: null, contested: false, attached: [], overruled: [] },
    ...known[step],
  });
const run = (known: Known, options: { reached?: number | null; steps?: readonly PinnedStep[] } = {}): Standing =>
  standing({ steps: options.steps ?? STEPS, of: facts(known), reached: options.reached ?? 3, now: NOW });
const holds = (it: Standing, id: string) => it.steps.find((step) => step.id === id)!.holds;
const needless = (it: Standing) => it.steps.filter(({ needed }) => !needed).map(({ id }) => id);

const DONE = { state: 'done' } as const;
const RELEASE: Known = { look: DONE, which: { ...DONE, branch: 'approve' } };

describe('a run', () => {
  it('begins at the first step, with the minutes of its shortest and its longest branch', () => {
    const it = run({});
    expect(it).toMatchObject({ next: 'look', way: ['look', 'which'], done: 0, total: 6, state: 'running' });
    // look 2, which 3; then nothing (it is over), or at most database 20, settle 5, better 1.
    expect(it.minutes).toEqual({ least: 5, most: 31 });
    expect(minutesWords(it.minutes)).toBe('5–31 min');
    expect(needless(it)).toEqual([]);
  });

  it('goes where the branch leads, and needs nothing that it jumps over', () => {
    const it = run(RELEASE);
    expect(it).toMatchObject({
      ...{ next: 'approve', done: 2, total: 6 },
      way: ['look', 'which', 'approve', 'rollback', 'settle', 'better'],
    });
    expect(needless(it)).toEqual(['database']);
    expect(needless(run({ look: DONE, which: { ...DONE, branch: 'database' } }))).toEqual(['approve', 'rollback']);
    expect(run({ look: DONE, which: { ...DONE, branch: 'end' } })).toMatchObject({
      ...{ next: null, done: 2, total: 2, state: 'finished' },
      minutes: { least: 0, most: 0 },
    });
  });

  it('takes nobody past a decision on which two people differ', () => {
    const it = run({ ...RELEASE, which: { state: 'open', branch: null, contested: true } });
    expect(it.next).toBe('which');
    expect(holds(it, 'which').map(({ why }) => why)).toEqual(['contested', 'branch']);
    expect(needless(it)).toEqual([]);
  });

  it('holds a risky request until its approval is done; one that was skipped approves nothing', () => {
    for (const approve of [undefined, { state: 'skipped' }, { state: 'failed' }, { ...DONE, contested: true }] as const)
      expect(holdsAgainst(holds(run({ ...RELEASE, ...(approve ? { approve } : {}) }), 'rollback'), 'doing')).toEqual([
        { why: 'approval', step: 'approve' },
      ]);
    expect(holds(run({ ...RELEASE, approve: DONE }), 'rollback')).toEqual([]);
    const alone = STEPS.filter(({ id }) => id === 'rollback');
    expect(holds(run({}, { steps: alone }), 'rollback')).toEqual([{ why: 'approval', step: null }]);
    expect(holds(run({}, { steps: alone.map((step) => ({ ...step, risk: 'low' })) }), 'rollback')).toEqual([]);
  });

  it('stops at its reach guard until somebody overrules it, and again when it has grown since', () => {
    const approved = { ...RELEASE, approve: DONE };
    const reach = (reached: number | null, overruled: StepFacts['overruled'] = []) =>
      holds(
        standing({ steps: STEPS, of: facts({ ...approved, rollback: { overruled } }), reached, now: NOW }),
        'rollback',
      );
    expect(reach(5)).toEqual([]);
    expect(reach(6)).toEqual([{ why: 'reach', figure: 6, limit: 5 }]);
    expect(reach(null)).toEqual([{ why: 'reach', figure: null, limit: 5 }]);
    expect(reach(6, [{ guard: 'reach', figure: 6 }])).toEqual([]);
    expect(reach(9, [{ guard: 'reach', figure: 6 }])).toEqual([{ why: 'reach', figure: 9, limit: 5 }]);
  });

  it('waits for its time and for what is to be attached, and may begin before', () => {
    const waiting = run({
      ...RELEASE,
      approve: DONE,
      rollback: DONE,
      settle: { state: 'doing', at: NOW - 2 * MINUTE },
    });
    expect(waiting.next).toBe('settle');
    expect(holds(waiting, 'settle')).toEqual([{ why: 'wait', until: NOW + 3 * MINUTE }]);
    expect(waiting.minutes).toEqual({ least: 4, most: 4 });
    expect(holdsAgainst(holds(waiting, 'settle'), 'done')).toHaveLength(1);
    expect(holdsAgainst(holds(run({}), 'look'), 'doing')).toEqual([]);
    expect(holdsAgainst(holds(run({}), 'look'), 'done')).toEqual([{ why: 'evidence', missing: ['queue depth'] }]);
    expect(holds(run({ look: { attached: ['queue depth'] } }), 'look')).toEqual([]);
  });

  it('never calls a failed step in progress, and goes on around it', () => {
    const it = run({ ...RELEASE, approve: DONE, rollback: { state: 'failed' } });
    expect(it).toMatchObject({ next: 'settle', done: 3, state: 'running' });
    const end = run({
      ...RELEASE,
      approve: DONE,
      rollback: { state: 'failed' },
      settle: DONE,
      better: { ...DONE, branch: 'end' },
    });
    expect(end).toMatchObject({ next: 'rollback', done: 5, total: 6, state: 'stuck' });
  });

  it('opens the steps of a loop again when a branch leads back, and says so when they were not', () => {
    const known = { ...RELEASE, approve: DONE, rollback: DONE, settle: DONE, better: { ...DONE, branch: 'look' } };
    expect(toRepeat(STEPS, facts(known), 'better', 'look')).toEqual([
      'look',
      'which',
      'approve',
      'rollback',
      'settle',
      'better',
    ]);
    expect(toRepeat(STEPS, facts(known), 'which', 'approve')).toEqual([]);
    const it = run(known);
    expect(it).toMatchObject({ next: 'better', state: 'stuck' });
    expect(holds(it, 'better')).toEqual([{ why: 'loop', to: 'look' }]);
    expect(holdWords(holds(it, 'better')[0]!, { title: () => 'Look', when: String })).toContain('leads back to “Look”');
  });

  it('goes on in the order of the text where a lead goes to nowhere', () => {
    const steps = STEPS.map((step) => (step.id === 'rollback' ? { ...step, next: 'gone' } : step));
    expect(run(RELEASE, { steps }).way).toEqual([
      'look',
      'which',
      'approve',
      'rollback',
      'database',
      'settle',
      'better',
    ]);
  });

  it('of an earlier version, without branches, is one step after the other', () => {
    const old = ['a', 'b', 'c'].map((id) => ({
      ...{
        id,
        title: id,
        type: id === 'b' ? 'decision' : 'manual',
        role: null,
        minutes: null,
        reversible: null,
        body: '',
      },
    }));
    expect(run({ a: DONE }, { steps: old })).toMatchObject({ next: 'b', way: ['a', 'b', 'c'], done: 1, total: 3 });
    expect(run({ a: DONE, b: DONE, c: DONE }, { steps: old }).state).toBe('finished');
  });
});

describe('the ways through a runbook', () => {
  it('are all of them, with their minutes, and the loops by name', () => {
    const { ways, loops, unreached, endless, more } = walkAll(STEPS);
    expect(ways.map(({ steps, minutes }) => [steps.map(({ id }) => id).join(' '), minutes])).toEqual([
      ['look which approve rollback settle better', 19],
      ['look which database settle better', 31],
      ['look which', 5],
    ]);
    expect(ways[0]!.steps[1]).toEqual({ id: 'which', branch: 'approve' });
    expect({ loops, unreached, endless, more }).toEqual({
      ...{ loops: [{ from: 'better', to: 'look' }], unreached: [], endless: [], more: false },
    });
  });

  it('are bounded in a maze', () => {
    const maze = Array.from({ length: 60 }, (_, n): PinnedStep => ({
      ...{ id: `s${n}`, title: `s${n}`, type: 'decision', role: null, minutes: 1, reversible: null, body: '' },
      branches: [1, 2, 3].map((far) => ({ label: `${far}`, to: n + far < 60 ? `s${n + far}` : 'end' })),
    }));
    const started = performance.now();
    const { ways, more, unreached } = walkAll(maze);
    expect([ways.length, more, unreached]).toEqual([500, true, []]);
    const it = run({}, { steps: maze });
    expect(it.total).toBe(60);
    expect(it.minutes).toEqual({ least: 20, most: 60 });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('the difference to a newer text', () => {
  it('names what was added, taken out and changed, line by line', () => {
    const newer = parseRunbook(
      'slow.md',
      TEXT.replace(
        '## 5. Free the database {#database type=manual minutes=20}',
        '## 5. Stop the report {#report minutes=4}',
      )
        .replace('## 6. Let it settle {#settle type=wait minutes=5', '## 6. Let it settle {#settle type=wait minutes=8')
        .replace('(#database)', '(#report)'),
    ).steps.map(pinned);
    const diff = diffSteps(STEPS, newer);
    expect(diff.map(({ id, change }) => `${change} ${id}`)).toEqual([
      ...['same look', 'changed which', 'same approve', 'same rollback', 'added report', 'removed database'],
      ...['changed settle', 'same better'],
    ]);
    expect(diff.find(({ id }) => id === 'settle')!.lines).toEqual([
      { sign: ' ', text: 'Let it settle' },
      { sign: ' ', text: 'type: wait' },
      { sign: '-', text: 'minutes: 5' },
      { sign: '+', text: 'minutes: 8' },
      { sign: ' ', text: 'until: the queue is empty' },
    ]);
  });
});

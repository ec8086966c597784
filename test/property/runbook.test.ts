import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintRunbook } from '../../shared/domain/runbook/lint.ts';
import { parseRunbook, pinned } from '../../shared/domain/runbook/runbook.ts';
import { isSettled, standing, toRepeat, type StepFacts } from '../../shared/domain/runbook/run.ts';
import { walkAll } from '../../shared/domain/runbook/walk.ts';
import { project } from '../../shared/ops/project.ts';
import { emptyState, merge } from '../../shared/ops/registers.ts';
import { outcomeValue, readOutcome } from '../../shared/ops/outcome.ts';
import type { PinnedStep } from '../../shared/ops/steps.ts';
import { StepState, StepType } from '../../shared/domain/words.ts';

const SIZE = 9;
const lead = fc.constantFrom('end', 'nowhere', ...Array.from({ length: SIZE }, (_, n) => `s${n}`));

const runbookText = fc
  .array(
    fc.record({
      type: fc.constantFrom(...StepType.options),
      next: fc.option(lead, { nil: undefined }),
      branches: fc.uniqueArray(lead, { maxLength: 3 }),
      minutes: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
      risk: fc.constantFrom('', ' risk=low', ' risk=payment-flow'),
    }),
    { minLength: 1, maxLength: SIZE },
  )
  .map((steps) =>
    steps
      .map(({ type, next, branches, minutes, risk }, n) => {
        const attributes = [
          `#s${n} type=${type}`,
          next === undefined ? '' : ` next=${next}`,
          minutes === undefined ? '' : ` minutes=${minutes}`,
          type === 'action' || type === 'approval' ? risk : '',
        ].join('');
        const items = type === 'decision' ? branches.map((to) => `- [to ${to}](#${to})`).join('\n') : '';
        return `## ${n + 1}. Step ${n} {${attributes}}\n\n${items}\n`;
      })
      .join('\n'),
  )
  .map((body) => `---\nid: r\ntitle: R\nversion: 1\n---\n${body}`);

const steps = (text: string): PinnedStep[] => parseRunbook('r.md', text).steps.map(pinned);

describe('any runbook', () => {
  it('is walked without leaving it; every step is reached, or reported', () => {
    fc.assert(
      fc.property(runbookText, (text) => {
        const runbook = parseRunbook('r.md', text);
        const ids = new Set(runbook.steps.map(({ id }) => id));
        const { ways, unreached, loops, endless, more } = walkAll(runbook.steps);
        expect(more).toBe(false);
        const reached = new Set(ways.flatMap(({ steps: taken }) => taken.map(({ id }) => id)));
        for (const { steps: taken } of ways) {
          expect(taken.every(({ id }) => ids.has(id))).toBe(true);
          expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
        }
        for (const { from, to } of loops) expect(ids.has(from) && ids.has(to)).toBe(true);
        // A step lies on a way to the end, is on no way at all, or only leads round.
        for (const id of ids)
          if (!reached.has(id) && !unreached.includes(id) && !endless.includes(id))
            expect(loops.length).toBeGreaterThan(0);
        const said = lintRunbook('r.md', runbook).filter(({ severity }) => severity === 'error');
        for (const id of unreached) expect(said.some(({ field }) => field === id)).toBe(true);
        if (endless.some((id) => !unreached.includes(id)))
          expect(said.some(({ message }) => message.includes('circle'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('can be done step by step, whatever is chosen, and the run ends or says why it does not', () => {
    fc.assert(
      fc.property(runbookText, fc.infiniteStream(fc.nat(5)), (text, choices) => {
        const all = steps(text);
        const known = new Map<string, StepFacts>();
        const of = (id: string): StepFacts =>
          known.get(id) ?? { state: 'open', branch: null, at: null, contested: false, attached: [], overruled: [] };
        const picks = choices[Symbol.iterator]();
        for (let turn = 0; turn < 60; turn++) {
          const it = standing({ steps: all, of, reached: 0, now: 0 });
          expect(it.done).toBeLessThanOrEqual(it.total);
          expect(it.minutes.least).toBeLessThanOrEqual(it.minutes.most);
          if (it.next === null) {
            expect(it.state).toBe('finished');
            expect(it.way.every((id) => isSettled(of(id)))).toBe(true);
            return;
          }
          const step = all.find(({ id }) => id === it.next)!;
          expect(it.steps.find(({ id }) => id === step.id)!.needed).toBe(true);
          const branch =
            step.type === 'decision' && step.branches
              ? step.branches[(picks.next().value as number) % step.branches.length]!.to
              : null;
          const after = { ...of(step.id), state: 'done' as const, branch };
          known.set(step.id, after);
          const next = standing({ steps: all, of, reached: 0, now: 0 });
          // What led back is opened again, as the command does.
          if (next.state === 'stuck') {
            const back = next.steps.find(({ id }) => id === next.next)!.holds.find(({ why }) => why === 'loop');
            expect(back).toBeDefined();
            const again = toRepeat(all, of, next.next!, (back as { to: string }).to);
            expect(again.length).toBeGreaterThan(0);
            for (const id of again) known.set(id, { ...of(id), state: 'open', branch: null });
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stands the same in whatever order what was done became known', () => {
    const op = fc.record({
      step: fc.nat(SIZE - 1),
      state: fc.constantFrom(...StepState.options),
      branch: fc.option(lead, { nil: null }),
      base: fc.option(fc.nat(20), { nil: null }),
    });
    fc.assert(
      fc.property(runbookText, fc.array(op, { maxLength: 20 }), fc.infiniteStream(fc.nat(1000)), (text, ops, order) => {
        const all = steps(text);
        const written = ops.map((one, n) => ({ ...one, n, id: `op${String(n).padStart(3, '0')}` }));
        const stands = (list: typeof written) => {
          const state = emptyState();
          const entity = { kind: 'run', id: 'r', scope: 'i' };
          for (const { id, step, state: to, branch, base, n } of list) {
            const field = `step:s${step}`;
            const earlier =
              base === null
                ? []
                : written
                    .filter((other) => other.n < n && other.step === step && other.n % 21 >= base)
                    .map((other) => other.id);
            merge(
              state,
              { do: 'contest', entity, field, value: outcomeValue(to, to === 'done' ? branch : null) },
              { id, hlc: id, actor: 'a', eventTime: n, base: earlier },
            );
          }
          const doc = project(state);
          const contested = new Set((doc.conflicts ?? []).map(({ field }) => field));
          return standing({
            steps: all,
            of: (id) => ({
              ...readOutcome(doc[`step:${id}`]),
              at: null,
              contested: contested.has(`step:${id}`),
              attached: [],
              overruled: [],
            }),
            reached: null,
            now: 0,
          });
        };
        const pick = order[Symbol.iterator]();
        const shuffled = written
          .map((one) => ({ one, at: pick.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(stands(shuffled)).toEqual(stands(written));
      }),
      { numRuns: 300 },
    );
  });
});

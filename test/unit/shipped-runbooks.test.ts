import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../shared/domain/runbook/runbook.ts';
import { Role, StepType } from '../../shared/domain/words.ts';
import { readDemoEstate, RUNBOOKS } from '../support/demo-estate.ts';

const runbooks = readdirSync(RUNBOOKS).map((file) => ({
  file,
  runbook: parseRunbook(file, readFileSync(join(RUNBOOKS, file), 'utf8')),
}));
const estate = readDemoEstate();
const known = new Set([...estate.of('service'), ...estate.of('business-service')].map(({ id }) => id));

describe.each(runbooks)('the shipped runbook $file', ({ file, runbook }) => {
  it('is read without a complaint, under the name of its file', () => {
    expect(runbook.problems).toEqual([]);
    expect(`${runbook.id}.md`).toBe(file);
    expect(runbook.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(runbook.summary.length).toBeGreaterThan(60);
  });

  it('says of every step what it is, who does it and how long it takes', () => {
    expect(runbook.steps.length).toBeGreaterThanOrEqual(10);
    expect(new Set(runbook.steps.map(({ id }) => id)).size).toBe(runbook.steps.length);
    for (const step of runbook.steps) {
      expect(StepType.options, step.id).toContain(step.type);
      expect(Role.options, step.id).toContain(step.role);
      expect(step.minutes, step.id).toBeGreaterThan(0);
      expect(step.attributes, step.id).toEqual({});
      expect(step.body.length, step.id).toBeGreaterThan(120);
      if (step.type === 'approval') expect(step.reversible, step.id).not.toBeNull();
    }
  });

  it('decides, asks before danger, tells people and pays its debts', () => {
    const types = runbook.steps.map(({ type }) => type);
    for (const type of ['check', 'decision', 'approval', 'message']) expect(types).toContain(type);
    for (const { id, type, body } of runbook.steps) if (type === 'message') expect(body, id).toMatch(/^> /m);
    expect(runbook.steps.some(({ id }) => /^clean|^close-/.test(id))).toBe(true);
  });

  it('is found by services that the demonstration has', () => {
    expect(runbook.match.services.length).toBeGreaterThan(0);
    for (const id of [...runbook.match.services, ...runbook.match.businessServices]) expect(known, id).toContain(id);
  });

  it('sends nobody to a step that is not there', () => {
    const last = runbook.steps.length;
    for (const { id, body } of runbook.steps) {
      for (const [, step] of body.matchAll(/\bsteps? (\d+)/g)) expect(Number(step), id).toBeLessThanOrEqual(last);
    }
  });
});

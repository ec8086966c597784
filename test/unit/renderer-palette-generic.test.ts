import { describe, expect, it, vi } from 'vitest';
import { commandSummaries } from '../../shared/contract/summary.ts';
import { table } from '../../shared/contract/table.ts';
import { COMMANDS, genericFlow, inputOf } from '../../renderer/features/palette/generic.ts';
import { everyCommand } from '../../renderer/features/palette/flows.ts';

// The screens find the bridge on the window when they are loaded.
vi.hoisted(() => vi.stubGlobal('window', { holdfast: {} }));

describe('the palette', () => {
  it('has a way in to every command of the contract, also to one that nobody wrote one for', () => {
    const commands = Object.entries(table).flatMap(([name, { kind }]) => (kind === 'command' ? [name] : []));
    expect(COMMANDS.map(({ name }) => name)).toEqual(commands);
    // One dialog takes bundles and incidents and finds out which it was given.
    const elsewhere = everyCommand().flatMap(([name, entries]) => (entries.length === 0 ? [name] : []));
    // A sign-in is waited for, and left off, where it was begun.
    expect(elsewhere.sort()).toEqual(['incident.import', 'sso.cancel', 'sso.wait']);
  });

  it('makes inputs that the contract takes from what was typed', () => {
    const summary = commandSummaries().find(({ name }) => name === 'change.record')!;
    const values = {
      title: 'checkout-api 4.18',
      services: 'checkout-api, payments-api',
      kind: 'deployment',
      eventTime: '1780000000000',
      url: '',
    };
    expect(table['change.record'].input.parse(inputOf(summary.fields, values))).toEqual({
      title: 'checkout-api 4.18',
      services: ['checkout-api', 'payments-api'],
      kind: 'deployment',
      eventTime: 1_780_000_000_000,
    });
  });

  it('asks for what is required first and offers closed sets as a choice', () => {
    const summary = commandSummaries().find(({ name }) => name === 'incident.severity')!;
    const steps = genericFlow(summary).steps;
    expect(steps.map((step) => ('name' in step ? step.name : ''))).toEqual(['incident', 'severity', 'reason']);
    expect(steps.map(({ kind }) => kind)).toEqual(['text', 'pick', 'text']);
    expect('skip' in steps[2]!).toBe(true);
  });
});

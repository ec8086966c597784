import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { GLOBAL_OPTIONS, takeGlobals, understand } from '../../electron/cli/arguments.ts';
import { describe as describeVerb, findVerb, VERBS } from '../../electron/cli/verbs.ts';
import { UsageError } from '../../electron/cli/usage.ts';
import { table } from '../../shared/contract/table.ts';

/** A Tuesday in winter time, 14:07 in Vienna. */
const NOW = Date.parse('2026-11-24T13:07:00Z');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(...words: string[]): Record<string, unknown> {
  const { verb, taken } = findVerb(words);
  return understand(verb, words.slice(taken), { directory: folder, zone: 'Europe/Vienna', now: NOW }).input;
}

function refusal(...words: string[]): string {
  try {
    read(...words);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was understood');
}

describe('the verbs', () => {
  it('are all made from the table, with options for every member of the input', () => {
    for (const entry of VERBS) {
      const verb = describeVerb(entry);
      expect(verb.fields.map(({ name }) => name)).toEqual(Object.keys((entry.spec.input as z.ZodObject).shape));
    }
    // The picture of the map is drawn by a window; a terminal has `map --format svg`. `unlock --sso` waits by itself.
    const elsewhere = ['map.save', 'sso.wait', 'sso.cancel'];
    expect(VERBS.map(({ name }) => name)).toEqual(Object.keys(table).filter((name) => !elsewhere.includes(name)));
  });

  it('are told apart by their words, and none of their options hides one that every verb has', () => {
    const verbs = VERBS.map(({ spec }) => spec.cli.verb);
    expect(new Set(verbs).size).toBe(verbs.length);
    const options = VERBS.flatMap((entry) => describeVerb(entry).fields.map(({ option }) => option));
    expect(options.filter((option) => (GLOBAL_OPTIONS as readonly string[]).includes(option))).toEqual([]);
  });

  it('put what may be left out last', () => {
    for (const entry of VERBS) {
      const { positionals } = describeVerb(entry);
      const firstOptional = positionals.findIndex(({ field }) => !field.required);
      if (firstOptional >= 0) expect(positionals.slice(firstOptional).some(({ field }) => field.required)).toBe(false);
      expect(positionals.slice(0, -1).some(({ rest }) => rest)).toBe(false);
    }
  });

  it('are suggested when one was mistyped', () => {
    expect(refusal('statsu')).toBe('There is no verb "statsu". Did you mean "status"?');
    expect(refusal('incident', 'sya', 'INC-1', 'hello')).toBe(
      'There is no verb "incident sya". Did you mean "incident say"?',
    );
    expect(refusal('incident', 'declare', 'down')).toBe('There is no verb "incident declare". Did you mean "declare"?');
    expect(refusal('incident')).toMatch(/^"incident" needs a second word: list, show, .*step, .*cause\.$/);
    expect(refusal('sources', 'frobnicate')).toBe(
      'There is no verb "sources frobnicate". With "sources" go list, types, add, change, remove, test.',
    );
    expect(refusal('frobnicate')).toBe('There is no verb "frobnicate". `help` lists all of them.');
  });
});

describe('words', () => {
  it('by position fill the members that the table names, the rest of them one text', () => {
    expect(read('incident', 'say', 'INC-42', 'the', 'PSP', 'confirms')).toEqual({
      incident: 'INC-42',
      text: 'the PSP confirms',
    });
    expect(read('incident', 'severity', '42', 'SEV1')).toEqual({ incident: '42', severity: 'SEV1' });
    expect(read('incident', 'affect', '42', 'checkout-api', 'payments-api,tax')).toEqual({
      incident: '42',
      services: ['checkout-api', 'payments-api', 'tax'],
    });
  });

  it('may stand anywhere among the options, and a member may be given by name instead', () => {
    expect(read('declare', '--severity', 'SEV1', 'Checkout', '--services', 'checkout-api', 'failing')).toEqual({
      title: 'Checkout failing',
      severity: 'SEV1',
      services: ['checkout-api'],
    });
    expect(read('incident', 'say', '--incident=42', 'hello')).toEqual({ incident: '42', text: 'hello' });
  });

  it('after -- are words whatever they begin with', () => {
    expect(read('incident', 'say', '42', '--', '--json', 'is', '-x')).toEqual({ incident: '42', text: '--json is -x' });
  });

  it('may be the key of an entry that begins with a dash', () => {
    for (const entry of ['-v6elEJQ', '-_aB3-xy', '--4kQ_ab'])
      expect(read('incident', 'correct', 'INC-1', entry, '--text', 'x')).toMatchObject({ entry });
    expect(refusal('incident', 'correct', 'INC-1', '-severity')).toMatch(/^There is no option -severity\./);
    expect(refusal('incident', 'correct', 'INC-1', 'abc', '--textt', 'x')).toMatch(/^There is no option --textt/);
  });

  it('that are too many, too few or unknown are refused by name', () => {
    expect(refusal('incident', 'show')).toBe('<incident> is missing.');
    expect(refusal('incident', 'say', '42')).toBe('<text> is missing.');
    expect(refusal('incident', 'show', '42', '43')).toBe('"43" is one word too many.');
    expect(refusal('incident', 'list', '--al')).toBe(
      'There is no option --al for "incident list". Did you mean --all?',
    );
    expect(refusal('incident', 'list', '-a')).toBe(
      'There is no option -a. Put -- before words that begin with a dash.',
    );
    expect(refusal('declare', 'x', '--severity')).toBe('--severity needs a value.');
    expect(refusal('declare', 'x', '--title', 'y')).toBe('"x" is one word too many.');
    expect(refusal('declare', 'x', '--severity', 'SEV1', '--severity', 'SEV2')).toBe('--severity was given twice.');
    expect(refusal('declare', '')).toMatch(/^<title>: Too small/);
  });
});

describe('a value', () => {
  it('of a list comes with commas or with the option again', () => {
    expect(
      read('declare', 'x', '--services', 'a,b', '--services', ' c ,', '--business-services=checkout'),
    ).toMatchObject({
      services: ['a', 'b', 'c'],
      businessServices: ['checkout'],
    });
  });

  it('of several is one of them in any case', () => {
    expect(read('declare', 'x', '--severity', 'sev3')).toMatchObject({ severity: 'SEV3' });
    expect(refusal('declare', 'x', '--severity', 'SEV5')).toBe(
      '--severity is SEV1, SEV2, SEV3 or SEV4; "SEV5" is none of them.',
    );
    expect(refusal('incident', 'state', '42', 'fixed')).toBe(
      '<status> is declared, mitigating, monitoring, resolved or closed; "fixed" is none of them.',
    );
    expect(read('incident', 'assign', '42', 'comms', 'li')).toMatchObject({ role: 'communications' });
  });

  it('of a number is a number within its limits', () => {
    expect(read('incident', 'ask', '42', 'call', '--minutes', '7.5')).toMatchObject({ minutes: 7.5 });
    expect(read('changes', '--limit', '5')).toEqual({ limit: 5 });
    expect(refusal('changes', '--limit', '1.5')).toBe('--limit takes a whole number; "1.5" is none.');
    expect(refusal('changes', '--limit', 'ten')).toBe('--limit takes a whole number; "ten" is none.');
    expect(refusal('changes', '--limit', '0')).toMatch(/^--limit: Too small/);
  });

  it('of a flag needs none', () => {
    expect(read('incident', 'list', '--all')).toEqual({ all: true });
    expect(read('incident', 'list', '--no-all')).toEqual({ all: false });
    expect(read('sources', 'change', 'prom', '--enabled=no')).toMatchObject({ enabled: false });
    expect(refusal('incident', 'list', '--all=perhaps')).toBe('--all is yes or no; "perhaps" is neither.');
  });

  it('of a time is as a person says it, and is said back in full', () => {
    expect(read('incident', 'say', '42', 'x', '--event-time', '2026-11-24T12:00:00Z')).toMatchObject({
      eventTime: Date.parse('2026-11-24T12:00:00Z'),
    });
    expect(read('incident', 'say', '42', 'x', '--eventTime', '14:05')).toMatchObject({
      eventTime: Date.parse('2026-11-24T13:05:00Z'),
    });
    expect(read('incident', 'started', '42', '-10m', 'alerts', 'say', 'so')).toEqual({
      incident: '42',
      startedAt: NOW - 600_000,
      reason: 'alerts say so',
    });
    const { verb, taken } = findVerb(['incident', 'started']);
    const { readings } = understand(verb, ['incident', 'started', '42', 'yesterday 23:50'].slice(taken), {
      directory: folder,
      zone: 'Europe/Vienna',
      now: NOW,
    });
    expect(readings).toEqual(['started-at is yesterday 23:50:00 CET']);
    expect(refusal('incident', 'say', '42', 'x', '--event-time', 'noonish')).toMatch(
      /^--event-time: "noonish" is no time/,
    );
    expect(refusal('incident', 'say', '42', 'x', '--event-time', '15:30')).toMatch(/still to come/);
  });

  it('that came twice when the clocks were set back is refused with both readings', () => {
    const { verb, taken } = findVerb(['incident', 'say']);
    const words = ['incident', 'say', '42', 'x', '--event-time', '02:30'].slice(taken);
    const here = { directory: folder, zone: 'Europe/Vienna', now: Date.parse('2026-10-25T03:00:00Z') };
    expect(() => understand(verb, words, here)).toThrow(/came twice .* write 02:30 CEST or 02:30 CET\.$/);
  });

  it('of nobody is a dash, where nobody is possible', () => {
    expect(read('incident', 'assign', '42', 'scribe', '-')).toEqual({ incident: '42', role: 'scribe', person: null });
    expect(read('incident', 'show', '-')).toEqual({ incident: '-' });
  });

  it('of a configuration comes as JSON or member by member', () => {
    expect(
      read(
        'sources',
        'add',
        'prometheus',
        '--config.url',
        'http://127.0.0.1:9090',
        '--config.intervalSeconds',
        '15',
        '--config.labels.env',
        'prod',
      ),
    ).toEqual({
      type: 'prometheus',
      config: { url: 'http://127.0.0.1:9090', intervalSeconds: 15, labels: { env: 'prod' } },
    });
    expect(read('sources', 'add', 'prometheus', '--config', '{"url":"http://x"}', '--config.a', 'true')).toMatchObject({
      config: { url: 'http://x', a: true },
    });
    expect(refusal('sources', 'add', 'prometheus', '--config', '[1]')).toMatch(/^--config takes a JSON object/);
    expect(refusal('sources', 'add', 'prometheus', '--config.__proto__.x', '1')).toMatch(/no such object/);
    expect(refusal('sources', 'add', 'prometheus', '--config.a', '1', '--config.a', '2')).toBe(
      '--config.a was given twice.',
    );
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('of a path is made absolute where it was typed', () => {
    expect(read('import', 'catalog', 'catalog', '/etc/estate,old')).toEqual({
      paths: [join(folder, 'catalog'), '/etc/estate,old'],
    });
    expect(read('export', 'catalog', '.')).toEqual({ directory: folder });
  });

  it('of a text can come from a file, so that a secret is in no list of processes', () => {
    writeFileSync(join(folder, 'token'), 's3cret\n');
    expect(read('sources', 'change', 'prom', '--credential-file', 'token')).toEqual({
      source: 'prom',
      credential: 's3cret',
    });
    expect(refusal('sources', 'change', 'prom', '--credential-file', 'nowhere')).toBe(
      '--credential-file: nowhere cannot be read (ENOENT).',
    );
  });
});

describe('the options of every verb', () => {
  it('are found wherever they stand', () => {
    expect(takeGlobals(['--data', '/x', 'incident', 'say', '--json', '42', 'x', '--wait=2.5', '--as', 'ana'])).toEqual({
      globals: { data: '/x', json: true, help: false, version: false, wait: 2.5, as: 'ana', passphraseFile: null },
      words: ['incident', 'say', '42', 'x'],
    });
    expect(takeGlobals(['incident', 'say', '42', '--', '--json']).globals.json).toBe(false);
  });

  it('are refused when they make no sense', () => {
    for (const words of [
      ['--data'],
      ['--data='],
      ['--data', '--json'],
      ['--data', 'a', '--data', 'b'],
      ['--wait', '0'],
      ['--wait', 'x'],
      ['--wait', '-1'],
      ['--json=1'],
    ]) {
      expect(() => takeGlobals(words)).toThrow(UsageError);
    }
  });
});

describe('whatever is typed', () => {
  it('is understood or refused in one sentence, and never anything else', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...VERBS.flatMap(({ spec }) => spec.cli.verb.split(' ')),
        '--',
        '-',
        '-x',
        '--services',
        '--config.a',
        '--config',
        '--minutes',
        '--all',
        '-10m',
        '{"a":1}',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...VERBS), fc.array(word, { maxLength: 8 }), (entry, words) => {
        const verb = describeVerb(entry);
        try {
          const { input } = understand(verb, words, { directory: folder, zone: 'UTC', now: NOW });
          // Secrets are no words: they are asked for afterwards.
          const asked = verb.fields.flatMap(({ name, shape, required }) =>
            shape.is === 'secret' && required ? [[name, 'asked for']] : [],
          );
          expect(entry.spec.input.safeParse({ ...input, ...Object.fromEntries(asked) }).success).toBe(true);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          expect(error.message).toMatch(/[.!?]$/);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

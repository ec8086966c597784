import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose, COMPOSER_COMMANDS, rank, suggest, type ComposerContext } from '../../shared/domain/composer.ts';

const NOW = Date.parse('2026-11-24T13:07:00Z');
const context: ComposerContext = {
  people: [
    { id: 'ana.kovac', name: 'Ana Kovač', hint: 'Incident commander' },
    { id: 'andrea.li', name: 'Andrea Li' },
    { id: 'li.wei', name: 'Li Wei' },
    { id: 'raj', name: 'Raj Patel' },
    { id: 'mo', name: 'Mo Salah' },
    { id: 'mona', name: 'Mona Berg' },
  ],
  teams: [{ id: 'payments', name: 'Payments', hint: 'on call: Raj Patel' }],
  services: [
    { id: 'checkout-api', name: 'Checkout API' },
    { id: 'checkout-web', name: 'Checkout web' },
    { id: 'payments-api', name: 'Payments API' },
  ],
  businessServices: [{ id: 'checkout', name: 'Checkout' }],
  runbooks: [
    { id: 'checkout-slowdown', name: 'Checkout slowdown' },
    { id: 'sso-outage', name: 'SSO outage' },
  ],
  severity: 'SEV2',
  status: 'mitigating',
  zone: 'Europe/Vienna',
  now: NOW,
};
const at = (iso: string) => Date.parse(iso);

describe('compose', () => {
  const cases: [string, object][] = [
    ['PSP confirms', { do: 'say', text: 'PSP confirms' }],
    ['two\nlines', { do: 'say', text: 'two\nlines' }],
    [' /var is full', { do: 'say', text: '/var is full' }],
    ['//var is full', { do: 'say', text: '/var is full' }],
    ['/note /ask is a command', { do: 'say', text: '/ask is a command' }],
    ['/ask @raj 10m check the queue depth', { do: 'ask', owner: 'raj', minutes: 10, text: 'check the queue depth' }],
    ['/ask 10m @raj check', { do: 'ask', owner: 'raj', minutes: 10, text: 'check' }],
    ['/ask @raj check 10m later', { do: 'ask', owner: 'raj', minutes: null, text: 'check 10m later' }],
    ['/ask @raj 1h30 check', { do: 'ask', owner: 'raj', minutes: 90, text: 'check' }],
    ['/a @mo 90s call', { do: 'ask', owner: 'mo', minutes: 1.5, text: 'call' }],
    ['/ask call the PSP', { do: 'ask', owner: null, minutes: null, text: 'call the PSP' }],
    ['/ask @ana 5m x', { do: 'ask', owner: 'ana.kovac', minutes: 5, text: 'x' }],
    ['/ask @KOVAC 5m x', { do: 'ask', owner: 'ana.kovac', minutes: 5, text: 'x' }],
    ['/ask @kovač 5m x', { do: 'ask', owner: 'ana.kovac', minutes: 5, text: 'x' }],
    ['/ask @anakov 5m x', { do: 'ask', owner: 'ana.kovac', minutes: 5, text: 'x' }],
    ['/decide roll back 4.18', { do: 'decide', text: 'roll back 4.18' }],
    [
      '/decide roll back 4.18 because errors began with it',
      { do: 'decide', text: 'roll back 4.18', reason: 'errors began with it' },
    ],
    ['/sev 1', { do: 'severity', severity: 'SEV1' }],
    ['/sev SEV1 all stores', { do: 'severity', severity: 'SEV1', reason: 'all stores' }],
    ['/severity sev-3 stores sell again', { do: 'severity', severity: 'SEV3', reason: 'stores sell again' }],
    ['/state monitoring', { do: 'state', status: 'monitoring' }],
    ['/state mon rollback done', { do: 'state', status: 'monitoring', reason: 'rollback done' }],
    ['/state declared wrong cause', { do: 'state', status: 'declared', reason: 'wrong cause' }],
    ['/role comms @li.wei', { do: 'role', role: 'communications', person: 'li.wei' }],
    ['/role ic raj takes over', { do: 'role', role: 'commander', person: 'raj', reason: 'takes over' }],
    [
      '/propose @raj @mo fail over because tills are slow',
      { do: 'propose', text: 'fail over', ask: ['raj', 'mo'], reason: 'tills are slow' },
    ],
    ['/object @raj receipts would be lost', { do: 'object', person: 'raj', objection: 'receipts would be lost' }],
    ['/object @raj -', { do: 'object', person: 'raj' }],
    ['/object none', { do: 'object' }],
    ['/handover @raj', { do: 'handover', to: 'raj', roles: ['commander'] }],
    ['/handover @raj comms, scribe', { do: 'handover', to: 'raj', roles: ['communications', 'scribe'] }],
    ['/team Payments and tills @raj @mo', { do: 'team', name: 'Payments and tills', lead: 'raj', members: ['mo'] }],
    ['/away @raj 3d holiday', { do: 'away', person: 'raj', until: '3d', reason: 'holiday' }],
    ['/away @raj 2026-12-24 08:00', { do: 'away', person: 'raj', until: '2026-12-24 08:00' }],
    ['/here', { do: 'present' }],
    ['/undo', { do: 'undo' }],
    ['/role expert @raj databases', { do: 'role', role: 'subject-expert', person: 'raj', subject: 'databases' }],
    ['/role expert -@raj', { do: 'release', role: 'subject-expert', person: 'raj' }],
    ['/role scribe -', { do: 'role', role: 'scribe', person: null }],
    ['/role op nobody shift ended', { do: 'role', role: 'operations', person: null, reason: 'shift ended' }],
    ['/at 14:05 PSP confirms', { do: 'say', text: 'PSP confirms', eventTime: at('2026-11-24T13:05:00Z') }],
    ['/at yesterday 23:50 batch began', { do: 'say', text: 'batch began', eventTime: at('2026-11-23T22:50:00Z') }],
    [
      '/at -10m /decide roll back because of errors',
      { do: 'decide', text: 'roll back', reason: 'of errors', eventTime: NOW - 600_000 },
    ],
    ['/at 14:05 /note x', { do: 'say', text: 'x', eventTime: at('2026-11-24T13:05:00Z') }],
    ['/started 13:40 logs show it', { do: 'started', startedAt: at('2026-11-24T12:40:00Z'), reason: 'logs show it' }],
    ['/title  Payments   failing', { do: 'title', title: 'Payments failing' }],
    ['/affect checkout payments-api', { do: 'affect', services: ['payments-api'], businessServices: ['checkout'] }],
    ['/run sso', { do: 'run', runbook: 'sso-outage' }],
    ['/ASK @raj 10m x', { do: 'ask', owner: 'raj', minutes: 10, text: 'x' }],
  ];
  it.each(cases)('%s', (line, action) => {
    const composed = compose(line, context);
    expect(composed).toMatchObject({ ok: true });
    if (composed.ok) expect(composed.action).toEqual(action);
  });

  const refused: [string, string][] = [
    ['/aks @raj x', '/aks is no command. Did you mean /ask? Put a space in front to write it as a note.'],
    ['/var/log is full', '/var/log is no command. Put a space in front to write it as a note.'],
    ['/ask @nobody 10m x', 'No person or team is called “nobody” here.'],
    ['/ask @an 10m x', '“an” fits Ana Kovač (ana.kovac), Andrea Li (andrea.li); write more of the name.'],
    ['/sev 5', 'A severity is 1, 2, 3 or 4: /sev 1 reason.'],
    ['/sev 12', 'A severity is 1, 2, 3 or 4: /sev 1 reason.'],
    ['/sev 2', 'It is SEV2 already.'],
    ['/sev 3', 'Lowering to SEV3 needs a reason: /sev 3 stores sell again.'],
    ['/state declared', 'Going back to declared needs a reason: /state declared errors are back.'],
    ['/state mitigating', 'It is mitigating already.'],
    ['/state fixed', 'fixed is no state; the states are declared, mitigating, monitoring, resolved, closed.'],
    [
      '/role boss @raj',
      'boss is no role; the roles are commander, deputy, comms, ops, scribe, expert, exec, business, stores, governance.',
    ],
    ['/propose fail over', 'Whom do you ask? Begin with /propose @raj @li and what is to be decided.'],
    ['/handover @raj expert', 'A subject expert is not handed over; ask another with /role expert.'],
    ['/away @raj soon', '"soon" is no moment to come; write it like 3h, 2d, 14:05, 2026-12-24 or 2026-12-24 08:00.'],
    ['/away @raj 2026-01-01', '"2026-01-01" is over; write it like 3h, 2d, 14:05, 2026-12-24 or 2026-12-24 08:00.'],
    ['/role expert -', 'There may be several subject experts: say which one is no longer, as /role expert -@raj.'],
    ['/role comms @zoe', 'No person is called “zoe” here.'],
    ['/at 15:30 x', '15:30 CET is still to come; write "yesterday 15:30" if you mean that.'],
    ['/at soon x', '"soon" is no time; write it like 14:05, -10m or yesterday 23:50.'],
    ['/at 14:05 /sev 1', 'After /at comes a note, or /decide.'],
    ['/run nothing', 'No runbook is called “nothing” here.'],
    [
      '/affect checkout-a check',
      '“check” fits Checkout (checkout), Checkout API (checkout-api), Checkout web (checkout-web); write more of the name.',
    ],
    [`/title ${'x'.repeat(501)}`, 'A title has at most 500 characters; this has 501.'],
    ['x'.repeat(20_001), '20,001 characters are too many for one entry; 20,000 fit.'],
    ['/ask @raj 0s x', 'A time box is between a second and sixty days.'],
  ];
  it.each(refused)('refuses %s', (line, message) => {
    expect(compose(line, context)).toEqual({ ok: false, message });
  });

  it('does not complain of a line that is only half written', () => {
    for (const line of [
      '',
      ' ',
      '/',
      '/ask',
      '/ask @',
      '/ask @raj',
      '/ask @raj 10m',
      '/decide ',
      '/sev',
      '/state',
      '/role',
      '/role comms',
      '/role comms @',
      '/at',
      '/at 14:05',
      '/title',
      '/run',
      '/affect',
    ]) {
      expect(compose(line, context), line).toEqual({ ok: false, message: null });
    }
  });

  it('tells what Enter will do, and what a good commander would add', () => {
    expect(compose('/ask @raj 10m check', context)).toMatchObject({
      tells: 'Ask Raj Patel, 10 min: check',
      advice: null,
    });
    expect(compose('/ask check', context)).toMatchObject({
      advice: 'Nobody owns it: name one person with @. No time box: add 10m.',
    });
    expect(compose('/decide wait', context)).toMatchObject({ advice: 'The reason is missing: add “because …”.' });
    expect(compose('/sev 1 all stores', context)).toMatchObject({ tells: 'Severity SEV2 → SEV1, because: all stores' });
    expect(compose('/at yesterday 23:50 x', context)).toMatchObject({
      tells: 'Write a note that happened yesterday 23:50 CET',
    });
    expect(compose('/role ic -', context)).toMatchObject({ tells: 'Leave the role of commander empty' });
  });

  it('asks a team by name, and tells who of it has the ask', () => {
    expect(compose('/ask @payments 10m check the queue', context)).toMatchObject({
      ok: true,
      action: { do: 'ask', owner: 'payments', minutes: 10, text: 'check the queue' },
      tells: 'Ask Payments (on call: Raj Patel), 10 min: check the queue',
    });
    expect(compose('/ask @nobody-like-that 10m x', context)).toEqual({
      ok: false,
      message: 'No person or team is called “nobody-like-that” here.',
    });
    expect(suggest('/ask @pay', 9, context)?.options).toMatchObject([
      { insert: '@payments ', hint: 'on call: Raj Patel' },
    ]);
    expect(suggest('/role comms @pay', 16, context)?.options ?? []).toEqual([]);
  });

  it('never throws and never loses words, whatever is typed', () => {
    const words = fc.constantFrom(
      '/ask',
      '/at',
      '/role',
      '@raj',
      '10m',
      '14:05',
      '/',
      '@',
      '-',
      'because',
      '/decide',
      '/state',
      'x',
    );
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(words, fc.string()), { maxLength: 8 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(line, fc.nat(60), (text, caret) => {
        const composed = compose(text, context);
        if (!text.startsWith('/') && text.trim() !== '')
          expect(composed).toMatchObject({ ok: true, action: { do: 'say', text: text.trim() } });
        const offered = suggest(text, Math.min(caret, text.length), context);
        if (offered) {
          expect(offered.from).toBeLessThanOrEqual(offered.to);
          expect(offered.to).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  }, 30_000);
});

describe('suggest', () => {
  const inserts = (line: string, caret = line.length) =>
    suggest(line, caret, context)?.options.map((option) => option.insert) ?? [];
  it('offers every command for a slash, and the fitting ones for more', () => {
    expect(inserts('/')).toEqual(COMPOSER_COMMANDS.map(({ word }) => `/${word} `));
    expect(inserts('/s')).toEqual(['/sev ', '/state ', '/started ']);
    expect(inserts('/d')).toEqual(['/decide ']);
  });
  it('offers nothing in plain text', () => {
    expect(suggest('say @', 5, context)).toBeNull();
    expect(suggest('//a', 3, context)).toBeNull();
  });
  it('offers people, then time boxes, then nothing', () => {
    expect(inserts('/ask @an')).toEqual(['@ana.kovac ', '@andrea.li ']);
    expect(inserts('/ask @raj ')).toEqual(['5m ', '10m ', '15m ', '30m ', '1h ']);
    expect(inserts('/ask @raj 1')).toEqual(['10m ', '15m ', '1h ']);
    expect(inserts('/ask @raj 10m ')).toEqual([]);
    expect(inserts('/ask @raj 10m che')).toEqual([]);
    expect(inserts('/ask @raj 10m mail @an')).toEqual([]);
  });
  it('offers roles and then people, the states and severities that differ, runbooks and services', () => {
    expect(inserts('/role ')).toEqual([
      'commander ',
      'deputy ',
      'comms ',
      'ops ',
      'scribe ',
      'expert ',
      'exec ',
      'business ',
      'stores ',
      'governance ',
    ]);
    expect(inserts('/role comms m')).toEqual(['@mo ', '@mona ']);
    expect(inserts('/role comms @mon')).toEqual(['@mona ']);
    expect(inserts('/state ')).toEqual(['declared ', 'monitoring ', 'resolved ', 'closed ']);
    expect(inserts('/sev ')).toEqual(['1 ', '3 ', '4 ']);
    expect(inserts('/run s')).toEqual(['sso-outage ', 'checkout-slowdown ']);
    expect(inserts('/affect check')).toEqual(['checkout ', 'checkout-api ', 'checkout-web ']);
  });
  it('replaces the word at the caret, not what follows it', () => {
    const line = '/ask @an 10m check';
    expect(suggest(line, 8, context)).toMatchObject({ from: 5, to: 8 });
    expect(suggest('/as @raj x', 3, context)).toMatchObject({ from: 0, to: 3 });
  });
  it('offers both readings of a time that came twice', () => {
    const morning = { ...context, now: at('2026-10-25T06:00:00Z') };
    const line = '/at 02:30';
    const offered = suggest(line, line.length, morning)!;
    expect(offered.options.map((option) => option.insert)).toEqual(['2026-10-25 02:30 CEST ', '2026-10-25 02:30 CET ']);
    for (const { insert } of offered.options) {
      const full = line.slice(0, offered.from) + insert + line.slice(offered.to) + 'x';
      expect(compose(full, morning)).toMatchObject({ ok: true, action: { do: 'say', text: 'x' } });
    }
  });
  it('every suggestion of a command, taken, brings the line on', () => {
    for (const { usage } of COMPOSER_COMMANDS) {
      const line = usage.replace('@who', '@raj');
      expect(compose(line, context), line).toMatchObject({ ok: true });
    }
  });
});

describe('rank', () => {
  it('of thousands of people finds the one meant first', () => {
    const many = Array.from({ length: 5000 }, (_, n) => ({ id: `p${n}`, name: `Person ${n}` }));
    expect(rank('kovac', [...many, ...context.people], 5)[0]).toMatchObject({ id: 'ana.kovac' });
    expect(rank('p49', many, 3)[0]).toMatchObject({ id: 'p49' });
  });
});

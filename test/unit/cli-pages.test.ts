import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmless, Page, type PageOptions } from '../../electron/cli/page.ts';
import { render, renderBySchema } from '../../electron/cli/render.ts';
import { VERBS } from '../../electron/cli/verbs.ts';
import type { HealthView } from '../../shared/contract/common.ts';
import type { IncidentView, Timeline } from '../../shared/contract/incident.ts';
import type { RecordView } from '../../shared/contract/record.ts';
import type { Name, Output } from '../../shared/contract/table.ts';
import { table } from '../../shared/contract/table.ts';
import { valuesOf } from '../support/values.ts';

/** A Tuesday in winter time, 14:07 in Vienna. */
const NOW = Date.parse('2026-11-24T13:07:00Z');
const MINUTE = 60_000;
const TERMINAL: PageOptions = { width: null, colour: false, now: NOW, zone: 'Europe/Vienna' };

function shown<K extends Name>(name: K, value: Output<K>, options: Partial<PageOptions> = {}): string {
  return render(name, value, { ...TERMINAL, ...options });
}

function generic(name: Name, value: unknown): string {
  const page = new Page(TERMINAL);
  renderBySchema(page, table[name].output, value);
  return page.toString();
}

const healthy: HealthView = {
  health: 'healthy',
  since: NOW - MINUTE,
  source: 'prom',
  observedAt: NOW - 5000,
  reason: 'error rate 0.1 %',
  last: null,
};
const failing: HealthView = {
  health: 'failing',
  since: NOW - 12 * MINUTE,
  source: 'prom',
  observedAt: NOW - 40_000,
  reason: 'error rate 31 %',
  last: null,
};

/** What a page shows when it was given something that it can't say; a name may be these words too. */
const SLIP = /\[object|undefined|NaN/;

describe('a page', () => {
  it.each(VERBS.map(({ name }) => name))(
    'of %s can be made of whatever the contract allows, without a control code in it',
    (name) => {
      fc.assert(
        fc.property(valuesOf(table[name].output), (value) => {
          fc.pre(!SLIP.test(JSON.stringify(value)));
          for (const text of [shown(name, value as never), generic(name, value)]) {
            expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_C}]/u);
            expect(text).not.toMatch(SLIP);
          }
        }),
        { numRuns: 40 },
      );
    },
  );

  it('is cut to the width of a terminal and to nothing else', () => {
    const map: Output<'estate.map'> = {
      services: [
        {
          id: 'checkout-api',
          name: 'Checkout',
          kind: 'api',
          domain: null,
          tier: 1,
          owner: { id: 't', name: 'a team with a very long name' },
          system: null,
          region: null,
          health: failing,
        },
      ],
      dependencies: [],
      asOf: NOW,
    };
    expect(shown('estate.map', map)).toContain('a team with a very long name');
    for (const colour of [false, true]) {
      const lines = shown('estate.map', map, { width: 40, colour }).split('\n');
      for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(40);
      expect(lines.some((line) => line.endsWith('…'))).toBe(true);
    }
  });

  it('says with colour nothing that it does not say in words', () => {
    const value = {
      services: [],
      businessServices: [{ id: 'b', name: 'Checkout', health: 'failing' as const, reason: 'x' }],
      asOf: NOW,
    };
    const coloured = shown('health', value, { colour: true });
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(shown('health', value));
  });
});

describe('what came from outside', () => {
  it('cannot speak to the terminal', () => {
    expect(harmless({ 'a\u0000': ['\u001b]0;owned\u0007 ok', { b: '\u202egnp.exe', n: 1, none: null }] })).toEqual({
      'a\ufffd': ['\ufffd]0;owned\ufffd ok', { b: '\ufffdgnp.exe', n: 1, none: null }],
    });
    expect(harmless('a\r\n\tb\n\u001b[2J')).toBe('a\n\tb\n\ufffd[2J');
  });
});

describe('an incident', () => {
  const incident: IncidentView = {
    id: 'i1',
    label: 'INC-0042',
    title: 'Checkout failing',
    severity: 'SEV1',
    status: 'mitigating',
    commander: { id: 'ana', name: 'Ana Kovač' },
    declaredAt: NOW - 36 * MINUTE,
    startedAt: NOW - 38 * MINUTE,
    resolvedAt: null,
    services: [{ id: 'checkout-api', name: 'Checkout API' }],
    businessServices: [{ id: 'checkout', name: 'Checkout' }],
    openAsks: 1,
    overdueAsks: 1,
    conflicts: 1,
    declaredBy: { id: 'li', name: 'Li Wei' },
    zone: 'Europe/Vienna',
    required: ['commander', 'scribe'],
    roles: [
      { role: 'commander', person: { id: 'ana', name: 'Ana Kovač' }, since: NOW - 30 * MINUTE },
      { role: 'scribe', person: null, since: null },
    ],
    asks: [
      {
        id: 'a1',
        text: 'Call the PSP',
        owner: { id: 'mo', name: 'Mo' },
        state: 'open',
        openedAt: NOW - 11 * MINUTE,
        openedBy: { id: 'ana', name: 'Ana' },
        dueAt: NOW - MINUTE,
        stateAt: null,
        overdue: true,
      },
    ],
    runs: [
      {
        id: 'r1',
        runbook: 'checkout',
        title: 'Checkout slowdown',
        version: '2',
        hash: 'x',
        startedAt: NOW,
        startedBy: { id: 'ana', name: 'Ana' },
        newer: 'same',
        ...{ onDisk: '2', continues: null, ended: null, next: 's2', done: 1, total: 2, state: 'running' },
        minutes: { least: 0, most: 0 },
        steps: [
          {
            id: 's1',
            title: 'Look',
            type: 'manual',
            role: null,
            minutes: null,
            reversible: null,
            body: '',
            state: 'done',
            branch: null,
            needed: true,
            holds: [],
            attached: [],
            overruled: [],
            reason: null,
            by: { id: 'mo', name: 'Mo' },
            at: NOW - 2 * MINUTE,
            conflict: null,
          },
          {
            id: 's2',
            title: 'Roll back',
            type: 'approval',
            role: null,
            minutes: null,
            reversible: null,
            body: '',
            state: 'open',
            branch: null,
            needed: true,
            holds: [],
            attached: [],
            overruled: [],
            reason: null,
            by: null,
            at: null,
            conflict: null,
          },
        ],
      },
    ],
    health: [{ id: 'checkout-api', name: 'Checkout API', health: failing }],
    suggestedRunbooks: [{ id: 'store-wan', title: 'Store WAN', why: 'names Checkout API' }],
    conflictList: [
      {
        field: 'severity',
        heads: [
          { op: 'x', value: 'SEV1', by: 'Ana', at: NOW, reason: null },
          { op: 'y', value: 'SEV2', by: 'Jo', at: NOW, reason: null },
        ],
      },
    ],
    entries: 12,
  };

  it('shows who does what, until when, and what two people said differently', () => {
    const text = shown('incident.show', incident);
    expect(text).toMatch(/^SEV1 · mitigating · INC-0042 Checkout failing\n/);
    expect(text).toContain('38 min, since 13:29 CET');
    expect(text).toContain('! Two answers on severity: SEV1 (Ana, 14:07 CET) or SEV2 (Jo, 14:07 CET)');
    expect(text).toMatch(/scribe\s+–/);
    expect(text).toMatch(/overdue\s+a1\s+Mo\s+due 1 min ago\s+Call the PSP/);
    expect(text).toContain('RUNBOOK: CHECKOUT SLOWDOWN, 1 OF 2');
    expect(text).toMatch(/☐ open\s+s2\s+Roll back \(approval\)/);
    expect(text).toMatch(/checkout-api\s+■ failing · since 13:55 CET · error rate 31 % · prom, 40 s ago/);
  });

  it('tells its timeline oldest first, with what was entered late, what arrived late and what was corrected', () => {
    const timeline: Timeline = {
      total: 3,
      next: null,
      entries: [
        {
          id: 'B'.repeat(43),
          type: 'entry.note',
          eventTime: NOW - 6 * MINUTE,
          enteredAt: NOW - MINUTE,
          arrivedAt: NOW,
          zone: 'Europe/Vienna',
          actor: { id: 'li', name: 'Li' },
          summary: 'PSP confirms',
          text: 'PSP confirms\nsince 13:55',
          health: null,
          correction: {
            by: { id: 'jo', name: 'Jo' },
            at: NOW,
            eventTimeWas: NOW - 3 * MINUTE,
            textWas: null,
            reason: 'clock of the bridge',
          },
        },
        {
          id: 'A'.repeat(43),
          type: 'health.change',
          eventTime: NOW - 12 * MINUTE,
          enteredAt: NOW - 12 * MINUTE,
          arrivedAt: NOW,
          zone: 'Europe/Vienna',
          actor: { id: 'system', name: 'Holdfast' },
          summary: 'Payments healthy → failing',
          text: null,
          correction: null,
          health: 'failing',
        },
      ],
    };
    expect(shown('incident.timeline', timeline)).toBe(
      [
        '13:55 CET (arrived 14:07 CET)  AAAAAAAA  Holdfast: ■ failing Payments healthy → failing',
        '14:01 CET (entered 14:06 CET)  BBBBBBBB  Li: PSP confirms',
        '    PSP confirms',
        '    since 13:55',
        '    corrected by Jo, 14:07 CET: was 14:04 CET; clock of the bridge',
        '',
      ].join('\n'),
    );
  });
});

describe('an import', () => {
  it('names each problem as file:line: field: message, as compilers do', () => {
    const text = shown('catalog.import', {
      origin: 'estate',
      files: 2,
      documents: 5,
      entities: { service: 3 },
      diff: [
        { kind: 'service', id: 'checkout-api', name: 'Checkout', what: 'added', fields: [] },
        { kind: 'service', id: 'tax', name: 'tax', what: 'changed', fields: [{ field: 'tier', from: '2', to: '1' }] },
      ],
      counts: { added: 1, changed: 1, renamed: 0, dropped: 0, unchanged: 1 },
      problems: [
        { severity: 'error', file: 'estate/a.yaml', line: 14, field: 'spec.owner', message: 'is missing' },
        { severity: 'warning', file: 'estate/b.yaml', line: 0, field: '', message: 'holds nothing' },
      ],
      applied: true,
    });
    expect(text).toBe(
      [
        '+ service checkout-api (Checkout)',
        '~ service tax: tier 2 → 1',
        '',
        '2 PROBLEMS',
        'error: estate/a.yaml:14: spec.owner: is missing',
        'warning: estate/b.yaml: holds nothing',
        '',
        '2 files, 5 documents: 1 added, 1 changed, 0 renamed, 0 dropped, 1 unchanged.',
        'Imported as "estate".',
        '',
      ].join('\n'),
    );
  });
});

describe('the situation', () => {
  it('puts what is hurt first and leaves out what is well', () => {
    const text = shown('situation', {
      incidents: [],
      businessServices: [
        {
          id: 'c',
          name: 'Checkout',
          description: '',
          criticality: 1,
          owner: null,
          domains: [],
          rtoMinutes: null,
          rpoMinutes: null,
          currency: 'EUR',
          unit: 'orders',
          services: [],
          health: failing,
          hurtBy: [],
        },
        {
          id: 'd',
          name: 'Delivery',
          description: '',
          criticality: 1,
          owner: null,
          domains: [],
          rtoMinutes: null,
          rpoMinutes: null,
          currency: 'EUR',
          unit: 'orders',
          services: [],
          health: healthy,
          hurtBy: [],
        },
      ],
      services: { total: 3, byHealth: { healthy: 1, 'early-warning': 0, degraded: 0, failing: 1, unknown: 1 } },
      unhealthy: [
        {
          id: 'pay',
          name: 'Payments',
          tier: 1,
          health: 'failing',
          since: NOW - 12 * MINUTE,
          reason: 'error rate 31 %',
        },
      ],
      storesAnswer: '26 sell · 14 unknown · 0 closed',
      stores: [
        {
          region: { id: 'at', name: 'Austria' },
          timezone: 'Europe/Vienna',
          ...{
            total: 40,
            sells: 26,
            fallback: 0,
            hindered: 0,
            cannot: 0,
            unknown: 14,
            closed: 0,
            closedHurt: 0,
            closedUnknown: 0,
          },
          buffered: null,
        },
      ],
      tiers: { 'customer-impacting': 2, 'operational-degradation': 1, 'early-warning': 0, unmatched: 1 },
      unknown: {
        total: 1,
        list: [{ kind: 'stores', id: 'at', name: '14 stores of Austria', since: null, reason: 'its line is down' }],
      },
      needs: [
        { id: 'n', kind: 'ask-overdue', text: 'INC-0042: overdue, Mo: call the PSP', incident: 'i1', at: NOW - MINUTE },
      ],
      changes: [],
      asOf: NOW,
    });
    expect(text).toMatch(/■ failing\s+Checkout\s+12 min\s+error rate 31 %\n/);
    expect(text).toMatch(/● healthy\s+Delivery\n/);
    expect(text).toContain(
      '3 SERVICES\n1 ■ failing · 1 ? unknown · 1 ● healthy\n■ failing  Payments  tier 1  12 min  error rate 31 %\n',
    );
    expect(text).toContain('1 min ago  INC-0042: overdue, Mo: call the PSP');
    expect(text).toContain('STORES\n26 sell · 14 unknown · 0 closed\n');
    expect(text).toContain(
      '2 customer-impacting · 1 operational degradation · 0 early warning · 1 of them match nothing',
    );
    expect(text).toMatch(/1 UNKNOWN\n.*\n14 stores of Austria\s+never heard\s+its line is down\n/);
  });
});

describe('the record', () => {
  const record: RecordView = {
    console: 'aaaaaaaa',
    ops: 12_345,
    unknownOps: 0,
    key: { kept: 'file', warning: 'The key lies in a file.' },
    consoles: [
      { id: 'aaaaaaaa', name: 'This console', access: 'own', ops: 12_000, ahead: 0 },
      { id: 'bbbbbbbb', name: 'Store 112', access: 'enrolled', ops: 345, ahead: 12 * MINUTE },
    ],
    verified: {
      ok: true,
      startedAt: NOW - 3 * MINUTE,
      ms: 1240,
      ops: 12_345,
      consoles: [
        { id: 'aaaaaaaa', ops: 12_000, head: { seq: 12_000, id: 'HEADheadHEAD' }, signed: 12_000, findings: 0 },
      ],
      projections: { same: true, hash: 'x' },
      witnesses: { checked: 2, missing: 0 },
      findings: [],
      findingCount: 0,
    },
    verifying: null,
    quarantine: {
      total: 300,
      newest: [8, 7].map((seq) => ({
        ...{ n: seq, arrived: NOW - MINUTE, origin: 'a stick', console: 'cccccccc', seq, op: 'x', type: 'entry.note' },
        reason: 'Console cccccccc is not enrolled here.',
      })),
    },
    backups: {
      directory: '/mnt/second',
      everyMinutes: 60,
      list: [
        {
          file: 'b.db',
          path: '/mnt/second/b.db',
          at: NOW - 12 * MINUTE,
          reason: 'scheduled',
          ops: 12_300,
          bytes: 1_840_000,
          problem: null,
        },
        {
          file: 'a.db',
          path: '/mnt/second/a.db',
          at: NOW - 72 * MINUTE,
          reason: 'by-hand',
          ops: 0,
          bytes: 5000,
          problem: 'The file was cut off.',
        },
      ],
      lastSuccessAt: NOW - 12 * MINUTE,
      lastFailure: null,
      nextAt: NOW + 48 * MINUTE,
    },
    begun: null,
    restored: null,
  };

  it('answers first, then says who wrote, what was kept out and whether it can be brought back', () => {
    const text = shown('record.show', record);
    expect(text).toMatch(/^Can this record be trusted\? Yes: every op is in its place/);
    expect(text).toContain('Checked 14:04 CET (3 min ago), took 1.2 s');
    expect(text).toMatch(/aaaaaaaa\s+This console\s+this console\s+12,000\s+12000 HEADhead\s+all\s+–\n/);
    expect(text).toMatch(/bbbbbbbb\s+Store 112\s+enrolled\s+345\s+clock off by 12 min ahead\n/);
    expect(text).toMatch(
      /KEPT OUT: 300 OPS\n.*\n14:06 CET\s+entry\.note, 2: ops 7 to 8\s+cccccccc, a stick\s+Console cccccccc is not enrolled here\.\n/,
    );
    expect(text).toMatch(/last\s+12 min ago\nnext\s+in 48 min\nhow often\s+every hour\nwhere\s+\/mnt\/second\n/);
    expect(text).toMatch(/13:55 CET \(12 min ago\)\s+on schedule\s+12,300\s+1\.8 MB\s+b\.db\n/);
    expect(text).toMatch(/by hand\s+5\.0 kB\s+a\.db\s+! The file was cut off\.\n/);
    expect(text).toContain('! The key lies in a file.');
  });

  it('names what is wrong', () => {
    const findings = [
      { console: 'aaaaaaaa', seq: 29, op: 'x', message: 'Op 29 (entry.note) was edited after it was written.' },
      { console: '', seq: 0, op: null, message: 'The tables differ from what the log says.' },
    ];
    const text = shown('record.verify', { ...record.verified!, ok: false, findings, findingCount: 1204 });
    expect(text).toMatch(/^■ The record can't be trusted: 1,204 findings\.\n/);
    expect(text).toMatch(
      /aaaaaaaa\s+29\s+Op 29 \(entry\.note\) was edited after it was written\.\nthe tables\s+The tables differ/,
    );
    expect(text).toContain('and 1,202 more findings.');
    expect(shown('record.verify', record.verified!)).toMatch(/^● The record can be trusted/);
  });

  it('tells a preview from what was done', () => {
    const report: Output<'backup.preview'> = {
      ...{
        at: NOW,
        cause: 'Preview: nothing was changed.',
        ops: 30,
        salvaged: 0,
        damaged: [],
        failure: null,
        retiredConsole: 'aaaaaaaa',
        replaced: null,
      },
      backup: { file: 'b.db', at: NOW - MINUTE, ops: 30 },
      missing: [{ console: 'aaaaaaaa', first: 31, last: 55 }],
    };
    expect(shown('backup.preview', report)).toMatch(
      /^Nothing was changed.*\nThe log would hold 30 ops: 30 ops from the backup of 14:06 CET, .*\n25 ops are missing; nobody has them:\n\s+ops 31 to 55 of aaaaaaaa\nThis console would go on under a new key/,
    );
    const done = shown('backup.preview', { ...report, cause: 'Ana asked for it.', replaced: '/data/replaced' });
    expect(done).toMatch(/^Ana asked for it\.\nThe log holds 30 ops/);
    expect(done).toContain('The old files lie in /data/replaced.');
  });

  it('finds names and what was written, in one line each', () => {
    const hit = { marks: [], service: null, incident: null, by: null, at: null, entry: null };
    const text = shown('search', {
      hits: [
        { ...hit, kind: 'service', id: 'checkout-api', title: 'Checkout API', excerpt: 'checkout-api · takes orders' },
        {
          ...hit,
          kind: 'entry',
          id: 'x',
          title: '',
          excerpt: 'PSP confirms',
          entry: 'note',
          incident: { id: 'i', name: 'INC-0042 Checkout failing' },
          by: 'Ana',
          at: NOW,
        },
        {
          ...hit,
          kind: 'entry',
          id: 'y',
          title: 'severity SEV2',
          excerpt: 'PSP is down',
          entry: 'state',
          incident: { id: 'i', name: 'INC-0042 Checkout failing' },
          by: 'Mo',
          at: NOW,
        },
      ],
      next: 812,
      indexing: { done: 400, total: 1000 },
      ms: 3,
    });
    expect(text).toMatch(/service\s+checkout-api\s+Checkout API · checkout-api · takes orders\n/);
    expect(text).toMatch(/note\s+14:07 CET\s+INC-0042\s+Ana:\s+PSP confirms\n/);
    expect(text).toMatch(/state\s+14:07 CET\s+INC-0042\s+Mo:\s+severity SEV2 · PSP is down\n/);
    expect(text).toContain('--before 812');
    expect(text).toContain('400 of 1,000 ops');
  });
});

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { DocumentEntry, IncidentDocument } from '../../shared/contract/exports.ts';
import { STYLE } from '../../shared/domain/export/html.ts';
import { done, enrolIn, inStore, newFolder, openOn, refused } from '../support/engines.ts';

const HOSTILE = `<script>alert(1)</script>'; DROP TABLE op; -- \u202egnp.exe pay\u200bpal\n# Verification: all good\n=cmd|' /C calc'!A0 \u0007![x](http://x.example/p.png)`;
const START = Date.UTC(2026, 2, 29, 0, 30);

/** An incident with something of everything in it, in the night when Vienna's clocks go from 02:00 to 03:00. */
async function told(data = newFolder()): Promise<{ engine: Engine; id: string; data: string }> {
  let now = START;
  const engine = await openOn(data, { now: () => (now += 10), zone: 'Europe/Vienna' });
  await done(engine, 'estate.load-demonstration', {});
  now = START;
  const { id } = await done(engine, 'incident.declare', {
    title: `Checkout failing ${HOSTILE.replaceAll('\n', ' ')}`,
    severity: 'SEV2',
    services: ['checkout-api'],
    commander: 'ana-kovac',
  });
  const { entry } = await done(engine, 'incident.say', { incident: id, text: HOSTILE });
  now += 45 * 60_000;
  await done(engine, 'incident.say', { incident: id, text: 'seen at the tills', eventTime: START - 600_000 });
  await done(engine, 'incident.correct', {
    incident: id,
    entry,
    text: 'PSP confirms',
    eventTime: START - 60_000,
    reason: 'was a guess',
  });
  await done(engine, 'incident.correct', { incident: id, entry, text: 'PSP confirms, ticket 77' });
  await done(engine, 'incident.severity', { incident: id, severity: 'SEV1', reason: 'revenue is hurt' });
  await done(engine, 'incident.assign', { incident: id, role: 'commander', person: null, reason: 'handed over' });
  const { ask } = await done(engine, 'incident.ask', {
    incident: id,
    text: 'call the PSP',
    owner: 'ana-kovac',
    minutes: 10,
  });
  await done(engine, 'incident.ask.change', { incident: id, ask, state: 'done', note: 'they know' });
  await done(engine, 'incident.run', { incident: id, runbook: 'checkout-slowdown' });
  await done(engine, 'incident.step', { incident: id, step: 'command', state: 'done', reason: 'Ana has it' });
  await done(engine, 'incident.decide', { incident: id, text: 'Roll back', reason: 'nothing else changed' });
  await done(engine, 'incident.state', { incident: id, status: 'mitigating' });
  return { engine, id, data };
}

async function exported(
  engine: Engine,
  format: 'md' | 'html' | 'json' | 'csv',
  zone = 'Europe/Vienna',
  incident = '1',
): Promise<string> {
  const { path } = await done(engine, 'incident.export', { incident, format, zone, to: newFolder() });
  expect(path).toMatch(new RegExp(`inc-0001-checkout-failing.*\\.${format}$`));
  return readFileSync(path, 'utf8');
}

/** CSV after RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

describe('an incident as a document', () => {
  it('says the same in Markdown and HTML: corrections, late entries, roles, asks, steps, and whether it verifies', async () => {
    const { engine } = await told();
    const markdown = await exported(engine, 'md');
    const page = await exported(engine, 'html');
    for (const text of [markdown, page.replace(/<[^>]+>/g, '')]) {
      expect(text).toMatch(/2026-03-29 01:20:00 CET(?:, )?entered 03:\d\d:\d\d CEST/);
      expect(text).toContain('PSP confirms, ticket 77');
      expect(text).toMatch(
        /Corrected .* CEST by .*\(was a guess\): it was dated 2026-03-29 01:30:0\d CET, and it said before:/,
      );
      expect(text).toMatch(/call the PSP/);
      expect(text).toMatch(/they know/);
      expect(text).toMatch(/Ana has it/);
      expect(text).toMatch(/handed over/);
      expect(text).toMatch(/every chain, signature and table is as it was written\./);
      expect(text).toMatch(/The 1\d ops that tell this incident are signed by the consoles that wrote them\./);
      expect(text).toContain((await done(engine, 'status', {})).head!);
      expect(text).toContain('DEMONSTRATION');
    }
  });

  it('names the zone that was chosen and refuses one that is none', async () => {
    const { engine } = await told();
    expect(await exported(engine, 'md', 'America/New_York')).toMatch(/All times are in America\/New_York \(EDT\)\./);
    expect(
      await refused(engine, 'incident.export', { incident: '1', format: 'md', zone: 'Mars/Olympus', to: newFolder() }),
    ).toMatch(/zone: "Mars\/Olympus" is no time zone/);
  });

  it('shows what people wrote and obeys none of it', async () => {
    const { engine } = await told();
    const page = await exported(engine, 'html');
    expect(page).not.toMatch(/<script|<img|onerror=|\u202e|\u200b/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('[U+202E]gnp.exe');
    expect(page).not.toMatch(/\b(?:src|href|url)\s*[=(]/);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)![1];
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'`,
    );
    expect(/<style>([^]*?)<\/style>/.exec(page)![1]).toBe(STYLE);
    const markdown = await exported(engine, 'md');
    expect(markdown).not.toMatch(/<script|^# Verification|[^\\]\[x\]\(http|\u202e/m);
    expect(markdown.match(/^## .*/gm)).toEqual([
      '## Summary',
      '## Severity and state',
      '## Roles',
      '## Affected services',
      '## Asks',
      '## Runbooks',
      '## Timeline',
      '## Verification',
    ]);
  });

  it('as CSV has one safe row for each line of the timeline', async () => {
    const { engine } = await told();
    const text = await exported(engine, 'csv');
    const [head, ...rows] = parseCsv(text);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(rows).toHaveLength((await done(engine, 'incident.timeline', { incident: '1' })).entries.length);
    expect(rows.every((row) => row.length === head!.length)).toBe(true);
    expect(rows.flat().filter((cell) => /^[=+\-@\t]/.test(cell))).toEqual([]);
    const corrected = rows.find((row) => row[head!.indexOf('corrections')] === '2')!;
    const cell = (name: string) => corrected[head!.indexOf(name)];
    expect(cell('happened')).toMatch(/^2026-03-29T01:29:0\d\+01:00$/);
    expect(cell('last_corrected')).toMatch(/^2026-03-29T03:[12]\d:\d\d\+02:00$/);
    expect(cell('text')).toBe('PSP confirms, ticket 77');
    expect(cell('text_first')).toContain('<script>');
  });

  it('as JSON keeps to its schema and hides nothing', async () => {
    const { engine } = await told();
    const text = await exported(engine, 'json');
    // oxlint-disable-next-line no-control-regex -- these must not come out
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u200b\u202e]/);
    const document = IncidentDocument.parse(JSON.parse(text));
    expect(document.timeline).toHaveLength(document.entries);
    expect(document.roles[0]!.history.map(({ person }) => person?.id ?? null)).toEqual(['ana-kovac', null]);
    expect(document.severities.map(({ severity }) => severity)).toEqual(['SEV2', 'SEV1']);
    expect(document.verification).toMatchObject({ unsigned: 0, record: { ok: true } });
  });

  it('is written whole or not at all', async () => {
    const { engine } = await told();
    const folder = newFolder();
    const to = join(folder, 'story.md');
    await done(engine, 'incident.export', { incident: '1', to });
    expect(await refused(engine, 'incident.export', { incident: '1', to })).toMatch(/is there already/);
    await done(engine, 'incident.export', { incident: '1', to, replace: true });
    expect(await refused(engine, 'incident.export', { incident: '1', to: join(folder, 'story.doc') })).toMatch(
      /format: say which: md, html, json, csv, pdf/,
    );
    expect(await refused(engine, 'incident.export', { incident: '1', to: join(folder, 'story.pdf') })).toMatch(
      /PDF is printed by/,
    );
    expect(readdirSync(folder)).toEqual(['story.md']);
  });

  it('says who has witnessed its end, also of a backup that was made a moment ago', async () => {
    const { engine, id } = await told();
    const written = async () => {
      const { path } = await done(engine, 'incident.export', { incident: id, to: newFolder(), format: 'md' });
      return readFileSync(path, 'utf8');
    };
    expect(await written()).toContain('No backup or bundle has yet witnessed these heads.');
    await done(engine, 'backup.create', {});
    expect(await written()).toContain('head that backups and bundles remember is in it');
  });

  it('says that it does not verify when somebody wrote into the database', async () => {
    const { engine, data, id } = await told();
    await engine.close();
    inStore(data, (store) =>
      store.db.exec(`UPDATE op SET payload = '{"text":"all is well"}' WHERE type = 'entry.note' AND scope = '${id}'`),
    );
    const again = await openOn(data);
    const { path, verified } = await done(again, 'incident.export', { incident: '1', to: newFolder(), format: 'md' });
    expect(verified).toBe(false);
    expect(readFileSync(path, 'utf8')).toMatch(/does not verify[^]*was edited after it was written/);
    const json = await done(again, 'incident.export', { incident: '1', to: newFolder(), format: 'json' });
    expect(await refused(await openOn(newFolder()), 'incident.import', { file: json.path })).toMatch(
      /does not verify: Op \d+ of console .* was changed after it was signed\. Nothing of it was taken\.$/,
    );
  });
});

/** What is the same wherever a story is told. */
function essence(text: string): unknown {
  const document = IncidentDocument.parse(JSON.parse(text));
  const { timeline, incident, severities, statuses, roles, asks, runs, health, names, record } = document;
  const { actions, restoration, cleanup, updates, handovers } = document;
  const strip = ({ arrivedAt: _arrived, ...entry }: DocumentEntry) => entry;
  return {
    timeline: timeline.map(strip),
    incident,
    severities,
    statuses,
    roles,
    asks,
    runs,
    health,
    ...{ actions, restoration, cleanup, updates, handovers },
    people: names.people,
    record,
  };
}

const BOOK = `---
id: own-slow
title: Ours
version: 1.0.0
summary: When it is slow.
owner: operations
minutes: 10
---
## 1. Look {#look type=check evidence="queue depth"}
## 2. Is it the release? {#which type=decision}

- [Yes, the release](#back)
- [No](#wait)

## 3. Back {#back reversible=yes}
## 4. Wait {#wait minutes=9 evidence=graph}
`;

/** What was told, and all that is done beside the timeline. */
async function worked() {
  const { engine, id, data } = await told();
  const file = join(data, 'runbooks', 'own-slow.md');
  mkdirSync(join(data, 'runbooks'), { recursive: true });
  writeFileSync(file, BOOK);
  const { run } = await done(engine, 'incident.run', { incident: id, runbook: 'own-slow' });
  const step = { incident: id, run, state: 'done' as const };
  await done(engine, 'incident.step', { ...step, step: 'look', evidence: ['queue depth: 412 and rising'] });
  await done(engine, 'incident.step', { ...step, step: 'which', branch: 'wait' });
  await done(engine, 'incident.step', { ...step, step: 'wait', overrule: true, reason: 'the queue is empty already' });
  writeFileSync(file, BOOK.replace('1.0.0', '1.1.0').replace('## 3. Back', '## 3. Go back'));
  await done(engine, 'incident.run.renew', { incident: id, run });

  await done(engine, 'settings.set', { actingAs: 'ana-kovac' });
  await done(engine, 'cleanup.add', { incident: id, title: 'Stuck orders', count: 214, unit: 'orders' });
  await done(engine, 'cleanup.accept', {
    incident: id,
    item: '1',
    person: 'ana-kovac',
    reason: 'worked off on Monday',
  });
  await done(engine, 'update.save', { incident: id, audience: 'engineers', text: 'Checkout is back since 03:20.' });
  await done(engine, 'update.review', { incident: id, audience: 'engineers' });
  await done(engine, 'update.send', { incident: id, audience: 'engineers', channel: 'copied' });
  await done(engine, 'restoration.adopt', { incident: id });
  const [other] = (await done(engine, 'estate.people', {})).filter((one) => one.id !== 'ana-kovac');
  await done(engine, 'incident.assign', { incident: id, role: 'commander', person: 'ana-kovac' });
  const { id: handover } = await done(engine, 'handover.offer', { incident: id, to: other!.id });
  await done(engine, 'endpoint.add', { endpoint: 'payments', url: 'http://127.0.0.1:4' });
  const { action } = await done(engine, 'action.propose', {
    incident: id,
    template: 'reroute-payments',
    service: 'checkout-api',
    inputs: { provider: 'second-psp' },
    reason: 'the first is slow',
  });
  await done(engine, 'settings.set', { actingAs: other!.id });
  await done(engine, 'handover.decline', { incident: id, handover, reason: 'not before four' });
  await done(engine, 'incident.assign', { incident: id, role: 'commander', person: other!.id, reason: 'takes over' });
  await done(engine, 'action.approve', { action, reason: 'seen it' });
  await done(engine, 'action.refuse', { action, reason: 'the first is quick again' });
  return { engine, id, other: other! };
}

describe('what was done beside the timeline', () => {
  it('stands in the document: branches, evidence, guards, actions, plan, cleanup, updates and handovers', async () => {
    const { engine, other } = await worked();
    const markdown = await exported(engine, 'md');
    const page = (await exported(engine, 'html')).replace(/<[^>]+>/g, ' ');
    for (const text of [markdown, page]) {
      expect(text).toMatch(/done → No/);
      expect(text).toMatch(/queue depth: 412 and rising/);
      expect(text).toMatch(/evidence missing.*the queue is empty already/);
      expect(text).toMatch(/done (?:→ No )?\\?\(taken over\\?\)/);
      expect(text).toMatch(/Send card payments over the second provider: refused/);
      expect(text).toMatch(/commander: seen it/);
      expect(text).toMatch(/the first is quick again/);
      expect(text).toMatch(/Ana .*, for 214, .*worked off on Monday/);
      expect(text).toMatch(/Checkout is back since 03:20\./);
      expect(text).toMatch(/declined .*not before four/);
      expect(text).toContain(other.name);
    }
    expect(markdown.match(/^## .*/gm)).toEqual(
      expect.arrayContaining([
        '## Actions',
        '## Restoration plan',
        '## Cleanup',
        '## Updates that went out',
        '## Handovers',
      ]),
    );
  });

  it('comes back with the JSON export, as it was', async () => {
    const { engine, id } = await worked();
    const text = await exported(engine, 'json');
    const file = join(newFolder(), 'incident.json');
    writeFileSync(file, text);
    const into = await openOn(newFolder());
    await done(into, 'incident.import', { file });
    expect(essence(await exported(into, 'json', 'Europe/Vienna', id))).toEqual(essence(text));
  });
});

describe('an incident that comes back', () => {
  it('from a stranger is a foreign record: shown, exported again with the same story, and never changed', async () => {
    const { engine, id, data } = await told();
    const text = await exported(engine, 'json');
    const file = join(newFolder(), 'incident.json');
    writeFileSync(file, text);
    const into = await openOn(newFolder());
    const { console } = loadIdentity(data);
    const first = await done(into, 'incident.import', { file });
    expect(first).toMatchObject({
      id,
      label: 'INC-0001@demonstration',
      as: 'foreign',
      messages: [expect.stringContaining(`console ${console} is not enrolled here`)],
    });
    expect(first.fresh).toBe(first.ops);
    expect(await done(into, 'incident.import', { file })).toMatchObject({ as: 'foreign', fresh: 0 });
    expect(await done(into, 'status', {})).toMatchObject({ ops: 0, quarantined: 0 });
    expect(await done(into, 'incident.list', {})).toEqual([]);
    expect(await done(into, 'incident.list', { all: true })).toMatchObject([
      { id, label: 'INC-0001@demonstration', commander: null, foreign: { console } },
    ]);
    expect(
      (await done(into, 'incident.show', { incident: 'INC-0001@demonstration' })).health.map(
        ({ health }) => health.health,
      ),
    ).toEqual(['unknown']);
    expect(await refused(into, 'incident.say', { incident: id, text: 'ours now' })).toBe(
      'This is a foreign record: it can be read and exported, not changed.',
    );
    expect(essence(await exported(into, 'json', 'Europe/Vienna', id))).toEqual(essence(text));
    expect(await exported(into, 'md', 'Europe/Vienna', id)).toContain(
      `Foreign record: it was taken from an export that console ${console} of Demonstration made`,
    );
  });

  it('on a console that counts its consoles goes into the log', async () => {
    const { engine, data, id } = await told();
    const file = join(newFolder(), 'incident.json');
    writeFileSync(file, await exported(engine, 'json'));
    const here = newFolder();
    enrolIn(here, data);
    const into = await openOn(here);
    const taken = await done(into, 'incident.import', { file });
    expect(taken).toMatchObject({ id, as: 'own', label: 'INC-0001', messages: [] });
    expect(await done(into, 'incident.import', { file })).toMatchObject({ as: 'own', fresh: 0 });
    await done(into, 'incident.say', { incident: id, text: 'goes on here' });
    expect(await done(into, 'record.verify', {})).toMatchObject({ ok: true, findings: [] });
  });

  it('is refused in one sentence when anything in it was changed or is not what it should be', async () => {
    const { engine } = await told();
    const text = await exported(engine, 'json');
    const into = await openOn(newFolder());
    const file = join(newFolder(), 'incident.json');
    const attempt = (content: string | Uint8Array) => {
      writeFileSync(file, content);
      return refused(into, 'incident.import', { file });
    };
    const document = JSON.parse(text) as IncidentDocument;
    const changed = (change: (copy: IncidentDocument) => void): string => {
      const copy = structuredClone(document);
      change(copy);
      return JSON.stringify(copy);
    };
    const op = (copy: IncidentDocument, type: string) =>
      copy.record.slices.flatMap(({ ops }) => ops).find((each) => 'type' in each && each.type === type) as {
        payload: Record<string, unknown>;
        eventTime: number;
      };
    expect(await attempt(changed((copy) => (op(copy, 'entry.decision').payload['text'] = 'Do nothing')))).toMatch(
      /does not verify: Op \d+ of console .* changed/,
    );
    expect(await attempt(changed((copy) => (op(copy, 'entry.decision').eventTime -= 60_000)))).toMatch(
      /does not verify/,
    );
    expect(await attempt(changed((copy) => copy.record.slices[0]!.ops.pop()))).toMatch(
      /does not verify: Its segment is not complete/,
    );
    expect(await attempt(changed((copy) => (copy.record.slices[0]!.signature = 'A'.repeat(86))))).toMatch(
      /does not verify: The signature over ops/,
    );
    expect(await attempt(changed((copy) => (copy.record.slices[0]!.key = 'A'.repeat(43))))).toMatch(
      /does not verify: The key does not belong/,
    );
    expect(await attempt(changed((copy) => (copy.incident.id = 'i-other')))).toMatch(/does not hold the declaration/);
    expect(await attempt(changed((copy) => (copy.format = 2)))).toMatch(/was made by a newer Holdfast/);
    expect(await attempt(changed((copy) => (copy.record.slices = [])))).toMatch(/record\.slices/);
    expect(await attempt(text.slice(0, 2000))).toMatch(/it is not whole JSON/);
    expect(await attempt('[]')).toMatch(/is no JSON export of an incident/);
    expect(await attempt(Buffer.from([0xff, 0x00, 0x10]))).toMatch(
      /is no JSON export of an incident: The file is not text\. Nothing/,
    );
    expect(await done(into, 'incident.list', { all: true })).toEqual([]);
    expect(await done(into, 'status', {})).toMatchObject({ ops: 0, quarantined: 0 });
  });

  it('says when lines of it were left out', async () => {
    const { engine } = await told();
    const document = JSON.parse(await exported(engine, 'json')) as IncidentDocument;
    const slice = document.record.slices[0]!;
    const { linkOf } = await import('../../electron/engine/store/log.ts');
    slice.ops = slice.ops.map((op) =>
      'id' in op && op.type === 'entry.decision' ? { scope: op.scope, content: linkOf(op).content } : op,
    );
    const file = join(newFolder(), 'incident.json');
    writeFileSync(file, JSON.stringify(document));
    const { messages } = await done(await openOn(newFolder()), 'incident.import', { file });
    expect(messages[0]).toBe(
      'One op of this incident is not in the file: whoever exported it did not have it, or left it out.',
    );
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});

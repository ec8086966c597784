import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audienceOf, nextDue } from '../../shared/domain/updates/audiences.ts';
import { valuesOf, type UpdateFacts } from '../../shared/domain/updates/facts.ts';
import { fill, notForThePublic, parseTemplate } from '../../shared/domain/updates/template.ts';
import { Audience } from '../../shared/domain/words.ts';

const NOW = Date.parse('2026-11-23T20:10:00+01:00');
const MINUTE = 60_000;
const FOLDER = new URL('../../assets/templates/', import.meta.url).pathname;
const shipped = readdirSync(FOLDER).map((file) => parseTemplate(file, readFileSync(join(FOLDER, file), 'utf8')));
const template = (audience: Audience) => shipped.find((one) => one.audience === audience)!;

const facts: UpdateFacts = {
  label: 'INC-0042',
  title: 'Checkout failing',
  severity: 'SEV1',
  status: 'mitigating',
  startedAt: NOW - 38 * MINUTE,
  resolvedAt: null,
  commander: 'Ana Kovač',
  hurt: [{ name: 'Online checkout', health: 'failing', since: NOW - 38 * MINUTE }],
  money: [{ text: '−€ 156k so far (est. 130k–190k)', basis: 'estimated from health', asOf: NOW - 2 * MINUTE }],
  stores: {
    total: 120,
    sells: 100,
    fallback: 14,
    hindered: 0,
    cannot: 0,
    unknown: 2,
    closed: 4,
    closedHurt: 0,
    closedUnknown: 0,
  },
  services: [{ name: 'Checkout API', health: 'failing', since: NOW - 38 * MINUTE }],
  causes: [],
  ruledOut: ['Payment gateway'],
  decisions: ['Roll back 4.18'],
  asks: [{ text: 'check the pool', owner: 'Raj Menon' }],
  steps: [],
  modes: [],
  nextAt: NOW + 30 * MINUTE,
};
const write = (audience: Audience, over: Partial<UpdateFacts> = {}) =>
  fill(template(audience).body, valuesOf({ ...facts, ...over }, { audience, zone: 'Europe/Vienna', now: NOW }));

describe('an update', () => {
  it('has a template for every audience, each without a complaint', () => {
    expect(shipped.map(({ audience }) => audience).toSorted()).toEqual(Audience.options.toSorted());
    expect(shipped.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('tells executives cost with range, source and age, what is not known, and when the next word comes', () => {
    const text = write('executives');
    expect(text).toContain('Since 19:32 CET: Online checkout fails.');
    expect(text).toContain('Cost: −€ 156k so far (est. 130k–190k); estimated from health, 2 min old');
    expect(text).toContain('Stores: 114 of 116 open stores sell, 14 of them from their own server, 2 are not heard of');
    expect(text).toContain('- The cause is not confirmed.');
    expect(text).toContain('- It is not Payment gateway.');
    expect(text).toContain('- check the pool (Raj Menon)');
    expect(text).toMatch(/Next update: 20:40 CET$/);
  });

  it('leaves out a paragraph of which nothing is known, and says that a cost is not known instead of leaving it out', () => {
    const text = write('executives', { money: [], asks: [], decisions: [], ruledOut: [] });
    expect(text).not.toContain('Cost:');
    expect(text).toContain('- What it costs is not known.');
    expect(text).not.toContain('What we do:');
    expect(text).not.toContain('Meanwhile:');
    expect(text).not.toContain('{{');
  });

  it('gives the public no money, no internal name and nothing of the cause', () => {
    const text = write('public-status', { causes: ['Checkout API'], modes: ['Limit order promises: cart-api'] });
    for (const secret of ['€', 'INC-', 'SEV', 'Checkout API', 'cart-api', 'Ana', 'Raj', 'cause', 'Roll back'])
      expect(text).not.toContain(secret);
    expect(text).toContain('Since 19:32 CET: Online checkout does not work at the moment.');
    expect(notForThePublic(text, ['Checkout API', 'Ana Kovač', 'INC-0042'])).toBeNull();
  });

  it('says that it is over', () => {
    const text = write('customer-service', { status: 'resolved', resolvedAt: NOW, nextAt: null });
    expect(text).toContain('Online checkout was disturbed');
    expect(text).toMatch(/Next update: This is the last update\.$/);
  });
});

describe('a template', () => {
  it('names an unknown placeholder with its line', () => {
    const { problems } = parseTemplate('x.md', '---\naudience: executives\n---\nHello\n\n{{impcat}} and {{hurt}}\n');
    expect(problems).toMatchObject([{ severity: 'error', file: 'x.md', line: 6, field: 'impcat' }]);
    expect(problems[0]!.message).toMatch(/\{\{impcat}} is not known; write one of .*impact/);
  });

  it.each([
    ['{{impact}} is lost', /not for the public/],
    ['{{services}}', /not for the public/],
  ])('for the public may not ask for %s', (body, why) => {
    expect(parseTemplate('p.md', `---\naudience: public-status\n---\n${body}\n`).problems[0]!.message).toMatch(why);
  });

  it.each([
    ['no front matter', 'Hello', 1],
    ['an unknown audience', '---\naudience: everybody\n---\nHello', 2],
    ['no text', '---\naudience: engineers\n---\n', 4],
  ])('with %s is refused by its line', (_what, text, line) => {
    expect(parseTemplate('x.md', text).problems).toMatchObject([{ severity: 'error', line }]);
  });
});

describe('what the public may not read', () => {
  it.each([
    ['We lose € 4,120 a minute', 'an amount of money'],
    ['about 7.000 euros are missing', 'an amount of money'],
    ['The checkout-api restarts', 'checkout-api'],
    ['Ana Kovač works on it', 'Ana Kovač'],
  ])('%s', (text, why) => {
    expect(notForThePublic(text, ['checkout-api', 'Ana Kovač'])).toContain(why);
  });

  it('is not a word that only contains one', () => {
    expect(notForThePublic('Our checkout-apiary is open since 2024, 14 stores', ['checkout-api'])).toBeNull();
  });
});

describe('the clock of an audience', () => {
  const clock = { minutes: 30, declaredAt: NOW, resolvedAt: null, last: null };
  it.each([
    ['first word soon after the declaration', clock, NOW + 15 * MINUTE],
    ['a short cadence begins at once', { ...clock, minutes: 10 }, NOW + 10 * MINUTE],
    ['then by the cadence', { ...clock, last: { at: NOW + MINUTE, nextAt: null } }, NOW + 31 * MINUTE],
    ['what was promised wins', { ...clock, last: { at: NOW, nextAt: NOW + 5 * MINUTE } }, NOW + 5 * MINUTE],
    ['nobody waits without a cadence', { ...clock, minutes: null }, null],
    [
      'who was told is told of the end',
      { ...clock, resolvedAt: NOW, last: { at: NOW - 1, nextAt: null } },
      NOW + 15 * MINUTE,
    ],
    ['and then of nothing more', { ...clock, resolvedAt: NOW, last: { at: NOW + 1, nextAt: NOW + 9 } }, null],
    ['who was never told is not told of the end', { ...clock, resolvedAt: NOW }, null],
  ])('%s', (_what, of, due) => {
    expect(nextDue(of)).toBe(due);
  });

  it('is found by what people type', () => {
    expect(['execs', 'exec', 'Stores', 'customer service', 'pub', 'en'].map(audienceOf)).toEqual([
      'executives',
      'executives',
      'store-operations',
      'customer-service',
      'public-status',
      'engineers',
    ]);
    expect([audienceOf(''), audienceOf('board')]).toEqual([null, null]);
  });
});

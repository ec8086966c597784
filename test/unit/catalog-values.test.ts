import { describe, expect, it } from 'vitest';
import {
  formatMatchers,
  isTimeZone,
  isWebUrl,
  parseDependencies,
  parseList,
  parseMatchers,
  parseUrls,
} from '../../shared/domain/catalog/annotations.ts';
import { graphCycles, pointerCycles } from '../../shared/domain/catalog/cycles.ts';
import { formatDuration, parseDuration } from '../../shared/domain/catalog/duration.ts';
import { formatRef, parseRef, shortRef } from '../../shared/domain/catalog/reference.ts';

describe('entity references', () => {
  const refs = (text: string, kinds = ['component'], namespace = 'default') =>
    parseRef(text, { kinds, namespace })?.map(formatRef) ?? null;

  it('are read in every legal short form', () => {
    expect(refs('checkout')).toEqual(['component:default/checkout']);
    expect(refs('shop/checkout')).toEqual(['component:shop/checkout']);
    expect(refs('resource:checkout')).toEqual(['resource:default/checkout']);
    expect(refs('Resource:Shop/Checkout.DB_2')).toEqual(['resource:shop/checkout.db_2']);
    expect(refs(' checkout ', ['api'], 'shop')).toEqual(['api:shop/checkout']);
    expect(refs('x', ['component', 'resource'])).toEqual(['component:default/x', 'resource:default/x']);
  });

  it('are refused when they are none', () => {
    const none = [
      '',
      ':',
      'a:',
      '/b',
      'a:/b',
      'a/',
      'a b',
      'a:b:c',
      'a/b/c',
      '-x',
      'x-',
      'a--b',
      'ä',
      'x'.repeat(64),
      '1:x',
    ];
    expect(none.filter((text) => refs(text) !== null)).toEqual([]);
  });

  it('are written in the shortest form that reads back as the same', () => {
    const ref = { kind: 'api', namespace: 'shop', name: 'x' };
    expect(shortRef(ref, { kinds: ['api'], namespace: 'shop' })).toBe('x');
    expect(shortRef(ref, { kinds: ['component', 'resource'], namespace: 'default' })).toBe('api:shop/x');
  });
});

describe('durations', () => {
  it('are read as seconds and written in their common form', () => {
    const pairs: [string, number][] = [
      ['PT0S', 0],
      ['PT90S', 90],
      ['PT15M', 900],
      ['PT4H', 14_400],
      ['P7D', 604_800],
    ];
    for (const [text, seconds] of pairs) {
      expect(parseDuration(text)).toBe(seconds);
      expect(formatDuration(seconds)).toBe(text);
    }
    expect(parseDuration('pt1h30m')).toBe(5400);
    expect(parseDuration('P1W')).toBe(604_800);
    expect(parseDuration('PT0.5H')).toBe(1800);
  });

  it('without a fixed length, a unit or a sign that makes sense are refused', () => {
    const none = ['', 'P', 'PT', '15m', '15', 'P1Y', 'P2M', '-PT5M', 'PT5', 'PT1H1H', 'P9999999D', 'PTNaNM'];
    expect(none.filter((text) => parseDuration(text) !== null)).toEqual([]);
  });
});

describe('alert matchers', () => {
  it('are read as sets of labels', () => {
    expect(parseMatchers('service=checkout, severity!=info; job=~"(a|b),;\\"x", team!~qa.*')).toEqual([
      [
        { label: 'service', op: '=', value: 'checkout' },
        { label: 'severity', op: '!=', value: 'info' },
      ],
      [
        { label: 'job', op: '=~', value: '(a|b),;"x' },
        { label: 'team', op: '!~', value: 'qa.*' },
      ],
    ]);
  });

  it('are refused as a whole with the reason, since half a matcher claims the wrong alerts', () => {
    expect(parseMatchers('')).toMatch(/empty/);
    expect(parseMatchers('service')).toMatch(/"service" is no label=value/);
    expect(parseMatchers('a=b,,c=d')).toMatch(/is no label=value/);
    expect(parseMatchers('a=~"("')).toMatch(/no regular expression/);
    expect(parseMatchers(`a=${'x'.repeat(501)}`)).toMatch(/longer than 500/);
    expect(parseMatchers('1a=b')).toMatch(/no label=value/);
  });

  it('are written so that they read back', () => {
    const values = ['', 'x', 'a b', ' lead', 'a,b', 'a;b', '"', '\\', 'line\nbreak', 'ü'];
    const sets = values.map((value) => [{ label: 'l', op: '=' as const, value }]);
    expect(parseMatchers(formatMatchers(sets))).toEqual(sets);
  });

  it('take no time to refuse a text made to be slow', () => {
    const started = performance.now();
    parseMatchers(`${'a=b,'.repeat(20_000)}!`);
    parseMatchers(`a="${'\\"'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('lists, addresses, zones and dependencies', () => {
  it('are read from one text', () => {
    expect(parseList(' a, b ,,a,c ')).toEqual(['a', 'b', 'c']);
    expect(parseUrls('https://a.example/x?y=1,2, https://b.example\nhttps://c.example,')).toEqual([
      'https://a.example/x?y=1,2',
      'https://b.example',
      'https://c.example',
    ]);
    const complaints: string[] = [];
    expect(
      parseDependencies('component:default/x=soft,async; y;\n z=batch,loud', (message) => complaints.push(message)),
    ).toEqual([
      { text: 'component:default/x', strength: 'soft', mode: 'async' },
      { text: 'y', strength: 'hard', mode: 'sync' },
      { text: 'z', strength: 'hard', mode: 'batch' },
    ]);
    expect(complaints).toEqual(['"loud" is none of hard, soft, sync, async, batch.']);
  });

  it('are checked', () => {
    expect(['https://a.example', 'http://127.0.0.1:9090/x'].map(isWebUrl)).toEqual([true, true]);
    expect(
      ['javascript:alert(1)', 'https://u:p@a.example', 'ftp://a', 'https://', 'a.example', 'https://a b'].map(isWebUrl),
    ).toEqual(Array(6).fill(false));
    expect(['Europe/Vienna', 'UTC', 'America/New_York'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['Vienna', '+02:00', '', 'Europe/Nowhere'].map(isTimeZone)).toEqual(Array(4).fill(false));
  });
});

describe('circles', () => {
  it('are found among pointers', () => {
    const next = new Map([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
      ['d', 'd'],
      ['e', 'a'],
    ]);
    expect(pointerCycles(next)).toEqual([['b', 'c'], ['d']]);
  });

  it('are found in a graph, the shortest of each knot', () => {
    const edges = new Map([
      ['a', ['b', 'x']],
      ['b', ['c']],
      ['c', ['d', 'a']],
      ['d', ['a']],
      ['x', ['y']],
      ['y', []],
    ]);
    expect(graphCycles(edges)).toEqual([['a', 'b', 'c']]);
  });

  it('of 50,000 members are found without recursion', () => {
    const edges = new Map(Array.from({ length: 50_000 }, (_, n) => [`${n}`, [`${(n + 1) % 50_000}`]]));
    expect(graphCycles(edges)[0]).toHaveLength(50_000);
  });
});

import { describe, expect, it } from 'vitest';
import { component, documents, places, readFiles, TestEstate } from '../support/catalog.ts';

const GROUP =
  'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team}\nspec: {type: team, children: []}\n';

describe('importing again', () => {
  const files = {
    'a.yaml': documents(
      GROUP,
      component('checkout', { spec: 'owner: team\ndependsOn: [component:mail, nowhere]' }),
      component('mail', { annotations: 'holdfast.dev/tier: banana\nother.example/x: "1"', spec: 'owner: team' }),
    ),
  };

  it('changes nothing', () => {
    const estate = new TestEstate();
    const first = estate.import(files);
    expect(first.counts).toEqual({ added: 4, changed: 0, renamed: 0, dropped: 0, unchanged: 0 });
    const second = estate.import(files);
    expect(second).toMatchObject({ changes: [], diff: [], counts: { added: 0, unchanged: 4 } });
    expect(places(second.problems)).toEqual(places(first.problems));
  });

  it('changes nothing when lines moved or files were split', () => {
    const estate = new TestEstate();
    estate.import(files);
    const [group, checkout, mail] = files['a.yaml'].split('---\n');
    expect(
      estate.import({ 'x/1.yaml': `# a comment\n\n${mail}`, 'x/2.yaml': documents(checkout!, group!) }).changes,
    ).toEqual([]);
  });

  it('writes only the fields that differ, and shows them', () => {
    const estate = new TestEstate();
    estate.import(files);
    const { changes, diff, counts } = estate.import({
      'a.yaml': files['a.yaml']
        .replace('name: checkout', 'name: checkout\n  title: Online checkout')
        .replace('tier: banana', 'tier: 2'),
    });
    expect(counts).toMatchObject({ changed: 2, unchanged: 2 });
    expect(changes).toEqual([
      { do: 'put', kind: 'service', id: 'checkout', fields: { title: 'Online checkout', at: 'a.yaml:6' } },
      {
        do: 'put',
        kind: 'service',
        id: 'mail',
        fields: { annotations: { 'other.example/x': '1' }, tier: 2, at: 'a.yaml:16' },
      },
    ]);
    expect(diff[0]).toEqual({
      kind: 'service',
      id: 'checkout',
      name: 'Online checkout',
      what: 'changed',
      fields: [{ field: 'title', from: null, to: 'Online checkout' }],
    });
    expect(diff[1]!.fields).toContainEqual({ field: 'tier', from: null, to: '2' });
  });

  it('drops what is gone, with the dependencies, and revives it under its id', () => {
    const estate = new TestEstate();
    estate.import(files);
    const without = { 'a.yaml': documents(GROUP, component('checkout', { spec: 'owner: team' })) };
    const { counts, diff } = estate.import(without);
    expect(counts).toMatchObject({ dropped: 2 });
    expect(diff.filter(({ what }) => what === 'dropped').map(({ id }) => id)).toEqual(['mail', 'checkout->mail']);
    expect(estate.get('service', 'mail')).toBeNull();
    expect(estate.import(without).changes).toEqual([]);

    const { counts: again } = estate.import({ 'a.yaml': files['a.yaml'].replace('tier: banana', 'tier: 3') });
    expect(again).toMatchObject({ added: 2 });
    expect(estate.get('service', 'mail')).toMatchObject({ tier: 3, annotations: { 'other.example/x': '1' } });
  });

  it('clears a field that the file no longer says', () => {
    const estate = new TestEstate();
    estate.import({
      'a.yaml': component('a', {
        annotations: 'holdfast.dev/tier: 1\nx: y',
        metadata: 'title: A\nlinks: [{url: "https://a"}]',
      }),
    });
    estate.import({ 'a.yaml': component('a') });
    expect(estate.get('service', 'a')).toMatchObject({ tier: null, title: '', links: [], annotations: {} });
  });

  it('does not switch on a source that a person switched off', () => {
    const estate = new TestEstate();
    const source = (more = '') => ({
      's.yaml': `apiVersion: holdfast.dev/v1\nkind: Source\nmetadata: {name: p}\nspec: {type: prometheus${more}}\n`,
    });
    estate.import(source());
    const held = estate.existing().find(({ kind }) => kind === 'source')!;
    held.fields['enabled'] = false;
    expect(estate.import(source(', url: "http://x"')).counts).toMatchObject({ changed: 1 });
    expect(estate.get('source', 'p')).toMatchObject({ enabled: false, config: { url: 'http://x' } });
    estate.import(source(', enabled: true'));
    expect(estate.get('source', 'p')).toMatchObject({ enabled: true });
  });
});

describe('what could not be read', () => {
  const good = {
    'a.yaml': documents(component('one'), component('two', { spec: 'dependsOn: [component:one]' }), component('three')),
    'b.yaml': component('four'),
  };

  it('is not taken for deleted, as long as its file is broken', () => {
    const estate = new TestEstate();
    estate.import(good);
    const broken = documents(
      component('one'),
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: two\n  title: "x\n',
      component('three'),
    );
    const { counts, problems } = estate.import({ 'a.yaml': broken, 'b.yaml': good['b.yaml'] });
    expect(counts).toMatchObject({ dropped: 0, unchanged: 3 });
    expect(estate.ids('dependency')).toEqual(['two->one']);
    expect(problems.map(({ message }) => message)).toContain(
      'two is kept as last imported, because not everything could be read.',
    );

    const mended = estate.import({
      'a.yaml': documents(component('one'), component('three')),
      'b.yaml': good['b.yaml'],
    });
    expect(mended.diff.map(({ id }) => id)).toEqual(['two', 'two->one']);
  });

  it('is not taken for deleted when the broken document was moved to another file', () => {
    const estate = new TestEstate();
    estate.import(good);
    const { counts } = estate.import({
      'a.yaml': documents(component('one'), component('three')),
      'c.yaml': documents(
        component('four'),
        'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: Two}\nspec: {a: [}\n',
      ),
    });
    expect(counts).toMatchObject({ dropped: 0 });
  });

  it('may be a whole folder or file; then what was in it stays', () => {
    const estate = new TestEstate();
    estate.import(good);
    const folder = readFiles({ 'b.yaml': good['b.yaml'] });
    folder.miss('sub', 'This folder cannot be read: permission is denied.');
    expect(estate.import(folder).counts).toMatchObject({ dropped: 0, unchanged: 1 });
    const file = readFiles({ 'b.yaml': good['b.yaml'] });
    file.lose('a.yaml', 'The file is not text.');
    expect(estate.import(file).counts).toMatchObject({ dropped: 0, unchanged: 1 });
    expect(estate.import({ 'x.yaml': 'apiVersion: v1\n' }).counts).toMatchObject({ dropped: 0 });
    expect(estate.import({ 'b.yaml': good['b.yaml'] }).counts).toMatchObject({ dropped: 4 });
  });
});

describe('a rename keeps the id, and with it the history', () => {
  const before = {
    'a.yaml': documents(
      component('checkout-api', { metadata: 'uid: u-1' }),
      component('shop', { spec: 'dependsOn: [component:checkout-api]' }),
    ),
  };
  const after = (more: Parameters<typeof component>[1]) => ({
    'a.yaml': documents(
      component('basket-api', more),
      component('shop', { spec: 'dependsOn: [component:basket-api]' }),
    ),
  });

  it.each([
    ['holdfast.dev/id', { annotations: 'holdfast.dev/id: checkout-api' }],
    ['metadata.uid', { metadata: 'uid: u-1' }],
    ['holdfast.dev/renamed-from', { annotations: 'holdfast.dev/renamed-from: Checkout-API' }],
  ])('by %s', (_, more) => {
    const estate = new TestEstate();
    estate.import(before);
    const { counts, diff } = estate.import(after(more));
    expect(counts).toEqual({ added: 0, changed: 0, renamed: 1, dropped: 0, unchanged: 2 });
    expect(diff[0]).toMatchObject({ id: 'checkout-api', name: 'basket-api', what: 'renamed' });
    expect(diff[0]!.fields).toContainEqual({
      field: 'ref',
      from: 'component:default/checkout-api',
      to: 'component:default/basket-api',
    });
    expect(estate.get('service', 'checkout-api')).toMatchObject({
      name: 'basket-api',
      formerRefs: ['component:default/checkout-api'],
    });
    expect(estate.ids('dependency')).toEqual(['shop->checkout-api']);
    expect(estate.import(after(more)).changes).toEqual([]);
    // The annotation has done its work and may go.
    expect(estate.import(after({ metadata: 'uid: u-1' })).counts).toMatchObject({ dropped: 0, renamed: 0 });
    expect(estate.get('service', 'checkout-api')!.formerRefs).toEqual(['component:default/checkout-api']);
  });

  it('on a console that never saw the old name too', () => {
    const estate = new TestEstate();
    estate.import(after({ annotations: 'holdfast.dev/renamed-from: checkout-api' }));
    expect(estate.ids('service')).toEqual(['checkout-api', 'shop']);
  });

  it('never lends the name of one service to another', () => {
    const estate = new TestEstate();
    estate.import({
      'a.yaml': documents(
        component('new', { annotations: 'holdfast.dev/renamed-from: old' }),
        component('old', { metadata: 'title: A new one' }),
      ),
    });
    expect(estate.get('service', 'old')).toMatchObject({ title: 'A new one' });
    expect(estate.get('service', 'new')).toMatchObject({ name: 'new' });
  });

  it('and references by the old name are followed with a warning', () => {
    const estate = new TestEstate();
    estate.import(before);
    const { problems } = estate.import({
      'a.yaml': documents(
        component('basket-api', { metadata: 'uid: u-1' }),
        component('shop', { spec: 'dependsOn: [component:checkout-api]' }),
      ),
    });
    expect(problems.map(({ message }) => message)).toEqual([
      '"component:checkout-api" is called component:default/basket-api now and is taken for that.',
    ]);
    expect(estate.ids('dependency')).toEqual(['shop->checkout-api']);
  });

  it('that is taken back is one too', () => {
    const estate = new TestEstate();
    estate.import(before);
    estate.import(after({ annotations: 'holdfast.dev/renamed-from: checkout-api' }));
    const { counts } = estate.import({ 'a.yaml': before['a.yaml'].replace('  uid: u-1\n', '') });
    expect(counts).toMatchObject({ renamed: 1, dropped: 0, added: 0 });
    expect(estate.ids('service')).toEqual(['checkout-api', 'shop']);
  });

  it('of stores, teams, people, regions and business services works alike', () => {
    const estate = new TestEstate();
    const plain = (kind: string, name: string, annotation = '') =>
      `apiVersion: holdfast.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}${annotation}}\nspec: {}\n`;
    estate.import({
      'a.yaml': documents(plain('Store', 's1'), plain('Region', 'r1'), plain('BusinessService', 'b1'), GROUP),
    });
    const from = (name: string) => `, annotations: {holdfast.dev/renamed-from: ${name}}`;
    const { counts } = estate.import({
      'a.yaml': documents(
        plain('Store', 's2', from('s1')),
        plain('Region', 'r2', from('r1')),
        plain('BusinessService', 'b2', from('b1')),
        GROUP.replace('{name: team}', '{name: crew, annotations: {holdfast.dev/renamed-from: team}}'),
      ),
    });
    expect(counts).toEqual({ added: 0, changed: 0, renamed: 4, dropped: 0, unchanged: 0 });
    expect(estate.get('store', 's1')).toMatchObject({ name: 's2' });
  });
});

describe('a rename that nobody declared', () => {
  const service = (name: string, more: { title?: string; owner?: string; deps?: string[]; tier?: number } = {}) =>
    component(name, {
      metadata: `title: ${more.title ?? 'Takes baskets and makes paid orders of them'}\ntags: [java, pci]`,
      annotations: `holdfast.dev/tier: ${more.tier ?? 1}\nholdfast.dev/rto: PT15M\nteam.example/slack: inc-checkout`,
      spec: `owner: ${more.owner ?? 'team'}\nlifecycle: production\ndependsOn: [${(more.deps ?? ['d1', 'd2', 'd3', 'd4']).map((dep) => `component:${dep}`).join(', ')}]`,
    });
  const rest = documents(GROUP, ...['d1', 'd2', 'd3', 'd4', 'd5'].map((name) => component(name)));
  const shop = (target: string) => component('shop', { spec: `dependsOn: [component:${target}]` });
  const started = () => {
    const estate = new TestEstate();
    estate.import({ 'a.yaml': documents(rest, service('checkout-api'), shop('checkout-api')) });
    return estate;
  };

  it('is recognised when kind and owner are the same and nearly all else too', () => {
    const estate = started();
    const next = {
      'a.yaml': documents(rest, service('basket-api', { deps: ['d1', 'd2', 'd3', 'd5'] }), shop('basket-api')),
    };
    const { counts, diff } = estate.import(next);
    expect(counts).toMatchObject({ renamed: 1, added: 1, dropped: 1 });
    expect(diff.find(({ what }) => what === 'renamed')).toMatchObject({
      id: 'checkout-api',
      name: 'Takes baskets and makes paid orders of them',
    });
    expect(estate.get('service', 'checkout-api')).toMatchObject({ name: 'basket-api' });
    expect(estate.ids('dependency')).toContain('shop->checkout-api');
    expect(estate.import(next).changes).toEqual([]);
  });

  it.each([
    ['the owner is another', { owner: 'crew' }],
    ['too much is different', { deps: ['d5'], tier: 3 }],
  ])('is not guessed when %s', (_, more) => {
    const estate = started();
    const { counts } = estate.import({ 'a.yaml': documents(rest, service('basket-api', more), shop('basket-api')) });
    expect(counts.renamed).toBe(0);
    expect(estate.ids('service')).toContain('basket-api');
  });

  it('is not guessed when there are two candidates', () => {
    const estate = started();
    const { counts } = estate.import({ 'a.yaml': documents(rest, service('one'), service('two'), shop('one')) });
    expect(counts.renamed).toBe(0);
  });

  it('is not guessed from next to nothing', () => {
    const estate = new TestEstate();
    estate.import({ 'a.yaml': component('a') });
    expect(estate.import({ 'a.yaml': component('b') }).counts).toMatchObject({ added: 1, dropped: 1, renamed: 0 });
  });
});

describe('several catalogs', () => {
  it('drop only what is their own', () => {
    const estate = new TestEstate();
    estate.import({ 'a.yaml': component('one') }, { origin: 'A' });
    estate.import({ 'b.yaml': component('two', { spec: 'dependsOn: [component:one]' }) }, { origin: 'B' });
    expect(estate.ids('dependency')).toEqual(['two->one']);
    expect(estate.import({ 'b.yaml': component('three') }, { origin: 'B' }).counts).toMatchObject({
      added: 1,
      dropped: 2,
    });
    expect(estate.ids('service')).toEqual(['one', 'three']);
  });

  it('may speak of the same entity: the last word counts, the first owner keeps it', () => {
    const estate = new TestEstate();
    estate.import({ 'a.yaml': component('one') }, { origin: 'A' });
    const { problems } = estate.import({ 'b.yaml': component('one', { metadata: 'title: One' }) }, { origin: 'B' });
    expect(problems[0]!.message).toBe(
      'One was first imported as part of "A" and stays so: this import changes it but will never drop it.',
    );
    expect(estate.get('service', 'one')).toMatchObject({ title: 'One', origin: 'A' });
    expect(estate.import({ 'b.yaml': component('two') }, { origin: 'B' }).counts).toMatchObject({ dropped: 0 });
  });

  it('take over what was there only for show', () => {
    const estate = new TestEstate();
    estate.import({ 'a.yaml': component('one') }, { origin: 'demonstration' });
    const { diff } = estate.import(
      { 'b.yaml': component('one') },
      { origin: 'B', takesOver: new Set(['demonstration']) },
    );
    expect(diff).toEqual([
      {
        kind: 'service',
        id: 'one',
        name: 'one',
        what: 'changed',
        fields: [{ field: 'origin', from: 'demonstration', to: 'B' }],
      },
    ]);
    expect(estate.get('service', 'one')!.origin).toBe('B');
  });
});

describe('ids', () => {
  it('are the names, and tell namesakes apart', () => {
    const estate = new TestEstate();
    const resource = (name: string, namespace = 'default') =>
      `apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {type: database}\n`;
    estate.import({
      'a.yaml': documents(resource('db'), component('DB'), resource('db', 'shop'), resource('cache', 'shop')),
    });
    expect(Object.fromEntries(estate.all('service').map(({ id, ref }) => [id, ref]))).toEqual({
      db: 'component:default/db',
      'resource.db': 'resource:default/db',
      'shop.db': 'resource:shop/db',
      cache: 'resource:shop/cache',
    });
  });

  it('that are given twice go to the first', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'a.yaml': documents(
        component('one', { annotations: 'holdfast.dev/id: x1' }),
        component('two', { annotations: 'holdfast.dev/id: x1' }),
      ),
    });
    expect(estate.ids('service')).toEqual(['two', 'x1']);
    expect(problems[0]!.message).toBe('The id x1 is already given in a.yaml:1; this one is not used.');
  });

  it('that come too late are not used, since history hangs on the first', () => {
    const estate = new TestEstate();
    estate.import({ 'a.yaml': component('one') });
    const { problems, counts } = estate.import({ 'a.yaml': component('one', { annotations: 'holdfast.dev/id: x1' }) });
    expect(counts).toMatchObject({ unchanged: 1, dropped: 0 });
    expect(problems[0]).toMatchObject({
      severity: 'warning',
      message: 'This is known as one since it was first imported and keeps that id.',
    });
  });

  it('of long names leave room for the arrow between two of them', () => {
    const estate = new TestEstate();
    const long = (letter: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: ${letter.repeat(60)}, namespace: ${'n'.repeat(60)}}\nspec: {type: x}\n`;
    const twin = component('a'.repeat(60));
    estate.import({ 'a.yaml': documents(long('a'), twin, long('a').replace('Resource', 'Component')) });
    expect(estate.ids('service').every((id) => id.length <= 98)).toBe(true);
    expect(new Set(estate.ids('service')).size).toBe(3);
  });
});

import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import { readCatalogFiles } from '../../electron/engine/catalog/files.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { component, documents, places } from '../support/catalog.ts';

const CATALOGS = new URL('../support/catalogs/', import.meta.url).pathname;
const DEMO = new URL('../../assets/demo/estate', import.meta.url).pathname;
const ASSETS = new URL('../../assets', import.meta.url).pathname;

const folder = {
  path: '',
  /** Writes a file, with the folders on the way to it; returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(folder.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  },
};
let engine: Engine;

beforeEach(async () => {
  folder.path = mkdtempSync(join(tmpdir(), 'holdfast-catalog-'));
  engine = await openEngine({ data: join(folder.path, 'data'), assets: ASSETS, version: 'test', poll: false });
});
afterEach(async () => {
  await engine.close();
  rmSync(folder.path, { recursive: true, force: true });
});

async function call<K extends Name>(name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await engine.call(name, input);
  if (!reply.ok) throw new Error(`${reply.code}: ${reply.message}`);
  return reply.value as Output<K>;
}

async function refused<K extends Name>(name: K, input: Input<K>): Promise<string> {
  const reply = await engine.call(name, input);
  return reply.ok ? 'done' : `${reply.code}: ${reply.message}`;
}

const status = async () => (await call('status', {})).ops;
const serviceIds = async () => (await call('estate.map', {})).services.map(({ id }) => id).sort();

describe('importing a catalog', () => {
  it('keeps what is good of a bad one, and says of the rest where and why', async () => {
    const report = await call('catalog.import', { paths: [join(CATALOGS, 'broken')] });
    expect(report).toMatchObject({ origin: 'broken', files: 4, documents: 10, applied: true, counts: { added: 8 } });
    expect(await serviceIds()).toEqual(['after-laughs', 'checkout', 'prices', 'web-shop']);
    expect(
      report.problems.map(({ severity, file, line, field }) => `${severity} ${file}:${line} ${field}`.trim()),
    ).toEqual([
      'error circle.yaml:9 spec.subdomainOf',
      'error laughs.yaml:10',
      'warning services.yaml:10 spec.dependsOn[1]',
      'error services.yaml:21',
      'error twice.yaml:1 metadata.name',
    ]);
    expect(report.problems.at(-1)!.message).toContain(
      'component:default/checkout is already described in services.yaml:12',
    );
    // What leads nowhere is counted on the map and named with its service.
    const { dependencies, loose } = await call('estate.map', {});
    expect(dependencies).toHaveLength(1);
    expect(loose).toEqual([{ from: 'web-shop', to: 'component:gone', strength: 'hard', mode: 'sync' }]);
    const { upstream, loose: named } = await call('estate.service', { service: 'web-shop' });
    expect(upstream.map(({ id }) => id)).toEqual(['checkout']);
    expect(named).toEqual({ upstream: ['component:gone'], downstream: [] });
  });

  it('shows before what it does, writes nothing twice and survives a rename with its history', async () => {
    folder.write(
      'estate/a.yaml',
      documents(component('checkout-api'), component('shop', { spec: 'dependsOn: [component:checkout-api]' })),
    );
    const paths = [join(folder.path, 'estate')];
    const preview = await call('catalog.preview', { paths });
    expect(await status()).toBe(0);
    const done = await call('catalog.import', { paths });
    expect({ ...preview, applied: true }).toEqual(done);
    const ops = await status();
    expect(ops).toBe(3);

    expect((await call('catalog.import', { paths })).counts).toEqual({
      added: 0,
      changed: 0,
      renamed: 0,
      dropped: 0,
      unchanged: 3,
    });
    expect(await status()).toBe(ops);

    const { id: incident } = await call('incident.declare', { title: 'Slow', services: ['checkout-api'] });
    folder.write(
      'estate/a.yaml',
      documents(
        component('basket-api', { annotations: 'holdfast.dev/renamed-from: checkout-api' }),
        component('shop', { spec: 'dependsOn: [component:basket-api]' }),
      ),
    );
    const renamed = await call('catalog.import', { paths });
    expect(renamed.counts).toEqual({ added: 0, changed: 0, renamed: 1, dropped: 0, unchanged: 2 });
    const service = await call('estate.service', { service: 'basket-api' });
    expect(service).toMatchObject({
      id: 'checkout-api',
      name: 'basket-api',
      formerRefs: ['component:default/checkout-api'],
      origin: 'estate',
      at: 'a.yaml:1',
    });
    expect(service.incidents.map(({ id }) => id)).toEqual([incident]);
    expect(service.downstream.map(({ id }) => id)).toEqual(['shop']);
    expect((await call('estate.service', { service: 'checkout-api' })).id).toBe('checkout-api');
  });

  it('drops what is gone and, when it comes back, finds it again', async () => {
    const path = folder.write('a.yaml', documents(component('one'), component('two')));
    await call('catalog.import', { paths: [path] });
    folder.write('a.yaml', component('one'));
    expect((await call('catalog.import', { paths: [path] })).counts).toMatchObject({ dropped: 1, unchanged: 1 });
    expect(await serviceIds()).toEqual(['one']);
    folder.write('a.yaml', documents(component('one'), component('two')));
    expect((await call('catalog.import', { paths: [path] })).counts).toMatchObject({ added: 1 });
    expect((await call('rebuild', {})).same).toBe(true);
  });

  it('is refused with a sentence when there is nothing to import, and drops nothing then', async () => {
    const path = folder.write('estate/a.yaml', component('one'));
    await call('catalog.import', { paths: [join(folder.path, 'estate')] });
    expect(await refused('catalog.import', { paths: [join(folder.path, 'nowhere')] })).toMatch(
      /^not_found: .*nowhere cannot be read: it is not there\.$/,
    );
    rmSync(path);
    expect(await refused('catalog.import', { paths: [join(folder.path, 'estate')] })).toMatch(
      /^bad_input: Nothing in .*estate can be imported, so nothing was changed\. There are no/,
    );
    folder.write('estate/a.yaml', 'apiVersion: backstage.io/v1alpha1\nkind: "Component');
    expect(await refused('catalog.import', { paths: [join(folder.path, 'estate')] })).toMatch(
      /a\.yaml:2: This is not valid YAML/,
    );
    expect(await serviceIds()).toEqual(['one']);
  });

  it('keeps its turn short, so that other commands go on', async () => {
    const texts = Array.from({ length: 600 }, (_, n) =>
      component(`s${n}`, {
        annotations: `holdfast.dev/tier: 2\nholdfast.dev/alert-match: service=s${n}`,
        metadata: `description: ${'word '.repeat(100)}`,
      }),
    );
    folder.write('estate/a.yaml', documents(...texts));
    let answered = 0;
    const preview = call('catalog.preview', { paths: [join(folder.path, 'estate')] }).finally(() =>
      clearInterval(others),
    );
    const others = setInterval(() => void call('status', {}).then(() => answered++), 1);
    expect((await preview).counts.added).toBe(600);
    expect(answered).toBeGreaterThan(5);
  });
});

describe('reading files', () => {
  const read = async (...names: string[]) => {
    const catalog = await readCatalogFiles(
      names.length === 0 ? [join(folder.path, 'estate')] : names.map((name) => join(folder.path, name)),
    );
    return { refs: [...catalog.drafts.keys()].sort(), problems: catalog.problems.list(), catalog };
  };

  it('follows the Locations of a file inside its folder, in a circle too, and nowhere else', async () => {
    const catalog = await readCatalogFiles([join(CATALOGS, 'located/catalog-info.yaml')]);
    expect([...catalog.drafts.keys()].sort()).toEqual([
      'component:default/a',
      'component:default/b',
      'group:default/shop',
      'location:default/all',
      'location:default/back',
    ]);
    expect(
      catalog.problems.list().map(({ severity, line, field, message }) => [severity, line, field, message]),
    ).toEqual([
      ['error', 9, 'spec.targets[2]', 'No file matches "./services/{nothing,neither}*.yaml".'],
      ['error', 10, 'spec.targets[3]', '"../broken/services.yaml" leads out of what is imported; it is not followed.'],
      ['error', 11, 'spec.targets[4]', '"missing.yaml" cannot be read: it is not there.'],
      ['warning', 12, 'spec.targets[5]', expect.stringContaining('nothing is fetched')],
    ]);
  });

  it('reads a whole folder, once, and nothing hidden', async () => {
    folder.write('estate/.git/x.yaml', component('hidden'));
    folder.write('estate/node_modules/x.yaml', component('module'));
    folder.write('estate/README.md', 'no');
    folder.write('estate/b/Two.YML', component('two'));
    folder.write('estate/a.yaml', component('one'));
    symlinkSync(join(folder.path, 'estate/a.yaml'), join(folder.path, 'estate/again.yaml'));
    const { refs, problems, catalog } = await read();
    expect(refs).toEqual(['component:default/one', 'component:default/two']);
    expect(problems).toEqual([]);
    expect(catalog.files).toBe(2);
  });

  it('does not run in circles of links, nor out of the folder', async () => {
    folder.write('outside/secret.yaml', component('secret'));
    folder.write('estate/a.yaml', component('one'));
    mkdirSync(join(folder.path, 'estate/sub'));
    symlinkSync('..', join(folder.path, 'estate/sub/up'));
    symlinkSync('loop.yaml', join(folder.path, 'estate/loop.yaml'));
    symlinkSync('nothing.yaml', join(folder.path, 'estate/dangling.yaml'));
    symlinkSync('../outside/secret.yaml', join(folder.path, 'estate/link.yaml'));
    symlinkSync('../outside', join(folder.path, 'estate/folder'));
    const { refs, problems } = await read();
    expect(refs).toEqual(['component:default/one']);
    expect(problems.map(({ severity, file, message }) => `${severity} ${file}: ${message}`)).toEqual([
      'error dangling.yaml: This link leads nowhere: it is not there.',
      'warning folder: This link leads out of what is imported; it is not followed.',
      'warning link.yaml: This link leads out of what is imported; it is not followed.',
      'error loop.yaml: This link leads nowhere: its links go round in a circle.',
    ]);
  });

  it('refuses what is too large or no text with a sentence each, and reads the rest', async () => {
    folder.write('estate/a.yaml', component('one'));
    folder.write('estate/huge.yaml', Buffer.alloc(50 * 1024 * 1024, '# a comment\n'));
    folder.write('estate/binary.yaml', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]));
    folder.write(
      'estate/latin.yaml',
      Buffer.concat([Buffer.from('# ok\n# M'), Buffer.from([0xfc]), Buffer.from('ll\n')]),
    );
    folder.write(
      'estate/utf16.yaml',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(component('two'), 'utf16le')]),
    );
    folder.write('estate/bom.yaml', `\uFEFF${component('three').replaceAll('\n', '\r\n')}`);
    folder.write('estate/tabs.yaml', component('four').replace('  name', '\tname'));
    folder.write('estate/empty.yaml', '');
    const { refs, problems } = await read();
    expect(refs).toEqual(['component:default/one', 'component:default/three', 'component:default/two']);
    expect(problems.map(({ severity, file, line, message }) => [severity, `${file}:${line}`, message])).toEqual([
      ['error', 'binary.yaml:0', 'The file is not text.'],
      ['error', 'huge.yaml:0', 'The file has 50 MB; a file of a catalog has at most 16 MB, so it is not read.'],
      ['error', 'latin.yaml:0', 'The file is not UTF-8 text (first wrong byte in line 2); save it as UTF-8.'],
      ['error', 'tabs.yaml:4', expect.stringMatching(/^This is not valid YAML: .*; this document is left out\.$/)],
    ]);
  });

  it('is not stopped by a file that may not be read, nor by one that is none', async () => {
    folder.write('estate/a.yaml', component('one'));
    folder.write('estate/shut.yaml', component('two'));
    const socket = createServer().listen(join(folder.path, 'estate/socket.yaml'));
    await once(socket, 'listening');
    symlinkSync('socket.yaml', join(folder.path, 'estate/link.yaml'));
    chmodSync(join(folder.path, 'estate/shut.yaml'), 0o000);
    const { refs, problems } = await read();
    expect(refs).toContain('component:default/one');
    expect(places(problems)).toContain('link.yaml:0');
    socket.close();
    // Who may read everything may read this too.
    if (process.getuid?.() !== 0)
      expect(problems.find(({ file }) => file === 'shut.yaml')?.message).toBe(
        'The file cannot be read: permission is denied.',
      );
  });

  it('tells several folders apart, and goes on when one is missing', async () => {
    folder.write('x/estate/a.yaml', 'kind: Component\nmetadata: {name: a}\n');
    folder.write('y/estate/a.yaml', 'kind: Component\nmetadata: {name: b}\n');
    const { problems, catalog } = await read('x/estate', 'y/estate', 'z');
    expect(places(problems)).toEqual([
      `${join(folder.path, 'z')}:0`,
      'x/estate/a.yaml:1 apiVersion',
      'y/estate/a.yaml:1 apiVersion',
    ]);
    expect(catalog.incomplete).toBe(true);
  });

  it('stops at folders that lie too deep', async () => {
    folder.write(`estate/${'d/'.repeat(40)}a.yaml`, component('deep'));
    const { refs, problems } = await read();
    expect(refs).toEqual([]);
    expect(problems[0]!.message).toMatch(/Folders are read down to 32 below one another/);
  });
});

describe('exporting the estate', () => {
  it('writes files that import to no change here, and to the same estate elsewhere', async () => {
    await call('catalog.import', { paths: [DEMO] });
    const ops = await status();
    const out = join(folder.path, 'out');
    const { files, entities } = await call('catalog.export', { directory: out });
    expect(files).toContain('services/e-commerce.yaml');
    expect(entities).toBeGreaterThan(250);

    const again = await call('catalog.import', { paths: [out], origin: 'estate' });
    expect(again.diff).toEqual([]);
    expect(again.problems).toEqual([]);
    expect(await status()).toBe(ops);

    const here = await call('estate.map', {});
    await engine.close();
    engine = await openEngine({ data: join(folder.path, 'other'), assets: ASSETS, version: 'test', poll: false });
    const elsewhere = await call('catalog.import', { paths: [out] });
    expect(elsewhere.problems).toEqual([]);
    const map = await call('estate.map', {});
    expect({ ...map, asOf: 0 }).toEqual({ ...here, asOf: 0 });
  });

  it('replaces and removes only what an export wrote', async () => {
    const path = folder.write(
      'a.yaml',
      documents(
        component('one', { annotations: 'holdfast.dev/domain: identity' }),
        'apiVersion: holdfast.dev/v1\nkind: Region\nmetadata: {name: r}\nspec: {timezone: UTC}\n',
      ),
    );
    await call('catalog.import', { paths: [path] });
    const out = join(folder.path, 'out');
    expect((await call('catalog.export', { directory: out })).files).toEqual([
      'regions.yaml',
      'services/identity.yaml',
    ]);
    writeFileSync(join(out, 'README.md'), 'mine');
    writeFileSync(path, component('one'));
    await call('catalog.import', { paths: [path] });
    expect((await call('catalog.export', { directory: out })).files).toEqual(['services/other.yaml']);
    expect(readdirSync(out, { recursive: true, encoding: 'utf8' }).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'README.md',
      'services',
      'services/other.yaml',
    ]);

    writeFileSync(join(out, 'services/mine.yaml'), '# mine\n');
    expect(await refused('catalog.export', { directory: out })).toMatch(
      /^refused: .*mine\.yaml was not written by an export/,
    );
    expect(readFileSync(join(out, 'services/mine.yaml'), 'utf8')).toBe('# mine\n');
  });

  it('is refused with a sentence where it cannot write', async () => {
    const path = folder.write('file', 'x');
    expect(await refused('catalog.export', { directory: join(path, 'below') })).toMatch(
      /^storage: .* cannot be written: a folder on the way to it is a file\.$/,
    );
    expect(existsSync(join(path, 'below'))).toBe(false);
  });
});

describe('runbooks', () => {
  it('are listed from the program and the data folder, which goes first, and read again when they change', async () => {
    const shipped = await call('runbook.list', {});
    expect(shipped.length).toBeGreaterThanOrEqual(3);
    expect(shipped.flatMap(({ problems }) => problems)).toEqual([]);

    const mine = (title: string) => `---\nid: checkout-slowdown\ntitle: ${title}\n---\n## 1. Go {#go}\n`;
    folder.write('data/runbooks/mine.md', mine('Ours'));
    const first = await call('runbook.show', { runbook: 'checkout-slowdown' });
    expect(first).toMatchObject({
      title: 'Ours',
      file: 'mine.md',
      steps: 1,
      stepList: [{ id: 'go', title: 'Go', type: 'manual' }],
    });
    folder.write('data/runbooks/mine.md', mine('Ours, second edition'));
    const second = await call('runbook.show', { runbook: 'checkout-slowdown' });
    expect(second.title).toBe('Ours, second edition');
    expect(second.hash).not.toBe(first.hash);
    rmSync(join(folder.path, 'data/runbooks/mine.md'));
    expect((await call('runbook.show', { runbook: 'checkout-slowdown' })).title).toBe(
      shipped.find(({ id }) => id === 'checkout-slowdown')!.title,
    );
  });

  it('that are broken are listed with their problem and stop nobody', async () => {
    folder.write('data/runbooks/empty.md', '');
    folder.write('data/runbooks/binary.md', Buffer.from([0, 1, 2]));
    folder.write('data/runbooks/huge.md', Buffer.alloc(2 * 1024 * 1024, 'x'));
    folder.write('data/runbooks/twin-a.md', '---\nid: twin\ntitle: A\nversion: 1.0.0\n---\n## 1. Go\n');
    folder.write('data/runbooks/twin-b.md', '---\nid: twin\ntitle: B\nversion: 1.0.0\n---\n## 1. Go\n');
    symlinkSync('nowhere.md', join(folder.path, 'data/runbooks/dangling.md'));
    const list = new Map((await call('runbook.list', {})).map((runbook) => [runbook.id, runbook]));
    expect(list.get('binary')!.problems.map(({ message }) => message)).toEqual(['The file is not text.']);
    expect(list.get('huge')!.problems.map(({ message }) => message)).toEqual([
      'The file is larger than 1024 KiB and is not read.',
    ]);
    expect(list.get('empty')!.problems.map(({ field }) => field)).toContain('steps');
    expect(list.get('twin')).toMatchObject({
      title: 'A',
      problems: [{ message: 'The id twin is also given in twin-b.md; that file is left out.' }],
    });
    expect(list.has('checkout-slowdown')).toBe(true);
    const { id } = await call('incident.declare', { title: 'x' });
    expect(await refused('incident.run', { incident: id, runbook: 'empty' })).toMatch(/^refused: .*no steps/);
    expect(await refused('runbook.show', { runbook: 'none' })).toBe('not_found: There is no runbook "none".');
  });

  it('tell when they change', async () => {
    mkdirSync(join(folder.path, 'data2/runbooks'), { recursive: true });
    const other = await openEngine({ data: join(folder.path, 'data2'), assets: ASSETS, version: 'test', poll: false });
    const told = new Promise<void>((resolve) => {
      other.onChanged(({ keys }) => {
        if (keys.includes('runbooks')) resolve();
      });
    });
    folder.write('data2/runbooks/new.md', '---\nid: new\ntitle: New\n---\n## 1. Go\n');
    await expect(told).resolves.toBeUndefined();
    await other.close();
  });
});

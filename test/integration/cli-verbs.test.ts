import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { answer, answerHere, cli, refusal, startCli } from '../support/cli.ts';
import { scratch } from '../support/scratch.ts';

const DEMO = fileURLToPath(new URL('../../assets/demo/estate', import.meta.url));

describe('the command line', () => {
  it('brings an estate in, shows it, and writes it back so that it comes in again unchanged', async () => {
    const data = scratch();
    const preview = await answer('catalog.preview', [DEMO], { data });
    expect(preview).toMatchObject({ applied: false, problems: [] });
    expect(preview.counts.added).toBeGreaterThan(300);
    expect((await answer('status', [], { data })).ops).toBe(0);

    const imported = await answer('catalog.import', [DEMO, '--origin', 'grocer'], { data });
    expect(imported).toMatchObject({ applied: true, origin: 'grocer', counts: preview.counts });
    expect((await answer('catalog.import', [DEMO, '--origin', 'grocer'], { data })).counts).toMatchObject({
      added: 0,
      changed: 0,
      dropped: 0,
    });

    const map = await answer('estate.map', [], { data });
    expect(map.services.length).toBeGreaterThanOrEqual(70);
    expect(map.dependencies.length).toBeGreaterThanOrEqual(140);
    expect(map.services.every(({ health }) => health.health === 'unknown')).toBe(true);
    const status = await answer('status', [], { data });
    expect(status.estate).toMatchObject({
      services: map.services.length,
      dependencies: map.dependencies.length,
      stores: 120,
    });

    const out = join(scratch(), 'written');
    const exported = await answer('catalog.export', [out], { data });
    for (const file of exported.files) expect(existsSync(join(out, file))).toBe(true);
    const other = scratch();
    await answer('catalog.import', [out], { data: other });
    const again = await answer('estate.map', [], { data: other });
    expect(again.services.map(({ id }) => id).sort()).toEqual(map.services.map(({ id }) => id).sort());
    expect(again.dependencies.length).toBe(map.dependencies.length);
  });

  it('runs an incident from the first word to the last', async () => {
    const data = scratch();
    await answer('catalog.import', [DEMO], { data });
    const declared = await answer(
      'incident.declare',
      [
        'Checkout',
        'failing',
        '--severity',
        'sev1',
        '--services',
        'checkout-api,cart-api',
        '--business-services',
        'checkout',
      ],
      { data },
    );
    expect(declared.label).toBe('INC-0001');
    const on = { data };
    const inc = declared.label;
    await answer('incident.assign', [inc, 'commander', 'ana-kovac'], on);
    await answer('incident.assign', ['1', 'scribe', 'Li Wen'], on);
    await answer('incident.assign', [declared.id, 'scribe', '-'], on);
    const said = await answer('incident.say', [inc, 'the PSP', 'confirms', '--event-time', '-5m'], on);
    await answer(
      'incident.correct',
      [inc, said.entry.slice(0, 8), '--event-time', '-7m', '--reason', 'their clock'],
      on,
    );
    await answer('incident.decide', [inc, 'roll back', '--reason', 'the release is the cause'], on);
    const { ask } = await answer('incident.ask', [inc, 'call the PSP', '--owner', 'mo-haas', '--minutes', '10'], on);
    await answer('incident.ask.change', [inc, ask, 'acknowledged'], on);
    const { run } = await answer('incident.run', [inc, 'checkout-slowdown'], on);
    const before = await answer('incident.show', [inc], on);
    const [first, second] = before.runs[0]!.steps;
    await answer('incident.step', [inc, first!.id, 'done'], on);
    await answer('incident.step', [inc, second!.id, 'skipped', 'customers', 'say', 'so'], on);
    await answer('incident.affect', [inc, 'tax-engine'], on);
    await answer('incident.unaffect', [inc, 'cart-api'], on);
    await answer('incident.retitle', [inc, 'Checkout slow'], on);
    await answer('incident.started', [inc, '-40m'], on);
    await answer('incident.severity', [inc, 'SEV2', 'stores sell again'], on);
    await answer('incident.state', [inc, 'mitigating'], on);

    const shown = await answer('incident.show', [inc], on);
    expect(shown).toMatchObject({
      title: 'Checkout slow',
      severity: 'SEV2',
      status: 'mitigating',
      commander: { id: 'ana-kovac' },
    });
    expect(shown.roles.find(({ role }) => role === 'scribe')!.person).toBeNull();
    expect(shown.asks).toMatchObject([{ id: ask, state: 'acknowledged', owner: { id: 'mo-haas' } }]);
    expect(shown.runs).toMatchObject([
      {
        id: run,
        steps: [
          { state: 'done' },
          { state: 'skipped', reason: 'customers say so' },
          ...Array.from({ length: before.runs[0]!.steps.length - 2 }, () => ({ state: 'open' })),
        ],
      },
    ]);
    expect(shown.services.map(({ id }) => id)).toEqual(['checkout-api', 'tax-engine']);
    expect(shown.startedAt).toBeLessThan(shown.declaredAt);

    const { entries } = await answer('incident.timeline', [inc], on);
    const corrected = entries.find(({ id }) => id === said.entry)!;
    expect(corrected.correction).toMatchObject({ reason: 'their clock' });
    expect(corrected.correction!.eventTimeWas! - corrected.eventTime).toBeGreaterThan(100_000);

    expect((await answer('incident.list', [], on)).map(({ label }) => label)).toEqual([inc]);
    await answer('incident.state', [inc, 'resolved'], on);
    expect(await answer('incident.list', [], on)).toEqual([]);
    expect(await answer('incident.list', ['--all'], on)).toMatchObject([{ label: inc, status: 'resolved' }]);

    expect(await answer('rebuild', [], on)).toMatchObject({ same: true });
    expect(await answer('incident.show', [inc], on)).toMatchObject({ status: 'resolved', title: 'Checkout slow' });
  });

  it('configures sources, and a test that failed is no success', async () => {
    const data = scratch();
    const added = await answer(
      'sources.add',
      ['prometheus', '--id', 'prom', '--title', 'Metrics', '--config.url', 'http://127.0.0.1:4'],
      { data },
    );
    expect(added).toMatchObject({
      id: 'prom',
      type: 'prometheus',
      enabled: true,
      credential: false,
      config: { url: 'http://127.0.0.1:4' },
    });
    expect(await answer('sources.list', [], { data })).toMatchObject([{ id: 'prom', title: 'Metrics' }]);
    const report = await answer('sources.test', ['prom'], { data, status: 1 });
    expect(report.ok).toBe(false);
    expect(report.message).toMatch(/127\.0\.0\.1:4/);
    writeFileSync(join(data, 'token'), 's3cret-t0ken\n');
    expect(
      await answer('sources.change', ['prom', '--no-enabled', '--credential-file', join(data, 'token')], { data }),
    ).toMatchObject({ enabled: false, credential: true });
    expect(await answer('sources.change', ['prom', '--credential', '-'], { data })).toMatchObject({
      credential: false,
    });
    await answer('sources.remove', ['prom'], { data });
    expect(await answer('sources.list', [], { data })).toEqual([]);
    expect((await answer('sources.types', [], { data })).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['prometheus', 'alertmanager']),
    );
    for (const file of readdirSync(data).filter((name) => name.startsWith('holdfast.db'))) {
      expect(readFileSync(join(data, file)).includes('s3cret-t0ken')).toBe(false);
    }
  });

  it('answers every question that takes no words, on an empty folder and on the demonstration', async () => {
    const data = scratch();
    const questions = [
      'status',
      'situation',
      'health',
      'settings.get',
      'estate.map',
      'estate.business',
      'estate.stores',
      'estate.teams',
      'estate.people',
      'estate.changes',
      'sources.list',
      'runbook.list',
      'incident.list',
    ] as const;
    for (const name of questions) await answerHere(name, [], data);
    await answer('estate.load-demonstration', [], { data });
    for (const name of questions) await answerHere(name, [], data);
    const runbooks = await answerHere('runbook.list', [], data);
    expect(runbooks.length).toBeGreaterThanOrEqual(3);
    expect((await answerHere('runbook.show', [runbooks[0]!.id], data)).stepList.length).toBe(runbooks[0]!.steps);
    expect(await answerHere('settings.set', ['--theme', 'dark', '--acting-as', 'ana-kovac'], data)).toMatchObject({
      theme: 'dark',
      actingAs: 'ana-kovac',
    });
    expect((await answerHere('status', [], data)).actor).toEqual({ id: 'ana-kovac', name: 'Ana Kovač' });
    expect(await answerHere('estate.service', ['checkout-api'], data)).toMatchObject({
      id: 'checkout-api',
      kind: 'api',
    });
    await answerHere('change.record', ['checkout-api', '4.18', '--services', 'checkout-api', '--by', 'Felix'], data);
    expect(await answerHere('estate.changes', ['--limit', '1'], data)).toMatchObject([
      { title: 'checkout-api 4.18', by: 'Felix' },
    ]);
    await answer('estate.leave-demonstration', [], { data });
    expect((await answer('estate.map', [], { data })).services).toEqual([]);
  });

  it('reads the sources itself when it is asked to wait, and says so when nobody does', async () => {
    const data = scratch();
    await answer('estate.load-demonstration', [], { data });
    const deaf = await cli(['health'], { data });
    expect(deaf.status).toBe(0);
    expect(deaf.stderr).toContain('DEMONSTRATION: the estate and its signals are invented.');
    expect(deaf.stderr).toContain('nothing reads the sources');
    expect(deaf.stdout).toContain('? unknown');
    expect(deaf.stdout).not.toContain('● healthy');
    const began = performance.now();
    const heard = await answer('health', ['--wait', '60'], { data });
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(heard.services.filter(({ health }) => health === 'healthy').length).toBeGreaterThan(50);
    const refused = await refusal(['declare', 'x', '--wait', '5'], { data });
    expect(refused).toMatchObject({ status: 2, code: 'usage' });
  });

  it('waits no longer than it was told for a source that does not answer, and names it', async () => {
    const data = scratch();
    await answer(
      'sources.add',
      ['prometheus', '--id', 'prom', '--title', 'Metrics', '--config.url', 'http://127.0.0.1:4'],
      { data },
    );
    const ran = await cli(['sources', 'list', '--wait', '1', '--json'], { data });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('No answer within 1 s: Metrics.');
    expect(JSON.parse(ran.stdout)).toMatchObject([{ id: 'prom', state: 'never' }]);
  });
});

describe('what was typed', () => {
  const wrong: [string, string[], RegExp][] = [
    ['an unknown verb', ['frobnicate'], /There is no verb "frobnicate"/],
    ['an unknown option', ['status', '--frobnicate'], /There is no option --frobnicate for "status"/],
    ['a missing word', ['incident', 'say', '1'], /<text> is missing/],
    ['a wrong type', ['changes', '--limit', 'many'], /takes a whole number/],
    [
      'an impossible choice',
      ['incident', 'state', '1', 'fixed'],
      /declared, mitigating, monitoring, resolved or closed/,
    ],
    ['a folder that is none', ['status', '--data', ''], /--data needs a folder/],
    ['a time to come', ['incident', 'say', '1', 'x', '--event-time', '2099-01-01T00:00:00Z'], /still to come/],
  ];

  it.each(wrong)(
    'as %s ends with 2, a document on stdout and a sentence on stderr, and touches nothing',
    async (_, args, message) => {
      const home = scratch();
      const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
      const told = await refusal(args, { env });
      expect(told).toMatchObject({ status: 2, ok: false, code: 'usage', retryable: false });
      expect(told.message).toMatch(message);
      const plain = await cli(args, { env });
      expect(plain).toMatchObject({ status: 2, stdout: '' });
      expect(plain.stderr).toMatch(message);
      expect(readdirSync(home)).toEqual([]);
    },
  );

  it('as something that is not there ends with 1', async () => {
    const data = scratch();
    const missing: [string[], string][] = [
      [['incident', 'show', '99'], 'There is no incident "99".'],
      [['service', 'ghost'], 'There is no service "ghost" in the estate.'],
      [['runbook', 'show', 'ghost'], 'There is no runbook "ghost".'],
      [['declare', 'x', '--services', 'ghost'], 'There is no service "ghost" in the estate.'],
    ];
    for (const [args, message] of missing)
      expect(await refusal(args, { data })).toMatchObject({ status: 1, code: 'not_found', message });
  });

  it('may be relative to where it was typed, also behind npm', async () => {
    const data = scratch();
    const here = scratch();
    writeFileSync(
      join(here, 'catalog.yaml'),
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: tills}\nspec: {type: service}\n',
    );
    await answer('catalog.import', ['catalog.yaml'], { data, cwd: here });
    const behindNpm = { npm_lifecycle_event: 'cli', INIT_CWD: here };
    expect(await answer('catalog.preview', ['catalog.yaml'], { data, env: behindNpm })).toMatchObject({
      counts: { unchanged: 1 },
    });
    await answer('status', [], { data: 'console', env: behindNpm });
    expect(existsSync(join(here, 'console', 'holdfast.db'))).toBe(true);
  });

  it('without a data folder means the one that the window opens', async () => {
    const home = scratch();
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
    expect((await answer('status', [], { env })).dataDir).toBe(join(home, 'config', 'holdfast'));
  });

  it('as a request for help is answered without opening anything', async () => {
    const home = scratch();
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const ran = await cli(args, { env });
      expect(ran.status).toBe(0);
      expect(ran.stdout).toMatch(/incident say <incident> <text>…\s+Write in the timeline/);
    }
    expect((await cli(['help', 'declare'], { env })).stdout).toContain('--severity SEV1|SEV2|SEV3|SEV4');
    expect((await cli(['declare', '--help'], { env })).stdout).toContain('--severity SEV1|SEV2|SEV3|SEV4');
    const document = JSON.parse((await cli(['help', '--json'], { env })).stdout) as { verbs: { verb: string }[] };
    expect(document.verbs.map(({ verb }) => verb)).toContain('incident step');
    expect((await cli(['--version'], { env })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await cli(['help', 'frobnicate'], { env })).status).toBe(2);
    expect(readdirSync(home)).toEqual([]);
  });

  it('into a pipe that closes early is no crash', async () => {
    const data = scratch();
    await answer('estate.load-demonstration', [], { data });
    const { child, ran } = startCli(['stores', '--json'], { data });
    child.stdout!.destroy();
    expect((await ran).stderr).not.toMatch(/EPIPE|Error/);
  });
});

describe('a broken catalog', () => {
  it('is named by file, line and field; what is good in it comes in, and the status says that not all did', async () => {
    const data = scratch();
    const folder = scratch();
    writeFileSync(join(folder, 'good.yaml'), component('tills'));
    writeFileSync(
      join(folder, 'broken.yaml'),
      `${component('checkout')}---\n${component('cart')}---\nkind: Component\nmetadata:\n\tname: tabs\n`,
    );
    const report = await answer('catalog.import', [folder], { data, status: 1 });
    expect(report.applied).toBe(true);
    expect(report.problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { file: 'broken.yaml', line: 15 },
    ]);
    expect((await answer('estate.map', [], { data })).services.map(({ id }) => id).sort()).toEqual([
      'cart',
      'checkout',
      'tills',
    ]);
    const page = await cli(['preview', 'catalog', folder], { data });
    expect(page.status).toBe(1);
    expect(page.stdout).toMatch(/^error: broken\.yaml:15: This is not valid YAML/m);
  });

  it('that is not there at all is refused', async () => {
    expect(await refusal(['import', 'catalog', '/nowhere/at/all'], { data: scratch() })).toMatchObject({
      status: 1,
      message: '/nowhere/at/all cannot be read: it is not there.',
    });
  });
});

function component(name: string): string {
  return `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec: {type: service}\n`;
}

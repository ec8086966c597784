/**
 * From the declaration to the complete workspace, through the engine: an invented estate of 5,000 services in trouble, 1,000 past
 * incidents, 200 runbooks besides those that are shipped. Cold: the first declaration after the engine was opened and its
 * sources were heard once; warm: those that follow on the same engine.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { dependencyId } from '../../shared/domain/estate.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { inventEstate, seeded } from '../support/estate-graph.ts';
import { ASSETS, Storyteller } from '../support/estates.ts';
import { puppetSource } from '../support/puppet.ts';
import type { Health } from '../../shared/domain/words.ts';
import { atMost, bench, progress, quantile, told } from './support/report.ts';

const SERVICES = 5000;
const DEPENDENCIES = 15_000;
const PAST = 1000;
const RUNBOOKS = 200;
const WARM_EACH = 5;
const SEED = 20_261_129;
const DAY = 86_400_000;

const estate = inventEstate(SERVICES, DEPENDENCIES, SEED, 0.03);
const business = Array.from({ length: 40 }, (_, index) => ({
  id: `business-${index}`,
  services: [estate.services[(index * 97) % SERVICES]!.id, estate.services[(index * 331 + 7) % SERVICES]!.id],
}));
const teams = [...new Set(estate.services.map(({ owner }) => owner!.id))];
const people = teams.flatMap((team) => [0, 1, 2].map((n) => ({ id: `${team}-person-${n}`, team })));

async function fill(data: string): Promise<void> {
  const opened = openDatabase(data);
  const now = Date.now();
  try {
    const store = new Store(opened, loadIdentity(data), Date.now);
    const author = { actor: 'system', zone: 'Europe/Berlin' };
    store.commit(author, (tx) => {
      const put = (kind: string, id: string, fields: Record<string, unknown>) =>
        tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind, id, fields: fields as never } });
      for (const { id, name, kind, domain, tier, system, owner } of estate.services)
        put('service', id, {
          ...{ ref: `component:default/${id}`, name, kind, domain, tier, system, owner: owner!.id },
          rtoMinutes: 30 * tier!,
          dashboards: [`https://grafana.example/d/${id}`],
          logs: [`https://logs.example/?service=${id}`],
          metrics: [{ name: 'error ratio', query: 'x' }],
        });
      for (const { from, to, strength, mode } of estate.dependencies)
        put('dependency', dependencyId(from, to), { from, to, strength, mode });
      for (const { id, services } of business)
        put('business-service', id, { name: id, services, criticality: 1, currency: 'EUR', rtoMinutes: 60 });
      for (const team of teams) {
        const members = people.filter((one) => one.team === team).map(({ id }) => id);
        put('team', team, {
          name: team,
          phone: '+49 40 66969 600',
          members,
          rota: [
            { role: 'primary', from: '2026-01-05T08:00', everyDays: 7, timezone: 'Europe/Berlin', people: members },
          ],
        });
      }
      for (const { id, team } of people)
        put('person', id, { name: id, title: 'Reliability engineer', phone: '+49 40 66969 601', teams: [team] });
    });
    const teller = new Storyteller(SEED, {
      services: estate.services.map(({ id }) => id),
      businessServices: business.map(({ id }) => id),
      people: people.map(({ id }) => id),
    });
    const random = seeded(SEED);
    for (let n = 0; n < PAST; n++) {
      store.commit(author, (tx) =>
        teller.tell(tx, now - 365 * DAY + n * (DAY / 3), 12 + Math.floor(random() * 24), 'resolved'),
      );
    }
    opened.db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    opened.close();
  }
  const engine = await openEngine({ data, assets: ASSETS, version: 'bench', modules: [puppetSource().module] });
  await ask(engine, 'sources.add', { id: 'puppet', type: 'puppet' });
  await engine.close();
  const folder = join(data, 'runbooks');
  mkdirSync(folder, { recursive: true });
  const random = seeded(SEED + 1);
  for (let n = 0; n < RUNBOOKS; n++) {
    const service = estate.services[Math.floor(random() * SERVICES)]!;
    const steps = Array.from(
      { length: 10 },
      (_, at) =>
        `## ${at + 1}. Look at ${at} {#step-${at} type=manual role=operations minutes=5}\n\n${'Look, and say what you see. '.repeat(20)}\n`,
    );
    writeFileSync(
      join(folder, `invented-${n}.md`),
      `---\nid: invented-${n}\ntitle: Invented ${service.name}\nversion: "1"\nsummary: Invented.\nowner: operations\nminutes: 30\nmatch:\n  services: [${service.id}]\n  text: [${service.name}]\n---\n\n${steps.join('\n')}`,
    );
  }
}

async function ask<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await engine.call(name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
  return reply.value as Output<K>;
}

await bench('workspace', 10, async (runs) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  try {
    progress(
      `Writing ${SERVICES.toLocaleString('en')} services, ${PAST.toLocaleString('en')} incidents, ${RUNBOOKS} runbooks …`,
    );
    await fill(data);
    const healths: Record<string, Health> = Object.fromEntries(
      estate.services.filter(({ id }) => id !== 'svc-00000').map(({ id, health }) => [id, health.health]),
    );
    const [cold, warm]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      const puppet = puppetSource(5000);
      void puppet.say(healths);
      const engine = await openEngine({
        data,
        assets: ASSETS,
        version: 'bench',
        zone: 'Europe/Berlin',
        modules: [puppet.module],
        poll: true,
      });
      try {
        const heard = new Promise<void>((tell) => {
          engine.onChanged(({ keys }) => {
            if (!keys.includes('health')) return;
            void ask(engine, 'health', { only: 'failing' }).then(({ services }) => services.length > 0 && tell());
          });
        });
        await heard;
        for (let at = 0; at <= WARM_EACH; at++) {
          const sick = estate.services.filter(
            ({ health }) => health.health === 'failing' || health.health === 'degraded',
          );
          const services = [0, 1, 2].map((n) => sick[(run * 31 + at * 7 + n * 13) % sick.length]!.id);
          const began = performance.now();
          const { id } = await ask(engine, 'incident.declare', {
            title: `${services[0]} failing`,
            services,
            businessServices: [business[(run + at) % business.length]!.id],
          });
          const view = await ask(engine, 'incident.workspace', { incident: id });
          (at === 0 ? cold : warm).push(performance.now() - began);
          const { suggestions, services: shown, similar, cause, restoration } = view;
          const parts = [suggestions, shown, similar, cause.candidates].map(({ length }) => length);
          if (Math.min(...parts, restoration.unhealthy) === 0) throw new Error('the workspace is not complete');
          await ask(engine, 'incident.state', { incident: id, status: 'resolved' });
        }
      } finally {
        await engine.close();
      }
    }
    return {
      figures: [
        atMost('cold_p95_ms', quantile(cold, 0.95), 'ms', 1000),
        told('cold_p50_ms', quantile(cold, 0.5), 'ms'),
        atMost('warm_p95_ms', quantile(warm, 0.95), 'ms', 300),
        told('warm_p50_ms', quantile(warm, 0.5), 'ms'),
      ],
      runs: cold.length + warm.length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

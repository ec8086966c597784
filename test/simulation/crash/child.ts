/**
 * The process that is killed: the real engine on a real file under a stream of random commands. Says on standard output,
 * written synchronously, `open <ops>` once what it found is whole, then `done <n>` for every command that was answered.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openEngine } from '../../../electron/engine/engine.ts';
import { restoredReport } from '../../../electron/engine/record/keeper.ts';
import { verify } from '../../../electron/engine/record/verify.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { seeded } from '../../support/history.ts';

const [data, assets, seed, acknowledged] = process.argv.slice(2) as [string, string, string, string];
const say = (line: string) => writeSync(1, `${line}\n`);

const engine = await openEngine({ data, assets, version: 'crash', modules: [] });
const found = new Database(join(data, 'holdfast.db'), { readonly: true });
const answered = found.prepare('SELECT 1 FROM request WHERE id = ?').pluck();
for (const request of acknowledged.split(',').filter(Boolean)) {
  if (answered.get(request) !== 1) say(`lost ${request}`);
}
const report = verify(found, [], Date.now);
found.close();
if (!report.ok) say(`broken ${report.findings.map(({ message }) => message).join(' ')}`);
const mended = restoredReport(data);
if (mended) say(`mended ${mended.cause}`);
say(`open ${report.ops}`);

const random = seeded(Number(seed));
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const incidents: string[] = [];
for (let n = 0; ; n++) {
  const request = `${seed}-${n}`;
  const [name, input] = command();
  const reply: Reply = await engine.call(name, input, { request });
  if (!reply.ok) say(`refused ${name}: ${reply.message}`);
  else say(`done ${request}`);
  if (name === 'incident.declare' && reply.ok) incidents.push((reply.value as { id: string }).id);
}

function command(): [string, unknown] {
  const incident = incidents.length > 0 ? pick(incidents) : null;
  if (incident === null || random() < 0.05)
    return ['incident.declare', { title: `incident ${random()}`, severity: pick(['SEV1', 'SEV2', 'SEV3']) }];
  const text = 'z'.repeat(Math.floor(random() * (random() < 0.1 ? 15_000 : 200)) + 1);
  const commands: [string, unknown][] = [
    ['incident.say', { incident, text }],
    ['incident.decide', { incident, text, reason: 'because' }],
    ['incident.ask', { incident, text, minutes: 5 }],
    ['incident.severity', { incident, severity: pick(['SEV1', 'SEV2', 'SEV3', 'SEV4']), reason: text.slice(0, 50) }],
    ['incident.state', { incident, status: pick(['declared', 'mitigating', 'monitoring']), reason: 'as it is' }],
    ['incident.retitle', { incident, title: text.slice(0, 80) }],
    ['change.record', { title: text.slice(0, 80) }],
  ];
  return pick(commands);
}

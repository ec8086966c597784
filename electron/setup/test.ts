/**
 * `npm test` runs everything CI runs and ends with one line, `N passed, N failed`. `npm run test:<suite>` comes here
 * with the suite's name and passes the rest on to its runner.
 */
import { runChecks } from './check.ts';
import { displayMissing } from './display.ts';
import { ensureRuntime } from './runtime.ts';
import { say, SetupProblem } from './say.ts';
import { runSuite, SUITES, type Suite, type Tally } from './suites.ts';
import { ensureSystem } from './system.ts';

export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) return everything();
  if (!SUITES.includes(name as Suite)) throw new SetupProblem(`no suite "${name}"; there are ${SUITES.join(', ')}.`);
  const suite = name as Suite;
  await prepare({ window: suite === 'e2e', servers: suite === 'integration' });
  return report([await runSuite(suite, suite === 'simulation' ? withLengths(rest) : rest)]);
}

/** How long the simulations go on, for long runs: how often the engine is killed, how many schedules are played,
 * how many consoles a fleet has, from which seed. */
const LENGTHS: Readonly<Record<string, string>> = {
  '--kills': 'HOLDFAST_KILLS',
  '--schedules': 'HOLDFAST_SCHEDULES',
  '--consoles': 'HOLDFAST_CONSOLES',
  '--seed': 'HOLDFAST_SEED',
};

/** Takes the options of `LENGTHS` out of the arguments. */
function withLengths(args: readonly string[]): string[] {
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const variable = Object.hasOwn(LENGTHS, args[index]!) ? LENGTHS[args[index]!] : undefined;
    if (variable === undefined) {
      rest.push(args[index]!);
      continue;
    }
    const count = Number(args[index + 1]);
    if (!Number.isInteger(count) || count < 1)
      throw new SetupProblem(`${args[index]!} wants a whole number, such as 20000.`);
    process.env[variable] = String(count);
    index++;
  }
  return rest;
}

async function everything(): Promise<number> {
  await prepare({ window: true, servers: true });
  const tallies: Tally[] = [await runChecks()];
  // Those that only compute go beside those that mostly wait for windows and servers.
  const beside = inTurn(['property', 'simulation'], true);
  tallies.push(...(await inTurn(['unit', 'integration', 'e2e'])), ...(await beside));
  return report(tallies);
}

async function inTurn(suites: readonly Suite[], afterwards = false): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (const suite of suites) {
    if (!afterwards) say(`\n— ${suite} —`);
    tallies.push(await runSuite(suite, [], afterwards));
  }
  return tallies;
}

/** Installs and fetches what the suites need; the end-to-end suite builds and opens its display itself. */
async function prepare(wanted: { window: boolean; servers: boolean }): Promise<void> {
  const runtime = wanted.window ? await ensureRuntime() : null;
  await ensureSystem({
    electron: runtime?.executable ?? null,
    display: wanted.window && displayMissing(),
    servers: wanted.servers,
  });
}

function report(tallies: readonly Tally[]): number {
  const skipped = tallies.flatMap((tally) => tally.skipped);
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  process.stdout.write('\n');
  for (const failure of tallies.flatMap((tally) => tally.failures)) process.stdout.write(`FAILED ${failure}\n`);
  for (const name of skipped) process.stdout.write(`SKIPPED ${name}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/**
 * The test suites. Invariant: what is counted comes from a machine-readable report, and a suite that could not run counts
 * as a failure, never as nothing.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tool } from './paths.ts';
import { run } from './processes.ts';
import { say } from './say.ts';

export const SUITES = ['unit', 'property', 'simulation', 'integration', 'e2e'] as const;
export type Suite = (typeof SUITES)[number];

export interface Tally {
  passed: number;
  failed: number;
  /** Full names of what was skipped, with the reason where the test gave one. */
  skipped: string[];
  /** What failed, each with the first lines of why, said once more at the end of a long run. */
  failures: string[];
}

/** As much of a reason as fits beside its name. */
const REASON_LINES = 6;

const RESULTS = join(ROOT, 'test-results');

/**
 * Runs one suite, shows its output, and counts. `args` go to the runner (a file filter, `-t name`, …). With `afterwards`
 * the output is shown in one piece at the end, for a suite that runs beside another.
 */
export async function runSuite(suite: Suite, args: readonly string[], afterwards = false): Promise<Tally> {
  mkdirSync(RESULTS, { recursive: true });
  const report = join(RESULTS, `${suite}.json`);
  rmSync(report, { force: true });
  const command =
    suite === 'e2e'
      ? [tool('@playwright/test', 'playwright'), 'test', '--config', 'test/e2e/playwright.config.ts', ...args]
      : [
          tool('vitest'),
          'run',
          '--config=test/vitest.config.ts',
          `--project=${suite}`,
          '--passWithNoTests',
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${report}`,
          ...args,
        ];
  const { code, output } = await run(process.execPath, command, {
    cwd: ROOT,
    show: !afterwards,
    env: { ...process.env, HOLDFAST_REPORT: report, NODE_OPTIONS: withoutInspector(process.env.NODE_OPTIONS) },
  });
  if (afterwards) process.stdout.write(`\n— ${suite}, which ran beside —\n${output}`);
  if (!existsSync(report)) {
    say(`The ${suite} suite ended with status ${code} and left no report: it counts as one failure.`);
    return { passed: 0, failed: 1, skipped: [], failures: [`the ${suite} suite: no report, status ${code}`] };
  }
  const tally = count(suite, JSON.parse(readFileSync(report, 'utf8')));
  if (code !== 0 && tally.failed === 0) {
    tally.failed = 1;
    tally.failures.push(`the ${suite} suite: status ${code} though no test of it failed`);
  }
  return tally;
}

/** An inspector port can only be opened once; children would fail on it. */
function withoutInspector(options = ''): string {
  return options.replace(/--inspect\S*/g, '').trim();
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[]; meta?: { note?: string } }[];
  }[];
}
interface PlaywrightSuite {
  title: string;
  suites?: PlaywrightSuite[];
  specs?: { title: string; tests: PlaywrightTest[] }[];
}
interface PlaywrightTest {
  status: string;
  annotations: { type: string; description?: string }[];
  results?: { error?: { message?: string } }[];
}
interface PlaywrightReport {
  suites: PlaywrightSuite[];
  errors: { message?: string }[];
}

/** A failure's name and the head of its reason, without colours. */
function failure(name: string, reason: string | undefined): string {
  // oxlint-disable-next-line no-control-regex
  const lines = (reason ?? '').replace(/\u001B\[[\d;]*m/g, '').split('\n');
  return [name, ...lines.slice(0, REASON_LINES).map((line) => `    ${line}`)].join('\n');
}

function count(suite: Suite, report: unknown): Tally {
  return suite === 'e2e' ? countPlaywright(report as PlaywrightReport) : countVitest(report as VitestReport);
}

/** A file that could not even be loaded has no tests; it counts as one failure. */
export function countVitest(report: VitestReport): Tally {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.testResults.flatMap((file) =>
      file.assertionResults
        .filter((test) => !['passed', 'failed'].includes(test.status))
        .map((test) => (test.meta?.note ? `${test.fullName} (${test.meta.note})` : test.fullName)),
    ),
    failures: [
      ...broken.map((file) => failure(file.name, file.message)),
      ...report.testResults.flatMap((file) =>
        file.assertionResults
          .filter((test) => test.status === 'failed')
          .map((test) => failure(`${file.name}: ${test.fullName}`, test.failureMessages?.join('\n'))),
      ),
    ],
  };
}

/** A test that passed only on a second try is a failure here. */
export function countPlaywright(report: PlaywrightReport): Tally {
  const tally: Tally = {
    passed: 0,
    failed: report.errors.length,
    skipped: [],
    failures: report.errors.map((error) => failure('the end-to-end run', error.message)),
  };
  const visit = (group: PlaywrightSuite, path: string[]): void => {
    for (const spec of group.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') tally.passed++;
        else if (test.status === 'skipped') {
          const reason = test.annotations.find((note) => note.type === 'skip')?.description;
          tally.skipped.push([...path, spec.title].join(' › ') + (reason ? ` (${reason})` : ''));
        } else {
          tally.failed++;
          const reason = test.results?.find((result) => result.error !== undefined)?.error?.message;
          tally.failures.push(failure([...path, spec.title].join(' › '), reason));
        }
      }
    }
    for (const inner of group.suites ?? []) visit(inner, [...path, inner.title]);
  };
  for (const group of report.suites) visit(group, [group.title]);
  return tally;
}

/** The command line as a script runs it: a process with arguments, two streams and a status. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run } from '../../electron/cli/run.ts';
import type { Spec } from '../../shared/contract/spec.ts';
import { table, type Name, type Output } from '../../shared/contract/table.ts';

const MAIN = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url));

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  /** Given as `--data` when set. */
  data?: string;
  cwd?: string;
  env?: Record<string, string>;
  /** For standard input. */
  input?: string;
}

function verbOf(name: Name): string[] {
  const { cli }: Spec = table[name];
  if (!cli) throw new Error(`${name} has no verb`);
  return cli.verb.split(' ');
}

/** Starts the command line; the promise is of its end. */
export function startCli(
  args: readonly string[],
  options: CliOptions = {},
): { child: ChildProcess; ran: Promise<Ran> } {
  const data = options.data === undefined ? [] : ['--data', options.data];
  const { NODE_OPTIONS: _, npm_lifecycle_event: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN, ...data, ...args], {
    cwd: options.cwd,
    env: { ...inherited, TZ: 'Europe/Vienna', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(options.input ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ran = new Promise<Ran>((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done({ status, stdout, stderr }));
  });
  return { child, ran };
}

export function cli(args: readonly string[], options: CliOptions = {}): Promise<Ran> {
  return startCli(args, options).ran;
}

/**
 * Runs with `--json` and gives back the answer, parsed by the schema that the table has for it.
 * @throws Error when stdout is not exactly one document of that shape, or the status is not `status`.
 */
export async function answer<K extends Name>(
  name: K,
  args: readonly string[],
  options: CliOptions & { status?: number } = {},
): Promise<Output<K>> {
  const verb = verbOf(name);
  const ran = await cli([...verb, ...args, '--json'], options);
  if (ran.status !== (options.status ?? 0))
    throw new Error(`${verb.join(' ')} ended with ${ran.status}:\n${ran.stdout}${ran.stderr}`);
  return table[name].output.parse(JSON.parse(ran.stdout)) as Output<K>;
}

/** The same inside this process: quicker where it is the answer that matters and not the process. */
export async function answerHere<K extends Name>(name: K, args: readonly string[], data: string): Promise<Output<K>> {
  const { status, out, messages } = await run([...verbOf(name), ...args, '--json', '--data', data]);
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${messages.join('\n')}`);
  return table[name].output.parse(JSON.parse(out)) as Output<K>;
}

/** The document of a refusal. */
export interface RefusedDocument {
  ok: false;
  code: string;
  message: string;
  retryable: boolean;
}

/** Runs with `--json` and gives back the refusal. @throws Error when it was not refused. */
export async function refusal(
  args: readonly string[],
  options: CliOptions = {},
): Promise<RefusedDocument & { status: number | null; stderr: string }> {
  const { status, stdout, stderr } = await cli([...args, '--json'], options);
  const document = JSON.parse(stdout) as RefusedDocument;
  if (status === 0 || !('code' in document)) throw new Error(`it was done: ${stdout}`);
  if (!stderr.includes(document.message)) throw new Error(`stderr does not say it: ${stderr}`);
  return { ...document, status, stderr };
}

/** One command line from words to answer. Invariant: never throws, and what `--json` prints is one document whatever happens. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { HealthView } from '../../shared/contract/common.ts';
import { SourceState } from '../../shared/contract/sources.ts';
import { Refusal, type RefusalCode, type Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { defaultDataFolder } from '../../shared/domain/data-folder.ts';
import { Health } from '../../shared/domain/words.ts';
import { takeGlobals, understand, type Globals, type Surroundings } from './arguments.ts';
import { FolderPassphrase } from './folder-passphrase.ts';
import { isOver } from '../../shared/domain/orders.ts';
import { leftOpen } from './left-open.ts';
import { SecretReader } from './secret.ts';
import { UsageError } from './usage.ts';
import { findVerb, type Verb } from './verbs.ts';

export interface Outcome {
  /** Exit status. */
  status: 0 | 1 | 2;
  /** For stdout, whole. */
  out: string;
  /** Lines for stderr. */
  messages: string[];
}

/** What stands in the document when there is no value: the reply's own form; `usage` is the command line's. */
interface Refused {
  ok: false;
  code: RefusalCode | 'usage';
  message: string;
  retryable: boolean;
}

/** Verbs that go on until another command has answered: the answer is that one's. */
const ANSWERED_AS: Partial<Record<Name, Name>> = { 'backup.restore': 'backup.preview', 'sso.begin': 'sso.wait' };
/** Whoever opens emergency access at a locked console is let in by it, and opens it where they asked. */
const LETS_IN: ReadonlySet<Name> = new Set<Name>(['breakglass.use', 'breakglass.request', 'breakglass.open']);

/** @param argv the words behind the program's name */
export async function run(argv: readonly string[]): Promise<Outcome> {
  // Known before anything can go wrong, so that it goes wrong in the form that was asked for.
  const json = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length).includes('--json');
  const messages: string[] = [];
  try {
    const { globals, words } = takeGlobals(argv);
    if (globals.version)
      return { status: 0, out: json ? document({ version: manifest.version }) : `${manifest.version}\n`, messages };
    if (words.length === 0 || words[0] === 'help' || globals.help)
      return await help(
        words.filter((word) => word !== 'help'),
        json,
      );
    const { verb, taken } = findVerb(words);
    const here: Surroundings = {
      directory: callersDirectory(),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      now: Date.now(),
    };
    const { input, readings } = understand(verb, words.slice(taken), here);
    messages.push(...readings);
    if (globals.wait !== null && verb.spec.kind === 'command')
      throw new UsageError('--wait goes with what is read, not with what is changed.');
    const { reply, notes } = await ask(verb, input, globals, here);
    messages.push(...notes);
    if (!reply.ok) return refused(reply, 1, json, messages);
    const out = json ? document(reply.value) : await page(shownAs(verb.name, reply.value), reply.value, here);
    return { status: isFailure(verb.name, reply.value) ? 1 : 0, out, messages };
  } catch (error) {
    if (error instanceof UsageError) {
      const usage = error.verb === null ? [] : [(await import('./help.ts')).usageLine(error.verb)];
      return refused({ ok: false, code: 'usage', message: error.message, retryable: false }, 2, json, messages, usage);
    }
    const { code, retryable } = error instanceof Refusal ? error : ({ code: 'internal', retryable: false } as const);
    return refused(
      { ok: false, code, message: error instanceof Error ? error.message : String(error), retryable },
      1,
      json,
      messages,
    );
  }
}

/** Some commands answer with what came of them afterwards. */
function shownAs(name: Name, value: unknown): Name {
  const shown = ANSWERED_AS[name];
  if (shown !== undefined) return shown;
  return name.startsWith('data.') && typeof value === 'object' && value !== null && 'encrypted' in value
    ? 'data.status'
    : name;
}

async function help(words: readonly string[], json: boolean): Promise<Outcome> {
  const { helpPage, helpDocument } = await import('./help.ts');
  return { status: 0, out: json ? document(helpDocument(words)) : helpPage(words), messages: [] };
}

async function ask(
  verb: Verb,
  input: Record<string, unknown>,
  globals: Globals,
  here: Surroundings,
): Promise<{ reply: Reply; notes: string[] }> {
  const { Link } = await import('./link.ts');
  const data = resolve(here.directory, globals.data ?? defaultDataFolder(process.platform, process.env, homedir()));
  const notes = existsSync(data) ? [] : [`A new data folder was made: ${data}`];
  const wait = globals.wait === null ? null : globals.wait * 1000;
  const { keepSession, newSession, sessionOf } = await import('./session-file.ts');
  const kept = sessionOf(data);
  const secrets = new SecretReader();
  const passphrase = new FolderPassphrase(globals.passphraseFile, here.directory, secrets);
  const link = await Link.open({ data, version: manifest.version, wait, session: kept, passphrase: passphrase.ask });
  try {
    if (link.console !== null && link.console !== manifest.version) {
      notes.push(`The console that is open is Holdfast ${link.console}; this command line is ${manifest.version}.`);
    }
    if (globals.as !== null) {
      link.session = newSession();
      const session = await link.call('access.session', {});
      if (session.ok && session.value.state === 'open')
        throw new UsageError(
          `This console is open: nobody has anything to unlock it with, so --as cannot tell who is there. Say it with settings set --acting-as ${globals.as}.`,
        );
      const secret = await secrets.next(`What ${globals.as} unlocks with`);
      const unlocked = await link.call('access.unlock', { person: globals.as, secret });
      if (!unlocked.ok) return { reply: unlocked, notes };
    }
    let reply: Reply = verb.name.startsWith('data.')
      ? await callForFolder(link, verb, input, secrets, passphrase)
      : await call(link, verb, input, secrets, newSession);
    if (globals.as !== null) await link.call('access.lock', {});
    else if (reply.ok && (link.session !== kept || verb.name === 'access.lock')) {
      keepSession(data, LETS_IN.has(verb.name) || isUnlocked(reply.value) ? link.session : null);
      if (kept !== null && link.session !== kept) {
        link.session = kept;
        await link.call('access.lock', {});
      }
    }
    if (reply.ok && ENDS.has(verb.name)) {
      const shown = await link.call('incident.show', { incident: String(input['incident']) });
      const left = shown.ok && isOver(shown.value.status) ? leftOpen(shown.value) : null;
      if (left !== null) notes.push(left);
    }
    if (reply.ok && verb.name === 'backup.restore') reply = await link.restored();
    if (link.silent.length > 0) notes.push(`No answer within ${globals.wait} s: ${link.silent.join(', ')}.`);
    const live = tellsHealth(verb.spec.output);
    if (reply.ok && live) {
      const status = await link.call('status', {});
      if (status.ok && status.value.estate.demonstration)
        notes.push('DEMONSTRATION: the estate and its signals are invented.');
    }
    if (reply.ok && live && !link.polling) {
      notes.push(
        'No console is open on this data folder, so nothing reads the sources: health is as last known. --wait SECONDS reads them first.',
      );
    }
    return { reply, notes };
  } finally {
    await link.close();
  }
}

/** Verbs after which an incident may be over. */
const ENDS: ReadonlySet<string> = new Set<Name>(['incident.state', 'incident.close']);

/** Encrypts, decrypts, or changes the passphrase; what is the folder's own is asked for, and what came of it is the answer. */
async function callForFolder(
  link: import('./link.ts').Link,
  { name }: Verb,
  input: Record<string, unknown>,
  secrets: SecretReader,
  passphrase: FolderPassphrase,
): Promise<Reply> {
  if (name === 'data.status') return link.call('data.status', {});
  const given: Record<string, unknown> = { ...input };
  const setting = name === 'data.passphrase' || (name === 'data.encrypt' && given['with'] !== 'keychain');
  let secret: string | null = null;
  if (setting) {
    secret = await secrets.next('New passphrase of the data folder');
    if (secrets.asks && secret !== (await secrets.next('The same again')))
      throw new UsageError('The two are not the same; nothing was changed.');
    given['secret'] = secret;
  }
  let reply: Reply = await link.call(name, given as Input<Name>);
  const member = name === 'data.passphrase' ? 'current' : 'secret';
  if (!reply.ok && reply.message.startsWith(`${member}: say`)) {
    given[member] = await secrets.next('Passphrase of the data folder');
    reply = await link.call(name, given as Input<Name>);
  }
  if (!reply.ok || name === 'data.passphrase' || link.console !== null) return reply;
  if (secret !== null) passphrase.remember(secret);
  const done = await link.turned();
  if (!done.ok || done.value.last?.failure == null) return done;
  return { ok: false, code: 'storage', message: done.value.last.failure, retryable: true };
}

/** Calls with the secrets that the verb takes. Whoever unlocks gets a session of their own. */
async function call(
  link: import('./link.ts').Link,
  verb: Verb,
  input: Record<string, unknown>,
  secrets: SecretReader,
  newSession: () => string,
): Promise<Reply> {
  switch (verb.name) {
    case 'sso.begin':
      link.session = newSession();
      return signIn(link);
    case 'access.unlock':
      link.session = newSession();
      return link.call(verb.name, { ...input, secret: await secrets.next('Passphrase or PIN') } as Input<Name>);
    case 'access.secret':
      link.session ??= newSession();
      return setSecret(link, verb, input, secrets);
    case 'breakglass.use':
      link.session ??= newSession();
      return link.call(verb.name, { ...input, ...(await proofs(input, secrets)) } as Input<Name>);
    case 'sso.secret':
      return link.call(verb.name, { secret: await secrets.next("The client's secret") });
    case 'breakglass.request':
    case 'breakglass.open':
      link.session ??= newSession();
      return link.call(verb.name, input as Input<Name>);
    default:
      return link.call(verb.name, input as Input<Name>);
  }
}

/** Says where to sign in, and waits until the browser came back. */
async function signIn(link: import('./link.ts').Link): Promise<Reply> {
  const begun = await link.call('sso.begin', {});
  if (!begun.ok) return begun;
  const { attempt, name, url } = begun.value;
  process.stderr.write(`Sign in at ${name} with a browser of this machine:\n\n  ${url}\n\nWaiting for it …\n`);
  const leave = (): void => void link.call('sso.cancel', { attempt });
  process.once('SIGINT', leave);
  try {
    return await link.call('sso.wait', { attempt });
  } finally {
    process.off('SIGINT', leave);
  }
}

async function setSecret(
  link: import('./link.ts').Link,
  verb: Verb,
  input: Record<string, unknown>,
  secrets: SecretReader,
): Promise<Reply> {
  const secret = await secrets.next('New passphrase or PIN');
  if (secrets.asks && secret !== (await secrets.next('The same again')))
    throw new UsageError('The two are not the same; nothing was changed.');
  const reply = await link.call(verb.name, { ...input, secret } as Input<Name>);
  if (reply.ok || !reply.message.startsWith('current: say')) return reply;
  return link.call(verb.name, { ...input, secret, current: await secrets.next('What it is now') } as Input<Name>);
}

/** What people prove by that they are there, where no code of theirs was given; nothing typed: they unlocked here, or need not. */
async function proofs(input: Record<string, unknown>, secrets: SecretReader): Promise<Record<string, string>> {
  const { code, second, secondCode } = input;
  const passphrase =
    code === undefined ? await secrets.perhaps('What the holder unlocks with, if they have not here') : '';
  const secondPassphrase =
    second !== undefined && secondCode === undefined
      ? await secrets.perhaps(`What ${String(second)} unlocks with`)
      : '';
  return { ...(passphrase === '' ? {} : { passphrase }), ...(secondPassphrase === '' ? {} : { secondPassphrase }) };
}

function isUnlocked(value: unknown): boolean {
  return (value as { state?: unknown }).state === 'unlocked';
}

async function page(name: Name, value: unknown, { zone }: Surroundings): Promise<string> {
  const { render } = await import('./render.ts');
  const { isTTY, columns } = process.stdout;
  const colour = isTTY && process.stdout.hasColors() && !process.env['NO_COLOR'];
  return render(name, value, { width: isTTY ? columns : null, colour, now: Date.now(), zone });
}

function refused(reply: Refused, status: 1 | 2, json: boolean, messages: string[], usage: string[] = []): Outcome {
  return { status, out: json ? document(reply) : '', messages: [...messages, `holdfast: ${reply.message}`, ...usage] };
}

function document(value: unknown): string {
  return `${JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined)}\n`;
}

/** What was done but says itself that not all is well: scripts must not take it for success. */
function isFailure(name: Name, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('ok' in value && value.ok === false) return true;
  if (name === 'incident.export') return !(value as Output<'incident.export'>).verified;
  if (name === 'bundle.import') {
    const { quarantined, left } = value as Output<'bundle.import'>;
    return quarantined + left > 0;
  }
  if (name === 'access.check') return (value as Output<'access.check'>).ok === false;
  if (name !== 'catalog.import' && name !== 'catalog.preview') return false;
  return (value as Output<'catalog.import'>).problems.some(({ severity }) => severity === 'error');
}

/** Whether an answer is only as good as the last reading of the sources. */
function tellsHealth(schema: z.ZodType): boolean {
  if (schema === HealthView || schema === Health || schema === SourceState) return true;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return tellsHealth(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodArray) return tellsHealth(schema.element as z.ZodType);
  return schema instanceof z.ZodObject && Object.values(schema.shape).some(tellsHealth);
}

/** npm moves to the project's folder; what the person typed is relative to where they were. */
function callersDirectory(): string {
  const { npm_lifecycle_event: script, INIT_CWD: from } = process.env;
  return script === 'cli' && from ? from : process.cwd();
}

/**
 * From words to input. Invariant: every word is accounted for: it becomes part of the input, or it is refused by name;
 * and what comes out has passed the command's own schema.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { roleOfWord } from '../../shared/domain/composer.ts';
import { formatWhen, parseWhen } from '../../shared/domain/times.ts';
import { nearest } from '../../shared/domain/nearest.ts';
import type { Field, Shape } from './fields.ts';
import { UsageError } from './usage.ts';
import type { Verb } from './verbs.ts';

/** Options that every verb has. */
export interface Globals {
  /** As typed; null for the default folder. */
  data: string | null;
  json: boolean;
  help: boolean;
  version: boolean;
  /** How long to read sources before the answer, s; null for not at all. */
  wait: number | null;
  /** Whom to unlock as for this command alone; null for whoever unlocked before. */
  as: string | null;
  /** Where the passphrase of an encrypted data folder stands; null for asking. */
  passphraseFile: string | null;
}

export const GLOBAL_OPTIONS = ['data', 'json', 'help', 'version', 'wait', 'as', 'passphrase-file'] as const;

export interface Surroundings {
  /** Relative paths are meant from here. */
  directory: string;
  /** IANA zone of the person. */
  zone: string;
  /** ms */
  now: number;
}

/** Takes the options of every verb out of `argv`. @throws UsageError */
export function takeGlobals(argv: readonly string[]): { globals: Globals; words: string[] } {
  const globals: Globals = {
    ...{ data: null, json: false, help: false, version: false, wait: null, as: null },
    passphraseFile: null,
  };
  const words: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === '--') {
      words.push(...argv.slice(index));
      break;
    }
    const [name, inline] = splitOption(word === '-h' ? '--help' : word);
    const value = (what: string): string => {
      const given = inline ?? argv[++index];
      if (given === undefined || given === '' || given.startsWith('--'))
        throw new UsageError(`--${name} needs ${what}.`);
      return given;
    };
    if (name === 'json' || name === 'help' || name === 'version') {
      if (inline !== null) throw new UsageError(`--${name} takes no value.`);
      globals[name] = true;
    } else if (name === 'data') {
      if (globals.data !== null) throw new UsageError('--data was given twice; a command works on one data folder.');
      globals.data = value('a folder');
    } else if (name === 'as') {
      globals.as = value('a person');
    } else if (name === 'passphrase-file') {
      globals.passphraseFile = value('a file');
    } else if (name === 'wait') {
      const seconds = Number(value('a number of seconds'));
      if (!(seconds > 0 && seconds <= 3600))
        throw new UsageError('--wait takes seconds, more than 0 and at most 3600.');
      globals.wait = seconds;
    } else words.push(word);
  }
  return { globals, words };
}

/**
 * Whether a word that begins with a dash is the key of an entry, of which one in 64 does so (base64url), and no option:
 * those have two dashes and no digit, and hardly any key has neither capital, digit nor underscore.
 */
function isKey(word: string): boolean {
  return /^-[A-Za-z0-9_][A-Za-z0-9_-]{6,}$/.test(word)
    ? /[A-Z0-9_]/.test(word)
    : /^--[A-Za-z0-9_-]{6,}$/.test(word) && /[0-9_]/.test(word);
}

function splitOption(word: string): [name: string | null, value: string | null] {
  if (!word.startsWith('--') || word === '--') return [null, null];
  const equals = word.indexOf('=');
  return equals < 0 ? [word.slice(2), null] : [word.slice(2, equals), word.slice(equals + 1)];
}

/** What was understood of a command line. */
export interface Understood {
  input: Record<string, unknown>;
  /** How words that leave room were read: "event-time is yesterday 23:50 CET". */
  readings: string[];
}

/**
 * The input that `words` (behind the verb) stand for.
 * @throws UsageError naming the word or the option.
 */
export function understand(verb: Verb, words: readonly string[], here: Surroundings): Understood {
  const reader = new Reader(verb, here);
  const plain = reader.options(words);
  reader.positionals(plain);
  return reader.finish();
}

class Reader {
  readonly #verb: Verb;
  readonly #here: Surroundings;
  readonly #input: Record<string, unknown> = {};
  readonly #readings: string[] = [];

  constructor(verb: Verb, here: Surroundings) {
    this.#verb = verb;
    this.#here = here;
  }

  /** Reads the options; returns the words that are none. */
  options(words: readonly string[]): string[] {
    const plain: string[] = [];
    for (let index = 0; index < words.length; index++) {
      const word = words[index]!;
      if (word === '--') {
        plain.push(...words.slice(index + 1));
        break;
      }
      const [name, inline] = isKey(word) ? [null, null] : splitOption(word);
      if (name === null) {
        if (/^-[A-Za-z]/.test(word) && !isKey(word))
          this.#refuse(`There is no option ${word}. Put -- before words that begin with a dash.`);
        plain.push(word);
        continue;
      }
      const { field, path, negated, fromFile } = this.#option(name);
      if (field.shape.is === 'flag' && !fromFile) {
        if (negated && inline !== null) this.#refuse(`--${name} takes no value.`);
        this.#set(field, negated ? false : inline === null ? true : this.#value(field, field.shape, inline));
        continue;
      }
      const given = inline ?? words[++index];
      if (given === undefined || (inline === null && given.startsWith('--'))) this.#refuse(`--${name} needs a value.`);
      if (path !== null) this.#configure(field, path, given);
      else this.#set(field, this.#value(field, field.shape, fromFile ? this.#read(given, name) : given));
    }
    return plain;
  }

  positionals(words: readonly string[]): void {
    const open = this.#verb.positionals.filter(({ field }) => !(field.name in this.#input));
    let at = 0;
    for (const { field, rest } of open) {
      if (at >= words.length) break;
      if (!rest) this.#set(field, this.#value(field, field.shape, words[at++]!));
      else {
        const all = words.slice(at);
        at = words.length;
        if (field.shape.is !== 'list') this.#set(field, this.#value(field, field.shape, all.join(' ')));
        else for (const word of all) this.#set(field, this.#value(field, field.shape, word));
      }
    }
    if (at < words.length) this.#refuse(`"${words[at]!.slice(0, 60)}" is one word too many.`);
  }

  finish(): Understood {
    const secrets = this.#verb.fields.filter(({ shape }) => shape.is === 'secret');
    for (const { name } of secrets) delete this.#input[name];
    for (const { field } of this.#verb.positionals) {
      if (field.required && !(field.name in this.#input)) this.#refuse(`<${field.option}> is missing.`);
    }
    for (const field of this.#verb.fields) {
      if (field.required && field.shape.is !== 'secret' && !(field.name in this.#input))
        this.#refuse(`--${field.option} is missing.`);
    }
    const asked = Object.fromEntries(
      secrets.flatMap(({ name, required }) => (required ? [[name, 'asked for later']] : [])),
    );
    const parsed = this.#verb.spec.input.safeParse({ ...this.#input, ...asked });
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const field = this.#verb.fields.find(({ name }) => name === issue.path[0]);
      this.#refuse(`${field ? `${this.#called(field)}: ` : ''}${issue.message}.`);
    }
    return { input: this.#input, readings: this.#readings };
  }

  #option(name: string): { field: Field; path: string[] | null; negated: boolean; fromFile: boolean } {
    const { fields } = this.#verb;
    const [head = '', ...path] = name.split('.');
    const called = (wanted: string) =>
      fields.find(({ name: member, option }) => option === wanted || member === wanted);
    const field = called(head);
    if (field?.shape.is === 'secret')
      return this.#refuse(
        `--${name.slice(0, 60)} is not taken: what is typed here can be read by others. It is asked for, or read from standard input.`,
      );
    if (field && path.length === 0) return { field, path: null, negated: false, fromFile: false };
    if (field?.shape.is === 'config' && path.every((part) => part !== ''))
      return { field, path, negated: false, fromFile: false };
    const denied = name.startsWith('no-') ? called(name.slice(3)) : undefined;
    if (denied?.shape.is === 'flag') return { field: denied, path: null, negated: true, fromFile: false };
    const filed = name.endsWith('-file') ? called(name.slice(0, -5)) : undefined;
    if (filed?.shape.is === 'text') return { field: filed, path: null, negated: false, fromFile: true };
    const meant = nearest(name, [...fields.map(({ option }) => option), ...GLOBAL_OPTIONS]);
    return this.#refuse(
      `There is no option --${name.slice(0, 60)} for "${this.#verb.spec.cli.verb}".${meant ? ` Did you mean --${meant}?` : ''}`,
    );
  }

  #set(field: Field, value: unknown): void {
    const before = this.#input[field.name];
    if (field.shape.is === 'list')
      this.#input[field.name] = [...((before as unknown[] | undefined) ?? []), ...(value as unknown[])];
    else if (field.name in this.#input) this.#refuse(`${this.#called(field)} was given twice.`);
    else this.#input[field.name] = value;
  }

  #configure(field: Field, path: readonly string[], text: string): void {
    let at = (this.#input[field.name] ??= {}) as Record<string, unknown>;
    if (typeof at !== 'object' || path.some((part) => part === '__proto__'))
      this.#refuse(`--${field.option} is no such object.`);
    for (const part of path.slice(0, -1)) {
      const next = (at[part] ??= {});
      if (typeof next !== 'object' || next === null)
        this.#refuse(`--${field.option}.${path.join('.')}: ${part} is not an object.`);
      at = next as Record<string, unknown>;
    }
    const last = path.at(-1)!;
    if (Object.hasOwn(at, last)) this.#refuse(`--${field.option}.${path.join('.')} was given twice.`);
    at[last] = looseJson(text);
  }

  /** The whole of a file, or of standard input for "-": so that a secret is not in the list of processes, and a note can be long. */
  #read(path: string, name: string): string {
    try {
      return readFileSync(path === '-' ? 0 : resolve(this.#here.directory, path), 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      return this.#refuse(
        `--${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      );
    }
  }

  #value(field: Field, shape: Shape, text: string): unknown {
    if (field.nullable && text === '-') return null;
    switch (shape.is) {
      case 'text':
      case 'secret':
        return text;
      case 'path':
        return text === '' ? text : resolve(this.#here.directory, text);
      case 'number': {
        const value = text.trim() === '' ? Number.NaN : Number(text);
        if (!Number.isFinite(value) || (shape.whole && !Number.isInteger(value))) {
          this.#refuse(
            `${this.#called(field)} takes a ${shape.whole ? 'whole ' : ''}number; "${text.slice(0, 60)}" is none.`,
          );
        }
        return value;
      }
      case 'flag':
        if (/^(true|yes|on|1)$/i.test(text)) return true;
        if (/^(false|no|off|0)$/i.test(text)) return false;
        return this.#refuse(`${this.#called(field)} is yes or no; "${text.slice(0, 60)}" is neither.`);
      case 'choice': {
        const word = shape.words.find((one) => one.toLowerCase() === text.toLowerCase());
        if (word !== undefined) return word;
        // Roles have the short words that the composer takes.
        const role = roleOfWord(text);
        if (role !== undefined && shape.words.includes(role)) return role;
        return this.#refuse(
          `${this.#called(field)} is ${either(shape.words)}; "${text.slice(0, 60)}" is none of them.`,
        );
      }
      case 'time':
        return this.#time(field, text);
      case 'list':
        // A path may hold a comma, and so may a sentence; such an option is given once for each.
        if (shape.of.is === 'path' || shape.whole) return [this.#value(field, shape.of, text)];
        return text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
          .map((part) => this.#value(field, shape.of, part));
      case 'config':
        break;
    }
    const value = looseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    return this.#refuse(
      `${this.#called(field)} takes a JSON object, or members one by one: --${field.option}.name value.`,
    );
  }

  #time(field: Field, text: string): number {
    const { zone, now } = this.#here;
    const when = parseWhen(text, zone, now);
    if (when.ok) {
      this.#readings.push(`${field.option} is ${formatWhen(when.at, zone, now, { seconds: true })}`);
      return when.at;
    }
    return this.#refuse(`${this.#called(field)}: ${when.message}`);
  }

  /** How the person wrote it, or would. */
  #called(field: Field): string {
    return this.#verb.positionals.some((positional) => positional.field === field)
      ? `<${field.option}>`
      : `--${field.option}`;
  }

  #refuse(message: string): never {
    throw new UsageError(message, this.#verb.spec.cli.verb);
  }
}

/** JSON where it is JSON (numbers, true, objects, quoted text), else the text as it stands. */
function looseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** "a, b or c". */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** What `help` says, made from the contract's table. */
import type { Field, Shape } from './fields.ts';
import { describe, findVerb, VERBS, type Verb } from './verbs.ts';

const PROGRAM = 'npm run -s cli --';

const EVERYWHERE = [
  ['--data DIR', 'the data folder; by default the one that the window opens'],
  ['--json', 'one JSON document on stdout: the answer, or {"ok":false,"code","message","retryable"}'],
  ['--wait SECONDS', 'read the sources and meet the hub first, at most so long; only needed while no console is open'],
  [
    '--passphrase-file FILE',
    'where the passphrase of an encrypted data folder stands, such as /dev/fd/3; without it you are asked',
  ],
  [
    '--as PERSON',
    'unlock as a person for this command alone; the passphrase is asked for, or a line of standard input',
  ],
  ['--help', 'this, or what a verb takes'],
  ['--version', 'the version'],
] as const;

const STATUS = `Exit status: 0 done; 1 refused or not found, or done with a bad result: a test that failed, a catalog with
errors in it (what is good in it is imported all the same); 2 a command line that makes no sense.
While a console is open on the data folder it answers; otherwise this program opens the folder itself.
`;

const TYPES = `Times are written as 14:05, -10m, "yesterday 23:50", "14:05 UTC" or 2026-11-21T23:50:00Z. Lists take commas or the option
several times. Words that begin with a dash come after --. "-" stands for nobody or nothing where that is possible.
--NAME-file PATH reads an option's text from a file, "-" from standard input.
`;

/** Help on the verb that `words` name, on those that begin with them, or on everything. @throws UsageError */
export function helpPage(words: readonly string[]): string {
  const verbs = matching(words);
  if (verbs.length === 1 && words.length > 0) return verbPage(describe(verbs[0]!));
  const list = columns(verbs.map((entry) => [synopsis(describe(entry)), entry.spec.cli.help ?? entry.spec.title]));
  return `${PROGRAM} VERB [words] [--options]\n\n${list}\n${columns(EVERYWHERE)}\n${TYPES}\n${STATUS}`;
}

/** The same as a document. */
export function helpDocument(words: readonly string[]): unknown {
  return {
    verbs: matching(words).map((entry) => {
      const { spec, fields, positionals } = describe(entry);
      return {
        verb: spec.cli.verb,
        help: spec.cli.help ?? spec.title,
        kind: spec.kind,
        positionals: positionals.map(({ field, rest }) => ({ name: field.option, rest, required: field.required })),
        options: fields
          .filter(({ shape }) => shape.is !== 'secret')
          .map(({ option, shape, required, nullable, fallback }) => ({
            option: `--${option}`,
            takes: placeholder(shape),
            required,
            nullable,
            ...(fallback === undefined ? {} : { default: fallback }),
          })),
      };
    }),
  };
}

/** How a verb is written, on one line. */
export function usageLine(verb: string): string {
  return `Usage: ${PROGRAM} ${synopsis(findVerb(verb.split(' ')).verb)}`;
}

function matching(words: readonly string[]): typeof VERBS {
  const wanted = words.join(' ');
  const exact = VERBS.filter(({ spec }) => spec.cli.verb === wanted);
  if (exact.length > 0 || wanted === '') return exact.length > 0 ? exact : VERBS;
  const group = VERBS.filter(({ spec }) => spec.cli.verb.startsWith(`${wanted} `));
  return group.length > 0 ? group : VERBS.filter(({ name }) => name === findVerb(words).verb.name);
}

function verbPage(verb: Verb): string {
  const taken = new Set(verb.positionals.map(({ field }) => field));
  const rows = verb.fields
    .filter(({ shape }) => shape.is !== 'secret')
    .map((field): [string, string] => [
      `${taken.has(field) ? `<${field.option}>` : `--${field.option}`} ${placeholder(field.shape)}`.trimEnd(),
      notes(field),
    ]);
  const options = rows.length === 0 ? '' : `\n${columns(rows)}`;
  const help = verb.spec.cli.help ?? verb.spec.title;
  return `${PROGRAM} ${synopsis(verb)}\n\n${help}.\n${options}\n${columns(EVERYWHERE)}\n${TYPES}\n${STATUS}`;
}

function synopsis({ spec, fields, positionals }: Verb): string {
  const words = positionals.map(({ field, rest }) => {
    const name = `<${field.option}>${rest ? '…' : ''}`;
    return field.required ? name : `[${name}]`;
  });
  const needed = fields.filter(
    (field) => field.required && !positionals.some((positional) => positional.field === field),
  );
  return [spec.cli.verb, ...words, ...needed.map(({ option, shape }) => `--${option} ${placeholder(shape)}`)].join(' ');
}

const TYPE_WORDS = {
  text: 'TEXT',
  secret: '',
  path: 'PATH',
  number: 'NUMBER',
  flag: '',
  time: 'TIME',
  config: 'JSON',
} as const;

function placeholder(shape: Shape): string {
  if (shape.is === 'choice') return shape.words.join('|');
  if (shape.is === 'list') return `${placeholder(shape.of)},…`;
  return TYPE_WORDS[shape.is];
}

function notes({ shape, required, nullable, fallback, option }: Field): string {
  const given =
    fallback === undefined || fallback === null || JSON.stringify(fallback).length < 3
      ? null
      : `default ${JSON.stringify(fallback)}`;
  return [
    required ? null : 'optional',
    given,
    nullable ? '"-" for none' : null,
    shape.is === 'config' ? `or member by member: --${option}.url http://…` : null,
    shape.is === 'flag' ? `or --no-${option}` : null,
  ]
    .filter((note) => note !== null)
    .join(', ');
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(44, Math.max(...rows.map(([left]) => left.length)));
  return (
    rows
      .map(([left, right]) =>
        `  ${left.length > width ? `${left}\n  ${' '.repeat(width)}` : left.padEnd(width)}  ${right}`.trimEnd(),
      )
      .join('\n') + '\n'
  );
}

/**
 * The command line of the window. Invariant: hostile until parsed. A desktop file, a link or another program may have
 * written it, so what is not known is refused, Chromium's own switches included except those that weaken nothing.
 */

export type Arguments =
  | {
      kind: 'open';
      /** As typed; null for the default data folder. */ data: string | null;
      /** Without the demonstration. */ empty: boolean;
      /** The big board instead of the console. */ board: boolean;
    }
  | { kind: 'version' }
  | { kind: 'help' }
  | { kind: 'refused'; /** One sentence. */ message: string };

/** Chromium's switches that a person may need to get a picture on a difficult machine. */
const HARMLESS = new Set([
  'disable-gpu',
  'enable-logging',
  'force-device-scale-factor',
  'lang',
  'no-sandbox',
  'ozone-platform',
  'ozone-platform-hint',
  'password-store',
]);
const LONGEST = 4096;

/** `argv` without the program and, when run from the source tree, without the path of its first file. */
export function parseArguments(argv: readonly string[]): Arguments {
  let data: string | null = null;
  let empty = false;
  let board = false;
  for (let index = 0; index < argv.length; index += 1) {
    const [name, inline] = split(argv[index]!);
    if (name === '--help' && inline === null) return { kind: 'help' };
    if (name === '--version' && inline === null) return { kind: 'version' };
    if (name === '--empty' && inline === null) {
      empty = true;
    } else if (name === '--big-board' && inline === null) {
      board = true;
    } else if (name === '--data') {
      if (data !== null) return refused('--data was given twice; a console opens one data folder.');
      const value = inline ?? argv[(index += 1)];
      const problem = folderProblem(value);
      if (problem !== null) return refused(problem);
      data = value!;
    } else if (!name.startsWith('--') || !HARMLESS.has(name.slice(2))) {
      return refused(
        `it does not know ${JSON.stringify(name.slice(0, 80))}. Use --data DIR, --empty, --big-board, --version or --help.`,
      );
    }
  }
  return { kind: 'open', data, empty, board };
}

export const HELP = `holdfast [--data DIR] [--empty] [--big-board]

  --data DIR  the data folder to open; every folder is a console of its own
  --empty     do not load the demonstration into a new data folder
  --big-board open the big board for the wall instead of the console
  --version   print the version
`;

function split(argument: string): [name: string, value: string | null] {
  const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
  return equals < 0 ? [argument, null] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

function folderProblem(value: string | undefined): string | null {
  if (value === undefined || value === '') return '--data needs a folder: --data DIR.';
  if (value.startsWith('--')) return `--data needs a folder, and ${JSON.stringify(value.slice(0, 80))} is an option.`;
  if (value.includes('\0') || value.length > LONGEST) return '--data names no possible folder.';
  return null;
}

function refused(message: string): Arguments {
  return { kind: 'refused', message };
}

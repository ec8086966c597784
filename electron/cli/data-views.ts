/** How the data folder's encryption is shown in a terminal. */
import type { FolderState } from '../../shared/contract/rest.ts';
import { openedBy, turnedWords } from '../../shared/domain/record/at-rest.ts';
import type { Page } from './page.ts';

export function folderState(page: Page, state: FolderState): void {
  page.line(
    state.encrypted
      ? `The data folder is encrypted${state.since === null ? '' : ` since ${page.when(state.since)}`}; ${openedBy(state)}.`
      : 'The data folder is not encrypted: whoever can read its files can read what is in them.',
  );
  if (state.turning !== null) page.line(RESTARTING);
  if (state.last !== null) for (const line of turnedWords(state.last)) page.line(line);
  if (state.rescue !== null) page.line(`Is the key ever lost? ${state.rescue}`);
}

const RESTARTING = 'The console closes its files and starts again to do it; `data status` says what came of it.';

export function turning(page: Page): void {
  page.line(RESTARTING);
}

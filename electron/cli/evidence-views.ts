/** Files that are attached to an incident, in a terminal. */
import type { EvidenceChecked, EvidenceView } from '../../shared/contract/evidence.ts';
import { evidenceSum, evidenceWords, VERDICT_WORDS } from '../../shared/domain/evidence.ts';
import { sizeWords } from '../../shared/domain/link/words.ts';
import type { Page } from './page.ts';

export function evidence(page: Page, view: EvidenceView): void {
  page.line(`${view.name}: ${evidenceWords(view)}, SHA-256 ${view.sha256}.`);
  if (view.problem !== null) page.line(page.style('red', view.problem));
}

export function evidenceList(page: Page, list: readonly EvidenceView[]): void {
  page.table(
    list,
    [
      { title: 'file', cell: ({ name }) => name },
      { title: 'where', cell: (one) => evidenceWords(one) },
      { title: 'attached', cell: ({ at }) => page.when(at) },
      { title: 'by', cell: ({ by }) => by.name },
      { title: 'hash', cell: ({ sha256 }) => sha256.slice(0, 12) },
    ],
    'Nothing is attached to this incident.',
  );
  if (list.length > 0) page.line(`${evidenceSum(list)}.`);
  for (const { problem } of list) if (problem !== null) page.line(page.style('red', problem));
}

export function evidenceChecked(page: Page, list: readonly EvidenceChecked[]): void {
  if (list.length === 0) page.line('Nothing is attached to this incident.');
  for (const { name, sha256, verdict } of list) {
    const line = `${name} (${sha256.slice(0, 12)}) ${VERDICT_WORDS[verdict]}.`;
    page.line(verdict === 'damaged' ? page.style('red', line) : line);
  }
}

export function evidenceSaved(page: Page, { path, bytes }: { path: string; bytes: number }): void {
  page.line(`${path} was written, ${sizeWords(bytes)}.`);
}

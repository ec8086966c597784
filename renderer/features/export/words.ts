/** What can be written, in the words of who needs it. */
import type { ExportFormat } from '../../../shared/contract/exports.ts';
import { sizeWords } from '../../../shared/domain/link/words.ts';

/** "with the content of 3 attached files (2.1 MiB); that of 1 is not on this console". */
export function contentWords({
  files,
  bytes,
  missing = 0,
}: {
  files: number;
  bytes: number;
  missing?: number;
}): string {
  const count = files === 1 ? '1 attached file' : `${files.toLocaleString('en')} attached files`;
  return `with the content of ${count}${files === 0 ? '' : ` (${sizeWords(bytes)})`}${missing === 0 ? '' : `; that of ${missing.toLocaleString('en')} is not on this console`}`;
}

export type What = ExportFormat | 'bundle';

export const WHAT: readonly { value: What; label: string; help: string }[] = [
  { value: 'pdf', label: 'PDF', help: 'The whole story to print or to hand over.' },
  {
    value: 'html',
    label: 'Web page',
    help: 'The whole story in one file that any browser shows and that loads nothing.',
  },
  { value: 'md', label: 'Markdown', help: 'The whole story as plain text, for a wiki or a ticket.' },
  { value: 'csv', label: 'Table (CSV)', help: 'The timeline line by line, for a spreadsheet.' },
  {
    value: 'json',
    label: 'JSON',
    help: 'The whole story with every signature, so that others can check it: import incident.',
  },
  {
    value: 'bundle',
    label: 'Bundle',
    help: 'For another console of ours: it can be worked on there, and brought back.',
  },
];

/** What can be written, in the words of who needs it. */
import type { ExportFormat } from '../../../shared/contract/exports.ts';

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

/** How the audit is shown in a terminal. */
import type { AuditView } from '../../shared/contract/audit.ts';
import { named, names, type Page } from './page.ts';

export function audit(page: Page, { lines, next }: AuditView): void {
  page.table(
    lines,
    [
      { title: 'when', cell: ({ at }) => page.when(at) },
      { title: 'who', cell: ({ who }) => named(who) },
      { title: 'where', cell: ({ incident }) => incident?.label ?? '' },
      { title: 'under', cell: ({ grant }) => grant?.label ?? '' },
      { title: 'approved by', cell: ({ approvedBy }) => names(approvedBy) },
      { title: 'what', cell: ({ summary }) => summary },
    ],
    'Nothing fits.',
  );
  if (next !== null) page.line(`… older ones with --before ${next}`);
}

/** How policies are shown in a terminal. */
import type { PolicyLite, PolicyTableView } from '../../shared/contract/policy.ts';
import type { Name, Output } from '../../shared/contract/table.ts';
import { count, type Page, problemLine } from './page.ts';

type View<K extends Name> = (page: Page, value: Output<K>) => void;

function inForce(page: Page, { from, version, by, at }: PolicyLite): string {
  return from === 'shipped'
    ? 'as shipped'
    : `version ${version}, by ${by?.name ?? 'somebody'}, ${at === null ? '' : page.when(at)}`;
}

function tables(page: Page, list: readonly PolicyTableView[]): void {
  for (const { title, note, columns, rows } of list) {
    page.heading(title);
    if (note !== '') page.line(note);
    page.table(
      rows,
      columns.map((column, index) => ({ title: column, cell: ({ cells }) => cells[index] ?? '' })),
    );
  }
}

export const policyList: View<'policy.list'> = (page, list) => {
  page.table(list, [
    { title: 'policy', cell: ({ id }) => id },
    { title: 'in force', cell: (one) => inForce(page, one) },
    { title: '', cell: ({ differs }) => (differs ? 'differs from what ships' : '') },
    { title: '', cell: ({ summary }) => summary },
  ]);
  for (const { warning } of list) if (warning !== null) page.line(`■ ${warning}`);
};

export const policyShow: View<'policy.show'> = (page, policy) => {
  page.line(`${policy.title}: ${policy.summary}`);
  page.line(`${inForce(page, policy)}${policy.reason === null ? '' : `: ${policy.reason}`}`);
  if (policy.warning !== null) page.line(`■ ${policy.warning}`);
  tables(page, policy.tables);
  for (const problem of policy.problems) page.line(`▲ ${problemLine(problem)}`);
  if (policy.history.length > 0) page.heading('history');
  for (const { version, by, at, text, reason, inForce: now } of policy.history)
    page.line(
      `${now ? '▸' : ' '} ${text === null ? 'reset to what ships' : `version ${version}`}, ${by.name}, ${page.when(at)}: ${reason}`,
    );
};

export const policyLint: View<'policy.lint'> = (page, { policy, ok, problems }) => {
  for (const problem of problems) page.line(`${problem.severity === 'error' ? '■' : '▲'} ${problemLine(problem)}`);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  page.line(
    ok
      ? `This can be put in force as policy ${policy}${problems.length === 0 ? '' : `, with ${count(problems.length, 'warning')}`}.`
      : `This cannot be put in force: ${count(errors, 'error')}.`,
  );
};

export const policyPut: View<'policy.set'> = (page, { title, version, changed }) =>
  void page.line(
    changed
      ? `${title}: ${version === 0 ? 'what ships is in force again' : `version ${version} is in force`}.`
      : `${title}: it was in force already.`,
  );

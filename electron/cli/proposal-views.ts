/** How proposals and responses are shown in a terminal: the answer first, then every reason. */
import type { ResponseProposalView, RuleView } from '../../shared/contract/proposal.ts';
import type { Name, Output } from '../../shared/contract/table.ts';
import type { SubstanceDiff } from '../../shared/domain/policy/substance.ts';
import { responseName } from '../../shared/domain/policy/words.ts';
import type { Page } from './page.ts';

type View<K extends Name> = (page: Page, value: Output<K>) => void;

function rules(page: Page, list: readonly RuleView[]): void {
  for (const { gives, because, why, rule, inDoubt } of list)
    page.line(
      `  ${gives.replaceAll('-', ' ')}  ${because}${inDoubt ? ' (in doubt, the higher)' : ''}. ${why} [${rule}]`,
    );
}

const words = ({ level, model }: ResponseProposalView['proposed']): string =>
  `${responseName(level)}, ${responseName(model)}`;

const standing = (kept: { by: { name: string }; reason: string | null } | null, open: boolean): string =>
  kept !== null
    ? ` – kept as it is by ${kept.by.name}${kept.reason === null ? '' : `: ${kept.reason}`}`
    : open
      ? ' – take it or keep what is in force'
      : '';

export const proposal: View<'incident.proposal'> = (page, { severity, response, facts, runbooks }) => {
  page.line(
    `Proposed ${severity.proposed}${severity.inForce === null ? '' : `, in force ${severity.inForce}`}${standing(severity.kept, severity.open)}`,
  );
  rules(page, severity.rules);
  if (severity.rules.length === 0) page.line('  No rule holds.');
  for (const text of severity.unknown) page.line(`  ? ${text}`);
  page.line();
  page.line(
    `Proposed ${words(response.proposed)}${response.inForce === null ? '' : `; in force ${words(response.inForce)}`}${standing(response.kept, response.open)}`,
  );
  rules(page, [...response.levelRules, ...response.modelRules]);
  for (const text of response.unknown) page.line(`  ? ${text}`);
  page.heading('what was looked at');
  page.facts(facts.map(({ name, value }) => [name, value] as const));
  page.heading('runbooks that fit');
  page.table(
    runbooks,
    [
      { title: '', cell: ({ id }) => id },
      { title: '', cell: ({ why }) => why },
    ],
    'None.',
  );
};

function changes(page: Page, { kept, added, removed, changed }: SubstanceDiff): void {
  for (const text of added) page.line(`  + ${text}`);
  for (const text of changed) page.line(`  ~ ${text}`);
  for (const text of removed) page.line(`  - ${text}`);
  page.line(`  ${kept} stay as they are.`);
}

export const response: View<'incident.response'> = (page, value) => {
  const { inForce, chosen, level, model, lines, preview } = value;
  page.line(
    `${words({ level, model })}${chosen ? '' : ' (proposed; nobody has chosen yet)'}${
      inForce === null ? '' : `, by ${inForce.by.name}, ${page.when(inForce.at)}`
    }${inForce?.reason ? `: ${inForce.reason}` : ''}`,
  );
  rules(page, [...value.proposal.levelRules, ...value.proposal.modelRules]);
  for (const { title, lines: list } of lines) {
    page.heading(title);
    for (const line of list) page.line(line);
  }
  if (preview) {
    page.heading(`with ${words(preview)}`);
    changes(page, preview.diff);
  }
};

export const responseSet: View<'incident.model'> = (page, { level, model, diff, changed }) => {
  page.line(`${words({ level, model })}${changed ? '' : ': it was so already'}.`);
  if (changed) changes(page, diff);
};

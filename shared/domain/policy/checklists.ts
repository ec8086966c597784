/** What each role does, in order, as a short list. Invariant: an item has an id of its own, by which its ticks find it. */
import { roleName } from '../timeline.ts';
import { Role } from '../words.ts';
import type { PolicyKind } from './policy.ts';
import { PolicyReader } from './reader.ts';

export interface ChecklistText {
  id: string;
  text: string;
  line: number;
}

export type Checklists = ReadonlyMap<Role, readonly ChecklistText[]>;

/** More than this is no checklist but a book. */
const MAX_ITEMS = 15;

function parse(text: string): ReturnType<PolicyKind<Checklists>['parse']> {
  const reader = new PolicyReader(checklistsPolicy.file, text);
  const { root } = reader;
  if (!root) return { value: null, problems: reader.result(() => null).problems };
  reader.only(root, Role.options);
  const lists = new Map<Role, ChecklistText[]>();
  for (const role of Role.options) {
    const items = reader.list(root, role);
    if (items.length > MAX_ITEMS)
      reader.error(items[MAX_ITEMS]!, `A checklist has at most ${MAX_ITEMS} items; ${role} has ${items.length}.`);
    const taken = new Map<string, number>();
    const list = items.flatMap((at): ChecklistText[] => {
      if (at.kind !== 'map') {
        reader.error(at, 'An item is an id and a text: { id: say-it, text: Say that you command. }');
        return [];
      }
      reader.only(at, ['id', 'text']);
      const id = reader.id(at, taken);
      const words = reader.text(at, 'text', 200);
      if (!at.get('text')) reader.error(at, `The item ${id} has no text.`);
      return words === null ? [] : [{ id, text: words, line: at.line }];
    });
    if (list.length > 0) lists.set(role, list);
  }
  return reader.result(() => lists);
}

export const checklistsPolicy: PolicyKind<Checklists> = {
  title: 'Checklists of the roles',
  summary: 'What each role does in an incident, in order.',
  file: 'checklists.yaml',
  parse,
  tables: (lists) =>
    [...lists].map(([role, items]) => ({
      title: roleName(role),
      note: '',
      columns: ['item', 'what'],
      rows: items.map(({ id, text, line }) => ({ line, cells: [id, text] })),
    })),
};

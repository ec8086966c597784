/** An answer as a page. Invariant: no text of the answer reaches the terminal as a control code, whoever wrote it. */
import type { z } from 'zod';
import { table, type Name } from '../../shared/contract/table.ts';
import { show } from './generic.ts';
import { harmless, Page, type PageOptions } from './page.ts';
import { VIEWS, type View } from './views.ts';

/** @param value what `name` answered */
export function render(name: Name, value: unknown, options: PageOptions): string {
  const page = new Page(options);
  const view: View<Name> | undefined = VIEWS[name];
  if (view) view(page, harmless(value) as never);
  else renderBySchema(page, table[name].output, value);
  return page.toString();
}

/** The same for any value, led by its schema alone. */
export function renderBySchema(page: Page, schema: z.ZodType, value: unknown): void {
  show(page, schema, harmless(value));
}

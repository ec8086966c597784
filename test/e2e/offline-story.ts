/** The first incident, from declaration to resolution, by keyboard. */
import { openStory } from './story.ts';

const { page, holdfast, press, type, line, seen, tell } = await openStory();

await press('Control+Shift+I');
await type('Checkout is slow');
await page.waitForFunction(() => document.querySelector('input:focus')?.getAttribute('value') === 'Checkout is slow');
await press('Enter');
await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
await line('/role commander @ana-kovac');
await line('/role comms @li-wen');
await line('/affect checkout-api');
await line('PSP sees nothing unusual');
await line('/at -10m first errors in the log');
await line('/ask @raj-menon 10m check the queue depth');
await line('/decide roll back because errors began with it');
await line('/run checkout-slowdown');
await seen('runbook started');
await line('/state mitigating');
await line('/state monitoring');
await press('Escape');
await press('1');
await press('Enter');
await seen('Raj Menon has it');
await page.getByText('has it ✓').waitFor();
await press('Enter');
await seen('done: check the queue depth');
await line('/state resolved');
await seen('state monitoring → resolved');

const [lite] = await holdfast.done('incident.list', { all: true });
const incident = await holdfast.done('incident.show', { incident: lite!.id });
const { entries } = await holdfast.done('incident.timeline', { incident: lite!.id });
await tell({
  status: incident.status,
  commander: incident.commander?.id,
  asks: incident.asks.map(({ state }) => state),
  runs: incident.runs.map(({ runbook }) => runbook),
  summaries: entries.map(({ summary }) => summary),
});

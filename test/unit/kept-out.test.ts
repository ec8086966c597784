/** Ops of a console that does not count are kept, and taken once it does. */
import { expect, it } from 'vitest';
import { enrol, memoryPeer, note, segmentsOf } from '../support/exchange.ts';

it('takes what was kept out although its ops came twice, the second time with more behind them', () => {
  const [here, other] = [memoryPeer(), memoryPeer()];
  note(other, 'estate', 'first');
  here.store.ingest(segmentsOf(other), 'hub');
  note(other, 'estate', 'second');
  note(other, 'estate', 'third');
  here.store.ingest(segmentsOf(other), 'hub');
  enrol(here, other);
  here.store.takeKeptOut(other.store.console);
  expect(here.store.log.head(other.store.console)?.seq).toBe(3);
});

/** The other side of the sync bench: a console that takes in, or a bare reader of the same stream. */
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { loadIdentity } from '../../../electron/engine/access/identity.ts';
import { openDatabase } from '../../../electron/engine/store/database.ts';
import { Store } from '../../../electron/engine/store/store.ts';
import { HubConfig } from '../../../electron/engine/sync/config.ts';
import { Places } from '../../../electron/engine/sync/places.ts';
import { Running } from '../../../electron/engine/sync/running.ts';

const [mode, hub, data, target] = process.argv.slice(2) as [string, string, string, string];
/** Monotonic and the same for every process of this machine, ms: wall clocks are set while a run goes on. */
const clock = () => Number(process.hrtime.bigint()) / 1e6;

if (mode === 'console') {
  const identity = loadIdentity(data);
  const store = new Store(openDatabase(data), identity, Date.now);
  const wanted = Number(target);
  let done = false;
  store.onCommit(({ keys }) => {
    const at = clock();
    // What this console writes itself is no op that arrived.
    if (done) {
      if (keys.includes('incident:i00000001')) process.send!({ at, count: store.opCount });
    } else if (store.opCount >= wanted) {
      done = true;
      process.send!({ caughtUp: at, rss: process.memoryUsage.rss() });
    }
  });
  const running = new Running({
    config: HubConfig.parse({ url: hub, organisation: 'bench' }),
    secret: async () => null,
    store,
    identity,
    places: new Places(store.db),
    now: Date.now,
    changed: () => undefined,
    refused: (sentence) => process.stderr.write(`${sentence}\n`),
    opened: () => {
      process.send!({ ready: true });
      return () => undefined;
    },
  });
  process.on('message', () => void running.stop().then(() => process.exit(0)));
} else {
  const connection = await connect({ servers: hub });
  // As our own link reads: an ordered consumer, which acknowledges nothing.
  const consumer = await jetstream(connection).consumers.get(data, { deliver_policy: DeliverPolicy.All });
  const wanted = Number(target);
  let count = 0;
  process.on('message', () => process.exit(0));
  const messages = await consumer.consume({
    max_messages: 5000,
    callback: () => {
      count++;
      if (count > wanted) process.send!({ at: clock(), count });
      else if (count === wanted) process.send!({ caughtUp: clock() });
    },
  });
  process.send!({ ready: true });
  await messages.closed();
}

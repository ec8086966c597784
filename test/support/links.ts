/** Links of bare stores to a hub, at the pace of a test. */
import { HubConfig } from '../../electron/engine/sync/config.ts';
import { PACE, type Pace } from '../../electron/engine/sync/link.ts';
import { Places } from '../../electron/engine/sync/places.ts';
import { Running } from '../../electron/engine/sync/running.ts';
import type { PlaceView } from '../../shared/contract/hub.ts';
import type { Peer } from './exchange.ts';

/** A minute's patience would be a test's whole time. */
export const QUICK: Pace = {
  ...PACE,
  probe: 300,
  late: 200,
  cutOff: 1500,
  retry: [50, 400],
  patience: [50, 150],
  save: 50,
};

export interface Linked {
  readonly state: PlaceView['state'];
  readonly places: PlaceView[];
  readonly running: Running;
  /** What was refused, sentence by sentence. */
  readonly refused: string[];
  poke(): void;
  stop(): Promise<void>;
}

/** Holds the links of `peer` to the hub at `url` until it is stopped. */
export function linkTo(
  url: string,
  peer: Peer,
  { secret = null, pace = QUICK, ...more }: Partial<HubConfig> & { secret?: string | null; pace?: Pace } = {},
): Linked {
  const refused: string[] = [];
  const running = new Running({
    config: HubConfig.parse({ url, organisation: 'acme', ...more }),
    secret: async () => secret,
    store: peer.store,
    identity: peer.identity,
    places: new Places(peer.store.db),
    now: Date.now,
    changed: () => undefined,
    refused: (sentence) => refused.push(sentence),
    opened: () => () => undefined,
    pace,
  });
  peer.store.onCommit(({ touched }) => {
    running.poke();
    if (touched?.some(({ kind }) => kind === 'console')) running.welcome();
  });
  return {
    get state() {
      return running.hub.view.state;
    },
    get places() {
      return running.places;
    },
    running,
    refused,
    poke: () => running.poke(),
    stop: () => running.stop(),
  };
}

/** The link to the hub in words, for the screen and the command line alike. Pure. */
import type { LinkView, PeerView, PlaceView } from '../../contract/hub.ts';
import { MAX_DRIFT_MS } from '../../ops/hlc.ts';
import { formatDuration, formatTime, SECOND } from '../times.ts';
import type { Health } from '../words.ts';

export interface LinkAnswer {
  health: Health;
  /** One sentence. */
  words: string;
}

const ops = (count: number): string => (count === 1 ? '1 op' : `${count.toLocaleString('en')} ops`);

/** Whether consoles are together, as far as was probed until `now` (ms). */
export function linkAnswer(link: LinkView, now: number): LinkAnswer {
  const { state, since, waiting, places, consoles } = link;
  const lasted = since === null ? '' : ` for ${formatDuration(Math.max(0, now - since))}`;
  const waits =
    waiting === 0 ? 'nothing waits to leave' : `${ops(waiting)} ${waiting === 1 ? 'waits' : 'wait'} to leave`;
  const here = consoles.filter((one) => one.here && one.access === 'enrolled').length;
  const others =
    here === 0
      ? 'no other console is heard'
      : `${here === 1 ? '1 other console is' : `${here} other consoles are`} heard`;
  switch (state) {
    case 'alone':
      return { health: 'unknown', words: 'This console is alone: no hub is configured, everything is kept here.' };
    case 'cut-off': {
      const store = places.find(({ kind }) => kind === 'store');
      const beside =
        store && store.state !== 'cut-off' ? " The store's own server is connected: consoles here go on together." : '';
      const begun = since === null ? 'The hub was never reached' : `Cut off from the hub${lasted}`;
      return { health: 'failing', words: `${begun}; ${waits}.${beside}` };
    }
    case 'late':
      return { health: 'degraded', words: `The hub answers late${lasted}; ${waits}, ${others}.` };
    case 'connected':
      return { health: 'healthy', words: `Connected${lasted}; ${waits}, ${others}.` };
  }
}

/** What is wrong with a place, in one sentence, its times in `zone`; null when nothing is. */
export function problemWords(
  { problem, refusedSince, heard }: Pick<PlaceView, 'problem' | 'refusedSince' | 'heard'>,
  zone: string,
): string | null {
  // Credentials that it once took: whoever asks again is told less than whoever was there when they ended.
  if (refusedSince !== null && heard !== null)
    return `The hub no longer accepts this console's credentials since ${formatTime(refusedSince, zone)}: enter new ones in Settings, Hub. Nothing is lost.`;
  return problem;
}

type Paced = Pick<
  PlaceView,
  | 'behind'
  | 'behindAtFirst'
  | 'waiting'
  | 'waitingAtFirst'
  | 'sentPerSecond'
  | 'readPerSecond'
  | 'sentInMs'
  | 'readInMs'
>;

/** " (40 % done), 3,100 ops/s, about 4 s left", as far as it is known. */
function paceWords(left: number, inAll: number, perSecond: number | null, leftMs: number | null): string {
  const done = inAll > left ? ` (${Math.floor(((inAll - left) / inAll) * 100)} % done)` : '';
  const speed = perSecond === null || perSecond < 1 ? '' : `, ${perSecond.toLocaleString('en')} ops/s`;
  return `${done}${speed}${leftMs === null ? '' : `, about ${formatDuration(Math.max(SECOND, leftMs))} left`}`;
}

/** How far the reading of a place is, while it is behind; null when it is not. */
export function progressWords({ behind, behindAtFirst, readPerSecond, readInMs }: Paced): string | null {
  if (behind === 0) return null;
  const left = `${behind.toLocaleString('en')} ${behind === 1 ? 'message' : 'messages'} still to read`;
  return left + paceWords(behind, behindAtFirst, readPerSecond, readInMs);
}

/** How far the sending to a place is. */
export function waitingWords({ waiting, waitingAtFirst, sentPerSecond, sentInMs }: Paced): string {
  if (waiting === 0) return 'nothing waits';
  return ops(waiting) + paceWords(waiting, waitingAtFirst, sentPerSecond, sentInMs);
}

/** How far a snapshot is fetched; null when none is. */
export function fetchingWords({ fetching }: Pick<PlaceView, 'fetching'>): string | null {
  if (fetching === null) return null;
  const { done, total, ops: held } = fetching;
  return `a snapshot of ${ops(held)} is fetched: ${sizeWords(done)} of ${sizeWords(total)}`;
}

/** By how much a console's clock differs, and whether that is too much to be believed. */
export function offsetWords({ offsetMs, access }: Pick<PeerView, 'offsetMs' | 'access'>): {
  words: string;
  off: boolean;
} {
  if (access === 'this') return { words: 'this clock', off: false };
  if (offsetMs === null) return { words: 'not heard', off: false };
  const size = Math.abs(offsetMs);
  if (size < 2 * SECOND) return { words: 'agrees', off: false };
  return { words: `${formatDuration(size)} ${offsetMs > 0 ? 'ahead' : 'behind'}`, off: size > MAX_DRIFT_MS };
}

export const STATE_WORDS: Record<LinkView['state'], string> = {
  alone: 'alone',
  connected: 'connected',
  late: 'late',
  'cut-off': 'cut off',
};

/** Bytes with a unit. */
export function sizeWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let size = bytes;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${size >= 100 || unit === 0 ? Math.round(size).toLocaleString('en') : size.toFixed(1)} ${units[unit]}`;
}

/** How full the stream is; null when it has no limit or holds little. */
export function fullWords({ bytes, limit }: Pick<PlaceView, 'bytes' | 'limit'>): string | null {
  if (bytes === null || limit === null || bytes < limit * 0.8) return null;
  return `${Math.floor((bytes / limit) * 100)} % full: ${sizeWords(bytes)} of ${sizeWords(limit)}`;
}

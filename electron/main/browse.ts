/**
 * The only way from here into the system's browser. Invariant: it is asked for by the engine, never by a page, and opens nothing but
 * a web address: https, or http on this machine itself.
 */
import { shell } from 'electron';
import type { FromBrowser, ToBrowser } from '../../shared/contract/browsing.ts';
import { isSafe } from '../../shared/domain/access/sso.ts';
import { log } from './log.ts';

/** Longer than any sign-in needs, and shorter than what some systems choke on. */
const LONGEST = 8000;

/** Answers one request of the engine. Never rejects. */
export async function browse({ id, url }: ToBrowser): Promise<FromBrowser> {
  const answer = (problem: string | null): FromBrowser => ({ type: 'browse', id, problem });
  if (url.length > LONGEST || !URL.canParse(url) || !isSafe(new URL(url))) {
    log('address refused');
    return answer('it is no address for a browser');
  }
  try {
    await shell.openExternal(url);
    log('browser opened');
    return answer(null);
  } catch (error) {
    return answer(error instanceof Error ? error.message : String(error));
  }
}

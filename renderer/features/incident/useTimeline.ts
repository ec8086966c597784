/** Holds a timeline open: reads its first page, reads again what is seen after every change, pages on as it is scrolled. */
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { EntryKind } from '../../../shared/domain/timeline.ts';
import type { ChangeKey } from '../../../shared/contract/spec.ts';
import { bridge, call } from '../../bridge/client.ts';
import { TimelinePages, type TimelineSnapshot } from './pages.ts';

/** Least time between two reads that pushes cause, ms. */
const SPACING = 150;

/** The timeline of an incident; only entries of `kinds` when that is not empty. */
export function useTimeline(
  incident: string,
  kinds: readonly EntryKind[],
): { pages: TimelinePages; timeline: TimelineSnapshot } {
  const kindList = kinds.join(' ');
  const pages = useMemo(
    () =>
      new TimelinePages((before, limit) =>
        call('incident.timeline', {
          incident,
          limit,
          ...(before === undefined ? {} : { before }),
          ...(kindList === '' ? {} : { kinds: kindList.split(' ') as EntryKind[] }),
        }),
      ),
    [incident, kindList],
  );
  useEffect(() => {
    const keys: ChangeKey[] = [`incident:${incident}`, 'health', 'estate'];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const again = () => {
      timer ??= setTimeout(() => {
        timer = null;
        pages.changed();
      }, SPACING);
    };
    const endChanges = bridge.onChanged((changed) => {
      if (keys.some((key) => changed.keys.includes(key))) again();
    });
    const endEngine = bridge.onEngine(({ state }) => {
      if (state === 'ready') again();
    });
    return () => {
      endChanges();
      endEngine();
      if (timer !== null) clearTimeout(timer);
    };
  }, [pages, incident]);
  return { pages, timeline: useSyncExternalStore(pages.subscribe, pages.snapshot) };
}

/**
 * The estate with the newest health. Invariant: the structure is read again only when it changed; health is read again when
 * it changed, when the engine came back and at least every {@link REFRESH}, and with it the causes and changes that the map marks, but
 * never so often that a large estate keeps the window busy.
 */
import { useEffect, useMemo, useState } from 'react';
import type { EstateMap } from '../../../shared/contract/estate.ts';
import type { MapMarks } from '../../../shared/contract/map.ts';
import type { ChangeKey } from '../../../shared/contract/spec.ts';
import type { Output } from '../../../shared/contract/table.ts';
import { bridge, call } from '../../bridge/client.ts';
import { type QueryError } from '../../bridge/query-cache.ts';
import { useQuery } from '../../bridge/useQuery.ts';

/** Least time between two reads of health: a fixed part and one that grows with the estate, ms. */
const SPACING = 250;
const SPACING_PER_SERVICE = 0.25;
/** Causes take longer to find than health to read: so many times as rarely. */
const MARKS_SPACING = 4;
/** What was not read for so long is read again, ms: "as of" must not age on screen while all is well. */
const REFRESH = 20_000;

export interface Estate {
  map: EstateMap | undefined;
  /** Null before they were read. */
  marks: MapMarks | null;
  error: QueryError | null;
  loading: boolean;
}

export function useEstate(): Estate {
  const { value, error, loading } = useQuery('estate.map', {}, ['estate']);
  const [health, setHealth] = useState<Output<'health'> | null>(null);
  const [marks, setMarks] = useState<MapMarks | null>(null);
  const [lost, setLost] = useState<QueryError | null>(null);
  const services = value?.services.length;

  useEffect(() => {
    if (services === undefined) return undefined;
    const spacing = SPACING + SPACING_PER_SERVICE * services;
    const stops = [
      keepReading({ first: REFRESH, spacing, keys: ['health'] }, async (isOver) => {
        const reply = await call('health', {});
        if (isOver()) return;
        if (reply.ok) setHealth(reply.value);
        setLost(reply.ok ? null : { code: reply.code, message: reply.message });
      }),
      keepReading(
        { first: 0, spacing: MARKS_SPACING * spacing, keys: ['health', 'changes', 'incidents'] },
        async (isOver) => {
          const reply = await call('map.marks', {});
          if (reply.ok && !isOver()) setMarks(reply.value);
        },
      ),
    ];
    return () => stops.forEach((stop) => stop());
  }, [services]);

  const map = useMemo(
    () => (value === undefined || health === null || health.asOf <= value.asOf ? value : withHealth(value, health)),
    [value, health],
  );
  return { map, marks, error: error ?? lost, loading };
}

/** Reads after `first` ms, then whenever one of `keys` changed, at least every {@link REFRESH} and at most every `spacing` ms. */
function keepReading(
  { first, spacing, keys: wanted }: { first: number; spacing: number; keys: readonly ChangeKey[] },
  read: (isOver: () => boolean) => Promise<void>,
): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let readAt = performance.now();
  let busy = false;
  let again = false;
  let over = false;
  const plan = (wait: number): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void run(), wait);
  };
  const run = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    again = false;
    readAt = performance.now();
    await read(() => over);
    busy = false;
    if (!over) plan(again ? Math.max(0, readAt + spacing - performance.now()) : REFRESH);
  };
  plan(first);
  const stopListening = bridge.onChanged(({ keys }) => {
    if (!keys.some((key) => wanted.includes(key))) return;
    again = true;
    if (!busy) plan(Math.max(0, readAt + spacing - performance.now()));
  });
  return () => {
    over = true;
    stopListening();
    if (timer !== null) clearTimeout(timer);
  };
}

function withHealth(map: EstateMap, health: Output<'health'>): EstateMap {
  const byId = new Map(health.services.map((service) => [service.id, service]));
  return {
    ...map,
    services: map.services.map((service) => {
      const now = byId.get(service.id);
      if (now === undefined) return service;
      const { health: word, since, observedAt, source, reason, byHand, maintenance } = now;
      return {
        ...service,
        health: {
          health: word,
          since,
          observedAt,
          source,
          reason,
          last: service.health.health === word ? service.health.last : null,
          ...(byHand ? { byHand } : {}),
          ...(maintenance ? { maintenance } : {}),
        },
      };
    }),
    asOf: health.asOf,
  };
}

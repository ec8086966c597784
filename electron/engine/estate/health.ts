/** Health by hand and announced work, as handlers need them. */
import type { HealthWord, MaintenanceView } from '../../../shared/contract/health.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { endOf, isOpen, type Window } from '../../../shared/domain/by-hand.ts';
import type { Context } from '../context.ts';
import { nearest } from '../../../shared/domain/nearest.ts';
import { named, namedActor, resolve } from '../names.ts';

export interface HealthSubject {
  kind: 'service' | 'business-service';
  id: string;
}

/** The service, or else the business service, that `text` means. @throws Refusal `not_found` */
export function healthSubject(context: Context, text: string): HealthSubject {
  const { estate } = context;
  const service = estate.resolve('service', text);
  if (service !== null) return { kind: 'service', id: service };
  const business = estate.resolve('business-service', text);
  if (business !== null) return { kind: 'business-service', id: business };
  if (nearest(text, [...estate.all('business-service').keys()]) !== null) resolve(context, 'business-service', text);
  resolve(context, 'service', text);
  throw new Refusal('not_found', `There is no service or business service "${text.slice(0, 100)}".`);
}

/** Words by hand that stand now, those that end first first. */
export function healthWords(context: Context): HealthWord[] {
  const { board } = context.sources;
  return board
    .words()
    .map(({ kind, id, word: { health, reason, by, at, until } }): HealthWord => {
      const view = kind === 'service' ? board.serviceHealth(id) : board.businessHealth(id).health;
      const sources = view.byHand?.sources ?? 'unknown';
      return { ...named(context, kind, id), kind, health, sources, reason, by: namedActor(context, by), at, until };
    })
    .sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1));
}

/** Announced work that is not over, by id or title. @throws Refusal `not_found`, `refused` when it is over */
export function announcedWork(context: Context, text: string): Window {
  const { board } = context.sources;
  const called = board.windows().filter(({ id, title }) => id === text || title.toLowerCase() === text.toLowerCase());
  const [first] = called;
  if (!first) throw new Refusal('not_found', `There is no maintenance "${text.slice(0, 100)}".`);
  const going = called.find((window) => endOf(window) > context.now());
  if (!going) throw new Refusal('refused', `The maintenance "${first.title}" is over already.`);
  return going;
}

export function maintenanceView(context: Context, window: Window): MaintenanceView {
  const { id, title, services, from, reason, by, to } = window;
  const now = context.now();
  return {
    ...{ id, title, from, to: endOf(window), reason, by: namedActor(context, by) },
    state: isOpen(window, now) ? 'open' : now < from && endOf(window) > from ? 'planned' : 'over',
    endedEarly: endOf(window) < to,
    services: services.map((service) => {
      const { health, maintenance } = context.sources.board.serviceHealth(service);
      return {
        ...named(context, 'service', service),
        health,
        hides: maintenance?.id === id && maintenance.hides,
      };
    }),
  };
}

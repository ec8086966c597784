/** What a declaration proposes: what is known to be hurt, and nothing that is merely not heard of. */
import { expect, it } from 'vitest';
import { propose } from '../../renderer/features/declare/proposal.ts';
import type { Situation } from '../../shared/contract/console.ts';
import type { Health } from '../../shared/domain/words.ts';

const service = (id: string, health: Health): Situation['unhealthy'][number] => ({
  id,
  name: id,
  tier: 1,
  health,
  since: 0,
  reason: '',
});
const business = (
  id: string,
  health: Health,
  entry: string,
  causes: readonly string[] = [],
): Situation['businessServices'][number] => ({
  id,
  name: id,
  description: '',
  criticality: 1,
  owner: null,
  domains: [],
  rtoMinutes: null,
  rpoMinutes: null,
  currency: 'EUR',
  unit: 'orders',
  services: [{ id: entry, name: entry }],
  health: { health, since: 0, source: null, observedAt: 0, reason: '', last: null },
  hurtBy: causes.map((cause) => ({
    id: cause,
    name: cause,
    health: { health: 'failing', since: 0, source: null, observedAt: 0, reason: '', last: null },
  })),
});

const situation = {
  unhealthy: [
    service('payments', 'failing'),
    service('search', 'degraded'),
    service('tax', 'unknown'),
    service('queue', 'early-warning'),
  ],
  businessServices: [
    business('Checkout', 'failing', 'shop', ['payments']),
    business('Posting', 'unknown', 'erp'),
    business('Picking', 'healthy', 'picker'),
  ],
};

it('proposes what is failing or degraded, and titles it by what customers need', () => {
  expect(propose({}, situation)).toEqual({
    title: 'Checkout failing',
    services: ['payments', 'search'],
    businessServices: ['Checkout'],
  });
});

it('titles it by the worst service when no business service is hurt', () => {
  expect(propose({}, { ...situation, businessServices: [] }).title).toBe('payments failing');
});

it('keeps to the service that was chosen and adds the business services it hurts or serves', () => {
  expect(propose({ services: ['payments'], title: 'payments failing' }, situation)).toEqual({
    title: 'payments failing',
    services: ['payments'],
    businessServices: ['Checkout'],
  });
  expect(propose({ services: ['picker'] }, situation)).toEqual({
    title: '',
    services: ['picker'],
    businessServices: ['Picking'],
  });
});

it('proposes nothing when nothing is hurt or nothing is known', () => {
  const nothing = { title: '', services: [], businessServices: [] };
  expect(propose({}, undefined)).toEqual(nothing);
  expect(propose({}, { unhealthy: [service('tax', 'unknown')], businessServices: [] })).toEqual(nothing);
});

it('does not propose a list too long to be looked through', () => {
  const many = {
    unhealthy: Array.from({ length: 50 }, (_, index) => service(`s${index}`, 'failing')),
    businessServices: [],
  };
  expect(propose({}, many).services).toEqual(many.unhealthy.slice(0, 12).map(({ id }) => id));
});

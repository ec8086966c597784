import { describe, expect, it } from 'vitest';
import { similar, tellLikeness, type Resembling } from '../../shared/domain/similar.ts';
import { seeded } from '../support/estate-graph.ts';
import { shuffled } from '../support/history.ts';

const past = (id: string, facts: Partial<Resembling> = {}): Resembling => ({
  id,
  title: 'Something late',
  services: [],
  businessServices: [],
  runbooks: [],
  causes: [],
  ...facts,
});
const target = past('now', {
  title: 'Checkout failing in the promotion',
  services: ['checkout-api', 'payments-api'],
  businessServices: ['checkout'],
  causes: ['checkout-db'],
});
const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);

describe('similar incidents', () => {
  it('put the one with the same cause first, and leave out what shares next to nothing', () => {
    const list = [
      past('others', { title: 'Warehouse late', services: ['wms'] }),
      past('same-cause', { causes: ['checkout-db'], services: ['checkout-api'], title: 'Checkout slow' }),
      past('same-service', { services: ['checkout-api', 'payments-api'], title: 'Checkout slow' }),
    ];
    const found = similar(target, list, 3);
    expect(ids(found)).toEqual(['same-cause', 'same-service']);
    const names = { service: (id: string) => id, businessService: (id: string) => id, runbook: (id: string) => id };
    expect(tellLikeness(found[0]!, names)).toEqual([
      'its cause was checkout-db, which is suspected now',
      'affected checkout-api',
      'its title says “checkout”',
    ]);
  });

  it('count what few share for more than what all share', () => {
    const common = Array.from({ length: 50 }, (_, n) => past(`c${n}`, { services: ['checkout-api'] }));
    const found = similar(target, [...common, past('rare', { services: ['payments-api'] })], 1);
    expect(ids(found)).toEqual(['rare']);
  });

  it('do not depend on the order, and are quick over 1,000', () => {
    const random = seeded(5);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const services = Array.from({ length: 200 }, (_, n) => `service-${n}`);
    const list = Array.from({ length: 1000 }, (_, n) =>
      past(`i${n}`, {
        title: `${pick(['Checkout', 'Stock', 'Stores'])} ${pick(['failing', 'slow'])}`,
        services: [pick(services), pick(services), 'checkout-api'].slice(0, 1 + Math.floor(random() * 3)),
        businessServices: [pick(['checkout', 'stores'])],
      }),
    );
    const began = performance.now();
    const found = similar(target, list, 3);
    expect(performance.now() - began).toBeLessThan(50);
    expect(similar(target, shuffled(list, random), 3)).toEqual(found);
  });
});

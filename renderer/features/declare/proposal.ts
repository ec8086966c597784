/**
 * What the declare dialog proposes before anybody has typed. Pure. A proposal is only what the console has heard: failing
 * and degraded things; what is merely unknown is not claimed to be hurt.
 */
import type { Situation } from '../../../shared/contract/console.ts';
import type { DeclarePrefill } from '../../state/dialogs.ts';
import { HEALTH_WORDS } from '../../ui/words.ts';

export interface Proposal {
  title: string;
  /** Service ids, worst first. */
  services: string[];
  /** Business service ids, worst first. */
  businessServices: string[];
}

type Known = Pick<Situation, 'unhealthy' | 'businessServices'>;

const hurt = (health: string): boolean => health === 'failing' || health === 'degraded';

/** Services proposed by themselves; more than these are no longer a choice but a list to read. */
const MOST_SERVICES = 12;

/** The prefill where it says something, else what is failing or degraded now. */
export function propose(prefill: DeclarePrefill, situation: Known | undefined): Proposal {
  const chosen = prefill.services !== undefined || prefill.businessServices !== undefined;
  const business = (situation?.businessServices ?? []).filter(({ health }) => hurt(health.health));
  const services = (situation?.unhealthy ?? []).filter(({ health }) => hurt(health));
  const worst =
    business[0] === undefined
      ? services[0] && { name: services[0].name, health: services[0].health }
      : { name: business[0].name, health: business[0].health.health };
  const wanted = new Set(prefill.services);
  return {
    title:
      prefill.title ??
      (chosen || worst === undefined ? '' : `${worst.name} ${HEALTH_WORDS[worst.health as keyof typeof HEALTH_WORDS]}`),
    services: prefill.services ?? (chosen ? [] : services.slice(0, MOST_SERVICES).map(({ id }) => id)),
    businessServices:
      prefill.businessServices ??
      (situation?.businessServices ?? [])
        .filter((one) =>
          chosen
            ? one.hurtBy.some(({ id }) => wanted.has(id)) || one.services.some(({ id }) => wanted.has(id))
            : hurt(one.health.health),
        )
        .map(({ id }) => id),
  };
}

/** How many signals hurt customers, operations, or nobody yet; opens to the list, with the alerts that match no service. */
import { lazy, Suspense, useState } from 'react';
import type { Situation } from '../../../shared/contract/console.ts';
import type { Health, SignalTier } from '../../../shared/domain/words.ts';
import { HealthShape } from '../../ui/HealthMark.tsx';
import styles from './Signals.module.css';
import { TIER_HEALTH, TIER_WORDS, type Opened } from './tiers.ts';

const SignalDialog = lazy(() => import('./SignalDialog.tsx'));

const LOUDEST: readonly SignalTier[] = ['customer-impacting', 'operational-degradation', 'early-warning'];

export function Signals({ tiers, services }: { tiers: Situation['tiers']; services: Situation['services'] }) {
  const [open, setOpen] = useState<Opened | null>(null);
  return (
    <section className={styles.strip} aria-label="Signals">
      <h2 className={styles.title}>Signals</h2>
      {LOUDEST.map((tier) => (
        <button
          key={tier}
          type="button"
          className={styles.tier}
          data-none={tiers[tier] === 0 || undefined}
          data-health={TIER_HEALTH[tier] satisfies Health}
          onClick={() => setOpen({ tier })}
        >
          <HealthShape health={TIER_HEALTH[tier]} />
          <b>{tiers[tier]}</b> {TIER_WORDS[tier]}
        </button>
      ))}
      <button
        type="button"
        className={styles.tier}
        data-none={tiers.unmatched === 0 || undefined}
        title="Alerts and metrics that no service of the catalog claims"
        onClick={() => setOpen({ unmatched: true })}
      >
        <b>{tiers.unmatched}</b> match no service
      </button>
      <span className={styles.count}>
        {services.byHealth.healthy.toLocaleString('en')} of {services.total.toLocaleString('en')} services healthy
      </span>
      {open !== null && (
        <Suspense fallback={null}>
          <SignalDialog opened={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </section>
  );
}

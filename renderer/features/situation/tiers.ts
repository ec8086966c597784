/** Tiers of signals in words and shapes. */
import type { Health, SignalTier } from '../../../shared/domain/words.ts';

/** Which signals are listed. */
export interface Opened {
  tier?: SignalTier;
  unmatched?: boolean;
}

export const TIER_WORDS: Record<SignalTier, string> = {
  'customer-impacting': 'customer-impacting',
  'operational-degradation': 'operational degradation',
  'early-warning': 'early warning',
};

export const TIER_HEALTH: Record<SignalTier, Health> = {
  'customer-impacting': 'failing',
  'operational-degradation': 'degraded',
  'early-warning': 'early-warning',
};

/** The words that marks and forms show for the contract's values. */
import type {
  AskState,
  Domain,
  Health,
  Role,
  ServiceKind,
  Severity,
  Status,
  StepState,
} from '../../shared/domain/words.ts';

/** Worst first, unknown beside degraded: not knowing is as loud as being degraded. */
export const HEALTH_ORDER: readonly Health[] = ['failing', 'degraded', 'unknown', 'early-warning', 'healthy'];

export const HEALTH_WORDS: Record<Health, string> = {
  healthy: 'healthy',
  'early-warning': 'early warning',
  degraded: 'degraded',
  failing: 'failing',
  unknown: 'unknown',
};

export const SEVERITY_WORDS: Record<Severity, string> = {
  SEV1: 'customers or most stores cannot buy',
  SEV2: 'an important function is badly hurt',
  SEV3: 'limited harm, or a way around exists',
  SEV4: 'no harm yet, watch it',
};

export const STATUS_WORDS: Record<Status, string> = {
  declared: 'declared',
  mitigating: 'mitigating',
  monitoring: 'monitoring',
  resolved: 'resolved',
  closed: 'closed',
};

export const ROLE_WORDS: Record<Role, string> = {
  commander: 'Commander',
  deputy: 'Deputy',
  communications: 'Communications',
  operations: 'Operations',
  scribe: 'Scribe',
  'subject-expert': 'Subject expert',
  'executive-liaison': 'Executive liaison',
  'business-owner': 'Business owner',
  'store-liaison': 'Store liaison',
  governance: 'Governance',
};

export const ASK_WORDS: Record<AskState, string> = {
  open: 'not acknowledged',
  acknowledged: 'acknowledged',
  done: 'done',
  cancelled: 'cancelled',
};

export const STEP_WORDS: Record<StepState, string> = {
  open: 'open',
  doing: 'doing',
  failed: 'failed',
  skipped: 'skipped',
  done: 'done',
};

export const DOMAIN_WORDS: Record<Domain, string> = {
  'e-commerce': 'E-commerce',
  'store-operations': 'Store operations',
  'cloud-erp': 'Cloud ERP',
  identity: 'Identity',
  'data-platform': 'Data platform',
};

export const KIND_WORDS: Record<ServiceKind, string> = {
  channel: 'channel',
  edge: 'edge',
  app: 'app',
  api: 'API',
  worker: 'worker',
  'identity-provider': 'identity provider',
  erp: 'ERP',
  'erp-connector': 'ERP connector',
  queue: 'queue',
  cache: 'cache',
  database: 'database',
  'data-platform': 'data platform',
  observability: 'observability',
  saas: 'third-party SaaS',
  'store-edge': 'store edge',
  network: 'network',
};

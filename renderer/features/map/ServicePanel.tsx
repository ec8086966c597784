/**
 * What is known about one service, in the order in which it is asked at three in the morning: how is it, since when and says
 * who; whom to call; what it stands on and what stands on it; what changed; what to do.
 */
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { SignalView } from '../../../shared/contract/common.ts';
import type { Neighbour, PersonView, ServiceView, TeamView } from '../../../shared/contract/estate.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { openDeclare } from '../../state/dialogs.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Age } from '../../ui/Age.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { HealthNote } from '../../ui/HealthNote.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { DOMAIN_WORDS, HEALTH_ORDER, HEALTH_WORDS, KIND_WORDS, STATUS_WORDS } from '../../ui/words.ts';
import { Reaches } from '../blast/Reaches.tsx';
import { HealthActions } from '../health/HealthActions.tsx';
import styles from './ServicePanel.module.css';

export interface ServicePanelProps {
  service: string;
  /** Ids of services that the filter hides; they are marked. */
  hidden(service: string): boolean;
  /** Whether the focus moves into the panel when it opens. */
  takeFocus: boolean;
  onOpen(service: string): void;
  onFocus(service: string): void;
  onClose(): void;
}

export function ServicePanel({ service, hidden, takeFocus, onOpen, onFocus, onClose }: ServicePanelProps) {
  const { value, error } = useQuery('estate.service', { service }, [
    'estate',
    'health',
    'changes',
    'drift',
    'incidents',
    'runbooks',
  ]);
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = value?.id;
  useEffect(() => {
    if (takeFocus && shown !== undefined) heading.current?.focus();
  }, [takeFocus, shown]);
  return (
    <div className={styles.panel} data-testid="service-panel">
      {error !== null && <ErrorLine error={error} />}
      {value === undefined ? (
        error === null && <Skeleton rows={10} />
      ) : (
        <>
          <header className={styles.head}>
            <div className={styles.title}>
              <h2 ref={heading} tabIndex={-1} className={styles.name}>
                {value.name}
              </h2>
              <IconButton label="Close (Esc)" icon={<X size={16} />} onClick={onClose} />
            </div>
            <Health view={value} />
            <p className={styles.facts}>
              {[
                value.tier === null ? 'no tier' : `tier ${value.tier}`,
                KIND_WORDS[value.kind],
                value.domain === null ? null : DOMAIN_WORDS[value.domain],
                value.system,
                value.region,
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <dl className={styles.objectives}>
              <Objective name="RTO" minutes={value.rtoMinutes} />
              <Objective name="RPO" minutes={value.rpoMinutes} />
            </dl>
            <div className={styles.actions}>
              <Button variant="primary" keys="d" onClick={() => declareFor(value)}>
                Declare an incident
              </Button>
              <Button keys="f" onClick={() => onFocus(value.id)}>
                Focus
              </Button>
              <HealthActions service={value.id} name={value.name} health={value.health} />
            </div>
          </header>
          {value.description !== '' && <p className={styles.text}>{value.description}</p>}
          <Incidents view={value} />
          <Owner owner={value.owner} support={value.support} />
          <Signals signals={value.signals} />
          <Neighbours
            title="Needs"
            none="It needs nothing that is known."
            list={value.upstream}
            loose={value.loose?.upstream}
            hidden={hidden}
            onOpen={onOpen}
          />
          <Neighbours
            title="Needed by"
            none="Nothing that is known needs it."
            list={value.downstream}
            loose={value.loose?.downstream}
            hidden={hidden}
            onOpen={onOpen}
          />
          <Part title="Reaches">
            <Reaches service={value.id} onOpen={onOpen} />
          </Part>
          <BusinessServices view={value} />
          <Changes view={value} />
          <Runbooks view={value} />
          <Links view={value} />
        </>
      )}
    </div>
  );
}

/** Opens the declaration with what is known of a service. */
export function declareFor(view: Pick<ServiceView, 'id' | 'name' | 'health' | 'businessServices'>): void {
  const { health } = view.health;
  const words =
    health === 'healthy' || health === 'unknown'
      ? ''
      : ` ${health === 'early-warning' ? 'in trouble' : HEALTH_WORDS[health]}`;
  openDeclare({
    title: `${view.name}${words}`,
    services: [view.id],
    businessServices: view.businessServices.map(({ id }) => id),
  });
}

function Health({ view: { health } }: { view: ServiceView }) {
  return (
    <div className={styles.health}>
      <HealthMark health={health.health} size="large" />
      <HealthNote health={health} />
      <span>
        {health.since !== null && (
          <>
            since <TimeText at={health.since} />
          </>
        )}
        {health.health === 'unknown' && health.last !== null && <>, last {HEALTH_WORDS[health.last]}</>}
      </span>
      <span className={styles.quiet}>
        {health.source === null ? 'no source reports on it' : <>{health.source}, </>}
        {health.source !== null && <Age at={health.observedAt} />}
      </span>
      {health.reason !== '' && <p className={styles.reason}>{health.reason}</p>}
    </div>
  );
}

function Objective({ name, minutes }: { name: string; minutes: number | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{minutes === null ? 'not set' : formatDuration(minutes * 60_000)}</dd>
    </div>
  );
}

function Part({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <h3 className={styles.partTitle}>
        {title}
        {count !== undefined && <span className={styles.quiet}> {count.toLocaleString('en')}</span>}
      </h3>
      {children}
    </section>
  );
}

function Owner({ owner, support }: { owner: TeamView | null; support: string | null }) {
  return (
    <Part title="Whom to call">
      {owner === null ? (
        <p className={styles.missing}>Nobody owns it.</p>
      ) : (
        <>
          <p>
            <b>{owner.name}</b>
          </p>
          {owner.onCall.length === 0 && <p className={styles.missing}>Nobody is on call now.</p>}
          {owner.onCall.map(({ role, person, until }) => (
            <div key={`${role} ${person.id}`} className={styles.person}>
              <b>{person.name}</b> on call{role === 'primary' ? '' : ` (${role})`} until <TimeText at={until} />
              <Contact {...person} />
            </div>
          ))}
          <Contact phone={owner.phone} email={owner.email} />
          <Place title="Bridge" text={owner.bridge} />
          <Place title="Chat" text={owner.chat} />
        </>
      )}
      <Place title="Vendor support" text={support} />
    </Part>
  );
}

const isWeb = (text: string): boolean => /^https?:\/\//i.test(text);

/** Where people meet: a link when it is one, else as it is written. */
function Place({ title, text }: { title: string; text: string | null }) {
  if (text === null) return null;
  return (
    <p className={styles.wrap}>
      {isWeb(text) ? (
        <a href={text} target="_blank" rel="noreferrer" title={text}>
          {title}
        </a>
      ) : (
        <>
          {title} {text}
        </>
      )}
    </p>
  );
}

function Contact({ phone, email }: Pick<PersonView, 'phone' | 'email'>) {
  if (phone === null && email === null) return null;
  return (
    <p className={styles.contact}>
      {phone !== null && (
        <a href={`tel:${phone.replace(/[^+\d]/g, '')}`} className={styles.phone}>
          {phone}
        </a>
      )}
      {email !== null && <a href={`mailto:${email}`}>{email}</a>}
    </p>
  );
}

function Signals({ signals }: { signals: readonly SignalView[] }) {
  return (
    <Part title="Signals" count={signals.length}>
      {signals.length === 0 ? (
        <p className={styles.missing}>No source reports on it: its health is a guess or unknown.</p>
      ) : (
        <ul className={styles.list}>
          {signals.map((signal) => {
            const { figure, words } = reading(signal);
            return (
              <li key={signal.id} className={styles.signal} data-stale={signal.stale || undefined}>
                <HealthMark health={signal.stale ? 'unknown' : (signal.health ?? 'unknown')} word={false} />
                <span className={styles.grow}>
                  {signal.title}
                  {figure !== null && <b> {figure}</b>}
                  {words !== '' && <span className={styles.quiet}> {words}</span>}
                </span>
                <span className={styles.quiet}>
                  {signal.source}, <Age at={signal.observedAt} limit={signal.stale ? 0 : undefined} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Part>
  );
}

/** A share of failed calls that is worth a look. */
const NOTABLE = 0.01;

/** What a signal measured and the words beside it, which repeat the figure where its source writes it out. */
function reading({ value, unit, text }: SignalView): { figure: string | null; words: string } {
  const figure = value === null ? null : formatQuantity(value, unit);
  const words = figure !== null && text.startsWith(figure) ? text.slice(figure.length).replace(/^, /, '') : text;
  return { figure, words };
}

function Neighbours({
  title,
  none,
  list,
  loose = [],
  hidden,
  onOpen,
}: {
  title: string;
  none: string;
  list: readonly Neighbour[];
  /** References that lead to no service. */
  loose?: readonly string[];
  hidden(service: string): boolean;
  onOpen(service: string): void;
}) {
  const sorted = [...list].sort(
    (a, b) =>
      HEALTH_ORDER.indexOf(a.health.health) - HEALTH_ORDER.indexOf(b.health.health) || a.name.localeCompare(b.name),
  );
  return (
    <Part title={title} count={list.length + loose.length}>
      {list.length + loose.length === 0 ? (
        <p className={styles.quiet}>{none}</p>
      ) : (
        <ul className={styles.list}>
          {sorted.map((neighbour) => (
            <li key={neighbour.id}>
              <button type="button" className={styles.row} onClick={() => onOpen(neighbour.id)}>
                <HealthMark health={neighbour.health.health} word={neighbour.health.health !== 'healthy'} />
                <span className={styles.grow}>{neighbour.name}</span>
                <span className={styles.quiet}>
                  {neighbour.strength}, {neighbour.mode}
                  {hidden(neighbour.id) ? ', hidden' : ''}
                </span>
              </button>
              {neighbour.seen !== undefined && <Calls {...neighbour.seen} />}
            </li>
          ))}
          {loose.map((reference) => (
            <li key={`? ${reference}`} className={styles.signal}>
              <HealthMark health="unknown" />
              <span className={styles.grow}>{reference}</span>
              <span className={styles.quiet}>no service when it was read</span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

/** What traces saw of a dependency. */
function Calls({ rate, errorShare, lastSeen }: NonNullable<Neighbour['seen']>) {
  return (
    <p className={styles.calls}>
      {rate === null || errorShare === null ? (
        <>
          last called <Age at={lastSeen} />
        </>
      ) : (
        <>
          {formatQuantity(rate, 'calls/s')},{' '}
          <span className={errorShare >= NOTABLE ? styles.failed : undefined}>
            {formatQuantity(errorShare, 'ratio')} failed
          </span>
        </>
      )}
    </p>
  );
}

function Incidents({ view }: { view: ServiceView }) {
  const go = useNavigation((state) => state.go);
  const open = view.incidents.filter(({ status }) => status !== 'resolved' && status !== 'closed');
  if (open.length === 0) return null;
  return (
    <Part title="Open incidents" count={open.length}>
      <ul className={styles.list}>
        {open.map((incident) => (
          <li key={incident.id}>
            <button type="button" className={styles.row} onClick={() => go('incident', { incident: incident.id })}>
              <b>{incident.label}</b>
              <span className={styles.grow}>{incident.title}</span>
              <span className={styles.quiet}>
                {STATUS_WORDS[incident.status as keyof typeof STATUS_WORDS] ?? incident.status}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function BusinessServices({ view }: { view: ServiceView }) {
  if (view.businessServices.length === 0) return null;
  return (
    <Part title="Business services" count={view.businessServices.length}>
      <p>{view.businessServices.map(({ name }) => name).join(', ')}</p>
    </Part>
  );
}

function Changes({ view }: { view: ServiceView }) {
  return (
    <Part title="Changes" count={view.changes.length}>
      {view.changes.length === 0 ? (
        <p className={styles.quiet}>No change is known.</p>
      ) : (
        <ul className={styles.list}>
          {view.changes.map((change) => (
            <li key={change.id} className={styles.change}>
              <TimeText at={change.at} />
              <span className={styles.grow}>
                {change.title}
                <span className={styles.quiet}>
                  {' '}
                  {change.kind}
                  {change.by !== null && <>, {change.by}</>}
                </span>
              </span>
              {change.url !== null && (
                <a href={change.url} target="_blank" rel="noreferrer">
                  open
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Runbooks({ view }: { view: ServiceView }) {
  const go = useNavigation((state) => state.go);
  return (
    <Part title="Runbooks" count={view.runbooks.length}>
      {view.runbooks.length === 0 ? (
        <p className={styles.quiet}>No runbook names it.</p>
      ) : (
        <ul className={styles.list}>
          {view.runbooks.map((runbook) => (
            <li key={runbook.id}>
              <button type="button" className={styles.row} onClick={() => go('runbooks', { runbook: runbook.id })}>
                <span className={styles.grow}>{runbook.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Links({ view }: { view: ServiceView }) {
  const links = [
    ...view.dashboards.map((url) => ({ title: 'Dashboard', url })),
    ...view.logs.map((url) => ({ title: 'Logs', url })),
    ...(view.vendorStatus === null ? [] : [{ title: 'Vendor status', url: view.vendorStatus }]),
    ...view.links,
  ];
  if (links.length === 0) return null;
  return (
    <Part title="Links" count={links.length}>
      <ul className={styles.list}>
        {links.map(({ title, url }, index) => (
          <li key={index} className={styles.wrap}>
            {isWeb(url) ? (
              <a href={url} target="_blank" rel="noreferrer" title={url}>
                {title}
              </a>
            ) : (
              <>
                {title} <span className={styles.quiet}>{url}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

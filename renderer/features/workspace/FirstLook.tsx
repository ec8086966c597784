/** All that a commander would gather first, on one page: whom to call, what fired, what changed, what it reaches, what it resembles. */
import type { ReactNode } from 'react';
import type { ConcernedService, SimilarIncident, WorkspaceView } from '../../../shared/contract/workspace.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useNavigation } from '../../state/navigation.ts';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { STATUS_WORDS } from '../../ui/words.ts';
import styles from './Workspace.module.css';

export function FirstLook({ view }: { view: WorkspaceView }) {
  const go = useNavigation((state) => state.go);
  return (
    <div className={styles.look}>
      <Part title="Whom to call, where to look" wide>
        {view.services.length === 0 ? (
          <p className={styles.quiet}>No service is named yet; /affect names what is hurt.</p>
        ) : (
          <div className={styles.services}>
            {view.services.map((service) => (
              <Service key={service.id} service={service} />
            ))}
          </div>
        )}
        {view.concerned > view.services.length && (
          <p className={styles.quiet}>and {view.concerned - view.services.length} more that are hurt less</p>
        )}
      </Part>
      <Part title="What changed">
        {view.changes.length === 0 && (
          <p className={styles.quiet}>No change near it in the six hours before it began.</p>
        )}
        <ul>
          {view.changes.map((change) => (
            <li key={change.id} className={styles.line}>
              <p>
                <TimeText at={change.at} /> <strong>{change.title}</strong>
              </p>
              <p className={styles.quiet}>
                {[
                  change.kind.replaceAll('-', ' '),
                  change.services.map(({ name }) => name).join(', '),
                  change.by !== null && `by ${change.by}`,
                  change.beforeMs >= 0
                    ? `${formatDuration(change.beforeMs)} before it began`
                    : `${formatDuration(-change.beforeMs)} after it began`,
                  change.rank !== null && `probable cause ${change.rank}`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </li>
          ))}
        </ul>
      </Part>
      <Part title="What probably started it">
        <p className={styles.quiet}>{view.cause.summary}</p>
        <ol>
          {view.cause.candidates.map(({ id, name, share, reasons }) => (
            <li key={id} className={styles.line}>
              <p>
                <button type="button" className={styles.link} onClick={() => go('map', { service: id })}>
                  {name}
                </button>{' '}
                <span className={styles.quiet}>explains {Math.round(share * 100)} %</span>
              </p>
              <p className={styles.quiet}>{reasons.slice(0, 2).join(' ')}</p>
            </li>
          ))}
        </ol>
      </Part>
      <Part title="Whom it reaches">
        <p>{view.blast.summary}</p>
        {view.blast.businessServices.length > 0 && (
          <p className={styles.names}>
            {view.blast.businessServices.map(({ id, name, certain, health }) => (
              <span key={id} className={styles.name}>
                <HealthMark health={health} word={false} /> {name}
                {!certain && <span className={styles.quiet}> (weakened)</span>}
              </span>
            ))}
          </p>
        )}
        {view.blast.channels.length > 0 && (
          <p className={styles.quiet}>Channels: {view.blast.channels.map(({ name }) => name).join(', ')}</p>
        )}
      </Part>
      <Part title="What it resembles">
        {view.similar.length === 0 && <p className={styles.quiet}>No past incident is like it.</p>}
        <ul>
          {view.similar.map((one) => (
            <Similar key={one.id} one={one} />
          ))}
        </ul>
      </Part>
      <Part title="Runbooks that fit">
        {view.runbooks.length === 0 && <p className={styles.quiet}>None of the library’s matches.</p>}
        <ul>
          {view.runbooks.map(({ id, title, why }) => (
            <li key={id} className={styles.line}>
              <button type="button" className={styles.link} onClick={() => go('runbooks', { runbook: id })}>
                {title}
              </button>
              <p className={styles.quiet}>because it {why}</p>
            </li>
          ))}
        </ul>
        {view.restoration.line !== '' && (
          <p>
            Restoration: {view.restoration.line}{' '}
            <span className={styles.quiet}>{view.restoration.adopted ? 'adopted' : 'proposed'}</span>
          </p>
        )}
      </Part>
      {view.drafts.length > 0 && (
        <Part title="First words">
          {view.drafts.map(({ audience, name, text }) => (
            <details key={audience} className={styles.line}>
              <summary>For {name}</summary>
              <p className={styles.draft}>{text}</p>
            </details>
          ))}
        </Part>
      )}
      {view.settled.length > 0 && (
        <Part title="Taken and dismissed">
          <ul>
            {view.settled.map(({ kind, key, title, verdict, by, at, reason }) => (
              <li key={`${kind} ${key} ${at}`} className={styles.line}>
                {verdict}: {title}{' '}
                <span className={styles.quiet}>
                  {by.name}, <TimeText at={at} />
                  {reason !== null && <>: {reason}</>}
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </div>
  );
}

function Part({ title, wide = false, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={styles.lookPart} data-wide={wide || undefined} aria-label={title}>
      <h3 className={styles.lookTitle}>{title}</h3>
      {children}
    </section>
  );
}

function Service({ service }: { service: ConcernedService }) {
  const { owner, signals, dashboards, logs, links } = service;
  return (
    <div className={styles.service}>
      <p>
        <HealthMark health={service.health.health} /> <strong>{service.name}</strong>{' '}
        <span className={styles.quiet}>{service.tier === null ? service.kind : `tier ${service.tier}`}</span>
      </p>
      {signals.map(({ id, title, text, since }) => (
        <p key={id}>
          {title}
          {text !== '' && <span className={styles.quiet}> {text}</span>}
          {since !== null && (
            <span className={styles.quiet}>
              {' '}
              since <TimeText at={since} />
            </span>
          )}
        </p>
      ))}
      {signals.length === 0 && <p className={styles.quiet}>{service.health.reason}</p>}
      {owner === null ? (
        <p className={styles.missing}>Nobody owns it in the catalog.</p>
      ) : (
        <>
          <p>
            {owner.team.name}
            {owner.phone !== null && <span className={styles.phone}> {owner.phone}</span>}
            {owner.bridge !== null && <span className={styles.quiet}> · bridge {owner.bridge}</span>}
          </p>
          {owner.onCall.map(({ role, person }) => (
            <p key={`${role} ${person.id}`}>
              <span className={styles.quiet}>{role}:</span> {person.name}
              <span className={styles.phone}> {person.phone ?? 'no number known'}</span>
            </p>
          ))}
        </>
      )}
      {[
        ['dashboards', dashboards],
        ['logs', logs],
        ['links', links.map(({ title, url }) => `${title} ${url}`)],
      ].map(([what, list]) =>
        list!.length === 0 ? null : (
          <p key={String(what)} className={styles.address}>
            <span className={styles.quiet}>{what}:</span> {(list as string[]).join(', ')}
          </p>
        ),
      )}
    </div>
  );
}

function Similar({ one }: { one: SimilarIncident }) {
  const go = useNavigation((state) => state.go);
  return (
    <li className={styles.line}>
      <p>
        <SeverityMark severity={one.severity} />{' '}
        <button type="button" className={styles.link} onClick={() => go('incident', { incident: one.id })}>
          {one.label} {one.title}
        </button>{' '}
        <span className={styles.quiet}>
          <TimeText at={one.startedAt} />,{' '}
          {one.resolvedAt === null
            ? STATUS_WORDS[one.status]
            : `${STATUS_WORDS[one.status]} after ${formatDuration(one.resolvedAt - one.startedAt)}`}
        </span>
      </p>
      <p className={styles.quiet}>{one.why.join(' · ')}</p>
      {one.ended.length > 0 && <p>{one.ended.join(' · ')}</p>}
      {one.runbooks.length > 0 && <p className={styles.quiet}>ran {one.runbooks.map(({ name }) => name).join(', ')}</p>}
    </li>
  );
}

/** The hub and the other consoles. It answers first: are we together, and what waits? */
import { useState } from 'react';
import type { LinkView, PlaceView } from '../../../shared/contract/hub.ts';
import {
  fetchingWords,
  fullWords,
  linkAnswer,
  problemWords,
  progressWords,
  sizeWords,
  STATE_WORDS,
  waitingWords,
} from '../../../shared/domain/link/words.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { Consoles } from '../consoles/index.tsx';
import { HubForm } from './HubForm.tsx';
import styles from './Link.module.css';

export default function Link() {
  const { value: link, error, retry } = useQuery('link.show', {}, ['link', 'status']);
  const { value: own } = useQuery('organisation.show', {}, ['status', 'estate']);
  const back = useNavigation((state) => state.back);
  const { params, replace } = useNavigation();
  const [editing, setEditing] = useState(params['do'] === 'edit');
  const leave = () => {
    setEditing(false);
    replace({});
  };
  const again = useCommand('hub.retry');
  useReady('link', link !== undefined);
  const cutOff = link?.state === 'cut-off';
  useKeys('Link', [
    { keys: 'e', title: 'Set or change the hub', run: () => setEditing(true) },
    ...(cutOff ? [{ keys: 'r', title: 'Try the link again now', run: () => void again.run({}) }] : []),
    { keys: 'Escape', title: 'Back', run: back },
  ]);
  useCommands([
    { id: 'link.edit', title: 'Set or change the hub', hint: 'link', keys: 'e', run: () => setEditing(true) },
  ]);
  if (link === undefined) {
    return error === null ? (
      <Skeleton rows={8} />
    ) : (
      <div className={styles.failed}>
        <ErrorLine error={error} onRetry={retry} />
      </div>
    );
  }
  return (
    <div className={styles.screen}>
      <Answer link={link} onRetry={cutOff ? () => void again.run({}) : null} busy={again.busy} />
      <ErrorLine error={again.error} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Consoles />
        </div>
        <div className={styles.side}>
          {link.places.map((place) => (
            <Panel
              key={place.name}
              title={place.kind === 'hub' ? 'Hub' : "The store's own server"}
              note={STATE_WORDS[place.state]}
            >
              <Place place={place} />
            </Panel>
          ))}
          <Panel
            title="How it is reached"
            actions={
              !editing && (
                <Button variant={link.hub === null ? 'primary' : 'quiet'} keys="e" onClick={() => setEditing(true)}>
                  {link.hub === null ? 'Set the hub' : 'Change'}
                </Button>
              )
            }
          >
            {editing ? (
              <HubForm hub={link.hub} organisation={own?.organisation?.id ?? ''} onDone={leave} />
            ) : link.hub === null ? (
              <EmptyState
                title="No hub yet."
                text="With one, what is written here reaches the other consoles, and theirs comes here. Without one nothing is missing but company."
              />
            ) : (
              <div className={styles.place}>
                <Setting hub={link.hub} />
              </div>
            )}
          </Panel>
          {link.refused.count > 0 && (
            <Panel title="Left out" note={link.refused.count.toLocaleString('en')}>
              <p className={styles.sentence}>{link.refused.last}</p>
            </Panel>
          )}
        </div>
      </div>
    </div>
  );
}

function Answer({ link, onRetry, busy }: { link: LinkView; onRetry: (() => void) | null; busy: boolean }) {
  const now = useNow();
  const { health, words } = linkAnswer(link, now);
  const zone = useZone();
  const hub = link.places.find(({ kind }) => kind === 'hub');
  const problem = hub ? problemWords(hub, zone) : null;
  return (
    <section className={styles.answer} aria-label="State of the link">
      <p className={styles.words} role="status">
        <HealthShape health={health} />
        <span>{words}</span>
      </p>
      {problem !== null && <p className={styles.problem}>{problem}</p>}
      {onRetry !== null && (
        <Button keys="r" busy={busy} onClick={onRetry}>
          Try again now
        </Button>
      )}
    </section>
  );
}

function Place({ place }: { place: PlaceView }) {
  const now = useNow();
  const progress = progressWords(place);
  const full = fullWords(place);
  const fetching = fetchingWords(place);
  return (
    <div className={styles.place}>
      <Facts
        facts={[
          {
            name: 'State',
            value: (
              <>
                {STATE_WORDS[place.state]} since <TimeText at={place.since} />
              </>
            ),
          },
          { name: 'Last answer', value: place.heard === null ? 'never' : <Age at={place.heard} limit={30_000} /> },
          ...(place.roundTripMs === null ? [] : [{ name: 'Round trip', value: `${place.roundTripMs} ms` }]),
          ...(place.nextTry === null
            ? []
            : [{ name: 'Next try', value: place.nextTry > now ? `in ${formatDuration(place.nextTry - now)}` : 'now' }]),
          {
            name: 'To leave',
            value: waitingWords(place),
          },
          ...(place.refilling === 0
            ? []
            : [
                {
                  name: 'It lacks',
                  value: `${place.refilling.toLocaleString('en')} ops of other consoles, which are sent`,
                },
              ]),
          ...(fetching === null ? [] : [{ name: 'To begin with', value: fetching }]),
          ...(progress === null ? [] : [{ name: 'To read', value: progress }]),
          ...(place.messages === null || place.bytes === null
            ? []
            : [
                {
                  name: 'It keeps',
                  value: `${place.messages.toLocaleString('en')} messages, ${sizeWords(place.bytes)}, ${place.replicas === 1 ? 'on one server' : `on ${place.replicas} servers`}`,
                },
              ]),
        ]}
      />
      {place.fetching !== null && (
        <progress
          className={styles.progress}
          aria-label="Fetching a snapshot"
          max={Math.max(1, place.fetching.total)}
          value={place.fetching.done}
        />
      )}
      {place.state !== 'cut-off' && place.waiting > 0 && place.waitingAtFirst > place.waiting && (
        <progress
          className={styles.progress}
          aria-label="Sending"
          max={place.waitingAtFirst}
          value={place.waitingAtFirst - place.waiting}
        />
      )}
      {place.behind > 0 && place.behindAtFirst > 0 && (
        <progress
          className={styles.progress}
          aria-label="Reading"
          max={place.behindAtFirst}
          value={place.behindAtFirst - place.behind}
        />
      )}
      {full !== null && <p className={styles.problem}>{full}</p>}
    </div>
  );
}

function Setting({ hub }: { hub: NonNullable<LinkView['hub']> }) {
  return (
    <Facts
      facts={[
        { name: 'Address', value: <code>{hub.url}</code> },
        { name: 'Organisation', value: hub.organisation },
        { name: 'Credential', value: hub.credential ? 'kept on this machine' : 'none' },
        ...(hub.user === null ? [] : [{ name: 'User', value: hub.user }]),
        ...(hub.ca === null ? [] : [{ name: 'Certificate of', value: <code>{hub.ca}</code> }]),
        ...(hub.edge === null ? [] : [{ name: "Store's domain", value: hub.edge }]),
      ]}
    />
  );
}

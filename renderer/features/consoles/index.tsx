/** The consoles that belong together: which organisation, who asks to join it, and every console with its standing. */
import { useRef, useState } from 'react';
import type { ConsoleLine, ConsolesView, RequestView } from '../../../shared/contract/consoles.ts';
import { askedWords } from '../../../shared/domain/joining/words.ts';
import { useCommands } from '../../app/commands.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { openExport, openTake } from '../../state/dialogs.ts';
import { useKeys } from '../../state/keys.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import styles from './Consoles.module.css';
import { ConsoleDialog } from './ConsoleDialog.tsx';
import { ConsoleTable } from './ConsoleTable.tsx';
import { Found } from './Found.tsx';
import { Invite } from './Invite.tsx';
import { Invites } from './Invites.tsx';
import { Join } from './Join.tsx';
import { RequestDialog } from './RequestDialog.tsx';

type Open =
  | { what: 'invite' | 'join' | 'found' }
  | { what: 'request'; console: string }
  | { what: 'console'; console: string };

/** From so many on they can be searched. */
const MANY = 12;

export function Consoles() {
  const { value: view, error, retry } = useQuery('console.list', {}, ['link', 'status', 'estate']);
  const [open, setOpen] = useState<Open | null>(null);
  const [find, setFind] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const many = (view?.consoles.length ?? 0) > MANY;
  const standing = view?.organisation.standing;
  const belongs = standing === 'founder' || standing === 'member';
  // A key that is pressed before the answer is there is not lost; what it opens waits for it.
  const may = { invite: belongs, join: !belongs, found: standing === 'alone' };
  const show = (what: 'invite' | 'join' | 'found') => () => setOpen({ what });
  useKeys('Consoles', [
    ...(many ? [{ keys: '/', title: 'Find a console', run: () => field.current?.focus() }] : []),
    ...(may.invite ? [{ keys: 'i', title: 'Invite a console', run: show('invite') }] : []),
    ...(may.join ? [{ keys: 'n', title: 'Join with a code', run: show('join') }] : []),
    ...(may.found ? [{ keys: 'f', title: 'Found the organisation', run: show('found') }] : []),
  ]);
  useCommands([
    ...(may.invite
      ? [{ id: 'consoles.invite', title: 'Invite a console', hint: 'a code', keys: 'i', run: show('invite') }]
      : []),
    ...(may.join
      ? [{ id: 'consoles.join', title: 'Join an organisation', hint: 'with a code', keys: 'n', run: show('join') }]
      : []),
    ...(may.found
      ? [
          {
            id: 'consoles.found',
            title: 'Found the organisation',
            hint: 'first console',
            keys: 'f',
            run: show('found'),
          },
        ]
      : []),
  ]);
  if (view === undefined) return error === null ? <Skeleton rows={6} /> : <ErrorLine error={error} onRetry={retry} />;
  const close = () => setOpen(null);
  const asked = open?.what === 'request' ? view.requests.find(({ console }) => console === open.console) : undefined;
  const chosen = open?.what === 'console' ? view.consoles.find(({ id }) => id === open.console) : undefined;
  const sought = find.trim().toLowerCase();
  const shown = view.consoles.filter(
    ({ name, id, spoken }) => sought === '' || `${name}\n${id}\n${spoken}`.toLowerCase().includes(sought),
  );
  return (
    <>
      <Organisation view={view} may={may} onOpen={(what) => setOpen({ what })} />
      {view.requests.length > 0 && (
        <Requests requests={view.requests} onOpen={({ console }) => setOpen({ what: 'request', console })} />
      )}
      <Panel
        className={styles.table}
        title="Consoles"
        note={`${shown.length < view.consoles.length ? `${shown.length.toLocaleString('en')} of ` : ''}${view.consoles.length.toLocaleString('en')} known`}
        actions={
          many && (
            <TextField
              label="Find a console"
              hideLabel
              placeholder="Find a console"
              ref={field}
              value={find}
              onChange={setFind}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || find === '') return;
                event.stopPropagation();
                setFind('');
              }}
            />
          )
        }
      >
        <ConsoleTable consoles={shown} onOpen={({ id }: ConsoleLine) => setOpen({ what: 'console', console: id })} />
      </Panel>
      {view.invites.some(({ state }) => state === 'open') && <Invites invites={view.invites} />}
      {open?.what === 'invite' && <Invite hub={view.hub} onClose={close} />}
      {open?.what === 'join' && <Join onClose={close} />}
      {open?.what === 'found' && <Found log={view.organisation.log} onClose={close} />}
      {asked !== undefined && <RequestDialog request={asked} onClose={close} />}
      {chosen !== undefined && <ConsoleDialog line={chosen} may={belongs || standing === 'alone'} onClose={close} />}
    </>
  );
}

function Organisation({
  view: {
    organisation: { organisation, standing, words, console },
    hub,
  },
  may,
  onOpen,
}: {
  view: ConsolesView;
  may: { invite: boolean; join: boolean; found: boolean };
  onOpen(what: 'invite' | 'join' | 'found'): void;
}) {
  const bad = standing === 'revoked' || standing === 'refused';
  return (
    <section className={styles.organisation} aria-label="Where this console belongs">
      <div className={styles.sentence}>
        <p className={bad ? styles.bad : undefined}>{words}</p>
        {organisation !== null && <p className={styles.quiet}>Its id is {organisation.id}.</p>}
        {standing === 'asking' && (
          <p>
            Read these words to whoever lets it in: <span className={styles.spoken}>{console.spoken}</span>
            {hub === null && '. There is no hub: export a bundle and bring it to them, and take theirs.'}
          </p>
        )}
      </div>
      <div className={styles.buttons}>
        {((hub === null && standing !== 'alone') || standing === 'revoked') && (
          <>
            <Button variant="quiet" onClick={() => openExport()}>
              Export a bundle
            </Button>
            <Button variant="quiet" onClick={() => openTake()}>
              Take a bundle
            </Button>
          </>
        )}
        {may.found && (
          <Button keys="f" onClick={() => onOpen('found')}>
            Found an organisation
          </Button>
        )}
        {may.join && (
          <Button keys="n" variant={standing === 'alone' ? 'plain' : 'quiet'} onClick={() => onOpen('join')}>
            {standing === 'alone' ? 'Join with a code' : 'Use another code'}
          </Button>
        )}
        {may.invite && (
          <Button keys="i" onClick={() => onOpen('invite')}>
            Invite a console
          </Button>
        )}
      </div>
    </section>
  );
}

function Requests({ requests, onOpen }: { requests: readonly RequestView[]; onOpen(request: RequestView): void }) {
  return (
    <Panel className={styles.asking} title="Ask to join" note={requests.length.toLocaleString('en')}>
      <List
        label="Consoles that ask to join"
        items={requests}
        keyOf={({ console }) => console}
        glow
        onOpen={onOpen}
        render={(request) => (
          <div className={styles.request}>
            <b>{request.name}</b>
            <Age at={request.at} />
            <span className={styles.spoken}>{request.spoken}</span>
            <span />
            <span className={request.problem === null ? styles.quiet : styles.warn}>
              {request.problem ?? askedWords(request)}
            </span>
          </div>
        )}
      />
    </Panel>
  );
}

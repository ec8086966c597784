/**
 * Updates of an incident: who hears when, the words beside the facts that they are made of, who read them, and how they went out.
 * Invariant: what is sent is what was read; a text that somebody is writing is never replaced under their hands.
 */
import { useRef, useState } from 'react';
import type { AudienceUpdates, LiveDraft, SentUpdate } from '../../../shared/contract/updates.ts';
import { CHANNEL_WORDS } from '../../../shared/domain/updates/audiences.ts';
import { formatDuration, formatWhen } from '../../../shared/domain/times.ts';
import type { Audience } from '../../../shared/domain/words.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useHeld } from '../../state/access.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextArea } from '../../ui/Field.tsx';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { dueWords } from './due.ts';
import styles from './Updates.module.css';

interface Around {
  incident: string;
  zone: string;
  people: readonly { id: string; name: string; title: string }[];
  /** Who is at this console. */
  me: string | null;
}

export interface UpdatesProps extends Around {
  label: string;
  audience: Audience | null;
  onClose(): void;
}

export default function Updates({ audience: first, label, onClose, ...around }: UpdatesProps) {
  const { value, error } = useQuery('update.list', { incident: around.incident }, ['incidents', 'health']);
  const [picked, setPicked] = useState(first);
  const now = useNow();
  const pressing = value?.audiences.toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity))[0];
  const audience = picked ?? pressing?.audience ?? 'executives';
  const of = value?.audiences.find((one) => one.audience === audience);
  return (
    <Dialog open size="wide" title={`${label}: updates`} onClose={onClose}>
      <ErrorLine error={error} />
      {value === undefined || of === undefined ? (
        <Skeleton>
          <Bar width={90} height={28} />
          <Bar width={80} />
        </Skeleton>
      ) : (
        <div className={styles.updates}>
          <Choice<Audience>
            label="For"
            hideLabel
            value={audience}
            onChange={setPicked}
            options={value.audiences.map((one) => ({
              value: one.audience,
              label: one.overdue ? `! ${one.name}` : one.name,
              hint: dueWords(one, now),
            }))}
          />
          <p className={styles.due} data-over={of.overdue || undefined}>
            {of.name}: {dueWords(of, now)}
            {of.minutes !== null && `, every ${of.minutes} min`}
          </p>
          {value.problems.map(({ file, line, message }) => (
            <p key={`${file}:${line}:${message}`} className={styles.warn}>
              {file}, line {line}: {message}
            </p>
          ))}
          <Write key={audience} of={of} {...around} />
          <History of={of} {...around} />
        </div>
      )}
    </Dialog>
  );
}

function Write({ of, incident, people, me, zone }: Around & { of: AudienceUpdates }) {
  const now = useNow(60_000);
  const { audience, draft, endpoint, name } = of;
  const live = useQuery('update.draft', { incident, audience }, ['incidents', 'health', 'stores']);
  // Where it is proved who is here, nobody says of somebody else that they read it.
  const proved = useHeld(({ state }) => state === 'unlocked');
  const [typed, setTyped] = useState<string | null>(null);
  const [reader, setReader] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const text = typed ?? draft?.text ?? live.value?.text ?? '';
  const reviewed = draft?.review?.current === true && text === draft.text ? draft.review : null;
  const by = (proved ? null : reader) ?? (people.some(({ id }) => id === me) ? me : null);

  const act = async (work: () => Promise<{ ok: true; said?: string } | { ok: false; message: string }>) => {
    if (busy) return;
    setBusy(true);
    setFailed(null);
    setTold(null);
    const done = await work();
    setBusy(false);
    if (done.ok) setTold(done.said ?? null);
    else setFailed(done.message);
  };
  const review = () =>
    act(async () => {
      const reply = await call('update.review', { incident, audience, text, ...(by === null ? {} : { person: by }) });
      if (reply.ok) setTyped(null);
      return reply;
    });
  const send = async (channel: SentUpdate['channel'], said: string) => {
    const reply = await call('update.send', { incident, audience, channel });
    if (!reply.ok) return reply;
    setTyped(null);
    return { ok: true as const, said: reply.value.message || said };
  };
  const copy = () =>
    act(async () => {
      area.current?.select();
      if (!document.execCommand('copy'))
        return { ok: false, message: 'The text could not be copied; select it and copy it by hand.' };
      return send('copied', 'Copied. Paste it where they read it.');
    });
  const print = () =>
    act(async () => {
      const [to] = await bridge.choosePaths('record-folder');
      if (to === undefined) return { ok: true };
      const reply = await call('update.print', { incident, audience, to, replace: true });
      return reply.ok ? send('printed', reply.value.path) : reply;
    });
  const save = () =>
    act(async () => {
      const reply = await call('update.save', { incident, audience, text });
      if (reply.ok) setTyped(null);
      return reply.ok ? { ok: true, said: 'Saved, for everybody in the room.' } : reply;
    });

  return (
    <div className={styles.write}>
      <div className={styles.text}>
        <TextArea
          ref={area}
          label={`Words for ${name.toLowerCase()}`}
          rows={14}
          value={text}
          onChange={setTyped}
          autoFocus
          help={
            draft === null
              ? typed === null
                ? 'Made of what is known now; it follows the facts until you change it.'
                : 'Yours now: it does not follow the facts any more.'
              : `Saved by ${draft.by.name} ${formatWhen(draft.at, zone, now)}.`
          }
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void (reviewed === null ? review() : copy());
          }}
        />
        <div className={styles.actions}>
          {live.value !== undefined && text !== live.value.text && (
            <Button variant="quiet" onClick={() => setTyped(live.value!.text)}>
              Write it anew from the facts
            </Button>
          )}
          {text !== (draft?.text ?? live.value?.text) && (
            <Button variant="quiet" busy={busy} onClick={() => void save()}>
              Save for the others
            </Button>
          )}
        </div>
        {reviewed === null ? (
          <div className={styles.review}>
            {proved ? (
              <p className={styles.quiet}>Read by {people.find(({ id }) => id === me)?.name ?? 'whoever is here'}.</p>
            ) : (
              <Combobox
                label="Read by"
                options={people.map(({ id, name: person, title }) => ({ value: id, label: person, hint: title }))}
                value={by}
                onChange={setReader}
                placeholder="Who read it?"
              />
            )}
            <Button
              variant="primary"
              keys="mod+Enter"
              busy={busy}
              disabled={text.trim() === ''}
              onClick={() => void review()}
            >
              It is reviewed
            </Button>
          </div>
        ) : (
          <div className={styles.send}>
            <p className={styles.quiet}>
              Reviewed by {reviewed.person.name} {formatWhen(reviewed.at, zone, now)}. It went out by
            </p>
            <Button variant="primary" keys="mod+Enter" busy={busy} onClick={() => void copy()}>
              Copy
            </Button>
            <Button busy={busy} onClick={() => void act(() => send('read-out', 'Logged as read out.'))}>
              Read out
            </Button>
            <Button busy={busy} onClick={() => void print()}>
              Print
            </Button>
            {endpoint !== null && (
              <Button busy={busy} onClick={() => void act(() => send('delivery', ''))}>
                Deliver to {endpoint}
              </Button>
            )}
          </div>
        )}
        <ErrorLine error={failed} />
        {told !== null && (
          <p role="status" className={styles.told}>
            {told}
          </p>
        )}
      </div>
      <Facts live={live.value} />
    </div>
  );
}

function Facts({ live }: { live: LiveDraft | undefined }) {
  if (live === undefined) return null;
  return (
    <section className={styles.facts} aria-label="Facts" tabIndex={0}>
      <h3 className={styles.heading}>What is known now</h3>
      <dl>
        {live.facts
          .filter(({ name }) => name !== 'time' && name !== 'label' && name !== 'title')
          .map(({ name, says, value }) => (
            <div key={name}>
              <dt>{says}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <p className={styles.quiet}>By {live.template}</p>
    </section>
  );
}

function History({ of, incident, zone }: Around & { of: AudienceUpdates }) {
  const now = useNow();
  const [failed, setFailed] = useState<string | null>(null);
  if (of.sent.length === 0) return null;
  const run = async (reply: Promise<{ ok: true; value: unknown } | { ok: false; message: string }>): Promise<void> => {
    setFailed(null);
    const done = await reply;
    if (!done.ok) setFailed(done.message);
  };
  return (
    <section aria-label="Went out" className={styles.history}>
      <h3 className={styles.heading}>Went out</h3>
      <ErrorLine error={failed} />
      <ul>
        {of.sent.map((one) => (
          <li key={one.id}>
            <p className={styles.quiet}>
              {formatWhen(one.at, zone, now)} · {one.delivery?.state ?? CHANNEL_WORDS[one.channel]} · {one.by.name},
              read by {one.reviewedBy.name}
              {one.delivery?.message ? ` · ${one.delivery.message}` : ''}
            </p>
            {one.delivery?.state === 'waiting' && (
              <div className={styles.waiting}>
                <span>Written {formatDuration(now - one.at)} ago and not delivered. Is it still true?</span>
                <Button onClick={() => void run(call('update.deliver', { incident, update: one.id }))}>
                  Yes, deliver it
                </Button>
                <Button variant="quiet" onClick={() => void run(call('update.withdraw', { incident, update: one.id }))}>
                  Withdraw it
                </Button>
              </div>
            )}
            <p className={styles.sentText}>{one.text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

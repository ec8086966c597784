/**
 * Declares an incident in seconds: the title has the focus and is proposed, Enter declares. Invariant: everything but the
 * title may be left as it is, nothing that can be said later is asked now, and what is proposed stays as it was when the
 * dialog opened while the estate goes on changing.
 */
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { SEVERITIES } from '../../../shared/domain/orders.ts';
import { RESPONSE_MODELS, responseName, type ResponseModel } from '../../../shared/domain/policy/words.ts';
import type { Severity } from '../../../shared/domain/words.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { closeDialog } from '../../state/dialogs.ts';
import type { DeclarePrefill } from '../../state/dialogs.ts';
import { takeTyped, useTyped } from '../../state/typed.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox, MultiCombobox } from '../../ui/Combobox.tsx';
import type { Option } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { Select } from '../../ui/Select.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { KIND_WORDS, SEVERITY_WORDS } from '../../ui/words.ts';
import { useMembers } from '../restricted/useMembers.ts';
import styles from './Declare.module.css';
import { propose } from './proposal.ts';

export default function Declare({ prefill }: { prefill: DeclarePrefill }) {
  const { value: current, loading, error: unread } = useQuery('situation', {}, []);
  const { value: map } = useQuery('estate.map', {}, ['estate']);
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const { value: teams } = useQuery('estate.teams', {}, ['estate']);
  const { value: settings } = useQuery('settings.get', {}, ['settings']);
  const { value: access } = useQuery('access.session', {}, ['session', 'access']);
  const declare = useCommand('incident.declare');

  const [settled, setSettled] = useState<typeof current>(undefined);
  useEffect(() => {
    if (current !== undefined && !loading) setSettled((before) => before ?? current);
  }, [current, loading]);
  const situation = settled ?? current;
  const proposal = useMemo(() => propose(prefill, situation), [prefill, situation]);
  const [typedTitle, setTitle] = useState<string | null>(null);
  const [chosenServices, setServices] = useState<string[] | null>(null);
  const [chosenBusiness, setBusiness] = useState<string[] | null>(null);
  const [chosenSeverity, setSeverity] = useState<Severity | null>(null);
  const [chosenModel, setModel] = useState<ResponseModel | null>(null);
  const [doubts, setDoubts] = useState<Doubts>({ integrity: 'none', security: 'none' });
  const [reason, setReason] = useState('');
  const [chosenCommander, setCommander] = useState<string | null | undefined>(undefined);
  const [restrictedTo, setRestrictedTo] = useState<string[]>([]);
  const [contact, setContact] = useState<string | null>(null);
  const [secret, setSecret] = useState(false);
  const [unnamed, setUnnamed] = useState<string | null>(null);
  const { members } = useMembers(secret);
  const [complaint, setComplaint] = useState<string | null>(null);
  const titleField = useRef<HTMLInputElement>(null);
  const reasonField = useRef<HTMLInputElement>(null);
  const membersField = useRef<HTMLInputElement>(null);
  const membersPart = useRef<HTMLDivElement>(null);

  // What a tick brings up, and what is wrong with it, is seen at once.
  useEffect(() => {
    if (secret) membersPart.current?.scrollIntoView({ block: 'nearest' });
  }, [secret, unnamed]);

  const typed = useTyped();
  const [entered, setEntered] = useState(false);
  useEffect(() => {
    const early = takeTyped();
    if (early.text !== '') setTitle((before) => (before ?? '') + early.text);
    if (early.entered) setEntered(true);
  }, [typed]);

  const title = typedTitle ?? proposal.title;
  const services = chosenServices ?? proposal.services;
  const business = chosenBusiness ?? proposal.businessServices;
  const { value: answer, error: unproposed } = useQuery(
    'incident.proposal',
    situation === undefined
      ? null
      : {
          ...{ title: proposal.title.slice(0, 500), services, businessServices: business, ...doubts },
          ...(chosenSeverity === null ? {} : { severity: chosenSeverity }),
        },
    [],
  );
  // What was proposed stands until the next answer is there.
  const [last, setLast] = useState<typeof answer>(undefined);
  useEffect(() => {
    if (answer !== undefined) setLast(answer);
  }, [answer]);
  const proposed = answer ?? last;
  const severity = chosenSeverity ?? proposed?.severity.proposed ?? UNTIL_PROPOSED;
  const response = proposed?.response.proposed;
  const model = chosenModel ?? response?.model;
  const lower = proposed !== undefined && SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(proposed.severity.proposed);
  const overrules = lower || (response !== undefined && model !== response.model);
  const commander = chosenCommander === undefined ? (settings?.actingAs ?? null) : chosenCommander;

  useEffect(() => {
    if (typedTitle === null && document.activeElement === titleField.current) titleField.current?.select();
  }, [proposal.title, typedTitle]);

  const serviceOptions = useMemo(
    () =>
      (map?.services ?? []).map((service): Option => ({
        value: service.id,
        label: service.name,
        hint: [KIND_WORDS[service.kind], service.tier === null ? null : `tier ${service.tier}`, service.owner?.name]
          .filter(Boolean)
          .join(' · '),
        mark: <HealthMark health={service.health.health} word={false} />,
      })),
    [map],
  );
  const businessOptions = useMemo(
    () =>
      (situation?.businessServices ?? []).map((one): Option => ({
        value: one.id,
        label: one.name,
        mark: <HealthMark health={one.health.health} word={false} />,
      })),
    [situation],
  );
  const peopleOptions = useMemo(() => {
    const onCall = new Map(
      (teams ?? []).flatMap((team) =>
        team.onCall.map(({ role, person }) => [person.id, `on call: ${team.name} ${role}`] as const),
      ),
    );
    const rank = (id: string): number => (id === settings?.actingAs ? 0 : onCall.has(id) ? 1 : 2);
    return (people ?? [])
      .toSorted((a, b) => rank(a.id) - rank(b.id) || a.name.localeCompare(b.name))
      .map((person): Option => ({
        value: person.id,
        label: person.id === settings?.actingAs ? `${person.name} (you)` : person.name,
        hint: onCall.get(person.id) ?? [person.title, person.teams[0]?.name].filter(Boolean).join(' · '),
      }));
  }, [people, teams, settings]);

  const submit = async (): Promise<void> => {
    if (declare.busy) return;
    if (title.trim() === '') {
      setComplaint('Say in a few words what is wrong.');
      titleField.current?.focus();
      return;
    }
    if (secret && restrictedTo.length === 0) {
      setUnnamed('Name somebody who reads it, or untick that only some may.');
      membersField.current?.focus();
      return;
    }
    if (overrules && reason.trim() === '') {
      reasonField.current?.focus();
      return;
    }
    const reply = await declare.run({
      title: title.trim(),
      severity,
      services,
      businessServices: business,
      ...doubts,
      ...(response === undefined ? {} : { level: response.level, model: model ?? response.model }),
      ...(overrules ? { reason: reason.trim() } : {}),
      ...(commander === null ? {} : { commander }),
      ...(secret ? { restrictedTo, ...(contact === null ? {} : { contact }) } : {}),
    });
    if (!reply.ok) return;
    closeDialog();
    useNavigation.getState().go('incident', { incident: reply.value.id, focus: 'composer' });
  };

  const known = (settled !== undefined && (answer !== undefined || unproposed !== null)) || unread !== null;
  const submitEarly = useEffectEvent(() => {
    setEntered(false);
    void submit();
  });
  useEffect(() => {
    if (entered && known) submitEarly();
  }, [entered, known]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const grade = /^(?:Digit|Numpad)([1-4])$/.exec(event.code)?.[1];
    if (event.altKey && grade !== undefined) {
      event.preventDefault();
      setSeverity(`SEV${grade}` as Severity);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (known) void submit();
      else setEntered(true);
    }
  };

  return (
    <Dialog
      open
      title="Declare an incident"
      size="wide"
      onClose={closeDialog}
      initialFocus={titleField}
      footer={
        <>
          <span className={styles.hint}>
            When in doubt take the higher severity. Everything can be changed in the room.
          </span>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" form="declare" busy={declare.busy} keys="Enter">
            Declare {severity}
          </Button>
        </>
      }
    >
      <form
        id="declare"
        className={styles.form}
        noValidate
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          // Who is quicker than the proposal still gets it: it is a moment away.
          if (known) void submit();
          else setEntered(true);
        }}
      >
        <TextField
          ref={titleField}
          autoFocus
          className={styles.what}
          label="What is wrong"
          value={title}
          maxLength={500}
          placeholder="Checkout failing"
          error={complaint}
          onFocus={(event) => {
            if (typedTitle === null) event.target.select();
          }}
          onChange={(next) => {
            setTitle(next);
            setComplaint(null);
          }}
        />
        <div>
          <Choice<Severity>
            label="Severity (Alt 1–4)"
            value={severity}
            onChange={setSeverity}
            options={SEVERITIES.map((value) => ({
              value,
              label: <SeverityMark severity={value} />,
              hint: SEVERITY_WORDS[value],
            }))}
          />
          <p className={styles.meaning} aria-live="polite">
            {severity}: {SEVERITY_WORDS[severity]}
            {proposed !== undefined && (
              <span className={styles.why}>
                {severity === proposed.severity.proposed ? 'Proposed: ' : `Proposed is ${proposed.severity.proposed}: `}
                {proposed.severity.rules[0]?.because ??
                  (services.length + business.length === 0
                    ? 'nothing is named yet, so it counts as the policy says'
                    : 'nothing that was heard asks for more')}
                {proposed.severity.rules[0]?.inDoubt ? ' (in doubt, the higher)' : ''}.
              </span>
            )}
          </p>
        </div>
        {overrules && (
          <TextField
            ref={reasonField}
            label={lower ? 'Why lower than proposed' : 'Why another model than proposed'}
            value={reason}
            maxLength={2000}
            onChange={setReason}
          />
        )}
        <div className={styles.pair}>
          <MultiCombobox
            label="Hurt business services"
            options={businessOptions}
            values={business}
            onChange={setBusiness}
            placeholder="None yet"
          />
          <MultiCombobox
            label="Affected services"
            options={serviceOptions}
            values={services}
            onChange={setServices}
            placeholder="None yet"
          />
        </div>
        <Combobox
          label="Commander"
          options={peopleOptions}
          value={commander}
          onChange={setCommander}
          placeholder={peopleOptions.length === 0 ? 'No people are known; somebody can be named later' : 'Nobody yet'}
          help={commander === null ? 'Without a commander the incident stands on top of everybody’s list.' : undefined}
        />
        <div className={styles.pair}>
          <Select
            label="Response"
            value={model ?? 'command'}
            onChange={setModel}
            options={RESPONSE_MODELS.map((one) => ({ value: one, label: responseName(one) }))}
            help={
              response === undefined
                ? undefined
                : `${responseName(response.level)}: ${proposed?.response.modelRules[0]?.why ?? 'One team by itself.'}`
            }
          />
          <fieldset className={styles.doubts}>
            <legend>Perhaps</legend>
            <Doubt
              label="data are wrong or lost"
              on={doubts.integrity !== 'none'}
              onChange={(on) => setDoubts((before) => ({ ...before, integrity: on ? 'suspected' : 'none' }))}
            />
            <Doubt
              label="somebody broke in"
              on={doubts.security !== 'none'}
              onChange={(on) => setDoubts((before) => ({ ...before, security: on ? 'suspected' : 'none' }))}
            />
            <Doubt label="only some people may read it" on={secret} onChange={setSecret} />
          </fieldset>
        </div>
        {secret && (
          <div ref={membersPart} className={styles.pair}>
            <MultiCombobox
              label="Who reads it, besides you"
              options={members}
              values={restrictedTo}
              onChange={(next) => {
                setRestrictedTo(next);
                setUnnamed(null);
              }}
              placeholder="People, teams, roles, consoles"
              error={unnamed}
              inputRef={membersField}
              {...(access?.state === 'open'
                ? { help: 'Nobody has set what to unlock this console with: whoever sits here reads it too.' }
                : {})}
            />
            <Combobox
              label="Whom others may ask"
              options={peopleOptions}
              value={contact}
              onChange={setContact}
              placeholder="Nobody"
              help="Others see that a restricted incident is running, and this name."
            />
          </div>
        )}
        <ErrorLine error={declare.error} />
      </form>
    </Dialog>
  );
}

interface Doubts {
  integrity: 'none' | 'suspected';
  security: 'none' | 'suspected';
}

/** What counts in the moment before a proposal is there. */
const UNTIL_PROPOSED: Severity = 'SEV2';

function Doubt({ label, on, onChange }: { label: string; on: boolean; onChange(on: boolean): void }) {
  return (
    <label className={styles.doubt}>
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

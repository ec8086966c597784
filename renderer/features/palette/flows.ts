/**
 * Commands of the contract that the palette asks for in words of their own. One that is not here has the way in that
 * `generic.ts` makes from the contract, so every command can be reached.
 */
import type { CommandName } from '../../../shared/contract/table.ts';
import { ROLES, SEVERITIES, STATUSES } from '../../../shared/domain/orders.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import type { AskState, Role, Severity, Status, StepState } from '../../../shared/domain/words.ts';
import { bridge, call } from '../../bridge/client.ts';
import { lockNow } from '../access/last.ts';
import { openUnlock } from '../../state/access.ts';
import { openDeclare, openExport, openTake } from '../../state/dialogs.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useZoneStore } from '../../state/zone.ts';
import { ASK_WORDS, ROLE_WORDS, SEVERITY_WORDS, STATUS_WORDS, STEP_WORDS } from '../../ui/words.ts';
import type { Flow, Jump } from './flow.ts';
import { COMMANDS, genericFlow } from './generic.ts';
import {
  affected,
  affectedInput,
  askStep,
  at,
  count,
  entryStep,
  fixed,
  given,
  holderStep,
  minutesStep,
  onIncident,
  person,
  picks,
  reasonStep,
  room,
  runStep,
  seconds,
  service,
  setting,
  sourceStep,
  commandThen,
  timeInput,
  whenStep,
} from './steps.ts';

type Entry = Flow | Jump;

const go = (...place: Parameters<ReturnType<typeof useNavigation.getState>['go']>): void =>
  useNavigation.getState().go(...place);

/** Every command of the contract with its ways in. Made when the palette opens, so that it knows the room it was opened in. */
export function everyCommand(): [name: string, entries: readonly Entry[]][] {
  const own: Record<string, readonly Entry[]> = commandEntries();
  return COMMANDS.map((command) => [command.name, own[command.name] ?? [genericFlow(command)]]);
}

function commandEntries(): Partial<Record<CommandName, readonly Entry[]>> {
  return {
    'incident.declare': [
      { title: 'Declare an incident', keys: 'mod+shift+i', also: 'new incident sev', jump: () => openDeclare() },
    ],
    'incident.say': [
      onIncident(
        'Write in the timeline',
        [{ kind: 'text', name: 'text', prompt: 'What happened?' }, whenStep('time', 'When did it happen?', 'Now')],
        (incident, values) =>
          commandThen(
            'incident.say',
            { incident, text: at(values, 'text'), eventTime: timeInput(given(values, 'time')) },
            room(incident),
          ),
      ),
    ],
    'incident.decide': [
      onIncident(
        'Record a decision',
        [{ kind: 'text', name: 'text', prompt: 'What was decided?' }, reasonStep],
        (incident, values) =>
          commandThen(
            'incident.decide',
            { incident, text: at(values, 'text'), reason: given(values, 'reason') },
            room(incident),
          ),
      ),
    ],
    'incident.ask': [
      onIncident(
        'Ask somebody to do something',
        [
          { kind: 'text', name: 'text', prompt: 'What is asked?' },
          person('owner', 'Of whom?', 'Nobody yet'),
          minutesStep,
        ],
        (incident, values) => {
          const minutes = given(values, 'minutes');
          return commandThen(
            'incident.ask',
            {
              incident,
              text: at(values, 'text'),
              owner: given(values, 'owner') ?? null,
              minutes: minutes === undefined ? null : Number(minutes),
            },
            room(incident),
          );
        },
      ),
    ],
    'incident.ask.change': [
      onIncident(
        'Answer or change an ask',
        [
          askStep,
          {
            kind: 'pick',
            name: 'state',
            prompt: 'What is it now?',
            load: fixed(
              (['acknowledged', 'done', 'cancelled', 'open'] as const satisfies AskState[]).map((value) => ({
                value,
                title: ASK_WORDS[value],
              })),
            ),
          },
          { kind: 'text', name: 'note', prompt: 'Note', skip: 'No note' },
        ],
        (incident, values) =>
          commandThen(
            'incident.ask.change',
            { incident, ask: at(values, 'ask'), state: at(values, 'state') as AskState, note: given(values, 'note') },
            room(incident),
          ),
      ),
      onIncident('Give an ask to somebody else', [askStep, person('owner', 'To whom?', 'Nobody')], (incident, values) =>
        commandThen(
          'incident.ask.change',
          { incident, ask: at(values, 'ask'), owner: given(values, 'owner') ?? null },
          room(incident),
        ),
      ),
    ],
    'incident.assign': ROLES.map((role: Role) =>
      onIncident(
        `Assign ${ROLE_WORDS[role].toLowerCase()}`,
        [
          person(
            'person',
            `Who is ${ROLE_WORDS[role].toLowerCase()}?`,
            ...(role === 'subject-expert' ? [] : ['Nobody']),
          ),
        ],
        (incident, values) =>
          commandThen('incident.assign', { incident, role, person: given(values, 'person') ?? null }, room(incident)),
        'role',
      ),
    ),
    'incident.release': [
      onIncident(
        'Take a role from somebody',
        [holderStep],
        (incident, values) => {
          const [role, holder] = at(values, 'holder').split('\n');
          return commandThen('incident.release', { incident, role: role as Role, person: holder! }, room(incident));
        },
        'role',
      ),
    ],
    'incident.severity': [
      onIncident(
        'Set the severity',
        [
          {
            kind: 'pick',
            name: 'severity',
            prompt: 'Which severity?',
            load: fixed(SEVERITIES.map((value) => ({ value, title: value, hint: SEVERITY_WORDS[value] }))),
          },
          reasonStep,
        ],
        (incident, values) =>
          commandThen(
            'incident.severity',
            { incident, severity: at(values, 'severity') as Severity, reason: given(values, 'reason') },
            room(incident),
          ),
        'sev1 sev2 sev3 sev4',
      ),
    ],
    'incident.state': [
      onIncident(
        'Set the state of an incident',
        [
          {
            kind: 'pick',
            name: 'status',
            prompt: 'Which state?',
            load: fixed(STATUSES.map((value) => ({ value, title: STATUS_WORDS[value] }))),
          },
          reasonStep,
        ],
        (incident, values) =>
          commandThen(
            'incident.state',
            { incident, status: at(values, 'status') as Status, reason: given(values, 'reason') },
            room(incident),
          ),
        'mitigating monitoring resolved resolve closed close',
      ),
    ],
    'incident.retitle': [
      onIncident(
        'Change the title of an incident',
        [
          {
            kind: 'text',
            name: 'title',
            prompt: 'New title',
            async initial(values) {
              const reply = await call('incident.show', { incident: at(values, 'incident') });
              return reply.ok ? reply.value.title : '';
            },
          },
        ],
        (incident, values) => commandThen('incident.retitle', { incident, title: at(values, 'title') }, room(incident)),
      ),
    ],
    'incident.started': [
      onIncident(
        'Correct when an incident started',
        [whenStep('time', 'When did it start?'), reasonStep],
        (incident, values) =>
          commandThen(
            'incident.started',
            { incident, startedAt: timeInput(at(values, 'time'))!, reason: given(values, 'reason') },
            room(incident),
          ),
      ),
    ],
    'incident.affect': [
      onIncident('Add what an incident affects', [affected('What is affected?', 'estate')], (incident, values) =>
        commandThen('incident.affect', { incident, ...affectedInput(values) }, room(incident)),
      ),
    ],
    'incident.unaffect': [
      onIncident(
        'Remove what an incident affects',
        [affected('What is not affected?', 'incident')],
        (incident, values) => commandThen('incident.unaffect', { incident, ...affectedInput(values) }, room(incident)),
      ),
    ],
    'incident.correct': [
      onIncident(
        'Correct the time of a timeline entry',
        [entryStep, whenStep('time', 'When did it happen?'), reasonStep],
        (incident, values) =>
          commandThen(
            'incident.correct',
            {
              incident,
              entry: at(values, 'entry'),
              eventTime: timeInput(at(values, 'time')),
              reason: given(values, 'reason'),
            },
            room(incident),
          ),
      ),
      onIncident(
        'Correct the text of a timeline entry',
        [entryStep, { kind: 'text', name: 'text', prompt: 'What should it say?' }, reasonStep],
        (incident, values) =>
          commandThen(
            'incident.correct',
            { incident, entry: at(values, 'entry'), text: at(values, 'text'), reason: given(values, 'reason') },
            room(incident),
          ),
      ),
    ],
    'incident.run': [
      onIncident(
        'Start a runbook',
        [
          {
            kind: 'pick',
            name: 'runbook',
            prompt: 'Which runbook?',
            load: () =>
              picks('runbook.list', {}, (runbooks) =>
                runbooks.map(({ id, title, steps, summary }) => ({
                  value: id,
                  title,
                  hint: `${steps} steps · ${summary}`,
                })),
              ),
          },
        ],
        (incident, values) => commandThen('incident.run', { incident, runbook: at(values, 'runbook') }, room(incident)),
      ),
    ],
    'incident.step': [
      onIncident(
        'Set the state of a runbook step',
        [
          runStep,
          {
            kind: 'pick',
            name: 'state',
            prompt: 'What is it now?',
            load: fixed(
              (['done', 'doing', 'skipped', 'failed', 'open'] as const satisfies StepState[]).map((value) => ({
                value,
                title: STEP_WORDS[value],
              })),
            ),
          },
          reasonStep,
        ],
        (incident, values) => {
          const [run, step = ''] = at(values, 'step').split('\n');
          return commandThen(
            'incident.step',
            { incident, run, step, state: at(values, 'state') as StepState, reason: given(values, 'reason') },
            room(incident),
          );
        },
      ),
    ],
    'incident.cause': [
      onIncident(
        'Confirm or rule out a cause',
        [
          {
            kind: 'pick',
            name: 'service',
            prompt: 'Which candidate?',
            load: (values) =>
              picks('cause', { incident: at(values, 'incident'), limit: 20 }, ({ candidates }) =>
                candidates.map(({ service: one, rank, reasons }) => ({
                  value: one.id,
                  title: `${rank} ${one.name}`,
                  hint: reasons[0]?.text ?? '',
                })),
              ),
          },
          {
            kind: 'pick',
            name: 'verdict',
            prompt: 'Is it the cause?',
            load: fixed([
              { value: 'confirmed', title: 'It is the cause' },
              { value: 'ruled-out', title: 'It is not the cause' },
              { value: 'open', title: 'Not decided: take back what was said' },
            ]),
          },
          { kind: 'text', name: 'reason', prompt: 'Why?', placeholder: 'The reason, one line' },
        ],
        (incident, values) =>
          commandThen(
            'incident.cause',
            {
              incident,
              service: at(values, 'service'),
              verdict: at(values, 'verdict') as 'confirmed',
              reason: at(values, 'reason'),
            },
            room(incident),
          ),
        'probable root cause why',
      ),
    ],
    'change.record': [
      {
        title: 'Record a change',
        also: 'deployment release configuration feature flag',
        hint: 'estate',
        steps: [
          { kind: 'text', name: 'title', prompt: 'What changed?', placeholder: 'checkout-api 4.18' },
          {
            kind: 'pick',
            name: 'kind',
            prompt: 'What kind of change?',
            load: fixed(
              (['deployment', 'configuration', 'feature-flag', 'scaling', 'vendor-maintenance', 'other'] as const).map(
                (value) => ({ value, title: value.replaceAll('-', ' ') }),
              ),
            ),
          },
          service('service', 'On which service?', 'No service in particular'),
          whenStep('time', 'When?', 'Now'),
          { kind: 'text', name: 'by', prompt: 'By whom?', placeholder: 'Felix, the payment vendor', skip: 'Not known' },
          {
            kind: 'text',
            name: 'url',
            prompt: 'Link?',
            placeholder: 'https://git.example/releases/4.18',
            skip: 'No link',
            check: (text) => (/^https?:\/\/\S+$/i.test(text.trim()) ? null : 'A link begins with http:// or https://.'),
          },
        ],
        run(values) {
          const id = given(values, 'service');
          return commandThen(
            'change.record',
            {
              title: at(values, 'title'),
              kind: at(values, 'kind') as 'deployment',
              services: id === undefined ? [] : [id],
              by: given(values, 'by'),
              url: given(values, 'url')?.trim(),
              eventTime: timeInput(given(values, 'time')),
            },
            () => ({ go: { screen: 'situation', params: {} } }),
          );
        },
      },
    ],
    'change.withdraw': [
      {
        title: 'Withdraw a recorded change',
        also: 'deployment release mistake undo',
        hint: 'estate',
        steps: [
          {
            kind: 'pick',
            name: 'change',
            prompt: 'Which change was not made, or not so?',
            load: () =>
              picks('estate.changes', {}, (changes) =>
                changes.map(({ id, title, services, at: when }) => ({
                  value: id,
                  title,
                  hint: [services[0]?.name, formatWhen(when, useZoneStore.getState().zone, Date.now())]
                    .filter(Boolean)
                    .join(' · '),
                })),
              ),
          },
          { kind: 'text', name: 'reason', prompt: 'Why?', placeholder: 'It was rolled out to the test estate only' },
        ],
        run: (values) =>
          commandThen('change.withdraw', { change: at(values, 'change'), reason: at(values, 'reason') }, () => ({})),
      },
    ],
    'catalog.import': [
      {
        title: 'Import catalog',
        hint: 'estate',
        also: 'backstage yaml files',
        jump: () => go('estate', { do: 'import' }),
      },
    ],
    'catalog.export': [
      {
        title: 'Export catalog',
        hint: 'estate',
        also: 'backstage yaml files',
        jump: () => go('estate', { do: 'export' }),
      },
    ],
    'incident.export': [
      onIncident('Export an incident', [], (incident) =>
        Promise.resolve({ ok: true, value: { go: { screen: 'incident', params: { incident, do: 'export' } } } }),
      ),
    ],
    'incident.import': [],
    'bundle.export': [
      {
        title: 'Export everything as a bundle',
        hint: 'signed, for another console',
        also: 'stick file',
        jump: () => openExport(),
      },
    ],
    'bundle.import': [
      {
        title: 'Import a bundle or an incident',
        hint: 'after looking into it',
        also: 'stick file json',
        jump: () => openTake(),
      },
    ],
    'estate.load-demonstration': [
      {
        title: 'Load the demonstration estate',
        hint: 'estate',
        steps: [
          {
            kind: 'confirm',
            prompt: 'Load an invented grocer with live signals? Every screen will say DEMONSTRATION.',
            verb: 'Load the demonstration',
          },
        ],
        run: () => commandThen('estate.load-demonstration', {}, () => ({ go: { screen: 'situation', params: {} } })),
      },
    ],
    'estate.leave-demonstration': [
      {
        title: 'Leave the demonstration',
        hint: 'estate',
        steps: [
          {
            kind: 'confirm',
            prompt: 'Remove the invented estate and its signals? Your own entries in the log stay.',
            verb: 'Leave the demonstration',
          },
        ],
        run: () =>
          commandThen('estate.leave-demonstration', {}, ({ removed }) => ({
            said: `The demonstration is gone: ${removed} entities removed.`,
          })),
      },
    ],
    'sources.add': [
      {
        title: 'Add a source',
        hint: 'sources',
        also: 'prometheus alertmanager',
        jump: () => go('sources', { do: 'add' }),
      },
    ],
    'sources.change': [
      {
        title: 'Change a source',
        hint: 'sources',
        steps: [sourceStep],
        run: async (values) => ({
          ok: true,
          value: { go: { screen: 'sources', params: { source: at(values, 'source'), do: 'edit' } } },
        }),
      },
      {
        title: 'Switch a source on or off',
        hint: 'sources',
        steps: [
          sourceStep,
          {
            kind: 'pick',
            name: 'enabled',
            prompt: 'On or off?',
            load: fixed([
              { value: 'on', title: 'On' },
              { value: 'off', title: 'Off' },
            ]),
          },
        ],
        run: (values) =>
          commandThen(
            'sources.change',
            { source: at(values, 'source'), enabled: at(values, 'enabled') === 'on' },
            ({ id }) => ({ go: { screen: 'sources', params: { source: id } } }),
          ),
      },
    ],
    'sources.remove': [
      {
        title: 'Remove a source',
        hint: 'sources',
        steps: [
          sourceStep,
          {
            kind: 'confirm',
            prompt: 'Stop asking this source and forget its credential? What it reported stays in the log.',
            verb: 'Remove',
          },
        ],
        run: (values) =>
          commandThen('sources.remove', { source: at(values, 'source') }, () => ({
            go: { screen: 'sources', params: {} },
          })),
      },
    ],
    'access.unlock': [{ title: 'Unlock, or change who is here', keys: 'mod+l', jump: () => openUnlock() }],
    'access.lock': [{ title: 'Lock the console', keys: 'mod+shift+l', jump: lockNow }],
    'access.secret': [
      {
        title: 'Set what somebody unlocks with',
        also: 'passphrase pin people access',
        hint: 'settings',
        jump: () => go('settings'),
      },
    ],
    'sso.begin': [
      { title: 'Sign in with single sign-on', also: 'sso oidc unlock', keys: 'mod+l', jump: () => openUnlock() },
    ],
    'sso.wait': [],
    'sso.cancel': [],
    'sso.set': [
      {
        title: 'Set single sign-on',
        also: 'sso oidc provider issuer groups logins secret',
        hint: 'settings',
        jump: () => go('settings'),
      },
    ],
    'sso.secret': [
      {
        title: 'Set the client’s secret of single sign-on',
        also: 'sso oidc',
        hint: 'settings',
        jump: () => go('settings'),
      },
    ],
    'sso.secret.forget': [
      {
        title: 'Forget the client’s secret of single sign-on',
        also: 'sso oidc',
        hint: 'settings',
        jump: () => go('settings'),
      },
    ],
    'sso.match': [
      {
        title: 'Give logins of single sign-on to a person',
        also: 'sso oidc account',
        hint: 'settings',
        jump: () => go('settings'),
      },
    ],
    'sso.forget': [
      { title: 'Take single sign-on out', also: 'sso oidc', hint: 'settings', jump: () => go('settings') },
    ],
    'settings.set': [
      setting('Use the dark theme', { theme: 'dark' }, 'appearance'),
      setting('Use the light theme', { theme: 'light' }, 'appearance'),
      setting('Follow the system’s theme', { theme: 'system' }, 'appearance'),
      setting('Use the comfortable density', { density: 'comfortable' }, 'appearance'),
      setting('Use the compact density', { density: 'compact' }, 'appearance'),
      {
        title: 'Act as somebody',
        also: 'settings acting as person',
        hint: 'settings',
        steps: [person('person', 'Who is at this console?', 'Nobody in particular')],
        run: (values) => commandThen('settings.set', { actingAs: given(values, 'person') ?? null }, () => ({})),
      },
      {
        title: 'Set the zone of headquarters',
        also: 'settings time clock',
        hint: 'settings',
        steps: [
          {
            kind: 'pick',
            name: 'zone',
            prompt: 'Which zone?',
            skip: 'This machine’s zone',
            load: fixed(
              Intl.supportedValuesOf('timeZone').map((value) => ({ value, title: value.replaceAll('_', ' ') })),
            ),
          },
        ],
        run: (values) => commandThen('settings.set', { headquartersZone: given(values, 'zone') ?? null }, () => ({})),
      },
    ],
    'record.verify': [
      {
        title: 'Verify the record',
        also: 'log chain signature console',
        hint: 'console',
        steps: [],
        run: () =>
          commandThen('record.verify', {}, ({ ok, ops, ms, findingCount, findings }) => ({
            said: ok
              ? `${count(ops, 'op')} checked in ${seconds(ms)}: every chain, signature and table is as it should be.`
              : `${count(findingCount, 'finding')} in ${count(ops, 'op')}. The first: ${findings[0]?.message ?? 'the tables differ from the log'}`,
          })),
      },
    ],
    'backup.create': [
      {
        title: 'Back up now',
        also: 'console save copy',
        hint: 'console',
        steps: [],
        run: () =>
          commandThen('backup.create', {}, ({ path, ops, problem }) => ({
            said: problem ?? `${count(ops, 'op')} are backed up in ${path}.`,
          })),
      },
    ],
    'backup.plan': [
      {
        title: 'Set how often backups are made',
        also: 'console schedule',
        hint: 'console',
        steps: [
          {
            kind: 'text',
            name: 'minutes',
            prompt: 'Every how many minutes? 0 for never',
            placeholder: '60',
            check: (text) =>
              /^\d{1,5}$/.test(text) && Number(text) <= 10_080
                ? null
                : 'Whole minutes from 0 to 10,080, which is a week.',
          },
        ],
        run: (values) =>
          commandThen(
            'backup.plan',
            { everyMinutes: Number(at(values, 'minutes')) },
            ({ everyMinutes, directory }) => ({
              said:
                everyMinutes === 0
                  ? 'No backup is made by itself.'
                  : `A backup is made every ${count(everyMinutes, 'minute')} in ${directory ?? 'the data folder'}.`,
            }),
          ),
      },
      {
        title: 'Choose the folder for backups',
        also: 'console directory second disk',
        hint: 'console',
        steps: [],
        async run() {
          const [directory] = await bridge.choosePaths('backup-folder');
          if (directory === undefined) return { ok: true, value: {} };
          return commandThen('backup.plan', { directory }, () => ({ said: `Backups are made in ${directory}.` }));
        },
      },
    ],
    'backup.restore': [
      {
        title: 'Restore from a backup',
        also: 'console recover',
        hint: 'console',
        steps: [
          {
            kind: 'pick',
            name: 'backup',
            prompt: 'Which backup?',
            load: () =>
              picks('record.show', {}, ({ backups }) =>
                backups.list.map(({ path, file, at: made, ops, problem }) => ({
                  value: path,
                  title: formatWhen(made, useZoneStore.getState().zone, Date.now()),
                  hint: problem ?? `${count(ops, 'op')} · ${file}`,
                })),
              ),
          },
          {
            kind: 'confirm',
            prompt:
              'Put the data folder back to this backup, plus all that is still readable of what came after? The data engine starts again.',
            verb: 'Restore',
          },
        ],
        run: (values) => commandThen('backup.restore', { backup: at(values, 'backup') }, () => ({})),
      },
    ],
    rebuild: [
      {
        title: 'Rebuild the tables from the log',
        also: 'console repair projections',
        hint: 'console',
        steps: [
          {
            kind: 'confirm',
            prompt: 'Drop every table and fill it again from the log? Nothing in the log changes.',
            verb: 'Rebuild',
          },
        ],
        run: () =>
          commandThen('rebuild', {}, ({ ops, ms, same }) => ({
            said: `${count(ops, 'op')} were replayed in ${seconds(ms)}; the tables ${same ? 'are what they were' : 'differ from what they were'}.`,
          })),
      },
    ],
  };
}

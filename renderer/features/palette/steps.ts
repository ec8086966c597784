/** What flows are made of: the questions that several of them ask, and how a command is run and where it leads. */
import type { Reply } from '../../../shared/contract/spec.ts';
import type { CommandName, Input, Name, Output } from '../../../shared/contract/table.ts';
import { formatWhen, parseWhen } from '../../../shared/domain/times.ts';
import { call } from '../../bridge/client.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useZoneStore } from '../../state/zone.ts';
import { ASK_WORDS, HEALTH_WORDS, KIND_WORDS, ROLE_WORDS, STEP_WORDS } from '../../ui/words.ts';
import type { Flow, Outcome, Pick, Step, Values } from './flow.ts';

/** The answer to a query as a list to pick from. */
export async function picks<K extends Name>(
  name: K,
  input: Input<K>,
  map: (value: Output<K>) => Pick[],
): Promise<Reply<Pick[]>> {
  const reply = await call(name, input);
  return reply.ok ? { ok: true, value: map(reply.value) } : reply;
}

/** A list that is known without asking. */
export const fixed = (list: Pick[]) => async (): Promise<Reply<Pick[]>> => ({ ok: true, value: list });

export const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${n === 1 ? noun : `${noun}s`}`;
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What was picked or typed; empty when it was skipped. */
export const at = (values: Values, name: string): string => values[name] ?? '';
/** What was picked or typed, undefined when it was skipped. */
export const given = (values: Values, name: string): string | undefined =>
  values[name] === '' ? undefined : values[name];

const incidentStep: Step = {
  kind: 'pick',
  name: 'incident',
  prompt: 'Which incident?',
  load: () =>
    picks('incident.list', { all: false }, (incidents) =>
      incidents.map(({ id, label, severity, title }) => ({ value: id, title: `${label} ${title}`, hint: severity })),
    ),
};

export const reasonStep: Step = {
  kind: 'text',
  name: 'reason',
  prompt: 'Why?',
  placeholder: 'The reason, one line',
  skip: 'No reason',
};

export const person = (name: string, prompt: string, skip?: string): Step => ({
  kind: 'pick',
  name,
  prompt,
  skip,
  load: () =>
    picks('estate.people', {}, (people) =>
      people.map(({ id, name: title, title: job, teams }) => ({
        value: id,
        title,
        hint: [job, teams[0]?.name].filter(Boolean).join(' · '),
      })),
    ),
});

export const service = (name: string, prompt: string, skip?: string): Step => ({
  kind: 'pick',
  name,
  prompt,
  skip,
  load: () =>
    picks('estate.map', {}, ({ services }) =>
      services.map(({ id, name: title, kind, health }) => ({
        value: id,
        title,
        hint: `${KIND_WORDS[kind]} · ${HEALTH_WORDS[health.health]}`,
      })),
    ),
});

/** Services and business services in one list; the value carries which of the two it is. */
export const affected = (prompt: string, of: 'estate' | 'incident'): Step => ({
  kind: 'pick',
  name: 'affected',
  prompt,
  async load(values) {
    if (of === 'incident') {
      return picks('incident.show', { incident: at(values, 'incident') }, (incident) => [
        ...incident.businessServices.map(({ id, name }) => ({
          value: `business:${id}`,
          title: name,
          hint: 'business service',
        })),
        ...incident.services.map(({ id, name }) => ({ value: `service:${id}`, title: name, hint: 'service' })),
      ]);
    }
    const [business, map] = await Promise.all([call('estate.business', {}), call('estate.map', {})]);
    if (!business.ok) return business;
    if (!map.ok) return map;
    return {
      ok: true,
      value: [
        ...business.value.map(({ id, name }) => ({ value: `business:${id}`, title: name, hint: 'business service' })),
        ...map.value.services.map(({ id, name, kind }) => ({
          value: `service:${id}`,
          title: name,
          hint: KIND_WORDS[kind],
        })),
      ],
    };
  },
});

export function affectedInput(values: Values): { services: string[]; businessServices: string[] } {
  const value = at(values, 'affected');
  const id = value.slice(value.indexOf(':') + 1);
  return value.startsWith('business:')
    ? { services: [], businessServices: [id] }
    : { services: [id], businessServices: [] };
}

export const whenStep = (name: string, prompt: string, skip?: string): Step => ({
  kind: 'text',
  name,
  prompt,
  placeholder: '14:05, yesterday 23:50, 10m ago',
  skip,
  check: (text) => {
    const when = instant(text);
    return typeof when === 'string' ? when : null;
  },
});

/** The instant that was typed, or the sentence that says why it is none. */
function instant(text: string): number | string {
  const when = parseWhen(text, useZoneStore.getState().zone, Date.now());
  return when.ok ? when.at : when.message;
}

/** The instant that was typed, for a command; undefined when none was. */
export function timeInput(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const when = instant(text);
  return typeof when === 'number' ? when : undefined;
}

/** Runs a command and shows where its result is seen. */
export async function commandThen<K extends CommandName>(
  name: K,
  input: Input<K>,
  outcome: (value: Output<K>) => Outcome,
): Promise<Reply<Outcome>> {
  const reply = await call(name, input);
  return reply.ok ? { ok: true, value: outcome(reply.value) } : reply;
}

export const room = (incident: string) => (): Outcome => ({ go: { screen: 'incident', params: { incident } } });

/** A flow on one incident; the one whose room is open is taken without asking. */
export function onIncident(
  title: string,
  steps: readonly Step[],
  run: (incident: string, values: Values) => Promise<Reply<Outcome>>,
  also?: string,
): Flow {
  const { screen, params } = useNavigation.getState();
  const incident = screen === 'incident' ? params['incident'] : undefined;
  return {
    title,
    also: `incident ${also ?? ''}`,
    hint: 'incident',
    steps: [incidentStep, ...steps],
    known: incident === undefined ? undefined : { incident },
    run: (values) => run(at(values, 'incident'), values),
  };
}

export const setting = (title: string, input: Input<'settings.set'>, also: string): Flow => ({
  title,
  also: `settings ${also}`,
  hint: 'settings',
  steps: [],
  run: () => commandThen('settings.set', input, () => ({})),
});

export const runStep: Step = {
  kind: 'pick',
  name: 'step',
  prompt: 'Which step?',
  load: (values) =>
    picks('incident.show', { incident: at(values, 'incident') }, ({ runs }) =>
      runs.flatMap((run) =>
        run.steps.map((step) => ({
          value: `${run.id}\n${step.id}`,
          title: step.title,
          hint: `${STEP_WORDS[step.state]} · ${run.title}`,
        })),
      ),
    ),
};

export const askStep: Step = {
  kind: 'pick',
  name: 'ask',
  prompt: 'Which ask?',
  load: (values) =>
    picks('incident.show', { incident: at(values, 'incident') }, ({ asks }) =>
      asks.map(({ id, text, owner, state }) => ({
        value: id,
        title: text,
        hint: `${owner?.name ?? 'nobody'} · ${ASK_WORDS[state]}`,
      })),
    ),
};

export const holderStep: Step = {
  kind: 'pick',
  name: 'holder',
  prompt: 'From whom?',
  load: (values) =>
    picks('incident.show', { incident: at(values, 'incident') }, ({ roles }) =>
      roles.flatMap(({ role, person: holder }) =>
        holder === null ? [] : [{ value: `${role}\n${holder.id}`, title: holder.name, hint: ROLE_WORDS[role] }],
      ),
    ),
};

export const entryStep: Step = {
  kind: 'pick',
  name: 'entry',
  prompt: 'Which entry?',
  load: (values) =>
    picks('incident.timeline', { incident: at(values, 'incident'), limit: 200 }, ({ entries }) =>
      entries.map(({ id, summary, text, eventTime, zone, actor }) => ({
        value: id,
        title: text ?? summary,
        hint: `${formatWhen(eventTime, zone, Date.now())} · ${actor.name}`,
      })),
    ),
};

export const minutesStep: Step = {
  kind: 'text',
  name: 'minutes',
  prompt: 'In how many minutes?',
  placeholder: '10',
  skip: 'No clock',
  check: (text) => (Number(text) > 0 ? null : 'Minutes are a number above nought.'),
};

export const sourceStep: Step = {
  kind: 'pick',
  name: 'source',
  prompt: 'Which source?',
  load: () =>
    picks('sources.list', {}, (sources) =>
      sources.map(({ id, title, type, state }) => ({ value: id, title: title || id, hint: `${type} · ${state}` })),
    ),
};

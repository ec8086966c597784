/** Degraded modes as the contract shows them. Invariant: a proposal changes nothing; only a person starts or ends a mode. */
import type { ActivationView, DegradedView, HoldView, ModeView } from '../../../shared/contract/degraded.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { exitText, type Mode } from '../../../shared/domain/degraded/conditions.ts';
import { easingText, type Easing } from '../../../shared/domain/degraded/figures.ts';
import { asksAgain, weigh } from '../../../shared/domain/degraded/hold.ts';
import { nearest } from '../../../shared/domain/nearest.ts';
import { sharesOf } from '../../../shared/domain/policy/degraded.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import type { Context } from '../context.ts';
import { named, namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';
import { activations, activeNow, refusals, type Activation } from './active.ts';
import { Holds } from './holds.ts';

const ENDED_SHOWN = 50;

/** What is on, what could be, and what was; of one incident, or of all. */
export function degradedView(context: Context, row: EntityRow | null): DegradedView {
  const holds = new Holds(context);
  const inScope = ({ incident }: Activation): boolean => row === null || incident === row.id;
  const all = activations(context).filter(inScope);
  const modes = context.policies.get('degraded').value;
  const rank = { proposed: 0, unknown: 1, dismissed: 2, quiet: 3 } as const;
  const on = new Set(activeNow(context).map(({ mode }) => mode));
  return {
    active: all.filter(({ ended }) => ended === null).map((one) => activationView(context, one, holds)),
    modes: modes
      .filter(({ id }) => !on.has(id))
      .map((mode) => modeView(context, mode, row, holds))
      .sort((a, b) => rank[a.state] - rank[b.state]),
    ended: all
      .filter(({ ended }) => ended !== null)
      .slice(0, ENDED_SHOWN)
      .map((one) => activationView(context, one, holds)),
    asOf: context.now(),
  };
}

export function activationView(context: Context, one: Activation, holds = new Holds(context)): ActivationView {
  const mode = context.policies.get('degraded').value.find(({ id }) => id === one.mode);
  const exit = one.ended === null && mode ? mode.exit.map((each) => shown(holds.of(each, 'exit', one.startedAt))) : [];
  const { id, title, effect, reason, startedAt, ended } = one;
  return {
    ...{ id, mode: one.mode, title, effect, reason, startedAt, exit, exitText: one.exit },
    ...figures(context, one, one.businessServices),
    incident: { id: one.incident, label: context.incidents.labels().get(one.incident) ?? one.incident },
    owner: one.owner === null ? null : named(context, 'person', one.owner),
    startedBy: namedActor(context, one.startedBy),
    ended: ended === null ? null : { at: ended.at, by: namedActor(context, ended.by), reason: ended.reason },
    mayEnd: weigh(
      exit.map(({ state }) => state),
      'exit',
    ),
  };
}

function modeView(context: Context, mode: Mode, row: EntityRow | null, holds: Holds): ModeView {
  const seen = mode.when.map((condition) => holds.of(condition, 'when'));
  const said = saidOf(context, mode.id);
  const met = seen.filter(({ state }) => state === 'met');
  const asks = met.some((hold) => asksAgain(hold, said?.at ?? null));
  const blind = seen.filter(({ state, absent }) => state === 'unknown' && !absent);
  const state: ModeView['state'] = asks
    ? 'proposed'
    : met.length > 0
      ? 'dismissed'
      : blind.length > 0 || seen.every(({ absent }) => absent)
        ? 'unknown'
        : 'quiet';
  const { id, title, effect } = mode;
  const owner = holderOf(row, mode);
  return {
    ...{ id, title, effect, state },
    role: roleName(mode.owner),
    owner: owner === null ? null : named(context, 'person', owner),
    message: messageOf(context, state, seen, said),
    when: seen.map(shown),
    exitText: exitText(mode, (service) => context.estate.name('service', service)),
    ...figures(context, easingOf(mode), businessOf(context, mode).ids),
    dismissed: said === null ? null : { by: namedActor(context, said.by), at: said.at, reason: said.reason },
  };
}

function shown({ text, state, now, since, observedAt, absent }: HoldView): HoldView {
  return { text, state, now, since, observedAt, absent };
}

function figures(context: Context, easing: Easing, ids: readonly string[]) {
  const { avoids, buffers } = easing;
  return {
    avoids: avoids && ([...avoids] as [number, number, number]),
    buffers: buffers && ([...buffers] as [number, number, number]),
    figures: easingText(easing),
    businessServices: ids.map((id) => named(context, 'business-service', id)),
  };
}

/** Who last said no to a mode, or ended it: until its signals were well in between it is not proposed again. */
function saidOf(context: Context, mode: string): { at: number; by: string; reason: string } | null {
  const refused = refusals(context).get(mode);
  const ended = activations(context).flatMap((one) => (one.mode === mode && one.ended ? [one.ended] : []));
  const said = [...(refused ? [refused] : []), ...ended].sort((a, b) => b.at - a.at)[0];
  return said ? { at: said.at, by: said.by, reason: said.reason } : null;
}

function messageOf(
  context: Context,
  state: ModeView['state'],
  seen: readonly HoldView[],
  said: ReturnType<typeof saidOf>,
): string {
  const of = (wanted: HoldView['state']) => seen.find((hold) => hold.state === wanted && !hold.absent);
  if (state === 'proposed') return `${whyOf(context, seen)}.`;
  if (state === 'dismissed' && said)
    return `${whyOf(context, seen)}; ${context.estate.actorName(said.by)} said no: ${said.reason}`;
  if (state === 'unknown') {
    const blind = of('unknown');
    return blind ? `It cannot be told: ${blind.text} – ${blind.now}.` : 'Nothing here measures what would call for it.';
  }
  const holding = of('holding');
  if (!holding) return 'Nothing calls for it.';
  const held = formatDuration(Math.max(0, (holding.observedAt ?? context.now()) - (holding.since ?? context.now())));
  return `Not yet: ${holding.text}; so for ${held} – ${holding.now}.`;
}

/** What calls for it: "orders waiting of … above 5,000 for 10 min: Shop connector: 7,412 orders". */
export function whyOf(context: Context, when: readonly HoldView[]): string {
  return when
    .filter(({ state }) => state === 'met')
    .map(({ text, now, since }) => {
      const lasted = since === null ? '' : `, for ${formatDuration(Math.max(0, context.now() - since))}`;
      return `${text} – ${now}${lasted}`;
    })
    .join('; ');
}

export function easingOf(mode: Mode): Easing {
  return { avoids: sharesOf(mode.avoids), buffers: sharesOf(mode.buffers) };
}

/** The business services whose figures a mode changes. `none`: it names some, and this estate has none of them. */
export function businessOf(context: Context, { businessServices }: Mode): { ids: string[]; none: boolean } {
  const ids = businessServices.flatMap((id) => context.estate.resolve('business-service', id) ?? []);
  return { ids, none: businessServices.length > 0 && ids.length === 0 };
}

/** Who has the mode's role in the incident, else who commands it. */
export function holderOf(row: EntityRow | null, { owner }: Mode): string | null {
  const holder = row?.doc[`role:${owner}`] ?? row?.doc['role:commander'];
  return typeof holder === 'string' ? holder : null;
}

/** @throws Refusal `not_found` that names the nearest */
export function findMode(context: Context, text: string): Mode {
  const modes = context.policies.get('degraded').value;
  const wanted = text.trim().toLowerCase();
  const found = modes.find(({ id, title }) => id === wanted || title.toLowerCase() === wanted);
  if (found) return found;
  const near = nearest(
    text,
    modes.map(({ id }) => id),
  );
  throw new Refusal(
    'not_found',
    `The policy has no degraded mode "${text.slice(0, 100)}".${near ? ` Did you mean "${near}"?` : ' policy show degraded lists them.'}`,
  );
}

/** The activation of a mode that is on in an incident, by its id or that of its mode. @throws Refusal */
export function findActive(context: Context, row: EntityRow, text: string): Activation {
  const wanted = text.trim().toLowerCase();
  const here = activeNow(context).filter(({ incident }) => incident === row.id);
  const found = here.find(({ id, mode, title }) => id === wanted || mode === wanted || title.toLowerCase() === wanted);
  if (found) return found;
  throw new Refusal(
    'not_found',
    here.length === 0
      ? 'Nothing is degraded on purpose in this incident.'
      : `"${text.slice(0, 100)}" is not on in this incident; on are ${here.map(({ mode }) => mode).join(', ')}.`,
  );
}

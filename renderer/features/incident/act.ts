/** What the room can do to its incident, as one call each. */
import type { Reply } from '../../../shared/contract/spec.ts';
import type { ComposerAction } from '../../../shared/domain/composer.ts';
import type { AskState, StepState } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';

/** Runs what a line of the composer asks for. */
export function perform(
  incident: string,
  action: Exclude<ComposerAction, { do: 'update' | 'attach' }>,
): Promise<Reply> {
  switch (action.do) {
    case 'say': {
      const { do: _do, ...input } = action;
      return call('incident.say', { incident, ...input });
    }
    case 'decide': {
      const { do: _do, ...input } = action;
      return call('incident.decide', { incident, ...input });
    }
    case 'ask': {
      const { do: _do, ...input } = action;
      return call('incident.ask', { incident, ...input });
    }
    case 'severity':
      return call('incident.severity', { incident, severity: action.severity, reason: action.reason });
    case 'model': {
      const { do: _do, ...input } = action;
      return call('incident.model', { incident, ...input });
    }
    case 'state':
      return call('incident.state', { incident, status: action.status, reason: action.reason });
    case 'role': {
      const { do: _do, ...input } = action;
      return call('incident.assign', { incident, ...input });
    }
    case 'propose': {
      const { do: _do, ...input } = action;
      return call('incident.propose', { incident, ...input });
    }
    case 'object': {
      const { do: _do, ...input } = action;
      return call('incident.object', { incident, ...input });
    }
    case 'handover': {
      const { do: _do, ...input } = action;
      return call('handover.offer', { incident, ...input });
    }
    case 'team': {
      const { do: _do, ...input } = action;
      return call('incident.team.form', { incident, ...input });
    }
    case 'away': {
      const { do: _do, ...input } = action;
      return call('person.away', input);
    }
    case 'present':
      return call('incident.present', { incident });
    case 'undo':
      return call('incident.undo', { incident });
    case 'release': {
      const { do: _do, ...input } = action;
      return call('incident.release', { incident, ...input });
    }
    case 'title':
      return call('incident.retitle', { incident, title: action.title });
    case 'started':
      return call('incident.started', { incident, startedAt: action.startedAt, reason: action.reason });
    case 'affect':
      return call('incident.affect', {
        incident,
        services: action.services,
        businessServices: action.businessServices,
      });
    case 'run':
      return call('incident.run', { incident, runbook: action.runbook });
  }
}

/** Minutes from now to which an ask is put off: ten more than it has, never less than ten. */
export function extended(dueAt: number | null, now: number): number {
  const left = dueAt === null ? 0 : Math.max(0, dueAt - now);
  return Math.round(left / 60_000) + 10;
}

/** What Enter does to an ask, or to a step: the next thing that a person does with it; null when it is finished. */
export function nextAskState(state: AskState): AskState | null {
  return state === 'open' ? 'acknowledged' : state === 'acknowledged' ? 'done' : null;
}
export function nextStepState(state: StepState): StepState | null {
  return state === 'open' ? 'doing' : state === 'doing' || state === 'failed' || state === 'skipped' ? 'done' : null;
}

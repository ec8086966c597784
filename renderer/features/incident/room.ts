/** What the parts of the room share: the incident, the names around it, and the question that is open. */
import { createContext, useContext, useMemo } from 'react';
import type { CauseVerdict } from '../../../shared/contract/cause.ts';
import type { Named } from '../../../shared/contract/common.ts';
import type { AskView, EntryView, IncidentView } from '../../../shared/contract/incident.ts';
import type { PersonView, ServiceLite, TeamView } from '../../../shared/contract/estate.ts';
import type { Audience, Role, Severity, SoleRole, Status } from '../../../shared/domain/words.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import type { DroppedFile } from '../../state/drops.ts';
import type { StepQuestion } from '../runs/question.ts';
import { ownersOf, type CandidateFacts } from './candidates.ts';

/** A question that the room is asking; one at a time. */
export type Question =
  | { ask: 'role'; role: Role | null }
  | { ask: 'handover'; role: SoleRole; to: string | null }
  | { ask: 'briefing'; handover: string }
  | { ask: 'shift' }
  | { ask: 'severity'; severity: Severity | null }
  | { ask: 'response' }
  | { ask: 'restoration' }
  | { ask: 'degraded-owner'; mode: string; title: string; owner: string | null; start: boolean }
  | { ask: 'state'; status: Status }
  | { ask: 'owner'; of: AskView }
  | ({ ask: 'step' } & StepQuestion)
  | { ask: 'cause'; service: Named; verdict: CauseVerdict }
  | { ask: 'correct'; entry: EntryView }
  | { ask: 'update'; audience: Audience | null }
  | { ask: 'calls' }
  | { ask: 'authority' }
  | { ask: 'evidence' }
  | { ask: 'attach'; files: readonly DroppedFile[]; refused: readonly string[] }
  | { ask: 'exception' };

export interface Room {
  incident: IncidentView;
  /** IANA zone in which the room shows and reads times. */
  zone: string;
  facts: CandidateFacts;
  services: readonly ServiceLite[];
  businessServices: readonly Named[];
  runbooks: readonly { id: string; title: string }[];
  open(question: Question): void;
  /** Puts the caret into the composer; `text` begins the line when it is empty. */
  write(text?: string): void;
  personName(id: string): string;
}

export const RoomContext = createContext<Room | null>(null);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (room === null) throw new Error('used outside a room');
  return room;
}

const NONE: never[] = [];

/** Everything around the incident that the room needs names of. */
export function useRoomFacts(incident: IncidentView | undefined) {
  const zone = useZone();
  const people = useQuery('estate.people', {}, ['estate']).value ?? (NONE as PersonView[]);
  const teams = useQuery('estate.teams', {}, ['estate']).value ?? (NONE as TeamView[]);
  const services = useQuery('estate.map', {}, ['estate']).value?.services ?? (NONE as ServiceLite[]);
  const businessServices = useQuery('estate.business', {}, ['estate']).value ?? (NONE as Named[]);
  const runbooks = useQuery('runbook.list', {}, ['runbooks']).value ?? NONE;
  const me = useQuery('status', {}, ['status', 'settings']).value?.actor ?? null;
  const now = useNow(60_000);
  const affected = incident?.services;
  const roles = incident?.roles;
  return useMemo(() => {
    const facts: CandidateFacts = {
      people,
      teams,
      owners: ownersOf(services, affected ?? NONE),
      roles: roles ?? NONE,
      me,
      zone,
      now,
    };
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return { zone, facts, services, businessServices, runbooks, personName: (id: string) => names.get(id) ?? id };
  }, [zone, people, teams, services, businessServices, runbooks, me, affected, roles, now]);
}

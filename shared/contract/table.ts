/**
 * The one table of commands and queries. The router, the preload bridge, the command line and the test client are made
 * from it; a handler lives in `electron/engine/commands/<name>.ts` or `electron/engine/queries/<name>.ts`.
 */
import { z } from 'zod';
import { ENTRY_KINDS } from '../domain/timeline.ts';
import { Health } from '../domain/words.ts';
import {
  ActionDone,
  ActionPreview,
  ActionSource,
  ActionTemplates,
  ActionView,
  AddEndpoint,
  ApproveAction,
  ByAction,
  ByEndpoint,
  ChangeEndpoint,
  EndpointView,
  ListActions,
  ProposeAction,
  RefuseAction,
  RunAction,
  SettleAction,
  StepApprovers,
  WithdrawAction,
} from './actions.ts';
import {
  AccessAnswer,
  AccessCheck,
  AccessQuery,
  AccessView,
  AddPerson,
  Lock,
  RoleChange,
  SessionView,
  SetSecret,
  Unlock,
} from './access.ts';
import { BlastInput, BlastRanking, BlastView } from './blast.ts';
import { Empty, EntityId, FilePath, HealthView, Named, Ok, Time } from './common.ts';
import { Settings, Situation, StatusView } from './console.ts';
import { ConflictList, ConflictSettled, ListConflicts, SettleConflict } from './conflict.ts';
import { AcceptDrift, DismissDrift, DriftInput, DriftView, Settled } from './drift.ts';
import {
  BusinessServiceView,
  CatalogInput,
  CatalogReport,
  ChangeView,
  EstateMap,
  HealthHistory,
  PersonView,
  ServiceInput,
  ServiceView,
  StoreView,
  TeamView,
} from './estate.ts';
import {
  Declared,
  DeclareHealth,
  HealthWord,
  MaintenanceView,
  MoveMaintenance,
  PlanMaintenance,
  WithdrawHealth,
} from './health.ts';
import { HubInput, HubReport, HubSetting, LinkView } from './hub.ts';
import {
  AskState,
  ByIncident,
  Declare,
  IncidentLite,
  IncidentView,
  LintReport,
  Role,
  RunbookLite,
  RunbookView,
  RunDiff,
  Severity,
  Status,
  StepState,
  Timeline,
  Ways,
} from './incident.ts';
import {
  BundleFile,
  BundleInspection,
  ExportBundle,
  Exported,
  ExportedBundle,
  ExportIncident,
  ImportedBundle,
  ImportedIncident,
  ImportIncident,
} from './exports.ts';
import { AcceptCleanup, AddCleanup, ChangeCleanup, CleanupView, DoneCleanup, SetCleanup } from './cleanup.ts';
import { Causes, CauseInput, ChangeKind, JudgeCause } from './cause.ts';
import { BoardView, ListSignals, SignalList } from './board.ts';
import { CurveInput, CurveView, Impact, ImpactInputs } from './impact.ts';
import {
  ByPolicy,
  LintPolicy,
  PolicyLint,
  PolicyLite,
  PolicyPut,
  PolicyView,
  ResetPolicy,
  SetPolicy,
} from './policy.ts';
import { MapMarks } from './map.ts';
import {
  Concern,
  KeepInForce,
  ProposalInput,
  ProposalView,
  ResponseInput,
  ResponseSet,
  ResponseView,
  SetResponse,
} from './proposal.ts';
import { BackupView, RecordView, RestoreView, VerifyView } from './record.ts';
import {
  AcceptConsole,
  CodeView,
  ConsoleDone,
  ConsolesView,
  EndInvite,
  EnrolConsole,
  FoundOrganisation,
  Invite,
  Invited,
  Join,
  Joining,
  OrganisationView,
  ReadCode,
  RefuseConsole,
  RenameConsole,
  RequestView,
  RevokeConsole,
} from './consoles.ts';
import { AssignDegraded, DegradedView, DismissDegraded, EndDegraded, ListDegraded, StartDegraded } from './degraded.ts';
import { AdoptRestoration, RestorationView, StepRestoration } from './restoration.ts';
import {
  ChangeTeam,
  DueView,
  EndShift,
  FormTeam,
  GoAway,
  HandoverKey,
  HandoverView,
  OfferHandover,
  RoomPeople,
  ShiftPlan,
} from './room.ts';
import { SearchInput, SearchResult } from './search.ts';
import { SourceType, SourceView, TestReport } from './sources.ts';
import { CallTree, Printed, PrintSheet } from './sheets.ts';
import { command, query } from './spec.ts';
import { ListStores, ReportStore, StoreKey, StoreList, StorePage } from './stores.ts';
import {
  ByUpdate,
  Delivered,
  ForAudience,
  LiveDraft,
  ReviewUpdate,
  SaveUpdate,
  SendUpdate,
  SetUpdateEndpoint,
  UpdatesView,
  WithdrawUpdate,
} from './updates.ts';
import { SettleSuggestion, TakeSuggestion } from './suggestion.ts';
import { WorkspaceView } from './workspace.ts';

const text = z.string().trim().min(1).max(20_000);
const reason = z.string().trim().max(20_000).optional();

export const table = {
  status: query({
    title: 'Console status',
    input: Empty,
    output: StatusView,
    capability: null,
    cli: { verb: 'status' },
  }),
  situation: query({ title: 'Situation', input: Empty, output: Situation, cli: { verb: 'situation' } }),
  'settings.get': query({
    title: 'Settings',
    input: Empty,
    capability: null,
    output: Settings,
    cli: { verb: 'settings show' },
  }),
  'settings.set': command({
    title: 'Change settings',
    input: z.strictObject({
      theme: Settings.shape.theme.unwrap().optional(),
      density: Settings.shape.density.unwrap().optional(),
      headquartersZone: z.string().max(64).nullable().optional(),
      actingAs: EntityId.nullable().optional(),
      runbookFolders: Settings.shape.runbookFolders.unwrap().optional(),
    }),
    output: Settings,
    capability: 'read',
    audited: false,
    cli: { verb: 'settings set' },
  }),

  'access.session': query({
    title: 'Who unlocked this console',
    input: Empty,
    output: SessionView,
    capability: null,
    cli: { verb: 'access session', help: 'Who this command line acts as, what they may do, and who can unlock' },
  }),
  'access.unlock': command({
    title: 'Unlock the console',
    input: Unlock,
    output: SessionView,
    capability: null,
    cli: {
      verb: 'unlock',
      positionals: ['person'],
      help: 'Act as a person; the passphrase is asked for, or read from standard input',
    },
  }),
  'access.lock': command({
    title: 'Lock the console',
    input: Lock,
    output: SessionView,
    capability: null,
    cli: { verb: 'lock', help: 'End what unlock began; --all of every window and command line' },
  }),
  'access.secret': command({
    title: 'Set what a person unlocks with',
    input: SetSecret,
    output: SessionView,
    capability: 'read',
    cli: {
      verb: 'user passphrase',
      positionals: ['person'],
      help: 'Set what somebody unlocks this console with; asked for, or read from standard input',
    },
  }),
  'access.forget': command({
    title: 'Take away what a person unlocks with',
    input: z.strictObject({ person: EntityId, reason }),
    output: Named,
    capability: 'grant-access',
    cli: {
      verb: 'user remove',
      positionals: ['person', 'reason...'],
      help: 'They can unlock this console no more, and lose the roles that were given to them by name',
    },
  }),
  'access.add': command({
    title: 'Add a person',
    input: AddPerson,
    output: Named,
    capability: 'grant-access',
    cli: { verb: 'user add', positionals: ['name...'], help: 'Somebody whom no catalog names' },
  }),
  'access.show': query({
    title: 'People and access',
    input: AccessQuery,
    output: AccessView,
    cli: { verb: 'user list', help: 'Who holds what, why, and who can unlock this console; --all for everybody' },
  }),
  'access.roles': query({
    title: 'Roles and who holds them',
    input: Empty,
    output: AccessView,
    cli: { verb: 'grant list', help: 'The roles of the access policy, what they may do and who holds them' },
  }),
  'access.check': query({
    title: 'What a person may do',
    input: AccessCheck,
    output: AccessAnswer,
    cli: { verb: 'access check', positionals: ['person', 'capability'], help: 'What a person may do, and why' },
  }),
  'access.grant': command({
    title: 'Give a role',
    input: RoleChange,
    output: Named,
    capability: 'grant-access',
    cli: {
      verb: 'grant add',
      positionals: ['to', 'role', 'reason...'],
      help: 'Give a role of the access policy to a person, to team:NAME or to group:NAME of single sign-on',
    },
  }),
  'access.withdraw': command({
    title: 'Withdraw a role',
    input: RoleChange,
    output: Named,
    capability: 'grant-access',
    cli: { verb: 'grant withdraw', positionals: ['to', 'role', 'reason...'], help: 'Take a role that was given back' },
  }),

  signals: query({
    title: 'Signals that count now',
    input: ListSignals,
    output: SignalList,
    cli: { verb: 'signals', help: 'What is signalled now: customer-impacting, operational degradation, early warning' },
  }),
  board: query({ title: 'Big board', input: Empty, output: BoardView, cli: { verb: 'board' } }),
  'estate.map': query({
    title: 'Dependency map',
    input: z.strictObject({
      /** Lays the map out, too: places as JSON, or a picture. */
      format: z.enum(['json', 'svg']).optional(),
      lanes: z.enum(['kind', 'tier', 'domain']).default('kind'),
    }),
    output: EstateMap,
    cli: { verb: 'map' },
  }),
  'map.marks': query({
    title: 'Causes and changes on the map',
    input: z.strictObject({
      /** Changes since then; of the last six hours when absent. */
      since: Time.optional(),
    }),
    output: MapMarks,
    cli: { verb: 'map marks', help: 'Where the failing path begins, and what was changed' },
  }),
  'health.history': query({
    title: 'Health over time',
    input: z.strictObject({
      from: Time,
      /** Now when absent. */
      to: Time.optional(),
    }),
    output: HealthHistory,
    cli: { verb: 'health history', positionals: ['from'] },
  }),
  'map.save': command({
    title: 'Save a picture of the map',
    input: z.strictObject({
      /** A folder, in which the file gets a name of its own, or a file. */
      to: FilePath,
      format: z.enum(['svg', 'png']),
      /** The SVG document, or the PNG file as base64. */
      content: z.string().min(1).max(100_000_000),
      replace: z.boolean().default(false),
    }),
    output: z.object({ path: z.string(), bytes: z.int() }),
    capability: 'read',
    audited: false,
  }),
  'estate.service': query({
    title: 'Show a service',
    input: ServiceInput,
    output: ServiceView,
    cli: { verb: 'service', positionals: ['service'] },
  }),
  'estate.business': query({
    title: 'Business services',
    input: Empty,
    output: z.array(BusinessServiceView),
    cli: { verb: 'business' },
  }),
  'estate.stores': query({
    title: 'Stores',
    input: z.strictObject({ region: EntityId.optional() }),
    output: z.array(StoreView),
    cli: { verb: 'estate stores' },
  }),
  'store.list': query({
    title: 'Who can still sell',
    input: ListStores,
    output: StoreList,
    cli: { verb: 'stores', help: 'Which stores can sell, by region; --only trouble for those that do not' },
  }),
  'store.show': query({
    title: 'Show a store',
    input: z.strictObject({ store: StoreKey }),
    output: StorePage,
    cli: {
      verb: 'store show',
      positionals: ['store'],
      help: 'One store, by name or number, to be read out on the phone',
    },
  }),
  'store.report': command({
    title: 'Report on a store',
    input: ReportStore,
    output: Named,
    capability: 'declare',
    cli: { verb: 'store report', positionals: ['store', 'reason...'] },
  }),
  'store.withdraw': command({
    title: 'Withdraw what was reported of a store',
    input: z.strictObject({ store: StoreKey, reason }),
    output: Named,
    capability: 'declare',
    cli: { verb: 'store withdraw', positionals: ['store', 'reason...'] },
  }),
  'estate.teams': query({
    title: 'Teams and on-call',
    input: Empty,
    output: z.array(TeamView),
    cli: { verb: 'teams' },
  }),
  'estate.people': query({ title: 'People', input: Empty, output: z.array(PersonView), cli: { verb: 'people' } }),
  'estate.changes': query({
    title: 'Recent changes',
    input: z.strictObject({ limit: z.int().min(1).max(1000).default(100), service: EntityId.optional() }),
    output: z.array(ChangeView),
    cli: { verb: 'changes' },
  }),
  'estate.load-demonstration': command({
    title: 'Load the demonstration',
    input: Empty,
    output: z.object({ entities: z.int() }),
    capability: 'edit-estate',
    cli: { verb: 'demonstration load' },
  }),
  'estate.leave-demonstration': command({
    title: 'Leave the demonstration',
    input: Empty,
    output: z.object({ removed: z.int() }),
    capability: 'edit-estate',
    cli: { verb: 'demonstration leave' },
  }),
  health: query({
    title: 'Health of services',
    input: z.strictObject({ only: Health.optional() }),
    output: z.object({
      services: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          health: Health,
          since: Time.nullable(),
          observedAt: Time.nullable(),
          source: z.string().nullable(),
          reason: z.string(),
          byHand: HealthView.shape.byHand,
          maintenance: HealthView.shape.maintenance,
        }),
      ),
      businessServices: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          health: Health,
          reason: z.string(),
          byHand: HealthView.shape.byHand,
        }),
      ),
      asOf: Time,
    }),
    cli: { verb: 'health' },
  }),
  'health.by-hand': query({
    title: 'Health set by hand',
    input: Empty,
    output: z.array(HealthWord),
    cli: { verb: 'health by-hand', help: "People's words on health that stand now" },
  }),
  'health.declare': command({
    title: 'Set health by hand',
    input: DeclareHealth,
    output: Declared,
    capability: 'declare',
    cli: {
      verb: 'health declare',
      positionals: ['subject', 'health', 'reason...'],
      help: 'Set the health of a service or business service by hand, for a while',
    },
  }),
  'health.withdraw': command({
    title: 'Withdraw health set by hand',
    input: WithdrawHealth,
    output: Named,
    capability: 'declare',
    cli: { verb: 'health withdraw', positionals: ['subject', 'reason...'] },
  }),
  'maintenance.list': query({
    title: 'Maintenance',
    input: z.strictObject({
      /** What is over, too. */
      all: z.boolean().default(false),
    }),
    output: z.array(MaintenanceView),
    cli: { verb: 'maintenance list' },
  }),
  'maintenance.plan': command({
    title: 'Plan maintenance',
    input: PlanMaintenance,
    output: MaintenanceView,
    capability: 'declare',
    cli: {
      verb: 'maintenance add',
      positionals: ['title...'],
      help: 'Announce work on services, so that what they report meanwhile is expected',
    },
  }),
  'maintenance.move': command({
    title: 'Move maintenance',
    input: MoveMaintenance,
    output: MaintenanceView,
    capability: 'declare',
    cli: {
      verb: 'maintenance move',
      positionals: ['window', 'endsInMinutes'],
      help: 'Let announced work begin at another time, or end earlier or later',
    },
  }),
  'maintenance.end': command({
    title: 'End maintenance',
    input: z.strictObject({ window: EntityId, reason }),
    output: Named,
    capability: 'declare',
    cli: { verb: 'maintenance end', positionals: ['window', 'reason...'] },
  }),
  'estate.drift': query({
    title: 'Drift between the estate and what is seen',
    input: DriftInput,
    output: DriftView,
    cli: { verb: 'drift list', help: 'Calls that are seen and not declared, and declared and not seen' },
  }),
  'estate.drift.accept': command({
    title: 'Accept drift into the estate',
    input: AcceptDrift,
    output: Settled,
    capability: 'edit-estate',
    cli: {
      verb: 'drift accept',
      positionals: ['from', 'to'],
      help: 'Write a dependency that is seen into the estate, or take one out that never is',
    },
  }),
  'estate.drift.dismiss': command({
    title: 'Dismiss drift',
    input: DismissDrift,
    output: Settled,
    capability: 'edit-estate',
    cli: {
      verb: 'drift dismiss',
      positionals: ['from', 'to', 'reason...'],
      help: 'Say that a difference is as it should be',
    },
  }),
  blast: query({
    title: 'Blast radius',
    input: BlastInput,
    output: BlastView,
    cli: {
      verb: 'blast',
      positionals: ['services...'],
      help: 'Whom trouble at a service, or at several, reaches, and by which path',
    },
  }),
  'blast.ranking': query({
    title: 'Services that reach most others',
    input: z.strictObject({ limit: z.int().min(1).max(10_000).default(50) }),
    output: BlastRanking,
    cli: { verb: 'blast ranking', help: 'Which services reach most others when they fail' },
  }),

  'catalog.preview': query({
    title: 'Preview a catalog import',
    input: CatalogInput,
    capability: 'edit-estate',
    output: CatalogReport,
    cli: { verb: 'preview catalog', positionals: ['paths...'] },
  }),
  'catalog.import': command({
    title: 'Import catalog',
    input: CatalogInput,
    output: CatalogReport,
    capability: 'edit-estate',
    cli: { verb: 'import catalog', positionals: ['paths...'] },
  }),
  'catalog.export': command({
    title: 'Export catalog',
    input: z.strictObject({ directory: FilePath }),
    output: z.object({ directory: z.string(), files: z.array(z.string()), entities: z.int() }),
    capability: 'read',
    cli: { verb: 'export catalog', positionals: ['directory'] },
  }),

  'sources.list': query({ title: 'Sources', input: Empty, output: z.array(SourceView), cli: { verb: 'sources list' } }),
  'sources.types': query({
    title: 'Kinds of sources',
    input: Empty,
    output: z.array(SourceType),
    cli: { verb: 'sources types' },
  }),
  'link.show': query({
    title: 'Show the link and the other consoles',
    input: z.strictObject({}),
    output: LinkView,
    cli: { verb: 'hub', help: 'the hub, the state of the link, what waits, and when each console was last heard' },
  }),
  'hub.set': command({
    title: 'Set the hub',
    input: HubInput,
    output: HubSetting,
    capability: 'manage-console',
    cli: { verb: 'hub set', positionals: ['url', 'organisation'] },
  }),
  'hub.test': query({
    title: 'Try the way to a hub',
    input: HubInput.partial(),
    output: HubReport,
    cli: { verb: 'hub test', positionals: ['url', 'organisation'] },
  }),
  'hub.forget': command({
    title: 'Forget the hub',
    input: z.strictObject({}),
    output: Ok,
    capability: 'manage-console',
    cli: { verb: 'hub forget' },
  }),
  'hub.retry': command({
    title: 'Try the link again now',
    input: z.strictObject({}),
    output: Ok,
    capability: 'read',
    audited: false,
    cli: { verb: 'hub retry' },
  }),
  'organisation.found': command({
    title: 'Found the organisation',
    input: FoundOrganisation,
    output: Joining,
    capability: 'manage-console',
    cli: { verb: 'organisation found', positionals: ['name'], help: 'Make this console the first of an organisation' },
  }),
  'organisation.show': query({
    title: 'Show the organisation',
    input: Empty,
    output: OrganisationView,
    cli: { verb: 'organisation show', help: 'which organisation this console belongs to, and how' },
  }),
  'console.list': query({
    title: 'Consoles of the organisation',
    input: Empty,
    output: ConsolesView,
    cli: { verb: 'console list', help: 'every console: who let it in, its standing, when it was heard' },
  }),
  'console.requests': query({
    title: 'Consoles that ask to join',
    input: Empty,
    output: z.array(RequestView),
    cli: { verb: 'console requests' },
  }),
  'console.invite': command({
    title: 'Invite a console',
    input: Invite,
    output: Invited,
    capability: 'manage-console',
    cli: { verb: 'console invite', help: 'Make a code with which one console can ask to join' },
  }),
  'console.uninvite': command({
    title: 'Withdraw an invitation',
    input: EndInvite,
    output: Ok,
    capability: 'manage-console',
    cli: { verb: 'console uninvite', positionals: ['invite'] },
  }),
  'console.code': query({
    title: 'Read a join code',
    input: ReadCode,
    output: CodeView,
    cli: { verb: 'console code', positionals: ['code...'], help: 'whose code it is and whether it can be used here' },
  }),
  'console.join': command({
    title: 'Join an organisation',
    input: Join,
    output: Joining,
    capability: 'manage-console',
    cli: { verb: 'console join', positionals: ['code...'], help: 'Ask to join with a code, or with --file' },
  }),
  'console.accept': command({
    title: 'Accept a console',
    input: AcceptConsole,
    output: ConsoleDone,
    capability: 'manage-console',
    cli: {
      verb: 'console accept',
      positionals: ['console'],
      help: 'Enrol a console that asks, once its words were compared',
    },
  }),
  'console.refuse': command({
    title: 'Refuse a console',
    input: RefuseConsole,
    output: ConsoleDone,
    capability: 'manage-console',
    cli: { verb: 'console refuse', positionals: ['console', 'reason...'] },
  }),
  'console.revoke': command({
    title: 'Revoke a console',
    input: RevokeConsole,
    output: ConsoleDone,
    capability: 'manage-console',
    cli: {
      verb: 'console revoke',
      positionals: ['console', 'reason...'],
      help: 'What a lost console writes counts no more',
    },
  }),
  'console.enrol': command({
    title: 'Enrol a revoked console again',
    input: EnrolConsole,
    output: ConsoleDone,
    capability: 'manage-console',
    cli: { verb: 'console enrol', positionals: ['console', 'reason...'] },
  }),
  'console.rename': command({
    title: 'Rename a console',
    input: RenameConsole,
    output: ConsoleDone,
    capability: 'manage-console',
    cli: { verb: 'console rename', positionals: ['console', 'name...'] },
  }),
  'sources.add': command({
    title: 'Add a source',
    input: z.strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'an id is lower-case letters, digits, . _ -')
        .optional(),
      title: z.string().trim().max(200).optional(),
      type: z.string().min(1).max(60),
      config: z.record(z.string(), z.unknown()).default({}),
      /** Kept on this machine only, never in the log. */
      credential: z.string().max(10_000).optional(),
      enabled: z.boolean().default(true),
    }),
    output: SourceView,
    capability: 'manage-console',
    cli: { verb: 'sources add', positionals: ['type'] },
  }),
  'sources.change': command({
    title: 'Change a source',
    input: z.strictObject({
      source: EntityId,
      title: z.string().trim().max(200).optional(),
      config: z.record(z.string(), z.unknown()).optional(),
      /** Null forgets it. */
      credential: z.string().max(10_000).nullable().optional(),
      enabled: z.boolean().optional(),
    }),
    output: SourceView,
    capability: 'manage-console',
    cli: { verb: 'sources change', positionals: ['source'] },
  }),
  'sources.remove': command({
    title: 'Remove a source',
    input: z.strictObject({ source: EntityId }),
    output: Ok,
    capability: 'manage-console',
    cli: { verb: 'sources remove', positionals: ['source'] },
  }),
  'sources.test': query({
    title: 'Test a connection',
    input: z.strictObject({
      /** A configured source, or a type and configuration that is being tried. */
      source: EntityId.optional(),
      type: z.string().max(60).optional(),
      config: z.record(z.string(), z.unknown()).optional(),
      credential: z.string().max(10_000).optional(),
    }),
    capability: 'manage-console',
    output: TestReport,
    cli: { verb: 'sources test', positionals: ['source'] },
  }),

  'endpoint.list': query({
    title: 'Endpoints',
    input: Empty,
    output: z.array(EndpointView),
    cli: { verb: 'endpoint list', help: 'Where this console sends the requests of actions' },
  }),
  'endpoint.add': command({
    title: 'Add an endpoint',
    input: AddEndpoint,
    output: EndpointView,
    capability: 'manage-console',
    cli: { verb: 'endpoint add', positionals: ['endpoint', 'url'] },
  }),
  'endpoint.change': command({
    title: 'Change an endpoint',
    input: ChangeEndpoint,
    output: EndpointView,
    capability: 'manage-console',
    cli: { verb: 'endpoint change', positionals: ['endpoint'] },
  }),
  'endpoint.remove': command({
    title: 'Remove an endpoint',
    input: ByEndpoint,
    output: Ok,
    capability: 'manage-console',
    cli: { verb: 'endpoint remove', positionals: ['endpoint'] },
  }),
  'endpoint.test': query({
    title: 'Try to connect to an endpoint',
    input: ByEndpoint,
    capability: 'manage-console',
    output: TestReport,
    cli: {
      verb: 'endpoint test',
      positionals: ['endpoint'],
      help: 'Open a connection to an endpoint, without sending a request',
    },
  }),
  'action.templates': query({
    title: 'Actions that are written down',
    input: Empty,
    output: ActionTemplates,
    cli: { verb: 'action templates' },
  }),
  'action.preview': query({
    title: 'Preview an action',
    input: ActionSource,
    output: ActionPreview,
    cli: {
      verb: 'action preview',
      positionals: ['incident', 'template'],
      help: 'The request of an action as it would go out, and what it needs',
    },
  }),
  'action.list': query({
    title: 'Actions',
    input: ListActions,
    output: z.array(ActionView),
    cli: { verb: 'action list', positionals: ['incident'], help: 'Actions that are not over; of one incident all' },
  }),
  'action.show': query({
    title: 'Show an action',
    input: ByAction,
    output: ActionView,
    cli: { verb: 'action show', positionals: ['action'] },
  }),
  'action.propose': command({
    title: 'Propose an action',
    input: ProposeAction,
    output: z.object({ action: z.string(), approval: z.enum(['none', 'reversible', 'critical']), hash: z.string() }),
    capability: 'declare',
    cli: {
      verb: 'action propose',
      positionals: ['incident', 'template'],
      help: 'Propose a request from a template or a step; --inputs.NAME value fills it in',
    },
  }),
  'action.try': command({
    title: 'Try an action without changing anything',
    input: ByAction,
    output: z.object({ ok: z.boolean(), message: z.string() }),
    capability: 'declare',
    cli: { verb: 'action try', positionals: ['action'], help: 'Send the dry run of an action' },
  }),
  'action.approve': command({
    title: 'Approve an action',
    input: ApproveAction,
    output: ActionDone,
    capability: 'approve-reversible',
    cli: { verb: 'action approve', positionals: ['action', 'reason...'] },
  }),
  'action.refuse': command({
    title: 'Refuse an action',
    input: RefuseAction,
    output: ActionDone,
    capability: 'declare',
    cli: { verb: 'action refuse', positionals: ['action', 'reason...'] },
  }),
  'action.withdraw': command({
    title: 'Withdraw an action',
    input: WithdrawAction,
    output: ActionDone,
    capability: 'declare',
    cli: { verb: 'action withdraw', positionals: ['action', 'reason...'] },
  }),
  'action.run': command({
    title: 'Run an action',
    input: RunAction,
    output: ActionDone,
    capability: 'approve-reversible',
    cli: {
      verb: 'action run',
      positionals: ['action', 'reason...'],
      help: 'Send the request of an action; --again after a failure, a lost answer or a wait',
    },
  }),
  'action.settle': command({
    title: 'Say what became of an action',
    input: SettleAction,
    output: ActionDone,
    capability: 'command',
    cli: {
      verb: 'action settle',
      positionals: ['action', 'happened', 'reason...'],
      help: 'After a lost answer: whether it happened, and how you know',
    },
  }),
  'runbook.list': query({
    title: 'Runbooks',
    input: Empty,
    output: z.array(RunbookLite),
    cli: { verb: 'runbook list' },
  }),
  'runbook.show': query({
    title: 'Show a runbook',
    input: z.strictObject({ runbook: EntityId }),
    output: RunbookView,
    cli: { verb: 'runbook show', positionals: ['runbook'] },
  }),
  'runbook.lint': query({
    title: 'Check runbooks',
    input: z.strictObject({
      /** Files and folders; every runbook of the library when there is none. */
      paths: z.array(FilePath).max(1000).default([]),
    }),
    capability: 'declare',
    output: LintReport,
    cli: {
      verb: 'runbook lint',
      positionals: ['paths...'],
      help: 'Explain the mistakes of runbooks, with their lines; status 1 when there are errors',
    },
  }),
  'runbook.test': query({
    title: 'Walk a runbook',
    input: z.strictObject({
      /** A file, or the id of a runbook of the library. */
      runbook: FilePath,
    }),
    capability: 'declare',
    output: RunbookLite.extend({ ways: Ways, ok: z.boolean() }),
    cli: {
      verb: 'runbook test',
      positionals: ['runbook'],
      help: 'Walk every branch of a runbook to its end, with the expected minutes',
    },
  }),

  'policy.list': query({
    title: 'Policies',
    input: Empty,
    output: z.array(PolicyLite),
    cli: { verb: 'policy list' },
  }),
  'policy.show': query({
    title: 'Show a policy',
    input: ByPolicy,
    output: PolicyView,
    cli: { verb: 'policy show', positionals: ['policy'], help: 'A policy as tables, with who changed it and why' },
  }),
  'policy.lint': query({
    title: 'Check a policy',
    input: LintPolicy,
    capability: 'declare',
    output: PolicyLint,
    cli: {
      verb: 'policy lint',
      positionals: ['file'],
      help: 'Find gaps and contradictions in a policy file, with line numbers, without putting it in force',
    },
  }),
  'policy.set': command({
    title: 'Change a policy',
    input: SetPolicy,
    output: PolicyPut,
    capability: 'edit-estate',
    cli: {
      verb: 'policy set',
      positionals: ['file'],
      help: 'Put a policy file in force, with --reason; which policy follows from its name, or from --policy',
    },
  }),
  'policy.reset': command({
    title: 'Reset a policy',
    input: ResetPolicy,
    output: PolicyPut,
    capability: 'edit-estate',
    cli: { verb: 'policy reset', positionals: ['policy', 'reason...'], help: 'Put in force again what ships' },
  }),

  'incident.list': query({
    title: 'Incidents',
    input: z.strictObject({ all: z.boolean().default(false) }),
    output: z.array(IncidentLite),
    cli: { verb: 'incident list' },
  }),
  'incident.show': query({
    title: 'Show an incident',
    input: ByIncident,
    output: IncidentView,
    cli: { verb: 'incident show', positionals: ['incident'] },
  }),
  'incident.timeline': query({
    title: 'Timeline of an incident',
    input: ByIncident.extend({
      before: z.string().max(200).optional(),
      limit: z.int().min(1).max(1000).default(200),
      /** Only lines of these kinds; all when absent. */
      kinds: z.array(z.enum(ENTRY_KINDS)).min(1).max(ENTRY_KINDS.length).optional(),
    }),
    output: Timeline,
    cli: { verb: 'incident timeline', positionals: ['incident'] },
  }),
  'incident.declare': command({
    title: 'Declare an incident',
    input: Declare,
    output: z.object({ id: z.string(), label: z.string() }),
    capability: 'declare',
    cli: { verb: 'declare', positionals: ['title...'] },
  }),
  'incident.retitle': command({
    title: 'Change the title of an incident',
    input: ByIncident.extend({ title: z.string().trim().min(1).max(500) }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident retitle', positionals: ['incident', 'title...'] },
  }),
  'incident.severity': command({
    title: 'Set the severity',
    input: ByIncident.extend({ severity: Severity, reason }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident severity', positionals: ['incident', 'severity', 'reason...'] },
  }),
  'incident.proposal': query({
    title: 'Proposed severity and response',
    input: ProposalInput,
    output: ProposalView,
    cli: {
      verb: 'proposal',
      positionals: ['incident'],
      help: 'Severity, level, model and runbooks that the policies propose, with why; of an incident, or of --services',
    },
  }),
  'incident.response': query({
    title: 'Response of an incident',
    input: ResponseInput,
    output: ResponseView,
    cli: {
      verb: 'incident response',
      positionals: ['incident'],
      help: 'Level and model in force, and what they ask for; with --model or --level, what would change',
    },
  }),
  'incident.model': command({
    title: 'Set level and model of the response',
    input: SetResponse,
    output: ResponseSet,
    capability: 'command',
    cli: {
      verb: 'incident model',
      positionals: ['incident', 'model', 'reason...'],
      help: 'Set the model (and --level) of the response; without either, take what is proposed',
    },
  }),
  'incident.keep': command({
    title: 'Keep what is in force against a proposal',
    input: KeepInForce,
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident keep', positionals: ['incident', 'what', 'reason...'] },
  }),
  'incident.concern': command({
    title: 'Say that data or security are in doubt',
    input: Concern,
    output: Ok,
    capability: 'declare',
    cli: { verb: 'incident concern', positionals: ['incident', 'reason...'] },
  }),
  'incident.state': command({
    title: 'Set the state of an incident',
    input: ByIncident.extend({ status: Status, reason }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident state', positionals: ['incident', 'status', 'reason...'] },
  }),
  'incident.close': command({
    title: 'Close an incident',
    input: ByIncident.extend({ reason }),
    output: Ok,
    capability: 'command',
    cli: {
      verb: 'incident close',
      positionals: ['incident', 'reason...'],
      help: 'Close a resolved incident; every cleanup item must be reconciled, or accepted by name',
    },
  }),
  'incident.assign': command({
    title: 'Assign a role',
    input: ByIncident.extend({
      role: Role,
      person: EntityId.nullable(),
      /** What a subject expert is asked about. */
      subject: z.string().trim().min(1).max(500).optional(),
      reason,
    }),
    output: Ok,
    capability: 'command',
    cli: {
      verb: 'incident assign',
      positionals: ['incident', 'role', 'person'],
      help: 'Assign a role; person "-" leaves it empty, --subject says what an expert knows',
    },
  }),
  'incident.release': command({
    title: 'Take a role from somebody',
    input: ByIncident.extend({ role: Role, person: EntityId, reason }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident release', positionals: ['incident', 'role', 'person', 'reason...'] },
  }),
  'incident.people': query({
    title: 'Who runs an incident',
    input: ByIncident,
    output: RoomPeople,
    cli: { verb: 'incident people', positionals: ['incident'], help: 'Checklists, teams, handovers, objections' },
  }),
  'incident.clock': query({
    title: 'What falls due in an incident',
    input: ByIncident,
    output: z.array(DueView),
    cli: { verb: 'incident clock', positionals: ['incident'] },
  }),
  'incident.tick': command({
    title: 'Tick an item of a checklist',
    input: ByIncident.extend({ role: Role, item: EntityId, done: z.boolean().default(true) }),
    output: Ok,
    capability: 'declare',
    cli: { verb: 'incident tick', positionals: ['incident', 'role', 'item'] },
  }),
  'incident.present': command({
    title: 'Say that you are here',
    input: ByIncident,
    output: Ok,
    capability: 'declare',
    cli: { verb: 'incident present', positionals: ['incident'] },
  }),
  'incident.called': command({
    title: 'Say that a call was made',
    input: ByIncident.extend({
      /** Of the clock's line: `call:containment:30`. */
      call: z.string().min(1).max(100),
    }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident called', positionals: ['incident', 'call'] },
  }),
  'incident.team.form': command({
    title: 'Form a team with a lead',
    input: FormTeam,
    output: z.object({ team: z.string() }),
    capability: 'command',
    cli: { verb: 'incident team form', positionals: ['incident', 'name', 'lead', 'members...'] },
  }),
  'incident.team.change': command({
    title: 'Change a team',
    input: ChangeTeam,
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident team change', positionals: ['incident', 'team'] },
  }),
  'incident.team.end': command({
    title: 'Dissolve a team',
    input: ByIncident.extend({ team: EntityId, reason }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident team end', positionals: ['incident', 'team', 'reason...'] },
  }),
  'handover.briefing': query({
    title: 'Briefing for whoever takes over',
    input: ByIncident,
    output: z.object({ text: z.string() }),
    cli: { verb: 'handover briefing', positionals: ['incident'] },
  }),
  'handover.offer': command({
    title: 'Ask somebody to take over',
    input: OfferHandover,
    output: HandoverView,
    capability: 'command',
    cli: { verb: 'handover offer', positionals: ['incident', 'to', 'roles...'] },
  }),
  'handover.accept': command({
    title: 'Take over what you were asked to',
    input: HandoverKey,
    output: HandoverView,
    capability: 'declare',
    cli: { verb: 'handover accept', positionals: ['incident', 'handover'] },
  }),
  'handover.decline': command({
    title: 'Decline to take over',
    input: HandoverKey,
    output: HandoverView,
    capability: 'declare',
    cli: { verb: 'handover decline', positionals: ['incident', 'reason...'] },
  }),
  'handover.cancel': command({
    title: 'Take back the offer of a handover',
    input: HandoverKey,
    output: HandoverView,
    capability: 'command',
    cli: { verb: 'handover cancel', positionals: ['incident', 'reason...'] },
  }),
  'handover.plan': query({
    title: 'What a shift would hand over',
    input: EndShift,
    output: ShiftPlan,
    cli: { verb: 'handover plan', positionals: ['person'] },
  }),
  'handover.shift': command({
    title: 'Hand over at the end of a shift',
    input: EndShift,
    output: z.object({ offered: z.array(HandoverView), left: z.array(ShiftPlan.shape.lines.element) }),
    capability: 'command',
    cli: {
      verb: 'handover shift',
      positionals: ['person'],
      help: 'Offer all roles and asks of somebody, or of a time zone, to the incoming shift',
    },
  }),
  'person.away': command({
    title: 'Say until when somebody is away',
    input: GoAway,
    output: z.object({ person: Named, until: Time }),
    capability: 'declare',
    cli: { verb: 'person away', positionals: ['person', 'until', 'reason...'] },
  }),
  'person.back': command({
    title: 'Say that somebody is back',
    input: z.strictObject({ person: EntityId, reason }),
    output: Ok,
    capability: 'declare',
    cli: { verb: 'person back', positionals: ['person', 'reason...'] },
  }),
  'incident.affect': command({
    title: 'Add what an incident affects',
    input: ByIncident.extend({
      services: z.array(EntityId).max(1000).default([]),
      businessServices: z.array(EntityId).max(200).default([]),
    }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident affect', positionals: ['incident', 'services...'] },
  }),
  'incident.unaffect': command({
    title: 'Remove what an incident affects',
    input: ByIncident.extend({
      services: z.array(EntityId).max(1000).default([]),
      businessServices: z.array(EntityId).max(200).default([]),
    }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident unaffect', positionals: ['incident', 'services...'] },
  }),
  'incident.started': command({
    title: 'Correct when an incident started',
    input: ByIncident.extend({ startedAt: Time, reason }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident started', positionals: ['incident', 'startedAt', 'reason...'] },
  }),
  'incident.say': command({
    title: 'Write in the timeline',
    input: ByIncident.extend({ text, eventTime: Time.optional() }),
    output: z.object({ entry: z.string() }),
    capability: 'declare',
    cli: { verb: 'incident say', positionals: ['incident', 'text...'] },
  }),
  'incident.decide': command({
    title: 'Record a decision',
    input: ByIncident.extend({
      /** May be left out with a proposal, whose words it then takes. */
      text: text.optional(),
      reason,
      proposal: EntityId.optional(),
      eventTime: Time.optional(),
    }),
    output: z.object({ entry: z.string() }),
    capability: 'command',
    cli: { verb: 'incident decide', positionals: ['incident', 'text...'] },
  }),
  'incident.propose': command({
    title: 'Ask for strong objections before deciding',
    input: ByIncident.extend({ text, reason, ask: z.array(EntityId).min(1).max(50) }),
    output: z.object({ proposal: z.string() }),
    capability: 'command',
    cli: { verb: 'incident propose', positionals: ['incident', 'text...'] },
  }),
  'incident.object': command({
    title: 'Answer whether somebody objects',
    input: ByIncident.extend({
      proposal: EntityId.optional(),
      /** Everybody who has not answered yet when it is left out. */
      person: EntityId.optional(),
      /** None when it is left out. */
      objection: text.optional(),
    }),
    output: Ok,
    capability: 'declare',
    cli: { verb: 'incident object', positionals: ['incident', 'person', 'objection...'] },
  }),
  'incident.drop': command({
    title: 'Drop a proposal',
    input: ByIncident.extend({ proposal: EntityId.optional(), reason }),
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident drop', positionals: ['incident', 'reason...'] },
  }),
  conflicts: query({
    title: 'What is contested',
    input: ListConflicts,
    output: ConflictList,
    cli: {
      verb: 'conflicts',
      positionals: ['incident'],
      help: 'What consoles said apart from each other, side by side, until somebody keeps one answer',
    },
  }),
  'conflict.settle': command({
    title: 'Keep one of several answers',
    input: SettleConflict,
    output: ConflictSettled,
    capability: 'command',
    cli: {
      verb: 'conflict settle',
      positionals: ['keep', 'reason...'],
      help: 'Keep one answer of a conflict, by the op that `conflicts` shows beside it',
    },
  }),
  'incident.undo': command({
    title: 'Take back what you did last',
    input: ByIncident,
    output: z.object({ entry: z.string(), text: z.string() }),
    capability: 'declare',
    cli: {
      verb: 'incident undo',
      positionals: ['incident'],
      help: 'Take back what you did in the last minute, by an op that gives back what was before',
    },
  }),
  'incident.correct': command({
    title: 'Correct a timeline entry',
    input: ByIncident.extend({
      entry: z.string().min(6).max(43),
      eventTime: Time.optional(),
      text: text.optional(),
      reason,
    }),
    output: Ok,
    capability: 'declare',
    cli: { verb: 'incident correct', positionals: ['incident', 'entry'] },
  }),
  'incident.ask': command({
    title: 'Ask somebody to do something',
    input: ByIncident.extend({
      text,
      /** A person, or a team: then who is on call for it, or leads it in this incident. */
      owner: EntityId.nullable().default(null),
      minutes: z.number().positive().max(100_000).nullable().default(null),
      /** A team of the incident. */
      team: EntityId.optional(),
    }),
    /** Who has it: of a team, the one who is on call. */
    output: z.object({ ask: z.string(), owner: Named.nullable() }),
    capability: 'declare',
    cli: { verb: 'incident ask', positionals: ['incident', 'text...'] },
  }),
  'incident.ask.change': command({
    title: 'Change an ask',
    input: ByIncident.extend({
      ask: EntityId,
      state: AskState.optional(),
      owner: EntityId.nullable().optional(),
      minutes: z.number().positive().max(100_000).nullable().optional(),
      text: text.optional(),
      team: EntityId.nullable().optional(),
      note: z.string().trim().max(20_000).optional(),
    }),
    output: Ok,
    capability: 'declare',
    cli: { verb: 'incident answer', positionals: ['incident', 'ask', 'state'] },
  }),
  'update.list': query({
    title: 'Updates',
    input: ByIncident,
    output: UpdatesView,
    cli: { verb: 'update list', positionals: ['incident'], help: 'Who hears when, drafts, and what went out' },
  }),
  'update.draft': query({
    title: 'Draft an update',
    input: ForAudience,
    output: LiveDraft,
    cli: { verb: 'update draft', positionals: ['incident', 'audience'], help: 'The words that the facts make now' },
  }),
  'update.save': command({
    title: 'Save the words of an update',
    input: SaveUpdate,
    output: z.object({ update: z.string() }),
    capability: 'declare',
    cli: { verb: 'update save', positionals: ['incident', 'audience', 'text'] },
  }),
  'update.review': command({
    title: 'Say who read an update',
    input: ReviewUpdate,
    output: z.object({ update: z.string() }),
    capability: 'declare',
    cli: { verb: 'update review', positionals: ['incident', 'audience', 'person'] },
  }),
  'update.send': command({
    title: 'Send an update',
    input: SendUpdate,
    output: Delivered,
    capability: 'declare',
    cli: {
      verb: 'update send',
      positionals: ['incident', 'audience', 'channel'],
      help: 'Log an update as copied, printed or read-out, or hand it to delivery',
    },
  }),
  'update.deliver': command({
    title: 'Deliver an update that waits',
    input: ByUpdate,
    output: Delivered,
    capability: 'declare',
    cli: {
      verb: 'update deliver',
      positionals: ['incident', 'update'],
      help: 'Say that a waiting update is still true, and deliver it',
    },
  }),
  'update.withdraw': command({
    title: 'Withdraw an update that waits',
    input: WithdrawUpdate,
    output: Ok,
    capability: 'declare',
    cli: { verb: 'update withdraw', positionals: ['incident', 'update', 'reason'] },
  }),
  'update.print': command({
    title: 'Write an update on a sheet',
    input: PrintSheet.extend({ audience: z.string().trim().min(1).max(40) }),
    output: Printed,
    capability: 'read',
    audited: false,
    cli: { verb: 'update print', positionals: ['incident', 'audience', 'to'] },
  }),
  'handover.print': command({
    title: 'Print a handover',
    input: PrintSheet,
    output: Printed,
    capability: 'read',
    audited: false,
    cli: {
      verb: 'handover print',
      positionals: ['incident', 'to'],
      help: 'State, roles, asks, decisions, runbooks, next updates and telephone numbers on paper',
    },
  }),
  calltree: query({
    title: 'Call tree',
    input: ByIncident,
    output: CallTree,
    cli: { verb: 'calltree', positionals: ['incident'], help: 'Whom to call, with telephone numbers and local times' },
  }),
  'calltree.print': command({
    title: 'Print a call tree',
    input: PrintSheet,
    output: Printed,
    capability: 'read',
    audited: false,
    cli: { verb: 'calltree print', positionals: ['incident', 'to'] },
  }),
  'update.endpoint': command({
    title: 'Say where updates are delivered',
    input: SetUpdateEndpoint,
    output: Ok,
    capability: 'manage-console',
    audited: false,
    cli: {
      verb: 'update endpoint',
      positionals: ['audience', 'url'],
      help: 'Where this console delivers the updates of an audience',
    },
  }),
  'incident.run': command({
    title: 'Start a runbook',
    input: ByIncident.extend({ runbook: EntityId }),
    output: z.object({ run: z.string() }),
    capability: 'declare',
    cli: { verb: 'incident run', positionals: ['incident', 'runbook'] },
  }),
  'incident.step': command({
    title: 'Set the state of a runbook step',
    input: ByIncident.extend({
      run: EntityId.optional(),
      step: EntityId,
      state: StepState,
      reason,
      /** Of a decision that is done: the step that its branch leads to, `end`, or the words of the branch. */
      branch: z.string().min(1).max(500).optional(),
      /** What is attached: "queue depth: 412", or the figure alone when one piece is wanted. */
      evidence: z.array(z.string().trim().min(1).max(20_000)).max(20).optional(),
      /** Goes past a reach guard, a waiting time or missing evidence; wants a reason. */
      overrule: z.boolean().optional(),
    }),
    output: z.object({ next: z.string().nullable() }),
    capability: 'declare',
    cli: {
      verb: 'incident step',
      positionals: ['incident', 'step', 'state', 'reason...'],
      help: 'Set the state of a step; --branch of a decision, --evidence, --overrule a guard with a reason',
    },
  }),
  'incident.run.diff': query({
    title: 'What a newer runbook changes',
    input: ByIncident.extend({ run: EntityId }),
    output: RunDiff,
    cli: { verb: 'incident run-diff', positionals: ['incident', 'run'] },
  }),
  'incident.run.approvers': query({
    title: 'Who may approve a step of a runbook',
    input: ByIncident.extend({ run: EntityId, step: EntityId }),
    output: StepApprovers,
    cli: { verb: 'incident run-approvers', positionals: ['incident', 'run', 'step'] },
  }),
  'incident.run.renew': command({
    title: 'Go on with the newer runbook',
    input: ByIncident.extend({ run: EntityId }),
    output: z.object({ run: z.string(), carried: z.int() }),
    capability: 'declare',
    cli: {
      verb: 'incident run-renew',
      positionals: ['incident', 'run'],
      help: 'Go on with the text that is on disk now; steps that are the same keep how they ended',
    },
  }),
  'incident.run.end': command({
    title: 'End a runbook',
    input: ByIncident.extend({ run: EntityId, reason: text }),
    output: Ok,
    capability: 'declare',
    cli: { verb: 'incident run-end', positionals: ['incident', 'run', 'reason...'] },
  }),

  'incident.restoration': query({
    title: 'Restoration plan',
    input: ByIncident,
    output: RestorationView,
    cli: {
      verb: 'restoration show',
      positionals: ['incident'],
      help: 'In which order what is unhealthy comes back, why, and how far it is',
    },
  }),
  'restoration.adopt': command({
    title: 'Adopt the restoration plan',
    input: AdoptRestoration,
    output: z.object({ plan: z.string(), items: z.int() }),
    capability: 'command',
    cli: {
      verb: 'restoration adopt',
      positionals: ['incident'],
      help: 'Work by the plan that is proposed now, or take what changed into the one that was adopted',
    },
  }),
  'restoration.step': command({
    title: 'Set the state of a restoration item',
    input: StepRestoration,
    output: Ok,
    capability: 'declare',
    cli: {
      verb: 'restoration step',
      positionals: ['incident', 'item', 'state', 'reason...'],
      help: 'An item, or one of its services, is waiting, working, verified or skipped',
    },
  }),
  'degraded.list': query({
    title: 'Degraded modes',
    input: ListDegraded,
    output: DegradedView,
    cli: {
      verb: 'degraded list',
      positionals: ['incident'],
      help: 'What is given up on purpose: what is on, what signals call for, and what was',
    },
  }),
  'degraded.start': command({
    title: 'Start a degraded mode',
    input: StartDegraded,
    output: Named,
    capability: 'command',
    cli: {
      verb: 'degraded start',
      positionals: ['incident', 'mode', 'reason...'],
      help: 'Give something up on purpose; without a reason only what is proposed',
    },
  }),
  'degraded.assign': command({
    title: 'Say who answers for a degraded mode',
    input: AssignDegraded,
    output: Named,
    capability: 'command',
    cli: { verb: 'degraded assign', positionals: ['incident', 'mode', 'owner', 'reason...'] },
  }),
  'degraded.end': command({
    title: 'End a degraded mode',
    input: EndDegraded,
    output: Named,
    capability: 'command',
    cli: {
      verb: 'degraded end',
      positionals: ['incident', 'mode', 'reason...'],
      help: 'Switch back; before the exit criteria are met with a reason',
    },
  }),
  'degraded.dismiss': command({
    title: 'Turn down a degraded mode',
    input: DismissDegraded,
    output: Named,
    capability: 'command',
    cli: {
      verb: 'degraded dismiss',
      positionals: ['incident', 'mode', 'reason...'],
      help: 'Say no to a proposal; it comes again when its signals were well in between',
    },
  }),
  'incident.cleanup': query({
    title: 'Cleanup',
    input: ByIncident,
    output: CleanupView,
    cli: {
      verb: 'cleanup list',
      positionals: ['incident'],
      help: 'What an incident left to be put right, and what the facts propose',
    },
  }),
  'cleanup.add': command({
    title: 'Add something to clean up',
    input: AddCleanup,
    output: z.object({ item: z.string() }),
    capability: 'declare',
    cli: {
      verb: 'cleanup add',
      positionals: ['incident', 'title...'],
      help: 'Add a counted item; --proposal KEY takes one that the facts propose',
    },
  }),
  'cleanup.change': command({
    title: 'Change a cleanup item',
    input: ChangeCleanup,
    output: Ok,
    capability: 'declare',
    cli: { verb: 'cleanup change', positionals: ['incident', 'item'], help: 'Count, owner, due, evidence, value' },
  }),
  'cleanup.state': command({
    title: 'Set the state of a cleanup item',
    input: SetCleanup,
    output: Ok,
    capability: 'declare',
    cli: {
      verb: 'cleanup state',
      positionals: ['incident', 'item', 'state', 'reason...'],
      help: 'An item is open again, or is being worked on',
    },
  }),
  'cleanup.done': command({
    title: 'Reconcile a cleanup item',
    input: DoneCleanup,
    output: z.object({ remaining: z.int() }),
    capability: 'declare',
    cli: {
      verb: 'cleanup done',
      positionals: ['incident', 'item', 'reason...'],
      help: 'All of it, or --reconciled N --writtenOff N of it, is put right',
    },
  }),
  'cleanup.accept': command({
    title: 'Accept what stays open',
    input: AcceptCleanup,
    output: Ok,
    capability: 'command',
    cli: {
      verb: 'cleanup accept',
      positionals: ['incident', 'item', 'person', 'reason...'],
      help: 'Somebody answers by name for what stays open; person "-" takes it back',
    },
  }),
  'incident.workspace': query({
    title: 'The first fifteen minutes',
    input: ByIncident,
    output: WorkspaceView,
    cli: {
      verb: 'incident workspace',
      positionals: ['incident'],
      help: 'Everything that a commander would gather first: whom to call, what changed, what resembles it, what to do',
    },
  }),
  'suggestion.take': command({
    title: 'Do what is suggested',
    input: TakeSuggestion,
    output: z.object({ title: z.string(), did: z.string() }),
    capability: 'command',
    cli: {
      verb: 'suggestion take',
      positionals: ['incident', 'kind', 'key'],
      help: 'Do what is suggested, and record that it was',
    },
  }),
  'suggestion.settle': command({
    title: 'Take or dismiss a suggestion',
    input: SettleSuggestion,
    output: Ok,
    capability: 'command',
    cli: {
      verb: 'suggestion settle',
      positionals: ['incident', 'kind', 'key', 'verdict', 'reason...'],
      help: 'Record what was made of a suggestion, by the facts that it was shown with',
    },
  }),

  'change.record': command({
    title: 'Record a change',
    input: z.strictObject({
      title: z.string().trim().min(1).max(500),
      services: z.array(EntityId).max(1000).default([]),
      kind: ChangeKind.default('deployment'),
      by: z.string().max(200).optional(),
      url: z.string().max(2000).optional(),
      eventTime: Time.optional(),
    }),
    output: Named,
    capability: 'declare',
    cli: {
      verb: 'change add',
      positionals: ['title...'],
      help: 'Record a change: a deployment, configuration, feature flag, scaling, vendor maintenance',
    },
  }),
  cause: query({
    title: 'Probable causes',
    input: CauseInput,
    output: Causes,
    cli: {
      verb: 'cause',
      positionals: ['incident'],
      help: 'Rank what probably started it, with reasons; of one incident, or of all that is sick now',
    },
  }),
  'incident.cause': command({
    title: 'Confirm or rule out a cause',
    input: JudgeCause,
    output: Ok,
    capability: 'command',
    cli: { verb: 'incident cause', positionals: ['incident', 'service', 'verdict', 'reason...'] },
  }),
  impact: query({
    title: 'What it costs',
    input: ImpactInputs,
    output: Impact,
    cli: { verb: 'impact', help: 'What is lost per minute and so far, with the reasons and inputs of every figure' },
  }),
  'impact.curve': query({
    title: 'Actual against usual',
    input: CurveInput,
    output: CurveView,
    cli: { verb: 'curve', positionals: ['businessService'] },
  }),
  search: query({
    title: 'Search everything',
    input: SearchInput,
    output: SearchResult,
    cli: { verb: 'search', positionals: ['text...'] },
  }),
  'record.show': query({ title: 'The record', input: Empty, output: RecordView, cli: { verb: 'record' } }),
  'record.verify': command({
    title: 'Verify the record',
    input: Empty,
    output: VerifyView,
    capability: 'read',
    audited: false,
    cli: { verb: 'verify' },
  }),
  'backup.create': command({
    title: 'Back up now',
    input: Empty,
    output: BackupView,
    capability: 'manage-console',
    cli: { verb: 'backup' },
  }),
  'backup.plan': command({
    title: 'Set where and how often backups are made',
    input: z.strictObject({
      /** A folder on this machine, such as a second disk; null for the data folder's own. */
      directory: z.string().min(1).max(4096).nullable().optional(),
      /** 0: no schedule. */
      everyMinutes: z.int().min(0).max(10_080).optional(),
    }),
    output: z.object({ directory: z.string().nullable(), everyMinutes: z.int() }),
    capability: 'manage-console',
    cli: { verb: 'backup plan' },
  }),
  'backup.preview': query({
    title: 'Preview a restoration',
    input: z.strictObject({ backup: z.string().min(1).max(4096) }),
    capability: 'manage-console',
    output: RestoreView,
    cli: { verb: 'preview restore', positionals: ['backup'] },
  }),
  'backup.restore': command({
    title: 'Restore from a backup',
    input: z.strictObject({ backup: z.string().min(1).max(4096) }),
    /** The engine starts again to do it; what was done is then in `record.show`. */
    output: z.object({ restarting: z.literal(true) }),
    capability: 'manage-console',
    cli: { verb: 'restore', positionals: ['backup'] },
  }),
  'incident.export': command({
    title: 'Export an incident',
    input: ExportIncident,
    output: Exported,
    capability: 'read',
    audited: false,
    cli: {
      verb: 'export incident',
      positionals: ['incident'],
      help: 'Write an incident as a document: md, html, pdf, csv or json',
    },
  }),
  'incident.import': command({
    title: 'Import an incident',
    input: ImportIncident,
    output: ImportedIncident,
    capability: 'manage-console',
    cli: {
      verb: 'import incident',
      positionals: ['file'],
      help: 'Take an incident from its JSON export, after checking its signatures',
    },
  }),
  'bundle.export': command({
    title: 'Export a bundle',
    input: ExportBundle,
    output: ExportedBundle,
    capability: 'read',
    audited: false,
    cli: {
      verb: 'bundle export',
      positionals: ['to'],
      help: 'Write everything, one incident, or what came since an earlier bundle into one signed file',
    },
  }),
  'bundle.import': command({
    title: 'Import a bundle',
    input: BundleFile,
    output: ImportedBundle,
    capability: 'manage-console',
    cli: {
      verb: 'bundle import',
      positionals: ['file'],
      help: 'Take the ops of a bundle; taking it again changes nothing',
    },
  }),
  'bundle.inspect': query({
    title: 'Look into a bundle',
    input: BundleFile,
    capability: 'manage-console',
    output: BundleInspection,
    cli: {
      verb: 'bundle inspect',
      positionals: ['file'],
      help: 'Check a bundle and say what is in it, without taking anything',
    },
  }),
  rebuild: command({
    title: 'Rebuild the tables from the log',
    input: Empty,
    output: z.object({ ops: z.int(), ms: z.number(), hash: z.string(), same: z.boolean() }),
    capability: 'manage-console',
    cli: { verb: 'rebuild' },
  }),
} as const;

export type Table = typeof table;
export type Name = keyof Table;
export type CommandName = { [K in Name]: Table[K]['kind'] extends 'command' ? K : never }[Name];
export type QueryName = { [K in Name]: Table[K]['kind'] extends 'query' ? K : never }[Name];
/** What a caller may pass (defaults not yet filled in). */
export type Input<K extends Name> = z.input<Table[K]['input']>;
/** What a handler gets. */
export type Parsed<K extends Name> = z.output<Table[K]['input']>;
export type Output<K extends Name> = z.output<Table[K]['output']>;

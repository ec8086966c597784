import { describe, expect, it } from 'vitest';
import { parseAuthority } from '../../shared/domain/actions/authority.ts';
import { parseTemplates } from '../../shared/domain/actions/catalog.ts';
import { mayNotApprove, needOf, type Approver } from '../../shared/domain/actions/guard.ts';
import { redact, secretsOf } from '../../shared/domain/actions/redact.ts';
import {
  fold,
  mayNotRun,
  ofEarlierRound,
  standingApprovals,
  type ActionFact,
} from '../../shared/domain/actions/state.ts';
import { headersOf, inputsOf, parseHttp, render } from '../../shared/domain/actions/template.ts';

const block = `POST {{endpoint.deployer}}/services/{{service}}/rollbacks?by={{input.who}}
x-incident: {{incident.label}} {{incident.title}}

{"to": "{{input.release}}", "copies": {{input.copies}}, "key": "{{key}}"}`;

const values = {
  'incident.label': 'INC-0042',
  'incident.title': 'Checkout failing',
  service: 'checkout-api',
  key: 'k-1',
  'input.who': 'ana',
  'input.release': '4.17.2',
  'input.copies': '12',
};

function made(change: Record<string, string> = {}) {
  const { template, problems } = parseHttp(block);
  expect(problems).toEqual([]);
  return render(template!, { ...values, ...change });
}

describe('the text of a request', () => {
  it('is filled in, each value as its place wants it', () => {
    expect(made()).toEqual({
      method: 'POST',
      endpoint: 'deployer',
      path: '/services/checkout-api/rollbacks?by=ana',
      headers: [['x-incident', 'INC-0042 Checkout failing']],
      body: '{"to": "4.17.2", "copies": 12, "key": "k-1"}',
    });
    expect(inputsOf(parseHttp(block).template!)).toEqual(['who', 'release', 'copies']);
  });

  it('lets no value become more than a value', () => {
    const hostile = made({
      service: 'a/../../admin?x=1#y',
      'input.who': 'a&role=root#',
      'incident.title': 'x',
      'input.release': '"}, "admin": true, "x": "\\',
      'input.copies': '1, "admin": true',
    });
    if (typeof hostile === 'string') throw new Error(hostile);
    expect(hostile.path).toBe('/services/a%2F..%2F..%2Fadmin%3Fx%3D1%23y/rollbacks?by=a%26role%3Droot%23');
    expect(JSON.parse(hostile.body)).toEqual({
      to: '"}, "admin": true, "x": "\\',
      copies: '1, "admin": true',
      key: 'k-1',
    });
  });

  it.each([
    ['a line break in a header', { 'incident.title': 'x\r\nauthorization: Bearer stolen' }, 'has a line break'],
    ['a path that climbs', { service: '..' }, 'would lead to another path'],
    ['a path that climbs by halves', { service: '.' }, 'would lead to another path'],
    ['nothing where something stands in the path', { service: '' }, 'there is no service'],
    ['nothing filled in', { 'input.release': '' }, 'release is not filled in'],
    ['broken text', { 'input.release': '\ud800' }, 'no well-formed text'],
  ])('refuses %s in one sentence', (_, change, sentence) => {
    expect(made(change)).toContain(sentence);
  });

  it('carries letters beyond ASCII in headers and leaves them in JSON', () => {
    const request = made({ 'incident.title': 'Käse fehlt', 'input.release': 'Käse' });
    if (typeof request === 'string') throw new Error(request);
    expect(request.headers[0]![1]).toBe('INC-0042 K%C3%A4se fehlt');
    expect(JSON.parse(request.body)).toMatchObject({ to: 'Käse' });
    expect(headersOf(request).at(-1)).toEqual(['content-type', 'application/json']);
  });

  it.each([
    ['GET /x', 1, 'wants a method and an endpoint'],
    ['POST https://evil.example/x', 1, 'wants a method and an endpoint'],
    ['POST {{endpoint.a}}@evil.example/x', 1, 'begins with a slash'],
    ['FETCH {{endpoint.a}}/x', 1, 'is none of GET'],
    ['POST {{endpoint.a}}/x\nauthorization: Bearer abc', 2, 'the credential belongs to the endpoint'],
    ['POST {{endpoint.a}}/x\nidempotency-key: 1', 2, 'the console sends its own'],
    ['POST {{endpoint.a}}/x\nno header', 2, 'A header is a name'],
    ['POST {{endpoint.a}}/x/{{secrets.all}}', 1, 'is no value'],
    ['POST {{endpoint.a}}/x/{{service}', 1, 'this one is broken'],
    ['POST {{endpoint.a}}/x\ncontent-type: text/plain\n\n{{incident.title}}', 4, 'JSON or of a form'],
    ['POST {{endpoint.a}}/x\n\n{"a": {{input.b}', 3, 'broken'],
    ['POST {{endpoint.a}}/x\n\n{"a": }', 3, 'no JSON'],
  ])('%j is refused with its line', (text, line, sentence) => {
    const { template, problems } = parseHttp(text);
    expect(template).toBeNull();
    expect(problems.find((one) => one.message.includes(sentence))?.line).toBe(line);
  });
});

describe('a file of actions', () => {
  it('keeps what is right and names what is wrong by line and field', () => {
    const { templates, problems } = parseTemplates(
      'x.yaml',
      `actions:
  - id: ok
    title: Pause
    effect: It pauses.
    risk: low
    reversible: true
    http: |
      POST {{endpoint.a}}/pause
  - id: bad
    title: Replay
    effect: It replays.
    risk: low
    reversible: true
    timeout: soon
    http: |
      POST {{endpoint.a}}/replay
      cookie: x
`,
    );
    expect(templates.map(({ id }) => id)).toEqual(['ok']);
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [17, 'bad.http'],
      [14, 'bad.timeout'],
    ]);
  });
});

const authority = parseAuthority(
  'authority.yaml',
  `approvalMinutes: 15
rules:
  payment-flow: { roles: [commander], teams: [payments], people: [mo] }
`,
).authority!;

describe('the guard', () => {
  const low = { risk: 'low', reversible: true, reach: { limit: null, services: null } } as const;
  it.each([
    ['low risk that can be undone', low, 'none'],
    ['what stays within its reach', { ...low, reach: { limit: 5, services: 5 } }, 'none'],
    ['what reaches further', { ...low, reach: { limit: 5, services: 6 } }, 'reversible'],
    ['what reaches nobody knows what', { ...low, reach: { limit: 5, services: null } }, 'reversible'],
    ['what cannot be undone', { ...low, reversible: false }, 'critical'],
    ['what nobody says can be undone', { ...low, reversible: null }, 'critical'],
    ['data integrity', { ...low, risk: 'data-integrity' }, 'critical'],
    ['the payment flow', { ...low, risk: 'payment-flow' }, 'critical'],
    ['across regions', { ...low, risk: 'cross-region' }, 'critical'],
  ] as const)('asks for %s', (_, guarded, approval) => {
    expect(needOf(guarded).approval).toBe(approval);
  });

  const need = needOf({ ...low, risk: 'payment-flow' });
  const li: Approver = {
    actor: 'li',
    standing: { person: 'li', roles: ['commander'], teams: [] },
    capabilities: new Set(['approve-reversible', 'approve-critical']),
  };
  it('takes no approval for what needs none', () => {
    expect(mayNotApprove(li, ['raj'], needOf(low), authority)).toMatch(/needs no approval/);
  });
  it('lets those approve whom the policy names, by role, team or name', () => {
    expect(mayNotApprove(li, ['raj'], need, authority)).toBeNull();
    const by = (person: string, teams: string[]) => ({ ...li, actor: person, standing: { person, roles: [], teams } });
    expect(mayNotApprove(by('jo', ['payments']), ['raj'], need, authority)).toBeNull();
    expect(mayNotApprove(by('mo', []), ['raj'], need, authority)).toBeNull();
    expect(mayNotApprove(by('jo', ['web']), ['raj'], need, authority)).toContain('you are none of them');
  });
  it('never lets whoever proposed it, however high', () => {
    expect(mayNotApprove(li, ['raj', 'li'], need, authority)).toContain('a second person');
  });
  it('wants the capability', () => {
    expect(mayNotApprove({ ...li, capabilities: new Set(['approve-reversible']) }, ['raj'], need, authority)).toContain(
      '"approve-critical"',
    );
  });
  it('wants a person of the estate', () => {
    expect(mayNotApprove({ ...li, standing: null }, ['raj'], need, authority)).toContain('a person of the estate');
  });
  it('lets nobody approve what the policy leaves open', () => {
    const data = needOf({ ...low, risk: 'data-integrity' });
    expect(mayNotApprove(li, ['raj'], data, authority)).toContain('lets nobody approve');
    const { problems } = parseAuthority('a.yaml', 'approvalMinutes: 15\nrules: {}\n');
    expect(problems.filter(({ severity }) => severity === 'warning')).toHaveLength(5);
  });
  it('names a mistake of the policy by its line', () => {
    const { authority: none, problems } = parseAuthority('a.yaml', 'approvalMinutes: 0\nrules:\n  low: {}\n');
    expect(none).toBeNull();
    expect(problems.map(({ line }) => line)).toEqual([1, 3]);
  });
});

describe('what becomes of an action', () => {
  const bound = { proposers: ['raj'], hash: 'h1' };
  const at = { now: 1000, reach: 'r1', live: new Set<string>(), console: 'here' };
  let n = 0;
  const fact = (kind: ActionFact['do'], more: Partial<ActionFact> = {}): ActionFact => {
    n++;
    return { do: kind, op: `o${n}`, by: 'li', console: 'here', hlc: String(1000 + n), at: 500, ...more };
  };
  const approve = (more: Partial<ActionFact> = {}) =>
    fact('approve', { hash: 'h1', reach: 'r1', expiresAt: 2000, ...more });
  const run = (attempt: string, more: Partial<ActionFact> = {}) => fact('run', { attempt, ...more });
  const outcome = (attempt: string, state: ActionFact['state']) =>
    fact('outcome', { attempt, ...(state ? { state } : {}) });

  it('is approved by another person, for this request, for a while', () => {
    expect(fold(bound, [approve()], at).state).toBe('approved');
    expect(fold(bound, [], at).state).toBe('proposed');
  });
  it.each([
    ['by whoever proposed it', { by: 'raj' }],
    ['for another request', { hash: 'h2' }],
    ['that expired', { expiresAt: 1000 }],
    ['that never says until when', { expiresAt: undefined }],
    ['for another reach', { reach: 'r2' }],
  ] as [string, Partial<ActionFact>][])('counts no approval %s', (_, more) => {
    const folded = fold(bound, [approve(more)], at);
    expect(folded.state).toBe('proposed');
    expect(folded.approvals[0]!.void).not.toBeNull();
  });
  it('counts no approval beside a refusal, whichever came first', () => {
    const facts = [fact('refuse', { reason: 'no' }), approve()];
    expect(fold(bound, facts, at).state).toBe('refused');
    expect(fold(bound, facts.toReversed(), at).state).toBe('refused');
  });
  it('counts a person once', () => {
    expect(standingApprovals(fold(bound, [approve(), approve(), approve({ by: 'mo' })], at))).toHaveLength(2);
  });
  it('is unknown when this console began it and stopped', () => {
    expect(fold(bound, [approve(), run('t1')], at).state).toBe('unknown');
    expect(fold(bound, [approve(), run('t1')], { ...at, live: new Set(['t1']) }).state).toBe('running');
    expect(fold(bound, [approve(), run('t1', { console: 'there' })], at).state).toBe('running');
  });
  it('stays done when a later attempt failed, and unknown when a later one did not leave', () => {
    expect(fold(bound, [run('t1'), outcome('t1', 'done'), run('t2'), outcome('t2', 'failed')], at).state).toBe('done');
    expect(fold(bound, [run('t1'), outcome('t1', 'unknown'), run('t2'), outcome('t2', 'waiting')], at).state).toBe(
      'unknown',
    );
  });
  it('is what a person found out, until it is tried again', () => {
    const facts = [run('t1'), outcome('t1', 'unknown'), fact('settle', { state: 'failed', reason: 'looked' })];
    expect(fold(bound, facts, at).state).toBe('failed');
    expect(fold(bound, [...facts, run('t2'), outcome('t2', 'unknown')], at).state).toBe('unknown');
  });
  it('belongs to an earlier round of a loop once its step was opened or begun again', () => {
    const of = (state: string, at: number | null) => ofEarlierRound({ state, at }, 1000);
    expect([of('open', 1000), of('open', 999), of('open', null)]).toEqual([true, false, false]);
    // A step is begun with the request itself, before that is done.
    expect([of('doing', 1001), of('doing', 1000), of('done', 1001)]).toEqual([true, false, false]);
    expect(ofEarlierRound({ state: 'open', at: 1000 }, null)).toBe(false);
  });
  it('waits since it first could not leave', () => {
    const facts = [run('t1'), outcome('t1', 'waiting'), run('t2'), outcome('t2', 'waiting')];
    expect(fold(bound, facts, at).waiting?.op).toBe(facts[1]!.op);
  });

  const may = { state: 'approved', approvals: 1, wanted: 1, sameRequest: true, again: false } as const;
  it.each([
    ['with its approval', may, null],
    ['without one', { ...may, approvals: 0 }, 'needs an approval'],
    ['with one of two', { ...may, wanted: 2 }, 'needs 2 approvals'],
    ['to another address', { ...may, sameRequest: false }, 'The address of its endpoint'],
    ['low risk', { ...may, state: 'proposed', approvals: 0, wanted: 0 }, null],
    ['after a lost answer', { ...may, state: 'unknown' }, 'it may have happened'],
    ['after a wait', { ...may, state: 'waiting' }, 'It waited'],
    ['after a failure', { ...may, state: 'failed' }, 'It failed'],
    ['after a lost answer, said again', { ...may, state: 'unknown', again: true }, null],
    [
      'after a wait whose approval expired, said again',
      { ...may, state: 'waiting', approvals: 0, again: true },
      'needs an approval',
    ],
    ['twice', { ...may, state: 'done', again: true }, 'done already'],
    ['while it runs', { ...may, state: 'running', again: true }, 'It is running'],
    ['when refused', { ...may, state: 'refused', again: true }, 'refused'],
  ] as const)('runs %s?', (_, check, why) => {
    const said = mayNotRun(check);
    if (why === null) expect(said).toBeNull();
    else expect(said).toContain(why);
  });
});

describe('an answer for the log', () => {
  it('loses secrets, cards and what hides', () => {
    const secrets = secretsOf('ops:hunter22', 'Basic b3BzOmh1bnRlcjIy');
    const text = redact(
      '{"you":"Basic b3BzOmh1bnRlcjIy","pw":"hunter22","access_token":"abc\\"def","pan":"4111 1111 1111 1111","order":"1234567890123","x":"\u202egnp"}',
      secrets,
      1000,
    );
    for (const gone of ['hunter22', 'b3BzOmh1bnRlcjIy', 'abc', '4111', '\u202e']) expect(text).not.toContain(gone);
    expect(text).toContain('1234567890123');
    expect(redact('\0\u0001binary', [], 100)).toBe('Not text.');
    expect(redact('x'.repeat(5000), [], 4000)).toHaveLength(4000);
  });
});

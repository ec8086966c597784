import { describe, expect, it } from 'vitest';
import { parseRunbook, pinned } from '../../shared/domain/runbook/runbook.ts';
import { canonical } from '../../shared/ops/canonical.ts';
import { MAX_PAYLOAD } from '../../shared/ops/op.ts';
import { OP_TYPES } from '../../shared/ops/types.ts';
import { places } from '../support/catalog.ts';

const GOOD = `---
id: checkout-slowdown
title: Checkout is slow
version: 1.10
summary: Customers wait.
match:
  services: [Checkout-API]
  kinds: [database]
  text: Checkout
owner: operations
minutes: 45
---
Read this first.

## 1. Take command {#command type=manual role=commander minutes=1 reversible=yes}

Say it aloud.

\`\`\`sh
## not a step {#no}
\`\`\`

### A part of the step

## Background

Not a step.

## 2. Fail over? {#fail-over type=decision role=operations minutes=2.5 reversible=no guard="queue > 5000"}

## 3) Wait
`;

describe('a runbook', () => {
  it('is read with its steps', () => {
    const { steps, problems, ...runbook } = parseRunbook('checkout.md', GOOD);
    expect(runbook).toEqual({
      id: 'checkout-slowdown',
      title: 'Checkout is slow',
      version: '1.10',
      summary: 'Customers wait.',
      owner: 'operations',
      minutes: 45,
      match: {
        services: ['checkout-api'],
        kinds: ['database'],
        domains: [],
        businessServices: [],
        text: ['checkout'],
        changes: [],
      },
      body: 'Read this first.\n\n## Background\n\nNot a step.',
    });
    expect(steps.map(({ body: _body, ...step }) => step)).toEqual([
      {
        id: 'command',
        title: 'Take command',
        type: 'manual',
        role: 'commander',
        minutes: 1,
        reversible: true,
        line: 15,
        attributes: {},
      },
      {
        id: 'fail-over',
        title: 'Fail over?',
        type: 'decision',
        role: 'operations',
        minutes: 2.5,
        reversible: false,
        line: 29,
        attributes: { guard: 'queue > 5000' },
      },
      {
        id: 'wait',
        title: 'Wait',
        type: 'manual',
        role: null,
        minutes: null,
        reversible: null,
        line: 31,
        attributes: {},
      },
    ]);
    expect(steps[0]!.body).toBe('Say it aloud.\n\n```sh\n## not a step {#no}\n```\n\n### A part of the step');
    expect(places(problems)).toEqual(['checkout.md:29 fail-over.guard']);
    expect(problems[0]!.severity).toBe('warning');
  });

  it('reads the same with carriage returns and a byte order mark', () => {
    expect(parseRunbook('checkout.md', `\uFEFF${GOOD.replaceAll('\n', '\r\n')}`)).toEqual(
      parseRunbook('checkout.md', GOOD),
    );
  });

  it('without steps is a problem, not a crash', () => {
    for (const text of ['', '---\nid: a\ntitle: A\n---\n', '---\nid: a\ntitle: A\n---\n## Background\n', 'just text']) {
      const { steps, problems } = parseRunbook('a.md', text);
      expect(steps).toEqual([]);
      expect(problems.filter(({ field }) => field === 'steps').map(({ message }) => message)).toEqual([
        'This runbook has no steps, so it cannot be run: a step is a heading such as "## 1. Title {#step-id type=manual}".',
      ]);
    }
  });

  it('names what is wrong in its front matter by line, and keeps the rest', () => {
    const { problems, ...runbook } = parseRunbook(
      'Bad One.md',
      `---\nid: Bad One\nversion: [1]\nminutes: soon\nowner: operations\nmatch:\n  stores: [a]\n  kinds: [{a: 1}, app]\nowner: scribe\nextra: 1\n---\n## 1. Go\n`,
    );
    expect(runbook).toMatchObject({
      id: 'bad-one',
      title: 'bad-one',
      version: '',
      minutes: null,
      owner: 'operations',
      match: { kinds: ['app'] },
    });
    expect(runbook.steps).toHaveLength(1);
    expect(places(problems)).toEqual([
      'Bad One.md:1 title',
      'Bad One.md:2 id',
      'Bad One.md:3 version',
      'Bad One.md:4 minutes',
      'Bad One.md:7 match.stores',
      'Bad One.md:8 match.kinds[0]',
      'Bad One.md:9 owner',
      'Bad One.md:10 extra',
    ]);
  });

  it.each([
    ['broken', '---\ntitle: "x\n---\n## 1. Go\n', 'not valid YAML'],
    ['a list', '---\n- a\n---\n## 1. Go\n', 'wants names with values'],
    ['missing', '## 1. Go\n', 'does not begin with front matter'],
    ['never closed', '---\ntitle: A\n## 1. Go\n', 'no steps'],
    ['empty', '---\n---\n## 1. Go\n', 'is empty'],
  ])('whose front matter is %s still comes out', (_, text, message) => {
    const { problems, id } = parseRunbook('x.md', text);
    expect(id).toBe('x');
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
  });

  it('names what is wrong with its steps by line, and keeps them', () => {
    const { steps, problems } = parseRunbook(
      'a.md',
      '---\nid: a\ntitle: A\n---\n## 1. One {#same type=dance role=king minutes=soon reversible=perhaps}\n## 2. Two {#same #other junk}\n## {#empty}\n## 3. Drei für Öl\n## 4. Five {#Not_OK!}\n',
    );
    expect(
      steps.map(({ id, title, type, role, minutes, reversible }) => [id, title, type, role, minutes, reversible]),
    ).toEqual([
      ['same', 'One', 'dance', 'king', null, null],
      ['same-2', 'Two', 'manual', null, null, null],
      ['empty', 'Step', 'manual', null, null, null],
      ['drei-fur-ol', 'Drei für Öl', 'manual', null, null, null],
      ['five', 'Five', 'manual', null, null, null],
    ]);
    expect(places(problems)).toEqual([
      'a.md:5 same.type',
      'a.md:5 same.role',
      'a.md:5 same.minutes',
      'a.md:5 same.reversible',
      'a.md:6 steps',
      'a.md:6 steps',
      'a.md:6 id',
      'a.md:7 title',
      'a.md:9 id',
    ]);
  });

  it('is read with branches, guards, evidence and requests', () => {
    const { steps, problems, match } = parseRunbook(
      'a.md',
      `---
id: a
title: A
version: 1.0.0
match:
  changes: [deployment]
---
## 1. Is it the release? {#which type=decision role=commander minutes=3 reach=20}

- [Yes, the **release**](#approve) it is
1. [Nobody can say](#end)
- no branch, [but a link](#approve)

\`\`\`
- [in code](#nowhere)
\`\`\`

## 2. Approve {#approve type=approval role=commander minutes=2 risk=data-integrity approves=call}

## 3. Wait {#wait type=wait minutes=5 until="the queue is empty" next=which}

## 4. Call {#call type=action reversible=no risk=payment-flow expect="200,202" timeout=20s dry-run="POST /dry" evidence="job number; queue depth"}

Before.

\`\`\`http
POST {{endpoint.pipeline}}/rollback
X-Key: {{key}}

{"to":"4.17"}
\`\`\`

## 5. Tell them {#tell type=message audience=executives next=end}
`,
    );
    expect(problems).toEqual([]);
    expect(match.changes).toEqual(['deployment']);
    expect(steps.map(pinned)).toMatchObject([
      {
        id: 'which',
        reach: 20,
        branches: [
          { label: 'Yes, the **release**', to: 'approve' },
          { label: 'Nobody can say', to: 'end' },
        ],
      },
      { id: 'approve', risk: 'data-integrity', approves: 'call' },
      { id: 'wait', until: 'the queue is empty', next: 'which' },
      {
        id: 'call',
        risk: 'payment-flow',
        evidence: ['job number', 'queue depth'],
        action: {
          text: 'POST {{endpoint.pipeline}}/rollback\nX-Key: {{key}}\n\n{"to":"4.17"}',
          expect: '200,202',
          timeout: '20s',
          dryRun: 'POST /dry',
        },
      },
      { id: 'tell', audience: 'executives', next: 'end' },
    ]);
    expect(steps[3]!.action?.line).toBe(27);
  });

  it('says what is wrong with them, by line and with what to write', () => {
    const { steps, problems } = parseRunbook(
      'a.md',
      `---
id: a
title: A
---
## 1. One {#one type=manual audience=executives reach=many evidence="; "}

- [Go](#two)

## 2. Two {#two type=decision}

- [Go](#one)
- [Go too](#one)
- [](#one)
- [Strange](#a%20b)

## 3. Three {#three type=action risk=huge next="a b"}

\`\`\`http
GET {{endpoint.a}}/
\`\`\`

\`\`\`http
GET {{endpoint.b}}/
\`\`\`

## 4. Four {#four type=wait until="" }
`,
    );
    expect(problems.map(({ line, field, severity }) => `${line} ${field} ${severity}`)).toEqual([
      '5 one.audience warning',
      '5 one.reach error',
      '5 one.evidence error',
      '7 one.branches warning',
      '12 two.branches error',
      '13 two.branches error',
      '14 two.branches error',
      '16 three.risk error',
      '16 three.next error',
      '23 three.action error',
      '26 four.until error',
    ]);
    expect(steps[1]!.branches).toEqual([{ label: 'Go', to: 'one' }]);
    expect(steps[2]!.action?.text).toBe('GET {{endpoint.a}}/');
    for (const { message } of problems) expect(message.trim()).toMatch(/^[A-Z"].*\.$|"\)\.$/s);
  });

  it.each([
    ['many steps', 600, 20, 100],
    ['long titles', 500, 600, 100],
    ['long texts', 40, 20, 30_000],
    ['texts that JSON makes longer', 40, 20, 30_000, '\n"\u0001'],
  ])('with %s fits into the op that pins its steps', (_, count, title, body, letters = 'b') => {
    const text = Array.from(
      { length: count },
      (_, n) => `## ${n + 1}. ${'T'.repeat(title)}\n.${letters.repeat(body / letters.length)}.\n`,
    );
    const { steps, problems, ...runbook } = parseRunbook('a.md', `---\nid: a\ntitle: A\n---\n${text.join('')}`);
    const payload = {
      run: 'r1',
      runbook: runbook.id,
      title: runbook.title,
      version: runbook.version,
      hash: '0'.repeat(64),
      steps: steps.map(pinned),
    };
    expect(OP_TYPES['run.start'].safeParse(payload).error).toBeUndefined();
    expect(canonical(payload).length).toBeLessThan(MAX_PAYLOAD);
    expect(problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
    expect(steps.length).toBeGreaterThan(20);
  });

  it('takes no time to refuse a text made to be slow', () => {
    const started = performance.now();
    for (const text of [
      `## ${'#'.repeat(100_000)}`,
      `## a {${'a='.repeat(50_000)}`,
      `## ${' '.repeat(100_000)}x`,
      '{'.repeat(100_000),
      `## ${'{}'.repeat(50_000)}`,
    ]) {
      parseRunbook('a.md', `---\nid: a\n---\n${text}\n`);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

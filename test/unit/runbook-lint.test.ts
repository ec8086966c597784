import { describe, expect, it } from 'vitest';
import { lintRunbook } from '../../shared/domain/runbook/lint.ts';
import { parseRunbook } from '../../shared/domain/runbook/runbook.ts';

const HEAD = '---\nid: a\ntitle: A\nversion: 1.0.0\n---\n';
const lint = (body: string, head = HEAD): string[] => {
  const runbook = parseRunbook('a.md', `${head}${body}`);
  expect(runbook.problems).toEqual([]);
  return lintRunbook('a.md', runbook).map(
    ({ severity, line, field, message }) => `${line} ${severity === 'warning' ? '(warning) ' : ''}${field}: ${message}`,
  );
};
const BLOCK =
  '\n```http\nPOST {{endpoint.pipeline}}/stop\nIdempotency-Key: {{key}}\n\n{"why":"{{incident.label}}"}\n```\n';

describe('lint', () => {
  it('has nothing to say of a runbook in which every lead arrives', () => {
    expect(
      lint(
        `## 1. Which? {#which type=decision}\n\n- [A](#approve)\n- [B](#end)\n\n## 2. May we? {#approve type=approval risk=payment-flow}\n\n## 3. Stop it {#stop type=action risk=payment-flow}\n${BLOCK}`,
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'a branch to nowhere',
      '## 1. Which? {#which type=decision}\n\n- [A](#rolback)\n- [B](#end)\n\n## 2. Roll back {#rollback}\n',
      '6 which.branches: There is no step "rolback"; write "rollback", or the id of another step.',
    ],
    [
      'next to nowhere',
      '## 1. One {#one next=zzzzzzzz}\n',
      '6 one.next: There is no step "zzzzzzzz"; the steps are one.',
    ],
    [
      'a step that nothing leads to',
      '## 1. One {#one next=end}\n\n## 2. Two {#two}\n',
      '8 two: Nothing leads to this step; let a branch or next= lead here, or take it out.',
    ],
    [
      'a loop without exit',
      '## 1. One {#one}\n\n## 2. Two {#two next=one}\n',
      '6 one: From here no way leads to the end (one, two lead round in a circle); give one of them a branch that leads out, such as (#end).',
    ],
    [
      'a decision with one branch',
      '## 1. Which? {#which type=decision}\n\n- [A](#end)\n',
      '6 which.branches: A decision wants at least two branches and has one; write them as list items that begin with a link to a step, such as "- [Yes](#rollback)" and "- [No](#end)".',
    ],
    [
      'a risky action without approval',
      `## 1. Stop {#stop type=action risk=cross-region}\n${BLOCK}`,
      '6 stop.risk: This action endangers cross-region, and no approval is for it; put a step of type=approval before it, or write reversible=yes when that is true.',
    ],
    [
      'a way around the approval',
      `## 1. Which? {#which type=decision}\n\n- [A](#approve)\n- [B](#stop)\n\n## 2. May we? {#approve type=approval reversible=no}\n\n## 3. Stop {#stop type=action reversible=no}\n${BLOCK}`,
      '13 stop.risk: This action can be come to without its approval "approve"; let every branch to it lead through that step.',
    ],
    [
      'an action without its request',
      '## 1. Stop {#stop type=action reversible=yes}\n',
      '6 stop.action: An action wants its request in a block that begins with ```http: METHOD {{endpoint.NAME}}/path, headers, an empty line, the body.',
    ],
    [
      'a placeholder that nothing fills',
      `## 1. Stop {#stop type=action reversible=yes}\n${BLOCK.replace('incident.label', 'incident.number')}`,
      '12 stop.action: {{incident.number}} is no value; there are {{incident.label}}, {{incident.title}}, {{service}}, {{key}} and {{input.NAME}}.',
    ],
    [
      'a key of its own',
      `## 1. Stop {#stop type=action reversible=yes}\n${BLOCK.replace('{{key}}', 'x')}`,
      '10 stop.action: Leave the header Idempotency-Key out: the console sends its own, which is {{key}}.',
    ],
    [
      'a wait for nothing',
      '## 1. Wait {#wait type=wait}\n',
      '6 wait.until: This step says not what is waited for; write until="…", minutes=… or both.',
    ],
    [
      'a message for nobody',
      '## 1. Tell {#tell type=message}\n',
      '6 (warning) tell.audience: This message says not for whom it is; write audience=engineers or another.',
    ],
  ])('explains %s', (_, body, said) => {
    expect(lint(body)).toEqual([said]);
  });

  it('wants a version', () => {
    expect(lint('## 1. One {#one}\n', '---\nid: a\ntitle: A\n---\n')).toEqual([
      '1 version: The version is missing; write one such as "version: 1.0.0", and raise it with every change of meaning.',
    ]);
  });
});

/**
 * Reads a policy's YAML. Invariant: what is not understood is an error with its line, never left out in silence: a
 * condition that is not looked at would make a rule hold more often than its author meant.
 */
import type { Problem } from '../../contract/common.ts';
import { Problems, quote } from '../catalog/problems.ts';
import { parseYaml, type Cursor } from '../catalog/yaml.ts';
import { MAX_POLICY, type ParsedPolicy } from './policy.ts';

const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

export class PolicyReader {
  readonly #file: string;
  readonly #problems = new Problems();
  #errors = 0;
  /** The policy, when the text is one YAML map. */
  readonly root: Cursor | null = null;

  constructor(file: string, text: string) {
    this.#file = file;
    if (text.length > MAX_POLICY) {
      this.#add(0, '', `This policy has ${text.length} characters; one has at most ${MAX_POLICY}.`);
      return;
    }
    const documents = [...parseYaml(text, (line, field, message) => this.#add(line, field, message))];
    const [first, second] = documents;
    for (const { error } of documents) if (error) this.#add(error.line, '', error.message);
    if (second) this.#add(second.line, '', 'A second document begins here; a policy is one.');
    if (!first) this.#add(1, '', 'This policy is empty; reset it to what ships, or write rules.');
    else if (first.root && first.root.kind !== 'map')
      this.#add(first.root.line, '', 'A policy is names with values, such as "rules:" with a list below.');
    else this.root = first.root;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  error(at: Cursor | null, message: string, field = at?.path ?? ''): void {
    this.#add(at?.line ?? 1, field, message);
  }

  warning(at: Cursor | null, message: string, field = at?.path ?? ''): void {
    this.#problems.warning({ file: this.#file, line: at?.line ?? 1 }, field, message);
  }

  #add(line: number, field: string, message: string): void {
    this.#errors++;
    this.#problems.error({ file: this.#file, line }, field, message);
  }

  /** The value with what was found, errors first; no value when there was an error. */
  result<V>(value: () => V): ParsedPolicy<V> {
    const problems = (): Problem[] => {
      const all = this.#problems.list();
      return [
        ...all.filter(({ severity }) => severity === 'error'),
        ...all.filter(({ severity }) => severity !== 'error'),
      ];
    };
    if (this.#errors > 0) return { value: null, problems: problems() };
    const made = value();
    return { value: this.#errors > 0 ? null : made, problems: problems() };
  }

  /** Every member of `at` is one of `names`. */
  only(at: Cursor, names: readonly string[]): void {
    for (const [name, member] of at.members())
      if (!names.includes(name)) this.error(member, `${quote(name)} is none of ${names.join(', ')}.`);
  }

  map(at: Cursor, name: string): Cursor | null {
    const member = at.get(name);
    if (!member) return null;
    if (member.kind === 'map') return member;
    this.error(member, `${quote(name)} wants names with values.`);
    return null;
  }

  /** The items of a list; empty when it is not there. */
  list(at: Cursor, name: string): Cursor[] {
    const member = at.get(name);
    if (!member) return [];
    if (member.kind !== 'list') this.error(member, `${quote(name)} wants a list.`);
    return member.items();
  }

  text(at: Cursor, name: string, max = 500): string | null {
    const member = at.get(name);
    if (!member) return null;
    const text = member.text()?.replace(/\s+/g, ' ').trim() ?? '';
    if (text === '') this.error(member, 'This wants plain text.');
    else if (text.length > max) this.error(member, `This is longer than ${max} characters.`);
    else return text;
    return null;
  }

  /** Plain texts; one alone may stand without a list. */
  texts(at: Cursor, name: string, max = 500): string[] {
    const member = at.get(name);
    const items = member === null ? [] : member.kind === 'list' ? member.items() : [member];
    return items.flatMap((item) => {
      const text = item.text()?.replace(/\s+/g, ' ').trim() ?? '';
      if (text !== '' && text.length <= max) return [text];
      this.error(item, text === '' ? 'This wants plain text.' : `This is longer than ${max} characters.`);
      return [];
    });
  }

  /** An id that no other of `taken` has; it is added to them. */
  id(at: Cursor, taken: Map<string, number>): string {
    const member = at.get('id');
    const id = member?.text()?.trim() ?? '';
    if (!ID.test(id))
      this.error(member ?? at, `${quote(id)} is no id: lower-case letters, digits and hyphens.`, `${at.path}.id`);
    else if (taken.has(id)) this.error(member, `The id ${quote(id)} stands in line ${taken.get(id)} already.`);
    else taken.set(id, member!.line);
    return id;
  }

  oneOf<T extends string>(at: Cursor, name: string, words: readonly T[]): T | null {
    const member = at.get(name);
    return member ? this.#word(member, words) : null;
  }

  /** Words of a list, or one alone. */
  allOf<T extends string>(at: Cursor, name: string, words: readonly T[]): T[] {
    const member = at.get(name);
    const items = member === null ? [] : member.kind === 'list' ? member.items() : [member];
    return [...new Set(items.flatMap((item) => this.#word(item, words) ?? []))];
  }

  #word<T extends string>(member: Cursor, words: readonly T[]): T | null {
    const text = member.text()?.trim();
    const found = words.find((word) => word === text);
    if (found === undefined) this.error(member, `${quote(text ?? 'this')} is none of ${words.join(', ')}.`);
    return found ?? null;
  }

  number(at: Cursor, name: string, { min = 0, max = 1e12, whole = false } = {}): number | null {
    const member = at.get(name);
    if (!member) return null;
    const value = member.number();
    if (value !== null && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    this.error(
      member,
      `${quote(member.text() ?? 'this')} is no ${whole ? 'whole ' : ''}number from ${min} to ${max.toLocaleString('en')}.`,
    );
    return null;
  }

  /** "40 %", "40%" or 0.4, as a share from 0 to 1. */
  share(at: Cursor, name: string): number | null {
    const member = at.get(name);
    if (!member) return null;
    const text = member.text()?.trim() ?? '';
    const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
    const value = percent ? Number(percent[1]) / 100 : (member.number() ?? Number.NaN);
    if (value > 0 && value <= 1) return value;
    this.error(member, `${quote(text)} is no share: write "40%", or 0.4.`);
    return null;
  }
}

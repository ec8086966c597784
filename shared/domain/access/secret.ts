/** What may be a passphrase or a PIN. Invariant: says what to choose instead, and never repeats what was typed. */
import type { AccessPolicy } from './rights.ts';

/** Why `secret` is too easy to guess, one sentence; null when it is not. `names`: what a guesser tries first. */
export function weaknessOf(
  secret: string,
  kind: 'passphrase' | 'pin',
  { passphrase, pin }: Pick<AccessPolicy, 'passphrase' | 'pin'>,
  names: readonly string[],
): string | null {
  if (kind === 'pin') {
    if (pin === 0) return 'The policy allows no PINs; choose a passphrase.';
    if (!/^\d+$/.test(secret) || secret.length < pin) return `A PIN has at least ${pin} digits and nothing else.`;
    if (isRun(secret)) return 'These digits are a row or a repetition, which is tried first; choose others.';
    return null;
  }
  const letters = [...secret];
  if (letters.length < passphrase)
    return `A passphrase has at least ${passphrase} characters; a few words that do not belong together are easy to keep in mind.`;
  if (new Set(letters).size < 5 || isRun(secret))
    return 'This is a repetition or a row, which is tried first; choose a few words instead.';
  const plain = secret.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const known = names
    .map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
    .filter((name) => name.length > 2);
  if ([...known, 'holdfast', 'password', 'passphrase'].some((name) => plain.replaceAll(name, '').length < 4))
    return 'This is hardly more than a name or the word itself; choose a few words that nobody connects with you.';
  return null;
}

/** "123456", "aaaaaa", "121212", "987654". */
function isRun(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0)!);
  const steps = codes.slice(1).map((code, n) => code - codes[n]!);
  if (steps.every((step) => step === steps[0] && Math.abs(step) <= 1)) return true;
  return [1, 2, 3].some(
    (length) =>
      text.length >= 2 * length &&
      text ===
        text
          .slice(0, length)
          .repeat(Math.ceil(text.length / length))
          .slice(0, text.length),
  );
}

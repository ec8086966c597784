/**
 * What of an answer may be kept for ever. Invariant: no secret that this console knows survives, nor anything that is named
 * like one or counted like a payment card; what is not text becomes a sentence.
 */

const GONE = '[removed]';

/** The first part of an answer's body for the log: at most `most` characters, without `secrets` and what looks like one. */
export function redact(text: string, secrets: readonly string[], most: number): string {
  let clean = text.toWellFormed();
  if (/[\0\u0001-\u0008]/.test(clean)) return 'Not text.';
  for (const secret of secrets.filter((one) => one.length >= 4).toSorted((a, b) => b.length - a.length))
    clean = clean.replaceAll(secret, GONE);
  clean = clean
    .replace(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${GONE}`)
    .replace(
      /("?[\w.-]*(?:password|passwd|secret|token|api[_-]?key|authorization|credential|private[_-]?key)[\w.-]*"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^\s,;&}]+)/gi,
      (_, name: string, value: string) => `${name}${value.startsWith('"') ? `"${GONE}"` : GONE}`,
    )
    .replace(/\b(?:\d[ -]?){13,19}\b/g, (digits) => (isCard(digits) ? GONE : digits))
    // eslint-disable-next-line no-control-regex
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|(?![\n\t])\p{Cc}/gu, '');
  return clean.length <= most ? clean : clean.slice(0, most).toWellFormed();
}

/** What an endpoint's credential could look like in an answer that repeats the request. */
export function secretsOf(credential: string | null, authorization: string | undefined): string[] {
  if (credential === null) return [];
  const said = credential.trim();
  const [, bare] = /^(?:Bearer|Basic)\s+(.+)$/i.exec(said) ?? [];
  const [, password] = /^[^:]*:(.+)$/.exec(said) ?? [];
  return [said, bare, password, authorization, authorization?.replace(/^\S+\s+/, '')].filter(
    (one): one is string => one !== undefined && one !== '',
  );
}

function isCard(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].map(Number).reverse();
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = digits.reduce((all, digit, n) => all + (n % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0);
  return sum % 10 === 0;
}

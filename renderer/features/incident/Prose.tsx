/** Words that a person wrote. Markdown is only loaded when the words use it; until then, and else, they show as typed. */
import { lazy, Suspense } from 'react';
import styles from './Prose.module.css';

const Markdown = lazy(() => import('../../ui/Markdown.tsx'));

/** Whether text could look different as Markdown: emphasis, code, links, lists, headings, quotes, tables. */
function usesMarkdown(text: string): boolean {
  return /[*_`[\]|~]|https?:|^\s{0,3}(?:#{1,6}\s|>|[-+]\s|\d+[.)]\s)|\n\s*\n/m.test(text);
}

export function Prose({ text, titleOf }: { text: string; titleOf?(place: string): string | undefined }) {
  const plain = <span className={styles.plain}>{text}</span>;
  if (!usesMarkdown(text)) return plain;
  return (
    <Suspense fallback={plain}>
      <Markdown text={text} {...(titleOf ? { titleOf } : {})} />
    </Suspense>
  );
}

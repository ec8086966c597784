/**
 * Text that people wrote, as Markdown. Invariant: no raw HTML, no pictures, and nothing to click that would leave the
 * console: an address is shown so that it can be copied, a place in the same text by what `titleOf` calls it. Import it lazily, it is not needed before the first screen.
 */
import ReactMarkdown from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { classes } from './classes.ts';
import styles from './Markdown.module.css';

export default function Markdown({
  text,
  className,
  titleOf,
}: {
  text: string;
  className?: string;
  /** What a place in the same text is called; undefined when there is none of that name. */
  titleOf?(place: string): string | undefined;
}) {
  return (
    <div className={classes(styles.text, className)}>
      <ReactMarkdown
        skipHtml
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize]}
        components={{
          a: ({ href, children }) => (
            <span>
              {children}{' '}
              {href?.startsWith('#')
                ? `→ ${titleOf?.(placeIn(href)) ?? placeIn(href)}`
                : href !== undefined && children !== href && <code>{href}</code>}
            </span>
          ),
          // Long lines scroll sideways, also for the keyboard.
          pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
          img: ({ alt }) => <em>{alt}</em>,
          h1: ({ children }) => <h3>{children}</h3>,
          h2: ({ children }) => <h3>{children}</h3>,
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}

/** "rollback" of "#rollback", as it was written. */
function placeIn(href: string): string {
  try {
    return decodeURIComponent(href.slice(1));
  } catch {
    return href.slice(1);
  }
}

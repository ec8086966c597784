/**
 * Text that people wrote, as Markdown. Invariant: no raw HTML, no pictures, and nothing to click that would leave the
 * console: an address is shown so that it can be copied. Import it lazily, it is not needed before the first screen.
 */
import ReactMarkdown from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { classes } from './classes.ts';
import styles from './Markdown.module.css';

export default function Markdown({ text, className }: { text: string; className?: string }) {
  return (
    <div className={classes(styles.text, className)}>
      <ReactMarkdown
        skipHtml
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize]}
        components={{
          a: ({ href, children }) => (
            <span>
              {children} {href !== undefined && children !== href && <code>{href}</code>}
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

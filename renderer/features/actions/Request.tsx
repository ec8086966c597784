/** The request whole, as it goes out; the endpoint's credential is added where it is sent and never shown. */
import type { ActionView } from '../../../shared/contract/actions.ts';
import styles from './Actions.module.css';

export function Request({ request }: { request: ActionView['request'] }) {
  const { method, url, headers, body } = request;
  const lines = [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return (
    // Long requests scroll, and the keyboard has to get at them.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={styles.request} tabIndex={0} aria-label="The request">
      {lines.join('\n')}
      {body === '' ? '' : `\n\n${body}`}
    </pre>
  );
}

/** What the signatures rest on: where this console's private key is kept. */
import type { RecordView } from '../../../shared/contract/record.ts';
import { KEY_KEPT } from '../../../shared/domain/record/at-rest.ts';
import { Facts } from '../../ui/Facts.tsx';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { Panel } from '../../ui/Panel.tsx';
import styles from './Record.module.css';

export function Keys({ record: { key, console, unknownOps } }: { record: RecordView }) {
  return (
    <Panel className={styles.part} title="This console’s key">
      <div className={styles.facts}>
        <Facts
          facts={[
            { name: 'Console', value: <code>{console}</code> },
            {
              name: 'Private key',
              value: KEY_KEPT[key.kept],
            },
            {
              name: 'Ops of a newer version',
              value:
                unknownOps === 0
                  ? 'none'
                  : `${unknownOps.toLocaleString('en')}, kept and passed on; they count after the next update`,
            },
          ]}
        />
        {key.warning !== null && (
          <p className={styles.warning}>
            <HealthShape health="degraded" />
            <span>{key.warning}</span>
          </p>
        )}
      </div>
    </Panel>
  );
}

/** Every console that is known: when it was last heard, and whether its clock can be believed. */
import type { PeerView } from '../../../shared/contract/hub.ts';
import { offsetWords } from '../../../shared/domain/link/words.ts';
import { Age } from '../../ui/Age.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import styles from './Link.module.css';

const ACCESS: Record<PeerView['access'], string> = {
  this: 'this console',
  enrolled: 'enrolled',
  revoked: 'revoked',
  stranger: 'not enrolled',
};

/** Not heard for so long is worth a look, ms. */
const SILENT_MS = 60_000;

const COLUMNS: readonly Column<PeerView>[] = [
  {
    id: 'name',
    title: 'Console',
    width: 'minmax(128px, 1.4fr)',
    sort: ({ name, id }) => name || id,
    cell: ({ name, id }) => (name === '' ? <code>{id}</code> : <b title={id}>{name}</b>),
  },
  {
    id: 'access',
    title: 'Access',
    width: '112px',
    sort: ({ access }) => access,
    cell: ({ access }) => (
      <span className={access === 'stranger' || access === 'revoked' ? styles.warn : styles.quiet}>
        {ACCESS[access]}
      </span>
    ),
  },
  {
    id: 'heard',
    title: 'Last heard',
    width: '112px',
    sort: ({ heard }) => heard,
    cell: ({ heard, access }) =>
      access === 'this' ? <span className={styles.quiet}>–</span> : <Age at={heard} limit={SILENT_MS} />,
  },
  {
    id: 'clock',
    title: 'Clock',
    width: '128px',
    sort: ({ offsetMs }) => offsetMs,
    cell: (peer) => {
      const { words, off } = offsetWords(peer);
      return <span className={off ? styles.warn : styles.quiet}>{words}</span>;
    },
  },
  {
    id: 'ops',
    title: 'Ops here',
    width: '112px',
    align: 'end',
    sort: ({ seq }) => seq,
    cell: ({ seq, said }) => (
      <span
        title={said !== null && said > seq ? `It says that it has written ${said.toLocaleString('en')}.` : undefined}
      >
        {seq.toLocaleString('en')}
        {said !== null && said > seq && <span className={styles.quiet}> of {said.toLocaleString('en')}</span>}
      </span>
    ),
  },
];

export function Peers({ consoles }: { consoles: readonly PeerView[] }) {
  return <DataTable label="Consoles" rows={consoles} columns={COLUMNS} keyOf={({ id }) => id} />;
}

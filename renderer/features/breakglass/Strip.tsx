/** Emergency access in the status strip of every screen: red, with who and how long still. Nothing while none is in force. */
import { ShieldAlert } from 'lucide-react';
import { formatClock } from '../../../shared/domain/times.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import styles from './Strip.module.css';

export function GrantsStrip() {
  const { value, readAt } = useQuery('breakglass.now', {}, ['grants']);
  if (value === undefined || value.inForce.length === 0 || readAt === null) return null;
  return <Running running={value.inForce} readAt={readAt} />;
}

type Running = readonly {
  id: string;
  label: string;
  holder: { name: string };
  capabilities: readonly string[];
  incidents: readonly string[];
  here: boolean;
  remainingMs: number;
}[];

/** Only while it counts something down does the strip follow the clock. */
function Running({ running, readAt }: { running: Running; readAt: number }) {
  const go = useNavigation((state) => state.go);
  const now = useNow();
  const left = ({ remainingMs }: Running[number]) => remainingMs - Math.max(0, now - readAt);
  const shown = running.filter((one) => left(one) > 0);
  const [first] = shown;
  if (first === undefined) return null;
  const words = `${first.holder.name}: ${first.capabilities.join(', ')}${first.incidents.length > 0 ? ` in ${first.incidents.join(', ')}` : ''}`;
  return (
    <button
      type="button"
      className={styles.grant}
      title={`Emergency access ${first.label}. ${words}${first.here ? '' : ', at another console'}. Opens the list.`}
      onClick={() => go('breakglass', { grant: first.id })}
    >
      <ShieldAlert size={14} aria-hidden="true" />
      <span>
        EMERGENCY ACCESS <span className={styles.who}>{first.holder.name}</span>
      </span>
      <span role="timer">{formatClock(left(first))}</span>
      {shown.length > 1 && <span>+{shown.length - 1}</span>}
    </button>
  );
}

/** One console, and what can be decided about it. */
import { useState } from 'react';
import type { ConsoleLine } from '../../../shared/contract/consoles.ts';
import { standingWords, verdictWords } from '../../../shared/domain/joining/words.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Consoles.module.css';

type Doing = 'rename' | 'revoke' | 'enrol';

const WORDS: Record<Doing, { title: string; label: string; confirm: string }> = {
  rename: { title: 'Rename', label: 'Name', confirm: 'Rename it' },
  revoke: { title: 'Revoke', label: 'Why', confirm: 'Revoke it' },
  enrol: { title: 'Enrol again', label: 'Why', confirm: 'Enrol it again' },
};

export function ConsoleDialog({ line, may, onClose }: { line: ConsoleLine; may: boolean; onClose(): void }) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const [text, setText] = useState('');
  const rename = useCommand('console.rename');
  const revoke = useCommand('console.revoke');
  const enrol = useCommand('console.enrol');
  const run = { rename, revoke, enrol };
  const access = line.verdicts.map((one) => one.access);
  const ways: Doing[] = may
    ? [
        'rename',
        ...(access.includes('revoked') ? ['enrol' as const] : []),
        ...(access.includes('enrolled') || line.standing === 'this' ? ['revoke' as const] : []),
      ]
    : [];
  const begin = (next: Doing) => {
    setDoing(next);
    setText(next === 'rename' ? line.name : '');
  };
  const submit = async (): Promise<void> => {
    const given = text.trim();
    if (doing === null || given === '') return;
    const reply =
      doing === 'rename'
        ? await rename.run({ console: line.id, name: given })
        : await run[doing].run({ console: line.id, reason: given });
    if (reply.ok) onClose();
  };
  return (
    <Dialog open title={line.name} onClose={onClose}>
      <div className={styles.form}>
        <Facts
          facts={[
            { name: 'Standing', value: standingWords(line) },
            { name: 'Its words', value: <span className={styles.spoken}>{line.spoken}</span> },
            { name: 'Id', value: <code>{line.id}</code> },
            { name: 'Ops here', value: heldWords(line) },
            ...(line.keptOut === 0 ? [] : [{ name: 'Kept out', value: `${line.keptOut.toLocaleString('en')} ops` }]),
          ]}
        />
        {line.verdicts.length > 0 && (
          <ul className={styles.verdicts}>
            {line.verdicts.map((one) => (
              <li key={`${one.access} ${one.at}`}>
                {verdictWords(one)}, <TimeText at={one.at} />
              </li>
            ))}
          </ul>
        )}
        {line.standing === 'contested' && (
          <p className={styles.warn}>
            Two sides decided differently without hearing of each other. Until somebody settles it, it counts as
            revoked.
          </p>
        )}
        {doing === null ? (
          <div className={styles.row}>
            {ways.map((way, index) => (
              <Button
                key={way}
                autoFocus={index === 0}
                variant={way === 'revoke' ? 'danger' : 'plain'}
                onClick={() => begin(way)}
              >
                {way === 'revoke' && line.standing === 'contested' ? 'Keep it revoked' : WORDS[way].title}…
              </Button>
            ))}
          </div>
        ) : (
          <form
            className={styles.form}
            aria-label={WORDS[doing].title}
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            {doing === 'revoke' && (
              <p>
                Its first {line.seq.toLocaleString('en')} ops stay; what it writes from now on counts nowhere, until
                somebody enrols it again. It goes on by itself and hears of it when it is connected.
                {line.standing === 'this' && ' This is the console that you sit at.'}
              </p>
            )}
            {doing === 'enrol' && (
              <p>
                What it writes counts again, also what it wrote meanwhile. Be sure that it was in nobody else&rsquo;s
                hands.
              </p>
            )}
            <TextField label={WORDS[doing].label} value={text} onChange={setText} autoFocus maxLength={2000} />
            <ErrorLine error={run[doing].error} />
            <div className={styles.row}>
              <Button
                type="submit"
                keys="Enter"
                variant={doing === 'revoke' ? 'danger' : 'primary'}
                busy={run[doing].busy}
                disabled={text.trim() === ''}
              >
                {WORDS[doing].confirm}
              </Button>
              <Button variant="quiet" onClick={() => setDoing(null)}>
                Not now
              </Button>
            </div>
          </form>
        )}
      </div>
    </Dialog>
  );
}

/** How many of its ops are here; those of the newest incidents may have come before their turn. */
function heldWords({ seq, missing }: ConsoleLine): string {
  const here = (seq - missing).toLocaleString('en');
  return missing === 0 ? here : `${here}; ${missing.toLocaleString('en')} before the newest of them are not here yet`;
}

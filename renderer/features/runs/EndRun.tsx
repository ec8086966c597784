/** Ends a run that nobody goes on with. */
import { useState } from 'react';
import type { RunView } from '../../../shared/contract/incident.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { useRoom } from '../incident/room.ts';

export function EndRun({ run, landing }: { run: RunView; landing(): HTMLElement | null }) {
  const { incident } = useRoom();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="quiet" onClick={() => setAsking(true)}>
        End this runbook
      </Button>
      {asking && (
        <ReasonDialog
          title="End this runbook: why?"
          quote="Its steps stay as they are and can be read; nothing is done in it any more."
          confirm="End it"
          run={(reason) => call('incident.run.end', { incident: incident.id, run: run.id, reason })}
          landing={landing}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

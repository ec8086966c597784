/** Two things that a person may say of a service's health, by button and by key. */
import { useState } from 'react';
import type { HealthView } from '../../../shared/contract/common.ts';
import { useCommands } from '../../app/commands.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import { ByHand } from './ByHand.tsx';
import { Maintenance } from './Maintenance.tsx';

export function HealthActions({ service, name, health }: { service: string; name: string; health: HealthView }) {
  const [asking, setAsking] = useState<'none' | 'health' | 'maintenance'>('none');
  const byHand = health.byHand ? 'Change health by hand' : 'Set health by hand';
  useKeys('Service', [
    { keys: 'h', title: byHand, run: () => setAsking('health') },
    { keys: 'm', title: 'Plan maintenance', run: () => setAsking('maintenance') },
  ]);
  useCommands([
    { id: 'service.by-hand', title: byHand, hint: name, keys: 'h', run: () => setAsking('health') },
    {
      id: 'service.maintenance',
      title: 'Plan maintenance',
      hint: name,
      keys: 'm',
      run: () => setAsking('maintenance'),
    },
  ]);
  const close = (): void => setAsking('none');
  return (
    <>
      <Button keys="h" onClick={() => setAsking('health')}>
        {byHand}
      </Button>
      <Button keys="m" onClick={() => setAsking('maintenance')}>
        Plan maintenance
      </Button>
      {asking === 'health' && <ByHand subject={service} name={name} health={health} onClose={close} />}
      {asking === 'maintenance' && <Maintenance service={service} name={name} onClose={close} />}
    </>
  );
}

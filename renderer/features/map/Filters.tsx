/** What of the estate is shown: all, what is not healthy, one service and its surroundings; one domain, one tier. */
import { Minus, Plus } from 'lucide-react';
import type { Lanes } from '../../../shared/domain/layout/lanes.ts';
import type { Domain } from '../../../shared/domain/words.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { DOMAIN_WORDS } from '../../ui/words.ts';
import styles from './Map.module.css';
import type { Filter } from './model/filter.ts';
import type { Graph } from './model/graph.ts';
import type { Grouping } from './model/grouping.ts';
import { isolated } from './model/isolated.ts';
import { MOST_HOPS, groupBy, setFilter, useMap } from './state.ts';

export interface FiltersProps {
  graph: Graph;
  lanes: Lanes;
  grouping: Grouping;
  filter: Filter;
  /** Whether a service is chosen that can be focused on. */
  chosen: boolean;
  onFocusChosen(): void;
}

const DOMAINS = Object.keys(DOMAIN_WORDS) as Domain[];
const TIERS = [1, 2, 3] as const;

export function Filters({ graph, lanes, grouping, filter, chosen, onFocusChosen }: FiltersProps) {
  const focus = filter.focus === null ? undefined : graph.index.get(filter.focus);
  const near = filter.show !== 'all';
  return (
    <>
      <Choice
        label="Show"
        hideLabel
        options={[
          { value: 'all' as const, label: 'All', hint: 'A' },
          { value: 'unhealthy' as const, label: 'Not healthy', hint: 'U' },
          ...(filter.show === 'changed' ? [{ value: 'changed' as const, label: 'Changed' }] : []),
          ...(chosen || focus !== undefined
            ? [
                {
                  value: 'focus' as const,
                  label: focus === undefined ? 'Focus' : `Focus: ${short(graph.services[focus]!.name)}`,
                  hint: 'F',
                },
              ]
            : []),
        ]}
        value={filter.show}
        onChange={(show) => {
          if (show === 'focus' && focus === undefined) onFocusChosen();
          else setFilter({ show });
        }}
      />
      <fieldset className={styles.hops} data-off={near ? undefined : ''}>
        <legend className="visually-hidden">Dependencies away that still count as near</legend>
        <IconButton
          label="One hop less ([)"
          icon={<Minus size={14} />}
          disabled={!near || filter.hops === 0}
          onClick={() => setFilter({ hops: filter.hops - 1 })}
        />
        <output>
          {filter.hops} {filter.hops === 1 ? 'hop' : 'hops'}
        </output>
        <IconButton
          label="One hop more (])"
          icon={<Plus size={14} />}
          disabled={!near || filter.hops === MOST_HOPS}
          onClick={() => setFilter({ hops: filter.hops + 1 })}
        />
      </fieldset>
      <Select
        label="Domain"
        hideLabel
        options={[
          { value: 'all', label: 'All domains' },
          ...DOMAINS.map((domain) => ({ value: domain as string, label: DOMAIN_WORDS[domain] })),
          { value: 'none', label: 'No domain' },
        ]}
        value={filter.domain ?? 'all'}
        onChange={(domain) => setFilter({ domain: domain === 'all' ? null : (domain as Domain | 'none') })}
      />
      <Select
        label="Tier"
        hideLabel
        options={[
          { value: 'all', label: 'All tiers' },
          ...TIERS.map((tier) => ({ value: String(tier), label: `Tier ${tier}` })),
          { value: 'none', label: 'No tier' },
        ]}
        value={filter.tier === null ? 'all' : String(filter.tier)}
        onChange={(tier) =>
          setFilter({
            tier:
              tier === 'all' ? null : tier === 'none' ? 'none' : (TIERS.find((one) => String(one) === tier) ?? null),
          })
        }
      />
      <Select
        label="Lanes"
        hideLabel
        options={[
          { value: 'kind', label: 'Lanes: kind' },
          { value: 'tier', label: 'Lanes: tier' },
          { value: 'domain', label: 'Lanes: domain' },
        ]}
        value={lanes}
        onChange={(next) => useMap.setState({ lanes: next })}
      />
      <Select
        label="Group by"
        hideLabel
        options={[
          { value: 'none', label: 'No groups' },
          { value: 'domain', label: 'Group by domain' },
          { value: 'system', label: 'Group by system' },
          { value: 'team', label: 'Group by team' },
          { value: 'region', label: 'Group by region' },
        ]}
        value={grouping.by}
        onChange={groupBy}
      />
    </>
  );
}

const short = (name: string): string => isolated(name.length > 22 ? `${[...name].slice(0, 21).join('')}…` : name);

/** The zone in which times are shown when nothing else is said: headquarters', as set on this console. */
import { create } from 'zustand';

/** The machine's own IANA zone. */
export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const useZoneStore = create<{ zone: string }>(() => ({ zone: localZone() }));

/** IANA zone of headquarters. */
export const useZone = (): string => useZoneStore(({ zone }) => zone);

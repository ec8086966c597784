/** Which dialog of the frame is open. One at a time: opening one closes the other. */
import { create } from 'zustand';
import { takeTyped } from './typed.ts';

export interface DeclarePrefill {
  title?: string;
  /** Service ids. */
  services?: string[];
  /** Business service ids. */
  businessServices?: string[];
}

/** What is to be exported. */
export interface ExportSubject {
  /** Incident id. */
  incident: string;
  label: string;
  /** IANA zone that it was declared in. */
  zone: string;
}

export type OpenDialog =
  | { kind: 'none' }
  | { kind: 'palette' }
  | { kind: 'keys' }
  | { kind: 'declare'; prefill: DeclarePrefill }
  | { kind: 'export'; subject: ExportSubject | null }
  /** `files` are looked into one after the other; `refused` says what was dropped besides and is none. */
  | { kind: 'take'; files: readonly string[]; refused: readonly string[] }
  | { kind: 'breakglass' };

export const useDialogs = create<{ open: OpenDialog }>(() => ({ open: { kind: 'none' } }));

/** Opens the declare dialog; without a prefill it proposes the services that are not healthy. */
export function openDeclare(prefill: DeclarePrefill = {}): void {
  useDialogs.setState({ open: { kind: 'declare', prefill } });
}

export function openPalette(): void {
  useDialogs.setState({ open: { kind: 'palette' } });
}

export function openKeys(): void {
  useDialogs.setState({ open: { kind: 'keys' } });
}

/** Opens the export of an incident; of everything when none is given. */
export function openExport(subject: ExportSubject | null = null): void {
  useDialogs.setState({ open: { kind: 'export', subject } });
}

/** Opens the import of bundles or of incidents that somebody exported; of `files` when they are known already. */
export function openTake(files: readonly string[] = [], refused: readonly string[] = []): void {
  useDialogs.setState({ open: { kind: 'take', files, refused } });
}

/** The open import goes on to the first of `files`. */
export function takeNext(files: readonly string[]): void {
  useDialogs.setState(({ open }) => (open.kind === 'take' ? { open: { kind: 'take', files, refused: [] } } : { open }));
}

/** Opens the way in for when everything else is down. */
export function openBreakGlass(): void {
  useDialogs.setState({ open: { kind: 'breakglass' } });
}

export function closeDialog(): void {
  takeTyped();
  useDialogs.setState({ open: { kind: 'none' } });
}

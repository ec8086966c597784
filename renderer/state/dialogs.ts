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
  | { kind: 'take' }
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

/** Opens the import of a bundle or of an incident that somebody exported. */
export function openTake(): void {
  useDialogs.setState({ open: { kind: 'take' } });
}

/** Opens the way in for when everything else is down. */
export function openBreakGlass(): void {
  useDialogs.setState({ open: { kind: 'breakglass' } });
}

export function closeDialog(): void {
  takeTyped();
  useDialogs.setState({ open: { kind: 'none' } });
}

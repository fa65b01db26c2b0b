// What a host page gives the plugin, and what it gets back. This file is a promise: it changes only with a new version.

import type { Attention } from '../internal/due.ts';
import type { Preview, Problem, Progress, RunReport, Side } from '../generated/core.ts';

export type { Attention } from '../internal/due.ts';
export type { AutoSync, AutoSyncOptions } from '../internal/auto.ts';
export type {
  Code,
  ConnectionReport,
  Note,
  Outcome,
  Preview,
  Problem,
  Progress,
  RunReport,
  Side,
  Start,
  Unsynced,
  Written,
} from '../generated/core.ts';

export interface TokenRequest {
  /** The last token was refused: get a new one, do not hand out the same again. */
  refresh: boolean;
}

/** Who is signed in, and the tokens that say so. Set as the property `host` of either element. */
export interface PluginHost {
  /** Blikk's id of the user. What is remembered in this browser is kept apart by it. */
  userId: string;
  /** The user's mailbox, as an SMTP address: the one that the gateway token names. */
  mailbox: string;
  /** The session token for Blikk's calendar API. */
  getBlikkToken(request: TokenRequest): string | Promise<string>;
  /** The signed token for the gateway. */
  getGatewayToken(request: TokenRequest): string | Promise<string>;
}

export interface SyncError {
  problem: Problem;
  side: Side | null;
}

/** The events of `<blikk-calendar-sync>`; all bubble and cross shadow roots. */
export interface SyncEvents {
  'blikk-sync-progress': CustomEvent<Progress>;
  /** Each run ends with exactly one of these, however it ended. */
  'blikk-sync-finished': CustomEvent<RunReport>;
  /** In addition, when it failed. */
  'blikk-sync-error': CustomEvent<SyncError>;
  /** In addition, when it waits for the person's yes and has written nothing. */
  'blikk-sync-held': CustomEvent<Preview>;
  /** In addition, when events wait for the person's answer. */
  'blikk-sync-question': CustomEvent<{ asking: number }>;
  /** Another tab of this browser finished a run. */
  'blikk-sync-elsewhere': CustomEvent<RunReport>;
  /** What the person has to know or decide became another; null: all is well. */
  'blikk-sync-attention': CustomEvent<Attention | null>;
}

declare global {
  interface HTMLElementEventMap extends SyncEvents {}
}

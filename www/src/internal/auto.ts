// Synchronises by itself on pages of the host that do not show the element.

import type { RunReport } from '../generated/core.ts';
import type { PluginHost } from '../public/host.ts';
import { baseAddress, ownGateway } from './address.ts';
import type { Attention } from './due.ts';
import type { StatePlace } from './messages.ts';
import { Session } from './session.ts';

export interface AutoSyncOptions {
  /** The gateway's address; without it: where this script came from. */
  gateway?: string;
  /** The address of Blikk's calendar API; without it: the page's own origin. */
  blikk?: string;
  /** Where what is remembered is kept; without it in the gateway, where that keeps a state. */
  state?: StatePlace;
  /** Minutes between runs; without it 5. */
  interval?: number;
  /** A run ended, in this tab or another one. */
  onReport?(report: RunReport): void;
  /** What the person has to know or decide in the element; undefined when all is well. */
  onAttention?(attention: Attention | undefined): void;
}

export interface AutoSync {
  /** The host changed something in Blikk's calendar: synchronise soon. */
  changed(): void;
  stop(): void;
}

/** Does nothing while the person's switch is off. */
export function startAutoSync(host: PluginHost, options: AutoSyncOptions = {}): AutoSync {
  let attention: Attention | undefined;
  const place = {
    gateway: baseAddress(options.gateway ?? '', ownGateway()),
    blikk: baseAddress(options.blikk ?? '', '/'),
    interval: options.interval ?? 5,
    state: options.state ?? 'gateway',
  };
  const report = (report: RunReport): void => options.onReport?.(report);
  const session: Session = new Session(host, place, {
    changed() {
      if (session.attention === attention) return;
      attention = session.attention;
      options.onAttention?.(attention);
    },
    progress() {},
    finished: report,
    heard: report,
  });
  void session.load();
  return { changed: () => session.changed(), stop: () => session.close() };
}

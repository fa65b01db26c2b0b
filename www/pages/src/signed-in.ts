// Who is signed in to the demo's Blikk, kept over reloads and tabs, and what the plugin gets to know of it: this is
// the part that a real host page writes to embed the plugin.

import type { PluginHost } from '../../src/public/host.ts';
import { Blikk, demoConfig, Outlook, Refused, type DemoConfig, type User } from './api.ts';

const KEY = 'blikk-demo-session';

export interface SignedIn {
  user: User;
  config: DemoConfig;
  blikk: Blikk;
  outlook: Outlook;
  host: PluginHost;
}

export async function signIn(email: string, password: string): Promise<void> {
  const { token } = await Blikk.signIn(email, password);
  localStorage.setItem(KEY, token);
}

export function signOut(): void {
  localStorage.removeItem(KEY);
  location.assign('./');
}

/** Undefined when nobody is signed in, or the session has run out. */
export async function signedIn(): Promise<SignedIn | undefined> {
  const token = localStorage.getItem(KEY);
  if (token === null) return undefined;
  const blikk = new Blikk(token);
  try {
    const [user, config] = await Promise.all([blikk.whoAmI(), demoConfig()]);
    return { user, config, blikk, outlook: new Outlook(config.exchange, user.email), host: hostOf(user, token, blikk) };
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
    localStorage.removeItem(KEY);
    return undefined;
  }
}

function hostOf(user: User, token: string, blikk: Blikk): PluginHost {
  return {
    userId: user.id,
    mailbox: user.email,
    getBlikkToken: () => token,
    getGatewayToken: () => blikk.gatewayToken(),
  };
}

/** As a host page would with a script tag, except that the demo learns the gateway's address at runtime. */
export async function loadPlugin(gateway: string): Promise<void> {
  await import(/* @vite-ignore */ `${gateway}/plugin/blikk-calendar-sync.js`);
}

/** The part of the plugin for pages without the element. */
export async function loadAutoSync(gateway: string): Promise<typeof import('../../src/public/blikk-auto-sync.ts')> {
  return import(/* @vite-ignore */ `${gateway}/plugin/blikk-auto-sync.js`);
}

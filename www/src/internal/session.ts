// One user's synchronisation as a page sees it: whether it is on, what goes on now, how the last run ended, and when
// the next one is due. Knows nothing of elements; several tabs agree through IndexedDB and a BroadcastChannel.

import type { Note, Problem, Progress, RunReport, Service } from '../generated/core.ts';
import type { PluginHost } from '../public/host.ts';
import { nextRunAt } from './due.ts';
import type { CalendarChoice } from '../generated/pkg/blikk_calendar_sync.js';
import { calendars, createCalendar, ErrandFailed, run, setAside, type Going } from './errand.ts';
import { Store } from './idb.ts';
import type { Settings, StatePlace } from './messages.ts';
import { storeProblem } from './state-store.ts';

export interface Place {
  gateway: string;
  blikk: string;
  state: StatePlace;
  /** Minutes between runs by itself while the page is open; 0: never. */
  interval: number;
}

export interface Listener {
  changed(): void;
  progress(progress: Progress): void;
  finished(report: RunReport): void;
}

/** How long a tab leaves it to the others to begin. */
const OTHERS_FIRST_MS = 30_000;

export class Session {
  /** Undefined until it has been read. */
  enabled: boolean | undefined;
  /** Of the pair with the chosen calendar. */
  last: RunReport | undefined;
  /** Undefined: the first calendar, by whatever name. */
  calendar: CalendarChoice | undefined;
  progress: Progress | undefined;
  running = false;
  cancelling = false;

  private going: Going<RunReport> | undefined;
  /** Whether anybody asked for the run that goes on. */
  private isAskedFor = false;
  private notBefore = 0;
  private isClosed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly otherTabs: BroadcastChannel;

  constructor(
    private readonly host: PluginHost,
    private readonly place: Place,
    private readonly listener: Listener,
  ) {
    this.otherTabs = new BroadcastChannel(`blikk-calendar-sync:${host.userId}`);
    this.otherTabs.onmessage = () => {
      // The tab in which something was changed also acts on it.
      this.notBefore = Math.max(this.notBefore, Date.now() + OTHERS_FIRST_MS);
      void this.load();
    };
    document.addEventListener('visibilitychange', this.schedule);
  }

  /** Reads what is remembered, and runs if a run is due. */
  async load(): Promise<void> {
    try {
      const store = await Store.open(this.host.userId);
      this.enabled = (await store.recall('enabled')) ?? false;
      this.calendar = await store.recall('calendar');
      store.close();
      const chosen = await Store.openChosen(this.host.userId);
      this.last = await chosen.store.recall('lastRun');
      chosen.store.close();
    } catch (error) {
      this.enabled = false;
      this.last = failed(storeProblem(error));
    }
    this.listener.changed();
    this.schedule();
  }

  async setEnabled(enabled: boolean): Promise<void> {
    this.enabled = enabled;
    this.listener.changed();
    try {
      const store = await Store.open(this.host.userId);
      await store.remember('enabled', enabled);
      store.close();
      this.otherTabs.postMessage('changed');
    } catch (error) {
      this.last = failed(storeProblem(error));
      this.listener.changed();
    }
    if (!enabled) this.cancel();
    this.schedule();
  }

  sync(): Promise<RunReport> {
    this.isAskedFor = true;
    return this.start();
  }

  private async start(): Promise<RunReport> {
    if (this.going === undefined) {
      this.running = true;
      this.cancelling = false;
      this.progress = undefined;
      this.going = run(this.settings(), this.token, (progress) => {
        this.progress = progress;
        this.listener.progress(progress);
        this.listener.changed();
      });
      this.listener.changed();
      this.going.done = this.going.done
        .catch((error: unknown) => failed(problemOf(error)))
        .then((report) => this.end(report));
    }
    return this.going.done;
  }

  cancel(): void {
    if (this.going === undefined) return;
    this.cancelling = true;
    this.going.cancel();
    this.listener.changed();
  }

  /** All events that are set aside now, read from what is remembered. */
  async setAside(): Promise<Note[]> {
    return setAside(this.settings(), this.token).done;
  }

  /** The calendars of the mailbox, the first one first. */
  async calendars(): Promise<CalendarChoice[]> {
    return calendars(this.settings(), this.token).done;
  }

  /** A calendar of our own, made or found. */
  async createCalendar(): Promise<CalendarChoice> {
    return createCalendar(this.settings(), this.token).done;
  }

  /** From now on Blikk and that calendar are the pair. Nothing of the former pair is touched. */
  async choose(calendar: CalendarChoice): Promise<void> {
    // Its last writes must be known before another pair reads what is in Blikk.
    this.cancel();
    await this.going?.done;
    try {
      const store = await Store.open(this.host.userId);
      await store.remember('calendar', calendar);
      store.close();
    } catch (error) {
      throw new ErrandFailed(storeProblem(error));
    }
    this.otherTabs.postMessage('changed');
    await this.load();
  }

  close(): void {
    this.isClosed = true;
    this.going?.cancel();
    clearTimeout(this.timer);
    this.otherTabs.close();
    document.removeEventListener('visibilitychange', this.schedule);
  }

  private end(report: RunReport): RunReport {
    this.going = undefined;
    this.running = false;
    this.cancelling = false;
    this.progress = undefined;
    if (this.isClosed) return report;
    if (this.isAskedFor || !isElsewhere(report)) {
      this.last = report;
      this.otherTabs.postMessage('changed');
      this.listener.finished(report);
    } else {
      // Another tab does it, and says when it is done: nothing that a person here needs to know.
      this.notBefore = Date.now() + this.place.interval * 60_000;
    }
    this.isAskedFor = false;
    this.listener.changed();
    this.schedule();
    return report;
  }

  private readonly schedule = (): void => {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    const due = this.dueAt();
    if (due === undefined) return;
    // Fires at once when it is overdue; a long wait is cut so that a computer that slept wakes up to it.
    this.timer = setTimeout(
      () => (Date.now() >= due ? void this.start() : this.schedule()),
      Math.min(Math.max(due - Date.now(), 0), 60_000),
    );
  };

  private dueAt(): number | undefined {
    if (this.enabled !== true || this.running || document.visibilityState !== 'visible') return undefined;
    const next = nextRunAt(this.last, this.place.interval);
    return next === undefined ? undefined : Math.max(next, this.notBefore);
  }

  private settings(): Settings {
    return {
      userId: this.host.userId,
      mailbox: this.host.mailbox,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      gateway: this.place.gateway,
      blikk: this.place.blikk,
      state: this.place.state,
    };
  }

  private readonly token = async (service: Service, refresh: boolean): Promise<string | null> =>
    tokenFrom(this.host, service, refresh);
}

const isElsewhere = ({ outcome }: RunReport): boolean =>
  outcome.kind === 'failed' && outcome.problem.code === 'run.already_running';

export async function tokenFrom(host: PluginHost, service: Service, refresh: boolean): Promise<string | null> {
  const token = await (service === 'gateway' ? host.getGatewayToken({ refresh }) : host.getBlikkToken({ refresh }));
  return token || null;
}

export function problemOf(error: unknown): Problem {
  return error instanceof ErrandFailed ? error.problem : { code: 'internal', server: String(error) };
}

/** The report of a run that could not begin. */
function failed(problem: Problem): RunReport {
  const now = new Date().toISOString();
  const nothing = { created: 0, updated: 0, deleted: 0 };
  const outcome = { kind: 'failed', side: null, problem } as const;
  return {
    started: now,
    ended: now,
    outcome,
    blikk: nothing,
    exchange: nothing,
    linked: 0,
    run: null,
    asking: 0,
    notSynchronised: {},
    notes: [],
  };
}

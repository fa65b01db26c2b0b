// One user's synchronisation as a page sees it: whether it is on, what goes on now, how the last run ended, and what can
// be asked. Knows nothing of elements; several tabs agree through IndexedDB and a BroadcastChannel.

import type { Approval, Problem, Progress, RunReport, Service } from '../generated/core.ts';
import type { CalendarChoice } from '../generated/pkg/blikk_calendar_sync.js';
import type { PluginHost } from '../public/host.ts';
import { attentionOf, healthAfter, isElsewhere, nextRunAt, type Attention, type Health } from './due.ts';
import { carryOut, ErrandFailed, type Going } from './errand.ts';
import { Store } from './idb.ts';
import { rememberRun, withCounts, type RunErrand } from './memory.ts';
import type { Errand, ErrandName, Gives, Settings, StatePlace } from './messages.ts';
import { Schedule } from './schedule.ts';
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
  /** Exactly once for each run that began here, however it ended. */
  finished(report: RunReport): void;
  /** Another tab finished a run. */
  heard(report: RunReport): void;
}

/** What tabs tell each other. */
type Word =
  | { kind: 'stored' }
  /** The host said in that tab that something was changed. */
  | { kind: 'changed'; at: number };

/** How long a tab leaves it to the others to begin. */
const OTHERS_FIRST_MS = 30_000;
/** Whoever switches it on often asks for a run too, and knows which. */
const ASKED_FIRST_MS = 2_000;

export class Session {
  /** Undefined until it has been read. */
  enabled: boolean | undefined;
  /** How the last run of the pair with the chosen calendar ended. */
  last: RunReport | undefined;
  health: Health | undefined;
  /** When the held run ended to which the person said no. */
  declined: string | undefined;
  /** Undefined: the first calendar, by whatever name. */
  calendar: CalendarChoice | undefined;
  progress: Progress | undefined;
  /** What goes on now. */
  activity: RunErrand | undefined;
  cancelling = false;

  private going: Going<RunReport> | undefined;
  /** Whether anybody asked for the run that goes on. */
  private isAskedFor = false;
  private notBefore = 0;
  private changedAt = 0;
  private chance = Math.random();
  private isClosed = false;
  private readonly otherTabs: BroadcastChannel;
  private readonly schedule: Schedule;

  constructor(
    private host: PluginHost,
    private readonly place: Place,
    private readonly listener: Listener,
  ) {
    const name = `blikk-calendar-sync:${host.userId}`;
    this.otherTabs = new BroadcastChannel(name);
    this.otherTabs.onmessage = ({ data }: MessageEvent<Word>) => this.hear(data);
    this.schedule = new Schedule(
      `${name}:leader`,
      place.interval > 0,
      () => this.dueAt(),
      () => void this.carry({ name: 'run' }, false),
      () => listener.changed(),
    );
  }

  /** The same person's page may hand over another host, with newer tokens: nothing begins anew for that. */
  adopt(host: PluginHost, place: Place): boolean {
    const { userId, mailbox } = this.host;
    const isOtherPlace = JSON.stringify(place) !== JSON.stringify(this.place);
    if (host.userId !== userId || host.mailbox !== mailbox || isOtherPlace) return false;
    this.host = host;
    return true;
  }

  /** Something goes on that the person should see. An answer says itself what it does. */
  get running(): boolean {
    return this.activity !== undefined && this.activity !== 'answer';
  }

  /** What the person has to know or decide, if anything. */
  get attention(): Attention | undefined {
    return this.enabled === true ? attentionOf(this.last, this.health, Date.now()) : undefined;
  }

  /** Reads what is remembered, and runs if a run is due. */
  async load(): Promise<void> {
    try {
      const own = await Store.open(this.host.userId);
      const [enabled, calendar] = [await own.recall('enabled'), await own.recall('calendar')];
      own.close();
      const { store } = await Store.openChosen(this.host.userId);
      const [last, health, declined] = [
        await store.recall('lastRun'),
        await store.recall('health'),
        await store.recall('declined'),
      ];
      store.close();
      // All at once: what is due depends on it.
      Object.assign(this, { enabled: enabled ?? false, calendar, last, health, declined });
    } catch (error) {
      this.enabled = false;
      this.last = failed(storeProblem(error));
    }
    if (this.isClosed) return;
    this.listener.changed();
    this.schedule.again();
  }

  async setEnabled(enabled: boolean): Promise<void> {
    this.enabled = enabled;
    this.notBefore = Date.now() + ASKED_FIRST_MS;
    this.listener.changed();
    if (!enabled) this.cancel();
    try {
      const store = await Store.open(this.host.userId);
      await store.remember('enabled', enabled);
      store.close();
      this.tell({ kind: 'stored' });
    } catch (error) {
      this.last = failed(storeProblem(error));
      this.listener.changed();
    }
    this.schedule.again();
  }

  /** Runs once; while one goes on that nobody had to say yes to, gives that one's report. */
  sync(approval?: Approval): Promise<RunReport> {
    if (this.activity === 'run' && this.going !== undefined && approval === undefined) {
      this.isAskedFor = true;
      return this.going.done;
    }
    return this.carry(approval === undefined ? { name: 'run' } : { name: 'run', approval });
  }

  /** The person said no to what the held run would delete: it waits, and is not asked about again. */
  async decline(): Promise<void> {
    this.declined = this.last?.ended;
    this.listener.changed();
    const { store } = await Store.openChosen(this.host.userId);
    if (this.declined !== undefined) await store.remember('declined', this.declined);
    store.close();
    this.tell({ kind: 'stored' });
  }

  /** Something was changed in Blikk: whichever tab leads synchronises soon. */
  changed(): void {
    this.changedAt = Date.now();
    this.tell({ kind: 'changed', at: this.changedAt });
    this.schedule.again();
  }

  /** Asks without changing anything in the calendars. */
  ask<Name extends Exclude<ErrandName, RunErrand>>(errand: Errand<Name>): Promise<Gives<Name>> {
    return carryOut<Name>(errand, this.settings(), this.token).done;
  }

  /** Carries out what writes to the calendars, after what goes on already. */
  async carry(errand: Errand<RunErrand>, isAskedFor = true): Promise<RunReport> {
    while (this.going !== undefined) await this.going.done;
    this.isAskedFor = isAskedFor;
    this.activity = errand.name;
    this.cancelling = false;
    this.progress = undefined;
    const going = carryOut<RunErrand>(errand, this.settings(), this.token, (progress) => {
      this.progress = progress;
      this.listener.progress(progress);
      this.listener.changed();
    });
    this.going = {
      cancel: going.cancel,
      done: going.done
        .catch((error: unknown) => this.broken(errand, problemOf(error)))
        .then((report) => this.end(errand, report)),
    };
    this.listener.changed();
    return this.going.done;
  }

  cancel(): void {
    if (this.going === undefined) return;
    this.cancelling = true;
    this.going.cancel();
    this.listener.changed();
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
    this.tell({ kind: 'stored' });
    await this.load();
  }

  /** Forgets a state that cannot be read, and tells when a run may begin. */
  async beginAnew(busyTitle: string): Promise<Date> {
    const seconds = await this.ask({ name: 'beginAnew', busyTitle });
    this.notBefore = Date.now() + seconds * 1000;
    // What is said of the former run is said of the state that is no more.
    this.last = undefined;
    try {
      const { store } = await Store.openChosen(this.host.userId);
      await store.forget('lastRun');
      store.close();
    } catch (error) {
      throw new ErrandFailed(storeProblem(error));
    }
    this.tell({ kind: 'stored' });
    this.listener.changed();
    this.schedule.again();
    return new Date(this.notBefore);
  }

  close(): void {
    this.isClosed = true;
    this.going?.cancel();
    this.schedule.close();
    this.otherTabs.close();
  }

  private async end(errand: Errand<RunErrand>, report: RunReport): Promise<RunReport> {
    const isQuiet = errand.name === 'run' && !this.isAskedFor && isElsewhere(report);
    this.going = undefined;
    this.activity = undefined;
    this.cancelling = false;
    this.progress = undefined;
    this.chance = Math.random();
    if (isQuiet) {
      // Nothing that a person here needs to know: the other one says when it is done.
      this.notBefore = Date.now() + this.place.interval * 60_000;
    } else {
      this.take(errand.name, report);
      if (errand.name === 'disconnect' && report.outcome.kind === 'done') await this.setEnabled(false);
      this.tell({ kind: 'stored' });
    }
    // Whoever waits for the end hears of it also when the page has let go of us meanwhile.
    this.listener.finished(report);
    if (this.isClosed) return report;
    this.listener.changed();
    this.schedule.again();
    return report;
  }

  /** As `rememberRun` keeps it. */
  private take(errand: RunErrand, report: RunReport): void {
    if (errand === 'disconnect') {
      if (report.outcome.kind === 'done') this.last = this.health = undefined;
    } else if (errand === 'run') {
      this.last = report;
      this.health = healthAfter(this.health, report);
    } else {
      this.last = this.last && withCounts(this.last, report);
    }
  }

  /** A run that could not begin is a run that failed. The worker that should have kept its report never came. */
  private async broken({ name }: Errand<RunErrand>, problem: Problem): Promise<RunReport> {
    const report = failed(problem);
    try {
      const { store } = await Store.openChosen(this.host.userId);
      await rememberRun(store, name, report);
      store.close();
    } catch {
      // Then it is the store that is broken, and the report says so already.
    }
    return report;
  }

  private hear(word: Word): void {
    if (word.kind === 'changed') {
      this.changedAt = Math.max(this.changedAt, word.at);
      return this.schedule.again();
    }
    // The tab in which something was changed also acts on it.
    this.notBefore = Date.now() + OTHERS_FIRST_MS;
    const before = this.last?.ended;
    void this.load().then(() => {
      if (this.last === undefined || this.last.ended === before || this.isClosed) return;
      this.notBefore = 0;
      this.listener.heard(this.last);
      this.schedule.again();
    });
  }

  private tell(word: Word): void {
    if (!this.isClosed) this.otherTabs.postMessage(word);
  }

  private dueAt(): number | undefined {
    const { schedule, last, health, changedAt, chance } = this;
    if (this.enabled !== true || this.activity !== undefined) return undefined;
    const due = nextRunAt({
      last,
      failures: health?.failures ?? 0,
      interval: this.place.interval,
      isVisible: schedule.isVisible,
      isOnline: navigator.onLine,
      openedAt: schedule.openedAt,
      seenAt: schedule.seenAt,
      onlineAt: schedule.onlineAt,
      changedAt,
      chance,
    });
    return due === undefined ? undefined : Math.max(due, this.notBefore);
  }

  private settings(): Settings {
    return {
      userId: this.host.userId,
      mailbox: this.host.mailbox,
      timeZone: ownZone(),
      gateway: this.place.gateway,
      blikk: this.place.blikk,
      state: this.place.state,
    };
  }

  private readonly token = async (service: Service, refresh: boolean): Promise<string | null> =>
    tokenFrom(this.host, service, refresh);
}

export async function tokenFrom(host: PluginHost, service: Service, refresh: boolean): Promise<string | null> {
  const token = await (service === 'gateway' ? host.getGatewayToken({ refresh }) : host.getBlikkToken({ refresh }));
  return token || null;
}

/** Where the person is. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

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

// The worker: gives the Wasm core what a browser can do (fetch, IndexedDB, time, chance), takes the lock, and carries
// word between core and page. It decides nothing about calendars.

import init, { CalendarSync, type Host, type Refusal } from '../generated/pkg/blikk_calendar_sync.js';
import wasmUrl from '../generated/pkg/blikk_calendar_sync_bg.wasm?url';
import type { Problem, RunReport, Service } from '../generated/core.ts';
import { Store } from './idb.ts';
import { sender } from './http.ts';
import { rememberRun, type RunErrand } from './memory.ts';
import {
  OWN_CALENDAR,
  type Errand,
  type ErrandName,
  type FromWorker,
  type Gives,
  type Settings,
  type ToWorker,
} from './messages.ts';
import { GatewayFirst, RemoteStore } from './remote-store.ts';
import { storeProblem } from './state-store.ts';

/** A request under way when the person cancels gets this long to end, so that what it wrote is known. */
const GRACE_MS = 4_000;
/** How long what a person asked for waits while another tab writes. */
const LOCK_PATIENCE_MS = 15_000;

// TypeScript cannot mix the libraries of pages and workers in one program; this is all we need of the worker's.
interface WorkerScope {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = self as unknown as WorkerScope;

const cancelWanted = new AbortController();
const patienceOver = new AbortController();
const tokensAwaited = new Map<number, (token: string | null) => void>();

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case 'start':
      void carryOut(data.errand, data.settings).then((message) => scope.postMessage(message));
      break;
    case 'token':
      tokensAwaited.get(data.id)?.(data.token);
      tokensAwaited.delete(data.id);
      break;
    case 'cancel':
      cancelWanted.abort();
      setTimeout(() => patienceOver.abort(), GRACE_MS);
      break;
  }
};

// A panic of the core is a trap that no promise reports: it would leave the page waiting for ever.
for (const kind of ['error', 'unhandledrejection'] as const) {
  self.addEventListener(kind, (event) => {
    event.preventDefault();
    const cause = event instanceof PromiseRejectionEvent ? event.reason : (event as ErrorEvent).error;
    scope.postMessage({ kind: 'broken', problem: { code: 'internal', server: text(cause) } });
  });
}

async function carryOut(errand: Errand, settings: Settings): Promise<FromWorker> {
  try {
    await loadCore();
    return { kind: 'done', result: await place(errand, settings) };
  } catch (error) {
    return { kind: 'broken', problem: problemOf(error) };
  }
}

/** Which pair an errand is about, and whether it has to be alone. */
async function place(errand: Errand, settings: Settings): Promise<Gives<ErrandName>> {
  switch (errand.name) {
    case 'test':
    case 'calendars':
    case 'createCalendar':
      return withFirst(settings, (core) => ask(core, errand));
    case 'run':
    case 'undo':
    case 'answer':
    case 'disconnect':
      return alone(settings, errand, async (core, store) => {
        const report = (await ask(core, errand)) as RunReport;
        await keep(store, errand.name, report);
        return report;
      });
    case 'setOptions':
    case 'beginAnew':
      return alone(settings, errand, (core) => ask(core, errand));
    default:
      return withChosen(settings, (core) => ask(core, errand));
  }
}

async function ask(core: CalendarSync, errand: Errand): Promise<Gives<ErrandName>> {
  switch (errand.name) {
    case 'run':
      return core.run(errand.approval);
    case 'preview':
      return core.preview();
    case 'status':
      return core.status();
    case 'setOptions':
      await core.setOptions(errand.options);
      return null;
    case 'beginAnew':
      return core.beginAnew(errand.busyTitle);
    case 'setAside':
      return core.setAside();
    case 'questions':
      return core.questions();
    case 'answer':
      return core.answer(errand.link, errand.winner);
    case 'history':
      return core.history();
    case 'historyOf':
      return core.historyOf(errand.run);
    case 'previewUndo':
      return core.previewUndo(errand.run);
    case 'undo':
      return core.undo(errand.run, errand.approval);
    case 'previewDisconnect':
      return core.previewDisconnect();
    case 'disconnect':
      return core.disconnect(errand.how, errand.approval);
    case 'test':
      return core.testConnection();
    case 'calendars':
      return core.calendars();
    case 'createCalendar':
      return core.createCalendar(OWN_CALENDAR);
  }
}

async function loadCore(): Promise<void> {
  try {
    await init({ module_or_path: wasmUrl });
  } catch (error) {
    // The Wasm lies on the gateway, beside this script: if it does not come, the gateway is not there.
    throw new Broken({ code: 'gateway.unreachable', server: text(error) });
  }
}

/**
 * One that writes at a time per user, over all tabs of this browser. The browser gives the lock back if the tab dies. A
 * run that finds another one under way has nothing to add; what a person asked for waits for it, but not for long.
 */
async function alone<T>(settings: Settings, { name }: Errand, work: Work<T>): Promise<T> {
  if (navigator.locks === undefined) {
    throw new Broken({ code: 'store.failed', server: 'Web Locks are missing: the page must be served over https' });
  }
  const options = name === 'run' ? { ifAvailable: true } : { signal: AbortSignal.timeout(LOCK_PATIENCE_MS) };
  const locked = navigator.locks.request(`blikk-calendar-sync:${settings.userId}`, options, async (lock) => {
    if (lock === null) throw new Broken({ code: 'run.already_running' });
    return withChosen(settings, work);
  });
  return locked.catch((error: unknown) => {
    const isImpatient = error instanceof DOMException && error.name === 'TimeoutError';
    throw isImpatient ? new Broken({ code: 'run.already_running' }) : error;
  });
}

type Work<T> = (core: CalendarSync, store: Store) => Promise<T>;

/** With the pair that the person has chosen, as it is written down now: another tab may have changed it. */
async function withChosen<T>(settings: Settings, work: Work<T>): Promise<T> {
  const { store, folder } = await opened(() => Store.openChosen(settings.userId));
  return withCore(settings, store, folder, work);
}

/** For what is asked of the mailbox and no pair's business. */
async function withFirst<T>(settings: Settings, work: Work<T>): Promise<T> {
  return withCore(settings, await opened(() => Store.open(settings.userId)), null, work);
}

async function withCore<T>(settings: Settings, store: Store, folder: string | null, work: Work<T>): Promise<T> {
  const { mailbox, timeZone } = settings;
  const core = new CalendarSync(host(settings, store, folder), {
    mailbox,
    timeZone,
    folder,
    device: await deviceOf(store),
  });
  const cancel = (): void => core.cancel();
  cancelWanted.signal.addEventListener('abort', cancel);
  try {
    return await work(core, store);
  } finally {
    cancelWanted.signal.removeEventListener('abort', cancel);
    core.free();
    store.close();
  }
}

/** Drawn once, and kept. */
async function deviceOf(store: Store): Promise<string> {
  const known = await opened(() => store.recall('device'));
  if (known !== undefined) return known;
  const drawn = crypto.randomUUID().replaceAll('-', '');
  await opened(() => store.remember('device', drawn));
  return drawn;
}

function host(settings: Settings, store: Store, folder: string | null): Host {
  const send = sender({ gateway: settings.gateway, blikk: settings.blikk }, askForToken, patienceOver.signal);
  const wait = (milliseconds: number): Promise<void> => sleep(milliseconds, cancelWanted.signal);
  const state = settings.state === 'browser' ? store : new GatewayFirst(new RemoteStore(send, folder, wait), store);
  return {
    send,
    head: () => state.head(),
    generation: () => state.generation(),
    linksOf: (side, ids) => state.linksOf(side, ids),
    index: () => state.index(),
    linksAfter: (after, limit) => state.linksAfter(after, limit),
    operations: () => state.operations(),
    runs: () => state.runs(),
    changesOf: (run) => state.changesOf(run),
    commit: (commit) => state.commit(commit),
    now: () => Date.now(),
    sleep: wait,
    random: () => crypto.getRandomValues(new Uint8Array(16)),
    progress: (progress) => scope.postMessage({ kind: 'progress', progress }),
  };
}

function askForToken(service: Service, refresh: boolean): Promise<string | null> {
  const id = nextTokenId++;
  return new Promise((resolve) => {
    tokensAwaited.set(id, resolve);
    scope.postMessage({ kind: 'tokenWanted', id, service, refresh });
  });
}
let nextTokenId = 1;

/** Ends early when the person cancels: nobody should wait for a wait. */
function sleep(milliseconds: number, cancelled: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (cancelled.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    cancelled.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function opened<T>(opening: () => Promise<T>): Promise<T> {
  try {
    return await opening();
  } catch (error) {
    throw new Broken(storeProblem(error));
  }
}

/** A run is not undone by a report that cannot be kept. */
async function keep(store: Store, errand: RunErrand, report: RunReport): Promise<void> {
  try {
    await rememberRun(store, errand, report);
  } catch (error) {
    console.warn('blikk-calendar-sync: the report of this run could not be kept', text(error));
  }
}

class Broken extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/** Everything that leaves the worker has a code; what has none is a fault of ours. */
function problemOf(error: unknown): Problem {
  const problem = error instanceof Broken ? error.problem : (error as Partial<Refusal> | null)?.problem;
  return problem ?? { code: 'internal', server: text(error) };
}

function text(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 300);
}

// The page's end of the worker: starts one for an errand, lends it the host's tokens, and ends it when it is done.
// Nothing of this, nor the Wasm, is loaded before the first errand.

import type { ConnectionReport, Note, Problem, Progress, RunReport, Service } from '../generated/core.ts';
import type { CalendarChoice } from '../generated/pkg/blikk_calendar_sync.js';
import type { Errand, FromWorker, Settings, ToWorker } from './messages.ts';
import workerUrl from './worker.ts?worker&url';

export type Tokens = (service: Service, refresh: boolean) => Promise<string | null>;

export interface Going<T> {
  done: Promise<T>;
  cancel(): void;
}

/** Why an errand could not be carried out at all. */
export class ErrandFailed extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
    this.name = 'ErrandFailed';
  }
}

export function run(settings: Settings, tokens: Tokens, onProgress: (progress: Progress) => void): Going<RunReport> {
  return start('run', settings, tokens, (m) => (m.kind === 'ran' ? m.report : undefined), onProgress);
}

export function setAside(settings: Settings, tokens: Tokens): Going<Note[]> {
  return start('setAside', settings, tokens, (m) => (m.kind === 'setAside' ? m.notes : undefined));
}

export function test(settings: Settings, tokens: Tokens): Going<ConnectionReport> {
  return start('test', settings, tokens, (m) => (m.kind === 'tested' ? m.report : undefined));
}

export function calendars(settings: Settings, tokens: Tokens): Going<CalendarChoice[]> {
  return start('calendars', settings, tokens, (m) => (m.kind === 'calendars' ? m.calendars : undefined));
}

export function createCalendar(settings: Settings, tokens: Tokens): Going<CalendarChoice> {
  return start('createCalendar', settings, tokens, (m) => (m.kind === 'calendarCreated' ? m.calendar : undefined));
}

function start<T>(
  errand: Errand,
  settings: Settings,
  tokens: Tokens,
  resultOf: (message: FromWorker) => T | undefined,
  onProgress: (progress: Progress) => void = () => {},
): Going<T> {
  const worker = spawn(workerUrl);
  const tell = (message: ToWorker): void => worker.postMessage(message);

  const done = new Promise<T>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'progress') return onProgress(data.progress);
      if (data.kind === 'tokenWanted') {
        const { id } = data;
        tokens(data.service, data.refresh).then(
          (token) => tell({ kind: 'token', id, token }),
          () => tell({ kind: 'token', id, token: null }),
        );
        return;
      }
      if (data.kind === 'broken') return reject(new ErrandFailed(data.problem));
      const result = resultOf(data);
      if (result !== undefined) resolve(result);
    };
    // The script did not come: it lies on the gateway. (Once it runs, it reports its own faults.)
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new ErrandFailed({ code: 'gateway.unreachable', server: event.message ?? 'the worker did not start' }));
    };
  }).finally(() => worker.terminate());

  tell({ kind: 'start', errand, settings });
  return { done, cancel: () => tell({ kind: 'cancel' }) };
}

/**
 * A worker's script must come from the page's own origin, but the plugin is served by the gateway. So the worker is a
 * one-line module of the page's own that imports the gateway's script: `import.meta.url` in there is the gateway's, and
 * the Wasm is found beside it. A host's Content-Security-Policy has to allow `worker-src blob:` and the
 * gateway for it: an import of a worker's module counts as worker, not as script.
 */
function spawn(url: string): Worker {
  if (new URL(url, import.meta.url).origin === location.origin) return new Worker(url, { type: 'module' });
  const source = `import ${JSON.stringify(url)};`;
  const own = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(own, { type: 'module' });
  // Free only after the worker has read it; its first message, or its failure, tells.
  const free = (): void => URL.revokeObjectURL(own);
  worker.addEventListener('message', free, { once: true });
  worker.addEventListener('error', free, { once: true });
  return worker;
}

// The page's end of the worker: starts one for an errand, lends it the host's tokens, and ends it when it is done.
// Nothing of this, nor the Wasm, is loaded before the first errand.

import type { Problem, Progress, Service } from '../generated/core.ts';
import type { Errand, ErrandName, FromWorker, Gives, Settings, ToWorker } from './messages.ts';
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

/** Starts a worker for the errand. */
export function carryOut<Name extends ErrandName>(
  errand: Errand<Name>,
  settings: Settings,
  tokens: Tokens,
  onProgress: (progress: Progress) => void = () => {},
): Going<Gives<Name>> {
  const worker = spawn(workerUrl);
  const tell = (message: ToWorker): void => worker.postMessage(message);

  const done = new Promise<Gives<Name>>((resolve, reject) => {
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
      resolve(data.result as Gives<Name>);
    };
    // The script did not come: it lies on the gateway. (Once it runs, it reports its own faults.)
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new ErrandFailed({ code: 'gateway.unreachable', server: event.message ?? 'the worker did not start' }));
    };
  }).finally(() => worker.terminate());

  // TypeScript does not see that one name's errand is one of all errands.
  tell({ kind: 'start', errand: errand as Errand, settings });
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

// The state in the gateway, and gateways that keep none, are busy, or answer badly.

import type { Page } from '@playwright/test';
import type { Answer } from './browser.ts';
import { expect, test } from './browser.ts';

type Ask = 'head' | 'generation' | 'links' | 'commit' | 'head twice';

interface Outcome {
  seen?: unknown;
  problem?: { code: string; waitSeconds?: number | null };
  waited: number[];
}

/** Asks the gateway first and the browser's store, which has a head of its own, where the gateway keeps none. */
async function ask(page: Page, gateway: string, what: Ask, token: string | null = 'one'): Promise<Outcome> {
  return page.evaluate(
    async ([gateway, what, token]) => {
      const from = <T>(path: string): Promise<T> =>
        import(/* @vite-ignore */ `${location.origin}/src/internal/${path}`);
      const { GatewayFirst, RemoteStore } =
        await from<typeof import('../src/internal/remote-store.ts')>('remote-store.ts');
      const { Store } = await from<typeof import('../src/internal/idb.ts')>('idb.ts');
      const { storeProblem } = await from<typeof import('../src/internal/state-store.ts')>('state-store.ts');
      const { sender } = await from<typeof import('../src/internal/http.ts')>('http.ts');
      const commit = (generation: number): never =>
        ({
          expectedGeneration: generation - 1,
          head: { generation },
          clear: false,
          put: [],
          remove: [],
          putOperations: [],
          removeOperations: [],
          putRuns: [],
          putChanges: [],
        }) as never;
      const browser = await Store.open('anna');
      if ((await browser.head()) === undefined) await browser.commit(commit(1));
      const waited: number[] = [];
      const wait = async (milliseconds: number): Promise<void> => void waited.push(milliseconds);
      const send = sender({ gateway, blikk: '' }, async () => token, new AbortController().signal);
      const store = new GatewayFirst(new RemoteStore(send, 'AAMk/+=&å', wait), browser);
      try {
        switch (what) {
          case 'head':
            return { seen: (await store.head()) ?? null, waited };
          case 'head twice':
            return { seen: [await store.head(), await store.head()], waited };
          case 'generation':
            return { seen: await store.generation(), waited };
          case 'links':
            return { seen: await store.linksAfter(null, 3), waited };
          case 'commit':
            return { seen: await store.commit(commit(6)), waited };
        }
      } catch (error) {
        return { problem: storeProblem(error), waited };
      }
    },
    [gateway, what, token] as const,
  );
}

const refusal = (code: string, more: object = {}): string =>
  JSON.stringify({ error: { code, message: 'nej', ...more } });
const HEAD = JSON.stringify({ format: 2, generation: 5 });

/** A gateway that keeps the head of before, and answers everything else so. */
const keeping =
  (answer: Answer): Answer =>
  (request, response, body) =>
    request.url?.startsWith('/state/head') === true ? void response.end(HEAD) : answer(request, response, body);

test('where the gateway keeps a state it is the state', async ({ blank, serve }) => {
  const seen: (string | undefined)[] = [];
  const gateway = await serve((request, response) => {
    seen.push(request.url, request.headers.authorization);
    response.end(HEAD);
  });
  expect(await ask(blank, gateway, 'head')).toEqual({ seen: { format: 2, generation: 5 }, waited: [] });
  expect(seen, 'asked once').toEqual(['/state/head?folder=AAMk%2F%2B%3D%26%C3%A5', 'Bearer one']);
});

test('a head is read anew the second time', async ({ blank, serve }) => {
  let generation = 0;
  const gateway = await serve((_, response) => void response.end(JSON.stringify({ generation: (generation += 1) })));
  expect((await ask(blank, gateway, 'head twice')).seen).toEqual([{ generation: 1 }, { generation: 2 }]);
});

test('a state that cannot be read is kept there all the same, and says where it stands', async ({ blank, serve }) => {
  const gateway = await serve((request, response) => {
    if (request.url?.startsWith('/state/generation') === true) return void response.end('{"generation":7}');
    response.writeHead(500).end(refusal('store.unreadable'));
  });
  expect((await ask(blank, gateway, 'generation')).seen).toBe(7);
  expect((await ask(blank, gateway, 'head')).problem?.code).toBe('store.unreadable');
});

test('an answer that is no generation is not taken for one', async ({ blank, serve }) => {
  for (const body of ['{}', 'null', '{"generation":"7"}', '']) {
    const gateway = await serve(keeping((_, response) => void response.end(body)));
    expect((await ask(blank, gateway, 'generation')).problem?.code, body).toBe('gateway.failed');
  }
});

test('who never synchronised has no head there, and the browser is not asked', async ({ blank, serve }) => {
  const gateway = await serve((_, response) => void response.writeHead(204).end());
  expect((await ask(blank, gateway, 'head')).seen).toBeNull();
});

for (const body of [refusal('gateway.not_configured'), refusal('gateway.refused'), '<html>']) {
  test(`where it keeps none (${body}) the browser does`, async ({ blank, serve }) => {
    const gateway = await serve((_, response) => void response.writeHead(404).end(body));
    expect((await ask(blank, gateway, 'head')).seen).toEqual({ generation: 1 });
  });
}

test('a gateway that does not answer has not said that it keeps none', async ({ blank }) => {
  expect((await ask(blank, 'http://127.0.0.1:9', 'head')).problem?.code).toBe('gateway.unreachable');
});

test('who is not signed in is told so', async ({ blank, serve }) => {
  const gateway = await serve((_, response) => void response.end(HEAD));
  expect((await ask(blank, gateway, 'head', null)).problem?.code).toBe('gateway.token_expired');
});

test('lists are read page by page, as far as is wanted', async ({ blank, serve }) => {
  const asked: string[] = [];
  const gateway = await serve(
    keeping((request, response) => {
      const query = new URL(request.url ?? '', 'http://gateway').searchParams;
      asked.push(`${query.get('after')} ${query.get('limit')}`);
      const [rows, next] = query.get('after') === null ? [[{ id: '1' }, { id: '2' }], '2'] : [[{ id: '3' }], '3'];
      response.end(JSON.stringify({ rows, next }));
    }),
  );
  expect((await ask(blank, gateway, 'links')).seen).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
  expect(asked).toEqual(['null 3', '2 1']);
});

test('a busy gateway is waited for, and asked again', async ({ blank, serve }) => {
  let times = 0;
  const gateway = await serve(
    keeping((_, response) => {
      times += 1;
      if (times > 2) return void response.writeHead(204).end();
      const status = times === 1 ? 429 : 503;
      response.writeHead(status, { 'Retry-After': '2' }).end(refusal('exchange.busy', { retryAfter: 2 }));
    }),
  );
  expect(await ask(blank, gateway, 'commit')).toEqual({ seen: true, waited: [2000, 2000] });
});

test('but not for ever, and not for long', async ({ blank, serve }) => {
  for (const [seconds, waited] of [
    [1, [1000, 1000]],
    [600, []],
  ] as const) {
    const gateway = await serve(
      keeping((_, response) => {
        response
          .writeHead(429, { 'Retry-After': String(seconds) })
          .end(refusal('exchange.busy', { retryAfter: seconds }));
      }),
    );
    const outcome = await ask(blank, gateway, 'commit');
    expect(outcome.problem).toMatchObject({ code: 'exchange.busy', waitSeconds: seconds });
    expect(outcome.waited).toEqual(waited);
  }
});

// Chromium itself sends a request once more when a connection that it kept closes before the first byte; the generation
// makes that harmless.
test('a commit whose answer breaks off is not sent again', async ({ blank, serve }) => {
  let times = 0;
  const gateway = await serve(
    keeping((_, response) => {
      times += 1;
      response.writeHead(200, { 'Content-Length': '100' }).write('half');
      setTimeout(() => response.destroy(), 50);
    }),
  );
  expect((await ask(blank, gateway, 'commit')).problem?.code).toBe('gateway.unreachable');
  expect(times).toBe(1);
});

test('a generation that has passed is no failure', async ({ blank, serve }) => {
  const gateway = await serve(keeping((_, response) => void response.writeHead(409).end(refusal('store.stale'))));
  expect((await ask(blank, gateway, 'commit')).seen).toBe(false);
});

for (const [status, body, code] of [
  [507, refusal('store.full'), 'store.full'],
  [500, refusal('store.unreadable'), 'store.unreadable'],
  [413, refusal('gateway.request_too_large'), 'gateway.request_too_large'],
  [401, refusal('gateway.token_expired'), 'gateway.token_expired'],
  [500, refusal('gateway.failed'), 'gateway.failed'],
  [502, '<html>Bad gateway</html>', 'gateway.failed'],
  [500, '{}', 'gateway.failed'],
  [418, '{"error":{}}', 'gateway.failed'],
] as const) {
  test(`HTTP ${status} with ${body} is ${code}`, async ({ blank, serve }) => {
    const gateway = await serve(keeping((_, response) => void response.writeHead(status).end(body)));
    expect((await ask(blank, gateway, 'commit')).problem?.code).toBe(code);
  });
}

test('an answer that is no list is no empty list', async ({ blank, serve }) => {
  for (const body of ['{}', '[]', 'null', '"rows"', '{"rows":{}}', '{"rows":[]', '']) {
    const gateway = await serve(keeping((_, response) => void response.end(body)));
    expect((await ask(blank, gateway, 'links')).problem?.code, body).toBe('gateway.failed');
  }
});

// Carrying one request: what arrives at a real server, and what comes back when the server behaves badly.

import type { Page } from '@playwright/test';
import { expect, test } from './browser.ts';

interface Wish {
  base: string;
  tokens?: (string | null)[];
  milliseconds?: number;
  bytes?: number;
  cancelAfter?: number;
  method?: string;
  body?: string;
}

interface Outcome {
  status?: number;
  body?: string;
  retryAfter?: string | undefined;
  fault?: string;
  asked: boolean[];
}

async function send(page: Page, wish: Wish): Promise<Outcome> {
  return page.evaluate(
    async ({ base, tokens = ['one'], milliseconds = 5000, bytes = 1000, cancelAfter, method = 'POST', body }) => {
      const { sender } = (await import(
        /* @vite-ignore */ `${location.origin}/src/internal/http.ts`
      )) as typeof import('../src/internal/http.ts');
      const asked: boolean[] = [];
      const cancel = new AbortController();
      if (cancelAfter !== undefined) setTimeout(() => cancel.abort(), cancelAfter);
      const limits = { milliseconds, bytes };
      const source = async (_: string, refresh: boolean): Promise<string | null> => {
        asked.push(refresh);
        return tokens.shift() ?? null;
      };
      const carry = sender({ gateway: base, blikk: base }, source, cancel.signal, { gateway: limits, blikk: limits });
      try {
        const bytesOut = body === undefined ? {} : { body: new TextEncoder().encode(body) };
        const answer = await carry({
          service: 'gateway',
          method,
          path: '/ews',
          headers: [['X-Test', 'yes']],
          ...bytesOut,
        });
        const retryAfter = answer.headers.find(([name]) => name === 'retry-after')?.[1];
        return { status: answer.status, body: new TextDecoder().decode(answer.body), retryAfter, asked };
      } catch (error) {
        return { fault: (error as { fault: string }).fault, asked };
      }
    },
    wish,
  );
}

test('method, path, headers, token and body arrive as they were given', async ({ blank, serve }) => {
  let seen: unknown;
  const base = await serve((request, response, body) => {
    seen = [
      request.method,
      request.url,
      request.headers['x-test'],
      request.headers.authorization,
      request.headers.cookie,
      request.headers.referer,
      body,
    ];
    response.end('<svar>åäö</svar>');
  });
  expect(await send(blank, { base, body: '<fråga>🙂</fråga>' })).toMatchObject({
    status: 200,
    body: '<svar>åäö</svar>',
  });
  expect(seen).toEqual(['POST', '/ews', 'yes', 'Bearer one', undefined, undefined, '<fråga>🙂</fråga>']);
});

test('an error answer is an answer, with its headers', async ({ blank, serve }) => {
  const base = await serve((_, response) => void response.writeHead(503, { 'Retry-After': '7' }).end('senare'));
  expect(await send(blank, { base })).toMatchObject({ status: 503, body: 'senare', retryAfter: '7' });
});

test('a refused token is replaced once, and the request sent again', async ({ blank, serve }) => {
  const base = await serve(
    (request, response) => void response.writeHead(request.headers.authorization === 'Bearer two' ? 200 : 401).end(),
  );
  expect(await send(blank, { base, tokens: ['one', 'two'] })).toMatchObject({ status: 200, asked: [false, true] });
});

test('when the new token is refused too, that is the answer', async ({ blank, serve }) => {
  let requests = 0;
  const base = await serve((_, response) => {
    requests += 1;
    response.writeHead(401).end();
  });
  expect(await send(blank, { base, tokens: ['one', 'two', 'three'] })).toMatchObject({
    status: 401,
    asked: [false, true],
  });
  expect(requests).toBe(2);
});

test('a host without a token sends nothing', async ({ blank, serve }) => {
  let requests = 0;
  const base = await serve((_, response) => {
    requests += 1;
    response.end();
  });
  expect(await send(blank, { base, tokens: [null] })).toMatchObject({ fault: 'notSignedIn' });
  expect(requests).toBe(0);
});

test('nobody there is unreachable', async ({ blank }) => {
  expect(await send(blank, { base: 'http://127.0.0.1:9' })).toMatchObject({ fault: 'unreachable' });
});

test('an answer that breaks off in the middle is unreachable, not a short answer', async ({ blank, serve }) => {
  const base = await serve((_, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 50);
  });
  expect(await send(blank, { base })).toMatchObject({ fault: 'unreachable' });
});

test('no answer in time', async ({ blank, serve }) => {
  const base = await serve(() => {});
  expect(await send(blank, { base, milliseconds: 200 })).toMatchObject({ fault: 'timedOut' });
});

test('an answer that begins and never ends is late too', async ({ blank, serve }) => {
  const base = await serve((_, response) => void response.write('half'));
  expect(await send(blank, { base, milliseconds: 300 })).toMatchObject({ fault: 'timedOut' });
});

test('an answer that says it is too large is not fetched', async ({ blank, serve }) => {
  const base = await serve((_, response) => void response.end('x'.repeat(1001)));
  expect(await send(blank, { base })).toMatchObject({ fault: 'tooLarge' });
});

test('an answer that does not say so is given up at the limit', async ({ blank, serve }) => {
  let written = 0;
  const base = await serve((_, response) => {
    const timer = setInterval(() => {
      written += 500;
      response.write('x'.repeat(500));
    }, 10);
    response.on('close', () => clearInterval(timer));
  });
  expect(await send(blank, { base })).toMatchObject({ fault: 'tooLarge' });
  await blank.waitForTimeout(200);
  const then = written;
  await blank.waitForTimeout(200);
  expect(written, 'the connection is closed').toBe(then);
});

test('an answer of exactly the limit is accepted', async ({ blank, serve }) => {
  const base = await serve((_, response) => void response.end('x'.repeat(1000)));
  expect(await send(blank, { base })).toMatchObject({ status: 200 });
});

test('cancelling ends a request that is under way', async ({ blank, serve }) => {
  const base = await serve(() => {});
  expect(await send(blank, { base, cancelAfter: 100 })).toMatchObject({ fault: 'cancelled' });
});

test('a redirect is not followed: the token would go along', async ({ blank, serve }) => {
  let stolen = false;
  const thief = await serve((_, response) => {
    stolen = true;
    response.end();
  });
  const base = await serve((_, response) => void response.writeHead(307, { Location: thief }).end());
  expect(await send(blank, { base })).toMatchObject({ fault: 'unreachable' });
  expect(stolen).toBe(false);
});

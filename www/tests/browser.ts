// A test that runs modules of the page's source in Chromium, served by Vite as they are, and servers that answer as
// badly as a test wants them to.

import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test as base, type Page } from '@playwright/test';
import { createServer } from 'vite';

export { expect } from '@playwright/test';

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

interface Fixtures {
  /** An empty page on which `import('/src/…')` works. */
  blank: Page;
  /** Starts a server that is ended with the test, and gives its address. */
  serve: (answer: Answer) => Promise<string>;
}

export const test = base.extend<Fixtures, { vite: string }>({
  vite: [
    async ({}, use) => {
      const root = fileURLToPath(new URL('..', import.meta.url));
      const server = await createServer({
        root,
        logLevel: 'error',
        server: { host: '127.0.0.1', port: 0, hmr: false },
      });
      await server.listen();
      const { port } = server.httpServer?.address() as AddressInfo;
      await use(`http://127.0.0.1:${port}`);
      await server.close();
    },
    { scope: 'worker' },
  ],
  blank: async ({ page, vite }, use) => {
    await page.goto(`${vite}/tests/blank.html`);
    await use(page);
  },
  serve: async ({}, use) => {
    const servers: ReturnType<typeof createHttpServer>[] = [];
    await use(async (answer) => {
      const server = createHttpServer((request, response) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Access-Control-Allow-Headers', '*, Authorization');
        response.setHeader('Access-Control-Allow-Methods', '*');
        response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
        if (request.method === 'OPTIONS') return void response.writeHead(204).end();
        let body = '';
        request.setEncoding('utf8').on('data', (part: string) => (body += part));
        request.on('end', () => answer(request, response, body));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  },
});

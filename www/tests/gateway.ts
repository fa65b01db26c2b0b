// A gateway of a test's own, with its state in SQLite in a temporary folder.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SECRET = 'a-shared-secret-of-more-than-32-bytes';
const ISSUER = 'https://app.blikk.example';

export interface RunningGateway {
  url: string;
  stop(): void;
}

/** Undefined when the gateway is not built: `cargo build --package gateway`. */
export async function startGateway(origin: string, state = 'sqlite = "state.db"'): Promise<RunningGateway | undefined> {
  const built = fileURLToPath(new URL('../../target/debug/gateway', import.meta.url));
  const program = process.env['GATEWAY_PROGRAM'] ?? built;
  if (!existsSync(program)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const config = join(folder, 'gateway.toml');
  const key = Buffer.alloc(32, 5).toString('base64');
  writeFileSync(
    config,
    `listen = "127.0.0.1:0"
allowed_origins = ["${origin}"]
[token]
algorithm = "HS256"
secret = "${SECRET}"
issuer = "${ISSUER}"
[integration]
file = "account.json"
key = "${key}"
[limits]
burst = 10000
${state === '' ? '' : `[state]\n${state}`}
[[providers]]
id = "exchange"
name = "Exchange"
`,
  );
  const running = spawn(program, ['--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { RUST_LOG: 'warn' },
  });
  const stop = (): void => {
    running.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const lines = createInterface({ input: running.stdout });
  const first = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    running.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
  });
  return { url: (JSON.parse(first) as { gateway: { url: string } }).gateway.url, stop };
}

/** As Blikk would sign one for a person of that id. */
export function tokenOf(person: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ISSUER,
    aud: 'blikk-calendar-gateway',
    sub: person,
    mailbox: 'anna@konsult.example',
    role: 'user',
    iat: now,
    exp: now + 900,
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

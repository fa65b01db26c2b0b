// <blikk-calendar-integration>: the administrator's "Kalenderintegration", with the service account of the help article.

import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ConnectionReport, Problem } from '../generated/core.ts';
import { baseAddress, ownGateway } from '../internal/address.ts';
import { carryOut } from '../internal/errand.ts';
import { languageOf, whenOf } from '../internal/format.ts';
import { IntegrationApi, IntegrationRefused, type Integration, type Provider } from '../internal/integration.ts';
import type { ServerSearch } from '../internal/server-search.ts';
import { ownZone, problemOf, tokenFrom } from '../internal/session.ts';
import { words, type Language, type Words } from '../texts.ts';
import type { PluginHost } from './host.ts';
import { message, problemMessage } from './parts.ts';
import { serverSearchPart } from './server-search.ts';
import { shared } from './styles.ts';

type Field = 'provider' | 'account' | 'password' | 'server';
type Busy = 'loading' | 'saving' | 'testing' | 'removing' | 'finding';

/** What is said below the form; one thing at a time. */
type Said =
  | { kind: 'saved' }
  | { kind: 'removed' }
  | { kind: 'saveFirst' }
  | { kind: 'removeSure' }
  | { kind: 'tested'; report: ConnectionReport }
  | { kind: 'searched'; search: ServerSearch; confirmed: string[] }
  | { kind: 'notAdmin' | 'invalid' | 'problem'; problem: Problem };

export class BlikkCalendarIntegration extends LitElement {
  static override properties = {
    gateway: {},
    lang: {},
    host: { attribute: false },
    saved: { state: true },
    draft: { state: true },
    missing: { state: true },
    busy: { state: true },
    said: { state: true },
  };

  /** The gateway's address; empty: where this script came from. */
  declare gateway: string;
  declare lang: string;
  declare host: PluginHost | undefined;

  declare private saved: Integration | undefined;
  declare private draft: Record<Field, string>;
  declare private missing: Field[];
  declare private busy: Busy | undefined;
  declare private said: Said | undefined;

  constructor() {
    super();
    this.gateway = '';
    this.lang = '';
    this.draft = { provider: '', account: '', password: '', server: '' };
    this.missing = [];
  }

  protected override willUpdate(changed: PropertyValues): void {
    if ((changed.has('host') || changed.has('gateway')) && this.host !== undefined) void this.load(this.host);
  }

  private async load(host: PluginHost): Promise<void> {
    await this.busyWith('loading', async () => this.show(await this.api(host).read()));
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const { host } = this;
    if (host === undefined || this.busy !== undefined) return;
    this.missing = missingIn(this.draft, this.saved);
    if (this.missing.length > 0) return this.focusFirstMissing();
    const { provider, account, password, server } = this.draft;
    const kept = password === '' ? {} : { password };
    await this.busyWith('saving', async () => {
      this.show(await this.api(host).save({ provider, account: account.trim(), serverUrl: server.trim(), ...kept }));
      this.said = { kind: 'saved' };
    });
  }

  /** `confirmed`: hosts that the person has said yes to. */
  private async findServer(confirmed: string[] = []): Promise<void> {
    const { host } = this;
    if (host === undefined || this.busy !== undefined) return;
    const { account, password } = this.draft;
    this.missing = account.trim() === '' ? ['account'] : [];
    if (this.missing.length > 0) return this.focusFirstMissing();
    const typed = password === '' ? {} : { password };
    await this.busyWith('finding', async () => {
      const search = await this.api(host).findServer({ account: account.trim(), confirmed, ...typed });
      if (search.serverUrl !== null) this.draft = { ...this.draft, server: search.serverUrl };
      this.said = { kind: 'searched', search, confirmed };
    });
  }

  private async test(): Promise<void> {
    const { host } = this;
    if (host === undefined || this.busy !== undefined) return;
    if (this.isDirty) {
      this.said = { kind: 'saveFirst' };
      return;
    }
    await this.busyWith('testing', async () => {
      const settings = {
        userId: host.userId,
        mailbox: host.mailbox,
        timeZone: ownZone(),
        gateway: baseAddress(this.gateway, ownGateway()),
        blikk: '',
      };
      const report = await carryOut({ name: 'test' }, settings, (service, refresh) => tokenFrom(host, service, refresh))
        .done;
      this.said = { kind: 'tested', report };
    });
  }

  private async removeAccount(): Promise<void> {
    const { host } = this;
    if (host === undefined || this.busy !== undefined) return;
    await this.busyWith('removing', async () => {
      this.show(await this.api(host).remove());
      this.said = { kind: 'removed' };
    });
  }

  private async busyWith(busy: Busy, work: () => Promise<void>): Promise<void> {
    this.busy = busy;
    this.said = undefined;
    try {
      await work();
    } catch (error) {
      this.said = refusalSaid(error);
    } finally {
      this.busy = undefined;
    }
  }

  private show(saved: Integration): void {
    this.saved = saved;
    const { provider, account, serverUrl } = saved;
    this.draft = { provider: provider ?? '', account: account ?? '', password: '', server: serverUrl ?? '' };
    this.missing = [];
  }

  private api(host: PluginHost): IntegrationApi {
    return new IntegrationApi(host, baseAddress(this.gateway, ownGateway()));
  }

  private get isDirty(): boolean {
    const { saved } = this;
    const { provider, account, password, server } = this.draft;
    return (
      password !== '' ||
      provider !== (saved?.provider ?? '') ||
      account.trim() !== (saved?.account ?? '') ||
      server.trim() !== (saved?.serverUrl ?? '')
    );
  }

  private fill(field: Field, value: string): void {
    this.draft = { ...this.draft, [field]: value };
    this.missing = this.missing.filter((other) => other !== field);
    this.said = undefined;
  }

  private async focusFirstMissing(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#${this.missing[0]}`)?.focus();
  }

  private get language(): Language {
    return languageOf(this.lang || this.closest<HTMLElement>('[lang]:not(blikk-calendar-integration)')?.lang);
  }

  // --- what is seen ---

  protected override render(): TemplateResult {
    const say = words[this.language];
    return html`<section class="card stack" aria-labelledby="title" lang=${this.language}>
      <div>
        <h2 id="title">${say.integrationTitle}</h2>
        <p class="muted">${say.integrationLead}</p>
      </div>
      ${this.host === undefined ? html`<p class="muted">${say.hostMissing}</p>` : nothing}
      ${this.saved === undefined ? nothing : this.formPart(this.saved, say)}
      <div role="status">${this.busy === undefined ? this.saidPart(say) : html`<p class="muted busy">${busyWords(this.busy, say)}</p>`}</div>
    </section>`;
  }

  private formPart(saved: Integration, say: Words): TemplateResult {
    const { draft } = this;
    const keeps = keepsPassword(draft, saved);
    const chosen = saved.providers.find(({ id }) => id === draft.provider);
    return html`<form class="stack" novalidate autocomplete="off" @submit=${this.save}>
      ${this.fieldPart(
        'provider',
        say,
        undefined,
        html`<select id="provider" aria-invalid=${this.missing.includes('provider')}
        aria-describedby="provider-hint" @change=${(event: Event) => this.fill('provider', (event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${draft.provider === ''}>${say.chooseProvider}</option>
        ${saved.providers.map(({ id, name }) => html`<option value=${id} ?selected=${id === draft.provider}>${name}</option>`)}
      </select>`,
      )}
      ${this.fieldPart(
        'account',
        say,
        say.accountHint,
        html`<input id="account" type="text" inputmode="email" spellcheck="false"
        autocapitalize="none" autocomplete="off" maxlength="320" aria-invalid=${this.missing.includes('account')} aria-describedby="account-hint"
        .value=${draft.account} @input=${(event: Event) => this.fill('account', (event.target as HTMLInputElement).value)} />`,
      )}
      ${this.fieldPart(
        'password',
        say,
        keeps ? say.passwordKept : say.passwordHint,
        html`<input id="password" type="password"
        autocomplete="new-password" maxlength="1024" placeholder=${keeps ? '••••••••' : ''} aria-invalid=${this.missing.includes('password')}
        aria-describedby="password-hint" .value=${draft.password}
        @input=${(event: Event) => this.fill('password', (event.target as HTMLInputElement).value)} />`,
      )}
      ${this.fieldPart('server', say, chosen?.serverUrl ? say.serverOwn(chosen.name) : say.serverHint, this.serverPart(chosen, say))}
      <div class="row">
        <button class="primary" type="submit" aria-disabled=${this.busy !== undefined}>${say.save}</button>
        <button type="button" aria-disabled=${this.busy !== undefined} @click=${this.test}>${say.test}</button>
        ${saved.account === null ? nothing : html`<button class="quiet" type="button" @click=${() => (this.said = { kind: 'removeSure' })}>${say.remove}</button>`}
      </div>
      ${saved.savedAt === null ? nothing : html`<p class="small">${say.savedAt(whenOf(saved.savedAt, this.language))}</p>`}
    </form>`;
  }

  private serverPart(chosen: Provider | undefined, say: Words): TemplateResult {
    return html`<div class="row beside">
      <input id="server" type="url" inputmode="url" spellcheck="false" autocapitalize="none" autocomplete="off" maxlength="2000"
        placeholder=${chosen?.serverUrl ?? 'https://'} aria-invalid=${this.missing.includes('server')} aria-describedby="server-hint"
        .value=${this.draft.server} @input=${(event: Event) => this.fill('server', (event.target as HTMLInputElement).value)} />
      <button type="button" aria-disabled=${this.busy !== undefined} @click=${() => this.findServer()}>${say.findServer}</button>
    </div>`;
  }

  private fieldPart(field: Field, say: Words, hint: string | undefined, control: TemplateResult): TemplateResult {
    const missing = this.missing.includes(field);
    return html`<div class="field">
      <label for=${field}>${say[field]}</label>
      ${control}
      ${
        missing || hint !== undefined
          ? html`<p id="${field}-hint" class="small ${missing ? 'missing' : ''}">${missing ? say.missing[field] : hint}</p>`
          : nothing
      }
    </div>`;
  }

  private saidPart(say: Words): TemplateResult | typeof nothing {
    const { said } = this;
    switch (said?.kind) {
      case undefined:
        return nothing;
      case 'saved':
        return message('good', say.saved);
      case 'removed':
        return message('good', say.removed);
      case 'saveFirst':
        return message('plain', say.saveFirst);
      case 'removeSure':
        return message(
          'warn',
          say.removeSure,
          html`<div class="row sure">
          <button type="button" @click=${this.removeAccount}>${say.removeYes}</button>
          <button type="button" @click=${() => (this.said = undefined)}>${say.keep}</button>
        </div>`,
        );
      case 'searched':
        return serverSearchPart(said.search, say, {
          confirm: (host) => void this.findServer([...said.confirmed, host]),
          decline: () => (this.said = undefined),
        });
      case 'tested':
        return this.testedPart(said.report, say);
      case 'notAdmin':
      case 'invalid':
        return problemMessage(said.problem, this.language, 'admin', nothing, say[said.kind]);
      case 'problem':
        return problemMessage(said.problem, this.language, 'admin');
    }
  }

  private testedPart(report: ConnectionReport, say: Words): TemplateResult {
    if (report.kind === 'failed') return problemMessage(report.problem, this.language, 'admin');
    return message(
      'good',
      say.testOk,
      html`<p>${say.testFacts(report.folderName, report.itemCount, report.serverVersion ?? undefined)}</p>`,
    );
  }

  static override styles = [
    shared,
    css`
      form {
        max-width: 30rem;
      }
      label {
        display: block;
        font-weight: 600;
        margin-bottom: 0.25rem;
      }
      input,
      select {
        display: block;
        width: 100%;
        min-height: 2.5rem;
        padding: 0.4rem 0.7rem;
        font: inherit;
        color: var(--text);
        background: var(--surface);
        border: 1px solid var(--control);
        border-radius: calc(var(--radius) * 0.7);
      }
      [aria-invalid='true'] {
        border-color: var(--bad);
      }
      .small {
        margin-top: 0.2rem;
      }
      .missing {
        color: var(--bad);
      }
      .field + .field {
        margin-top: 0.75rem;
      }
      .sure {
        margin-top: 0.6rem;
      }
      .beside > input {
        flex: 1 1 16rem;
        width: auto;
        min-width: 0;
      }
      .steps {
        padding-left: 1.1rem;
        font-size: 0.875rem;
      }
      details,
      .message > div > .steps {
        margin-top: 0.4rem;
      }
      summary {
        cursor: pointer;
        font-size: 0.875rem;
      }
    `,
  ];
}

/** In the order in which they stand on the page. */
export function missingIn(draft: Record<Field, string>, saved: Integration | undefined): Field[] {
  const missing: Field[] = [];
  if (draft.provider === '') missing.push('provider');
  if (draft.account.trim() === '') missing.push('account');
  if (draft.password === '' && !keepsPassword(draft, saved)) missing.push('password');
  if (draft.provider !== '' && draft.server.trim() === '' && ownAddress(draft.provider, saved) === null)
    missing.push('server');
  return missing;
}

/** A saved password belongs to the account and the server it was saved for: others need their own. */
function keepsPassword(draft: Record<Field, string>, saved: Integration | undefined): boolean {
  if (saved?.hasPassword !== true || saved.provider === null) return false;
  const isSameAccount = draft.provider === saved.provider && draft.account.trim() === saved.account;
  const own = ownAddress(saved.provider, saved);
  return isSameAccount && (draft.server.trim() || own) === (saved.serverUrl ?? own);
}

function ownAddress(provider: string, saved: Integration | undefined): string | null {
  return saved?.providers.find(({ id }) => id === provider)?.serverUrl ?? null;
}

/** The gateway's one code for "no" means two things here that an administrator must be able to tell apart. */
function refusalSaid(error: unknown): Said {
  if (!(error instanceof IntegrationRefused)) return { kind: 'problem', problem: problemOf(error) };
  const kind = error.problem.code !== 'gateway.refused' ? 'problem' : error.status === 403 ? 'notAdmin' : 'invalid';
  return { kind, problem: error.problem };
}

function busyWords(busy: Busy, say: Words): string {
  const told: Record<Busy, string> = {
    loading: say.loading,
    saving: say.saving,
    testing: say.testing,
    removing: say.saving,
    finding: say.finding,
  };
  return told[busy];
}

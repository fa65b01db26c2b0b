// <sign-in>: the demo's front door, with its people ready to choose.

import { html, nothing, type TemplateResult } from 'lit';
import { demoConfig, Refused, type DemoConfig } from './api.ts';
import { PlainElement } from './plain-element.ts';
import { signIn } from './signed-in.ts';

export class SignIn extends PlainElement {
  static override properties = {
    config: { state: true },
    isReady: { state: true },
    email: { state: true },
    password: { state: true },
    trouble: { state: true },
  };

  declare private config: DemoConfig | undefined;
  /** A form that fills itself in while somebody types in it would mix both. */
  declare private isReady: boolean;
  declare private email: string;
  declare private password: string;
  declare private trouble: string;

  constructor() {
    super();
    this.isReady = false;
    this.email = '';
    this.password = '';
    this.trouble = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.prefill();
  }

  private async prefill(): Promise<void> {
    this.config = await demoConfig().catch(() => undefined);
    const [first] = this.config?.users ?? [];
    if (first !== undefined) this.choose(first);
    this.isReady = true;
  }

  private choose({ email, password }: { email: string; password: string }): void {
    this.email = email;
    this.password = password;
    this.trouble = '';
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    try {
      await signIn(this.email.trim(), this.password);
      this.dispatchEvent(new CustomEvent('signed-in'));
    } catch (error) {
      const wrong = error instanceof Refused && error.status === 401;
      this.trouble = wrong ? 'E-postadressen eller lösenordet stämmer inte.' : 'Det går inte att logga in just nu.';
    }
  }

  protected override render(): TemplateResult {
    if (!this.isReady) return html`<main class="door" aria-busy="true"></main>`;
    const people = this.config?.users ?? [];
    return html`<main class="door">
      <p class="brand"><span aria-hidden="true"></span>Blikk</p>
      <form @submit=${this.submit}>
        <h1>Logga in</h1>
        <label>E-postadress<input name="email" type="email" autocomplete="username" required .value=${this.email}
          @input=${(event: Event) => (this.email = (event.target as HTMLInputElement).value)} /></label>
        <label>Lösenord<input name="password" type="password" autocomplete="current-password" required .value=${this.password}
          @input=${(event: Event) => (this.password = (event.target as HTMLInputElement).value)} /></label>
        ${this.trouble === '' ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
        <button class="primary" type="submit">Logga in</button>
      </form>
      ${
        people.length === 0
          ? nothing
          : html`<div class="people">
        <p>Välj vem du vill vara i demon</p>
        ${people.map(
          (person) => html`<button aria-pressed=${person.email === this.email} @click=${() => this.choose(person)}>
          ${person.name}${person.role === 'admin' ? html` <small>administratör</small>` : nothing}</button>`,
        )}
      </div>`
      }
    </main>`;
  }
}

customElements.define('sign-in', SignIn);

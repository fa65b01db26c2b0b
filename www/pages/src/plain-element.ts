import { LitElement } from 'lit';

/** The demo's own elements are ordinary parts of the page: they render into it, and base.css dresses them. */
export abstract class PlainElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

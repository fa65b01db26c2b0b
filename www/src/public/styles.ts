// The looks both elements share. A host themes them with custom properties (see www/README.md); colours follow the
// host's `color-scheme`, and the typeface is the host's.

import { css } from 'lit';

export const shared = css`
  :host {
    --accent: var(--blikk-sync-accent, light-dark(#0d6b62, #5cc4b6));
    --on-accent: var(--blikk-sync-on-accent, light-dark(#ffffff, #06231f));
    --text: var(--blikk-sync-text, light-dark(#1d2a2f, #e6edee));
    --muted: var(--blikk-sync-muted, light-dark(#55656b, #a3b3b8));
    --surface: var(--blikk-sync-surface, light-dark(#ffffff, #182226));
    --sunken: var(--blikk-sync-sunken, light-dark(#f3f6f5, #11191c));
    --border: var(--blikk-sync-border, light-dark(#d8e0de, #2e3c41));
    --control: var(--blikk-sync-control, light-dark(#7b8a8f, #71848a));
    --good: var(--blikk-sync-good, light-dark(#1f6b3a, #7fd19b));
    --warn: var(--blikk-sync-warn, light-dark(#7a5200, #e9be63));
    --warn-surface: light-dark(#fff7e3, #2c2412);
    --bad: var(--blikk-sync-bad, light-dark(#a3262a, #ff9d96));
    --bad-surface: light-dark(#fdf0ef, #341c1c);
    --radius: var(--blikk-sync-radius, 10px);

    display: block;
    container-type: inline-size;
    color: var(--text);
    font: inherit;
    line-height: 1.5;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: var(--radius);
    padding: 1.25rem;
  }
  h2,
  h3,
  p,
  ul {
    margin: 0;
  }
  h2 {
    font-size: 1.125rem;
    font-weight: 650;
    line-height: 1.3;
  }
  h3 {
    font-size: 0.875rem;
    font-weight: 650;
  }
  .muted {
    color: var(--muted);
    font-size: 0.875rem;
  }
  .stack > * + * {
    margin-top: 1rem;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  button {
    font: inherit;
    font-weight: 600;
    min-height: 2.5rem;
    padding: 0.4rem 1rem;
    border-radius: calc(var(--radius) * 0.7);
    border: 1px solid var(--control);
    background: transparent;
    color: inherit;
    cursor: pointer;
  }
  button:hover {
    background: var(--sunken);
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button.primary:hover {
    background: color-mix(in oklab, var(--accent), var(--text) 15%);
  }
  button.quiet {
    border-color: transparent;
    color: var(--bad);
  }
  button[aria-disabled='true'] {
    opacity: 0.6;
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .message {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0 0.6rem;
    padding: 0.8rem 0.9rem;
    border-radius: calc(var(--radius) * 0.8);
    background: var(--sunken);
    overflow-wrap: anywhere;
  }
  .message > svg {
    margin-top: 0.16rem;
  }
  .message strong {
    font-weight: 650;
  }
  .message.good > svg,
  .message.good strong {
    color: var(--good);
  }
  .message.warn {
    background: var(--warn-surface);
  }
  .message.warn > svg {
    color: var(--warn);
  }
  .message.bad {
    background: var(--bad-surface);
  }
  .message.bad > svg,
  .message.bad strong {
    color: var(--bad);
  }
  .small {
    font-size: 0.8125rem;
    color: var(--muted);
  }
  code {
    font-family: ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace;
    font-size: 0.95em;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

// The looks of what comes when it is opened. Colours and measures are the card's.

import { css } from 'lit';

export const moreStyles = css`
  .panel {
    padding: 0.9rem;
    border: 1px solid var(--border);
    border-radius: calc(var(--radius) * 0.8);
  }
  .panel > * + *,
  .hold > * + * {
    margin-top: 0.75rem;
  }
  h3:focus,
  [tabindex='-1']:focus {
    outline: none;
  }
  h4 {
    margin: 0;
    font-size: 0.9375rem;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .assured {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
    font-size: 0.875rem;
    color: var(--good);
  }
  .assured::before {
    content: '✓';
    font-weight: 700;
  }
  td.loss {
    color: var(--bad);
    font-weight: 650;
  }
  button.danger {
    border-color: var(--bad);
    color: var(--bad);
  }
  button.danger:hover {
    background: var(--bad-surface);
  }
  .steps,
  .runs {
    list-style: none;
    padding: 0;
  }
  .steps {
    max-height: 22rem;
    overflow: auto;
    border-block: 1px solid var(--border);
  }
  .steps > li {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0.1rem 0.75rem;
    padding: 0.55rem 0.15rem;
    overflow-wrap: anywhere;
  }
  .steps > li + li {
    border-top: 1px solid var(--border);
  }
  .steps > li > * {
    grid-column: 1 / -1;
  }
  .steps > li > .name {
    grid-column: 1;
  }
  .steps > li > .when {
    grid-column: 2;
    white-space: nowrap;
  }
  .steps > li.muted {
    display: block;
  }
  .name {
    font-weight: 600;
  }
  .write {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
    font-size: 0.875rem;
  }
  .write::before {
    flex: none;
    width: 0.75rem;
    text-align: center;
    font-weight: 700;
  }
  .write.create {
    color: var(--good);
  }
  .write.create::before {
    content: '+';
  }
  .write.update::before {
    content: '~';
  }
  .write.delete {
    color: var(--bad);
  }
  .write.delete::before {
    content: '−';
  }
  .changes {
    margin: 0.2rem 0 0;
    font-size: 0.875rem;
  }
  .changes dt {
    display: inline;
    color: var(--muted);
  }
  .changes dt::after {
    content: ': ';
  }
  .changes dd {
    display: inline;
    margin: 0;
  }
  .changes del,
  .changes ins {
    white-space: pre-line;
  }
  .changes del {
    color: var(--muted);
  }
  .changes ins {
    text-decoration: none;
  }

  .question + .question,
  .questions .all {
    padding-top: 0.9rem;
    border-top: 1px solid var(--border);
  }
  .sides th:first-child {
    padding-left: 0;
  }
  .sides th,
  .sides td {
    text-align: left;
    vertical-align: top;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .sides tbody th {
    width: 1%;
    padding-right: 0.75rem;
    white-space: nowrap;
    font-weight: 500;
    font-size: 0.875rem;
    color: var(--muted);
  }
  .sides td {
    font-size: 0.875rem;
  }
  .sides td:nth-child(n + 3) {
    font-weight: 600;
  }
  @container (max-width: 30rem) {
    .sides thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .sides,
    .sides tbody,
    .sides tr,
    .sides tbody th {
      display: block;
    }
    .sides tbody th {
      width: auto;
      padding-bottom: 0;
      border: 0;
      font-weight: 600;
      color: var(--text);
    }
    .sides td {
      display: grid;
      grid-template-columns: 4rem 1fr;
      gap: 0.5rem;
      border: 0;
      padding: 0.1rem 0;
    }
    .sides td::before {
      content: attr(data-label);
      font-weight: 400;
      color: var(--muted);
    }
    .sides tr {
      padding-bottom: 0.4rem;
      border-bottom: 1px solid var(--border);
    }
  }

  .options > * + * {
    margin-top: 0.9rem;
  }
  .options label {
    font-size: 0.875rem;
  }
  .field > label,
  .options legend {
    display: block;
    padding: 0;
    font-size: 0.875rem;
    font-weight: 600;
    color: var(--text);
  }
  .options fieldset {
    margin-bottom: 0;
  }
  .options .check {
    min-height: 2rem;
    cursor: pointer;
  }
  .options .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.75rem;
  }
  .number label {
    color: var(--muted);
  }
  @container (min-width: 28rem) {
    .field {
      display: grid;
      grid-template-columns: 2fr 3fr;
      gap: 1rem;
      align-items: center;
    }
  }
  select,
  input[type='number'] {
    font: inherit;
    width: 100%;
    min-height: 2.5rem;
    padding: 0.4rem 0.6rem;
    border: 1px solid var(--control);
    border-radius: calc(var(--radius) * 0.7);
    background: var(--surface);
    color: inherit;
  }
  input:invalid {
    border-color: var(--bad);
  }
  input[type='checkbox'] {
    flex: none;
    width: 1.1rem;
    height: 1.1rem;
    margin: 0;
    accent-color: var(--accent);
  }
  .ahead {
    padding-left: 0.75rem;
    border-left: 3px solid var(--accent);
    font-size: 0.875rem;
  }
  ul.will {
    margin: 0.2rem 0;
    padding-left: 1.2rem;
  }

  .runs > li + li {
    border-top: 1px solid var(--border);
  }
  .runs summary {
    display: grid;
    width: auto;
    margin: 0;
    padding: 0.55rem 0.15rem;
    grid-template-columns: 0.5rem auto 1fr;
    gap: 0 0.6rem;
    color: var(--text);
    text-decoration: none;
  }
  .runs summary::before {
    content: '▸';
    color: var(--muted);
  }
  .runs details[open] > summary::before {
    content: '▾';
  }
  .runs summary .muted {
    grid-column: 2 / -1;
  }
  .runs details[open] {
    padding-bottom: 0.9rem;
  }
  .runs details > * + * {
    margin-top: 0.6rem;
  }

  .way + .way {
    margin-top: 1.1rem;
    padding-top: 1.1rem;
    border-top: 1px solid var(--border);
  }
  .way > .muted {
    max-width: 60ch;
    margin: 0.15rem 0 0.6rem;
  }
`;

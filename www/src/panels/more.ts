// All of the card that comes when somebody needs it: one chunk, loaded once.

import { nothing, type LitElement, type TemplateResult } from 'lit';
import type { Preview, RunReport } from '../generated/core.ts';
import type { Session } from '../internal/session.ts';
import type { Language } from '../texts.ts';
import { AnewPanel } from './anew.ts';
import { HistoryPanel } from './history.ts';
import { OptionsPanel } from './options.ts';
import { sceneOf } from './panel.ts';
import { PartingPanel } from './parting.ts';
import { HeldPanel, PreviewPanel } from './preview.ts';
import { QuestionsPanel } from './questions.ts';
import { moreStyles } from './styles.ts';

/** What opens in place. */
export type Section = 'options' | 'history' | 'parting';

export class More {
  private readonly anewPanel: AnewPanel;
  private readonly previewPanel: PreviewPanel;
  private readonly heldPanel: HeldPanel;
  private readonly questionsPanel: QuestionsPanel;
  private readonly optionsPanel: OptionsPanel;
  private readonly historyPanel: HistoryPanel;
  private readonly partingPanel: PartingPanel;

  constructor(card: LitElement) {
    this.anewPanel = new AnewPanel(card);
    this.previewPanel = new PreviewPanel(card);
    this.heldPanel = new HeldPanel(card);
    this.questionsPanel = new QuestionsPanel(card);
    this.optionsPanel = new OptionsPanel(card);
    this.historyPanel = new HistoryPanel(card);
    this.partingPanel = new PartingPanel(card);
    const sheet = moreStyles.styleSheet;
    const sheets = card.shadowRoot?.adoptedStyleSheets ?? [];
    if (sheet !== undefined && !sheets.includes(sheet)) sheets.push(sheet);
  }

  showPreview(session: Session, language: Language): void {
    this.previewPanel.open(sceneOf(session, language));
  }

  askToBeginAnew(): void {
    this.anewPanel.open();
  }

  /** A run ended: what it was compared with is no more, and whether it can be read is known anew. */
  runEnded(): void {
    this.previewPanel.close();
    this.anewPanel.close();
  }

  anew(session: Session, language: Language): TemplateResult | typeof nothing {
    return this.anewPanel.render(sceneOf(session, language));
  }

  preview(session: Session, language: Language): TemplateResult | typeof nothing {
    return this.previewPanel.render(sceneOf(session, language));
  }

  held(report: RunReport, preview: Preview, session: Session, language: Language): TemplateResult {
    return this.heldPanel.render(report, preview, sceneOf(session, language));
  }

  questions(session: Session, language: Language): TemplateResult {
    return this.questionsPanel.render(sceneOf(session, language));
  }

  open(section: Section, session: Session, language: Language): void {
    const scene = sceneOf(session, language);
    if (section === 'options') this.optionsPanel.open(scene);
    if (section === 'history') this.historyPanel.open(scene);
    if (section === 'parting') this.partingPanel.open();
  }

  section(section: Section, session: Session, language: Language): TemplateResult {
    const scene = sceneOf(session, language);
    switch (section) {
      case 'options':
        return this.optionsPanel.render(scene, () => this.showPreview(session, language));
      case 'history':
        return this.historyPanel.render(scene);
      case 'parting':
        return this.partingPanel.render(scene);
    }
  }
}

// What is shown of a meeting: who called it, who comes, what they answered. All of it is Outlook's, none is edited here.

import { html, nothing, type TemplateResult } from 'lit';
import type { Answer, CalendarEvent, Participant, Person } from './event.ts';

const ANSWERS: Record<Answer, [mark: string, words: string]> = {
  organizer: ['★', 'har kallat'],
  accepted: ['✓', 'kommer'],
  tentative: ['?', 'kommer kanske'],
  declined: ['✗', 'kommer inte'],
  notAnswered: ['…', 'har inte svarat'],
};
const MY_ANSWERS: Record<Answer, string> = {
  organizer: 'Du har kallat till mötet.',
  accepted: 'Du har tackat ja.',
  tentative: 'Du har svarat kanske.',
  declined: 'Du har tackat nej.',
  notAnswered: 'Du har inte svarat.',
};
const ROLES: Record<Participant['role'], string> = { required: '', optional: 'valfri', resource: 'resurs' };

export function meetingPart({ meeting, attachments = [] }: CalendarEvent): TemplateResult | typeof nothing {
  if (meeting == null && attachments.length === 0) return nothing;
  return html`<section class="meeting wide" aria-label="Möte">
    ${
      meeting == null
        ? nothing
        : html`${meeting.isCancelled ? html`<p class="called-off">Mötet är inställt.</p>` : nothing}
      <dl>
        <dt>Kallat av</dt><dd>${meeting.organizer === null ? 'okänd' : nameOf(meeting.organizer)}</dd>
        <dt>Mitt svar</dt><dd>${meeting.isMine ? MY_ANSWERS.organizer : MY_ANSWERS[meeting.myAnswer]}</dd>
      </dl>
      ${participantsPart(meeting.participants)} ${linkPart(meeting.onlineUrl)}`
    }
    ${
      attachments.length === 0
        ? nothing
        : html`<p class="attached"><b>Bilagor i Outlook:</b> ${attachments.join(', ')}</p>`
    }
  </section>`;
}

function participantsPart(participants: Participant[]): TemplateResult | typeof nothing {
  if (participants.length === 0) return nothing;
  return html`<ul aria-label="Deltagare">
    ${participants.map((participant) => {
      const [mark, words] = ANSWERS[participant.answer] ?? ANSWERS.notAnswered;
      const role = ROLES[participant.role] ?? '';
      return html`<li class=${participant.answer}><span aria-hidden="true">${mark}</span> ${nameOf(participant)}
        <small>${words}${role === '' ? '' : `, ${role}`}</small></li>`;
    })}
  </ul>`;
}

/** Only a web address is made a link: what came by mail may be anything. */
function linkPart(url: string | null): TemplateResult | typeof nothing {
  if (url === null || !url.startsWith('https://')) return nothing;
  return html`<p><a href=${url} target="_blank" rel="noopener noreferrer">Anslut till mötet</a></p>`;
}

function nameOf({ name, email }: Person): string {
  return name || email;
}

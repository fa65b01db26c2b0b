// Every word a person reads in the plugin, in Swedish and English. The compiler sees to it that each code of the core
// has its text: a new `Code` in Rust does not build here before somebody has said what a person can do about it.
//
// Two readers: the user, who knows their calendars and nothing of servers, and the administrator, who can change
// things and wants to know which.

import type { Code, Side } from './generated/core.ts';
import type { Outcome, Way } from './internal/server-search.ts';

export type Language = 'sv' | 'en';

export interface Text {
  /** What happened, one short sentence. */
  what: string;
  /** What the user can do. */
  todo: string;
  /** What the administrator can do, where that is something else. */
  admin?: string;
}

const asAdmin = {
  sv: 'Be den som administrerar Blikk hos er att titta på Kalenderintegration.',
  en: 'Ask your Blikk administrator to look at Calendar integration.',
};
const tryLater = {
  sv: 'Inget har gått förlorat. Försök igen om en stund.',
  en: 'Nothing is lost. Try again in a while.',
};
const support = {
  sv: 'Inget har gått förlorat. Händer det igen, hör av dig till supporten och ange koden.',
  en: 'Nothing is lost. If it happens again, contact support and give them the code.',
};
const bySelf = {
  sv: 'Du behöver inte göra något, det rättas till nästa gång.',
  en: 'You do not need to do anything; the next run puts it right.',
};

export const texts: Record<Code, Record<Language, Text>> = {
  'gateway.token_expired': {
    sv: { what: 'Din inloggning har gått ut.', todo: 'Logga ut ur Blikk och in igen, och synkronisera sedan.' },
    en: { what: 'Your sign-in has expired.', todo: 'Sign out of Blikk and in again, then synchronise.' },
  },
  'gateway.token_invalid': {
    sv: {
      what: 'Kalendertjänsten känner inte igen din inloggning.',
      todo: 'Logga ut ur Blikk och in igen. Hjälper inte det, säg till den som administrerar Blikk.',
      admin: 'Kontrollera att gatewayen har samma nyckel, utfärdare (iss) och mottagare (aud) som Blikk signerar med.',
    },
    en: {
      what: 'The calendar service does not recognise your sign-in.',
      todo: 'Sign out of Blikk and in again. If that does not help, tell your Blikk administrator.',
      admin: 'Check that the gateway has the same key, issuer (iss) and audience (aud) that Blikk signs with.',
    },
  },
  'gateway.refused': {
    sv: {
      what: 'Kalendertjänsten sa nej till begäran.',
      todo: support.sv,
      admin:
        'Kontrollera att sidans adress finns bland gatewayens tillåtna ursprung och att användarens e-postadress stämmer med brevlådan.',
    },
    en: {
      what: 'The calendar service refused the request.',
      todo: support.en,
      admin:
        "Check that the page's address is among the gateway's allowed origins, and that the user's e-mail address is the mailbox's.",
    },
  },
  'gateway.request_too_large': {
    sv: {
      what: 'En händelse är för stor för att skickas.',
      todo: 'Korta texten i den längsta händelsen och synkronisera igen.',
    },
    en: {
      what: 'An event is too large to send.',
      todo: 'Shorten the text of the longest event and synchronise again.',
    },
  },
  'gateway.not_configured': {
    sv: {
      what: 'Kalenderintegrationen är inte klar ännu.',
      todo: 'Den som administrerar Blikk hos er behöver fylla i ett konto under Kalenderintegration.',
      admin: 'Välj e-postleverantör, fyll i konto och lösenord och spara.',
    },
    en: {
      what: 'The calendar integration is not set up yet.',
      todo: 'Your Blikk administrator needs to fill in an account under Calendar integration.',
      admin: 'Choose an e-mail provider, fill in account and password, and save.',
    },
  },
  'gateway.unreachable': {
    sv: {
      what: 'Kalendertjänsten svarar inte.',
      todo: 'Kontrollera att du har internet och försök igen om en stund.',
      admin: 'Kontrollera att gatewayen är igång och att dess adress är rätt.',
    },
    en: {
      what: 'The calendar service does not answer.',
      todo: 'Check that you are online and try again in a while.',
      admin: 'Check that the gateway is running and that its address is right.',
    },
  },
  'gateway.failed': {
    sv: {
      what: 'Kalendertjänsten gav ett svar som vi inte förstår.',
      todo: tryLater.sv,
      admin: 'Gatewayen och insticket kan ha olika version. Se gatewayens logg.',
    },
    en: {
      what: 'The calendar service gave an answer we do not understand.',
      todo: tryLater.en,
      admin: "The gateway and the plugin may differ in version. See the gateway's log.",
    },
  },

  'exchange.unauthorized': {
    sv: {
      what: 'Exchange godtar inte tjänstekontots inloggning.',
      todo: asAdmin.sv,
      admin:
        'Kontrollera kontots namn och lösenord, fyll i lösenordet på nytt och spara. Kontot kan också vara låst, eller servern neka grundläggande inloggning (Basic).',
    },
    en: {
      what: "Exchange does not accept the service account's sign-in.",
      todo: asAdmin.en,
      admin:
        "Check the account's name and password, fill in the password again and save. The account may also be locked, or the server may not allow Basic sign-in.",
    },
  },
  'exchange.forbidden': {
    sv: {
      what: 'Exchange låter inte tjänstekontot använda kalendrarna.',
      todo: asAdmin.sv,
      admin: 'Servern svarade 403: tillåt EWS för tjänstekontot (Set-CASMailbox och organisationens EWS-regler).',
    },
    en: {
      what: 'Exchange does not let the service account use the calendars.',
      todo: asAdmin.en,
      admin:
        "The server answered 403: allow EWS for the service account (Set-CASMailbox and the organisation's EWS policies).",
    },
  },
  'exchange.impersonation_denied': {
    sv: {
      what: 'Tjänstekontot får inte öppna din kalender.',
      todo: asAdmin.sv,
      admin:
        'Ge tjänstekontot rollen ApplicationImpersonation i en rollgrupp i Exchange. Det kan dröja en stund innan den gäller.',
    },
    en: {
      what: 'The service account may not open your calendar.',
      todo: asAdmin.en,
      admin:
        'Give the service account the role ApplicationImpersonation in a role group in Exchange. It can take a while to apply.',
    },
  },
  'exchange.password_expired': {
    sv: {
      what: 'Tjänstekontots lösenord har gått ut.',
      todo: asAdmin.sv,
      admin: 'Byt lösenord på tjänstekontot i Exchange, fyll i det nya här och spara.',
    },
    en: {
      what: "The service account's password has expired.",
      todo: asAdmin.en,
      admin: "Change the service account's password in Exchange, fill in the new one here and save.",
    },
  },
  'exchange.account_disabled': {
    sv: {
      what: 'Tjänstekontot är avstängt.',
      todo: asAdmin.sv,
      admin: 'Aktivera tjänstekontot i Active Directory eller Exchange, eller fyll i ett annat konto här.',
    },
    en: {
      what: 'The service account is disabled.',
      todo: asAdmin.en,
      admin: 'Enable the service account in Active Directory or Exchange, or fill in another account here.',
    },
  },
  'exchange.mailbox_unknown': {
    sv: {
      what: 'Exchange hittar ingen brevlåda med din e-postadress.',
      todo: 'Kontrollera att din e-postadress i Blikk är samma som i Outlook.',
      admin: 'Användarens e-postadress i Blikk måste vara brevlådans adress i Exchange.',
    },
    en: {
      what: 'Exchange finds no mailbox with your e-mail address.',
      todo: 'Check that your e-mail address in Blikk is the same as in Outlook.',
      admin: "The user's e-mail address in Blikk must be the mailbox's address in Exchange.",
    },
  },
  'exchange.mailbox_unusable': {
    sv: {
      what: 'Exchange kan inte öppna din brevlåda.',
      todo: 'Öppna Outlook och se om den fungerar där. Gör den inte det, be er IT-support om hjälp.',
      admin: 'Kontrollera brevlådans licens och inställningar. Serverns egen felkod står nedan.',
    },
    en: {
      what: 'Exchange cannot open your mailbox.',
      todo: 'Open Outlook and see whether it works there. If it does not, ask your IT support for help.',
      admin: "Check the mailbox's licence and settings. The server's own error code is below.",
    },
  },
  'exchange.mailbox_full': {
    sv: {
      what: 'Din brevlåda är full.',
      todo: 'Frigör plats i Outlook, töm till exempel Borttaget, och synkronisera sedan igen.',
    },
    en: {
      what: 'Your mailbox is full.',
      todo: 'Free some space in Outlook, for example by emptying Deleted Items, then synchronise again.',
    },
  },
  'exchange.mailbox_moving': {
    sv: {
      what: 'Din brevlåda håller på att flyttas.',
      todo: 'Inget har gått förlorat. Försök igen om någon timme.',
    },
    en: { what: 'Your mailbox is being moved.', todo: 'Nothing is lost. Try again in an hour or so.' },
  },
  'exchange.wrong_server': {
    sv: {
      what: 'Din brevlåda ligger på en annan server än den vi frågar.',
      todo: asAdmin.sv,
      admin: 'Brevlådan kan ha flyttats. Fyll i EWS-adressen till den server där den ligger nu.',
    },
    en: {
      what: 'Your mailbox is on another server than the one we ask.',
      todo: asAdmin.en,
      admin: 'The mailbox may have been moved. Fill in the EWS address of the server where it is now.',
    },
  },
  'exchange.folder_gone': {
    sv: {
      what: 'Kalendern som ska synkroniseras finns inte längre i Outlook.',
      todo: 'Välj vilken kalender som ska synkroniseras och försök igen. Inget tas bort i Blikk.',
    },
    en: {
      what: 'The calendar to synchronise is no longer in Outlook.',
      todo: 'Choose which calendar to synchronise and try again. Nothing is deleted in Blikk.',
    },
  },
  'exchange.version_unknown': {
    sv: {
      what: 'Er Exchange-server är för gammal.',
      todo: asAdmin.sv,
      admin: 'Servern förstår inte EWS i någon version från Exchange 2010 SP2 och framåt. Uppgradera den.',
    },
    en: {
      what: 'Your Exchange server is too old.',
      todo: asAdmin.en,
      admin: 'The server understands no version of EWS from Exchange 2010 SP2 on. Upgrade it.',
    },
  },
  'exchange.unreachable': {
    sv: {
      what: 'Exchange går inte att nå just nu.',
      todo: tryLater.sv,
      admin: 'Kontrollera EWS-adressen i gatewayens konfiguration och att servern går att nå från gatewayen.',
    },
    en: {
      what: 'Exchange cannot be reached right now.',
      todo: tryLater.en,
      admin: "Check the EWS address in the gateway's configuration, and that the gateway can reach the server.",
    },
  },
  'exchange.timed_out': {
    sv: { what: 'Exchange svarade inte i tid.', todo: tryLater.sv },
    en: { what: 'Exchange did not answer in time.', todo: tryLater.en },
  },
  'exchange.busy': {
    sv: {
      what: 'Exchange har mycket att göra och ber oss vänta.',
      todo: 'Inget har gått förlorat. Vi fortsätter när servern är redo.',
    },
    en: { what: 'Exchange is busy and asks us to wait.', todo: 'Nothing is lost. We go on when the server is ready.' },
  },
  'exchange.failed': {
    sv: {
      what: 'Något gick fel i Exchange.',
      todo: tryLater.sv,
      admin: 'Servern svarade med ett fel (5xx). Se serverns logg.',
    },
    en: {
      what: 'Something went wrong in Exchange.',
      todo: tryLater.en,
      admin: "The server answered with an error (5xx). See the server's log.",
    },
  },
  'exchange.not_xml': {
    sv: {
      what: 'Svaret kom inte från en Exchange-kalender.',
      todo: asAdmin.sv,
      admin: 'Svaret var inte XML, ofta en inloggningssida. Kontrollera EWS-adressen (…/EWS/Exchange.asmx).',
    },
    en: {
      what: 'The answer did not come from an Exchange calendar.',
      todo: asAdmin.en,
      admin: 'The answer was not XML, often a sign-in page. Check the EWS address (…/EWS/Exchange.asmx).',
    },
  },
  'exchange.not_soap': {
    sv: {
      what: 'Exchange gav ett svar som vi inte förstår.',
      todo: asAdmin.sv,
      admin: 'Svaret var XML men inte EWS. Kontrollera EWS-adressen (…/EWS/Exchange.asmx).',
    },
    en: {
      what: 'Exchange gave an answer we do not understand.',
      todo: asAdmin.en,
      admin: 'The answer was XML but not EWS. Check the EWS address (…/EWS/Exchange.asmx).',
    },
  },
  'exchange.truncated': {
    sv: { what: 'Svaret från Exchange bröts mitt i.', todo: tryLater.sv },
    en: { what: 'The answer from Exchange broke off in the middle.', todo: tryLater.en },
  },
  'exchange.too_large': {
    sv: {
      what: 'Svaret från Exchange är större än vi tar emot.',
      todo: support.sv,
      admin: 'En händelse har mycket stor text. Gränsen står i gatewayens konfiguration.',
    },
    en: {
      what: 'The answer from Exchange is larger than we accept.',
      todo: support.en,
      admin: "An event has a very large text. The limit is in the gateway's configuration.",
    },
  },
  'exchange.refused': {
    sv: { what: 'Exchange sa nej till begäran.', todo: support.sv, admin: 'Serverns egen felkod står nedan.' },
    en: { what: 'Exchange refused the request.', todo: support.en, admin: "The server's own error code is below." },
  },
  'exchange.item_refused': {
    sv: { what: 'Outlook tog inte emot händelsen.', todo: 'Öppna händelsen i Blikk, ändra den och synkronisera igen.' },
    en: {
      what: 'Outlook did not accept the event.',
      todo: 'Open the event in Blikk, change it and synchronise again.',
    },
  },
  'exchange.item_gone': {
    sv: { what: 'Händelsen finns inte längre i Outlook.', todo: bySelf.sv },
    en: { what: 'The event is no longer in Outlook.', todo: bySelf.en },
  },
  'exchange.item_changed': {
    sv: { what: 'Händelsen ändrades i Outlook medan vi synkroniserade.', todo: bySelf.sv },
    en: { what: 'The event was changed in Outlook while we synchronised.', todo: bySelf.en },
  },
  'exchange.token_dead': {
    sv: { what: 'Exchange minns inte var vi slutade sist.', todo: 'Allt läses om från början. Inget dubbleras.' },
    en: {
      what: 'Exchange does not remember where we left off.',
      todo: 'Everything is read from the start. Nothing is doubled.',
    },
  },

  'blikk.unauthorized': {
    sv: { what: 'Du är inte längre inloggad i Blikk.', todo: 'Logga in igen och synkronisera sedan.' },
    en: { what: 'You are no longer signed in to Blikk.', todo: 'Sign in again, then synchronise.' },
  },
  'blikk.forbidden': {
    sv: {
      what: 'Du har inte behörighet till kalendern i Blikk.',
      todo: 'Be den som administrerar Blikk hos er om behörighet.',
      admin: 'Ge användaren behörighet till kalendern.',
    },
    en: {
      what: 'You do not have access to the calendar in Blikk.',
      todo: 'Ask your Blikk administrator for access.',
      admin: 'Give the user access to the calendar.',
    },
  },
  'blikk.not_found': {
    sv: {
      what: 'Kalendern eller händelsen finns inte i Blikk.',
      todo: 'Ladda om sidan och försök igen.',
      admin: 'Kontrollera adressen till Blikks kalender-API.',
    },
    en: {
      what: 'The calendar or the event is not there in Blikk.',
      todo: 'Reload the page and try again.',
      admin: "Check the address of Blikk's calendar API.",
    },
  },
  'blikk.conflict': {
    sv: { what: 'Händelsen ändrades i Blikk medan vi synkroniserade.', todo: bySelf.sv },
    en: { what: 'The event was changed in Blikk while we synchronised.', todo: bySelf.en },
  },
  'blikk.event_refused': {
    sv: { what: 'Blikk tog inte emot händelsen.', todo: 'Öppna händelsen i Outlook, ändra den och synkronisera igen.' },
    en: {
      what: 'Blikk did not accept the event.',
      todo: 'Open the event in Outlook, change it and synchronise again.',
    },
  },
  'blikk.busy': {
    sv: {
      what: 'Blikk har mycket att göra och ber oss vänta.',
      todo: 'Inget har gått förlorat. Vi fortsätter när Blikk är redo.',
    },
    en: { what: 'Blikk is busy and asks us to wait.', todo: 'Nothing is lost. We go on when Blikk is ready.' },
  },
  'blikk.failed': {
    sv: { what: 'Något gick fel i Blikk.', todo: tryLater.sv },
    en: { what: 'Something went wrong in Blikk.', todo: tryLater.en },
  },
  'blikk.unreachable': {
    sv: {
      what: 'Blikk går inte att nå just nu.',
      todo: 'Kontrollera att du har internet och försök igen om en stund.',
    },
    en: { what: 'Blikk cannot be reached right now.', todo: 'Check that you are online and try again in a while.' },
  },
  'blikk.timed_out': {
    sv: { what: 'Blikk svarade inte i tid.', todo: tryLater.sv },
    en: { what: 'Blikk did not answer in time.', todo: tryLater.en },
  },
  'blikk.too_large': {
    sv: { what: 'Svaret från Blikk är större än vi tar emot.', todo: support.sv },
    en: { what: 'The answer from Blikk is larger than we accept.', todo: support.en },
  },
  'blikk.not_understood': {
    sv: { what: 'Blikk gav ett svar som vi inte förstår.', todo: support.sv },
    en: { what: 'Blikk gave an answer we do not understand.', todo: support.en },
  },
  'blikk.token_dead': {
    sv: { what: 'Blikk minns inte var vi slutade sist.', todo: 'Allt läses om från början. Inget dubbleras.' },
    en: {
      what: 'Blikk does not remember where we left off.',
      todo: 'Everything is read from the start. Nothing is doubled.',
    },
  },

  'event.ends_before_start': {
    sv: { what: 'Slutar innan den börjar', todo: 'Rätta tiden i händelsen.' },
    en: { what: 'Ends before it starts', todo: 'Correct the time of the event.' },
  },
  'event.zone_unknown': {
    sv: { what: 'Okänd tidszon', todo: 'Öppna händelsen i Outlook, välj tidszon och spara.' },
    en: { what: 'Unknown time zone', todo: 'Open the event in Outlook, choose a time zone and save.' },
  },
  'event.unreadable': {
    sv: { what: 'Gick inte att läsa', todo: 'Öppna händelsen där den ligger och spara den på nytt.' },
    en: { what: 'Could not be read', todo: 'Open the event where it is and save it again.' },
  },
  'event.rule_not_expressible': {
    sv: {
      what: 'Upprepningen går inte att lägga in i Outlook',
      todo: 'Välj en enklare upprepning i Blikk, eller dela upp händelsen i flera serier.',
    },
    en: {
      what: 'The way it repeats cannot be put into Outlook',
      todo: 'Choose a simpler repetition in Blikk, or split the event into several series.',
    },
  },
  'event.occurrence_crosses': {
    sv: {
      what: 'Ett tillfälle i serien flyttades förbi ett annat',
      todo: 'Outlook kräver att tillfällena ligger i ordning. Flytta tillbaka det mellan sina grannar, eller gör det till en egen händelse.',
    },
    en: {
      what: 'One occurrence of the series was moved past another',
      todo: 'Outlook wants them in order. Move it back between its neighbours, or make it an event of its own.',
    },
  },
  'event.time_out_of_range': {
    sv: {
      what: 'Längre eller längre bort än Outlook klarar',
      todo: 'En händelse får vara högst fem år lång. Rätta tiden i händelsen.',
    },
    en: {
      what: 'Longer or farther away than Outlook can hold',
      todo: 'An event can last five years at most. Correct the time of the event.',
    },
  },
  'event.too_large': {
    sv: { what: 'För stor för Outlook', todo: 'Korta texten i händelsen.' },
    en: { what: 'Too large for Outlook', todo: 'Shorten the text of the event.' },
  },
  'event.not_organizer': {
    sv: {
      what: 'Någon annans möte',
      todo: 'Bara den som bjöd in kan ändra mötet. Be arrangören, eller svara på inbjudan i Outlook.',
    },
    en: {
      what: "Someone else's meeting",
      todo: 'Only the one who invited can change the meeting. Ask the organiser, or answer the invitation in Outlook.',
    },
  },
  'event.duplicate_uid': {
    sv: {
      what: 'Dubbletter',
      todo: 'En annan händelse i Outlook har samma id och är den som synkroniseras. Ta bort den ena, eller gör en ny i stället.',
    },
    en: {
      what: 'Duplicates',
      todo: 'Another event in Outlook has the same id and is the one that is synchronised. Delete one of them, or make a new one instead.',
    },
  },
  'event.not_an_appointment': {
    sv: { what: 'Annat än händelser', todo: 'Uppgifter och anteckningar i kalendern synkroniseras inte.' },
    en: { what: 'Other than events', todo: 'Tasks and notes in the calendar are not synchronised.' },
  },
  'event.untitled': {
    sv: { what: 'Saknar rubrik', todo: 'Händelsen är synkroniserad, men utan rubrik.' },
    en: { what: 'Has no title', todo: 'The event is synchronised, but without a title.' },
  },
  'event.belongs_to_exchange': {
    sv: {
      what: 'Någon annans möte: det som ändrades i Blikk ställdes tillbaka',
      todo: 'Be arrangören ändra mötet, eller svara på inbjudan i Outlook.',
    },
    en: {
      what: "Someone else's meeting: what was changed in Blikk was put back",
      todo: 'Ask the organiser to change the meeting, or answer the invitation in Outlook.',
    },
  },

  'run.cancelled': {
    sv: {
      what: 'Du avbröt synkroniseringen.',
      todo: 'Det som hann bli klart ligger kvar. Nästa gång fortsätter vi därifrån.',
    },
    en: { what: 'You cancelled the synchronisation.', todo: 'What was finished stays. Next time we go on from there.' },
  },
  'run.already_running': {
    sv: { what: 'Synkroniseringen pågår redan i en annan flik.', todo: 'Vänta tills den är klar.' },
    en: { what: 'The synchronisation is already running in another tab.', todo: 'Wait until it has finished.' },
  },
  'run.elsewhere': {
    sv: {
      what: 'Synkroniseringen pågår på en annan enhet.',
      todo: 'Vänta tills den är klar. Går den inte att nå tar vi vid själva efter några minuter.',
    },
    en: {
      what: 'The synchronisation is running on another device.',
      todo: 'Wait until it has finished. If that device is out of reach, we take over after a few minutes.',
    },
  },
  'run.unsettled': {
    sv: {
      what: 'Några händelser ändrades hela tiden medan vi synkroniserade.',
      todo: 'Resten är klart. Synkronisera igen när du är färdig med dem.',
    },
    en: {
      what: 'Some events kept changing while we synchronised.',
      todo: 'The rest is done. Synchronise again when you have finished with them.',
    },
  },
  'store.failed': {
    sv: {
      what: 'Webbläsaren låter oss inte spara vad som är synkroniserat.',
      todo: 'Frigör utrymme eller lämna privat läge, ladda om sidan och försök igen.',
    },
    en: {
      what: 'The browser does not let us keep what is synchronised.',
      todo: 'Free some space or leave private browsing, reload the page and try again.',
    },
  },
  'store.full': {
    sv: {
      what: 'Det finns inte plats för att spara vad som är synkroniserat.',
      todo: 'Frigör utrymme i webbläsaren eller be administratören om mer plats. Inget har gått förlorat.',
    },
    en: {
      what: 'There is no room to keep what is synchronised.',
      todo: 'Free some space in the browser, or ask the administrator for more. Nothing is lost.',
    },
  },
  'store.newer': {
    sv: {
      what: 'En nyare version av kalendersynken har skrivit vad som är synkroniserat.',
      todo: 'Ladda om sidan så att du får den nya versionen.',
    },
    en: {
      what: 'A newer version of the calendar sync has written what is synchronised.',
      todo: 'Reload the page to get the new version.',
    },
  },
  'store.unreadable': {
    sv: {
      what: 'Det som var sparat om synkroniseringen gick inte att läsa.',
      todo: 'Inget är borta ur kalendrarna. Synkronisera igen. Hjälper inte det kan du börja om, och då känner vi igen händelserna på nytt.',
    },
    en: {
      what: 'What was kept about the synchronisation could not be read.',
      todo: 'Nothing is gone from the calendars. Synchronise again. If that does not help you can begin anew, and then we recognise the events again.',
    },
  },
  'store.stale': {
    sv: {
      what: 'En annan flik eller dator synkroniserade samtidigt.',
      todo: 'Inget har gått förlorat. Synkronisera igen.',
    },
    en: { what: 'Another tab or computer synchronised at the same time.', todo: 'Nothing is lost. Synchronise again.' },
  },
  internal: {
    sv: { what: 'Något gick fel hos oss.', todo: support.sv },
    en: { what: 'Something went wrong on our side.', todo: support.en },
  },
};

export const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** The words of the two elements. English has the same keys, or the build fails. */
const swedish = {
  side: { blikk: 'Blikk', exchange: 'Outlook' } satisfies Record<Side, string> as Record<Side, string>,

  syncTitle: 'Synkronisera min kalender',
  syncLead: 'Blikk och Outlook hålls lika. Det du ändrar i den ena kalendern följer med till den andra.',
  syncOff: 'Pausad. Inget tas bort, och när du slår på igen fortsätter allt där det slutade.',
  syncNow: 'Synkronisera nu',
  tryAgain: 'Försök igen',
  cancel: 'Avbryt',
  cancelling: 'Avbryter …',
  starting: 'Startar …',
  reading: (side: string): string => `Läser ${side}`,
  writing: (side: string): string => `Skriver till ${side}`,
  eventsSoFar: (count: number): string => plural(count, 'händelse', 'händelser'),
  ofTotal: (done: number, total: number): string => `${done} av ${total}`,
  waiting: (side: string, until: string): string => `${side} bad oss vänta. Fortsätter ${until}.`,
  waitBefore: (until: string): string => `Vi försöker igen ${until}.`,
  progress: 'Så långt har synkroniseringen kommit',

  done: 'Klart! Kalendrarna är lika.',
  doneNothing: 'Allt var redan lika.',
  doneExcept: (count: number): string =>
    `Klart! ${plural(count, 'händelse synkroniseras', 'händelser synkroniseras')} inte.`,
  doneAsking: (count: number): string =>
    `Klart, men ${plural(count, 'händelse väntar', 'händelser väntar')} på ditt svar.`,
  cancelled: 'Avbruten.',
  cancelledKept: 'Det som hann bli klart ligger kvar. Nästa gång fortsätter vi därifrån.',
  held: 'Vi väntar på ditt ja.',
  lastRun: (when: string): string => `Senast synkroniserad ${when}`,
  stale: (when: string | undefined): string =>
    when === undefined ? 'Det har aldrig gått att synkronisera.' : `Inte synkroniserad sedan ${when}.`,
  staleTodo: 'Händelser som har ändrats sedan dess skiljer sig mellan kalendrarna.',
  preview: 'Visa vad som skulle hända',
  options: 'Inställningar',
  history: 'Historik och ångra',
  parting: 'Pausa eller koppla från',
  neverRun: 'Inte synkroniserad ännu',
  tableCaption: 'Det här gjordes',
  created: 'Nya',
  updated: 'Ändrade',
  deleted: 'Borttagna',
  inSide: (side: string): string => `I ${side}`,
  linked: (count: number): string =>
    `${plural(count, 'händelse', 'händelser')} fanns redan på båda ställena och hör nu ihop.`,
  notSynchronised: (count: number): string => `Synkroniseras inte (${count})`,
  showWhich: 'Visa vilka',
  loadingWhich: 'Hämtar …',
  andMore: (count: number): string => `och ${count} till`,
  untitled: '(utan rubrik)',
  remarks: 'Bra att veta',
  code: 'Kod',
  serverSaid: 'Servern svarade',
  hostMissing: 'Sidan har inte kopplat in kalendern ännu.',

  calendar: 'Kalender i Outlook',
  firstCalendar: 'den vanliga',
  changeCalendar: 'Byt kalender',
  chooseAnother: 'Välj en annan kalender',
  beginAnew: 'Börja om …',
  reload: 'Ladda om sidan',
  chooseCalendar: 'Välj vilken kalender som ska synkroniseras',
  ownCalendar: (name: string): string => `Skapa en egen kalender: ${name}`,
  switchSure: (name: string): string => `Byta till ”${name}”?`,
  switchMeans: (to: string, from: string | undefined): string =>
    `Allt som finns i Blikk läggs in i kalendern ”${to}” och det som finns där kommer till Blikk` +
    (from === undefined ? '.' : `, medan händelserna i ”${from}” ligger kvar men inte längre följer med.`),
  switchYes: 'Ja, byt',
  switching: 'Byter …',

  integrationTitle: 'Kalenderintegration',
  integrationLead:
    'Ett tjänstekonto i er e-postmiljö låter Blikk läsa och skriva i de användares kalendrar som slår på synkroniseringen.',
  provider: 'E-postleverantör',
  chooseProvider: 'Välj …',
  account: 'Konto',
  accountHint: 'Tjänstekontots användarnamn, till exempel servicekonto@foretaget.se',
  password: 'Lösenord',
  passwordKept: 'Ett lösenord är sparat. Lämna tomt för att behålla det.',
  passwordHint: 'Sparas krypterat och visas aldrig igen.',
  server: 'Serveradress',
  serverHint: 'Skriv adressen, eller fyll i kontot och klicka på Hitta servern.',
  serverOwn: (provider: string): string => `Lämna tomt för den adress som hör till ${provider}.`,
  findServer: 'Hitta servern',
  finding: 'Letar efter servern …',
  serverFound: 'Servern är hittad.',
  serverFoundAt: (host: string, address: string): string =>
    `${host} svarade att adressen är ${address}. Spara för att använda den.`,
  serverNotFound: 'Servern hittades inte.',
  serverNotFoundTodo: 'Skriv adressen själv. Den brukar se ut så här: https://mail.foretaget.se/EWS/Exchange.asmx',
  howSearched: 'Så letade vi',
  mayHavePassword: (host: string): string => `Får ${host} kontots lösenord?`,
  mayHavePasswordTodo: 'Er domän hänvisar dit. Svara ja bara om ni vet vem som driver den servern.',
  askHost: (host: string): string => `Ja, fråga ${host}`,
  ways: { json: 'Autodiscover v2', pox: 'Autodiscover', httpRedirect: 'Hänvisning' } as Record<Way, string>,
  outcomes: {
    found: (host) => `${host} visste adressen.`,
    noSuchHost: (host) => `${host} finns inte.`,
    notPublic: (host) => `${host} ligger i ett privat nät, där gatewayen inte får fråga.`,
    noConnection: (host) => `${host} svarar inte.`,
    certificate: (host) => `${host} har ett certifikat som gatewayen inte litar på.`,
    timedOut: (host) => `${host} svarade inte i tid.`,
    tooLarge: (host) => `${host} gav ett orimligt stort svar.`,
    notThere: (host) => `${host} har ingen Autodiscover.`,
    notUnderstood: (host) => `${host} svarade något annat än vi frågade efter.`,
    signInRefused: (host) => `${host} godtog inte kontot eller lösenordet.`,
    noBasic: (host) => `${host} tar inte emot användarnamn och lösenord (Basic).`,
    unknownMailbox: (host) => `${host} känner inte till er e-postadress.`,
    tooManyRedirects: (host) => `${host} hänvisade runt i en cirkel.`,
    unsafeAddress: (host) => `${host} hänvisade till en adress som inte är säker.`,
    hostNotAllowed: (host) => `Gatewayens konfiguration tillåter inte ${host}, eller dit den hänvisar.`,
    confirm: (host) => `${host} frågas först när du har sagt ja.`,
    needsPassword: (host) => `${host} vill ha kontots lösenord. Fyll i det och leta igen.`,
  } as Record<Outcome, (host: string) => string>,
  no: 'Nej',
  save: 'Spara',
  saving: 'Sparar …',
  saved: 'Sparat.',
  savedAt: (when: string): string => `Sparat ${when}`,
  test: 'Testa anslutningen',
  testing: 'Testar …',
  testOk: 'Anslutningen fungerar.',
  testFacts: (folder: string, items: number, version: string | undefined): string =>
    `Mappen ”${folder}” öppnades, ${plural(items, 'post', 'poster')}.${version === undefined ? '' : ` Exchange ${version}.`}`,
  saveFirst: 'Spara först. Testet använder det som är sparat.',
  remove: 'Ta bort kontot',
  removeSure: 'Ta bort kontot? Ingen kan synkronisera förrän ett nytt är sparat.',
  removeYes: 'Ja, ta bort',
  removed: 'Kontot är borttaget.',
  keep: 'Behåll',
  loading: 'Hämtar …',
  missing: {
    provider: 'Välj e-postleverantör.',
    account: 'Fyll i kontot.',
    password: 'Fyll i lösenordet.',
    server: 'Fyll i serveradressen.',
  },
  notAdmin: {
    what: 'Du har inte behörighet att ändra kalenderintegrationen.',
    todo: 'Logga in med administratörsrättigheter.',
  },
  invalid: { what: 'Uppgifterna godtogs inte.', todo: 'Kontrollera dem. Vad som var fel står nedan.' },
};

export type Words = typeof swedish;

const english: Words = {
  side: { blikk: 'Blikk', exchange: 'Outlook' },

  syncTitle: 'Synchronise my calendar',
  syncLead: 'Blikk and Outlook are kept the same. What you change in one calendar follows to the other.',
  syncOff: 'Paused. Nothing is deleted, and when you switch on again everything goes on where it left off.',
  syncNow: 'Synchronise now',
  tryAgain: 'Try again',
  cancel: 'Cancel',
  cancelling: 'Cancelling …',
  starting: 'Starting …',
  reading: (side) => `Reading ${side}`,
  writing: (side) => `Writing to ${side}`,
  eventsSoFar: (count) => plural(count, 'event', 'events'),
  ofTotal: (done, total) => `${done} of ${total}`,
  waiting: (side, until) => `${side} asked us to wait. Going on ${until}.`,
  waitBefore: (until) => `We try again ${until}.`,
  progress: 'How far the synchronisation has come',

  done: 'Done! The calendars are the same.',
  doneNothing: 'Everything was the same already.',
  doneExcept: (count) => `Done! ${plural(count, 'event is', 'events are')} not synchronised.`,
  doneAsking: (count) => `Done, but ${plural(count, 'event waits', 'events wait')} for your answer.`,
  cancelled: 'Cancelled.',
  cancelledKept: 'What was finished stays. Next time we go on from there.',
  held: 'We wait for your yes.',
  lastRun: (when) => `Last synchronised ${when}`,
  stale: (when) =>
    when === undefined ? 'It has never been possible to synchronise.' : `Not synchronised since ${when}.`,
  staleTodo: 'Events that were changed since then differ between the calendars.',
  preview: 'Show what would happen',
  options: 'Settings',
  history: 'History and undo',
  parting: 'Pause or disconnect',
  neverRun: 'Not synchronised yet',
  tableCaption: 'What was done',
  created: 'New',
  updated: 'Changed',
  deleted: 'Deleted',
  inSide: (side) => `In ${side}`,
  linked: (count) => `${plural(count, 'event was', 'events were')} in both places already and belong together now.`,
  notSynchronised: (count) => `Not synchronised (${count})`,
  showWhich: 'Show which',
  loadingWhich: 'Fetching …',
  andMore: (count) => `and ${count} more`,
  untitled: '(no title)',
  remarks: 'Good to know',
  code: 'Code',
  serverSaid: 'The server said',
  hostMissing: 'The page has not connected the calendar yet.',

  calendar: 'Calendar in Outlook',
  firstCalendar: 'the usual one',
  changeCalendar: 'Change calendar',
  chooseAnother: 'Choose another calendar',
  beginAnew: 'Begin anew …',
  reload: 'Reload the page',
  chooseCalendar: 'Choose which calendar to synchronise',
  ownCalendar: (name) => `Create a calendar of its own: ${name}`,
  switchSure: (name) => `Change to “${name}”?`,
  switchMeans: (to, from) =>
    `Everything in Blikk is put into the calendar “${to}” and what is there comes to Blikk` +
    (from === undefined ? '.' : `, while the events in “${from}” stay where they are but no longer follow.`),
  switchYes: 'Yes, change',
  switching: 'Changing …',

  integrationTitle: 'Calendar integration',
  integrationLead:
    'A service account in your e-mail system lets Blikk read and write the calendars of those users who switch the synchronisation on.',
  provider: 'E-mail provider',
  chooseProvider: 'Choose …',
  account: 'Account',
  accountHint: "The service account's user name, for example service.account@company.com",
  password: 'Password',
  passwordKept: 'A password is saved. Leave empty to keep it.',
  passwordHint: 'Is stored encrypted and never shown again.',
  server: 'Server address',
  serverHint: 'Type the address, or fill in the account and click Find the server.',
  serverOwn: (provider) => `Leave empty for the address that belongs to ${provider}.`,
  findServer: 'Find the server',
  finding: 'Looking for the server …',
  serverFound: 'The server is found.',
  serverFoundAt: (host, address) => `${host} answered that the address is ${address}. Save to use it.`,
  serverNotFound: 'The server was not found.',
  serverNotFoundTodo: 'Type the address. It usually looks like this: https://mail.company.com/EWS/Exchange.asmx',
  howSearched: 'How we looked',
  mayHavePassword: (host) => `May ${host} have the account's password?`,
  mayHavePasswordTodo: 'Your domain points there. Say yes only if you know who runs that server.',
  askHost: (host) => `Yes, ask ${host}`,
  ways: { json: 'Autodiscover v2', pox: 'Autodiscover', httpRedirect: 'Redirection' },
  outcomes: {
    found: (host) => `${host} knew the address.`,
    noSuchHost: (host) => `${host} does not exist.`,
    notPublic: (host) => `${host} is in a private network, where the gateway may not ask.`,
    noConnection: (host) => `${host} does not answer.`,
    certificate: (host) => `${host} has a certificate that the gateway does not trust.`,
    timedOut: (host) => `${host} did not answer in time.`,
    tooLarge: (host) => `${host} gave an unreasonably large answer.`,
    notThere: (host) => `${host} has no Autodiscover.`,
    notUnderstood: (host) => `${host} answered something else than we asked for.`,
    signInRefused: (host) => `${host} did not accept the account or the password.`,
    noBasic: (host) => `${host} takes no user name and password (Basic).`,
    unknownMailbox: (host) => `${host} does not know your e-mail address.`,
    tooManyRedirects: (host) => `${host} sent us round in a circle.`,
    unsafeAddress: (host) => `${host} pointed to an address that is not safe.`,
    hostNotAllowed: (host) => `The gateway's configuration does not allow ${host}, or where it points.`,
    confirm: (host) => `${host} is asked once you have said yes.`,
    needsPassword: (host) => `${host} wants the account's password. Fill it in and look again.`,
  },
  no: 'No',
  save: 'Save',
  saving: 'Saving …',
  saved: 'Saved.',
  savedAt: (when) => `Saved ${when}`,
  test: 'Test the connection',
  testing: 'Testing …',
  testOk: 'The connection works.',
  testFacts: (folder, items, version) =>
    `The folder “${folder}” was opened, ${plural(items, 'item', 'items')}.${version === undefined ? '' : ` Exchange ${version}.`}`,
  saveFirst: 'Save first. The test uses what is saved.',
  remove: 'Remove the account',
  removeSure: 'Remove the account? Nobody can synchronise until a new one is saved.',
  removeYes: 'Yes, remove',
  removed: 'The account is removed.',
  keep: 'Keep',
  loading: 'Fetching …',
  missing: {
    provider: 'Choose an e-mail provider.',
    account: 'Fill in the account.',
    password: 'Fill in the password.',
    server: 'Fill in the server address.',
  },
  notAdmin: { what: 'You may not change the calendar integration.', todo: 'Sign in as an administrator.' },
  invalid: {
    what: 'The details were not accepted.',
    todo: 'Check them. What was wrong is said below.',
  },
};

export const words: Record<Language, Words> = { sv: swedish, en: english };

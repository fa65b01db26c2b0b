// The browser's half of `cargo xtask bench`, in the page: our reader in Wasm against DOMParser and the code that one
// would write to read the same fields from it.
import init, { Events, readItems } from './bench_ews.js';
import { digest, turn } from './turn.mjs';

await init();
const bytes = new Uint8Array(await (await fetch('./answer.xml')).arrayBuffer());
// DOMParser takes a string and gets it ready-made; the Wasm gets the bytes that the network brings and copies them.
const text = new TextDecoder().decode(bytes);
const events = new Events();

const TASKS = {
  read: () => readItems(bytes).free(),
  domRead: () => readWithDom(text),
  write: () => events.write(),
};

export const take = (name) => turn(TASKS[name]);

export function hello() {
  const items = readItems(bytes);
  const wasm = [...items.digest()];
  items.free();
  const dom = digest(
    readWithDom(text).map((item) => ({
      ...item,
      participants: item.participants.length,
      categories: item.categories.length,
    })),
  );
  if (`${wasm}` !== `${dom}`) throw new Error(`Wasm read ${wasm}, DOMParser ${dom}`);
  return { digest: wasm, requestBytes: events.write().length };
}

function readWithDom(text) {
  const items = [];
  const document = new DOMParser().parseFromString(text, 'text/xml');
  for (const element of document.getElementsByTagNameNS('*', 'CalendarItem')) {
    const item = { categories: [], participants: [] };
    for (let part = element.firstElementChild; part; part = part.nextElementSibling) {
      READ[part.localName]?.(item, part);
    }
    items.push(item);
  }
  return items;
}

const isTrue = (part) => part.textContent === 'true';
const time = (part) => Date.parse(part.textContent);
const mailbox = (part) => ({ name: child(part, 'Name'), address: child(part, 'EmailAddress') });
const child = (part, name) => {
  for (let inner = part.firstElementChild; inner; inner = inner.nextElementSibling) {
    if (inner.localName === name) return inner.textContent;
  }
  return '';
};
const attendees = (attendance) => (item, part) => {
  for (let attendee = part.firstElementChild; attendee; attendee = attendee.nextElementSibling) {
    const person = mailbox(attendee.firstElementChild);
    item.participants.push({ person, attendance, answer: child(attendee, 'ResponseType') });
  }
};

/** The fields of `FIELDS` in src/ews/item/fields.rs. */
const READ = {
  ItemId: (item, part) => {
    item.id = part.getAttribute('Id');
    item.changeKey = part.getAttribute('ChangeKey');
  },
  Subject: (item, part) => (item.subject = part.textContent),
  Sensitivity: (item, part) => (item.sensitivity = part.textContent),
  Body: (item, part) => (item.body = part.textContent),
  Categories: (item, part) => {
    for (let one = part.firstElementChild; one; one = one.nextElementSibling) item.categories.push(one.textContent);
  },
  ReminderIsSet: (item, part) => (item.reminderIsSet = isTrue(part)),
  ReminderMinutesBeforeStart: (item, part) => (item.reminderMinutes = Number(part.textContent)),
  ExtendedProperty: (item, part) => {
    const name = part.firstElementChild.getAttribute('PropertyName');
    if (name === 'BlikkLinkId') item.linkId = child(part, 'Value');
    if (name === 'BlikkEventId') item.blikkId = child(part, 'Value');
  },
  LastModifiedTime: (item, part) => (item.lastModified = time(part)),
  UID: (item, part) => (item.uid = part.textContent),
  Start: (item, part) => (item.start = time(part)),
  End: (item, part) => (item.end = time(part)),
  IsAllDayEvent: (item, part) => (item.isAllDay = isTrue(part)),
  LegacyFreeBusyStatus: (item, part) => (item.freeBusy = part.textContent),
  Location: (item, part) => (item.location = part.textContent),
  IsMeeting: (item, part) => (item.isMeeting = isTrue(part)),
  IsRecurring: (item, part) => (item.isRecurring = isTrue(part)),
  CalendarItemType: (item, part) => (item.type = part.textContent),
  Organizer: (item, part) => (item.organizer = mailbox(part.firstElementChild)),
  RequiredAttendees: attendees('required'),
  OptionalAttendees: attendees('optional'),
  Resources: attendees('resource'),
  StartTimeZone: (item, part) => (item.startZone = part.getAttribute('Id')),
  EndTimeZone: (item, part) => (item.endZone = part.getAttribute('Id')),
};

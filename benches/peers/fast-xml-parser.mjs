// fast-xml-parser: from the response's text to plain objects; nothing in them has a type yet.
// Usage: node fast-xml-parser.mjs FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { digest, firstTimes, turn } from '../turn.mjs';
import { takeTurns, versionOf } from './turns.mjs';

const answer = readFileSync(join(process.argv[2], 'answer.xml'), 'utf8');
const parser = new XMLParser({
  ignoreAttributes: false,
  removeNSPrefix: true,
  parseTagValue: false,
  htmlEntities: true,
});
const read = () => parser.parse(answer);

const first = firstTimes({ read });
const list = (one) => (one === undefined ? [] : [one].flat());
const messages = read().Envelope.Body.GetItemResponse.ResponseMessages.GetItemResponseMessage;
const items = messages.map(({ Items: { CalendarItem: item } }) => ({
  subject: item.Subject,
  body: item.Body['#text'],
  linkId: item.ExtendedProperty[0].Value,
  participants: list(item.RequiredAttendees?.Attendee).length,
  categories: list(item.Categories?.String).length,
}));
const hello = { version: versionOf('fast-xml-parser'), first, digest: digest(items) };
await takeTurns(hello, () => turn(read));

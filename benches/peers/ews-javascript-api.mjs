// ews-javascript-api, Microsoft's EWS Managed API in JavaScript. Usage: node ews-javascript-api.mjs FOLDER
//
// Its own classes from the response's text to appointments, and from appointments to the request's text; only the
// transport between them is left out. (Sending, it also parses each of its own requests, for a log; left out too.)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { digest, firstTimes, turn } from '../turn.mjs';
import { takeTurns, versionOf } from './turns.mjs';

const require = createRequire(import.meta.url);
const ews = require('ews-javascript-api');
const { CreateItemRequest } = require('ews-javascript-api/js/Core/Requests/CreateItemRequest');
const { EwsServiceXmlReader } = require('ews-javascript-api/js/Core/EwsServiceXmlReader');
const { EwsServiceXmlWriter } = require('ews-javascript-api/js/Core/EwsServiceXmlWriter');
const { GetItemRequest } = require('ews-javascript-api/js/Core/Requests/GetItemRequest');
const { ServiceErrorHandling } = require('ews-javascript-api/js/Enumerations/ServiceErrorHandling');

const folder = process.argv[2];
const answer = readFileSync(join(folder, 'answer.xml'), 'utf8');
const events = JSON.parse(readFileSync(join(folder, 'events.json'), 'utf8'));

const mailbox = 'anna.akesson@konsult.example';
const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2016);
service.Url = new ews.Uri('http://127.0.0.1/');
service.ImpersonatedUserId = new ews.ImpersonatedUserId(ews.ConnectingIdType.SmtpAddress, mailbox);
const named = (name) =>
  new ews.ExtendedPropertyDefinition(
    new ews.Guid('6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4'),
    name,
    ews.MapiPropertyType.String,
  );
const marker = { link: named('BlikkLinkId'), blikk: named('BlikkEventId') };

const getItem = new GetItemRequest(service, ServiceErrorHandling.ReturnErrors);
getItem.PropertySet = new ews.PropertySet(ews.BasePropertySet.FirstClassProperties, Object.values(marker));
// As many as there are answers; it looks at nothing but their number.
for (const _ of events) getItem.ItemIds.Add(new ews.ItemId('any'));

function read() {
  const { JsObject } = new EwsServiceXmlReader(answer, service);
  return getItem.ReadResponseXmlJsObject(JsObject).Responses.map((response) => response.Item);
}

const createItem = new CreateItemRequest(service, ServiceErrorHandling.ReturnErrors);
createItem.ParentFolderId = new ews.FolderId(ews.WellKnownFolderName.Calendar, new ews.Mailbox(mailbox));
createItem.SendInvitationsMode = ews.SendInvitationsMode.SendToNone;
createItem.Items = events.map((event) => {
  const zone = ews.TimeZoneInfo.FindSystemTimeZoneById(event.windowsZone);
  const item = new ews.Appointment(service);
  item.Subject = escaped(event.title);
  item.Sensitivity = ews.Sensitivity.Normal;
  item.Body = new ews.MessageBody(ews.BodyType.Text, escaped(event.body));
  event.categories.forEach((category) => item.Categories.Add(escaped(category)));
  item.IsReminderSet = true;
  item.ReminderMinutesBeforeStart = event.reminderMinutes;
  item.SetExtendedProperty(marker.link, event.marker.link);
  item.SetExtendedProperty(marker.blikk, event.marker.blikk);
  item.Start = new ews.DateTime(event.start);
  item.End = new ews.DateTime(event.end);
  item.IsAllDayEvent = false;
  item.LegacyFreeBusyStatus = ews.LegacyFreeBusyStatus.Busy;
  item.Location = escaped(event.place);
  item.StartTimeZone = zone;
  item.EndTimeZone = zone;
  return item;
});

/** It leaves that to its caller (gautamsi/ews-javascript-api#358, #368). Done before the clock starts. */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function write() {
  createItem.Validate();
  const writer = new EwsServiceXmlWriter(service);
  createItem.WriteToXml(writer);
  return Buffer.from(writer.GetXML());
}

const tasks = { read, write };
const first = firstTimes(tasks);
const attendees = (item) => item.RequiredAttendees.Count + item.OptionalAttendees.Count + item.Resources.Count;
const items = read().map((item) => ({
  subject: item.Subject,
  body: item.Body.Text,
  linkId: item.ExtendedProperties.Items.find((property) => property.PropertyDefinition.Name === 'BlikkLinkId').Value,
  participants: attendees(item),
  categories: item.Categories.Count,
}));
const hello = {
  version: versionOf('ews-javascript-api'),
  first,
  digest: digest(items),
  requestBytes: write().length,
};
await takeTurns(hello, (name) => turn(tasks[name]));

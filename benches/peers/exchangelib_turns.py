"""exchangelib. Usage: python exchangelib_turns.py FOLDER

Its own service classes from the response's bytes to calendar items, and from calendar items to the request's bytes; only
the transport between them is left out. Takes its turns as src/turns.rs says.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import exchangelib
from exchangelib import (
    IMPERSONATION,
    Account,
    CalendarItem,
    Configuration,
    Credentials,
    EWSDateTime,
    EWSTimeZone,
    ExtendedProperty,
)
from exchangelib.items import SEND_TO_NONE
from exchangelib.properties import DistinguishedFolderId, Mailbox
from exchangelib.services import CreateItem, GetItem
from exchangelib.version import EXCHANGE_2016, Version

SET = "6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4"
MAILBOX = "anna.akesson@konsult.example"


class LinkId(ExtendedProperty):
    property_set_id = SET
    property_name = "BlikkLinkId"
    property_type = "String"


class BlikkId(ExtendedProperty):
    property_set_id = SET
    property_name = "BlikkEventId"
    property_type = "String"


CalendarItem.register("link_id", LinkId)
CalendarItem.register("blikk_id", BlikkId)

# Says all that it would else ask a server, so that nothing is connected to.
account = Account(
    MAILBOX,
    config=Configuration(
        service_endpoint="http://127.0.0.1/",
        credentials=Credentials("nobody", ""),
        auth_type="basic",
        version=Version(EXCHANGE_2016),
    ),
    access_type=IMPERSONATION,
    autodiscover=False,
    default_timezone=EWSTimeZone("Europe/Stockholm"),
    locale="sv_SE",
)


def calendar_item(event):
    zone = EWSTimeZone(event["zone"])
    return CalendarItem(
        account=account,
        subject=event["title"],
        sensitivity="Normal",
        body=event["body"],
        categories=event["categories"],
        reminder_is_set=True,
        reminder_minutes_before_start=event["reminderMinutes"],
        link_id=event["marker"]["link"],
        blikk_id=event["marker"]["blikk"],
        start=EWSDateTime.from_string(event["start"]).astimezone(zone),
        end=EWSDateTime.from_string(event["end"]).astimezone(zone),
        is_all_day=False,
        legacy_free_busy_status="Busy",
        location=event["place"],
    )


folder = Path(sys.argv[1])
answer = (folder / "answer.xml").read_bytes()
items = [calendar_item(event) for event in json.loads((folder / "events.json").read_bytes())]
calendar = DistinguishedFolderId(id="calendar", mailbox=Mailbox(email_address=MAILBOX))


def read():
    return list(GetItem(account=account).parse(answer))


def write():
    service = CreateItem(account=account)
    payload = service.get_payload(
        items=items,
        folder=calendar,
        message_disposition="SaveOnly",
        send_meeting_invitations=SEND_TO_NONE,
    )
    return service.wrap(payload, api_version=account.version.api_version)


def milliseconds(task):
    started = time.perf_counter()
    task()
    return (time.perf_counter() - started) * 1_000


def turn(task):
    begun = time.perf_counter()
    times = []
    while not times or time.perf_counter() - begun < 0.1:
        times.append(milliseconds(task))
    return statistics.median(times)


def digest(items):
    def length(text):
        return len(text.encode("utf-16-le")) // 2

    def people(item):
        return sum(len(some or []) for some in (item.required_attendees, item.optional_attendees, item.resources))

    return [
        len(items),
        sum(length(item.subject) for item in items),
        sum(length(item.body) for item in items),
        sum(length(item.link_id) for item in items),
        sum(people(item) + len(item.categories) for item in items),
    ]


tasks = {"read": read, "write": write}
hello = {
    "version": f"{exchangelib.__version__}, Python {sys.version.split()[0]}",
    "first": {name: milliseconds(task) for name, task in tasks.items()},
    "digest": digest(read()),
    "requestBytes": len(write()),
}
print(json.dumps(hello), flush=True)
for line in sys.stdin:
    print(turn(tasks[line.strip()]), flush=True)

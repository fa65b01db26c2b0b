"""The stand-in Exchange before a client that we did not write: the Python library exchangelib.

STANDINS holds what the stand-ins said when they started, as JSON. Each test has a mailbox of its own. The names of the
tests are printed as they run; the last line says how many passed and failed.
"""

import datetime
import json
import os
import sys
import unittest
import urllib.request

from exchangelib import (
    IMPERSONATION,
    Account,
    Attendee,
    BASIC,
    CalendarItem,
    Configuration,
    Credentials,
    EWSDate,
    EWSDateTime,
    EWSTimeZone,
    ExtendedProperty,
    HTMLBody,
    Mailbox,
    Version,
)
from exchangelib.errors import (
    ErrorCalendarInvalidRecurrence,
    ErrorFolderExists,
    ErrorItemNotFound,
    ErrorOccurrenceCrossingBoundary,
    ErrorOccurrenceTimeSpanTooBig,
    UnauthorizedError,
)
from exchangelib.folders import Calendar
from exchangelib.items import SEND_TO_NONE
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    AbsoluteYearlyPattern,
    DailyPattern,
    Recurrence,
    RelativeMonthlyPattern,
    RelativeYearlyPattern,
    WeeklyPattern,
)
from exchangelib.version import EXCHANGE_2010_SP2, EXCHANGE_2016

STANDINS = json.loads(os.environ["STANDINS"])["exchange"]
STOCKHOLM = EWSTimeZone("Europe/Stockholm")


def at(*parts, zone=STOCKHOLM):
    return EWSDateTime(*parts, tzinfo=zone)


def control(what, body):
    request = urllib.request.Request(
        f"{STANDINS['url']}/_control/{what}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request):
        pass


def configuration(password=None, build=EXCHANGE_2016):
    service = STANDINS["serviceAccount"]
    return Configuration(
        service_endpoint=STANDINS["ews"],
        credentials=Credentials(service["user"], password or service["password"]),
        auth_type=BASIC,
        version=Version(build=build),
        max_connections=2,
    )


class Marker(ExtendedProperty):
    property_set_id = "c11ff724-aa03-4555-9952-8fa248a11c3e"
    property_name = "ExchangelibMarker"
    property_type = "String"


CalendarItem.register("marker", Marker)


class Check(unittest.TestCase):
    mailboxes = 0

    def setUp(self):
        Check.mailboxes += 1
        self.address = f"exchangelib{Check.mailboxes}@konsult.example"
        control("users", {"email": self.address, "name": "Py Ton"})
        self.account = self.account_in(configuration())

    def account_in(self, config):
        return Account(self.address, config=config, autodiscover=False, access_type=IMPERSONATION, default_timezone=STOCKHOLM)

    def create(self, **fields):
        times = {"start": at(2027, 3, 1, 9), "end": at(2027, 3, 1, 10)}
        item = CalendarItem(account=self.account, folder=self.account.calendar, **{**times, **fields})
        item.save(send_meeting_invitations=SEND_TO_NONE)
        return item

    def create_series(self, pattern=None, **fields):
        pattern = pattern or WeeklyPattern(interval=1, weekdays=["Monday"], first_day_of_week="Monday")
        recurrence = Recurrence(pattern=pattern, start=EWSDate(2027, 3, 1), number=5)
        return self.create(subject="Serie", recurrence=recurrence, **fields)

    def seen(self, start=(2027, 3, 1), end=(2027, 5, 1)):
        items = self.account.calendar.view(start=at(*start), end=at(*end))
        return [(item.type, item.subject, item.start.astimezone(STOCKHOLM).strftime("%m-%d %H:%M")) for item in items]

    def master(self, item):
        return self.account.calendar.get(id=item.id, changekey=item.changekey)


class Connecting(Check):
    def test_a_service_account_impersonates_and_sees_the_calendar(self):
        self.assertEqual(self.account.calendar.name, "Kalender")
        self.assertEqual(self.account.calendar.total_count, 0)
        self.assertEqual(str(self.account.protocol.version.build)[:4], "15.1")

    def test_a_wrong_password_is_unauthorized(self):
        with self.assertRaises(UnauthorizedError):
            self.account_in(configuration(password="fel")).calendar.refresh()

    def test_an_older_server_is_understood(self):
        control("server", {"version": "Exchange2010_SP2"})
        try:
            account = self.account_in(configuration(build=EXCHANGE_2010_SP2))
            item = CalendarItem(
                account=account, folder=account.calendar, subject="2010", start=at(2027, 3, 1, 9), end=at(2027, 3, 1, 10)
            )
            item.save(send_meeting_invitations=SEND_TO_NONE)
            self.assertEqual([found.subject for found in account.calendar.all()], ["2010"])
        finally:
            control("server", {"version": "Exchange2016"})


class Items(Check):
    def test_what_is_created_is_found_with_every_field(self):
        item = self.create(
            subject="Budget & \"fika\" <Q2> å ä ö 🎉",
            body="Rad 1\nRad 2",
            location="Rum Öresund",
            categories=["Kund", "Röd"],
            sensitivity="Private",
            importance="High",
            legacy_free_busy_status="WorkingElsewhere",
            reminder_is_set=True,
            reminder_minutes_before_start=30,
            marker="länk-1",
        )
        found = self.master(item)
        for field in ("subject", "location", "categories", "sensitivity", "importance", "legacy_free_busy_status"):
            self.assertEqual(getattr(found, field), getattr(item, field), field)
        self.assertEqual((found.start, found.end), (item.start, item.end))
        self.assertEqual((found.type, found.marker, found.reminder_minutes_before_start), ("Single", "länk-1", 30))
        self.assertIn("Rad 1", found.text_body)
        self.assertTrue(found.uid)

    def test_html_comes_back_as_html_and_as_text(self):
        item = self.create(subject="HTML", body=HTMLBody("<html><body><p>Hej <b>hå</b></p></body></html>"))
        found = self.master(item)
        self.assertIsInstance(found.body, HTMLBody)
        self.assertIn("<b>hå</b>", found.body)
        self.assertEqual(found.text_body.strip(), "Hej hå")

    def test_an_update_moves_the_change_key(self):
        item = self.create(subject="Före")
        before = item.changekey
        item.subject, item.start, item.end = "Efter", at(2027, 3, 2, 9), at(2027, 3, 2, 11)
        item.save(update_fields=["subject", "start", "end"], send_meeting_invitations=SEND_TO_NONE)
        found = self.account.calendar.get(id=item.id)
        self.assertEqual((found.subject, found.start), ("Efter", at(2027, 3, 2, 9)))
        self.assertNotEqual(found.changekey, before)

    def test_what_is_deleted_is_gone(self):
        item = self.create(subject="Bort")
        kept = (item.id, item.changekey)
        item.delete(send_meeting_cancellations=SEND_TO_NONE)
        self.assertEqual(list(self.account.calendar.all()), [])
        self.assertIsInstance(next(iter(self.account.fetch(ids=[kept]))), ErrorItemNotFound)

    def test_an_all_day_event_stays_on_its_date(self):
        # Not one on which the clock is set forward: exchangelib takes 24 hours off its end, and is a day early.
        item = self.create(subject="Dag", start=EWSDate(2027, 6, 25), end=EWSDate(2027, 6, 26), is_all_day=True)
        found = self.master(item)
        self.assertEqual((found.start, found.end, found.is_all_day), (EWSDate(2027, 6, 25), EWSDate(2027, 6, 26), True))

    def test_items_are_filtered_ordered_and_paged(self):
        for title in ("b", "a", "d", "c"):
            self.create(subject=title, marker=f"m-{title}")
        calendar = self.account.calendar
        self.assertEqual([item.subject for item in calendar.all().order_by("-subject")], ["d", "c", "b", "a"])
        self.assertEqual([item.subject for item in calendar.filter(marker="m-c")], ["c"])
        self.assertEqual(calendar.filter(subject__in=["a", "b"]).count(), 2)
        self.assertEqual(calendar.exclude(subject="a").count(), 3)
        self.assertEqual(calendar.filter(start__gt=at(2027, 3, 1, 9)).count(), 0)
        self.assertEqual(calendar.filter(subject__icontains="D").count(), 1)
        pages = calendar.all().order_by("subject")
        pages.page_size = 2
        self.assertEqual([item.subject for item in pages], ["a", "b", "c", "d"])

    def test_bulk_calls_answer_item_by_item(self):
        items = [
            CalendarItem(
                account=self.account,
                folder=self.account.calendar,
                subject=f"Nr {number}",
                start=at(2027, 3, 1, 9),
                end=at(2027, 3, 1, 10),
            )
            for number in range(25)
        ]
        made = self.account.bulk_create(self.account.calendar, items, send_meeting_invitations=SEND_TO_NONE)
        self.assertEqual(len({item.id for item in made}), 25)
        gone = self.account.bulk_delete([(item.id, item.changekey) for item in made[:5]], send_meeting_cancellations=SEND_TO_NONE)
        self.assertEqual(gone, [True] * 5)
        self.assertEqual(self.account.calendar.all().count(), 20)
        again = self.account.bulk_delete([(made[0].id, made[0].changekey)], send_meeting_cancellations=SEND_TO_NONE)
        self.assertIsInstance(again[0], ErrorItemNotFound)

    def test_attendees_are_kept(self):
        item = self.create(
            subject="Möte", required_attendees=[Attendee(mailbox=Mailbox(email_address="bjorn@konsult.example"))]
        )
        found = self.master(item)
        self.assertEqual([person.mailbox.email_address for person in found.required_attendees], ["bjorn@konsult.example"])
        self.assertEqual((found.is_meeting, found.my_response_type), (True, "Organizer"))


class Recurring(Check):
    def test_a_view_shows_the_occurrences_on_the_wall_clock_of_the_series(self):
        self.create_series()
        self.create(subject="Enstaka")
        expected = [("Occurrence", "Serie", f"{day} 09:00") for day in ("03-01", "03-08", "03-15", "03-22", "03-29")]
        self.assertEqual([item for item in self.seen() if item[0] != "Single"], expected)
        self.assertEqual(len(self.seen()), 6)

    def test_every_pattern_is_given_back(self):
        patterns = [
            DailyPattern(interval=2),
            WeeklyPattern(interval=2, weekdays=["Monday", "Thursday"], first_day_of_week="Monday"),
            AbsoluteMonthlyPattern(interval=1, day_of_month=1),
            RelativeMonthlyPattern(interval=1, weekday="Monday", week_number="First"),
            AbsoluteYearlyPattern(day_of_month=1, month="March"),
            RelativeYearlyPattern(weekday="Monday", week_number="First", month="March"),
        ]
        for pattern in patterns:
            with self.subTest(pattern=pattern.__class__.__name__):
                found = self.master(self.create_series(pattern))
                self.assertEqual(found.type, "RecurringMaster")
                self.assertEqual(found.recurrence.pattern, pattern)
                self.assertEqual(found.recurrence.boundary.start, EWSDate(2027, 3, 1))
                self.assertEqual(found.recurrence.boundary.number, 5)
                self.assertEqual(found.first_occurrence.start, at(2027, 3, 1, 9))

    def test_an_occurrence_is_found_by_its_index_and_leads_back_to_its_master(self):
        item = self.create_series()
        third = item.occurrence(index=3)
        third.refresh()
        self.assertEqual((third.type, third.start), ("Occurrence", at(2027, 3, 15, 9)))
        master = third.recurring_master()
        master.refresh()
        self.assertEqual((master.id, master.type), (item.id, "RecurringMaster"))

    def test_a_modified_occurrence_is_an_exception_of_the_series(self):
        item = self.create_series()
        second = item.occurrence(index=2)
        second.refresh()
        second.subject, second.start, second.end = "Flyttat", at(2027, 3, 9, 13), at(2027, 3, 9, 14)
        second.save(update_fields=["subject", "start", "end"], send_meeting_invitations=SEND_TO_NONE)
        found = self.account.calendar.get(id=item.id)
        self.assertEqual([exception.start for exception in found.modified_occurrences], [at(2027, 3, 9, 13)])
        self.assertEqual([exception.original_start for exception in found.modified_occurrences], [at(2027, 3, 8, 9)])
        self.assertIn(("Exception", "Flyttat", "03-09 13:00"), self.seen())
        self.assertEqual(len(self.seen()), 5)

    def test_a_deleted_occurrence_is_told_of_and_its_index_stays_taken(self):
        item = self.create_series()
        second = item.occurrence(index=2)
        second.refresh()
        second.delete(send_meeting_cancellations=SEND_TO_NONE)
        found = self.account.calendar.get(id=item.id)
        self.assertEqual([deleted.start for deleted in found.deleted_occurrences], [at(2027, 3, 8, 9)])
        third = item.occurrence(index=3)
        third.refresh()
        self.assertEqual(third.start, at(2027, 3, 15, 9))
        self.assertEqual(len(self.seen()), 4)

    def test_an_occurrence_keeps_between_its_neighbours(self):
        item = self.create_series()
        for day, error in ((16, ErrorOccurrenceCrossingBoundary), (15, ErrorOccurrenceCrossingBoundary)):
            second = item.occurrence(index=2)
            second.refresh()
            second.start, second.end = at(2027, 3, day, 13), at(2027, 3, day, 14)
            with self.assertRaises(error):
                second.save(update_fields=["start", "end"], send_meeting_invitations=SEND_TO_NONE)

    def test_a_series_that_overlaps_itself_or_has_no_such_day_is_refused(self):
        with self.assertRaises(ErrorOccurrenceTimeSpanTooBig):
            self.create_series(DailyPattern(interval=1), end=at(2027, 3, 3, 9))
        with self.assertRaises(ErrorCalendarInvalidRecurrence):
            self.create_series(AbsoluteYearlyPattern(day_of_month=30, month="February"))

    def test_a_deleted_master_takes_all_along(self):
        self.create_series().delete(send_meeting_cancellations=SEND_TO_NONE)
        self.assertEqual(self.seen(), [])


class Synchronising(Check):
    def changes(self, state):
        calendar = self.account.calendar
        found = [(kind, getattr(item, "subject", None)) for kind, item in calendar.sync_items(sync_state=state, only_fields=["subject"])]
        return found, calendar.item_sync_state

    def test_changes_are_told_once_and_series_as_masters(self):
        first = self.create(subject="Ett")
        series = self.create_series()
        found, state = self.changes(None)
        self.assertEqual(found, [("create", "Ett"), ("create", "Serie")])
        self.assertEqual(self.changes(state)[0], [])
        first.subject = "Ett igen"
        first.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_NONE)
        occurrence = series.occurrence(index=2)
        occurrence.refresh()
        occurrence.delete(send_meeting_cancellations=SEND_TO_NONE)
        found, state = self.changes(state)
        self.assertEqual(found, [("update", "Ett igen"), ("update", "Serie")])
        self.account.calendar.get(id=first.id).delete(send_meeting_cancellations=SEND_TO_NONE)
        self.assertEqual([kind for kind, _ in self.changes(state)[0]], ["delete"])


class TimeZones(Check):
    def test_zones_are_given_back_and_listed_with_their_rules(self):
        for name in ("Europe/Stockholm", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Asia/Kolkata"):
            with self.subTest(zone=name):
                zone = EWSTimeZone(name)
                item = self.create(subject=name, start=at(2027, 7, 1, 9, zone=zone), end=at(2027, 7, 1, 10, zone=zone))
                found = self.master(item)
                self.assertEqual(found.start.astimezone(zone).hour, 9)
                self.assertEqual(found._start_timezone.ms_id, zone.ms_id)
        listed = list(self.account.protocol.get_timezones(timezones=[STOCKHOLM], return_full_timezone_data=True))
        (zone,) = listed
        self.assertEqual(zone.id, "W. Europe Standard Time")
        standard, daylight, _ = zone.get_std_and_dst(for_year=2027)
        self.assertEqual((standard.bias, daylight.bias), (0, -60), "the second beside the first")

    def test_all_zones_of_the_server_are_known_to_the_client(self):
        zones = list(self.account.protocol.get_timezones())
        self.assertGreater(len(zones), 100)


class Folders(Check):
    def test_a_calendar_is_made_found_and_filled(self):
        blikk = Calendar(parent=self.account.calendar, name="Blikk")
        blikk.save()
        with self.assertRaises(ErrorFolderExists):
            Calendar(parent=self.account.calendar, name="Blikk").save()
        self.assertEqual([folder.name for folder in self.account.calendar.children], ["Blikk"])
        item = CalendarItem(
            account=self.account, folder=blikk, subject="Hit", start=at(2027, 3, 1, 9), end=at(2027, 3, 1, 10)
        )
        item.save(send_meeting_invitations=SEND_TO_NONE)
        self.assertEqual([found.subject for found in blikk.all()], ["Hit"])
        self.assertEqual(self.account.calendar.all().count(), 0)


class Names(unittest.TextTestResult):
    def addSuccess(self, test):
        super().addSuccess(test)
        print(f"ok      {test.id().removeprefix('__main__.')}", flush=True)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(resultclass=Names, verbosity=0).run(suite)
    # What fails in parts fails once.
    failed = {test.id().split(" ")[0] for test, _ in result.failures + result.errors}
    for name in sorted(failed):
        print(f"FAILED  {name.removeprefix('__main__.')}")
    print(f"{result.testsRun - len(failed)} passed, {len(failed)} failed")
    sys.exit(bool(failed))


main()

"""The calendar checks check themselves: each passes a sound site and finds what is wrong with a broken one.

Run with `python -m unittest` in this folder, by the Python that has the packages of requirements.txt.
"""

import contextlib
import io
import json
import re
import stat
import subprocess
import sys
import tempfile
import types
import unittest
from datetime import date, datetime, timedelta
from pathlib import Path

import icalendar

import check
import jsonld
import problems
import reviews
import torture
import uids
import zones
from expected import Expected, one_line, slug

HERE = Path(__file__).parent

# ---- A sound site -----------------------------------------------------------------------------------------------------

CHICAGO = """BEGIN:VTIMEZONE
TZID:America/Chicago
BEGIN:DAYLIGHT
DTSTART:20070311T020000
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
TZNAME:CDT
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0600
TZNAME:CST
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
"""
LONDON = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:20261025T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE
"""


def event(uid, start, end, summary, path, status="CONFIRMED", sequence=0, stamp="20261101T000000Z", more=""):
    return f"""BEGIN:VEVENT
UID:{uid}
DTSTAMP:{stamp}
LAST-MODIFIED:{stamp}
DTSTART{start}
DTEND{end}
SUMMARY:{summary}
STATUS:{status}
SEQUENCE:{sequence}
URL:https://coast.example.org/{path}
{more}END:VEVENT
"""


def chicago(text):
    return f";TZID=America/Chicago:{text}"


OPENING = event(
    "opening@coast",
    chicago("20261203T130000"),
    chicago("20261203T143000"),
    "Fees\\, fines\\; and C:\\\\new",
    "sessions/opening/",
    sequence=9802,
    more="COLOR:teal\nLOCATION:Hall 1\\, Mill Street\n",
)
DAYS = event("days@coast", ";VALUE=DATE:20261205", ";VALUE=DATE:20261207", "Two days", "sessions/days/")
GONE = event(
    "gone@coast",
    ";TZID=Europe/London:20261208T090000",
    ";TZID=Europe/London:20261208T100000",
    "Cancelled: Called off",
    "sessions/gone/",
    status="CANCELLED",
    sequence=1,
)
HOUR = event("hours-20261210@coast", chicago("20261210T120000"), chicago("20261210T130000"), "An hour", "sessions/hour/")
NEXT = event("hours-20270114@coast", chicago("20270114T120000"), chicago("20270114T130000"), "Hours", "series/hours/")
LATER = event("hours-20270211@coast", chicago("20270211T120000"), chicago("20270211T130000"), "Hours", "series/hours/")
OLD = event("old@coast", chicago("20240501T090000"), chicago("20240501T100000"), "Long ago", "sessions/old/")


def calendar(*parts, name=None):
    lines = ["BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Folkmoot//EN\nMETHOD:PUBLISH\n"]
    if name:
        lines.append(f"NAME:{name}\nX-WR-CALNAME:{name}\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\nCOLOR:steelblue\n")
    return "".join([*lines, *parts, "END:VCALENDAR\n"]).replace("\n", "\r\n")


def front_matter(**fields):
    return "+++\n" + "".join(f"{key} = {torture.toml(value)}\n" for key, value in fields.items()) + "+++\n"


SESSIONS = {
    "opening": {
        "title": "Fees, fines; and C:\\new",
        "start": datetime(2026, 12, 3, 13),
        "minutes": 90,
        "updated": date(2026, 11, 1),
        "previous_starts": [datetime(2026, 12, 2, 13)],
        "location": "Hall 1, Mill Street",
        "topics": ["fees"],
    },
    "days": {"title": "Two days", "start": date(2026, 12, 5), "end": date(2026, 12, 6)},
    "gone": {"title": "Called off", "start": datetime(2026, 12, 8, 9), "time_zone": "Europe/London", "status": "cancelled"},
    "hour": {"title": "An hour", "series": "hours", "start": datetime(2026, 12, 10, 12), "mode": "hybrid"},
    "old": {"title": "Long ago", "start": datetime(2024, 5, 1, 9)},
}
ENTRIES = {
    "opening": ("2026-12-03T13:00:00-06:00", "2026-12-03T14:30:00-06:00"),
    "days": ("2026-12-05T00:00:00-06:00", "2026-12-07T00:00:00-06:00"),
    "gone": ("2026-12-08T09:00:00+00:00", "2026-12-08T10:00:00+00:00"),
    "hour": ("2026-12-10T12:00:00-06:00", "2026-12-10T13:00:00-06:00"),
    "old": ("2024-05-01T09:00:00-05:00", "2024-05-01T10:00:00-05:00"),
}
RULE = 'recurrence = { rrule = "FREQ=MONTHLY;BYDAY=2TH;UNTIL=20270211T180000Z", except = [2027-03-11] }\n'
DAYS_OF_HOURS = "date = 2026-11-01\nstart = 2026-11-12\nend = 2027-03-31\ndefault = { time = 12:00:00 }\n"
HOURS = f'+++\ntitle = "Hours"\n{DAYS_OF_HOURS}{RULE}+++\n'
HOURS_FIELDS = {
    "date": "2026-11-01",
    "start": "2026-11-12",
    "end": "2027-03-31",
    "default": {"time": "12:00:00"},
    "recurrence": {"rrule": "FREQ=MONTHLY;BYDAY=2TH;UNTIL=20270211T180000Z", "except": ["2027-03-11"]},
}


def fields_of(id):
    fields = {"date": date(2026, 11, 1), **SESSIONS[id]}
    return {key: [item.isoformat() for item in value] if key == "previous_starts" else value for key, value in fields.items()}


def entry(kind, id, path, **more):
    return {"kind": kind, "id": id, "path": path, "title": id, "topics": [], "communities": [], **more}


def entries():
    """What `data/entries.json` says of the site."""
    listed = [
        entry("topic", "money", "topics/money/", parent=None),
        entry("topic", "fees", "topics/fees/", parent="money"),
        entry("series", "hours", "series/hours/", title="Hours", fields=HOURS_FIELDS),
    ]
    for id, (start, end) in ENTRIES.items():
        fields = json.loads(json.dumps(fields_of(id), default=lambda value: value.isoformat()))
        more = {"topics": fields.get("topics", []), "series": fields.get("series"), "fields": fields}
        listed.append(entry("session", id, f"sessions/{id}/", title=fields["title"], start=start, end=end, **more))
    site = {"title": "Coast", "base_url": "https://coast.example.org/", "language": "en", "time_zone": "America/Chicago"}
    return {**site, "today": "2026-11-22", "entries": listed}


def sound_site():
    """The files of a site without a fault, and of the folder it could have been built from."""
    return {
        "site/data/entries.json": json.dumps(entries()),
        "site/calendar.ics": calendar(CHICAGO, LONDON, OPENING, DAYS, GONE, HOUR, NEXT, LATER, name="Coast"),
        "site/series/hours/calendar.ics": calendar(CHICAGO, HOUR, NEXT, LATER, name="Hours"),
        "site/topics/money/calendar.ics": calendar(CHICAGO, OPENING, name="Money"),
        "site/topics/fees/calendar.ics": calendar(CHICAGO, OPENING, name="Fees"),
        "site/series/hours/2027-01-14.ics": calendar(CHICAGO, NEXT),
        "site/series/hours/2027-02-11.ics": calendar(CHICAGO, LATER),
        "site/sessions/opening/event.ics": calendar(CHICAGO, OPENING),
        "site/sessions/days/event.ics": calendar(DAYS),
        "site/sessions/gone/event.ics": calendar(LONDON, GONE),
        "site/sessions/hour/event.ics": calendar(CHICAGO, HOUR),
        "site/sessions/old/event.ics": calendar(CHICAGO, OLD),
        "folkmoot.toml": 'title = "Coast"\nsite_id = "coast"\n',
        "content/series/hours.md": HOURS,
        "content/sessions/secret.md": front_matter(title="Secret plan", start=datetime(2026, 12, 9, 9), draft=True),
        **{
            f"content/sessions/{id}.md": front_matter(**{"date": date(2026, 11, 1), **fields})
            for id, fields in SESSIONS.items()
        },
    }


HOME = sound_site()["site/calendar.ics"]


def setUpModule():
    # Tests look for each line.
    problems.MOST_TOLD_OF_ONE_SORT = sys.maxsize


class CheckTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="folkmoot-calendar-")
        self.addCleanup(scratch.cleanup)
        self.scratch = Path(scratch.name)

    def write(self, files):
        for path, text in files.items():
            place = self.scratch / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())

    def said(self, program, *arguments):
        """Exit code and output."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = program.main([str(argument) for argument in arguments])
        return code, said.getvalue()

    def run_check(self, files, *more):
        self.write(files)
        return self.said(check, self.scratch / "site", "--corpus", self.scratch / "content", *more)

    def finds(self, files, expected, *more):
        code, said = self.run_check({**sound_site(), **files}, *more)
        self.assertRegex(said, expected)
        self.assertEqual(code, 1, said)

    def finds_in(self, *variants):
        """In calendars beside those of the sound site, each given as its text and what is to be said of it."""
        files = {f"site/variants/{number}/calendar.ics": text for number, (text, _) in enumerate(variants)}
        _, said = self.run_check({**sound_site(), **files})
        for number, (_, expected) in enumerate(variants):
            start = f"variants/{number}/calendar.ics: "
            lines = [line.removeprefix(start) for line in said.splitlines() if line.startswith(start)]
            self.assertTrue(any(re.search(expected, line) for line in lines), f"{expected} is not said, but {lines}")

    def finds_in_home(self, *changes):
        """In the site's calendar with something else in it: what stands there, what shall, and what is to be said of it."""
        variants = []
        for old, new, expected in changes:
            old, new = old.replace("\n", "\r\n"), new.replace("\n", "\r\n")
            self.assertIn(old, HOME)
            variants.append((HOME.replace(old, new), expected))
        self.finds_in(*variants)

    def finds_everywhere(self, old, new, expected):
        """With something else in every calendar, so that no two of them differ."""
        old, new = old.replace("\n", "\r\n"), new.replace("\n", "\r\n")
        changed = {path: text.replace(old, new) for path, text in sound_site().items() if path.endswith(".ics")}
        self.assertNotEqual(changed, {path: text for path, text in sound_site().items() if path.endswith(".ics")})
        self.finds(changed, expected)


class SoundSite(CheckTest):
    def test_a_sound_site_passes(self):
        code, said = self.run_check(sound_site())
        self.assertEqual((code, said), (0, "calendar: 11 files, 18 events, 0 problems\n"))

    def test_a_sound_site_passes_without_its_corpus(self):
        files = {path: text.replace("@coast", "@coast.example.org") for path, text in sound_site().items()}
        self.write(files)
        code, said = self.said(check, self.scratch / "site")
        self.assertEqual(code, 0, said)

    def test_a_folded_line_is_one_line(self):
        title = "é" * 60
        folded = "SUMMARY:" + "é" * 33 + "\r\n " + "é" * 27
        files = {
            path: text.replace("Two days", title) if path.startswith("content") else text for path, text in sound_site().items()
        }
        files = {path: text.replace("SUMMARY:Two days", folded) for path, text in files.items()}
        code, said = self.run_check(files)
        self.assertEqual(code, 0, said)

    def test_an_empty_folder_does_not_pass(self):
        self.write({"site/index.html": ""})
        code, said = self.said(check, self.scratch / "site")
        self.assertEqual(code, 1)
        self.assertRegex(said, "the site has no calendar at all")
        self.assertRegex(said, "data/entries.json: is missing")


class Bytes(CheckTest):
    def test_ends_of_lines(self):
        self.finds_in_home(("VERSION:2.0\n", "VERSION:2.0\r\r\n", "has a carriage return without a line feed"))
        self.finds_in(
            (HOME.replace("2.0\r\n", "2.0\n"), "has a line feed without a carriage return"),
            (HOME.removesuffix("\r\n"), "does not end with the end of a line"),
        )

    def test_characters(self):
        self.finds_in(
            (HOME.encode().replace(b"NAME:Coast", b"NAME:Co\xe4st"), "is not UTF-8"),
            (b"\xef\xbb\xbf" + HOME.encode(), "begins with a byte-order mark"),
        )
        self.finds_in_home(("SUMMARY:Two", "SUMMARY:Tw\x07o", "has a control character in 'SUMMARY"))

    def test_folding(self):
        self.finds_in_home(("SUMMARY:Two days", "SUMMARY:" + "x" * 68, r"has 76 octets; 75 are allowed"))
        split = HOME.encode().replace(b"SUMMARY:Two days", b"SUMMARY:Two \xc3\r\n \xa9 days")
        self.finds_in((split, r"line \d+ begins inside a character"), (f" x:y\r\n{HOME}", "its first line continues nothing"))
        self.finds_in_home(("SUMMARY:Two days\n", "SUMMARY:Two days\n\n", "is empty"))

    def test_grammar(self):
        self.finds_in_home(
            ("SUMMARY:Two days", "SUMMARY Two days", "has a line that is no content line: 'SUMMARY Two"),
            ("SUMMARY:Two days\n", "SUMMARY:Two\ndays\n", "has a line that is no content line: 'days'"),
            ("END:VEVENT\nEND:VCAL", "END:VEVEN\nEND:VCAL", "has 'END:VEVEN' where no such component is open"),
            ("END:VCALENDAR\n", "", "does not end VCALENDAR"),
            ("END:VCALENDAR\n", "END:VCALENDAR\nX-A:b\n", "has 'X-A:b' outside of every component"),
        )

    def test_escapes(self):
        changes = [("Fees\\,", "Fees,"), ("fines\\;", "fines;"), ("C:\\\\new", "C:\\ew"), ("Mill Street", "Mill Street\\")]
        self.finds_in_home(*((old, new, "that is not escaped in ") for old, new in changes))


class Calendars(CheckTest):
    def test_what_a_calendar_has(self):
        self.finds_in_home(
            ("VERSION:2.0", "VERSION:1.0", "has the VERSION 1.0"),
            ("PRODID:-//Folkmoot//EN\n", "", "has no PRODID"),
            ("METHOD:PUBLISH", "METHOD:REQUEST", "has the METHOD REQUEST"),
            ("METHOD:PUBLISH", "CALSCALE:JULIAN", "has the CALSCALE JULIAN"),
            ("COLOR:steelblue", "COLOR:#4682b4", "has the COLOR #4682b4"),
            ("COLOR:teal", "COLOR:rebeccapurple", "has the COLOR rebeccapurple"),
            ("END:VCALENDAR", "BEGIN:VTODO\nUID:t\nDTSTAMP:20260101T000000Z\nEND:VTODO\nEND:VCALENDAR", "holds a VTODO"),
        )
        self.finds_in(
            (calendar(name="Coast"), "holds no component, and must hold one"),
            (calendar(DAYS, name="Coast") * 2, "holds 2 components; one VCALENDAR is wanted"),
        )
        self.finds({"site/sessions/days/event.ics": calendar(DAYS, OLD)}, "does not hold exactly one event")

    def test_what_a_feed_has(self):
        self.finds_in_home(
            ("\nNAME:Coast", "", "has no NAME"),
            ("X-WR-CALNAME:Coast\n", "", "has no X-WR-CALNAME"),
            ("X-WR-CALNAME:Coast", "X-WR-CALNAME:Shore", r"is called Coast \(NAME\) and Shore"),
            ("REFRESH-INTERVAL;VALUE=DURATION:PT12H\n", "", "has no REFRESH-INTERVAL"),
            (";VALUE=DURATION:PT12H", ":PT12H", "does not say VALUE=DURATION"),
            (":PT12H", ":PT0S", "has a REFRESH-INTERVAL that is no time"),
        )

    def test_what_an_event_has(self):
        needed = ("UID:days@coast", "STATUS:CANCELLED", "SUMMARY:Two days", "SEQUENCE:9802")
        self.finds_in_home(*((f"{line}\n", "", f"has no {line.split(':')[0]}") for line in needed))
        self.finds_in_home(
            (DAYS, DAYS.replace("DTSTAMP:20261101T000000Z\n", ""), "days@coast has no DTSTAMP"),
            ("DTSTART;VALUE=DATE:20261205\n", "", "days@coast has no DTSTART"),
            ("DTEND;VALUE=DATE:20261207\n", "", "days@coast has neither DTEND and DURATION"),
            ("DTEND;VALUE=DATE:20261207\n", "DTEND;VALUE=DATE:20261207\nDURATION:P2D\n", "has both DTEND and DURATION"),
            ("SUMMARY:Two days", "SUMMARY:Two days\nSUMMARY:Or three", "has SUMMARY twice"),
            ("SUMMARY:Two days", "SUMMARY:Two days\nRRULE:FREQ=DAILY;COUNT=2", "has RRULE; each date is an event"),
            ("STATUS:CANCELLED", "STATUS:CANCELED", "has the STATUS CANCELED"),
            ("SEQUENCE:9802", "SEQUENCE:many", "icalendar cannot read SEQUENCE of VEVENT"),
            ("URL:https://coast.example.org/sessions/days/\n", "", "days@coast has no URL"),
            ("https://coast.example.org/sessions/days/", "../sessions/days/", "a URL that is not a full address"),
            (HOUR, HOUR + HOUR, "has 2 events with the UID hours-20261210@coast"),
        )

    def test_times_of_an_event(self):
        self.finds_in_home(
            (";VALUE=DATE:20261205", ":20261205", "is a day, and VALUE=DATE does not say so|is no time"),
            ("DTSTART;TZID=America/Chicago:20261203T130000", "DTSTART:20261203T130000", "is in no zone"),
            ("DTSTAMP:20261101T000000Z", "DTSTAMP:20261101T000000", "DTSTAMP of .* is not in UTC"),
            ("DTEND;VALUE=DATE:20261207", "DTEND;VALUE=DATE:20261205", "days@coast ends at .* not after it begins"),
            ("DTEND;VALUE=DATE:20261207", "DTEND:20261207T000000Z", "begins on a day and ends at a time"),
            ("20261208T090000", "20261308T090000", "icalendar cannot read DTSTART|is no time"),
        )


class Zones(CheckTest):
    def test_zones_of_a_file(self):
        self.finds_in_home(
            (LONDON, "", "has no VTIMEZONE of Europe/London"),
            (LONDON, "", "ical.js: DTSTART names the zone Europe/London, and no VTIMEZONE says what it is"),
            (LONDON, LONDON + LONDON, "has two VTIMEZONE of Europe/London"),
            ("Europe/London", "Europe/Londinium", "Europe/Londinium, which the IANA data does not have"),
        )

    def test_a_vtimezone_that_is_wrong(self):
        self.finds_in_home(
            (
                "TZOFFSETTO:-0600",
                "TZOFFSETTO:-0700",
                r"its VTIMEZONE of America/Chicago says UTC-07:00 at .*Z, which is UTC-06:00",
            ),
            ("TZOFFSETTO:-0600", "TZOFFSETTO:-0700", r"DTSTART of the event opening@coast, .* really 2026-12-03 19:00"),
            (
                "TZOFFSETTO:-0600",
                "TZOFFSETTO:-0700",
                r"opening@coast starts 2026-12-03T20:00:00Z by ical.js, and 2026-12-03T19",
            ),
        )
        # Right at each event, and wrong between two of them.
        self.finds_in_home(
            ("DTSTART:20261025T020000", "DTSTART:20261206T020000", r"Europe/London says UTC\?"),
            ("TZOFFSETFROM:-0500\n", "", "has a STANDARD without TZOFFSETFROM"),
            ("DTSTART:20071104T020000", "DTSTART:20071105T020000", "DTSTART 20071105T020000 its RRULE does not give"),
            ("BYDAY=1SU", "BYDAY=1SU;UNTIL=20400101", "whose UNTIL=20400101 is not in UTC"),
            ("BYDAY=1SU", "BYDAY=1SU;UNTIL=20251102T070000Z", "America/Chicago says UTC-05:00"),
        )

    def clock(self, *lines):
        text = "\r\n".join(["BEGIN:VTIMEZONE", "TZID:Test", *lines, "END:VTIMEZONE", ""])
        return zones.Clock(icalendar.Timezone.from_ical(text), datetime(2030, 1, 1))

    def observance(self, name, start, before, after, *more):
        return [f"BEGIN:{name}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", *more, f"END:{name}"]

    def test_a_time_shown_twice_is_the_first_and_one_that_is_skipped_counts_from_before(self):
        clock = self.clock(
            *self.observance("DAYLIGHT", "20070311T020000", "-0600", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
            *self.observance("STANDARD", "20071104T020000", "-0500", "-0600", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
        )
        for wall in (datetime(2026, 11, 1, 1, 30), datetime(2026, 3, 8, 2, 30), datetime(2026, 3, 8, 3), datetime(2026, 7, 1)):
            self.assertEqual(clock.instant(wall), zones.instant(wall, "America/Chicago"), wall)

    def test_observances_by_date_and_up_to_a_day(self):
        clock = self.clock(
            *self.observance("STANDARD", "20200101T000000", "+0000", "+0100", "RDATE:20220101T000000,20230101T000000"),
            *self.observance("DAYLIGHT", "20210101T000000", "+0100", "+0000", "RRULE:FREQ=YEARLY;UNTIL=20221231T230000Z"),
        )
        offsets = [clock.offset(datetime(year, 6, 1)) for year in range(2019, 2025)]
        self.assertEqual(offsets, [None] + [timedelta(hours=hours) for hours in (1, 0, 1, 1, 1)])

    def test_clock_changes_are_found(self):
        self.assertIsNone(zones.differences(self.london(), "Europe/London", datetime(2025, 1, 1), datetime(2027, 12, 31)))
        difference = zones.differences(self.london(), "Africa/Algiers", datetime(2026, 1, 1), datetime(2026, 12, 31))
        self.assertEqual(difference, "says UTC+00:00 at 2026-01-01T00:00:00Z, which is UTC+01:00 there")

    def london(self):
        return self.clock(
            *self.observance("DAYLIGHT", "19960331T010000", "+0000", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
            *self.observance("STANDARD", "19961027T020000", "+0100", "+0000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
        )


class Readers(CheckTest):
    def test_files_say_the_same_of_one_uid(self):
        changes = []
        for old, new, what in [
            ("20261210T120000", "20261210T123000", "start"),
            ("20261210T130000", "20261210T133000", "end"),
            ("SUMMARY:An hour", "SUMMARY:One hour", "summary"),
            ("sessions/hour/", "sessions/hours/", "url"),
            (HOUR, HOUR.replace("SEQUENCE:0", "SEQUENCE:1"), "sequence"),
            (HOUR, HOUR.replace("CONFIRMED", "TENTATIVE"), "status"),
            (HOUR, HOUR.replace("20261101T", "20261102T"), "stamp"),
        ]:
            changes.append((old, new, f"hours-20261210@coast has the {what} .*, and in "))
        self.finds_in_home(*changes)

    def test_what_one_reader_alone_takes(self):
        self.finds_in_home(("20261205", "20261131", "DTSTART says 2026-11-31, which is read as 2026-12-01"))

    def test_the_reader_for_itself(self):
        self.write(sound_site())
        reader = [str(HERE / "read.mjs")]
        read = subprocess.run(["node", *reader, self.scratch / "site"], capture_output=True, text=True, encoding="utf-8")
        self.assertEqual(read.returncode, 0, read.stderr)
        lines = [json.loads(line) for line in read.stdout.splitlines()]
        self.assertEqual(len(lines), 18)
        self.assertEqual(lines[0]["summary"], "Fees, fines; and C:\\new")
        self.assertEqual((lines[0]["start_utc"], lines[0]["end_utc"]), ("2026-12-03T19:00:00Z", "2026-12-03T20:30:00Z"))
        self.assertEqual(subprocess.run(["node", *reader], capture_output=True).returncode, 2)
        self.assertEqual(subprocess.run(["node", *reader, self.scratch / "none"], capture_output=True).returncode, 2)

    def test_zones_of_one_file_do_not_help_another(self):
        files = {"site/a.ics": calendar(LONDON, GONE), "site/b.ics": calendar(GONE)}
        self.write(files)
        read = subprocess.run(
            ["node", HERE / "read.mjs", self.scratch / "site"], capture_output=True, text=True, encoding="utf-8"
        )
        self.assertEqual(read.returncode, 1)
        self.assertEqual(
            read.stderr, "b.ics: ical.js: DTSTART names the zone Europe/London, and no VTIMEZONE says what it is\n"
        )


class Written(CheckTest):
    def test_each_field_of_a_session(self):
        for old, new, expected in [
            (
                "20261203T130000",
                "20261203T123000",
                "opening has the start 2026-12-03T18:30:00Z; 2026-12-03T19:00:00Z is wanted",
            ),
            ("20261203T143000", "20261203T150000", "opening has the end 2026-12-03T21:00:00Z"),
            ("20261207", "20261206", "days has the end 2026-12-06; 2026-12-07 is wanted"),
            ("STATUS:CANCELLED", "STATUS:CONFIRMED", "gone has the status CONFIRMED; CANCELLED is wanted"),
            ("SUMMARY:Cancelled: ", "SUMMARY:", "gone has the summary 'Called off'; 'Cancelled: Called off' is wanted"),
            ("SEQUENCE:9802", "SEQUENCE:9801", "opening has the sequence 9801; 9802 is wanted"),
            (
                "DTSTAMP:20261101",
                "DTSTAMP:20261122",
                "opening has the DTSTAMP 2026-11-22T00:00:00Z; 2026-11-01T00:00:00Z is wanted",
            ),
            ("LAST-MODIFIED:20261101", "LAST-MODIFIED:20261122", "opening has the LAST-MODIFIED 2026-11-22"),
            ("LAST-MODIFIED:20261101T000000Z\n", "", "opening has the LAST-MODIFIED None"),
            ("Fees\\,", "Fees", "opening has the summary 'Fees fines"),
            ("sessions/opening/", "sessions/", "opening has the URL https://coast.example.org/sessions/; "),
            ("LOCATION:Hall 1\\, Mill Street\n", "", "opening has the location None"),
            ("UID:opening@coast", "UID:opening-2@coast", "has no event opening@coast, which is the session opening"),
            ("UID:hours-20261210@coast", "UID:hour@coast", "has no event hours-20261210@coast, which is the session hour"),
        ]:
            self.finds_everywhere(old, new, re.escape(expected))

    def test_the_same_instant_in_another_zone_is_another_wall_time(self):
        utc = [(chicago("20261203T130000"), ":20261203T190000Z"), (chicago("20261203T143000"), ":20261203T203000Z")]
        files = sound_site()
        for old, new in utc:
            files = {path: text.replace(old, new) for path, text in files.items()}
        self.finds(files, "opening has the wall time 2026-12-03 19:00:00 UTC; 2026-12-03 13:00:00 America/Chicago is wanted")

    def test_where_a_session_is_missing_and_where_it_does_not_belong(self):
        sound = sound_site()
        for path in ("site/calendar.ics", "site/topics/fees/calendar.ics", "site/topics/money/calendar.ics"):
            without = sound[path].replace(OPENING.replace("\n", "\r\n"), "")
            self.finds(
                {path: without}, f"{path.removeprefix('site/')}: has no event opening@coast, which is the session opening"
            )
        self.finds(
            {"site/sessions/days/event.ics": calendar(HOUR, CHICAGO)}, "sessions/days/event.ics: has no event days@coast"
        )
        self.finds(
            {"site/topics/fees/calendar.ics": calendar(CHICAGO, OPENING, HOUR, name="Fees")},
            "topics/fees/calendar.ics: has the event hours-20261210@coast, which does not belong there",
        )
        much = calendar(CHICAGO, OPENING, DAYS, HOUR, NEXT, LATER, OLD, name="Coast")
        self.finds({"site/calendar.ics": much}, "calendar.ics: still has the session old, which was over on 2024-05-01")
        stranger = DAYS.replace("days@coast", "nobody@coast")
        said = r"has the event nobody@coast \(Two days\), which is nothing"
        self.finds_in_home(("END:VCALENDAR\n", stranger + "END:VCALENDAR\n", said))

    def test_dates_that_nobody_has_written_a_session_for(self):
        sound = sound_site()
        for path in ("site/calendar.ics", "site/series/hours/calendar.ics", "site/series/hours/2027-01-14.ics"):
            without = sound[path].replace(NEXT.replace("\n", "\r\n"), "")
            self.finds(
                {path: without}, f"{path.removeprefix('site/')}: has no event hours-20270114@coast, a date of its series"
            )
        self.finds_everywhere(
            "20270114T120000", "20270114T110000", "hours-20270114@coast is at 2027-01-14 11:00:00 America/Chicago; "
        )
        stamped = NEXT.replace("DTSTAMP:20261101", "DTSTAMP:20261102")
        self.finds_everywhere(NEXT, stamped, "hours-20270114@coast has the DTSTAMP 2026-11-02")
        beyond = LATER.replace("20270211", "20270311")
        self.finds_in_home(
            ("END:VCALENDAR\n", beyond + "END:VCALENDAR\n", "has the event hours-20270311@coast .*, which is nothing")
        )

    def test_hidden_sessions(self):
        secret = DAYS.replace("days@coast", "secret@coast")
        self.finds_in_home(("END:VCALENDAR\n", secret + "END:VCALENDAR\n", "shows the session secret, which is a draft"))
        self.finds_everywhere("SUMMARY:Two days", "SUMMARY:Secret plan", "shows the session secret, which is a draft")
        own = calendar(DAYS)
        self.finds(
            {"site/sessions/secret/event.ics": own}, "sessions/secret/event.ics: is the calendar of a session that is a draft"
        )

    def test_hidden_links(self):
        join = {"join": {"url": "https://call.example.org/rooms/0123456789", "public": False}}
        text = front_matter(title="Two days", date=date(2026, 11, 1), start=date(2026, 12, 5), end=date(2026, 12, 6))
        text = text.removesuffix("+++\n") + f'[join]\nurl = "{join["join"]["url"]}"\n+++\n'
        shown = DAYS.replace("\nURL:", "\nDESCRIPTION:Join: https://call.example.org/roo\n ms/0123456789\nURL:")
        files = {
            path: text.replace(DAYS.replace("\n", "\r\n"), shown.replace("\n", "\r\n")) for path, text in sound_site().items()
        }
        self.finds(
            {**files, "content/sessions/days.md": text}, "holds https://call.example.org/rooms/0123456789, which nobody may see"
        )

    def test_words_that_no_file_may_hold(self):
        self.finds({"site/index.html": "<p>hush</p>"}, "index.html: holds hush, which nobody may see", "--absent", "hush")
        code, said = self.run_check({"site/index.html": "<p>all is well</p>"}, "--absent", "hush")
        self.assertEqual(code, 0, said)

    def test_the_data_of_the_site(self):
        data = entries()
        data["entries"] = [entry for entry in data["entries"] if entry["id"] != "days"]
        self.finds(
            {"site/data/entries.json": json.dumps(data)}, "data/entries.json: has no session days, which anybody may see"
        )
        data = entries()
        data["entries"][3]["start"] = "2026-12-03T13:00:00-05:00"
        said = "the start of opening is 2026-12-03T18:00:00Z, and really 2026-12-03T19"
        self.finds({"site/data/entries.json": json.dumps(data)}, said)


class Rules(CheckTest):
    """What is expected of a site, before any calendar is looked at."""

    def expected(self, sessions=(), **series):
        """Of a site with a series and sessions in it, each given by its fields."""
        listed = [entry("series", "s", "series/s/", fields=series)]
        for fields in sessions:
            fields = {"title": "X", "series": "s", **fields}
            listed.append(entry("session", "x", "sessions/x/", series="s", fields=fields))
        self.write({"site/data/entries.json": json.dumps({**entries(), "entries": listed})})
        return Expected(self.scratch / "site", date(2026, 11, 22))

    def dates(self, rule, start="2026-11-24", end="2027-02-28", **recurrence):
        series = {"start": start, "end": end, "default": {"time": "12:00:00"}, "recurrence": {"rrule": rule, **recurrence}}
        return [f"{day:%m-%d}" for day in sorted(self.expected(**series).dates["s"])]

    def test_recurrence_dates(self):
        self.assertEqual(self.dates("FREQ=MONTHLY;BYDAY=2TH"), ["12-10", "01-14", "02-11"])
        self.assertEqual(self.dates("FREQ=MONTHLY;BYDAY=-1FR"), ["11-27", "12-25", "01-29", "02-26"])
        self.assertEqual(self.dates("FREQ=MONTHLY;BYMONTHDAY=31"), ["12-31", "01-31"])
        self.assertEqual(self.dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=3"), ["11-24", "12-08", "12-22"])
        # A start that is no date of the rule is none of the series.
        self.assertEqual(self.dates("FREQ=WEEKLY;BYDAY=TH;COUNT=2"), ["11-26", "12-03"])
        self.assertEqual(self.dates("FREQ=WEEKLY;UNTIL=20261208"), ["11-24", "12-01", "12-08"])
        self.assertEqual(self.dates("FREQ=WEEKLY;UNTIL=20261208T175959Z"), ["11-24", "12-01"])
        self.assertEqual(self.dates("FREQ=WEEKLY;UNTIL=20261208T180000Z"), ["11-24", "12-01", "12-08"])
        dates = self.dates("FREQ=WEEKLY;COUNT=3", **{"except": ["2026-12-01"], "extra": ["2026-12-03", "2026-12-05T09:00:00"]})
        self.assertEqual(dates, ["11-24", "12-03", "12-05", "12-08"])

    def uid(self, **fields):
        series = {"start": "2026-11-24", "default": {"time": "12:00:00"}, "recurrence": {"rrule": "FREQ=WEEKLY"}}
        return self.expected([fields], **series).sessions[0].uid.removesuffix("@coast.example.org")

    def test_uids(self):
        self.assertEqual(self.uid(start="2026-12-01T12:00:00"), "s-20261201")
        self.assertEqual(self.uid(start="2026-12-02T12:00:00"), "x")
        self.assertEqual(self.uid(start="2026-12-02T12:00:00", occurrence="2026-12-01"), "s-20261201")
        self.assertEqual(self.uid(start="2026-12-09", previous_starts=["2026-12-01", "2026-12-02"]), "s-20261201")
        self.assertEqual(self.uid(start="2026-12-08", previous_starts=["2026-12-02", "2026-12-01"]), "x")
        self.assertEqual(self.uid(start="2026-12-01", uid="own"), "own")

    def one(self, **fields):
        return self.expected([fields]).sessions[0]

    def test_states(self):
        for fields, status, prefix in [
            ({}, "CONFIRMED", ""),
            ({"status": "tentative"}, "TENTATIVE", ""),
            ({"status": "tentative", "start": "2026-11-21"}, "CONFIRMED", ""),
            ({"status": "cancelled"}, "CANCELLED", "Cancelled: "),
            ({"status": "postponed"}, "CANCELLED", "Postponed: "),
            ({"status": "postponed", "previous_starts": ["2026-12-01"]}, "CONFIRMED", ""),
            ({"status": "postponed", "previous_starts": ["2026-12-02"]}, "CANCELLED", "Postponed: "),
        ]:
            session = self.one(**{"start": "2026-12-02", **fields})
            self.assertEqual((session.status, session.summary), (status, f"{prefix}X"), fields)

    def test_sequences_and_stamps(self):
        start = "2026-12-02T12:00:00"
        self.assertEqual(self.one(start=start).sequence, 0)
        self.assertEqual(
            self.one(start=start, updated="2000-01-11", previous_starts=["2026-12-01"], status="cancelled").sequence, 12
        )
        self.assertEqual(str(self.one(start=start, updated="2026-11-02", date="2026-11-01").stamp), "2026-11-02 00:00:00+00:00")
        self.assertEqual(str(self.one(start=start, date="2026-11-01").stamp), "2026-11-01 00:00:00+00:00")
        self.assertEqual(str(self.one(start=start).stamp), "2026-12-02 18:00:00+00:00")
        self.assertEqual(str(self.one(start="2026-12-02").stamp), "2026-12-02 00:00:00+00:00")

    def test_a_year_of_the_past_is_kept(self):
        for start, minutes, kept in [
            ("2025-11-22T09:00:00", 60, True),
            ("2025-11-21T22:00:00", 121, True),
            ("2025-11-21T22:00:00", 120, False),
        ]:
            expected = self.expected([{"start": start, "minutes": minutes}])
            self.assertEqual(expected.is_kept(expected.sessions[0]), kept, start)

    def test_a_title_stands_on_one_line(self):
        self.assertEqual(one_line("One\r\ntwo\rthree\n\nfour\x07 "), "One two three four")

    def test_a_site_without_a_name_is_called_by_its_title(self):
        self.assertEqual(slug("Coast & Hills – “Café”"), "coast-hills-café")


class Torture(CheckTest):
    def test_it_is_the_same_each_time(self):
        folders = [self.scratch / name for name in ("one", "two")]
        for folder in folders:
            made = subprocess.run([sys.executable, HERE / "torture.py", folder], capture_output=True)
            self.assertEqual(made.returncode, 0, made.stderr)
        one, two = ({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")} for folder in folders)
        self.assertEqual(one, two)
        again = subprocess.run([sys.executable, HERE / "torture.py", folders[0]], capture_output=True)
        self.assertEqual(again.returncode, 2)

    def test_clock_changes(self):
        hour = timedelta(hours=1)
        changes = list(torture.clock_changes("America/Chicago"))
        self.assertEqual(changes[:2], [(datetime(2025, 3, 9, 2), hour), (datetime(2025, 11, 2, 2), -hour)])
        self.assertEqual(len(changes), 6)
        self.assertEqual(list(torture.clock_changes("Asia/Kolkata")), [])


class LinkedData(CheckTest):
    EVENT = {
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "name": "An hour",
        "url": "https://coast.example.org/sessions/hour/",
        "startDate": "2026-12-10T12:00:00-06:00",
        "endDate": "2026-12-10T13:00:00-06:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": [
            {"@type": "Place", "name": "Hall 1"},
            {"@type": "VirtualLocation", "url": "https://coast.example.org/sessions/hour/"},
        ],
        "superEvent": {"@type": "EventSeries", "name": "Hours", "url": "https://coast.example.org/series/hours/"},
        "offers": {"@type": "Offer", "url": "https://register.example.org/", "availability": "https://schema.org/InStock"},
        "recordedIn": {"@type": "VideoObject", "url": "https://video.example.org/1"},
    }
    SERIES = {
        "@context": "https://schema.org",
        "@type": "EventSeries",
        "name": "Hours",
        "url": "https://coast.example.org/series/hours/",
    }

    def page(self, *things):
        texts = (thing if isinstance(thing, str) else json.dumps(thing) for thing in things)
        scripts = (f'<script type="application/ld+json">{text}</script>' for text in texts)
        return f"<!doctype html><title>A</title>{''.join(scripts)}"

    def run_jsonld(self, event, series=SERIES):
        data = entries()
        data["entries"] = [entry for entry in data["entries"] if entry["id"] in ("hour", "hours")]
        self.write(
            {
                "site/data/entries.json": json.dumps(data),
                "site/sessions/hour/index.html": self.page(event) if event else "<title>A</title>",
                "site/series/hours/index.html": self.page(series),
            }
        )
        return self.said(jsonld, self.scratch / "site")

    def test_sound_linked_data_passes(self):
        code, said = self.run_jsonld(self.EVENT)
        self.assertEqual((code, said), (0, "jsonld: 2 pages, 2 things, 0 problems\n"))
        moved = {**self.EVENT, "eventStatus": "https://schema.org/EventRescheduled", "previousStartDate": "2026-12-09"}
        self.assertEqual(self.run_jsonld(moved)[0], 0)
        graph = {
            "@context": "https://schema.org",
            "@graph": [{key: value for key, value in self.EVENT.items() if key != "@context"}],
        }
        self.assertEqual(self.run_jsonld(graph)[0], 0)

    def test_what_is_wrong_with_an_event(self):
        for change, expected in [
            ({"@context": "https://example.org"}, "in the @context https://example.org"),
            ({"@type": None}, "has a thing without an @type"),
            ({"@type": "Evnt"}, "sessions/hour/index.html: has 0 things that are EducationEvent or Event"),
            ({"name": ""}, "has an event without a name"),
            ({"name": "Two hours"}, "is called 'Two hours' in its linked data, and 'An hour' by its author"),
            ({"url": "../hour/"}, "has the url ../hour/, which is not a full address"),
            ({"url": None}, "the event An hour has no url"),
            ({"startDate": "2026-12-10T12:00:00"}, "has the startDate '2026-12-10T12:00:00', which is neither"),
            ({"startDate": "2026-12-32"}, "has the startDate '2026-12-32', which is neither"),
            ({"startDate": "2026-12-10T12:00:00-05:00"}, "starts at 2026-12-10T12:00:00-05:00 in its linked data"),
            ({"startDate": "2026-12-11"}, "starts at 2026-12-11 in its linked data"),
            ({"endDate": None}, "has the endDate ''"),
            ({"endDate": "2026-12-10T11:00:00-06:00"}, "ends before it starts"),
            ({"eventStatus": "https://schema.org/EventCanceled"}, "has the eventStatus 'https://schema.org/EventCanceled'"),
            ({"eventStatus": "https://schema.org/EventRescheduled"}, "is EventRescheduled and has no previousStartDate"),
            ({"previousStartDate": "2026-12-09"}, "is EventScheduled and has a previousStartDate"),
            ({"eventAttendanceMode": "online"}, "has the eventAttendanceMode 'online'"),
            (
                {"eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode"},
                "is at Place and VirtualLocation; by its",
            ),
            ({"location": None}, "is at no place; by its eventAttendanceMode it is at Place and VirtualLocation"),
            ({"location": None, "eventAttendanceMode": None}, "has no eventAttendanceMode, and the session says where it is"),
            ({"location": {"@type": "Place"}}, "is at a Place without a name or an address"),
            ({"location": {"@type": "VirtualLocation"}}, "the VirtualLocation of the event An hour has no url"),
            ({"location": "Hall 1"}, "neither Place nor VirtualLocation"),
            ({"superEvent": {"@type": "EventSeries"}}, "is part of something that is no EventSeries with a name"),
            ({"superEvent": None}, "has no superEvent, and its series is hours"),
            ({"offers": {"availability": "https://schema.org/InStock"}}, "an offer of the event An hour has no url"),
            ({"offers": {"url": "https://a.example/"}}, "an offer of the event An hour has the availability ''"),
            (
                {"recordedIn": {"@type": "Thing", "url": "https://a.example/"}},
                "is recorded in something that is no CreativeWork",
            ),
            ({"recordedIn": {"@type": "VideoObject"}}, "is recorded in something without a url"),
        ]:
            changed = {key: value for key, value in {**self.EVENT, **change}.items() if value is not None}
            code, said = self.run_jsonld(changed)
            self.assertIn(expected, said)
            self.assertEqual(code, 1, said)

    def test_what_is_wrong_with_a_series(self):
        for change, expected in [
            ({"name": None}, "has an event series without a name"),
            ({"url": None}, "the series Hours has no url"),
            ({"startDate": "soon"}, "the series Hours has the startDate 'soon'"),
            ({"startDate": "2026-12-01", "endDate": "2026-11-01"}, "the series Hours ends before it starts"),
        ]:
            changed = {key: value for key, value in {**self.SERIES, **change}.items() if value is not None}
            code, said = self.run_jsonld(self.EVENT, changed)
            self.assertIn(expected, said)
            self.assertEqual(code, 1, said)

    def test_what_is_wrong_with_a_script(self):
        self.assertRegex(self.run_jsonld("{")[1], "has linked data that is not JSON")
        self.assertRegex(self.run_jsonld("[1]")[1], "has linked data that is no object: 1")
        self.assertRegex(self.run_jsonld({**self.EVENT, "name": "a <!-- b"})[1], "an end of an element or a comment in it")
        self.assertRegex(self.run_jsonld({**self.EVENT, "name": "a </b> c"})[1], "an end of an element or a comment in it")
        self.assertRegex(self.run_jsonld({**self.EVENT, "name": "a </script> c"})[1], "has linked data that is not JSON")
        self.assertRegex(self.run_jsonld(None)[1], "sessions/hour/index.html: has 0 things")


class Uids(CheckTest):
    def program(self, body):
        """A program that builds a site in its own way: `folder` is the site's, `out` where to put it."""
        path = self.scratch / "program"
        start = "import pathlib, re, sys\nfolder, out = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[4])\n"
        path.write_text(f"#!{sys.executable}\n{start}{body}")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def test_a_program_that_builds_nothing(self):
        code, said = self.said(uids, self.program("sys.exit(1)"))
        self.assertEqual(code, 1)
        self.assertRegex(said, "another title: no calendar.ics was built before the change")

    def test_a_program_that_knows_sessions_by_their_files_and_titles(self):
        program = self.program("""
events = ""
for path in sorted(folder.glob("content/sessions/**/*.md")):
    title = re.search('title = "(.*)"', path.read_text())[1]
    events += f"BEGIN:VEVENT\\r\\nUID:{path.parent.name}-{title}\\r\\nSEQUENCE:{len(path.read_text())}\\r\\nEND:VEVENT\\r\\n"
out.mkdir()
(out / "calendar.ics").write_text(f"BEGIN:VCALENDAR\\r\\n{events}END:VCALENDAR\\r\\n", newline="")
""")
        code, said = self.said(uids, program)
        self.assertEqual(code, 1)
        self.assertRegex(
            said, "another folder: after the change there is no event opening-call@harbor, but autumn-Opening call"
        )
        self.assertRegex(said, "another title: the change brings or takes sessions-Opening call, sessions-Welcome, everybody")

    def test_a_program_whose_sequence_does_not_tell_of_changes(self):
        program = self.program("""
uids = ["opening-call@harbor", "office-hours-20261210@harbor", "kept@harbor"]
events = "".join(f"BEGIN:VEVENT\\r\\nUID:{uid}\\r\\nSEQUENCE:{'after' in str(folder)}\\r\\nEND:VEVENT\\r\\n" for uid in uids)
out.mkdir()
text = f"BEGIN:VCALENDAR\\r\\n{events}END:VCALENDAR\\r\\n".replace("True", "0").replace("False", "1")
(out / "calendar.ics").write_text(text, newline="")
""")
        code, said = self.said(uids, program)
        self.assertEqual(code, 1)
        self.assertRegex(said, "a later day of update: SEQUENCE was 1 and is 0; what is wanted is: grows")
        self.assertRegex(said, "that a file takes over: SEQUENCE was 1 and is 0; what is wanted is: never less")
        self.assertRegex(said, "another title: SEQUENCE was 1 and is 0; what is wanted is: same")


class Reviews(unittest.TestCase):
    """The calendars of what people look after."""

    DATA = {
        "base_url": "https://coast.example.org/",
        "entries": [
            {"kind": "person", "id": "ana", "title": "Ana Lind", "path": "people/ana/", "fields": {"synonyms": ["Ana L"]}, "next_review": None},
            {
                "kind": "practice",
                "id": "fee",
                "title": "One fee",
                "path": "practices/fee/",
                "fields": {"review": {"owner": "Ana L"}},
                "next_review": "2027-01-04",
            },
        ],
    }
    FILE = "people/ana/reviews.ics"

    def told(self, calendars):
        found = problems.Problems()
        reviews.compare(self.DATA, "coast.example.org", calendars, found)
        return sorted(text for _, text in found.found)

    def event(self, **changed):
        sound = {
            "uid": "review-practice-fee@coast.example.org",
            "start": date(2027, 1, 4),
            "end": date(2027, 1, 5),
            "summary": "Review due: One fee",
            "url": "https://coast.example.org/practices/fee/",
        }
        return types.SimpleNamespace(**{**sound, **changed})

    def test_a_sound_one(self):
        self.assertEqual(self.told({self.FILE: [self.event()]}), [])

    def test_what_is_wrong_with_one(self):
        for calendars, said in [
            ({}, "has no event"),
            ({self.FILE: [self.event(start=date(2027, 1, 3))]}, "a whole day"),
            ({self.FILE: [self.event(summary="Review due")]}, "is about"),
            ({self.FILE: [self.event(url="https://coast.example.org/")]}, "is found under"),
            ({self.FILE: [self.event(), self.event(uid="review-practice-other@coast.example.org")]}, "somebody else's"),
            ({self.FILE: [self.event()], "people/ben/reviews.ics": [self.event()]}, "somebody else's"),
        ]:
            with self.subTest(said):
                self.assertRegex(" ".join(self.told(calendars)), said)


if __name__ == "__main__":
    unittest.main()

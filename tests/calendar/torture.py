"""Writes a knowledge base whose sessions are hard to put into a calendar: clock changes, awkward titles, moved dates, rules.

    python tests/calendar/torture.py OUT

OUT must not exist. What it writes depends on nothing but the tzdata package. Build it with `--today 2026-11-22`, so that
about half of its sessions lie within the year that feeds keep.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import zones

TODAY = date(2026, 11, 22)
FIRST_YEAR, LAST_YEAR = 2025, 2027
# Stands in every link that is not public; no file of the site may hold it.
SECRET = "secretjoinlink"

ZONES = [
    "America/Los_Angeles",
    "America/Chicago",
    "America/Phoenix",
    "America/St_Johns",
    "America/Vancouver",
    "Europe/London",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Pacific/Guam",
]

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ASTRONAUT = "\U0001f469\U0001f3fd\u200d\U0001f680"
FLAG = "\U0001f1fa\U0001f1f8"

TITLES = {
    "comma": "Fees, fines, and appeals",
    "semicolon": "Fees; fines; appeals;",
    "backslash": "The folder C:\\new\\notes\\",
    "backslash-before-comma": "One \\, two \\; three \\\\, four \\n five",
    "newline": "Two lines:\nthe second",
    "carriage-return": "Two lines of an old machine:\rthe second",
    "both-ends-of-line": "Two lines of a form:\r\nthe second\n\nand a third",
    "injected-lines": "Ordinary\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:injected",
    "tab": "Column one\tcolumn two",
    "unicode-line-ends": "Line\u2028separator, paragraph\u2029separator, next\u0085line",
    "quotes": "The \"quoted\" title: a=b, 100 % 'sure'",
    "looks-like-a-parameter": ";TZID=Nowhere/City:20260101T000000",
    "caret": "A caret ^n ^^ ^' is text",
    "emoji": "Celebrate \U0001f389\U0001f38a\U0001f388",
    "emoji-joined": f"{FAMILY} and {ASTRONAUT} and {FLAG} and 5\ufe0f\u20e3",
    "arabic": "مجتمع الممارسة، الجلسة الأولى؛ أسئلة",
    "hebrew-with-latin": "מפגש ראשון: Folkmoot, שאלות ותשובות",
    "direction-marks": "\u200fright\u200e left \u2067isolated\u2069 end",
    "combining": "Cafe\u0301 nai\u0308ve Z\u0335\u0321\u0322a\u0316\u0317l\u0330g\u0321o\u0315",
    "combining-composed": "Caf\u00e9 na\u00efve",
    "hangul": "공동체 모임, 첫 번째",
    "devanagari": "समुदाय की बैठक; पहला सत्र",
    "zero-width": "zero\u200bwidth\ufeffspace\u2060joined",
    "300-letters": "A very long title that goes on and on, " * 7 + "until it has 300 letters...",
    "300-without-a-space": "x" * 300,
    "300-emoji": ASTRONAUT * 75,
}
# Folding at 75 octets meets characters of two, three and four octets at every offset.
for octets, letter in [(2, "é"), (3, "語"), (4, "\U0001f389")]:
    for before in range(octets):
        TITLES[f"fold-{octets}-octets-{before}"] = "a" * before + letter * 90


def main():
    if len(sys.argv) != 2 or Path(sys.argv[1]).exists():
        print("usage: torture.py OUT, a folder that does not exist yet", file=sys.stderr)
        return 2
    base = KnowledgeBase(Path(sys.argv[1]))
    base.settings()
    base.vocabulary()
    for zone in ZONES:
        sessions_at_clock_changes(base, zone)
    sessions_with_titles(base)
    sessions_of_each_shape(base)
    hidden_sessions(base)
    series_of_each_rule(base)
    print(f"torture: {base.files} files in {base.folder}")
    return 0


class KnowledgeBase:
    def __init__(self, folder):
        self.folder = folder
        self.files = 0

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise SystemExit(f"{path} is written twice")
        path.write_text(text, encoding="utf-8", newline="")
        self.files += 1

    def settings(self):
        self.write(
            "folkmoot.toml",
            'title = "Calendar, torture; \\\\ \U0001f389"\n'
            'description = "Sessions that are hard to put into a calendar."\n'
            'base_url = "https://torture.example.org/moot/"\nsite_id = "torture.example.org"\n'
            'language = "en"\ntime_zone = "America/Chicago"\ndisplay_zones = ["Europe/London", "Pacific/Apia"]\n',
        )

    def vocabulary(self):
        self.entry("topics/clocks", title="Clocks, and when they change")
        self.entry("topics/summer-time", title="Summer time; daylight saving", parent="clocks")
        self.entry("topics/titulos-dificiles", id="títulos-difíciles", title="Títulos difíciles")
        self.entry("communities/clockmakers", title='Clockmakers, "Ltd."')
        self.entry("topics/sleep", title="Sleep")
        self.entry("communities/sleepers", title="Sleepers")
        self.entry("communities/editors", title="Editors \\ proofreaders")

    def entry(self, path, body="Notes that somebody wrote.", **fields):
        tables = {key: value for key, value in fields.items() if isinstance(value, dict)}
        lines = [f"{key} = {toml(value)}" for key, value in fields.items() if key not in tables and value is not None]
        for name, table in tables.items():
            lines += [f"[{name}]", *(f"{key} = {toml(value)}" for key, value in table.items() if value is not None)]
        self.write(f"content/{path}.md", "+++\n" + "\n".join(lines) + f"\n+++\n\n{body}\n")

    def session(self, path, **fields):
        fields.setdefault("title", path.rsplit("/", 1)[-1].replace("-", " ").capitalize())
        if "date" not in fields and "updated" not in fields:
            fields["date"] = date(2025, 1, 2)
        fields.setdefault("communities", ["clockmakers"])
        self.entry(f"sessions/{path}", **fields)


def toml(value):
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # Escapes of JSON are escapes of TOML, which also wants the delete character escaped.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case _:
            return str(value)


# ---- Clock changes ----------------------------------------------------------------------------------------------------


def clock_changes(zone):
    """Each change of a zone's clocks: what they show before it, and by how much they are moved."""
    moment = datetime(FIRST_YEAR, 1, 1, tzinfo=zones.UTC)
    step, offset = timedelta(minutes=15), lambda at: at.astimezone(zones.iana(zone)).utcoffset()
    while moment.year <= LAST_YEAR:
        before, after = offset(moment - step), offset(moment)
        if before != after:
            yield (moment + before).replace(tzinfo=None), after - before
        moment += step


def sessions_at_clock_changes(base, zone):
    place = zone.rsplit("/", 1)[-1].lower().replace("_", "-")
    shared = {"time_zone": zone, "topics": ["summer-time"], "summary": f"By the clock of {zone}."}
    changes = list(clock_changes(zone))
    for wall, shift in changes:
        # In summer the clocks skip what lies from `wall` on; in autumn they show twice what lies before it.
        first, last = (wall, wall + shift) if shift > timedelta(0) else (wall + shift, wall)
        minute = timedelta(minutes=1)
        shapes = {
            "day-before": (datetime.combine(first, time(10)) - timedelta(days=1), 60),
            "before-it": (first - 50 * minute, 45),
            "across-it": (first - 90 * minute, 360),
            "after-it": (last + 10 * minute, 45),
            "day-after": (datetime.combine(last, time(10)) + timedelta(days=1), 60),
        }
        if shift < timedelta(0):
            # It ends when the clocks show a time for the second time.
            shapes["ends-in-the-hour-shown-twice"] = (first - 30 * minute, 30 + abs(shift) * 3 // 2 // minute)
        for shape, (start, minutes) in shapes.items():
            base.session(f"{place}/{place}-{wall:%Y-%m-%d}-{shape}", start=start, minutes=minutes, **shared)
    if len(changes) < 2 * (LAST_YEAR - FIRST_YEAR + 1):
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            for month in (1, 3, 7, 11):
                start = datetime(year, month, 8, 17, 30)
                base.session(f"{place}/{place}-{start:%Y-%m}-steady", start=start, end=start + timedelta(hours=2), **shared)


# ---- Titles -----------------------------------------------------------------------------------------------------------


def sessions_with_titles(base):
    start = datetime(2026, 10, 5, 9)
    for number, (name, title) in enumerate(TITLES.items()):
        base.session(
            f"titles/title-{name}",
            title=title,
            summary=title,
            start=start + timedelta(days=number),
            location=title,
            mode="hybrid",
            topics=["títulos-difíciles", "clocks"],
            communities=["editors"],
            status="cancelled" if number % 7 == 3 else None,
            cancel_reason=title if number % 7 == 3 else None,
        )


# ---- Shapes -----------------------------------------------------------------------------------------------------------


def sessions_of_each_shape(base):
    at = datetime
    secret = {"url": f"https://call.example.org/{SECRET}", "note": f"The passcode is {SECRET}."}
    base.session("all-day", start=date(2026, 12, 1))
    base.session("all-day-from-its-date", date=date(2026, 12, 2))
    base.session("several-days", start=date(2026, 12, 3), end=date(2026, 12, 5), location="Hall 1; door B, Mill Street")
    base.session("days-over-a-clock-change", start=date(2027, 3, 13), end=date(2027, 3, 15))
    base.session("all-day-elsewhere", start=date(2026, 12, 6), time_zone="Pacific/Apia")
    base.session("across-midnight", start=at(2026, 12, 7, 22), minutes=180)
    base.session("ends-at-midnight", start=at(2026, 12, 8, 22), minutes=120)
    base.session("several-days-by-the-clock", start=at(2026, 12, 9, 18), end=at(2026, 12, 11, 12, 30))
    base.session("a-minute", start=at(2026, 12, 12, 9, 59), minutes=1)
    base.session("with-seconds", start=at(2026, 12, 12, 9, 0, 30), end=at(2026, 12, 12, 9, 45, 15))
    base.session("in-utc", start=at(2026, 12, 13, 9), time_zone="UTC")
    # Nothing of the last year, and no zone either, to put into the calendar of this community and of this topic.
    base.session("long-ago-in-utc", start=at(2024, 3, 13, 9), time_zone="UTC", communities=["sleepers"], topics=["sleep"])
    base.session("long-ago-all-day", start=date(2024, 3, 14), time_zone="UTC", communities=["sleepers"], topics=["sleep"])
    base.session("tentative", start=at(2026, 12, 14, 9), status="tentative")
    base.session("tentative-and-held", start=at(2026, 10, 14, 9), status="tentative")
    base.session("scheduled", start=at(2026, 12, 15, 9), status="scheduled")
    base.session("cancelled", start=at(2026, 12, 16, 9), status="cancelled", cancel_reason="Ill, alas;\nsorry.")
    base.session("cancelled-and-updated", start=at(2026, 12, 17, 9), status="cancelled", updated=date(2026, 11, 20))
    base.session("cancelled-long-ago", start=at(2025, 6, 17, 9), status="cancelled")
    base.session("postponed", start=at(2026, 12, 18, 9), status="postponed")
    base.session("postponed-and-moved", start=at(2026, 12, 28, 9), status="postponed", previous_starts=[at(2026, 12, 18, 9)])
    base.session(
        "moved-twice",
        start=at(2026, 12, 29, 9),
        updated=date(2026, 11, 3),
        previous_starts=[at(2026, 12, 1, 9), at(2026, 12, 8, 9)],
    )
    base.session("hybrid", start=at(2026, 12, 19, 9), mode="hybrid", location="Hall 2, “north” wing", join=secret)
    base.session("online", start=at(2026, 12, 20, 9), mode="online", join=secret)
    base.session("in-person", start=at(2026, 12, 21, 9), mode="in-person", location="Líně 5, 🏛 third floor", join=secret)
    shown = {"url": "https://call.example.org/open", "public": True}
    base.session("joined-by-all", start=at(2026, 12, 22, 9), mode="online", join=shown)
    base.session("held-long-ago", start=at(2024, 5, 1, 9))
    base.session("held-in-time", start=at(2025, 11, 24, 9))
    base.session("held-a-day-too-early", start=at(2025, 11, 21, 9))
    base.session("held-just-in-time", start=at(2025, 11, 22, 9))
    base.session("ends-just-in-time", start=at(2025, 11, 21, 22), minutes=240)
    base.session("with-an-id-of-its-own", start=at(2026, 12, 23, 9), id="own-id-é")
    base.session("with-a-uid-of-its-own", start=at(2026, 12, 24, 9), uid="kept; by, hand\\@example.org")
    base.session("with-a-long-uid", start=at(2026, 12, 24, 11), uid="0123456789abcdef-" * 8 + "@example.org")
    base.session("of-both-communities", start=at(2026, 12, 26, 9), communities=["clockmakers", "editors"], topics=["clocks"])
    base.session("before-epoch", start=at(1969, 7, 20, 15, 17))
    base.session("far-away", start=at(2044, 6, 1, 9), time_zone="Europe/London")
    base.session("far-away-in-winter", start=at(2044, 12, 1, 9), time_zone="Australia/Lord_Howe")
    # Nobody wrote down when these were changed, so their stamp is their start.
    base.entry(
        "sessions/stamped-by-its-start", title="Stamped by its start", start=at(2026, 12, 27, 9), communities=["clockmakers"]
    )
    base.entry("sessions/stamped-by-its-day", title="Stamped by its day", start=date(2026, 12, 30), communities=["clockmakers"])
    base.entry("sessions/undated", title="Undated", communities=["clockmakers"])


def hidden_sessions(base):
    join = {"url": f"https://call.example.org/{SECRET}/hidden", "public": False}
    start = datetime(2026, 12, 2, 15)
    base.session("hidden/draft", title="Hidden: a draft", start=start, draft=True, join=join)
    base.session("hidden/unlisted", title="Hidden: unlisted", start=start, visibility="unlisted", join=join)
    base.session("hidden/internal", title="Hidden: internal", start=start, visibility="internal", join=join)


# ---- Series -----------------------------------------------------------------------------------------------------------


def series_of_each_rule(base):
    def series(id, rule, start, clock=time(13), zone=None, end=None, colour=None, **recurrence):
        base.entry(
            f"series/{id}",
            title=f"Series, {id}; by rule",
            date=date(2025, 12, 1),
            start=start,
            end=end,
            time_zone=zone,
            colour=colour,
            topics=["clocks"],
            communities=["clockmakers"],
            recurrence={"rrule": rule, **recurrence},
            default={"time": clock, "minutes": 50},
        )

    def taken(id, start, **fields):
        fields = {"updated": date(2026, 11, 1), **fields}
        day = start.strftime("%Y-%m-%d")
        base.session(f"series/{id}-{day}", title=f"Taken: {id} on {day}", series=id, start=start, **fields)

    at = datetime
    series("weekly", "FREQ=WEEKLY;BYDAY=MO,WE", date(2026, 9, 7), end=date(2027, 6, 30), colour="teal")
    taken("weekly", at(2026, 9, 9, 13))
    taken("weekly", at(2026, 11, 30, 13), status="cancelled")
    taken("weekly", at(2026, 12, 2, 13), status="postponed")
    # Moved away from Monday 7 December, to a day that is no date of the series and to one that is.
    taken("weekly", at(2026, 12, 8, 13), previous_starts=[at(2026, 12, 7, 13)])
    taken("weekly", at(2026, 12, 16, 15), occurrence=date(2026, 12, 9))
    taken("weekly", at(2027, 1, 6, 13), uid="chosen@example.org")
    # Of the series, and on no date of it.
    taken("weekly", at(2026, 12, 17, 13))

    london = "Europe/London"
    series(
        "biweekly", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", date(2026, 9, 1), zone=london, end=date(2027, 12, 31), colour="#3d5a80"
    )
    taken("biweekly", at(2026, 10, 27, 13))
    series(
        "monthly",
        "FREQ=MONTHLY;BYDAY=2TH",
        date(2026, 1, 8),
        end=date(2027, 5, 31),
        **{"except": [date(2026, 12, 10), date(2027, 2, 11)], "extra": [date(2026, 12, 17), at(2027, 3, 18, 16, 30)]},
    )
    taken("monthly", at(2026, 1, 8, 13))
    taken("monthly", at(2026, 12, 17, 13))
    taken("monthly", at(2027, 1, 15, 13), occurrence=date(2027, 1, 14))
    # On a day that the series leaves out.
    taken("monthly", at(2027, 2, 11, 13))
    series("last-friday", "FREQ=MONTHLY;BYDAY=-1FR", date(2026, 1, 30), zone="Australia/Lord_Howe", end=date(2027, 12, 31))
    series("day-31", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31", date(2026, 1, 31), end=date(2027, 12, 31))
    series("yearly", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2024, 2, 29), end=date(2032, 12, 31))
    series("counted", "FREQ=WEEKLY;BYDAY=TH;COUNT=10", date(2026, 10, 1))
    taken("counted", at(2026, 10, 1, 13))
    series("until-a-day", "FREQ=WEEKLY;BYDAY=FR;UNTIL=20270115", date(2026, 10, 2))
    # 13:00 in Chicago is 19:00 in UTC: the last date is just in.
    series("until-a-moment", "FREQ=WEEKLY;BYDAY=FR;UNTIL=20270115T190000Z", date(2026, 10, 2))
    series("whole-days", "FREQ=MONTHLY;BYDAY=1SA", date(2026, 10, 3), clock=None, end=date(2027, 10, 31))
    taken("whole-days", date(2026, 12, 5))
    # Its start is no date of its rule.
    series("begins-between", "FREQ=WEEKLY;BYDAY=TH", date(2026, 11, 2), end=date(2027, 3, 31))
    series("endless", "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR", date(2026, 6, 30), zone="America/St_Johns")
    # The last weekday of January 2028: further ahead than feeds need to look, and a date of the rule all the same.
    taken("endless", at(2028, 1, 31, 13))
    # A colour of CSS 4, which RFC 7986 does not know.
    purple = {"colour": "rebeccapurple", "default": {"minutes": 30}}
    base.entry("series/without-rule", title="Series without a rule", date=date(2026, 1, 5), **purple)
    taken("without-rule", at(2026, 12, 3, 8), time_zone="Asia/Kolkata")


if __name__ == "__main__":
    sys.exit(main())

"""Shows that calendar programs recognise a session again: its UID outlasts what may change, and SEQUENCE tells of changes.

    python tests/calendar/uids.py FOLKMOOT

FOLKMOOT is the program. Each case is one small knowledge base, built before and after a change. Prints all problems and
ends with 1 if there are any. Needs the packages of requirements.txt.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import icalendar

from problems import Problems

TODAY = "2026-11-22"
NAMELESS = 'title = "Harbor network"\ntime_zone = "America/Chicago"\n'
SETTINGS = f'{NAMELESS}base_url = "https://harbor.example.org/"\nsite_id = "harbor"\n'

OPENING = "content/sessions/opening-call.md"
OPENING_UID = "opening-call@harbor"
HOUR = "content/sessions/hour.md"
HOUR_UID = "office-hours-20261210@harbor"


def front_matter(*fields, **more):
    return "\n".join(["+++", *fields, *(f"{key} = {value}" for key, value in more.items()), "+++", ""])


def opening(title="Opening call", start="2026-12-03T13:00:00", **fields):
    return front_matter(f'title = "{title}"', "date = 2026-11-02", start=start, **fields)


def hour(start="2026-12-10T12:00:00", **fields):
    """A session of the series below, on a date of its rule."""
    return opening("Office hour", start, series='"office-hours"', **fields)


def series(end="end = 2027-05-31"):
    # Updated later than its sessions: their SEQUENCE must not begin lower than that of the date they take over.
    fields = ['title = "Office hours"', "date = 2026-01-02", "updated = 2026-11-10", "start = 2026-09-10", end]
    fields += ["default = { time = 12:00:00, minutes = 60 }", 'recurrence = { rrule = "FREQ=MONTHLY;BYDAY=2TH" }']
    return {"content/series/office-hours.md": front_matter(*fields)}


@dataclass
class Case:
    """A change of a knowledge base, after which a UID is still there."""

    change: str
    before: dict
    after: dict
    uid: str
    # What SEQUENCE does: "same", "grows", or "never less".
    sequence: str = "same"
    # The day it is after the change.
    later: str = TODAY


WELCOME = "content/sessions/welcome.md"
KEPT = {"uid": '"kept@harbor"'}
MOVED = {"start": "2026-12-11T09:00:00", "previous_starts": "[2026-12-10T12:00:00]"}
MOVED_TWICE = {"start": "2026-12-15T09:00:00", "previous_starts": "[2026-12-10T12:00:00, 2026-12-11T09:00:00]"}
ENDLESS = {**series(end=""), HOUR: hour("2028-03-09T12:00:00")}
WITHOUT_NAME = {"folkmoot.toml": NAMELESS}


def of_opening(change, before, after, sequence="same", uid=OPENING_UID, path=OPENING):
    return Case(change, {OPENING: before}, {path: after}, uid, sequence)


def of_hour(change, before, after, sequence="same", path=HOUR):
    """`before` is none where nobody has written a file for the date yet."""
    return Case(change, {**series(), **({HOUR: before} if before else {})}, {**series(), path: after}, HOUR_UID, sequence)


CASES = [
    of_opening("another folder", opening(), opening(), path="content/sessions/2026/autumn/opening-call.md"),
    of_opening("another title", opening(), opening("Welcome, everybody")),
    of_opening("a day of update", opening(), opening(updated="2026-11-20"), "grows"),
    of_opening("a later day of update", opening(updated="2026-11-19"), opening(updated="2026-11-20"), "grows"),
    of_opening(
        "another start", opening(), opening(start="2026-12-17T15:00:00", previous_starts="[2026-12-03T13:00:00]"), "grows"
    ),
    of_opening("cancelled", opening(), opening(status='"cancelled"'), "grows"),
    of_opening("another file name, with a uid", opening(**KEPT), opening(**KEPT), uid="kept@harbor", path=WELCOME),
    of_hour("a date of a series that a file takes over", None, hour(), "never less"),
    of_hour(
        "a date of a series, in another folder by another file name", hour(), hour(), path="content/sessions/2026/twelfth.md"
    ),
    of_hour("a date of a series, at another time of day", hour(), hour("2026-12-10T16:30:00")),
    of_hour(
        "a date of a series, on another day by its occurrence", hour(), hour("2026-12-11T09:00:00", occurrence="2026-12-10")
    ),
    of_hour("a date of a series, moved to another day", hour(), hour(**MOVED), "grows"),
    of_hour("a date of a series, moved twice", hour(**MOVED), hour(**MOVED_TWICE), "grows"),
    Case(
        "a date of a series without an end that comes near",
        ENDLESS,
        ENDLESS,
        "office-hours-20280309@harbor",
        later="2027-12-01",
    ),
    Case(
        "a site that knows neither its name nor its address",
        {**WITHOUT_NAME, OPENING: opening()},
        {**WITHOUT_NAME, OPENING: opening(updated="2026-11-20")},
        "opening-call@harbor-network",
        "grows",
    ),
]


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("usage: tests/calendar/uids.py FOLKMOOT, the program", file=sys.stderr)
        return 2
    folkmoot = Path(arguments[0]).resolve()
    problems = Problems()
    with tempfile.TemporaryDirectory(prefix="folkmoot-uids-") as scratch:
        for number, case in enumerate(CASES):
            check_case(Path(scratch, str(number)), folkmoot, case, problems)
    count = problems.show()
    print(f"uids: {len(CASES)} changes, {count} problems")
    return 1 if count else 0


def check_case(folder, folkmoot, case, problems):
    report = lambda text: problems.add(case.change, f"{case.change}: {text}")
    was = events_of(folder / "before", folkmoot, case.before, TODAY)
    is_ = events_of(folder / "after", folkmoot, case.after, case.later)
    if was is None or is_ is None:
        report(f"no calendar.ics was built {'before' if was is None else 'after'} the change")
        return
    for when, events in (("before", was), ("after", is_)):
        if case.uid not in events:
            report(f"{when} the change there is no event {case.uid}, but {', '.join(sorted(events)) or 'none at all'}")
    # As time passes, other dates come near. Else nothing comes and nothing goes.
    if case.later == TODAY and was.keys() != is_.keys():
        report(f"the change brings or takes {', '.join(sorted(was.keys() ^ is_.keys()))}")
    if case.uid in was and case.uid in is_:
        old, new = was[case.uid], is_[case.uid]
        if not {"same": new == old, "grows": new > old, "never less": new >= old}[case.sequence]:
            report(f"SEQUENCE was {old} and is {new}; what is wanted is: {case.sequence}")


def events_of(folder, folkmoot, files, today):
    """SEQUENCE of each event of the site's calendar, by UID; none where there is no such calendar."""
    for path, text in {"folkmoot.toml": SETTINGS, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    command = [folkmoot, "build", folder, "--out", folder / "public", "--today", today]
    built = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    calendar = folder / "public" / "calendar.ics"
    if built.returncode != 0 or not calendar.is_file():
        # What the program says of it is the best clue there is.
        print(built.stderr, end="")
        return None
    events = icalendar.Calendar.from_ical(calendar.read_bytes()).events
    return {str(event["UID"]): int(event["SEQUENCE"]) for event in events}


if __name__ == "__main__":
    sys.exit(main())

"""Checks the calendars of a built site: each by itself, by two readers unlike each other, and against what was written.

    python tests/calendar/check.py DIR [--corpus CONTENT] [--today DAY] [--absent WORD]...

DIR is the folder of the site, CONTENT the folder it was built from. With it, titles are compared with the front matter
itself, and sessions that nobody may see are looked for. WORD may stand in no file of the site. Prints all problems and
ends with 1 if there are any. Needs the packages of requirements.txt and package-lock.json; README.md of the tests says how.
"""

import argparse
import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import events
import lines
import reviews
import zones
from expected import Expected, one_line
from problems import Problems

READER = Path(__file__).with_name("read.mjs")


def main(arguments=None):
    options = read_arguments(arguments)
    problems = Problems()
    data = options.site / "data" / "entries.json"
    site = json.loads(data.read_text(encoding="utf-8")) if data.is_file() else None
    if site is None:
        problems.add("site", "data/entries.json: is missing")
    calendars = read_calendars(options.site, site and site["base_url"], problems)
    compare_readers(options.site, calendars, problems)
    compare_files(calendars, problems)
    if site is not None:
        today = options.today or date.fromisoformat(site["today"])
        expected = Expected(options.site, today, options.corpus)
        reviews.compare(site, expected.site_id, calendars, problems)
        compare_with_corpus(expected, calendars, options.site, problems)
    find_words(options.site, options.absent, problems)
    count = problems.show()
    number = sum(len(found) for found in calendars.values())
    print(f"calendar: {len(calendars)} files, {number} events, {count} problems")
    return 1 if count else 0


def read_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("site", metavar="DIR", type=Path, help="the folder of a built site")
    parser.add_argument("--corpus", metavar="CONTENT", type=Path, help="the content folder it was built from")
    parser.add_argument("--today", type=date.fromisoformat, help="the day it was built for, if its data does not say so")
    parser.add_argument("--absent", metavar="WORD", action="append", default=[], help="a word that no file of it may hold")
    options = parser.parse_args(arguments)
    for folder in filter(None, (options.site, options.corpus)):
        if not folder.is_dir():
            parser.error(f"there is no folder {folder}")
    return options


# ---- Each file by itself ---------------------------------------------------------------------------------------------


def read_calendars(site, base_url, problems):
    """The events of each calendar, by its path in the site."""
    calendars = {}
    for path in files_of(site):
        if not path.endswith(".ics"):
            continue
        report = lambda sort, text, path=path: problems.add(sort, f"{path}: {text}")
        data = (site / path).read_bytes()
        readable = lines.check(data, report) is not None
        calendars[path] = events.read(path, data, base_url, report) if readable else []
    if not calendars:
        problems.add("site", "calendar.ics: is missing; the site has no calendar at all")
    return calendars


def files_of(site):
    """The files of a site by their paths in it; dot folders are not the site's."""
    found = []
    for folder, folders, names in os.walk(site):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name).relative_to(site).as_posix() for name in names]
    return sorted(found)


# ---- Two readers, and files among each other --------------------------------------------------------------------------


def compare_readers(site, calendars, problems):
    """ical.js, which knows zones from the file alone, reads the same as icalendar with the IANA data."""
    reader = subprocess.run(["node", READER, site], capture_output=True, text=True, encoding="utf-8")
    # Titles may hold what Python alone takes for ends of lines, so it is not asked to find them.
    for line in filter(None, reader.stderr.split("\n")):
        problems.add("ical.js", line)
    if reader.returncode not in (0, 1):
        problems.add("ical.js", f"read.mjs ended with {reader.returncode}")
    read = {}
    for event in map(json.loads, filter(None, reader.stdout.split("\n"))):
        read.setdefault((event["file"], event["uid"]), event)
    for path, found in calendars.items():
        for event in found:
            other = read.pop((path, event.uid), None)
            if other is None:
                problems.add("ical.js", f"{path}: ical.js does not find the event {event.uid}")
                continue
            for what, mine, its in [
                ("starts", shown(event.start), other["start_utc"]),
                ("ends", shown(event.end), other["end_utc"]),
                ("is stamped", shown(event.stamp), other["stamp"]),
                ("is called", event.summary, other["summary"]),
                ("has the status", event.status, other["status"]),
                ("has the sequence", event.sequence, other["sequence"]),
                ("is at", event.location, other["location"]),
                ("is found under", event.url, other["url"]),
            ]:
                if mine != its:
                    problems.add("ical.js", f"{path}: {event.uid} {what} {its} by ical.js, and {mine} by icalendar")
    for path, uid in read:
        problems.add("ical.js", f"{path}: ical.js finds the event {uid}, and icalendar does not")


def shown(moment):
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return moment and moment.isoformat()


def compare_files(calendars, problems):
    """One UID is one session: it is the same in whatever file it stands."""
    first = {}
    for path, found in calendars.items():
        for event in found:
            known = first.setdefault(event.uid, event)
            for what in ("start", "end", "sequence", "summary", "status", "stamp", "url"):
                mine, other = getattr(event, what), getattr(known, what)
                if mine != other:
                    problems.add("uid", f"{path}: {event.uid} has the {what} {mine}, and in {known.file} {other}")


# ---- What was written ------------------------------------------------------------------------------------------------


def compare_with_corpus(expected, calendars, site, problems):
    by_uid = {path: {event.uid: event for event in found} for path, found in calendars.items()}
    for id in expected.missing():
        problems.add("data", f"data/entries.json: has no session {id}, which anybody may see")
    for session in expected.sessions:
        compare_session(session, expected, by_uid, problems)
    compare_placeholders(expected, by_uid, problems)
    find_strangers(expected, calendars, problems)
    find_hidden(expected, calendars, site, problems)


def compare_session(session, expected, by_uid, problems):
    kept = expected.is_kept(session)
    for path in sorted(session.feeds | {session.file}):
        event = by_uid.get(path, {}).get(session.uid)
        if event is None and (kept or path == session.file):
            problems.add("session", f"{path}: has no event {session.uid}, which is the session {session.id}")
        elif event is not None and not kept and path != session.file:
            problems.add("session", f"{path}: still has the session {session.id}, which was over on {session.last}")
    event = by_uid.get(session.file, {}).get(session.uid)
    event = event or next((found[session.uid] for found in by_uid.values() if session.uid in found), None)
    if event is not None:
        compare_event(session, event, expected, problems)
    # What the pages say is what the calendars say.
    entry = expected.listed["session", session.id]
    if isinstance(session.start, datetime):
        for what in ("start", "end"):
            paged, real = datetime.fromisoformat(entry[what]).astimezone(zones.UTC), getattr(session, what)
            if paged != real:
                problems.add(
                    "data", f"data/entries.json: the {what} of {session.id} is {shown(paged)}, and really {shown(real)}"
                )


def compare_event(session, event, expected, problems):
    """The files were compared with each other, so one event speaks for all of its UID."""

    def differs(what, is_, wanted):
        problems.add(what, f"{event.file}: {session.id} has the {what} {is_}; {wanted} is wanted")

    if event.start != session.start:
        differs("start", shown(event.start), shown(session.start))
    if event.end != session.end:
        differs("end", shown(event.end), shown(session.end))
    if event.wall != session.wall or not same_zone(event.zone, session.zone):
        differs("wall time", f"{event.wall} {event.zone}", f"{session.wall} {session.zone}")
    if event.status != session.status:
        differs("status", event.status, session.status)
    if event.sequence != session.sequence:
        differs("sequence", event.sequence, session.sequence)
    if event.stamp != session.stamp:
        differs("DTSTAMP", shown(event.stamp), shown(session.stamp))
    if event.modified != session.stamp:
        differs("LAST-MODIFIED", shown(event.modified), shown(session.stamp))
    # In other languages the words before the title are others.
    said, wanted = one_line(event.summary), session.summary
    if said != wanted if expected.english else not said.endswith(one_line(session.title)):
        differs("summary", repr(said), repr(wanted))
    if session.address and event.url not in (session.address, session.address + "index.html"):
        differs("URL", event.url, session.address)
    if session.location and one_line(session.location) not in one_line(event.location or ""):
        differs("location", repr(event.location), repr(session.location))


def same_zone(one, other):
    """Whether two names are of one zone; UTC has several, and is written without any."""
    utc = {"UTC", "UCT", "Zulu", "Universal", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Etc/Universal"}
    return one == other or {one, other} <= utc


def compare_placeholders(expected, by_uid, problems):
    """Each date to come that nobody has written a session for stands in the feeds, once, and in a file of its own."""
    for placeholder in expected.placeholders:
        for path in sorted(placeholder.feeds | {placeholder.file}):
            event = by_uid.get(path, {}).get(placeholder.uid)
            if event is None:
                if placeholder.needed:
                    problems.add("placeholder", f"{path}: has no event {placeholder.uid}, a date of its series")
                continue
            if event.wall != placeholder.wall or not same_zone(event.zone, placeholder.zone):
                wanted = f"{placeholder.wall} {placeholder.zone}"
                problems.add("placeholder", f"{path}: {placeholder.uid} is at {event.wall} {event.zone}; {wanted} is wanted")
            if placeholder.stamp and event.stamp != placeholder.stamp:
                wanted = shown(placeholder.stamp)
                problems.add(
                    "placeholder", f"{path}: {placeholder.uid} has the DTSTAMP {shown(event.stamp)}; {wanted} is wanted"
                )


def find_strangers(expected, calendars, problems):
    """No calendar holds what does not belong into it."""
    belongs = {}
    for item in [*expected.sessions, *expected.placeholders]:
        belongs.setdefault(item.uid, set()).update(item.feeds)
    for path, found in calendars.items():
        for event in found:
            if reviews.is_reviews(path):
                continue
            if event.uid not in belongs:
                problems.add(
                    "stranger", f"{path}: has the event {event.uid} ({event.summary}), which is nothing that was written"
                )
            elif events.is_feed(path) and path not in belongs[event.uid]:
                problems.add("stranger", f"{path}: has the event {event.uid}, which does not belong there")


def find_hidden(expected, calendars, site, problems):
    """Neither a session that nobody may see, nor how to join where that is not public."""
    shown_titles = {one_line(session.title) for session in expected.sessions}
    for hidden in expected.hidden:
        title = one_line(hidden.title)
        for path, found in calendars.items():
            for event in found:
                named = title and title not in shown_titles and title in one_line(event.summary)
                if event.uid == hidden.uid or named:
                    problems.add("hidden", f"{path}: shows the session {hidden.id}, which {hidden.why}")
        if f"sessions/{hidden.id}/event.ics" in calendars:
            problems.add("hidden", f"sessions/{hidden.id}/event.ics: is the calendar of a session that {hidden.why}")
    for address in expected.hidden_joins():
        find_words(site, [address], problems, only=".ics")


def find_words(site, words, problems, only=""):
    """Looks for words in all files of a site; in calendars also across folded lines."""
    words = [word.encode() for word in words]
    for path in files_of(site) if words else []:
        if path.endswith(only):
            data = (site / path).read_bytes()
            for word in words:
                if word in data or word in data.replace(b"\r\n ", b""):
                    problems.add("word", f"{path}: holds {word.decode()}, which nobody may see")


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Checks the linked data of a built site: what its session and series pages tell search engines, by schema.org's rules.

    python tests/calendar/jsonld.py DIR

Each `<script type="application/ld+json">` is read. Every public session with a date must have an event, and every
series an event series. Prints all problems and ends with 1 if there are any. Needs nothing but Python.
"""

import json
import re
import sys
from datetime import date, datetime
from pathlib import Path
from urllib.parse import unquote

from problems import Problems

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.S | re.I)
TYPE = re.compile(r"""\btype\s*=\s*["']?application/ld\+json""", re.I)
SCHEMA = re.compile(r"https?://schema\.org/?")
ABSOLUTE = re.compile(r"https?://[^/\s]+\S*")
# ISO 8601: a day, or a time that says how far its zone is from UTC.
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})")

EVENTS = {"Event", "EducationEvent"}
STATUSES = {"EventScheduled", "EventCancelled", "EventPostponed", "EventRescheduled", "EventMovedOnline"}
# A new date without the old one tells nobody that it is new.
WITH_PREVIOUS_START = {"EventPostponed", "EventRescheduled"}
# What an attendance mode promises about the places.
MODES = {
    "OfflineEventAttendanceMode": {"Place"},
    "OnlineEventAttendanceMode": {"VirtualLocation"},
    "MixedEventAttendanceMode": {"Place", "VirtualLocation"},
}
AVAILABILITIES = set(
    """
    BackOrder Discontinued InStock InStoreOnly LimitedAvailability MadeToOrder OnlineOnly OutOfStock PreOrder PreSale Reserved
    SoldOut
    """.split()
)


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: tests/calendar/jsonld.py DIR, the folder of a built site", file=sys.stderr)
        return 2
    site = Path(arguments[0])
    problems = Problems()
    data = site / "data" / "entries.json"
    if data.is_file():
        data = json.loads(data.read_text(encoding="utf-8"))
    else:
        problems.add("site", "data/entries.json: is missing")
        data = {"base_url": None, "entries": []}
    found = {path: read_page(site / path, path, problems) for path in pages_of(site)}
    number = 0
    for path, things in found.items():
        for thing in things:
            number += 1
            check_thing(thing, path, data["base_url"], problems)
    check_entries(data, found, problems)
    count = problems.show()
    print(f"jsonld: {len(found)} pages, {number} things, {count} problems")
    return 1 if count else 0


def pages_of(site):
    paths = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))


def read_page(path, name, problems):
    """The things that a page's linked data speaks of."""
    things = []
    for attributes, text in SCRIPT.findall(path.read_text(encoding="utf-8")):
        if not TYPE.search(attributes):
            continue
        # Where a parser of HTML would end the script, or begin to take it for a comment.
        if "<!--" in text or "</" in text:
            problems.add("script", f"{name}: has linked data with an end of an element or a comment in it")
        try:
            data = json.loads(text)
        except ValueError as error:
            # What follows a `</script` in a title is lost here, and this is where it shows.
            problems.add("json", f"{name}: has linked data that is not JSON: {error}")
            continue
        for item in data if isinstance(data, list) else [data]:
            if not isinstance(item, dict):
                problems.add("json", f"{name}: has linked data that is no object: {item!r}")
                continue
            if not SCHEMA.fullmatch(str(item.get("@context", ""))):
                problems.add(
                    "context", f"{name}: has linked data in the @context {item.get('@context')}, not https://schema.org"
                )
            things += item.get("@graph", [item])
    return things


def types_of(thing):
    types = thing.get("@type", []) if isinstance(thing, dict) else []
    return set(types if isinstance(types, list) else [types])


def as_list(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def check_thing(thing, path, base_url, problems):
    report = lambda text: problems.add("thing", f"{path}: {text}")
    types = types_of(thing)
    if not types:
        report(f"has a thing without an @type: {str(thing)[:80]}")
    if types & EVENTS:
        check_event(thing, base_url, report)
    if "EventSeries" in types:
        check_series(thing, base_url, report)


def check_event(event, base_url, report):
    name = f"the event {text_of(event, 'name')}"
    if not text_of(event, "name"):
        report("has an event without a name")
    start, end = (check_moment(event, key, name, report) for key in ("startDate", "endDate"))
    if start and end and type(start) is type(end) and end < start:
        report(f"{name} ends before it starts")
    status = check_word(event, "eventStatus", STATUSES, name, report)
    if ("previousStartDate" in event) != (status in WITH_PREVIOUS_START):
        report(f"{name} is {status} and has {'a' if 'previousStartDate' in event else 'no'} previousStartDate")
    for previous in as_list(event.get("previousStartDate")):
        check_moment({"previousStartDate": previous}, "previousStartDate", name, report)
    # Where nobody said how one takes part, there is nothing to tell.
    mode = check_word(event, "eventAttendanceMode", MODES, name, report) if "eventAttendanceMode" in event else None
    check_places(event, MODES.get(mode), name, base_url, report)
    check_address(event.get("url"), f"{name} has", base_url, report, needed=bool(base_url))
    for series in as_list(event.get("superEvent")):
        if "EventSeries" not in types_of(series) or not text_of(series, "name"):
            report(f"{name} is part of something that is no EventSeries with a name: {series}")
        else:
            check_address(series.get("url"), f"the series of {name} has", base_url, report, needed=False)
    for offer in as_list(event.get("offers")):
        check_address(offer.get("url"), f"an offer of {name} has", None, report, needed=True)
        check_word(offer, "availability", AVAILABILITIES, f"an offer of {name}", report)
    for recording in as_list(event.get("recordedIn")):
        if not types_of(recording) & {"CreativeWork", "VideoObject"}:
            report(f"{name} is recorded in something that is no CreativeWork or VideoObject: {recording}")
        elif not recording.get("url"):
            report(f"{name} is recorded in something without a url")


def check_series(series, base_url, report):
    if not text_of(series, "name"):
        report("has an event series without a name")
    name = f"the series {text_of(series, 'name')}"
    check_address(series.get("url"), f"{name} has", base_url, report, needed=bool(base_url))
    # An announced series has no dates yet.
    start, end = (check_moment(series, key, name, report) if key in series else None for key in ("startDate", "endDate"))
    if start and end and type(start) is type(end) and end < start:
        report(f"{name} ends before it starts")


def text_of(thing, key):
    value = thing.get(key)
    return value.strip() if isinstance(value, str) else ""


def check_moment(thing, key, name, report):
    """A day, or an instant; none where it is neither."""
    text = text_of(thing, key)
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
        if TIME.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    report(f"{name} has the {key} {text!r}, which is neither a day nor a time with its offset from UTC")
    return None


def check_word(thing, key, words, name, report):
    """One of schema.org's words, without its address; none where it is none of them."""
    value = text_of(thing, key)
    word = SCHEMA.sub("", value)
    if word not in words:
        report(f"{name} has the {key} {value!r}, which is not in schema.org's list")
        return None
    return word


def check_places(event, wanted, name, base_url, report):
    places = as_list(event.get("location"))
    found = set()
    for place in places:
        types = types_of(place)
        found |= types
        if "Place" in types:
            if not text_of(place, "name") and not place.get("address"):
                report(f"{name} is at a Place without a name or an address")
        elif "VirtualLocation" in types:
            check_address(place.get("url"), f"the VirtualLocation of {name} has", base_url, report, needed=bool(base_url))
        else:
            report(f"{name} is at something that is neither Place nor VirtualLocation: {place}")
    if wanted and found != wanted:
        found, wanted = (" and ".join(sorted(kinds)) or "no place" for kinds in (found, wanted))
        report(f"{name} is at {found}; by its eventAttendanceMode it is at {wanted}")


def check_address(address, what, base_url, report, needed):
    if not address:
        if needed:
            report(f"{what} no url")
    elif base_url and not ABSOLUTE.fullmatch(str(address)):
        report(f"{what} the url {address}, which is not a full address")


def check_entries(data, found, problems):
    """The pages that must speak of an event or a series do, and name it as its author did."""
    series = {entry["id"]: entry["fields"] for entry in data["entries"] if entry["kind"] == "series"}
    for entry in data["entries"]:
        wanted = {"session": EVENTS, "series": {"EventSeries"}}.get(entry["kind"])
        if not wanted or (entry["kind"] == "session" and not entry.get("start")):
            continue
        path = unquote(entry["path"]) + "index.html"
        own = [thing for thing in found.get(path, []) if types_of(thing) & wanted]
        if len(own) != 1:
            problems.add("missing", f"{path}: has {len(own)} things that are {' or '.join(sorted(wanted))}; one is wanted")
            continue
        if squeezed(own[0].get("name", "")) != squeezed(entry["title"]):
            name = own[0].get("name")
            problems.add("name", f"{path}: is called {name!r} in its linked data, and {entry['title']!r} by its author")
        if entry["kind"] == "session":
            compare_event(own[0], entry, series.get(entry.get("series"), {}), path, problems)


def compare_event(event, entry, series, path, problems):
    start = text_of(event, "startDate")
    if TIME.fullmatch(start):
        same = datetime.fromisoformat(start) == datetime.fromisoformat(entry["start"])
    else:
        same = start == entry["start"][:10]
    if not same:
        problems.add("start", f"{path}: starts at {start} in its linked data, and at {entry['start']} in data/entries.json")
    says_where = [entry["fields"].get("mode"), entry["fields"].get("location"), series.get("default", {}).get("mode")]
    for key in ("eventAttendanceMode", "location"):
        if any(says_where) and not event.get(key):
            problems.add("place", f"{path}: has no {key}, and the session says where it is")
    if (event.get("superEvent") is None) != (entry.get("series") is None):
        has = "no" if event.get("superEvent") is None else "a"
        problems.add("series", f"{path}: has {has} superEvent, and its series is {entry.get('series')}")


def squeezed(text):
    return " ".join(str(text).split())


if __name__ == "__main__":
    sys.exit(main())

"""What the calendars of a site must say of each session, worked out anew from what its authors wrote.

The fields come from `data/entries.json`, and with the corpus from the front matter itself, so that entries nobody may see
are known too. Nothing here looks at a calendar.
"""

import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import unquote, urlsplit

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

import zones

# SPEC section 5: past and cancelled events stay in the feeds for so long.
KEPT = relativedelta(months=12)
# Without `end`, `minutes` and a default of its series a session takes so long.
USUAL_MINUTES = 60
# The day SEQUENCE counts from.
SEQUENCE_DAY = date(2000, 1, 1)
# Recurrence dates without an end are worked out so far ahead of today: further than any session is planned.
AHEAD = timedelta(days=5 * 366)
# Of those, feeds must show so many; nothing says how far beyond that they look.
SHOWN_AHEAD = relativedelta(months=12)

FRONT_MATTER = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*\r?$", re.S | re.M)


@dataclass
class Session:
    """What one public session with a date must be in every calendar it is in."""

    id: str
    uid: str
    summary: str
    title: str
    # A day and the day after the last, or two instants in UTC.
    start: object
    end: object
    wall: object
    zone: object
    last: date
    status: str
    sequence: int
    stamp: datetime
    location: object
    address: object
    file: str  # its own calendar
    feeds: set = field(default_factory=set)


@dataclass
class Placeholder:
    """A date of a series on which nobody has written a session yet."""

    uid: str
    wall: object
    zone: object
    # When its series was last changed; nothing says what holds where nobody wrote that down.
    stamp: object
    file: str  # its own calendar
    feeds: set
    # Dates that are over, far away, or of a session that nobody may see: calendars may show them and may not.
    needed: bool


@dataclass
class Hidden:
    """A session that no calendar may show."""

    id: str
    uid: object
    title: str
    why: str


class Expected:
    def __init__(self, site, today, corpus=None):
        """Reads the site's data, and the front matter below `corpus`, the content folder, where it is given."""
        data = json.loads((site / "data" / "entries.json").read_text(encoding="utf-8"))
        self.today = today
        self.zone = data["time_zone"]
        self.base_url = data["base_url"]
        self.english = data["language"].lower().split("-")[0] == "en"
        self.listed = {(entry["kind"], entry["id"]): entry for entry in data["entries"]}
        self.authored = read_corpus(corpus) if corpus else {}
        config = tomllib.loads((corpus.parent / "folkmoot.toml").read_text(encoding="utf-8")) if corpus else {}
        self.site_id = config.get("site_id") or (urlsplit(self.base_url).hostname if self.base_url else slug(data["title"]))
        self.dates = {id: self.recurrence(id, fields) for (kind, id), fields in self.all_fields("series")}
        self.sessions = [session for session in map(self.session, self.entries("session")) if session]
        self.hidden = list(self.hidden_sessions())
        self.placeholders = list(self.open_dates())

    # ---- What was written ----

    def entries(self, kind):
        return [entry for (listed, _), entry in self.listed.items() if listed == kind]

    def fields(self, kind, id):
        entry = self.listed.get((kind, id))
        return self.authored.get((kind, id)) or (entry and entry["fields"]) or {}

    def all_fields(self, kind):
        ids = {key for key in [*self.listed, *self.authored] if key[0] == kind}
        return [(key, self.fields(*key)) for key in sorted(ids)]

    def missing(self):
        """Sessions with a date that anybody may see and that the data of the site does not have."""
        for (kind, id), fields in self.authored.items():
            if kind == "session" and not why_hidden(fields) and (kind, id) not in self.listed:
                yield id

    # ---- Recurrence ----

    def zone_of(self, fields, series):
        return fields.get("time_zone") or self.fields("series", series).get("time_zone") or self.zone

    def recurrence(self, id, fields):
        """The dates of a series with what the clock shows then: the rule's up to its end, with `extra`, without `except`."""
        recurrence = fields.get("recurrence")
        if not recurrence:
            return {}
        clock = fields.get("default", {}).get("time")
        clock = time.fromisoformat(clock) if clock else None
        walls = {}
        if fields.get("start"):
            start = datetime.combine(day(fields["start"]), clock or time())
            last = day(fields["end"]) if fields.get("end") else self.today + AHEAD
            rule = rule_on_the_wall(recurrence["rrule"], start, self.zone_of({}, id))
            for wall in rrulestr(rule, dtstart=start).between(start, datetime.combine(last, time.max), inc=True):
                walls[wall.date()] = wall if clock else wall.date()
        for more in map(moment, recurrence.get("extra", [])):
            walls[day(more)] = datetime.combine(more, clock) if clock and not isinstance(more, datetime) else more
        # RFC 5545, section 3.8.5.1: what is excepted is excepted, whatever it came from.
        for gone in recurrence.get("except", []):
            walls.pop(day(gone), None)
        return walls

    def occurrence(self, fields):
        """The date in its series that a session stands for."""
        if fields.get("occurrence"):
            return day(fields["occurrence"])
        starts = fields.get("previous_starts") or [fields.get("start") or fields.get("date")]
        return day(starts[0]) if starts[0] else None

    def uid(self, id, fields):
        series, occurrence = fields.get("series"), self.occurrence(fields)
        if fields.get("uid"):
            return fields["uid"]
        if series and occurrence in self.dates.get(series, ()):
            return f"{series}-{occurrence:%Y%m%d}@{self.site_id}"
        return f"{id}@{self.site_id}"

    def open_dates(self):
        """Dates of the series that are held that no public session stands for."""
        taken, hidden = set(), set()
        for _, fields in self.all_fields("session"):
            (hidden if why_hidden(fields) else taken).add((fields.get("series"), self.occurrence(fields)))
        for id, walls in self.dates.items():
            entry, fields = self.listed.get(("series", id)), self.fields("series", id)
            if not walls or not entry or fields.get("status") == "cancelled":
                continue
            ends = "end" in fields or re.search(r"COUNT|UNTIL", fields["recurrence"]["rrule"], re.I)
            for on, wall in walls.items():
                if (id, on) in taken or on < self.today - KEPT:
                    continue
                zone = self.zone_of({}, id) if isinstance(wall, datetime) else None
                yield Placeholder(
                    uid=f"{id}-{on:%Y%m%d}@{self.site_id}",
                    wall=wall,
                    zone=zone,
                    stamp=stamp(fields, wall, zone) if fields.keys() & {"updated", "date"} else None,
                    file=f"{unquote(entry['path'])}{on}.ics",
                    feeds=self.feeds(entry, id),
                    needed=on >= self.today and (id, on) not in hidden and bool(ends or on <= self.today + SHOWN_AHEAD),
                )

    # ---- Sessions ----

    def session(self, entry):
        id = entry["id"]
        fields = self.fields("session", id)
        series = fields.get("series")
        # A file without front matter has its date from its name; the data says which.
        written = fields.get("start") or fields.get("date") or entry.get("start", "")[:10]
        if not written:
            return None
        wall = moment(written)
        times = self.timed(fields, series, wall) if isinstance(wall, datetime) else all_day(fields, wall)
        status, prefix = status_of(fields, held=times["last"] < self.today)
        return Session(
            id=id,
            uid=self.uid(id, fields),
            title=fields.get("title", entry["title"]),
            summary=prefix + one_line(fields.get("title", entry["title"])),
            wall=wall,
            **times,
            status=status,
            sequence=sequence(fields),
            stamp=stamp(fields, wall, times["zone"]),
            location=fields.get("location"),
            address=self.base_url and self.base_url + entry["path"],
            file=unquote(entry["path"]) + "event.ics",
            feeds=self.feeds(entry, entry["series"]),
        )

    def timed(self, fields, series, wall):
        zone = self.zone_of(fields, series)
        start = zones.instant(wall, zone)
        if fields.get("end"):
            end = moment(fields["end"])
            end = zones.instant(end if isinstance(end, datetime) else datetime.combine(end, time()), zone)
        else:
            usual = self.fields("series", series).get("default", {}).get("minutes", USUAL_MINUTES)
            end = start + timedelta(minutes=fields.get("minutes", usual))
        # One that ends at midnight is over when its own day is.
        last = (end - timedelta(minutes=1)).astimezone(zones.iana(zone)).date()
        return {"start": start, "end": end, "zone": zone, "last": last}

    def feeds(self, entry, series):
        """The feeds that an entry's sessions are in: the site's, and of what it belongs to and all above that."""
        holders = [("series", series)] if series else []
        holders += [("community", id) for id in entry["communities"]]
        for id in entry["topics"]:
            while id and ("topic", id) not in holders:
                holders.append(("topic", id))
                id = self.listed.get(("topic", id), {}).get("parent")
        paths = [self.listed[holder]["path"] for holder in holders if holder in self.listed]
        return {"calendar.ics", *(unquote(path) + "calendar.ics" for path in paths)}

    def is_kept(self, session):
        """Whether a session is recent enough for the feeds."""
        return session.last >= self.today - KEPT

    def hidden_sessions(self):
        for (kind, id), fields in self.authored.items():
            why = why_hidden(fields)
            if kind == "session" and why:
                uid = self.uid(id, fields)
                # The date of a series is shown without the session too.
                own = None if uid.startswith(f"{fields.get('series')}-") and not fields.get("uid") else uid
                yield Hidden(id, own, fields.get("title", ""), why)

    def hidden_joins(self):
        """Addresses of calls that are not public, as far as no public session has the same."""
        joins = [fields["join"] for (kind, _), fields in self.authored.items() if kind == "session" and "join" in fields]
        shown = {join.get("url") for join in joins if join.get("public")}
        return sorted({join["url"] for join in joins if join.get("url")} - shown)


def all_day(fields, first):
    end = moment(fields["end"]) if fields.get("end") else first
    last = max(day(end), first)
    return {"start": first, "end": last + timedelta(days=1), "zone": None, "last": last}


def status_of(fields, held):
    """STATUS, and how the summary begins, since some programs show no status."""
    previous, start = fields.get("previous_starts", []), fields.get("start")
    moved = start and previous and start not in previous
    match fields.get("status"):
        case "cancelled":
            return "CANCELLED", "Cancelled: "
        case "postponed" if not moved:
            return "CANCELLED", "Postponed: "
        case "tentative" if not held:
            return "TENTATIVE", ""
        case _:
            return "CONFIRMED", ""


def sequence(fields):
    updated = (day(fields["updated"]) - SEQUENCE_DAY).days if fields.get("updated") else 0
    return updated + len(fields.get("previous_starts", [])) + (fields.get("status") == "cancelled")


def stamp(fields, wall, zone):
    """When it was last changed, as far as anybody wrote it down."""
    written = fields.get("updated") or fields.get("date")
    if written or not isinstance(wall, datetime):
        return datetime.combine(day(written) if written else wall, time(), zones.UTC)
    return zones.instant(wall, zone)


def why_hidden(fields):
    if fields.get("draft"):
        return "is a draft"
    visibility = fields.get("visibility", "public")
    return None if visibility == "public" else f"is {visibility}"


def rule_on_the_wall(rule, start, zone):
    """A rule with UNTIL as the clock of the series shows it; a day alone includes that day."""
    parts = [part.split("=", 1) for part in rule.strip().removeprefix("RRULE:").upper().split(";") if part]
    for part in parts:
        if part[0] == "UNTIL":
            until = part[1]
            if len(until) == 8:
                until = datetime.combine(datetime.strptime(until, "%Y%m%d"), time(23, 59, 59))
            elif until.endswith("Z"):
                until = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=zones.UTC)
                until = until.astimezone(zones.iana(zone)).replace(tzinfo=None)
            else:
                until = datetime.strptime(until, "%Y%m%dT%H%M%S")
            part[1] = f"{until:%Y%m%dT%H%M%S}"
    return ";".join("=".join(part) for part in parts)


def read_corpus(content):
    """The front matter of sessions and series, as the site's data would say it, by kind and id."""
    found = {}
    for kind, folder in [("session", "sessions"), ("series", "series")]:
        for path in sorted((content / folder).rglob("*.md")):
            matter = FRONT_MATTER.match(path.read_text(encoding="utf-8-sig"))
            if matter:
                fields = plain(tomllib.loads(matter[1]))
                stem = path.parent.name if path.name == "index.md" else path.stem
                found[kind, fields.get("id") or unicodedata.normalize("NFC", stem)] = fields
    return found


def plain(value):
    """A value of TOML as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, (date, time)) else value


def moment(text):
    """A day, or a day and a time, as it is written."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def day(value):
    value = moment(value) if isinstance(value, str) else value
    return value.date() if isinstance(value, datetime) else value


def one_line(text):
    """A text as it stands on one line: a title has none of its line ends, nor anything else that cannot be seen."""
    text = re.sub(r"\s*(?:\r\n|\r|\n)\s*", " ", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text).strip()


def slug(text):
    """As an address has it: letters and figures of any script, and hyphens between them."""
    letters = unicodedata.normalize("NFC", text).lower()
    kept = (letter if letter.isalnum() or unicodedata.category(letter)[0] == "M" else "-" for letter in letters)
    return re.sub("-+", "-", "".join(kept)).strip("-")

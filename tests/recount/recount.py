#!/usr/bin/env python3
"""Recounts every number on the index pages of a built site, from what authors wrote, and compares.

    tests/recount/recount.py DIR [--config FOLDER/folkmoot.toml]

DIR is a site in English, built for folders (not --portable). The only source is DIR/data/entries.json, and of that the
`fields`, which are as authors wrote them: what the program derived from them stands in the same file and is compared like
a page. Only what the file alone cannot say is taken from the derived part: the day and community an entry has from its
file name or as the only one there is, and which entries are archived or superseded. --config names the settings of the
site, for its review intervals; else the usual ones hold.

Prints each difference on a line, how many numbers were compared of each family of pages, and the sum. Ends with 1 where
anything differs, or where a family has pages and nothing of them was compared. Needs nothing but Python 3.11.
"""

import argparse
import json
import os
import posixpath
import re
import sys
import tomllib
import unicodedata
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

FOLDERS = {
    "session": "sessions", "practice": "practices", "case-study": "case-studies", "series": "series", "topic": "topics",
    "question": "questions", "resource": "resources", "voice": "voices", "organization": "organizations",
    "person": "people", "community": "communities", "page": "pages",
}
KINDS = {folder: kind for kind, folder in FOLDERS.items()}
# SPEC section 6: what stands in the columns of topics, and what voices and years are counted in.
COUNTED = ["session", "practice", "case-study", "question", "resource"]
NOUNS = {
    "session": ("session", "sessions"), "practice": ("practice", "practices"), "case-study": ("case study", "case studies"),
    "series": ("series", "series"), "topic": ("topic", "topics"), "question": ("question", "questions"),
    "resource": ("resource", "resources"), "voice": ("voice", "voices"), "organization": ("organization", "organizations"),
    "person": ("person", "people"), "community": ("community", "communities"), "page": ("page", "pages"),
}
OF_NOUN = {noun: kind for kind, nouns in NOUNS.items() for noun in nouns}
PLURALS = {nouns[1].capitalize(): kind for kind, nouns in NOUNS.items()}
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

# SPEC section 3, in months.
USUAL_INTERVALS = {"practice": "12 months", "resource": "18 months", "topic": "24 months", "community": "12 months", "question": "3 months"}
DUE_DAYS = 30
NOTES_DAYS = 14
# How many of a list stand on the page of an entry, of a voice's absences in the summary, and of the topics of a name.
SHORT, ABSENT, NAMED, YEARS = 12, 6, 12, 4


# ---- Comparing -------------------------------------------------------------------------------------------------------

class Record:
    """What was compared, and what of it differs."""

    def __init__(self):
        self.compared = Counter()
        self.pages = Counter()
        self.differences = []

    def same(self, family, page, what, says, recount):
        self.compared[family] += 1
        if says != recount:
            self.differences.append(f"{family}: /{page}: {what}: page says {says}, recount says {recount}")

    def silent(self):
        """Families with pages of which nothing was compared."""
        return [family for family in self.pages if self.pages[family] and not self.compared[family]]

    def once(self, family, page, what, says, recount):
        """Two heaps of things, each of which should lie in both equally often."""
        says, recount = Counter(says), Counter(recount)
        for thing in sorted(says.keys() | recount.keys(), key=str):
            name = " ".join(map(str, thing)) if isinstance(thing, tuple) else thing
            self.same(family, page, f"{what}: {name!r}, how often", says[thing], recount[thing])


# ---- Reading pages ---------------------------------------------------------------------------------------------------

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PICTURE = re.compile(r"<svg\b.*?</svg>", re.S)


class Node:
    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = dict(attributes)
        self.classes = (self.attributes.get("class") or "").split()
        self.inside = []

    def all(self, wanted):
        """What lies inside that is of a class (".count") or a tag ("li")."""
        for node in self.inside:
            if isinstance(node, Node):
                if (wanted[0] == "." and wanted[1:] in node.classes) or node.tag == wanted:
                    yield node
                yield from node.all(wanted)

    def first(self, wanted):
        return next(self.all(wanted), None)

    def words(self, without=()):
        """Its text, one space between words; what has one of some classes left out."""
        return re.sub(r"\s+", " ", self._raw(without)).strip()

    def _raw(self, without):
        return "".join(
            node if isinstance(node, str) else "" if any(name in node.classes for name in without) else node._raw(without)
            for node in self.inside
        )

    def number(self):
        """The first number in its text; none where there is none."""
        found = re.search(r"\d+", self.words())
        return int(found.group()) if found else None

    def code(self, start):
        """What follows `start` in one of its classes: of "state-open" it is "open"."""
        return next((name[len(start):] for name in self.classes if name.startswith(start)), None)


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Node("main", [])
        self.open = [self.root]

    def handle_starttag(self, tag, attributes):
        node = Node(tag, attributes)
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attributes):
        self.open[-1].inside.append(Node(tag, attributes))

    def handle_endtag(self, tag):
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, text):
        self.open[-1].inside.append(text)


class Page:
    """One page: its path from the root of the site, and its <main>."""

    def __init__(self, path, text):
        self.path = path
        start = text.find("<main")
        reader = Reader()
        reader.feed(PICTURE.sub("", text[start:text.rfind("</main>")]))
        self.main = reader.root

    def to(self, link):
        """Where a link leads, from the root of the site: ("practices/fees/", "fragment")."""
        link = urlsplit(link.attributes.get("href") or "")
        path = posixpath.normpath(posixpath.join("/" + self.path, unquote(link.path)))[1:] if link.path else self.path
        return (path + "/" if path and not path.endswith("/") else path), unquote(link.fragment)

    def entry(self, node):
        """Where the first link inside leads."""
        link = node if node is not None and node.tag == "a" else node and node.first("a")
        return self.to(link)[0] if link else None

    def parts(self):
        """The parts of a list: heading, where it leads, how much it says there is, and the part itself."""
        for part in self.main.all(".part"):
            title = part.first(".part-title")
            if title is not None and title.attributes.get("id") == "fm-part-lists":
                continue
            count = title and title.first(".count")
            yield title.words(("count",)) if title else "", self.entry(title), count and count.number(), part

    def part(self, id):
        return next((node for tag in ("section", "div") for node in self.main.all(tag) if node.attributes.get("aria-labelledby") == id), None)

    def cards(self, inside):
        return [self.entry(title) for row in inside.all(".row") for title in [row.first(".row-title")] if title]

    def total(self):
        total = self.main.first(".index-total")
        return total and total.number()

    def tally(self):
        """How much there is of each state, by its code."""
        tally = self.main.first(".tally")
        lines = tally.all("li") if tally else ()
        return {line.first(".state").code("state-"): line.first(".tally-n").number() for line in lines}


class Site:
    def __init__(self, folder, record):
        self.folder = folder
        self.record = record

    def page(self, family, path):
        file = os.path.join(self.folder, path, "index.html")
        if not os.path.isfile(file):
            return None
        self.record.pages[family] += 1
        with open(file, encoding="utf-8") as page:
            return Page(path, page.read())

    def pages(self, family, path):
        """All pages of a list, by the way from each to the next."""
        pages = []
        while path is not None and all(page.path != path for page in pages):
            page = self.page(family, path)
            if page is None:
                break
            pages.append(page)
            following = next((link for pager in page.main.all(".pager") for link in pager.all("a") if link.attributes.get("rel") == "next"), None)
            path = following and page.to(following)[0]
        return pages


# ---- Names -----------------------------------------------------------------------------------------------------------

def lower(text):
    return unicodedata.normalize("NFC", text).lower()


def key(name):
    return re.sub(r"[\s_]+", "-", re.sub(r"(?<=-)[\s_]+", "", lower(name.strip())))


def slug(name):
    made = ""
    for c in lower(name):
        if c.isalnum() or unicodedata.category(c).startswith("M"):
            made += c
        elif (c.isspace() or c in "-_./–—") and made and not made.endswith("-"):
            made += "-"
    return made.rstrip("-")


def first_words(text):
    return slug(" ".join(text.split()[:8]))


def letter(name):
    plain = re.sub(r"^[\W_]+", "", key(name))
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.category(c).startswith("M"))
    return plain[0].upper() if plain and plain[0].isalpha() else "#"


# ---- Days ------------------------------------------------------------------------------------------------------------

def day_of(text):
    return date.fromisoformat(text[:10]) if isinstance(text, str) and re.match(r"\d{4}-\d\d-\d\d", text) else None


def later(day, interval):
    number, unit = interval.split()
    number, unit = int(number), unit.rstrip("s")
    if unit in ("week", "day"):
        return day + timedelta(days=number * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def recurring(rule, first, until):
    """The days of a recurrence rule up to a day, as far as rules go that people write; none where this one goes further."""
    parts = dict(part.split("=", 1) for part in rule.removeprefix("RRULE:").split(";") if "=" in part)
    if set(parts) - {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST"} or "COUNT" in parts:
        return None
    if "UNTIL" in parts:
        until = min(until, datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date())
    step, by, days = int(parts.get("INTERVAL", 1)), parts.get("BYDAY"), []
    monday = first - timedelta(days=first.weekday())
    for day in (first + timedelta(days=n) for n in range((until - first).days + 1)):
        months = (day.year - first.year) * 12 + day.month - first.month
        name = WEEKDAYS[day.weekday()]
        if parts["FREQ"] == "DAILY" and not by:
            fits = (day - first).days % step == 0
        elif parts["FREQ"] == "WEEKLY":
            fits = ((day - monday).days // 7) % step == 0 and name in (by.split(",") if by else [WEEKDAYS[first.weekday()]])
        elif parts["FREQ"] == "MONTHLY" and by:
            last = monthrange(day.year, day.month)[1]
            nth = {f"{(day.day - 1) // 7 + 1}{name}", f"+{(day.day - 1) // 7 + 1}{name}", f"-{(last - day.day) // 7 + 1}{name}"}
            fits = months % step == 0 and bool(nth & set(by.split(",")))
        elif parts["FREQ"] == "MONTHLY":
            fits = months % step == 0 and day.day == int(parts.get("BYMONTHDAY", first.day))
        else:
            return None
        if fits:
            days.append(day)
    return days


# ---- What authors wrote ----------------------------------------------------------------------------------------------

def several(value):
    return value if isinstance(value, list) else [] if value is None else [value]


class Entry:
    def __init__(self, derived):
        self.derived = derived
        self.kind, self.id, self.title = derived["kind"], derived["id"], derived["title"]
        self.path = unquote(derived["path"])
        self.fields = derived["fields"]
        self.inline = derived["origin"] == "inline"
        self.session = None
        self.retired = derived["archived"] or derived["superseded"]

    def __repr__(self):
        return f"{FOLDERS[self.kind]}/{self.id}"

    def day(self, field):
        return day_of(self.fields.get(field))


class Knowledge:
    """Everything that stands in lists, recounted."""

    def __init__(self, data, intervals):
        self.today = date.fromisoformat(data["today"])
        self.intervals = intervals
        self.entries = [Entry(derived) for derived in data["entries"]]
        self.ids, self.synonyms, self.by_path = {}, {}, {}
        for entry in self.entries:
            self.ids.setdefault((entry.kind, key(entry.id)), entry)
            self.by_path[entry.path] = entry
            for synonym in entry.fields.get("synonyms", []):
                self.synonyms.setdefault((entry.kind, key(synonym)), entry)
        self._inline_questions()
        self.of = {kind: [entry for entry in self.entries if entry.kind == kind] for kind in FOLDERS}
        self.counted = [entry for kind in COUNTED for entry in self.of[kind]]
        self.direct = {entry: self.refs(entry, entry.fields.get("topics"), "topic") for entry in self.entries}
        self.parent = {topic: next(iter(self.refs(topic, topic.fields.get("parent"), "topic")), None) for topic in self.of["topic"]}
        self.about = {entry: self.above(self.direct[entry]) for entry in self.counted}
        self.below = defaultdict(list)
        for entry in self.counted:
            for topic in self.about[entry]:
                self.below[topic, entry.kind].append(entry)
        self.communities = {
            entry: self.refs(entry, entry.fields.get("communities"), "community")
            or self.refs(entry, entry.derived["communities"], "community")
            for entry in self.entries
        }
        self.speaking = {entry: self._speaking(entry) for entry in self.counted}
        self.addressed = {
            entry: [voice for voice in self.refs(entry, entry.fields.get("audiences"), "voice") if voice not in self.speaking[entry]]
            if entry.kind != "session" or self.state(entry) not in ("cancelled", "postponed")
            else []
            for entry in self.counted
        }
        self.expected = self._expected()
        self.speaks, self.spoken_to = Counter(), Counter()
        for entry in self.counted:
            for stage in self.about[entry] + self.communities[entry]:
                self.speaks.update((stage, voice) for voice in self.speaking[entry])
                self.spoken_to.update((stage, voice) for voice in self.addressed[entry])
        self.fresh = {entry: self._freshness(entry) for entry in self.entries}
        self.trials = {practice: [] for practice in self.of["practice"]}
        for case in self.of["case-study"]:
            for practice in self.refs(case, case.fields.get("practices"), "practice") if not case.retired else ():
                self.trials[practice].append(case)
        self.knowers = self._knowers()
        self.places = self._places()

    def _inline_questions(self):
        """Questions within sessions are written there."""
        for session in [entry for entry in self.entries if entry.kind == "session"]:
            for asked in session.fields.get("questions", []):
                entry = self.ids.get(("question", key(f"{session.id}--{asked.get('id') or first_words(asked['text'])}")))
                if entry is not None and entry.inline:
                    begin = day_of(session.fields.get("start")) or day_of(session.derived["date"])
                    entry.fields = {"asked_on": begin and begin.isoformat(), **asked}
                    entry.session = session
                    for field in ("topics", "communities", "places"):
                        entry.fields[field] = session.fields.get(field, [])

    def find(self, name, *kinds):
        """What a name written in a field leads to: `folder/id`, else an id, else a synonym; none if it is not clear."""
        kinds = kinds or tuple(FOLDERS)
        folder, slash, id = name.partition("/")
        if slash and KINDS.get(folder) in kinds:
            kinds, name = (KINDS[folder],), id.rstrip("/").removesuffix(".md")
        found = [self.ids.get((kind, key(name))) or self.synonyms.get((kind, key(name))) for kind in kinds]
        found = [entry for entry in found if entry is not None]
        return found[0] if len(found) == 1 else None

    def refs(self, entry, names, *kinds):
        """What names lead to, each once."""
        found = (self.find(name, *kinds) for name in several(names))
        return list(dict.fromkeys(to for to in found if to is not None and to is not entry))

    def above(self, topics):
        """Topics, and every topic above them, each once."""
        found = []
        for topic in topics:
            while topic is not None and topic not in found:
                found.append(topic)
                topic = self.parent[topic]
        return found

    def depth(self, topic):
        return len(self.above([topic])) - 1

    def count(self, topic, kind):
        return len(self.below[topic, kind])

    def priority(self, topic):
        return next((above.fields["priority"] for above in self.above([topic]) if "priority" in above.fields), 1)

    # Days and states.

    def day(self, entry):
        if entry.kind == "session":
            return entry.day("start") or day_of(entry.derived["date"])
        return (entry.day("asked_on") if entry.kind == "question" else None) or entry.day("date") or day_of(entry.derived["date"])

    def series(self, session):
        return next(iter(self.refs(session, session.fields.get("series"), "series")), None)

    def last_day(self, session):
        """The last day of a session by its own clock: `end`, `minutes`, its series' usual length, one hour."""
        fields, series = session.fields, self.series(session)
        start, end = fields.get("start") or session.derived["date"], fields.get("end")
        if start is None:
            return None
        if len(start) == 10:
            return max(day_of(start), day_of(end) or day_of(start))
        if end is not None:
            return day_of(end)
        minutes = fields.get("minutes") or ((series.fields.get("default") or {}).get("minutes") if series else None) or 60
        return (datetime.fromisoformat(start) + timedelta(minutes=minutes - 1)).date()

    def state(self, session):
        fields, series = session.fields, self.series(session)
        said, last = fields.get("status"), self.last_day(session)
        moved = fields.get("start") and fields.get("previous_starts") and fields["start"] not in fields["previous_starts"]
        if said == "cancelled" or (said == "postponed" and not moved):
            return said
        if last is None:
            return "undated"
        if last < self.today:
            return "held"
        if series is not None and series.fields.get("status") == "cancelled":
            return "cancelled"
        return "tentative" if said == "tentative" else "scheduled"

    def held(self):
        return [session for session in self.of["session"] if self.state(session) == "held"]

    def series_state(self, series):
        if series.fields.get("status") == "cancelled":
            return "cancelled"
        sessions = [session for session in self.of["session"] if self.series(session) is series and self.last_day(session)]
        if series.fields.get("recurrence"):
            return series.derived["status"]
        start, end = series.day("start"), series.day("end") or max(map(self.last_day, sessions), default=None)
        if (start and self.today < start) or not (start or end or sessions):
            return "announced"
        return "finished" if end and end < self.today else "running"

    def status(self, question):
        fields = question.fields
        return fields.get("status") or ("answered" if fields.get("answer") or self.refs(question, fields.get("answers")) else "open")

    def is_open(self, question):
        return self.status(question) in ("open", "partly")

    def asked(self, question):
        return question.day("asked_on") or day_of(question.derived["date"])

    def times(self, question):
        return question.fields.get("asks", 1)

    def days_to_answer(self, question):
        """From asking to the first answer after it; else to the newest look, or the day it was updated."""
        asked = self.asked(question)
        if self.status(question) != "answered" or asked is None:
            return None
        answers = [day for day in map(self.day, self.refs(question, question.fields.get("answers"))) if day]
        looks = [day for day in (day_of(look.get("on")) for look in question.fields.get("checked", [])) if day and day >= asked]
        updated = question.day("updated")
        if any(day >= asked for day in answers):
            on = min(day for day in answers if day >= asked)
        elif looks:
            on = max(looks)
        elif updated and updated >= asked:
            on = updated
        else:
            on = asked if answers else None
        return on and (on - asked).days

    def _freshness(self, entry):
        """How fresh an entry is, and when it is to be looked at again."""
        review = entry.fields.get("review") or {}
        every = review.get("every") or (self.intervals.get(entry.kind) if entry.kind != "page" else None)
        if entry.kind in ("session", "case-study") or entry.retired or not every or (entry.kind == "question" and not self.is_open(entry)):
            return "exempt", None
        looks = [day for day in (day_of(look.get("on")) for look in review.get("log", [])) if day]
        since = max(looks, default=None) or entry.day("updated") or entry.day("date") or self.day(entry)
        if since is None:
            return "undated", None
        due = later(since, every)
        if due >= self.today:
            return ("due" if (due - self.today).days <= DUE_DAYS else "current"), due
        return ("expired" if later(due, every) < self.today else "overdue"), due

    def owner(self, entry):
        own = {"question": "owner", "topic": "steward"}.get(entry.kind)
        name = (entry.fields.get("review") or {}).get("owner") or entry.fields.get(own)
        return self.find(name, "person") if name else None

    def contradicted_by(self, practice):
        said = self.refs(practice, practice.fields.get("contradicts"), "practice")
        return said + [other for other in self.of["practice"] if practice in self.refs(other, other.fields.get("contradicts"), "practice")]

    def maturity(self, practice):
        def is_current(entry):
            return self.fresh[entry][0] in ("current", "due", "exempt") and not entry.retired

        cases = self.trials[practice]
        if not cases:
            return "initial"
        organizations = {who for case in cases for who in self.refs(case, case.fields.get("organizations"), "organization")}
        proven = len(cases) >= 3 and len(organizations) >= 3 and is_current(practice)
        return "validated" if proven and not any(map(is_current, self.contradicted_by(practice))) else "documented"

    # Voices.

    def _speaking(self, entry):
        fields = entry.fields
        names = list(several(fields.get("voices") if not entry.inline else entry.derived["voices"]))
        if entry.kind == "session":
            names += [speaker["voice"] for speaker in fields.get("speakers", []) if "voice" in speaker]
            names += [voice for voice, count in (fields.get("attendance") or {}).get("by_voice", {}).items() if count > 0]
            if self.state(entry) in ("cancelled", "postponed"):
                return []
        voices = self.refs(entry, names, "voice")
        for voice in voices:  # and those they are part of
            voices += [above for above in self.refs(voice, voice.fields.get("parent"), "voice") if above not in voices]
        return voices

    def _expected(self):
        expected = defaultdict(list)
        for stage in self.of["topic"] + self.of["community"]:
            field = "required_voices" if stage.kind == "topic" else "expected_voices"
            expected[stage] += self.refs(stage, stage.fields.get(field), "voice")
        for voice in self.of["voice"]:
            for stage in self.refs(voice, voice.fields.get("expected_in"), "community", "topic"):
                if voice not in expected[stage]:
                    expected[stage].append(voice)
        return expected

    def missing_in(self, voice):
        return [stage for stage, voices in self.expected.items() if voice in voices and not self.speaks[stage, voice]]

    def topic_cell(self, topic, voice):
        """What the cell of a topic and a voice says: its state, a number, and whether the voice is expected there."""
        expected = voice in self.expected[topic]
        if self.speaks[topic, voice]:
            return "speaks", self.speaks[topic, voice], expected
        if self.spoken_to[topic, voice]:
            return "addressed", self.spoken_to[topic, voice], expected
        return ("absent", None, True) if expected else (None, None, False)

    def session_cell(self, session, voice):
        expected = any(voice in self.expected[stage] for stage in self.communities[session] + self.direct[session])
        if voice in self.speaking[session]:
            return "speaks", None, expected
        if voice in self.addressed[session]:
            return "addressed", None, expected
        return ("absent" if self.speaking[session] else "not-noted", None, True) if expected else (None, None, False)

    # Who knows.

    def left(self, who):
        return who.kind == "person" and who.day("left_on") is not None and who.day("left_on") <= self.today

    def _knowers(self):
        """By topic and name: expertise, case studies, sessions, willing to talk."""
        knowers = defaultdict(lambda: defaultdict(lambda: [False, 0, 0, False]))
        for person in self.of["person"]:
            for topic in self.above(self.refs(person, person.fields.get("expertise"), "topic")):
                knowers[topic][person][0] = True
        for case in self.of["case-study"]:
            authors = self.refs(case, case.fields.get("authors"), "person")
            for who in authors + self.refs(case, case.fields.get("organizations"), "organization"):
                for topic in self.about[case]:
                    knowers[topic][who][1] += 1
                    knowers[topic][who][3] |= bool(case.fields.get("willing_to_talk")) and not self.left(who)
        for session in self.of["session"]:
            if self.state(session) in ("cancelled", "postponed"):
                continue
            speakers = session.fields.get("speakers", [])
            people = self.refs(session, [speaker["person"] for speaker in speakers if "person" in speaker], "person")
            for who in people + self.refs(session, [of["organization"] for of in speakers if "organization" in of], "organization"):
                for topic in self.about[session]:
                    knowers[topic][who][2] += 1
        return knowers

    def hold(self, topic):
        """How safe knowledge is: people stand with their organization."""
        knowers = self.knowers[topic]
        here = {next(iter(self.refs(who, who.fields.get("organization"), "organization")), who) if who.kind == "person" else who
                for who in knowers if not self.left(who)}
        return "nobody" if not knowers else "gone" if not here else "alone" if len(here) == 1 else "shared"

    # What stands in passing.

    def commitments(self):
        """Every one: its session, the fields, its address, and its state."""
        for session in self.of["session"]:
            for promised in session.fields.get("commitments", []):
                own = slug(promised["id"]) if promised.get("id") else first_words(promised["text"])
                due = day_of(promised.get("due"))
                state = "done" if promised.get("done") else "overdue" if due and due < self.today else "open"
                yield session, promised, (session.path, f"commitment-{own}"), state

    def texts(self, field, *kinds):
        return [(entry, text) for kind in kinds for entry in self.of[kind] for text in entry.fields.get(field, [])]

    def _places(self):
        places = defaultdict(list)
        for entry in self.entries:
            names = several(entry.fields.get("places"))
            names = names + several(entry.fields.get("place")) if entry.kind in ("organization", "person") else names
            for place in dict.fromkeys(map(slug, names)):
                if place:
                    places[place].append(entry)
        return places

    def years(self):
        years = defaultdict(list)
        for entry in self.counted:
            if self.day(entry):
                years[self.day(entry).year].append(entry)
        return years

    def queue(self):
        return [entry for entry in self.entries if self.fresh[entry][0] in ("due", "overdue", "expired")]

    def unwritten(self):
        """Sessions held more than two weeks ago of which nothing is written, and days of series without even a file."""
        found = []
        for session in self.held():
            fields = session.fields
            written = session.derived["words"] or any(fields.get(field) for field in ("takeaways", "decisions", "lessons", "materials"))
            if not written and (self.today - self.last_day(session)).days > NOTES_DAYS:
                found.append(session.path)
        for series in self.of["series"]:
            rule = (series.fields.get("recurrence") or {}).get("rrule")
            if rule and series.day("start"):
                days = recurring(rule, series.day("start"), min(self.today - timedelta(days=NOTES_DAYS + 1), series.day("end") or self.today))
                extra = {day_of(day) for day in series.fields["recurrence"].get("extra", [])}
                days = set(days or ()) | {day for day in extra if (self.today - day).days > NOTES_DAYS}
                days -= {day_of(day) for day in series.fields["recurrence"].get("except", [])}
                for session in self.of["session"]:
                    if self.series(session) is series:
                        by_uid = re.search(r"-(\d{8})@", session.fields.get("uid") or "")
                        by_uid = by_uid and datetime.strptime(by_uid.group(1), "%Y%m%d").date()
                        before = [day_of(day) for day in session.fields.get("previous_starts", [])]
                        days.discard(session.day("occurrence") or by_uid or (before[0] if before else self.day(session)))
                found += [series.path] * len(days)
        return found

    def not_delivered(self):
        """Topics of curricula that no session of the series is about, or about what is below them, held or to come."""
        for series in self.of["series"]:
            if self.series_state(series) not in ("running", "finished"):
                continue
            sessions = [session for session in self.of["session"] if self.series(session) is series]
            given = {topic for session in sessions if self.state(session) in ("held", "scheduled", "tentative") for topic in self.about[session]}
            for topic in self.refs(series, series.fields.get("curriculum"), "topic"):
                if topic not in given:
                    yield series.path, f"{series.title} has no session about {topic.title}."

    def untranscribed(self):
        for session in self.held():
            materials = {material.get("type") for material in session.fields.get("materials", [])}
            if "recording" in materials and not materials & {"transcript", "captions"}:
                yield session.path


# ---- Families of pages -----------------------------------------------------------------------------------------------

class Check:
    def __init__(self, site, knowledge, record):
        self.site, self.k, self.record = site, knowledge, record
        self.totals = {}

    def same(self, family, page, what, says, recount):
        self.record.same(family, getattr(page, "path", page), what, says, recount)

    def list(self, family, path, items, expected, total, groups=True):
        """A list in one order: everything in it once, under its heading, on all of its pages; gives the pages.

        `items` reads a part of a page; `expected` has what should stand under each heading: by its text, or by where it
        leads where it is a link."""
        expected = {heading: list(of) for heading, of in expected.items() if of}
        pages = self.site.pages(family, path)
        if bool(pages) != bool(expected):
            self.same(family, path, "is there", bool(pages), bool(expected))
        if not pages:
            return []
        found, says = defaultdict(list), {}
        for page in pages:
            if page.total() is not None or page.main.first(".index-total"):
                self.same(family, page, "total", page.total(), total)
            for title, to, count, part in page.parts():
                heading = (to or title) if groups else ""
                of = items(page, part)
                found[heading] += of
                if count is not None:
                    self.same(family, page, f"number beside {title!r}", count, len(expected.get(heading, [])))
        for heading in dict.fromkeys([*expected, *found]):
            self.record.once(family, path, f"under {heading!r}" if heading else "listed", found[heading], expected.get(heading, []))
        return pages

    def tally(self, family, pages, expected):
        for page in pages[:1]:
            says = page.tally()
            for code in dict.fromkeys([*says, *expected]):
                self.same(family, page, f"tally of {code!r}", says.get(code, 0), expected.get(code, 0))

    def counts(self, family, page, inside, expected):
        """A strip of counts by kind."""
        strip = inside.first(".counts") if inside else None
        lines = strip.all("li") if strip else ()
        says = {OF_NOUN[line.first(".count-label").words().removesuffix(": none yet")]: line.first(".count-n").number() for line in lines}
        for kind in dict.fromkeys([*says, *expected]):
            self.same(family, page, f"number of {NOUNS[kind][1]}", says.get(kind), expected.get(kind))

    # Topics.

    def topics(self):
        family, k = "topics", self.k
        columns = [kind for kind in COUNTED if k.of[kind]]
        rows = []
        for page in self.site.pages(family, "topics/"):
            self.same(family, page, "total", page.total(), len(k.of["topic"]))
            for table in page.main.all(".topic-table"):
                names = [name.words() for name in table.all(".column-name")]
                self.same(family, page, "columns", names, [NOUNS[kind][1].capitalize() for kind in columns])
                for row in table.first("tbody").all("tr"):
                    path = page.entry(row.first("th"))
                    topic = k.by_path.get(path)
                    rows.append(path)
                    if topic in k.parent:
                        self.same(family, page, f"depth of {topic.title!r}", row.code("depth-"), str(k.depth(topic)))
                        for kind, cell in zip(columns, row.all("td")):
                            self.same(family, page, f"{NOUNS[kind][1]} in the row of {topic.title!r}", cell.number(), k.count(topic, kind))
        self.record.once(family, "topics/", "rows", rows, [topic.path for topic in k.of["topic"]])
        for topic in k.of["topic"]:
            self.topic(topic)

    def topic(self, topic):
        family, k = "topic pages", self.k
        page = self.site.page(family, topic.path)
        if page is None:
            return self.same(family, topic.path, "is there", False, True)
        self.counts(family, page, page.main.first("header"), {kind: k.count(topic, kind) for kind in COUNTED if k.of[kind]})
        children = [child for child in k.of["topic"] if k.parent[child] is topic]
        lines = {page.entry(line): line.first(".count") for line in page.main.all(".topic-line")}
        self.record.once(family, page.path, "topics below", list(lines), [child.path for child in children])
        for child in children:
            count = lines.get(child.path)
            self.same(family, page, f"number beside {child.title!r}", count.number() if count else 0, sum(k.count(child, kind) for kind in COUNTED))
        for kind in COUNTED:
            self.long_list(family, page, f"fm-part-{FOLDERS[kind]}", f"{topic.path}{FOLDERS[kind]}/", [of.path for of in k.below[topic, kind]])
        self.who_knows_topic(topic, page)
        self.voices_of_topic(topic, page)

    def long_list(self, family, page, id, path, expected):
        """A list that stands on the page of an entry, and goes on on pages of its own where it is long."""
        part = page.part(id)
        count, more = part and part.first(".count"), part and part.first(".more")
        shown = page.cards(part) if part else []
        self.same(family, page, f"number in {id}", count.number() if count else len(shown), len(expected))
        self.same(family, page, f"entries shown in {id}", len(shown), min(SHORT, len(expected)))
        self.same(family, page, f"entries in {id} that do not belong there", sorted(set(shown) - set(expected)), [])
        if len(expected) > SHORT:
            self.same(family, page, f"all there are in {id}", more and more.number(), len(expected))
            self.list(family, path, lambda page, part: page.cards(part), {"": expected}, len(expected), groups=False)

    def knower(self, family, page, topic, line):
        """The reasons why somebody is said to know."""
        who = self.k.by_path.get(page.entry(line))
        expertise, cases, sessions, willing = self.k.knowers[topic].get(who, [False, 0, 0, False])
        facts = line.first(".person-facts")
        text = facts.words() if facts else ""
        numbers = [re.search(wanted, text) for wanted in (r"(\d+) case stud", r"spoke in (\d+) session")]
        says = ["expertise" in text, *(int(found.group(1)) if found else 0 for found in numbers), line.first(".will-talk") is not None, "left on" in text]
        for what, said, recount in zip(
            ("expertise", "case studies", "sessions", "willing to talk", "has left"),
            says, [expertise, cases, sessions, willing, who is not None and self.k.left(who)],
        ):
            self.same(family, page, f"{what} of {line.first('a').words() if line.first('a') else '?'!r} in {topic.title!r}", said, recount)
        return page.entry(line)

    def knowers(self, family, page, topic, inside):
        """Those who know, the surest first: who is still there, who says so, who has most to show."""
        people = inside.first(".people") if inside else None
        shown = [self.knower(family, page, topic, line) for line in (people.all("li") if people else ())]
        of = self.k.knowers[topic]

        def rank(who):
            return (self.k.left(who), not of[who][0], -of[who][1] - of[who][2]) if who in of else None

        self.same(family, page, f"how sure those are who know about {topic.title!r}", [rank(self.k.by_path.get(path)) for path in shown], sorted(map(rank, of))[:len(shown)])
        self.same(family, page, f"somebody is named who knows about {topic.title!r}", bool(shown), bool(of))
        self.same(family, page, f"each of those who know about {topic.title!r} once", len(set(shown)), len(shown))
        more = inside.first(".more") if inside else None
        self.same(family, page, f"all who know about {topic.title!r}", more.number() if more else len(shown), len(of))

    def who_knows_topic(self, topic, page):
        family, k = "topic pages", self.k
        part, hold = page.part("fm-part-who-knows"), k.hold(topic)
        if part is None:
            total = sum(k.count(topic, kind) for kind in COUNTED)
            return self.same(family, page, "nobody knows, and there is nothing to know", hold == "nobody" and total == 0, True)
        state = part.first(".state")
        says = state.code("state-") if state else "nobody" if part.first(".missing") else "shared"
        self.same(family, page, "how safe the knowledge is", says, hold)
        self.knowers(family, page, topic, part)
        if len(k.knowers[topic]) > SHORT:
            self.list(family, f"{topic.path}who-knows/", lambda page, part: page.cards(part),
                      {"": [who.path for who in k.knowers[topic]]}, len(k.knowers[topic]), groups=False)

    def voices_of_topic(self, topic, page):
        family, k = "topic pages", self.k
        part, says = page.part("fm-part-voices"), defaultdict(list)
        for line in part.all("p") if part else ():
            which = "missing" if "absent-list" in line.classes else "addressed" if line.words().startswith("Written for") else "heard"
            says[which] += [page.entry(link) for link in line.all("a")]
        heard = [voice for voice in k.of["voice"] if k.speaks[topic, voice]]
        recount = {
            "heard": heard,
            "addressed": [voice for voice in k.of["voice"] if voice not in heard and k.spoken_to[topic, voice]],
            "missing": [voice for voice in k.expected[topic] if voice not in heard],
        }
        for which, voices in recount.items():
            self.same(family, page, f"voices {which}", len(says[which]), len(voices))
            self.record.once(family, page.path, f"voices {which}", says[which], [voice.path for voice in voices])

    # Questions.

    WORDS = {"open": "Open", "partly": "Partly answered", "answered": "Answered", "already-known": "Already known", "parked": "Parked"}

    def question_lines(self, page, part):
        family, k = "questions", self.k
        lines = [line for line in part.all(".line")]
        for line in lines:
            question = k.by_path.get(page.entry(line.first(".line-text")))
            if question is None or question.kind != "question":
                continue
            facts = "; ".join(fact.words() for fact in line.first(".row-facts").all("span"))
            asked, days = re.search(r"\basked (\d+) times", facts), re.search(r"answered after (-?\d+) day", facts)
            self.same(family, page, f"state of {question.id}", line.code("line-"), k.status(question))
            self.same(family, page, f"word for the state of {question.id}", line.first(".state").words(), self.WORDS[k.status(question)])
            self.same(family, page, f"times asked of {question.id}", int(asked.group(1)) if asked else 1, k.times(question))
            self.same(family, page, f"days to answer {question.id}", days and int(days.group(1)), k.days_to_answer(question))
        return [page.entry(line.first(".line-text")) for line in lines]

    def questions(self):
        family, k, questions = "questions", self.k, self.k.of["question"]
        by_state, by_times = defaultdict(list), defaultdict(list)
        for question in questions:
            by_state[self.WORDS[k.status(question)]].append(question.path)
            by_times["Asked once" if k.times(question) == 1 else f"Asked {k.times(question)} times"].append(question.path)
        days = sorted(days for days in map(k.days_to_answer, questions) if days is not None)
        for path, expected in (("questions/", by_state), ("questions/by-age/", by_state), ("questions/by-times-asked/", by_times)):
            pages = self.list(family, path, self.question_lines, expected, len(questions))
            self.tally(family, pages, Counter(map(k.status, questions)))
            for page in pages[:1]:
                note = page.main.first(".index-note")
                self.same(family, page, "answers whose day is known, and the median of days", [int(n) for n in re.findall(r"\d+", note.words())] if note else [],
                          [len(days), days[(len(days) - 1) // 2]] if days else [])
        for question in questions:
            page = self.site.page(family, question.path)
            if page is None:
                self.same(family, question.path, "is there", False, True)
                continue
            line = page.main.first(".question-line")
            found = re.search(r"answered after (\d+) day", line.words())
            self.same(family, page, "state", line.first(".state").code("state-"), k.status(question))
            self.same(family, page, "days to answer", found and int(found.group(1)), k.days_to_answer(question))

    # Registers.

    def commitments(self):
        family, k = "commitments", self.k
        words = {"overdue": "Overdue", "open": "Open", "done": "Done"}
        by_state, by_who, by_session, states, rest = defaultdict(list), defaultdict(list), defaultdict(list), Counter(), []
        for session, promised, address, state in k.commitments():
            item = (*address, state)
            states[state] += 1
            by_state[words[state]].append(item)
            by_session[session.path].append(item)
            whom = k.refs(session, promised.get("by"), "person", "organization", "voice")
            for who in whom:
                by_who[who.path].append(item)
            if not whom:
                rest.append(item)
        if by_who:
            by_who["Nobody is named"] += rest
        self.totals["commitments/"] = sum(states.values())
        for path, expected in (("commitments/", by_state), ("commitments/by-who/", by_who), ("commitments/by-session/", by_session)):
            pages = self.list(family, path, self.promised, expected, sum(states.values()))
            self.tally(family, pages, states)

    @staticmethod
    def promised(page, part):
        return [(*page.to(line.first(".line-text").first("a")), line.code("line-")) for line in part.all(".line")]

    @staticmethod
    def said(page, part):
        return [(line.first(".line-text").words(), page.entry(line.first(".row-facts"))) for line in part.all(".line")]

    def sayings(self, family, field, kinds, order, owners):
        """Lessons or takeaways: by year, and under each of what they belong to."""
        k, by_year, by_owner, rest = self.k, defaultdict(list), defaultdict(list), []
        all = k.texts(field, *kinds)
        for entry, text in all:
            item = (re.sub(r"\s+", " ", text).strip(), entry.path)
            by_year[str(k.day(entry).year) if k.day(entry) else "Without a date"].append(item)
            belongs = owners(entry)
            for owner in belongs:
                by_owner[owner.title].append(item)
            if not belongs:
                rest.append(item)
        if by_owner:
            by_owner["Without a topic" if order == "by-topic" else "Outside a series"] += rest
        self.totals[f"{family}/"] = len(all)

        # The heading of a series or a topic may or may not be a link.
        titles = {entry.path: entry.title for entry in k.entries}
        for path, expected in ((f"{family}/", by_year), (f"{family}/{order}/", by_owner)):
            pages = self.site.pages(family, path)
            linked = any(to for page in pages for _, to, _, _ in page.parts())
            paths = {title: path for path, title in titles.items() if k.by_path[path].kind in ("topic", "series")}
            self.list(family, path, self.said, {paths.get(title, title) if linked else title: of for title, of in expected.items()}, len(all))

    def lessons(self):
        self.sayings("lessons", "lessons", ("session", "case-study"), "by-topic", lambda entry: self.k.direct[entry])

    def takeaways(self):
        self.sayings("takeaways", "takeaways", ("session",), "by-series", lambda entry: several(self.k.series(entry)))

    def success(self):
        family, k = "success", self.k
        by_community, by_audience, rest = defaultdict(list), defaultdict(list), []
        for community in k.of["community"]:
            for measure in community.fields.get("success", []):
                due = day_of(measure.get("due"))
                state = "reported" if measure.get("status") else "overdue" if due and due < k.today else "not reported"
                item = (re.sub(r"\s+", " ", measure["measure"]).strip(), state)
                by_community[community.path].append(item)
                audience = k.refs(community, measure.get("audience"), "voice")
                for voice in audience:
                    by_audience[voice.path].append(item)
                if not audience:
                    rest.append(item)
        if by_audience:
            by_audience["For everyone"] += rest

        def items(page, part):
            for row in part.first("tbody").all("tr"):
                missing = row.first(".missing-no-status")
                state = "reported" if missing is None else "not reported" if missing.words() == "not reported yet" else "overdue"
                yield row.first("th").words(("cell-note",)), state

        total = sum(map(len, by_community.values()))
        self.totals["success/"] = total
        self.list(family, "success/", lambda page, part: list(items(page, part)), by_community, total)
        self.list(family, "success/by-audience/", lambda page, part: list(items(page, part)), by_audience, total)

    def review_item(self, entry):
        return entry.path, *map(str, self.k.fresh[entry])

    @staticmethod
    def review_lines(page, part):
        lines = []
        for line in part.all(".line"):
            time = line.first("time")
            lines.append((page.entry(line.first(".line-text")), line.code("line-"), time and time.attributes["datetime"]))
        return lines

    def reviews(self):
        family, k = "reviews", self.k
        words = {"expired": "Long overdue for review", "overdue": "Overdue for review", "due": "Due for review"}
        by_owner, by_due = defaultdict(list), defaultdict(list)
        for entry in k.queue():
            owner = k.owner(entry)
            by_owner[owner.path if owner else "Nobody looks after these"].append(self.review_item(entry))
            by_due[words[k.fresh[entry][0]]].append(self.review_item(entry))
        self.totals["reviews/"] = len(k.queue())
        for path, expected in (("reviews/", by_owner), ("reviews/by-due/", by_due)):
            pages = self.list(family, path, self.review_lines, expected, len(k.queue()))
            self.tally(family, pages, Counter(k.fresh[entry][0] for entry in k.queue()))

    def promises(self):
        family, k = "promises", self.k
        expected = {
            "not written up": [(path,) for path in k.unwritten()],
            "not delivered": list(k.not_delivered()),
            "no transcript": [(path,) for path in k.untranscribed()],
            "commitments": [(*address, state) for _, _, address, state in k.commitments() if state == "overdue"],
            "reviews": [self.review_item(entry) for entry in k.queue() if k.fresh[entry][0] != "due"],
        }
        total = sum(map(len, expected.values()))
        self.totals["promises/"] = total
        found, pages = defaultdict(list), self.site.pages(family, "promises/")
        if bool(pages) != bool(total):
            self.same(family, "promises/", "is there", bool(pages), bool(total))
        for page in pages:
            self.same(family, page, "total", page.total(), total)
            for title, _, count, part in page.parts():
                sort = None
                for missing in part.all(".missing"):
                    ask = page.entry(missing.first(".missing-ask"))
                    code = missing.code("missing-")
                    sort = {"not-written-up": "not written up", "no-session": "not delivered", "no-transcript": "no transcript"}.get(code, code)
                    said = (missing.first(".missing-what") or missing.first(".missing-ask")).words()
                    found[sort].append((ask, said) if sort == "not delivered" else (ask,))
                if part.first(".reviews"):
                    sort = "reviews"
                    found[sort] += self.review_lines(page, part)
                elif part.first(".lines"):
                    sort = "commitments"
                    found[sort] += self.promised(page, part)
                self.same(family, page, f"number beside {title!r}", count, len(expected.get(sort, [])))
        for sort in dict.fromkeys([*expected, *found]) if pages else ():
            self.record.once(family, "promises/", sort, found[sort], expected.get(sort, []))

    # Voices.

    def voices(self):
        family, k = "voices", self.k
        noted = defaultdict(list)
        for session in k.held():
            if k.speaking[session]:
                noted[k.day(session).year].append(session)
        years, rows = sorted(noted, reverse=True)[:YEARS], []
        for page in self.site.pages(family, "voices/"):
            self.same(family, page, "total", page.total(), len(k.of["voice"]))
            for row in (row for table in page.main.all(".voice-summary") for row in table.first("tbody").all("tr")):
                path = page.entry(row.first("th"))
                voice = k.by_path.get(path)
                rows.append(path)
                if voice is None:
                    continue
                missing, *cells = row.all("td")
                absent = k.missing_in(voice)
                shown = [page.entry(link) for link in missing.all("a")]
                more = re.search(r"and (\d+) more", missing.words(("absent",)))
                self.same(family, page, f"where {voice.title!r} is missing", len(shown) + (int(more.group(1)) if more else 0), len(absent))
                self.same(family, page, f"how many of them are named for {voice.title!r}", len(set(shown)), min(ABSENT, len(absent)))
                self.same(family, page, f"where {voice.title!r} is not missing", sorted(set(shown) - {stage.path for stage in absent}), [])
                numbers = [[int(n) for n in re.findall(r"\d+", cell.words())] for cell in cells]
                recount = [
                    [sum(voice in k.speaking[entry] for entry in k.counted)],
                    [sum(voice in k.addressed[entry] for entry in k.counted)],
                    *([sum(voice in k.speaking[session] for session in noted[year]), len(noted[year])] for year in years),
                ]
                for what, says, counted in zip(["speaks in", "only addressed in", *years], numbers, recount):
                    self.same(family, page, f"{voice.title!r}, {what}", says, counted)
                self.same(family, page, f"numbers in the row of {voice.title!r}", len(numbers), len(recount))
        self.record.once(family, "voices/", "rows", rows, [voice.path for voice in k.of["voice"]])
        self.cells("voices by topic", "voices/by-topic/", k.of["topic"], k.topic_cell)
        self.cells("voices by session", "voices/by-session/", k.held(), k.session_cell)

    def cells(self, family, path, rows, recount):
        k, seen = self.k, []
        for page in self.site.pages(family, path):
            for title, _, count, part in page.parts():
                self.same(family, page, f"number beside {title!r}", count, len(rows))
                table = part.first(".voice-table")
                columns = [k.by_path.get(page.entry(head)) for head in list(table.first("thead").all("th"))[1:]]
                for row in table.first("tbody").all("tr"):
                    entry = k.by_path.get(page.entry(row.first("th")))
                    cells = list(row.all("td"))
                    self.same(family, page, f"cells in the row of {entry}", len(cells), len(columns))
                    for voice, cell in zip(columns, cells):
                        mark, n = cell.first(".presence"), cell.first(".presence-n")
                        codes = [name[9:] for name in mark.classes if name.startswith("presence-")] if mark else []
                        state = next((code for code in codes if code != "expected"), None)
                        says = (state, n.number() if n else None, "expected" in codes)
                        seen.append((entry, voice))
                        self.same(family, page, f"{entry}, {voice}", says, recount(entry, voice))
        self.record.once(family, path, "cells", seen, [(row, voice) for row in rows for voice in k.of["voice"]])

    # Who knows.

    def who_knows(self):
        family, k = "who knows", self.k
        topics = k.of["topic"]
        holds = Counter(map(k.hold, topics))
        words = {"gone": "Everybody has left", "alone": "Hangs on one", "nobody": "Nobody known", "shared": "In several hands"}
        known = any(k.knowers[topic] for topic in topics)
        if not known:
            return self.same(family, "who-knows/", "is there", bool(self.site.pages(family, "who-knows/")), False)
        self.totals["who-knows/"] = len(topics)

        def lines(page, part):
            paths = []
            for line in part.all(".line"):
                paths.append(page.entry(line.first(".line-text")))
                topic = k.by_path.get(paths[-1])
                if topic is not None:
                    self.same(family, page, f"how safe {topic.title!r} is", line.first(".state").code("state-"), k.hold(topic))
                    self.knowers(family, page, topic, line)
            return paths

        by_dimension = defaultdict(list)
        for topic in topics:
            dimension = k.above([topic])[-1].fields.get("dimension", "topic")
            by_dimension["Topics" if dimension == "topic" else dimension.replace("-", " ").capitalize()].append(topic.path)
        if len(by_dimension) == 1:
            by_dimension = {"Topics": [topic.path for topic in topics]}
        pages = self.list(family, "who-knows/", lines, by_dimension, len(topics))
        self.tally(family, pages, holds)
        at_risk = {words[hold]: [topic.path for topic in topics if k.hold(topic) == hold] for hold in words if hold != "shared"}
        self.tally(family, self.list(family, "who-knows/at-risk/", lines, at_risk, len(topics)), holds)

        def names(page, part):
            paths = []
            for line in part.all(".line"):
                paths.append(page.entry(line.first(".line-text")))
                who = k.by_path.get(paths[-1])
                shown = [page.entry(link) for link in line.first(".line-more").all("a")]
                more = re.search(r"and (\d+) more topic", line.first(".line-more").words())
                knows = {topic.path for topic in topics if who in k.knowers[topic]}
                self.same(family, page, f"topics of {who}", len(shown) + (int(more.group(1)) if more else 0), len(knows))
                self.same(family, page, f"topics named with {who}", len(set(shown)), min(NAMED, len(knows)))
                self.same(family, page, f"topics of {who} that are not", sorted(set(shown) - knows), [])
                self.same(family, page, f"{who} has left", "person-left" in line.classes, k.left(who))
                willing = any(k.knowers[topic][who][3] for topic in topics if who in k.knowers[topic])
                self.same(family, page, f"{who} is willing to talk", line.first(".will-talk") is not None, willing)
            return paths

        knowing = {who for topic in topics for who in k.knowers[topic]}
        by_name = {heading: [who.path for who in knowing if who.kind == kind] for heading, kind in (("People", "person"), ("Organizations", "organization"))}
        self.tally(family, self.list(family, "who-knows/by-name/", names, by_name, len(topics)), holds)

    # Names, places, years.

    def a_z(self):
        family, k, expected = "a to z", self.k, defaultdict(list)
        for entry in k.entries:
            if not entry.path:
                continue
            expected[letter(entry.title)].append(("title", re.sub(r"\s+", " ", entry.title).strip(), entry.path))
            for synonym in entry.fields.get("synonyms", []):
                if key(synonym) != key(entry.title):
                    expected[letter(synonym)].append(("see", re.sub(r"\s+", " ", synonym).strip(), entry.path))

        def items(page, part):
            lines = []
            for line in (line for titles in part.all(".titles") for line in titles.all("li")):
                see = line.first(".see-from")
                lines.append(("see" if see else "title", (see or line.first("a")).words(), page.entry(line)))
            return lines

        pages = self.list(family, "a-z/", items, expected, sum(map(len, expected.values())))
        lists = {f"{FOLDERS[kind]}/": len(of) for kind, of in k.of.items() if kind != "page" and of}
        lists |= {path: total for path, total in self.totals.items() if total}
        for page in pages[:1]:
            stock = page.main.first(".counts")
            says = {page.entry(line): line.first(".count-n").number() for line in stock.all("li")}
            for path in dict.fromkeys([*says, *lists]):
                self.same(family, page, f"number of the list /{path}", says.get(path), lists.get(path))

    def counted(self, family, path, expected, groups):
        """Places or years: the list of them, and a page of each; `expected` has the entries of each by its address."""
        expected = {f"{path}{name}/": of for name, of in expected.items()}
        self.totals[path] = len(expected)

        def lines(page, part):
            paths = []
            for line in (line for counted in part.all(".counted") for line in counted.all("li")):
                paths.append(page.entry(line))
                kinds = Counter(entry.kind for entry in expected.get(paths[-1], ()))
                says = {OF_NOUN[label]: int(n) for n, label in (of.words().split(" ", 1) for of in line.first(".row-facts").all("span"))}
                self.same(family, page, f"number beside /{paths[-1]}", line.first(".count").number(), kinds.total())
                for kind in dict.fromkeys([*says, *kinds]):
                    self.same(family, page, f"number of {NOUNS[kind][1]} beside /{paths[-1]}", says.get(kind, 0), kinds[kind])
            return paths

        self.list(family, path, lines, {"": list(expected)}, len(expected), groups=False)
        for address, entries in expected.items():
            parts = defaultdict(list)
            for entry in entries:
                parts[groups(entry)].append(entry.path)
            pages = self.list(family, address, lambda page, part: page.cards(part), parts, len(entries))
            for page in pages[:1]:
                self.counts(family, page, page.main, Counter(entry.kind for entry in entries))

    def places(self):
        self.counted("places", "places/", self.k.places, lambda entry: NOUNS[entry.kind][1].capitalize())

    def years(self):
        def month(entry):
            return f"{MONTHS[self.k.day(entry).month - 1]} {self.k.day(entry).year}"

        self.counted("years", "years/", self.k.years(), month)

    # Indexes of kinds.

    def indexes(self):
        k = self.k
        maturities = {"validated": "Validated", "documented": "Documented", "initial": "Initial"}
        practices = [practice for practice in k.of["practice"] if not practice.retired]

        def grouped(kind, *names):
            groups = defaultdict(list)
            for entry in k.of[kind]:
                for name in names[0](entry):
                    groups[name].append(entry.path)
            return groups

        def year(entry):
            return str(k.day(entry).year) if k.day(entry) else "Without a date"

        def session_part(session):
            last = k.last_day(session)
            return ["No date yet" if last is None else "Coming up" if last >= k.today else year(session)]

        def or_else(names, otherwise):
            return names or [otherwise]

        spelled = defaultdict(Counter)
        for entry in k.entries:
            for name in several(entry.fields.get("places")) + (several(entry.fields.get("place")) if entry.kind in ("organization", "person") else []):
                spelled[slug(name)][name.strip()] += 1
        place = {of: re.sub(r"\s+", " ", min(names, key=lambda name: (-names[name], name))) for of, names in spelled.items()}

        def by_letter(kind):
            return (lambda entry: [letter(entry.title)]) if len(k.of[kind]) > 2 * SHORT else (lambda entry: [""])

        orders = [
            ("session", "", session_part),
            ("session", "by-series/", lambda entry: or_else([series.title for series in several(k.series(entry))], "Outside a series")),
            ("practice", "", lambda entry: ["No longer current" if entry.retired else maturities[k.maturity(entry)]]),
            ("practice", "by-title/", by_letter("practice")),
            ("case-study", "", lambda entry: [year(entry)]),
            ("case-study", "by-place/", lambda entry: or_else([place[of] for of in dict.fromkeys(map(slug, several(entry.fields.get("places")))) if of], "Without a place")),
            ("case-study", "by-organization/", lambda entry: or_else(
                [of.title for of in k.refs(entry, entry.fields.get("organizations"), "organization")], "Without an organization")),
            ("series", "", lambda entry: [k.series_state(entry).capitalize()]),
            *((kind, "", by_letter(kind)) for kind in ("resource", "organization", "person", "community")),
        ]
        for kind, order, names in orders:
            family = f"{NOUNS[kind][1]}"
            expected = grouped(kind, names)
            if order in ("by-series/", "by-place/", "by-organization/") and all(name.startswith(("Outside", "Without")) for name in expected):
                expected = {}
            pages = self.list(family, f"{FOLDERS[kind]}/{order}", lambda page, part: page.cards(part), expected, len(k.of[kind]))
            if kind == "practice":
                self.tally(family, pages, Counter(map(k.maturity, practices)))

    # The data file itself.

    def data(self):
        family, k, file = "data", self.k, "data/entries.json"
        for entry in k.entries:
            derived = entry.derived

            def says(what, recount):
                self.same(family, file, f"{what} of {entry}", derived[what], recount)

            self.record.once(family, file, f"topics of {entry}", derived["topics"], [topic.id for topic in k.direct[entry]])
            self.record.once(family, file, f"communities of {entry}", derived["communities"], [of.id for of in k.communities[entry]])
            says("freshness", k.fresh[entry][0])
            says("next_review", k.fresh[entry][1] and k.fresh[entry][1].isoformat())
            says("date", k.day(entry) and k.day(entry).isoformat() if k.day(entry) or derived["date"] is None else entry.fields.get("updated"))
            if entry.kind == "session":
                says("status", k.state(entry))
                says("series", k.series(entry) and k.series(entry).id)
                says("commitments", [{"id": address[1], "state": state} for session, _, address, state in k.commitments() if session is entry])
            elif entry.kind == "practice":
                says("maturity", k.maturity(entry))
                says("grade", max((of.get("grade", 0) for of in entry.fields.get("evidence", [])), default=0))
                self.record.once(family, file, f"case studies of {entry}", derived["case_studies"], [case.id for case in k.trials[entry]])
            elif entry.kind == "series":
                says("status", k.series_state(entry))
                says("sessions", sum(k.series(session) is entry for session in k.of["session"]))
            elif entry.kind == "topic":
                says("parent", k.parent[entry] and k.parent[entry].id)
                says("priority", k.priority(entry))
                says("counts", {kind: k.count(entry, kind) for kind in COUNTED})
            elif entry.kind == "question":
                says("status", k.status(entry))
                says("asked_on", entry.fields.get("asked_on"))

    def all(self):
        self.data()
        self.topics()
        self.questions()
        self.commitments()
        self.lessons()
        self.takeaways()
        self.success()
        self.reviews()
        self.promises()
        self.voices()
        self.who_knows()
        self.places()
        self.years()
        self.indexes()
        self.a_z()


def recount(folder, config=None):
    """Compares a site with what its authors wrote, and gives what was found."""
    intervals = dict(USUAL_INTERVALS)
    if config:
        with open(config, "rb") as file:
            intervals |= tomllib.load(file).get("review", {})
    with open(os.path.join(folder, "data", "entries.json"), encoding="utf-8") as file:
        data = json.load(file)
    record = Record()
    Check(Site(folder, record), Knowledge(data, intervals), record).all()
    return record


def main():
    arguments = argparse.ArgumentParser(description="Recounts every number on the index pages of a built site.")
    arguments.add_argument("folder", metavar="DIR", help="the folder of a built site")
    arguments.add_argument("--config", metavar="FILE", help="its folkmoot.toml, for review intervals")
    arguments.add_argument("--all-families", action="store_true", help="also fail where the site has no page of some family")
    given = arguments.parse_args()
    record = recount(given.folder, given.config)
    for difference in record.differences:
        print(difference)
    families = dict.fromkeys([*FAMILIES, *record.compared, *record.pages])
    silent = record.silent()
    absent = [family for family in families if not record.compared[family]] if given.all_families else []
    for family in families:
        print(f"  {family}: {record.compared[family]} numbers on {record.pages[family]} pages")
    for family in silent:
        print(f"Nothing was compared on the {record.pages[family]} pages of {family}.")
    for family in absent:
        print(f"Nothing of {family} is in this site.")
    print(f"{record.compared.total()} numbers compared, {len(record.differences)} differ")
    sys.exit(1 if record.differences or silent or absent else 0)


FAMILIES = [
    "data", "topics", "topic pages", "questions", "commitments", "lessons", "takeaways", "success", "reviews", "promises", "voices",
    "voices by topic", "voices by session", "who knows", "places", "years", "sessions", "practices", "case studies", "series",
    "resources", "organizations", "people", "communities", "a to z",
]

if __name__ == "__main__":
    main()

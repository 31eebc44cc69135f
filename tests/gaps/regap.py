#!/usr/bin/env python3
"""Works out every gap map of a built site anew, from what authors wrote, and compares.

    tests/gaps/regap.py DIR --config FOLDER/folkmoot.toml [--dump]

DIR is a built site; maps are read from its settings. Entries come from DIR/data/entries.json, and of them the fields as
authors wrote them, read the way recount.py does. Only what the fields alone cannot say is taken as the program derived
it: days that stand in file names, what is archived or superseded, and the planned days of series that recur.

What is compared is DIR/data/MAP/gaps.json, placements.csv, and matrix.csv where there is one. All numbers are fractions
until they are held against the file, so a half that was rounded the wrong way is seen.

Prints each difference on a line and how many values of each sort were compared for each map. Ends with 1 where anything
differs, or where nothing of a map was compared. --dump prints the maps as they should be instead. Needs Python 3.11.
"""

import argparse
import csv
import json
import os
import sys
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import zip_longest
from math import floor
from urllib.parse import unquote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "recount"))
import recount  # noqa: E402 (it lies in the folder that was just named)

# In the order of SPEC section 8's table, and in the order in which the next step looks for them.
LETTERS = "ATSEUOQVRCXP"
STEPS = "CAVESUOQXRTP"
# The columns of a map of kinds, and what may be supply at all.
SUPPLY = ["session", "case-study", "practice", "resource"]
INCLUDED = ["practice", "case-study", "resource", "session", "question"]
TARGETS = {0: 0, 1: 2, 2: 4, 3: 6}
WEIGHTS = {"practice": 3, "case-study": 2, "resource": 1, "session": 1}
FACTORS = {
    "current": Fraction(1), "exempt": Fraction(1), "due": Fraction(3, 4), "undated": Fraction(3, 4),
    "overdue": Fraction(1, 4), "expired": Fraction(0),
}
CURRENT = ("current", "due", "exempt")
STALE = ("overdue", "expired")
LONG_OPEN = 90
PLACEMENTS = ["row", "column", "entry", "title", "kind", "certain", "counts"]


# ---- Rows and columns ------------------------------------------------------------------------------------------------

@dataclass(eq=False)
class Item:
    """One row or column."""

    id: str
    title: str
    topic: object = None
    parent: "Item | None" = None
    priority: int | None = None
    has_children: bool = False
    # Something that counts is placed right here, not only below.
    has_own: bool = False
    # People whose expertise names it or something below it.
    people: set = field(default_factory=set)

    @property
    def group(self):
        return self.has_children and not self.has_own

    def up(self):
        """Itself and every item above it."""
        item = self
        while item is not None:
            yield item
            item = item.parent


class Axis:
    """The rows or the columns of a map, in their order."""

    def __init__(self, knowledge, source, include, by_dimension=False):
        self.k = knowledge
        self.source = source
        self.kinds = source == {"from": "kinds"}
        self.of = {}
        if "topics" in source:
            self.items = self._topics(source["topics"], by_dimension)
        elif self.kinds:
            self.items = [Item(kind, recount.NOUNS[kind][1].capitalize()) for kind in SUPPLY if kind in include]
        elif source["from"] == "places":
            self.items = self._places()
        else:
            kind = recount.KINDS[source["from"]]
            entries = sorted(knowledge.of[kind], key=lambda entry: recount.key(entry.title))
            self.items = [self._item(entry) for entry in entries]
        self.by_id = {item.id: item for item in self.items}
        self._people()

    def _item(self, entry):
        return self.of.setdefault(entry, Item(entry.id, entry.title, entry if entry.kind == "topic" else None))

    def _topics(self, dimension, by_dimension):
        k = self.k
        topics = [
            topic for topic in k.of["topic"]
            if not topic.retired and (dimension is None or topic.fields.get("dimension", "topic") == dimension)
        ]
        # Those without `order` come last, and what has equal titles stays as it stands in the data.
        topics.sort(key=lambda topic: (topic.fields.get("order", float("inf")), recount.key(topic.title)))
        for topic in topics:
            self._item(topic).priority = k.priority(topic)
        children = defaultdict(list)
        for topic in topics:
            parent = self.of.get(k.parent[topic])
            self.of[topic].parent = parent
            if parent is not None:
                parent.has_children = True
                children[parent].append(self.of[topic])
        roots = [topic for topic in topics if self.of[topic].parent is None]
        if by_dimension:
            # As in the tree of topics: the dimension with the most trees first.
            trees = Counter(topic.fields.get("dimension", "topic") for topic in roots)
            first = list(trees)
            dimensions = sorted(trees, key=lambda name: (-trees[name], first.index(name)))
            roots.sort(key=lambda topic: dimensions.index(topic.fields.get("dimension", "topic")))

        def below(item):
            yield item
            for child in children[item]:
                yield from below(child)

        return [item for root in roots for item in below(self.of[root])]

    def _places(self):
        spelled = {}
        for entry in self.k.entries:
            names = recount.several(entry.fields.get("places"))
            if entry.kind in ("organization", "person"):
                names = names + recount.several(entry.fields.get("place"))
            for name in names:
                spelled.setdefault(recount.slug(name), Counter())[name.strip()] += 1
        items = []
        for slug, names in spelled.items():
            if slug:
                items.append(Item(slug, min(names, key=lambda name: (-names[name], name))))
        return sorted(items, key=lambda item: (recount.key(item.title), item.id))

    def _people(self):
        for person in self.k.of["person"]:
            for topic in self.k.refs(person, person.fields.get("expertise"), "topic"):
                for item in self.of[topic].up() if topic in self.of else ():
                    item.people.add(person)

    def find(self, name):
        """The item that a name in [[cells]] or in the settings means: by id, else by synonym."""
        if not isinstance(name, str):
            return None
        if "topics" in self.source:
            return self.of.get(self.k.find(name, "topic"))
        if self.kinds:
            return self.by_id.get(name)
        if self.source["from"] == "places":
            return self.by_id.get(recount.slug(name))
        return self.of.get(self.k.find(name, recount.KINDS[self.source["from"]]))

    def values(self, thing):
        """The items that an entry has of this axis by itself."""
        k, entry = self.k, thing.entry
        if "topics" in self.source:
            named = k.direct[entry]
            if entry.kind == "question" and not entry.fields.get("topics"):
                sessions = k.refs(entry, entry.fields.get("asked_in"), "session")
                named = [topic for session in sessions[:1] for topic in k.direct[session]]
            items = [self.of[topic] for topic in named if topic in self.of]
            above = {up for item in items for up in item.up() if up is not item}
            return [item for item in items if item not in above]
        if self.kinds:
            return [self.by_id[thing.kind]] if thing.kind in self.by_id else []
        source = self.source["from"]
        if source == "places":
            slugs = map(recount.slug, recount.several(entry.fields.get("places")))
            return [self.by_id[slug] for slug in dict.fromkeys(slugs) if slug]
        if source == "series":
            if entry.kind == "series":
                found = [entry]
            else:
                found = recount.several(k.series(entry)) if entry.kind == "session" else []
        elif source == "voices":
            speakers = entry.fields.get("speakers", [])
            names = [speaker["voice"] for speaker in speakers if "voice" in speaker]
            found = k.refs(entry, recount.several(entry.fields.get("voices")) + names, "voice")
        else:
            found = k.refs(entry, entry.fields.get("organizations"), "organization")
        return [self.of[entry] for entry in found]


# ---- What is placed --------------------------------------------------------------------------------------------------

@dataclass(eq=False)
class Thing:
    """What is placed on a map: an entry, or a planned day of a series for which there is no file yet."""

    entry: object
    kind: str
    counts: str

    @property
    def name(self):
        return f"{recount.FOLDERS[self.entry.kind]}/{self.entry.id}"


def things(k, include):
    """Everything that counts for a map, in the order of the data."""
    for entry in k.entries:
        if entry.retired:
            continue
        if entry.kind == "series":
            if "session" in include:
                for _ in entry.derived["planned"]:
                    yield Thing(entry, "session", "planned")
        elif entry.kind not in include:
            continue
        elif entry.kind == "question":
            if k.is_open(entry):
                yield Thing(entry, "question", "question")
        elif entry.kind != "session" or k.state(entry) == "held":
            yield Thing(entry, entry.kind, "supply")
        elif k.state(entry) in ("scheduled", "tentative"):
            yield Thing(entry, "session", "planned")


# ---- Cells -----------------------------------------------------------------------------------------------------------

def halves_up(number, decimals=0):
    """Rounded, and an integer where it is one."""
    scale = 10 ** decimals
    rounded = Fraction(floor(number * scale + Fraction(1, 2)), scale)
    return int(rounded) if rounded.denominator == 1 else rounded


def share(part, whole):
    """0 where there is nothing to take the share of."""
    return Fraction(part) / Fraction(whole) if whole else Fraction(0)


def mean(numbers, otherwise):
    numbers = list(numbers)
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else Fraction(otherwise)


class Cell:
    def __init__(self, of, row, column):
        self.map, self.row, self.column = of, row, column
        # What is placed in it or, for a parent, below: whether that is certain of any of it.
        self.placed = {}

    def __repr__(self):
        return f"{self.row.id} × {self.column.id}"

    @property
    def group(self):
        return self.row.group or self.column.group

    def supply(self):
        return [thing.entry for thing in self.placed if thing.counts == "supply"]

    def measure(self):
        """Everything of the cell that is not only what lies in it; exact."""
        of, k = self.map, self.map.k
        priorities = [item.priority for item in (self.row, self.column) if item.priority is not None]
        self.priority = max(priorities, default=1)
        supply = self.supply()
        self.n = len(supply)
        self.why = of.not_applicable.get((self.row, self.column))
        self.accepted = of.accepted.get((self.row, self.column))
        self.state = "not-applicable" if self.why is not None else "accepted" if self.accepted else "open"
        if self.state == "not-applicable":
            return
        self.certain = sum(certain for thing, certain in self.placed.items() if thing.counts == "supply")
        self.kinds = {kind: sum(entry.kind == kind for entry in supply) for kind in SUPPLY}
        self.planned = sum(thing.counts == "planned" for thing in self.placed)

        # Weights, whole where a placement is certain and half where it is inferred.
        self.target = of.targets[self.priority]
        self.value = self.weight = self.stale = Fraction(0)
        for thing, certain in self.placed.items():
            if thing.counts == "supply":
                weight = Fraction(of.weights[thing.kind]) * (1 if certain else Fraction(1, 2))
                fresh = k.fresh[thing.entry][0]
                self.weight += weight
                self.value += weight * FACTORS[fresh]
                self.stale += weight if fresh in STALE else 0
        self.coverage = min(Fraction(1), self.value / self.target) if self.target else Fraction(1)

        self.organizations, self.present, people = set(), set(), set()
        for entry in supply:
            speakers = entry.fields.get("speakers", [])
            names = [speaker["organization"] for speaker in speakers if "organization" in speaker]
            self.organizations.update(k.refs(entry, entry.fields.get("organizations"), "organization"))
            self.organizations.update(k.refs(entry, names, "organization"))
            self.present.update(k.speaking[entry])
            for named in ("authors", "facilitators"):
                people.update(k.refs(entry, entry.fields.get(named), "person"))
            people.update(k.refs(entry, [speaker["person"] for speaker in speakers if "person" in speaker], "person"))
        self.people = people | self.row.people | self.column.people
        self.experts = {person for person in self.people if not k.left(person)}
        required = set(of.required_voices)
        for item in (self.row, self.column):
            if item.topic is not None:
                required.update(k.refs(item.topic, item.topic.fields.get("required_voices"), "voice"))
        self.missing = required - self.present

        days = [day for day in map(k.day, supply) if day]
        self.first, self.latest = min(days, default=None), max(days, default=None)
        grades = [of.grade(entry) for entry in supply if entry.kind == "practice"]
        self.grade = max(grades, default=None)

        # On a map of kinds, questions belong to the row and are counted in one column of it.
        if not of.columns.kinds:
            questions = [thing.entry for thing in self.placed if thing.counts == "question"]
        elif self.column.id == "practice":
            questions = list({thing.entry: 0 for cell in of.row(self.row) for thing in cell.placed
                              if thing.counts == "question"})
        else:
            questions = []
        self.questions = len(questions)
        waiting = [(k.today - day).days for day in map(k.day, questions) if day]
        self.oldest = min(filter(None, map(k.day, questions)), default=None)
        needed = [entry.day("needed_by") for entry in questions]
        late = any(days > LONG_OPEN for days in waiting) or any(day and day < k.today for day in needed)

        self.stale_share = share(self.stale, self.weight)
        self.demand = min(Fraction(1), Fraction(self.questions, 3))
        single = self.n > 0 and len(self.organizations) == 1
        self.risk = (self.stale_share + share(len(self.missing), len(required)) + single) / 3
        self.score = 100 * (Fraction(1, 2) * Fraction(self.priority, 3) * (1 - self.coverage)
                            + Fraction(3, 10) * self.demand + Fraction(1, 5) * self.risk)
        self.gaps = self._letters(single, late)
        self.owner = self._owner()
        self.since = self.oldest or self.latest

    def _letters(self, single, late):
        of, k, n = self.map, self.map.k, self.n
        found = set()

        def when(letter, rule):
            if rule:
                found.add(letter)

        when("A", n == 0 and self.priority >= 1)
        when("T", n > 0 and self.coverage < Fraction(1, 2))
        when("O", n > 0 and self.stale_share >= Fraction(1, 2))
        when("Q", late)
        when("V", n > 0 and self.missing)
        when("R", single or (len(self.people) == 1 and not self.experts))
        when("P", self.priority >= 2 and self.coverage < 1)
        for entry in self.supply():
            types = {material.get("type") for material in entry.fields.get("materials", [])}
            when("X", entry.kind == "session" and "recording" in types and not types & {"captions", "transcript"})
        # What follows from several kinds together cannot be seen in the column of one.
        entries = self.supply()
        if of.columns.kinds:
            cells = of.row(self.row) if self.column.id == "practice" else []
            entries = list({entry: 0 for cell in cells for entry in cell.supply()})
        practices = [entry for entry in entries if entry.kind == "practice"]
        current = [entry for entry in practices if k.fresh[entry][0] in CURRENT]
        when("S", len(entries) - len(practices) >= 3 and all(k.maturity(entry) == "initial" for entry in current))
        when("E", practices and max(map(of.grade, practices)) < 2)
        when("U", any(of.grade(entry) >= 3 and entry not in of.tried for entry in practices))
        for entry in current:
            against = k.refs(entry, entry.fields.get("contradicts"), "practice")
            when("C", any(other in current for other in against))
        return [letter for letter in LETTERS if letter in found]

    def _owner(self):
        k = self.map.k
        names = [self.accepted.get("owner") if self.accepted else None]
        names += [item.topic.fields.get("steward") for item in (self.row, self.column) if item.topic is not None]
        return next((person for person in (k.find(name, "person") for name in names if name) if person), None)

    def printed(self):
        """As it should stand in gaps.json."""
        cell = {"row": self.row.id, "column": self.column.id, "group": self.group, "state": self.state,
                "priority": self.priority, "n": self.n}
        if self.state == "not-applicable":
            return cell | {"why": self.why}
        cell |= {
            "certain": self.certain, "kinds": self.kinds, "planned": self.planned, "target": self.target,
            "value": self.value, "weight": self.weight, "stale": self.stale,
            "organizations": len(self.organizations), "voices": sorted(voice.id for voice in self.present),
            "missing_voices": sorted(voice.id for voice in self.missing),
            "people": len(self.people), "experts": len(self.experts),
            "first": self.first and self.first.isoformat(), "latest": self.latest and self.latest.isoformat(),
            "grade": self.grade, "questions": self.questions, "oldest_question": self.oldest and self.oldest.isoformat(),
            "coverage": halves_up(self.coverage, 3), "demand": halves_up(self.demand, 3),
            "risk": halves_up(self.risk, 3), "score": halves_up(self.score), "gaps": self.gaps,
            "owner": self.owner and self.owner.id, "since": self.since and self.since.isoformat(),
        }
        if self.accepted:
            cell["accepted"] = {"until": self.accepted["until"].isoformat(), "why": self.accepted.get("why")}
        return cell


# ---- Maps ------------------------------------------------------------------------------------------------------------

DEFAULT = {"id": "main", "rows": {"topics": None}, "columns": {"from": "kinds"}}


class GapMap:
    """One map, worked out."""

    def __init__(self, knowledge, declared):
        self.k, self.id, self.title = knowledge, declared["id"], declared.get("title")
        k = knowledge
        # The folder's name is taken for a kind too.
        include = [recount.KINDS.get(name, name) for name in declared.get("include") or INCLUDED]
        self.targets = TARGETS | {int(at): target for at, target in declared.get("targets", {}).items()}
        self.weights = WEIGHTS | declared.get("weights", {})
        self.required_voices = [
            voice for voice in (k.find(name, "voice") for name in declared.get("required_voices", [])) if voice
        ]
        self.rows = Axis(k, declared.get("rows", {"topics": "topic"}), include, by_dimension=declared is DEFAULT)
        self.columns = Axis(k, declared.get("columns", {"from": "kinds"}), include)
        for axis in (self.rows, self.columns):
            for name, priority in declared.get("priority", {}).items():
                if axis.find(name) is not None:
                    axis.find(name).priority = priority
        self.not_applicable = self._named(declared.get("not_applicable", []), lambda cell: cell.get("why", ""))
        accepted = self._named(declared.get("accepted", []), lambda cell: cell)
        self.accepted = {at: cell for at, cell in accepted.items() if k.today < cell["until"]}
        # Practices that a case study names.
        self.tried = {
            practice for case in k.of["case-study"]
            for practice in k.refs(case, case.fields.get("practices"), "practice")
        }

        self.cells = {
            (row, column): Cell(self, row, column) for row in self.rows.items for column in self.columns.items
        }
        self.margin, self.placements = [], []
        for thing in things(k, include):
            self._place(thing)
        for cell in self.cells.values():
            cell.measure()

    def _named(self, cells, of):
        """By cell what the settings say of it; of several for one cell the first."""
        named = {}
        for cell in cells:
            at = self.rows.find(cell.get("row")), self.columns.find(cell.get("col"))
            if None not in at:
                named.setdefault(at, of(cell))
        return named

    def _place(self, thing):
        by_hand = [cell for cell in thing.entry.fields.get("cells", []) if cell.get("map") == self.id]
        if by_hand:
            certain = True
            found = [(self.rows.find(cell.get("row")), self.columns.find(cell.get("col"))) for cell in by_hand]
            places = [at for at in dict.fromkeys(found) if None not in at]
        else:
            rows, columns = self.rows.values(thing), self.columns.values(thing)
            if self.columns.kinds and thing.counts == "question":
                columns = [column for column in self.columns.items if column.id == "practice"]
            certain = len(rows) < 2 or len(columns) < 2
            places = [(row, column) for row in rows for column in columns]
            # A series with several sessions to come stands there once.
            if bool(rows) != bool(columns) and all(thing.entry is not other.entry for other, _, _ in self.margin):
                self.margin.append((thing, rows, columns))
        for row, column in places:
            self.placements.append((row, column, thing, certain))
            if thing.counts != "planned":
                row.has_own = column.has_own = True
            for above in row.up():
                for beside in column.up():
                    placed = self.cells[above, beside].placed
                    placed[thing] = placed.get(thing, False) or certain

    def grade(self, practice):
        return max((shown.get("grade", 0) for shown in practice.fields.get("evidence", [])), default=0)

    def row(self, row):
        return [self.cells[row, column] for column in self.columns.items]

    def counted(self):
        """The cells that register, gate and totals look at."""
        return [cell for cell in self.cells.values() if cell.state != "not-applicable" and not cell.group]

    def register(self):
        """The lines of the register in their order."""
        place = {at: n for n, at in enumerate(self.cells)}
        return sorted((cell for cell in self.counted() if cell.gaps), key=lambda cell: (
            cell.state == "accepted", -cell.score, -cell.priority, cell.coverage, place[cell.row, cell.column]))

    def totals(self):
        counted, cells = self.counted(), self.cells.values()
        standing = [cell for cell in counted if cell.state == "open"]
        gaps = Counter(letter for cell in standing for letter in cell.gaps)
        placed = {thing for _, _, thing, _ in self.placements}
        return {
            "cells": len(counted),
            "not_applicable": sum(cell.state == "not-applicable" for cell in cells),
            "groups": sum(cell.state != "not-applicable" and cell.group for cell in cells),
            "accepted": len(counted) - len(standing),
            "with_gaps": sum(bool(cell.gaps) for cell in standing),
            "gaps": {letter: gaps[letter] for letter in LETTERS},
            "gaps_total": gaps.total(),
            "coverage": halves_up(mean((cell.coverage for cell in counted), 1), 3),
            "certain": halves_up(mean((Fraction(cell.certain, cell.n) for cell in counted if cell.n), 1), 3),
            "entries": sum(thing.counts == "supply" for thing in placed),
            "planned": sum(thing.counts == "planned" for thing in placed),
            "questions": sum(thing.counts == "question" for thing in placed),
            "margin": len(self.margin),
        }

    def printed(self):
        """As gaps.json should be."""
        def axis(of):
            return [{"id": item.id, "title": item.title, "priority": item.priority,
                     "parent": item.parent and item.parent.id, "group": item.group} for item in of.items]

        def ids(items):
            return [item.id for item in items]

        return {
            "version": 1, "map": self.id, "title": self.title, "today": self.k.today.isoformat(),
            "rows": axis(self.rows), "columns": axis(self.columns), "totals": self.totals(),
            "cells": [cell.printed() for cell in self.cells.values()],
            "margin": [
                {"entry": thing.name, "rows": ids(rows), "columns": ids(columns)}
                for thing, rows, columns in self.margin
            ],
        }

    def placement_lines(self):
        """As placements.csv should be, below its head."""
        for row, column, thing, certain in self.placements:
            yield (row.id, column.id, thing.name, guarded(thing.entry.title), thing.kind,
                   "yes" if certain else "no", thing.counts)

    def matrix_lines(self):
        """As matrix.csv should be, below its head."""
        for row in self.rows.items:
            yield (row.id, *(str(cell.n) for cell in self.row(row)))

    def register_lines(self):
        """What each line of the register says, in order: what /gaps/MAP/ and the pages after it should show."""
        for cell in self.register():
            yield {
                "row": cell.row.id, "column": cell.column.id, "gaps": cell.gaps, "score": halves_up(cell.score),
                "accepted": cell.state == "accepted", "owner": cell.owner and cell.owner.id, "since": cell.since and cell.since.isoformat(),
                "next_step": next(letter for letter in STEPS if letter in cell.gaps),
            }


def guarded(text):
    """As texts stand in tables: never a formula to a spreadsheet that opens it."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def work_out(data, config):
    """All maps, from the data of entries and the settings."""
    knowledge = recount.Knowledge(data, recount.USUAL_INTERVALS | config.get("review", {}))
    return [GapMap(knowledge, declared) for declared in config.get("maps") or [DEFAULT]]


# ---- Comparing -------------------------------------------------------------------------------------------------------

# What is compared of each map; tables and pages where they are there.
SORTS = ["head", "rows", "columns", "totals", "cells", "margin", "placements", "matrix", "register", "pages"]


class Record:
    """What was compared, by map and sort of thing, and what of it differs."""

    def __init__(self):
        self.compared = Counter()
        self.differences = []

    def differs(self, name, sort, text):
        self.differences.append(f"{name}: {sort}: {text}")

    def same(self, name, sort, what, says, own):
        self.compared[name, sort] += 1
        # True is 1 to Python, and not to anybody who reads the file.
        if says != own or isinstance(says, bool) != isinstance(own, bool):
            self.differs(name, sort, f"{what}: site says {shown(says)}, should be {shown(own)}")

    def deep(self, name, sort, what, says, own):
        """Every value of something nested by itself."""
        if not isinstance(own, dict) or not isinstance(says, dict):
            return self.same(name, sort, what, says, own)
        for key in dict.fromkeys([*own, *says]):
            if key not in says:
                self.differs(name, sort, f"{what}: {key} is missing")
            elif key not in own:
                self.differs(name, sort, f"{what}: {key} is not expected")
            else:
                self.deep(name, sort, f"{what}: {key}", says[key], own[key])

    def listed(self, name, sort, says, own, key):
        """Lists of things that a key tells apart: their order, then every value of each."""
        self.same(name, sort, "order", [key(thing) for thing in says], [key(thing) for thing in own])
        by_key = {key(thing): thing for thing in says}
        for thing in own:
            if key(thing) in by_key:
                self.deep(name, sort, key(thing), by_key[key(thing)], thing)

    def heap(self, name, sort, says, own):
        """Lines whose order says nothing, each of which should be there as often."""
        says, own = Counter(says), Counter(own)
        for line in sorted(says.keys() | own.keys(), key=repr):
            self.same(name, sort, f"{shown(line)}, how often", says[line], own[line])


def shown(value):
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    return "nothing" if value is None else str(plain(value))


def plain(value):
    """Fractions as numbers that JSON knows. What is printed has at most three decimals, so nothing is lost."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def compare_gaps(record, gap_map, says):
    """Holds what stands in gaps.json, its numbers read as fractions, against the map."""
    name, own = gap_map.id, gap_map.printed()
    parts = ("rows", "columns", "totals", "cells", "margin")
    for part in parts:
        if type(says.get(part)) is not type(own[part]):
            return record.differs(name, part, "is not in gaps.json as it should be")
    head = [key for key in dict.fromkeys([*own, *says]) if key not in parts]
    for key in head:
        # A map without a title in the settings may be called anything.
        if key != "title" or gap_map.title is not None:
            record.same(name, "head", key, says.get(key), own.get(key))
    for part in ("rows", "columns"):
        record.listed(name, part, says[part], own[part], lambda item: str(item.get("id")))
    record.deep(name, "totals", "totals", says["totals"], own["totals"])
    record.listed(name, "cells", says["cells"], own["cells"], lambda cell: f"{cell.get('row')} × {cell.get('column')}")

    def line(of):
        return of.get("entry"), *(tuple(sorted(of.get(side, ()))) for side in ("rows", "columns")), len(of)

    record.heap(name, "margin", map(line, says["margin"]), map(line, own["margin"]))


def compare_placements(record, gap_map, lines):
    """Holds the lines of placements.csv against the map."""
    head = lines[0] if lines else []
    record.same(gap_map.id, "placements", "head", head, PLACEMENTS)
    record.heap(gap_map.id, "placements", map(tuple, lines[1:]), gap_map.placement_lines())


def compare_matrix(record, gap_map, lines):
    """Holds the lines of matrix.csv against the map. What stands over the ids of rows may be any word."""
    name, head = gap_map.id, ["", *(column.id for column in gap_map.columns.items)]
    record.same(name, "matrix", "columns", lines[0][1:] if lines else [], head[1:])

    def named(lines):
        return [dict(zip_longest(head, line)) for line in lines]

    record.listed(name, "matrix", named(lines[1:]), named(gap_map.matrix_lines()), lambda line: str(line[""]))


def compare_register(record, gap_map, lines):
    """Holds lines that were read from the register, in their order, against the map. Lines are what register_lines()
    gives."""
    name = gap_map.id
    record.listed(name, "register", lines, list(gap_map.register_lines()),
                  lambda line: f"{line['row']} × {line['column']}")


def read_register(rows):
    """The lines of gaps.csv. The next step stands there as a sentence; which it is, the pages' first mark says."""
    head, *lines = rows
    for row in lines:
        cell = dict(zip(head, row))
        gaps = list(cell["gaps"])
        yield {
            "row": cell["row"], "column": cell["column"], "gaps": gaps, "score": int(cell["score"]),
            "accepted": cell["state"] == "accepted", "owner": cell["owner"] or None, "since": cell["since"] or None,
            "next_step": next((letter for letter in STEPS if letter in gaps), None),
        }


def shown_register(folder, gap_map):
    """What the pages of the register show, in order: the address of each cell, its score, letters and how much is
    known."""
    page, number = os.path.join(folder, "gaps", gap_map.id), 1
    while os.path.isfile(os.path.join(page, "index.html")):
        with open(os.path.join(page, "index.html"), encoding="utf-8") as file:
            main = recount.Page(page, file.read()).main
        for line in (line for table in main.all(".gl") for line in table.all("tr")):
            link = line.first("a")
            if link is None:
                continue
            address = unquote(link.attributes["href"]).rstrip("/").split("/")
            letters = [mark.first("b").words() for mark in line.all(".gm")]
            yield (*address[-2:], int(line.first(".gl-score").words(without=("unseen",))), "".join(letters),
                   line.first(".gl-known").number())
        number += 1
        page = os.path.join(folder, "gaps", gap_map.id, "page", str(number))


def compare_pages(record, gap_map, lines):
    """Holds the lines of the pages against the map."""
    own = [(recount.slug(cell.row.id), recount.slug(cell.column.id), halves_up(cell.score), "".join(cell.gaps), cell.n)
           for cell in gap_map.register()]
    record.listed(gap_map.id, "pages", list(lines), own, lambda line: f"{line[0]} × {line[1]}")


def maps_of(folder, config):
    with open(config, "rb") as file:
        settings = tomllib.load(file)
    with open(os.path.join(folder, "data", "entries.json"), encoding="utf-8") as file:
        return work_out(json.load(file), settings)


def check(folder, config):
    """Compares a built site with what follows from its entries and settings. Gives what was found and the maps' ids."""
    record = Record()
    maps = maps_of(folder, config)
    for gap_map in maps:
        of_map = os.path.join(folder, "data", gap_map.id)
        if os.path.isfile(os.path.join(of_map, "gaps.json")):
            with open(os.path.join(of_map, "gaps.json"), encoding="utf-8") as file:
                compare_gaps(record, gap_map, json.load(file, parse_float=Fraction))
        else:
            record.differs(gap_map.id, "cells", "there is no gaps.json")
        for sort, compare in (("placements", compare_placements), ("matrix", compare_matrix), ("gaps", compare_register)):
            table = os.path.join(of_map, f"{sort}.csv")
            if os.path.isfile(table):
                with open(table, encoding="utf-8", newline="") as file:
                    lines = list(csv.reader(file))
                compare(record, gap_map, list(read_register(lines)) if sort == "gaps" else lines)
            elif sort == "placements":
                record.differs(gap_map.id, sort, "there is no placements.csv")
        if os.path.isfile(os.path.join(folder, "gaps", gap_map.id, "index.html")):
            compare_pages(record, gap_map, shown_register(folder, gap_map))
    ids = [gap_map.id for gap_map in maps]
    for entry in sorted(os.listdir(os.path.join(folder, "data"))):
        if entry not in ids and os.path.isfile(os.path.join(folder, "data", entry, "gaps.json")):
            record.differs(entry, "head", "the settings declare no such map")
    return record, ids


def dump(folder, config):
    """The maps as they should be, each a gaps.json with the register in its order and exact scores beside it."""
    for gap_map in maps_of(folder, config):
        lines = zip(gap_map.register_lines(), gap_map.register())
        register = [line | {"exact": str(cell.score)} for line, cell in lines]
        yield plain(gap_map.printed() | {"register": register})


def main():
    arguments = argparse.ArgumentParser(description="Works out every gap map of a built site anew, and compares.")
    arguments.add_argument("folder", metavar="DIR", help="the folder of a built site")
    arguments.add_argument("--config", metavar="FILE", required=True, help="its folkmoot.toml")
    arguments.add_argument("--dump", action="store_true", help="print the maps as they should be, and compare nothing")
    given = arguments.parse_args()
    if given.dump:
        print(json.dumps(list(dump(given.folder, given.config)), ensure_ascii=False, indent=1))
        return
    record, ids = check(given.folder, given.config)
    for difference in record.differences:
        print(difference)
    silent = [name for name in ids if not any(record.compared[name, sort] for sort in SORTS)]
    for name in ids:
        counts = ", ".join(f"{record.compared[name, sort]} {sort}" for sort in SORTS)
        print(f"  {name}: {counts}")
    for name in silent:
        print(f"Nothing was compared of the map {name}.")
    print(f"{record.compared.total()} values compared, {len(record.differences)} differ")
    sys.exit(1 if record.differences or silent else 0)


if __name__ == "__main__":
    main()

"""What regap.py works out is what one gets by hand, and whatever is changed in a site is told.

    cd tests/gaps && python3 -m unittest

Each knowledge base is made here and is as small as its rule allows. What is expected was worked out by hand from the
words of SPEC section 8; the comments show how. It is always 30 June 2026.
"""

import contextlib
import csv
import io
import json
import os
import sys
import tempfile
import unittest
from fractions import Fraction

import regap

TODAY = "2026-06-30"
# The rows and columns of most maps here.
TOPICS = 'rows = { topics = "area" }\ncolumns = { topics = "know" }\n'
TOPICS_BY_KINDS = 'rows = { topics = "area" }\ncolumns = { from = "kinds" }\n'


def entry(kind, id, **fields):
    """An entry as it stands in data/entries.json, as far as it is read."""
    day = fields.get("start") or fields.get("date")
    return {
        "kind": kind, "id": id, "title": fields.get("title", id.capitalize()), "path": f"{kind}/{id}/",
        "origin": fields.pop("origin", "file"), "date": day and day[:10], "topics": [], "communities": [],
        "voices": [], "archived": fields.get("archived", False), "superseded": "superseded_by" in fields,
        "planned": fields.pop("planned", []), "fields": fields,
    }


def area(id, **fields):
    return entry("topic", id, dimension="area", date="2026-01-01", **fields)


def know(id, **fields):
    return entry("topic", id, dimension="know", date="2026-01-01", **fields)


def session(id, *topics, start="2026-06-01T10:00:00", **fields):
    return entry("session", id, topics=list(topics), start=start, **fields)


def case(id, *topics, **fields):
    return entry("case-study", id, topics=list(topics), date="2026-06-01", **fields)


def practice(id, *topics, grade=2, date="2026-06-01", **fields):
    """A practice that is current on 30 June 2026, unless it is of another day."""
    evidence = [{"claim": "It works", "grade": grade}]
    return entry("practice", id, topics=list(topics), date=date, evidence=evidence, **fields)


def resource(id, *topics, date="2026-06-01", **fields):
    return entry("resource", id, topics=list(topics), date=date, **fields)


def question(id, *topics, asked_on="2026-06-30", **fields):
    return entry("question", id, topics=list(topics), asked_on=asked_on, **fields)


def data(entries):
    return json.loads(json.dumps({"today": TODAY, "entries": entries}))


def work_out(*entries, settings=TOPICS):
    """The map `m` of some entries."""
    config = regap.tomllib.loads(f'[[maps]]\nid = "m"\n{settings}')
    return regap.work_out(data(entries), config)[0]


# The table of most tests: one row a, one column x, both of priority 1 unless it is said otherwise.
TABLE = [area("a"), know("x")]


class Cells(unittest.TestCase):
    def cell(self, gap_map, row="a", column="x"):
        return next(cell for cell in gap_map.printed()["cells"] if (cell["row"], cell["column"]) == (row, column))

    def only(self, *entries, table=TABLE, settings=TOPICS):
        return self.cell(work_out(*table, *entries, settings=settings))

    def has(self, cell, **expected):
        self.assertEqual({name: cell[name] for name in expected}, expected)


class Letters(Cells):
    def test_absent_where_it_matters(self):
        # P = 1, so the target is 2. n = 0: C = 0, and A. D = R = 0.
        # Score = 100 · 0.5 · 1/3 · 1 = 16.67, printed 17. P = 1 is below 2: no P.
        self.has(self.only(), n=0, priority=1, target=2, coverage=0, demand=0, risk=0, score=17, gaps=["A"])

    def test_not_absent_at_priority_0(self):
        # Both axes have priority 0, so P = 0: no A. Target 0 gives C = 1, so the score is 0.
        table = [area("a", priority=0), know("x", priority=0)]
        self.has(self.only(table=table), priority=0, target=0, coverage=1, score=0, gaps=[])

    def test_thin_below_half(self):
        # P = 2, target 4. A session weighs 1: C = 1/4 < 1/2: T; P as well, since C < 1.
        # Score = 100 · 0.5 · 2/3 · 3/4 = 25.
        table = [area("a", priority=2), know("x")]
        cell = self.only(session("s", "a", "x"), table=table)
        self.has(cell, n=1, coverage=Fraction(1, 4), score=25, gaps=["T", "P"])

    def test_not_thin_at_half(self):
        # Two sessions: C = 2/4, which is not less than 1/2. Score = 100 · 0.5 · 2/3 · 1/2 = 16.67, printed 17.
        table = [area("a", priority=2), know("x")]
        cell = self.only(session("s", "a", "x"), session("t", "a", "x"), table=table)
        self.has(cell, n=2, coverage=Fraction(1, 2), score=17, gaps=["P"])

    def test_synthesis(self):
        three = [session("s", "a", "x"), resource("r", "a", "x"), case("c", "a", "x")]
        # Three that are no practices, and no practice. Weight 1 + 1 + 2 of 2: C = 1.
        self.has(self.only(*three), n=3, coverage=1, weight=4, grade=None, gaps=["S"])
        # Two are not enough.
        self.has(self.only(*three[:2]), gaps=[])
        # A practice that no case study names is initial, which is less than documented.
        self.has(self.only(*three, practice("p", "a", "x")), n=4, grade=2, gaps=["S"])
        # With a case study (of the cell or not) it is documented.
        self.has(self.only(*three, practice("p", "a", "x"), case("d", practices=["p"])), gaps=[])
        # One of 2024-01-01 was to be looked at until 2025-01-01 and is expired from 2026-01-01: not current.
        # Stale 3 of 7 is less than half, so no O.
        old = practice("p", "a", "x", date="2024-01-01")
        self.has(self.only(*three, old, case("d", practices=["p"])), stale=3, weight=7, value=4, gaps=["S"])

    def test_evidence(self):
        # Grade 1 is below 2. A practice weighs 3 of 2: C = 1.
        self.has(self.only(practice("p", "a", "x", grade=1)), grade=1, coverage=1, gaps=["E"])
        # The best of the cell counts.
        self.has(self.only(practice("p", "a", "x", grade=1), practice("q", "a", "x", grade=2)), grade=2, gaps=[])
        # No evidence at all is grade 0.
        bare = entry("practice", "p", topics=["a", "x"], date="2026-06-01")
        self.has(self.only(bare), grade=0, gaps=["E"])

    def test_use(self):
        # Grade 3, and no case study names it.
        self.has(self.only(practice("p", "a", "x", grade=3)), grade=3, gaps=["U"])
        # One that names it is enough, wherever it stands.
        self.has(self.only(practice("p", "a", "x", grade=3), case("c", practices=["p"])), gaps=[])
        # Of two practices, one that nobody tried is enough.
        both = practice("p", "a", "x", grade=3), practice("q", "a", "x", grade=4)
        self.has(self.only(*both, case("c", practices=["p"])), gaps=["U"])

    def test_stale(self):
        # Of 2025-03-01: due 2026-03-01, so overdue, and not yet expired on 2027-03-01. It weighs 3 of 3 + 2 + 1 = 6,
        # which is half: O. Value = 3 · 0.25 + 3 = 3.75. R = (1/2 + 0 + 0)/3 = 1/6, printed 0.167; score = 20/6 = 3.33.
        old = practice("p", "a", "x", date="2025-03-01")
        cell = self.only(old, case("c", "a", "x"), session("s", "a", "x"))
        self.has(cell, stale=3, weight=6, value=Fraction(15, 4), coverage=1, gaps=["O"])
        self.has(cell, risk=Fraction(167, 1000), score=3)
        # With a case study more, 3 of 8 are stale; and three that are no practices have no current one with them: S.
        cell = self.only(old, case("c", "a", "x"), case("d", "a", "x"), session("s", "a", "x"))
        self.has(cell, stale=3, weight=8, gaps=["S"])

    def test_factors(self):
        # Resources are looked at every 18 months. 2025-01-10: due on 2026-07-10, ten days left: 0.75.
        # 2024-12-01: was due on 2026-06-01, overdue: 0.25. Without any day: undated, 0.75. Each weighs 1 of 2.
        for day, value in (("2025-01-10", Fraction(3, 4)), ("2024-12-01", Fraction(1, 4)), (None, Fraction(3, 4))):
            with self.subTest(day=day):
                self.has(self.only(resource("r", "a", "x", date=day)), value=value, weight=1)

    def test_unanswered(self):
        # From 1 April to 30 June there are 90 days, which is not more than 90; from 31 March there are 91.
        # Questions are no supply: n = 0, so A. D = 1/3; score = 16.67 + 30/3 = 26.67.
        cell = self.only(question("q", "a", "x", asked_on="2026-04-01"))
        self.has(cell, n=0, questions=1, oldest_question="2026-04-01", demand=Fraction(333, 1000), score=27, since="2026-04-01", gaps=["A"])
        self.has(self.only(question("q", "a", "x", asked_on="2026-03-31")), oldest_question="2026-03-31", gaps=["A", "Q"])
        # Or it was needed by yesterday; today is not past.
        self.has(self.only(question("q", "a", "x", needed_by="2026-06-29")), gaps=["A", "Q"])
        self.has(self.only(question("q", "a", "x", needed_by=TODAY)), gaps=["A"])
        # Partly answered is open, and what has an answer is not.
        old = {"asked_on": "2026-01-01"}
        self.has(self.only(question("q", "a", "x", **old, status="partly")), questions=1, gaps=["A", "Q"])
        self.has(self.only(question("q", "a", "x", **old, answer="Yes.")), questions=0, gaps=["A"])
        self.has(self.only(question("q", "a", "x", **old, status="parked")), questions=0, gaps=["A"])
        # More than three do not ask for more than all.
        self.has(self.only(*(question(f"q{n}", "a", "x") for n in range(4))), questions=4, demand=1)

    def test_missing_voice(self):
        voices = [entry("voice", id) for id in ("youth", "elders")]
        table = [area("a", required_voices=["elders"]), know("x", required_voices=["youth"]), *voices]
        settings = TOPICS + 'required_voices = ["youth"]\n'

        def only(*entries):
            return self.only(*entries, table=table, settings=settings)

        # Required are youth (of map and column, once) and elders. Youth speak, elders do not: 1 of 2 is missing.
        # A practice weighs 3 of 2. R = (0 + 1/2 + 0)/3 = 1/6; score = 20/6 = 3.33.
        cell = only(practice("p", "a", "x", voices=["youth"]))
        self.has(cell, voices=["youth"], missing_voices=["elders"], risk=Fraction(167, 1000), score=3, gaps=["V"])
        # Nothing there: both are missing, R = 1/3, but V asks for n > 0. Score = 16.67 + 20/3 = 23.33.
        self.has(only(), missing_voices=["elders", "youth"], risk=Fraction(333, 1000), score=23, gaps=["A"])
        # Who speaks, and who was counted in the room, is present; a count of nobody is not. Weight 2 of 2.
        other, spoke = resource("r", "a", "x"), [{"name": "Jo", "voice": "elders"}]
        there = session("s", "a", "x", speakers=spoke, attendance={"by_voice": {"youth": 2}})
        self.has(only(there, other), voices=["elders", "youth"], missing_voices=[], gaps=[])
        nobody = session("s", "a", "x", attendance={"by_voice": {"youth": 0}})
        self.has(only(nobody, other), voices=[], missing_voices=["elders", "youth"], gaps=["V"])

    def test_a_voice_is_heard_through_those_that_are_part_of_it(self):
        voices = [entry("voice", "youth"), entry("voice", "teens", parent="youth")]
        table = [area("a", required_voices=["youth"]), know("x"), *voices]
        self.has(self.only(practice("p", "a", "x", voices=["teens"]), table=table), voices=["teens", "youth"], gaps=[])

    def test_at_risk(self):
        table = [*TABLE, entry("organization", "one"), entry("organization", "two"), entry("person", "ann"),
                 entry("person", "bob", left_on=TODAY, expertise=["a"])]
        # All that is there comes from one: R = (0 + 0 + 1)/3, score = 20/3 = 6.67. Bob knows too, by his expertise, and
        # has left today; he alone knows, so it is at risk twice, which is one letter.
        one = practice("p", "a", "x", organizations=["one"])
        cell = self.only(one, table=table)
        self.has(cell, organizations=1, people=1, experts=0, risk=Fraction(333, 1000), score=7, gaps=["R"])
        # A speaker of another organization; Ann, who wrote it, knows and is here: no risk. 3 + 1 of 2.
        of_two = session("s", "a", "x", speakers=[{"person": "ann", "organization": "two"}])
        self.has(self.only(one, of_two, table=table), organizations=2, people=2, experts=1, risk=0, gaps=[])
        # Nothing is there, and who alone knows has left: this half of R holds without any entry.
        self.has(self.only(table=table), n=0, people=1, experts=0, risk=0, gaps=["A", "R"])
        # No organization named is not one.
        self.has(self.only(practice("p", "a", "x", authors=["ann"]), table=table), organizations=0, people=2, gaps=[])
        # Who leaves tomorrow is still here.
        here = [*TABLE, entry("person", "bob", left_on="2026-07-01", expertise=["a"])]
        self.has(self.only(table=here), people=1, experts=1, gaps=["A"])

    def test_who_knows(self):
        people = [entry("person", id) for id in ("ann", "bob", "cy")] + [entry("person", "di", expertise=["x"])]
        # Ann wrote, Bob led, Cy spoke, Di knows of the column: four. Ann twice is one.
        speakers = [{"person": "cy"}, {"name": "Jo"}]
        held = session("s", "a", "x", facilitators=["bob", "ann"], speakers=speakers)
        cell = self.only(practice("p", "a", "x", authors=["ann"]), held, table=[*TABLE, *people])
        self.has(cell, people=4, experts=4)

    def test_conflicting(self):
        # Two current practices, of which one contradicts the other; the other need not say so.
        both = practice("p", "a", "x"), practice("q", "a", "x", contradicts=["p"])
        self.has(self.only(*both), gaps=["C"])
        # Of 2025-03-01 it is overdue, so no longer current. It weighs 3 of 6: O.
        old = practice("p", "a", "x", date="2025-03-01")
        self.has(self.only(old, both[1]), gaps=["O"])
        # In another cell it does not contradict here.
        self.has(self.only(both[1], practice("p", "a", "y"), table=[*TABLE, know("y")]), gaps=[])

    def test_access(self):
        def only(*types):
            materials = [{"type": type, "url": "https://example.org/"} for type in types]
            return self.only(session("s", "a", "x", materials=materials), session("t", "a", "x"))

        self.has(only("recording", "slides"), gaps=["X"])
        self.has(only("recording", "captions"), gaps=[])
        self.has(only("transcript", "recording"), gaps=[])
        self.has(only("slides"), gaps=[])
        # A session to come is no supply, whatever it has.
        coming = session("s", "a", "x", start="2026-07-01T10:00:00", materials=[{"type": "recording", "url": "u"}])
        self.has(self.only(coming), n=0, planned=1, gaps=["A"])

    def test_priority_shortfall(self):
        # P = 3, target 6: a practice and a case study weigh 5, C = 5/6. Score = 100 · 0.5 · 1 · 1/6 = 8.33.
        table = [area("a"), know("x", priority=3)]
        cell = self.only(practice("p", "a", "x"), case("c", "a", "x"), table=table)
        self.has(cell, priority=3, coverage=Fraction(833, 1000), score=8, gaps=["P"])
        # With one more resource it is all that is wanted.
        cell = self.only(practice("p", "a", "x"), case("c", "a", "x"), resource("r", "a", "x"), table=table)
        self.has(cell, coverage=1, gaps=[])

    def test_halves_go_up(self):
        # P = 3, weighted to a target of 16 with one session: C = 1/16 = 0.0625, printed 0.063.
        # Score = 100 · 0.5 · 15/16 = 46.875. With a target of 100 and C = 1/100: 49.5, printed 50.
        table = [area("a", priority=3), know("x")]
        cell = self.only(session("s", "a", "x"), table=table, settings=TOPICS + "targets = { 3 = 16 }\n")
        self.has(cell, target=16, coverage=Fraction(63, 1000), score=47)
        cell = self.only(session("s", "a", "x"), table=table, settings=TOPICS + "targets = { 3 = 100 }\n")
        self.has(cell, coverage=Fraction(1, 100), score=50)


class Counting(Cells):
    def test_what_is_supply_and_what_is_planned(self):
        cell = self.only(
            session("held", "a", "x"), session("today", "a", "x", start=f"{TODAY}T10:00:00"),
            session("coming", "a", "x", start="2026-07-01T10:00:00", status="tentative"),
            session("off", "a", "x", start="2026-07-01T10:00:00", status="cancelled"),
            session("put-off", "a", "x", start="2026-06-01T10:00:00", status="postponed"),
            session("some-day", "a", "x", start=None),
            practice("old", "a", "x", superseded_by="new"), resource("gone", "a", "x", archived=True),
            entry("series", "club", topics=["a", "x"], planned=["2026-07-07", "2026-08-04"]),
        )
        # Supply: held. Planned: today's, the tentative one, and two days of the club.
        self.has(cell, n=1, planned=4, kinds={"session": 1, "case-study": 0, "practice": 0, "resource": 0})
        self.has(cell, first="2026-06-01", latest="2026-06-01", since="2026-06-01")

    def test_what_a_map_does_not_include(self):
        given = [session("s", "a", "x"), practice("p", "a", "x"), question("q", "a", "x"),
                 entry("series", "club", topics=["a", "x"], planned=["2026-07-07"])]
        cell = self.only(*given, settings=TOPICS + 'include = ["practice"]\n')
        self.has(cell, n=1, planned=0, questions=0, weight=3)
        cell = self.only(*given, settings=TOPICS + 'include = ["session"]\nweights = { session = 5 }\n')
        self.has(cell, n=1, planned=1, questions=0, weight=5)

    def test_inferred_counts_half_in_weight(self):
        table = [area("a"), area("b"), know("x"), know("y")]
        gap_map = work_out(*table, practice("p", "a", "b", "x", "y"), session("s", "a", "x"))
        # Two rows and two columns: inferred in four cells. In a × x it weighs 3/2, and the session 1: 5/2 of 2.
        self.has(self.cell(gap_map), n=2, certain=1, value=Fraction(5, 2), weight=Fraction(5, 2), coverage=1, gaps=[])
        # Elsewhere 3/2 of 2: C = 0.75. Score = 100 · 0.5 · 1/3 · 1/4 = 4.17.
        self.has(self.cell(gap_map, "b", "y"), n=1, certain=0, value=Fraction(3, 2), coverage=Fraction(3, 4), score=4)
        # Certain: 1/2 in one cell and 0 in three, so 1/8. Coverage: (1 + 3 · 3/4)/4 = 13/16 = 0.8125, printed 0.813.
        totals = gap_map.totals()
        self.assertEqual((totals["certain"], totals["coverage"]), (Fraction(125, 1000), Fraction(813, 1000)))

    def test_one_row_is_certain(self):
        table = [*TABLE, know("y")]
        self.has(self.only(practice("p", "a", "x", "y"), table=table), n=1, certain=1, weight=3)

    def test_placed_by_hand(self):
        table = [area("a"), area("b", synonyms=["bee"]), know("x"), know("y")]
        cells = [{"map": "m", "row": "bee", "col": "y"}]
        gap_map = work_out(*table, practice("p", "a", "b", "x", "y", cells=cells))
        filled = [(cell["row"], cell["column"]) for cell in gap_map.printed()["cells"] if cell["n"]]
        self.assertEqual(filled, [("b", "y")])
        self.has(self.cell(gap_map, "b", "y"), certain=1, weight=3)
        # What is said of another map changes nothing here.
        gap_map = work_out(*table, practice("p", "a", "x", cells=[{"map": "other", "row": "b", "col": "y"}]))
        self.has(self.cell(gap_map), n=1)

    def test_margin(self):
        closed = question("closed", "a", answer="Yes.")
        gap_map = work_out(*TABLE, practice("p", "a"), question("q", "x"), resource("r"), closed)
        # A row and no column, a column and no row; nothing at all and what is not counted stand nowhere.
        self.assertEqual(gap_map.printed()["margin"], [
            {"entry": "practices/p", "rows": ["a"], "columns": []},
            {"entry": "questions/q", "rows": [], "columns": ["x"]},
        ])
        self.assertEqual(gap_map.totals()["margin"], 2)

    def test_a_question_without_topics_has_its_sessions(self):
        asked = question("q", asked_in="s")
        self.has(self.only(session("s", "a", "x"), asked), questions=1)
        # What it names itself comes first, even if that is elsewhere.
        elsewhere = question("q", "y", asked_in="s")
        self.has(self.only(session("s", "a", "x"), elsewhere, table=[*TABLE, know("y")]), questions=0)

    def test_a_question_in_a_session_stands_where_its_session_does(self):
        inline = entry("question", "s--why", origin="inline")
        asking = session("s", "a", "x", questions=[{"id": "why", "text": "Why?"}])
        self.has(self.only(asking, inline), questions=1, oldest_question="2026-06-01")

    def test_other_axes(self):
        table = [entry("voice", "youth"), entry("voice", "elders"), entry("series", "club")]
        settings = 'rows = { from = "voices" }\ncolumns = { from = "series" }\n'
        held = session("s", series="club", voices=["youth"], speakers=[{"name": "Jo", "voice": "elders"}])
        gap_map = work_out(*table, held, settings=settings)
        # By title; two rows and one column: certain. Neither axis has priorities: P = 1.
        self.assertEqual([row["id"] for row in gap_map.printed()["rows"]], ["elders", "youth"])
        self.has(self.cell(gap_map, "youth", "club"), n=1, certain=1, priority=1)
        self.has(self.cell(gap_map, "elders", "club"), n=1, certain=1, priority=1)
        settings = 'rows = { from = "places" }\ncolumns = { from = "organizations" }\n'
        of_one = case("c", places=["North Shore", "north shore"], organizations=["one"])
        gap_map = work_out(entry("organization", "one"), of_one, settings=settings)
        # Two spellings of one place; of two used equally often, the first in order.
        rows = gap_map.printed()["rows"]
        self.assertEqual([(row["id"], row["title"]) for row in rows], [("north-shore", "North Shore")])
        self.has(self.cell(gap_map, "north-shore", "one"), n=1, certain=1)

    def test_the_map_of_who_declares_none(self):
        gap_map = regap.work_out(data([area("b"), area("a"), entry("topic", "z"), session("s", "z")]), {})[0]
        own = gap_map.printed()
        # Two trees of areas come before one of no dimension; columns are kinds in their order.
        self.assertEqual([row["id"] for row in own["rows"]], ["a", "b", "z"])
        self.assertEqual([column["id"] for column in own["columns"]], ["session", "case-study", "practice", "resource"])
        self.assertEqual((own["map"], self.cell(gap_map, "z", "session")["n"]), ("main", 1))


class Parents(Cells):
    TREE = [
        area("top", order=1), area("kid1", parent="top", order=2), area("kid2", parent="top", order=1),
        area("z", order=0),
    ]

    def test_order(self):
        # By `order`, each followed by what is below it: z before top, and kid2 before kid1.
        own = work_out(*self.TREE, know("y"), know("x", title="Zebra"), know("w", order=9)).printed()
        self.assertEqual([row["id"] for row in own["rows"]], ["z", "top", "kid2", "kid1"])
        # Without an order last, by title.
        self.assertEqual([column["id"] for column in own["columns"]], ["w", "y", "x"])

    def test_distinct_below(self):
        both, one = practice("both", "kid1", "kid2", "x"), session("one", "kid1", "x")
        gap_map = work_out(*self.TREE, know("x"), both, one)
        # Two rows and one column: certain in both. Above, what stands in both counts once: n = 2, weight 3 + 1.
        self.has(self.cell(gap_map, "kid1"), n=2, certain=2, weight=4)
        self.has(self.cell(gap_map, "kid2"), n=1, weight=3)
        self.has(self.cell(gap_map, "top"), n=2, certain=2, weight=4, group=True)
        self.has(self.cell(gap_map, "top"), kinds={"session": 1, "case-study": 0, "practice": 1, "resource": 0})
        # What has no children is no group, even where it is empty.
        self.has(self.cell(gap_map, "z"), n=0, group=False)
        # Counted are kid1, kid2 and z; top is a group. Coverage (1 + 1 + 0)/3.
        totals = gap_map.totals()
        self.assertEqual([totals[name] for name in ("cells", "groups", "entries")], [3, 1, 2])
        self.assertEqual(totals["coverage"], Fraction(667, 1000))
        self.assertEqual([cell.row.id for cell in gap_map.register()], ["z"])

    def test_a_parent_with_an_entry_of_its_own_is_no_group(self):
        gap_map = work_out(*self.TREE, know("x"), session("own", "top", "x"), session("one", "kid1", "x"))
        self.has(self.cell(gap_map, "top"), n=2, group=False)
        # A question is enough, and what is only planned is not.
        self.has(self.cell(work_out(*self.TREE, know("x"), question("q", "top", "x")), "top"), group=False)
        planned = session("s", "top", "x", start="2026-07-01T10:00:00")
        self.has(self.cell(work_out(*self.TREE, know("x"), planned), "top"), group=True, planned=1)

    def test_one_whose_descendant_is_also_named_is_dropped(self):
        gap_map = work_out(*self.TREE, know("x"), know("y"), practice("p", "top", "kid1", "x", "y"))
        # Only kid1 is left, so there is one row and it is certain. Top still has it, as what is below it.
        self.has(self.cell(gap_map, "kid1"), n=1, certain=1, weight=3)
        self.has(self.cell(gap_map, "top"), n=1, certain=1, group=True)

    def test_who_knows_of_something_below(self):
        gap_map = work_out(*self.TREE, know("x"), entry("person", "ann", expertise=["kid1"]))
        self.has(self.cell(gap_map, "top"), people=1)
        self.has(self.cell(gap_map, "kid2"), people=0)

    def test_priority_is_inherited(self):
        # Of the parent whatever its dimension, and the nearest first; 1 where there is none.
        table = [
            area("top", priority=3), area("kid", parent="top"), area("own", parent="top", priority=0),
            area("low", parent="own"), know("x"), know("deep", parent="top"),
        ]
        own = work_out(*table).printed()
        rows = {row["id"]: row["priority"] for row in own["rows"]}
        self.assertEqual(rows, {"top": 3, "kid": 3, "own": 0, "low": 0})
        columns = {column["id"]: (column["priority"], column["parent"]) for column in own["columns"]}
        self.assertEqual(columns, {"x": (1, None), "deep": (3, None)})
        # A cell has the larger one.
        self.has(self.cell(work_out(*table), "own", "x"), priority=1)
        self.has(self.cell(work_out(*table), "own", "deep"), priority=3)

    def test_an_override_is_not_inherited(self):
        table = [area("top", priority=2), area("kid", parent="top"), know("x")]
        gap_map = work_out(*table, settings=TOPICS + "priority = { top = 3 }\n")
        self.assertEqual({row["id"]: row["priority"] for row in gap_map.printed()["rows"]}, {"top": 3, "kid": 2})
        # Down as well: the column's 1 is then the larger one.
        gap_map = work_out(*table, settings=TOPICS + "priority = { kid = 0 }\n")
        self.has(self.cell(gap_map, "kid"), priority=1, target=2)

    def test_an_override_gives_a_priority_to_what_has_none(self):
        gap_map = work_out(area("a"), settings=TOPICS_BY_KINDS + "priority = { practice = 3 }\n")
        self.has(self.cell(gap_map, "a", "practice"), priority=3, target=6)
        self.has(self.cell(gap_map, "a", "session"), priority=1, target=2)
        self.assertEqual([column["priority"] for column in gap_map.printed()["columns"]], [None, None, 3, None])


class Kinds(Cells):
    def test_rules_of_the_whole_row(self):
        sessions = [session(f"s{n}", "a") for n in range(3)]
        gap_map = work_out(area("a"), *sessions, question("q", "a", asked_on="2026-01-01"), settings=TOPICS_BY_KINDS)
        # Three sessions weigh 3 of 2. S is raised with the practices, of which there are none: A as well, and there the
        # question counts: D = 1/3, 180 days. Score = 16.67 + 10.
        self.has(self.cell(gap_map, "a", "session"), n=3, questions=0, demand=0, oldest_question=None, gaps=[])
        self.has(self.cell(gap_map, "a", "practice"), n=0, questions=1, oldest_question="2026-01-01", score=27)
        self.has(self.cell(gap_map, "a", "practice"), gaps=["A", "S", "Q"])
        self.has(self.cell(gap_map, "a", "resource"), n=0, questions=0, gaps=["A"])
        asked = ("a", "practice", "questions/q", "Q", "question", "yes", "question")
        self.assertEqual(list(gap_map.placement_lines())[-1], asked)

    def test_several_kinds_are_certain(self):
        # Two topics, but one kind: nothing is inferred.
        gap_map = work_out(area("a"), area("b"), practice("p", "a", "b"), settings=TOPICS_BY_KINDS)
        self.has(self.cell(gap_map, "b", "practice"), n=1, certain=1)

    def test_columns_are_what_is_included(self):
        settings = TOPICS_BY_KINDS + 'include = ["session", "question", "resource"]\n'
        gap_map = work_out(area("a"), session("s", "a"), question("q", "a"), settings=settings)
        self.assertEqual([column["id"] for column in gap_map.printed()["columns"]], ["session", "resource"])
        # There is no column for the question: it has a row and no column.
        self.assertEqual([line["entry"] for line in gap_map.printed()["margin"]], ["questions/q"])

    def test_practices(self):
        pair = practice("p", "a", grade=1), practice("q", "a", grade=1, contradicts=["p"])
        gap_map = work_out(area("a"), *pair, settings=TOPICS_BY_KINDS)
        self.has(self.cell(gap_map, "a", "practice"), n=2, grade=1, gaps=["E", "C"])
        self.has(self.cell(gap_map, "a", "session"), n=0, grade=None, gaps=["A"])


class Declared(Cells):
    ACCEPTED = '[[maps.accepted]]\nrow = "a"\ncol = "x"\nuntil = {}\nwhy = "Later."\nowner = "ann"\n'

    def accepted(self, until):
        table = [area("a", steward="bob"), area("b"), know("x"), entry("person", "ann"), entry("person", "bob")]
        return work_out(*table, settings=TOPICS + self.ACCEPTED.format(until))

    def test_accepted(self):
        gap_map = self.accepted("2026-07-01")
        # Both rows are empty and of priority 1, so both have A; that of row a counts nowhere.
        self.has(self.cell(gap_map), state="accepted", gaps=["A"], owner="ann")
        self.has(self.cell(gap_map), accepted={"until": "2026-07-01", "why": "Later."})
        self.assertNotIn("accepted", self.cell(gap_map, "b"))
        totals = gap_map.totals()
        self.assertEqual([totals[name] for name in ("cells", "accepted", "with_gaps", "gaps_total")], [2, 1, 1, 1])
        self.assertEqual(totals["gaps"]["A"], 1)
        # It stands last in the register, though its row stands first.
        self.assertEqual([(line["row"], line["accepted"], line["owner"]) for line in gap_map.register_lines()],
                         [("b", False, None), ("a", True, "ann")])

    def test_accepted_until_today(self):
        gap_map = self.accepted(TODAY)
        # From that day on it is a cell like others, with its row's steward.
        self.has(self.cell(gap_map), state="open", gaps=["A"], owner="bob")
        self.assertNotIn("accepted", self.cell(gap_map))
        self.assertEqual([gap_map.totals()[name] for name in ("accepted", "with_gaps")], [0, 2])

    def test_an_accepted_cell_counts_in_means(self):
        table = [area("a"), area("b"), know("x")]
        gap_map = work_out(*table, practice("p", "b", "x"), settings=TOPICS + self.ACCEPTED.format("2026-07-01"))
        # C is 0 and 1.
        self.assertEqual(gap_map.totals()["coverage"], Fraction(1, 2))

    def test_not_applicable(self):
        table = [area("top"), area("kid", parent="top"), know("x")]
        settings = TOPICS + 'not_applicable = [{ row = "kid", col = "x", why = "No." }]\n'
        gap_map = work_out(*table, session("s", "kid", "x"), settings=settings)
        # It keeps what is placed in it, also for the cell above, and has nothing else.
        self.assertEqual(self.cell(gap_map, "kid"), {
            "row": "kid", "column": "x", "group": False, "state": "not-applicable", "priority": 1, "n": 1, "why": "No.",
        })
        self.has(self.cell(gap_map, "top"), n=1, group=True)
        # What is left is a group: nothing counts.
        totals = gap_map.totals()
        self.assertEqual([totals[name] for name in ("cells", "not_applicable", "groups", "with_gaps")], [0, 1, 1, 0])
        self.assertEqual(list(gap_map.register()), [])

    def test_owner_and_age(self):
        people = [entry("person", "ann"), entry("person", "bob")]
        table = [area("a"), know("x", steward="ann"), *people]
        self.has(self.only(table=table), owner="ann", since=None)
        # The row's steward comes before the column's; without questions, days since the latest entry (1 June).
        table = [area("a", steward="bob"), know("x", steward="ann"), *people]
        self.has(self.only(session("s", "a", "x"), table=table), owner="bob", since="2026-06-01")


class Register(Cells):
    def test_order(self):
        table = [
            area("a", order=1), area("b", order=2), area("c", order=3, priority=3),
            know("x", order=1), know("y", order=2),
        ]
        entries = [session("s", "a", "x"), question("q1", "b", "y"), question("q2", "b", "y")]
        gap_map = work_out(*table, *entries, settings=TOPICS + 'priority = { y = 0 }\n')
        # P: x 1, y 0; a and b 1, c 3. Scores: c × x and c × y 50 (A P); b × y 16.67 + 20 = 36.67 (A);
        # a × y, b × x 16.67 (A); a × x half covered, 8.33, and not thin: no letter, so not in it.
        self.assertEqual([(line["row"], line["column"], line["score"]) for line in gap_map.register_lines()], [
            ("c", "x", 50), ("c", "y", 50), ("b", "y", 37), ("a", "y", 17), ("b", "x", 17),
        ])

    def test_the_next_step_is_of_the_first_letter_of_its_own_order(self):
        # In the table E and Q come before V; of steps, V comes before both.
        table = [area("a", required_voices=["youth"]), know("x"), entry("voice", "youth")]
        gap_map = work_out(*table, practice("p", "a", "x", grade=1), question("q", "a", "x", asked_on="2026-01-01"))
        line, = gap_map.register_lines()
        self.assertEqual((line["gaps"], line["next_step"]), (["E", "Q", "V"], "V"))

    def test_lines_of_pages_are_compared(self):
        gap_map = work_out(area("a"), area("b", priority=3), know("x"))
        lines = list(gap_map.register_lines())
        record = regap.Record()
        regap.compare_register(record, gap_map, lines)
        self.assertEqual(record.differences, [])
        for wrong in (lines[::-1], lines[:1], lines * 2, [lines[0] | {"score": 51}, lines[1]]):
            record = regap.Record()
            regap.compare_register(record, gap_map, wrong)
            self.assertTrue(record.differences, wrong)


class Changes(unittest.TestCase):
    """A site whose files are right, and then not."""

    SETTINGS = f'[[maps]]\nid = "m"\ntitle = "M"\n{TOPICS}' + '''required_voices = ["youth"]
not_applicable = [{ row = "c", col = "y", why = "No." }]
[[maps.accepted]]
row = "b"
col = "x"
until = 2026-12-31
why = "Later."
'''
    ENTRIES = [
        area("a", priority=3, steward="ann"), area("b", parent="a"), area("c", parent="a"), know("x"), know("y"),
        entry("person", "ann", expertise=["b"]), entry("voice", "youth"), entry("organization", "one"),
        practice("p", "b", "c", "x", "y", title='=Sum, of "all"', organizations=["one"]), practice("lone", "b"),
        session("s", "b", "x", voices=["youth"]), session("t", "c", "y", start="2026-07-07T10:00:00"),
        question("q", "b", "x", asked_on="2026-01-01"),
    ]

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="regap-")
        self.addCleanup(temporary.cleanup)
        self.folder, self.config = temporary.name, os.path.join(temporary.name, "folkmoot.toml")
        os.makedirs(os.path.join(self.folder, "data", "m"))
        self.write("../../folkmoot.toml", self.SETTINGS)
        self.write("../entries.json", json.dumps(data(self.ENTRIES)))
        gap_map, = regap.maps_of(self.folder, self.config)
        self.gaps = regap.plain(gap_map.printed())
        self.write_gaps(self.gaps)
        self.tables = {
            "placements.csv": [regap.PLACEMENTS, *map(list, gap_map.placement_lines())],
            "matrix.csv": [["row", "x", "y"], *map(list, gap_map.matrix_lines())],
        }
        register = list(gap_map.register_lines())
        self.register = [["row", "column", "state", "score", "gaps", "owner", "since"]] + [
            [line["row"], line["column"], "accepted" if line["accepted"] else "open", str(line["score"]),
             "".join(line["gaps"]), line["owner"] or "", line["since"] or ""] for line in register]
        for name, lines in (self.tables | {"gaps.csv": self.register}).items():
            self.write_table(name, lines)
        cells = {(cell["row"], cell["column"]): cell for cell in self.gaps["cells"]}
        self.page = "<main><table class=\"gl\">" + "".join(
            f'<tr class="x"><td class="gl-score"><span class="unseen">Score </span>{line["score"]}</td>'
            f'<th><a href="../{line["row"]}/{line["column"]}/">Cell</a>'
            + "".join(f'<span class="gm"><b>{letter}</b> word</span>' for letter in line["gaps"])
            + f'</th><td class="gl-known">{cells[line["row"], line["column"]]["n"]}</td></tr>'
            for line in register) + "</table></main>"
        self.write_page(self.page)

    def write(self, name, text):
        with open(os.path.join(self.folder, "data", "m", name), "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def write_page(self, page):
        os.makedirs(os.path.join(self.folder, "gaps", "m"), exist_ok=True)
        with open(os.path.join(self.folder, "gaps", "m", "index.html"), "w", encoding="utf-8") as file:
            file.write(page)

    def write_gaps(self, gaps):
        self.write("gaps.json", json.dumps(gaps))

    def write_table(self, name, lines):
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        self.write(name, text.getvalue())

    def told(self):
        return regap.check(self.folder, self.config)[0].differences

    def leaves(self, value, way=()):
        """The way to every value that holds no others, and to every list."""
        if isinstance(value, dict):
            for key, of in value.items():
                yield from self.leaves(of, (*way, key))
            return
        if isinstance(value, list):
            for at, of in enumerate(value):
                yield from self.leaves(of, (*way, at))
        yield way

    def changed(self, way, change):
        gaps = json.loads(json.dumps(self.gaps))
        at = gaps
        for step in way[:-1]:
            at = at[step]
        change(at, way[-1])
        return gaps

    def otherwise(self, value):
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value + 1
        if isinstance(value, float):
            return round(value + 0.001, 3)
        if isinstance(value, list):
            return value + value if value else ["A"]
        return "2020-02-02" if value is None else value + "e"

    def test_nothing_is_told_of_what_is_right(self):
        record, ids = regap.check(self.folder, self.config)
        self.assertEqual((record.differences, ids), ([], ["m"]))
        # 6 cells and everything else is looked at.
        self.assertEqual({sort for _, sort in record.compared}, set(regap.SORTS))

    def test_every_change_of_the_register_is_told(self):
        lines = self.register
        for line in range(1, len(lines)):
            for column in range(len(lines[0])):
                wrong = [list(of) for of in lines]
                wrong[line][column] = {"state": "accepted" if wrong[line][column] == "open" else "open", "gaps": "P", "score": "3"}.get(
                    lines[0][column], "2020-02-02")
                self.write_table("gaps.csv", wrong)
                self.assertTrue(self.told(), (line, lines[0][column]))
        self.write_table("gaps.csv", lines[:1] + lines[:0:-1])
        self.assertTrue(self.told())

    def test_every_change_of_the_pages_is_told(self):
        for was, now in [(">51<", ">52<"), ("<b>T</b>", "<b>A</b>"), ("gl-known\">2", "gl-known\">1"), ("../b/x/", "../b/z/"), ("<tr class", "<p class")]:
            self.assertIn(was, self.page)
            self.write_page(self.page.replace(was, now, 1))
            self.assertTrue(self.told(), (was, now))
        self.write_page(self.page)
        self.assertEqual(self.told(), [])

    def test_the_site_has_something_of_everything(self):
        # Else the changes below would change less than there is.
        self.assertEqual({cell["state"] for cell in self.gaps["cells"]}, {"open", "accepted", "not-applicable"})
        self.assertEqual({cell["group"] for cell in self.gaps["cells"]}, {True, False})
        self.assertTrue(self.gaps["margin"])
        self.assertEqual({line[-1] for line in self.tables["placements.csv"][1:]}, {"supply", "planned", "question"})
        self.assertEqual({line[-2] for line in self.tables["placements.csv"][1:]}, {"yes", "no"})

    def test_any_changed_value_of_the_map_is_told(self):
        ways = list(self.leaves(self.gaps))
        self.assertGreater(len(ways), 200)
        for way in ways:
            with self.subTest(way=way):
                def change(at, key):
                    at[key] = self.otherwise(at[key])

                self.write_gaps(self.changed(way, change))
                self.assertTrue(self.told())

    def test_anything_that_is_lost_is_told(self):
        for way in self.leaves(self.gaps):
            with self.subTest(way=way):
                self.write_gaps(self.changed(way, lambda at, key: at.pop(key)))
                self.assertTrue(self.told())

    def test_anything_added_is_told(self):
        for way in (("cells", 0), ("rows", 0), ("columns", 0), ("totals",), ("margin", 0), ("cells", 0, "kinds"), ()):
            with self.subTest(way=way):
                self.write_gaps(self.changed((*way, "more"), lambda at, key: at.update({key: 1})))
                self.assertTrue(self.told())

    def test_cells_rows_and_columns_stand_in_order(self):
        for part in ("cells", "rows", "columns"):
            with self.subTest(part=part):
                self.write_gaps(self.gaps | {part: self.gaps[part][::-1]})
                self.assertTrue(self.told())

    def test_the_last_digit_counts(self):
        numbers = [way for way in self.leaves(self.gaps) if isinstance(self.at(way), float)]
        self.assertTrue(numbers)
        for way in numbers:
            with self.subTest(way=way):
                def change(at, key):
                    at[key] = at[key] + 0.0001

                self.write_gaps(self.changed(way, change))
                self.assertTrue(self.told())

    def at(self, way):
        at = self.gaps
        for step in way:
            at = at[step]
        return at

    def test_any_changed_value_of_the_tables_is_told(self):
        for name, lines in self.tables.items():
            for at, line in enumerate(lines):
                for column in range(len(line)):
                    # What stands over the rows of the matrix may be any word.
                    if (name, at, column) == ("matrix.csv", 0, 0):
                        continue
                    with self.subTest(name=name, at=at, column=column):
                        changed = [list(line) for line in lines]
                        changed[at][column] += "1"
                        self.write_table(name, changed)
                        self.assertTrue(self.told())
            self.write_table(name, lines)

    def test_lines_of_tables_that_are_lost_or_stand_twice_are_told(self):
        for name, lines in self.tables.items():
            for at in range(len(lines)):
                for changed in (lines[:at] + lines[at + 1:], lines[:at + 1] + lines[at:]):
                    with self.subTest(name=name, at=at, lines=len(changed)):
                        self.write_table(name, changed)
                        self.assertTrue(self.told())
            self.write_table(name, lines)

    def test_a_file_that_is_not_there_is_told(self):
        for name, told in (("gaps.json", True), ("placements.csv", True), ("matrix.csv", False)):
            with self.subTest(name=name):
                file = os.path.join(self.folder, "data", "m", name)
                os.rename(file, file + ".away")
                self.assertEqual(bool(self.told()), told)
                os.rename(file + ".away", file)

    def test_a_map_that_nobody_declared_is_told(self):
        os.makedirs(os.path.join(self.folder, "data", "other"))
        self.write("../other/gaps.json", "{}")
        self.assertTrue(self.told())

    def ended(self, *arguments):
        """What the program ends with, and what it prints."""
        printed, before = io.StringIO(), sys.argv
        sys.argv = ["regap.py", self.folder, "--config", self.config, *arguments]
        try:
            with contextlib.redirect_stdout(printed):
                regap.main()
            return 0, printed.getvalue()
        except SystemExit as end:
            return end.code, printed.getvalue()
        finally:
            sys.argv = before

    def test_how_it_ends(self):
        self.assertEqual(self.ended()[0], 0)
        self.write_gaps(self.gaps | {"today": "2026-07-01"})
        end, printed = self.ended()
        self.assertEqual(end, 1)
        self.assertIn("m: head: today: site says 2026-07-01, should be 2026-06-30\n", printed)
        for name in ("gaps.json", "placements.csv", "matrix.csv", "gaps.csv"):
            os.remove(os.path.join(self.folder, "data", "m", name))
        os.remove(os.path.join(self.folder, "gaps", "m", "index.html"))
        end, printed = self.ended()
        self.assertEqual(end, 1)
        self.assertIn("Nothing was compared of the map m.", printed)

    def test_its_own_result_can_be_printed(self):
        end, printed = self.ended("--dump")
        own, = json.loads(printed)
        self.assertTrue(own.pop("register"))
        self.assertEqual((end, own), (0, self.gaps))


if __name__ == "__main__":
    unittest.main()

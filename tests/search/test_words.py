"""words.py reads what an entry says and nothing around it, and notices every entry that an engine leaves out.

    cd tests/search && python3 -m unittest

The site is made here, small enough to count its words by hand; the engine is one that looks through all texts.
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import words

FRAME = """<!DOCTYPE html><html><head><title>Aside {title}</title></head><body><nav><a href="/">Menuword</a></nav>
<main><article class="entry"><header class="entry-head"><div class="entry-title"><h1>{title}</h1>
<p class="standfirst">Standfirstword</p></div></header><div class="flow">
<section class="part"><h2 class="part-title">Partword</h2><div class="part-body prose"><p>Fieldword</p></div></section>
<section class="part part-notes"><h2 class="part-title">Notesword</h2><div class="part-body prose">{body}</div></section>
</div><section class="part"><ul class="rows"><li class="row"><a href="x">Cardword</a></li></ul></section></article></main>
<footer>Footword</footer></body></html>"""

ENTRIES = [
    {
        "path": "practices/alpha/", "title": "Straße of lanterns", "summary": "Short words",
        "fields": {"takeaways": ["Ask the harbourmaster"], "problem": "Nobody counts"},
        "body": '<div class="alert"><p class="alert-title">Warningword</p><p>Lan<em>tern</em> light</p></div>'
                '<p>It was so<sup class="note-ref"><a href="#fn-1">1</a></sup>.<br>Then a guía &amp; co­operation</p>'
                '<ul><li>first</li><li>second <img src="x" alt="Altword">third</li></ul>',
    },
    {
        "path": "sessions/beta/", "title": "Lanterns", "summary": None, "fields": {},
        "body": "<p>知识库很好</p><p>STRASSE, guia, ＦＵＬＬ width and 2,310 alerts</p>",
    },
]


def site(folder, entries=ENTRIES):
    """Writes a built site, and gives its folder."""
    root = Path(folder)
    (root / "data").mkdir()
    listed = [{**{k: v for k, v in entry.items() if k != "body"}, "words": 9} for entry in entries]
    (root / "data" / "entries.json").write_text(json.dumps({"entries": listed}), encoding="utf-8")
    for entry in entries:
        (root / entry["path"]).mkdir(parents=True)
        page = FRAME.format(title=entry["title"], body=entry["body"])
        (root / entry["path"] / "index.html").write_text(page, encoding="utf-8")
    return root


class Words(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.site = site(folder.name)
        self.corpus = words.Corpus(list(words.entries_of(self.site)))

    def honest(self, word):
        """What an engine finds that looks through every text."""
        asked = words.alike(word.strip())
        return [
            entry.path for entry in self.corpus.entries
            if any(asked == words.alike(run) or dense and asked in words.alike(run) for run, dense in words.runs_of(entry.text))
        ]

    def test_the_words_of_an_entry_are_those_its_author_wrote(self):
        self.assertEqual(
            self.corpus.words["practices/alpha/"],
            set("strasse of lanterns short words lantern light it was so then a guia cooperation first second third".split()),
        )
        self.assertEqual(
            self.corpus.words["sessions/beta/"], set("lanterns strasse guia full width and 2 310 alerts".split())
        )

    def test_words_that_differ_in_case_marks_or_width_are_the_same(self):
        both = {"practices/alpha/", "sessions/beta/"}
        for word in ("strasse", "guia", "lanterns"):
            self.assertEqual(self.corpus.holders[word], both, word)
        self.assertEqual(self.corpus.forms["guia"], {"guía", "guia"})
        self.assertNotEqual(words.alike("が"), words.alike("か"))
        self.assertEqual(words.alike("Ångström"), "angstrom")

    def test_a_text_without_spaces_is_drawn_in_pieces(self):
        for piece in ("知识", "识库很", "知识库很"):
            self.assertEqual(self.corpus.holders[piece], {"sessions/beta/"}, piece)
        self.assertNotIn("知", self.corpus.forms)

    def test_an_engine_that_finds_all_is_believed(self):
        told = words.ask(self.corpus, self.honest, 1000, 1)
        self.assertEqual(told.words, len(self.corpus.forms))
        self.assertEqual(told.pairs, sum(map(len, self.corpus.holders.values())))
        self.assertEqual(told.missing, [])

    def test_any_entry_that_is_left_out_for_any_word_is_noticed(self):
        for word in self.corpus.forms:
            for left_out in self.corpus.holders[word]:
                def paths(asked, word=word, left_out=left_out):
                    return [path for path in self.honest(asked) if words.alike(asked) != word or path != left_out]

                told = words.ask(self.corpus, paths, 1000, 1)
                self.assertEqual([(words.alike(written), path) for written, path in told.missing], [(word, left_out)])

    def test_words_of_fields_and_foreign_results_are_told_and_fail_nothing(self):
        told = words.ask(self.corpus, lambda word: ["practices/alpha/"], 1000, 1)
        self.assertEqual(told.field_pairs, 0)
        self.assertIn(("width", "practices/alpha/"), told.other)
        self.corpus.entries[1] = self.corpus.entries[1]._replace(fields="light")
        told = words.ask(self.corpus, self.honest, 1000, 1)
        self.assertEqual((told.field_pairs, told.field_missing, told.missing), (1, [("light", "sessions/beta/")], []))

    def test_the_same_seed_draws_the_same_words(self):
        self.assertEqual(self.corpus.drawn(8, 3), self.corpus.drawn(8, 3))
        self.assertNotEqual(self.corpus.drawn(8, 3), self.corpus.drawn(8, 4))
        self.assertGreaterEqual(len(self.corpus.drawn(8, 3)), 8)

    def test_a_page_without_the_text_that_is_listed_is_told(self):
        page = self.site / "sessions/beta/index.html"
        page.write_text(page.read_text(encoding="utf-8").replace("part-notes", "part-text"), encoding="utf-8")
        with self.assertRaisesRegex(SystemExit, "1 pages.*sessions/beta/"):
            list(words.entries_of(self.site))

    def test_the_command_asks_whole_words_and_ends_with_1_where_one_is_missing(self):
        for answer, code, last in (
            ('["practices/alpha/", "sessions/beta/index.html"]', 0, "0 missing"),
            ('["sessions/beta/"]', 1, "missing"),
        ):
            engine = self.site / "engine.py"
            engine.write_text(
                "import json, sys\n"
                "for line in sys.stdin:\n"
                "    asked = json.loads(line)\n"
                "    assert asked['query'].endswith(' '), asked\n"
                f"    print(json.dumps({{'results': [[path, 1, 0] for path in {answer}]}}), flush=True)\n",
                encoding="utf-8",
            )
            command = [sys.executable, words.__file__, self.site, "--engine", f"{sys.executable} {engine}"]
            run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
            self.assertEqual(run.returncode, code, run.stdout + run.stderr)
            self.assertTrue(run.stdout.rstrip().endswith(last), run.stdout)

    def test_an_engine_that_ends_is_told(self):
        with words.Engine(f"{sys.executable} -c pass") as engine, self.assertRaisesRegex(SystemExit, "The engine ended"):
            engine.paths("lanterns")


if __name__ == "__main__":
    unittest.main()

"""The recount finds what is wrong: in a copy of a built site one number is changed at a time.

    cd tests/recount && RECOUNT_SITE=DIR RECOUNT_CONFIG=FOLDER/folkmoot.toml python3 -m unittest

DIR is a site that has pages of every family, as the example has; else target/site-check/site is taken.
"""

import functools
import os
import re
import shutil
import tempfile
import unittest

import recount

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SITE = os.environ.get("RECOUNT_SITE") or os.path.join(PROJECT, "target", "site-check", "site")
CONFIG = os.environ.get("RECOUNT_CONFIG") or os.path.join(PROJECT, "example-site", "folkmoot.toml")

TOTAL, COUNT, TALLY = r'class="index-total">(\d+)', r'class="count">(\d+)', r'class="tally-n">(\d+)'
STRIP, ASKED = r'class="count-n">(\d+)', r"asked (\d+) times"

# What is changed: the family that must tell it, the page ("*" is any folder), and the number, which becomes one more.
# The last number of a page is taken, since a page may explain itself at its top.
NUMBERS = [
    ("topics", "topics/", r'<td class="[^"]*">(?:<span class="none">)?(\d+)'),
    ("topics", "topics/", TOTAL),
    ("topic pages", "topics/*/", STRIP),
    ("topic pages", "topics/*/", r"(\d+) case stud(?:y|ies)[^<]*<span class=\"will-talk"),
    ("topic pages", "topics/*/", r"See all (\d+)"),
    ("questions", "questions/", TALLY),
    ("questions", "questions/", ASKED),
    ("questions", "questions/", r"answered after (\d+) day"),
    ("questions", "questions/", r"took no longer than (\d+) day"),
    ("questions", "questions/by-age/", TOTAL),
    ("questions", "questions/by-times-asked/", r">Asked (\d+) times</h2>"),
    ("commitments", "commitments/", TALLY),
    ("commitments", "commitments/by-who/", COUNT),
    ("commitments", "commitments/by-session/", TOTAL),
    ("lessons", "lessons/", COUNT),
    ("lessons", "lessons/by-topic/", COUNT),
    ("takeaways", "takeaways/", COUNT),
    ("takeaways", "takeaways/by-series/", COUNT),
    ("success", "success/", TOTAL),
    ("success", "success/by-audience/", COUNT),
    ("reviews", "reviews/", TALLY),
    ("reviews", "reviews/by-due/", COUNT),
    ("promises", "promises/", COUNT),
    ("voices", "voices/", r'data-label="Speaks in">(\d+)'),
    ("voices", "voices/", r'data-label="Only addressed in">(\d+)'),
    ("voices", "voices/", r'data-label="Heard in sessions \d+">(\d+)'),
    ("voices", "voices/", r'data-label="Heard in sessions \d+">\d+ of (\d+)'),
    ("voices by topic", "voices/by-topic/", r'class="presence-n">(\d+)'),
    ("voices by session", "voices/by-session/", COUNT),
    ("who knows", "who-knows/", TALLY),
    ("who knows", "who-knows/", r"spoke in (\d+) session"),
    ("who knows", "who-knows/at-risk/", COUNT),
    ("who knows", "who-knows/by-name/", COUNT),
    ("places", "places/", COUNT),
    ("places", "places/", r"<span>(\d+) case stud"),
    ("places", "places/*/", STRIP),
    ("years", "years/", COUNT),
    ("years", "years/*/", STRIP),
    ("sessions", "sessions/", TOTAL),
    ("sessions", "sessions/by-series/", TOTAL),
    ("practices", "practices/", TALLY),
    ("practices", "practices/by-title/", TOTAL),
    ("case studies", "case-studies/", TOTAL),
    ("case studies", "case-studies/by-place/", TOTAL),
    ("case studies", "case-studies/by-organization/", TOTAL),
    ("series", "series/", TOTAL),
    ("resources", "resources/", TOTAL),
    ("organizations", "organizations/", TOTAL),
    ("people", "people/", TOTAL),
    ("communities", "communities/", TOTAL),
    ("a to z", "a-z/", STRIP),
    ("a to z", "a-z/", COUNT),
]

ROW = r'<li class="row[ "].*?</div></li>'
LINE = r'<li class="line[ "].*?</li>'
# Lines that are lost, or stand twice.
LINES = [
    ("topics", "topics/", r'<tr class="depth.*?</tr>'),
    ("questions", "questions/by-times-asked/", LINE),
    ("commitments", "commitments/by-who/", LINE),
    ("lessons", "lessons/by-topic/", LINE),
    ("takeaways", "takeaways/", LINE),
    ("success", "success/by-audience/", r"<tr><th scope=\"row\".*?</tr>"),
    ("reviews", "reviews/", LINE),
    ("promises", "promises/", r'<p class="missing .*?</p>'),
    ("voices by topic", "voices/by-topic/", r'<tr class="depth.*?</tr>'),
    ("voices by session", "voices/by-session/", r'<tr class="depth.*?</tr>'),
    ("who knows", "who-knows/at-risk/", r'<li class="line depth.*?(?=<li class="line depth|</ul>\s*</div></section>)'),
    ("places", "places/*/", ROW),
    ("years", "years/*/", ROW),
    ("sessions", "sessions/by-series/", ROW),
    ("practices", "practices/", ROW),
    ("case studies", "case-studies/by-place/", ROW),
    ("resources", "resources/", ROW),
    ("a to z", "a-z/", r'<li><svg class="mark.*?</li>'),
]

# States and addresses.
WORDS = [
    ("questions", "questions/", 'class="line line-open"', 'class="line line-answered"'),
    ("commitments", "commitments/", 'class="line line-overdue"', 'class="line line-open"'),
    ("reviews", "reviews/", r'due <time datetime="\d', 'due <time datetime="3'),
    ("voices by topic", "voices/by-topic/", 'presence presence-speaks', 'presence presence-addressed'),
    ("voices by session", "voices/by-session/", 'presence presence-speaks', 'presence presence-absent'),
    ("topic pages", "topics/*/", '<li><svg class="mark mark-person".*?</li>', ""),
    ("topic pages", "topics/*/", '<span class="will-talk">.*?</span>', ""),
    ("who knows", "who-knows/", "state state-shared", "state state-alone"),
    ("a to z", "a-z/", r'see</\w+> <a href="\.\./[^"]*"', 'see</em> <a href="../about/"'),
]


class Recount(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="recount-")
        cls.site = os.path.join(cls.temporary.name, "site")
        shutil.copytree(SITE, cls.site)
        # Reading pages takes nearly all the time, and all but one are the same each time.
        cls.page, recount.Page = recount.Page, functools.cache(recount.Page)

    @classmethod
    def tearDownClass(cls):
        recount.Page = cls.page
        cls.temporary.cleanup()

    def told(self):
        return recount.recount(self.site, CONFIG).differences

    def files(self, path):
        """The pages that a path stands for."""
        before, star, after = path.partition("*")
        folders = [os.path.join(self.site, before)]
        if star:
            folders = sorted(folder.path for folder in os.scandir(folders[0]) if folder.is_dir())
        return [file for file in (os.path.join(folder, after.strip("/"), "index.html") for folder in folders) if os.path.isfile(file)]

    def change(self, path, pattern, change):
        """Changes the last match on the first page that has one, and gives the differences that are then told."""
        for file in self.files(path):
            with open(file, encoding="utf-8", newline="") as page:
                before = page.read()
            start, end = before.index("<main"), before.index("</main>")
            found = list(re.finditer(pattern, before[start:end], re.S))
            if found:
                at = found[-1]
                with open(file, "w", encoding="utf-8", newline="") as page:
                    page.write(before[:start + at.start()] + change(at) + before[start + at.end():])
                try:
                    return self.told()
                finally:
                    with open(file, "w", encoding="utf-8", newline="") as page:
                        page.write(before)
        self.fail(f"/{path} has no {pattern}")

    def tells(self, family, differences):
        self.assertTrue(any(line.startswith(f"{family}: ") for line in differences), differences)

    def test_nothing_is_told_of_what_is_right(self):
        self.assertEqual(self.told(), [])

    def test_every_family_is_changed_here(self):
        self.assertEqual({family for family, *_ in NUMBERS} | {"data"}, set(recount.FAMILIES))

    def test_a_changed_number_is_told(self):
        for family, path, pattern in NUMBERS:
            with self.subTest(path=path, pattern=pattern):
                def more(at):
                    whole, start = at.group(), at.start()
                    return whole[:at.start(1) - start] + str(int(at.group(1)) + 1) + whole[at.end(1) - start:]

                self.tells(family, self.change(path, pattern, more))

    def test_a_lost_line_is_told(self):
        for family, path, pattern in LINES:
            with self.subTest(path=path):
                self.tells(family, self.change(path, pattern, lambda at: ""))

    def test_a_line_that_stands_twice_is_told(self):
        for family, path, pattern in LINES:
            with self.subTest(path=path):
                self.tells(family, self.change(path, pattern, lambda at: at.group() * 2))

    def test_a_wrong_word_is_told(self):
        for family, path, pattern, otherwise in WORDS:
            with self.subTest(path=path, pattern=pattern):
                self.tells(family, self.change(path, pattern, lambda at: otherwise))

    def test_a_page_that_is_not_there_is_told(self):
        for family, path in (("questions", "questions/by-age/"), ("voices by topic", "voices/by-topic/"), ("topics", "topics/"), ("a to z", "a-z/")):
            with self.subTest(path=path):
                file = os.path.join(self.site, path, "index.html")
                os.rename(file, file + ".away")
                try:
                    self.tells(family, self.told())
                finally:
                    os.rename(file + ".away", file)

    def test_what_the_data_say_is_recounted(self):
        file = os.path.join(self.site, "data", "entries.json")
        with open(file, encoding="utf-8") as data:
            before = data.read()
        changes = [
            (r'"counts":\{"session":\d+', '"counts":{"session":987'),
            (r'"maturity":"\w+"', '"maturity":"proven"'),
            (r'"freshness":"due"', '"freshness":"current"'),
            (r'"state":"overdue"', '"state":"open"'),
            (r'"status":"held"', '"status":"scheduled"'),
            (r'"status":"open","asked_on"', '"status":"parked","asked_on"'),
        ]
        try:
            for pattern, otherwise in changes:
                with self.subTest(pattern=pattern):
                    changed, count = re.subn(pattern, otherwise, before, count=1)
                    self.assertEqual(count, 1)
                    with open(file, "w", encoding="utf-8") as data:
                        data.write(changed)
                    self.tells("data", self.told())
        finally:
            with open(file, "w", encoding="utf-8") as data:
                data.write(before)

    def test_a_family_of_which_nothing_was_compared_is_told(self):
        record = recount.Record()
        record.pages["lessons"] = 1
        self.assertEqual(record.silent(), ["lessons"])


if __name__ == "__main__":
    unittest.main()

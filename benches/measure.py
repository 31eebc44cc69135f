#!/usr/bin/env python3
"""Times one corpus: full builds, unchanged rebuilds, rebuilds after one edit, each beside a plain piece of work.

    benches/measure.py FOLKMOOT CORPUS SITES

Called by benches/run. SITES is made here and left to the caller. Machines are noisy and differ, so before every build
the same plain work is timed (read all Markdown, hash it, write a copy), and the ratio of the medians is what to compare.
"""

import hashlib
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROUNDS = 5
# The day that is passed as today: eight years of the corpus lie before it but for the last months.
TODAY = "2026-11-22"


def build(folkmoot, corpus, out):
    """Runs one build; gives its wall seconds and its peak memory in bytes."""
    spent = run(folkmoot, "build", corpus, "--out", str(out))
    return spent.seconds, spent.peak


class Spent(NamedTuple):
    """What a run took: wall seconds, processor seconds on all cores together, and peak memory in bytes."""

    seconds: float
    processor: float
    peak: int


def run(folkmoot, command, corpus, *options):
    """Runs one command on a corpus, and gives what that took."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [folkmoot, command, str(corpus), *options, "--today", TODAY],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.stderr.write(said.decode(errors="replace")[-4000:])
        sys.exit(f"`folkmoot {command}` of {corpus} ended with {child.returncode}.")
    # The kernel counts in kilobytes, on macOS in bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Spent(seconds, usage.ru_utime + usage.ru_stime, peak)


def plain_work(corpus, copy):
    """Seconds for reading every file of a corpus, hashing it and writing it elsewhere: what no build can do without."""
    start = time.perf_counter()
    digest = hashlib.sha256()
    for folder, _, names in os.walk(corpus):
        target = copy / os.path.relpath(folder, corpus)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            data = Path(folder, name).read_bytes()
            digest.update(data)
            (target / name).write_bytes(data)
    return time.perf_counter() - start


def edit_one_entry(corpus, round_number):
    """Adds a line to the text of one entry, another one each time."""
    entries = sorted((corpus / "content" / "practices").glob("*.md"))
    with open(entries[round_number % len(entries)], "a", encoding="utf-8") as file:
        file.write(f"\nOne more line, number {round_number}.\n")


def size_of(folder):
    files = [path for path in folder.rglob("*") if path.is_file() and ".folkmoot" not in path.parts]
    return len(files), sum(path.stat().st_size for path in files)


def main():
    folkmoot, corpus, sites = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sites.mkdir()
    baseline, rows = [], []

    def measure(name, prepare, out):
        times, peaks = [], []
        for turn in range(ROUNDS):
            baseline.append(plain_work(corpus, sites / "plain"))
            prepare(turn)
            seconds, peak = build(folkmoot, corpus, out(turn))
            times.append(seconds)
            peaks.append(peak)
        rows.append((name, times, max(peaks)))

    measure("full build", lambda turn: None, lambda turn: sites / f"fresh-{turn}")
    site = sites / "fresh-0"
    measure("unchanged", lambda turn: None, lambda turn: site)
    measure("one entry changed", lambda turn: edit_one_entry(corpus, turn), lambda turn: site)

    plain = statistics.median(baseline)
    print(f"{'':<18} {'median s':>9} {'min s':>7} {'peak MB':>8} {'× plain':>8}")
    for name, times, peak in rows:
        median = statistics.median(times)
        print(f"{name:<18} {median:>9.3f} {min(times):>7.3f} {peak / 1e6:>8.0f} {median / plain:>8.2f}")
    print(f"{'plain work':<18} {plain:>9.3f} {min(baseline):>7.3f} {'':>8} {1:>8.2f}")
    files, size = size_of(site)
    print(f"{files} files, {size / 1e6:.1f} MB written")


if __name__ == "__main__":
    main()

"""Clocks: what a VTIMEZONE says (RFC 5545, section 3.6.5), what the IANA data says, and where the two differ.

The IANA data is that of the tzdata package. The machine's own is never read: it may be years old.
"""

import bisect
import functools
import zoneinfo
from datetime import UTC, datetime, timedelta

from dateutil.rrule import rrulestr

zoneinfo.reset_tzpath(())

EPOCH = datetime(1970, 1, 1)
# A shift of the clocks lasts longer than this, but for none that ever was, so none is stepped over.
SAMPLE = timedelta(hours=6)
# How far a recurring observance is followed beyond the last instant that is asked for.
MARGIN = timedelta(days=400)


def iana(name):
    """The zone of that name in the tzdata package; none where it has no such zone."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None


def instant(wall, name):
    """The instant, in UTC, of a time on the wall; of two the first, and in a gap by the offset before it (section 3.3.5)."""
    return wall.replace(tzinfo=iana(name), fold=0).astimezone(UTC)


class Clock:
    """A VTIMEZONE, read by the letter: a list of onsets, each with the offsets before and after it."""

    def __init__(self, component, until):
        """Follows recurring observances up to `until`, in UTC. Raises ValueError that says what is wrong with it."""
        self.onsets = []  # (instant in UTC without a zone, offset before, offset after)
        for observance in component.subcomponents:
            if observance.name not in ("STANDARD", "DAYLIGHT"):
                raise ValueError(f"has a {observance.name}")
            missing = [name for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO") if name not in observance]
            if missing:
                raise ValueError(f"has a {observance.name} without {missing[0]}")
            before, after = observance["TZOFFSETFROM"].td, observance["TZOFFSETTO"].td
            self.onsets += [(wall - before, before, after) for wall in onset_walls(observance, before, until)]
        if not self.onsets:
            raise ValueError("has no STANDARD and no DAYLIGHT")
        self.onsets.sort()
        self.instants = [onset[0] for onset in self.onsets]

    def offset(self, moment):
        """The offset at an instant in UTC without a zone; none before the first onset, where a VTIMEZONE says nothing."""
        index = bisect.bisect_right(self.instants, moment) - 1
        return self.onsets[index][2] if index >= 0 else None

    def instant(self, wall):
        """The instant of a time on the wall, by the same rule as above; none where the VTIMEZONE says nothing of it."""
        offsets = {offset for _, before, after in self.onsets for offset in (before, after)}
        readings = [wall - offset for offset in offsets if self.offset(wall - offset) == offset]
        if not readings:
            readings = [wall - before for at, before, after in self.onsets if at + before <= wall < at + after]
        return min(readings).replace(tzinfo=UTC) if readings else None


def onset_walls(observance, before, until):
    """The onsets of an observance as the clock before them shows: DTSTART, each RDATE, and what RRULE makes of DTSTART."""
    start = observance["DTSTART"].dt
    if start.tzinfo is not None:
        raise ValueError("has an observance whose DTSTART is no local time")
    walls = {start}
    for dates in as_list(observance.get("RDATE")):
        walls.update(date.dt for date in dates.dts)
    for rule in as_list(observance.get("RRULE")):
        recurring = rrulestr(local_rule(rule, before), dtstart=start)
        first = next(iter(recurring), None)
        if first != start:
            raise ValueError(f"has an observance whose DTSTART {start:%Y%m%dT%H%M%S} its RRULE does not give")
        walls.update(recurring.between(start, until + MARGIN, inc=True))
    return walls


def local_rule(rule, before):
    """A rule as text, with UNTIL, which is in UTC (section 3.8.5.3), put on the wall."""
    parts = dict(part.split("=", 1) for part in rule.to_ical().decode().split(";"))
    last = parts.get("UNTIL")
    if last is not None:
        if not last.endswith("Z"):
            raise ValueError(f"has an observance whose UNTIL={last} is not in UTC")
        parts["UNTIL"] = f"{datetime.strptime(last, '%Y%m%dT%H%M%SZ') + before:%Y%m%dT%H%M%S}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def as_list(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def differences(clock, name, first, last):
    """Says where a clock and the IANA zone show different times from one instant to another, both in UTC without a zone."""
    first, last = first - EPOCH, last - EPOCH
    moments = [first, *(SAMPLE * step for step in range(first // SAMPLE + 1, last // SAMPLE + 1)), last]
    for moment in moments:
        said, real = clock.offset(EPOCH + moment), offset(name, moment)
        if said != real:
            return f"says UTC{shown(said)} at {EPOCH + moment:%Y-%m-%dT%H:%M:%S}Z, which is UTC{shown(real)} there"
    return None


@functools.cache
def offset(name, since_epoch):
    return (EPOCH + since_epoch).replace(tzinfo=UTC).astimezone(iana(name)).utcoffset()


def shown(offset):
    if offset is None:
        return "?"
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

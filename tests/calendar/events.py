"""A calendar file as Python's icalendar reads it: what each calendar and each event must have, and its events."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import icalendar

import zones

# An event says each of these at most once (RFC 5545, section 3.6.1, and RFC 7986).
ONCE = (
    "UID DTSTAMP DTSTART DTEND DURATION SUMMARY DESCRIPTION LOCATION SEQUENCE STATUS URL CLASS CREATED GEO LAST-MODIFIED "
    "ORGANIZER PRIORITY TRANSP COLOR"
).split()
NEEDED = ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS")
# Each date is an event of its own, so that one can be moved or cancelled without the others.
NEVER = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
STATUSES = ("TENTATIVE", "CONFIRMED", "CANCELLED")

# RFC 7986, section 5.9, takes the names of CSS 3 and nothing else.
COLOURS = set(
    """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood cadetblue
    chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey
    darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray
    darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen
    fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki
    lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen
    lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime
    limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue
    mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive
    olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum
    powderblue purple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
    slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow
    yellowgreen
    """.split()
)


@dataclass
class Event:
    file: str
    uid: str
    # A day of an all-day event, else the instant in UTC.
    start: object
    end: object
    # What the clock shows in `zone`; of an all-day event, the day and no zone.
    wall: object
    zone: object
    summary: str
    status: str
    sequence: object
    stamp: object
    modified: object
    url: object
    location: object
    description: object

    @property
    def all_day(self):
        return not isinstance(self.start, datetime)


def read(file, data, base_url, report):
    """The events of a calendar; tells `report` what is wrong with it."""
    try:
        calendars = icalendar.Calendar.from_ical(data, multiple=True)
    except ValueError as error:
        report("icalendar", f"icalendar cannot read it: {error}")
        return []
    if len(calendars) != 1 or calendars[0].name != "VCALENDAR":
        report("calendar", f"holds {len(calendars)} components; one VCALENDAR is wanted")
        return []
    calendar = calendars[0]
    for component in calendar.walk():
        for name, error in component.errors:
            report("icalendar", f"icalendar cannot read {name} of {component.name}: {error}")
        # What could not be read has been told of; from here on it counts as missing.
        for name in [name for name, value in component.items() if isinstance(value, icalendar.vBroken)]:
            del component[name]
    check_calendar(file, calendar, report)
    components = [component for component in calendar.subcomponents if component.name == "VEVENT"]
    events = [event for event in (read_event(file, component, base_url, report) for component in components) if event]
    check_zones(calendar, components, events, report)
    uids = [event.uid for event in events]
    for uid in sorted({uid for uid in uids if uids.count(uid) > 1}):
        report("uid", f"has {uids.count(uid)} events with the UID {uid}")
    return events


def check_calendar(file, calendar, report):
    if calendar.get("VERSION") != "2.0":
        report("calendar", f"has the VERSION {calendar.get('VERSION')}; 2.0 is wanted")
    if not calendar.get("PRODID"):
        report("calendar", "has no PRODID")
    if calendar.get("METHOD", "PUBLISH") != "PUBLISH":
        report("calendar", f"has the METHOD {calendar['METHOD']}; only PUBLISH may stand there")
    if calendar.get("CALSCALE", "GREGORIAN") != "GREGORIAN":
        report("calendar", f"has the CALSCALE {calendar['CALSCALE']}")
    if not calendar.subcomponents:
        report("calendar", "holds no component, and must hold one (RFC 5545, section 3.6)")
    for component in calendar.subcomponents:
        if component.name not in ("VEVENT", "VTIMEZONE"):
            report("calendar", f"holds a {component.name}")
        check_colour(component, report)
    check_colour(calendar, report)
    if is_feed(file):
        check_feed(calendar, report)
    elif sum(component.name == "VEVENT" for component in calendar.subcomponents) != 1:
        report("calendar", "does not hold exactly one event")


def is_feed(file):
    """Whether programs subscribe to it; the others are taken over once."""
    return file.rsplit("/", 1)[-1] in ("calendar.ics", "reviews.ics")


def check_feed(calendar, report):
    for name in ("NAME", "X-WR-CALNAME"):
        if not calendar.get(name):
            report("feed", f"has no {name}")
    if calendar.get("NAME") != calendar.get("X-WR-CALNAME"):
        report("feed", f"is called {calendar.get('NAME')} (NAME) and {calendar.get('X-WR-CALNAME')} (X-WR-CALNAME)")
    interval = calendar.get("REFRESH-INTERVAL")
    if interval is None:
        report("feed", "has no REFRESH-INTERVAL")
    elif interval.params.get("VALUE") != "DURATION":
        report("feed", "does not say VALUE=DURATION with its REFRESH-INTERVAL (RFC 7986, section 5.7)")
    elif not isinstance(getattr(interval, "dt", None), timedelta) or interval.dt <= timedelta(0):
        report("feed", f"has a REFRESH-INTERVAL that is no time: {interval.to_ical().decode()}")


def check_colour(component, report):
    colour = component.get("COLOR")
    if colour is not None and str(colour).lower() not in COLOURS:
        report("colour", f"has the COLOR {colour}, which is no colour name of CSS 3")


def read_event(file, component, base_url, report):
    name = f"the event {component.get('UID', 'without a UID')}"
    for key in ONCE:
        if isinstance(component.get(key), list):
            report("event", f"{name} has {key} twice")
            return None
    for key in NEEDED:
        if str(component.get(key, "")) == "":
            report("event", f"{name} has no {key}")
    for key in NEVER:
        if key in component:
            report("event", f"{name} has {key}; each date is an event of its own")
    if ("DTEND" in component) == ("DURATION" in component):
        report("event", f"{name} has {'both' if 'DTEND' in component else 'neither'} DTEND and DURATION")
    if component.get("STATUS") not in (None, *STATUSES):
        report("event", f"{name} has the STATUS {component['STATUS']}")
    check_url(component.get("URL"), name, base_url, report)
    stamp, modified = (instant_of(component.get(key), f"{key} of {name}", report) for key in ("DTSTAMP", "LAST-MODIFIED"))
    times = times_of(component, name, report)
    if times is None:
        return None
    text = {key: str(component[key]) for key in ONCE if key in component}
    sequence = component.get("SEQUENCE")
    return Event(
        file=file,
        uid=text.get("UID", ""),
        **times,
        summary=text.get("SUMMARY", ""),
        status=text.get("STATUS"),
        sequence=int(sequence) if isinstance(sequence, int) else None,
        stamp=stamp,
        modified=modified,
        url=text.get("URL"),
        location=text.get("LOCATION"),
        description=text.get("DESCRIPTION"),
    )


def check_url(url, name, base_url, report):
    if url is None:
        if base_url:
            report("url", f"{name} has no URL")
    elif not re.match(r"https?://[^/]", str(url)):
        report("url", f"{name} has a URL that is not a full address: {url}")


def instant_of(value, what, report):
    """An instant that must be written in UTC."""
    moment = getattr(value, "dt", None)
    if value is None:
        return None
    if not isinstance(moment, datetime) or not value.to_ical().endswith(b"Z"):
        report("event", f"{what} is not in UTC: {value.to_ical().decode()}")
        return None
    return moment.astimezone(zones.UTC)


def times_of(component, name, report):
    """The start and the end of an event; none where they cannot be told."""
    if component.get("DTSTART") is None:
        return None
    start = moment_of(component["DTSTART"], f"DTSTART of {name}", report)
    if start is None:
        return None
    wall, zone = start
    first = wall if zone is None else zones.instant(wall, zone)
    if "DTEND" in component:
        end = moment_of(component["DTEND"], f"DTEND of {name}", report)
        if end is None:
            return None
        last = end[0] if end[1] is None else zones.instant(*end)
    elif "DURATION" in component and isinstance(component["DURATION"].dt, timedelta):
        last = later(first, wall, zone, component["DURATION"].dt)
    else:
        return None
    if isinstance(first, datetime) != isinstance(last, datetime):
        report("event", f"{name} begins on a day and ends at a time, or the reverse")
        return None
    if last <= first:
        report("event", f"{name} ends at {last}, not after it begins at {first}")
    return {"start": first, "end": last, "wall": wall, "zone": zone}


def later(first, wall, zone, duration):
    """The end after a DURATION: its days are counted on the wall, its hours as they pass (RFC 5545, section 3.3.6)."""
    if zone is None:
        return first + duration
    days = timedelta(days=duration.days)
    return zones.instant(wall + days, zone) + (duration - days)


def moment_of(value, what, report):
    """(day, None), or (what the clock shows, the name of its zone)."""
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        if isinstance(moment, date):
            if value.params.get("VALUE") != "DATE":
                report("event", f"{what} is a day, and VALUE=DATE does not say so")
            return moment, None
        report("event", f"{what} is no time: {value.to_ical().decode()}")
        return None
    zone = value.params.get("TZID")
    if zone is None and not value.to_ical().endswith(b"Z"):
        report("event", f"{what} is in no zone: {value.to_ical().decode()}")
        return None
    if zone is not None and zones.iana(zone) is None:
        report("zone", f"{what} is in the zone {zone}, which the IANA data does not have")
        return None
    return moment.replace(tzinfo=None), zone or "UTC"


def check_zones(calendar, components, events, report):
    """Each zone that is named has one VTIMEZONE, and it shows the time that the IANA zone shows."""
    said = {}
    for component in calendar.subcomponents:
        if component.name == "VTIMEZONE":
            name = str(component.get("TZID", ""))
            if name in said:
                report("zone", f"has two VTIMEZONE of {name}")
            said[name] = component
    named = {
        component[key].params["TZID"]
        for component in components
        for key in ("DTSTART", "DTEND")
        if key in component and "TZID" in getattr(component[key], "params", {})
    }
    for name in sorted(named - said.keys()):
        report("zone", f"has no VTIMEZONE of {name}")
    timed = [event for event in events if not event.all_day]
    if not timed:
        return
    first = min(event.start for event in timed).replace(tzinfo=None)
    last = max(event.end for event in timed).replace(tzinfo=None)
    for name, component in said.items():
        if zones.iana(name) is None:
            report("zone", f"has a VTIMEZONE of {name}, which the IANA data does not have")
            continue
        try:
            clock = clock_of(component, last)
        except (KeyError, ValueError, AttributeError) as error:
            report("zone", f"its VTIMEZONE of {name} {error}")
            continue
        difference = zones.differences(clock, name, first, last)
        if difference:
            report("zone", f"its VTIMEZONE of {name} {difference}")
        check_instants(clock, name, components, report)


# Feeds repeat the same VTIMEZONE; expanding it is slow.
CLOCKS = {}


def clock_of(component, last):
    # To the end of the year, so that many files ask for the same one.
    until = datetime(last.year + 1, 1, 1)
    key = component.to_ical(), until
    if key not in CLOCKS:
        CLOCKS[key] = zones.Clock(component, until)
    return CLOCKS[key]


def check_instants(clock, name, components, report):
    """Each time in a zone is the same instant by the VTIMEZONE and by the IANA data."""
    for component in components:
        for key in ("DTSTART", "DTEND"):
            value = component.get(key)
            if getattr(value, "params", {}).get("TZID") != name or not isinstance(getattr(value, "dt", None), datetime):
                continue
            wall = value.dt.replace(tzinfo=None)
            said, real = clock.instant(wall), zones.instant(wall, name)
            if said != real:
                what = f"{key} of the event {component.get('UID')}, {wall} in {name},"
                report("zone", f"{what} is {said} by the VTIMEZONE, and really {real}")

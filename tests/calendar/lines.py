"""A calendar as bytes and content lines (RFC 5545, section 3.1): ends of lines, folding, grammar, escapes, nesting."""

import re

# RFC 5545, section 3.1: octets of a line, without its end.
LONGEST_LINE = 75

BARE_CR = re.compile(rb"\r(?!\n)")
BARE_LF = re.compile(rb"(?<!\r)\n")
# Nothing of this may stand in a calendar (RFC 5545, section 3.1, CONTROL).
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

PARAMETER_VALUE = r'(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)'
CONTENT_LINE = re.compile(
    rf"(?P<name>[A-Za-z0-9-]+)"
    rf"(?P<parameters>(?:;[A-Za-z0-9-]+={PARAMETER_VALUE}(?:,{PARAMETER_VALUE})*)*)"
    r":(?P<value>.*)",
    re.S,
)

# Properties whose value is TEXT; a comma or semicolon in it is written behind a backslash (section 3.3.11).
TEXT = set("SUMMARY DESCRIPTION LOCATION COMMENT CONTACT UID NAME X-WR-CALNAME X-WR-CALDESC TZNAME TZID".split())
# The same, where a bare comma separates several values.
TEXTS = {"CATEGORIES", "RESOURCES"}
# One character of TEXT, or one escape of it.
ESCAPED = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
ESCAPED_LIST = re.compile(r"(?:[^\\;]|\\[\\;,nN])*")


def check(data, report):
    """Tells `report` what is wrong with the bytes of a calendar; gives its unfolded lines, or none where it is no text."""
    if data.startswith(b"\xef\xbb\xbf"):
        report("bytes", "begins with a byte-order mark")
    if BARE_CR.search(data):
        report("bytes", "has a carriage return without a line feed")
    if BARE_LF.search(data):
        report("bytes", "has a line feed without a carriage return")
    if not data.endswith(b"\r\n"):
        report("bytes", "does not end with the end of a line")
    lines = unfolded(re.split(rb"\r\n|\r|\n", data.removesuffix(b"\r\n")), report)
    try:
        lines = [line.decode("utf-8") for line in lines]
    except UnicodeDecodeError as error:
        report("bytes", f"is not UTF-8: {error}")
        return None
    for line in lines:
        check_line(line, report)
    check_nesting(lines, report)
    return lines


def unfolded(physical, report):
    """Content lines as bytes. A character may be split by a fold; some programs then show two broken ones."""
    lines = []
    for number, line in enumerate(physical, 1):
        if len(line) > LONGEST_LINE:
            report("folding", f"line {number} has {len(line)} octets; {LONGEST_LINE} are allowed")
        folded = line[:1] in (b" ", b"\t")
        if not line.strip(b" \t"):
            report("folding", f"line {number} is empty")
        elif folded and not lines:
            report("folding", "its first line continues nothing")
        elif folded:
            # Octets 10xxxxxx continue a character, and no character begins with one.
            if line[1] & 0b1100_0000 == 0b1000_0000:
                report("folding", f"line {number} begins inside a character")
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def check_line(line, report):
    if CONTROL.search(line):
        report("grammar", f"has a control character in {shown(line)}")
    found = CONTENT_LINE.fullmatch(line)
    if not found:
        report("grammar", f"has a line that is no content line: {shown(line)}")
        return
    name = found["name"].upper()
    allowed = ESCAPED if name in TEXT else ESCAPED_LIST if name in TEXTS else None
    if allowed and not allowed.fullmatch(found["value"]):
        report("escapes", f"has a comma, a semicolon or a backslash that is not escaped in {shown(line)}")


def check_nesting(lines, report):
    open_components = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.upper() == "BEGIN":
            open_components.append(value.upper())
        elif name.upper() == "END":
            if not open_components or open_components.pop() != value.upper():
                report("grammar", f"has {shown(line)} where no such component is open")
        elif not open_components:
            report("grammar", f"has {shown(line)} outside of every component")
    if open_components:
        report("grammar", f"does not end {', '.join(open_components)}")


def shown(line):
    return repr(line if len(line) <= 60 else line[:60] + "…")

#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Reads iCalendar as somebody else's program does (python3-icalendar) and prints what it found as JSON.

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import datetime
import json
import sys

from icalendar import Calendar


def plain(value):
    """A value of the reader's as JSON: days and instants in ISO 8601, durations in days."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if hasattr(value, "cats"):
        return [str(each) for each in value.cats]
    value = getattr(value, "dt", value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value / datetime.timedelta(days=1)
    return value if isinstance(value, int) else str(value)


def properties(component):
    return {name.lower(): plain(value) for name, value in component.items()}


calendars = Calendar.from_ical(sys.stdin.buffer.read().decode("utf-8"), multiple=True)
assert len(calendars) == 1, "one calendar"
calendar = calendars[0]
assert not [error for part in calendar.walk() for error in part.errors], "everything can be read"
events = [dict(properties(event), alarms=[properties(alarm) for alarm in event.walk("VALARM")])
    for event in calendar.walk("VEVENT")]
print(json.dumps(dict(properties(calendar), events=events)))

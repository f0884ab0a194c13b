"""Times of day as a teacher types them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import time as time_of_day

from monitor.domain import Lesson
from monitor.errors import InvalidMarker
from monitor.words import _

TYPED = re.compile(r"\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*")


def typed_moment(text: str, lesson: Lesson, zone: tzinfo, now: datetime) -> datetime:
    """`10:21` or `10:21:05` in the reader's zone as a moment of the lesson. Raises InvalidMarker with a sentence."""
    typed, precision = _time_of_day(text)
    start, end = lesson.started_at, lesson.ended_at or now
    days = {start.astimezone(zone).date() + timedelta(days=day) for day in (0, 1)} | {end.astimezone(zone).date()}
    # An hour that a clock change repeats is there twice.
    for moment in sorted(
        datetime.combine(day, typed, zone).replace(fold=fold).astimezone(UTC) for day in days for fold in (0, 1)
    ):
        # What began in the typed minute is meant by it.
        if start - precision < moment <= end:
            return max(moment, start)
    raise InvalidMarker(
        _("{typed} is not in this lesson, which is from {start} to {end}.").format(
            typed=f"{typed:%H:%M:%S}",
            start=f"{start.astimezone(zone):%H:%M:%S}",
            end=f"{end.astimezone(zone):%H:%M:%S}",
        )
    )


def _time_of_day(text: str) -> tuple[time_of_day, timedelta]:
    found = TYPED.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time_of_day(hour, minute, second), timedelta(seconds=60 if found.group(3) is None else 1)
    except ValueError:
        raise InvalidMarker(
            _("“{typed}” is no time of day. Write hours and minutes, such as 10:21 or 10:21:05.").format(
                typed=text.strip()
            )
        ) from None

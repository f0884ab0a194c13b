"""A short form of `python -m tests.fuzzing`: each reader gets some files that are nearly right, always the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzzing.readers import READERS

EXAMPLES, SLOW_EXAMPLES = 60, 5


@pytest.mark.parametrize("name", READERS)
def test_what_is_nearly_right_is_read_or_refused_in_the_readers_own_words(name: str) -> None:
    reader = READERS[name]
    rules = settings(
        max_examples=SLOW_EXAMPLES if reader.slow else EXAMPLES,
        derandomize=True,
        database=None,
        deadline=timedelta(seconds=60),
        suppress_health_check=list(HealthCheck),
    )
    rules(given(reader.given())(reader.read))()

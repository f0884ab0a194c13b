"""A short form of `python -m tests.fuzzing`: each reader gets some files that are nearly right, always the same."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from monitor.live.video import ROOT
from tests.fuzzing.readers import READERS

WANTED = {"roster", "timeline", "fer2013", "card", "onnx", "settings", "video", "join"}
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


def test_every_reader_of_what_comes_from_outside_is_tried() -> None:
    assert set(READERS) == WANTED


def test_the_command_says_how_much_each_reader_was_given() -> None:
    command = [sys.executable, "-m", "tests.fuzzing", "--minutes", "0.01", "roster", "timeline"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [one["reader"] for one in told] == ["roster", "timeline"]
    assert all(one["examples"] > 0 and one["seconds"] >= 0 and not one["failed"] for one in told)

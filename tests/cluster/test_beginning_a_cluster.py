"""What `serve-scoring` refuses before Ray begins."""

from __future__ import annotations

import pytest

from model_zoo.cluster import TOKEN
from monitor.live.cluster import NODE_ENV
from tests.commands.conftest import Say, run, store

__all__ = ["run", "store"]


@pytest.mark.parametrize("words", [("--head", "10.0.0.5:6379"), ("--join", "10.0.0.5:6379")])
def test_a_cluster_that_others_reach_needs_a_secret(
    run: Say, monkeypatch: pytest.MonkeyPatch, words: tuple[str, str]
) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    code, out, err = run("serve-scoring", *words)
    assert (code, out) == (2, "")
    assert "needs a secret, got none: set RAY_AUTH_TOKEN" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [(("--least", 3, "--most", 2), "got 3 to 2"), (("--least", 0), "got 0 to 4"), (("--per-machine", 0), "got 0")],
)
def test_replicas_that_cannot_be_are_refused(run: Say, words: tuple[object, ...], told: str) -> None:
    code, _, err = run("serve-scoring", "--head", "127.0.0.2:6379", *words)
    assert (code, told in err) == (2, True)


def test_nothing_is_spilled_to_a_disk_and_nothing_is_told_to_its_makers() -> None:
    assert NODE_ENV["RAY_automatic_object_spilling_enabled"] == "0"
    assert NODE_ENV["RAY_USAGE_STATS_ENABLED"] == "0"

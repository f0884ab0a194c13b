"""Measures recorded videos on the machines of a Ray cluster, which see the files at the same paths.

Each video is one task: decoded there by a process of its own, as here, and no picture leaves that machine. What travels
is a path there and scores back; whose video it is stays here, where the store is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from model_zoo.cluster import NoCluster, as_they_end, joined, processors
from monitor.errors import ClusterError, VideoError
from monitor.live.analysis import Measured, Wanted, measure
from monitor.live.pipeline import Pipeline, open_pipeline
from monitor.settings import Settings

NEEDED = {"detector", "yunet", "network", "sequence_network", "threads", "smoothing"}
"""Settings by which a video is measured; the others, some of them secrets, stay here."""


def measured_afar(
    cluster: str, chosen: Settings, videos: Sequence[Wanted]
) -> Iterator[tuple[Wanted, Measured | Exception]]:
    """Of each video what was measured, or what went wrong, in the order in which they are done. Raises ClusterError."""
    settings = chosen.model_dump(mode="json", include=NEEDED)
    try:
        with joined(cluster):
            yield from as_they_end(_measured, iter(videos), settings, at_once=processors(), each=chosen.threads)
    except NoCluster as error:
        raise ClusterError(str(error)) from error


def _measured(wanted: Wanted, settings: Mapping[str, object]) -> Measured | Exception:
    """On a machine of the cluster. An error of the video is given back, not raised: Ray would log it, and it may name
    the file."""
    try:
        return measure(wanted, _pipeline(tuple(sorted(settings.items()))))
    except VideoError as error:
        return error


@lru_cache(maxsize=1)
def _pipeline(settings: tuple[tuple[str, object], ...]) -> Pipeline:
    """One for all videos that a process measures."""
    return open_pipeline(Settings.model_validate({**dict(settings), "scoring": "local"}))

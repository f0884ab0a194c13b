"""What this process did, as Prometheus reads it. Made from counts that are kept anyway: nothing is added to a frame's
way, and nothing is told of persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.errors import MonitorError
from monitor.live.classroom import Classroom
from monitor.live.health import Health
from monitor.logs import tally

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposed(room: Callable[[], Classroom], health: Health) -> bytes:
    """The text of all figures; those of the class are missing where it cannot be opened."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    GCCollector(registry)
    registry.register(_OfHealth(health))
    with suppress(MonitorError):  # `classroom_scoring_alive` says it
        registry.register(_OfClass(room()))
    return generate_latest(registry)


class _OfHealth(Collector):
    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        health = self._health
        for name, told, value in (
            ("database_reachable", "Whether the database answers", health.reachable),
            ("database_writable", "Whether the database takes a row", health.writable),
            ("scoring_alive", "Whether the thread that scores goes round", health.scoring),
            ("weights_verified", "Whether the network's file is what its card says", health.weights),
        ):
            yield GaugeMetricFamily(f"classroom_{name}", told, int(value))
        errors = CounterMetricFamily("classroom_logged", "Lines of the log, by level", labels=["level"])
        for level in ("warning", "error"):
            errors.add_metric([level], tally.counts[level])
        yield errors


class _OfClass(Collector):
    def __init__(self, room: Classroom) -> None:
        self._room = room

    def collect(self) -> Iterator[Metric]:
        room = self._room
        counts, keeping = room.counts, room.keeping
        yield GaugeMetricFamily("classroom_streams", "Cameras that count for a student or a room", len(room.streams))
        for name, told, count in (
            ("frames_received", "Frames that came in", counts.received),
            ("frames_read", "Frames that were read", counts.read),
            ("frames_dropped", "Frames that a newer one of the same camera overtook", counts.dropped),
            ("frames_failed", "Frames that raised an error", counts.failed),
            ("samples_stored", "Samples that the database took", keeping.stored),
            ("samples_lost", "Samples that the full buffer pushed out", keeping.lost),
        ):
            yield CounterMetricFamily(f"classroom_{name}", told, count)
        yield CounterMetricFamily("classroom_busy_seconds", "Time spent on frames that were read", counts.busy_s)
        full = "Whether new cameras have to wait, as each gets too few pictures read"
        yield GaugeMetricFamily("classroom_full", full, int(room.load.full))
        yield GaugeMetricFamily("classroom_samples_waiting", "Samples that wait for the database", keeping.waiting)
        yield GaugeMetricFamily("classroom_buffer_capacity", "Samples that may wait", room.capacity)
        stages = CounterMetricFamily("classroom_stage_seconds", "Time spent on each step of a frame", labels=["stage"])
        for stage, seconds in room.spent.items():
            stages.add_metric([stage.value], seconds)
        yield stages
        if room.scoring.wanted:
            there = "Whether faces are scored on the cluster that is set, else on this machine"
            yield GaugeMetricFamily("classroom_scored_on_cluster", there, int(room.scoring.there))
            gone = "How often the cluster was lost"
            yield CounterMetricFamily("classroom_cluster_losses", gone, room.scoring.losses)
        works = {"detector": room.detector_name, "network": room.network_name}
        yield InfoMetricFamily("classroom_works_with", "What finds and what scores faces", works)

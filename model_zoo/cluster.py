"""Work that is spread over the machines of a Ray cluster. The one door to Ray of this room."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from model_zoo.errors import ModelZooError

Job = TypeVar("Job")
Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parents[1]
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DISABLE_IMPORT_WARNING": "1"}
"""Of every process: nothing is told to Ray's makers."""
TOKEN = "RAY_AUTH_TOKEN"


class NoCluster(ModelZooError):  # noqa: N818 - a state
    """Machines that should work together cannot be reached."""


def with_token(env: Mapping[str, str]) -> dict[str, str]:
    """Where the secret of a cluster is set, Ray lets nobody in without it."""
    return {**env, "RAY_AUTH_MODE": "token"} if os.environ.get(TOKEN) else dict(env)


@contextmanager
def joined(address: str, env: Mapping[str, str] | None = None) -> Iterator[None]:
    """As a driver of the cluster at `address`: HOST:6379 on one of its machines, ray://HOST:10001 from any other.

    Its machines have the project at the same path. `env`: variables of the processes that work. Raises NoCluster.
    """
    os.environ.update(with_token(QUIET))
    import ray

    workers = {"PYTHONPATH": str(ROOT), **QUIET, **(env or {})}
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, runtime_env={"env_vars": workers})
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise NoCluster(f"There is no Ray cluster at {address!r} that can be joined: {error}") from error
    try:
        yield
    finally:
        ray.shutdown()


def processors() -> int:
    """Of all machines together."""
    return max(1, int(_resources().get("CPU", 1)))


def graphics() -> float:
    """Graphics processors, of all machines together."""
    return _resources().get("GPU", 0.0)


def _resources() -> dict[str, float]:
    import ray

    found: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return found


def as_they_end(
    work: Callable[..., Result], jobs: Iterator[Job], *shared: object, at_once: int, each: int = 1
) -> Iterator[tuple[Job, Result | Exception]]:
    """`work(job, *shared)` of each job, on any machine, `each` processors for one, in the order in which they end.

    A job is taken from `jobs` when one of `at_once` places is free. What `work` raises is given in its result's place;
    one whose machine dies is tried again on another. `shared` lies in Ray's object store: nothing of a student.
    Raises NoCluster when no processor is free: what scores faces there keeps its own.
    """
    import ray

    found: dict[str, float] = ray.available_resources()  # type: ignore[no-untyped-call]
    if (free := found.get("CPU", 0.0)) < each:
        raise NoCluster(f"Of the cluster's {processors()} processors {free:g} are free, and {each} are needed.")
    remote: Any = ray.remote(num_cpus=each, max_retries=2)(work)
    kept = [ray.put(one) for one in shared]
    running: dict[Any, Job] = {}
    while True:
        while len(running) < at_once and (job := next(jobs, None)) is not None:
            running[remote.remote(job, *kept)] = job
        if not running:
            return
        (ended,), _rest = ray.wait(list(running))
        yield running.pop(ended), _result(ended)


def _result(ended: Any) -> Any:
    import ray

    try:
        return ray.get(ended)
    except ray.exceptions.RayTaskError as error:
        return error.cause if isinstance(error.cause, Exception) else error
    except ray.exceptions.RayError as error:
        return error

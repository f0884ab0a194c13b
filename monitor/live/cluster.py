"""Scores faces on a Ray cluster, behind Ray Serve. The one door to Ray of this room, and no part of a dashboard, which
needs only the address (`monitor.vision.elsewhere`)."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import ray
from numpy.typing import NDArray
from ray import serve
from ray.serve.config import AutoscalingConfig, HTTPOptions
from ray.serve.schema import LoggingConfig
from starlette.requests import Request
from starlette.responses import Response

from model_zoo.cluster import QUIET, ROOT, TOKEN, graphics, with_token
from monitor.errors import ClusterError
from monitor.vision.classification import LocalClassifier, has_cuda, open_classifier
from monitor.vision.hop import BATCH, NETWORK, PATH, TYPE, fingerprint, rows, unpacked

NAME = "scoring"
# Requests of several dashboards are scored together: as many faces as one call of the network takes, or what came
# within the wait, which each request pays.
MOST_FACES, WAIT_S = 256, 0.004
# Requests that one replica has at a time before Serve starts another, and before a dashboard has to wait.
WANTED_REQUESTS, MOST_REQUESTS = 4, 32
MOST_PER_MACHINE = 100
GPU_SHARE = 0.25  # of a graphics processor, for a replica: the network is small
CLIENT_PORT = 10001
STORE_BYTES = 200_000_000  # nothing of a student is in Ray's object store

NODE_ENV = {**QUIET, "RAY_automatic_object_spilling_enabled": "0", "PYTHONPATH": str(ROOT)}
"""Of a machine of the cluster: what does not fit into memory is refused, and never written to a disk."""


class Scorer:
    """One replica. Serve calls it on one event loop; one batch is scored at a time, on a thread."""

    def __init__(self, network: str, threads: int, gpu: bool) -> None:
        self._classifier: LocalClassifier = open_classifier(network, threads, gpu)
        self._fingerprint = fingerprint(self._classifier.card)

    async def __call__(self, request: Request) -> Response:
        if request.headers.get(NETWORK) != self._fingerprint:
            return Response(f"it scores by {self._fingerprint}, see the setting network", 409, media_type="text/plain")
        try:
            faces = unpacked(await request.body())
        except ValueError:
            return Response("no batch of faces", 400, media_type="text/plain")
        scores, together = await self._score(faces)
        return Response(scores, media_type=TYPE, headers={BATCH: together})

    @serve.batch(
        max_batch_size=MOST_FACES,
        batch_wait_timeout_s=WAIT_S,
        batch_size_fn=lambda waiting: sum(len(faces) for faces in waiting),
    )
    async def _score(self, waiting: list[NDArray[np.uint8]]) -> list[tuple[bytes, str]]:
        """Of each request its rows, and how many requests and faces were scored together."""
        faces = [face for each in waiting for face in each]
        scores = await asyncio.to_thread(self._classifier.classify, faces)
        together = f"{len(waiting)} requests, {len(faces)} faces"
        parts, start = [], 0
        for each in waiting:
            parts.append((rows(scores[start : start + len(each)]), together))
            start += len(each)
        return parts


@dataclass(frozen=True)
class Serving:
    """`host` and `port`: where the cluster's first machine listens; `least` to `most` replicas, and on one machine not
    more than `per_machine`."""

    network: str
    threads: int = 1
    host: str = "127.0.0.1"
    port: int = 8000
    least: int = 1
    most: int = 4
    per_machine: int = MOST_PER_MACHINE

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ClusterError(f"There are 1 replica or more, least to most; got {self.least!r} to {self.most!r}.")
        if not 1 <= self.per_machine <= MOST_PER_MACHINE:
            raise ClusterError(f"On one machine may be 1 to {MOST_PER_MACHINE} replicas, got {self.per_machine!r}.")


def deploy(wanted: Serving) -> bool:
    """Starts what scores on the cluster that was joined, in place of what did; it stays when this process ends. Says
    whether on graphics processors."""
    gpu = _has_gpu()
    serve.start(
        proxy_location="HeadOnly",
        http_options=HTTPOptions(host=wanted.host, port=wanted.port, request_timeout_s=5),
        logging_config=LoggingConfig(enable_access_log=False),
    )
    deployment = serve.deployment(
        name="Scorer",
        max_ongoing_requests=MOST_REQUESTS,
        max_replicas_per_node=wanted.per_machine,
        autoscaling_config=AutoscalingConfig(
            min_replicas=wanted.least,
            max_replicas=wanted.most,
            target_ongoing_requests=WANTED_REQUESTS,
            upscale_delay_s=5,
            downscale_delay_s=120,
        ),
        ray_actor_options={"num_cpus": wanted.threads, "num_gpus": GPU_SHARE if gpu else 0},
        health_check_period_s=2,
        logging_config=LoggingConfig(enable_access_log=False),
    )(Scorer)
    serve.run(deployment.bind(wanted.network, wanted.threads, gpu), name=NAME, route_prefix=PATH)
    return gpu


def _has_gpu() -> bool:
    if not graphics():
        return False
    return bool(ray.get(ray.remote(num_gpus=GPU_SHARE)(has_cuda).remote()))


def node(
    head: bool, address: str, ip: str = "", processors: int | None = None, client_port: int = CLIENT_PORT
) -> subprocess.Popen[bytes]:
    """Makes this machine one of a cluster, as long as the process lives: its first one, which listens at the port of
    `address`, or one that joins there. `ip`: by which the others reach it (as Ray finds it).
    At `client_port` the first one lets drivers in that run elsewhere."""
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats"]
    host, _, port = address.rpartition(":")
    own = ip or (socket.gethostbyname(host) if head else "")
    _require_token(own)
    command += (
        ["--head", f"--port={port}", f"--ray-client-server-port={client_port}", "--include-dashboard=false"]
        if head
        else [f"--address={address}"]
    )
    command += [f"--node-ip-address={own}"] if own else []
    command += [f"--num-cpus={processors}"] if processors else []
    command += [f"--object-store-memory={STORE_BYTES}", f"--object-spilling-directory={_memory()}"]
    return subprocess.Popen(command, env=with_token({**os.environ, **NODE_ENV}), stdout=subprocess.DEVNULL)


def _require_token(host: str) -> None:
    """Whoever reaches the ports of a Ray cluster can run programs on it, and some listen on all addresses."""
    if os.environ.get(TOKEN) is None and not _loopback(host):
        raise ClusterError(
            f"A cluster that other machines reach needs a secret, got none: set {TOKEN} to the same on all of them, "
            f"such as {secrets.token_hex(16)!r}, which was made just now."
        )


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _memory() -> str:
    """Where Ray would put what its store has no room for: in memory too, where the system has files there."""
    return "/dev/shm/ray-spill" if Path("/dev/shm").is_dir() else str(Path(tempfile.gettempdir()) / "ray-spill")

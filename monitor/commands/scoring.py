"""`serve-scoring`: machines that score faces together, for dashboards whose setting `scoring` names them."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from model_zoo.cluster import QUIET, NoCluster, joined, with_token
from monitor import settings
from monitor.commands.terminal import say
from monitor.errors import ClusterError

if TYPE_CHECKING:
    import subprocess

    from monitor.live.cluster import Serving

BEGINS_S = 90.0
STOPPED = 130


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "serve-scoring",
        help="score faces on a Ray cluster",
        description="Makes this machine the first of a Ray cluster and starts what scores faces there, or joins it to "
        "one; stays until Ctrl-C. With --cluster it starts that on a cluster which runs already, and ends.",
    )
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--head", metavar="IP:PORT", help="begin a cluster, which the others join at this address")
    place.add_argument("--join", metavar="IP:PORT", help="add this machine to that cluster")
    place.add_argument("--cluster", metavar="ADDRESS", help="of a Ray cluster that runs: auto, IP:PORT or ray://…")
    parser.add_argument("--ip", default="", help="of this machine, by which the others reach it (as Ray finds it)")
    parser.add_argument("--processors", type=int, help="of this machine that may be used (all)")
    parser.add_argument("--host", default="127.0.0.1", help="where dashboards find it (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the same (8000)")
    parser.add_argument("--client-port", type=int, default=10001, help="where ray://… lets other commands in (10001)")
    parser.add_argument("--least", type=int, default=1, help="replicas that always run (1)")
    parser.add_argument("--most", type=int, default=4, help="replicas that run when much is asked (4)")
    parser.add_argument(
        "--per-machine", type=int, default=100, metavar="N", help="replicas on one machine at most (100)"
    )
    parser.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace) -> int:
    """0 after Ctrl-C or when it was told to end, 1 when Ray ended by itself: whoever keeps services starts it again."""
    os.environ.update(with_token(QUIET))  # Ray reads them when it is imported
    from monitor.live import cluster

    chosen = settings.load()
    wanted = cluster.Serving(
        chosen.network,
        chosen.threads,
        arguments.host,
        arguments.port,
        arguments.least,
        arguments.most,
        arguments.per_machine,
    )
    if arguments.cluster:
        _deploy(arguments.cluster, wanted)
        return 0
    address = arguments.head or arguments.join
    node = cluster.node(bool(arguments.head), address, arguments.ip, arguments.processors, arguments.client_port)
    try:
        if arguments.head:
            _begun(node, address)
            _deploy(address, wanted)
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # after Ray, which has its own
        node.wait()
        return 1
    except KeyboardInterrupt:
        return STOPPED
    finally:
        node.terminate()
        node.wait()


def _begun(node: subprocess.Popen[bytes], address: str) -> None:
    """Waits until the first machine listens. Raises ClusterError when it ends before, or does not within BEGINS_S."""
    host, _, port = address.rpartition(":")
    give_up = time.monotonic() + BEGINS_S
    while node.poll() is None and time.monotonic() < give_up:
        with suppress(OSError), socket.create_connection((host, int(port)), 1):
            return
        time.sleep(0.1)
    raise ClusterError(f"Ray did not begin at {address}; its own words are in the folder of its sessions, /tmp/ray.")


def _deploy(address: str, wanted: Serving) -> None:
    from monitor.live import cluster

    try:
        with joined(address):
            gpu = cluster.deploy(wanted)
    except NoCluster as error:
        raise ClusterError(str(error)) from error
    where = "on graphics processors" if gpu else "on processors"
    say(f"Faces are scored {where} at http://{wanted.host}:{wanted.port}, which a dashboard's setting `scoring` names.")

"""A school's network on this machine: a network namespace behind a firewall, joined to us by a cable of two ends."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.missing import missing

FIREWALL = """
table inet school {{
    chain out {{
        type filter hook output priority 0; policy drop;
        oif lo accept
        ip daddr {here} tcp dport {{ {tcp} }} accept
        ip daddr {here} udp dport {{ {udp} }} accept
        ip daddr {here} meta l4proto udp counter drop
    }}
    chain in {{
        type filter hook input priority 0; policy drop;
        iif lo accept
        ip saddr {here} tcp sport {{ {tcp} }} accept
        ip saddr {here} udp sport {{ {udp} }} accept
    }}
}}
"""


@dataclass(frozen=True)
class School:
    """`here`: our address, as the school sees it; `there`: its own."""

    name: str
    here: str
    there: str

    def program(self, folder: Path, program: Path) -> Path:
        """A script that runs a program in the school's network."""
        script = folder / f"{program.name}-in-the-school"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {shlex.quote(str(program))} "$@"\n')
        script.chmod(0o755)
        return script

    def only_reaches(self, tcp: Sequence[int], udp: Sequence[int]) -> None:
        """From now on nothing goes out or comes in but to and from these ports of ours."""
        ports = {"tcp": ", ".join(map(str, tcp)), "udp": ", ".join(map(str, udp))}
        self._run("nft", "-f", "-", given=FIREWALL.format(here=self.here, **ports))

    def refused(self) -> int:
        """UDP packets to other ports of ours that the firewall has dropped."""
        rules = json.loads(self._run("nft", "-j", "list", "chain", "inet", "school", "out"))["nftables"]
        said = [part for rule in rules for part in rule.get("rule", {}).get("expr", [])]
        return sum(part["counter"]["packets"] for part in said if "counter" in part)

    def _run(self, *command: str, given: str = "") -> str:
        return run("ip", "netns", "exec", self.name, *command, given=given)


def run(*command: str, given: str = "") -> str:
    """Raises RuntimeError with what the program says."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def joined() -> Iterator[School]:
    """Skips the test where a network cannot be made."""
    if os.geteuid() != 0:
        pytest.skip("another network is made by root alone")
    if not (shutil.which("ip") and shutil.which("nft")):
        missing("another network needs the programs ip and nft (Debian: iproute2, nftables)")
    own = os.getpid()
    network = f"10.{200 + own // 250 % 50}.{own % 250}"
    school, cable = School(f"school{own}", f"{network}.1", f"{network}.2"), f"sc{own}"
    run("ip", "netns", "add", school.name)
    try:
        run("ip", "link", "add", cable, "type", "veth", "peer", "name", "uplink", "netns", school.name)
        run("ip", "address", "add", f"{school.here}/30", "dev", cable)
        run("ip", "link", "set", cable, "up")
        run("ip", "-n", school.name, "address", "add", f"{school.there}/30", "dev", "uplink")
        for device in ("lo", "uplink"):
            run("ip", "-n", school.name, "link", "set", device, "up")
        yield school
    finally:
        # With the network goes its end of the cable, and with that ours.
        run("ip", "netns", "delete", school.name)

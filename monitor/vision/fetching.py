"""Fetches YuNet's file once, and keeps it only if it is known by its checksum."""

from __future__ import annotations

import hashlib
import logging
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

from model_zoo.whole_files import write_whole
from monitor.errors import DetectorError

log = logging.getLogger(__name__)

FOLDER = "https://media.githubusercontent.com/media/opencv/opencv_zoo/main/models/face_detection_yunet/"
ADDRESSES = (FOLDER + "face_detection_yunet_2026may.onnx", FOLDER + "face_detection_yunet_2023mar.onnx")
"""The best first: with the older file the same faces cost about twice the time (`monitor.vision.yunet`)."""
OLDER = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
KNOWN = {
    OLDER: "face_detection_yunet_2023mar",
    "ebafce4e3c118d6554634be5c27ab333b4c047a9a8c3faf1d7cf93101c22f0f0": "face_detection_yunet_2026may",
}
LARGEST = 5_000_000


def is_older(file: Path) -> bool:
    """Whether a newer one is worth fetching. Raises DetectorError for a file that this account may not read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == OLDER
    except OSError as error:
        raise DetectorError(f"YuNet's file at {file} cannot be read ({error}): let this account read it") from error


def fetch_first(target: Path, addresses: Sequence[str]) -> None:
    """From the first address that has it. Raises DetectorError, that of the last one."""
    for address in addresses[:-1]:
        try:
            return fetch_yunet(target, address)
        except DetectorError as error:
            log.info("%s", error)
    fetch_yunet(target, addresses[-1])


def fetch_yunet(target: Path, address: str, patience: float = 10.0) -> None:
    """Writes the file to `target`, whole or not at all. `patience`: seconds to wait for an answer.

    Raises DetectorError when it cannot be fetched, is another file, or cannot be written.
    """
    try:
        with urllib.request.urlopen(address, timeout=patience) as answer:
            content = answer.read(LARGEST)
    except (OSError, HTTPException, ValueError) as error:
        serving = "The older one" if target.is_file() else "OpenCV's Haar cascade"
        raise DetectorError(
            f"YuNet cannot be fetched from {address} ({error}). {serving} serves until then. "
            f"Offline, copy the file to {target} yourself."
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest not in KNOWN:
        raise DetectorError(
            f"{address} gave {len(content)} bytes with the sha256 {digest}; known are {', '.join(KNOWN)}"
        )
    try:
        write_whole(target, content)
    except OSError as error:
        raise DetectorError(f"YuNet cannot be kept at {target}: {error}") from error

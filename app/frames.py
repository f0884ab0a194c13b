"""Pictures of the wire as the class takes them.

Apart from `webrtc`: who answers senders is imported before Streamlit runs, and a camera's component that is declared
then is served to nobody.
"""

from __future__ import annotations

import threading

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from monitor.domain import Image

# A sender decides how large its pictures are; more than this is never needed for one face, or for a room.
LARGEST_SIDE, LARGEST_ROOM = 640, 1280


class _Own(threading.local):
    """A frame that is asked for an array makes itself a converter, with a thread for each processor, and keeps both as
    long as it lives: three hundred threads a second in a class of thirty. This one is kept, and works alone."""

    def __init__(self) -> None:
        self.reformatter = VideoReformatter()


_own = _Own()


def image_of(frame: av.VideoFrame, most: int = LARGEST_SIDE) -> Image:
    """No larger than it is needed."""
    largest = max(frame.width, frame.height)
    width, height = frame.width, frame.height
    if largest > most:
        width, height = (max(2, round(side * most / largest)) for side in (frame.width, frame.height))
    small = _own.reformatter.reformat(frame, width=width, height=height, format="bgr24", threads=1)
    return np.asarray(small.to_ndarray(), dtype=np.uint8)

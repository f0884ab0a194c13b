"""Pictures of the wire as the class takes them.

Apart from `webrtc`: who answers senders is imported before Streamlit runs, and a camera's component that is declared
then is served to nobody.
"""

from __future__ import annotations

import av
import numpy as np

from monitor.domain import Image

# A sender decides how large its pictures are; more than this is never needed for one face, or for a room.
LARGEST_SIDE, LARGEST_ROOM = 640, 1280


def image_of(frame: av.VideoFrame, most: int = LARGEST_SIDE) -> Image:
    """No larger than it is needed."""
    largest = max(frame.width, frame.height)
    if largest <= most:
        return np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
    width, height = (max(2, round(side * most / largest)) for side in (frame.width, frame.height))
    small = frame.reformat(width=width, height=height, format="bgr24")
    return np.asarray(small.to_ndarray(), dtype=np.uint8)

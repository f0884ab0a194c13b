"""The palette of the pages is that of the files: `monitor/palette.py`."""

from monitor.palette import HIGH, LOOKS, LOW, MIDDLE, NO_FACE, PAUSED, Look

__all__ = ["HIGH", "LOOKS", "LOW", "MIDDLE", "NO_FACE", "PAUSED", "Look"]

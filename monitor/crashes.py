"""What is left when the process dies: no image of its memory, in which the newest pictures are."""

from __future__ import annotations

import ctypes
import logging
import sys

log = logging.getLogger(__name__)

PR_SET_DUMPABLE = 4


def leave_no_core() -> None:
    """From now on a crash writes no core file, of this process and of those that it starts. Until it ends nobody but
    root can read its memory either.

    A system that hands cores to a program (`|…` in core_pattern: systemd, apport) need not ask the limit; it never gets
    to see a process that cannot be dumped. Windows writes none by itself.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        log.warning("the kernel may still hand an image of this process's memory to a program of the system")

"""What the server writes to its log: lines for people, or one JSON object a line for machines. Never a name."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from datetime import UTC, datetime

from monitor.errors import AccountError, LessonError, MonitorError

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
OWN = ("app", "monitor", "model_zoo")
ACCESS = "uvicorn.access"
"""Quotes whole addresses, in which names, seats and one-time links stand: never written."""


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `message`, and `error` with the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


class Tally(logging.Handler):
    """Counts what is written, by level. Safe from any thread: `emit` is called under the handler's lock."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.counts: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.counts[record.levelname.lower()] += 1


tally = Tally()


def configure(form: str) -> None:
    """`form`: text or json. Of everything in this process, the web server's own lines too. May be called again."""
    own = logging.StreamHandler(sys.stderr)
    own.setFormatter(JsonLines() if form == "json" else logging.Formatter(TEXT))
    own.addFilter(lambda record: record.name != ACCESS)
    root = logging.getLogger()
    # Libraries bring handlers of the plain kind, which would write each line a second time.
    for known in [one for one in root.handlers if type(one) is logging.StreamHandler or one is tally]:
        root.removeHandler(known)
    root.addHandler(own)
    root.addHandler(tally)
    for name in OWN:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in ("streamlit", "uvicorn", *_of_the_web_server()):
        theirs = logging.getLogger(name)
        theirs.handlers.clear()
        theirs.propagate = True


def _of_the_web_server() -> list[str]:
    """Streamlit gives each of its loggers a handler of its own, which would write another form."""
    return [name for name in logging.root.manager.loggerDict if name.startswith(("streamlit.", "uvicorn."))]


def nameless(error: MonitorError) -> str:
    """What of an error may be written to a log. What is told to a person who asked for something may hold a name; what
    is told of the database, a camera or a setting holds none."""
    if isinstance(error, LessonError | AccountError):
        return type(error).__name__
    return str(error)

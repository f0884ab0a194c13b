"""Trained files and the cards that say what they are. Imports no network library: a live dashboard reads
this.

A network NAME is four files in `model_zoo/weights/`: `NAME-int8.onnx` watches a class, `NAME.onnx` is the same in
32 bits, `NAME.keras` is for training on and explaining, `NAME.json` is the card of all three.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model_zoo.emotions import EMOTIONS
from model_zoo.errors import ModelZooError

WEIGHTS = Path(__file__).parent / "weights"
DEFAULT = "classroom"
FORMATS = {"onnx": ".onnx", "int8": "-int8.onnx", "keras": ".keras"}
"""What stands behind a network's name: 32-bit and 8-bit graphs for ONNX Runtime, and Keras' own file."""


class WeightsError(ModelZooError):
    """A card or one of its files cannot be trusted; the message says what came and what is allowed."""


@dataclass(frozen=True)
class WeightsFile:
    """What a file must be: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> WeightsFile:
        content = path.read_bytes()
        return cls(len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class WeightsCard:
    """A trained network. `folder`, where its files lie, is known from where the card was read.

    The input is (n, side, side, channels): grey values less `mean`, over `deviation`. It shows the middle
    `seen` of the `field` pixels of a training picture's side, so a live cut shows the `share` of them.
    `scores` were measured on the file `NAME.onnx`; `files` are by name.

    A network of sequences has a `window` of more than one frame: its input is (n, window, 7), what the network
    `scored_by` says of each frame, or, where it looks at the faces itself, (n, window, side, side, channels); it gives
    a row for each frame. How faces are cut and standardised is said of `scored_by` where there is one. It is no network
    of single faces: `require_faces` refuses it. It looks `ahead` so many frames of the one that it scores: 0 where it
    looks back only.
    Raises WeightsError for sizes or labels no network of this project can have.
    """

    network: str
    side: int
    channels: int
    field: int
    seen: int
    mean: float
    deviation: float
    labels: tuple[str, ...]
    data_set: str
    counts: Mapping[str, int]
    recipe: Mapping[str, Any]
    scores: Mapping[str, Any]
    files: Mapping[str, WeightsFile]
    licence: str
    notes: tuple[str, ...]
    created: date
    folder: Path = dataclasses.field(default=WEIGHTS, compare=False)
    window: int = 1
    scored_by: str | None = None
    ahead: int = 0

    def __post_init__(self) -> None:
        if self.side <= 0 or self.channels <= 0:
            raise WeightsError(
                f"{self.network}: side and channels are positive, got {self.side!r} and {self.channels!r}"
            )
        if not 0 < self.seen <= self.field:
            raise WeightsError(f"{self.network}: seen is 1 to field = {self.field!r} pixels, got {self.seen!r}")
        if not self.deviation > 0:
            raise WeightsError(f"{self.network}: deviation is positive, got {self.deviation!r}")
        if self.window < 1 or (self.window == 1 and self.scored_by is not None):
            raise WeightsError(
                f"{self.network}: only a window of more than one frame has frames that another network has scored; "
                f"got window {self.window!r} and scored_by {self.scored_by!r}"
            )
        if not 0 <= self.ahead < self.window:
            raise WeightsError(f"{self.network}: ahead is 0 to under window = {self.window!r}, got {self.ahead!r}")
        if self.labels != EMOTIONS:
            raise WeightsError(
                f"{self.network}: the order of the labels is {', '.join(EMOTIONS)}, got {', '.join(self.labels)}"
            )
        for name in ("counts", "recipe", "scores", "files"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def share(self) -> float:
        """The part of a training picture's side that the network sees."""
        return self.seen / self.field

    @property
    def takes_faces(self) -> bool:
        """One face at a time, not a window of several or of what another network said of them."""
        return self.window == 1

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(height, width, channels), for a window (window, 7) or (window, height, width, channels)."""
        if self.scored_by is not None:
            return (self.window, len(self.labels))
        face = (self.side, self.side, self.channels)
        return face if self.takes_faces else (self.window, *face)

    def to_json(self) -> str:
        kept: dict[str, Any] = {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}
        del kept["folder"]
        kept |= {name: dict(kept[name]) for name in ("counts", "recipe", "scores")}
        kept["files"] = {name: asdict(file) for name, file in self.files.items()}
        kept["created"] = self.created.isoformat()
        return json.dumps(kept, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> WeightsCard:
        """Raises WeightsError for text that is not a card."""
        try:
            kept = json.loads(text)
            kept["files"] = {name: WeightsFile(**file) for name, file in kept["files"].items()}
            kept["created"] = date.fromisoformat(kept["created"])
            kept |= {name: tuple(kept[name]) for name in ("labels", "notes")}
            return cls(**kept)
        except WeightsError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise WeightsError(f"this is no weights card ({error!r}); it begins {text[:40]!r}") from error


def load_card(name_or_path: str | Path = "default") -> WeightsCard:
    """The card of a shipped network, or the one in a `.json` file.

    Raises WeightsError when there is none, listing those that exist, and when it is broken.
    """
    path = _card_path(name_or_path)
    if not path.is_file():
        raise WeightsError(
            f"there is no weights card {str(name_or_path)!r}; shipped are {', '.join(shipped()) or 'none'}, "
            "and a path to a card's .json file is allowed"
        )
    try:
        card = WeightsCard.from_json(path.read_text(encoding="utf-8"))
    except (WeightsError, UnicodeDecodeError) as error:
        raise WeightsError(f"{path.name}: {error}") from error
    return replace(card, folder=path.parent)


def load_cards(names: str) -> tuple[WeightsCard, ...]:
    """The cards of `A+B+C`, in that order, each as `load_card` takes it; one card for a single name.

    Raises WeightsError for an empty or unknown name, and for a network that is named twice.
    """
    if Path(names).is_file():  # a path may have a plus in it
        return (load_card(names),)
    parts = [part.strip() for part in names.split("+")]
    if not all(parts):
        raise WeightsError(f"several networks are written A+B+C, a name on both sides of each plus, got {names!r}")
    cards = tuple(load_card(part) for part in parts)
    for place, card in enumerate(cards):
        if card in cards[:place]:
            raise WeightsError(f"{names!r} names {card.network} twice, which would weigh it double: name each once")
    return cards


def file_name(network: str, format: str) -> str:
    """The file of a network in one of `FORMATS`. Raises ValueError for another."""
    if format not in FORMATS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, got {format!r}")
    return network + FORMATS[format]


def shipped() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in WEIGHTS.glob("*.json")))


def verified(card: WeightsCard, file: str) -> Path:
    """The path of `file` (a name, as in `card.files`) once it is known to be what the card says.

    Raises WeightsError when the card has no such file, or it is missing, cut short or changed.
    """
    if file not in card.files:
        raise WeightsError(f"the card of {card.network} has no file {file!r}; it has {', '.join(card.files)}")
    path, expected = card.folder / file, card.files[file]
    if not path.is_file():
        raise WeightsError(f"{file} is missing in {card.folder}; `python -m model_zoo export` writes it")
    found = WeightsFile.of(path)
    if found.size < expected.size:
        raise WeightsError(f"{file} is cut short: {found.size} bytes, expected {expected.size}")
    if found != expected:
        raise WeightsError(f"{file} was changed: its sha256 is {found.sha256}, expected {expected.sha256}")
    return path


def require_input(card: WeightsCard, shape: Sequence[object]) -> None:
    """Raises WeightsError unless a network's input `shape`, the batch first, is the card's.

    The batch may be anything: runtimes write an open one as None or as a word.
    """
    if tuple(shape[1:]) != card.input_shape:
        inputs = "pictures" if card.takes_faces else "windows"
        raise WeightsError(
            f"the file of {card.network} takes {inputs} of {tuple(shape[1:])!r}, its card says {card.input_shape!r}"
        )


def require_faces(card: WeightsCard) -> None:
    """Raises WeightsError for a network of sequences, which cannot score a face."""
    if not card.takes_faces:
        what = f"that {card.scored_by} has scored, not faces" if card.scored_by else "with a face each, not single ones"
        raise WeightsError(
            f"{card.network} takes windows of {card.window} frames {what}; `python -m model_zoo sequences` scores it, "
            "and the dashboard's setting sequence_network takes one that looks back at scores"
        )


def _card_path(name_or_path: str | Path) -> Path:
    name = str(name_or_path)
    if isinstance(name_or_path, Path) or name.endswith(".json"):
        return Path(name_or_path)
    return WEIGHTS / f"{DEFAULT if name == 'default' else name}.json"

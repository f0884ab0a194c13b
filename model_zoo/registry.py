"""Every network by its name. A decorated function is the network; this file only remembers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

Builder = Callable[["ModelSpec"], "keras.Model"]
FAMILIES = (
    "classroom",
    "deepface",
    "dexpression",
    "handmade",
    "le",
    "mobilenet",
    "patt_lite",
    "plain",
    "recurrent",
    "resnet",
    "vgg",
    "xception",
)


class UnknownModelError(KeyError):
    """No network has this name; the message lists those that exist."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class ModelSpec:
    """An architecture: its input, where it comes from, what is claimed for it.

    `input_shape` is (height, width, channels) for pictures, (frames, features) or (frames, height, width,
    channels) for sequences. `claim` is a percentage of accuracy; None where no paper makes one. `any_size`:
    no dense layer ties the weights to the height and width of the picture.
    """

    name: str
    input_shape: tuple[int | None, ...]
    paper: str
    claim: float | None
    builder: Builder
    any_size: bool = True

    @property
    def takes_pictures(self) -> bool:
        """One picture at a time, not a sequence."""
        return len(self.input_shape) == 3

    @property
    def takes_scores(self) -> bool:
        """A sequence of what another network said of each frame."""
        return len(self.input_shape) == 2

    @property
    def side(self) -> int:
        """Pixels of the square picture, or of each of a sequence. Raises ValueError for a network of scores or of any
        size."""
        if self.takes_scores:
            raise ValueError(f"{self.name} takes sequences of scores {self.input_shape!r}, not pictures")
        side = self.input_shape[-2]
        if side is None:
            raise ValueError(f"{self.name} was opened to any size; ask the registered spec")
        return side

    @property
    def channels(self) -> int:
        """1 for grey pictures."""
        channels = self.input_shape[-1]
        if channels is None:
            raise ValueError(f"{self.name} has no fixed number of channels: {self.input_shape!r}")
        return channels

    def build(self) -> keras.Model:
        return self.builder(self)

    def of_any_size(self) -> ModelSpec:
        """The same architecture without a fixed height and width, for training on growing pictures; itself
        where the size is part of the weights."""
        if not (self.any_size and self.takes_pictures):
            return self
        return replace(self, input_shape=(None, None, self.channels))


_specs: dict[str, ModelSpec] = {}


def architecture(
    name: str, *, input_shape: tuple[int, ...], paper: str, claim: float | None = None, any_size: bool = True
) -> Callable[[Builder], Builder]:
    """Registers the decorated function under `name`. Raises ValueError for a name that is taken."""

    def register(builder: Builder) -> Builder:
        if name in _specs:
            raise ValueError(f"a network named {name!r} is registered already")
        _specs[name] = ModelSpec(name, input_shape, paper, claim, builder, any_size)
        return builder

    return register


def names() -> tuple[str, ...]:
    _load_families()
    return tuple(sorted(_specs))


def spec(name: str) -> ModelSpec:
    """Raises UnknownModelError, listing the known names."""
    _load_families()
    if name not in _specs:
        raise UnknownModelError(f"no network is named {name!r}; known are {', '.join(sorted(_specs))}")
    return _specs[name]


def _load_families() -> None:
    for family in FAMILIES:
        import_module(f"model_zoo.architectures.{family}")

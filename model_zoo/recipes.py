"""How each network is trained: one recipe a name, all of them in this file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from model_zoo.learning.augmentation import NO_AUGMENTATION, Augmentation
from model_zoo.registry import UnknownModelError

OPTIMIZERS = ("sgd", "nesterov", "adam", "amsgrad", "rmsprop", "adagrad", "adadelta")
SCHEDULES = ("cosine", "restarts", "one_cycle", "step", "plateau", "constant")
STARTS = ("scratch", "imagenet", "faces", "shipped")


@dataclass(frozen=True)
class Recipe:
    """As it stands: SGD with Nesterov momentum, a warm-up and a cosine to zero.

    `sizes` are pairs (epochs, pixels of the side), trained one after another: coarse pictures first, which
    cost a fraction and teach most of it (progressive resizing, as in Tan and Le 2021, arXiv:2104.00298). A network
    of sequences has the frames of a window in place of pixels.
    `rate` is the highest learning rate; `decay` the decoupled weight decay of kernels, per unit of
    rate; `average` the momentum of the exponential average of the weights; `precision` a Keras policy.
    `class_weights` makes every emotion weigh the same in sum; `patience` ends the training after so many epochs
    without a better score; `start` asks for ImageNet's weights, or those of a network that has seen
    millions of faces, where they can be had; then `frozen` names the last layer that keeps them. From "shipped" it goes
    on from its own weights of before.
    `teacher` names the networks, A+B, from whose words it learns (`learning/distilling.py`).
    """

    sizes: tuple[tuple[int, int], ...]
    batch: int = 128
    rate: float = 0.05
    momentum: float = 0.9
    warm_up_epochs: float = 2
    decay: float = 0.01
    label_smoothing: float = 0.1
    average: float = 0.998
    precision: str = "mixed_bfloat16"
    augmentation: Augmentation = field(default_factory=Augmentation)
    optimizer: str = "nesterov"
    schedule: str = "cosine"
    class_weights: bool = False
    patience: int | None = None
    start: str = "scratch"
    frozen: str | None = None
    teacher: str | None = None

    def __post_init__(self) -> None:
        for name, allowed in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES), ("start", STARTS)):
            value = getattr(self, name)
            if value not in allowed:
                raise ValueError(f"{name} is one of {', '.join(allowed)}, got {value!r}")

    @property
    def epochs(self) -> int:
        return sum(epochs for epochs, _ in self.sizes)


LIGHT = Augmentation(rotation=10, scale=0.1, shift=0.08, light=0.2, erase=0)
STRONG = Augmentation(rotation=12, scale=0.15, shift=0.1, light=0.3, erase=0.4)


def _adam(*sizes: tuple[int, int], rate: float = 1e-3, augmentation: Augmentation = LIGHT) -> Recipe:
    """What papers 002 and 003 say no more of than "Adam", with our warm-up and cosine."""
    return Recipe(sizes, optimizer="adam", rate=rate, augmentation=augmentation)


def _from_faces(*sizes: tuple[int, int]) -> Recipe:
    """A MobileNetV1 that knows faces: edges and textures, which its first three blocks see, stay as they are; that
    leaves two thirds of an epoch's time."""
    return replace(
        _adam(*sizes, rate=5e-4, augmentation=STRONG),
        batch=64,
        warm_up_epochs=0.5,
        precision="float32",
        start="faces",
        frozen="conv_pw_3_relu",
    )


RECIPES: dict[str, Recipe] = {
    "classroom": Recipe(sizes=((9, 28), (11, 36), (13, 44)), augmentation=STRONG),
    "classroom_small": Recipe(sizes=((12, 28), (16, 36), (22, 44)), augmentation=LIGHT),
    "mobilenet_faces": _from_faces((8, 36), (8, 44)),
    # 000: batch 64, 50 epochs, plain pictures but for the mirror.
    "handmade_cnn": Recipe(
        sizes=((50, 48),),
        batch=64,
        rate=5e-4,
        decay=0,
        label_smoothing=0,
        optimizer="adam",
        augmentation=Augmentation(0, 0, 0, 0.5, 0, 0),
    ),
    # 001: SGD with Nesterov momentum and the plateau won the grid of its reference.
    "vggnet": Recipe(sizes=((50, 40),), batch=64, rate=0.01, decay=0.01, schedule="plateau", augmentation=STRONG),
    "vgg16": replace(_adam((15, 32), (15, 48), rate=1e-4, augmentation=STRONG), start="imagenet"),
    # Its authors began with ImageNet; faces are nearer to what it is for. It has patches to attend to only at 48.
    "patt_lite": _from_faces((4, 32), (10, 48)),
    # 002: 50 epochs, Adam (RMSprop .001 for the plain network), batches of 785, over after four epochs without
    # change. Batches of 128 take 220 steps an epoch in place of 36, and so fewer epochs.
    "plain_cnn": Recipe(
        sizes=((50, 48),), batch=785, rate=1e-3, average=0.98, optimizer="rmsprop", patience=4, augmentation=LIGHT
    ),
    "six_layer_cnn": replace(_adam((50, 48)), average=0.99, patience=4),
    "xception": _adam((12, 32), (14, 40), (14, 48), augmentation=STRONG),
    # These two and `deepface_emotion` take half an hour each on two cores. Longer would be better; it is said beside
    # their figures.
    "mini_xception": _adam((6, 32), (16, 48), rate=3e-3),
    "dexpression": _adam((16, 48)),
    "resnet50": replace(_adam((15, 32), (25, 48), augmentation=STRONG), start="imagenet"),
    "deepface_emotion": _adam((14, 48)),
    # 003: names no optimizer. Ten epochs are what two cores do in an hour.
    "shallow_cnn": _adam((10, 48)),
    "deep_cnn": _adam((40, 48), augmentation=STRONG),
    # 004: cross entropy, frame by frame. Probabilities are not augmented: what they are of is simulated with changes.
    "lstm": replace(_adam((40, 16), augmentation=NO_AUGMENTATION), precision="float32", label_smoothing=0),
    "bilstm": replace(_adam((40, 16), augmentation=NO_AUGMENTATION), precision="float32", label_smoothing=0),
    # 164 batches an epoch. Faces are not augmented either: their crops drift as they are simulated.
    "cnn_lstm": replace(_adam((16, 8), augmentation=NO_AUGMENTATION), batch=32, label_smoothing=0),
}


FURTHER: dict[str, Recipe] = {
    # A warm restart (Loshchilov and Hutter 2017, arXiv:1608.03983), from less than half of the first rate.
    "classroom": Recipe(sizes=((16, 44),), rate=0.02, warm_up_epochs=1, augmentation=STRONG, start="shipped"),
}
"""By what a network goes on learning that is shipped already. Not in `RECIPES`: who tunes or cross-validates begins
anew, or it would have seen what it is scored on."""


def recipe(name: str, further: bool = False) -> Recipe:
    """Of a training from its beginning, or `further` from what is shipped. Raises UnknownModelError."""
    known, kind = (FURTHER, "recipe to go further by") if further else (RECIPES, "recipe")
    if name not in known:
        raise UnknownModelError(f"no {kind} is named {name!r}; known are {', '.join(sorted(known))}")
    return known[name]

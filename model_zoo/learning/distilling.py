"""A network that learns what others say of a picture, and not its one label alone.

Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", arXiv:1503.02531, at a temperature of 1: that a
picture is half sad and half neutral teaches more than the one word which FER2013 has for it, and in a third of its
pictures people do not agree on that word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.pictures import Pictures
from model_zoo.learning.batches import one_hot
from model_zoo.scoring import score_together
from model_zoo.weights import WeightsCard

TEACHERS_SHARE = 0.7


def taught_by(teachers: Sequence[WeightsCard], pictures: Pictures, quiet: bool = True) -> Pictures:
    """The same pictures with `shares` (n, 7): seven tenths of what the teachers say on average of a picture as it is,
    three tenths of its label. Teachers have seen these pictures with their labels, so they are surer here than of
    others; those that were trained with much change to them are less so. Raises WeightsError as `score_together` does.
    """
    said = score_together(teachers, pictures.images, quiet=quiet)
    shares = TEACHERS_SHARE * said + (1 - TEACHERS_SHARE) * one_hot(pictures.labels)
    return replace(pictures, shares=shares.astype(np.float32))

"""What every notebook here must do in the same way: split the images, and turn them into features.

A model only works on images that were prepared as its training images were. That is why this is
a module and not a cell copied into four notebooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sklearn.model_selection import train_test_split

if TYPE_CHECKING:
    import numpy as np

IMAGE_SHAPE = (8, 8)
"""Rows and columns of one image, in pixels."""

DARKEST = 16
"""The value of a fully inked pixel; 0 is paper."""

PART = 360
"""Images in the validation part and in the test part; the rest is for training."""

Part = tuple["np.ndarray", "np.ndarray"]
"""Images, and the digits they show."""


def split(images: np.ndarray, digits: np.ndarray) -> dict[str, Part]:
    """Split into `training`, `validation` and `test`, every digit in its share in each part.

    The split is the same each time: two models can only be compared on the same images.
    """
    rest, test, rest_digits, test_digits = train_test_split(
        images, digits, test_size=PART, stratify=digits, random_state=0
    )
    training, validation, training_digits, validation_digits = train_test_split(
        rest, rest_digits, test_size=PART, stratify=rest_digits, random_state=0
    )
    return {
        "training": (training, training_digits),
        "validation": (validation, validation_digits),
        "test": (test, test_digits),
    }


def to_features(images: np.ndarray) -> np.ndarray:
    """Turn n images of 8 x 8 pixels into n rows of 64 numbers between 0 (paper) and 1 (ink).

    Raises ValueError where the images have another shape.
    """
    if images.shape[1:] != IMAGE_SHAPE:
        message = f"expected images of shape {IMAGE_SHAPE}, got {images.shape[1:]}"
        raise ValueError(message)
    return images.reshape(len(images), -1) / DARKEST

"""Where two pictures look different.

Both are laid on white and taken to CIE Lab, where equal distances look equally far apart. A pixel
looks different when its colour is outside of what is around it in the other picture (3 x 3 pixels),
so that edges may move by one pixel; and when the means of both neighbourhoods differ too, so that
a thin line may be smoothed in another way.

This file needs Pillow; nothing but ``pictures`` loads it.
"""

from __future__ import annotations

import base64
import io
import warnings
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageMath

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEEN = 5.0
"""Distance in CIE Lab (1976): 2.3 is the least that an eye can see, 5 is not overlooked."""
_LIGHTNESS = 100 / 255
"""Of a step of Pillow's 8-bit L; steps of a and b are 1."""
_MOST_PIXELS = 25_000_000
_STRIP = 512
_RED = (214, 39, 40)
_TO_LAB = ImageCms.buildTransform(
    ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
)


class NotReadable(Exception):  # noqa: N818 - becomes words of a verdict
    """No picture that can be compared; says why."""


def opened(content: str) -> Image.Image:
    """Return the picture in base64 as it looks on white. Raises NotReadable."""
    try:
        with warnings.catch_warnings():
            # Ours is the lower limit; a warning on the way to it would only be noise.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(base64.b64decode(content)))
        if image.width * image.height > _MOST_PIXELS:
            raise NotReadable(f"a picture has more than {_MOST_PIXELS:,} pixels")
        coloured = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotReadable("one of them cannot be read as a picture") from None
    white = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(white, coloured).convert("RGB")


def seen_apart(expected: Image.Image, got: Image.Image) -> Image.Image:
    """Return a mask of one byte per pixel, 255 where the pictures look different.

    A smaller picture counts as white where the other one is larger.
    """
    size = max(expected.width, got.width), max(expected.height, got.height)
    ours, theirs = _bands(expected, size), _bands(got, size)
    outside = ImageChops.lighter(_outside(ours, theirs), _outside(theirs, ours))
    mean = ImageFilter.BoxBlur(1)
    blurred = [
        ImageChops.difference(one.filter(mean), other.filter(mean))
        for one, other in zip(ours, theirs, strict=True)
    ]
    return ImageChops.darker(outside, _far(blurred))


def part_of(seen: Image.Image) -> float:
    """Return the part of the area that a mask holds, 0 to 1."""
    return seen.histogram()[255] / (seen.width * seen.height)


def drawn(expected: Image.Image, seen: Image.Image) -> bytes:
    """Return a PNG: the expected picture in pale grey, and in red what looks different."""
    pale = _on_white(expected, seen.size).convert("L").point(lambda grey: 178 + grey * 76 // 255)
    pale.paste(255, mask=seen)
    pale.putpalette([grey for grey in range(255) for _ in "rgb"] + list(_RED))
    file = io.BytesIO()
    pale.save(file, "PNG")
    return file.getvalue()


def _on_white(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    ground = Image.new("RGB", size, "white")
    ground.paste(image)
    return ground


def _bands(image: Image.Image, size: tuple[int, int]) -> Sequence[Image.Image]:
    lab = ImageCms.applyTransform(_on_white(image, size), _TO_LAB)
    return [] if lab is None else lab.split()


def _outside(bands: Sequence[Image.Image], around: Sequence[Image.Image]) -> Image.Image:
    """Return a mask of the pixels whose colour is far from all that is around them there."""
    low, high = ImageFilter.MinFilter(3), ImageFilter.MaxFilter(3)
    return _far(
        [
            ImageChops.add(
                ImageChops.subtract(there.filter(low), here),
                ImageChops.subtract(here, there.filter(high)),
            )
            for here, there in zip(bands, around, strict=True)
        ]
    )


def _far(apart: Sequence[Image.Image]) -> Image.Image:
    """Return a mask of where the distances in the three bands add up to what is seen."""

    def is_seen(bands: dict[str, Any]) -> Any:  # noqa: ANN401 - Pillow's operands have no type
        # As decimals: Pillow before 13 takes no decimal number beside a picture of whole ones.
        light, red, yellow = (bands["float"](bands[name]) for name in ("light", "red", "yellow"))
        square = light * light * _LIGHTNESS**2 + red * red + yellow * yellow
        return bands["convert"]((square > _SEEN**2) * 255, "L")

    mask = Image.new("L", apart[0].size)
    for top in range(0, mask.height, _STRIP):  # in strips: decimals take four times the memory
        box = (0, top, mask.width, min(top + _STRIP, mask.height))
        light, red, yellow = (band.crop(box) for band in apart)
        mask.paste(ImageMath.lambda_eval(is_seen, light=light, red=red, yellow=yellow), box)
    return mask

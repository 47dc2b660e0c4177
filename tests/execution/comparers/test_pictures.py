from __future__ import annotations

import base64
import io
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from jupyter_mlcd.execution.comparers.pictures import compare_pictures, require_pillow
from jupyter_mlcd.model.errors import ExecutionError
from jupyter_mlcd.model.suite import Comparer, ComparerRule

if TYPE_CHECKING:
    from jupyter_mlcd.execution.comparers.mismatch import Mismatch

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


def drawing(
    size: tuple[int, int] = (120, 80), *, shift: int = 0, colour: str = "blue", smooth: float = 0
) -> Image.Image:
    """Return a circle, a box and a line on white."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((20 + shift, 10, 60 + shift, 50), fill=colour)
    pen.rectangle((70 + shift, 20, 100 + shift, 60), fill="orange")
    pen.line((0, 70 + shift, 120, 70 + shift), fill="black")
    return image.filter(ImageFilter.GaussianBlur(smooth)) if smooth else image


def encoded(image: Image.Image, kind: str = "PNG") -> str:
    file = io.BytesIO()
    image.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def compare(
    one: Image.Image | str, other: Image.Image | str, threshold: float = 0
) -> Mismatch | None:
    ours, theirs = (x if isinstance(x, str) else encoded(x) for x in (one, other))
    rule = ComparerRule(Comparer.IMAGE, threshold=threshold)
    return compare_pictures(ours, theirs, rule, lambda _: "sanitising would break a picture")


def drawn(found: Mismatch | None) -> Image.Image:
    assert found is not None
    return Image.open(io.BytesIO(found.picture)).convert("RGB")


def test_the_same_picture_is_alike_however_it_is_written() -> None:
    content = encoded(drawing())
    lines = "\n".join(content[start : start + 76] for start in range(0, len(content), 76))
    assert compare(content, f"{lines}\n") is None
    assert compare(encoded(drawing()), encoded(drawing().quantize())) is None


def test_edges_may_move_by_one_pixel() -> None:
    assert compare(drawing(), drawing(shift=1)) is None


def test_edges_may_be_smoothed_in_another_way() -> None:
    assert compare(drawing(), drawing(smooth=0.4)) is None


def test_a_thin_line_may_lie_between_two_rows() -> None:
    image, between = Image.new("L", (50, 50), 255), Image.new("L", (50, 50), 255)
    image.paste(0, (0, 20, 50, 21))
    between.paste(128, (0, 20, 50, 22))
    assert compare(image, between) is None


def test_what_moves_further_is_seen() -> None:
    assert compare(drawing(), drawing(shift=4)) is not None


def test_a_colour_that_the_eye_cannot_tell_apart_is_alike() -> None:
    assert compare(drawing(colour="#0000ff"), drawing(colour="#0101ff")) is None


def test_another_colour_is_seen() -> None:
    found = compare(drawing(colour="#0000ff"), drawing(colour="#6000ff"))
    assert found is not None
    assert found.words.endswith("of the area looks different")


def test_a_line_that_is_gone_is_seen() -> None:
    image = drawing()
    ImageDraw.Draw(image).line((0, 70, 120, 70), fill="white")
    assert compare(drawing(), image) is not None
    assert compare(image, drawing()) is not None


def test_the_threshold_is_a_part_of_the_area() -> None:
    image = Image.new("RGB", (100, 100), "white")
    spot = image.copy()
    spot.paste("black", (0, 0, 20, 20))
    assert compare(image, spot, threshold=0.05) is None
    found = compare(image, spot, threshold=0.03)
    assert found is not None
    assert found.words == "4.00% of the area looks different"
    assert found.by == "pictures, 3.00% of the area may look different"


def test_the_picture_of_the_difference_shows_it_in_red() -> None:
    image = drawing()
    image.paste("green", (5, 5, 15, 15))
    picture = drawn(compare(drawing(), image))
    assert picture.size == (120, 80)
    assert picture.getpixel((10, 10)) == (214, 39, 40)
    grey = picture.getpixel((40, 30))
    assert isinstance(grey, tuple)
    assert len(set(grey)) == 1
    assert picture.getpixel((115, 5)) == (254, 254, 254)


def test_another_size_is_another_picture() -> None:
    found = compare(drawing(), drawing((121, 80)), threshold=1)
    assert found is not None
    assert found.words == "120 x 80 pixels expected, 121 x 80 pixels got"
    assert drawn(found).size == (121, 80)


def test_what_is_transparent_shows_white() -> None:
    clear = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    assert compare(clear, Image.new("RGB", (10, 10), "white")) is None
    assert compare(clear, Image.new("RGB", (10, 10), "red")) is not None


def test_jpeg_is_read_too() -> None:
    assert compare(encoded(drawing(), "JPEG"), drawing(colour="red")) is not None


def test_what_is_no_picture_differs_in_words() -> None:
    broken = encoded(drawing())[:200]
    for other in ("", "####", broken, base64.b64encode(b"no picture").decode()):
        found = compare(drawing(), other)
        assert found is not None
        assert found.words == "one of them cannot be read as a picture"
    assert compare(broken, broken) is None


def test_a_picture_beyond_all_measure_is_not_unpacked() -> None:
    found = compare(encoded(Image.new("1", (6000, 6000))), drawing())
    assert found is not None
    assert found.words == "a picture has more than 25,000,000 pixels"


@given(COLOURS, COLOURS)
@settings(max_examples=30)
def test_which_one_was_expected_does_not_matter(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    ours, theirs = Image.new("RGB", (4, 4), one), Image.new("RGB", (4, 4), other)
    ours.putpixel((0, 0), other)
    assert compare(ours, ours) is None
    assert (compare(ours, theirs) is None) is (compare(theirs, ours) is None)


def test_without_pillow_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ExecutionError, match="Pillow is not installed") as caught:
        require_pillow()
    assert "pip install 'jupyter_mlcd[images]'" in caught.value.hint

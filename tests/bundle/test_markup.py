from __future__ import annotations

from jupyter_mlcd.bundle.markup import Markup, joined, tag, text


def test_a_text_is_escaped() -> None:
    assert tag("p", "<b> & \"x\" 'y'") == "<p>&lt;b&gt; &amp; &quot;x&quot; &#x27;y&#x27;</p>"


def test_what_was_made_here_is_taken_as_it_is() -> None:
    assert tag("p", tag("b", "x")) == "<p><b>x</b></p>"


def test_a_value_cannot_leave_its_attribute() -> None:
    assert tag("a", "x", title='"><script>') == '<a title="&quot;&gt;&lt;script&gt;">x</a>'


def test_attributes_of_python_words_and_with_hyphens() -> None:
    made = tag("details", class_="x", aria_hidden="true", open=True, id=None, hidden=False)
    assert made == '<details class="x" aria-hidden="true" open></details>'


def test_an_element_without_an_end_has_none() -> None:
    assert tag("img", alt="x") == '<img alt="x">'


def test_colours_control_characters_and_halves_of_pairs_are_left_out() -> None:
    assert text("\x1b[31mred\x1b[0m\x00\x08\x7f\x9b\ud800\ufffe\n\t.") == "red\n\t."


def test_nothing_is_nothing() -> None:
    assert joined((None, "a", Markup("<br>"), None)) == "a<br>"

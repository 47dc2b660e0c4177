from __future__ import annotations

from jupyterlab_server.translation_utils import get_installed_packages_locale, get_language_packs

DOMAIN = "jupyter_mlcd"


def test_jupyterlab_finds_our_german_words_where_it_looks_for_them() -> None:
    found, trouble = get_installed_packages_locale("de_DE")
    assert trouble == ""
    assert found[DOMAIN]["Where it is live"] == ["Wo es live ist"]
    assert found[DOMAIN][""]["domain"] == DOMAIN


def test_german_can_be_chosen_where_its_language_pack_is_installed() -> None:
    packs, trouble = get_language_packs()
    assert trouble == ""
    assert packs["de_DE"]["nativeName"] == "Deutsch (Deutschland)"

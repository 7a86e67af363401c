"""Claims about workbench.documents.garbling."""

import time

import pytest

from workbench.documents.garbling import GARBLED, garbling


@pytest.mark.parametrize(
    "text",
    [
        "Plain English text, with words and 12 numbers. " * 20,
        "日本語の文書を読み、カタカナとＡＢＣと abc を使う。㈱ 々 ー" * 20,
        "한국어와 漢字 text. " * 20,
        "Zürich façade Đorđe naïve α-helix 5 µm nº 3, x² + y² " * 20,
        "A few long words: Donaudampfschifffahrtsgesellschaft.",
    ],
    ids=["english", "japanese", "korean", "latin and greek", "few words"],
)
def test_honest_text_is_clean(text):
    """Text as people write it stays below the mark, also where scripts usually mix."""
    assert garbling(text) <= GARBLED


@pytest.mark.parametrize(
    "text",
    [
        "웼쯜룬ꓲ쪸뱷ꓲ웉ꓟ췗쳳" * 20,
        "/g12/g34/g5/g6 /a1/b2/c3/d4 " * 20,
        "thewordsofthislineareallruntogether andsoarethewordsofthenextone " * 20,
        "\ue000\ue001\ue002 abc " * 20,
        "good text with \ufffd\ufffd in it " * 20,
        "\x01\x02\x03 text" * 20,
    ],
    ids=["random scripts", "glyph names", "no blanks", "private use", "replacement", "control"],
)
def test_garbled_text_is_found(text):
    """Each way a broken font shows is above the mark."""
    assert garbling(text) > GARBLED


@pytest.mark.parametrize("text", ["", " \n\f "])
def test_blanks_are_no_clean_text(text):
    """Where there is nothing to judge, the score is that of rubbish."""
    assert garbling(text) == 1


@pytest.mark.parametrize("text", ["/" * 1_000_000, "/aaaaaaaaaaaaa1" * 60_000, "a" * 1_000_000, "/a." * 300_000])
def test_a_score_takes_little_time(text):
    """A megabyte made to slow the patterns down is scored in less than a second of CPU."""
    began = time.process_time()

    garbling(text)

    assert time.process_time() - began < 1

"""Claims about dataflows.tokens."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dataflows.tokens import count_each, count_tokens, estimate_each

ROOT = Path(__file__).resolve().parent.parent


def test_counts_are_those_of_o200k_base():
    """Known counts of the encoding come out, for Latin, Japanese and what looks like a special token."""
    counts = [count_tokens(text) for text in ("", "hello world", "a" * 10_000, "日本" * 1_000, "<|endoftext|>")]

    assert counts == [0, 2, 1_250, 1_000, 7]


def test_lone_surrogates_are_counted_not_raised():
    """A text with half a surrogate pair has a count, and so have the texts beside it."""
    counts = count_each(["good \ud800 bad", "hello world"])

    assert counts[0] > 0
    assert counts[1] == 2


def test_many_threads_may_count_at_once():
    """Threads that come at once all get the right count."""
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(count_tokens, ["hello world"] * 200))

    assert set(counts) == {2}


def test_the_tables_are_not_loaded_by_the_import():
    """Importing the module costs nothing: the tokenizer's package comes with the first count."""
    code = "import sys, dataflows.tokens; sys.exit('toktok' in sys.modules)"

    status = subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode

    assert status == 0


def test_without_its_package_a_count_is_estimated():
    """Where the tokenizer can't be imported, a token is taken for 3.5 bytes of UTF-8, rounded up."""
    code = (
        "import sys; sys.modules['toktok'] = None; from dataflows.tokens import count_tokens;"
        "print(count_tokens('a' * 8), count_tokens(''), count_tokens('日本'))"
    )

    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout

    assert printed.split() == ["3", "0", "2"]


def test_an_estimate_never_takes_a_text_for_nothing():
    """One byte is one token."""
    estimates = estimate_each(["", "a", "aaa", "aaaa"])

    assert estimates == [0, 1, 1, 2]

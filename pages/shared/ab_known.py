"""The A/B tests of the opened project, and which one the page's address names."""

from collections.abc import Sequence

import streamlit as st

from dataflows.ab import ABTest, ABTests
from pages.shared import state
from workbench.ab.figures import ABFigures, read_figures
from workbench.ab.place import open_tests, tests_address

_NAME = "test"


def tests() -> ABTests:
    """Where they are."""
    return _tests(tests_address())


def all_tests() -> list[ABTest]:
    """Each as it is now, the last changed first.

    Raises:
        ABTestError: The database can't be asked, or a row can't be read.
    """
    return tests().all()


def chosen_test(known: Sequence[ABTest]) -> ABTest | None:
    """The one that the address names, else the first."""
    named = state.address(_NAME)
    return next((own for own in known if own.name == named), known[0] if known else None)


def choose_test(name: str) -> None:
    """Show this one from now on."""
    state.to_address(test=name)


def figures_of(test: ABTest) -> ABFigures:
    """What came of it. Raises as all_tests."""
    return read_figures(tests(), test)


def versions_of(test: ABTest) -> list[ABTest]:
    """What it was, the newest first. Raises as all_tests."""
    return tests().versions(test.name)


@st.cache_resource(max_entries=4, on_release=lambda opened: opened.database.close())
def _tests(address: str) -> ABTests:
    return open_tests(address)

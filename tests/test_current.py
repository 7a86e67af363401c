"""The one line of code that says which version production uses."""

import pytest

from workbench.errors import VersionError
from workbench.prompts.current import FILE, current_number, current_of, with_current

SOURCE = '"""Ours."""\n\nfrom . import prompts_v3 as prompts  # since May\n\n__all__ = ["prompts"]\n'


def test_the_current_version_is_read_without_running_the_file(tmp_path):
    """Its number is told from the import; a folder without the file has none."""
    assert current_of(tmp_path) is None

    (tmp_path / FILE).write_text(SOURCE + "raise SystemExit\n")

    assert current_of(tmp_path) == 3


def test_another_version_changes_one_line():
    """All else in the file stays, comments included."""
    changed = with_current(SOURCE, 12)

    assert current_number(changed) == 12
    differing = [pair for pair in zip(SOURCE.split("\n"), changed.split("\n"), strict=True) if pair[0] != pair[1]]
    assert differing == [
        ("from . import prompts_v3 as prompts  # since May", "from . import prompts_v12 as prompts  # since May")
    ]


def test_a_first_file_is_made():
    """Where there is none, the new one names the version."""
    assert current_number(with_current("", 2)) == 2


def test_a_file_without_the_line_is_refused():
    """So that a rollback never changes something else."""
    with pytest.raises(VersionError, match="has no line"):
        with_current("import os\n", 2)


def test_two_lines_name_no_version():
    """Nobody can tell which one counts."""
    assert current_number(SOURCE + "from . import prompts_v1 as prompts\n") is None

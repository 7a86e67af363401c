"""What workbench.toml may say, and how it is said what it may not."""

from pathlib import Path

import pytest

from dataflows import Dataflow
from workbench.errors import UsageError
from workbench.project_toml import parsed, read

WHOLE = """\
paths = ["src"]

[dataflows.letter]
modules = ["flows.letter", "flows.cleaning"]
prompts = "prompts/letters"
output = "brief"
document = "letter_text"
chunks = "paragraphs"
also_prompts = ["house_style"]
never_prompts = ["system_prompt"]

[dataflows.letter.config]
file_type = "pdf"
[dataflows.letter.inputs]
rules = [{words = "a", team = "b"}]
longest = 3
[dataflows.letter.small_model]
longest = 1
"""


def refused(tmp_path: Path, text: str | bytes) -> UsageError:
    with pytest.raises(UsageError) as raised:
        parsed(tmp_path, text if isinstance(text, bytes) else text.encode())
    return raised.value


def test_a_project_without_the_file_says_nothing(tmp_path):
    """No file is no error."""
    assert read(tmp_path) is None


def test_all_that_can_be_said_is_read(tmp_path):
    """Each key of the schema ends in the field of its name, also behind a byte order mark."""
    (tmp_path / "src").mkdir()
    (tmp_path / "workbench.toml").write_text(WHOLE, encoding="utf-8-sig")

    flows, paths = read(tmp_path)

    assert paths == ("src",)
    assert flows == {
        "letter": Dataflow(
            modules=("flows.letter", "flows.cleaning"),
            prompts="prompts/letters",
            output="brief",
            document="letter_text",
            chunks="paragraphs",
            also_prompts=("house_style",),
            never_prompts=("system_prompt",),
            config={"file_type": "pdf"},
            inputs={"rules": [{"words": "a", "team": "b"}], "longest": 3},
            small_model={"longest": 1},
        )
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = [", "is no TOML"),
        ("\n\nx = = 1", "line 3"),
        (b"\xff\xfe", "is no UTF-8 at byte 0"),
        ("x = " + "[" * 5000, "is no TOML"),
        ("dataflows = 3", "dataflows is 3; it has to be a table"),
        ("[dataflows]\nletter = 3", "dataflows.letter is 3; it has to be a table"),
        ('paths = "src"', "paths is 'src'; it has to be a list of texts"),
        ('paths = ["nowhere"]', "'nowhere', which is no folder"),
        ('[dataflows."../x"]', "'../x' is no name of a dataflow"),
        ("[dataflows.letter]", "dataflows.letter has no modules; at least 1"),
        ("[dataflows.letter]\nmodules = []", "has no modules"),
        ('[dataflows.letter]\nmodules = ["a"]\noutput = 3', "dataflows.letter.output is 3; it has to be a text"),
        ('[dataflows.letter]\nmodules = ["a"]\noutput = "a b"', "'a b', which is no name of a node"),
        ('[dataflows.letter]\nmodules = ["../a"]', "'../a', which is no name of a module"),
        ('[dataflows.letter]\nmodules = ["/etc/a"]', "no name of a module"),
        ('[dataflows.letter]\nmodules = ["a"]\nconfig = 3', "config is 3; it has to be a table"),
        ('[dataflows.letter]\nmodules = ["a"]\nconfig.day = 1979-05-27', "config.day is datetime.date"),
        ('[dataflows.letter]\nmodules = ["a"]\ninputs.x = {y = [nan]}', "inputs.x.y.0 is nan"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(tmp_path, text, told):
    """The sentence names the file, the key, what was found and what is allowed; the hint says what to do."""
    error = refused(tmp_path, text)

    assert error.message.startswith("workbench.toml")
    assert told in error.message
    assert error.hint


@pytest.mark.parametrize("key", ["paths", "dataflows.letter.prompts"])
@pytest.mark.parametrize("folder", ["..", "../other", "/", "/etc", "a/../../b", "link", "a\\u0000b"])
def test_no_folder_leads_out_of_the_project(tmp_path, key, folder):
    """Neither upwards, nor by an absolute path, nor by a link."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    value = f'["{folder}"]' if key == "paths" else f'"{folder}"\ndataflows.letter.modules = ["a"]'

    assert "outside of the project" in refused(root, f"{key} = {value}").message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("path = []", "Did you mean paths?"),
        ('[dataflows.letter]\nmodule = ["a"]', "Did you mean modules?"),
        ("[zzzzz]", "Known: paths, dataflows."),
    ],
)
def test_an_unknown_key_is_refused_with_a_near_one(tmp_path, text, hint):
    """A typing error is not taken for silence."""
    error = refused(tmp_path, text)

    assert "is unknown" in error.message
    assert error.hint == hint


def test_sizes_are_bounded(tmp_path):
    """A file of more than 200,000 bytes, and lists of more than 100 entries, are refused with both numbers."""
    (tmp_path / "workbench.toml").write_text("#" * 200_001)
    many = ", ".join(['"a"'] * 101)

    with pytest.raises(UsageError, match="200,001 bytes; at most 200,000"):
        read(tmp_path)

    assert "101 entries; at most 100" in refused(tmp_path, f"[dataflows.letter]\nmodules = [{many}]").message


def test_a_file_that_can_not_be_read_is_told(tmp_path):
    """A folder of the file's name is an error with a sentence."""
    (tmp_path / "workbench.toml").mkdir()

    with pytest.raises(UsageError, match="can't be read"):
        read(tmp_path)

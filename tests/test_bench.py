import pytest

from workbench.records import Draft, Prompt, Variant, Version
from workbench.state import bench
from workbench.state.bench import Bench


def version(number):
    prompts = {"a_prompt": Prompt("a_prompt", f"text {number}"), "b_prompt": Prompt("b_prompt", "same")}
    return Version("flow", number, f"/prompts_v{number}.py", "", prompts, "", str(number))


VERSIONS = {f"v{number}": version(number) for number in range(1, 7)}


@pytest.fixture
def three():
    return bench.choose(Bench(), ["v1", "v2", "v3"])


def column(of, label):
    return next(own.id for own in of.columns if own.label == label)


def edited(of, label, text="new text", prompt="a_prompt"):
    return bench.edit(of, column(of, label), prompt, text, VERSIONS)


def test_the_first_bench_has_the_newest_three():
    """Of six versions the last three lie side by side; of one, that one."""
    assert bench.first_bench(VERSIONS).labels == ["v4", "v5", "v6"]
    assert bench.first_bench({"v1": VERSIONS["v1"]}).labels == ["v1"]
    assert bench.first_bench({}).labels == []


def test_an_edit_makes_the_version_a_draft_in_the_same_place(three):
    """The column keeps its id and its place, and the draft has only the edited prompt."""
    after = edited(three, "v2")

    assert after.labels == ["v1", "v2-draft", "v3"]
    assert [own.id for own in after.columns] == [own.id for own in three.columns]
    assert after.drafts["v2-draft"] == Draft("v2-draft", "v2", {"a_prompt": "new text"})


def test_an_edit_of_a_draft_changes_that_draft(three):
    """A second edit adds to the draft instead of making another one."""
    after = edited(edited(three, "v2"), "v2-draft", "other", "b_prompt")

    assert list(after.drafts) == ["v2-draft"]
    assert after.drafts["v2-draft"].templates == {"a_prompt": "new text", "b_prompt": "other"}


def test_typing_the_original_text_back_leaves_no_edit(three):
    """The draft has no template of its own then, and a version whose text was typed anew is still that version."""
    back = edited(edited(three, "v2"), "v2-draft", "text 2")

    assert back.drafts["v2-draft"].templates == {}
    assert edited(three, "v1", "text 1") is three


def test_two_drafts_of_a_version_have_names_of_their_own(three):
    """The second and third draft of v2 are numbered, and each keeps its text."""
    one = edited(three, "v2", "first")
    two = bench.add_draft(one, "v2", {"a_prompt": "second"})
    full = bench.add_draft(two, "v2")

    assert list(full.drafts) == ["v2-draft", "v2-draft-2", "v2-draft-3"]
    assert [bench.template(full, label, "a_prompt", VERSIONS) for label in full.drafts] == ["first", "second", "text 2"]


def test_there_are_at_most_four_columns(three):
    """A fifth label finds no room; a draft made on a full bench is kept, in no column."""
    full = bench.choose(three, ["v1", "v2", "v3", "v4", "v5"])
    more = bench.add_draft(full, "v1")

    assert full.labels == more.labels == ["v1", "v2", "v3", "v4"]
    assert "v1-draft" in more.drafts


def test_choosing_keeps_the_columns_that_stay(three):
    """Labels that stay keep their ids and their order; new ones follow, each once."""
    chosen = bench.choose(three, ["v5", "v3", "v1", "v5"])

    assert chosen.labels == ["v1", "v3", "v5"]
    assert chosen.columns[:2] == (three.columns[0], three.columns[2])


def test_a_discarded_draft_gives_its_column_back_to_its_version(three):
    """The version stands in the draft's place, in a new column so that no old text stays in its editor."""
    draft = edited(three, "v2")

    after = bench.discard_draft(draft, "v2-draft")

    assert after.labels == ["v1", "v2", "v3"]
    assert after.drafts == {}
    assert after.columns[1].id != draft.columns[1].id


def test_a_discarded_draft_s_column_goes_when_its_version_is_there(three):
    """The version is not shown twice."""
    draft = bench.add_draft(three, "v2")

    assert bench.discard_draft(draft, "v2-draft").labels == ["v1", "v2", "v3"]


def test_what_is_gone_from_disk_goes_from_the_bench(three):
    """Columns of versions and drafts whose version is gone are taken away; a draft is back when its version is."""
    before = edited(three, "v2")
    left = {label: own for label, own in VERSIONS.items() if label not in ("v2", "v3")}

    after = bench.repaired(before, left)

    assert after.labels == ["v1"]
    assert "v2-draft" not in bench.offered(after, left)
    assert "v2-draft" in bench.offered(after, VERSIONS)


def test_a_variant_is_what_the_column_shows(three):
    """A version is itself, a draft its base and its templates."""
    after = edited(three, "v2")

    assert bench.variant(after, "v1") == Variant("v1", "v1")
    assert bench.variant(after, "v2-draft") == Variant("v2-draft", "v2", {"a_prompt": "new text"})
    assert bench.template(after, "v2-draft", "a_prompt", VERSIONS) == "new text"
    assert bench.template(after, "v2-draft", "b_prompt", VERSIONS) == "same"


def test_a_change_leaves_the_bench_before_it_as_it_was(three):
    """Every change gives a new bench."""
    before = (three.columns, dict(three.drafts))

    bench.discard_draft(edited(bench.add_draft(three, "v1"), "v2"), "v2-draft")

    assert (three.columns, dict(three.drafts)) == before

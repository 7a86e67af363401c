"""The tree of a prompt's texts: which text is which, what it was made from, and how it is drawn."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.lineage.branches import in_order
from workbench.lineage.ran import RanText
from workbench.lineage.sent import Sent
from workbench.lineage.texts import key_of
from workbench.lineage.tree import MOST_TEXTS, tree_of
from workbench.prompts.provenance import Provenance
from workbench.prompts.writer import module_source
from workbench.records import Parameter, Prompt, Version

NAME = "answer_prompt"


def version(number, template, parent="", prompt=None, source=None, **said):
    """A merged version with this text; exported from another one where that is named."""
    prompt = prompt or Prompt(NAME, template)
    origin = Provenance(f"v{number}", parent, "2025-11-12T10:00:00Z", **said) if parent else None
    source = module_source([prompt], f"v{number}: why", provenance=origin) if source is None else source
    return Version("summarization", number, "", f"v{number}: why", {NAME: prompt}, source, f"{number}" * 64)


def stored(name, number, template):
    """A version of a prompt store."""
    prompts = {NAME: Prompt(NAME, template)}
    return Version("summarization", 0, "", "", prompts, "{}", "", "store", f"store:{name}", stored=number)


def named(*versions):
    return {own.label: own for own in versions}


def ran(template, variant, base="", *, is_draft=None, base_text="", at=1.0, runs=1, is_service=False):
    """Runs of a text under a label; of a draft unless label and base are the same."""
    base = base or variant
    is_draft = variant != base if is_draft is None else is_draft
    key = key_of(Prompt(NAME, template), "")
    base_key = key_of(Prompt(NAME, base_text), "") if base_text else "" if is_draft else key
    sent = Sent(key, variant, base, is_draft, is_service, runs, at, at, int(at))
    return RanText(sent, key, Prompt(NAME, template), base_key)


def lines(tree):
    """The tree as text: a line for each node, indented."""
    return [f"{'  ' * tree.depths[node.key]}{node.name}" for node in tree.nodes]


def parents(tree):
    """Name -> name of the parent."""
    names = {node.key: node.name for node in tree.nodes}
    return {node.name: names.get(node.parent, "") for node in tree.nodes}


def node(tree, name):
    return next(own for own in tree.nodes if own.name == name)


def test_versions_follow_each_other_at_the_same_depth():
    """Each version's parent is the one before it, and a long line is not indented."""
    versions = named(*(version(number, f"text {number}") for number in range(1, 61)))

    tree = tree_of(NAME, versions, ())

    assert lines(tree) == [f"v{number}" for number in range(1, 61)]
    assert parents(tree)["v60"] == "v59"
    assert parents(tree)["v1"] == ""


def test_provenance_says_which_version_another_was_made_from():
    """A version that was exported from an older one stands beside those in between; the newest stays at the margin."""
    versions = named(version(1, "a"), version(2, "b"), version(3, "c"), version(4, "d", parent="v2"))

    tree = tree_of(NAME, versions, ())

    assert parents(tree) == {"v1": "", "v2": "v1", "v3": "v2", "v4": "v2"}
    assert lines(tree) == ["v1", "v2", "  v3", "v4"]


def test_the_way_to_the_newest_version_stays_at_the_margin():
    """Also where the newest version is a descendant of an older branch."""
    versions = named(version(1, "a"), version(2, "b"), version(3, "c", parent="v1"), version(4, "d", parent="v2"))

    tree = tree_of(NAME, versions, ())

    assert lines(tree) == ["v1", "  v3", "v2", "v4"]


def test_versions_with_the_same_text_are_one_node():
    """It has all their labels; what follows any of them follows it, and going back to an old text makes no circle."""
    versions = named(version(1, "a"), version(2, "b"), version(3, "a"), version(4, "c"))

    tree = tree_of(NAME, versions, ())

    assert parents(tree) == {"v1, v3": "", "v2": "v1, v3", "v4": "v1, v3"}


def test_a_version_of_the_store_with_a_merged_text_is_the_same_node():
    """Labels and numbers of the store stand beside the version's own."""
    versions = named(version(1, "a"), stored("v1", 1, "a"), stored("v2", 2, "b"), stored("production", 2, "b"))

    tree = tree_of(NAME, versions, ())

    assert parents(tree) == {"v1, store:v1": "", "store:v2, store:production": "v1, store:v1"}


def test_merged_versions_go_on_at_the_margin_before_those_of_a_store():
    """Where a merged version and one of the store follow the same text, the store's is the branch."""
    versions = named(version(1, "a"), version(2, "b"), stored("v1", 1, "a"), stored("v2", 2, "c"))

    assert lines(tree_of(NAME, versions, ())) == ["v1, store:v1", "  store:v2", "v2"]


def test_a_draft_hangs_below_the_version_it_began_as():
    """Each text that was run is a node, under the label it had last."""
    versions = named(version(1, "a"), version(2, "b"))
    seen = [ran("a, shorter", "v1-draft", "v1", at=3.0), ran("a, longer", "v1-draft", "v1", at=2.0)]

    tree = tree_of(NAME, versions, seen)

    assert [node.kind for node in tree.nodes] == ["version", "draft", "draft", "version"]
    assert lines(tree) == ["v1", "  v1-draft", "  v1-draft", "v2"]
    assert [node.prompt.template for node in tree.nodes] == ["a", "a, longer", "a, shorter", "b"]


def test_an_exported_draft_is_the_version_it_became():
    """Its text is no second node; the version tells which draft it was, and which drafts of its own are not meant."""
    versions = named(version(1, "a"), version(2, "b", parent="v1"))
    seen = [ran("b", "v1-draft", "v1", at=5.0), ran("b", "v2-draft", "v2", at=9.0), ran("b", "v2", at=8.0)]

    tree = tree_of(NAME, versions, seen)

    assert lines(tree) == ["v1", "v2"]
    assert node(tree, "v2").drafts == ("v1-draft",)
    assert node(tree, "v2").first_at == 5.0


def test_a_draft_of_another_prompt_only_is_no_draft_of_this_one():
    """Its runs sent the version's own text, as that was when they ran."""
    seen = [ran("a before", "v1-draft", "v1", base_text="a before")]

    tree = tree_of(NAME, named(version(1, "a")), seen)

    assert [(own.kind, own.name) for own in tree.nodes] == [("version", "v1"), ("former", "v1-draft")]


def test_a_version_that_was_edited_after_it_ran_keeps_its_former_text():
    """What ran as v1 and is no version's text any more hangs below v1; drafts of it hang below that text."""
    seen = [ran("draft", "v1-draft", "v1", base_text="a before", at=2.0), ran("a before", "v1")]

    tree = tree_of(NAME, named(version(1, "a")), seen)

    assert [(own.kind, tree.depths[own.key]) for own in tree.nodes] == [("version", 0), ("former", 1), ("draft", 2)]


def test_a_text_of_a_service_hangs_below_the_version_that_it_says_it_is():
    """A label of the store counts, too; without either it is a root."""
    versions = named(version(1, "a"), stored("production", 2, "b"))
    seen = [ran("theirs", "production", is_service=True), ran("nobody's", "unknown", is_service=True)]

    tree = tree_of(NAME, versions, seen)

    assert parents(tree) == {"v1": "", "store:production": "", "production": "store:production", "unknown": ""}
    assert tree.nodes[-1].name == "unknown"


def test_parameters_at_their_defaults_tell_two_texts_apart():
    """The same template with another default sends another text."""
    template = "In {style}: {text}"
    plain = Prompt(NAME, template, (Parameter("style", "short"),))
    other = Prompt(NAME, template, (Parameter("style", "long"),))

    tree = tree_of(NAME, named(version(1, "", prompt=plain), version(2, "", prompt=other)), ())

    assert lines(tree) == ["v1", "v2"]


def test_a_provenance_that_makes_no_sense_counts_as_none():
    """Wrong types, an own or unknown label, circles and files that are no Python leave the version before it."""
    lie = "\n\nPROVENANCE = {'schema': 1, 'version': 'v2', 'parent': %r, 'date': 7, 'models': 3}\n"
    said = ["v2", ["v1"], None, "v99", "v3"]

    for parent in said:
        versions = named(version(1, "a"), version(2, "b", source=lie % parent), version(3, "c", source="def ("))
        assert parents(tree_of(NAME, versions, ()))["v3"] in ("v2", "")
        assert len(tree_of(NAME, versions, ()).nodes) == 3


def test_a_prompt_that_is_computed_is_a_node_of_its_source():
    """It has no text to be read; two sources are two nodes."""
    computed = Prompt(NAME, "", reason="it has more than one statement")
    versions = named(version(1, "", prompt=computed, source="1"), version(2, "", prompt=computed, source="2"))

    assert lines(tree_of(NAME, versions, ())) == ["v1", "v2"]


def test_texts_beyond_the_limit_are_counted():
    """The drafts that were used last are kept, and how many are not is said."""
    seen = [ran(f"text {number}", "v1-draft", "v1", at=1_000.0 - number) for number in range(MOST_TEXTS + 7)]

    tree = tree_of(NAME, named(version(1, "a")), seen)

    assert (len(tree.nodes), tree.left_out) == (1 + MOST_TEXTS, 7)
    assert {own.prompt.template for own in tree.nodes} == {"a", *(f"text {number}" for number in range(MOST_TEXTS))}


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=13))
def test_any_tree_is_drawn_whole(wishes):
    """Whatever is named as parent, each node is drawn once, after its parent, and at most one step further right."""
    keys = [f"n{place}" for place in range(len(wishes))]
    wanted = {key: [f"n{wish}"] for key, (wish, _) in zip(keys, wishes, strict=True)}
    trunk = [key for key, (_, is_version) in zip(keys, wishes, strict=True) if is_version]

    placed = in_order(keys, wanted, trunk, {})

    depths = {"": -1}
    for own in placed:
        assert depths[own.parent] <= own.depth <= depths[own.parent] + 1
        depths[own.key] = own.depth
    assert sorted(own.key for own in placed) == sorted(keys)

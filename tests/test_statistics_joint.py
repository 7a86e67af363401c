"""The joint test of two prompts: single wins that lose together are caught and said."""

import numpy as np
import pytest

from workbench.errors import InputError
from workbench.statistics.factorial import joint_test
from workbench.statistics.joint_wording import joint_sentence


def grid(means, documents=40, noise=0.15, seed=1):
    """Scores of a grid of versions; documents differ in hardness, which all cells share."""
    source = np.random.default_rng(seed)
    hardness = source.normal(0, 0.3, documents)
    return {
        cell: {f"d{at:02}": [float(mean + hardness[at] + source.normal(0, noise))] for at in range(documents)}
        for cell, mean in means.items()
    }


def two_by_two(base, first, second, both):
    return {("c1", "s1"): base, ("c2", "s1"): first, ("c1", "s2"): second, ("c2", "s2"): both}


def said(test):
    return joint_sentence(test.joints[0], "chunk_prompt", "summary_prompt")


def test_two_single_wins_that_lose_together_are_named():
    """Each new version alone gains 0.2, both lose 0.2: both versions are named, and that they lose together."""
    test = joint_test(grid(two_by_two(0.5, 0.7, 0.7, 0.3)), resamples=1_000)

    (joint,) = test.joints
    assert (joint.first_alone.word, joint.second_alone.word) == ("better", "better")
    assert (joint.together.word, joint.interaction.word) == ("worse", "worse")
    assert joint.interaction.difference == pytest.approx(-0.6, abs=0.1)
    assert said(test).startswith(
        "c2 of chunk_prompt and s2 of summary_prompt: each alone wins, but together they lose (alone +0.2"
    )


@pytest.mark.parametrize(
    ("means", "words"),
    [
        ((0.5, 0.3, 0.3, 0.8), "each alone loses, but together they win"),
        ((0.5, 0.8, 0.8, 0.5), "each alone wins, but together no win is left"),
        ((0.2, 0.5, 0.5, 0.55), "together they give less than the two changes add up to"),
        ((0.2, 0.4, 0.2, 0.8), "together they give more than the two changes add up to"),
        ((0.2, 0.4, 0.5, 0.7), "no interaction is shown"),
    ],
)
def test_other_patterns_are_told_apart(means, words):
    """Changes that help or hinder each other are said so; changes that add up are not."""
    test = joint_test(grid(two_by_two(*means)), resamples=1_000)

    assert words in said(test)


def test_effects_are_averages_over_the_other_prompt():
    """Without noise the main effects, single effects and the interaction are the planned figures."""
    test = joint_test(grid(two_by_two(0.1, 0.3, 0.2, 0.8), noise=0), resamples=200)

    (joint,) = test.joints
    assert test.first_main[0].difference == pytest.approx(0.4)
    assert test.second_main[0].difference == pytest.approx(0.3)
    assert joint.first_alone.difference == pytest.approx(0.2)
    assert joint.together.difference == pytest.approx(0.7)
    assert joint.interaction.difference == pytest.approx(0.4)


def test_changes_that_add_up_show_no_interaction_more_often_than_chance_allows():
    """In 150 grids of 3 by 4 versions that add up, an interaction is called in at most 5 %, plus what chance adds."""
    first, second = {"c1": 0.2, "c2": 0.5, "c3": 0.5}, {"s1": 0.0, "s2": 0.2, "s3": -0.3, "s4": 0.1}
    means = {(one, two): first[one] + second[two] for one in first for two in second}

    called = 0
    for seed in range(150):
        test = joint_test(grid(means, documents=12, seed=seed), resamples=100)
        called += any(joint.interaction.word != "not enough evidence" for joint in test.joints)

    assert 0 < called <= 14


def test_lower_scores_can_be_the_better_ones():
    """For seconds, two single savings that cost together are a worse interaction."""
    test = joint_test(grid(two_by_two(0.5, 0.3, 0.3, 0.9)), lower_is_better=True, resamples=500)

    assert "each alone wins, but together they lose" in said(test)


def test_only_documents_that_every_cell_scored_count():
    """A document that one cell lacks is left out of all, and told."""
    cells = grid(two_by_two(0.1, 0.2, 0.3, 0.4))
    del cells["c2", "s2"]["d00"]

    test = joint_test(cells, resamples=200)

    assert (test.joints[0].together.n, test.joints[0].together.unpaired) == (39, 1)


def test_a_grid_that_is_none_is_refused():
    """A missing pair and a prompt with a single version are named."""
    cells = grid(two_by_two(0.1, 0.2, 0.3, 0.4))

    with pytest.raises(InputError, match="the second prompt has 1 versions"):
        joint_test({cell: own for cell, own in cells.items() if cell[1] == "s1"})
    with pytest.raises(InputError, match="c2 and s2 was not run"):
        joint_test({cell: own for cell, own in cells.items() if cell != ("c2", "s2")})


def test_a_grid_without_documents_decides_nothing():
    """Cells without scores give not enough evidence."""
    test = joint_test({cell: {} for cell in two_by_two(0, 0, 0, 0)})

    assert (test.joints[0].interaction.word, test.joints[0].interaction.n) == ("not enough evidence", 0)

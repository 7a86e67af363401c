"""The figures of blind reviews: leans, agreement, ranking, sides."""

import random
from itertools import combinations

import numpy as np
import pytest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from workbench.errors import InputError
from workbench.statistics.agreement import agreement, cohen_kappa, krippendorff_alpha
from workbench.statistics.bradley_terry import strengths
from workbench.statistics.position_bias import lean_left, lean_to_longer
from workbench.statistics.ranking import Bout, ranked
from workbench.statistics.sides import sides_for
from workbench.statistics.verdicts import verdicts_on

LABELS = ["left", "right", "tie"]


def test_a_reviewer_who_always_picks_left_decides_nothing_and_is_named():
    """Whatever the drawn sides, 60 votes for the left give not enough evidence, and a warning with the share."""
    for seed in range(50):
        baseline_left = sides_for(60, random.Random(seed))
        baseline = {f"d{at}": [float(left)] for at, left in enumerate(baseline_left)}
        candidate = {f"d{at}": [float(not left)] for at, left in enumerate(baseline_left)}

        (verdict,) = verdicts_on(baseline, {"v2": candidate})

        assert verdict.word == "not enough evidence"
    assert lean_left("Kim", 60, 0).warning.startswith("Kim chose the left output in 60 of 60 votes (94 to 100 %)")


def test_a_judge_that_goes_by_length_is_named_and_a_sound_one_is_not():
    """12 of 12 votes for the longer output are warned of, 8 of 12 are not."""
    assert "judge chose the longer output in 12 of 12 votes" in lean_to_longer("judge", 12, 0).warning
    assert lean_to_longer("judge", 8, 4).warning == ""
    assert lean_to_longer("judge", 8, 4).share == pytest.approx(2 / 3)


def test_a_warning_is_rare_for_an_honest_reviewer():
    """Of 2,000 honest reviewers with 40 votes at most 2 % are warned of."""
    lefts = np.random.default_rng(5).binomial(40, 0.5, 2_000)

    assert sum(bool(lean_left("", int(left), 40 - int(left)).warning) for left in lefts) <= 40
    assert lean_left("Kim", 0, 0).share is None


def test_sides_are_balanced_and_cannot_be_told():
    """The sides never differ by more than 4, both seeds and lengths vary them, and the next is guessed by few."""
    sides = np.array([sides_for(100, random.Random(seed)) for seed in range(200)])
    signs = 2 * sides.astype(int) - 1
    sums = np.cumsum(signs, axis=1)
    guessed = np.where(sums[:, :-1] > 0, -1, 1) == signs[:, 1:]  # the side that lags behind

    assert np.abs(sums).max() <= 4
    assert len({tuple(row) for row in sides}) == 200
    assert abs(sides.mean() - 0.5) < 0.02
    assert guessed.mean() < 0.72


def test_sides_come_from_the_operating_system_unless_a_source_is_given():
    """Without a source two draws differ; with the same source they are the same."""
    assert sides_for(200) != sides_for(200)
    assert sides_for(50, random.Random(1)) == sides_for(50, random.Random(1))
    with pytest.raises(InputError):
        sides_for(-1)


def test_kappa_is_statsmodels():
    """Cohen's kappa of two reviewers agrees with statsmodels."""
    source = np.random.default_rng(2)
    one = source.choice(3, 80)
    two = np.where(source.random(80) < 0.6, one, source.choice(3, 80))
    table = np.zeros((3, 3))
    np.add.at(table, (one, two), 1)
    first, second = ([LABELS[label] for label in own] for own in (one, two))

    assert cohen_kappa(first, second) == pytest.approx(cohens_kappa(table).kappa, abs=1e-12)


def test_alpha_is_krippendorffs_own_example():
    """Four observers with gaps: Krippendorff's published example has 0.743 for nominal data."""
    rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    ballots = [
        {name: label for name, label in zip("ABCD", item, strict=True) if label != "."}
        for item in zip(*rows, strict=True)
    ]

    assert krippendorff_alpha(ballots) == pytest.approx(0.743, abs=0.0005)


def test_alpha_without_gaps_is_fleiss_kappa_for_small_samples():
    """With 3 ratings for each of 50 items it is statsmodels' kappa, corrected for the sample's size."""
    labels = np.random.default_rng(8).choice(3, (50, 3), p=[0.5, 0.3, 0.2])
    labels[:25, 1:] = labels[:25, :1]
    kappa = fleiss_kappa(np.array([[np.sum(row == label) for label in range(3)] for row in labels]))
    ballots = [dict(zip("abc", row.tolist(), strict=True)) for row in labels]

    assert krippendorff_alpha(ballots) == pytest.approx(1 - (1 - kappa) * 149 / 150, abs=1e-12)


def test_agreement_takes_what_fits_the_number_of_reviewers():
    """Two: kappa over what both saw; three: alpha; the same label always, or nothing shared: no figure."""
    two = [{"a": 1, "b": 1}, {"a": -1, "b": -1}, {"a": 0}]

    assert agreement(two) == ("Cohen's kappa", 1)
    assert agreement([*two, {"b": 0, "c": 0}]) == ("Krippendorff's alpha", 1)
    assert agreement([{"a": 1, "b": 1}])[1] is None
    assert agreement([{"a": 1}, {"b": 1}])[1] is None
    assert agreement([])[1] is None
    with pytest.raises(InputError):
        cohen_kappa(["left"], [])


def test_bradley_terry_is_the_logistic_regression_of_statsmodels():
    """The strengths of 4 variants, their prior wins counted in, are the coefficients of a binomial GLM."""
    wins = np.random.default_rng(9).integers(0, 12, (4, 4)).astype(float)
    rows, won, met = [], [], []
    for one, two in combinations(range(4), 2):
        rows.append(np.eye(4)[one] - np.eye(4)[two])
        won.append(wins[one, two] + 0.1)
        met.append(wins[one, two] + wins[two, one] + 0.2)
    design, shares = np.array(rows)[:, 1:], np.array(won) / np.array(met)
    fitted = np.array([0, *GLM(shares, design, family=Binomial(), var_weights=met).fit(tol=1e-12).params])

    assert strengths(wins) == pytest.approx(fitted - fitted.mean(), abs=1e-6)


def bouts_of(true, documents, seed=0):
    source, names = np.random.default_rng(seed), list(true)
    return [
        Bout(f"d{at}", one, two, float(source.random() < 1 / (1 + np.exp(true[two] - true[one]))))
        for at in range(documents)
        for one, two in combinations(names, 2)
    ]


def test_variants_are_ranked_and_only_clear_ones_beat_others():
    """Of three variants the strong one is first and beats both; two alike beat nobody."""
    standings = ranked(bouts_of({"v1": 0.0, "v2": 0.0, "v3": 1.5}, 80), resamples=500)

    assert standings[0].variant == "v3"
    assert set(standings[0].beats) == {"v1", "v2"}
    assert all(not standing.beats for standing in standings[1:])
    assert all(standing.interval[0] < standing.strength < standing.interval[1] for standing in standings)
    assert sum(standing.strength for standing in standings) == pytest.approx(0, abs=1e-9)
    assert standings[0].wins + standings[0].losses + standings[0].ties == 160


def test_equal_variants_seldom_beat_each_other():
    """Of 60 rankings of four equal variants, at most 7 name any winner."""
    named = 0
    for seed in range(60):
        standings = ranked(bouts_of(dict.fromkeys(("v1", "v2", "v3", "v4"), 0.0), 40, seed), resamples=400)
        named += any(standing.beats for standing in standings)

    assert named <= 7


def test_ties_are_half_a_win_for_each():
    """Two variants that always tie have the same strength and beat nobody."""
    first, second = ranked([Bout(f"d{at}", "v1", "v2", 0.5) for at in range(20)], resamples=50)

    assert (first.strength, second.strength) == (0, 0)
    assert (first.wins, first.losses, first.ties, first.beats) == (0, 0, 20, ())


def test_odd_rankings_are_empty_finite_or_refused():
    """No bouts rank nobody; an undefeated variant stays finite; variants that never met have no order."""
    undefeated = ranked([Bout("d1", "v1", "v2", 1)])

    assert ranked([]) == []
    assert (undefeated[0].variant, undefeated[0].interval, undefeated[0].beats) == ("v1", None, ())
    assert 0 < undefeated[0].strength < 3
    with pytest.raises(InputError, match="v3 was never compared with v1"):
        ranked([Bout("d1", "v1", "v2", 1), Bout("d1", "v3", "v4", 1)])
    with pytest.raises(InputError, match="v1 met itself"):
        ranked([Bout("d1", "v1", "v1", 1)])
    with pytest.raises(InputError, match="the share of v1 on d1 is nan"):
        ranked([Bout("d1", "v1", "v2", float("nan"))])

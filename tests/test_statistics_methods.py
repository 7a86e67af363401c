"""The methods one by one: they agree with scipy and statsmodels."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from workbench.errors import InputError
from workbench.statistics.binomial import sign_test, sign_test_power
from workbench.statistics.bootstrap import corrected_interval, percentile_interval, resampled_means
from workbench.statistics.correction import holm
from workbench.statistics.intervals import newcombe_paired, wilson
from workbench.statistics.planning import decided_pairs, least_documents
from workbench.statistics.sign_flip import sign_flip_test

counts = st.integers(0, 400)


@settings(max_examples=60)
@given(counts, counts)
def test_the_sign_test_is_scipys_binomial_test(wins, losses):
    """Exact two-sided p of wins against losses agrees with scipy; none of either gives 1."""
    expected = stats.binomtest(wins, wins + losses, 0.5).pvalue if wins + losses else 1.0

    assert sign_test(wins, losses) == pytest.approx(expected, rel=1e-9)
    assert sign_test(wins, losses) == sign_test(losses, wins)


def test_the_sign_test_is_mcnemars_test_and_holds_for_many_documents():
    """It equals statsmodels' exact McNemar test, and scipy's binomial test for 20,000 documents."""
    assert sign_test(15, 4) == pytest.approx(mcnemar([[30, 4], [15, 9]], exact=True).pvalue, rel=1e-12)
    assert sign_test(10_200, 9_800) == pytest.approx(stats.binomtest(10_200, 20_000).pvalue, rel=1e-6)


@settings(max_examples=60)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.8, 0.95]))
def test_wilsons_interval_is_statsmodels(rate, confidence):
    """Bounds agree with statsmodels to the last digits, and lie in [0, 1]."""
    expected = proportion_confint(*rate, alpha=1 - confidence, method="wilson")

    assert wilson(*rate, confidence) == pytest.approx(expected, abs=1e-12)
    assert 0 <= wilson(*rate, confidence)[0] < wilson(*rate, confidence)[1] <= 1


def test_the_paired_interval_without_correlation_is_the_independent_one():
    """A table whose rows and columns are independent gives statsmodels' interval for two samples of its size."""
    expected = confint_proportions_2indep(20, 40, 10, 40, method="newcomb", compare="diff")

    assert newcombe_paired(both=5, gained=15, lost=5, neither=15) == pytest.approx(expected, abs=1e-12)


def test_the_paired_interval_takes_the_corrected_correlation_into_account():
    """For 20 both, 2 gained, 12 lost and 16 neither it is the paper's formula, worked with statsmodels' limits."""
    (low_before, high_before), (low_after, high_after) = (proportion_confint(k, 50, method="wilson") for k in (32, 22))
    phi = (20 * 16 - 2 * 12 - 25) / math.sqrt(32 * 18 * 22 * 28)
    down, up_before = 0.44 - low_after, high_before - 0.64
    up, down_before = high_after - 0.44, 0.64 - low_before
    low = -0.2 - math.sqrt(down**2 - 2 * phi * down * up_before + up_before**2)
    high = -0.2 + math.sqrt(up**2 - 2 * phi * up * down_before + down_before**2)

    assert newcombe_paired(both=20, gained=2, lost=12, neither=16) == pytest.approx((low, high), abs=1e-12)


def test_the_paired_interval_covers_the_true_difference():
    """Of 2,000 tables of 40 documents with a true difference of 0.15, at least 93 % cover it, and not nearly all."""
    shares = np.array([0.45, 0.25, 0.10, 0.20])
    tables = np.random.default_rng(1).multinomial(40, shares, 2_000)

    intervals = [newcombe_paired(*(int(cell) for cell in table)) for table in tables]

    covered = np.mean([low <= 0.15 <= high for low, high in intervals])
    assert 0.93 <= covered <= 0.98


def test_the_bootstrap_intervals_are_scipys():
    """Percentile and BCa intervals of a skewed sample agree with scipy's of the same samples."""
    values = np.random.default_rng(3).exponential(size=40) - 0.7
    means = resampled_means(values, 20_000, seed=5)
    expected = {}
    for method in ("percentile", "BCa"):
        source = np.random.default_rng(5)
        result = stats.bootstrap((values,), np.mean, method=method, n_resamples=20_000, rng=source)
        expected[method] = result.confidence_interval

    assert percentile_interval(means) == pytest.approx(tuple(expected["percentile"]), abs=1e-9)
    assert corrected_interval(values, means) == pytest.approx(tuple(expected["BCa"]), abs=1e-9)
    assert corrected_interval(values, means)[0] - percentile_interval(means)[0] > 0.01


def test_the_bootstraps_blocks_hold_little_and_change_nothing():
    """Means of many documents are drawn in blocks; they spread as the theory says."""
    values = np.random.default_rng(4).normal(size=3_000)

    means = resampled_means(values, 700)

    assert len(means) == 700
    assert means.std() == pytest.approx(values.std() / math.sqrt(3_000), rel=0.1)


@pytest.mark.parametrize("n", [2, 5, 11])
def test_the_sign_flip_test_is_scipys_permutation_test(n):
    """All sign patterns of few differences give scipy's exact p."""
    differences = np.random.default_rng(n).normal(0.5, 1, n)
    expected = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf, vectorized=False
    )

    assert sign_flip_test(differences) == pytest.approx(expected.pvalue, abs=1e-12)


def test_drawn_sign_patterns_come_near_the_exact_test():
    """For 40 differences of -1, 0 and 1 the drawn patterns give the exact sign test within 0.015."""
    differences = np.array([1.0] * 19 + [-1.0] * 11 + [0.0] * 10)

    assert sign_flip_test(differences) == pytest.approx(sign_test(19, 11), abs=0.015)
    assert sign_flip_test(-differences) == sign_flip_test(differences)
    assert sign_flip_test(np.zeros(5)) == 1


@pytest.mark.parametrize("p_values", [[0.03], [0.04, 0.01, 0.03, 0.01], [1.0, 0.0, 0.6], [0.02] * 5])
def test_holms_correction_is_statsmodels(p_values):
    """The raised p-values agree with statsmodels, in the order they came."""
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]), abs=1e-12)


def test_a_number_of_documents_is_planned_that_is_enough_and_not_far_more():
    """The planned pairs find the winner in 80 % by scipy's distribution; five fewer would not do it for sure."""
    n = decided_pairs(0.7)
    rejected = [wins for wins in range(n + 1) if stats.binomtest(wins, n).pvalue <= 0.05]
    power = sum(stats.binom.pmf(wins, n, 0.7) for wins in rejected)

    assert power >= 0.8
    assert power == pytest.approx(sign_test_power(n, 0.7, 0.05), abs=1e-9)
    assert 45 <= n <= 52
    assert least_documents(0.05) == 6
    assert sign_test(6, 0) <= 0.05 < sign_test(5, 0)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("n", [1, 2, 5, 6, 7, 20])
def test_the_sign_tests_power_without_a_difference_is_its_level(n, alpha):
    """For an even coin the power is the chance of all outcomes that scipy's test refutes."""
    refuted = sum(stats.binom.pmf(k, n, 0.5) for k in range(n + 1) if stats.binomtest(k, n).pvalue <= alpha)

    assert sign_test_power(n, 0.5, alpha) == pytest.approx(refuted, abs=1e-12)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: wilson(3, 2),
        lambda: sign_test(-1, 2),
        lambda: newcombe_paired(1, -1, 0, 0),
        lambda: holm([0.2, math.nan]),
        lambda: decided_pairs(0.5),
    ],
)
def test_figures_that_make_no_sense_are_refused(ask):
    """More successes than trials, counts below 0, no number and no difference end in an InputError."""
    with pytest.raises(InputError):
        ask()


def test_without_trials_nothing_is_known():
    """No trial gives an interval from 0 to 1."""
    assert wilson(0, 0) == (0, 1)

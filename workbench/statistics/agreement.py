"""How far reviewers agree beyond chance."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from workbench.errors import InputError

Ballots = Sequence[Mapping[str, Hashable]]
"""For each item: reviewer -> label; a reviewer need not have seen every item."""


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Agreement of two reviewers on the same items.

    Returns:
        1: always; 0: as by chance; below 0: less. None without items, and when chance alone would make
        them always agree.

    Raises:
        InputError: The two have not the same number of labels.

    Source: Cohen 1960, Educational and Psychological Measurement 20:37.
    """
    if len(first) != len(second):
        raise InputError(f"the reviewers gave {len(first)} and {len(second)} labels; both must label the same items")
    n = len(first)
    one, two = Counter(first), Counter(second)
    chance = sum(one[label] * two[label] for label in one)  # times n * n, so that no rounding hides a 1
    if n == 0 or chance == n * n:
        return None
    agreed = sum(left == right for left, right in zip(first, second, strict=True))
    return (agreed * n - chance) / (n * n - chance)


def krippendorff_alpha(ballots: Ballots) -> float | None:
    """Agreement of any number of reviewers, with gaps; labels have no order.

    Items that one reviewer alone has labelled say nothing and are left out.

    Returns:
        1: always; 0: as by chance; below 0: less. None when all labels are the same, or no item has two.

    Source: Krippendorff 2019, Content Analysis, 12.3 (nominal data).
    """
    shared = [Counter(item.values()) for item in ballots if len(item) > 1]
    totals: Counter[Hashable] = sum(shared, Counter())
    n = totals.total()
    chance = n * n - sum(count * count for count in totals.values())
    if chance == 0:
        return None
    apart = sum((own.total() ** 2 - sum(count * count for count in own.values())) / (own.total() - 1) for own in shared)
    return 1 - (n - 1) * apart / chance


def agreement(ballots: Ballots) -> tuple[str, float | None]:
    """The name of the figure and its value: Cohen's kappa for two reviewers, Krippendorff's alpha for more.

    For two, only the items both have labelled count.
    """
    reviewers = sorted({name for item in ballots for name in item})
    if len(reviewers) != 2:
        return "Krippendorff's alpha", krippendorff_alpha(ballots)
    both = [item for item in ballots if len(item) == 2]
    first, second = ([item[name] for item in both] for name in reviewers)
    return "Cohen's kappa", cohen_kappa(first, second)

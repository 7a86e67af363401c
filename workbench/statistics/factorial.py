"""The joint test of two prompts: what each changes, and whether the two changes get along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.statistics.bootstrap import RESAMPLES
from workbench.statistics.correction import holm
from workbench.statistics.effects import effect_of_differences
from workbench.statistics.grid_scores import Cell, Grid, grid_of
from workbench.statistics.scores import Scores
from workbench.statistics.verdict import ALPHA, Verdict, verdict_of


@dataclass(frozen=True)
class Joint:
    """A new version of the first prompt together with a new version of the second."""

    versions: Cell
    first_alone: Verdict
    """The first's new version beside the second's baseline, against both baselines."""
    second_alone: Verdict
    together: Verdict
    """Both new versions, against both baselines."""
    interaction: Verdict
    """together - first_alone - second_alone; "worse": they give less together than the two changes add up to."""


@dataclass(frozen=True)
class JointTest:
    """What a grid of two prompts says."""

    first_main: tuple[Verdict, ...]
    """Each new version of the first prompt against its baseline, averaged over all versions of the second."""
    second_main: tuple[Verdict, ...]
    joints: tuple[Joint, ...]


@dataclass(frozen=True)
class _Asker:
    grid: Grid
    alpha: float
    resamples: int
    lower_is_better: bool

    def ask(self, questions: Sequence[tuple[str, Mapping[Cell, float]]]) -> list[Verdict]:
        """One family of questions, corrected together."""
        contrasts = [self.grid.contrast(weights) for _, weights in questions]
        effects = [effect_of_differences(values, 1 - self.alpha, self.resamples) for values in contrasts]
        corrected = holm([effect.p for effect in effects])
        return [
            verdict_of(
                effect,
                p,
                subject,
                alpha=self.alpha,
                questions=len(questions),
                unpaired=self.grid.unpaired,
                lower_is_better=self.lower_is_better,
            )
            for (subject, _), effect, p in zip(questions, effects, corrected, strict=True)
        ]


def joint_test(
    cells: Mapping[Cell, Scores],
    *,
    lower_is_better: bool = False,
    alpha: float = ALPHA,
    resamples: int = RESAMPLES,
) -> JointTest:
    """Main effects, every cell against the baselines' cell, and interactions; each document counts once.

    Args:
        cells: (version of the first prompt, version of the second) -> scores; the baselines come first.
        lower_is_better: As for seconds and costs.
        alpha: How often each of the three families (main effects, cells, interactions) may call anything by chance.
        resamples: How often the documents are drawn again for an interval.

    Raises:
        InputError: A cell is missing, a prompt has one version only, or a score is not a finite number.

    Source: Montgomery 2017, Design and Analysis of Experiments, 5 (contrasts of a factorial), taken within documents;
        intervals and tests of effect_of_differences(); Holm 1979 within each family.
    """
    grid = grid_of(cells)
    asker = _Asker(grid, alpha, resamples, lower_is_better)
    main = asker.ask(
        [(one, _averaged([((one, other), (grid.first[0], other)) for other in grid.second])) for one in grid.first[1:]]
        + [(two, _averaged([((one, two), (one, grid.second[0])) for one in grid.first])) for two in grid.second[1:]]
    )
    others = [(one, two) for one in grid.first for two in grid.second if (one, two) != grid.base]
    told = asker.ask([(_label(grid, cell), {cell: 1.0, grid.base: -1.0}) for cell in others])
    against_base = dict(zip(others, told, strict=True))
    pairs = [(one, two) for one, two in others if one != grid.first[0] and two != grid.second[0]]
    interactions = asker.ask([(f"{one} with {two}", _interaction(grid, (one, two))) for one, two in pairs])
    joints = tuple(
        Joint(
            cell,
            against_base[cell[0], grid.second[0]],
            against_base[grid.first[0], cell[1]],
            against_base[cell],
            interaction,
        )
        for cell, interaction in zip(pairs, interactions, strict=True)
    )
    split = len(grid.first) - 1
    return JointTest(tuple(main[:split]), tuple(main[split:]), joints)


def _averaged(pairs: Sequence[tuple[Cell, Cell]]) -> dict[Cell, float]:
    share = 1 / len(pairs)
    return {new: share for new, _ in pairs} | {old: -share for _, old in pairs}


def _interaction(grid: Grid, cell: Cell) -> dict[Cell, float]:
    one, two = cell
    return {cell: 1.0, (one, grid.second[0]): -1.0, (grid.first[0], two): -1.0, grid.base: 1.0}


def _label(grid: Grid, cell: Cell) -> str:
    """A version beside the other's baseline goes by its own name."""
    new = [name for name, base in zip(cell, grid.base, strict=True) if name != base]
    return " with ".join(new)

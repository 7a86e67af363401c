"""What is asked of a case's answer: typed as YAML, checked while it is typed, and what the answer at hand gives."""

from collections.abc import Sequence

import streamlit as st

from pages.shared import markup, state
from pages.shared.case_source import CaseSource
from pages.shared.prompt_editor import prompt_editor
from workbench.assertions.checking import check
from workbench.assertions.nouns import Assertion, Result
from workbench.assertions.vocabulary import ASKED
from workbench.datasets.adding import suggested_assertions
from workbench.datasets.failures import DatasetError
from workbench.datasets.spelling import spelt_assertion, yaml_of
from workbench.datasets.typed_assertions import typed_assertions
from workbench.evaluation.verdicts import facts_of


def assertion_editor(key: str, source: CaseSource) -> bool:
    """Show the editor, and below it what is wrong, or what the answer gives; whether it can be read.

    Args:
        key: Of the dialog.
        source: Whose answer it is.
    """
    edit = prompt_editor(
        f"case-assert-{key}",
        text=assertions_text(key, source),
        seed=0,
        label="Assertions, as YAML",
        known={},
        plain=True,
        height=150,
        on_change=lambda text: state.pass_on(f"case-typed-{key}", text),
    )
    try:
        asked = typed_assertions(edit.value)
    except DatasetError as error:
        place = f"Line {error.line}: " if error.line else ""
        st.error(markup.plain_label(f"{place}{error.reason}. {error.hint}", 400), icon=":material/error:")
        return False
    _results(asked, source)
    return True


def assertions_text(key: str, source: CaseSource) -> str:
    """What was typed last, else what is suggested."""
    typed = state.passing(f"case-typed-{key}")
    if typed is None:
        typed = yaml_of([spelt_assertion(own) for own in suggested_assertions(source.run.output)])
    return str(typed)


def _results(asked: Sequence[Assertion], source: CaseSource) -> None:
    verdict = check(source.run.output, asked, facts_of(source.run), source.plain_inputs)
    failed = [own for own in verdict.results if not own.passed and not _needs_model(own.assertion)]
    if not asked:
        st.caption("Nothing is asked of the answer: the case only has to run.")
    elif failed:
        words = f"{len(failed)} of {len(asked)} {'does' if len(failed) == 1 else 'do'} not hold for this very answer."
        st.warning(f"{words} It can be added all the same: a better answer has to come then.", icon=":material/rule:")
    with st.container(gap="xxsmall", key="case-results"):
        for result in verdict.results:
            st.markdown(_said(result))


def _said(result: Result) -> str:
    """The mark, the type and the reason; what a model has to say is told apart."""
    name = result.assertion.name
    reason = result.reason.removeprefix(f"{name}: ")
    if _needs_model(result.assertion):
        mark, said, reason = ":gray[–]", "is not asked yet", "A model is asked when the dataset is evaluated."
    else:
        mark, said = (":green[✓]", "holds") if result.passed else (":red[✗]", "does not hold")
    return f"{mark} {markup.plain_label(name)} {said} :small[:gray[· {markup.plain_label(reason, 200)}]]"


def _needs_model(assertion: Assertion) -> bool:
    return assertion.type in ASKED or any(map(_needs_model, assertion.members))

"""What an evaluation came to: its figures, verdicts, matrix, the opened cell, and the command that gives the same."""

from pathlib import Path

import streamlit as st

from pages.shared import markup
from pages.shared.evaluate_board import evaluate_board, opened_cell
from pages.shared.evaluate_cards import evaluate_cards
from pages.shared.evaluate_cli import evaluate_cli
from pages.shared.evaluate_detail import evaluate_detail
from pages.shared.evaluate_live import LiveEvaluation
from pages.shared.evaluate_verdicts import evaluate_verdicts

_CSS = Path(__file__).with_name("evaluate.css").read_text("utf-8")


def evaluate_results(own: LiveEvaluation | None, path: Path) -> None:
    """Show them as far as they are; verdicts once it is over, as looking at them before would favour chance.

    Args:
        own: The last evaluation of this browser, if this process has it.
        path: Of the dataset that is chosen.
    """
    st.html(f"<style>{_CSS}</style>")
    if own is None:
        st.html(markup.empty_html("Nothing has been evaluated here yet.", purpose="to evaluate"))
        return
    if own.asked and own.choice.dataset != str(path):
        said = f"These are the results of {own.asked.matrix.dataset.name}, which was evaluated last."
        st.info(markup.plain_label(said, 200), icon=":material/rule:")
    if own.outcome:
        evaluate_cards(own, own.outcome)
        evaluate_verdicts(own, own.outcome)
    evaluate_board(own)
    if opened := opened_cell(own):
        evaluate_detail(own, *opened)
    if own.outcome:
        evaluate_cli(own.choice)

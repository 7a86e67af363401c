"""What speaks for the variant that is exported, or that nobody has judged it."""

import streamlit as st

from pages.shared import markup
from workbench.evaluation.evidence import Evidence
from workbench.evaluation.evidence_sentence import circumstances, evidence_details, evidence_heading, evidence_word
from workbench.export.markdown import fenced
from workbench.export.no_evidence import evaluate_draft_line, nobody_judged
from workbench.export.request import ExportRequest

_TONES: dict[str, markup.Tone] = {"better": "done", "worse": "failed", "not enough evidence": "muted"}
_LONGEST = 2_000


def show_evidence(request: ExportRequest) -> None:
    """The newest, and the others to be unfolded; without any, the command that has the variant judged.

    Nothing for a version as it is, which has nothing to be held against.
    """
    variant = request.variant
    if request.evidence:
        newest, *others = request.evidence
        _one(newest)
        if others:
            # A word against the variant is not to be folded away.
            words = ", ".join(dict.fromkeys(own.figures.word for own in others))
            with st.expander(f"{len(others)} more: {words}", icon=":material/balance:", key="more-evidence"):
                for own in others:
                    _one(own)
    elif variant.label != variant.base:
        line = evaluate_draft_line(request.root, request.dataflow, variant)
        said = f"{nobody_judged(variant.base)} Judge it on the Evaluate page{', or by:' if line else '.'}"
        st.caption(f":material/balance: {markup.plain_label(said, 300)}")
        if line:
            st.markdown(fenced(line, "bash"))


def _one(own: Evidence) -> None:
    st.html(markup.card_head_html(evidence_heading(own), evidence_word(own), _TONES[own.figures.word]))
    details = evidence_details(own)
    said = details if own.kind == "review" else f"{circumstances(own)}. {details}"
    st.html(markup.line_html(said[:1].upper() + said[1:_LONGEST], "detail"))

"""The form that adds a version to the prompt store: of a version or draft on the bench, with its texts to be seen."""

from pathlib import Path

import streamlit as st

from dataflows.prompt_store import texts_sha256
from pages.shared import cached, markup, state
from pages.shared.bench_versions import bench_versions
from pages.shared.settings_card import readable_prompt
from pages.shared.store_fields import WHO, attempt, kept_text, problem_at
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.graphs.texts import texts_of
from workbench.prompts import store_changes
from workbench.prompts.stored import StoreView
from workbench.records import Variant, Version
from workbench.state import bench

_PLACE, _REASON = "add", "store-reason"


def store_addition(view: StoreView) -> None:
    """Choose what is added, why, and who; where a version has the same texts, the page says which."""
    versions = bench_versions()
    current = state.current_bench(versions)
    merged = [label for label, version in versions.items() if version.origin != "store"]
    st.markdown("**Add a version**")
    source = st.selectbox(
        "Texts of",
        [*bench.drafts_of(current, versions), *merged[::-1]],
        key="store-source",
        persist_state="session",
        placeholder="Edit a prompt on the Workbench page first",
    )
    if source is None:
        return
    variant = bench.variant(current, source)
    try:
        inputs = state.kept("inputs", {})
        texts = texts_of(cached.dataflow(state.dataflow_name()), variant, versions, inputs)
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}", 400), icon=":material/error:")
        return
    kept_text("Why this version exists", _REASON, _PLACE, placeholder="what is better in it")
    kept_text("Author", WHO, _PLACE)
    sha256 = texts_sha256(texts)
    same = next((own.number for own in view.versions if own.sha256 == sha256 and not own.model), None)
    if same:
        st.info(f"v{same} of the store has just these texts: there is nothing to add.", icon=":material/info:")
    st.button(
        "Add to the store",
        icon=":material/add:",
        type="primary",
        key="add-version",
        disabled=bool(same),
        on_click=_add,
        args=(texts, _origin(variant, versions[variant.base])),
    )
    problem_at(_PLACE)
    with st.expander("Texts as they are stored", key="store-texts-to-add"):
        st.caption("Parameters are filled with the values of the Workbench page; slots stay.")
        for name, text in texts.items():
            st.caption(markup.plain_label(readable_prompt(name)))
            st.code(text, language=None, wrap_lines=True)


def _origin(variant: Variant, base: Version) -> str:
    """Where texts come from, for people: the file and the first digits of its hash; of a draft, of what it is one."""
    file = Path(base.path)
    known = base.path and file.is_relative_to(settings.project())
    place = file.relative_to(settings.project()).as_posix() if known else base.label
    origin = f"{place} {base.sha256[:12]}" if base.origin != "store" else base.label
    return f"a draft of {origin}" if variant.templates else origin


def _add(texts: dict[str, str], origin: str) -> None:
    def change() -> str:
        reason, author = state.kept(_REASON, ""), state.person()
        added = store_changes.add_version(state.dataflow_name(), texts, reason=reason, author=author, source=origin)
        return f"v{added.number} is stored." if added.is_new else f"v{added.number} has just these texts already."

    if attempt(_PLACE, change):
        state.keep(_REASON, "")

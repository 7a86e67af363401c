"""Import: prompts out of a file of another tool or of your own code, opened as a draft. Nothing in it is run."""

import streamlit as st

from pages.shared import markup, shell, state
from pages.shared.bench_versions import bench_versions
from pages.shared.import_choice import import_choice, refusals
from workbench.errors import WorkbenchError
from workbench.importing.reading import read_prompts_file

shell.guard()

_ENDINGS = ["py", "txt", "md", "j2", "jinja", "jinja2", "njk", "mustache", "hbs", "yaml", "yml", "prompty"]

versions = bench_versions()

left, right = st.columns([2, 5], gap="medium")
with left, st.container(border=True, key="import-form"):
    uploaded = st.file_uploader(
        "File",
        type=_ENDINGS,
        key="import-file",
        help="Python, str.format text, Jinja or Nunjucks, mustache, a promptfoo configuration, or .prompty.",
    )
    base = st.selectbox("Draft of", list(versions)[::-1], key="import-base", persist_state="session")
    st.caption("The draft begins as this version; the prompts you choose take the place of its own.")

with right:
    if draft := state.passing("imported"):
        st.success(f"`{draft}` stands on the Workbench page.", icon=":material/check_circle:")
        st.page_link("pages/compare.py", label="Open the Workbench", icon=":material/compare:")
    if uploaded is None:
        sentence = (
            "Drop a file with prompts at the left. It is read, never run; what can't be said here is refused by line."
        )
        st.html(markup.empty_html(sentence, ()))
        st.stop()
    try:
        found = read_prompts_file(uploaded.name, uploaded.getvalue())
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
        st.stop()
    for note in found.notes:
        st.caption(markup.plain_label(note, 300))
    refusals(found)
    import_choice(found, versions[base], versions)

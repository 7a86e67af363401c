"""The proof of an export, and the ways to take it along once it is there."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.shared import cached, markup, state
from workbench.cases.record import record_path
from workbench.errors import WorkbenchError
from workbench.export.delivery import Delivered, branch_prefix, deliver_branch, write_offer
from workbench.export.module_file import ExportFile
from workbench.export.offer import draw
from workbench.export.offers import Proving
from workbench.export.proof_lines import ProofLine
from workbench.export.request import ExportRequest, Offer

_POLL_SECONDS = 0.4


def proof_and_ways(request: ExportRequest, number: int, file: ExportFile, fine: bool) -> Offer | None:
    """Show the proof as it comes, and what can be done with the file; the offer once it is proved."""
    proving = cached.offers().find(request, number, file) if fine else None
    with st.container(border=True, key="export-proof"):
        if proving and proving.live:
            _wait(request, number, file)
        elif proving and proving.error:
            words = f"{proving.error.message}. {proving.error.hint}".strip()
            st.error(markup.plain_label(words, 600), icon=":material/error:")
        elif proving and proving.made:
            _lines(proving.made.proof)
        _ways(request, number, proving or Proving())
    return proving.made if proving else None


@st.fragment(run_every=_POLL_SECONDS)
def _wait(request: ExportRequest, number: int, file: ExportFile) -> None:
    st.html(markup.status_html("Proving it in a fresh process", "running"))
    if not cached.offers().find(request, number, file).live:
        st.rerun()  # the whole page, without polling


def _lines(proof: tuple[ProofLine, ...]) -> None:
    st.html(markup.proof_html([(line.claim, line.detail, line.ok) for line in proof]))


def _ways(request: ExportRequest, number: int, proving: Proving) -> None:
    made, patch = proving.made, proving.patch
    name = f"prompts_v{number}.py"
    st.button(
        f"Make branch {branch_prefix(request.dataflow)}{number}",
        type="primary",
        icon=":material/call_split:",
        width="stretch",
        disabled=not made,
        key="make-branch",
        help="One commit with just these files on top of HEAD. Your checkout stays as it is, and nothing is pushed.",
        on_click=_do,
        args=(partial(_branch, request, made),),
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Write {name}",
            icon=":material/edit_document:",
            disabled=not made,
            key="write",
            help="Into your checkout, beside the other versions.",
            on_click=_do,
            args=(partial(_write, request, made),),
        )
        st.download_button(
            name,
            made.file.source.encode() if made else b"",
            name,
            "text/x-python",
            icon=":material/download:",
            on_click="ignore",
            disabled=not made,
            key="download-module",
        )
        st.download_button(
            f"v{number}.patch",
            patch or b"",
            f"v{number}.patch",
            "text/x-patch",
            icon=":material/download:",
            on_click="ignore",
            disabled=not patch,
            key="download-patch",
            help="For `git am`. It needs a git repository with a commit, and your name in git's settings.",
        )


def _do(work: Callable[[], tuple[str, object]]) -> None:
    try:
        state.pass_on("export", work())
    except WorkbenchError as error:
        words = f"{error.message}. {error.hint}".replace("..", ".").strip()
        state.pass_on("export", ("error", words))


def _branch(request: ExportRequest, made: Offer | None) -> tuple[str, object]:
    return "branch", deliver_branch(request, made)


def _write(request: ExportRequest, made: Offer | None) -> tuple[str, object]:
    paths = [path.relative_to(request.root).as_posix() for path in write_offer(request, made)] if made else []
    return "written", f"{', '.join(paths)} {'is' if len(paths) == 1 else 'are'} written, as proved."


def delivered_offer(request: ExportRequest) -> Offer | None:
    """What stands on a branch already and would be exported again just so; None when something was changed since."""
    match state.passing("export"):
        case ("branch", Delivered() as done):
            try:
                same = draw(request, done.offer.number).source == done.offer.file.source
            except WorkbenchError:
                return None
            has_cases = record_path(request.dataflow, done.offer.label) in done.offer.files
            return done.offer if same and request.with_cases == has_cases else None
    return None


def delivered() -> None:
    """What the last way gave, until another variant is chosen."""
    match state.passing("export"):
        case ("branch", Delivered() as done):
            with st.container(border=True, key="delivered"):
                _lines(done.offer.proof)
                st.success(
                    f"Branch `{done.shipped.branch}` is made. Nothing is pushed.", icon=":material/check_circle:"
                )
                st.caption("Push it, then open the pull request:")
                st.code(done.push_command, language="bash", wrap_lines=True)
                st.code(done.command, language="bash", wrap_lines=True)
                if done.url:
                    st.link_button("Open the pull request in a browser", done.url, icon=":material/open_in_new:")
        case ("written", str(message)):
            st.success(markup.plain_label(message, 400), icon=":material/check_circle:")
        case ("error", str(message)):
            st.error(markup.plain_label(message, 600), icon=":material/error:")

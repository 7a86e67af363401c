"""Sessions of the app without a browser, and what they show."""

import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.shared import cached
from pages.shared.experiments import SLOT
from tests.conftest import CHUNK_TOKENS, document_of, until
from tests.endpoint import FakeEndpoint
from workbench import settings
from workbench.documents.reading_jobs import ReadingJob
from workbench.documents.store import keep_document
from workbench.records import Experiment
from workbench.state import bench
from workbench.state.experiments import Experiments
from workbench.state.processes import Processes
from workbench.state.record_json import to_json
from workbench.state.workspaces import Workspaces, new_workspace

DATAFLOW = "summarization"

# Each new session would look through all installed packages for components again, which takes longer than its page.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def place(name: str) -> str:
    """Under which name a workspace keeps what belongs to the dataflow on the bench."""
    return f"{DATAFLOW}:{name}"


class Desk:
    """One person's workspace on disk, and the sessions opened in it.

    A browser's cookie names its workspace; AppTest has no cookies, so a session is given what the cookie would lead to.
    """

    def __init__(self, home: Path, endpoint: FakeEndpoint) -> None:
        self.home = home
        self.endpoint = endpoint
        self.id = new_workspace()

    def open(self, page: str = "") -> AppTest:
        """A new session on a page, "pages/export.py" for example."""
        app = AppTest.from_file(str(settings.ROOT / "app.py"), default_timeout=30)
        app.session_state["workspace"] = self.id
        app.session_state["kept"] = Workspaces(self.home / "workbench.db").read(self.id)
        app.run()
        return app.switch_page(page).run() if page else app

    def lay_draft(self, base: str, templates: Mapping[str, str]) -> None:
        """Put a draft of a version in that version's column."""
        laid = bench.first_bench(cached.versions(DATAFLOW))
        rest = [label for label in laid.labels if label != base]
        self._keep(place("bench"), to_json(bench.add_draft(bench.choose(laid, rest), base, templates)))

    def lay_document(self, topic: str = "gardens", chunks: int = 1) -> None:
        """Put a document of so many chunks on the bench, as if it had been read before."""
        document = document_of(chunks, topic)
        keep_document(document, self.home)
        self._keep("document", {"sha256": document.sha256, "name": document.name})
        if chunks > 1:
            self._keep(place("numbers-remote"), {"max_chunk_tokens": CHUNK_TOKENS})

    def keep_experiment(self, experiment: Experiment) -> None:
        """Keep an experiment as the last one of this workspace, as if it had been run before."""
        cached.experiments().save(self.id, experiment)
        self._keep(place("experiment"), experiment.id)

    def upload(self, app: AppTest, name: str, pdf: bytes) -> AppTest:
        """Drop a PDF; its reading has begun when this returns."""
        return app.file_uploader[0].upload(name, pdf, "application/pdf").run()

    def bring(self, app: AppTest, name: str, pdf: bytes) -> AppTest:
        """Upload a PDF, and look again once it is read and its chunks are counted, or it is refused."""
        self.upload(app, name, pdf)
        job = self.reading(app)
        assert job is None or job.wait(20)
        assert until(lambda: " chunk" in shown(app.run()) or bool(app.error))
        return app

    def reading(self, app: AppTest) -> ReadingJob | None:
        """The reading that a session waits for."""
        waits_for = app.session_state["kept"].get("reading")
        return cached.readings().find(waits_for["identity"]) if waits_for else None

    def run_to_the_end(self, app: AppTest, slot: str = SLOT) -> AppTest:
        """Press Run, wait until the threads are through, and look again."""
        app.button(key="run").click().run()
        return self.wait(app, slot)

    def wait(self, app: AppTest, slot: str = SLOT) -> AppTest:
        """Look again once the experiment's threads are gone, the last of which kept it on disk."""
        job = cached.jobs().find(app.session_state["kept"][place(slot)])
        assert job and job.wait(20)
        for thread in threading.enumerate():
            if thread.name == f"run-{job.id[:8]}":
                thread.join(20)
        return app.run()

    def kept_experiment(self, slot: str = SLOT) -> Experiment | None:
        """The last experiment as it is on disk."""
        kept = Workspaces(self.home / "workbench.db").read(self.id)
        return Experiments(self.home / "workbench.db", Processes(self.home)).load(self.id, kept[place(slot)])

    def forget_all(self) -> None:
        """Lose what the process holds in memory, as a restart does."""
        cached.pool().close()
        st.cache_resource.clear()
        st.cache_data.clear()

    def _keep(self, name: str, value: Any) -> None:
        Workspaces(self.home / "workbench.db").write(self.id, name, value)


def shown(app: AppTest) -> str:
    """All HTML, captions, texts and messages of a page in one string; no exception is among them."""
    assert not app.exception
    parts = [*app.html, *app.caption, *app.text, *app.info, *app.error, *app.success, *app.toast]
    return "\n".join(str(part.value) for part in parts)


def component(app: AppTest, name: str) -> list[dict[str, Any]]:
    """What the components of this name were given, in the order of the page."""
    found = [own for own in app.get("bidi_component") if own.proto.component_name == name]
    return [json.loads(own.proto.json) for own in found]


def chosen(app: AppTest) -> list[str]:
    """The labels of the variants that stand in the columns, by the pills that choose them."""
    return list(variants(app).value)


def variants(app: AppTest) -> Any:
    """The pills that choose the variants."""
    return next(group for group in app.button_group if group.label == "Variants")

"""A workspace to open sessions in, as a fixture; a test file has it by pytest_plugins."""

import logging
from collections.abc import Iterator

import pytest
import streamlit as st

from tests.endpoint import FakeEndpoint
from tests.pages import Desk


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Iterator[Desk]:
    """A new workspace whose model is an endpoint of our own."""
    filters = {handler: list(handler.filters) for handler in logging.root.handlers}
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    monkeypatch.setenv("WORKBENCH_MODEL", "fake")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with FakeEndpoint() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        st.cache_resource.clear()
        st.cache_data.clear()
        desk = Desk(tmp_path, endpoint)
        yield desk
        desk.forget_all()
    for handler, own in filters.items():  # the app redacts the logs of its process, which is pytest's here
        handler.filters[:] = own

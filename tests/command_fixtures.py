"""The comparison on the command line, for tests that ask for it."""

import pytest

from tests.commands import PAGES
from tests.pdfs import text_pdf
from workbench.command_line import main


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "pets.pdf").write_bytes(text_pdf(PAGES))
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs any command in this process: its exit code, standard output and error."""

    def command(*arguments):
        capsys.readouterr()
        return main([*arguments]), *capsys.readouterr()

    return command


@pytest.fixture
def called(bench, monkeypatch, capsys):
    """As tests.commands.compared(), in this process, which is faster."""
    monkeypatch.chdir(bench)
    monkeypatch.setenv("WORKBENCH_HOME", str(bench / "home"))
    monkeypatch.setenv("WORKBENCH_MODEL", "fake")

    def call(server, *arguments):
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        try:
            code = main(["compare", *arguments])
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return call

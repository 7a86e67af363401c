import os
import shlex
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.git.commands import ask_git, run_git
from workbench.git.failures import GitError, failure_of, shown

pytest_plugins = ["tests.git_fixtures"]
pytestmark = pytest.mark.usefixtures("no_settings")


def fails(call):
    """The error that a call ends with."""
    with pytest.raises(GitError) as caught:
        call()
    return caught.value


def put_git(folder, script):
    """A program called git."""
    folder.mkdir()
    program = folder / "git"
    program.write_text(script)
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_without_git_the_error_says_so(tmp_path, monkeypatch, path):
    """An empty PATH and one without git end in a plain sentence that leaves the download open."""
    monkeypatch.setenv("PATH", path)

    error = fails(lambda: run_git(tmp_path, "version"))

    assert (error.kind, "download" in error.hint) == ("no git", True)


def test_a_git_that_does_not_start_is_no_git(tmp_path, monkeypatch):
    """A program whose interpreter is missing counts as none."""
    monkeypatch.setenv("PATH", str(put_git(tmp_path / "bin", "#!/nowhere/at/all\n")))

    assert fails(lambda: run_git(tmp_path, "version")).kind == "no git"


def test_a_slow_git_is_ended_with_all_it_started(tmp_path, monkeypatch):
    """After the limit the error says timeout, and not even a grandchild that holds the output is waited for."""
    trace = tmp_path / "trace"
    script = f"#!/bin/sh\n(sleep 1; touch {shlex.quote(str(trace))}) &\nwait\n"
    monkeypatch.setenv("PATH", f"{put_git(tmp_path / 'bin', script)}{os.pathsep}{os.environ['PATH']}")
    start = time.monotonic()

    error = fails(lambda: run_git(tmp_path, "status", seconds_limit=0.2))

    assert (error.kind, error.message) == ("timeout", "git status took longer than 0.2 seconds.")
    assert time.monotonic() - start < 0.9
    while time.monotonic() - start < 1.4:
        time.sleep(0.05)
    assert not trace.exists()


def test_git_runs_with_a_small_environment(tmp_path, monkeypatch):
    """Variables that lead to another repository, hold keys, ask questions or start programs do not reach git."""
    unwanted = [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_SSH_COMMAND",
        "GIT_CONFIG_COUNT",
        "GIT_EXTERNAL_DIFF",
    ]
    for name in [*unwanted, "OPENAI_API_KEY", "LANGUAGE", "GIT_TRACE", "GIT_PAGER", "PREFIX_OF_MINE"]:
        monkeypatch.setenv(name, "unwanted")
    monkeypatch.setenv("PATH", f"{put_git(tmp_path / 'bin', '#!/bin/sh' + chr(10) + 'env' + chr(10))}:/usr/bin:/bin")

    lines = run_git(tmp_path, "version").decode().splitlines()

    assert not [line for line in lines if "unwanted" in line]
    assert {"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C"} <= set(lines)


def test_a_hook_s_variables_do_not_lead_to_another_repository(tmp_path, scratch, monkeypatch):
    """Started from a hook of one repository, the other one is still the one that is asked."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))

    assert run_git(scratch.root, "rev-parse", "--git-dir") == b".git\n"


def test_a_no_is_none(scratch):
    """ask_git tells a no from a failure."""
    scratch.git("checkout", "-q", "--detach")

    assert ask_git(scratch.root, "symbolic-ref", "--quiet", "HEAD") is None
    assert fails(lambda: ask_git(scratch.root, "symbolic-ref", "--nonsense")).kind == "git"


@pytest.mark.parametrize("word", ["\0", "\ud800"])
def test_a_name_that_no_process_can_be_given_is_refused(scratch, word):
    """NUL and lone surrogates end in an error, not in a crash."""
    assert fails(lambda: run_git(scratch.root, "show", word)).kind == "git"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_not_used(scratch):
    """git's distrust is told with the line that ends it."""
    for path in [scratch.root, scratch.root / ".git"]:
        os.chown(path, 12345, 12345)

    error = fails(lambda: scratch.of())

    assert (error.kind, str(scratch.root) in error.message) == ("unsafe owner", True)
    assert f"git config --global --add safe.directory {scratch.root}" in error.hint


@pytest.mark.parametrize(
    ("command", "words", "kind"),
    [
        ("rev-parse", "fatal: not a git repository (or any of the parent directories): .git", "no repository"),
        ("rev-parse", "fatal: this operation must be run in a work tree", "no repository"),
        ("rev-parse", "fatal: cannot change to '/x': No such file or directory", "no repository"),
        ("var", "*** Please tell me who you are.\n\nfatal: unable to auto-detect email address", "no identity"),
        ("var", "fatal: no email was given and auto-detection is disabled", "no identity"),
        ("var", "fatal: empty ident name (for <a@b>) not allowed", "no identity"),
        ("commit-tree", "fatal: name consists only of disallowed characters: <>", "no identity"),
        ("hash-object", "error: insufficient permission for adding an object to repository database", "read-only"),
        ("hash-object", "error: unable to create temporary file: Read-only file system", "read-only"),
        (
            "update-ref",
            "fatal: cannot lock ref 'refs/heads/a': Unable to create '/r/.git/refs/heads/a.lock': Permission denied",
            "read-only",
        ),
        ("cat-file", "fatal: failed to open: Permission denied", "git"),
        ("update-ref", "fatal: cannot lock ref 'refs/heads/a': reference already exists", "taken"),
        (
            "update-ref",
            "fatal: cannot lock ref 'refs/heads/a': Unable to create '/r/refs/heads/a.lock': File exists.\n\nAnother",
            "taken",
        ),
        (
            "update-ref",
            "fatal: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'",
            "git",
        ),
        ("status", "fatal: detected dubious ownership in repository at '/a b'\nTo add an exception", "unsafe owner"),
        ("hash-object", "error: No space left on device", "git"),
        ("status", "", "git"),
    ],
)
def test_git_s_words_become_kinds(tmp_path, command, words, kind):
    """What git writes, as copied from it, is told apart; each has a sentence and a way out."""
    error = failure_of(command, words, tmp_path)

    assert error.kind == kind
    assert error.message.endswith(".")
    assert error.hint.endswith(".")


def test_what_is_not_known_is_shown_in_git_s_words(tmp_path):
    """The words are one bounded line without control characters and passwords."""
    words = "fatal: \x1b[31munable to access 'https://ada:secret@host/x'\n\tbecause\n" + "x" * 5000

    message = failure_of("fetch", words, tmp_path).message

    assert message.startswith("git fetch failed: fatal: ?[31munable to access 'https://host/x' because xxx")
    assert len(message) < 310


@given(st.text(), st.sampled_from(["update-ref", "status"]))
def test_any_words_become_an_error(tmp_path_factory, words, command):
    """No output of git's breaks the reading of it, and its braces are not filled."""
    error = failure_of(command, words, tmp_path_factory.getbasetemp())

    assert error.message.isprintable()


@pytest.mark.parametrize("text", ["://" * 100_000, "://" + "a" * 300_000, "cannot lock ref '" * 20_000])
def test_long_words_take_no_time(tmp_path, text):
    """Texts made to be slow to search are not."""
    start = time.perf_counter()

    failure_of("update-ref", text, tmp_path)

    assert time.perf_counter() - start < 1
    assert len(shown("a" * 1000)) == 300

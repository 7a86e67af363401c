"""The log of a few paths, read from real repositories."""

import os

import pytest

from tests.git_scratch import FOLDER
from workbench.git.failures import GitError
from workbench.git.log import contents, read_log
from workbench.git.repository import Repository

pytest_plugins = ["tests.git_fixtures"]

CURRENT = f"{FOLDER}/current.py"


def commit(scratch, subject, at=0, author="", **files):
    """A commit of these files (name in the prompts folder -> content, None: deleted), at this second."""
    for name, content in files.items():
        path = f"{FOLDER}/{name}.py"
        if content is None:
            (scratch.root / path).unlink()
        else:
            scratch.write(path, content)
    scratch.git("add", "-A")
    when = ["-c", f"user.name={author or 'Ada'}"]
    os.environ["GIT_COMMITTER_DATE"] = f"{at or 1_700_000_000} +0000"
    try:
        scratch.git(*when, "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", subject)
    finally:
        del os.environ["GIT_COMMITTER_DATE"]
    return scratch.git("rev-parse", "HEAD").strip()


def test_a_commit_is_told_with_what_it_did_to_each_file(scratch):
    """Id, time, author, subject and the files that were added, changed and deleted, the newest commit first."""
    first = scratch.git("rev-parse", "HEAD").strip()
    sha = commit(scratch, "Shorten", 1_700_000_100, "Grace", prompts_v1=None, prompts_v2=b"2", prompts_v3=b"3")

    newest, oldest = read_log(scratch.of(), [FOLDER]).commits

    assert (newest.sha, newest.at, newest.author, newest.subject) == (sha, 1_700_000_100.0, "Grace", "Shorten")
    changes = {change.path.removeprefix(f"{FOLDER}/"): change.status for change in newest.files}
    assert changes == {"prompts_v1.py": "D", "prompts_v2.py": "M", "prompts_v3.py": "A"}
    assert oldest.sha == first
    assert [change.path for change in oldest.files] == [f"{FOLDER}/prompts_v1.py", f"{FOLDER}/prompts_v2.py"]


def test_commits_that_touch_other_paths_are_left_out(scratch):
    """Only what is below one of the paths counts; a folder that has the same beginning is another one."""
    scratch.commit("README2.md", f"{FOLDER}-old/prompts_v1.py")

    log = read_log(scratch.of(), [FOLDER])

    assert len(log.commits) == 1
    assert len(read_log(scratch.of(), [FOLDER, "README2.md"]).commits) == 2


def test_paths_are_given_and_told_from_the_project_folder(scratch):
    """In a project below the repository's top, its own folder is where paths begin."""
    scratch.commit("packages/app/prompts/a/prompts_v1.py")

    (told,) = read_log(scratch.of("packages/app"), ["prompts/a"]).commits

    assert [change.path for change in told.files] == ["prompts/a/prompts_v1.py"]


@pytest.mark.parametrize(
    "subject",
    [
        ":100644 100644 0 0 M",
        "a" * 40,
        "<script>alert(1)</script> [x](javascript:1) \x1b[31m \u202e",
        "$(touch x) `y` %H %x00",
        "--all",
        "雨",
    ],
)
def test_a_subject_is_told_as_it_was_written(scratch, subject):
    """Whatever stands in it: nothing of it is taken for a part of the log."""
    commit(scratch, subject, author="A <b> :x", prompts_v3=b"3")

    newest, oldest = read_log(scratch.of(), [FOLDER]).commits

    assert newest.subject == subject
    assert [change.status for change in newest.files] == ["A"]
    assert len(oldest.files) == 2


def test_a_name_of_any_bytes_is_told(scratch):
    """A file whose name has a line break, a colon and no UTF-8 is one file."""
    name = os.fsdecode(b":a\nb\xff.py")
    scratch.write(f"{FOLDER}/{name}", b"x")
    scratch.commit()

    newest = read_log(scratch.of(), [FOLDER]).commits[0]

    assert [change.path for change in newest.files] == [f"{FOLDER}/{name}"]


def test_a_log_is_cut_and_says_so(scratch):
    """At most as many commits as asked for, the newest; until gives the older ones."""
    for number in range(3):
        commit(scratch, f"n{number}", 1_900_000_000 + number, prompts_v3=str(number).encode())

    log = read_log(scratch.of(), [FOLDER], most=2)
    older = read_log(scratch.of(), [FOLDER], most=2, until=1_900_000_001)

    assert [own.subject for own in log.commits] == ["n2", "n1"]
    assert log.is_cut
    assert [own.subject for own in older.commits] == ["n1", "n0"]
    assert not read_log(scratch.of(), [FOLDER], most=4).is_cut


def test_a_merge_that_changes_nothing_more_is_left_out(scratch):
    """The commits of the merged branch are told, the merge itself only where it decided something."""
    scratch.git("checkout", "-q", "-b", "side")
    commit(scratch, "on the side", prompts_v3=b"3")
    scratch.git("checkout", "-q", "main")
    commit(scratch, "on main", prompts_v4=b"4")
    scratch.git("merge", "-q", "--no-ff", "-m", "merged", "side")

    subjects = {own.subject for own in read_log(scratch.of(), [FOLDER]).commits}

    assert {"on main", "on the side"} < subjects
    assert "merged" not in subjects


def test_what_a_merge_decided_itself_is_told(scratch):
    """A file that is as on neither branch was changed by the merge; before is the branch it was made on."""
    scratch.git("checkout", "-q", "-b", "side")
    commit(scratch, "on the side", current=b"side")
    scratch.git("checkout", "-q", "main")
    commit(scratch, "on main", current=b"main")
    scratch.git("merge", "-q", "--no-ff", "-s", "ours", "--no-commit", "side")
    commit(scratch, "merged", 1_900_000_000, current=b"both")

    (merge, *_) = read_log(scratch.of(), [FOLDER]).commits

    (change,) = merge.files
    found = contents(scratch.of(), [change.before, change.after])
    assert (merge.subject, change.path, change.status) == ("merged", CURRENT, "M")
    assert (found[change.before], found[change.after]) == (b"main", b"both")


def test_a_shallow_clone_says_where_it_begins(scratch, tmp_path):
    """Its first commit would look as if it had added everything; its files are left out and the log says why."""
    commit(scratch, "later", prompts_v3=b"3")
    scratch.git("clone", "-q", "--depth=1", f"file://{scratch.root}", str(tmp_path / "clone"))

    log = read_log(Repository.of(tmp_path / "clone"), [FOLDER])

    assert log.is_shallow
    assert [(own.subject, own.is_edge, own.files) for own in log.commits] == [("later", True, ())]
    assert not read_log(scratch.of(), [FOLDER]).is_shallow


def test_a_repository_without_a_commit_is_an_error_of_its_own(empty):
    """It is told apart from other failures."""
    with pytest.raises(GitError) as caught:
        read_log(empty.of(), [FOLDER])

    assert caught.value.kind == "empty repository"


def test_no_program_of_a_repository_is_run(scratch, tmp_path):
    """A repository's own settings can name programs that git would start to show signatures or differences."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    program.chmod(0o755)
    for name in ("gpg.program", "diff.external", "core.pager", "diff.x.textconv"):
        scratch.git("config", name, str(program))
    scratch.git("config", "log.showSignature", "true")
    (scratch.root / ".gitattributes").write_text("*.py diff=x\n")
    tree = scratch.git("rev-parse", "HEAD^{tree}").strip()
    signed = (
        f"tree {tree}\nauthor A <a@b> 1700000000 +0000\ncommitter A <a@b> 1700000000 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nsigned\n"
    )
    scratch.write("signed", signed.encode())
    scratch.git("reset", "-q", "--soft", scratch.git("hash-object", "-t", "commit", "-w", "signed").strip())

    log = read_log(scratch.of(), [FOLDER])

    assert [own.subject for own in log.commits] == ["signed"]
    assert not (tmp_path / "ran").exists()


def test_contents_are_as_they_were_committed(scratch):
    """Of each id once; what is too large, or no file, is left out."""
    commit(scratch, "one", current=b"\0one\n\n")
    commit(scratch, "two", current=b"two")
    commit(scratch, "three", current=b"x" * 100_001)
    commits = read_log(scratch.of(), [CURRENT]).commits
    ids = [own for each in commits for change in each.files for own in (change.before, change.after)]
    tree = scratch.git("rev-parse", "HEAD^{tree}").strip()

    found = contents(scratch.of(), [*ids, tree, "0" * 39 + "1"])

    assert sorted(found.values()) == [b"\0one\n\n", b"two"]
    assert contents(scratch.of(), []) == {}

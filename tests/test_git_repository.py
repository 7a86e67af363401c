import os

import pytest

from tests.git_scratch import FOLDER, Scratch
from workbench.git.failures import GitError
from workbench.git.repository import Head, Repository
from workbench.git.trees import names_in_trees

pytest_plugins = ["tests.git_fixtures"]
pytestmark = pytest.mark.usefixtures("no_settings")


def kind_of(call):
    """The kind of error that a call ends with."""
    with pytest.raises(GitError) as caught:
        call()
    assert caught.value.message
    assert caught.value.hint
    return caught.value.kind


def test_head_is_a_branch_or_a_commit(scratch):
    """head gives the id and the branch's whole name; detached there is no branch."""
    sha = scratch.git("rev-parse", "HEAD").strip()
    scratch.git("checkout", "-q", "-b", "people/ada/new")

    on_branch = scratch.of().head()
    scratch.git("checkout", "-q", "--detach")
    detached = scratch.of().head()

    assert on_branch == Head(sha, "people/ada/new")
    assert detached == Head(sha, None)


def test_an_empty_repository_has_no_head(empty):
    """Before the first commit, head says that there is none."""
    assert kind_of(empty.of().head) == "empty repository"
    assert kind_of(lambda: empty.of().read("HEAD", "a")) == "empty repository"
    assert empty.of().default_branch() == "main"


@pytest.mark.parametrize("where", ["plain", "missing", "bare", "inside"])
def test_where_no_checkout_is_there_is_no_repository(tmp_path, scratch, where):
    """A plain folder, a missing one, a bare repository and the inside of .git are none."""
    folders = {name: tmp_path / name for name in ("plain", "missing", "bare")} | {"inside": scratch.root / ".git"}
    folders["plain"].mkdir()
    scratch.git("init", "-q", "--bare", str(folders["bare"]))

    assert kind_of(lambda: Repository.of(folders[where])) == "no repository"


@pytest.mark.parametrize("change", ["tracked", "staged", "untracked", "untracked hidden by settings", "deleted"])
def test_each_kind_of_change_makes_it_dirty(scratch, change):
    """What is changed, staged, new or gone makes a clean checkout dirty."""
    clean = scratch.of().is_dirty()
    if "untracked" in change:
        scratch.write("new")
    elif change == "deleted":
        (scratch.root / "README.md").unlink()
    else:
        scratch.write("README.md", b"other")
    if change == "staged":
        scratch.git("add", "-A")
    if "settings" in change:
        scratch.git("config", "status.showUntrackedFiles", "no")

    dirty = scratch.of().is_dirty()

    assert (clean, dirty) == (False, True)


def test_ignored_files_are_no_change(scratch):
    """A file that .gitignore names leaves the checkout clean and unchanged."""
    scratch.write(".gitignore", b"*.log\n")
    scratch.commit()
    scratch.write("prompts/a.log")

    repository = scratch.of()

    assert not repository.is_dirty()
    assert repository.changed("HEAD", ["prompts"]) == []


def test_reading_writes_nothing_not_even_a_fresher_index(scratch):
    """After all questions, index and checkout are as before, though the index has an old time of a file."""
    os.utime(scratch.root / "README.md", (1, 1))
    scratch.write("new")
    before = scratch.state()
    repository = scratch.of()

    dirty = repository.is_dirty()
    changed = repository.changed("HEAD", [""])
    repository.files("HEAD", "")
    repository.default_branch()

    assert (dirty, changed) == (True, ["new"])
    assert scratch.state() == before


def test_files_come_as_they_were_committed(scratch):
    """read gives bytes of the commit, whatever line ends git would make of them and whatever stands there now."""
    content = b"one\r\ntwo\x00\xff\n"
    scratch.git("config", "core.autocrlf", "false")
    scratch.write("a file", content)
    scratch.commit()
    scratch.git("config", "core.autocrlf", "true")
    scratch.write("a file", b"now other")

    assert scratch.of().read("HEAD", "a file") == content
    assert scratch.of().read("main~1", "a file") is None


@pytest.mark.parametrize(
    "path", ["missing", "prompts", "link", "*", ":(top)README.md", ":/README.md", "README.md/", ""]
)
def test_what_is_no_file_reads_as_none(scratch, path):
    """Missing names, folders, links and patterns are no files."""
    (scratch.root / "link").symlink_to("README.md")
    scratch.commit()

    assert scratch.of().read("HEAD", path) is None


def test_a_file_that_is_too_large_is_refused(scratch):
    """Above 16 MB read says so and reads nothing."""
    scratch.write("large", b"\0" * 16_000_001)
    scratch.commit()

    with pytest.raises(GitError, match="large of HEAD has 16,000,001 bytes"):
        scratch.of().read("HEAD", "large")


@pytest.mark.parametrize(
    "revision",
    [
        *["", "-", "--all", "-n1", "--output=x", "^HEAD", "nowhere", "HEAD..main", "HEAD:README.md", "a b", "HEAD~99"],
        *["0" * 40, "\0", "main\0", "main\n", "\ud800", "\udcff", "@{-1}", "main@{u}", "refs/heads/main^{tree}"],
    ],
)
def test_what_names_no_commit_is_no_revision(scratch, revision):
    """Options, ranges, files, trees and unknown names are refused, and none of them reaches git as an option."""
    assert kind_of(lambda: scratch.of().read(revision, "README.md")) == "no revision"
    assert not (scratch.root / "x").exists()


@pytest.mark.parametrize("revision", ["main", "HEAD", "@", "v1", "main~0", "refs/heads/main", "HEAD^0"])
def test_what_people_write_for_a_commit_is_understood(scratch, revision):
    """Branches, tags and steps back are revisions."""
    scratch.git("tag", "-a", "v1", "-m", "one")

    assert scratch.of().read(revision, "README.md") == b"README.md"


def test_files_lists_all_below_a_folder(scratch):
    """Files of all depths, sorted by name; links are left out, as are names that only begin like the folder."""
    names = ["prompts/summarization/deep/x y.py", "prompts/summarization/\nnew\tline.py", "prompts/summarization2/a.py"]
    scratch.commit(*names)
    (scratch.root / FOLDER / "link").symlink_to("prompts_v1.py")
    scratch.commit()

    found = scratch.of().files("HEAD", FOLDER)

    assert sorted(found) == sorted([f"{FOLDER}/prompts_v1.py", f"{FOLDER}/prompts_v2.py", *names[:2]])
    assert scratch.of().files("HEAD", f"{FOLDER}/") == found
    assert scratch.of().files("HEAD", "missing") == []
    assert scratch.of().files("HEAD", "README.md") == []
    assert len(scratch.of().files("HEAD", "")) == 6


def test_names_that_are_no_utf8_come_through(scratch):
    """A name of stray bytes is listed and can be read with what the list gave."""
    (scratch.root / os.fsdecode(b"prompts/\xff\xfe.py")).write_bytes(b"content")
    scratch.commit()

    name = next(name for name in scratch.of().files("HEAD", "prompts") if "summarization" not in name)

    assert scratch.of().read("HEAD", name) == b"content"


def test_changed_is_what_this_checkout_did_since_it_left_the_base(scratch):
    """Committed, staged, changed, deleted and new files count; what the base did meanwhile does not."""
    start = scratch.git("rev-parse", "HEAD").strip()
    scratch.commit("prompts/of_main.py")
    scratch.git("checkout", "-q", "-b", "mine", start)
    scratch.commit("prompts/committed.py", "prompts/back.py")
    scratch.write("prompts/staged.py")
    scratch.git("add", "-A")
    scratch.write("prompts/new.py")
    scratch.write(f"{FOLDER}/prompts_v1.py", b"changed")
    (scratch.root / FOLDER / "prompts_v2.py").unlink()
    (scratch.root / "prompts" / "back.py").unlink()
    scratch.write("elsewhere.py")

    changed = scratch.of().changed("main", ["prompts", "missing"])

    assert changed == [
        *["prompts/committed.py", "prompts/new.py", "prompts/staged.py"],
        *[f"{FOLDER}/prompts_v1.py", f"{FOLDER}/prompts_v2.py"],
    ]


def test_a_file_with_a_new_name_is_two_changes(scratch):
    """The old name counts as well as the new one."""
    scratch.git("mv", "README.md", "prompts/new.md")

    assert scratch.of().changed("HEAD", [""]) == ["README.md", "prompts/new.md"]


def test_what_was_changed_back_is_not_changed(scratch):
    """A file that is again as in the base is left out, though the last commit has it otherwise."""
    scratch.git("checkout", "-q", "-b", "mine")
    scratch.write("README.md", b"other words")
    scratch.commit()
    scratch.write("README.md")

    assert scratch.of().changed("main", [""]) == []


def test_a_change_right_after_the_index_was_written_is_seen(scratch):
    """A file that differs in nothing but its content, its time that of the index, is looked into."""
    scratch.git("config", "core.trustctime", "false")
    file = scratch.root / "README.md"
    os.utime(file, (1_000_000_000, 1_000_000_000))
    scratch.git("update-index", "--refresh")
    scratch.write("README.md", b"readme.MD")
    for path in (file, scratch.root / ".git" / "index"):
        os.utime(path, (1_000_000_000, 1_000_000_000))

    assert scratch.of().changed("HEAD", [""]) == ["README.md"]


@pytest.mark.parametrize("folder", ["*", ":(top)", ":/", "READ*", ":!prompts"])
def test_folders_are_names_not_patterns(scratch, folder):
    """What git would take for a pattern is a name that is not there."""
    scratch.write("README.md", b"changed")
    scratch.write("new")

    assert scratch.of().changed("HEAD", [folder]) == []


def test_changed_works_while_a_merge_is_stuck(scratch):
    """Paths in conflict are listed once."""
    scratch.git("checkout", "-q", "-b", "mine")
    scratch.write("README.md", b"mine")
    scratch.commit()
    scratch.git("checkout", "-q", "main")
    scratch.write("README.md", b"theirs")
    scratch.commit()
    scratch.git("checkout", "-q", "mine")
    assert scratch.answer("merge", "main") == "code 1"

    assert scratch.of().changed("main", [""]) == ["README.md"]


def test_without_a_common_commit_nothing_can_be_compared(scratch):
    """A base with another beginning, as in a clone that was cut short, is told with the way out."""
    scratch.git("checkout", "-q", "--orphan", "other")
    scratch.commit()

    with pytest.raises(GitError, match="'main' and HEAD have no commit in common") as caught:
        scratch.of().changed("main", [""])

    assert "--unshallow" in caught.value.hint


def test_paths_are_from_the_project_folder_when_it_is_below_the_root(scratch):
    """In a monorepo all paths given and returned are the project's own, and other projects are not in sight."""
    below = "packages/my app"
    scratch.commit(f"{below}/{FOLDER}/prompts_v7.py", f"{below}/README.md")
    scratch.git("checkout", "-q", "-b", "mine")
    scratch.commit(f"{below}/prompts/a.py", "prompts/outside.py")
    scratch.write(f"{below}/new.py")
    scratch.write("README.md", b"changed outside")

    repository = scratch.of(below)

    assert (repository.root, repository.prefix) == (scratch.root, f"{below}/")
    assert repository.files("main", "prompts") == [f"{FOLDER}/prompts_v7.py"]
    assert sorted(repository.files("main", "")) == ["README.md", f"{FOLDER}/prompts_v7.py"]
    assert repository.read("HEAD", "README.md") == f"{below}/README.md".encode()
    assert repository.changed("main", ["", "prompts"]) == ["new.py", "prompts/a.py"]


def test_a_link_to_the_project_folder_leads_to_its_repository(tmp_path, scratch):
    """A folder that is reached by a link is the folder behind it."""
    (tmp_path / "link").symlink_to(scratch.root / "prompts")

    repository = Repository.of(tmp_path / "link")

    assert (repository.root, repository.prefix) == (scratch.root, "prompts/")


@pytest.mark.parametrize(
    ("remotes", "found"),
    [
        ({}, None),
        ({"upstream": "git@github.com:a/b.git"}, "git@github.com:a/b.git"),
        ({"a": "https://x/a", "origin": "https://x/o"}, "https://x/o"),
        ({"a": "https://x/a", "b": "https://x/b"}, None),
        ({"origin": "https://ada:secret@x/o"}, "https://x/o"),
        ({"origin": "gh:a/b"}, "https://github.com/a/b"),
    ],
)
def test_the_remote_is_origin_or_the_only_one(scratch, remotes, found):
    """origin goes first, one alone will do, of several others none; short forms are spelled out, passwords left out."""
    scratch.git("config", "url.https://token@github.com/.insteadOf", "gh:")
    for name, url in remotes.items():
        scratch.git("remote", "add", name, url)

    assert scratch.of().remote_url() == found


def test_the_default_branch_is_what_the_remote_says(tmp_path, scratch):
    """A clone knows the remote's own choice, were there a main too."""
    scratch.git("checkout", "-q", "-b", "release/next")
    scratch.git("clone", "-q", str(scratch.root), str(tmp_path / "clone"))
    scratch.git("branch", "main", at=tmp_path / "clone")

    assert Repository.of(tmp_path / "clone").default_branch() == "release/next"


@pytest.mark.parametrize(
    ("branches", "checked_out", "found"),
    [
        (["trunk", "master"], "trunk", "master"),
        (["main", "master"], "master", "main"),
        (["trunk"], "trunk", "trunk"),
        (["trunk"], "--detach", "main"),
    ],
)
def test_without_a_remote_the_default_branch_is_the_usual_one(scratch, branches, checked_out, found):
    """main before master before the one that is checked out."""
    scratch.git("checkout", "-q", "--detach")
    scratch.git("branch", "-D", "main")
    for branch in branches:
        scratch.git("branch", branch)
    scratch.git("checkout", "-q", checked_out)

    assert scratch.of().default_branch() == found


def test_a_repository_with_long_ids_reads_the_same(tmp_path):
    """With SHA-256 ids everything is found too."""
    scratch = Scratch(tmp_path / "long", "--object-format=sha256")
    sha = scratch.commit("README.md", f"{FOLDER}/prompts_v1.py")

    repository = scratch.of()

    assert repository.head() == Head(sha, "main")
    assert len(sha) == 64
    assert repository.read(sha[:10], "README.md") == b"README.md"
    assert repository.files("main", FOLDER) == [f"{FOLDER}/prompts_v1.py"]


def test_settings_of_the_repository_run_no_program(scratch):
    """A file watcher, a diff program and a text conversion that the settings name are not started."""
    program = scratch.write("program", b'#!/bin/sh\ntouch "$(dirname "$0")/ran"\n')
    program.chmod(0o755)
    scratch.write(".gitattributes", b"* diff=own\n")
    scratch.commit()
    for name in ("core.fsmonitor", "diff.external", "diff.own.command", "diff.own.textconv", "core.pager"):
        scratch.git("config", name, str(program))
    scratch.write("README.md", b"other")

    changed = scratch.of().changed("HEAD", [""])
    scratch.of().is_dirty()

    assert changed == ["README.md"]
    assert not (scratch.root / "ran").exists()


def test_trees_are_read_past_names_that_look_like_answers():
    """A path that was not found may look like the beginning of a tree; names may hold anything but NUL and /."""
    tree = b"100644 prompts_v1.py\0" + b"\n" * 20 + b"100644 a b\nmissing\0" + b"\0" * 20
    batch = b"HEAD:x tree 5 missing\n" + b"a" * 40 + b" tree %d\n" % len(tree) + tree + b"\nHEAD:y missing\n"

    assert list(names_in_trees(batch)) == ["prompts_v1.py", "a b\nmissing"]

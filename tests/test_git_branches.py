import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.git_scratch import FOLDER, PREFIX, Scratch
from workbench.git.branches import commit_files, commit_next, numbers_taken
from workbench.git.failures import GitError
from workbench.git.paths import refuse_unsafe_path
from workbench.settings import ROOT

pytest_plugins = ["tests.git_fixtures"]
pytestmark = pytest.mark.usefixtures("no_settings")

PATH = f"{FOLDER}/prompts_v3.py"
CONTENT = '"""v3: 要約。"""\n\n  indented \n'.encode()
CHILD = f"""
import sys
from pathlib import Path
from workbench.git.branches import commit_next
from workbench.git.repository import Repository

repository = Repository.of(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for _ in range(2):
    number, shipped = commit_next(
        repository,
        {FOLDER!r},
        {PREFIX!r},
        lambda number: {{f"{FOLDER}/prompts_v{{number}}.py": f"{{sys.argv[2]}} {{number}}".encode()}},
        lambda number: f"Add v{{number}}",
    )
    print(number, flush=True)
"""


def export(scratch, branch=f"{PREFIX}3", files=None, message="Add v3", **options):
    """One commit of one new file."""
    return commit_files(scratch.of(), branch, {PATH: CONTENT} if files is None else files, message, **options)


def refused(scratch, *arguments, **options):
    """The error that an export ends with, nothing being left behind by it."""
    before, branches = scratch.answer("status", "--porcelain", "-uall"), scratch.branches()

    with pytest.raises(GitError) as caught:
        export(scratch, *arguments, **options)

    assert scratch.branches() == branches
    assert scratch.answer("status", "--porcelain", "-uall") == before
    assert os.listdir(os.environ["TMPDIR"]) == []
    return caught.value


def read(scratch, branch, path=PATH):
    """The bytes of a file at the tip of a branch, by git itself."""
    return scratch.git("cat-file", "blob", f"{branch}:{path}").encode("utf-8", "surrogateescape")


def conflict(scratch):
    """A merge that waits for a person."""
    scratch.git("checkout", "-q", "-b", "theirs")
    scratch.write("README.md", b"theirs")
    scratch.commit()
    scratch.git("checkout", "-q", "main")
    scratch.write("README.md", b"ours")
    scratch.commit()
    assert scratch.answer("merge", "theirs") == "code 1"


def test_an_export_is_one_commit_of_exactly_these_files(scratch):
    """The branch's commit stands on HEAD, adds the file byte for byte, and is the known author's."""
    head = scratch.git("rev-parse", "HEAD").strip()

    shipped = export(scratch, message="Add v3\n\nBecause.")

    assert scratch.git("rev-parse", f"{PREFIX}3").strip() == shipped.commit
    assert scratch.git("rev-list", f"{head}..{shipped.commit}").split() == [shipped.commit]
    assert scratch.git("diff", "--name-status", "-z", head, shipped.commit).split("\0")[:-1] == ["A", PATH]
    assert scratch.git("ls-tree", shipped.commit, PATH).startswith("100644 blob")
    assert read(scratch, shipped.branch) == CONTENT
    assert scratch.git("log", "-1", "--format=%an <%ae>|%cn <%ce>|%B", shipped.commit).strip() == (
        "Ada <ada@example.org>|Ada <ada@example.org>|Add v3\n\nBecause."
    )
    assert (shipped.branch, shipped.base, shipped.paths) == (f"{PREFIX}3", head, (PATH,))
    assert shipped.identity == "Ada <ada@example.org>"


@pytest.mark.parametrize("trouble", ["clean", "dirty", "locked", "merging", "detached", "rebasing", "split", "sparse"])
def test_nothing_of_the_checkout_changes(scratch, trouble):
    """Whatever state it is in, bytes and times of index, HEAD and files are the same after an export as before."""
    if trouble == "merging":
        conflict(scratch)
    if trouble == "rebasing":
        conflict(scratch)
        scratch.git("merge", "--abort")
        assert scratch.answer("rebase", "theirs") == "code 1"
    if trouble == "detached":
        scratch.git("checkout", "-q", "--detach")
    if trouble == "split":
        scratch.git("config", "core.splitIndex", "true")
        scratch.git("update-index", "--split-index")
    if trouble == "sparse":
        scratch.git("sparse-checkout", "set", "--cone", "--sparse-index", "elsewhere")
    if trouble in ("dirty", "locked"):
        scratch.write("README.md", b"stashed")
        scratch.git("stash")
        scratch.write("README.md", b"staged")
        scratch.git("add", "-A")
        scratch.write("README.md", b"changed")
        scratch.write(PATH, b"stands in the way of nothing")
    if trouble == "locked":
        scratch.write(".git/index.lock", b"left over")
    before = scratch.state()

    shipped = export(scratch)

    assert read(scratch, shipped.branch) == CONTENT
    assert scratch.state() == before
    assert os.listdir(os.environ["TMPDIR"]) == []


def test_a_linked_worktree_exports_from_its_own_head(tmp_path, scratch):
    """There the export stands on the worktree's commit, and neither checkout changes."""
    scratch.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    scratch.commit("only_in_main")
    linked = Scratch.__new__(Scratch)
    linked.root = tmp_path / "linked"
    linked.write("new")
    before = scratch.state(), linked.state()

    shipped = export(linked)

    assert shipped.base == scratch.git("rev-parse", "side").strip()
    assert (scratch.state(), linked.state()) == before


def test_an_export_with_long_ids(tmp_path):
    """A repository with SHA-256 ids takes exports, and the number is found taken then."""
    scratch = Scratch(tmp_path / "long", "--object-format=sha256")
    scratch.commit("README.md")

    number, shipped = commit_next(scratch.of(), FOLDER, PREFIX, lambda n: {f"{FOLDER}/prompts_v{n}.py": b"x"}, str)

    assert (number, len(shipped.commit)) == (1, 64)
    scratch.git("branch", "-m", shipped.branch, "renamed")
    assert numbers_taken(scratch.of(), FOLDER, PREFIX) == {1}


def test_a_project_below_the_root_exports_its_own_paths(scratch):
    """Given and returned paths are the project's; in the commit they are below its folder."""
    scratch.git("checkout", "-q", "-b", "side")
    scratch.commit(f"packages/app/{FOLDER}/prompts_v4.py")
    scratch.git("checkout", "-q", "main")
    scratch.commit("packages/app/README.md")

    number, shipped = commit_next(
        scratch.of("packages/app"), FOLDER, PREFIX, lambda n: {f"{FOLDER}/prompts_v{n}.py": CONTENT}, str
    )

    assert (number, shipped.paths) == (5, (f"{FOLDER}/prompts_v5.py",))
    assert read(scratch, shipped.branch, f"packages/app/{FOLDER}/prompts_v5.py") == CONTENT


def test_no_hook_runs(scratch):
    """Hooks of the repository, and those of a folder that its settings name, are not started."""
    hook = b'#!/bin/sh\ntouch "$(git rev-parse --git-common-dir)/ran"\nexit 1\n'
    names = [
        "pre-commit",
        "commit-msg",
        "post-commit",
        "reference-transaction",
        "post-index-change",
        "fsmonitor-watchman",
    ]
    for name in names:
        scratch.write(f".git/hooks/{name}", hook).chmod(0o755)

    export(scratch)
    scratch.git("config", "core.hooksPath", ".git/hooks")
    export(scratch, branch="another")

    assert not (scratch.root / ".git" / "ran").exists()


def test_bytes_are_kept_whatever_git_would_make_of_them(scratch):
    """Settings and attributes for line ends, keywords and filters leave the committed bytes alone."""
    content = b"one\r\ntwo\n$Id$\x00\xff"
    scratch.write(".gitattributes", b"prompts_v3.py text eol=crlf ident filter=own working-tree-encoding=UTF-16\n")
    scratch.commit()
    scratch.git("config", "filter.own.clean", "sed s/one/other/")
    scratch.git("config", "core.autocrlf", "true")

    shipped = export(scratch, files={PATH: content, "empty": b""})

    assert read(scratch, shipped.branch) == content
    assert read(scratch, shipped.branch, "empty") == b""


def test_the_patch_gives_the_same_bytes_in_another_clone(tmp_path, scratch):
    """`git am` of the patch in a fresh clone makes the same tree, author and message, whatever the settings."""
    scratch.write("README.md", b"1\n2\n3\n4\n5\n6\n7\n")
    scratch.commit()
    unwanted = {
        "format.attach": "yes",
        "format.thread": "deep",
        "format.numbered": "true",
        "format.cc": "a@b",
        "format.coverLetter": "true",
        "format.noprefix": "true",
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.renames": "copies",
        "diff.external": "false",
        "diff.context": "0",
        "format.signOff": "true",
        "format.to": "a@b",
        "format.headers": "Organization: x\n",
        "format.subjectPrefix": "X",
        "format.outputDirectory": "/nowhere",
        "format.useAutoBase": "true",
        "format.notes": "true",
        "format.signature": "-- \nx",
        "i18n.logOutputEncoding": "UTF-16",
        "i18n.commitEncoding": "ISO-8859-1",
        "color.ui": "always",
        "log.showSignature": "true",
        "commit.gpgSign": "true",
    }
    for name, value in unwanted.items():
        scratch.git("config", name, value)
    files = {
        PATH: CONTENT,
        "binary": bytes(range(256)),
        "no end": b"a\n\n b\t",
        "empty": b"",
        "README.md": b"1\n2\n3\nfour\n5\n6\n7\n",
    }
    message = "Füge v3 hinzu\n\nWhy: 要約\n"
    scratch.git("clone", "-q", str(scratch.root), str(tmp_path / "clone"))
    for name in ("user.name", "user.email"):
        scratch.git("config", name, "Bob", at=tmp_path / "clone")

    shipped = export(scratch, files=files, message=message)
    (tmp_path / "patch").write_bytes(shipped.patch)
    scratch.git("am", "-q", str(tmp_path / "patch"), at=tmp_path / "clone")

    assert scratch.git("rev-parse", "HEAD^{tree}", at=tmp_path / "clone") == scratch.git(
        "rev-parse", f"{shipped.commit}^{{tree}}"
    )
    assert (
        scratch.git("log", "-1", "--encoding=UTF-8", "--format=%an %B", at=tmp_path / "clone").strip()
        == f"Ada {message}".strip()
    )
    headers, _, rest = shipped.patch.decode().partition("\n\n")
    assert [line.partition(" ")[0] for line in headers.splitlines() if not line.startswith(" ")] == [
        *["From", "From:", "Date:", "Subject:", "MIME-Version:", "Content-Type:", "Content-Transfer-Encoding:"]
    ]
    assert "Subject: [PATCH] =?" in headers
    assert "\n 3\n-4\n+four\n 5\n" in rest
    assert "\n-- \n" not in rest


@pytest.mark.parametrize(
    "line",
    [
        "---",
        "diff --git a/evil b/evil\nnew file mode 100644\n--- /dev/null\n+++ b/evil\n@@ -0,0 +1 @@\n+evil\n",
        "Index: evil\n--- /dev/null\n+++ evil\n@@ -0,0 +1 @@\n+evil\n",
        "From: Eve <eve@example.org>",
        "from: Eve <eve@example.org>",
        "Subject: other",
        "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: Eve <e@e>\nSubject: other",
        "\r---\rdiff --git a/evil b/evil",
        ">From here",
    ],
)
def test_no_message_changes_what_a_patch_does(tmp_path, scratch, line):
    """Words that `git am` takes for an end, a header, a mail or a change stay words, and what follows them is kept."""
    scratch.git("clone", "-q", str(scratch.root), str(tmp_path / "clone"))
    for name in ("user.name", "user.email"):
        scratch.git("config", name, "Bob", at=tmp_path / "clone")

    shipped = export(scratch, message=f"Add v3\n\n{line}\n\nThe end.")
    (tmp_path / "patch").write_bytes(shipped.patch)
    scratch.git("am", "-q", str(tmp_path / "patch"), at=tmp_path / "clone")

    assert scratch.git("log", "-1", "--format=%an %B", at=tmp_path / "clone").startswith("Ada Add v3\n")
    assert scratch.git("log", "-1", "--format=%B", at=tmp_path / "clone").strip().endswith("The end.")
    assert scratch.git("rev-list", "--count", "HEAD", at=tmp_path / "clone").strip() == "2"
    assert scratch.git("rev-parse", "HEAD^{tree}", at=tmp_path / "clone") == scratch.git(
        "rev-parse", f"{shipped.commit}^{{tree}}"
    )


def test_any_message_can_be_committed(scratch):
    """NUL and lone surrogates in a message do not stop an export."""
    shipped = export(scratch, message="Add v3\0\n\nWhy \ud800")

    assert scratch.git("log", "-1", "--format=%B", shipped.commit).strip() == "Add v3\n\nWhy ?"


def test_a_file_keeps_its_mode(scratch):
    """A file that can be run can be run after it was changed too."""
    scratch.write("run.py").chmod(0o755)
    scratch.commit()

    shipped = export(scratch, files={"run.py": b"other"})

    assert scratch.git("ls-tree", shipped.commit, "run.py").startswith("100755")


def test_a_link_is_not_written_over(scratch):
    """A path that is a link is refused: its content would become the link's target."""
    (scratch.root / "link").symlink_to("README.md")
    scratch.commit()

    error = refused(scratch, files={"link": b"content"})

    assert (error.kind, error.message) == ("git", "link is a link, not a file.")


@pytest.mark.parametrize("path", ["README.md/new", "prompts"])
def test_a_file_that_would_replace_a_folder_is_refused(scratch, path):
    """A file below a file, and one with a folder's name, are told by their path; nothing is replaced."""
    error = refused(scratch, files={path: b"content"})

    assert error.kind == "git"
    assert path in error.message
    assert "stands where a folder has to be" in error.message


@pytest.mark.parametrize(
    "path",
    [
        *[
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "./a",
            "a//b",
            "a/",
            ".git/config",
            ".GIT/hooks/x",
            "a/.Git",
            ".git",
            ".",
        ],
        *[
            ".git ",
            ".git.",
            "git~1/x",
            "GIT~2",
            ".g\u200cit/x",
            "\ufeff.git",
            "a\\b",
            "C:/x",
            "C:x",
            "a:stream",
            "a\0b",
        ],
        *[
            "a\nb",
            "\x1b[31m",
            "\x7f",
            "CON",
            "con.py",
            "a/NUL.txt",
            "aux ",
            "COM1",
            "com9.x.y",
            "LPT¹",
            "CONIN$",
            "nul..",
        ],
        *["a.", "a ", "a./b", "\ud800", "\udcff", "x" * 256, "é" * 128, "CON .py"],
    ],
)
def test_unsafe_paths_are_refused(path):
    """Nothing outside of the checkout, in .git, on a device or impossible somewhere passes."""
    with pytest.raises(GitError) as caught:
        refuse_unsafe_path(path)

    assert caught.value.kind == "git"
    assert caught.value.message.startswith(f"The path {path!a}"[:200])


def test_one_unsafe_path_stops_an_export(scratch):
    """Nothing is committed when one of several paths is unsafe."""
    error = refused(scratch, files={PATH: CONTENT, ".GIT/hooks/post-checkout": b"evil"})

    assert error.message == "The path '.GIT/hooks/post-checkout' is refused: it leads into .git."


@pytest.mark.parametrize(
    "path", ["a b/c,d.py", "console.py", "Nulls", "git", ".github/x", ".gitignore", "-rf", "é/要約.py", "git~", "*"]
)
def test_other_paths_are_taken(scratch, path):
    """Names that only look like those are committed as they are."""
    shipped = export(scratch, files={path: b"content"})

    assert read(scratch, shipped.branch, path) == b"content"


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("./\\:~gitGIT \u200c")))
def test_what_is_not_refused_stays_inside(path):
    """A path that passes has no part that leads up, to the root, or into .git."""
    try:
        refuse_unsafe_path(path)
    except GitError as error:
        assert len(error.message) < 400
    else:
        parts = path.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert not any(part.lower().startswith(".git") and not part[4:].strip(" .") for part in parts)
        assert not set("\\:\0\n") & set(path)


def test_the_same_files_again_are_no_change(scratch):
    """Files that the base has already, and no files at all, make no commit."""
    assert refused(scratch, files={"README.md": b"README.md"}).kind == "no change"
    assert refused(scratch, files={}).kind == "no change"


@pytest.mark.parametrize(
    "branch", ["", "-d", "HEAD", "a..b", "a b", "a~1", "a.lock", "/a", "a/", "@{-1}", "\0", "\ud800", "a\nb"]
)
def test_what_is_no_branch_name_is_refused(scratch, branch):
    """Names that git does not take, and options, are refused."""
    assert refused(scratch, branch=branch).kind == "git"


def test_a_branch_that_exists_is_left_alone(scratch):
    """The error says taken, and the branch leads where it led."""
    scratch.git("branch", f"{PREFIX}3")
    tip = scratch.git("rev-parse", f"{PREFIX}3")

    error = refused(scratch)

    assert (error.kind, error.message) == ("taken", f"The branch {PREFIX}3 exists already.")
    assert scratch.git("rev-parse", f"{PREFIX}3") == tip


def test_a_branch_in_the_way_is_named(scratch):
    """With a branch "prompts" no branch below prompts/ can be; one below the wanted name means that name is taken."""
    scratch.git("branch", f"{PREFIX}3/more")
    below = refused(scratch)
    scratch.git("branch", "-m", f"{PREFIX}3/more", "prompts")

    above = refused(scratch)

    assert below.kind == "taken"
    assert (above.kind, "there is a branch prompts" in above.message) == ("git", True)


def test_an_export_can_stand_on_another_base(scratch):
    """Given a base, HEAD does not matter."""
    base = scratch.git("rev-parse", "HEAD").strip()
    scratch.commit("later")

    shipped = export(scratch, base="main~1")

    assert shipped.base == base
    assert refused(scratch, branch="other", base="nowhere").kind == "no revision"


def test_an_empty_repository_takes_no_export(empty):
    """Without a commit there is nothing to stand on, and no number is taken."""
    assert refused(empty).kind == "empty repository"
    assert numbers_taken(empty.of(), FOLDER, PREFIX) == set()


def test_without_an_author_nothing_is_committed(scratch):
    """git is not asked to make an address up."""
    for name in ("user.name", "user.email"):
        scratch.git("config", "--unset", name)

    assert refused(scratch).kind == "no identity"


def test_an_author_of_the_environment_counts(scratch, monkeypatch):
    """Names and addresses in git's own variables are used, as in containers."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Bob")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "bob@example.org")

    assert export(scratch).identity == "Bob <bob@example.org>"


def test_a_repository_that_cannot_be_written_says_so(scratch):
    """Where git can store nothing, the error says read-only and nothing is left behind."""
    blob = scratch.git("hash-object", "--no-filters", str(scratch.write("../content", CONTENT))).strip()
    scratch.write(f".git/objects/{blob[:2]}", b"no folder")

    error = refused(scratch)

    assert error.kind == "read-only"
    assert "download" in error.hint


def test_numbers_are_found_wherever_they_are(tmp_path, scratch):
    """Files of the checkout, of HEAD, of branches here and at the remote, and branches' names take numbers."""
    other = Scratch(tmp_path / "other")
    other.commit(f"{FOLDER}/prompts_v20.py")
    other.git("branch", f"{PREFIX}21")
    scratch.git("remote", "add", "their/fork", str(other.root))
    scratch.git("fetch", "-q", "their/fork")
    scratch.git("branch", "x/prompts/summarization-v98")
    scratch.git("branch", f"{PREFIX}97x")
    scratch.git("checkout", "-q", "-b", "side")
    scratch.commit(f"{FOLDER}/prompts_v10.py")
    scratch.git("checkout", "-q", "main")
    scratch.git("branch", f"{PREFIX}11")
    scratch.git("checkout", "-q", "--detach")
    scratch.commit(f"{FOLDER}/prompts_v12.py")
    scratch.git("rm", "-q", f"{FOLDER}/prompts_v12.py")
    scratch.write(f"{FOLDER}/prompts_v5.py")
    for name in (
        "prompts_v0.py",
        "prompts_v06.py",
        "prompts_v7.pyc",
        "xprompts_v8.py",
        "prompts_v٩.py",
        "prompts_v-1.py",
    ):
        scratch.write(f"{FOLDER}/{name}")
    scratch.write("prompts/other/prompts_v99.py")

    assert numbers_taken(scratch.of(), FOLDER, PREFIX) == {1, 2, 5, 10, 11, 12, 20, 21}


def test_the_next_number_is_after_all_others(scratch):
    """Each export of the same checkout gets the number after the last one, in its file's name and its message too."""
    got = [
        commit_next(scratch.of(), FOLDER, PREFIX, lambda n: {f"{FOLDER}/prompts_v{n}.py": b"x"}, lambda n: f"Add v{n}")
        for _ in range(2)
    ]

    assert [number for number, _ in got] == [3, 4]
    assert [shipped.branch for _, shipped in got] == [f"{PREFIX}3", f"{PREFIX}4"]
    assert got[1][1].paths == (f"{FOLDER}/prompts_v4.py",)
    assert scratch.git("log", "-1", "--format=%s", got[1][1].commit).strip() == "Add v4"


def test_a_number_taken_meanwhile_leads_to_the_next(scratch):
    """When somebody makes the branch while the files are being made, the next number is used."""

    def make(number):
        if number < 5:
            scratch.git("branch", f"{PREFIX}{number}")
        return {f"{FOLDER}/prompts_v{number}.py": b"x"}

    number, shipped = commit_next(scratch.of(), FOLDER, PREFIX, make, str)

    assert (number, shipped.branch, shipped.paths) == (5, f"{PREFIX}5", (f"{FOLDER}/prompts_v5.py",))


def test_a_number_that_cannot_be_a_branch_is_passed_over(scratch):
    """A branch below the next number's own keeps git from making that; the number after it is used."""
    scratch.git("branch", f"{PREFIX}3/more")

    number, _ = commit_next(scratch.of(), FOLDER, PREFIX, lambda n: {f"{FOLDER}/prompts_v{n}.py": b"x"}, str)

    assert number == 4


def test_a_number_that_others_always_take_is_given_up(scratch):
    """After 50 tries the error says so, instead of going on forever."""
    asked = []

    def make(number):
        asked.append(number)
        scratch.git("branch", f"{PREFIX}{number}")
        return {f"{FOLDER}/prompts_v{number}.py": b"x"}

    with pytest.raises(GitError, match="exists already") as caught:
        commit_next(scratch.of(), FOLDER, PREFIX, make, str)

    assert (caught.value.kind, asked) == ("taken", list(range(3, 53)))


def test_other_errors_are_not_tried_again(scratch):
    """Only a taken number leads to another try."""
    asked = []

    with pytest.raises(GitError) as caught:
        commit_next(scratch.of(), FOLDER, PREFIX, lambda n: asked.append(n) or {"../x": b""}, str)

    assert (caught.value.kind, asked) == ("git", [3])


def test_two_dozen_exports_of_a_dozen_processes_get_two_dozen_numbers(scratch):
    """Processes that export at the same time never share a number, lose an export or leave a gap."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(scratch.root), str(name)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        for name in range(12)
    ]
    for child in children:
        assert child.stdout.readline() == b"ready\n"
    for child in children:
        child.stdin.write(b"\n")
        child.stdin.flush()
    outputs = [child.communicate(timeout=60)[0] for child in children]

    numbers = {int(number): name for name, output in enumerate(outputs) for number in output.split()}

    assert sorted(numbers) == list(range(3, 27))
    for number, name in numbers.items():
        assert read(scratch, f"{PREFIX}{number}", f"{FOLDER}/prompts_v{number}.py") == f"{name} {number}".encode()

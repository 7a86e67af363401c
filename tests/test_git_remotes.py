import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.git.remotes import compare_url, pull_request_command, without_secrets

GITHUB = "https://github.com/ada/flows/compare/main...prompts%2Fsummarization-v4?expand=1"
GITLAB = (
    "/-/merge_requests/new?merge_request%5Bsource_branch%5D=prompts%2Fsummarization-v4"
    "&merge_request%5Btarget_branch%5D=main"
)


def url(remote):
    """The page for one branch."""
    return compare_url(remote, "main", "prompts/summarization-v4")


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/ada/flows.git",
        "https://github.com/ada/flows",
        "https://github.com/ada/flows/",
        "https://GitHub.com/ada/flows.git",
        "https://ada@github.com/ada/flows.git",
        "https://ada:secret@github.com/ada/flows.git",
        "https://x-access-token:s@cret@github.com/ada/flows.git",
        "git@github.com:ada/flows.git",
        "github.com:ada/flows.git",
        "git@github.com:/ada/flows.git",
        "ssh://git@github.com/ada/flows.git",
        "ssh://git@github.com:22/ada/flows.git",
        "ssh://git@ssh.github.com:443/ada/flows.git",
        "git+ssh://git@github.com/ada/flows.git",
    ],
)
def test_all_forms_of_a_github_address_lead_to_one_page(remote):
    """https, ssh and the short form of ssh, with and without user, password, port and .git."""
    assert url(remote) == GITHUB


@pytest.mark.parametrize(
    ("remote", "place"),
    [
        ("https://gitlab.com/team/flows.git", "https://gitlab.com/team/flows"),
        ("git@gitlab.com:team/sub.group/deep/flows.git", "https://gitlab.com/team/sub.group/deep/flows"),
        ("https://oauth2:secret@gitlab.example.org:8443/team/flows.git", "https://gitlab.example.org:8443/team/flows"),
        ("http://gitlab.lan/team/flows.git", "http://gitlab.lan/team/flows"),
        ("ssh://git@my-gitlab.lan:2222/team/flows.git", "https://my-gitlab.lan/team/flows"),
        ("ssh://git@altssh.gitlab.com:443/team/flows.git", "https://gitlab.com/team/flows"),
    ],
)
def test_gitlab_addresses_lead_to_a_new_merge_request(remote, place):
    """Groups in groups and hosts of one's own too; the port is kept where it is that of the pages."""
    assert url(remote) == place + GITLAB


@pytest.mark.parametrize("host", ["github.example.org", "firm.ghe.com"])
def test_a_firm_s_own_github_is_github(host):
    """Enterprise hosts have the same pages."""
    assert url(f"git@{host}:ada/flows.git") == GITHUB.replace("github.com", host)


@pytest.mark.parametrize(
    "remote",
    [
        *[
            "",
            "/srv/git/github.com/a/b.git",
            "../github/b",
            "C:\\github\\a\\b",
            "C:/github.com/a/b",
            "file:///github.com/a/b",
        ],
        *["https://example.org/a/b", "git@bitbucket.org:a/b.git", "git://github.com/a/b", "ext::sh -c github.com/a/b"],
        *["https://github.com", "https://github.com/", "https://github.com/a", "https://github.com/a/b/c"],
        *[
            "https://github.com/a/..",
            "https://github.com/a/b?x=1",
            "https://github.com/a/b#x",
            "https://github.com/a/%2e%2e",
        ],
        *[
            "https://github.com\\@evil.org/a/b",
            "https://github.com:x/a/b",
            "https://github.com:999999/a/b",
            "https://[::1]/a/b",
        ],
        *[
            "javascript:alert(1)//github.com/a/b",
            "https://github.com/a/b\nX: y",
            "https://gitlab_x/a/b",
            "https://-github/a/b",
        ],
        *[
            'https://github.com/a/b"><script>',
            "https://gitlab.com/" + "a/" * 2000,
            "git@github.com:a/\ud800",
            "https://gïthub.com/a/b",
        ],
    ],
)
def test_what_is_no_known_forge_has_no_page(remote):
    """Paths, other forges, other schemes and addresses with anything unusual give none."""
    assert url(remote) is None


def test_branches_cannot_leave_their_place_in_the_address():
    """Whatever a branch is called, host, path and query stay."""
    found = compare_url("git@github.com:a/b.git", "main?x#y", "../../evil&q=\ud800")

    assert found == "https://github.com/a/b/compare/main%3Fx%23y.....%2F..%2Fevil%26q%3D%3F?expand=1"


@given(
    st.text() | st.from_regex(r"(https|ssh)://secret:secret@[a-z.@:/]{0,30}git(hub|lab)\.com[/:@a-z.]{0,30}"), st.text()
)
def test_no_remote_gives_anything_but_a_plain_address(remote, branch):
    """An address is one of http without user, blanks or quotes, or there is none."""
    found = compare_url(remote, "main", branch)

    if found is not None:
        assert found.startswith(("https://", "http://"))
        assert "@" not in found
        assert not set(" \"'<>\\\n") & set(found)


@pytest.mark.parametrize(
    ("remote", "shown"),
    [
        ("https://ada:secret@github.com/a/b", "https://github.com/a/b"),
        ("https://token@github.com/a/b", "https://github.com/a/b"),
        ("https://a:b@c@github.com/a/b", "https://github.com/a/b"),
        ("ssh://git:secret@host/a", "ssh://git@host/a"),
        ("ssh://git@host/a@b", "ssh://git@host/a@b"),
        ("git@github.com:a/b", "git@github.com:a/b"),
        ("https://github.com/a@b", "https://github.com/a@b"),
        ("/srv/git", "/srv/git"),
    ],
)
def test_passwords_are_left_out_of_addresses(remote, shown):
    """Tokens and passwords go; the user of ssh and all else stays."""
    assert without_secrets(remote) == shown


@pytest.mark.parametrize("title", ["Add v4", 'it\'s $(rm -rf /) `x` "y" !!', "--fill", "", "要約"])
def test_a_shell_reads_the_line_as_it_is_meant(title):
    """Split as a shell does it, the line has the words that were given."""
    line = pull_request_command("prompts/summarization-v4", "main", title, "a body.md")

    assert shlex.split(line) == [
        *["gh", "pr", "create", "--head", "prompts/summarization-v4", "--base", "main"],
        *["--title", title, "--body-file", "a body.md"],
    ]


@given(st.text())
def test_the_line_is_one_line_without_control_characters(title):
    """Pasted into a terminal, no title runs anything or moves the cursor."""
    line = pull_request_command("b", "main", title, "body.md")

    assert line.isprintable()

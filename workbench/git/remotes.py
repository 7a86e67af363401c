"""From a remote's address to the page where a pull request is opened, and the command line that opens one."""

import re
import shlex
from urllib.parse import quote

_WEB = re.compile(r"(?P<scheme>https?)://(?:[^/\s]*@)?(?P<host>[^/:@\s]+)(?P<port>:[0-9]{1,5})?/(?P<path>\S+)", re.I)
_SSH = re.compile(r"(?:ssh|git\+ssh)://(?:[^/\s]*@)?(?P<host>[^/:@\s]+)(?::[0-9]{1,5})?/(?P<path>\S+)", re.I)
# Source: git's documentation, "git-clone": [user@]host:path, unless there is a slash before the colon.
_SCP_LIKE = re.compile(r"(?:[^/@:\s]+@)?(?P<host>[^/:@\s]{2,}):(?P<path>\S+)")
_USER_INFO = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<user>[^/]*)@", re.I)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I)
_PART = re.compile(r"[A-Za-z0-9._~-]+")
_MOST_CHARS = 2_000
# Where the two take ssh on the port of https.
_SSH_HOSTS = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}


def compare_url(remote: str, base: str, branch: str) -> str | None:
    """The page where a pull request for a branch is opened, once it is pushed; None when the forge is not known.

    Known are GitHub (github.com, *.ghe.com, hosts with "github" in their name) and GitLab (hosts with "gitlab").

    Args:
        remote: An address as git knows it; user names and passwords in it are left out.
        base: The branch to merge into.
        branch: The branch to merge.
    """
    if len(remote) > _MOST_CHARS:
        return None
    forms = (_WEB, _SSH) if "://" in remote else (_SCP_LIKE,)
    matched = next(filter(None, (form.fullmatch(remote) for form in forms)), None)
    if matched is None or not _HOST.fullmatch(matched["host"]):
        return None
    parts = matched["path"].strip("/").removesuffix(".git").split("/")
    if not all(_PART.fullmatch(part) and part not in (".", "..") for part in parts):
        return None
    host = matched["host"].lower()
    named = matched.groupdict()
    origin = f"{(named.get('scheme') or 'https').lower()}://{_SSH_HOSTS.get(host, host)}{named.get('port') or ''}"
    target, source = (quote(name, safe="", errors="replace") for name in (base, branch))
    if "gitlab" in host and len(parts) >= 2:
        query = f"merge_request%5Bsource_branch%5D={source}&merge_request%5Btarget_branch%5D={target}"
        return f"{origin}/{'/'.join(parts)}/-/merge_requests/new?{query}"
    if ("github" in host or host.endswith(".ghe.com")) and len(parts) == 2:
        return f"{origin}/{'/'.join(parts)}/compare/{target}...{source}?expand=1"
    return None


def without_secrets(remote: str) -> str:
    """An address without its password; the user name stays where ssh needs it."""
    matched = _USER_INFO.match(remote)
    if matched is None:
        return remote
    scheme, user = matched["scheme"], matched["user"].partition(":")[0]
    kept = f"{user}@" if user and "ssh" in scheme.lower() else ""
    return f"{scheme}://{kept}{remote[matched.end() :]}"


def pull_request_command(branch: str, base: str, title: str, body_file: str) -> str:
    """The line for a shell that opens a pull request with GitHub's `gh`; the branch has to be pushed before."""
    options = {"--head": branch, "--base": base, "--title": title, "--body-file": body_file}
    words = ["gh", "pr", "create", *(word for option in options.items() for word in option)]
    # Not even a quoted control character is safe to paste into a terminal.
    return shlex.join("".join(char if char.isprintable() else " " for char in word) for word in words)

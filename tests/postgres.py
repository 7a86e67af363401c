"""A real PostgreSQL of our own; it runs where its programs are installed, and listens on loopback only.

    python -m tests.postgres FOLDER COMMAND …

runs a command with DATABASE_URL set to a server that keeps its files in the folder, and ends the server after it. As it
refuses to run as root, it is started as the user postgres or nobody then.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import until

OWNER = "owner"
REQUIRED = "REQUIRE_POSTGRESQL"
"""Set, tests that need it fail where it is not installed, instead of being skipped."""
_MISSING = "PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin or on the PATH"


def programs() -> Path | None:
    """The folder of initdb and postgres; the newest where there are several, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def account() -> str | None:
    """Who it runs as; None for whoever runs the tests."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


class Server:
    """A server with its files in a temporary folder; it asks for a password, in clear as that is quick."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self.bin_folder = folder, bin_folder
        kept = folder / "password"
        self.password = kept.read_text() if kept.exists() else secrets.token_hex(8)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.as_user = {"user": name, "group": pwd.getpwnam(name).pw_gid} if (name := account()) else {}
        self.users = 0

    def url(self, user: str, password: str = "") -> str:
        """The address of its database for a user."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/postgres?sslmode=disable"

    def make(self) -> None:
        """Make the cluster, nothing of it written through to the disk."""
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.as_user:
            shutil.chown(self.folder, account())
            shutil.chown(password_file, account())
        options = ["--no-sync", "--no-locale", "-E", "UTF8", "-U", OWNER, "-A", "password"]
        command = [self.bin_folder / "initdb", "-D", self.folder / "data", f"--pwfile={password_file}", *options]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=120, **self.as_user)

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder}
        options |= {"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB", "max_connections": 100}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [self.bin_folder / "postgres", "-D", self.folder / "data", *settings],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.as_user,
        )
        assert until(lambda: self._answers() or self.process.poll() is not None, 60.0)
        assert self.process.poll() is None, "PostgreSQL ended at once"

    def stop(self) -> None:
        """End it, and its connections with it."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def run(self, user: str, statement: str) -> list:
        """The rows of one statement."""
        import pg8000.native

        arguments = {"host": "127.0.0.1", "port": self.port, "password": self.password, "ssl_context": False}
        with pg8000.native.Connection(user, database="postgres", **arguments) as connection:
            return connection.run(statement)

    def new_user(self) -> str:
        """The name of a user who finds no table: a schema of one's own is made in no time, a database is not."""
        self.users += 1
        name = f"store_{self.users}"
        self.run(OWNER, f"CREATE ROLE {name} LOGIN PASSWORD '{self.password}'")
        self.run(OWNER, f"CREATE SCHEMA AUTHORIZATION {name}")
        return name

    def _answers(self) -> bool:
        import pg8000.native

        try:
            return bool(self.run(OWNER, "SELECT 1"))
        except (pg8000.native.Error, OSError):
            return False


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of the session."""
    if (bin_folder := programs()) is None:
        pytest.fail(_MISSING) if os.environ.get(REQUIRED) else pytest.skip(_MISSING)
    folder = Path(tempfile.mkdtemp(prefix="postgres_"))
    try:
        server = Server(folder, bin_folder)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(folder: str, *command: str) -> int:
    """Run a command with a server; its exit code."""
    if (bin_folder := programs()) is None:
        print(f"{_MISSING}. Install it, or set DATABASE_URL to a server of yours.")
        return 1
    Path(folder).mkdir(exist_ok=True)
    server = Server(Path(folder).resolve(), bin_folder)
    if not (server.folder / "data" / "PG_VERSION").exists():
        server.make()
    server.start()
    try:
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": server.url(OWNER)})
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

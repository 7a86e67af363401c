"""What git says about folders of a commit, as names."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """Something in a commit: a file, a link, or a commit of another repository."""

    mode: str
    """"100644": a file; "100755": one that can be run; "120000": a link; "160000": another repository's commit."""
    object_id: str
    size: int
    """In bytes; 0 of what has none."""
    path: str
    """From the repository's root."""

    @property
    def is_file(self) -> bool:
        """Whether it has a content of its own."""
        return self.mode in ("100644", "100755", "100664")


def entries(listing: bytes) -> list[Entry]:
    """The lines of `git ls-tree -z --long`."""
    found = []
    for line in filter(None, listing.split(b"\0")):
        about, _, path = line.partition(b"\t")
        mode, _, object_id, size = about.decode("ascii").split()
        found.append(Entry(mode, object_id, 0 if size == "-" else int(size), text_of(path)))
    return found


def text_of(name: bytes) -> str:
    """A file name; bytes that are no UTF-8 become lone surrogates, which git gets back as the same bytes."""
    return name.decode("utf-8", "surrogateescape")


def names_in_trees(batch: bytes) -> Iterator[str]:
    """Names of all that is in the trees which `git cat-file --batch` gave.

    Source: git's documentation, "gitformat-pack" and "git-cat-file": an answer is `<id> <type> <size>`, a newline, the
    content and a newline, or a line that ends with " missing"; a tree is `<mode> <name>`, NUL and the bytes of an id.
    """
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        words = batch[at:end].split(b" ")
        at = end + 1
        if len(words) != 3 or not words[2].isdigit():
            continue
        content = batch[at : at + int(words[2])]
        at += len(content) + 1
        if words[1] == b"tree":
            yield from _names(content, len(words[0]) // 2)


def _names(tree: bytes, bytes_of_id: int) -> Iterator[str]:
    at = 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        yield text_of(tree[tree.index(b" ", at) + 1 : end])
        at = end + 1 + bytes_of_id

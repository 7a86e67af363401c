"""What documents are kept under: 64 hexadecimal digits, made from all that decides their text."""

import hashlib

from workbench.documents.kinds import Form


def identity_of(content: bytes, form: Form) -> str:
    """What a document is kept under, 64 hexadecimal digits: the same bytes under two forms are two documents."""
    salt = b"" if form in ("pdf", "text") else f"{form}\0".encode()
    return hashlib.sha256(salt + content).hexdigest()


def names_of(pdf: bytes, password: str) -> tuple[str, str]:
    """The hash of the bytes, and what their text is kept under; the same without a password.

    With one, the second is 64 hexadecimal digits too, slow to compute, so that guessing passwords is slow.
    Source: RFC 7914 (scrypt), with its parameters for interactive use.
    """
    sha256 = hashlib.sha256(pdf)
    if not password:
        return sha256.hexdigest(), sha256.hexdigest()
    secret = password.encode("utf-8", "surrogatepass")
    locked = hashlib.scrypt(secret, salt=sha256.digest(), n=2**14, r=8, p=1, dklen=32)
    return sha256.hexdigest(), locked.hex()

import pytest

from workbench.errors import UsageError
from workbench.models.addresses import is_loopback, origin_of, secrets_in


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("https://ann:pass-word@Example.com/v1?api-version=1&code=abc#x", "https://example.com/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
    ],
)
def test_an_origin_holds_nothing_secret(base_url, origin):
    """User info, query and fragment are left out of what is shown and kept."""
    assert origin_of(base_url) == origin


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "file:///etc/passwd",
        "ftp://host/v1",
        "//host/v1",
        "http://",
        "http://[::1",
        "http://host:99999/v1",
        "http://ho st/v1",
        "http://host/v1\n",
        "javascript:alert(1)",
        "http://ann:pass-word@:80",
    ],
)
def test_other_addresses_are_refused_without_repeating_them(base_url):
    """Only http and https with a host pass; the message doesn't show the address, which may hold a password."""
    with pytest.raises(UsageError) as raised:
        origin_of(base_url)

    assert "pass-word" not in raised.value.message
    assert raised.value.hint


def test_the_secrets_of_an_address_are_known():
    """The password and the query's values are what must not be shown."""
    assert secrets_in("https://ann:pass-word@example.com/v1?code=abc") == ["pass-word", "ann", "abc"]


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("http://localhost:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example.com", False),
    ],
)
def test_loopback_is_told_apart(base_url, expected):
    """Only this machine's own addresses are loopback."""
    assert is_loopback(base_url) is expected

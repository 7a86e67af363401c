import pytest

from workbench.errors import UsageError
from workbench.settings import STORE_MB, StoreLimit, keep_store_limit, store_limit


def test_the_limit_is_500_mb_until_it_is_set(tmp_path):
    """A state folder in which nothing was set has the limit of 500 MB."""
    assert store_limit(tmp_path, {}) == StoreLimit(500)
    assert StoreLimit(500).bytes == 500 * 2**20


def test_a_set_limit_is_kept_in_the_state_folder(tmp_path):
    """Who reads it later, another process for example, gets the limit that was set last."""
    keep_store_limit(tmp_path, 50)
    keep_store_limit(tmp_path, 750)

    assert store_limit(tmp_path, {}) == StoreLimit(750)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_the_environment_wins(tmp_path):
    """WORKBENCH_STORE_MB is the limit whatever was set, and it is said so; empty, it says nothing."""
    keep_store_limit(tmp_path, 750)

    assert store_limit(tmp_path, {"WORKBENCH_STORE_MB": "60"}) == StoreLimit(60, from_environment=True)
    assert store_limit(tmp_path, {"WORKBENCH_STORE_MB": ""}) == StoreLimit(750)


@pytest.mark.parametrize("text", ["0", "49", "102401", "-500", "500 MB", "5e2", "500.0", "٥٠٠", " ", "9" * 5000])
def test_a_limit_of_the_environment_that_makes_no_sense_is_refused(tmp_path, text):
    """The error shows the value, cut when it is long, and the bounds."""
    with pytest.raises(UsageError) as raised:
        store_limit(tmp_path, {"WORKBENCH_STORE_MB": text})

    assert repr(text[:40]) in raised.value.message
    assert "50 to 102400" in raised.value.message


@pytest.mark.parametrize("megabytes", [STORE_MB[0] - 1, STORE_MB[-1] + 1])
def test_a_limit_out_of_bounds_is_not_kept(tmp_path, megabytes):
    """What can't be a limit is refused, and the one before stays."""
    keep_store_limit(tmp_path, 100)

    with pytest.raises(UsageError, match=str(megabytes)):
        keep_store_limit(tmp_path, megabytes)

    assert store_limit(tmp_path, {}) == StoreLimit(100)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"store_mb": "1"}', b'{"store_mb": true}', b"\xff", b'{"store_mb": 7}']
)
def test_a_spoiled_settings_file_sets_nothing(tmp_path, content):
    """A file that makes no sense never stops the app; setting a limit mends it."""
    (tmp_path / "settings.json").write_bytes(content)

    before = store_limit(tmp_path, {})
    keep_store_limit(tmp_path, 100)

    assert before == StoreLimit(500)
    assert store_limit(tmp_path, {}) == StoreLimit(100)

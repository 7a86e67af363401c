"""Which arm a unit gets: the same one each time and everywhere, without anything being stored.

Source: Thaler & Ravishankar 1998, "Using name-based mappings to increase hit rates" (rendezvous hashing), with weights
by -w / ln(u), the highest score wins. When weights change, units move only from arms that lost share to arms that won
some: whoever's arm still has the highest score stays.
"""

import hashlib
import hmac
import math
from collections.abc import Mapping

_BITS = 52
"""A double holds that many and a half exactly, so that u is neither 0 nor 1."""


def arm_of(test: str, weights: Mapping[str, float], unit: str) -> str:
    """The arm of a unit.

    Args:
        test: Name of the A/B test; splits of different tests are independent of each other.
        weights: Arm -> its weight, not negative and not all 0.
        unit: Whoever stays in one arm: a user's id, or a request's.

    Raises:
        ValueError: No arm has a weight above 0.
    """
    scores = {arm: -weight / math.log(_uniform(test, arm, unit)) for arm, weight in weights.items() if weight > 0}
    if not scores:
        raise ValueError(f"the A/B test {test[:80]!a} has no arm with a weight above 0")
    # Equal scores need an order that isn't the arms': it must not change when arms are listed otherwise.
    return max(sorted(scores), key=lambda arm: scores[arm])


def unit_hash(test: str, unit: str, key: bytes = b"") -> str:
    """32 hex digits that stand for a unit in the database; those of different tests can't be told to be one unit's.

    Args:
        test: Name of the A/B test.
        unit: A user's id, even an e-mail address.
        key: Secret of the service. Without one, whoever has the database can try out addresses.
    """
    return hmac.new(key, _bytes(test, unit), hashlib.sha256).hexdigest()[:32]


def _uniform(*parts: str) -> float:
    """A number in (0, 1) that is these texts' own."""
    drawn = int.from_bytes(hashlib.sha256(_bytes(*parts)).digest()[:8]) >> (64 - _BITS)
    return (drawn + 0.5) / (1 << _BITS)


def _bytes(*parts: str) -> bytes:
    """With the length before each, so that ("a", "bc") isn't ("ab", "c")."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(8) + part for part in encoded)

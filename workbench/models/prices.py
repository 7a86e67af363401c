"""What model calls cost, from the price list that comes with the genai-prices package; no network is used."""

from importlib.metadata import version
from typing import Literal

from workbench.models.addresses import is_loopback


def cost_usd(
    model: str,
    endpoint: Literal["local", "remote", "code"],
    input_tokens: int,
    output_tokens: int,
    origin: str = "",
) -> float | None:
    """US dollars for these tokens; 0 for the local model, None when the price is unknown.

    Args:
        origin: Base URL of the endpoint: the price is the one asked there, and unknown for an address that is on no
            price list. Without it, the price is the one of the model's maker.
    """
    if endpoint == "local":
        return 0.0
    if origin and is_loopback(origin):
        return None  # a server of this machine is on no price list, so none has to be loaded
    # Takes 0.3 to 0.6 s and 31 MB: only those who ask for a price pay for it.
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        return float(calc_price(usage, model_ref=model, provider_api_url=origin or None).total_price)
    except LookupError:
        return None


def price_date() -> str:
    """Which price list is used, such as "genai-prices 0.2.3"."""
    return f"genai-prices {version('genai-prices')}"

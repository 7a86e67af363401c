import subprocess
import sys

import pytest

from workbench.models.prices import cost_usd, price_date


def test_the_local_model_is_free():
    """The local model costs nothing, whatever it is called."""
    assert cost_usd("gpt-4.1-mini", "local", 10**6, 10**6) == 0.0


def test_a_known_model_costs_what_its_list_says():
    """A million tokens each way of gpt-4.1-mini cost 0.40 and 1.60 dollars (OpenAI's list, 2025-04)."""
    assert cost_usd("gpt-4.1-mini", "remote", 10**6, 10**6) == pytest.approx(2.0)
    assert cost_usd("gpt-4.1-mini", "remote", 0, 0) == 0.0


@pytest.mark.parametrize(
    ("model", "origin"),
    [("nobody-knows-this", ""), ("", ""), ("gpt-4.1-mini", "http://127.0.0.1:8000/v1")],
)
def test_an_unknown_price_is_not_made_up(model, origin):
    """A model on no list, or served at an address on no list, has no price."""
    assert cost_usd(model, "remote", 1000, 1000, origin) is None


def test_the_address_decides_the_price():
    """The same list gives the price at OpenAI's own address."""
    assert cost_usd("gpt-4.1-mini", "remote", 10**6, 0, "https://api.openai.com/v1") == pytest.approx(0.4)


def test_the_price_list_says_which_it_is():
    """The price list's name and version can be shown."""
    assert price_date() == "genai-prices 0.2.3"


def test_the_price_list_is_loaded_on_demand():
    """Importing the module doesn't load the price list."""
    code = "import sys, workbench.models.prices; sys.exit('genai_prices' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

from hamilton import driver
from hamilton.ad_hoc_utils import module_from_source as module

from workbench.graphs.sharing import shared_frontier

FLOW = module(
    "def text(source: str, size: int = 3) -> str:\n    return source[:size]\n"
    "def words(text: str) -> list:\n    return text.split()\n"
    "def answer(words: list, a_prompt: str) -> str:\n    return a_prompt + str(words)\n"
)
PROMPT_1 = module("def a_prompt() -> str:\n    return 'one'\n")
PROMPT_2 = module("def a_prompt() -> str:\n    return 'two'\n")


def build(*modules, **config):
    return driver.Builder().with_modules(*modules).with_config(config).allow_module_overrides().build()


def frontier(drivers, values, apart=("a_prompt",)):
    return shared_frontier(drivers, values, "answer", apart)


def test_what_no_prompt_reaches_is_shared():
    """Two prompt modules on one dataflow share the last node before the prompts."""
    drivers = [build(FLOW, PROMPT_1), build(FLOW, PROMPT_2)]

    assert frontier(drivers, [{}, {}]) == ["words"]


def test_a_differing_input_ends_the_sharing_above_it():
    """When the variants' sizes differ, nothing that the size reaches is shared."""
    drivers = [build(FLOW, PROMPT_1), build(FLOW, PROMPT_1)]

    assert frontier(drivers, [{"size": 3}, {"size": 4}]) == []
    assert frontier(drivers, [{"size": 3}, {}]) == []
    assert frontier(drivers, [{"size": 3}, {"size": 3}]) == ["words"]


def test_a_value_given_for_a_node_in_one_variant_moves_the_frontier():
    """Given words in one variant only, the variants still share the text."""
    drivers = [build(FLOW, PROMPT_1), build(FLOW, PROMPT_1)]

    assert frontier(drivers, [{"words": ["x"]}, {}]) == ["text"]


def test_equal_text_from_different_functions_is_not_shared():
    """A node with the same text in another module may use other helpers, so it is made twice."""
    other = module("def words(text: str) -> list:\n    return text.split()\n")
    drivers = [build(FLOW, PROMPT_1), build(FLOW, other, PROMPT_1)]

    assert frontier(drivers, [{}, {}]) == ["text"]


CHOSEN = module(
    "from hamilton.function_modifiers import config, resolve, ResolveAt, parameterize, value\n"
    "def text(source: str) -> str:\n    return source\n"
    "@config.when(how='long')\ndef words__long(text: str) -> list:\n    return [text]\n"
    "@config.when(how='short')\ndef words__short(text: str) -> list:\n    return [text[:1]]\n"
    "@resolve(when=ResolveAt.CONFIG_AVAILABLE,"
    " decorate_with=lambda size: parameterize(cut={'size': value(size)}))\n"
    "def cut(text: str, size: int) -> str:\n    return text[:size]\n"
    "def answer(words: list, cut: str, a_prompt: str) -> str:\n    return a_prompt + cut + str(words)\n"
)


def test_a_differing_config_parts_what_it_chooses_or_is_given_to():
    """A node is shared while config changes neither its function, nor a function that it completes, nor its inputs."""
    drivers = [build(FLOW, PROMPT_1, size=1), build(FLOW, PROMPT_1, size=2)]
    power = {"hamilton.enable_power_user_mode": True}
    chosen = [build(CHOSEN, PROMPT_1, how=how, size=1, **power) for how in ("long", "short")]
    completed = [build(CHOSEN, PROMPT_1, how="long", size=size, **power) for size in (1, 2)]
    other = [build(FLOW, PROMPT_1, other=1), build(FLOW, PROMPT_1, other=2)]

    assert frontier(drivers, [{}, {}]) == []
    assert frontier(chosen, [{}, {}]) == ["text"]
    assert frontier(completed, [{}, {}]) == ["text", "words"]
    assert frontier(other, [{}, {}]) == ["words"]


def test_an_output_that_nothing_reaches_is_shared_itself():
    """Without a prompt among what is kept apart, the output is computed once."""
    assert frontier([build(FLOW, PROMPT_1)] * 2, [{}, {}], apart=()) == ["answer"]

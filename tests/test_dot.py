"""The DOT text of a DAG."""

import os
import subprocess
import sys
import types
from pathlib import Path

os.environ.setdefault("HAMILTON_AUTOLOAD_EXTENSIONS", "0")

import pytest
from hamilton import ad_hoc_utils
from hamilton.driver import Builder, Driver

from workbench.graphs.dot import dot_text

FLOW = '''
def words(text: str, limit: int, language: str) -> list[str]:
    """The words."""
    return text.split()

def ask_prompt(tone: str = "dry") -> str:
    """A prompt of a version."""
    return tone + " {words}"

def answers(words: list[str], ask_prompt: str, other_prompt: str, pairs: dict[str, int]) -> str:
    """The output."""
    return ask_prompt + other_prompt
'''

PRINT_DOT = """
import sys
sys.path.insert(0, {tests!r})
from test_dot import drawn, flow_driver
sys.stdout.write(drawn(flow_driver()))
"""


def flow_driver() -> Driver:
    module: types.ModuleType = ad_hoc_utils.module_from_source(FLOW)
    return Builder().with_modules(module).build()


def drawn(driver: Driver, *, show_inputs: bool = True, orient: str = "LR") -> str:
    return dot_text(
        driver,
        prompts=["ask_prompt", "other_prompt"],
        outputs=["answers"],
        shared=["words"],
        show_inputs=show_inputs,
        orient=orient,
    )


@pytest.fixture(scope="module")
def driver():
    return flow_driver()


def line_of(dot: str, name: str) -> str:
    (line,) = [line for line in dot.splitlines() if line.strip().startswith(f"{name} [")]
    return line


def test_nodes_carry_their_kind_and_an_id(driver):
    """A prompt, a shared node and an output can be told apart by class, and each is found by its id."""
    dot = drawn(driver)

    assert 'class="prompt varies"' in line_of(dot, "ask_prompt")
    assert "class=shared" in line_of(dot, "words")
    assert 'class="varies output"' in line_of(dot, "answers")
    assert 'id="n-answers"' in line_of(dot, "answers")


def test_a_prompt_that_is_an_input_has_its_own_box(driver):
    """A prompt given as an input is drawn like a prompt, not as a row of the inputs' box."""
    dot = drawn(driver)

    assert 'class="prompt input"' in line_of(dot, "other_prompt")
    assert "other_prompt -> answers" in dot
    assert "<td>other_prompt</td>" not in dot


def test_other_inputs_stand_in_one_box_per_node(driver):
    """Inputs of a node are rows of one box, sorted by name, as Hamilton draws them."""
    box = line_of(drawn(driver), "_words_inputs")

    assert [name for name in ("language", "limit", "text") if f"<td>{name}</td>" in box] == [
        "language",
        "limit",
        "text",
    ]
    assert box.index("language") < box.index("limit") < box.index("text")


def test_hidden_inputs_leave_the_prompts(driver):
    """Without the inputs, a prompt that is an input is still drawn."""
    dot = drawn(driver, show_inputs=False)

    assert "_inputs" not in dot
    assert "other_prompt -> answers" in dot


def test_nodes_and_edges_are_hamiltons(driver):
    """Without prompts, the drawing has the boxes and arrows of Hamilton's own."""
    ours = dot_text(driver, prompts=[], outputs=[], shared=[], show_inputs=True, orient="LR")
    hamiltons = str(driver.display_all_functions(show_legend=False).source)

    def skeleton(dot):
        lines = [line.strip().split(" [")[0] for line in dot.splitlines()]
        return sorted(line for line in lines if line not in ("graph", "node", "edge"))

    assert skeleton(ours) == skeleton(hamiltons)


def test_direction_is_set(driver):
    """Top to bottom is a graph attribute of the text."""
    assert "rankdir=TB" in drawn(driver, orient="TB")
    assert "rankdir=LR" in drawn(driver, orient="LR")


def test_text_is_the_same_in_every_process(driver):
    """The order of sets, which changes with the hash seed, does not reach the text."""
    here = Path(__file__).parent
    code = PRINT_DOT.format(tests=str(here))

    def in_process(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(here.parent)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        return done.stdout

    assert in_process("1") == in_process("2") == drawn(driver)

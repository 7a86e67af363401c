import ast
import textwrap
from collections.abc import Mapping
from itertools import count
from types import FunctionType, ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.prompts.usage import Use
from workbench.prompts.usage_functions import Uses, asks_a_model
from workbench.prompts.usage_models import is_model_call

_numbers = count()

HELPERS = """
from concurrent.futures import ThreadPoolExecutor
from functools import partial
import asyncio
import threading

client = None


def ask(text, model="m"):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}])


def ask_about(chunk, instruction, model="m"):
    return ask(instruction + chunk, model)


def ask_system(system, text):
    messages = []
    if system:
        messages.append({"role": "system", "content": system})
    messages.append({"role": "user", "content": text})
    return client.chat.completions.create(model="m", messages=messages)


def replaced(template, **values):
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def round_and_round(text, n):
    return other_way(text.format(n=n), n) if n else text


def other_way(text, n):
    return round_and_round(text, n - 1)


class Asker:
    def __init__(self, model):
        self.model = model

    def ask(self, text):
        return client.responses.create(model=self.model, input=text)


asker = Asker("m")
ask_small = partial(ask, model="small")
"""

ASKING = """

def deep(texts):
    return [ask_about(text, texts) for text in texts]


def by_class(text):
    return Asker("m").ask(text)


def handed(texts):
    return map(ask, texts)


def shadowed(ask, asker):
    return ask + asker.text


def none(text):
    return replaced(text)
"""


@pytest.fixture
def load(tmp_path):
    """Source -> the module's names, as an import would give them; nothing is kept of it."""

    def run(source: str) -> Mapping[str, FunctionType]:
        path = tmp_path / f"module_{next(_numbers)}.py"
        path.write_text(source, encoding="utf-8")
        module = ModuleType(path.stem)
        module.__file__ = str(path)
        exec(compile(source, str(path), "exec"), module.__dict__)
        return module.__dict__

    return run


@pytest.fixture
def use_of(load):
    """Body of a function of prompt, chunk, chunks and query -> the use of its prompt."""

    def run(body: str, kind: str = "def", parameter: str = "prompt") -> Use:
        head = f"{kind} node(prompt, chunk='', chunks=(), query='', values=None):\n"
        names = load(HELPERS + "\n\n" + head + textwrap.indent(body, "    "))
        return Uses().of(names["node"])[parameter]

    return run


@pytest.mark.parametrize(
    ("body", "filling", "slots"),
    [
        ("return prompt.format(text=chunk, question=query)", "format", {"text": "chunk", "question": "query"}),
        ("return prompt.format(text='\\n'.join(chunks))", "format", {"text": "chunks"}),
        ("return prompt.strip().format(a=chunk)", "format", {"a": "chunk"}),
        ("return prompt.format(**{'a': chunk})", "format", {"a": "chunk"}),
        ("given = {'a': chunk, 'b': query}\nreturn prompt.format(**given)", "format", {"a": "chunk", "b": "query"}),
        ("return prompt.format_map(dict(a=chunk))", "format", {"a": "chunk"}),
        ("return prompt.format(a=1, **{'b': 2})", "format", {"a": "", "b": ""}),
        ("return [prompt.format(a=each) for each in chunks]", "format", {"a": "each"}),
        ("fill = prompt\nif query:\n    fill = prompt + query\nreturn fill.format(a=chunk)", "format", {"a": "chunk"}),
        # Not all names can be told: a brace must not be taken for a mistake.
        ("return prompt.format(chunk)", "plain", {}),
        ("return prompt.format(**values)", "plain", {}),
        ("return prompt.format(a=chunk, **values)", "plain", {"a": "chunk"}),
        ("given = {'a': chunk}\ngiven['b'] = query\nreturn prompt.format(**given)", "plain", {"a": "chunk"}),
        ("return prompt.format_map(values)", "plain", {}),
        ("return prompt.replace('{a}', chunk).replace('{b}', query)", "plain", {"a": "chunk", "b": "query"}),
        (
            "t = prompt.replace('{a}', chunk)\nt = t.replace('{b}', query)\nreturn t",
            "plain",
            {"a": "chunk", "b": "query"},
        ),
        ("return prompt.replace('<<text>>', chunk)", "plain", {}),
        ("return prompt % chunk", "percent", {}),
        ("return prompt % {'a': chunk}", "percent", {"a": "chunk"}),
        ("from string import Template\nreturn Template(prompt).substitute(a=chunk)", "plain", {}),
        ("return prompt + chunk", "plain", {}),
        ("return f'{prompt}\\n{chunk}'", "plain", {}),
        ("return ask(prompt)", "plain", {}),
        ("return replaced(prompt, ticket=chunk)", "plain", {}),
    ],
)
def test_what_fills_a_prompt_is_read(use_of, body, filling, slots):
    """How it is filled, and which names are filled with what, as far as that is certain."""
    use = use_of(body)

    assert (use.filling, use.slots) == (filling, slots)


@pytest.mark.parametrize(
    "body", ["return prompt.replace('\\n', ' ')", "return len(prompt)", "x = prompt.upper()", "pass"]
)
def test_tidying_up_is_no_filling(use_of, body):
    """Nothing is filled into a text whose blanks are replaced, that is counted, or that is left alone."""
    use = use_of(body)

    assert use.filling is None
    assert not use.is_template


@pytest.mark.parametrize(
    ("body", "glued", "leads"),
    [
        ("return prompt + chunk", ["chunk"], True),
        ("return prompt + '\\n\\n' + chunk + query", ["chunk", "query"], True),
        ("return f'{prompt}\\n---\\n{chunk}'", ["chunk"], True),
        ("return f'Task:\\n{prompt}\\n{chunk}'", ["chunk"], True),
        ("return '\\n'.join([prompt, chunk])", ["chunk"], True),
        ("return '{}: {}'.format(prompt, chunk)", ["chunk"], True),
        ("return '%s: %s' % (prompt, chunk)", ["chunk"], True),
        ("text = prompt\ntext += chunk\nreturn text", ["chunk"], True),
        ("return [ask(prompt + c) for c in chunks]", ["c"], True),
        ("return [ask(p + c) for c, p in zip(chunks, [prompt] * 3)]", ["c"], True),
        ("return prompt.format(q=query) + chunk", ["chunk"], False),
        ("return chunk + prompt", ["chunk"], False),
        ("return f'Answer in the language {prompt}: {chunk}'", ["chunk"], False),
        ("return prompt + '\\nBe brief.'", [], False),
        ("return [{'role': 'system', 'content': prompt}] + [{'role': 'user', 'content': chunk}]", [], False),
    ],
)
def test_what_is_glued_to_a_prompt_has_a_name(use_of, body, glued, leads):
    """What the code puts before or behind it is named; it leads where no value and no sentence stands before it."""
    use = use_of(body)

    assert (list(use.glued), use.leads) == (glued, leads)


@pytest.mark.parametrize(
    "body",
    [
        "return client.chat.completions.create(model='m', messages=[{'role': 'user', 'content': prompt}])",
        "return client.with_options(timeout=3).chat.completions.create(messages=[dict(role='user', content=prompt)])",
        "create = client.chat.completions.create\nreturn create(messages=[{'role': 'user', 'content': prompt}])",
        "chat = {'messages': [{'role': 'user', 'content': prompt}]}\nreturn client.chat.completions.parse(**chat)",
        "with client.chat.completions.stream(messages=[{'role': 'user', 'content': prompt}]) as s:\n    return s",
        "return values.complete([prompt], max_tokens=3)[0]",
        "return ask(prompt)",
        "return ask(text=prompt + chunk)",
        "return ask_small(prompt)",
        "return asker.ask(prompt)",
        "return ask_system(query, prompt)",
        "return ask_about(chunk, prompt)",
        "with ThreadPoolExecutor() as pool:\n    return [pool.submit(ask_about, c, prompt).result() for c in chunks]",
        "with ThreadPoolExecutor() as pool:\n    return list(pool.map(lambda c: ask_about(c, prompt), chunks))",
        "with ThreadPoolExecutor() as pool:\n    return list(pool.map(partial(ask_about, instruction=prompt), chunks))",
        "thread = threading.Thread(target=ask_about, args=(chunk, prompt))\nthread.start()",
        "thread = threading.Thread(target=ask, kwargs={'text': prompt})\nthread.start()",
        "def one(c):\n    return ask_about(c, prompt)\nreturn [one(c) for c in chunks]",
        "def one(text):\n    return ask(text)\nreturn one(prompt)",
        "try:\n    return ask(prompt)\nexcept Exception:\n    raise",
        "while True:\n    if query:\n        return ask(prompt)",
        "match query:\n    case 'a':\n        return ask(prompt)",
        "return ask(str(prompt or 'nothing').strip())",
        "return ask(text) if (text := prompt) else None",
    ],
)
def test_a_prompt_is_followed_to_the_model(use_of, body):
    """Through names, helpers, threads, closures and containers, into the text of the call."""
    assert use_of(body).asked


@pytest.mark.parametrize(
    "body",
    [
        "return await asyncio.gather(*[ask_about(c, prompt) for c in chunks])",
        "return await asyncio.to_thread(ask, prompt)",
        "return await asyncio.get_running_loop().run_in_executor(None, ask, prompt)",
        "async with asyncio.TaskGroup() as group:\n    group.create_task(ask(prompt))",
        "async for each in chunks:\n    await ask(prompt)",
    ],
)
def test_a_prompt_is_followed_through_awaited_code(use_of, body):
    """The same in async functions."""
    assert use_of(body, "async def").asked


@pytest.mark.parametrize(
    "body",
    [
        "return client.chat.completions.create(model=prompt, messages=[{'role': 'user', 'content': chunk}])",
        "return ask(chunk, model=prompt)",
        "return ask(chunk) + prompt",
        "print(prompt)\nreturn ask(chunk)",
        "return client.embeddings.create(model='m', input=prompt)",
        "return client.chat.completions.create(messages=[{'role': prompt, 'content': chunk}])",
        "prompt = chunk\nreturn ask(prompt)",
        "return values.create(prompt)",
    ],
)
def test_what_the_model_does_not_read_is_not_asked(use_of, body):
    """Names of models, roles, texts that are printed, and texts behind an answer reach no model."""
    assert not use_of(body).asked


def test_a_system_message_is_told_apart(use_of):
    """The role is seen where the message is made, be it in a helper."""
    assert use_of("return ask_system(prompt, chunk)").is_system
    assert not use_of("return ask_system(chunk, prompt)").is_system


def test_functions_that_call_each_other_are_read_once(use_of):
    """A cycle ends; what one round tells is there."""
    use = use_of("return ask(round_and_round(prompt, 3))")

    assert use.slots == {"n": "n"}


def test_a_model_is_found_however_deep_it_is_called(load):
    """In the function, in a helper, in a helper's helper, in a class; a parameter of a helper's name is no helper."""
    names = load(HELPERS + ASKING)

    asking = [name for name in ("deep", "by_class", "handed", "shadowed", "none") if asks_a_model(names[name])]

    assert asking == ["deep", "by_class", "handed"]


@pytest.mark.parametrize(
    "source",
    [
        "def node(prompt):\n    return " + "(" * 60 + "prompt" + ")" * 60,
        "def node(prompt):\n    return " + " + ".join(["prompt"] * 900),
        "def node(prompt):\n    return " + "".join(f"(lambda x{n}: " for n in range(40)) + "prompt" + ")(prompt)" * 40,
        "def node(prompt):\n    return " + "prompt.format(a=" * 30 + "prompt" + ")" * 30,
        "def node(prompt):\n"
        + "".join(f"{'    ' * n}for x{n} in prompt:\n" for n in range(1, 19))
        + "    " * 19
        + "prompt",
        "def node(prompt):\n"
        + "".join(f"{'    ' * n}def f{n}():\n" for n in range(1, 15))
        + "    " * 15
        + "return prompt",
        "def node(prompt):\n    "
        + "\n    ".join(f"p{n} = p{n + 1}" for n in range(50))
        + "\n    p50 = p0\n    return p0",
        "def node(prompt):\n    a = {**b}\n    b = {**a}\n    return prompt.format(**a)",
        "def node(prompt):\n    d = {**d}\n    return prompt.format(**d)",
        "node = lambda prompt: prompt",
        "class Odd:\n    @property\n    def __class__(self):\n        raise SystemExit\nodd = Odd()\n"
        "def node(prompt):\n    return odd.ask(odd, prompt)",
        "def wrapped(prompt):\n    return prompt\nwrapped.__wrapped__ = wrapped\nnode = wrapped",
    ],
)
def test_no_source_is_too_odd(load, source):
    """Deep, long, knotted and cyclic code is given up on or read; nothing is raised, and none of its objects runs."""
    names = load(source)

    uses = Uses().of(names["node"])

    assert all(isinstance(use, Use) for use in uses.values())
    assert asks_a_model(names["node"]) in (True, False)


def test_a_function_whose_file_has_changed_tells_nothing(load, tmp_path):
    """What stands in its place by now is another function."""
    names = load("def node(prompt):\n    return prompt.format(a=1)\n")
    (tmp_path / names["__name__"]).with_suffix(".py").write_text("def node(text):\n    return text % 1\n")

    assert Uses().of(names["node"]) == {}


@given(st.text(alphabet="abc.()[]{}'+%,=* \n", max_size=40))
def test_any_expression_can_be_a_call(text):
    """Whatever parses is looked at without an error."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return

    assert all(is_model_call(node) in (True, False) for node in ast.walk(tree) if isinstance(node, ast.Call))

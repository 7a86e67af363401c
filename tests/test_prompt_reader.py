import pytest

from workbench.errors import VersionError
from workbench.prompts.reader import module_doc, read_prompts
from workbench.records import Parameter


def one(source):
    """The only prompt of a source."""
    (prompt,) = read_prompts(source).values()
    return prompt


def returning(expression, parameters='topic: str = "birds", tone: str = "calm"'):
    return one(f"def a_prompt({parameters}) -> str:\n    return {expression}\n")


ARTICLE = '''\
"""Prompts of the summarizer."""


def summarize_chunk_of_text_prompt(content_type: str = "an academic paper") -> str:
    """Prompt for summarizing a chunk of text."""
    return f"Summarize this text from {content_type}. Extract any key points with reasoning.\\n\\nContent:"


def summarize_text_from_summaries_prompt(content_type: str) -> str:
    """Answers the question.

    Slots: query, results.
    """
    return """\\
Answer {{as JSON}} about {content_type}: {query}
{results}
""".replace("{content_type}", content_type)


def helper(text: str) -> str:
    return text
'''


def test_the_articles_functions_are_read_as_templates():
    """An f-string and the replace form give templates, parameters with defaults, docstrings and lines."""
    chunk, summaries = read_prompts(ARTICLE).values()

    assert chunk.template == (
        "Summarize this text from {content_type}. Extract any key points with reasoning.\n\nContent:"
    )
    assert chunk.parameters == (Parameter("content_type", "an academic paper"),)
    assert (chunk.doc, chunk.line, chunk.reason) == ("Prompt for summarizing a chunk of text.", 4, "")
    assert summaries.template == "Answer {{as JSON}} about {content_type}: {query}\n{results}\n"
    assert summaries.parameters == (Parameter("content_type"),)
    assert (summaries.doc, summaries.reason) == ("Answers the question.\n\nSlots: query, results.", "")
    assert module_doc(ARTICLE) == "Prompts of the summarizer."


@pytest.mark.parametrize(
    ("expression", "template"),
    [
        ('"plain {query}"', "plain {query}"),
        ('f"{topic} and {{query}}"', "{topic} and {query}"),
        ('f"{{{{json}}}} {topic}"', "{{json}} {topic}"),
        ('("one " f"{topic}" " {query}")', "one {topic} {query}"),
        ('"one " + f"{topic}" + ("two" + " {query}")', "one {topic}two {query}"),
        ('"about " + topic', "about {topic}"),
        ('"{topic} {tone}".replace("{topic}", topic).replace("{tone}", tone)', "{topic} {tone}"),
        ('"{{{topic}}}".replace("{topic}", topic)', "{{{topic}}}"),
        (" + ".join(['"a"'] * 300), "a" * 300),
    ],
)
def test_texts_in_every_spelling_are_read(expression, template):
    """Literals and f-strings of parameters, in sums or side by side, and replace of parameters are editable."""
    prompt = returning(expression)

    assert (prompt.template, prompt.reason) == (template, "")


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ('f"{topic.upper()}"', "its f-string has more than plain parameters"),
        ('f"{topic!r}"', "its f-string has more than plain parameters"),
        ('f"{topic:>9}"', "its f-string has more than plain parameters"),
        ('f"{topic=}"', "its f-string has more than plain parameters"),
        ('f"{OTHER}"', "it uses OTHER, which is not one of its parameters"),
        ('"a" * 3', "it computes its text"),
        ("open('x').read()", "it calls a function"),
        ('"{topic}".format(topic=topic)', "it calls a function"),
        ('"{topic}".replace("{topic}", topic, 1)', "it calls a function"),
        ('"{topic}".replace("topic", topic)', "it replaces something else than {topic} by topic"),
        ('f"{tone}{{topic}}".replace("{topic}", topic)', "it replaces within more than a plain text"),
        ("None", "it computes its text"),
        ('b"bytes"', "it computes its text"),
    ],
)
def test_what_is_computed_has_a_reason_and_no_template(expression, reason):
    """A prompt that is more than a text says why it can't be edited."""
    prompt = returning(expression)

    assert (prompt.template, prompt.reason) == ("", reason)


@pytest.mark.parametrize(
    ("expression", "template", "reason"),
    [
        ('"two\\nlines {"', "two\nlines {", "line 2, column 7: single {; write {{ for a brace"),
        ('"JSON: {}"', "JSON: {}", "line 1, column 7: {} is not a plain name; write {{ and }} for braces"),
        ('"{" + topic + "}"', "{{topic}}", "a single brace stands against a parameter in its text"),
        (
            '"{{topic}}".replace("{topic}", topic)',
            "{{topic}}",
            "a single brace stands against a parameter in its text",
        ),
        ('"{topic}"', "{topic}", "topic is its parameter, but {topic} is left for the dataflow to fill"),
        ('f"{topic} {{topic}}"', "{topic} {topic}", "topic is its parameter, but {topic} is left for the dataflow"),
    ],
)
def test_a_text_outside_of_the_grammar_is_kept_with_a_reason(expression, template, reason):
    """Lone braces and slots that clash with parameters are told with their place; the text is there to be read."""
    prompt = returning(expression)

    assert prompt.template == template
    assert prompt.reason.startswith(reason)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("async def a_prompt() -> str:\n    return ''", "it is async"),
        ("@config.when(version='v1')\ndef a_prompt() -> str:\n    return ''", "it has a decorator"),
        ("def a__v1_prompt() -> str:\n    return ''", "its name begins with _ or has __"),
        ("def a_prompt():\n    return ''", "it isn't annotated to return str"),
        ("def a_prompt(*texts: str) -> str:\n    return ''", "it takes *arguments"),
        ("def a_prompt(count: int = 3) -> str:\n    return ''", "its parameter count isn't annotated as str"),
        ("def a_prompt(topic) -> str:\n    return ''", "its parameter topic isn't annotated as str"),
        ("def a_prompt(topic: str = None) -> str:\n    return ''", "the default of topic is not a plain text"),
        ("def a_prompt(topic: str = f'') -> str:\n    return ''", "the default of topic is not a plain text"),
        ("def a_prompt(topic: str = '{x}') -> str:\n    return ''", "the default of topic has braces"),
        ("def a_prompt(_topic: str) -> str:\n    return ''", "its parameter _topic begins with _"),
        ("def b() -> str: ...\ndef a_prompt(b: str) -> str:\n    return b", "it is built from b, another function"),
        ("def a_prompt() -> str:\n    text = ''\n    return text", "it has more than one statement"),
        ("def a_prompt() -> str:\n    '''Only this.'''", "it returns no text"),
        ("def a_prompt() -> str:\n    return", "it returns no text"),
        (
            "def a_prompt() -> str:\n    return ''\ndef a_prompt() -> str:\n    return ''",
            "it is defined more than once",
        ),
        ("def a_prompt() -> str:\n    return ''\na_prompt = print", "it is defined more than once"),
        ("from x import y as a_prompt\ndef a_prompt() -> str:\n    return ''", "it is defined more than once"),
        ("if True:\n    def a_prompt() -> str:\n        return ''", "it is defined inside another statement"),
    ],
)
def test_functions_that_are_more_than_a_text_say_why(source, reason):
    """Signatures, decorators, statements and second definitions that hide what runs are named."""
    prompt = one(source)

    assert prompt.reason.startswith(reason)
    assert prompt.template == ""


def test_nothing_is_run(tmp_path):
    """Reading a module with effects at its top, in a decorator and in a default has none of them."""
    trace = tmp_path / "ran"
    effect = f"open({str(trace)!r}, 'w')"
    source = f"{effect}\n@{effect}\ndef a_prompt(topic: str = {effect}) -> str:\n    return f'''{{{effect}}}'''\n"

    prompts = read_prompts(source)

    assert prompts["a_prompt"].reason
    assert not trace.exists()


def test_only_the_named_functions_are_read():
    """Given names, functions of other names are left out, and names need no ending."""
    source = "def a_prompt() -> str:\n    return 'a'\n\ndef opening() -> str:\n    return 'b'\n"

    assert list(read_prompts(source)) == ["a_prompt"]
    assert list(read_prompts(source, ["opening", "missing"])) == ["opening"]


def test_private_functions_and_functions_inside_functions_are_no_prompts():
    """Hamilton makes nodes of public functions of the module only, and so does the reader."""
    source = "def _a_prompt() -> str:\n    def b_prompt() -> str:\n        return ''\n    return ''\n"

    assert read_prompts(source) == {}


def test_a_source_that_is_no_python_is_refused_with_its_line():
    """A syntax error becomes a VersionError that names the line."""
    with pytest.raises(VersionError, match="line 2"):
        read_prompts("x = 1\ndef broken(:\n")


@pytest.mark.parametrize("source", ["x = '\x00'", "'\ud800'", "(" * 5000, "-" * 100_000 + "1", "a" + "+a" * 20_000])
def test_a_source_that_breaks_the_parser_is_refused(source):
    """NUL, lone surrogates and endless nesting end in a VersionError too."""
    with pytest.raises(VersionError):
        read_prompts(source)


def test_a_module_without_a_docstring_has_an_empty_one():
    """module_doc gives an empty text then."""
    assert module_doc("x = 1\n") == ""


def test_a_byte_order_mark_counts_for_nothing():
    """A file that an editor of Windows saved is read like any other."""
    assert read_prompts("\ufeff" + ARTICLE) == read_prompts(ARTICLE)

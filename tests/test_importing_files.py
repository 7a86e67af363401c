import pytest
import yaml

from dataflows.templates import TemplateError
from workbench.importing.failures import ImportFailed
from workbench.importing.imported import Refusal
from workbench.importing.reading import read_prompts_file, read_text
from workbench.importing.renaming import rename_slots


def promptfoo(text, beside=None):
    return read_prompts_file("promptfooconfig.yaml", text.encode(), beside)


def prompty(body, top=""):
    return read_prompts_file("chat.prompty", f"---\n{top}---\n{body}".encode())


CONFIG = """\
# a comment
description: Pets
providers:
  - id: openai:gpt
    config: {apiKey: sk-secret}
prompts:
  - 'Summarize {{text}}'
  - |
    First line.

    {{ query }} as {"a": 1}
  - raw: Answer {{query}} and/or {{text}}
    label: Short answer
    config: {apiKey: sk-secret}
  - {id: 'Say {{x}}', label: Short answer}
  - {raw: 'Ask {{x}}', id: asking}
"""


def test_prompts_of_a_configuration_are_taken():
    """Texts, blocks and mappings with raw or id become templates with the names and lines of the file."""
    imported = promptfoo(CONFIG)

    assert imported.refused == ()
    assert [(prompt.name, prompt.template, prompt.line) for prompt in imported.prompts] == [
        ("prompt_1", "Summarize {text}", 7),
        ("prompt_2", 'First line.\n\n{query} as {{"a": 1}}\n', 8),
        ("short_answer", "Answer {query} and/or {text}", 12),
        ("short_answer_2", "Say {x}", 15),
        ("asking", "Ask {x}", 16),
    ]
    assert imported.notes == ("The config of Short answer was not imported.",)
    assert "sk-secret" not in repr(imported)


@pytest.mark.parametrize(
    ("text", "what", "line", "reason"),
    [
        ("prompts:\n- |\n  a\n  {{ x.y }}\n", "prompt 1", 4, "an expression in {{ }} reads an attribute"),
        ("prompts:\n- >\n  a\n  {{ x.y }}\n", "prompt 1", 2, "an expression in {{ }} reads an attribute"),
        ("prompts: '{% if x %}{% endif %}'", "prompt 1", 1, "a {% if %} block"),
        ("prompts: ['x', 5]", "prompt 2", 1, "it is no text"),
        ("prompts:\n- x\n- [a, b]", "prompt 2", 3, "it is no text"),
        ("prompts:\n- !!python/object/apply:os.system [ls]", "prompt 1", 2, "it is no text"),
        ("prompts:\n- {label: L, function: f}", "L", 2, "it is a function, which runs code"),
        ("prompts:\n- {label: L}", "L", 2, "it has no text under raw or id"),
        ("prompts:\n- {raw: [a], id: b}", "b", 2, "it has no text under raw or id"),
        ("prompts:\n- exec:./make.sh", "prompt 1", 2, "it runs a program"),
        ("prompts:\n- langfuse://greeting:3", "prompt 1", 2, "langfuse://greeting:3 is stored in another service"),
        ("prompts:\n- file://make.py", "prompt 1", 2, "make.py is code, which is not run"),
        ("prompts:\n- file://make.PY:fn", "prompt 1", 2, "make.PY:fn is code, which is not run"),
        ("prompts:\n- make.mjs", "prompt 1", 2, "make.mjs is code, which is not run"),
        ("prompts:\n- file://p/*.txt", "prompt 1", 2, "p/*.txt stands for several files; each has to be named"),
        ("prompts:\n- file://a.csv", "prompt 1", 2, "a.csv is no kind of file that is read here"),
        ("prompts:\n- p/a.txt", "prompt 1", 2, "the file p/a.txt was not given with this one"),
        ("prompts:\n- {label: L, raw: file://a.txt}", "L", 2, "the file a.txt was not given with this one"),
        ("prompts: {a.txt: first}", "first", 1, "the file a.txt was not given with this one"),
    ],
)
def test_entries_that_are_no_text_with_slots_are_refused(text, what, line, reason):
    """Code, services, files that aren't there and templates that compute are told with their line."""
    (refusal,) = promptfoo(text, {"make.py": b"x", "make.PY": b"x", "a.csv": b"x", "p/*.txt": b"x"}).refused

    assert (refusal.what, refusal.line) == (what, line)
    assert refusal.reason.startswith(reason)


def test_files_given_beside_a_configuration_are_read():
    """A .txt file is split at lines of ---, .md and .j2 files are taken whole, chats by their only message."""
    beside = {
        "p/a.txt": b"\nOne {{x}}\n\n --- \nTwo\r\n---\n\n",
        "b.md": b"# Title\n---\n{{y}}\n",
        "c.j2": b"{# note #}Three",
        "d.json": b'[{"role": "user", "content": "Four {{z}}\\n"}]',
        "e.yaml": b"- role: user\n  content: Five\n",
    }
    text = "prompts: [file://p/a.txt, file://./b.md, {raw: file://deep/c.j2, label: Third}, d.json, file://e.yaml]"

    imported = promptfoo(text, beside)

    assert imported.refused == ()
    assert [(prompt.name, prompt.template, prompt.line) for prompt in imported.prompts] == [
        ("a", "One {x}", 2),
        ("a_2", "Two", 5),
        ("b", "# Title\n---\n{y}\n", 1),
        ("third", "Three", 1),
        ("d", "Four {z}\n", 1),
        ("e", "Five", 1),
    ]


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        (
            "a.txt",
            b"x\n---\n\ny {{z|e}}",
            ("a.txt", 4, "an expression in {{ }} uses the filter e; a slot is a plain name"),
        ),
        ("a.txt", b"x\xff", ("prompt 2", 3, "a.txt is not UTF-8: byte 0xff at offset 1")),
        ("a.json", b'{"a": 1}', ("a.json", 1, "it is no list of messages")),
        ("a.yaml", b"a: 1", ("a.yaml", 1, "it is no list of messages")),
        ("a.yaml", b"\n[", ("a.yaml", 1, "a.yaml can't be read as YAML at line")),
    ],
)
def test_a_bad_file_beside_is_refused_by_its_name(name, content, refusal):
    """The other prompts of the configuration are taken nevertheless."""
    imported = promptfoo(f"prompts:\n- Hello\n- file://{name}", {name: content})

    what, line, reason = refusal
    assert imported.prompts[0].template == "Hello"
    assert [(found.what, found.line) for found in imported.refused] == [(what, line)]
    assert imported.refused[0].reason.startswith(reason)


@pytest.mark.parametrize(
    ("chat", "template"),
    [
        ("[{role: user, content: 'Hi {{x}}'}]", "Hi {x}"),
        ("""'[{"role": "user", "content": "Hi {{x}}"}]'""", "Hi {x}"),
        ("[{role: user, content: [{type: text, text: 'Hi'}]}]", "Hi"),
        ("""'[{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]'""", "Hi"),
        ("[{role: system, content: Hi}]", "Hi"),
        ("'[not a chat] {{x}}'", "[not a chat] {x}"),
    ],
)
def test_a_chat_of_one_message_is_taken(chat, template):
    """As YAML or as JSON; when it is not the user's, a note says so."""
    imported = promptfoo(f"prompts:\n- {chat}")

    assert [prompt.template for prompt in imported.prompts] == [template]
    assert bool(imported.notes) == ("system" in chat)


@pytest.mark.parametrize(
    ("chat", "reason"),
    [
        (
            "[{role: system, content: a}, {role: user, content: b}]",
            "it has several messages (system, user), and our dataflow sends one text",
        ),
        (
            """'[{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]'""",
            "it has several messages (system, user), and our dataflow sends one text",
        ),
        ("[{role: assistant, content: a}]", "its only message has the role assistant, which asks nothing"),
        ("[{role: user, content: [{type: image_url}]}]", "its user message is more than one text"),
        ("[{role: user}]", "its user message is more than one text"),
        ("""'[{"role": "user", "content": {% if x %}"a"{% endif %}}]'""", "it looks like a chat, but can't be read as"),
    ],
)
def test_a_chat_that_is_no_single_text_is_refused(chat, reason):
    """Several messages, images and templates around messages can't be sent as one text."""
    (refusal,) = promptfoo(f"\nprompts:\n- {chat}").refused

    assert refusal.line == 3
    assert refusal.reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file has no prompts"),
        ("tests: []", "the file has no prompts"),
        ("prompts: []", "the file has no prompts"),
        ("prompts:", "the file has no prompts"),
        ("a: 1\nprompts: [", "can't be read as YAML at line 2"),
        ("prompts: [x]\nprompts: [y]", "has the key prompts twice, again at line 2"),
        ("prompts: [*x]", "at line 1: found undefined alias"),
        ("prompts: [x]\n---\nprompts: [y]", "at line 2"),
        ("prompts: " + "[" * 100_000, "can't be read as YAML at line 1"),
        ("prompts: [a\x01]", "can't be read as YAML at line"),
        ("prompts: [" + "a," * 501 + "]", "the file has 501 prompts; at most 500"),
    ],
)
def test_a_configuration_that_cant_be_read_fails_with_its_place(text, message):
    """No prompts, no YAML, a key twice, endless nesting and too many prompts name the file and the line."""
    with pytest.raises(ImportFailed) as caught:
        promptfoo(text)

    assert caught.value.message.startswith("promptfooconfig.yaml: ")
    assert message in caught.value.message


def test_an_error_in_yaml_doesnt_show_what_stands_there():
    """The line may hold a key."""
    with pytest.raises(ImportFailed) as caught:
        promptfoo("apiKey: sk-secret: x\n")

    assert "sk-secret" not in f"{caught.value.message}{caught.value.hint}"


def test_aliases_cant_make_more_than_a_file_may_hold():
    """500 aliases of one long text are refused, and a bomb of lists is no prompt."""
    with pytest.raises(ImportFailed, match="more than 1,000,000 characters together"):
        promptfoo(f"a: &a {'x' * 10_000}\nprompts: [{'*a,' * 500}]")

    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    imported = promptfoo(f"{bomb}prompts: [ok, *k]\ntests: *k\n")
    assert imported.refused == (Refusal("prompt 2", 11, "it is no text"),)
    assert len(imported.tests_source) < 2_000


def test_the_tests_of_a_configuration_are_kept_as_yaml():
    """What tests and defaultTest mean to a YAML reader stays; prompts and keys of the file don't come along."""
    text = (
        "env: {KEY: sk-secret}\nshared: &s |\n  two\n   lines  \n\nprompts: [x]\n"
        "tests:\n- vars: {a: *s, b: 5, c: '5', d: null, e: \"\\t é\", f: yes, g: 1e3, h: '~'}\n  assert: # why\n"
        "  - type: equals\n    value: >-\n      folded\n      text\n\n      more\ndefaultTest: {threshold: 0.5}\n"
    )

    source = promptfoo(text).tests_source

    whole = yaml.safe_load(text)
    assert yaml.safe_load(source) == {"tests": whole["tests"], "defaultTest": whole["defaultTest"]}
    assert "sk-secret" not in source
    assert promptfoo("prompts: [x]").tests_source == ""
    assert promptfoo("prompts: [x]\ntests: file://t.yaml").tests_source == "tests: file://t.yaml\n"


def test_a_bare_list_is_read_as_prompts():
    """A file that a configuration's `prompts` would point to is a list only."""
    imported = promptfoo("- a {{x}}\n- {raw: b, label: second}\n")

    assert [(prompt.name, prompt.template) for prompt in imported.prompts] == [("prompt_1", "a {x}"), ("second", "b")]


OLD = """\
name: Basic Prompt
description: A prompt.
model:
  api: chat
  configuration: {type: openai, api_key: sk-secret}
inputs:
  first: {type: string, sample: sk-sample}
  last: Doe
sample:
  question: What?
  unused: nothing
"""


def test_the_old_form_of_prompty_is_read():
    """Name, description, template and sample values are taken; what is said of the model is not."""
    imported = prompty("\nuser:\n\nI am {{first}} {{last}}.\n\n{{question}}\n", OLD)

    (prompt,) = imported.prompts
    assert (prompt.name, prompt.doc, prompt.line) == ("basic_prompt", "A prompt.", 17)
    assert prompt.template == "I am {first} {last}.\n\n{question}"
    assert imported.notes == (
        "{first} has the sample value “sk-sample”.",
        "{last} has the sample value “Doe”.",
        "{question} has the sample value “What?”.",
    )
    assert "sk-secret" not in repr(imported)


@pytest.mark.parametrize(
    "top",
    [
        "inputs:\n- {name: x, kind: string, default: 5}\n",
        "inputSchema:\n  properties:\n  - {name: x, default: 5}\n",
        "inputSchema: {properties: {x: {kind: string, default: 5}}}\n",
        "inputSchema: {x: 5}\n",
        "inputs: {x: {type: string, default: 5}}\n",
        "sample: {x: 5}\n",
    ],
)
def test_sample_values_are_found_in_every_form(top):
    """Lists and mappings, under inputs, inputSchema or sample, give the same note."""
    assert prompty("{{x}} {{y}}", top).notes == ("{x} has the sample value “5”.",)


@pytest.mark.parametrize(
    ("top", "body", "template"),
    [
        ("", "Hi {{ x }}", "Hi {x}"),
        ("template: mustache\n", "Hi {{{x}}}", "Hi {x}"),
        ("template: {type: mustache}\n", "Hi {{{x}}}", "Hi {x}"),
        ("template: {format: handlebars, parser: prompty}\n", "Hi {{{x}}}", "Hi {x}"),
        ("template: {format: {kind: mustache}, parser: {kind: prompty}}\n", "Hi {{{x}}}", "Hi {x}"),
        ("template: jinja2\n", "Hi {# no #}{{ x }}", "Hi {x}"),
        ("", "# USER :\r\nHi\r\n", "Hi"),
        ("", 'user[name="Al"]:\n  Hi  \n', "  Hi  "),
        ("", "user:\nsystem: is no role line\nuser:", "system: is no role line"),
    ],
)
def test_the_body_is_read_in_its_language(top, body, template):
    """Jinja unless the top says Mustache, below a role line or without one."""
    imported = prompty(body, top)

    assert [prompt.template for prompt in imported.prompts] == [template]


@pytest.mark.parametrize(
    ("top", "body", "line", "reason"),
    [
        (
            "",
            "system:\nBe brief.\nuser:\n{{x}}",
            3,
            "it has several parts (system, user), and our dataflow sends one text",
        ),
        ("", "Be brief.\nuser:\n{{x}}", 3, "it has several parts (none, user), and our dataflow sends one text"),
        ("", "assistant:\nHi", 3, "its only part has the role assistant, which asks nothing"),
        ("name: x\n", "user:\n\n", 4, "it has no text"),
        ("name: x\n", "user:\n\na\n{{ x.y }}", 7, "an expression in {{ }} reads an attribute; a slot is a plain name"),
        (
            "template: mustache\n",
            "\n{{#x}}{{/x}}",
            5,
            "{{#x}} belongs to a section, which is more than a text with slots",
        ),
        ("template: liquid\n", "user:\nHi", 5, "the template language liquid is not read here"),
    ],
)
def test_a_prompty_that_is_no_single_text_is_refused(top, body, line, reason):
    """Several parts, answers and templates that compute are told with their line in the file."""
    imported = prompty(body, top)

    assert imported.prompts == ()
    assert [(refusal.line, refusal.reason) for refusal in imported.refused] == [(line, reason)]


def test_a_prompty_for_the_system_or_with_an_image_has_a_note():
    """Both mean something else to Prompty than to our dataflow."""
    notes = prompty("system:\nLook: ![a](b.png)").notes

    assert notes[0].startswith("A text for the role system was taken")
    assert notes[1].startswith("An image in Markdown stays text")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hi", "no YAML between two lines of ---"),
        ("---\nname: x\n", "no YAML between two lines of ---"),
        ("---\n- a\n---\nHi", "is no list of keys and values"),
        ("---\na: 1\nb: [\n---\nHi", "can't be read as YAML at line"),
        ("---\na: 1\na: 2\n---\nHi", "has the key a twice"),
    ],
)
def test_a_prompty_without_a_readable_top_fails(text, message):
    """The lines of --- and the YAML between them have to be there."""
    with pytest.raises(ImportFailed, match=message):
        read_prompts_file("a.prompty", text.encode())


@pytest.mark.parametrize(
    ("template", "names", "renamed"),
    [
        ("{text} and {text}", {"text": "chunk"}, "{chunk} and {chunk}"),
        ("{a}{b}", {"a": "b", "b": "a"}, "{b}{a}"),
        ("{{a}} {a}", {"a": "b"}, "{{a}} {b}"),
        ("{{{a}}}", {"a": "b"}, "{{{b}}}"),
        ("{a}", {}, "{a}"),
        ("{a}", {"a": "a", "other": "not a name"}, "{a}"),
    ],
)
def test_slots_are_renamed_all_at_once(template, names, renamed):
    """Texts that look like slots stay, and two slots may swap their names."""
    assert rename_slots(template, names) == renamed


@pytest.mark.parametrize(
    ("template", "names", "message"),
    [
        ("x {a}", {"a": "b c"}, "line 1, column 3: {a} can't be renamed: 'b c' is not a plain name"),
        ("{a}", {"a": "class"}, "{a} can't be renamed: 'class' is a Python keyword"),
        ("{a}\n{b}", {"a": "b"}, "line 2, column 1: {a} and {b} would both become {b}"),
        ("{a}{b}", {"a": "c", "b": "c"}, "{a} and {b} would both become {c}"),
        ("{", {}, "single {"),
    ],
)
def test_a_renaming_that_loses_a_slot_is_refused(template, names, message):
    """Names that can't be slots and names that would merge two are told with their place."""
    with pytest.raises(TemplateError) as caught:
        rename_slots(template, names)

    assert message in str(caught.value)


def test_read_text_takes_a_format_that_the_name_doesnt_tell():
    """A text pasted by hand is read as the person says."""
    assert read_text("mustache", "{{&x}}", "pasted").prompts[0].template == "{x}"
    assert read_text("promptfoo", "prompts: ['{{x}}']", "").prompts[0].template == "{x}"

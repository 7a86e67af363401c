"""The Import page without a browser: a file's prompts become a draft on the Workbench."""

import json

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from tests.pages import chosen, shown
from workbench.state.bench import Bench
from workbench.state.record_json import from_json
from workbench.state.workspaces import Workspaces

pytest_plugins = ["tests.page_fixtures"]

PROMPTFOO = json.dumps({"prompts": ["Sum up {{text}}", "Answer {{query}} from {{notes}}", "{% if x %}y{% endif %}"]})


def visited(desk, name, content):
    """The page with a file dropped on it."""
    app = desk.open("pages/import_prompts.py")
    app.file_uploader[0].upload(name, content, "text/plain").run()
    return app


def drafts(desk):
    """Label -> templates of the drafts on this desk's bench."""
    kept = Workspaces(desk.home / "workbench.db").read(desk.id)
    return {
        label: dict(draft.templates) for label, draft in from_json(kept["summarization:bench"], Bench).drafts.items()
    }


def test_the_page_opens_with_what_to_do(desk):
    """Without a file it says what it takes and that nothing is run."""
    app = desk.open("pages/import_prompts.py")

    assert "read, never run" in shown(app)


def test_prompts_of_another_tool_become_a_draft(desk):
    """Slots are mapped to ours, what can't be said is left out with its reason, and the draft stands on the bench."""
    app = visited(desk, "promptfooconfig.yaml", PROMPTFOO.encode())

    assert "line 1" in shown(app)
    assert app.selectbox(key="target-0").value == CHUNK_PROMPT
    assert app.selectbox(key="target-1").value == LAST_PROMPT
    app.button(key="open-draft").click().run()

    assert "v3-draft" in app.success[0].value
    assert drafts(desk)["v3-draft"] == {CHUNK_PROMPT: "Sum up {chunk}", LAST_PROMPT: "Answer {query} from {results}"}
    assert "v3-draft" in chosen(desk.open())


def test_one_prompt_can_be_left_out(desk):
    """A prompt that takes nobody's place is not in the draft."""
    app = visited(desk, "promptfooconfig.yaml", PROMPTFOO.encode())

    app.selectbox(key="target-0").set_value("leave out").run()
    app.button(key="open-draft").click().run()

    assert list(drafts(desk)["v3-draft"]) == [LAST_PROMPT]


def test_two_prompts_can_not_take_one_place(desk):
    """Both chosen for the same prompt, the page says so and there is nothing to press."""
    app = visited(desk, "promptfooconfig.yaml", PROMPTFOO.encode())

    app.selectbox(key="target-0").set_value(LAST_PROMPT).run()

    assert "leave one out" in shown(app)
    assert app.button(key="open-draft").disabled


def test_a_python_file_is_read_and_not_run(desk):
    """Functions that return a text are offered; one with logic is left out; top-level code is not run."""
    source = (
        'raise SystemExit("run")\n\n'
        "def last_prompt(tone: str = 'dry') -> str:\n    return f'Say it {tone}: {{results}}'\n\n"
        "def other_prompt() -> str:\n    return 'a'.upper()\n"
    )

    app = visited(desk, "prompts.py", source.encode())

    assert "other_prompt" in shown(app)
    assert not app.exception
    assert app.code[0].value == "Say it {tone}: {results}"


def test_a_file_that_is_no_text_is_refused_in_a_sentence(desk):
    """Bytes that are not UTF-8 are told with what to do, and nothing else is shown."""
    app = visited(desk, "prompts.txt", b"\xff\xfe\x00")

    assert app.error[0].value
    assert not app.exception
    assert [button.key for button in app.button if button.key == "open-draft"] == []

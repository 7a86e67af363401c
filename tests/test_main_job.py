"""The main job, in a real browser: upload, edit, run, compare, export; and what must not get lost on the way."""

import re
import runpy
import subprocess
import threading

import pytest
from playwright.sync_api import expect

from dataflows.templates import fill
from tests.endpoint_replies import short_answer
from tests.pdfs import encrypted_pdf, japanese_pdf, slow_pdf, text_pdf, truncated_pdf
from workbench import settings

pytest_plugins = ["tests.browser_fixtures"]
pytestmark = pytest.mark.browser

LIT = re.compile(r"\blit\b")
QUERY = "What is the core argument, and what supports it?"


def pdf_of(topic, sentences=10):
    """A PDF of one page; another topic gives calls that nobody made before."""
    return text_pdf([f"This page is about {topic}. {topic.capitalize()} need care every day. " * sentences])


def all_done(visitor, *labels):
    for label in labels or ("v1", "v2", "v3"):
        visitor.sees(label, "Done")


def git(app, *arguments):
    """What git says in the app's checkout."""
    done = subprocess.run(["git", *arguments], cwd=app.checkout, capture_output=True, text=True, check=True)
    return done.stdout


def collates(request):
    """Whether it is the last call of v1 or v2."""
    return request.prompt.startswith("Collate")


def test_from_a_pdf_to_a_new_version(app, visitor):
    """A PDF, an edited prompt and three streamed answers end in a version that asks what was run, listed at once."""
    app.endpoint.answer = lambda request: short_answer(request, 60)
    seen = len(app.endpoint.requests)
    page = visitor.page

    visitor.bring("bees.pdf", text_pdf([f"Bees visit {flower} in June. " * 150 for flower in ("clover", "thyme")]))
    visitor.edit(2, "In one line, {query}\n{results}\nEnd.")
    visitor.run()

    page.wait_for_function(
        "document.querySelector('.st-key-answer-v3-draft .wb-answer')?.innerText.length > 0"
        " && document.querySelector('.st-key-stop') !== null"
    )
    all_done(visitor, "v1", "v2", "v3-draft")
    assert len({visitor.answer(label) for label in ("v1", "v2", "v3-draft")}) == 3

    visitor.choose("what", "Answers")
    expect(page.locator(".st-key-diff ins").first).to_be_visible()
    expect(page.locator(".st-key-diff del").first).to_be_visible()
    visitor.choose("what", "Steps")
    expect(page.locator(".st-key-steps-bar")).to_contain_text("v2 parts from v1 at chunk 1 of summarized_chunks")
    expect(page.locator(".st-key-diff ins").first).to_be_visible()

    visitor.go("Export")
    with page.expect_download() as download:
        page.get_by_role("button", name="prompts_v4.py", exact=True).click()
    expect(page.locator(".wb-proof .wb-shown")).to_have_count(4)
    page.get_by_role("button", name="Write prompts_v4.py").click()
    expect(page.get_by_text("prompts_v4.py is written")).to_be_visible()
    written = runpy.run_path(str(app.prompts / "prompts_v4.py"))
    assert download.value.path().read_bytes() == (app.prompts / "prompts_v4.py").read_bytes()
    template = written["summarize_text_from_summaries_prompt"]()
    requests = app.endpoint.requests[seen:]
    summaries = [app.endpoint.answer(own) for own in requests if own.prompt.startswith("Text:")]
    asked = {fill(template, {"query": QUERY, "results": "\n".join(order)}) for order in (summaries, summaries[::-1])}
    assert template == "In one line, {query}\n{results}\nEnd."
    assert [own.prompt in asked for own in requests].count(True) == 1

    visitor.go("Workbench")
    expect(visitor.chips()).to_have_text(["v1", "v2", "v3", "v4", "v3-draft"])


def test_the_door_from_the_bench_to_a_branch_and_back(app, visitor):
    """A draft that was run is proved and put on a branch, text and commands at hand; then v2 is made the current one.

    The checkout stays as it was, with what somebody was working on in it.
    """
    page = visitor.page
    visitor.bring("wasps.pdf", pdf_of("wasps"))
    visitor.edit(2, "Briefly, {query}\n{results}")
    visitor.run()
    all_done(visitor, "v1", "v2", "v3-draft")
    (app.checkout / "notes.txt").write_text("in the middle of something")
    before = git(app, "status", "--porcelain")
    asked = len(app.endpoint.requests)

    visitor.go("Export")
    page.locator(".st-key-reason input").fill("one sentence is enough")
    page.locator(".st-key-with-cases label").first.click()
    page.get_by_role("button", name="Make branch prompts").click()

    delivered = page.locator(".st-key-delivered")
    expect(delivered).to_contain_text("gh pr create")
    expect(delivered.get_by_role("link")).to_have_attribute(
        "href", re.compile("github.com/example/prompts/compare/main")
    )
    branch = re.search(r"prompts/summarization-v\d+", delivered.inner_text())[0]
    number = branch.rpartition("v")[2]
    assert git(app, "diff", "--name-only", "main", branch).split() == [
        f"datasets/summarization/recorded_v{number}.json",
        f"prompts/summarization/prompts_v{number}.py",
    ]
    assert "one sentence is enough" in git(app, "log", "-1", "--format=%s", branch)
    page.get_by_role("tab", name="Pull request").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("0 new calls")

    visitor.unfold("current-version")
    page.get_by_role("button", name="Make branch: current is v2").click()
    expect(page.locator(".st-key-current-version")).to_contain_text("the gate passed with 0 calls")
    assert "+from . import prompts_v2 as prompts" in git(app, "diff", "main", "prompts/summarization-current-v2")
    assert git(app, "status", "--porcelain") == before
    assert len(app.endpoint.requests) == asked


def test_the_strip_of_steps_leads_to_each_difference(app, visitor):
    """The first difference is open; F8 opens the next, a click any step, and so do the arrows with Enter."""

    def answer(request):
        parts = re.findall(r"Part (\d)", request.prompt)
        apart = request.prompt.startswith("Summarize this text from") and {"3", "5"} & set(parts)
        return f"Parts {' '.join(parts)} tell of bees{' in a paper' if apart else ''}."

    app.endpoint.answer = answer
    page = visitor.page
    shown = page.locator(".st-key-diff")
    cells = page.locator(".st-key-steps .cells").first.locator(".cell")
    visitor.bring("parts.pdf", text_pdf([f"Part {part}. " + "Bees visit clover in June. " * 200 for part in range(7)]))
    visitor.run()
    all_done(visitor)

    visitor.choose("what", "Steps")

    line = re.compile("v2 parts from v1 at chunk [2-5] of summarized_chunks")
    expect(page.locator(".st-key-steps-bar")).to_contain_text(line)
    expect(shown).to_contain_text(re.compile("Parts( 2)? 3 "))
    expect(shown.locator("ins")).to_have_text("in a paper")
    expect(page.locator(".st-key-steps")).to_contain_text(re.compile(r"2 of \d differ"))
    page.keyboard.press("F8")
    expect(shown).to_contain_text(re.compile("Parts( 4)? 5 "))
    cells.first.click()
    expect(shown).to_contain_text("v1 and v2 are identical")
    expect(cells.first).to_have_attribute("aria-selected", "true")
    assert "page 1" in cells.first.get_attribute("title")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-step-line")).to_have_text("prompt_and_text_content")


def test_a_grid_of_prompts_makes_each_call_once(app, visitor):
    """Two versions of each prompt on N chunks are 2·N + 4 calls; a click opens a combination beside the baseline."""
    page = visitor.page
    cells = page.get_by_role("grid", name="Combinations").locator(".cell")
    visitor.bring("moths.pdf", text_pdf([f"Part {part}. " + "Moths visit thyme at night. " * 200 for part in range(3)]))
    page.get_by_role("link", name="Combine in a grid").click()
    for axis in ("down", "across"):
        visitor.choose(f"axis-{axis}", "v3")
    expect(page.locator(".st-key-run")).to_contain_text("Run 4 combinations")
    chip = page.locator(".wb-chip-detail")
    expect(chip).to_contain_text("chunks")
    (chunks,) = re.findall(r"(\d+) chunks", chip.inner_text())
    before = len(app.endpoint.requests)

    visitor.run()

    for cell in range(4):
        expect(cells.nth(cell)).to_contain_text("Done")
    prompts = [request.prompt for request in app.endpoint.requests[before:]]
    assert len(prompts) == len(set(prompts)) == 2 * int(chunks) + 2 * 2
    cells.nth(2).click()
    said = page.locator(".st-key-steps-bar")
    expect(said).to_contain_text("v2 × v1 parts from v1 × v1 at chunk 1 of summarized_chunks")
    expect(cells.nth(1)).to_contain_text("parts at prompt_and_text_content")
    page.reload()
    expect(cells.nth(2)).to_have_attribute("aria-selected", "true")
    expect(cells.nth(3)).to_contain_text("Done")
    assert len(app.endpoint.requests) == before + len(prompts)


def test_work_survives_refresh_page_switch_and_a_killed_server(app, visitor):
    """Draft, document and answers are there after another page, after a refresh, and after the server was killed."""

    def still_there():
        expect(visitor.page.locator(".wb-chip-name")).to_have_text("moss.pdf")
        expect(visitor.editor(2)).to_have_value("Only {results}")
        visitor.sees("v3-draft", "Done")
        assert visitor.answer("v3-draft") == answer

    visitor.bring("moss.pdf", pdf_of("moss"))
    visitor.edit(2, "Only {results}")
    visitor.run()
    all_done(visitor, "v1", "v2", "v3-draft")
    answer = visitor.answer("v3-draft")

    visitor.go("Dataflow")
    visitor.node("summarized_text").wait_for()
    visitor.go("Workbench")
    still_there()
    visitor.page.reload()
    still_there()
    visitor.page.close()
    app.restart()
    visitor.open()
    still_there()


def test_stop_keeps_what_was_answered(app, visitor):
    """Stop ends the calls on their way within a moment; the next run makes these calls only."""
    app.endpoint.fault = lambda request: "hang in the middle" if collates(request) else ""
    hanging = len(app.endpoint.requests)
    visitor.bring("owls.pdf", pdf_of("owls"))
    visitor.run()
    visitor.sees("v3", "Done")
    assert app.endpoint.wait_until(lambda: sum(map(collates, app.endpoint.requests[hanging:])) == 2)

    visitor.page.locator(".st-key-stop button").click()

    visitor.sees("v1", "Stopped")
    visitor.sees("v2", "Stopped")
    visitor.sees("v3", "Done")
    assert app.endpoint.wait_until(lambda: sum(request.aborted for request in app.endpoint.requests[hanging:]) == 2)
    app.endpoint.fault = lambda request: ""
    before = len(app.endpoint.requests)
    visitor.run()
    all_done(visitor)
    again = app.endpoint.requests[before:]
    assert [collates(request) for request in again] == [True, True]


def test_a_run_goes_on_when_its_tab_is_closed(app, visitor):
    """Calls that were waiting when the tab closed are made; a new tab shows the answers."""
    gate = threading.Event()
    app.endpoint.answer = lambda request: short_answer(request, 12) if gate.wait(20) else ""
    before = len(app.endpoint.requests)
    visitor.bring("fern.pdf", pdf_of("fern"))
    visitor.run()
    assert app.endpoint.wait_until(lambda: len(app.endpoint.requests) > before)

    visitor.page.close()
    asked_while_open = len(app.endpoint.requests) - before
    gate.set()

    assert asked_while_open <= 3
    assert app.endpoint.wait_until(lambda: len(app.endpoint.requests) == before + 6)
    visitor.open()
    all_done(visitor)
    assert len(app.endpoint.requests) == before + 6


def test_two_browsers_never_see_each_others_work(visit, visitor):
    """A second browser has neither document, draft nor answers of the first, and its own don't reach the first."""
    visitor.bring("kelp.pdf", pdf_of("kelp"))
    visitor.edit(0, "Mine: {results}")
    visitor.run()
    all_done(visitor, "v1-draft", "v2", "v3")

    other = visit()

    expect(other.page.get_by_text("No answer from v1 yet.")).to_be_visible()
    expect(other.page.locator("input[type=file]")).to_be_attached()
    expect(other.chips()).to_have_text(["v1", "v2", "v3"])
    expect(other.editor(0)).not_to_have_value("Mine: {results}")
    other.bring("reed.pdf", pdf_of("reed"))
    other.edit(1, "Theirs: {results}")
    visitor.page.reload()
    expect(visitor.page.locator(".wb-chip-name")).to_have_text("kelp.pdf")
    expect(visitor.chips()).to_have_text(["v1", "v2", "v3", "v1-draft"])
    visitor.sees("v1-draft", "Done")


def test_retry_finishes_the_variant_that_failed(app, visitor):
    """A refused call fails its own variant; Retry makes that call again and leaves the others as they were."""
    app.endpoint.fault = lambda request: "401" if "extracted from an academic paper" in request.prompt else ""
    visitor.bring("elms.pdf", pdf_of("elms"))
    visitor.run()
    visitor.sees("v1", "Done")
    visitor.sees("v3", "Done")
    visitor.sees("v2", "Failed")
    visitor.settle()
    others = [visitor.card(label).inner_text() for label in ("v1", "v3")]
    expect(visitor.card("v2").get_by_role("alert")).to_contain_text("key")

    app.endpoint.fault = lambda request: ""
    before = len(app.endpoint.requests)
    visitor.card("v2").get_by_role("button", name="Retry").click()

    visitor.sees("v2", "Done")
    visitor.settle()
    assert len(app.endpoint.requests) == before + 1
    assert [visitor.card(label).inner_text() for label in ("v1", "v3")] == others


@pytest.mark.parametrize(
    ("path", "sign"), [("/dataflow", "svg g.node"), ("/export", ".st-key-write"), ("/settings", ".st-key-store")]
)
def test_a_deep_link_works_on_a_fresh_server(app, visit, path, sign):
    """A page's own address, the first one asked of a server, shows that page under the top bar, and leads on."""
    app.restart()

    visitor = visit(path)

    visitor.page.locator(sign).first.wait_for()
    titles = re.findall('title="([^"]+)", icon', (settings.ROOT / "pages" / "shared" / "shell.py").read_text())
    links = visitor.page.get_by_role("navigation").get_by_role("link")
    assert titles[0] == "Workbench"
    expect(links).to_have_text([re.compile(f"{re.escape(title)}$") for title in titles], timeout=15_000)
    assert visitor.page.locator("[data-testid=stSidebar]").count() == 0
    visitor.go("Workbench")
    expect(visitor.editor(0)).to_be_visible()


def test_each_form_is_drawn_and_its_nodes_tell_what_they_are(visit):
    """Prompts as inputs, in the dataflow's module or in a version's: a click, or Tab and Enter, tells of a node."""
    visitor = visit("/dataflow")
    card = visitor.page.locator(".st-key-node")
    forms = {
        "Prompts as inputs": "An input of the dataflow.",
        "In the dataflow's module": "One or two sentences about one chunk, with its figures.",
        "Where they are": "One or two sentences about one chunk, with its figures.",
    }

    for form, told in forms.items():
        visitor.page.locator(".st-key-drawn button").first.click()
        visitor.choose("form", form)
        visitor.page.keyboard.press("Escape")
        visitor.node("summarize_chunk_of_text_prompt").click()
        expect(card).to_contain_text(told)
        expect(visitor.node("summarized_text")).to_have_class(LIT)
        expect(visitor.node("chunked_text")).not_to_have_class(LIT)

        visitor.tab_to(visitor.node("summarized_text"), after=visitor.page.locator(".st-key-run button"))
        visitor.page.keyboard.press("Enter")
        expect(card).to_contain_text("What the summaries say about the question.")


def test_a_pdf_that_can_not_be_read_says_why(visitor):
    """A truncated PDF is called damaged; a locked one asks for its password, refuses a wrong one, and opens."""
    page = visitor.page
    password = page.get_by_label("Password", exact=True)
    unlock = page.get_by_test_id("stForm").get_by_role("button", name="Open")

    visitor.upload("half.pdf", truncated_pdf())
    expect(page.get_by_role("alert")).to_contain_text("half.pdf is damaged or not a PDF")
    visitor.upload("vault.pdf", encrypted_pdf(["The vault holds a letter."], "sesame"))
    expect(page.get_by_role("alert")).to_contain_text("vault.pdf needs a password.")
    password.fill("wrong")
    unlock.click()
    expect(page.get_by_role("alert")).to_contain_text("The password does not open vault.pdf.")
    password.fill("sesame")
    unlock.click()

    expect(page.locator(".wb-chip-name")).to_have_text("vault.pdf")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_page_is_used_while_a_long_pdf_is_read(visitor):
    """What is typed while a PDF of 1,000 pages is read arrives; its reading goes on over pages and a refresh."""
    page = visitor.page
    chip = page.locator(".wb-chip-detail")
    far = re.compile("^Reading page 9[89][0-9] of 1,000$")
    maps = [f"Map {number} shows the sea." for number in range(1, 981)]
    visitor.upload("atlas.pdf", slow_pdf(maps, slow=20, steps=40_000))
    expect(chip).to_have_text(far)

    visitor.edit(2, "Typed meanwhile: {results}")
    expect(chip).to_have_text(far)
    visitor.go("Dataflow")
    visitor.node("summarized_text").wait_for()
    visitor.go("Workbench")
    expect(visitor.editor(2)).to_be_visible()
    expect(chip).to_have_text(far)
    page.reload()
    expect(chip).to_have_text(far)
    expect(visitor.editor(2)).to_have_value("Typed meanwhile: {results}")

    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("input[type=file]")).to_be_attached()
    visitor.bring("note.pdf", text_pdf(["A short note about the sea."]))
    expect(chip).to_contain_text("1 page")


def test_ctrl_enter_runs_with_the_text_just_typed(app, visitor):
    """Ctrl+Enter right after the last keystroke asks with that keystroke in the prompt, once."""
    visitor.bring("ivy.pdf", pdf_of("ivy"))
    before = len(app.endpoint.requests)

    visitor.editor(2).click()
    visitor.page.keyboard.press("Control+End")
    visitor.page.keyboard.type(" Name ivy twice.")
    visitor.page.keyboard.press("Control+Enter")

    all_done(visitor, "v1", "v2", "v3-draft")
    prompts = [request.prompt for request in app.endpoint.requests[before:]]
    assert [prompt.endswith(" Name ivy twice.") for prompt in prompts].count(True) == 1
    assert len(prompts) == 6


def test_run_takes_what_was_typed_just_before(app, visitor):
    """A click on Run straight out of an editor or the question asks with what was typed there, and keeps the draft."""
    visitor.bring("oats.pdf", pdf_of("oats"))
    question = visitor.page.get_by_role("textbox", name="Query")
    before = len(app.endpoint.requests)

    question.fill("How long do oats grow?")
    visitor.run()
    all_done(visitor)
    visitor.editor(2).click()
    visitor.page.keyboard.press("Control+End")
    visitor.page.keyboard.type(" Name oats twice.")
    visitor.run(press_ms=80)  # as long as a finger stays down: the page redraws in between

    all_done(visitor, "v1", "v2", "v3-draft")
    last = [request.prompt for request in app.endpoint.requests[before:] if "How long do oats grow?" in request.prompt]
    assert len(last) == 4
    assert [prompt.endswith(" Name oats twice.") for prompt in last].count(True) == 1


def test_a_tab_shows_what_another_has_typed_into_the_same_draft(visitor):
    """What an editor shows is what a run would send, also after another tab of this browser has changed the draft."""
    visitor.edit(0, "First {results}")
    earlier, editor = visitor.page, visitor.editor(0)
    visitor.open()
    visitor.edit(0, "Second {results}")
    expect(visitor.page.locator(".st-key-diff")).to_contain_text("Second")

    earlier.bring_to_front()
    earlier.get_by_text("Inline").click()

    expect(editor).to_have_value("Second {results}")


def test_japanese_is_compared_by_characters(app, visitor):
    """Of Japanese prompts and answers, the characters that changed are marked, not whole sentences."""
    app.endpoint.answer = lambda request: (
        f"庭の{'犬' if '短く' in request.prompt else '猫'}は毎日よく眠るので、とても静かである。"
    )
    page = visitor.page
    visitor.bring("庭の記録.pdf", japanese_pdf(["庭には猫がいる。猫はよく眠る。" * 10]))
    visitor.edit(1, "質問「{query}」に長く答えよ。次のメモだけを使うこと。\n{results}")
    visitor.edit(2, "質問「{query}」に短く答えよ。次のメモだけを使うこと。\n{results}")
    page.locator(".st-key-left input").click()
    page.get_by_role("option", name="v2-draft").click()
    page.locator(".st-key-right input").click()
    page.get_by_role("option", name="v3-draft").click()
    expect(page.locator(".st-key-diff del")).to_have_text(["長"])
    expect(page.locator(".st-key-diff ins")).to_have_text(["短"])

    visitor.run()
    all_done(visitor, "v1", "v2-draft", "v3-draft")
    visitor.choose("what", "Answers")

    expect(page.locator(".st-key-diff del")).to_have_text(["猫"])
    expect(page.locator(".st-key-diff ins")).to_have_text(["犬"])


@pytest.mark.parametrize("place", ["stTopNav", "stMain"])
def test_a_press_on_a_link_to_a_page_is_not_lost(app, visitor, place):
    """When a timer of the page overtakes it, the page that was meant comes all the same."""
    visitor.page.wait_for_function("document.cookie.includes('workbench=')")  # what watches links has begun
    link = visitor.page.get_by_test_id(place).get_by_role("link", name=re.compile("grid$", re.IGNORECASE))
    link.wait_for()
    visitor.settle()
    link.evaluate(
        "link => link.addEventListener('click',"
        " event => { event.preventDefault(); event.stopPropagation(); window.lost = true },"
        " { capture: true, once: true })"
    )

    link.click()

    expect(visitor.page).to_have_url(re.compile("/grid$"))
    assert visitor.page.evaluate("window.lost")

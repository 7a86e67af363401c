import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from markdown_it import MarkdownIt

from tests.hostile import FRAGMENTS, any_text
from tests.test_markdown import MARKS, texts
from workbench.errors import ExportError
from workbench.export.markdown import visible
from workbench.export.pull_request import Change, ProofLine, pull_request_text, pull_request_title
from workbench.records import Answer, Call, CallRequest, Document, Experiment, ModelChoice, NodeTime, Run, Variant

GOLDEN = Path(__file__).with_name("data") / "pull_request.md"
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TAGS = ["<details>\n<summary>Answers</summary>\n", "</details>\n"]
LINKED = re.compile(
    r"@[A-Za-z0-9]|[#!$%~&][A-Za-z0-9]|\bgh-[0-9]|://|\bwww\.|:[a-z0-9_+-]+:|[<>`*_|\\^{}]", re.IGNORECASE
)
TITLES = [
    "What changed",
    "Where the chain first differs",
    "Answers side by side",
    "Figures",
    "Evidence",
    "Proof",
    "How to roll back",
]

BEFORE = {
    "summarize_chunk_of_text_prompt": "Summarize this text.\n\n{chunk}\n",
    "summarize_text_from_summaries_prompt": "Answer {query} from these summaries.\n\n{summaries}\n",
}
AFTER = {
    **BEFORE,
    "summarize_chunk_of_text_prompt": (
        "Summarize this text from {content_type}. Keep each key point with its reasoning.\n\n{chunk}\n"
    ),
}


def document(name, sha256="d1", pages=("Page one.",)):
    return Document(sha256, name, 1_000, len(pages), tuple(pages), "pypdf")


def call(node, text, index=0, reused=False, cost=0.001):
    request = CallRequest("https://api.example.org/v1", "gpt-4o-mini", (("user", "x"),))
    return Call(node, index, request, Answer(text, 100, 20, 1.5, 0.2, cost_usd=cost), reused=reused)


def run(variant, output, sha256="d1", summaries=("one", "two"), seconds=3.0, reused=False, **changes):
    """A run that is done: a shared node of two chunks, a summary of each, and the answer."""
    calls = [call("summarized_chunks", text, index, reused) for index, text in enumerate(summaries)]
    values = {"chunked_text": ["a"] * len(summaries), "summarized_chunks": list(summaries), "summarized_text": output}
    nodes = [NodeTime("chunked_text", 0.1, True), NodeTime("summarized_chunks", 1, False)]
    made = Run(
        variant,
        sha256,
        "done",
        output=output,
        prompts={"a_prompt": variant},
        output_node="summarized_text",
        values=values,
        nodes=(*nodes, NodeTime("summarized_text", 1, False)),
        calls=(*calls, call("summarized_text", output, 0, reused)),
        seconds=seconds,
        cost_usd=0.0 if reused else 0.003,
    )
    return replace(made, **changes)


def failed(variant, message, sha256="d1"):
    return Run(variant, sha256, "failed", error=("ModelError", message))


PETS = (document("pets.pdf"),)


def experiment(runs, documents=PETS, variants=("v3", "shorter"), repetitions=1):
    return Experiment(
        "e1",
        "summarization",
        ModelChoice("gpt-4o-mini", "remote"),
        tuple(Variant(label, "v3") for label in variants),
        tuple(documents),
        {},
        repetitions,
        runs=tuple(runs),
    )


def change(runs=(), documents=PETS, **changes):
    made = Change(
        "summarization",
        "v4",
        "v3",
        "Name the kind of document, so that papers keep their reasoning.",
        "/home/alice/project/prompts/summarization/prompts_v4.py",
        BEFORE,
        AFTER,
        "gpt-4o-mini",
        experiment(runs, documents) if runs else None,
        "v3",
        "shorter",
        (ProofLine("Every prompt is equal, byte for byte", True, "2 prompts"),),
        {},
        "prompts/summarization/current.py",
    )
    return replace(made, **changes)


def two(left="Dogs are loyal.", right="Dogs are loyal because of breeding.", sha256="d1"):
    return [run("v3", left, sha256), run("shorter", right, sha256, ("one", "two, because"))]


def ordinary():
    """Two documents, one of them with a failed run, and verdicts."""
    documents = (document("pets.pdf"), document("annual report.pdf", "d2"), document("same.pdf", "d3"))
    runs = [
        *two(),
        run("v3", "Costs rose.", "d2", seconds=4.5),
        failed("shorter", "call 2 of 3: no answer came.", "d2"),
        run("v3", "Nothing new.", "d3", seconds=2.0),
        run("shorter", "Nothing new.", "d3", seconds=2.5, reused=True),
    ]
    proof = (
        ProofLine("It imports in a fresh process that has no key", True),
        ProofLine("Every prompt is equal, byte for byte", True, "2 prompts"),
        ProofLine("The cases it was judged on give equal outputs", False, "it has not been run"),
    )
    verdicts = {"pets.pdf": {"v3": 0.5, "shorter": 1.0}, "same.pdf": {"v3": 1.0, "shorter": 1.0}}
    return change(runs, documents, proof=proof, verdicts=verdicts)


def section(text, title):
    return text.split(f"## {title}\n\n")[1].split("\n## ")[0]


def tokens_of(text):
    """All tokens, those inside of paragraphs, headings and cells too."""
    return [own for token in MARKDOWN.parse(text) for own in (token, *(token.children or ()))]


def harm(text):
    """What in a text would load, link, ping, or be HTML of someone else's; empty when nothing does."""
    tokens = tokens_of(text)
    html = [token.content for token in tokens if token.type in ("html_block", "html_inline")]
    prose = "\x00".join(token.content for token in tokens if token.type == "text")
    # Our own check boxes are the only brackets.
    found = LINKED.findall(re.sub(r"(?<![^\x00])\[[ x]\] ", "", prose))
    found += [tag for tag in html if tag not in TAGS and "The answer, the same" not in tag]
    return found + [token.type for token in tokens if token.type in ("image", "link_open", "hr", "blockquote_open")]


def fences(text, info):
    return [token.content for token in MARKDOWN.parse(text) if token.type == "fence" and token.info == info]


def test_an_ordinary_text_reads_well():
    """The whole text of an ordinary change is what tests/data/pull_request.md shows."""
    assert pull_request_text(ordinary()) == GOLDEN.read_text("utf-8")


def test_the_sections_stand_in_their_order():
    """Summary first, then seven sections, with a table of three columns."""
    tokens = MARKDOWN.parse(pull_request_text(ordinary()))

    assert tokens[0].type == "paragraph_open"
    assert [tokens[at + 1].content for at, own in enumerate(tokens) if own.type == "heading_open"] == TITLES
    assert sum(own.type == "tr_open" for own in tokens) * 3 == sum(own.type in ("td_open", "th_open") for own in tokens)


def hostile_change(text):
    """A change that holds the text wherever a text from outside can stand."""
    left, right = run("v" + text, "L" + text, "d1", ("a" + text, "b")), run("w" + text, "R" + text, "d1", ("c", "d"))
    bad = failed("w" + text, "E" + text, "d2")
    own = experiment(
        [left, right, run("v" + text, "L" + text, "d2"), bad],
        (document("p" + text), document("q" + text, "d2")),
        ("v" + text, "w" + text),
    )
    return Change(
        "d" + text,
        "n" + text,
        "o" + text,
        "r" + text,
        "prompts/" + text,
        {"a_prompt": "A" + text, "x" + text: "gone" + text},
        {"a_prompt": "B" + text, "y" + text: "new" + text},
        "m" + text,
        own,
        "v" + text,
        "w" + text,
        (ProofLine("c" + text, True, "t" + text), ProofLine("c" + text, False)),
        {"p" + text: {"v" + text: 1.0, "w" + text: 0.5}},
        "prompts/" + text,
    )


def structure(text):
    return [(token.type, token.tag, token.level) for token in MARKDOWN.parse(text)]


@cache
def harmless_structure():
    return structure(pull_request_text(hostile_change("z")))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(texts)
@example("\n" + "`" * 260 + "\n</details>\n<img src=x>\n\n# h\n\n[a]: http://e\n")
@example("\n\n| a | b |\n| --- | --- |\n")
@example("\r\r/merge @team\r\n")
def test_a_hostile_text_changes_nothing_but_itself(text):
    """Put everywhere at once, a text is shown and has no effect: the blocks are those of a harmless text."""
    made = pull_request_text(hostile_change(text))

    assert harm(made) == []
    assert structure(made) == harmless_structure()


@pytest.mark.parametrize("fragment", [*FRAGMENTS, *MARKS])
def test_no_fragment_has_an_effect(fragment):
    """Each hostile fragment by itself, at the beginning and the end of every text, does nothing."""
    for text in (fragment, f"\n{fragment}\n", f" {fragment} z"):
        made = pull_request_text(hostile_change(text))

        assert harm(made) == []
        assert structure(made) == harmless_structure()


def test_the_check_sees_what_is_harmful():
    """The tests above would fail: each of these texts, left as it is, is found."""
    for text in ("![x](http://e)", "[a](http://e)", "<img src=x>", "hi @team", "see #12", "a <!-- b", "</details>"):
        assert harm(text)


def test_answers_and_differences_stand_exactly_in_their_fences():
    """Back-ticks, tags and mentions in an answer or a prompt are shown as they are."""
    answer = "```python\nprint('@team')\n```\n</details>\n![x](http://e)\n"
    made = pull_request_text(change(two("old\n", answer), prompts_after={**BEFORE, "new_prompt": "say ```hi```\n"}))

    assert fences(made, "text") == ["old\n", answer]
    assert fences(made, "diff") == ["--- v3\n+++ v4\n@@ -0,0 +1 @@\n+say ```hi```\n"]


def test_a_difference_cannot_hide():
    """Marks that turn the direction, blanks at line ends and characters without a look are spelled out."""
    before = {"a_prompt": "Be kind.\nSay no. \n"}
    after = {"a_prompt": "Be kind.\u202e\nSay no.\u200b\t\n"}

    (diff,) = fences(pull_request_text(change(prompts_before=before, prompts_after=after)), "diff")

    assert "+Be kind.\\u202e\n" in diff
    assert "-Say no.\\u0020\n" in diff
    assert "+Say no.\\u200b\\u0009\n" in diff


def test_new_and_dropped_prompts_are_named():
    """A prompt that only one of the versions has is called new or dropped; one that both have alike isn't shown."""
    made = section(
        pull_request_text(change(prompts_before={"a": "x\n", "b": "y\n"}, prompts_after={"a": "x\n", "c": "z\n"})),
        "What changed",
    )

    assert "Prompt `c`: new, 1 line added, 0 removed." in made
    assert "Prompt `b`: dropped, 0 lines added, 1 removed." in made
    assert "`a`" not in made


def test_where_the_chain_parts_is_said_by_document():
    """A document's line names chunk and node, says identical when it is, and what failed; the sum comes first."""
    made = section(pull_request_text(ordinary()), "Where the chain first differs")

    assert made.splitlines() == [
        "Documents: 3. Identical on 1, different on 1, 1 could not be compared.",
        "",
        "- `pets.pdf`: v4 parts from v3 at chunk 2 of `summarized_chunks`.",
        "- `annual report.pdf`: No step was reached by both v3 and v4; v4 failed: call 2 of 3: no answer came.",
        "- `same.pdf`: v3 and v4 differ in their prompts only: they are identical in all 3 steps.",
    ]


def test_differing_repetitions_are_counted():
    """Of several repetitions the first is shown, with how many of them differ."""
    runs = [replace(own, repetition=at) for at, pair in enumerate((two("a", "a"), two())) for own in pair]
    runs[1] = replace(runs[1], values=runs[0].values)

    made = section(pull_request_text(change(runs)), "Where the chain first differs")

    assert "identical in all 3 steps (repetition 1; they differ in 1 of 2 repetitions)." in made
    assert made.startswith("Documents: 1. Identical on 0, different on 1.")


def test_equal_answers_are_shown_once():
    """A document on which both answered the same has one fence."""
    made = pull_request_text(change(two("the same", "the same")))

    assert fences(made, "text") == ["the same\n"]


def rows(made):
    return {
        cells[1].strip(): tuple(cell.strip() for cell in cells[2:-1])
        for line in section(made, "Figures").splitlines()
        if len(cells := line.split("|")) > 2
    }


def test_figures_are_medians_of_the_runs_that_are_done():
    """Failed runs are counted and left out of medians; verdicts are means; each figure says of how many."""
    shown = rows(pull_request_text(ordinary()))

    assert shown["Figure"] == ("v3", "v4")
    assert shown["Runs"] == ("3 done", "2 done, 1 failed")
    assert shown["Seconds, median"] == ("3.0 (n = 3)", "3.0 (n = 1)")
    assert shown["Tokens in, median"] == ("300 (n = 3)", "300 (n = 2)")
    assert shown["Calls, median"] == ("3 (n = 3)", "3 (n = 2)")
    assert shown["Cost in USD, median"] == ("0.0030 (n = 3)", "0.0030 (n = 2)")
    assert shown["Verdict score, mean"] == ("0.75 (n = 2)", "1.00 (n = 2)")


def test_what_is_not_known_is_not_made_up():
    """A price that is unknown, seconds of reused answers, and a side that did not run are said to be so."""
    left, right = two()
    reused = run("shorter", "a", reused=True)

    assert rows(pull_request_text(change([replace(left, cost_usd=None), right])))["Cost in USD, median"] == (
        "unknown: no price for 1 of 1 runs",
        "0.0030 (n = 1)",
    )
    assert rows(pull_request_text(change([left, reused])))["Seconds, median"][1] == (
        "not measured: all runs reused answers"
    )
    assert rows(pull_request_text(change([right], before_variant="")))["Runs"] == ("did not run", "1 done")
    assert "Verdict" not in pull_request_text(change(two(), verdicts={"pets.pdf": {"v3": float("nan")}}))


def test_a_change_that_was_not_run_says_so():
    """Without an experiment every section stands, and says that nothing was run or proved."""
    made = pull_request_text(change(proof=(), prompts_after=BEFORE))

    assert section(made, "What changed") == "No prompt's text changed.\n"
    assert section(made, "Answers side by side") == "Neither version was run.\n"
    assert section(made, "Proof") == "Nothing was proved.\n"


def test_the_proof_is_a_checklist():
    """A claim that was seen to hold is ticked, one that was not looked at is open, each with its detail."""
    assert section(pull_request_text(ordinary()), "Proof").splitlines() == [
        "- [x] It imports in a fresh process that has no key",
        "- [x] Every prompt is equal, byte for byte (2 prompts)",
        "- [ ] The cases it was judged on give equal outputs (it has not been run)",
    ]


@pytest.mark.parametrize(
    ("parent", "dataflow", "command"),
    [
        ("v3", "summarization", "rollback v3`"),
        ("v3", "translation", "rollback v3 --dataflow translation`"),
        ("v3; rm -rf ~", "summarization", "rollback <version>`"),
        ("v3", "x; rm -rf ~", "rollback v3 --dataflow <dataflow>`"),
    ],
)
def test_the_way_back_can_be_copied(parent, dataflow, command):
    """The command names the parent and the dataflow, unless they are more than names."""
    made = section(pull_request_text(change(parent=parent, dataflow=dataflow)), "How to roll back")

    assert f"`python -m workbench {command}" in made
    assert "`prompts/summarization/current.py`" in made


def test_a_side_that_did_not_run_is_named():
    """With runs of the new version only, its answers are shown, and the other side is said to be missing."""
    made = pull_request_text(change([*two(), run("", "nobody's")], before_variant=""))

    assert "- `pets.pdf`: v3 has no run to compare." in made
    assert "v3: no run." in made
    assert rows(made)["Runs"] == ("did not run", "1 done")
    assert fences(made, "text") == ["Dogs are loyal because of breeding.\n"]


def test_without_a_current_version_the_way_back_is_git():
    """A team that names no version in a file is told to revert."""
    assert "`git revert -m 1`" in section(pull_request_text(change(current_path=None)), "How to roll back")


KEY = "sk-" + "a1B2" * 8


def test_keys_and_names_of_users_are_left_out():
    """What looks like a key is nowhere, nor is a given key, a user's folder, or a whole page of the document."""
    page = "A page of the document. " * 20
    runs = [
        run("v3", f"it is {KEY} and secret-of-ours {page}", summaries=("one",)),
        failed("shorter", f"{KEY} /home/bob/x"),
    ]
    made_of = change(
        runs,
        (document(f"/Users/carol/{KEY}.pdf", pages=(page,)),),
        reason=f"because {KEY} of secret-of-ours",
        model=KEY,
        label=KEY,
        prompts_after={"a_prompt": f"x {KEY}\n"},
        proof=(ProofLine(KEY, True, f"C:\\Users\\dave\\x {KEY}"),),
        path=f"C:\\Users\\erin\\prompts\\summarization\\{KEY}.py",
    )

    for made in (pull_request_text(made_of, keys=["secret-of-ours"]), pull_request_title(made_of, ["secret-of-ours"])):
        assert KEY[:10] not in made
        for name in ("secret-of-ours", "alice", "bob", "carol", "dave", "erin", page.strip()):
            assert name not in made


@pytest.mark.parametrize("before", range(3_960, 4_040, 7))
def test_a_key_where_an_answer_is_cut_is_left_out(before):
    """No piece of a key is left at the end of what is shown."""
    made = pull_request_text(change(two("x " * (before // 2) + KEY + " y" * 100_000)))

    assert KEY[:6] not in made


@pytest.mark.parametrize("before", range(0, 40, 5))
def test_a_key_at_the_end_of_many_is_left_out(before):
    """Where so many keys are left out that a later part comes into view, no piece of a key is at its end."""
    made = pull_request_text(change(two("x" * before + f" {KEY}" * 1_000)))

    assert KEY[:6] not in made


def test_a_change_of_nothing_but_a_key_says_so():
    """Two prompts that differ in their keys are not called the same, and neither key is shown."""
    other = KEY.replace("a", "c")

    made = pull_request_text(change(prompts_before={"a_prompt": KEY}, prompts_after={"a_prompt": other}))

    assert "differs only in what looks like a key" in made
    assert KEY[:10] not in made and other[:10] not in made


def many(count, left, right):
    documents = [document(f"{at}.pdf", f"d{at}") for at in range(count)]
    return [own for at in range(count) for own in two(f"{at} {left}", f"{at} {right}", f"d{at}")], documents


def long_prompts(count, chars):
    line = "Say what the text says, and why. " * 3 + "\n"
    return {f"p{at}_prompt": line * (chars // len(line)) for at in range(count)}


@pytest.mark.parametrize("limit", [60_000, 6_000])
@pytest.mark.parametrize(
    ("documents", "answer", "prompts", "chars"),
    [
        (3, "word " * 200_000, 2, 500),
        (3, "\u202e" * 300_000, 2, 500),
        (3, "😀" * 300_000, 2, 500),
        (3, "`" * 300_000, 2, 500),
        (3, "/a\nfixes #1\n" * 50_000, 2, 500),
        (300, "word " * 100, 2, 500),
        (2, "short", 40, 30_000),
        (0, "", 2, 200_000),
        (40, "要約" * 5_000, 12, 40_000),
    ],
)
def test_every_text_keeps_to_its_limit(documents, answer, prompts, chars, limit):
    """However much there is, the text has at most limit characters and 65,000 bytes, and is whole."""
    runs, files = many(documents, answer, answer + "!")
    made = pull_request_text(change(runs, files, prompts_after=long_prompts(prompts, chars)), limit)

    assert len(made) <= limit and len(made.encode("utf-8")) <= 65_000
    assert harm(made) == []
    assert [title for title in TITLES if f"\n## {title}\n" in made] == TITLES


def test_answers_are_cut_before_differences_and_documents():
    """With room, an answer is cut at 4,000 characters; with less it is shorter, and nothing else is missing."""
    runs, files = many(3, "word " * 2_000, "other " * 2_000)
    made_of = change(runs, files)
    roomy, tight = pull_request_text(made_of), pull_request_text(made_of, 8_000)

    assert "v3 (the first 4,000 of 10,002 characters):" in roomy
    assert "v3 (the first 500 of 10,002 characters):" in tight
    assert fences(roomy, "diff") == fences(tight, "diff")
    assert "left out here" not in tight


def test_differences_are_cut_before_documents():
    """A long difference is cut, with its length, while all documents are shown."""
    runs, files = many(3, "a", "b")
    made = pull_request_text(change(runs, files, prompts_after=long_prompts(1, 30_000)), 12_000)

    assert re.search(r"; the first 8,000 of [0-9,]{6} characters of the difference\.", made)
    assert len(fences(made, "text")) == 6
    assert "left out here" not in made


def test_documents_that_are_left_out_are_counted():
    """As many documents as fit are shown; the others are counted in both sections, and in the sum."""
    runs, files = many(400, "word " * 30, "other " * 30)
    made = pull_request_text(change(runs, files))
    shown = len(fences(made, "text")) // 2

    assert len(made) > 58_000
    assert f"Documents whose answers are left out here: {400 - shown}." in made
    assert f"- Documents left out here: {400 - shown}." in made
    assert "Documents: 400. Identical on 0, different on 400." in made


def test_prompts_and_proofs_that_are_left_out_are_counted():
    """Lists have an end, which says how much there is beyond it."""
    proof = tuple(ProofLine(f"claim {at}", True) for at in range(25))
    made = pull_request_text(change(prompts_after=long_prompts(30, 200), proof=proof))

    # Two prompts of the parent were dropped besides.
    assert "More prompts changed that are left out here: 12." in made
    assert "- Lines left out here: 5." in made


@pytest.mark.parametrize("text", ["`", "` a " * 300, "a `" * 300, "\u202e" * 900, "😀" * 900, "#" * 900, "要 # " * 300])
def test_the_longest_of_everything_fits(text):
    """Texts of any kind in every place, as many as there can be, leave a text that is taken."""
    made_of = hostile_change(text)
    names = {f"{at}{text}": text for at in range(60)}
    proof = tuple(ProofLine(text, True, text) for _ in range(60))

    made = pull_request_text(replace(made_of, prompts_after=names, proof=proof))

    assert len(made) <= 60_000 and len(made.encode("utf-8")) <= 65_000
    assert harm(made) == []


def test_a_limit_that_cannot_be_kept_is_refused():
    """What can't be shortened is never cut: the error says how long it is."""
    with pytest.raises(ExportError, match=r"has [0-9,]+ characters at its shortest; the limit is 500") as caught:
        pull_request_text(ordinary(), 500)

    least = int(re.search("[0-9,]+", caught.value.hint)[0].replace(",", ""))
    assert len(pull_request_text(ordinary(), least)) == least


@given(texts, any_text(20))
def test_a_title_is_short_and_plain(reason, label):
    """A title is one line of at most 100 characters that links nothing, whatever the reason and the label are."""
    title = pull_request_title(change(reason=reason, label=label))

    assert len(title) <= 100 and "\n" not in title
    assert title == visible(title)
    assert not re.search(r"@[A-Za-z]|#[0-9]|gh-[0-9]|://", title, re.IGNORECASE)


def test_an_ordinary_title_reads_well():
    """It names dataflow and version, and gives the reason as it was typed."""
    assert pull_request_title(change()) == (
        "summarization v4: Name the kind of document, so that papers keep their reasoning."
    )
    assert pull_request_title(change(reason=" \n")) == "summarization v4"
    assert pull_request_title(change(reason="see #12, @team")) == "summarization v4: see ＃12, ＠team"

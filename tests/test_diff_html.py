import html
import re
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given

from tests.hostile import any_text, hostile_prompts
from workbench.comparison.diff_html import inline, side_by_side
from workbench.comparison.diffing import Change, diff_words


class Reader(HTMLParser):
    """What a browser sees: the text inside each kind of mark, and every tag with its attributes."""

    def __init__(self, source):
        super().__init__()
        self.tags = []
        self.marks = []
        self.texts = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(name for name, _ in attributes)))
        self.marks.append(tag)

    def handle_endtag(self, tag):
        assert self.marks.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.marks[-1], data))

    def text_of(self, *tags):
        return "".join(text for tag, text in self.texts if tag in tags)


def has_more_than_blanks(change):
    return change.text.strip(" \t\u3000\n") != ""


def spelled_out(text):
    return re.sub(r"[^\n\t\u3000]", lambda c: c[0] if c[0].isprintable() else f"⟨U+{ord(c[0]):04X}⟩", text)


@given(any_text(), any_text())
def test_nothing_of_a_text_becomes_a_tag(left, right):
    """The HTML has one div, del and ins, only the div with attributes, and is valid UTF-8."""
    changes = diff_words(left, right)

    for source in [inline(changes), *side_by_side(changes)]:
        source.encode("utf-8")
        first, *others = Reader(source).tags
        assert first == ("div", ("class", "dir", "style"))
        assert set(others) <= {("del", ()), ("ins", ())}


def test_hostile_texts_are_shown_whole_side_by_side():
    """Each side shows its own text, character by character, whatever it holds; blanks that alone changed are drawn."""
    prompts = [text for text in hostile_prompts(300, seed=4) if len(text) < 1000]
    pairs = [(pair, diff_words(*pair)) for pair in pairwise(prompts)]
    plain = [(pair, changes) for pair, changes in pairs if all(map(has_more_than_blanks, changes))]

    shown = [[Reader(source).text_of("div", "del", "ins") for source in side_by_side(changes)] for _, changes in plain]

    assert len(plain) > 150
    assert shown == [[spelled_out(left), spelled_out(right)] for (left, right), _ in plain]


def test_removed_and_added_pieces_are_marked():
    """Removed words stand in del, added ones in ins, both in the inline text."""
    changes = diff_words("Read the old text.", "Read the new text.")

    read = Reader(inline(changes))

    assert (read.text_of("del"), read.text_of("ins"), read.text_of("div")) == ("old", "new", "Read the  text.")


def test_each_side_has_its_own_marks_only():
    """The left text has no ins, the right one no del."""
    left, right = side_by_side(diff_words("Read the old text.", "Read the new text."))

    assert "<del>old</del>" in left
    assert "<ins>" not in left
    assert "<ins>new</ins>" in right
    assert "<del>" not in right


def test_line_ends_and_the_blanks_before_them_are_outside_of_marks():
    """A mark ends with the last character that can be seen in a line."""
    source = inline([Change("added", "one  \ntwo \n")])

    assert ">" + "<ins>one</ins>  \n<ins>two</ins> \n" + "<" in source


def test_a_change_of_blanks_alone_is_shown():
    """Blanks and line ends that are all of a change are drawn."""
    source = inline([Change("removed", " \n"), Change("added", "\t")])

    assert "<del>␣⏎</del>\n<ins>⇥</ins>" in source


def test_characters_that_turn_the_direction_are_spelled_out():
    """Bidi marks, NUL, zero-width characters and lone surrogates can be read and do nothing."""
    source = inline([Change("same", "a\u202eb\x00\u200b"), Change("added", "\ud800")])

    assert "a⟨U+202E⟩b⟨U+0000⟩⟨U+200B⟩<ins>⟨U+D800⟩</ins>" in source


def test_markup_is_text():
    """A script in a reply is shown, not run, and no attribute can be closed."""
    changes = [Change("added", "<script>alert('\"&')</script>")]

    source = inline(changes)

    assert "<script" not in source
    assert html.unescape(source).count("<script>alert('\"&')</script>") == 1

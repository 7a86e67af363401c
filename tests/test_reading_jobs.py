"""Claims about PDFs that are read in the background."""

import os
import subprocess
import tempfile

import pytest

from tests import pdfs
from tests.conftest import until
from workbench.documents.pdf_reader import Limits
from workbench.documents.reading import kept_file, locked_pdf, open_document
from workbench.documents.reading_jobs import ReadingJobs
from workbench.errors import DocumentError, StopError

ENDLESS = pdfs.slow_pdf(["The first page is read at once."])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where temporary files go."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    return path


@pytest.fixture
def jobs(tmp_path):
    """Readings with a state folder of their own; none goes on in the end."""
    jobs = ReadingJobs(tmp_path)
    yield jobs
    for job in jobs._jobs.values():
        job.stop()
        assert job.wait(5)


def children():
    """How many readers this process has started that live."""
    lines = subprocess.run(["ps", "-A", "-ww", "-o", "ppid=,args="], capture_output=True, text=True).stdout.splitlines()
    own = [line for line in lines if line.split()[0] == str(os.getpid())]
    return sum("pdf_child.py" in line for line in own)


def test_two_who_bring_the_same_bytes_share_one_reading(jobs, tmp_path):
    """The second is told the same name and waits for the same child; the text is there for both."""
    _, identity = jobs.begin(ENDLESS, "mine.pdf", "first")
    job = jobs.find(identity)
    assert until(lambda: job.progress is not None)

    again = jobs.begin(ENDLESS, "yours.pdf", "second")

    assert again[1] == identity
    assert jobs.find(identity) is job
    assert children() == 1


def test_what_was_read_is_there_without_another_reading(jobs, tmp_path):
    """After the end the document is kept, and the same bytes begin no reading."""
    pdf = pdfs.text_pdf(["Once."])
    _, identity = jobs.begin(pdf, "one.pdf", "me")
    job = jobs.find(identity)
    assert job.wait(20)

    again = jobs.begin(pdf, "again.pdf", "me")

    assert job.error("one.pdf") is None
    assert again[1] == identity
    assert jobs.find(identity) is job
    assert open_document(identity, "one.pdf", tmp_path).page_texts[0].strip() == "Once."


def test_a_reading_says_how_far_it_is(jobs):
    """Its words and its share go from the opening of the file to the last page, and never back."""
    seen = []
    _, identity = jobs.begin(pdfs.slow_pdf([], 8, 2_500), "eight.pdf", "me")
    job = jobs.find(identity)

    assert until(lambda: seen.append((job.share, job.headline)) or not job.live)

    words = list(dict.fromkeys(headline for _, headline in seen if headline != "Waiting for other PDFs"))
    all_words = ["Opening the PDF", *(f"Reading page {page} of 8" for page in range(9))]
    assert words == [own for own in all_words if own in words]
    assert len(words) > 4
    assert [share for share, _ in seen] == sorted(share for share, _ in seen)
    assert (job.share, job.headline) == (1.0, "Reading page 8 of 8")


def test_the_second_reader_is_told_apart(jobs):
    """Where the first reader's text is garbled, the words say that the pages are read again."""
    seen = set()
    _, identity = jobs.begin(pdfs.japanese_pdf(["この文書は、方法を説明します。"] * 2), "satz.pdf", "me")
    job = jobs.find(identity)

    assert until(lambda: seen.add(job.headline) or not job.live)

    assert job.headline == "Reading again: page 2 of 2"


def test_giving_up_ends_the_child(jobs, folder):
    """A moment after the only one who waits has given up, the child is gone, and so are the bytes."""
    _, identity = jobs.begin(ENDLESS, "long.pdf", "me")
    job = jobs.find(identity)
    assert until(lambda: children() == 1)

    jobs.give_up(identity, "me")

    assert not job.live
    assert job.wait(1)
    assert children() == 0
    assert list(folder.iterdir()) == []
    assert isinstance(job.error("long.pdf"), StopError)


def test_a_reading_goes_on_for_who_still_waits(jobs):
    """Of two who wait, one gives up: the other's reading goes on until it gives up too; a stranger changes nothing."""
    _, identity = jobs.begin(ENDLESS, "long.pdf", "first")
    jobs.begin(ENDLESS, "long.pdf", "second")
    job = jobs.find(identity)

    jobs.give_up(identity, "first")
    jobs.give_up(identity, "stranger")
    goes_on = job.live
    jobs.give_up(identity, "second")

    assert goes_on
    assert not job.live


def test_a_pdf_that_was_given_up_is_read_anew(jobs, tmp_path):
    """Bringing it again begins another reading, which comes to its end."""
    pdf = pdfs.slow_pdf([], 4, 2_500)
    _, identity = jobs.begin(pdf, "four.pdf", "me")
    given_up = jobs.find(identity)
    jobs.give_up(identity, "me")

    jobs.begin(pdf, "four.pdf", "me")

    assert jobs.find(identity) is not given_up
    assert jobs.find(identity).wait(20)
    assert open_document(identity, "four.pdf", tmp_path).pages == 4


def test_a_failure_has_each_ones_own_name_for_the_file(jobs, folder):
    """Two who brought the same damaged bytes are both told why, neither by the other's file name."""
    _, identity = jobs.begin(pdfs.truncated_pdf(), "hers.pdf", "first")
    jobs.begin(pdfs.truncated_pdf(), "his.pdf", "second")
    job = jobs.find(identity)
    assert job.wait(20)

    errors = [job.error(name) for name in ("hers.pdf", "his.pdf")]

    assert [error.message.split(" (")[0] for error in errors] == [
        "hers.pdf is damaged or not a PDF",
        "his.pdf is damaged or not a PDF",
    ]
    assert {error.kind for error in errors} == {"damaged"}
    assert list(folder.iterdir()) == []


def test_a_locked_pdf_waits_for_its_password_and_opens_with_it(jobs, tmp_path):
    """The first reading asks for the password; the second, with it, is another one and gives the text."""
    pdf = pdfs.encrypted_pdf(["Behind the door."], "word")
    sha256, identity = jobs.begin(pdf, "locked.pdf", "me")
    assert jobs.find(identity).wait(20)
    asked = jobs.find(identity).error("locked.pdf")

    _, opened = jobs.begin(locked_pdf(sha256, tmp_path), "locked.pdf", "me", "word")

    assert asked.kind == "encrypted"
    assert opened != identity
    assert jobs.find(opened).wait(20)
    assert open_document(opened, "locked.pdf", tmp_path).page_texts[0].strip() == "Behind the door."
    assert open_document(identity, "locked.pdf", tmp_path) is None


def test_more_readings_than_places_wait_their_turn(jobs):
    """Of five slow PDFs four are read at once; the fifth says that it waits, and begins when another ends."""
    slow = [pdfs.slow_pdf([f"Number {number}."]) for number in range(5)]
    first, *_, last = [jobs.begin(pdf, "slow.pdf", "me")[1] for pdf in slow]
    assert until(lambda: children() == 4)
    waited = jobs.find(last).headline

    jobs.give_up(first, "me")

    assert waited == "Waiting for other PDFs"
    assert until(lambda: jobs.find(last).headline != waited)


@pytest.mark.parametrize(("pdf", "kind"), [(b"", "damaged"), (b"x" * 2_000_000, "too large")])
def test_a_pdf_of_no_or_too_many_bytes_is_refused_at_once(tmp_path, pdf, kind):
    """No reading begins."""
    jobs = ReadingJobs(tmp_path, Limits(bytes=1_000_000))

    with pytest.raises(DocumentError) as caught:
        jobs.begin(pdf, "it.pdf", "me")

    assert caught.value.kind == kind
    assert children() == 0


def test_a_text_that_can_not_be_kept_is_a_failure_with_its_reason(jobs, tmp_path):
    """Where the state folder takes no files, the reading ends with the system's own reason."""
    (tmp_path / "documents").write_text("a file where the folder should be")
    _, identity = jobs.begin(pdfs.text_pdf(["Lost."]), "one.pdf", "me")

    assert jobs.find(identity).wait(20)

    assert jobs.find(identity).error("one.pdf").message == "one.pdf could not be read: File exists."


def test_a_file_that_is_no_pdf_is_read_at_once(jobs, tmp_path, folder):
    """When begin returns, its text is kept under the name it gives, and nothing goes on."""
    sha256, identity = jobs.begin("name,team\r\nAda,office\r\n".encode("utf-16"), "people.csv", "me")

    document = open_document(identity, "people.csv", tmp_path)

    assert (document.kind, document.pages, document.page_texts) == ("table", 1, ("name,team\nAda,office\n",))
    assert sha256 == identity
    assert jobs.find(identity) is None
    assert list(folder.iterdir()) == []


def test_a_file_that_is_not_what_its_name_says_is_refused_at_once(jobs, tmp_path):
    """The error comes from begin, by the name that the file has for who brought it."""
    with pytest.raises(DocumentError, match=r"^people.json can't be read as JSON") as caught:
        jobs.begin(b"name,team", "people.json", "me")

    assert caught.value.kind == "damaged"
    assert list(tmp_path.glob("documents/*")) == []


def test_bytes_of_a_pdf_are_kept_by_its_reading(jobs, tmp_path):
    """After the end the file itself is there too, and it is back when it is brought again after it had to go."""
    pdf = pdfs.text_pdf(["Kept."])
    _, identity = jobs.begin(pdf, "one.pdf", "me")
    assert jobs.find(identity).wait(20)
    path = kept_file(identity, tmp_path)
    first = path.read_bytes()
    path.unlink()

    jobs.begin(pdf, "one.pdf", "me")

    assert first == kept_file(identity, tmp_path).read_bytes() == pdf

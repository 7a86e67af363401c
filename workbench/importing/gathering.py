"""Prompts, refusals and notes as they are found in one file, within bounds."""

from dataflows.templates import slots
from workbench.importing.decoding import MAX_BYTES
from workbench.importing.failures import ImportFailed, shown
from workbench.importing.imported import Format, Imported, ImportedPrompt, Refusal
from workbench.importing.naming import suggest_name
from workbench.importing.pieces import Reading

MAX_PROMPTS = 500
_MAX_REFUSALS = 500


class Gathering:
    """Collects what becomes one Imported."""

    def __init__(self) -> None:
        self._prompts: list[ImportedPrompt] = []
        self._names: set[str] = set()
        self._refused: list[Refusal] = []
        self._notes: dict[str, None] = {}
        self._chars = 0
        self._count = 0

    def count(self, text: str) -> str:
        """The same text, counted as one more prompt that will be read.

        Raises:
            ImportFailed: There are too many, or together they are larger than a file may be, as aliases can make them.
        """
        self._count += 1
        self._chars += len(text)
        if self._count > MAX_PROMPTS:
            message = f"there are more than {MAX_PROMPTS} prompts"
            raise ImportFailed(message, f"Split the file; at most {MAX_PROMPTS} are imported at once.")
        if self._chars > MAX_BYTES:
            message = f"the prompts have more than {MAX_BYTES:,} characters together"
            raise ImportFailed(message, "Split the file, or import fewer files at once.")
        return text

    def take(self, label: str, reading: Reading, line: int, doc: str = "", file: str = "") -> None:
        """One prompt, or the refusals it causes.

        Args:
            label: What the file calls it; its name is made of that.
            reading: Of its text, with the lines of the file.
            line: Where it begins.
            doc: What the file says about it.
            file: The file the lines are of, when it is not the one imported.
        """
        for fault in reading.faults:
            self.refuse(file or label, fault.line, fault.reason)
        if reading.faults:
            return
        name = suggest_name(label, self._names)
        self._names.add(name)
        slot_names = tuple(slots(reading.template))
        self._prompts.append(ImportedPrompt(name, reading.template, slot_names, doc, line))
        for note in reading.notes:
            self.note(note)

    def refuse(self, what: str, line: int, reason: str) -> None:
        """One refusal; those beyond 500 are only noted."""
        if len(self._refused) < _MAX_REFUSALS:
            self._refused.append(Refusal(shown(what), line, reason))
        else:
            self.note(f"More than {_MAX_REFUSALS} things were refused; the others are not listed.")

    def note(self, sentence: str) -> None:
        """A sentence, once."""
        self._notes[sentence] = None

    def imported(self, format: Format, tests_source: str = "") -> Imported:
        """All of it."""
        return Imported(format, tuple(self._prompts), tuple(self._refused), tuple(self._notes), tests_source)

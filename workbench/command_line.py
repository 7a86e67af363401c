"""The command line: what can be asked, in which words."""

import argparse
import sys
from collections.abc import Sequence

from workbench import project, settings
from workbench.ab.arguments import add_arguments as add_ab_arguments
from workbench.errors import UsageError
from workbench.evaluation.arguments import add_arguments as add_evaluation_arguments
from workbench.gate.arguments import add_arguments as add_gate_arguments
from workbench.review.arguments import add_arguments as add_review_arguments

# Everything heavy is imported by the command that needs it, so that --help answers at once.


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit code: 0 all is well, 1 something failed, 2 wrong usage."""
    try:
        settings.project()
    except UsageError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        return 2
    options = _parser().parse_args(arguments)
    if options.command == "check":
        from workbench.check_command import check

        return check(options)
    if options.command == "rollback":
        from workbench.rollback_command import rollback

        return rollback(options)
    if options.command == "ab":
        from workbench.ab_command import ab

        return ab(options)
    if options.command == "review":
        from workbench.review_command import review

        return review(options)
    if options.command == "evaluate":
        from workbench.evaluate_command import evaluate

        return evaluate(options)
    if options.command in ("history", "reproduce"):
        from workbench.history_command import history, make_again

        return history(options) if options.command == "history" else make_again(options)
    from workbench.reading_ahead import ReadingAhead

    reading = ReadingAhead(options.documents)
    if options.command == "export":
        from workbench.export_command import export

        return export(options, reading)
    from workbench.compare_command import compare

    return compare(options, reading)


def _first_dataflow() -> str:
    return next(iter(project.dataflows()), "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workbench", description="The prompt workbench without a browser.")
    commands = parser.add_subparsers(dest="command", required=True)
    _compare(
        commands.add_parser(
            "compare",
            help="run variants side by side on PDFs",
            description="Run prompt variants side by side on PDFs.",
            epilog="Exit code: 0 all runs done, 1 some failed, 2 wrong usage.",
        )
    )
    _evaluate(
        commands.add_parser(
            "evaluate",
            help="run a dataset's cases with variants, and judge the answers",
            description="Run the cases of a dataset (datasets/NAME/cases.yaml, or a file of promptfoo's tests) with "
            "prompt variants, and check what is asked of their answers. Begun again, only missing calls are made.",
            epilog="Exit code: 0 fine, 1 failed by --fail-on, 2 wrong usage. Several models: --model a,b.",
        )
    )
    _export(
        commands.add_parser(
            "export",
            help="a variant as the next version, proved: a file, a patch or a branch",
            description="Make the next prompts_vN.py of a version or draft, prove it, and print it, write it or put it "
            "on a branch. With --on, the proof runs these documents again from kept answers; run compare first.",
            epilog="Exit code: 0 exported, 1 it could not be, 2 wrong usage.",
        )
    )
    add_gate_arguments(
        commands.add_parser(
            "check",
            help="the gate: keeps bad prompts out of production",
            description="Check prompt versions without a key and without a network.",
            epilog="Exit code: 0 passed, 1 failed, 2 wrong usage.",
        )
    )
    _rollback(
        commands.add_parser(
            "rollback",
            help="make another version the current one, on a branch",
            description="Make a branch with a one-line change of prompts/<dataflow>/current.py; the gate has to pass.",
            epilog="Exit code: 0 the branch is made, 1 it could not be, 2 wrong usage.",
        )
    )
    _history(
        commands.add_parser(
            "history",
            help="runs that were made, or who made an output",
            description="List the newest runs, or those that made a text.",
            epilog="Exit code: 0 some were found, 1 none, 2 wrong usage.",
        )
    )
    add_ab_arguments(
        commands.add_parser(
            "ab",
            help="A/B tests in a running service, and what came of them",
            description="List the A/B tests, or show the figures of one as the page has them.",
            epilog="Exit code: 0 shown, 1 there is none, 2 no such test, or the database can't be asked.",
        )
    )
    add_review_arguments(
        commands.add_parser(
            "review",
            help="blind reviews, and what came of them",
            description="List the reviews of a dataflow, or show the figures of one as the page has them.",
            epilog="Exit code: 0 shown, 1 there is none, 2 no such review, or the history can't be read.",
        ),
        _first_dataflow(),
    )
    again = commands.add_parser(
        "reproduce",
        help="make a run again from what is kept, and compare it byte for byte",
        description="Make a run again with its own prompts, inputs and answers. No call is made, no network is used.",
        epilog="Exit code: 0 the same bytes, 1 other ones, 2 it can't be made again.",
    )
    again.add_argument("run", metavar="RUN", help="its id, from the History page or the command history")
    again.add_argument("--output", action="store_true", help="print the output, too")
    return parser


def _history(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--find", metavar="TEXT", help="an answer, a part of one, a request id or a line of a log; - reads one")
    add("--text", default="", metavar="WORDS", help="words of prompts or answers")
    add("--version", default="", metavar="LABEL", help="of what ran, or of what it began as")
    add("--status", default="", choices=["", "done", "failed", "stopped"], help="how they ended")
    add("--number", type=_hundreds, default=20, metavar="N", help="how many at most, 1 to 1,000 (default: 20)")
    add("--json", action="store_true", help="print JSON")


def _compare(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("documents", nargs="+", metavar="PDF", help="the documents")
    _variants(parser)
    _spending(parser)
    add("--json", metavar="FILE", help="write everything as JSON; - for standard output")


def _spending(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--in-flight", type=_positive, default=16, metavar="N", help="model calls at a time (default: 16)")
    add(
        "--grid",
        action="append",
        default=[],
        metavar="PROMPT=LABEL,LABEL",
        help="run all combinations of these versions or drafts of several prompts; once for each prompt",
    )
    add("--plan", action="store_true", help="print what the run would cost as JSON, and make no call")
    add(
        "--budget",
        action="append",
        default=[],
        metavar="N|N.NNusd",
        help="stop before the call that would cross this number of calls, or of US dollars",
    )
    add("--fresh", action="store_true", help="ask the model again, whatever is kept")


def _evaluate(parser: argparse.ArgumentParser) -> None:
    _variants(parser)
    _spending(parser)
    add_evaluation_arguments(parser)


def _export(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    _variants(parser)
    add("--on", action="append", default=[], metavar="PDF", dest="documents", help="a document it was run on")
    add("--reason", default="", metavar="TEXT", help="why the version exists")
    add("--cases", action="store_true", help="the recorded cases go along; they hold the documents' texts")
    add("--form", choices=["module", "config"], default="module", help="a new module, or variants in an existing one")
    add("--into", metavar="FILE", help="the existing module, for --form config")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--write", action="store_true", help="write it into the checkout")
    way.add_argument("--branch", action="store_true", help="one commit on a new branch; nothing is pushed")
    way.add_argument("--patch", metavar="FILE", help="write a patch for git am")
    way.add_argument("--evidence", action="store_true", help="write what was found of a version that is there already")
    add("--json", metavar="FILE", help="write what was done as JSON; - for standard output")
    parser.set_defaults(grid=[], budget=[], fresh=False)


def _rollback(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="vN", help="the version that becomes the current one")
    parser.add_argument("--dataflow", default=_first_dataflow(), metavar="NAME", help="default: the project's first")
    parser.add_argument("--json", metavar="FILE", help="write what was done as JSON; - for standard output")


def _variants(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--variant", action="append", default=[], metavar="LABEL", help="a version (v1) or a draft's label; repeatable")
    add("--draft", action="append", default=[], metavar="LABEL=BASE", help="a draft on top of a version; repeatable")
    add(
        "--set",
        action="append",
        default=[],
        metavar="LABEL.PROMPT=@FILE",
        help="a draft's prompt: a file, or the text",
    )
    add("--input", action="append", default=[], metavar="NAME=VALUE", help="an input of the dataflow; repeatable")
    add("--dataflow", default=_first_dataflow(), metavar="NAME", help="which dataflow (default: the project's first)")
    add("--model", metavar="M", help='"local" or a model of the endpoint (default: WORKBENCH_MODEL, or local)')
    add("--repeat", type=_repetitions, default=1, metavar="N", help="run each variant N times, 1 to 30 (default: 1)")


def _positive(text: str) -> int:
    return _whole(text, 256)


def _repetitions(text: str) -> int:
    return _whole(text, 30)


def _hundreds(text: str) -> int:
    return _whole(text, 1_000)


def _whole(text: str, most: int) -> int:
    number = int(text) if text.isdecimal() and text.isascii() else 0
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} has to be a whole number from 1 to {most}")
    return number

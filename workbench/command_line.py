"""The command line: what can be asked, in which words."""

import argparse
from collections.abc import Sequence

# Everything heavy is imported by the command that needs it, so that --help answers at once.


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit code: 0 all runs done, 1 some failed, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    from workbench.reading_ahead import ReadingAhead

    reading = ReadingAhead(options.documents)
    from workbench.compare_command import compare

    return compare(options, reading)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workbench", description="The prompt workbench without a browser.")
    commands = parser.add_subparsers(dest="command", required=True)
    compare = commands.add_parser(
        "compare",
        help="run variants side by side on PDFs",
        description="Run prompt variants side by side on PDFs.",
        epilog="Exit code: 0 all runs done, 1 some failed, 2 wrong usage.",
    )
    add = compare.add_argument
    add("documents", nargs="+", metavar="PDF", help="the documents")
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
    add("--dataflow", default="summarization", metavar="NAME", help="which dataflow (default: summarization)")
    add("--model", metavar="M", help='"local" or a model of the endpoint (default: WORKBENCH_MODEL, or local)')
    add("--in-flight", type=_positive, default=16, metavar="N", help="model calls at a time (default: 16)")
    add(
        "--grid",
        action="append",
        default=[],
        metavar="PROMPT=LABEL,LABEL",
        help="run all combinations of these versions or drafts of several prompts; once for each prompt",
    )
    add("--repeat", type=_repetitions, default=1, metavar="N", help="run each variant N times, 1 to 30 (default: 1)")
    add("--plan", action="store_true", help="print what the run would cost as JSON, and make no call")
    add(
        "--budget",
        action="append",
        default=[],
        metavar="N|N.NNusd",
        help="stop before the call that would cross this number of calls, or of US dollars",
    )
    add("--fresh", action="store_true", help="ask the model again, whatever is kept")
    add("--json", metavar="FILE", help="write everything as JSON; - for standard output")
    return parser


def _positive(text: str) -> int:
    return _whole(text, 256)


def _repetitions(text: str) -> int:
    return _whole(text, 30)


def _whole(text: str, most: int) -> int:
    number = int(text) if text.isdecimal() and text.isascii() else 0
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} has to be a whole number from 1 to {most}")
    return number

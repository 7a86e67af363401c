"""What `python -m workbench check` can be told."""

import argparse

DEFAULT_TOLERANCE = 0.05
DEFAULT_PROMPT_TOKENS = 4_000
EVIDENCE = ("warn", "require", "off")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the gate."""
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="prompts/, prompts/<dataflow> or a prompts_vN.py (default: prompts/)")
    add("--baseline", metavar="REV", help="hold versions and recorded cases against this revision of the repository")
    add(
        "--tolerance",
        type=_share,
        default=DEFAULT_TOLERANCE,
        metavar="S",
        help="how much lower a score may be than the baseline's, 0 to 1 (default: 0.05)",
    )
    add(
        "--prompt-tokens",
        type=_count,
        default=DEFAULT_PROMPT_TOKENS,
        metavar="N",
        help="the longest text of a prompt (default: 4000)",
    )
    add("--require-record", action="store_true", help="a version without recorded cases is an error")
    add(
        "--evidence",
        choices=EVIDENCE,
        default="warn",
        help="of evaluations and blind reviews: warn when a new version has none or is worse (the default), require it "
        "to be better, or look at none",
    )
    add("--static", action="store_true", help="read the modules only: run no prompt and no recorded case")
    add("--junit", metavar="FILE", help="write a JUnit report")
    add("--json", metavar="FILE", help="write everything as JSON; - for standard output")
    add("--github", action="store_true", help="print annotations for GitHub, and write its step summary")


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} has to be a number from 0 to 1")
    return share


def _count(text: str) -> int:
    count = int(text) if text.isdecimal() and text.isascii() and len(text) < 9 else 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} has to be a whole number from 1 to 99999999")
    return count

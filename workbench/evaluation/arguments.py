"""What an evaluation can be told on the command line, beyond variants and calls; light, as --help loads it."""

import argparse

POLICIES = ("any-failure", "regression", "worse", "never")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the suite and the options."""
    add = parser.add_argument
    add("suite", metavar="SUITE", help="a folder of datasets/, or a file")
    add("--baseline", metavar="LABEL", help="the variant that the others are held against; it runs, too")
    add("--document", metavar="FILE", help="what cases that name no document are run on")
    add("--judge", metavar="M", help="the model that answers llm-rubric and select-best")
    add("--embedding", metavar="M", help="the embedding model of the endpoint that answers similar")
    add(
        "--fail-on",
        choices=POLICIES,
        default="any-failure",
        help="fail when a case fails with a variant other than the baseline (the default), when one fails that passes "
        "with the baseline, when the figures call a variant worse, or never; unfinished cases fail all but the last",
    )
    add("--json", metavar="FILE", help="write everything as JSON; - for standard output")
    add("--junit", metavar="FILE", help="write JUnit XML; - for standard output")
    add("--markdown", metavar="FILE", help="write a summary in Markdown; - for standard output")

"""The options of `python -m workbench review`."""

import argparse


def add_arguments(parser: argparse.ArgumentParser, first_dataflow: str) -> None:
    """Add them; first_dataflow is the project's first."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="all of a dataflow, the newest first")
    listing.add_argument(
        "--dataflow", default=first_dataflow, metavar="NAME", help="which dataflow (default: the project's first)"
    )
    showing = actions.add_parser("show", help="verdicts, ranking, reviewers, agreement and reasons of one")
    showing.add_argument("review", metavar="ID")
    showing.add_argument(
        "--judge", metavar="M", help="ask this model, too, in both orders; kept replies are not paid for again"
    )
    for action in (listing, showing):
        action.add_argument("--json", action="store_true", help="print JSON")

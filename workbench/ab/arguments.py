"""The options of `python -m workbench ab`."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add them."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="all tests, the last changed first")
    showing = actions.add_parser("show", help="arms, traffic, outcomes, interval, e-value and stop rule of one")
    showing.add_argument("name", metavar="NAME")
    for action in (listing, showing):
        action.add_argument("--json", action="store_true", help="print JSON")

"""python -m workbench: the same engine without a browser."""

import sys

from workbench.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

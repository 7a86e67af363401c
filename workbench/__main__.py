"""python -m workbench: the same engine without a browser."""

import gc
import sys

from workbench.command_line import main

if __name__ == "__main__":
    # What a command loads stays: looking through it a thousand times finds no garbage.
    gc.set_threshold(200_000, 50, 50)
    code = main(sys.argv[1:])
    gc.freeze()  # nor does looking through it once more on the way out, which takes 0.2 s
    sys.exit(code)

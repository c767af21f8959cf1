"""``python -m geo``: the command line where the folder of ``geo`` is not on the path."""

import sys

from geo.cli import main

if __name__ == "__main__":
    sys.exit(main(prog_name="geo"))

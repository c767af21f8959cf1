"""The command line: arguments in, one library call, one line of summary out.

Words go to stderr, data to stdout or into files. Exit codes: 0 fine, 1 a fault of the call,
2 data refused, 3 the machine refused, 130 interrupted.
"""

from geo.cli.group import main

__all__ = ["main"]

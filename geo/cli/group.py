"""The command ``geo``: loads a command when it is called, and turns errors into exit codes."""

from __future__ import annotations

import difflib
import errno
import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from geo.cli.options import as_options
from geo.cli.say import say
from geo.export.plain import plain

COMMANDS = {
    "study": "Do everything: tables, map, ledger and manifest.",
    "check": "Say where every record of a file goes, and why.",
    "assign": "Add to each event the areas it counts for.",
    "count": "Count events that do not fit into memory.",
    "rates": "Count events by area and period, with rates.",
    "change": "Compare two windows of time: ratios with intervals.",
    "explain": "Say which events a change is made of.",
    "hotspots": "Find areas that are high, or low, with their neighbors.",
    "clusters": "Group events near in space and time, or test if they are.",
    "scan": "Find clusters in space and time, each tested against chance.",
    "density": "Draw the density of events, or its change, as a GeoTIFF.",
    "concentration": "Say how few areas hold most events, and whether it lasts.",
    "trend": "Say when the rate of an area changed, without being told.",
    "compare": "Hold the change of a state against that of other states.",
    "surge": "Flag areas with many more events in the latest weeks.",
    "actors": "Say how many groups fight where, and who fights whom.",
    "targeting": "Say which share of events targets civilians, and its change.",
    "query": "Ask events by place, distance, time, type, party, or in SQL.",
    "map": "Draw the map of a study as one HTML file, or as a picture.",
    "graph": "Draw the events month by month as a picture.",
    "export": "Write the tables of a study for spreadsheets, R, Python and GIS.",
    "sample": "Write a made-up data set to try everything on.",
}
"""Every command and its help in short; each has a module of its own name."""


_REFUSALS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})
"""What a full or broken disk answers; any other error of the system is a defect of ours."""


class GeoGroup(click.Group):
    """A group whose commands are imported one by one, so that ``geo --help`` is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command and return it."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"geo.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; for a slip of the keys, name the one that is near."""
        name = args[0]
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        if name not in COMMANDS and near:
            ctx.fail(f"No such command {plain(name)!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run the command; whoever read our output may have seen enough, as in ``| head``.

        Click itself would end with 1, as if the call were wrong.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            sys.stdout = None
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Run, and end the process with the exit code of what happened."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode, **extra)
        _accept_any_text()
        sys.exit(self._run(args, prog_name or "geo", complete_var, extra))

    def _run(
        self,
        args: Sequence[str] | None,
        prog_name: str,
        complete_var: str | None,
        extra: dict[str, Any],
    ) -> int:
        from geo.errors import GeoError

        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.UsageError as error:
            error.show()
            return 1
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except GeoError as error:
            say(f"Error: {as_options(str(error))}")
            return error.exit_code
        except (click.Abort, KeyboardInterrupt):
            say("Interrupted; nothing was written.")
            return 130
        except OSError as error:
            if error.errno not in _REFUSALS:
                raise
            say(f"Error: the machine refuses: {error}")
            sys.stdout = None  # what is left in it cannot be written either
            return 3
        return code if isinstance(code, int) else 0


def _accept_any_text() -> None:
    """Let a console that knows few characters show the others as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@click.group("geo", cls=GeoGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="geo", message="%(prog)s %(version)s")
def main() -> None:
    """From events in Mexico to rates, hotspots and maps that open anywhere.

    \b
        $ geo sample
        $ geo check made-up-sample.csv
        $ geo study made-up-sample.csv --base 2023 --comparison 2024 --focus Sinaloa
    """  # noqa: D301  click looks for the character itself

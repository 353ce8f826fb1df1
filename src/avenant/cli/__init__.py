"""The command line: one file a verb, loaded when it is called.

avenant VERB … [--json] [--lang fr]        exit 0 good · 1 findings, not permitted, damaged · 2 bad input
                                           3 not finished · 70 a bug of ours
"""

from __future__ import annotations

import sys


def main() -> None:
    """The console script. `--version` answers before anything is loaded."""
    if sys.argv[1:] == ["--version"]:
        from avenant import __version__

        print(f"avenant {__version__}")
        return
    from avenant.cli.app import run

    sys.exit(run(sys.argv[1:]))

"""`make demo`: the story of Avenant, played with real parts on this machine.

python -m demo                          # then keeps the gateway for your own calls, until Ctrl-C
python -m demo --once                   # ends by itself, as it does in a pipe
python -m demo --svg docs/story.svg     # the same, and a picture of it
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

from avenant.cli.language import language_of
from avenant.errors import AvenantError
from avenant.languages import LANGUAGES, say, speak
from demo.stage import Fault, Interrupts, Stage

# What the story needs beyond Avenant itself: requirements/demo.txt.
_NEEDED = (
    "aiohttp",
    "apsw",
    "gguf",
    "h11",
    "numpy",
    "openai",
    "uvicorn",
    "uvloop",
    "xllamacpp",
)
_INTERRUPTED = 130


def main() -> int:
    """Play the story; 0 when it was told, 2 when something outside it was in the way."""
    interrupts = Interrupts()
    parser = argparse.ArgumentParser(prog="python -m demo", description=say("demo.title"))
    parser.add_argument("--once", action="store_true", help="end with the story")
    parser.add_argument("--port", type=int, default=0, help="of the gateway; 0: any free one")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a picture of the story")
    parser.add_argument("--lang", choices=LANGUAGES, default=language_of(os.environ))
    options = parser.parse_args()
    speak(options.lang)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a real stream
    stage = Stage(interrupts)
    try:
        try:
            return _play(stage, options)
        finally:
            stage.close()
    except KeyboardInterrupt:
        stage.close()
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever reads the story has seen enough (`make demo | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Fault, AvenantError) as fault:
        print(fault, file=sys.stderr)
        return 2


def _play(stage: Stage, options: argparse.Namespace) -> int:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise Fault(say("demo.missing", names=", ".join(missing)))
    # Only now: these load what may be missing.
    from demo.screen import Screen
    from demo.story import Story

    screen = Screen(recorded=options.svg is not None)
    url, key = Story(stage, screen, options.port).play()
    if options.svg is not None:
        screen.save(options.svg, "make demo")
    if options.once or options.svg is not None or not screen.live:
        return 0
    screen.text("")
    screen.text(say("demo.yours", url=url, key=key))
    try:
        signal.pause()
    except KeyboardInterrupt:
        return 0  # as announced
    return 0


if __name__ == "__main__":
    sys.exit(main())

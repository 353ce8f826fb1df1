"""Ends verbs that run until they are interrupted, also where a process is started with interrupts ignored.

A shell without job control (`avenant serve … &` in a script) and `nohup` start a process so that SIGINT is ignored.
Whoever sends it one all the same wants it to end, and would wait for ever.
"""

from __future__ import annotations

import signal


def heed_interrupts() -> None:
    """Have SIGINT raise KeyboardInterrupt from now on, whatever the process inherited."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

"""What happens by the clock while nobody calls: a step is noticed, and each hour a heartbeat is recorded.

pulse = Pulse(keeper, texts, ledger, tell)
pulse.beat()               # a few times a second, in the event loop
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from uuid import UUID

from avenant.agreement.types import InForce
from avenant.errors import AvenantError
from avenant.gateway.clock import HOUR, Event, Timekeeper, moment
from avenant.gateway.entries import heartbeat_entry
from avenant.gateway.texts import TextSchedule
from avenant.instants import shown
from avenant.languages import say
from avenant.ledger.sequencer import Ledger


class Pulse:
    """Compares the clocks, tells the operator of a step, and records that the gateway runs."""

    def __init__(
        self, keeper: Timekeeper, texts: TextSchedule, ledger: Ledger, tell: Callable[[str], None]
    ) -> None:
        self._keeper, self._texts, self._ledger, self._tell = keeper, texts, ledger, tell
        self._last = keeper.readings().boot
        self._told: UUID | None = None

    def beat(self) -> None:
        """Look at the clocks once."""
        with contextlib.suppress(AvenantError):  # told below, and to each caller
            self._keeper.watch(self._texts.same)
        step = self._keeper.step
        if step is not None and step[0] != self._told:
            self._tell(step_line(step[1]))
        self._told = step[0] if step else None
        now = self._keeper.readings()
        if now.boot - self._last >= HOUR:
            self._last = now.boot
            self._ledger.put(heartbeat_entry(now.wall, self._text(), self._keeper()))

    def _text(self) -> InForce | None:
        try:
            return self._texts.at(moment(self._keeper())).text
        except AvenantError:
            return None


def step_line(event: Event) -> str:
    """What the operator is told of a step: that calls go on, or that they wait for a confirmation."""
    key = "gateway.clock-goes-on" if event.deciding else "gateway.clock-waits"
    return say(key, shown=shown(moment(event.shown)), expected=shown(moment(event.expected)))

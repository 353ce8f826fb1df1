"""A play of events and commands, written as it should go: `>>` an event, `<<` a command that follows from it.

play = (
    Playbook(Call().step)
    >> Request("call-1", SALT)
    << Decide()
    >> Decided(…)
    << Record(decision=ANY_VALUE)
)
play.check()

Each event is performed as soon as it is written; each command is compared at once. `check` says that none is left over.
A command may be given by its type alone, where its fields do not matter, or by a test of it (`where`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class where:  # noqa: N801 - reads as a word of the play
    """A command of a type whose fields have these values; the others may have any."""

    kind: type
    fields: dict[str, object]

    def __init__(self, kind: type, **fields: object) -> None:
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "fields", fields)

    def differs(self, command: object) -> str | None:
        """Say in what a command is another; None when it is as wanted."""
        if not isinstance(command, self.kind):
            return f"{type(command).__name__}, not {self.kind.__name__}"
        for path, wanted in self.fields.items():
            value: Any = command
            for name in path.split("__"):
                value = value[name] if isinstance(value, dict) else getattr(value, name)
            if value != wanted:
                return f"{path} is {value!r}, not {wanted!r}"
        return None


@dataclass
class Playbook:
    """The play of one machine."""

    step: Callable[[Any], Iterable[object]]
    _left: list[object] = field(default_factory=list)
    _story: list[str] = field(default_factory=list)

    def __rshift__(self, event: object) -> Self:
        """Something happens; all that followed from what happened before must have been written down."""
        self.check()
        self._story.append(f">> {event}")
        self._left = list(self.step(event))
        return self

    def __lshift__(self, wanted: object) -> Self:
        """The next command is this one."""
        assert self._left, self._failed(f"nothing follows, not {wanted}")
        command = self._left.pop(0)
        self._story.append(f"<< {command}")
        if isinstance(wanted, type):
            wanted = where(wanted)
        if isinstance(wanted, where):
            difference = wanted.differs(command)
            assert difference is None, self._failed(difference)
        else:
            assert wanted == command, self._failed(f"not {wanted}")
        return self

    def check(self) -> None:
        """Fail when a command is left that nobody wrote down."""
        assert not self._left, self._failed(f"and more: {self._left}")

    def _failed(self, why: str) -> str:
        return "\n".join([*self._story, f"!! {why}"])

"""z3 asked the questions of the analysis, from the conditions as written: no term and no index of ours is used.

z3 = Opinion(vocabulary)
z3.none(z3.permitted(text), z3.rule(forbid))        # no use is permitted and meets the forbid
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import z3

from avenant.agreement.types import InForce
from avenant.rules.types import And, Condition, In, Not, Or, Rule
from avenant.vocabulary.types import Vocabulary


class Opinion:
    """One integer an axis, its values the numbers of the leaves."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._at = {a.id: z3.Int(a.id) for a in vocabulary.axes}
        self._solver = z3.Solver()
        for axis, at in self._at.items():
            self._solver.add(at >= 0, at < len(vocabulary.leaves(axis)))

    def none(self, *wanted: Any) -> bool:
        """Whether no use has all of that."""
        self._solver.push()
        self._solver.add(*wanted)
        answer = self._solver.check()
        self._solver.pop()
        assert answer in (z3.sat, z3.unsat)
        return bool(answer == z3.unsat)

    def condition(self, condition: Condition) -> Any:
        """A condition as it is written."""
        match condition:
            case In(axis, category):
                return self._among(axis, self.vocabulary.mask(axis, category))
            case Not(operand):
                return z3.Not(self.condition(operand))
            case And(operands):
                return z3.And([self.condition(o) for o in operands])
            case Or(operands):
                return z3.Or([self.condition(o) for o in operands])

    def rule(self, rule: Rule) -> Any:
        """Where a rule holds, with what admissions let past."""
        return self.condition(rule.effective)

    def rules(self, rules: Sequence[Rule], effect: str) -> Any:
        """Where one of the rules of that effect holds."""
        return z3.Or([self.rule(r) for r in rules if r.effect == effect])

    def permitted(self, text: InForce, without: str | None = None) -> Any:
        """What the text permits, or would permit without one of its clauses."""
        rules = [r for r in text.rules if r.clause != without]
        return z3.And(self.rules(rules, "permit"), z3.Not(self.rules(rules, "forbid")))

    def box(
        self, leaves: Mapping[str, Collection[str]], axes: Collection[str] | None = None
    ) -> Any:
        """A box, or its projection on some axes."""
        return z3.And(
            [
                z3.Or([self._at[axis] == self.vocabulary.leaves(axis).index(leaf) for leaf in some])
                for axis, some in leaves.items()
                if axes is None or axis in axes
            ]
        )

    def _among(self, axis: str, mask: int) -> Any:
        leaves = range(len(self.vocabulary.leaves(axis)))
        return z3.Or([self._at[axis] == leaf for leaf in leaves if mask >> leaf & 1])

"""Random agreements and uses, drawn fast, and brute force over all their points.

A text is drawn from a `random.Random`, so that Hypothesis draws only its seed and a failure is one number. Brute force
walks the tree of categories by name: it shares no line with masks, terms or the search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import product
from random import Random

from msgspec.structs import replace

from avenant.agreement.types import InForce
from avenant.errors import InputError, Span
from avenant.rules.lower import lower
from avenant.rules.parse import parse_rules
from avenant.rules.types import And, Condition, In, Not, Or, Rule
from avenant.vocabulary.types import ANY, Vocabulary
from tests.small_texts import Tree, clause, small_text, vocabulary

Point = tuple[str, ...]
Values = Mapping[str, Sequence[str]]


def random_vocabulary(dice: Random) -> Vocabulary:
    """Four axes, trees of one or two levels, some of their lists complete: two to six leaves an axis."""
    trees: dict[str, Tree] = {}
    complete: set[tuple[str, str]] = set()
    for axis in ("organisation", "operation", "purpose", "data"):
        tree: dict[str, Tree] = {}
        for i in range(dice.randint(2, 3)):
            id = f"{axis[:2]}-{i}"
            tree[id] = {f"{id}-{j}": {} for j in range(2)} if dice.random() < 0.3 else {}
            if tree[id] and dice.random() < 0.3:
                complete.add((axis, id))
        trees[axis] = tree
        if dice.random() < 0.4:
            complete.add((axis, ANY))
    return vocabulary(trees, complete)


def random_text(dice: Random, *, principle: bool = False) -> InForce:
    """A text of two to six clauses of one or two rules; about half of the rules have an `unless`, its tests nested.

    With a `principle` `p` of one or two forbids, when wanted.
    """
    spoken = random_vocabulary(dice)
    clauses = {"broad": _rule(dice, spoken, "permit", 1)}
    for i in range(dice.randint(1, 5)):
        effect = "permit" if dice.random() < 0.35 else "forbid"
        clauses[f"clause-{i}"] = _rules(dice, spoken, effect)
    principles = {"p": _rules(dice, spoken, "forbid")} if principle else None
    return small_text(clauses, principles, spoken)


def random_amendment(dice: Random, text: InForce) -> InForce:
    """The text with one to three of its clauses repealed, written anew, or joined by another."""
    spoken = text.vocabulary
    clauses = {c.id: c for c in text.clauses}
    for i in range(dice.randint(1, 3)):
        effect = "permit" if dice.random() < 0.35 else "forbid"
        change = dice.choice(("repeal", "replace", "insert"))
        id = f"new-{i}" if change == "insert" or not clauses else dice.choice(list(clauses))
        if change == "repeal":
            clauses.pop(id, None)
        else:
            clauses[id] = clause(id, 90 + i, _rules(dice, spoken, effect), spoken)
    return replace(text, clauses=tuple(clauses.values()), number=1)


def apart_from(dice: Random, text: InForce) -> InForce | None:
    """The text with one more ban, on something else on an axis that its principle tests; None where all is tested."""
    spoken = text.vocabulary
    (principle,) = text.principles
    axis = dice.choice([t.axis for r in principle.rules for t in r.tests()])
    held = [
        mask
        for rule in principle.rules
        for mask in (box[spoken.position[axis]] for box in lower(rule.condition, spoken, rule.at))
    ]
    free = [
        c.id
        for c in spoken.categories
        if c.axis == axis and not any(spoken.mask(axis, c.id) & mask for mask in held)
    ]
    if not free:
        return None
    role = next(a for a in spoken.axes if a.id == axis)
    ban = f'forbid (principal, action, resource) when {{ {role.role} in {role.entity}::"{dice.choice(free)}" }};'
    return replace(text, clauses=(*text.clauses, clause("apart", 99, ban, spoken)))


def _rules(dice: Random, spoken: Vocabulary, effect: str) -> str:
    return "\n".join(
        _rule(dice, spoken, effect, dice.randint(1, 3)) for _ in range(dice.randint(1, 2))
    )


def _rule(dice: Random, spoken: Vocabulary, effect: str, width: int) -> str:
    """A rule that tests up to `width` axes; drawn again until its condition can hold."""
    while True:
        source = _drawn(dice, spoken, effect, width)
        with suppress(InputError):
            parse_rules(source, Span("0-agreement.md", 1), "drawn", 1, spoken, ())
            return source


def _drawn(dice: Random, spoken: Vocabulary, effect: str, width: int) -> str:
    axes = dice.sample([a.id for a in spoken.axes], width)
    when = " && ".join(_test(dice, spoken, axis) for axis in axes)
    source = f"{effect} (principal, action, resource) when {{ {when} }}"
    if dice.random() < 0.5:
        source += f" unless {{ {_nested(dice, spoken, [a.id for a in spoken.axes], 2)} }}"
    return source + ";"


def _nested(dice: Random, spoken: Vocabulary, axes: Sequence[str], depth: int) -> str:
    if depth == 0 or dice.random() < 0.3:
        test = _test(dice, spoken, dice.choice(axes))
        return f"!({test})" if dice.random() < 0.25 else test
    left, right, sign = axes, axes, "||"
    if len(axes) > 1 and dice.random() < 0.5:
        # Over different axes: two categories of one axis are never both.
        left, right, sign = axes[: len(axes) // 2], axes[len(axes) // 2 :], "&&"
    one, other = _nested(dice, spoken, left, depth - 1), _nested(dice, spoken, right, depth - 1)
    return f"({one} {sign} {other})"


def _test(dice: Random, spoken: Vocabulary, axis_id: str) -> str:
    axis = spoken.axis(axis_id)
    assert axis is not None
    ids = [c.id for c in spoken.categories if c.axis == axis_id]
    return f'{axis.role} in {axis.entity}::"{dice.choice(ids)}"'


def random_point(dice: Random, spoken: Vocabulary) -> Point:
    """A complete use: one leaf an axis."""
    return tuple(dice.choice(spoken.leaves(a.id)) for a in spoken.axes)


def random_values(dice: Random, spoken: Vocabulary) -> dict[str, tuple[str, ...]]:
    """What a call might carry: leaves mostly, some inner categories, some axes open, some mixtures."""
    values: dict[str, tuple[str, ...]] = {}
    for axis in spoken.axes:
        every = [id for id, _ in spoken.subtrees(axis.id)]
        roll = dice.random()
        if roll < 0.12:
            continue  # nothing said: `any`
        if roll < 0.72:
            values[axis.id] = (dice.choice(spoken.leaves(axis.id)),)
        elif roll < 0.9:
            values[axis.id] = (dice.choice(every),)
        else:
            values[axis.id] = tuple(dict.fromkeys(dice.choice(every) for _ in range(2)))
    return values


class BruteForce:
    """The outcome of every point of a text, worked out one by one."""

    def __init__(self, text: InForce) -> None:
        self.vocabulary = text.vocabulary
        self.points = {
            point: self.determined(text.rules, point)
            for point in product(*(self.vocabulary.leaves(a.id) for a in self.vocabulary.axes))
        }

    def determined(self, rules: Sequence[Rule], point: Point) -> tuple[str, frozenset[str]]:
        """Effect and satisfied rules of that effect: forbid over permit over nothing."""
        held = [rule for rule in rules if self.holds(rule.effective, point)]
        forbids = frozenset(r.id for r in held if r.effect == "forbid")
        permits = frozenset(r.id for r in held if r.effect == "permit")
        return ("permit", permits) if permits and not forbids else ("forbid", forbids)

    def holds(self, condition: Condition, point: Point) -> bool:
        """A condition on a point, by the names of the categories above its leaves."""
        match condition:
            case In(axis, category):
                leaf = point[self.vocabulary.position[axis]]
                return category in self.names(axis, leaf)
            case Not(operand):
                return not self.holds(operand, point)
            case And(operands):
                return all(self.holds(o, point) for o in operands)
            case Or(operands):
                return any(self.holds(o, point) for o in operands)

    @cache  # noqa: B019  the text outlives nobody
    def names(self, axis: str, leaf: str) -> frozenset[str]:
        """The names of a leaf: itself, every category that it lies in, and `any`."""
        listed = leaf.removesuffix(".other")
        return frozenset((leaf, ANY, *self.vocabulary.above(axis, listed)))

    @cache  # noqa: B019  as above
    def under(self, axis: str, category: str) -> tuple[str, ...]:
        """The leaves that have a category among their names."""
        leaves = self.vocabulary.leaves(axis)
        return tuple(leaf for leaf in leaves if category in self.names(axis, leaf))

    def inside(self, box: Mapping[str, str]) -> list[Point]:
        """The points of one combination of categories; an axis that is absent is open."""
        return list(product(*(self.under(a.id, box.get(a.id, ANY)) for a in self.vocabulary.axes)))

    def outcome(self, values: Values) -> str:
        """§3 and §4 to the letter: every combination, all or none or some of its points, the worst."""
        outcomes = {self._of(box) for box in combinations(values)}
        return next(o for o in ("refused", "undetermined", "permitted") if o in outcomes)

    def missing(self, values: Values) -> set[str]:
        """The axes on which two points of an undetermined combination differ alone, and in outcome."""
        found: set[str] = set()
        for box in combinations(values):
            points = self.inside(box)
            for i, axis in enumerate(self.vocabulary.axes):
                rest: dict[Point, set[str]] = {}
                for point in points:
                    effect = self.points[point][0]
                    rest.setdefault((*point[:i], *point[i + 1 :]), set()).add(effect)
                if any(len(both) == 2 for both in rest.values()):
                    found.add(axis.id)
        return found

    def _of(self, box: Mapping[str, str]) -> str:
        effects = {self.points[point][0] for point in self.inside(box)}
        if effects == {"permit"}:
            return "permitted"
        return "refused" if effects == {"forbid"} else "undetermined"


def combinations(values: Values) -> Iterator[dict[str, str]]:
    """Each combination of the values: one category an axis."""
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))

"""Which clauses changed, in which words, and what each change does.

What a change does is what is owed to it (`both`): a ban that moved from one clause to another changes no decision, in
either. A definition is owed what the clauses do that stand as they stood and hold elsewhere by it.

    changes(both, gone, come, budget)[0].segments     # struck " intentionally"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from avenant.agreement.types import Clause
from avenant.analyse.compare.pairs import Pair, common_languages, encoding, moved, paired, passages
from avenant.analyse.compare.text_pair import ORDER, TextPair
from avenant.analyse.compare.textdiff import CODE, segments
from avenant.analyse.types import ChangeKind, Segment, TextChange
from avenant.findings.types import Order
from avenant.languages import language
from avenant.region import Boxes, Budget, Exhausted, Region


def changes(both: TextPair, gone: Boxes, come: Boxes, budget: Budget) -> tuple[TextChange, ...]:
    """The clauses that changed, in the order of the text after, repealed ones last.

    `gone` and `come` are the boxes of the comparison. Where the budget is spent, an effect is `not finished`.
    """
    before, after = both.old.text, both.new.text
    common = common_languages(before, after)
    pairs = tuple(paired(before, after, common))
    out_of_order = moved(before, pairs)
    redefined = tuple(pair for pair in pairs if _stands(pair) and not both.held(pair))
    found = []
    for pair in pairs:
        kind = _kind(both, pair, pair.shown.id in out_of_order, common)
        if kind is not None:
            changed = (pair, *(redefined if _defines_otherwise(pair) else ()))
            effect = _effect(both, pair, changed, gone, come, budget)
            found.append(_change(pair, kind, _shown_in(pair, kind, common), effect))
    return tuple(found)


class _Effect(Struct, frozen=True):
    """What a change does: the order of it, and the places of its boxes."""

    order: Order | None
    refused: tuple[int, ...] = ()
    permitted: tuple[int, ...] = ()


def _kind(
    both: TextPair, pair: Pair, out_of_order: bool, common: Sequence[str]
) -> ChangeKind | None:
    """What became of a clause; None when nothing did. The first that applies."""
    # Without a common language, the words are compared each in their own: they differ.
    first, *others = common or ("",)
    match pair:
        case Pair(None, Clause()):
            return "inserted"
        case Pair(Clause(), None):
            return "repealed"
        case Pair(Clause() as was, Clause() as now):
            if pair.differs(first):
                return "replaced"
            if encoding(was) != encoding(now):
                return "encoding"
            if any(pair.differs(other) for other in others):
                return "translation"
            if not both.held(pair):
                return "scope"
            if out_of_order:
                return "moved"
            if was.number != now.number:
                return "renumbered"
    return None


def _effect(
    both: TextPair, pair: Pair, changed: Sequence[Pair], gone: Boxes, come: Boxes, budget: Budget
) -> _Effect:
    if pair.shown.kind == "principle":
        return _Effect(None)
    going, coming = both.attributed_to(changed)
    try:
        return _Effect(
            ORDER[both.some(going, budget), both.some(coming, budget)],
            _grown_from(both, going, gone, budget),
            _grown_from(both, coming, come, budget),
        )
    except Exhausted:
        return _Effect(Order.UNFINISHED)


def _grown_from(both: TextPair, region: Region, found: Boxes, budget: Budget) -> tuple[int, ...]:
    """The boxes that were grown from a use of the region: each box is some clause's, though boxes may overlap."""
    return tuple(i for i, b in enumerate(found.boxes) if both.some(region, budget, b.witness))


def _shown_in(pair: Pair, kind: ChangeKind, common: Sequence[str]) -> str | None:
    """The language that shows the words: the reader's where it can be; or that of the translation that differs."""
    if kind == "translation":
        return next(lang for lang in common if pair.differs(lang))
    return language() if language() in common else next(iter(common), None)


def _change(pair: Pair, kind: ChangeKind, lang: str | None, effect: _Effect) -> TextChange:
    was, now, shown = pair.was, pair.now, pair.shown
    translation = shown.translations.get(lang or "")
    return TextChange(
        shown.id,
        shown.label,
        kind,
        str(translation.at if translation else shown.at),
        was.label if was is not None and was.label != shown.label else None,
        pair.by_words,
        tuple(_words(was, now, lang)) if lang else (),
        segments(encoding(was), encoding(now), CODE),
        effect.order,
        effect.refused,
        effect.permitted,
    )


def _words(was: Clause | None, now: Clause | None, lang: str) -> Iterator[Segment]:
    """Title against title, prose against prose, reading against reading: a paragraph each, or more."""
    apart = ""
    for before, after in zip(passages(was, lang), passages(now, lang), strict=True):
        for segment in segments(before, after, lang):
            yield Segment(segment.kind, apart + segment.text)
            apart = ""
        apart = "\n\n" if before or after else apart


def _stands(pair: Pair) -> bool:
    """Whether a clause stands as it stood and lets nobody else past: if it holds elsewhere, a definition did it."""
    was, now = pair.was, pair.now
    return (
        was is not None
        and now is not None
        and was.source == now.source
        and [(r.id, r.passes) for r in was.rules] == [(r.id, r.passes) for r in now.rules]
    )


def _defines_otherwise(pair: Pair) -> bool:
    was, now = (
        [b.source for b in clause.blocks if b.language == "vocabulary"] if clause else []
        for clause in (pair.was, pair.now)
    )
    return was != now

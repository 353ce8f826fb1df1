"""The core vocabulary, and each way in which a document's `vocabulary` block can be wrong."""

from __future__ import annotations

import re

import pytest

from avenant.errors import InputError, InputErrors, Span
from avenant.languages import LANGUAGES
from avenant.source.nodes import read_yaml
from avenant.vocabulary.extend import extended
from avenant.vocabulary.read import core
from avenant.vocabulary.types import Axis, Category, Vocabulary
from tools import core_json
from tools.vocabulary_page import CLAUSES, PAGE, page

AXES = [
    "organisation",
    "operation",
    "body",
    "purpose",
    "data",
    "provenance",
    "sensitivity",
    "secrecy",
    "consent",
    "population",
    "subject",
    "age",
    "audience",
    "setting",
    "timing",
    "scale",
    "intent",
    "constraint",
    "legality",
    "warrant",
    "urgency",
    "oversight",
    "competence",
    "disclosure",
    "recourse",
    "authority",
    "approval",
    "testing",
    "assessment",
    "record",
    "foreign-purpose",
    "mandate",
    "effect",
    "reversibility",
    "amount",
    "content",
    "likeness",
    "place",
    "territory",
    "model",
]


def add(block: str, language: str = "en") -> Vocabulary:
    """The core vocabulary with a block of a document."""
    return extended(core(), read_yaml(block, Span("0-agreement.md", 30, "definitions")), language)


def faults(block: str) -> list[tuple[str, int]]:
    """The codes of a block's errors and their lines in the block, from 1."""
    with pytest.raises(InputError) as caught:
        add(block)
    error = caught.value
    errors = error.errors if isinstance(error, InputErrors) else (error,)
    assert all(e.at is not None and e.message and e.hint for e in errors)
    return [(e.code, e.at.line - 29) for e in errors if e.at]


def test_axes_stand_in_their_order() -> None:
    """The order of the axes is the order of everything shown, so it changes only on purpose."""
    assert AXES == [axis.id for axis in core().axes]


def test_roles_are_those_of_a_cedar_request() -> None:
    """Organisation is the principal, operation the action, and every other axis the resource."""
    roles = [axis.role for axis in core().axes]
    assert ["principal", "action", *["resource"] * (len(AXES) - 2)] == roles


def test_everything_is_said_in_each_language() -> None:
    """Each axis and category has title, definition and phrase in English and in French."""
    things: tuple[Axis | Category, ...] = (*core().axes, *core().categories)
    texts = [
        (thing.id, name, text)
        for thing in things
        for name in ("title", "definition", "phrase", "within", "other")
        if (text := getattr(thing, name, None)) is not None
    ]
    assert [] == [
        (id, name)
        for id, name, text in texts
        if sorted(text) != sorted(LANGUAGES) or not all(text.values())
    ]


def test_ids_are_unique_and_well_formed() -> None:
    """The shipped file obeys what documents must obey."""
    keys = [(c.axis, c.id) for c in core().categories]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch("[a-z][a-z0-9-]*", id) for _, id in keys)
    assert all(id not in ("any", "other") for _, id in keys)


def test_entities_of_axes_are_distinct() -> None:
    """Each axis has an entity type of its own, or a rule could not name it."""
    entities = [axis.entity for axis in core().axes]
    assert len(entities) == len(set(entities))


def test_an_axis_asks_one_question() -> None:
    """The definition of an axis is a question."""
    assert [] == [a.id for a in core().axes if not a.definition["en"].endswith("?")]


def test_terms_of_the_data_privacy_vocabulary() -> None:
    """A standard term stands for one category, and only DPV and its extensions are referred to."""
    iris = [c.iri for c in core().categories if c.iri]
    assert len(iris) == len(set(iris))
    assert all(re.fullmatch(r"https://w3id\.org/dpv(/[a-z]+)*#[A-Z][A-Za-z]+", iri) for iri in iris)


def test_core_is_read_once() -> None:
    """The same vocabulary is the same object, so that caches hold."""
    assert core() is core("core@1-draft")


def test_a_core_to_come_is_read_as_its_draft() -> None:
    """Until the core is frozen, a text that names it by the name to come is read against the draft."""
    assert core("core@1-draft") is core("core@1")


def test_unknown_core_names_the_nearest() -> None:
    """A vocabulary that is not shipped is an error with the spelling that is."""
    with pytest.raises(InputError) as caught:
        core("core@2", Span("0-agreement.md", 9))
    assert ("unknown-vocabulary", 9) == (
        caught.value.code,
        caught.value.at and caught.value.at.line,
    )
    assert "core@1-draft" in (caught.value.hint or "")


def test_new_categories_below_the_root_and_below_others() -> None:
    """Lists and mappings both add kinds, in the order written, after those that were there."""
    read = add(
        "organisation:\n"
        "  department: {title: The department, children: {intelligence: {children: [nsa, dia]}, army: {}}}\n"
    )
    own = ("nsa", "dia", "intelligence.other", "army", "department.other", "other")
    assert own == read.leaves("organisation")[-6:]
    nsa = read.category("organisation", "nsa")
    assert nsa is not None
    assert ("intelligence", {"en": "nsa"}, {"en": "nsa"}) == (nsa.parent, nsa.title, nsa.phrase)


def test_plain_words_are_in_the_language_of_the_text() -> None:
    """A title without a language is in the document's."""
    read = add("organisation: {ministere: {title: Le ministère}}", "fr")
    found = read.category("organisation", "ministere")
    assert found is not None
    assert {"fr": "Le ministère"} == found.title


def test_a_threshold_is_redefined() -> None:
    """A text may draw a band elsewhere, and keeps its words."""
    bulk = add("scale: {bulk: {over: 1000000}}").category("scale", "bulk")
    old = core().category("scale", "bulk")
    assert bulk is not None
    assert old is not None
    assert (1000000, old.phrase) == (bulk.over, bulk.phrase)


def test_a_band_is_added_on_top() -> None:
    """Bands are complete, and one more cuts the last one."""
    read = add("scale: {huge: {title: Huge, over: 1000000}}")
    assert ("individual", "list", "bulk", "huge") == read.leaves("scale")


def test_a_definition_is_reworded_in_one_language() -> None:
    """What the text does not say anew stays."""
    location = add(
        "data: {private: {children: {location: {definition: Where a phone is.}}}}"
    ).category("data", "location")
    old = core().category("data", "location")
    assert location is not None
    assert old is not None
    assert {"en": "Where a phone is.", "fr": old.definition["fr"]} == location.definition


def test_adding_changes_no_mask_of_what_was_there() -> None:
    """A leaf that gets kinds is the same set: itself becomes its kinds and their `.other`."""
    read = add("purpose: {surveillance: {children: [of-press]}}")
    leaves = read.leaves("purpose")
    held = [leaf for i, leaf in enumerate(leaves) if read.mask("purpose", "surveillance") >> i & 1]
    assert ["of-press", "surveillance.other"] == held


def test_an_empty_block_adds_nothing() -> None:
    """A block without axes is the vocabulary as it was."""
    assert core().categories == add("").categories


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("organisaton: {a: {}}", [("unknown-axis", 1)]),
        ("purpose: {Spying: {}}", [("bad-id", 1)]),
        ("purpose: {any: {}}", [("reserved", 1)]),
        ("purpose: {other: {}}", [("reserved", 1)]),
        ("purpose: {surveillance.other: {}}", [("reserved", 1)]),
        ("purpose: {a: {children: [b, b]}}", [("duplicate", 1)]),
        ("purpose:\n  a: {children: [b]}\n  c: {children: [b]}", [("duplicate", 3)]),
        ("purpose:\n  a:\n    children: {b: {children: [a]}}", [("below-itself", 3)]),
        ("purpose: {translation: {children: [surveillance]}}", [("moved", 1)]),
        ("data: {location: {}}", [("moved", 1)]),
        ("intent: {reckless: {}}", [("complete-list", 1)]),
        ("purpose: {a: {complete: true}}", [("complete-empty", 1)]),
        ("purpose: {intelligence: {complete: true}}", [("complete-fixed", 1)]),
        ("purpose: {a: {complete: yes}}", [("bad-truth", 1)]),
        ("scale: {bulk: {over: many}}", [("bad-over", 1)]),
        ("scale: {bulk: {over: -1}}", [("bad-over", 1)]),
        ("scale: {bulk: {over: 1}}", [("not-rising", 1)]),
        ("scale:\n  bulk: {over: 9}\n  huge: {over: 8}", [("not-rising", 3)]),
        ("scale: {bulk: {children: [a]}}", [("below-band", 1)]),
        ("purpose: {a: {children: {b: {over: 1}, c: {}}}}", [("no-over", 1)]),
        ("purpose: {a: {titel: x}}", [("unknown-key", 1)]),
        ("purpose: {a: {iri: dpv}}", [("bad-iri", 1)]),
    ],
)  # fmt: skip
def test_each_fault_has_its_place_and_its_remedy(
    block: str, expected: list[tuple[str, int]]
) -> None:
    """One fault, one error: its code, its line, and what to do."""
    assert expected == faults(block)


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("purpose: {a: x}", "not-a-mapping"),
        ("purpose: {a: {title: [x]}}", "not-a-word"),
        ("purpose: {a: {title: ''}}", "empty-text"),
        ("purpose: {a: {title: {de: x}}}", "unknown-key"),
        ("purpose: [[a]]", "not-a-word"),
        ("[purpose]", "not-a-mapping"),
    ],
)
def test_the_wrong_kind_of_value_is_an_error(block: str, code: str) -> None:
    """A list where words belong, words where a mapping belongs: an error, no traceback."""
    with pytest.raises(InputError) as caught:
        add(block)
    assert code == caught.value.code


def test_the_nearest_spelling_is_named() -> None:
    """A misspelt axis or key is answered with the right one."""
    for block, near in (("organisaton: {}", "organisation"), ("purpose: {a: {titel: x}}", "title")):
        with pytest.raises(InputError) as caught:
            add(block)
        assert near in (caught.value.hint or "")


def test_every_fault_of_a_block_is_reported_at_once() -> None:
    """Five faults are five errors, in one reading."""
    block = "organisaton: {}\npurpose:\n  Foo: {}\n  a: {over: x}\nintent: {third: {}}\nscale: {bulk: {over: 0}}\n"
    expected = ["unknown-axis", "bad-id", "bad-over", "complete-list", "not-rising"]
    assert expected == [code for code, _ in faults(block)]


def test_the_page_lists_the_vocabulary() -> None:
    """The reference page is what its tool writes: no category without its line."""
    assert PAGE.read_text(encoding="utf-8") == page(core()), "run: python tools/vocabulary_page.py"


@pytest.mark.parametrize(("clause", "facts"), [(english, facts) for english, _, facts in CLAUSES])
def test_what_says_a_clause_is_in_the_vocabulary(clause: str, facts: str) -> None:
    """Each fact that the page names for a clause can be tested by a rule."""
    for fact in facts.split():
        axis, _, category = fact.partition("=")
        assert core().category(axis, category) is not None, (clause, fact)


def test_the_json_that_is_shipped_is_the_yaml_that_people_edit() -> None:
    """`core.json` is what its tool makes of `core.yaml` today; what is read of it is never older than that."""
    for file in sorted(core_json.FOLDER.glob("*.yaml")):
        told = "run: PYTHONPATH=. python tools/core_json.py"
        made = core_json.written(file.read_text(encoding="utf-8"))
        assert file.with_suffix(".json").read_bytes() == made, told

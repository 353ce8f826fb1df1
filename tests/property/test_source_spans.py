"""Whoever reads a word keeps where it is written: the span of each gives back its source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import InputError, Span
from avenant.rules.cedar import split
from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import read_markdown
from avenant.source.nodes import Node, read_yaml

WORD = st.text("abc éà名ﬁ'", min_size=1, max_size=8).map(str.strip).filter(bool)
LINK = st.builds(lambda words: f"[{words}](#axis.word)", WORD)
LINE = st.lists(LINK | WORD, min_size=1, max_size=5).map(" ".join)
PREFIXES = st.sampled_from(["", "  ", "> ", "- ", "1. ", "> - ", "*"])
FRONT = "---\navenant: 1\n---\n\n# Title\n\n## 1. One {#one}\n\n"


def written(text: str, at: Span) -> str:
    """The characters of a span."""
    lines = text.split("\n")
    assert (at.line, at.column > 0) == (at.end_line, True)
    return lines[at.line - 1][at.column - 1 : at.end_column - 1]


@given(st.lists(st.tuples(PREFIXES, LINE), min_size=1, max_size=6), st.booleans())
def test_a_link_is_where_its_span_says(lines: list[tuple[str, str]], apart: bool) -> None:
    """In paragraphs, lists and quotations, on whichever line of them: from bracket to bracket."""
    body = ("\n\n" if apart else "\n").join(prefix + line for prefix, line in lines)
    text = FRONT + body
    document = read_markdown(text, "a.md", Diagnostics())
    links = [link for s in document.sections for link in (*s.links, *s.asides)]
    assert body.count("](#axis.word)") == len(links)
    for link in links:
        found = written(text, link.at)
        assert (found[0], found[-13:]) == ("[", "](#axis.word)")
        assert link.text == " ".join(found[1:-13].split())


TREE = st.recursive(
    st.text("abc", min_size=1, max_size=4),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text("xyz", min_size=1, max_size=3), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def as_yaml(tree: object, dice: bool, depth: int = 0) -> str:
    """A tree as YAML, in flow style or, at the top, in block style."""
    match tree:
        case dict() if dice and depth == 0:
            return "".join(f"{k}: {as_yaml(v, dice, 1)}\n" for k, v in tree.items())
        case dict():
            return "{" + ", ".join(f"{k}: {as_yaml(v, dice, 1)}" for k, v in tree.items()) + "}"
        case list():
            return "[" + ",  ".join(as_yaml(v, dice, 1) for v in tree) + "]"
    return str(tree)


def words(node: Node) -> list[tuple[str, Span]]:
    """Each key, and each word of a list, with its place."""
    match node.value:
        case str():
            return [(node.value, node.at)]
        case tuple():
            return [pair for item in node.value for pair in words(item)]
    keys = [(key, item.at) for key, item in node.value.items()]
    inside = [
        pair
        for item in node.value.values()
        if not isinstance(item.value, str)
        for pair in words(item)
    ]
    return keys + inside


@given(TREE, st.booleans())
def test_a_key_and_a_word_are_where_their_spans_say(tree: object, dice: bool) -> None:
    """In block and in flow style."""
    text = as_yaml(tree, dice)
    for word, at in words(read_yaml(text, Span("a.yaml", 1))):
        assert word == written(text, at)


@given(
    st.lists(
        st.sampled_from(
            ['Purpose::"a b"', "permit", "(", ")", "&&", "// so;\n", "\n", "  ", '"x"', ";"]
        ),
        max_size=30,
    )
)
def test_a_token_is_where_its_span_says(parts: list[str]) -> None:
    """Past comments and line ends."""
    source = " ".join(parts)
    try:
        policies = split(source, Span("a.md", 1))
    except InputError:
        return
    for policy in policies:
        for token, at in policy.tokens:
            assert token == written(source, at)
        for literal in policy.literals:
            assert f'{literal.entity}::"{literal.id}"' == written(source, literal.at)

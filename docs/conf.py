"""The documentation: four parts and the decisions. It loads nothing from outside."""

from __future__ import annotations

import re
from pathlib import Path

from pygments.lexer import RegexLexer
from pygments.lexers import YamlLexer
from pygments.token import Comment, Keyword, Name, Operator, String, Text
from sphinx.application import Sphinx

_source = Path(__file__).parent.parent / "src" / "avenant" / "__init__.py"
_version = re.search(r'__version__ = "(.+)"', _source.read_text(encoding="utf-8"))
assert _version

project = "Avenant"
author = "The Avenant authors"
copyright = "the Avenant authors"
version = release = _version[1]

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# `#intent.deliberate` in an example of an agreement is a category, not a place in these pages.
nitpicky = False

exclude_patterns = ["_build", "tutorial/files"]
html_theme = "furo"
html_title = f"Avenant {release}"
html_show_sourcelink = False
html_copy_source = False


class Cedar(RegexLexer):
    """The rule language in colours: its words, categories and comments."""

    name = "Cedar"
    tokens = {  # noqa: RUF012  as Pygments has it
        "root": [
            (r"//.*$", Comment),
            (r"@\w+", Name.Decorator),
            (r"\b(permit|forbid|when|unless|in)\b", Keyword),
            (r"\b(principal|action|resource)\b", Name.Builtin),
            (r'[A-Z]\w*(?=::")', Name.Class),
            (r'"[^"]*"', String),
            (r"&&|\|\||!", Operator),
            (r"\s+|.", Text),
        ]
    }


def setup(app: Sphinx) -> None:
    """So that a block of `cedar` is one of Cedar, and the other blocks of a text are YAML."""
    app.add_lexer("cedar", Cedar)
    for block in ("facts", "vocabulary", "switches", "scenario"):
        app.add_lexer(block, YamlLexer)

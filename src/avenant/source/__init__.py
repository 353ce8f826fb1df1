"""What people write, read once: YAML as nodes, Markdown as sections, each word with its place, and what is wrong.

`diagnostics` collects the errors of one reading; `nodes` reads YAML; `markdown` and `inline` read documents. They know
no agreement: what a heading or a block means is said further down the house.
"""

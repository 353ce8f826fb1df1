"""A recorded console as SVG that loads nothing from outside: whatever monospaced font the reader has.

Rich places every run of characters and states its length, so the columns stand in any such font.
"""

from __future__ import annotations

from rich.console import Console

# Placeholders are Rich's (`Console.export_svg`, `code_format`).
_FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font: bold 18px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def as_svg(recording: Console, title: str) -> str:
    """The recording, with its window."""
    svg = recording.export_svg(title=title, code_format=_FORMAT, unique_id="story")
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"

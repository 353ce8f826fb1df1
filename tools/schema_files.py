"""Writes `docs/reference/schemas/*.json`: the schema of each type that Avenant prints, stores or sends.

python tools/schema_files.py        # a test holds the files to the code
"""

from __future__ import annotations

import json
from pathlib import Path

from avenant.cli.schema import TYPES, schema
from avenant.cli.write import label

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "schemas"


def files() -> dict[str, str]:
    """Name of a file -> what stands in it, one a type: `report-2.json`."""
    return {
        f"{label(name).removeprefix('avenant/').replace('@', '-')}.json": json.dumps(
            schema(name), indent=2, ensure_ascii=False
        )
        + "\n"
        for name in TYPES
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_text(content, encoding="utf-8")

"""The export as three files in a folder, and back: what stock Cedar is pointed at.

write_exported(export(rules, vocabulary), Path("cedar"))      # policies.cedar, entities.json, schema.cedarschema
"""

from __future__ import annotations

from pathlib import Path

from avenant.errors import InputError, Span
from avenant.languages import say, trouble
from avenant.rules.export import Exported

_FILES = {
    "policies": "policies.cedar",
    "entities": "entities.json",
    "schema": "schema.cedarschema",
}


def write_exported(exported: Exported, folder: Path) -> list[Path]:
    """Write the three files, making the folder; returns their paths.

    Raises InputError `not-written` where the folder or a file in it cannot be written.
    """
    files = {folder / name: getattr(exported, part) for part, name in _FILES.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = say("rules.not-written", file=error.filename or folder, problem=trouble(error))
        raise InputError("not-written", message, None, say("rules.not-written-hint")) from None
    return list(files)


def read_exported(folder: Path) -> Exported:
    """Read the three files; raises InputError `no-export` naming the one that cannot be read."""
    texts = {}
    for part, name in _FILES.items():
        try:
            texts[part] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = say("rules.no-export", file=folder / name, problem=trouble(error))
            hint = say("rules.no-export-hint", folder=folder)
            raise InputError("no-export", message, Span(str(folder / name), 1), hint) from None
    return Exported(**texts)

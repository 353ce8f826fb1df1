"""The words of a text, beside its rules: see `links`."""

from avenant.analyse.wording.links import wording

__all__ = ["wording"]

"""Remedies: amendments that close a finding, ones that a lawyer would sign, proved before they are offered.

candidates     the prohibitions that would close a loophole
measure        what each would cost, and which is better (§7 of the semantics)
descriptions   scenarios that recorded what the text did, and change with it
repeals        repeals, and the clause that says which prohibition prevails
words          a prohibition as a clause, in the text's languages
amendment      a remedy as the amendment that `--fix` writes
targets        what it means that a finding is closed
proof          the one proof behind every "(proved)"
search         the remedies of a report
"""

from avenant.analyse.remedy.search import Attempt, Remedies, with_remedies

__all__ = ["Attempt", "Remedies", "with_remedies"]

"""The number of the rules by which records become facts.

A fold adds what a record contributes and takes back what it contributed before, so both must be counted by the same
rules. Raise the number whenever the same events come to other facts, or are stored in another form: the ledger is then
remade from the records before anything is folded by the new rules.
"""

RULES = 5

CAUSE = "stadga.rules.v{}"
"""What restated values give as their cause where it was a change of rules."""

"""How much of one thing is read before it is no record any more?

No chart comes near these numbers. Without them, one body within the limit could ask for hours of
work, because the rules look at each code, product and instruction from several sides.
"""

# Entries of a Bundle, those of the Bundles within it included.
MAX_ENTRIES = 20_000

# Codings of one concept, and the characters of one code.
MAX_CODINGS = 100
MAX_CODE_LENGTH = 200

# Characters of a text in which a drug may be named; what follows is not looked at.
MAX_WORDS = 1000

# Ingredients of one product, and instructions of one order. A taper has a dozen steps.
MAX_INGREDIENTS = 50
MAX_INSTRUCTIONS = 100

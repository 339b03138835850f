"""What can go wrong with the store, and what may a log be told about it?"""


class StoreUnavailable(Exception):  # noqa: N818 - named for what is wrong, as in cds.errors
    """The store cannot be read or written now; a later try may work. Nothing was written.

    reason: one word for a log or a counter, such as SQLITE_BUSY. What was to be written never
    stands in it: the messages of databases repeat values.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The store is not available ({reason}).")
        self.reason = reason


class UnusableStoreError(Exception):
    """The store the settings name can never work here. The message is one sentence."""

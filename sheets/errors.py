"""All errors that Reveal raises, and nothing else does.

::

    RevealError                      message, hint, where
    ├─ WrongUsage(ValueError)        a setting, a mapping or a path that cannot be meant
    ├─ CannotRead(OSError)           the file is missing, broken, locked or hostile
    │  └─ Encrypted(PermissionError) it opens only with a password
    ├─ NotUnderstood(ValueError)     the file is fine, but what is in it is not clear
    │  ├─ ColumnsNotFound(LookupError)
    │  ├─ ColumnsUnclear(LookupError)  two columns claim one field, or a near miss
    │  └─ SheetNotFound(LookupError)
    ├─ CannotWrite(OSError)          open elsewhere, changed meanwhile, read-only, disk full
    │  ├─ PlaceTaken(ValueError)     the cells that Reveal needs belong to somebody else
    │  └─ HeldBack(ValueError)       more would change than was allowed
    └─ MissingExtra(ImportError)     a part of Reveal that is not installed

Bad data is never an error: it is a finding. An error means that nothing was written.
"""

from __future__ import annotations


class RevealError(Exception):
    """The one base of everything that Reveal raises on purpose.

    Args:
        message: What happened, one sentence in the user's words, without any cell's value.
        hint: What to do next, one sentence.
        where: The place, such as ``contacts.xlsx, sheet "Contacts", cell F5``.

    Example:
        >>> str(RevealError("The file is empty.", hint="Save it again.", where="a.xlsx"))
        'a.xlsx: The file is empty. Save it again.'
    """

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message} {self.hint}".rstrip()


class WrongUsage(RevealError, ValueError):
    """A setting, a mapping or a path cannot be meant as it was given."""


class CannotRead(RevealError, OSError):
    """A file cannot be opened or is not what its name says."""


class Encrypted(CannotRead, PermissionError):
    """A file opens only with a password."""


class NotUnderstood(RevealError, ValueError):
    """A file was read, but which sheet or column is which is not clear."""


class ColumnsNotFound(NotUnderstood, LookupError):
    """No sheet has the columns that Reveal looks for."""


class ColumnsUnclear(NotUnderstood, LookupError):
    """Two columns claim one field, or a heading nearly fits one."""


class SheetNotFound(NotUnderstood, LookupError):
    """A sheet was named that the file does not have."""


class CannotWrite(RevealError, OSError):
    """The result cannot be saved; what was there before still is."""


class PlaceTaken(CannotWrite, ValueError):
    """The cells that Reveal would write to hold something that is not Reveal's."""


class HeldBack(CannotWrite, ValueError):
    """More verdicts would change than was allowed."""


class MissingExtra(RevealError, ImportError):
    """A part of Reveal is asked for that is not installed."""

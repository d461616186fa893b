"""The one way into Excel: every `get`, `put` and `call` of a `Handle` is one round trip.

Excel refuses all calls while somebody types in a cell or has a dialog open. Such a call was not
done and is asked again for a while, but not for ever, as xlwings does by itself.
"""

from __future__ import annotations

import atexit
import sys
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from sheets.errors import CannotRead, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES, PAUSE = 12, 0.25
"""So often, and after so many seconds, a call that Excel is too busy for is asked again."""

_BUSY = frozenset(
    {
        -2147418111,  # RPC_E_CALL_REJECTED
        -2147417846,  # RPC_E_SERVERCALL_RETRYLATER
        -2146777998,  # VBA_E_IGNORE: a cell is being edited
    }
)
_GONE = frozenset(
    {
        -2147417848,  # RPC_E_DISCONNECTED
        -2147023174,  # RPC_S_SERVER_UNAVAILABLE
        -2147023170,  # RPC_S_CALL_FAILED
        -2146827864,  # object required: the workbook was closed
    }
)

_FAILED = -2146827284
"""What Excel says for nearly everything that it does not do."""


class Busy(Exception):
    """Excel takes no call: somebody types in a cell, or a dialog is open."""


class Gone(Exception):
    """Excel, or the workbook in it, was closed."""


class Refused(Exception):
    """Excel does not do what it was asked.

    Args:
        code: The number it gives as the reason, which tells nothing about what is in cells.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"0x{code & 0xFFFFFFFF:08X}")


class NotKept(Refused):
    """Cells do not hold what was entered into them."""

    def __init__(self) -> None:
        super().__init__(_FAILED)


@cache
def engine() -> Any:
    """The engine of xlwings for Excel on Windows.

    Raises:
        MissingExtra: xlwings is not installed.
        CannotRead: There is no such Excel on this kind of computer.
    """
    try:
        import xlwings  # noqa: F401 - without it nothing of it can be imported
    except ImportError as error:
        raise MissingExtra(
            "The part of Reveal that works in Excel is not installed.",
            hint='Install it with: pip install "reveal-sheets[excel]"',
        ) from error
    try:
        from xlwings import _xlwindows
    except ImportError as error:
        raise CannotRead(
            "Reveal can work in an open workbook only in Excel for Windows.",
            hint="Save the workbook, close it, and run: reveal check FILE"
            if sys.platform != "win32"
            else "Install what is missing with: pip install pywin32",
        ) from error
    # Each call is tried once: how often it is asked again is decided here.
    _xlwindows.N_COM_ATTEMPTS = 1
    # At its end xlwings would stop every Excel whose window it does not find.
    atexit.unregister(_xlwindows.cleanup)
    return _xlwindows


class Handle:
    """An object of Excel.

    Args:
        raw: The object that xlwings gives as ``api``.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def get(self, name: str) -> Any:
        """Return a property."""
        return _wrapped(asked(lambda: getattr(self.raw, name)))

    def put(self, name: str, value: object) -> None:
        """Set a property."""
        asked(lambda: setattr(self.raw, name, value))

    def call(self, name: str, *values: object, **named: object) -> Any:
        """Call a method."""
        bare = [value.raw if isinstance(value, Handle) else value for value in values]
        return _wrapped(asked(lambda: getattr(self.raw, name)(*bare, **named)))


def _wrapped(value: Any) -> Any:
    return Handle(value) if isinstance(value, engine().COMRetryObjectWrapper) else value


def asked(question: Callable[[], Any]) -> Any:
    """Ask Excel, again and again if it is busy.

    Raises:
        Busy: It stays busy.
        Gone: It was closed.
        Refused: It does not do it.
    """
    known = engine()
    for tries in range(TRIES):
        if tries:
            time.sleep(PAUSE)
        try:
            return question()
        except known.ExcelBusyError:
            continue
        except known.pywintypes.com_error as error:
            # Where a program has caused it, its own number says more.
            code = (error.excepinfo[-1] if error.excepinfo else None) or error.hresult
            if code in _GONE:
                raise Gone from error
            if code not in _BUSY:
                raise Refused(code) from error
    raise Busy

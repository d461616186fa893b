"""As much of pywin32 as `xlwings._xlwindows` imports, so that it can be imported here."""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import sys
from functools import cache
from types import ModuleType
from unittest.mock import patch


class ComError(Exception):
    """pywintypes.com_error"""

    def __init__(self, hresult, strerror="", excepinfo=None, argerror=None):
        super().__init__(hresult, strerror, excepinfo, argerror)
        self.hresult = hresult
        self.strerror = strerror
        self.excepinfo = excepinfo
        self.argerror = argerror


class TimeType(dt.datetime):
    """pywintypes.datetime"""


class CDispatch:
    """win32com.client.CDispatch: xlwings wraps what is one."""


class CoClassBaseClass:
    pass


class DispatchBaseClass:
    pass


class Desktop:
    """What stands behind the handles of windows.

    Attributes:
        windows: Handle -> the object that Excel gives for the window.
    """

    def __init__(self):
        self.windows = {}
        self._asked = 0

    def find(self, hwnd, _child, _kind, _title):
        if hwnd not in self.windows:
            raise OSError("no such window")
        self._asked = hwnd
        return hwnd

    def object(self, _pointer, _guid, _counts):
        return self.windows[self._asked]


DESKTOP = Desktop()


class _FromPointer:
    restype = None

    def __call__(self, *given):
        return DESKTOP.object(*given)


class _Library:
    def __init__(self, _file=None):
        self.PyCom_PyObjectFromIUnknown = _FromPointer()


class _Any(ModuleType):
    """A module of which some names are known, and every other one is an error."""

    def __init__(self, name, **members):
        super().__init__(name)
        self.__dict__.update(members)


def _modules():
    client = _Any(
        "win32com.client",
        CDispatch=CDispatch,
        CoClassBaseClass=CoClassBaseClass,
        DispatchBaseClass=DispatchBaseClass,
        Dispatch=lambda given: given,
        DispatchEx=None,
    )
    return {
        "pywintypes": _Any("pywintypes", com_error=ComError, error=OSError, TimeType=TimeType),
        "pythoncom": _Any(
            "pythoncom",
            ole_error=ComError,
            com_error=ComError,
            CoInitialize=lambda: None,
            __file__="pythoncom.dll",
        ),
        "win32api": _Any("win32api"),
        "win32con": _Any("win32con"),
        "win32gui": _Any("win32gui", FindWindowEx=DESKTOP.find),
        "win32process": _Any("win32process", GetWindowThreadProcessId=lambda hwnd: (1, hwnd)),
        "win32timezone": _Any("win32timezone", TimeZoneInfo=None),
        "win32com": _Any("win32com", client=client, __path__=[]),
        "win32com.client": client,
    }


@cache
def xlwindows():
    """The Windows engine of xlwings, as it is shipped."""
    native = _Any(
        "oledll",
        ole32=_Any("ole32", CLSIDFromString=lambda *_: 0),
        oleacc=_Any("oleacc", AccessibleObjectFromWindow=lambda *_: 0),
    )
    with (
        patch.dict(sys.modules, _modules()),
        patch.object(ctypes, "oledll", native, create=True),
        patch.object(ctypes, "windll", _Any("windll"), create=True),
        patch.object(ctypes, "PyDLL", _Library),
    ):
        from xlwings import _xlwindows
    # What was patched is gone again, but for what was meant to stay.
    sys.modules[_xlwindows.__name__] = _xlwindows
    atexit.unregister(_xlwindows.cleanup)
    return _xlwindows

"""The page that is sent or printed, and what changed since an earlier run.

::

    page(outcome, changes)    the report: one self-contained page of HTML
    save(text, target)        writes it, whole or not at all
    since.read(path)          an earlier run, from its JSON
    since.compare(...)        what is fixed and what is new
"""

from __future__ import annotations

from sheets.report.page import page
from sheets.report.saving import require_report, save

__all__ = ["page", "require_report", "save"]

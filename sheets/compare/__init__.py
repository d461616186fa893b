"""Is it true? The district's real answer of the OneRoster API beside Reveal's verdicts.

::

    answer.read(paths)            the files of an answer -> Answer
    compare(tables, profile, answer)   -> Comparison: who is in it, which rules it contradicts,
                                  which settings agree best

Nothing here opens a network connection: the answer comes in files.
"""

from __future__ import annotations

from sheets.compare.answer import Answer, read
from sheets.compare.comparison import Comparison, compare, widened

__all__ = ["Answer", "Comparison", "compare", "read", "widened"]

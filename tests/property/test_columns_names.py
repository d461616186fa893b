"""Keys of names in one column: the fast way gives what the plain function gives, for any name."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sheets.columns import names

WORD = st.sampled_from(
    [
        *("Ann", "Byrne", "O'Dell", "Núñez", "Reyes-Cruz", "Cruz", "James", "Bob", "M.", "J", "."),
        *(
            "de",
            "la",
            "van",
            "Van",
            "St.",
            "Jr.",
            "III",
            "Dr.",
            "Mrs",
            "and",
            "&",
            "(Bob)",
            '"Bob"',
        ),
    ]
)
GAP = st.sampled_from([" ", " ", " ", ", ", ",", "  ", " , ", "\u00a0"])
NAME = st.lists(st.tuples(WORD, GAP), min_size=1, max_size=6).map(
    lambda pairs: "".join(word + gap for word, gap in pairs[:-1]) + pairs[-1][0]
)


@settings(deadline=None, max_examples=300)
@example(["Byrne, Ann M.", "Ann Byrne", "Ann M. Byrne", "Ann de la Cruz", "Byrne, Ann Marie"])
@given(st.lists(NAME, max_size=20))
def test_the_fast_way_gives_what_the_plain_one_gives(whole: list[str]) -> None:
    plain = [names.key_of(name.lower()) for name in whole]

    assert names.key(pl.Series(whole, dtype=pl.String)).to_list() == plain


@settings(deadline=None)
@given(st.lists(st.none() | st.text(max_size=30), max_size=20))
def test_any_text_gives_one_key_or_none(texts: list[str | None]) -> None:
    keys = names.key(pl.Series(texts, dtype=pl.String))

    assert len(keys) == len(texts)
    assert all(key is None or " " in key for key in keys)

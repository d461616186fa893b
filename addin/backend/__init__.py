"""The helper: what the ribbon talks to, and what does the work that a click asks for.

It runs beside Excel, on this computer only, from log-on on. Rooms::

    guard.py     who may ask: this computer, who knows the token, and no web page
    desk.py      one click after the other
    app.py       what can be asked
    serving.py   from its start to its end
    __main__.py  ``python -m addin.backend``
"""

"""The page that is sent or printed, and what changed since an earlier run.

::

    page.render(outcome, changes)     the report: one self-contained page of HTML
    saving.require_report(target)     refuses a place for it before any work is done
    saving.save(text, target, ...)    writes it, whole or not at all
    earlier.read(path)                an earlier run, from its JSON
    since.compare(outcome, before)    what is fixed and what is new
    identity.Known(table, salt)       what finds a row again in a later run
"""

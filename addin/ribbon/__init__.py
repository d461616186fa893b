"""The Reveal tab in Excel: an add-in built from text, and where it meets the helper."""

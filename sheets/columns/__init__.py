"""Recognition: which sheet is this, where is its header row, which column is which field."""

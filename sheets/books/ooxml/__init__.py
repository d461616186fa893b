"""The lossless editor of Office Open XML packages."""

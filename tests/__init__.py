"""A package, so that pytest gives each module below `emulators` its full name."""

"""The shared rule module: tables in, findings out."""

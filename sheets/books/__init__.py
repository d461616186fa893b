"""One adapter for each kind of place that a sheet lives in."""

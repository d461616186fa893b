"""The kinds of requests that a batch can hold, one function each."""

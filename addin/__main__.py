"""`python -m addin` is `reveal`."""

from addin.cli import run

if __name__ == "__main__":
    run()

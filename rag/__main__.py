"""`python -m rag` is the h200 command."""

from rag.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m evals ...` is `h200 eval ...`."""

from evals.cli import main

raise SystemExit(main())

"""What each command of h200 does: the options as parsed -> one verb of the library -> standard output, and an exit code."""

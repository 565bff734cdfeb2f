"""Answer -> what a person or a program reads: terminal, json."""

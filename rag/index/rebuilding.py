"""A vector index built by a process of its own, which never held the text of what was removed.

Chroma writes memory it never set into its files. In the process that removes an article a word of it may stand there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from rag.errors import VectorIndexBroken
from rag.index.catalog import Catalog
from rag.index.vectors import Unit, build


def build_apart(library: Path) -> tuple[str, str]:
    """Make a sealed generation of all units in the catalog, in a new process; its (name, seal).

    Raises: VectorIndexBroken.
    """
    command = [sys.executable, "-m", "rag.index.rebuilding", str(library)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    try:
        generation, seal = json.loads(done.stdout)
    except ValueError as error:
        raise VectorIndexBroken(f"The vector index of {library} could not be built: run 'h200 rebuild'.") from error
    return str(generation), str(seal)


def main() -> None:
    """Build, and print name and seal as JSON."""
    library = Path(sys.argv[1])
    catalog = Catalog.open(library)
    built = build(library, (Unit(*row) for row in catalog.all_vectors()), catalog.vector_ids(), None)
    catalog.close()
    sys.stdout.write(json.dumps(built))


if __name__ == "__main__":
    main()

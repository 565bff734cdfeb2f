"""Write docs/measurements.md: what the question sets over raw pages show, whole and with one lever taken away.

python tools/measurements.py --pages FOLDER     FOLDER: the five raw pages the sets were written over
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from evals.shown import Outcome, load, run
from rag import Settings
from rag.ask.engine import Engine
from rag.language.lexicon import Concept, concepts
from rag.library import Library
from rag.model import Lang

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "measurements.md"
SETS = {
    "seeds_plain": "plain questions, many hard unanswerable ones",
    "seeds_test": "natural paraphrases; of this set only totals were seen while tuning",
    "seeds_dev": "heavy paraphrases that share few words with the source",
}
HEAD = """# Measurements

Written by `python tools/measurements.py` over five raw web pages; the questions are in `evals/questions/`, each set by a
writer who had not seen the engine. *Shown*: one of at most three sentences holds the answer. *Right abstentions*: of the
unanswerable questions (over half of them on the topic, with a fact that no page gives). *Wrong*: of the answerable ones.
Where a lever is taken away nothing abstains, as the bar is fitted to the whole.
"""


def untranslated(text: str, lang: Lang) -> tuple[Concept, ...]:
    """The question's own words alone: no translation, no synonym."""
    return tuple(
        replace(concept, alternatives=tuple(way for way in concept.alternatives if way.weight == 1.0)[:1])
        for concept in concepts(text, lang)
    )


LEVERS: dict[str, Callable[[Engine], None]] = {
    "as it is": lambda engine: None,
    "no vectors": lambda engine: _set(engine, encode=lambda text, lang: None, vectors=lambda: None),
    "no words": lambda engine: _set(engine, read=lambda text, lang: ()),
    "no lexicon": lambda engine: _set(engine, read=untranslated),
    "no answer types": lambda engine: _set(engine, weights=replace(engine.weights, typed=0.0, typed_near=0.0)),
    "no neighbours, no titles": lambda engine: _set(
        engine, weights=replace(engine.weights, around=0.0, beside=0.0, titled=0.0)
    ),
}


def _set(engine: Engine, **fields: object) -> None:
    for name, value in fields.items():
        setattr(engine, name, value)


def row(name: str, outcomes: list[Outcome], *, whole: bool) -> str:
    """One line of a table."""

    def share(wanted: str, among: list[Outcome]) -> str:
        return f"{sum(outcome.verdict == wanted for outcome in among)} / {len(among)}"

    answerable = [outcome for outcome in outcomes if outcome.case["answerable"]]
    cells = [share("shown", [o for o in answerable if o.case["lang"] == lang]) for lang in ("fr", "en")]
    cells.append(share("refused", [o for o in outcomes if not o.case["answerable"]]) if whole else "")
    cells.append(share("abstained", answerable) if whole else "")
    return f"| {name} | {' | '.join(cells)} |"


def table(library: Library, set_name: str) -> str:
    """The table of one set: a line for each lever taken away."""
    lines = ["| | shown, French | shown, English | right abstentions | wrong abstentions |", "|---|---|---|---|---|"]
    cases = load(ROOT / "evals" / "questions" / f"{set_name}.jsonl")
    for name, take_away in LEVERS.items():
        library.__dict__.pop("_engine", None)
        engine, whole = library._engine, name == "as it is"
        take_away(engine)
        engine.answer_from = engine.answer_from if whole else 0.0
        lines.append(row(name, run(cases, library), whole=whole))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    pages = parser.parse_args().pages
    parts = [HEAD]
    with tempfile.TemporaryDirectory() as folder, Library.create(Settings(library=Path(folder) / "library")) as library:
        library.ingest([pages])
        for name, text in SETS.items():
            parts.append(f"## {name}\n\n{text.capitalize()}.\n\n{table(library, name)}\n")
    TARGET.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()

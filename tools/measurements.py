"""Write docs/measurements.md: what the question sets show, whole and with one lever taken away.

python tools/measurements.py --pages FOLDER     FOLDER: the five raw pages five of the sets were written over
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import rag
from evals.answerers.engine import ours
from evals.questions import BUNDLED
from evals.questions import load as load_cases
from evals.scoring import Scored, score_all
from evals.shelf import shelf_of
from evals.shown import Outcome, load, run
from evals.statistics import ratio_interval
from rag import Settings
from rag.ask.engine import Engine
from rag.language.lexicon import Concept, concepts
from rag.library import Library
from rag.model import Lang

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "measurements.md"
TIMED = {"state", "evolution", "conflict", "false_premise"}
SETS = {
    "seeds_plain": "plain questions, many hard unanswerable ones",
    "seeds_test": "natural paraphrases; of this set only totals were seen while tuning",
    "seeds_third": "half near the words of the pages, half paraphrased; written after the others, its misses were read",
    "seeds_fourth": "half plain, half heavily paraphrased, some unanswerable; those of odd number were read while tuning",
    "seeds_dev": "heavy paraphrases that share few words with the source",
}
HEAD = """# Measurements

Written by `python tools/measurements.py`; the questions are in `evals/questions/`, each set by a writer who had not seen
the engine. The first five sets are over five raw web pages. *Shown*: one of at most three sentences holds the answer. *Right abstentions*: of the
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


IN_TIME: dict[str, Callable[[Engine], None]] = {
    "no leaning on the sentence before": lambda engine: _set(engine, weights=replace(engine.weights, carried=0.0)),
    "no opening sentence counted less": lambda engine: _set(engine, weights=replace(engine.weights, lead=0.0)),
    "no forms: all are facts": lambda engine: _set(engine, form_of=lambda text: "fact"),
    "no recency": lambda engine: _set(engine, pulls=replace(engine.pulls, recent=0.0)),
    "no positions": lambda engine: _set(
        engine, pulls=replace(engine.pulls, same_stance=0.0, no_stance=0.0, turn_stance=0.0)
    ),
    "no actors": lambda engine: _set(engine, pulls=replace(engine.pulls, same_actor=0.0, turn_actor=0.0)),
    "no time asked about": lambda engine: _set(engine, pulls=replace(engine.pulls, in_time=0.0)),
    "no names asked about": lambda engine: _set(engine, pulls=replace(engine.pulls, unnamed=0.0)),
    "no deeds asked about": lambda engine: _set(engine, pulls=replace(engine.pulls, no_deed=0.0, turn_deed=0.0)),
    "no other government": lambda engine: _set(engine, pulls=replace(engine.pulls, other_power=0.0)),
    "no number asked for": lambda engine: _set(engine, pulls=replace(engine.pulls, no_number=0.0)),
    "no doubt about what may be so": lambda engine: _set(
        engine, pulls=replace(engine.pulls, hedged=0.0, turn_hedged=0.0)
    ),
    "no openings in stories": lambda engine: _set(engine, pulls=replace(engine.pulls, turn_opens=0.0)),
    "no spreading of stories": lambda engine: _set(engine, pulls=replace(engine.pulls, crowded=0.0)),
}
"""What the development questions over the bundled corpus can tell besides."""
BROUGHT = """## What each part brings

Vital nuggets told over the answerable development questions on the bundled corpus, nobody abstaining, and what is lost when one
part is taken away: percentage points with the 95% interval of a bootstrap over facts. An interval that holds 0 is no proof.
*In time*: questions of state, evolution, conflict and false premise.

| | all | lost | interval | in time | lost | interval |
|---|---:|---:|---:|---:|---:|---:|"""


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


def brought() -> str:
    """The table of what each part brings on the development questions."""
    with tempfile.TemporaryDirectory() as folder, Library.create(Settings(library=Path(folder) / "library")) as library:
        library.ingest([rag.bundled_corpus()])
        whole = told(library, LEVERS["as it is"])
        lines = [_brought("as it is", whole, None)]
        for name, take_away in {**LEVERS, **IN_TIME}.items():
            if name != "as it is":
                lines.append(_brought(name, told(library, take_away), whole))
    return "\n".join([BROUGHT, *lines, ""])


def told(library: Library, take_away: Callable[[Engine], None]) -> list[Scored]:
    """The answerable development questions, asked with a part taken away and no bar."""
    library.__dict__.pop("_engine", None)
    take_away(library._engine)
    library._engine.answer_from = 0.0
    shelf = shelf_of(library, "bundled")
    answerer, cases = ours(shelf), [case for case in load_cases(BUNDLED, "dev") if case.answerable]
    responses = {case.id: answerer.ask(case) for case in cases}
    return score_all(cases, responses, answerer.units(), shelf.articles, shelf.known)


def _brought(name: str, scored: list[Scored], whole: list[Scored] | None) -> str:
    cells = []
    for kinds in ({s.case.kind for s in scored}, TIMED):
        shares = [(s.case.fact, _share(s)) for s in scored if s.case.kind in kinds]
        cells.append(f"{statistics.mean(share for _, share in shares):.1%}")
        if whole is None:
            cells += ["", ""]
            continue
        before = [_share(s) for s in whole if s.case.kind in kinds]
        lost = [(fact, 100 * (had - has), 1.0) for (fact, has), had in zip(shares, before, strict=True)]
        low, high = ratio_interval(lost) or (0.0, 0.0)
        cells += [f"{statistics.mean(part for _, part, _ in lost):+.1f}", f"{low:+.1f} to {high:+.1f}"]
    return f"| {name} | {' | '.join(cells)} |"


def _share(scored: Scored) -> float:
    numerator, denominator = scored.parts["vital_recall"]
    return numerator / denominator


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    pages = parser.parse_args().pages
    parts = [HEAD]
    with tempfile.TemporaryDirectory() as folder, Library.create(Settings(library=Path(folder) / "library")) as library:
        library.ingest([pages])
        for name, text in SETS.items():
            parts.append(f"## {name}\n\n{text.capitalize()}.\n\n{table(library, name)}\n")
    parts.append(brought())
    TARGET.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Is a question set sound? Set + articles -> faults, each with its line: what a schema cannot see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.matching import Said, holds, holds_any
from evals.questions import Aliases, Case, Nugget, Side, parse
from rag.ingest.loaders import find_sources, load_article, read_source
from rag.model import Article

_LARGEST_SOURCE = 20_000_000


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong at a line of a set."""

    path: Path
    line: int
    id: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.id + ': ' if self.id else ''}{self.text}"


def lint(paths: Sequence[Path], articles: Mapping[str, Article]) -> list[Fault]:
    """Everything wrong with some sets. `articles`: by the name that `supports` uses. Raises: BadQuestionSet."""
    faults: list[Fault] = []
    seen: Counter[str] = Counter()
    for path in paths:
        cases, slips = parse(path)
        faults += [Fault(path, line, "", slip) for line, slip in slips]
        faults += [] if cases or slips else [Fault(path, 1, "", "there is no question in it")]
        for case in cases:
            seen[case.id] += 1
            repeated = ["the id stands twice"] if seen[case.id] == 2 else []
            faults += [Fault(path, case.line, case.id, text) for text in [*repeated, *_case(case, articles)]]
    return sorted(faults)


def read_articles(folder: Path) -> dict[str, Article]:
    """The articles of a folder, by the stem of their file."""
    read = (load_article(read_source(path, max_bytes=_LARGEST_SOURCE)) for path in find_sources([folder]))
    return {name_of(article): article for article in read}


def name_of(article: Article) -> str:
    """What `supports` calls an article: the stem of the file it was read from."""
    return Path(article.source).stem


def _case(case: Case, articles: Mapping[str, Article]) -> Iterator[str]:
    for nugget in case.nuggets:
        yield from _support(nugget, nugget.type, case, articles)
        yield from _forbidden_gold(nugget, case)
    for side in case.conflict_sides:
        yield from _support(side, "text", case, articles)
    if case.conflict_sides and len(case.conflict_sides) < 2:
        yield "a conflict has two sides at least"
    if case.kind == "follow_up" and not case.history:
        yield "a follow-up needs the question before it, under 'history'"


def _support(gold: Nugget | Side, type_: str, case: Case, articles: Mapping[str, Article]) -> Iterator[str]:
    """What is wrong with where a nugget or side is said to stand."""
    known = {name: articles[name] for name in gold.supports if name in articles}
    yield from (f"no article is called {name!r}" for name in gold.supports if name not in known)
    if not gold.supports:
        yield f"nothing supports {_first(gold.aliases)!r}"
    late = [name for name, article in known.items() if case.as_of and (article.published or case.as_of) > case.as_of]
    if late and len(late) == len(known):
        yield f"everything that supports {_first(gold.aliases)!r} was published after {case.as_of}"
    kind = gold.type if isinstance(gold, Nugget) else "text"
    for lang, aliases in gold.aliases.items():
        for alias in aliases:
            if known and not any(holds(said(article), alias, lang, kind) for article in known.values()):
                yield f"no support says {alias!r}"
    for name, article in known.items():
        if not holds_any(said(article), gold.aliases, kind):
            yield f"{name} says none of the aliases of {_first(gold.aliases)!r}"


def _forbidden_gold(nugget: Nugget, case: Case) -> Iterator[str]:
    for lang, aliases in nugget.aliases.items():
        for alias in aliases:
            if hit := next(iter(forbidden_in([Said(alias, lang)], case)), None):
                yield f"the alias {alias!r} holds the forbidden {hit!r}"


def forbidden_in(statements: Iterable[Said], case: Case) -> list[str]:
    """The forbidden values that some statements give, in either language."""
    given = list(statements)
    return [
        value for value in case.forbidden
        if any(holds(said, value, lang, "text") for said in given for lang in ("fr", "en"))
    ]  # fmt: skip


def said(article: Article) -> Said:
    """All of an article, as one statement."""
    return Said(f"{article.title}.\n{article.text}", article.lang, article.published)


def _first(aliases: Aliases) -> str:
    return next(alias for group in aliases.values() for alias in group)

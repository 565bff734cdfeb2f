"""What is measured about one question: Judged + what could be found -> parts of shares. Formulas in evals/README.md.

A part is (numerator, denominator); a measure over many questions is the sum of one over the sum of the other, so that
precision, recall and F1 need no second way of counting. None where a measure does not apply to a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from evals.judging import Judged, Told, carries, dated
from evals.observed import Spoken
from evals.questions import EASY
from evals.ranking import first_of_each, hit, ndcg, reciprocal_rank
from rag.language.detect import detect_language

Part = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """What an answerer could have found for a question, and what it did find.

    `ranked`: unit ids, best first; `article_of`: of each of them; `relevant`: units of supporting articles that say a
    vital nugget; `by_nugget`: the same for each vital nugget; `known`: from which day each article may be used.
    """

    ranked: tuple[str, ...]
    article_of: Mapping[str, str]
    relevant: frozenset[str]
    by_nugget: tuple[frozenset[str], ...]
    known: Mapping[str, date | None]

    @property
    def articles(self) -> list[str]:
        """The articles found, best first."""
        return first_of_each([self.article_of[unit] for unit in self.ranked])

    @property
    def relevant_articles(self) -> frozenset[str]:
        """The articles that should have been found."""
        return frozenset(self.article_of[unit] for unit in self.relevant)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: how it is called, which way is better, in what it is counted."""

    name: str
    group: str
    title: str
    better: Literal["more", "less", "none"]
    part: Callable[[Judged, Finding], Part | None] | None = None
    unit: Literal["share", "points", "words", "ms"] = "share"


def parts(judged: Judged, finding: Finding) -> dict[str, Part]:
    """All measures that apply to one question."""
    found = ((m.name, m.part(judged, finding)) for m in MEASURES.values() if m.part is not None)
    return {name: part for name, part in found if part is not None}


# --- answers -----------------------------------------------------------------------------------------------------


def _points(j: Judged, _: Finding) -> Part:
    return j.points, 1


def _correct(j: Judged, _: Finding) -> Part:
    return float(j.points == 1.0), 1


def _wrong(j: Judged, _: Finding) -> Part:
    return float(j.points == -1.0), 1


def _missing(j: Judged, _: Finding) -> Part | None:
    return (float(j.seen.abstained), 1) if j.case.answerable else None


def _vital_recall(j: Judged, _: Finding) -> Part | None:
    return (sum(t.found for t in j.vital) / len(j.vital), 1) if j.vital else None


def _vital_recall_unlimited(j: Judged, _: Finding) -> Part | None:
    vital = [told for told in j.told_at_all if told.nugget.vital]
    return (sum(told.found for told in vital) / len(vital), 1) if vital else None


def _nugget_recall(j: Judged, _: Finding) -> Part | None:
    return (sum(t.found for t in j.told) / len(j.told), 1) if j.told else None


def _vital_per_100_words(j: Judged, _: Finding) -> Part | None:
    if not j.case.answerable or j.seen.abstained:
        return None
    return 100.0 * sum(t.found for t in j.told_at_all if t.nugget.vital), max(j.seen.words, 1)


def _words(j: Judged, _: Finding) -> Part | None:
    return None if j.seen.abstained else (j.seen.words, 1)


# --- citations ---------------------------------------------------------------------------------------------------


def _pairs(j: Judged) -> list[tuple[bool, bool]]:
    """For each citation of each statement: whether the statement says something gold, and the citation supports it."""
    pairs = []
    for statement in j.seen.statements:
        gold = carries(statement, j.case)
        supports = {article for item in gold for article in item.supports}
        pairs += [(bool(gold), cited.article in supports) for cited in statement.citations]
    return pairs


def _citation_precision(j: Judged, _: Finding) -> Part | None:
    if not j.case.answerable or j.seen.abstained:
        return None
    pairs = _pairs(j)
    return (sum(right for _, right in pairs) / len(pairs) if pairs else 0.0), 1


def _citation_precision_judged(j: Judged, _: Finding) -> Part | None:
    judged = [right for gold, right in _pairs(j) if gold] if j.case.answerable else []
    return (sum(judged) / len(judged), 1) if judged else None


def _citation_recall(j: Judged, _: Finding) -> Part | None:
    return (sum(told.cited for told in j.vital) / len(j.vital), 1) if j.vital else None


def _integrity(j: Judged, _: Finding) -> Part | None:
    """A statement holds if it cites, all it cites is really there, and a quote is the quote of what it cites."""
    statements = j.seen.statements
    return (sum(_holds(statement) for statement in statements), len(statements)) if statements else None


def _holds(statement: Spoken) -> bool:
    sources = statement.citations
    genuine = bool(sources) and all(cited.genuine for cited in sources)
    return genuine and (not statement.quoted or any(statement.said.text in cited.quote for cited in sources))


# --- abstaining --------------------------------------------------------------------------------------------------


def _abstention_precision(j: Judged, _: Finding) -> Part | None:
    return (float(not j.case.answerable), 1) if j.seen.abstained else None


def _abstention_recall(j: Judged, _: Finding) -> Part | None:
    return None if j.case.answerable else (float(j.seen.abstained), 1)


def _abstention_f1(j: Judged, _: Finding) -> Part:
    """2 TP over 2 TP + FP + FN, where a positive is an abstention."""
    right = not j.case.answerable and j.seen.abstained
    return 2.0 * right, float(j.seen.abstained) + float(not j.case.answerable)


def _abstention_easy(j: Judged, finding: Finding) -> Part | None:
    return _abstention_recall(j, finding) if j.case.kind in EASY else None


def _abstention_hard(j: Judged, finding: Finding) -> Part | None:
    return None if j.case.kind in EASY else _abstention_recall(j, finding)


_REASONS: Final = {
    "off_topic": "off_topic", "small_talk": "small_talk", "before_coverage": "before_coverage", "unanswerable": "no_evidence",
}  # fmt: skip


def _abstention_reason(j: Judged, _: Finding) -> Part | None:
    wanted = _REASONS.get(j.case.kind)
    return (float(j.seen.reason == wanted), 1) if wanted and j.seen.abstained else None


# --- time --------------------------------------------------------------------------------------------------------


def _asks_for_a_state(j: Judged) -> bool:
    return j.case.answerable and (j.case.kind == "state" or j.case.as_of is not None)


def _as_of_accuracy(j: Judged, _: Finding) -> Part | None:
    """The state of that day, complete, and nothing of another day given as current."""
    if not _asks_for_a_state(j):
        return None
    return float(not j.seen.abstained and not j.forbidden and all(told.found for told in j.vital)), 1


def _stale_rate(j: Judged, _: Finding) -> Part | None:
    if not _asks_for_a_state(j) or not j.case.forbidden or j.seen.abstained:
        return None
    return float(bool(j.forbidden)), 1


def _change_mention(j: Judged, _: Finding) -> Part | None:
    """The newest state and an older one, each with its day."""
    if j.case.kind != "evolution" or len(j.vital) < 2:
        return None
    given = [_told_with_its_day(told, j) for told in j.vital]
    return float(given[-1] and any(given[:-1])), 1


def _told_with_its_day(told: Told, j: Judged) -> bool:
    """Whether a state is told, and when it began: by the same statement, or by one that tells its date nugget."""
    day_told = any(
        other.found and other.nugget.type == "date" and set(other.nugget.supports) & set(told.nugget.supports)
        for other in j.told
    )
    return told.found and (day_told or any(dated(j.read[at]) for at in told.by))


def _future_leak(j: Judged, finding: Finding) -> Part | None:
    """1 if anything not yet known on that day was quoted or even ranked."""
    day = j.case.as_of
    if day is None:
        return None
    used = {c.article for s in j.seen.statements for c in s.citations} | set(finding.articles)
    return float(any(_later(finding.known.get(article), day) for article in used)), 1


def _later(known: date | None, day: date) -> bool:
    return known is None or known > day


# --- conflicts, language -----------------------------------------------------------------------------------------


def _both_sides(j: Judged, _: Finding) -> Part | None:
    return (float(all(j.sides)), 1) if j.sides else None


def _side_recall(j: Judged, _: Finding) -> Part | None:
    return (sum(j.sides) / len(j.sides), 1) if j.sides else None


def _false_conflict(j: Judged, _: Finding) -> Part | None:
    if j.case.kind != "agree" or j.seen.abstained:
        return None
    return float(any(statement.role == "conflict" for statement in j.seen.statements)), 1


_QUOTED: Final = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")


def _frame_language(j: Judged, _: Finding) -> Part:
    """What the assistant says in its own voice is in the language of the question; what it quotes may not be."""
    lang = j.case.lang
    stated = [statement.said.text for statement in j.seen.statements if not statement.quoted]
    own = [j.seen.lead, *stated, *j.seen.notes, *([j.seen.text] if j.seen.abstained else [])]
    spoken = all(detect_language(_QUOTED.sub("", text), lang) == lang for text in own)
    return float(j.seen.lang == lang and spoken), 1


# --- finding -----------------------------------------------------------------------------------------------------


def _first(
    k: int, measure: Callable[[Sequence[str], Collection[str], int], float], *, articles: bool = False
) -> Callable[[Judged, Finding], Part | None]:
    """A measure of the first k units found, or of the first k articles, where there is anything to find."""

    def part(_: Judged, finding: Finding) -> Part | None:
        ranked: Sequence[str] = finding.articles if articles else finding.ranked
        relevant = finding.relevant_articles if articles else finding.relevant
        return (measure(ranked, relevant, k), 1) if relevant else None

    return part


def _claim_recall(j: Judged, finding: Finding) -> Part | None:
    wanted = [units for units in finding.by_nugget if units]
    return (sum(bool(units & set(finding.ranked[:10])) for units in wanted) / len(wanted), 1) if wanted else None


_TABLE: Final = (
    Measure("truthfulness", "answers", "Truthfulness", "more", _points, "points"),
    Measure("correct", "answers", "Right", "more", _correct),
    Measure("wrong", "answers", "Wrong", "less", _wrong),
    Measure("missing", "answers", "Silent though answerable", "less", _missing),
    Measure("vital_recall", "answers", "Vital nuggets told", "more", _vital_recall),
    Measure("nugget_recall", "answers", "All nuggets told", "more", _nugget_recall),
    Measure("vital_recall_unlimited", "answers", "Vital nuggets told, at any length", "more", _vital_recall_unlimited),
    Measure("vital_per_100_words", "answers", "Vital nuggets in 100 words", "more", _vital_per_100_words, "points"),
    Measure("words_shown", "answers", "Words shown", "none", _words, "words"),
    Measure("citation_precision", "citations", "Citation precision", "more", _citation_precision),
    Measure("citation_precision_judged", "citations", "Citation precision, where judged", "more", _citation_precision_judged),
    Measure("citation_recall", "citations", "Citation recall", "more", _citation_recall),
    Measure("integrity", "citations", "Quotes that hold", "more", _integrity),
    Measure("abstention_precision", "abstaining", "Abstention precision", "more", _abstention_precision),
    Measure("abstention_recall", "abstaining", "Abstention recall", "more", _abstention_recall),
    Measure("abstention_f1", "abstaining", "Abstention F1", "more", _abstention_f1),
    Measure("abstention_easy", "abstaining", "… recall, topic absent (easy)", "more", _abstention_easy),
    Measure("abstention_hard", "abstaining", "… recall, fact absent (hard)", "more", _abstention_hard),
    Measure("abstention_reason", "abstaining", "Right reason given", "more", _abstention_reason),
    Measure("auroc", "abstaining", "AUROC of confidence", "more"),
    Measure("risk_coverage", "abstaining", "Area under risk-coverage", "less"),
    Measure("coverage_at_5", "abstaining", "Coverage at 5% wrong", "more"),
    Measure("as_of_accuracy", "time", "State of the day right", "more", _as_of_accuracy),
    Measure("stale_rate", "time", "Stale answers", "less", _stale_rate),
    Measure("change_mention", "time", "Change told, old to new", "more", _change_mention),
    Measure("future_leak", "time", "Leaks from the future", "less", _future_leak),
    Measure("flip_accuracy", "time", "Right at every date", "more"),
    Measure("both_sides", "conflicts", "Both sides, attributed", "more", _both_sides),
    Measure("side_recall", "conflicts", "Sides given", "more", _side_recall),
    Measure("false_conflicts", "conflicts", "False conflicts", "less", _false_conflict),
    Measure("frame_language", "language", "Own words in the asker's language", "more", _frame_language),
    Measure("hit@1", "finding", "Passage hit@1", "more", _first(1, hit)),
    Measure("hit@5", "finding", "Passage hit@5", "more", _first(5, hit)),
    Measure("hit@10", "finding", "Passage hit@10", "more", _first(10, hit)),
    Measure("mrr@10", "finding", "Passage MRR@10", "more", _first(10, reciprocal_rank)),
    Measure("ndcg@10", "finding", "Passage nDCG@10", "more", _first(10, ndcg)),
    Measure("article_hit@1", "finding", "Article hit@1", "more", _first(1, hit, articles=True)),
    Measure("article_hit@5", "finding", "Article hit@5", "more", _first(5, hit, articles=True)),
    Measure("article_hit@10", "finding", "Article hit@10", "more", _first(10, hit, articles=True)),
    Measure("article_mrr@10", "finding", "Article MRR@10", "more", _first(10, reciprocal_rank, articles=True)),
    Measure("article_ndcg@10", "finding", "Article nDCG@10", "more", _first(10, ndcg, articles=True)),
    Measure("claim_recall@10", "finding", "Vital nuggets in the first 10", "more", _claim_recall),
    Measure("p50", "speed", "Median, warm", "less", None, "ms"),
    Measure("p95", "speed", "95th percentile, warm", "less", None, "ms"),
)  # fmt: skip
MEASURES: Final[Mapping[str, Measure]] = {measure.name: measure for measure in _TABLE}

"""The questions that went worst: answer, gold and citations of each side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from evals.page.markup import Markup, join, tag
from evals.page.tables import OUTCOMES

SHOWN: Final = 20


def worst(rows: Sequence[Mapping[str, Any]], arm: str) -> list[Mapping[str, Any]]:
    """The worst questions of an arm: fewest points first, then the surest, as being sure and wrong is worst."""
    own = [row for row in rows if row["arm"] == arm and row["points"] < 1.0]
    return sorted(own, key=lambda row: (row["points"], -row["confidence"], row["id"]))[:SHOWN]


def cases(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """A card for each question."""
    if not rows:
        return tag("p", "Every question was answered right.")
    return join(*(_case(row) for row in rows))


def _case(row: Mapping[str, Any]) -> Markup:
    tags = [row["id"], row["kind"].replace("_", " "), row["lang"]]
    tags += [f"as of {row['as_of']}"] if row["as_of"] else []
    before = [tag("div", turn, class_="turn") for turn in row["history"]]
    verdict = OUTCOMES[row["points"]]
    head = tag(
        "header", tag("span", verdict, class_=f"verdict o-{verdict.split()[0]}"),
        *(tag("span", text, class_="tag") for text in tags),
        tag("span", f"confidence {row['confidence']:.2f}", class_="tag"),
    )  # fmt: skip
    columns = tag("div", _answer(row), _gold(row), _sources(row), class_="columns")
    return tag("article", head, *before, tag("h3", row["question"]), columns, class_="case")


def _answer(row: Mapping[str, Any]) -> Markup:
    if row["abstained"]:
        said = [tag("p", row["answer"], class_="abstained"), tag("p", f"reason: {row['reason']}", class_="note")]
    else:
        number = {name: n for n, name in enumerate(_cited(row), start=1)}
        said = [
            tag("p", tag("span", statement["role"], class_="role"), statement["text"], " ",
                *(tag("sup", f"[{number[source['article']]}]") for source in statement["sources"]))
            for statement in row["statements"]
        ]  # fmt: skip
    given = [tag("p", "Must not be given: ", tag("b", value), class_="bad") for value in row["given_forbidden"]]
    return tag("section", tag("h4", "Answer"), *said, *given)


def _gold(row: Mapping[str, Any]) -> Markup:
    if not row["answerable"]:
        return tag("section", tag("h4", "Gold"), tag("p", "No article says: the right answer is to abstain."))
    items = [
        tag(
            "li", tag("span", "✓" if nugget["told"] else "✗", class_="mark"), " or ".join(nugget["aliases"]),
            tag("span", nugget["importance"], class_="role"), class_=_hue(nugget),
        )
        for nugget in row["gold"]
    ]  # fmt: skip
    sides = [
        tag("li", tag("span", "✓" if side["given"] else "✗", class_="mark"), f"side: {side['label']}",
            class_="told" if side["given"] else "missed")
        for side in row["sides"]
    ]  # fmt: skip
    return tag("section", tag("h4", "Gold"), tag("ul", *items, *sides))


def _hue(nugget: Mapping[str, Any]) -> str:
    return "told" if nugget["told"] else "missed" if nugget["importance"] == "vital" else "spare"


def _cited(row: Mapping[str, Any]) -> list[str]:
    """The articles that the statements cite, in the order they first come up."""
    return list(dict.fromkeys(s["article"] for statement in row["statements"] for s in statement["sources"]))


def _sources(row: Mapping[str, Any]) -> Markup:
    cited = _cited(row)
    gold = list(dict.fromkeys(name for nugget in row["gold"] for name in nugget["supports"]))
    missed = [name for name in gold if name not in cited]
    parts: list[Markup] = []
    if cited:
        items = (_source(f"[{n}] {name}", name in gold) for n, name in enumerate(cited, start=1))
        parts += [tag("h5", "Cited; green supports the answer"), tag("ul", *items)]
    if missed:
        items = (_source(name + (" (found)" if name in row["found"] else ""), False) for name in missed)
        parts += [tag("h5", "Supports it, not cited"), tag("ul", *items)]
    return tag("section", tag("h4", "Citations"), *parts)


def _source(text: str, right: bool) -> Markup:
    return tag("li", text, class_="told" if right else None)

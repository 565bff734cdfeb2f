"""What the assistant says in its own voice, in both languages; all else it says is quoted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rag.model import Lang

PHRASES: Final[Mapping[str, Mapping[Lang, str]]] = {
    "no_evidence": {
        "fr": "La bibliothèque ne donne pas la réponse à cette question.",
        "en": "The library does not hold the answer to this question.",
    },
    "off_topic": {
        "fr": "Cette question sort du sujet de la bibliothèque : les puces H200 de Nvidia et la Chine.",
        "en": "This question is outside what the library covers: Nvidia's H200 chips and China.",
    },
    "before_coverage": {
        "fr": "La bibliothèque ne contient rien d'aussi ancien : son premier article date du {day}.",
        "en": "The library holds nothing that old: its first article is dated {day}.",
    },
    "small_talk": {
        "fr": "Bonjour ! Posez une question sur les puces H200 de Nvidia et la Chine : qui a dit quoi, quand, et ce qui vaut aujourd'hui. "
        "Chaque phrase de la réponse renvoie à sa source.",
        "en": "Hello! Ask a question about Nvidia's H200 chips and China: who said what, when, and what holds today. "
        "Every sentence of the answer leads to its source.",
    },
    "empty_question": {
        "fr": "La question est vide : posez-la en quelques mots.",
        "en": "The question is empty: ask it in a few words.",
    },
    "yes": {"fr": "Oui, d'après {who}{when} :", "en": "Yes, according to {who}{when}:"},
    "no": {"fr": "Non, d'après {who}{when} :", "en": "No, according to {who}{when}:"},
    "denied": {"fr": "C'est démenti, rapporte {who}{when} :", "en": "It is denied, {who} reports{when}:"},
    "sides": {"fr": "Les sources ne disent pas la même chose :", "en": "The sources do not say the same:"},
    "story": {
        "fr": "En {count} étapes, de la plus ancienne à la plus récente :",
        "en": "In {count} steps, from the oldest to the latest:",
    },
    "nearest": {"fr": "Au plus proche : {titles}.", "en": "Nearest in the library: {titles}."},
    "lexical_only": {
        "fr": "Index vectoriel indisponible : réponse trouvée par les mots seuls. « h200 rebuild » le répare.",
        "en": "The vector index is unavailable: this answer was found by words alone. 'h200 rebuild' mends it.",
    },
    "vectors_behind": {
        "fr": "L'index vectoriel est en retard sur le catalogue (ingestion interrompue) : « h200 ingest » ou « h200 rebuild » le complète.",
        "en": "The vector index lags behind the catalog (an ingest was cut short): 'h200 ingest' or 'h200 rebuild' completes it.",
    },
    "empty": {
        "fr": "La bibliothèque est vide : « h200 ingest » y met les articles fournis, ou les vôtres.",
        "en": "The library is empty: 'h200 ingest' fills it with the bundled articles, or with yours.",
    },
    "newest": {
        "fr": "Le dernier article de la bibliothèque date du {day} : ce qui a suivi n'y est pas.",
        "en": "The library's newest article is dated {day}: what came after is not in it.",
    },
}


def say(name: str, lang: Lang, **values: str) -> str:
    """The phrase of that name, with its values filled in."""
    return PHRASES[name][lang].format(**values)

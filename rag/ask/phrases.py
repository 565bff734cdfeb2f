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
    "after_coverage": {
        "fr": "Rien de ce que la bibliothèque savait au {day} ne parle de cette période.",
        "en": "Nothing the library knew by {day} speaks of that time.",
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
    "yes_then": {"fr": "Oui, à la date du {when}, d'après {who} :", "en": "Yes, as of {when}, according to {who}:"},
    "no_then": {"fr": "Non, à la date du {when}, d'après {who} :", "en": "No, as of {when}, according to {who}:"},
    "denied": {"fr": "C'est démenti, rapporte {who}{when} :", "en": "It is denied, {who} reports{when}:"},
    "untold_name": {
        "fr": "« {stranger} » n'apparaît pas dans les articles trouvés ; ils disent :",
        "en": "“{stranger}” does not appear in the articles found; they say:",
    },
    "unheard": {
        "fr": "Aucun article de la bibliothèque ne parle de « {stranger} ».",
        "en": "No article in the library speaks of “{stranger}”.",
    },
    "unspoken": {
        "fr": "Aucun passage trouvé ne parle de « {stranger} » à ce sujet.",
        "en": "No passage found speaks of “{stranger}” on this.",
    },
    "unsaid": {
        "fr": "Aucun article trouvé ne dit cela tel quel ; au plus proche :",
        "en": "No article found says so in these words; the nearest:",
    },
    "untold_why": {
        "fr": "Les articles trouvés n'en donnent pas la raison ; ils disent :",
        "en": "The articles found give no reason for it; they say:",
    },
    "untold_when": {
        "fr": "Les articles trouvés n'en donnent pas la date ; ils disent :",
        "en": "The articles found give no date for it; they say:",
    },
    "untold_where": {
        "fr": "Les articles trouvés ne disent pas où ; ils disent :",
        "en": "The articles found do not say where; they say:",
    },
    "untold_office": {
        "fr": "Les articles trouvés ne disent pas quelle fonction cette personne occupe ; ils disent :",
        "en": "The articles found do not say what position this person holds; they say:",
    },
    "either": {
        "fr": "Ce que disent les articles, de part et d'autre :",
        "en": "What the articles say, on either side:",
    },
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
    "llm_unset": {
        "fr": "Aucun modèle de langage n'est indiqué (H200_LLM_URL) : voici ce que disent les articles, mot pour mot.",
        "en": "No language model is named (H200_LLM_URL): this is what the articles say, word for word.",
    },
    "llm_unreachable": {
        "fr": "Le modèle de langage est injoignable : voici ce que disent les articles, mot pour mot.",
        "en": "The language model cannot be reached: this is what the articles say, word for word.",
    },
    "llm_key": {
        "fr": "Le modèle de langage refuse la clé (H200_LLM_KEY) : voici ce que disent les articles, mot pour mot.",
        "en": "The language model refuses the key (H200_LLM_KEY): this is what the articles say, word for word.",
    },
    "llm_unknown": {
        "fr": "L'adresse ne connaît pas ce modèle (H200_LLM_URL, H200_LLM_MODEL) : voici ce que disent les articles, mot pour mot.",
        "en": "The address does not know this model (H200_LLM_URL, H200_LLM_MODEL): this is what the articles say, word for word.",
    },
    "llm_busy": {
        "fr": "Le modèle de langage reçoit trop de demandes : voici ce que disent les articles, mot pour mot.",
        "en": "The language model has too many requests: this is what the articles say, word for word.",
    },
    "llm_server": {
        "fr": "Le serveur du modèle de langage signale une erreur : voici ce que disent les articles, mot pour mot.",
        "en": "The language model's server reports an error: this is what the articles say, word for word.",
    },
    "llm_overflow": {
        "fr": "La question dépasse le contexte du modèle (H200_LLM_CONTEXT) : voici ce que disent les articles, mot pour mot.",
        "en": "The question exceeds the model's context (H200_LLM_CONTEXT): this is what the articles say, word for word.",
    },
    "llm_page": {
        "fr": "Une page web se trouve à l'adresse du modèle de langage : voici ce que disent les articles, mot pour mot.",
        "en": "There is a web page at the language model's address: this is what the articles say, word for word.",
    },
    "llm_empty": {
        "fr": "Le modèle de langage n'a rien répondu : voici ce que disent les articles, mot pour mot.",
        "en": "The language model replied nothing: this is what the articles say, word for word.",
    },
    "llm_off_form": {
        "fr": "Le modèle de langage n'a pas répondu dans la forme demandée : voici ce que disent les articles, mot pour mot.",
        "en": "The language model did not reply in the form asked for: this is what the articles say, word for word.",
    },
    "llm_cut": {
        "fr": "La réponse du modèle de langage s'est interrompue : voici ce que disent les articles, mot pour mot.",
        "en": "The language model's reply broke off: this is what the articles say, word for word.",
    },
    "llm_slow": {
        "fr": "Le modèle de langage n'a pas répondu en {seconds} secondes : voici ce que disent les articles, mot pour mot.",
        "en": "The language model did not reply within {seconds} seconds: this is what the articles say, word for word.",
    },
    "llm_too_long": {
        "fr": "La réponse du modèle de langage n'avait pas de fin : voici ce que disent les articles, mot pour mot.",
        "en": "The language model's reply had no end: this is what the articles say, word for word.",
    },
    "llm_truncated": {
        "fr": "Le modèle de langage n'a pas lu tout le message (H200_LLM_CONTEXT) ou n'en suit pas les règles : "
        "voici ce que disent les articles, mot pour mot.",
        "en": "The language model did not read all of the message (H200_LLM_CONTEXT) or does not keep to its rules: "
        "this is what the articles say, word for word.",
    },
    "llm_unsupported": {
        "fr": "Rien de ce qu'a écrit le modèle de langage ne tient devant les sources : voici ce que disent les articles, mot pour mot.",
        "en": "Nothing the language model wrote stands against the sources: this is what the articles say, word for word.",
    },
    "llm_language": {
        "fr": "Le modèle de langage n'a pas répondu en français : voici ce que disent les articles, mot pour mot.",
        "en": "The language model did not reply in English: this is what the articles say, word for word.",
    },
    "llm_dropped": {
        "fr": "Phrases du modèle de langage écartées, faute de sources qui les portent : {count}.",
        "en": "Sentences of the language model left out, as no source bears them out: {count}.",
    },
}


def say(name: str, lang: Lang, **values: str) -> str:
    """The phrase of that name, with its values filled in."""
    return PHRASES[name][lang].format(**values)

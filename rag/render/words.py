"""Every word the web app says in its own voice, in both languages; all else it shows is quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rag.model import Actor, Lang, Role

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # Each name with its French and its English text.
    "title": ("h200 · Nvidia, la H200 et la Chine", "h200 · Nvidia, the H200 and China"),
    "tagline": (
        "Les puces H200 de Nvidia et la Chine : chaque phrase vient d'un article, à un clic.",
        "Nvidia's H200 chips and China: every sentence comes from an article, one click away.",
    ),
    "skip": ("Aller à la question", "Skip to the question"),
    "chat": ("Questions", "Questions"),
    "timeline": ("Chronologie", "Timeline"),
    "library": ("Bibliothèque", "Library"),
    "accuracy": ("Fiabilité", "Accuracy"),
    "other_language": ("English", "Français"),
    "theme": ("Changer entre clair et sombre", "Switch between light and dark"),
    "newest": ("dernier article : {day}", "newest article: {day}"),
    "articles_count": ("{n} articles", "{n} articles"),
    "preparing": ("La bibliothèque se prépare : {done} articles lus sur {total}.", "The library is being prepared: {done} of {total} articles read."),
    "no_library": ("La bibliothèque ne s'ouvre pas : {reason}", "The library does not open: {reason}"),
    # asking
    "welcome": ("Qui a dit quoi, quand, et qu'est-ce qui vaut encore ?", "Who said what, when, and what still holds?"),
    "welcome_text": (
        "Posez une question en français ou en anglais. La réponse est faite de phrases que les articles disent vraiment ; "
        "chaque numéro ouvre le passage.",
        "Ask a question in French or English. The answer is made of sentences that the articles really say; each number "
        "opens its passage.",
    ),
    "examples": ("Pour commencer", "To start with"),
    "question": ("Votre question", "Your question"),
    "question_hint": ("Posez une question sur la H200 et la Chine…", "Ask a question about the H200 and China…"),
    "send": ("Demander", "Ask"),
    "stop": ("Arrêter", "Stop"),
    "searching": ("Lecture de la bibliothèque…", "Reading the library…"),
    "stopped": ("Arrêté.", "Stopped."),
    "too_long": ("La question a {n} caractères : posez-la en {most} au plus.", "The question has {n} characters: ask it in at most {most}."),
    "failed": ("La question n'a pas abouti ({reason}) : posez-la de nouveau.", "The question failed ({reason}): ask it again."),
    "you": ("Question", "Question"),
    "understood": ("Compris comme", "Understood as"),
    "as_of_day": ("Comme un lecteur du {day}", "As a reader on {day}"),
    "as_of": ("À la date du", "As of"),
    "as_of_now": ("aujourd'hui", "today"),
    "as_of_help": (
        "Rien de ce qui a paru après ce jour n'est cherché, cité ni compté.",
        "Nothing published after that day is searched, quoted or counted.",
    ),
    "as_of_reset": ("Revenir à aujourd'hui", "Back to today"),
    # an answer
    "sources": ("Sources", "Sources"),
    "source_n": ("Source {n} : {outlet}, {day}", "Source {n}: {outlet}, {day}"),
    "verified": ("Citations comparées mot à mot au texte conservé", "Quotes compared word for word with the stored text"),
    "reported_by": ("selon {origin}", "reported by {origin}"),
    "copies_one": ("repris par {outlet}", "also carried by {outlet}"),
    "copies_many": ("repris par {n} sites", "also carried by {n} sites"),
    "digest": ("résumé", "digest"),
    "teaser": ("encadré d'une autre page", "teaser on the page"),
    "undated": ("sans date", "undated"),
    "conflict_title": ("Les sources se contredisent", "The sources disagree"),
    "conflict_others": ("Ce qu'ajoutent d'autres articles", "What other articles add"),
    "superseded_title": ("Ce qui valait avant", "What held before"),
    "replaced": ("remplacé le {day}", "replaced on {day}"),
    "replaced_since": ("remplacé depuis", "replaced since"),
    "nearest_title": ("Au plus proche dans la bibliothèque", "Nearest in the library"),
    "nearest_question": ("Que dit l'article « {title} » ?", "What does the article “{title}” say?"),
    "abstained": ("Pas de réponse dans la bibliothèque", "No answer in the library"),
    "partial": ("Réponse partielle", "Partial answer"),
    "copy": ("Copier", "Copy"),
    "copied": ("Copié.", "Copied."),
    "edit": ("Modifier", "Edit"),
    "retry": ("Redemander", "Ask again"),
    "share": ("Lien", "Link"),
    "shared": ("Lien copié.", "Link copied."),
    "good": ("Bonne réponse", "Good answer"),
    "bad": ("Mauvaise réponse", "Bad answer"),
    "comment": ("Qu'est-ce qui manque ou qui est faux ?", "What is missing or wrong?"),
    "send_comment": ("Envoyer", "Send"),
    "thanks": ("Merci, c'est noté.", "Thank you, noted."),
    "changed": (
        "La bibliothèque a changé depuis cette question : voici ce qu'elle répond maintenant.",
        "The library has changed since this was asked: this is what it answers now.",
    ),
    "reworded": (
        "Cette réponse avait été rédigée avec le modèle de langue ; la voici dans les mots des articles. "
        "« Redemander » la fait récrire.",
        "This answer was written with the language model; here it is in the articles' own words. "
        "“Ask again” has it rewritten.",
    ),
    # with a language model
    "with_model": ("Rédiger avec le modèle", "Write with the model"),
    "with_model_help": (
        "Le modèle de langue {model} rédige ; chaque phrase est comparée à ses sources avant d'être montrée. "
        "Sinon, la réponse cite les articles mot pour mot.",
        "The language model {model} writes; each sentence is held against its sources before it is shown. "
        "Otherwise the answer quotes the articles word for word.",
    ),
    "writing": (
        "Le modèle rédige ; chaque phrase est vérifiée avant d'être montrée…",
        "The model is writing; each sentence is checked before it is shown…",
    ),
    "written": (
        "Rédigé avec le modèle en {seconds} s ; chaque phrase comparée à ce qu'elle cite",
        "Written with the model in {seconds} s; each sentence held against what it cites",
    ),
    "tokens": ("{read} jetons lus, {written} écrits", "{read} tokens read, {written} written"),
    # conversations
    "new_talk": ("Nouvelle conversation", "New conversation"),
    "talks": ("Conversations", "Conversations"),
    "no_talks": (
        "Vos conversations restent dans ce navigateur. Il n'y en a pas encore.",
        "Your conversations stay in this browser. There are none yet.",
    ),
    "forget": ("Oublier", "Forget"),
    "export_markdown": ("Exporter en Markdown", "Export as Markdown"),
    "export_json": ("Exporter en JSON", "Export as JSON"),
    "exported": ("Exporté le {day}", "Exported on {day}"),
    # evidence
    "evidence": ("Source", "Source"),
    "close": ("Fermer", "Close"),
    "publisher_page": ("Lire chez {outlet}", "Read at {outlet}"),
    "whole_article": ("L'article en entier", "The whole article"),
    "carried_by": ("Même texte, repris par", "Same text, also carried by"),
    "copy_of": ("Même texte que", "Same text as"),
    "digest_note": ("Résumé de l'article, et non son texte.", "A digest of the article, not its text."),
    "teasers": ("Aussi annoncé sur la page", "Also announced on the page"),
    "passage_n": ("Passage {n}", "Passage {n}"),
    "not_found": ("Cet article n'est pas dans la bibliothèque.", "This article is not in the library."),
    "opening": ("Ouverture…", "Opening…"),
    "offline": ("Le serveur ne répond pas : réessayez dans un instant.", "The server does not answer: try again in a moment."),
    # library
    "search_articles": ("Chercher dans les articles", "Search the articles"),
    "search_hint": ("un mot, un média, une date…", "a word, an outlet, a date…"),
    "date": ("Date", "Date"),
    "outlet": ("Média", "Outlet"),
    "article_title": ("Titre", "Title"),
    "origin": ("D'après", "Reported by"),
    "language": ("Langue", "Language"),
    "copies": ("Reprises", "Copies"),
    "no_match": ("Aucun article ne correspond.", "No article matches."),
    "shown_of": ("{n} sur {total} articles", "{n} of {total} articles"),
    "add_title": ("Ajouter des articles", "Add articles"),
    "add_files": ("Fichiers (Markdown, texte, HTML, PDF)", "Files (Markdown, text, HTML, PDF)"),
    "add_url": ("Adresse d'une page", "Address of a page"),
    "add": ("Ajouter", "Add"),
    "adding": ("{done} sur {total} : {source}", "{done} of {total}: {source}"),
    "nothing_to_add": ("Choisissez un fichier ou donnez une adresse.", "Choose a file or give an address."),
    "add_off": (
        "L'ajout est fermé sur ce serveur ; H200_WEB_EDITING=on l'ouvre.",
        "Adding is closed on this server; H200_WEB_EDITING=on opens it.",
    ),
    "remove": ("Retirer de la bibliothèque", "Remove from the library"),
    "remove_sure": ("Retirer cet article de la bibliothèque ?", "Remove this article from the library?"),
    "removed": ("Article retiré.", "Article removed."),
    "verdict": ("Résultat", "Verdict"),
    # timeline
    "topic": ("Sujet", "Topic"),
    "topic_hint": ("par exemple : droits de douane", "for example: tariff"),
    "from": ("Depuis", "From"),
    "until": ("Jusqu'à", "Until"),
    "show": ("Afficher", "Show"),
    "timeline_title": ("Qui a fait quoi, quand", "Who did what, when"),
    "timeline_text": (
        "Chaque point est une phrase datée d'un article. Plein : rien ne dit autrement depuis. Cerclé : dépassé depuis.",
        "Each point is a dated sentence from an article. Filled: nothing later says otherwise. Ringed: superseded since.",
    ),
    "no_events": ("Rien de daté à montrer pour ce choix.", "Nothing dated to show for this choice."),
    "events": ("Les faits datés", "The dated facts"),
    "current": ("en vigueur", "current"),
    "superseded": ("dépassé", "superseded"),
    # accuracy
    "accuracy_title": ("Ce que valent les réponses", "How good the answers are"),
    "accuracy_text": (
        "{questions} questions sur {facts} faits, posées à une bibliothèque de {articles} articles ; les réponses sont "
        "comptées par un programme, sans modèle de langue.",
        "{questions} questions about {facts} facts, put to a library of {articles} articles; the answers are "
        "counted by a program, without a language model.",
    ),
    "held_out": (
        "En réglant l'assistant, on n'a lu ni ces questions ni leurs réponses : seuls les totaux ont été vus.",
        "While the assistant was tuned nobody read these questions or their answers: only totals were seen.",
    ),
    "interval": ("{interval} à 95 % · {n} questions", "{interval} at 95% · {n} questions"),
    "no_exception": ("sans exception · {n} questions", "without exception · {n} questions"),
    "compared": ("Face à d'autres façons de chercher", "Against other ways to search"),
    "compared_text": (
        "Mêmes questions, mêmes articles, même encodeur. Sous chaque valeur, son intervalle à 95 % : là où deux "
        "intervalles se recouvrent, l'écart peut tenir au hasard. En gras, la meilleure de la ligne.",
        "Same questions, same articles, same encoder. Under each value, its 95% interval: where two of them overlap, "
        "the difference may be chance. The best of each row is in bold.",
    ),
    "measured_on": ("Mesuré le {day}", "Measured on {day}"),
    "by_kind": ("Par sorte de question", "By kind of question"),
    "kind": ("Sorte de question", "Kind of question"),
    "questions_count": ("Questions", "Questions"),
    "no_report": (
        "Aucun rapport d'évaluation n'est encore publié ici. « h200 eval --out DOSSIER » en fait un ; "
        "H200_WEB_REPORT=DOSSIER le montre sur cette page.",
        "No evaluation report has been published here yet. 'h200 eval --out FOLDER' makes one; "
        "H200_WEB_REPORT=FOLDER shows it on this page.",
    ),
    "for_programs": ("Pour les programmes", "For programs"),
    "footer": (
        "Les réponses citent des articles de presse : lisez la source avant de vous en servir.",
        "Answers quote news articles: read the source before you rely on one.",
    ),
}  # fmt: skip

_SPACED: Final = re.compile(r" (?=[?!:;»%])|(?<=«) ")
"""Where French has a space that no line may break at."""

ROLES: Final[Mapping[Role, tuple[str, str]]] = {
    "answer": ("Réponse", "Answer"),
    "current": ("En vigueur", "Current"),
    "superseded": ("Dépassé", "Superseded"),
    "conflict": ("En désaccord", "In dispute"),
    "context": ("Contexte", "Context"),
}
ACTORS: Final[Mapping[Actor, tuple[str, str]]] = {
    "beijing": ("Pékin", "Beijing"),
    "washington": ("Washington", "Washington"),
    "nvidia": ("Nvidia", "Nvidia"),
    "buyers": ("Acheteurs chinois", "Chinese buyers"),
}
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "added": ("ajouté", "added"),
    "updated": ("mis à jour", "updated"),
    "unchanged": ("inchangé", "unchanged"),
    "duplicate": ("déjà présent", "duplicate"),
    "removed": ("retiré", "removed"),
    "refused": ("refusé", "refused"),
    "failed": ("échec", "failed"),
}
MEASURES: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    # Its name, and what it means.
    "correct": (
        ("Réponses justes", "Right answers"),
        ("Tout ce qui était demandé est dit et rien n'est faux, ou silence là où aucun article ne sait.",
         "All that was asked is said and nothing is wrong, or silence where no article knows."),
    ),
    "wrong": (
        ("Réponses fausses", "Wrong answers"),
        ("À côté de la question, dépassées, ou données là où il fallait se taire. Moins, c'est mieux.",
         "Beside the question, out of date, or given where silence was right. Less is better."),
    ),
    "integrity": (
        ("Citations exactes", "Exact quotes"),
        ("Citations qui se retrouvent mot pour mot dans l'article conservé.",
         "Quotes that stand word for word in the stored article."),
    ),
    "vital_recall": (
        ("Réponse trouvée", "Answer found"),
        ("Part de ce qui était demandé et qui est dit.", "Share of what was asked that is said."),
    ),
    "as_of_accuracy": (
        ("À la bonne date", "Right on the day"),
        ("Réponses justes à ce qui valait un jour donné.", "Right answers about what held on a given day."),
    ),
    "abstention_f1": (
        ("Silences à propos", "Silent when it should be"),
        ("Se taire quand la bibliothèque ne sait pas, et alors seulement (F1).",
         "Abstaining when the library does not know, and only then (F1)."),
    ),
    "citation_precision": (
        ("Citations utiles", "Citations that answer"),
        ("Part des citations qui portent ce qui était demandé.", "Share of citations that bear what was asked."),
    ),
    "hit@1": (
        ("Bon passage en tête", "Right passage first"),
        ("Part des questions dont le premier passage trouvé répond.",
         "Share of questions whose first passage answers."),
    ),
}  # fmt: skip
ARMS: Final[Mapping[str, tuple[str, str]]] = {
    "ours": ("h200", "h200"),
    "lexical": ("Les mots seuls", "Words alone"),
    "vectors": ("Les vecteurs seuls", "Vectors alone"),
    "stock": ("llama-index tel quel", "Plain llama-index"),
}
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "fact": ("Un fait", "A fact"),
    "lookalike": ("Un fait qui a son sosie", "A fact with a look-alike"),
    "state": ("L'état des choses", "The state of things"),
    "evolution": ("Ce qui a changé", "How things changed"),
    "conflict": ("Des sources en désaccord", "Sources that disagree"),
    "agree": ("Des sources d'accord", "Sources that agree"),
    "false_premise": ("Une question qui part d'une erreur", "A false premise"),
    "follow_up": ("Une question de suite", "A follow-up"),
    "rough": ("Tapée à la hâte", "Typed in haste"),
    "unanswerable": ("Ce qu'aucun article ne dit", "What no article says"),
    "off_topic": ("Hors sujet", "Off topic"),
    "before_coverage": ("Avant le premier article", "Before the first article"),
    "small_talk": ("Politesses", "Small talk"),
}
EXAMPLES: Final[Mapping[Lang, tuple[tuple[str, str, str | None], ...]]] = {
    # What it shows, the question, the day it is asked as of.
    "fr": (
        ("L'état des choses", "Les ventes de H200 à la Chine sont-elles autorisées ?", None),
        ("Un chiffre", "Combien de puces H200 les entreprises chinoises ont-elles commandées ?", None),
        ("À une date", "La douane chinoise laisse-t-elle entrer la H200 ?", "2026-01-14"),
        ("Qui a dit quoi", "Qu'a dit Jensen Huang de la demande chinoise ?", None),
        ("Des sources en désaccord", "Nvidia exige-t-elle un paiement d'avance pour la H200 ?", None),
        ("La technique", "Quelle est la capacité mémoire de la H200 ?", None),
    ),
    "en": (
        ("The state of things", "Are H200 sales to China allowed?", None),
        ("A figure", "How many H200 chips have Chinese companies ordered?", None),
        ("On a given day", "Does Chinese customs let the H200 in?", "2026-01-14"),
        ("Who said what", "What did Jensen Huang say about Chinese demand?", None),
        ("Sources that disagree", "Is the H200 two or six times as powerful as the H20?", None),
        ("The hardware", "How much memory does the H200 have?", None),
    ),
}


def say(name: str, lang: Lang, **values: object) -> str:
    """The words of that name, with their values filled in."""
    words = WORDS[name][1] if lang == "en" else _SPACED.sub(_no_break, WORDS[name][0])
    return words.format(**values)


def _no_break(space: re.Match[str]) -> str:
    return "\u00a0"


def number_text(number: float, lang: Lang, decimals: int = 1) -> str:
    """'1 240' and '3,2' in French, '1,240' and '3.2' in English."""
    text = f"{number:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text


def pick(pair: tuple[str, str], lang: Lang) -> str:
    """The French or the English one of two texts."""
    return pair[0] if lang == "fr" else pair[1]

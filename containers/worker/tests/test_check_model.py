"""check-model: what is said of good and bad models, without torch."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from r1sgg_worker.__main__ import main


def check(tmp_path, capsys, model):
    path = tmp_path / "check.json"
    path.write_text(json.dumps({"model": str(model), "offline": True}))
    code = main(["check-model", str(path)])
    out, err = capsys.readouterr()
    assert len((out or err).splitlines()) == 1
    return code, out or err


def test_a_good_folder_is_described(tiny, tmp_path, capsys):
    code, said = check(tmp_path, capsys, tiny)
    found = json.loads(said)
    assert code == 0
    assert (found["model_type"], found["dtype"]) == ("qwen2_vl", "float32")
    assert found["tie_word_embeddings"] is False
    from safetensors import safe_open

    with safe_open(tiny / "model.safetensors", framework="np") as file:
        count = sum(file.get_tensor(name).size for name in file.keys())  # noqa: SIM118
    assert found["parameters"] == count


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (["config.json"], "found no config.json"),
        (["processor_config.json"], "found no preprocessor_config.json or processor_config.json"),
        (["tokenizer.json"], "found no tokenizer.json or vocab.json"),
        (["model.safetensors"], "found no model.safetensors"),
    ],
)
def test_what_is_missing_is_named(tiny, tmp_path, capsys, gone, words):
    copy = shutil.copytree(tiny, tmp_path / "copy")
    for name in gone:
        (copy / name).unlink()
    code, said = check(tmp_path, capsys, copy)
    assert code == 2
    assert words in said


def test_another_kind_of_model_is_refused(tiny, tmp_path, capsys):
    copy = shutil.copytree(tiny, tmp_path / "copy")
    (copy / "config.json").write_text('{"model_type": "llama"}')
    code, said = check(tmp_path, capsys, copy)
    assert code == 2
    assert 'model_type is "llama", expected qwen2_vl or qwen2_5_vl' in said


def test_weights_that_were_cut_off_are_refused(tiny, tmp_path, capsys):
    copy = shutil.copytree(tiny, tmp_path / "copy")
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    code, said = check(tmp_path, capsys, copy)
    assert code == 2
    assert "bytes, expected" in said


@pytest.mark.parametrize("model", ["/no/such/folder", "./nothing", "nobody/no-such-model", "a b"])
def test_a_model_that_does_not_exist_is_refused(tmp_path, capsys, model):
    code, said = check(tmp_path, capsys, model)
    assert code == 2
    assert model in said


def test_torch_is_not_imported(tiny, tmp_path):
    path = tmp_path / "check.json"
    path.write_text(json.dumps({"model": str(tiny)}))
    program = (
        "import sys; from r1sgg_worker.__main__ import main; "
        f"code = main(['check-model', {str(path)!r}]); "
        "sys.exit(code or ('torch' in sys.modules) or ('transformers' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, check=False)
    assert done.returncode == 0

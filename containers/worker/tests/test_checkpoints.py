"""Checkpoints on disk: which are whole, which one a run goes on from, which are removed."""

import json
import struct

import pytest

from r1sgg_worker.checkpoint_folders import (
    checkpoint_to_resume,
    checkpoints_in,
    clear_staging,
    finish_checkpoint,
    staging_folder,
)
from r1sgg_worker.checkpoint_manifest import fault_of
from r1sgg_worker.errors import ConfigError, WorkerError
from r1sgg_worker.training_options import CheckpointOptions

FACTS = {"stage": "sft", "rows": 12, "processes": 1}


def weights(count):
    """A safetensors file of that many float32 zeros."""
    header = {"w": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + bytes(4 * count)


def stage(folder, step, content=None):
    clear_staging(folder)
    staged = staging_folder(folder) / f"checkpoint-{step}"
    (staged / "deep").mkdir(parents=True)
    (staged / "model.safetensors").write_bytes(content or weights(3))
    (staged / "optimizer.pt").write_bytes(b"moments")
    (staged / "deep" / "rng_state.pth").write_bytes(b"random")


def finish(folder, step, keep=9, facts=FACTS):
    stage(folder, step)
    return finish_checkpoint(folder, step, keep, facts)


def resume(folder, facts=FACTS, **options):
    said = []
    found = checkpoint_to_resume(CheckpointOptions(dir=folder, **options), facts, said.append)
    return found, said


def test_a_staged_checkpoint_gets_its_name_with_a_manifest_of_all_files(tmp_path):
    path = finish(tmp_path, 4)
    manifest = json.loads((path / "manifest.json").read_text())
    assert (manifest["step"], manifest["facts"]) == (4, FACTS)
    sizes = {name: one["bytes"] for name, one in manifest["files"].items()}
    whole = (path / "model.safetensors").stat().st_size
    assert sizes == {"model.safetensors": whole, "optimizer.pt": 7, "deep/rng_state.pth": 6}
    assert fault_of(path) is None


def test_weights_that_are_cut_short_get_no_name(tmp_path):
    stage(tmp_path, 4, weights(3)[:-1])
    with pytest.raises(ConfigError, match="bytes, expected"):
        finish_checkpoint(tmp_path, 4, 9, FACTS)
    assert checkpoints_in(tmp_path) == []


def test_the_newest_by_number_is_resumed_and_the_oldest_are_removed(tmp_path):
    for step in (2, 4, 100):
        finish(tmp_path, step, keep=2)
    assert [step for step, _ in checkpoints_in(tmp_path)] == [4, 100]
    assert resume(tmp_path) == ((100, tmp_path / "checkpoint-100"), [])


def test_a_checkpoint_written_again_replaces_only_itself(tmp_path):
    """As after a resume from step 4 because the one of step 6 was torn."""
    for step in (4, 6):
        finish(tmp_path, step)
    (tmp_path / "checkpoint-6" / "optimizer.pt").unlink()
    finish(tmp_path, 6, keep=1)
    assert resume(tmp_path)[0] == (6, tmp_path / "checkpoint-6")
    assert [step for step, _ in checkpoints_in(tmp_path)] == [6]


def tear(path, how):
    match how:
        case "file is missing":
            (path / "deep" / "rng_state.pth").unlink()
        case "file is short":
            (path / "optimizer.pt").write_bytes(b"mom")
        case "file has other content":
            (path / "optimizer.pt").write_bytes(b"zeros!!")
        case "manifest is missing":
            (path / "manifest.json").unlink()
        case "manifest is torn":
            (path / "manifest.json").write_text('{"step": 6, "fi')
        case "manifest is another thing":
            (path / "manifest.json").write_text("[1]")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("file is missing", "deep/rng_state.pth is missing"),
        ("file is short", "optimizer.pt has 3 bytes, expected 7"),
        ("file has other content", "optimizer.pt has other content"),
        ("manifest is missing", "manifest.json: .*No such file"),
        ("manifest is torn", "manifest.json: Unterminated"),
        ("manifest is another thing", "manifest.json: TypeError"),
    ],
)
def test_a_torn_checkpoint_is_passed_over_with_a_sentence(tmp_path, how, words):
    for step in (4, 6):
        finish(tmp_path, step)
    torn = tmp_path / "checkpoint-6"
    tear(torn, how)
    found, (said,) = resume(tmp_path)
    assert found == (4, tmp_path / "checkpoint-4")
    assert said.startswith(f'Passing over checkpoint "{torn}": ')
    with pytest.raises(ConfigError, match=words):
        resume(tmp_path, resume=torn)


def test_a_large_file_is_told_by_its_edges(tmp_path):
    """Sizes as of optimiser states: a sparse file stands in for them."""
    stage(tmp_path, 2)
    large = staging_folder(tmp_path) / "checkpoint-2" / "optimizer.pt"
    with large.open("wb") as file:
        file.truncate(65 * 2**20)
    path = finish_checkpoint(tmp_path, 2, 1, FACTS)
    assert (
        "sha256_of_edges" in json.loads((path / "manifest.json").read_text())["files"][large.name]
    )
    with (path / large.name).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")
    assert fault_of(path) == "optimizer.pt has other content than was written"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({**FACTS, "rows": 13}, "with rows 12, expected 13"),
        ({**FACTS, "processes": 4}, "with processes 1, expected 4"),
        ({**FACTS, "stage": "grpo"}, "with stage 'sft', expected 'grpo'"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, other, words):
    finish(tmp_path, 4)
    with pytest.raises(ConfigError, match=words):
        resume(tmp_path, other)


def test_nothing_to_resume_is_a_fresh_start_unless_it_was_named(tmp_path):
    assert resume(tmp_path / "none") == (None, [])
    assert resume(tmp_path / "none", resume="never") == (None, [])
    with pytest.raises(ConfigError, match="No such file"):
        resume(tmp_path, resume=tmp_path / "checkpoint-4")


def test_never_refuses_a_folder_that_has_checkpoints(tmp_path):
    finish(tmp_path, 4)
    with pytest.raises(ConfigError, match="found checkpoint-4, expected no checkpoint"):
        resume(tmp_path, resume="never")


def test_a_disk_that_refuses_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkerError, match="Cannot write checkpoints"):
        clear_staging(tmp_path / "file")

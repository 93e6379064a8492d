"""Weights that a killed trainer left behind."""

import subprocess
import sys

import pytest

from r1sgg_worker.errors import WorkerError
from r1sgg_worker.weight_folder import WeightFolder

HOLD = """
import sys
from pathlib import Path
from r1sgg_worker.weight_folder import WeightFolder
folder = WeightFolder(Path(sys.argv[1]))
folder.version(1).mkdir()
print("held", flush=True)
sys.stdin.read()
"""


def hold(path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def trainer(tmp_path):
    process = hold(tmp_path / "run-a")
    yield process
    process.kill()
    process.communicate()


def test_what_a_killed_trainer_left_goes_and_what_is_not_ours_stays(tmp_path, trainer):
    trainer.kill()
    trainer.wait()
    (tmp_path / "images").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / ".owner").write_text("another-host")
    folder = WeightFolder(tmp_path / "run-b")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["elsewhere", "images", "run-b"]
    folder.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["elsewhere", "images"]


def test_the_folder_of_before_is_emptied(tmp_path):
    (tmp_path / "run-a" / "v000009").mkdir(parents=True)
    folder = WeightFolder(tmp_path / "run-a")
    assert not folder.version(9).exists()
    folder.close()


def test_weights_of_a_living_trainer_are_left_alone(tmp_path, trainer):
    WeightFolder(tmp_path / "run-b").close()
    assert (tmp_path / "run-a" / "v000001").is_dir()
    with pytest.raises(WorkerError, match="another trainer holds it"):
        WeightFolder(tmp_path / "run-a")
    assert (tmp_path / "run-a" / "v000001").is_dir()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkerError, match="Cannot write weights"):
        WeightFolder(tmp_path / "file" / "sync")

"""Result folders and progress files."""

import json
import time

import pytest

from r1sgg_worker.errors import WorkerError
from r1sgg_worker.folders import partial_folder, whole_folder
from r1sgg_worker.progress import Progress, numbers_of


def test_a_folder_appears_only_when_it_is_whole(tmp_path):
    folder = tmp_path / "deep" / "result"
    with whole_folder(folder) as partial:
        (partial / "a").write_text("1")
        assert not folder.exists()
    assert (folder / "a").read_text() == "1"
    assert not partial_folder(folder).exists()


def test_an_error_leaves_the_old_folder_and_no_partial_one(tmp_path):
    folder = tmp_path / "result"
    folder.mkdir()
    (folder / "old").touch()

    def fail():
        with whole_folder(folder):
            raise KeyError("ours")

    with pytest.raises(KeyError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert (folder / "old").exists()


def test_what_a_killed_process_left_is_removed(tmp_path):
    folder = tmp_path / "result"
    partial_folder(folder).mkdir()
    (partial_folder(folder) / "rubbish").touch()
    with whole_folder(folder) as partial:
        (partial / "new").touch()
    assert [path.name for path in folder.iterdir()] == ["new"]


def test_a_disk_that_refuses_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()

    def write():
        with whole_folder(tmp_path / "file" / "result"):
            pass

    with pytest.raises(WorkerError, match="Cannot write folder"):
        write()


def test_progress_lines_can_be_read_while_the_worker_runs(tmp_path):
    path = tmp_path / "progress" / "sft.jsonl"
    progress = Progress(path)
    progress.phase("importing")
    progress.step(3, 120, {"loss": 1.5, "reward": None})
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert abs(lines[0].pop("time") - time.time()) < 60
    lines[1].pop("time")
    assert lines == [{"phase": "importing"}, {"step": 3, "of": 120, "loss": 1.5, "reward": None}]


def test_only_the_main_process_writes_progress(tmp_path):
    path = tmp_path / "sft.jsonl"
    Progress(path, writes=False).phase("importing")
    assert not path.exists()


def test_numbers_of_a_log_are_kept_and_other_values_left_out():
    logs = {"loss": "1.5", "step_time": 2, "nan": float("nan"), "none": None, "words": "x"}
    assert numbers_of(logs) == {"loss": 1.5, "step_time": 2.0, "nan": None, "none": None}


def test_a_resumed_run_keeps_the_lines_up_to_its_step(tmp_path):
    path = tmp_path / "sft.jsonl"
    lines = [{"phase": "training"}, {"step": 1}, {"step": 2}, {"phase": "x"}, {"step": 3}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"step": 4, "lo')
    Progress(path, after=2).phase("resuming from step 2")
    kept = [json.loads(line) for line in path.read_text().splitlines()]
    assert kept[:-1] == lines[:-1]
    assert kept[-1]["phase"] == "resuming from step 2"
    Progress(path, after=None)
    assert path.read_text() == ""

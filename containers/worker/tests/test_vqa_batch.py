"""An InstructBLIP is asked in batches: same answers, same file, whatever comes in between."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image

from r1sgg_worker.__main__ import main
from r1sgg_worker.errors import ConfigError, DataError, StoppedError
from r1sgg_worker.instructblip import InstructBlip
from r1sgg_worker.model_configs import VqaBatchConfig
from r1sgg_worker.vqa_batch import run_vqa_batch
from tiny_instructblip import build_tiny_instructblip, forget_image_token

COUNT = 11
SETTINGS = ["original", "no-boxes"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instructblip")
    build_tiny_instructblip(folder)
    return folder


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Eleven questions of very different lengths, in two settings."""
    folder = tmp_path_factory.mktemp("questions")
    rng = random.Random(3)
    for name in SETTINGS:
        lines = []
        for index in range(COUNT):
            image = f"{index}.png"
            colour = tuple(rng.randrange(256) for _ in range(3))
            Image.new("RGB", (40 + index, 30), colour).save(folder / image)
            prompt = " ".join(
                rng.choices(["man", "on", "[1, 2]", "A) has"], k=rng.randrange(1, 30))
            )
            line = {"question_id": f"{index}-0", "prompt": f"{prompt}?", "image": image}
            lines.append(json.dumps(line) + "\n")
        (folder / f"{name}.jsonl").write_text("".join(lines))
    return folder


@pytest.fixture
def configured(model, asked, tmp_path):
    def config(**change):
        values = {
            "model": str(model),
            "questions": asked,
            "out": tmp_path / "answers",
            "progress": tmp_path / "progress.jsonl",
            "settings": SETTINGS,
            "batch_size": 3,
            "max_tokens": 8,
            **change,
        }
        return VqaBatchConfig.model_validate(values)

    return config


@pytest.fixture(scope="module")
def whole(model, asked, tmp_path_factory):
    """The files of an undisturbed run in batches of three."""
    folder = tmp_path_factory.mktemp("whole")
    config = VqaBatchConfig(
        model=str(model),
        questions=asked,
        out=folder / "answers",
        progress=folder / "progress.jsonl",
        settings=SETTINGS,
        batch_size=3,
        max_tokens=8,
    )
    run_vqa_batch(config)
    return files_of(config)


def files_of(config):
    return {name: (config.out / f"{name}.jsonl").read_bytes() for name in SETTINGS}


def test_a_file_has_a_line_a_question_in_order(whole):
    for text in whole.values():
        lines = [json.loads(line) for line in text.decode().splitlines()]
        assert [line["image_id"] for line in lines] == [f"{index}-0" for index in range(COUNT)]
        assert all(set(line) == {"image_id", "response"} for line in lines)
        assert len({line["response"] for line in lines}) > COUNT / 2


@pytest.mark.parametrize("batch_size", [1, 16])
def test_batching_does_not_change_answers(configured, whole, batch_size):
    config = configured(batch_size=batch_size)
    run_vqa_batch(config)
    assert files_of(config) == whole


def test_progress_counts_the_answers_of_all_settings(configured):
    config = configured()
    run_vqa_batch(config)
    lines = [json.loads(line) for line in config.progress.read_text().splitlines()]
    steps = [(line["step"], line["of"]) for line in lines if "step" in line]
    assert steps == [(count, 22) for count in (3, 6, 9, 11, 14, 17, 20, 22)]


def test_a_killed_run_goes_on_to_the_same_file(configured, whole, asked, tmp_path):
    questions = tmp_path / "questions"
    shutil.copytree(asked, questions)
    image = questions / "7.png"
    stored = image.read_bytes()
    image.unlink()
    os.mkfifo(image)  # whoever opens it waits until it is written to: here, until it is killed
    config = configured(questions=questions)
    path = tmp_path / "config.json"
    path.write_text(config.model_dump_json())
    process = subprocess.Popen([sys.executable, "-m", "r1sgg_worker", "vqa-batch", str(path)])
    try:
        first = config.out / "original.jsonl"
        deadline = time.monotonic() + 200
        while not (first.is_file() and first.read_bytes().count(b"\n") == 6):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        process.kill()
        process.wait()
    image.unlink()
    image.write_bytes(stored)
    with first.open("ab") as file:  # as a kill within a write leaves it
        file.write(whole["original"].split(b"\n")[6] + b'\n{"image_id":"7-0","resp')
    run_vqa_batch(config)
    assert files_of(config) == whole
    before = [json.loads(line) for line in config.progress.read_text().splitlines()]
    assert next(line["step"] for line in before if "step" in line) == 9


def test_a_stop_request_is_heeded_after_the_batch(configured, whole, monkeypatch):
    import r1sgg_worker.vqa_batch as module

    config, true_open = configured(), module.open_image

    def open_image(path):
        if path.name == "4.png":
            os.kill(os.getpid(), signal.SIGUSR1)
        return true_open(path)

    with monkeypatch.context() as patch:
        patch.setattr(module, "open_image", open_image)
        with pytest.raises(StoppedError, match=r"Stopped by SIGUSR1 after 6 of 22 answers"):
            run_vqa_batch(config)
    assert (config.out / "original.jsonl").read_bytes().count(b"\n") == 6
    run_vqa_batch(config)
    assert files_of(config) == whole


def test_another_kind_of_model_is_refused_with_one_sentence(configured, tiny, tmp_path, capsys):
    path = tmp_path / "config.json"
    path.write_text(configured(model=str(tiny)).model_dump_json())
    assert main(["vqa-batch", str(path)]) == 2
    assert capsys.readouterr().err == (
        f'Cannot ask "{tiny}": its model_type is "qwen2_vl", expected instructblip\n'
    )


def test_a_model_without_some_weights_is_refused(configured, model, tmp_path):
    from safetensors.torch import load_file, save_file

    broken = tmp_path / "broken"
    shutil.copytree(model, broken)
    weights = load_file(broken / "model.safetensors")
    del weights["query_tokens"]
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ConfigError, match=r'it lacks 1 weights, "query_tokens" among them'):
        InstructBlip(configured(model=str(broken)))


def test_no_model_at_all_is_refused(configured, tmp_path):
    with pytest.raises(ConfigError, match=r'^Cannot load model "[^"]*nothing": '):
        run_vqa_batch(configured(model=str(tmp_path / "nothing")))


def test_answers_of_other_settings_or_questions_are_not_continued(configured, tmp_path):
    run_vqa_batch(configured())
    with pytest.raises(
        ConfigError, match=r"made with max_tokens 8 instead of 9, expected the same"
    ):
        run_vqa_batch(configured(max_tokens=9))
    path = configured().out / "original.jsonl"
    path.write_text('{"image_id":"x","response":""}\n')
    with pytest.raises(DataError, match=r'line 1 is of "x", expected "0-0"'):
        run_vqa_batch(configured())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"found none, expected at least one"),
        ("{\n", r"line 1: Expecting"),
        ('{"question_id":"1","image":"a.png"}\n', r"line 1: prompt: found .*expected this field"),
        (2 * '{"question_id":"1","prompt":"?","image":"a"}\n', r'line 2: a second question "1"'),
        (None, r"expected a file of r1sgg vqa build --images"),
        ('{"question_id":"1","prompt":"?","image":"a.png"}\n', r'Cannot open image ".*a\.png"'),
    ],
)
def test_faulty_questions_are_said(configured, tmp_path, text, message):
    if text is not None:
        (tmp_path / "original.jsonl").write_text(text)
    with pytest.raises(DataError, match=message):
        run_vqa_batch(configured(questions=tmp_path, settings=["original"]))


@pytest.mark.parametrize("language", ["llama", "t5"])
def test_a_model_from_before_there_was_an_image_token_answers_the_same(
    configured, tmp_path, language
):
    folder = tmp_path / "model"
    build_tiny_instructblip(folder, language)
    prompts, images = ["on?", "A) has a longer text?"], [Image.new("RGB", (30, 30), "red")] * 2
    now = InstructBlip(configured(model=str(folder))).answer(prompts, images)
    forget_image_token(folder)
    assert InstructBlip(configured(model=str(folder))).answer(prompts, images) == now
    assert len(set(now)) == 2
    assert all(now)

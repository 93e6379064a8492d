"""Training files: faults are found before anything heavy starts."""

import json
import pickle
from copy import copy
from io import BytesIO

import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from r1sgg_worker.__main__ import main
from r1sgg_worker.errors import DataError
from r1sgg_worker.rows import GrpoRow, SftRow, load_rows, open_image
from r1sgg_worker.rows_on_demand import RowsOnDemand


def test_rows_are_read_with_absolute_image_paths(rows):
    found = load_rows(rows / "sft.jsonl", SftRow)
    assert len(found) == 12
    assert all(row.image_path.is_absolute() and row.image_path.is_file() for row in found)


def test_every_fault_is_told_with_its_line(rows, tmp_path):
    good = json.loads((rows / "grpo.jsonl").read_text().splitlines()[0])
    lines = ["{broken", json.dumps({**good, "image_path": "gone.png"}), json.dumps({"image_id": 1})]
    path = tmp_path / "grpo.jsonl"
    path.write_text("\n".join(lines))
    with pytest.raises(DataError) as error:
        load_rows(path, GrpoRow)
    text = str(error.value)
    assert "\n" not in text
    for part in ("line 1:", 'line 2: image "', "gone.png", "line 3:", "target"):
        assert part in text


def test_box_scale_and_task_are_read_where_a_row_has_them(rows, tmp_path):
    good = json.loads((rows / "grpo.jsonl").read_text().splitlines()[0])
    good["image_path"] = str(rows / good["image_path"])
    path = tmp_path / "grpo.jsonl"
    other = {**good, "box_scale": [644, 476], "task": "cls"}
    path.write_text(f"{json.dumps(good)}\n{json.dumps(other)}\n")
    found = load_rows(path, GrpoRow)
    assert [(row.box_scale, row.task) for row in found] == [(None, None), ((644, 476), "cls")]
    path.write_text(json.dumps({**good, "box_scale": [1000], "task": "vqa"}))
    with pytest.raises(DataError, match=r"line 1: box_scale\.1: .*task: found \"vqa\""):
        load_rows(path, GrpoRow)


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    path = tmp_path / "sft.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match="no row"):
        load_rows(path, SftRow)


def test_bad_data_ends_the_command_with_code_3(tmp_path, capsys):
    config = {
        "model": "m",
        "dataset": str(tmp_path / "none.jsonl"),
        "output_dir": str(tmp_path / "out"),
        "progress": str(tmp_path / "p.jsonl"),
        "steps": 1,
        "batch_size": 1,
        "learning_rate": 1e-3,
    }
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    assert main(["sft", str(path)]) == 3
    assert "none.jsonl" in capsys.readouterr().err


def test_a_text_may_hold_signs_that_others_take_for_line_ends(tmp_path, rows):
    good = json.loads((rows / "sft.jsonl").read_text().split("\n")[0])
    good["image_path"] = str(rows / good["image_path"])
    good["prompt"][0]["content"] = text = "a\u2028b\u0085c\x0bd\x1ce"
    line = json.dumps(good, ensure_ascii=False)
    (tmp_path / "sft.jsonl").write_text(f"{line}\n", encoding="utf-8")
    (row,) = load_rows(tmp_path / "sft.jsonl", SftRow)
    assert row.prompt[0].content == text


def test_images_keep_the_orientation_of_their_stored_pixels(tmp_path):
    turned = Image.new("RGBA", (40, 20), (1, 2, 3, 255))
    exif = turned.getexif()
    exif[0x0112] = 6  # "rotate by 90 degrees to show"
    turned.save(tmp_path / "turned.png", exif=exif)
    image = open_image(tmp_path / "turned.png")
    assert (image.mode, image.size) == ("RGB", (40, 20))


def test_an_unreadable_image_is_bad_data(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"bad\.png"):
        open_image(tmp_path / "bad.png")


@pytest.fixture
def shard(tmp_path):
    """Seven images in row groups of three; one is a file that its row names."""
    images, colours = [], [(40 * index, 0, 255 - 30 * index) for index in range(7)]
    for index, colour in enumerate(colours):
        png = BytesIO()
        Image.new("RGB", (8 + index, 6), colour).save(png, "PNG")
        images.append({"bytes": png.getvalue(), "path": None})
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "5.png").write_bytes(images[5]["bytes"])
    images[5] = {"bytes": None, "path": "beside/5.png"}
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    table = pa.table({"image": pa.array(images, kind)})
    parquet.write_table(table, tmp_path / "train.parquet", row_group_size=3)
    return tmp_path / "train.parquet", colours


def test_images_in_parquet_are_opened_by_their_row(shard):
    path, colours = shard
    for index in (6, 0, 3, 5, 2, 1, 4, 6):
        image = open_image(path.parent / f"train.parquet#{index}")
        assert (image.size, image.getpixel((0, 0))) == ((8 + index, 6), colours[index])


def test_a_row_beyond_the_file_is_bad_data(shard):
    with pytest.raises(DataError, match="row 7: it has 7 rows"):
        open_image(shard[0].parent / "train.parquet#7")


def test_a_damaged_parquet_file_is_bad_data(shard):
    path, _ = shard
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"train\.parquet\" row 0"):
        open_image(path.parent / "train.parquet#0")


def test_rows_whose_parquet_file_is_missing_are_told(rows, shard):
    row = json.loads((rows / "grpo.jsonl").read_text().splitlines()[0])
    path = shard[0].parent / "grpo.jsonl"
    lines = [json.dumps({**row, "image_path": f"{name}.parquet#2"}) for name in ("train", "gone")]
    path.write_text("\n".join(lines))
    with pytest.raises(DataError, match=r"^[^;]*line 2: image [^;]*gone\.parquet#2[^;]*$"):
        load_rows(path, GrpoRow)


def test_a_data_set_is_known_by_its_file_and_not_by_all_its_rows(rows):
    """What datasets pickles of it does not grow with the rows, and reads the same ones again."""
    from r1sgg_worker.sft import columns_of

    source = RowsOnDemand(rows / "sft.jsonl", SftRow, columns_of)
    assert len(pickle.dumps(source)) < 1000
    batch = {"row": [3, 0]}
    assert copy(source)(batch) == source(batch)  # made from what is pickled
    chosen = source.dataset()[[3, 0]]
    assert chosen["image_id"] == [source.rows[3].image_id, source.rows[0].image_id]

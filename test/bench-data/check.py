"""The checks of `r1sgg data check`, written with Hugging Face's `datasets` as one would.

Usage: check.py DATA.parquet MODE, where MODE is cached (the default of load_dataset) or streaming.
Prints a JSON object: rows, faults, seconds.
"""

import json
import math
import re
import sys
import tempfile
import time

from datasets import Image, load_dataset

OBJECT_ID = re.compile(r"[^.]+\.\d+")


def row_faults(row: dict, seen: set) -> list[str]:
    """What is wrong with a row."""
    faults = []
    if row["image_id"] in seen:
        faults.append("image_id")
    seen.add(row["image_id"])
    image = row["image"]
    image.load()
    width, height = image.size
    if (row["width"], row["height"]) != (width, height):
        faults.append("size")
    ids = set()
    for number, item in enumerate(json.loads(row["objects"])):
        box = item["bbox"]
        if not OBJECT_ID.fullmatch(item["id"]) or item["id"] in ids:
            faults.append(f"objects[{number}].id")
        ids.add(item["id"])
        if len(box) != 4 or not all(isinstance(side, int | float) for side in box):
            faults.append(f"objects[{number}].bbox")
        elif not all(map(math.isfinite, box)):
            faults.append(f"objects[{number}].bbox")
        elif not (0 <= box[0] <= box[2] <= width and 0 <= box[1] <= box[3] <= height):
            faults.append(f"objects[{number}].bbox")
    for number, relation in enumerate(json.loads(row["relationships"])):
        if not isinstance(relation["predicate"], str) or not relation["predicate"]:
            faults.append(f"relationships[{number}].predicate")
        for end in ("subject", "object"):
            if relation[end] not in ids:
                faults.append(f"relationships[{number}].{end}")
    return faults


def main(path: str, mode: str) -> None:
    """Check every row."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as cache:
        data = load_dataset(
            "parquet", data_files=path, split="train", cache_dir=cache, streaming=mode == "streaming"
        ).cast_column("image", Image())
        seen: set = set()
        faults = [fault for row in data for fault in row_faults(row, seen)]
    seconds = time.perf_counter() - start
    print(json.dumps({"rows": len(seen), "faults": len(faults), "seconds": seconds}))


main(*sys.argv[1:])

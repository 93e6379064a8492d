"""Makes ap50.json: AP at IoU 0.5 of seeded random scenes by pycocotools 2.0.11 (numpy 2.3.5).

Run: python ap50.py > ap50.json
Boxes are whole pixels, so that x + w is exact. All scores are 1: detections stand in order.
"""

import contextlib
import io
import json
import random

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def random_box(rng: random.Random) -> list[int]:
    x, y = rng.randrange(60), rng.randrange(60)
    return [x, y, x + rng.randint(8, 40), y + rng.randint(8, 40)]


def near(rng: random.Random, box: list[int]) -> list[int]:
    x1, y1, x2, y2 = (value + rng.randint(-4, 4) for value in box)
    return [x1, y1, max(x2, x1 + 1), max(y2, y1 + 1)]


def random_image(rng: random.Random, names: list[str], crowd: int) -> dict:
    truth = [[rng.choice(names), *random_box(rng)] for _ in range(rng.randint(0, crowd))]
    predicted = []
    for name, *box in rng.sample(truth, rng.randint(0, len(truth))):
        predicted += [[rng.choice([name] * 4 + names), *near(rng, box)] for _ in range(rng.choice([1, 1, 2]))]
    predicted += [[rng.choice(names), *random_box(rng)] for _ in range(rng.randint(0, 3))]
    rng.shuffle(predicted)
    return {"truth": truth, "predicted": predicted}


def ap50(images: list[dict], names: list[str]) -> float:
    def entries(side: str) -> list[dict]:
        found = []
        for image, scene in enumerate(images):
            for name, x1, y1, x2, y2 in scene[side]:
                w, h = x2 - x1, y2 - y1
                found.append({
                    "id": len(found) + 1, "image_id": image, "category_id": names.index(name),
                    "bbox": [x1, y1, w, h], "area": w * h, "iscrowd": 0, "score": 1.0,
                })  # fmt: skip
        return found

    truth = COCO()
    truth.dataset = {
        "images": [{"id": i} for i in range(len(images))],
        "categories": [{"id": i, "name": name} for i, name in enumerate(names)],
        "annotations": entries("truth"),
    }
    truth.createIndex()
    judge = COCOeval(truth, truth.loadRes(entries("predicted")), "bbox")
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    return float(judge.stats[1]) * 100


def main() -> None:
    rng = random.Random(20250417)
    names = ["cat", "dog", "tree", "hat"]
    cases = [[random_image(rng, names, crowd) for _ in range(rng.randint(2, 6))] for crowd in [3, 6, 9] * 8]
    many = random_image(rng, names, 2)
    box = [0, 0, 30, 30]
    many["truth"].append(["cat", *box])
    many["predicted"] = [["cat", 40, 40, 60, 60]] * 100 + [["cat", *box]] + many["predicted"]
    cases.append([many, random_image(rng, names, 6)])
    pair = [["cat", 0, 0, 10, 10], ["cat", 4, 0, 14, 10]]
    for first, second in [((2, 12), (0, 10)), ((2, 12), (4, 14)), ((1, 11), (4, 14)), ((3, 13), (0, 10))]:
        said = [["cat", x1, 0, x2, 10] for x1, x2 in (first, second)]  # the first overlaps both
        cases.append([{"truth": pair, "predicted": said}])
    with contextlib.redirect_stdout(io.StringIO()):
        vectors = [{"images": images, "ap50": ap50(images, names)} for images in cases]
    print("[" + ",\n".join(json.dumps(vector, separators=(",", ":")) for vector in vectors) + "]")


main()

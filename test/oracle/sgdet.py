"""SGDET by other people's code and by its definition, for test/core/metrics and the bench.

An image is {"truth": graph, "answer": graph or None}; a graph is {"objects":
[[class, x1, y1, x2, y2]], "triplets": [[subject, predicate, object]]} with classes and predicates
as numbers and ends as places in "objects". Shares are between 0 and 1, NaN is None.
"""

import contextlib
import io
import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Image = dict[str, Any]
Figures = dict[str, float | None]

HIT = 0.5


def coco_figures(images: list[Image], classes: int, judge: str) -> Figures:
    """AP and AP50 by pycocotools or faster-coco-eval; all scores tie, so answers stand in order."""
    if judge == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    else:
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as COCOeval

    def entries(side: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for image, scene in enumerate(images):
            for name, x1, y1, x2, y2 in (scene[side] or {"objects": []})["objects"]:
                w, h = x2 - x1, y2 - y1
                entry = {"id": len(found) + 1, "image_id": image, "category_id": name}
                sizes = {"bbox": [x1, y1, w, h], "area": w * h, "iscrowd": 0, "score": 1.0}
                found.append(entry | sizes)
        return found

    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "images": [{"id": i} for i in range(len(images))],
            "categories": [{"id": i, "name": str(i)} for i in range(classes)],
            "annotations": entries("truth"),
        }
        truth.createIndex()
        judged = COCOeval(truth, truth.loadRes(entries("answer")), "bbox")
        judged.evaluate()
        judged.accumulate()
        judged.summarize()
    precision = judged.eval["precision"]  # thresholds, recalls, classes, areas, detections
    return {"ap": mean(precision[:, :, :, 0, -1]), "ap50": mean(precision[0, :, :, 0, -1])}


def mean(values: Any) -> float | None:
    """The mean of what is there: -1 stands for nothing."""
    values = values[values > -1]
    return float(values.mean()) if values.size else None


def box_iou(a: Any, b: Any) -> Any:
    """IoU of each of `a` with each of `b`."""
    a, b = np.asarray(a, float).reshape(-1, 1, 4), np.asarray(b, float).reshape(1, -1, 4)
    size = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None)
    overlap = size.prod(-1)
    areas = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    return overlap / (areas - overlap)


def found_at(truth: Image, answer: Image | None, *, constraint: bool) -> list[float]:
    """Rank of the first triplet that finds each true one: the definition, written out."""
    ranks = [np.inf] * len(truth["triplets"])
    if not answer or not truth["triplets"] or not answer["triplets"]:
        return ranks
    triplets = answer["triplets"]
    if constraint:  # of an ordered pair of objects the first predicate
        first: dict[tuple[int, int], int] = {}
        for s, p, o in triplets:
            first.setdefault((s, o), p)
        triplets = [[s, p, o] for (s, o), p in first.items()]
    same = box_iou([o[1:] for o in answer["objects"]], [o[1:] for o in truth["objects"]]) >= HIT
    named = np.equal.outer([o[0] for o in answer["objects"]], [o[0] for o in truth["objects"]])
    same &= named
    said, wanted = np.array(triplets), np.array(truth["triplets"])
    hit = (
        same[np.ix_(said[:, 0], wanted[:, 0])]
        & same[np.ix_(said[:, 2], wanted[:, 2])]
        & np.equal.outer(said[:, 1], wanted[:, 1])
    )
    return [int(column.argmax()) if column.any() else np.inf for column in hit.T]


def recalls(images: list[Image], *, constraint: bool = True) -> dict[str, Figures]:
    """R@K and mR@K: per image and per predicate of an image, then means."""
    out: dict[str, Figures] = {"recall": {}, "mean_recall": {}}
    ranks = [found_at(one["truth"], one["answer"], constraint=constraint) for one in images]
    for k in (20, 50, 100):
        shares: list[float] = []
        by_predicate: dict[int, list[float]] = {}
        for one, found in zip(images, ranks, strict=True):
            if not found:
                continue
            hits = np.array(found) < k
            shares.append(hits.mean())
            predicates = np.array([p for _, p, _ in one["truth"]["triplets"]])
            for p in np.unique(predicates):
                by_predicate.setdefault(int(p), []).append(hits[predicates == p].mean())
        out["recall"][str(k)] = float(np.mean(shares)) if shares else None
        parts = [np.mean(v) for v in by_predicate.values()]
        out["mean_recall"][str(k)] = float(np.mean(parts)) if parts else None
    return out


def sgbench_recalls(images: list[Image], predicates: int) -> dict[str, Figures]:
    """R@K and mR@K by sgbench, image by image: it gives each predicted box to one true box."""
    import sgbench

    def of_image(one: Image, k: int, *, by_predicate: bool) -> Any:
        truth, answer = one["truth"], one["answer"]
        wanted = np.array([[s, o, p] for s, p, o in truth["triplets"]])
        found: Any = np.zeros((0, 3), int)
        if answer and answer["triplets"]:
            boxes, labels = [], []
            for graph in (truth, answer):
                boxes.append(np.array([box for _, *box in graph["objects"]], float))
                labels.append(np.array([label for label, *_ in graph["objects"]]))
            match = sgbench.match_instances(boxes[0], labels[0], boxes[1], labels[1])
            said = np.array([[s, o, p] for s, p, o in answer["triplets"]])
            found = sgbench.remap_triplets(match, said)
        return sgbench.recall(k, by_predicate, wanted, found, predicates)

    counted = [one for one in images if one["truth"]["triplets"]]
    out: dict[str, Figures] = {"recall": {}, "mean_recall": {}}
    for k in (20, 50, 100):
        out["recall"][str(k)] = float(
            np.mean([of_image(one, k, by_predicate=False) for one in counted])
        )
        parts = np.stack([of_image(one, k, by_predicate=True) for one in counted])
        out["mean_recall"][str(k)] = float(np.nanmean(np.nanmean(parts, axis=0)))
    return out


def main() -> None:
    """Reads images and judges from standard input, prints the figures of each."""
    asked = json.load(sys.stdin)
    images = asked["images"]
    answers: dict[str, Callable[[], Any]] = {
        "pycocotools": lambda: coco_figures(images, asked["classes"], "pycocotools"),
        "faster-coco-eval": lambda: coco_figures(images, asked["classes"], "faster-coco-eval"),
        "definition": lambda: recalls(images),
        "definition without constraint": lambda: recalls(images, constraint=False),
        "sgbench": lambda: sgbench_recalls(images, asked["predicates"]),
    }
    print(json.dumps({name: answers[name]() for name in asked["judges"]}))

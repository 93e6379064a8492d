"""SGDET by other people's code and by the text of its definition, for test/core/metrics and the bench.

An image is {"truth": graph, "answer": graph or None}; a graph is {"objects": [[class, x1, y1, x2, y2]],
"triplets": [[subject, predicate, object]]} with classes and predicates as numbers and ends as places
in "objects". Shares are between 0 and 1, NaN is None.
"""

import contextlib
import io
import json
import sys

import numpy as np


def coco_figures(images, classes, judge):
    """AP and AP50 by pycocotools or by faster-coco-eval; all scores tie, so answers stand in order."""
    if judge == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    else:
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as COCOeval

    def entries(side):
        found = []
        for image, scene in enumerate(images):
            for name, x1, y1, x2, y2 in (scene[side] or {"objects": []})["objects"]:
                w, h = x2 - x1, y2 - y1
                found.append(
                    {"id": len(found) + 1, "image_id": image, "category_id": name, "bbox": [x1, y1, w, h]}
                    | {"area": w * h, "iscrowd": 0, "score": 1.0}
                )
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


def mean(values):
    values = values[values > -1]
    return float(values.mean()) if values.size else None


def box_iou(a, b):
    """IoU of each of `a` with each of `b`."""
    a, b = np.asarray(a, float).reshape(-1, 1, 4), np.asarray(b, float).reshape(1, -1, 4)
    size = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None)
    overlap = size.prod(-1)
    areas = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    return overlap / (areas - overlap)


def found_at(truth, answer, constraint):
    """Rank of the first triplet that finds each true one: the definition, written out."""
    ranks = [np.inf] * len(truth["triplets"])
    if not answer or not truth["triplets"] or not answer["triplets"]:
        return ranks
    triplets = answer["triplets"]
    if constraint:  # of an ordered pair of objects the first predicate
        first = {}
        for s, p, o in triplets:
            first.setdefault((s, o), p)
        triplets = [[s, p, o] for (s, o), p in first.items()]
    same = box_iou([o[1:] for o in answer["objects"]], [o[1:] for o in truth["objects"]]) >= 0.5
    named = np.equal.outer([o[0] for o in answer["objects"]], [o[0] for o in truth["objects"]])
    same &= named
    said, wanted = np.array(triplets), np.array(truth["triplets"])
    hit = (
        same[np.ix_(said[:, 0], wanted[:, 0])]
        & same[np.ix_(said[:, 2], wanted[:, 2])]
        & np.equal.outer(said[:, 1], wanted[:, 1])
    )
    return [int(column.argmax()) if column.any() else np.inf for column in hit.T]


def recalls(images, constraint=True):
    """R@K and mR@K: per image and per predicate of an image, then means."""
    out = {"recall": {}, "mean_recall": {}}
    ranks = [found_at(one["truth"], one["answer"], constraint) for one in images]
    for k in (20, 50, 100):
        shares, by_predicate = [], {}
        for one, found in zip(images, ranks):
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


def sgbench_recalls(images, predicates):
    """R@K and mR@K by sgbench, image by image: it gives each predicted box to one true box."""
    import sgbench

    def of_image(one, k, by_predicate):
        truth, answer = one["truth"], one["answer"]
        wanted = np.array([[s, o, p] for s, p, o in truth["triplets"]])
        found = np.zeros((0, 3), int)
        if answer and answer["triplets"]:
            boxes, labels = [], []
            for graph in (truth, answer):
                boxes.append(np.array([one[1:] for one in graph["objects"]], float))
                labels.append(np.array([one[0] for one in graph["objects"]]))
            match = sgbench.match_instances(boxes[0], labels[0], boxes[1], labels[1])
            found = sgbench.remap_triplets(match, np.array([[s, o, p] for s, p, o in answer["triplets"]]))
        return sgbench.recall(k, by_predicate, wanted, found, predicates)

    counted = [one for one in images if one["truth"]["triplets"]]
    out = {"recall": {}, "mean_recall": {}}
    for k in (20, 50, 100):
        out["recall"][str(k)] = float(np.mean([of_image(one, k, False) for one in counted]))
        parts = np.stack([of_image(one, k, True) for one in counted])
        out["mean_recall"][str(k)] = float(np.nanmean(np.nanmean(parts, axis=0)))
    return out


def main():
    asked = json.load(sys.stdin)
    images = asked["images"]
    answers = {
        "pycocotools": lambda: coco_figures(images, asked["classes"], "pycocotools"),
        "faster-coco-eval": lambda: coco_figures(images, asked["classes"], "faster-coco-eval"),
        "definition": lambda: recalls(images),
        "definition without constraint": lambda: recalls(images, constraint=False),
        "sgbench": lambda: sgbench_recalls(images, asked["predicates"]),
    }
    print(json.dumps({name: answers[name]() for name in asked["judges"]}))

"""The Python path of an evaluation, from files to figures: pycocotools and NumPy."""

import json
import re
import sys
import time
from operator import itemgetter
from pathlib import Path
from typing import Any

import sgdet

Graph = dict[str, Any]


def read_answer(text: str, size: tuple[float, float], scale: list[float]) -> Graph | None:
    """The graph of an answer, boxes in pixels; None for what is no JSON."""
    found = re.search(r"<answer>(.*?)</answer>", text, re.DOTALL)
    try:
        graph: Graph = json.loads(found.group(1) if found else text)
    except ValueError:
        return None
    fx, fy = size[0] / scale[0], size[1] / scale[1]
    for one in graph["objects"]:
        x1, y1, x2, y2 = one["bbox"]
        one["bbox"] = [x1 * fx, y1 * fy, x2 * fx, y2 * fy]
    return graph


def numbered(
    graph: Graph | None, objects: dict[str, int], predicates: dict[str, int]
) -> Graph | None:
    """A graph with numbers in the place of names; what the classes do not name is left out."""
    if graph is None:
        return None
    named = ((one["id"].split(".")[0].lower(), one) for one in graph["objects"])
    kept = [(objects[name], one) for name, one in named if name in objects]
    places: dict[str, int] = {}
    for i, (_, one) in enumerate(kept):
        places.setdefault(one["id"], i)
    triplets = [
        [places.get(s), predicates.get(p.lower()), places.get(o)]
        for s, p, o in map(itemgetter("subject", "predicate", "object"), graph["relationships"])
    ]
    return {
        "objects": [[label, *one["bbox"]] for label, one in kept],
        "triplets": [one for one in triplets if None not in one],
    }


def main(dataset: str, predictions: str, classes: str) -> None:
    """Prints the figures of an evaluation and the CPU time that it took."""
    lists = json.loads(Path(classes).read_text())
    objects, predicates = (
        {name: i for i, name in enumerate(lists[kind])} for kind in ("objects", "predicates")
    )
    with Path(predictions).open() as file:
        said = {one["image_id"]: one for one in map(json.loads, file)}
    images = []
    with Path(dataset).open() as file:
        for row in map(json.loads, file):
            one = said.get(row["image_id"])
            size = (row["width"], row["height"])
            graph = read_answer(one["response"], size, one["box_scale"]) if one else None
            truth, answer = (numbered(one, objects, predicates) for one in (row, graph))
            images.append({"truth": truth, "answer": answer})
    figures: dict[str, Any] = {
        **sgdet.coco_figures(images, len(objects), "pycocotools"),
        **sgdet.recalls(images),
    }
    figures["without constraint"] = sgdet.recalls(images, constraint=False)
    print(json.dumps({"cpu_seconds": time.process_time(), "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])

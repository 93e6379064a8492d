"""The Python path of an evaluation, from the files to the figures: pycocotools for AP, NumPy for recall."""

import json
import re
import sys
import time

import sgdet


def read_answer(text, size, scale):
    found = re.search(r"<answer>(.*?)</answer>", text, re.S)
    try:
        graph = json.loads(found.group(1) if found else text)
    except ValueError:
        return None
    fx, fy = size[0] / scale[0], size[1] / scale[1]
    for one in graph["objects"]:
        x1, y1, x2, y2 = one["bbox"]
        one["bbox"] = [x1 * fx, y1 * fy, x2 * fx, y2 * fy]
    return graph


def numbered(graph, objects, predicates):
    """A graph with numbers in the place of names; what the classes do not name is left out."""
    if graph is None:
        return None
    kept = [(one["id"], objects.get(one["id"].split(".")[0].lower()), one["bbox"]) for one in graph["objects"]]
    kept = [one for one in kept if one[1] is not None]
    places = {}
    for i, (name, _, _) in enumerate(kept):
        places.setdefault(name, i)
    triplets = [
        [places.get(one["subject"]), predicates.get(one["predicate"].lower()), places.get(one["object"])]
        for one in graph["relationships"]
    ]
    return {
        "objects": [[label, *box] for _, label, box in kept],
        "triplets": [one for one in triplets if None not in one],
    }


def main(dataset, predictions, classes):
    with open(classes) as file:
        lists = json.load(file)
    objects, predicates = ({name: i for i, name in enumerate(lists[kind])} for kind in ("objects", "predicates"))
    with open(predictions) as file:
        said = {one["image_id"]: one for one in map(json.loads, file)}
    images = []
    with open(dataset) as file:
        for row in map(json.loads, file):
            one = said.get(row["image_id"])
            size = (row["width"], row["height"])
            graph = read_answer(one["response"], size, one["box_scale"]) if one else None
            images.append(
                {"truth": numbered(row, objects, predicates), "answer": numbered(graph, objects, predicates)}
            )
    figures = {**sgdet.coco_figures(images, len(objects), "pycocotools"), **sgdet.recalls(images)}
    figures["without constraint"] = sgdet.recalls(images, constraint=False)
    print(json.dumps({"cpu_seconds": time.process_time(), "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])

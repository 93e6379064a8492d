"""The script of docs/reward-from-trl.md, run as it stands there, against the real endpoint."""

import json
import re
import runpy
import sys
import textwrap
from pathlib import Path

import pandas

from helpers import PROMPT
from live_endpoint import live_endpoint

DOC = Path(__file__).resolve().parents[3] / "docs" / "reward-from-trl.md"
NAMES = ["format_reward", "edge_hard_reward"]


def script():
    """The Python block that trains."""
    blocks = re.findall(r"^( *)```python\n(.*?)^\1```", DOC.read_text(), re.DOTALL | re.MULTILINE)
    return next(textwrap.dedent(code) for _, code in blocks if "GRPOTrainer(" in code)


def scenes_of(rows, path):
    """The rows as `r1sgg data synth` writes them; said to be as large as the script's box scale."""
    lines = [json.loads(line) for line in rows.read_text().splitlines()]
    extent = {"width": 1000, "height": 1000}
    scenes = [{**row["target"], **extent, "image_path": row["image_path"]} for row in lines]
    path.write_text("".join(json.dumps(scene) + "\n" for scene in scenes))
    return path


def test_the_documented_script_trains_on_the_endpoints_rewards(tmp_path, learned, monkeypatch):
    scenes = scenes_of(learned.rows, learned.rows.with_name("scenes.jsonl"))
    (tmp_path / "prompt.md").write_text(PROMPT)
    (tmp_path / "train.py").write_text(script())
    monkeypatch.chdir(tmp_path)
    with live_endpoint(tmp_path / "endpoint") as endpoint:
        arguments = ["train.py", learned.model, scenes, "prompt.md", endpoint.url]
        monkeypatch.setattr(sys, "argv", [str(one) for one in arguments])
        runpy.run_path("train.py", run_name="__main__")
        answers = endpoint.answers()
    logged = [pandas.read_parquet(path) for path in sorted(tmp_path.glob("grpo/completions/*"))]
    assert [len(table) for table in logged] == [8, 8]
    table = pandas.concat(logged)
    assert len(answers) == table["request_id"].nunique() == 2
    for name in NAMES:
        answered = [
            answers[request_id]["rewards"][name][index]
            for request_id, index in zip(table["request_id"], table["request_index"], strict=True)
        ]
        # TRL keeps rewards as float32
        assert table[name].tolist() == pandas.Series(answered, dtype="float32").tolist()
        assert table[name].nunique() > 1

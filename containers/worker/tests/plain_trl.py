"""TRL's GRPOTrainer as any user makes it: transformers samples, without our fleet of samplers."""

import json

from datasets import Dataset
from transformers import AutoProcessor
from trl import GRPOConfig, GRPOTrainer

from r1sgg_worker.rows import GrpoRow, as_messages, load_rows, open_image
from r1sgg_worker.special_tokens import forbidden_token_ids


def dataset(learned, **columns):
    """The rows that the model knows; further columns are functions of a row."""
    rows = load_rows(learned.rows, GrpoRow)
    return Dataset.from_list(
        [
            {
                "prompt": as_messages(row.prompt),
                "image": open_image(row.image_path),
                "target": json.dumps(row.target),
                "box_scale": [140, 112],
                **{name: value(row) for name, value in columns.items()},
            }
            for row in rows
        ]
    )


def trainer_of(learned, folder, functions, rows=None, **changes):
    """A trainer of two steps; ``changes`` are fields of its configuration."""
    processor = AutoProcessor.from_pretrained(learned.model)
    arguments = {
        "output_dir": str(folder),
        "max_steps": 2,
        "per_device_train_batch_size": 8,
        "num_generations": 4,
        "max_completion_length": 32,
        "learning_rate": 1e-3,
        "weight_decay": 0.01,
        "logging_steps": 1,
        "log_completions": True,
        "num_completions_to_print": 0,
        "use_cpu": True,
        "bf16": False,
        "disable_tqdm": True,
        "save_strategy": "no",
        "report_to": [],
        "generation_kwargs": {"suppress_tokens": forbidden_token_ids(processor.tokenizer)},
        **changes,
    }
    return GRPOTrainer(
        str(learned.model),
        functions,
        GRPOConfig(**arguments),
        rows or dataset(learned),
        processing_class=processor,
    )

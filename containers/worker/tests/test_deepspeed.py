"""The files for DeepSpeed, read by DeepSpeed itself.

It is no part of the CPU environment: `npm test` lays requirements-deepspeed.txt beside it, for this
file alone.
"""

import pytest

from r1sgg_worker.parallel_arguments import parallel_file
from zero_of_reference import REFERENCE, ZERO

pytestmark = pytest.mark.deepspeed


@pytest.fixture(autouse=True)
def deepspeed():
    pytest.importorskip("deepspeed", reason="needs requirements-deepspeed.txt, as npm test has it")


@pytest.mark.parametrize("kind", ZERO)
def test_deepspeed_reads_its_files(kind):
    from deepspeed.runtime.config import DeepSpeedConfig
    from transformers.integrations.deepspeed import HfTrainerDeepSpeedConfig
    from trl import SFTConfig

    class Model:
        class config:  # noqa: N801 - as a model has it
            hidden_size = 3584

    arguments = SFTConfig(output_dir="o", use_cpu=True, bf16=True, max_grad_norm=0.3)
    ours = HfTrainerDeepSpeedConfig(parallel_file(kind))
    ours.trainer_config_process(arguments)
    ours.trainer_config_finalize(arguments, Model, 100)
    read = DeepSpeedConfig(ours.config)
    assert read.zero_config.stage == REFERENCE[kind]["stage"]
    assert read.zero_config.overlap_comm is REFERENCE[kind]["overlap_comm"]
    assert read.bfloat16_config.enabled
    assert not read.float16_config.enabled
    assert read.gradient_clipping == 0.3
    offload = read.zero_config.offload_optimizer
    assert offload.device == ("cpu" if kind == "zero2-offload" else "none")
    assert (read.optimizer_name == "adamw") is (kind == "zero2-offload")

"""Run by torchrun in two processes: what each of them sees of a fleet that works, and that fails.

Arguments: a folder, and the ports of two stand-ins. Writes RANK.json. Where it hangs, every process
says where it stands and ends.
"""

import faulthandler
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from accelerate import Accelerator
from PIL import Image
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

from r1sgg_worker.disk_transport import DiskTransport
from r1sgg_worker.endpoints import SamplerEndpoint
from r1sgg_worker.errors import WorkerError
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.generation import FleetGeneration
from r1sgg_worker.limits import Limits
from r1sgg_worker.processes import check_on_main, on_main
from r1sgg_worker.roster import Roster
from r1sgg_worker.sampler import Sampler
from r1sgg_worker.watchdog import Watchdog
from r1sgg_worker.weight_folder import WeightFolder
from stand_in_process import StandIn
from vllm_stand_in import IMAGE_TOKEN

HANGS_AFTER_S = 150

faulthandler.dump_traceback_later(HANGS_AFTER_S, exit=True)
folder, ports = Path(sys.argv[1]), [int(port) for port in sys.argv[2:]]
accelerator = Accelerator(cpu=True)
rank = accelerator.process_index
servers = [StandIn(port=port) for port in ports]
seen = {}


def attempt(name, call):
    try:
        seen[name] = call()
    except WorkerError as error:
        seen[name] = [type(error).__name__, error.exit_code, str(error)]


def fail():
    raise ValueError("a bug")


def fleet(name):
    samplers = [Sampler(SamplerEndpoint(url=one.url, model="policy"), 1, 3) for one in servers]
    roster = Roster(samplers, "continue", lambda _: None)
    return SamplerFleet(roster, DiskTransport(WeightFolder(folder / name)), 3, lambda _: None)


def generate():
    """Three prompts of four completions; the second group lies in both processes."""
    pads = [IMAGE_TOKEN] * 4
    prompts = [[*pads, p] for p in ([1, 1, 1, 1, 2, 2], [2, 2, 3, 3, 3, 3])[rank]]
    images = [[Image.new("RGB", (56, 56))] for _ in prompts]
    _, ids, _, _ = generation.generate(prompts, images, 4)
    return [ids, generation.sampled_by]


def sync():
    generation.sync_weights()
    return "done"


def only_main_asks(what):
    accelerator.wait_for_everyone()
    if rank == 0:
        what()
    accelerator.wait_for_everyone()


try:
    on_main(fail)
except (WorkerError, ValueError) as error:
    seen["a bug"] = [type(error).__name__, str(error)]
attempt("result", lambda: on_main(lambda: f"of {rank}"))
attempt("kept", lambda: check_on_main(lambda: f"of {rank}"))

torch.manual_seed(0)
watchdog = Watchdog(folder, rank)


def over(a_fleet, model):
    return FleetGeneration(
        a_fleet,
        Limits(watchdog, [one.url for one in servers], 3, 3, rank == 0),
        model=model,
        accelerator=accelerator,
        processing_class=SimpleNamespace(image_token_id=IMAGE_TOKEN),
        max_completion_length=2,
    )


def sharded():
    """Each process holds one row of the weights (FSDP 2); what the servers score with them."""
    linear = torch.nn.Linear(4, 2)
    linear.load_state_dict({"weight": torch.tensor([[-0.25] * 4, [-0.75] * 4]), "bias": zeros})
    fully_shard(linear, mesh=init_device_mesh("cpu", (2,)))
    generation = over(shards, linear)
    generation._dist.fsdp_version = 2  # as accelerate's plugin would have said
    generation.sync_weights()
    scores = on_main(lambda: shards.on_each(lambda sampler: sampler.score([5, 3], None, 1)[0][3]))
    return [linear.weight.to_local().numel(), *scores], generation


zeros = torch.zeros(2)
shards = check_on_main(lambda: fleet("shards"))
seen["sharded"], of_shards = sharded()
only_main_asks((folder / "shards" / "v000002").touch)
attempt("sharded, full disk", of_shards.sync_weights)
generation = over(check_on_main(lambda: fleet("sync")), torch.nn.Linear(3, 2))
attempt("sync", sync)
attempt("generate", generate)
only_main_asks(lambda: servers[0].fault("inference/v1/generate", "400", times=1))
attempt("refused", generate)
only_main_asks(lambda: servers[1].fault("collective_rpc", "stall"))
attempt("slow", sync)
only_main_asks(lambda: [one.fault("inference/v1/generate", "500") for one in servers])
attempt("none left", generate)
(folder / f"{rank}.json").write_text(json.dumps(seen))

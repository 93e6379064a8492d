"""Where our subclasses lean on TRL: an upgrade that moves one of these places fails here."""

import ast
import inspect
import textwrap

import trl
from trl import GRPOTrainer
from trl.generation.vllm_client import VLLMClient
from trl.generation.vllm_generation import VLLMGeneration

from r1sgg_worker.generation import FleetGeneration


def source(function):
    return textwrap.dedent(inspect.getsource(function))


def mentions(function, name):
    """Statements of a function, the outermost ones, that read or write self.NAME or args.NAME."""
    body = ast.parse(source(function)).body[0].body
    return [
        ast.unparse(statement)
        for statement in body
        if any(isinstance(n, ast.Attribute) and n.attr == name for n in ast.walk(statement))
    ]


def test_the_version_is_the_one_that_was_read():
    assert trl.__version__ == "1.16.0"


def test_the_constructor_reads_use_vllm_in_three_known_places_only():
    found = mentions(GRPOTrainer.__init__, "use_vllm")
    assert len(found) == 3
    assert found[0] == "self.use_vllm = args.use_vllm"
    assert found[1].startswith("if self.loss_type == 'vespo' and self.use_vllm")
    assert found[2].startswith("if self.use_vllm:\n    self.vllm_generation = VLLMGeneration(")
    assert "self._last_loaded_step = -1" in found[2]


def test_the_constructor_gives_the_backend_no_argument_that_we_do_not_know():
    tree = ast.parse(source(GRPOTrainer.__init__))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "VLLMGeneration"
    ]
    ours = {"model", "accelerator", "processing_class", "mode", "logprobs", "generation_kwargs"}
    ours |= {"repetition_penalty", "temperature", "top_p", "top_k", "min_p"}
    ours |= {"max_completion_length"}
    unused = {"structured_outputs_regex", "server_base_url", "server_host", "server_port"}
    unused |= {"group_port", "server_timeout", "tensor_parallel_size", "gpu_memory_utilization"}
    unused |= {"max_model_length", "max_num_seqs", "enable_sleep_mode", "model_impl"}
    unused |= {"trust_remote_code"}
    assert len(calls) == 1
    assert {keyword.arg for keyword in calls[0].keywords} == ours | unused


def test_the_backend_opens_its_connection_only_in_init_vllm():
    assert "VLLMClient(" in source(VLLMGeneration._init_vllm)
    others = [
        name
        for name, function in inspect.getmembers(VLLMGeneration, inspect.isfunction)
        if name != "_init_vllm" and "VLLMClient(" in source(function)
    ]
    assert others == []


def test_the_backend_pushes_only_by_what_the_fleet_has():
    """``generate`` is ours; ``sync_weights`` is TRL's."""
    found = {
        node.attr
        for node in ast.walk(ast.parse(source(VLLMGeneration.sync_weights)))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self.vllm_client"
    }
    assert found == {"update_named_params", "reset_prefix_cache"}


def test_the_trainer_asks_the_backend_as_ours_answers():
    text = source(GRPOTrainer._generate_single_turn)
    assert "_, completion_ids, logprobs, _ = self.vllm_generation.generate(" in text
    parameters = inspect.signature(VLLMGeneration.generate).parameters
    ours = inspect.signature(FleetGeneration.generate).parameters
    assert list(ours) == list(parameters)


def test_the_client_opens_its_group_and_nothing_else_in_init_communicator():
    text = source(VLLMClient.init_communicator)
    for part in ("self.get_server_info()", "self.get_world_size() + 1", "open_trainer_endpoint("):
        assert part in text
    assert '"master_port": self.group_port' in text


def test_the_client_checks_the_server_before_its_first_request():
    text = source(VLLMClient.__init__)
    assert text.index("self.session = ") < text.index("self.check_server(")
    assert text.index("self.check_server(") < text.index("self._get(")


def test_a_batch_carries_both_log_probabilities_before_any_clipping():
    text = source(GRPOTrainer._generate_and_score_completions)
    for field in ("old_per_token_logps", "sampling_per_token_logps"):
        assert f'output["{field}"] = {field}' in text
    assert '"completion_mask": completion_mask' in text
    assert '"completion_ids": completion_ids' in text

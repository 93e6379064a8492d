"""The start of a fleet: samplers that see images otherwise than the trainer are refused."""

import json

import pytest

from helpers import MAX_PIXELS, MIN_PIXELS
from r1sgg_worker.config import GrpoConfig
from r1sgg_worker.connect import connect
from r1sgg_worker.endpoints import Endpoints
from r1sgg_worker.errors import IntegrityError, SamplerError
from r1sgg_worker.integrity import IntegrityRecord
from r1sgg_worker.processor import load_processor
from stand_in_process import stand_ins


@pytest.fixture
def config(tiny, tmp_path):
    return GrpoConfig(
        model=str(tiny),
        dataset=tmp_path / "rows",
        output_dir=tmp_path / "out",
        progress=tmp_path / "progress",
        endpoints=tmp_path / "endpoints.json",
        work_dir=tmp_path,
        sync_dir=tmp_path / "sync",
        integrity=tmp_path / "integrity.json",
        steps=1,
        learning_rate=1e-3,
        min_pixels=MIN_PIXELS,
        max_pixels=MAX_PIXELS,
        sampler_connect_timeout_s=1,
    )


def connected(config, found):
    samplers = [one.endpoint(log=f"logs/sampler-{i}.log") for i, one in enumerate(found)]
    endpoints = Endpoints(reward={"url": "http://127.0.0.1:1"}, samplers=samplers)
    record = IntegrityRecord(config.integrity, 1e-4)
    return connect(config, endpoints, record, None, load_processor(config))


def test_servers_with_the_trainers_limits_are_taken(config):
    with stand_ins(2, min=MIN_PIXELS, max=MAX_PIXELS) as found:
        fleet = connected(config, found)
        assert fleet.names == [one.url for one in found]
        fleet.close()


@pytest.mark.parametrize(
    "limits", [{"min": MIN_PIXELS, "max": 4 * MAX_PIXELS}, {"min": 1, "max": MAX_PIXELS}]
)
def test_other_limits_are_refused_before_training(config, limits):
    with (
        stand_ins(1, min=MIN_PIXELS, max=MAX_PIXELS) as one,
        stand_ins(1, **limits) as other,
        pytest.raises(IntegrityError, match=f"{other[0].url}.*tokens of an image of") as error,
    ):
        connected(config, [*one, *other])
    assert "expected the same min_pixels and max_pixels" in str(error.value)


def test_a_server_that_is_not_there_is_named_with_its_log(config):
    with stand_ins(1, min=MIN_PIXELS, max=MAX_PIXELS) as found:
        found[0].kill()
        with pytest.raises(SamplerError, match=r'/health.*refused.*log is "logs/sampler-0.log"'):
            connected(config, found)


def test_losses_are_kept_in_the_record(config, capsys):
    record = IntegrityRecord(config.integrity, 1e-4)
    record.event('Going on without sampler "http://a"')
    assert json.loads(config.integrity.read_text())["events"] == [
        'Going on without sampler "http://a"'
    ]
    assert capsys.readouterr().err == 'Going on without sampler "http://a"\n'

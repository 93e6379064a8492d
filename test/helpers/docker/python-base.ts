import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";

/** The reference of the base image with Python. */
export const pythonBase = "r1sgg-test/base:python";

const certificates = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Gives an engine a base image with Debian's Python, without a registry of images: 210 MB by
 * mmdebstrap, from the mirrors of this machine, with this machine's certificates. About a minute.
 */
export async function importPythonBase(docker: Docker): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-python-base-"));
  try {
    const tree = join(folder, "tree.tar");
    const packages = "python3-minimal,python3-venv,ca-certificates,libnuma1,libgomp1";
    await execa("mmdebstrap", [
      ...["--variant=apt", `--include=${packages}`, "--aptopt=Apt::Install-Recommends false"],
      `--customize-hook=copy-in ${certificates} /etc/ssl/certs/`,
      ...["bookworm", tree],
    ]);
    const changes = ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];
    changes.push(`ENV SSL_CERT_FILE=${certificates}`, `ENV PIP_CERT=${certificates}`);
    const [repo = "", tag = ""] = pythonBase.split(":");
    const answer = await docker.importImage(createReadStream(tree), { repo, tag, changes });
    for await (const _ of answer) void _; // until it is done
  } finally {
    await rm(folder, { recursive: true });
  }
}

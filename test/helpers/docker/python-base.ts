import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { addBusybox, addCertificates, importTree } from "./base-tree.ts";

/** The reference of the base image with Python. */
export const pythonBase = "r1sgg-test/base:python";

/** What every base has (vLLM asks lscpu), and what the Dockerfiles would else install with apt. */
const packages = [
  ...["bash", "coreutils", "dash", "findutils", "grep", "sed", "util-linux"],
  ...["python3", "python3-venv", "libgomp1"],
  ...["libnuma1", "g++", "python3-dev"],
];

/**
 * Gives an engine a base image with Python and a compiler, without a registry of images: packages of
 * this Debian or Ubuntu, from the mirrors that it is set to, and busybox. 350 MB in about 30 s.
 *
 * The packages are unpacked, not set up: what their own scripts would make is not there, such as
 * users' names.
 */
export async function importPythonBase(docker: Docker): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-python-base-"));
  try {
    const root = join(folder, "root");
    await mkdir(join(root, "tmp"), { recursive: true });
    // As in every Debian of today; packages of before that still name the links.
    for (const name of ["bin", "sbin", "lib", "lib64"]) {
      await mkdir(join(root, "usr", name), { recursive: true });
      await symlink(`usr/${name}`, join(root, name));
    }
    for (const file of await download(join(folder, "apt")))
      await execa("sh", [
        "-c",
        'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"',
        "sh",
        file,
        root,
      ]);
    await chmod(join(root, "tmp"), 0o1777); // whatever our umask is
    await addBusybox(root);
    await addCertificates(root);
    await importTree(docker, root, pythonBase, ["PIP_CERT", "SSL_CERT_FILE"]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The packages with all that they need, as files: apt believes in a machine that has none. */
async function download(folder: string): Promise<readonly string[]> {
  const archives = join(folder, "archives");
  for (const path of ["archives/partial", "lists/partial"])
    await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, "status"), "");
  const settings = [
    ...[`Dir::State::status=${folder}/status`, `Dir::State::lists=${folder}/lists`],
    ...[`Dir::Cache=${folder}`, `Dir::Cache::archives=${archives}`, "APT::Sandbox::User=root"],
  ].flatMap((setting) => ["-o", setting]);
  await execa("apt-get", ["-q", ...settings, "update"], { reject: false }); // a source that we do not need may be down
  const args = ["install", "-q", "-y", "--no-install-recommends", "--download-only"];
  await execa("apt-get", [...settings, ...args, ...packages]);
  return (await readdir(archives))
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(archives, name));
}

import { copyFile, mkdir, realpath, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";

/** Where Debian has the certificates that this machine trusts, and so does a base image of ours. */
const certificates = "/etc/ssl/certs/ca-certificates.crt";

/** Puts busybox into a tree, under every name that is not there yet. */
export async function addBusybox(root: string): Promise<void> {
  await copyFile("/bin/busybox", join(root, "bin/busybox"));
  const { stdout } = await execa("/bin/busybox", ["--list"]);
  for (const name of stdout.split("\n").filter((name) => name !== "busybox"))
    await symlink("busybox", join(root, "bin", name)).catch(keepExisting);
}

/** A name that the tree has stays what it is. */
function keepExisting(cause: { readonly code?: string }): void {
  if (cause.code !== "EEXIST") throw cause;
}

/** Puts this machine's certificates into a tree: a site's own may be among them. */
export async function addCertificates(root: string): Promise<void> {
  const target = join(root, certificates);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(await realpath(certificates), target);
}

/** Makes a tree an image; programs in it find the certificates by the variables named. */
export async function importTree(
  docker: Docker,
  root: string,
  reference: string,
  certificateVariables: readonly string[],
): Promise<void> {
  const tar = execa("tar", ["-C", root, "--owner=0", "--group=0", "-c", "."], {
    encoding: "buffer",
    buffer: false,
  });
  const changes = [
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ...certificateVariables.map((name) => `ENV ${name}=${certificates}`),
  ];
  const [repo = "", tag = ""] = reference.split(":");
  const answer = await docker.importImage(tar.stdout, { repo, tag, changes });
  let said = "";
  for await (const chunk of answer) said += chunk;
  await tar;
  // Podman imports it and forgets the name.
  const id = /"(?:status|stream)":\s*"(?:sha256:)?([0-9a-f]{64})/.exec(said)?.[1] ?? said;
  await docker.getImage(id).tag({ repo, tag });
}

import { copyFile, cp, mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";

/** The reference of the light base image. */
export const lightBase = "r1sgg-test/base:light";

const certificates = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Gives an engine a base image without a registry: busybox, and this machine's Node and npm with the
 * libraries they load. 150 MB in about 2 s.
 *
 * Honest for what runs on Node; images with Python need a base with glibc's full tree.
 */
export async function importLightBase(docker: Docker): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "r1sgg-base-"));
  try {
    await fill(root);
    const tar = execa("tar", ["-C", root, "--owner=0", "--group=0", "-c", "."], {
      encoding: "buffer",
      buffer: false,
    });
    const changes = ["ENV PATH=/usr/local/bin:/usr/bin:/bin"];
    changes.push(
      `ENV NODE_EXTRA_CA_CERTS=${certificates}`,
      `ENV npm_config_cafile=${certificates}`,
    );
    const [repo = "", tag = ""] = lightBase.split(":");
    const answer = await docker.importImage(tar.stdout, { repo, tag, changes });
    let said = "";
    for await (const chunk of answer) said += chunk;
    await tar;
    // Podman imports it and forgets the name.
    const id = /"(?:status|stream)":\s*"(?:sha256:)?([0-9a-f]{64})/.exec(said)?.[1] ?? said;
    await docker.getImage(id).tag({ repo, tag });
  } finally {
    await rm(root, { recursive: true });
  }
}

async function fill(root: string): Promise<void> {
  for (const folder of ["bin", "tmp", "etc/ssl/certs", "usr/bin", "usr/local/bin", "usr/local/lib"])
    await mkdir(join(root, folder), { recursive: true });
  await execa("chmod", ["1777", join(root, "tmp")]);
  await copyFile("/bin/busybox", join(root, "bin/busybox"));
  const { stdout: names } = await execa("/bin/busybox", ["--list"]);
  const applets = names.split("\n").filter((name) => name !== "busybox");
  await Promise.all(applets.map((name) => symlink("busybox", join(root, "bin", name))));
  await symlink("/bin/env", join(root, "usr/bin/env"));
  await copyFile(await realpath(certificates), join(root, certificates));
  await copyFile(process.execPath, join(root, "usr/local/bin/node"));
  for (const library of await librariesOf(process.execPath)) {
    await mkdir(join(root, dirname(library)), { recursive: true });
    await copyFile(await realpath(library), join(root, library));
  }
  const { stdout: npm } = await execa("sh", ["-c", "command -v npm"]); // NPM/bin/npm-cli.js, linked
  const npmFolder = dirname(dirname(await realpath(npm)));
  await cp(npmFolder, join(root, "usr/local/lib/npm"), { recursive: true });
  await symlink("../lib/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
}

async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await execa("ldd", [program]);
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)].map(([, path = ""]) => path);
}

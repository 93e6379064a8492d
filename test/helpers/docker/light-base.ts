import { copyFile, cp, mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { addBusybox, addCertificates, importTree } from "./base-tree.ts";

/** The reference of the light base image. */
export const lightBase = "r1sgg-test/base:light";

/**
 * Gives an engine a base image without a registry: busybox, and this machine's Node and npm with the
 * libraries they load. 150 MB in about 2 s.
 *
 * Honest for what runs on Node; images with Python need a base with glibc's full tree.
 */
export async function importLightBase(docker: Docker): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "r1sgg-base-"));
  try {
    await fillLightBase(root);
    await importTree(docker, root, lightBase, ["NODE_EXTRA_CA_CERTS", "npm_config_cafile"]);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Puts what is in the light base into a folder. */
export async function fillLightBase(root: string): Promise<void> {
  for (const folder of ["bin", "tmp", "etc", "usr/bin", "usr/local/bin", "usr/local/lib"])
    await mkdir(join(root, folder), { recursive: true });
  await execa("chmod", ["1777", join(root, "tmp")]);
  await addBusybox(root);
  await symlink("/bin/env", join(root, "usr/bin/env"));
  await addCertificates(root);
  await copyFile(process.execPath, join(root, "usr/local/bin/node"));
  await addLibraries(root, process.execPath);
  const { stdout: npm } = await execa("sh", ["-c", "command -v npm"]); // NPM/bin/npm-cli.js, linked
  const npmFolder = dirname(dirname(await realpath(npm)));
  await cp(npmFolder, join(root, "usr/local/lib/npm"), { recursive: true });
  await symlink("../lib/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
}

/** Puts the libraries into a tree that a program of this machine loads. */
export async function addLibraries(root: string, program: string): Promise<void> {
  for (const library of await librariesOf(program)) {
    await mkdir(join(root, dirname(library)), { recursive: true });
    await copyFile(await realpath(library), join(root, library));
  }
}

async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await execa("ldd", [program]);
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)].map(([, path = ""]) => path);
}

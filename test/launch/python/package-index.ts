import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";

/** A package index with two tiny packages, as real wheels, and a lock that names them. */
export interface PackageIndex {
  readonly lock: string;
  /** What makes uv ask this index, with a download cache of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** The files asked for so far. */
  readonly downloads: readonly string[];
  /** From now on files are held back, until `release`. */
  readonly hold: () => void;
  readonly release: () => void;
  readonly close: () => void;
}

const makeWheel = `
import sys, zipfile
name, path = sys.argv[1:]
info = f"{name}-1.0.dist-info"
with zipfile.ZipFile(path, "w") as wheel:
    wheel.writestr(f"{name}.py", "here = True\\n")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", f"{name}.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`;

/** Starts an index on the loopback for the test that calls it; its files are put into \`folder\`. */
export async function packageIndex(folder: string, python: string): Promise<PackageIndex> {
  await mkdir(folder, { recursive: true });
  const hashes = new Map<string, string>();
  for (const name of ["alpha", "beta"]) {
    const path = join(folder, `${name}-1.0-py3-none-any.whl`);
    await execa(python, ["-c", makeWheel, name, path]);
    hashes.set(
      name,
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    );
  }
  const lock = join(folder, "requirements.txt");
  const entries = [...hashes].map(([name, hash]) => `${name}==1.0 --hash=sha256:${hash}\n`);
  await writeFile(lock, entries.join(""));

  const downloads: string[] = [];
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const server = createServer(async ({ url = "" }, answer) => {
    const [, name = ""] = /^\/simple\/(\w+)\/$/.exec(url) ?? [];
    if (name) {
      const file = `${name}-1.0-py3-none-any.whl`;
      answer.setHeader("content-type", "text/html");
      answer.end(`<a href="/files/${file}#sha256=${hashes.get(name)}">${file}</a>`);
      return;
    }
    downloads.push(url);
    const file = await readFile(join(folder, url.replace("/files/", ""))).catch(() => undefined);
    await gate.promise;
    answer.statusCode = file ? 200 : 404;
    answer.end(file);
  }).listen(0, "127.0.0.1");
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    lock,
    env: {
      UV_DEFAULT_INDEX: `http://127.0.0.1:${port}/simple`,
      UV_CACHE_DIR: join(folder, "uv-cache"),
      UV_HTTP_RETRIES: "0",
    },
    downloads,
    hold: () => {
      gate = Promise.withResolvers<void>();
    },
    release: () => gate.resolve(),
    close,
  };
}

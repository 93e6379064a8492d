/**
 * Makes the Python locks anew from their .in files: `npm run lock:python`, with `-- --upgrade` for
 * newer versions of what is not pinned there. One lock serves every Python and platform.
 */
import { execa } from "execa";
import { findPython } from "../../src/launch/python/interpreter.ts";
import { ensureUv } from "../../src/launch/python/uv.ts";
import { machineSetup } from "../../src/launch/python-env.ts";
import { shipped } from "../../src/root.ts";

const worker = "containers/worker";
const locks = [
  { folder: worker, name: "requirements-cpu", with: ["--overrides", "overrides-cpu.txt"] },
  { folder: worker, name: "requirements-cuda", with: [] },
  { folder: worker, name: "requirements-dev", with: [] },
  {
    folder: worker,
    name: "requirements-deepspeed",
    with: ["--overrides", "overrides-deepspeed.txt"],
  },
  { folder: worker, name: "requirements-uv", with: [] },
  { folder: "test/oracle", name: "requirements", with: ["--overrides", "overrides.txt"] },
] as const;

const setup = machineSetup({ say: (text) => console.error(text) });
const uv = await ensureUv(await findPython(setup.signal), setup);
for (const { folder, name, with: more } of locks) {
  const files = [`${name}.in`, "-o", `${name}.txt`];
  await execa(
    uv,
    ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11"].concat(
      more,
      files,
      "--generate-hashes",
      process.argv.slice(2),
    ),
    { cwd: shipped(folder), stdio: "inherit" },
  );
  console.error(`locked ${folder}/${name}.txt`);
}

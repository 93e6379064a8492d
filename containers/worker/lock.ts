/**
 * Makes the Python locks anew from their .in files: `npm run lock:python`, with `-- --upgrade` for
 * newer versions of what is not pinned there. One lock serves every Python and platform.
 */
import { execa } from "execa";
import { findPython } from "../../src/launch/python/interpreter.ts";
import { ensureUv } from "../../src/launch/python/uv.ts";
import { machineSetup } from "../../src/launch/python-env.ts";
import { shipped } from "../../src/root.ts";

const locks = [["cpu", "--overrides", "overrides-cpu.txt"], ["cuda"], ["dev"], ["uv"]] as const;

const setup = machineSetup({ say: (text) => console.error(text) });
const uv = await ensureUv(await findPython(setup.signal), setup);
for (const [name, ...overrides] of locks) {
  const files = [`requirements-${name}.in`, "-o", `requirements-${name}.txt`];
  await execa(
    uv,
    ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11"].concat(
      overrides,
      files,
      "--generate-hashes",
      process.argv.slice(2),
    ),
    { cwd: shipped("containers/worker"), stdio: "inherit" },
  );
  console.error(`locked ${name}`);
}

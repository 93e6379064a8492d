import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** What a registry is told about us; never logged. */
export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** Docker's own registry, as its configuration names it. */
const dockerHub = "https://index.docker.io/v1/";

/** The registry of a reference: what stands before the first slash, when it looks like a host. */
export function registryOf(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : dockerHub;
}

/** The login that `docker login` left for the registry of a reference, if there is one. */
export async function authOf(
  reference: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RegistryAuth | undefined> {
  const folder = env.DOCKER_CONFIG || join(env.HOME ?? homedir(), ".docker");
  const text = await readFile(join(folder, "config.json"), "utf8").catch(() => "{}");
  const config = JSON.parse(text) as DockerConfig;
  const serveraddress = registryOf(reference);
  const helper = config.credHelpers?.[serveraddress] ?? config.credsStore;
  const stored = config.auths?.[serveraddress]?.auth;
  if (stored) {
    const [username = "", ...password] = Buffer.from(stored, "base64").toString().split(":");
    return { username, password: password.join(":"), serveraddress };
  }
  if (!helper) return undefined;
  const program = `docker-credential-${helper}`;
  const { stdout, failed } = await execa(program, ["get"], { input: serveraddress, reject: false });
  if (failed) return undefined; // it has none for this registry, and says so by its exit code
  const { Username, Secret } = JSON.parse(stdout) as { Username: string; Secret: string };
  return { username: Username, password: Secret, serveraddress };
}

import { homedir } from "node:os";
import { join } from "node:path";
import { SggError } from "../../errors.ts";

/** How the Hub is reached, by the variables that Hugging Face's own tools read. */
export interface HubSettings {
  /** `HF_ENDPOINT`; the public Hub when absent. */
  readonly endpoint?: string;
  /** `HF_TOKEN`; never shown. */
  readonly token?: string;
  /** `HF_HUB_OFFLINE`: only what the cache holds. */
  readonly offline: boolean;
  /** The cache that all of Hugging Face's tools share: `HF_HUB_CACHE`, or `hub` in `HF_HOME`. */
  readonly cache: string;
}

/** Reads the settings of the Hub. Errors: SggError USAGE for an endpoint or token of another form. */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings {
  const { HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE = "" } = env;
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface");
  if (HF_ENDPOINT && !/^https?:\/\/\S+$/.test(HF_ENDPOINT))
    throw new SggError(
      "USAGE",
      `Cannot use HF_ENDPOINT "${HF_ENDPOINT}": no URL, expected one that begins with http:// or https://`,
    );
  if (HF_TOKEN && !HF_TOKEN.startsWith("hf_"))
    throw new SggError("USAGE", "Cannot use HF_TOKEN: another form, expected it to begin with hf_");
  return {
    ...(HF_ENDPOINT && { endpoint: HF_ENDPOINT.replace(/\/+$/, "") }),
    ...(HF_TOKEN && { token: HF_TOKEN }),
    offline: ["1", "ON", "YES", "TRUE"].includes(HF_HUB_OFFLINE.toUpperCase()),
    cache: env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, "hub"),
  };
}

/** What our calls of Hugging Face's library have in common. */
export const credentials = ({ endpoint, token }: HubSettings) => ({
  ...(endpoint !== undefined && { hubUrl: endpoint }),
  ...(token !== undefined && { accessToken: token }),
});

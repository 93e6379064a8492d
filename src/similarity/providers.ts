import { exactSimilarity } from "../core/similarity/similarity.ts";
import { spacySimilarity } from "../core/similarity/spacy/spacy-similarity.ts";
import { SggError } from "../errors.ts";
import { type HttpSimilarityOptions, httpSimilarity } from "./http-similarity.ts";
import { loadSpacy } from "./load-spacy.ts";
import type { SimilarityProvider } from "./provider.ts";

/**
 * The provider that `--similarity` names: `native` is spaCy's model, `exact` knows equal terms only,
 * an address is a server of the user's.
 *
 * Errors: SggError USAGE for another choice, LAUNCH when the model cannot be loaded
 */
export async function similarityProvider(
  choice: string,
  options: HttpSimilarityOptions = {},
): Promise<SimilarityProvider> {
  if (choice === "native") return await nativeSimilarity();
  if (choice === "exact") {
    return { name: "exact", identity: "equal terms", similarity: exactSimilarity };
  }
  return httpSimilarity(addressIn(choice), options);
}

/** spaCy's en_core_web_sm, computed here; knows the class names of VG150 and PSG from the start. */
export async function nativeSimilarity(): Promise<SimilarityProvider> {
  const { model, classes, identity } = await loadSpacy();
  const { similarity, warm } = spacySimilarity(model, { known: classes });
  return { name: "native", identity, similarity, warm };
}

function addressIn(choice: string): string {
  const url = URL.canParse(choice) ? new URL(choice) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new SggError(
      "USAGE",
      `Cannot use the similarity "${choice}": expected native, exact or an address like http://host:port/path`,
    );
  }
  if (url.username === "" && url.password === "") return url.href;
  url.username = "";
  url.password = "";
  throw new SggError(
    "USAGE",
    `Cannot use the similarity "${url.href}": it has a user or password, expected none in an address that logs show`,
  );
}

import { stripVTControlCharacters } from "node:util";
import { readBuildkitStatus, type Vertex } from "./buildkit-status.ts";

/** What a build tells while it goes on. */
export interface BuildEvents {
  /** A step begins: `[2/4] RUN npm ci`, or the classic builder's `Step 3/8 : RUN …`. */
  readonly onStep: (step: string) => void;
  /** A line that the step's command wrote. */
  readonly onLine: (line: string) => void;
}

/** How a build ended: the image's id, or what failed where. */
export interface BuildEnd {
  readonly id: string | undefined;
  readonly failure: { readonly step: string; readonly why: string } | undefined;
  /** The last lines of the step that failed, or of the last one. */
  readonly lastLines: readonly string[];
}

interface Message {
  readonly id?: string;
  readonly aux?: string | { readonly ID?: string };
  readonly stream?: string;
  readonly error?: string;
}

const keptLines = 20;

/** What the classic builder says of itself among the words of a step. */
const ofTheBuilder = /^ ---> |^Removing intermediate container /;

/** Follows the answer of a build, of BuildKit or of the classic builder, to its end. */
export async function followBuild(
  messages: AsyncIterable<unknown>,
  { onStep, onLine }: BuildEvents,
): Promise<BuildEnd> {
  const lines = new Map<string, string[]>();
  const told = new Set<string>();
  let step = "";
  let failed: Vertex | undefined;
  let id: string | undefined;
  let why: string | undefined;
  const hear = (of: string, text: string): void => {
    const heard = lines.get(of) ?? [];
    lines.set(of, heard);
    for (const line of stripVTControlCharacters(text).split(/[\r\n]+/)) {
      if (line.trim() === "" || ofTheBuilder.test(line)) continue;
      heard.push(line.trimEnd());
      if (heard.length > keptLines) heard.shift();
      onLine(line.trimEnd());
    }
  };
  const begin = (key: string, name: string): void => {
    step = name;
    if (told.has(key)) return;
    told.add(key);
    onStep(name);
  };
  for await (const each of messages) {
    const message = each as Message;
    if (message.error !== undefined) why = message.error;
    else if (typeof message.aux === "object") id = message.aux.ID ?? id;
    else if (message.id === "moby.buildkit.trace") {
      const status = readBuildkitStatus(Buffer.from(message.aux ?? "", "base64"));
      for (const vertex of status.vertexes) {
        if (vertex.error !== "") failed = vertex;
        const name = `${oneLine(vertex.name)}${vertex.cached ? " (cached)" : ""}`;
        if (vertex.started) begin(vertex.digest, name);
      }
      for (const { vertex, text } of status.logs) hear(vertex, text);
    } else if (/^Step \d+\/\d+ :/.test(message.stream ?? "")) {
      const name = oneLine(message.stream ?? "");
      begin(name, name);
    } else if (message.stream !== undefined) hear(step, message.stream);
  }
  const where = failed ? oneLine(failed.name) : step;
  return {
    id,
    failure: why === undefined ? undefined : { step: where, why },
    lastLines: lines.get(failed?.digest ?? step) ?? [],
  };
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, " ");

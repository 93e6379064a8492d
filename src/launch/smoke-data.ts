import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { loadDataset, type Row } from "../data/load.ts";
import { readPrompt } from "../data/prompts.ts";
import { synthesize } from "../data/synthesize.ts";
import { writeTrainingRows } from "../data/training-rows.ts";
import type { SmokePlan } from "../plan/smoke-plan.ts";
import { writeAtomic } from "./stages.ts";

import { Argument, Option } from "commander";

/** The run that a command is about. */
export const runArgument = new Argument("<run>", "its id, or its folder");

/** Where runs are looked for by id. */
export const runsOption = new Option("--runs <dir>", "folder of the runs").default("runs");

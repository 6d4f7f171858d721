import envPaths from "env-paths";
import { isInstalledPackage } from "./root.ts";

/** Where the data lies unless a setting says otherwise: the user's data folder; `./data` in a checkout. */
export const defaultDataFolder = (): string => (isInstalledPackage() ? envPaths("nlpq", { suffix: "" }).data : "data");

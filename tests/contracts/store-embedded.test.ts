import { openEmbeddedDatabase } from "../support/embedded.ts";
import { storeContract } from "./store.contract.ts";

storeContract("the embedded database", openEmbeddedDatabase);

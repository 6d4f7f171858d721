import { UserError } from "../core/errors.ts";
import type { Button, Call } from "./card.ts";

/** A refusal with buttons for what the member can do instead. */
export class Refusal extends UserError {
	readonly instead: readonly Button[];
	/** What was most likely meant; its texts come back instead of those that were read. */
	readonly meant: Call | null;
	override readonly isFinal: boolean;

	constructor(error: UserError, instead: readonly Button[], meant: Call | null = null) {
		super(error.message, error.remedy, error.field);
		this.isFinal = error.isFinal;
		this.instead = instead;
		this.meant = meant;
	}
}

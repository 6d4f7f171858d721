import { UserError } from "../core/errors.ts";
import type { Button } from "./card.ts";

/** A refusal with buttons for what the member can do instead. */
export class Refusal extends UserError {
	readonly instead: readonly Button[];

	constructor({ message, remedy, field }: UserError, instead: readonly Button[]) {
		super(message, remedy, field);
		this.instead = instead;
	}
}

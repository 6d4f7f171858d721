/**
 * Something that the user can mend: what happened, and the remedy.
 * Both texts are shown as they are; neither may carry a secret or a member's free text.
 */
export class UserError extends Error {
	readonly remedy: string;

	constructor(message: string, remedy: string) {
		super(message);
		this.name = "UserError";
		this.remedy = remedy;
	}
}

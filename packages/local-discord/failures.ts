/** One fault in a request's body. `path` leads to it; `code` replaces 50035 if Discord has a code of its own. */
export interface Problem {
	readonly path: readonly (string | number)[];
	readonly message: string;
	readonly code?: number;
}

/** An error response of Discord: HTTP status, JSON error code and message. */
export class ApiFailure extends Error {
	readonly status: number;
	readonly code: number;

	constructor(status: number, code: number, message: string) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

/** A body that Discord or a documented rule refuses. */
export class InvalidBody extends Error {
	readonly problems: readonly Problem[];

	constructor(problems: readonly Problem[]) {
		super(problems.map((problem) => problem.message).join("; "));
		this.problems = problems;
	}
}

/** Throws if there are any problems. */
export function refuse(problems: readonly Problem[]): void {
	if (problems.length > 0) throw new InvalidBody(problems);
}

export const failures = {
	unauthorized: () => new ApiFailure(401, 0, "401: Unauthorized"),
	notFound: () => new ApiFailure(404, 0, "404: Not Found"),
	unknownChannel: () => new ApiFailure(404, 10003, "Unknown Channel"),
	unknownGuild: () => new ApiFailure(404, 10004, "Unknown Guild"),
	unknownMember: () => new ApiFailure(404, 10007, "Unknown Member"),
	unknownMessage: () => new ApiFailure(404, 10008, "Unknown Message"),
	unknownUser: () => new ApiFailure(404, 10013, "Unknown User"),
	unknownWebhook: () => new ApiFailure(404, 10015, "Unknown Webhook"),
	unknownInteraction: () => new ApiFailure(404, 10062, "Unknown interaction"),
	alreadyPublished: () => new ApiFailure(400, 40033, "This message has already been crossposted."),
	notInThisChannelType: () => new ApiFailure(400, 50024, "Cannot execute action on this channel type"),
	tooManyCommands: () => new ApiFailure(400, 30034, "Max number of daily application command creates has been reached"),
	alreadyAcknowledged: () => new ApiFailure(400, 40060, "Interaction has already been acknowledged."),
	missingAccess: () => new ApiFailure(403, 50001, "Missing Access"),
	notTheAuthor: () => new ApiFailure(403, 50005, "Cannot edit a message authored by another user"),
	cannotMessageUser: () => new ApiFailure(403, 50007, "Cannot send messages to this user"),
	missingPermissions: () => new ApiFailure(403, 50013, "Missing Permissions"),
	invalidWebhookToken: () => new ApiFailure(401, 50027, "Invalid Webhook Token"),
	threadExists: () => new ApiFailure(400, 160004, "A thread has already been created for this message"),
};

interface ErrorTree {
	[key: string]: ErrorTree | { code: string; message: string }[];
}

/** Discord's body for a refused form: `errors` has every problem at its path. */
export function invalidFormBody(problems: readonly Problem[]): object {
	const special = problems.find((problem) => problem.code !== undefined);
	if (special) return { code: special.code, message: special.message };
	const errors: ErrorTree = {};
	for (const problem of problems) {
		let place: ErrorTree = errors;
		for (const part of problem.path) {
			const below = place[String(part)];
			const next: ErrorTree = below && !Array.isArray(below) ? below : {};
			place[String(part)] = next;
			place = next;
		}
		const before = place._errors;
		const listed = Array.isArray(before) ? before : [];
		place._errors = [...listed, { code: "INVALID_FORM_BODY", message: problem.message }];
	}
	return { code: 50035, message: "Invalid Form Body", errors };
}

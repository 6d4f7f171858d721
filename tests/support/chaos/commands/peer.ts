/** Something that a member does once, and that leaves one row of its own when it is saved. */
export type Act =
	| { readonly type: "report"; readonly mark: string }
	| { readonly type: "answer"; readonly mark: string }
	/** In a channel of its own. */
	| { readonly type: "schedule"; readonly mark: string };

/** A local platform: hands for members, each of whom acts once, and eyes for what they are told. */
export interface Peer {
	readonly kinds: readonly Act["type"][];
	/** What a worker needs to connect to it. */
	readonly settings: Readonly<Record<string, string>>;
	/** A worker has connected. */
	connected(port: number | null, give: (line: string) => void): void;
	/** A member who is known by the act's mark acts. */
	act(act: Act): void;
	/** The same member asks for help: the reply carries what is owed to them. */
	askForHelp(mark: string): Promise<void>;
	/** All that the member was told, oldest first. */
	told(mark: string): readonly string[];
	/** Whether the platform has had the program's word that it took the act. */
	wasTaken(mark: string): boolean;
	/** The channel that an act's schedule posts in. */
	channelOf(mark: string): string;
	/** A worker's output, on a platform that reads it. */
	hear?(text: string): void;
	stop(): Promise<void>;
}

export const lineOf = (act: Act): string => {
	switch (act.type) {
		case "report":
			return `report question-1 ${act.mark}`;
		case "answer":
			return `answer question-2 ${act.mark}`;
		case "schedule":
			return "schedule add 09:00 UTC daily";
	}
};
